"""Statements as they come out of the ledger: the entry as it was filed, with its article, and what people judged of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, select

from onrecord.entry import Entry
from onrecord.ledger.correcting import PARTS, Correction, as_read
from onrecord.ledger.keys import chunks
from onrecord.ledger.packing import condition_of, content_of, entry_of, holder_of
from onrecord.ledger.tables import actors, articles, issues, outlets, positions, quotations, readings, revisions, statements
from onrecord.ledger.texts import texts_by_key
from onrecord.ledger.words import Terms, folded, word_spans
from onrecord.positions import Act, Position, Stance
from onrecord.statements.statement import QuoteKind
from onrecord.text import Span

__all__ = ["CONTEXT", "Hit", "Marked", "Where", "hits_of", "marked", "statements_of"]

#: Characters of context on either side of a statement.
CONTEXT = 160


@dataclass(frozen=True, slots=True)
class Where:
    """The text that a statement stands in."""

    article: str
    revision: str
    source: str
    url: str | None
    outlet: str | None
    title: str | None
    published: datetime | None
    #: `second`, `minute` or `day`.
    precision: str | None
    seen: datetime

    @property
    def day(self) -> str:
        """The day it was published, else seen."""
        return (self.published or self.seen).date().isoformat()

    def to_json(self) -> dict[str, Any]:
        """As in the JSON form of a statement, under `article`."""
        published = None if self.published is None else self.published.date().isoformat() if self.precision == "day" else self.published.isoformat()
        return {
            "id": self.article,
            "source": self.source,
            "url": self.url,
            "outlet": self.outlet,
            "title": self.title,
            "published": published,
            "seen": self.seen.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement of the ledger."""

    #: Number of its row; orders by day.
    key: int
    #: As it was filed, with positions as the machine coded them last.
    entry: Entry
    where: Where
    #: Id and name of the actor who is taken for the speaker: by a person's judgement, else by the reader, joined with those known to be the same.
    actor: tuple[str, str] | None
    #: Whether it is of the text seen last and the reading that counts, and not judged wrong.
    shown: bool
    #: `right`, `wrong`, `speaker` if somebody else said it, or `corrected`, by a person; None if nobody looked.
    verdict: str | None
    #: Id of the quotation it is a witness of.
    quotation: str | None
    #: Words around it, from the revision's text: before and after.
    before: str
    after: str
    #: What is done by saying it, as it stands: a person's coding, else the machine's; None if nobody coded it.
    act: Act | None = None
    #: What people corrected of its words, its kind and its day, as it stands.
    corrected: Correction | None = None

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.entry.id

    @property
    def content(self) -> str:
        """What was said, as the reader has it: what a judgement knows the statement again by."""
        return content_of(self.entry.statement)

    @property
    def said(self) -> str:
        """What was said, as it stands: as a person corrected it, else as the reader has it."""
        return (self.corrected.said if self.corrected else None) or self.content

    def stands(self, part: str) -> tuple[Span, ...]:
        """The words of the `content`, the `cue` or the `source` as they stand: as a person corrected them, else as the reader has them."""
        corrected = getattr(self.corrected, part) if self.corrected else None
        read: tuple[Span, ...] = getattr(self.entry.statement, part)
        return read if corrected is None else corrected

    @property
    def kind(self) -> QuoteKind:
        """How much of it is quoted, as it stands."""
        return (self.corrected.kind if self.corrected else None) or self.entry.statement.kind

    @property
    def said_on(self) -> str | None:
        """When it was said, as it stands; EDTF."""
        corrected = self.corrected is not None and (self.corrected.said_on is not None or self.corrected.undated)
        return self.corrected.said_on if corrected and self.corrected else self.entry.said_on

    def to_json(self) -> dict[str, Any]:
        """The statement's JSON form, with `article`, `actor`, `quotation`, `shown`, `verdict`, `corrected`, `act_stands` and `context`."""
        return {
            **self.entry.to_json(),
            "actor": {"id": self.actor[0], "name": self.actor[1]} if self.actor else None,
            "article": self.where.to_json(),
            "quotation": self.quotation,
            "shown": self.shown,
            "verdict": self.verdict,
            "corrected": self.corrected.to_json() if self.corrected else None,
            "act_stands": str(self.act) if self.act else None,
            "context": {"before": self.before, "after": self.after},
        }


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with the places of some words in it."""

    text: str
    #: Half-open offsets, in order.
    places: tuple[tuple[int, int], ...]


def statements_of(*extra: Any) -> Select[Any]:  # noqa: ANN401 - columns of any kind
    """A query for statements with everything a `Hit` needs but the text."""
    s, r, a = statements.c, revisions.c, articles.c
    joined = statements.join(revisions, r.key == s.revision_key).join(articles, a.key == r.article_key).join(readings, readings.c.key == s.reading_key)
    joined = joined.outerjoin(outlets, outlets.c.key == s.outlet_key).outerjoin(quotations, quotations.c.key == s.quotation_key)
    joined = joined.outerjoin(actors, actors.c.key == s.speaker_key)
    columns = [
        s.key,
        s.revision_key,
        s.kind,
        s.said_on,
        s.shown,
        s.verdict,
        s.corrected,
        s.act,
        s.entry,
        r.id.label("revision"),
        r.title,
        r.published,
        r.published_precision,
        r.seen,
    ]
    columns += [a.id.label("article"), a.source, a.url, outlets.c.name.label("outlet_name"), readings.c.reader, quotations.c.id.label("quotation")]
    columns += [actors.c.id.label("actor_id"), actors.c.name.label("actor_name"), actors.c.joined]
    return select(*columns, *extra).select_from(joined)


def _coded() -> Select[Any]:
    p = positions.c
    columns = [p.key, p.statement_key, p.stance, p.score, p.condition, p.holder_cells, p.coder, p.superseded, issues.c.id.label("issue")]
    return select(*columns).select_from(positions.join(issues, issues.c.key == p.issue_key)).where(p.coder.is_not(None)).order_by(p.key)


# Put together once: every list asks them, and building one takes longer than its answer.
_SOME: BindParameter[Any] = bindparam("some", expanding=True)
_BY_KEY = statements_of().where(statements.c.key.in_(_SOME))
_ACTORS = select(actors.c.key, actors.c.id, actors.c.name).where(actors.c.key.in_(_SOME))
_CODED = _coded().where(positions.c.statement_key.in_(_SOME))


def hits_of(connection: Connection, keys: Iterable[int]) -> Iterator[Hit]:
    """Statements by key, in the order given; texts are fetched some at a time."""
    for some in chunks(keys, 200):
        rows = {row.key: row for row in connection.execute(_BY_KEY, {"some": some})}
        yield from _hits(connection, [rows[k] for k in some if k in rows])


def _hits(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[Hit]:
    texts = texts_by_key(connection, (row.revision_key for row in rows))
    placed = _positions(connection, [row.key for row in rows])
    joined: dict[int, tuple[str, str]] = {}
    for some in chunks({row.joined for row in rows if row.joined is not None}):
        joined |= {r.key: (r.id, r.name) for r in connection.execute(_ACTORS, {"some": some})}
    for row in rows:
        text = texts[row.revision_key]
        entry = entry_of(row.entry, text=text, revision=row.revision, **as_read(row), reader=row.reader)
        corrected = Correction.of(json.loads(row.corrected), text) if row.corrected else None
        verdict = row.verdict or ("corrected" if corrected else None)
        if row.key in placed:
            entry = replace(entry, positions=_as_coded_last(entry, placed[row.key], text))
        published = datetime.fromisoformat(row.published) if row.published else None
        seen = datetime.fromisoformat(row.seen)
        where = Where(row.article, row.revision, row.source, row.url, row.outlet_name, row.title, published, row.published_precision, seen)
        actor = joined.get(row.joined) or ((row.actor_id, row.actor_name) if row.actor_id else None)
        spans = [s for part in PARTS for s in ((corrected and getattr(corrected, part)) or getattr(entry.statement, part))]
        start, end = min(s.start for s in spans), max(s.end for s in spans)
        before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
        act = Act(row.act) if row.act else None
        yield Hit(row.key, entry, where, actor, bool(row.shown), verdict, row.quotation, before, after, act, corrected)


def _positions(connection: Connection, keys: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The machine's positions of some statements, those that another took the place of, too."""
    found: dict[int, list[Row[Any]]] = {}
    for some in chunks(keys):
        for row in connection.execute(_CODED, {"some": some}):
            found.setdefault(row.statement_key, []).append(row)
    return found


