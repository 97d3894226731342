"""Predictions and promises whose date has come, and what people say became of them.

A judgement of an outcome is added, never changed: a later one goes before an earlier one, and `open` takes it back. It is about a statement of an
article and, if it says so, one of its dates; like judgements of statements it is carried over to the statement with the same words in another reading
or text of the article.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select

from onrecord.errors import UsageError
from onrecord.ledger.figure_tables import horizons, outcomes
from onrecord.ledger.figures import narrowed
from onrecord.ledger.hits import Hit, hits_of
from onrecord.ledger.keys import Keys, chunks
from onrecord.ledger.packing import stamp
from onrecord.ledger.searching import Query
from onrecord.ledger.tables import articles, revisions, statements
from onrecord.ledger.words import tokens
from onrecord.positions import Act, Horizon
from onrecord.text import stable_id

__all__ = ["AWAITED", "Due", "DueQuery", "Ending", "Outcome", "count_due", "outcomes_of", "record_outcome", "search_due"]

#: Acts that say what will be, or what the speaker will do.
AWAITED = (Act.PREDICT, Act.PROMISE, Act.THREATEN, Act.WARN, Act.DECIDE)
#: Acts that do not, whatever their verbs.
_NOT_AWAITED = (Act.ASK, Act.PRAISE, Act.ACCUSE)
_PAGE = 200


class Ending(StrEnum):
    """What a person says became of a prediction or promise."""

    #: It came so.
    KEPT = "kept"
    #: It did not.
    BROKEN = "broken"
    #: Looked at, and not to be told.
    UNCLEAR = "unclear"
    #: Not looked at: takes an earlier judgement back.
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A person's judgement of what became of a prediction or promise."""

    #: Id of the statement, and of its article.
    statement: str
    article: str
    #: What was said.
    words: str
    ending: Ending
    by: str
    on: datetime
    note: str | None = None
    #: The date that it is about, EDTF; None for all dates of the statement.
    horizon: str | None = None

    @property
    def id(self) -> str:
        """`o1:` and a hash of statement, date, verdict, who and when."""
        return stable_id("o1", self.article, self.statement, self.horizon or "", str(self.ending), self.by, stamp(self.on))

    def to_json(self) -> dict[str, Any]:
        """As `onrecord due --format json` shows it."""
        return {"id": self.id, "verdict": str(self.ending), "horizon": self.horizon, "by": self.by, "on": self.on.isoformat(), "note": self.note}


