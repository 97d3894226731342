"""Figures in the ledger: rows of quantities and horizons, and the search for statements by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, func, insert, select, update

from onrecord.articles.article import Article
from onrecord.entry import Entry, with_figures
from onrecord.errors import UsageError
from onrecord.ledger.figure_tables import horizons, quantities
from onrecord.ledger.hits import Hit, hits_of
from onrecord.ledger.keys import chunks
from onrecord.ledger.packing import article_of, packed
from onrecord.ledger.searching import Query, matching
from onrecord.ledger.tables import articles, issues, positions, revisions, statements
from onrecord.positions import Horizon, Quantity
from onrecord.positions.horizons import looks_ahead

__all__ = ["By", "Figure", "FigureQuery", "count_figures", "fill_all", "horizon_rows", "narrowed", "quantity_rows", "search_figures"]

#: Rows fetched at a time.
_PAGE = 200


class By(StrEnum):
    """In which order."""

    #: The newest first.
    DATE = "date"
    #: The oldest first.
    OLDEST = "oldest"
    #: The greatest first.
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """Which figures to look for; what is None or empty does not matter."""

    #: Which statements; its order does not matter.
    statements: Query = field(default_factory=Query)
    #: Units: `GBP`, `percent`, `people`; one of them.
    units: tuple[str, ...] = ()
    #: A range counts if a part of it is at least this; an open end by the number that is named.
    least: Decimal | None = None
    #: Or at most this.
    most: Decimal | None = None
    #: Issues that the statement takes a position on, by id; one of them.
    issues: tuple[str, ...] = ()
    by: By = By.DATE

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: The least is more than the most.
        """
        if self.least is not None and self.most is not None and self.least > self.most:
            raise UsageError(f"nothing is at least {self.least} and at most {self.most}", hint="give the smaller number to min")


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity and the statement that says it."""

    quantity: Quantity
    hit: Hit

    def to_json(self) -> dict[str, Any]:
        """The quantity, and under `statement` the statement as a search gives it."""
        return {**self.quantity.to_json(), "statement": self.hit.to_json()}


# Rows -------------------------------------------------------------------------------------------------------------------------------


def quantity_rows(entry: Entry, statement: int) -> list[dict[str, Any]]:
    """Rows of `quantities` for a statement.

    Args:
        entry: The statement.
        statement: Its key.
    """
    return [
        {
            "statement_key": statement,
            "number": number,
            "unit": unit_key(q.unit),
            "low": float(q.value),
            "high": float(q.high if q.high is not None else q.value),
            "bound": str(q.bound),
            "start": q.span.start,
            "end": q.span.end,
        }
        for number, q in enumerate(entry.quantities)
    ]


def horizon_rows(entry: Entry, statement: int) -> list[dict[str, Any]]:
    """Rows of `horizons`, likewise."""
    ahead = any(looks_ahead(s.exact) for s in (*entry.statement.content, *entry.statement.cue)) if entry.horizons else False
    return [_horizon_row(h, number, statement, ahead=ahead) for number, h in enumerate(entry.horizons)]


def _horizon_row(horizon: Horizon, number: int, statement: int, *, ahead: bool) -> dict[str, Any]:
    due = horizon.due
    return {
        "statement_key": statement,
        "number": number,
        "relation": str(horizon.relation),
        "edtf": horizon.edtf,
        "due": due.isoformat() if due else None,
        "ahead": ahead,
        "start": horizon.span.start,
        "end": horizon.span.end,
    }


def unit_key(unit: str | None) -> str | None:
    """A unit as it is looked up: without regard to case, but codes of currencies as they are."""
    if unit is None:
        return None
    return unit if len(unit) == 3 and unit.isupper() else unit.lower()  # noqa: PLR2004 - ISO 4217


def fill_all(connection: Connection) -> None:
    """Read the figures of statements that were filed before there were any; the entries get them, too."""
    keys = list(connection.execute(select(statements.c.key).order_by(statements.c.key)).scalars())
    for some in chunks(keys, _PAGE):
        texts = _articles_of(connection, some)
        filled = [(hit, with_figures(texts[hit.key], [hit.entry])[0]) for hit in hits_of(connection, some)]
        change = [{"k": hit.key, "e": packed(entry)} for hit, entry in filled if entry.quantities or entry.horizons]
        if change:
            connection.execute(update(statements).where(statements.c.key == bindparam("k")).values(entry=bindparam("e")), change)
        for table, rows_of in ((quantities, quantity_rows), (horizons, horizon_rows)):
            rows = [row for hit, entry in filled for row in rows_of(entry, hit.key)]
            if rows:
                connection.execute(insert(table), rows)


def _articles_of(connection: Connection, keys: Any) -> dict[int, Article]:  # noqa: ANN401 - what `chunks` gives
    joined = statements.join(revisions, revisions.c.key == statements.c.revision_key).join(articles, articles.c.key == revisions.c.article_key)
    query = select(statements.c.key.label("statement"), articles.c.source, articles.c.url, revisions.c.key).select_from(joined)
    rows = connection.execute(query.where(statements.c.key.in_(keys))).all()
    texts = {r["key"]: dict(r) for r in connection.execute(select(revisions).where(revisions.c.key.in_({r.key for r in rows}))).mappings()}
    made = {r.key: article_of(texts[r.key], source=r.source, url=r.url) for r in rows}
    return {r.statement: made[r.key] for r in rows}


# Search -----------------------------------------------------------------------------------------------------------------------------


def search_figures(connection: Connection, query: FigureQuery, *, limit: int | None = None, offset: int = 0) -> Iterator[Figure]:
    """Figures that match, in order.

    Args:
        connection: A reading one.
        query: What to look for.
        limit: How many at most.
        offset: How many to pass over first.

    Raises:
        UsageError: As a search for statements.
    """
    q = quantities.c
    asked, values = _asked(connection, query, q.statement_key, q.number)
    order: tuple[Any, ...] = {By.DATE: (q.statement_key.desc(),), By.OLDEST: (q.statement_key,), By.SIZE: (q.high.desc(), q.statement_key.desc())}[query.by]
    rows = connection.execute(asked.order_by(*order, q.number).offset(offset or None).limit(limit), values)
    while page := rows.fetchmany(_PAGE):
        hits = {h.key: h for h in hits_of(connection, {row.statement_key for row in page})}
        yield from (Figure(hits[row.statement_key].entry.quantities[row.number], hits[row.statement_key]) for row in page)


def count_figures(connection: Connection, query: FigureQuery) -> int:
    """How many figures match.

    Raises:
        UsageError: As a search for statements.
    """
    asked, values = _asked(connection, query, func.count())
    return int(connection.execute(asked, values).scalar() or 0)


def _asked(connection: Connection, query: FigureQuery, *columns: Any) -> tuple[Select[Any], dict[str, Any]]:  # noqa: ANN401 - columns of any kind
    q = quantities.c
    where, values = narrowed(connection, query.statements, query.issues, q.statement_key)
    units = [unit for name in query.units for unit in _spellings(name)]
    where += [q.unit.in_(units)] if units else []
    where += [q.high >= float(query.least)] if query.least is not None else []
    where += [q.low <= float(query.most)] if query.most is not None else []
    return select(*columns).select_from(quantities).where(*where), values


def _spellings(name: str) -> tuple[str, ...]:
    """The units that a user may mean: `gbp`, `%`, `people`."""
    name = {"%": "percent", "per cent": "percent"}.get(name.strip().lower(), name.strip())
    return tuple(dict.fromkeys((name.upper(), name.lower()))) if len(name) == 3 else (name.lower(),)  # noqa: PLR2004 - ISO 4217, or a word as long


def narrowed(connection: Connection, query: Query, among: tuple[str, ...], key: ColumnElement[int]) -> tuple[list[ColumnElement[bool]], dict[str, Any]]:
    """What a search for statements, and issues, ask of the key of a statement in another table.

    Args:
        connection: A reading one.
        query: The search.
        among: Ids of issues, of which the statement takes a position on one.
        key: The column that holds the key.

    Raises:
        UsageError: The query names nobody, or an issue is not followed.
    """
    where: list[ColumnElement[bool]] = []
    values: dict[str, Any] = {}
    if query != Query(everything=True, sort=query.sort):
        found, values = matching(connection, query)
        # Without words or names it is only whether a statement is shown, which is looked up for each row and not listed for all.
        plain = query == Query(sort=query.sort)
        said = statements.alias()
        where.append(exists(select(1).where(said.c.key == key, said.c.shown)) if plain else key.in_(found.correlate(None)))
    for name in among:
        if connection.execute(select(issues.c.key).where(issues.c.id == name)).first() is None:
            raise UsageError("no such issue is followed", item=name, hint="`onrecord issue list` lists them")
    if among:
        held = select(positions.c.statement_key).join(issues, issues.c.key == positions.c.issue_key).where(issues.c.id.in_(among), positions.c.counts)
        where.append(key.in_(held.where(positions.c.statement_key.is_not(None))))
    return where, values