def _as_coded_last(entry: Entry, rows: Sequence[Row[Any]], text: str) -> tuple[Position, ...]:
    """Positions as the machine coded them last: an issue may have been coded anew after the statement was filed."""
    coded = {row.issue for row in rows}
    last = [
        Position(r.issue, Stance(r.stance), r.score, condition_of(r.condition, text), holder_of(r.holder_cells, text), r.coder)
        for r in rows
        if not r.superseded
    ]
    return (*last, *(p for p in entry.positions if p.issue not in coded))


def marked(text: str, terms: Terms | None, *, longest: int = 240) -> Marked:
    """Mark the words of a search in a text, and cut the text around the first of them.

    Args:
        text: The text.
        terms: What was looked for.
        longest: Characters to keep.
    """
    places = _places(text, terms) if terms else []
    start = 0
    if len(text) > longest and places:
        start = max(0, min(places[0][0] - longest // 3, len(text) - longest))
    cut = text[start : start + longest]
    lead, tail = "…" if start else "", "…" if start + longest < len(text) else ""
    kept = [(a - start + len(lead), b - start + len(lead)) for a, b in places if a >= start and b <= start + longest]
    return Marked(lead + cut + tail, tuple(kept))


def _places(text: str, terms: Terms) -> list[tuple[int, int]]:
    wanted = [(p.spellings[-1], p.prefix) for group in terms.all for p in group]
    words = [(folded(text[start:end]), start, end) for start, end in word_spans(text)]
    found = []
    for asked, prefix in wanted:
        for at in range(len(words) - len(asked) + 1):
            here = [w for w, _, _ in words[at : at + len(asked)]]
            whole = here == list(asked) or (prefix and here[:-1] == list(asked[:-1]) and here[-1].startswith(asked[-1]))
            if whole:
                found.append((words[at][1], words[at + len(asked) - 1][2]))
    return sorted(set(found))
