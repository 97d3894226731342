"""Statements and articles that were found: rows for people, with the words marked that were looked for, and rows for machines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from onrecord.cli.printing import grid, one_line
from onrecord.cli.screen import visible

if TYPE_CHECKING:
    from onrecord.ledger import ArticleHit, Hit
    from onrecord.ledger.words import Terms

__all__ = [
    "ARTICLE_COLUMNS",
    "STATEMENT_COLUMNS",
    "around",
    "article_row",
    "articles_table",
    "csv_line",
    "highlighted",
    "hits_table",
    "speaker_of",
    "statement_row",
]

#: Columns of `onrecord search --format csv`, in their order.
STATEMENT_COLUMNS = (
    "id", "day", "said_on", "speaker", "actor_id", "type", "country", "kind", "content", "cue", "source", "outlet", "title", "url",
    "score", "quotation", "verdict", "reader", "revision",
)  # fmt: skip
#: Those of `onrecord search --articles --format csv`.
ARTICLE_COLUMNS = ("id", "day", "outlet", "title", "url", "statements", "revision")

#: Columns of a terminal that leave room for ids beside the words.
_ROOMY = 120
#: Characters of a statement, or of an article, that are shown.
_LONGEST = 240
#: Characters of the text on either side of a statement that are shown.
_CONTEXT = 60
#: A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def hits_table(hits: Iterable[Hit], terms: Terms | None, to: Console) -> Table:
    """Statements, one a row: when, where, who, what, with the words around it.

    Args:
        hits: What was found.
        terms: What was looked for, to be marked.
        to: Where it is printed; on a narrow terminal cells share columns.
    """
    if to.width >= _ROOMY:
        columns = ("day", "outlet", "speaker", "kind", "score", "words", "id")
        rows = [_wide(h, terms) for h in hits]
        return grid(columns, rows, right=("score",))
    return grid(("day", "who, where", "words"), [_narrow(h, terms) for h in hits])


def _wide(hit: Hit, terms: Terms | None) -> Sequence[str | Text]:
    return hit.where.day, hit.where.outlet or "", speaker_of(hit), _kind(hit), f"{hit.entry.statement.score:.2f}", _words(hit, terms), hit.id


def _narrow(hit: Hit, terms: Terms | None) -> Sequence[str | Text]:
    when = Text(f"{hit.where.day}\n{_kind(hit)}\n{hit.entry.statement.score:.2f}")
    who = Text(one_line(speaker_of(hit))).append(f"\n{one_line(hit.where.outlet or '')}", "dim")
    return when, who, _words(hit, terms).append(f"\n{hit.id}", "dim")


def speaker_of(hit: Hit) -> str:
    """Who is taken for the speaker, by the name that the actor is known under; what is open is said."""
    speaker = hit.entry.speaker
    if hit.actor is not None:
        return hit.actor[1]
    if speaker.candidates and speaker.type == "unknown":
        return "(unknown; may be " + " or ".join(c.name for c in speaker.candidates[:3]) + ")"
    if speaker.type in ("unnamed", "unknown"):
        return f"{speaker.name} ({speaker.type})" if speaker.name else f"({speaker.type})"
    return speaker.name or "(unknown)"


def _kind(hit: Hit) -> str:
    said = [str(hit.kind), *([f"judged {hit.verdict}"] if hit.verdict else [])]
    return ", ".join([*said, *(["not current"] if not hit.shown and hit.verdict != "wrong" else [])])


def _words(hit: Hit, terms: Terms | None) -> Text:
    """What was said, and in another line what stands around it."""
    out = highlighted(hit.said, terms)
    before, after = around(hit, _CONTEXT)
    if before or after:
        out.append(f"\n{before} [ ] {after}", "dim")
    return out


def around(hit: Hit, longest: int) -> tuple[str, str]:
    """What stands before and after a statement, cut between words.

    Args:
        hit: The statement.
        longest: Characters to keep on either side.
    """
    before, after = hit.before, hit.after
    if len(before) >= longest:
        cut = before[-longest:]
        before = "…" + cut[cut.find(" ") + 1 :]
    if len(after) >= longest:
        cut = after[:longest]
        after = cut[: cut.rfind(" ") + 1].rstrip() + "…"
    return one_line(before), one_line(after)


def highlighted(text: str, terms: Terms | None) -> Text:
    """A text, or a part of it around the words that were looked for, with those in bold."""
    from onrecord.ledger import marked

    shown = marked(" ".join(text.split()), terms, longest=_LONGEST)
    out, at = Text(), 0
    for start, end in shown.places:
        out.append(visible(shown.text[at:start]))
        out.append(visible(shown.text[max(at, start) : end]), "bold underline")
        at = max(at, end)
    return out.append(visible(shown.text[at:]))


def articles_table(hits: Iterable[ArticleHit], terms: Terms | None) -> Table:
    """Articles, one a row."""
    rows: list[Sequence[str | Text]] = [(_day(h), h.outlet or "", _titled(h, terms), f"{h.statements:,}", h.url or h.source) for h in hits]
    return grid(("day", "outlet", "article", "statements", "address"), rows, right=("statements",))


def _titled(hit: ArticleHit, terms: Terms | None) -> Text:
    out = Text(one_line(hit.title or "(no title)"), "bold")
    return out.append("\n").append_text(highlighted(hit.text, terms)) if terms else out


def _day(hit: ArticleHit) -> str:
    return (hit.published or hit.seen).date().isoformat()


# Rows for machines ------------------------------------------------------------------------------------------------------------------


def statement_row(hit: Hit) -> list[str | None]:
    """Cells of `STATEMENT_COLUMNS`.

    `source` holds the words that name the speaker, `url` the article's address or its file. Parts of a discontinuous span are joined by ` … `.
    What people corrected stands as they corrected it.
    """
    statement, speaker, where = hit.entry.statement, hit.entry.speaker, hit.where
    cue, source = (" … ".join(s.exact for s in hit.stands(part)) for part in ("cue", "source"))
    name, actor = (hit.actor[1], hit.actor[0]) if hit.actor else (speaker.name, None)
    return [
        hit.id, where.day, hit.said_on, name, actor, str(speaker.type), speaker.country, str(hit.kind), hit.said, cue, source,
        where.outlet, where.title, where.url or where.source, f"{statement.score:.4f}", hit.quotation, hit.verdict, statement.reader, where.revision,
    ]  # fmt: skip


def article_row(hit: ArticleHit) -> list[str | None]:
    """Cells of `ARTICLE_COLUMNS`."""
    return [hit.id, _day(hit), hit.outlet, hit.title, hit.url or hit.source, str(hit.statements), hit.revision]


def csv_line(cells: Sequence[str | None]) -> str:
    """A line of RFC 4180 CSV. A cell that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_cell(c) for c in cells])
    return out.getvalue()


def _cell(value: str | None) -> str:
    text = (value or "").replace("\0", "\ufffd")
    return f"'{text}" if text.startswith(_FORMULA) else text
