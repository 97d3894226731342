"""One self-contained page: the article with sources, cues and contents marked and tied together. No script."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.articles.article import Article, Kind
from onrecord.entry import Entry
from onrecord.export.pieces import Mark, cut
from onrecord.export.shown import SHOWN
from onrecord.statements.statement import Statement

__all__ = ["to_fragment", "to_html"]

ROLES = ("source", "cue", "content")
#: Shown inside the page as rules that light up a statement's parts together; a page with more statements does without them.
_MOST_RULES = 400


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters that belong to the same statements in the same roles."""

    text: str
    #: Classes: roles, and the statements' numbers.
    classes: str
    #: Number of the innermost statement, None for plain text.
    number: int | None
    #: Whether a statement's content begins here: the target of its row's link.
    anchor: bool
    #: For screen readers and pointers: "content of statement 3".
    label: str


def to_html(article: Article, entries: Sequence[Entry]) -> str:
    """A whole page: header, what stands against the text, the text with its statements marked, the statements as a table."""
    return str(_template("article.html.j2").render(**_values(article, entries)))


def to_fragment(article: Article, entries: Sequence[Entry]) -> str:
    """The same without html, head and body, for a notebook."""
    return str(_template("fragment.html.j2").render(**_values(article, entries)))


@functools.lru_cache(maxsize=4)
def _template(name: str) -> Any:  # noqa: ANN401 - loaded late, so that `import onrecord` stays light
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("onrecord.export"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).get_template(
        name
    )


def _values(article: Article, entries: Sequence[Entry]) -> dict[str, Any]:
    lines = sorted(entries, key=lambda e: e.statement.content[0].start)
    ordered = [e.statement for e in lines]
    data = article.to_json(text=False)
    header = [
        (name, data[key])
        for name, key in (("Outlet", "outlet"), ("By", "byline"), ("Section", "section"), ("Published", "published"), ("Updated", "updated"))
        if data[key]
    ]
    language = (article.language or "unknown") + (f" ({article.language_score:.2f})" if article.language_score is not None else "")
    return {
        "title": (article.title or article.source).translate(SHOWN),
        "header": [*((n, v.translate(SHOWN)) for n, v in header), ("Language", language), ("Revision", article.revision.id)],
        "url": article.url if (article.url or "").startswith(("http://", "https://")) else None,
        "notes": article.notes,
        "paragraphs": [{"kind": str(kind), "tag": _tag(kind), "pieces": pieces} for kind, pieces in _paragraphs(article, ordered)],
        "rows": [_row(n, e) for n, e in enumerate(lines, 1)],
        "language": article.language or "",
        "rules": len(ordered) <= _MOST_RULES,
        "readers": sorted({s.reader for s in ordered}),
    }


def _tag(kind: Kind) -> str:
    return {Kind.HEADLINE: "h1", Kind.HEADING: "h2"}.get(kind, "p")


def _row(number: int, entry: Entry) -> dict[str, Any]:
    statement, speaker = entry.statement, entry.voice.speaker
    where = " · ".join(s.exact for s in (entry.occasion.where.venue, entry.occasion.where.place) if s is not None)
    basis = entry.occasion.when.basis
    return {
        "number": number,
        "speaker": (speaker.name or "").translate(SHOWN),
        "type": str(speaker.type),
        "about": ", ".join(x for x in (speaker.role.exact if speaker.role else None, speaker.affiliation) if x).translate(SHOWN),
        "mention": (statement.mention or "").translate(SHOWN),
        "sure": f"{speaker.score:.2f}",
        "candidates": [(c.name.translate(SHOWN), f"{c.score:.2f}") for c in speaker.candidates],
        "reasons": [r.text.translate(SHOWN) + ("" if r.weight is None else f" ({r.weight:+.1f})") for r in speaker.reasons],
        "chain": " > ".join(i.name for i in entry.voice.chain).translate(SHOWN),
        "addressee": entry.voice.addressee.name.translate(SHOWN) if entry.voice.addressee else "",
        "said_on": entry.said_on or "",
        "basis": basis.exact.translate(SHOWN) if basis else "",
        "where": where.translate(SHOWN),
        "kind": str(statement.kind),
        "attribution": str(statement.attribution),
        "paragraph": statement.paragraph,
        "words": " … ".join(s.exact for s in statement.content).translate(SHOWN),
        "score": f"{statement.score:.2f}",
        "id": statement.id,
    }


def _paragraphs(article: Article, statements: Sequence[Statement]) -> Iterator[tuple[Kind, list[_Piece]]]:
    """Cut every paragraph at the edges of spans."""
    heads: dict[int, int] = {}
    marks: list[Mark] = []
    for number, statement in enumerate(statements, 1):
        heads.setdefault(statement.content[0].start, number)
        marks += [Mark(span.start, span.end, number, role) for role in ROLES for span in getattr(statement, role)]
    paragraphs, text = article.revision.paragraphs, article.revision.text
    for paragraph, pieces in zip(paragraphs, cut([(p.start, p.end) for p in paragraphs], marks), strict=True):
        yield paragraph.kind, [_piece(text[p.start : p.end], p.of, heads.get(p.start)) for p in pieces]


def _piece(text: str, keys: Sequence[tuple[int, str]], head: int | None) -> _Piece:
    text = text.translate(SHOWN)
    if not keys:
        return _Piece(text, "", None, anchor=False, label="")
    number = head if head is not None else keys[-1][0]
    classes = sorted({r for _, r in keys}) + sorted({f"s{n}" for n, _ in keys})
    label = "; ".join(f"{role} of statement {n}" for n, role in keys)
    return _Piece(text, " ".join(classes), number, anchor=head is not None, label=label)