@dataclass(frozen=True, slots=True)
class DueQuery:
    """Which predictions and promises to list."""

    #: The day by which their date has come.
    on: date
    #: Which statements; its order does not matter.
    statements: Query = field(default_factory=Query)
    #: Issues that the statement takes a position on, by id; one of them.
    issues: tuple[str, ...] = ()
    #: Also those that somebody judged already.
    checked: bool = False
    #: Those without a date instead: they hang on an event.
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A statement with a date that has come, and what became of it if somebody looked."""

    horizon: Horizon
    hit: Hit
    outcome: Outcome | None

    def to_json(self) -> dict[str, Any]:
        """The horizon, `outcome`, and under `statement` the statement as a search gives it."""
        return {**self.horizon.to_json(), "outcome": self.outcome.to_json() if self.outcome else None, "statement": self.hit.to_json()}


def search_due(connection: Connection, query: DueQuery, *, limit: int | None = None, offset: int = 0) -> Iterator[Due]:
    """What is due, the oldest date first; without a date, the oldest statement.

    Args:
        connection: A reading one.
        query: What to list.
        limit: How many at most.
        offset: How many to pass over first.

    Raises:
        UsageError: As a search for statements.
    """
    judged = _judged(connection)
    page: list[tuple[int, int]] = []
    for number, place in enumerate(_places(connection, query, judged)):
        if number < offset:
            continue
        if limit is not None and number >= offset + limit:
            break
        page.append(place)
        if len(page) == _PAGE:
            yield from _opened(connection, page, judged)
            page = []
    yield from _opened(connection, page, judged)


def count_due(connection: Connection, query: DueQuery) -> int:
    """How many are due.

    Raises:
        UsageError: As a search for statements.
    """
    return sum(1 for _ in _places(connection, query, _judged(connection)))


_Judged = dict[tuple[int, int], Outcome]


def _places(connection: Connection, query: DueQuery, judged: _Judged) -> Iterator[tuple[int, int]]:
    """Keys of statements with the numbers of their horizons."""
    h = horizons.c
    where, values = narrowed(connection, query.statements, query.issues, h.statement_key)
    where.append(h.due.is_(None) if query.undated else and_(h.due.is_not(None), h.due <= query.on.isoformat()))
    act = statements.c.act
    spoken: ColumnElement[bool] = or_(act.in_(list(map(str, AWAITED))), and_(h.ahead, or_(act.is_(None), act.not_in(list(map(str, _NOT_AWAITED))))))
    asked = select(h.statement_key, h.number).select_from(horizons.join(statements, statements.c.key == h.statement_key)).where(*where, spoken)
    for row in connection.execute(asked.order_by(h.due, h.statement_key, h.number), values):
        place = (row.statement_key, row.number)
        if query.checked or place not in judged:
            yield place


def _opened(connection: Connection, places: Sequence[tuple[int, int]], judged: _Judged) -> Iterator[Due]:
    hits = {h.key: h for h in hits_of(connection, {key for key, _ in places})}
    for key, number in places:
        yield Due(hits[key].entry.horizons[number], hits[key], judged.get((key, number)))


# What became of it ------------------------------------------------------------------------------------------------------------------


def record_outcome(connection: Connection, outcome: Outcome) -> bool:
    """Add a judgement; one that is there already changes nothing.

    Returns:
        Whether it was new.

    Raises:
        UsageError: The statement is not in the article, has no such date, or it is not said who judged.
    """
    if not outcome.by.strip() or outcome.on.tzinfo is None:
        raise UsageError("a judgement says who decided, and when", item=outcome.statement, hint="give a name, and a moment with a time zone")
    joined = statements.join(revisions, revisions.c.key == statements.c.revision_key).join(articles, articles.c.key == revisions.c.article_key)
    keys = list(
        connection.execute(select(statements.c.key).select_from(joined).where(statements.c.id == outcome.statement, articles.c.id == outcome.article)).scalars()
    )
    if not keys:
        raise UsageError("no such statement in this article", item=outcome.statement, hint="give an id such as s1:…, as `onrecord due` shows them")
    dates = list(connection.execute(select(horizons.c.edtf).where(horizons.c.statement_key.in_(keys))).scalars())
    if not dates:
        raise UsageError("the statement looks to no date", item=outcome.statement, hint="`onrecord due` lists those that do")
    if outcome.horizon is not None and outcome.horizon not in dates:
        there = ", ".join(sorted({d for d in dates if d}))
        raise UsageError("the statement does not look to this date", item=outcome.horizon, hint=f"it looks to {there}" if there else "leave it out")
    if connection.execute(select(outcomes.c.key).where(outcomes.c.id == outcome.id)).first() is not None:
        return False
    row = {"key": Keys(connection).next(outcomes), "id": outcome.id, "article": outcome.article, "statement": outcome.statement, "words": outcome.words}
    row |= {"horizon": outcome.horizon, "verdict": str(outcome.ending), "by": outcome.by, "on": stamp(outcome.on), "note": outcome.note}
    connection.execute(insert(outcomes), [row])
    return True


def outcomes_of(connection: Connection, statement: str | None = None) -> list[Outcome]:
    """Every judgement, or those made of a statement, oldest first."""
    query = select(outcomes).order_by(outcomes.c.on, outcomes.c.key)
    return [_outcome(row) for row in connection.execute(query if statement is None else query.where(outcomes.c.statement == statement))]


def _outcome(row: Row[Any]) -> Outcome:
    on = datetime.fromisoformat(row.on)
    return Outcome(row.statement, row.article, row.words, Ending(row.verdict), row.by, on, row.note, row.horizon)


def _judged(connection: Connection) -> _Judged:
    """What became of horizons, by key of the statement and number: the last judgement that is about them, unless it leaves them open."""
    by_article: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes_of(connection):
        by_article[outcome.article].append(outcome)
    found: _Judged = {}
    joined = horizons.join(statements, statements.c.key == horizons.c.statement_key).join(revisions, revisions.c.key == statements.c.revision_key)
    joined = joined.join(articles, articles.c.key == revisions.c.article_key)
    columns: list[Any] = [horizons.c[n] for n in ("statement_key", "number", "edtf")] + [statements.c[n] for n in ("id", "content", "reading_key")]
    columns.append(articles.c.id.label("article"))
    for some in chunks(by_article):
        rows = connection.execute(select(*columns).select_from(joined).where(articles.c.id.in_(some))).all()
        for row, outcome in _paired(rows, by_article):
            place = (row.statement_key, row.number)
            found.pop(place, None)
            if outcome.ending is not Ending.OPEN:
                found[place] = outcome
    return found


def _paired(rows: Sequence[Row[Any]], by_article: dict[str, list[Outcome]]) -> Iterator[tuple[Row[Any], Outcome]]:
    """Horizons with each judgement that is about them, oldest judgement first: of the statement itself in a reading, else of the one with its words."""
    readings: dict[tuple[str, int], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        readings[row.article, row.reading_key].append(row)
    for (article, _), mine in readings.items():
        for outcome in by_article[article]:
            about = [r for r in mine if r.id == outcome.statement]
            if not about:
                words = tokens(outcome.words)
                about = [r for r in mine if words and tokens(r.content) == words]
                about = about if len({r.statement_key for r in about}) == 1 else []
            yield from ((r, outcome) for r in about if outcome.horizon is None or outcome.horizon == r.edtf)
