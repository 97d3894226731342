"""Positions with everything that shows them: the statement, what the machine says, what people say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from onrecord.ledger.agenda import issue_ids
from onrecord.ledger.camps import People
from onrecord.ledger.coding import Coding, codings_of, codings_that_stand
from onrecord.ledger.hits import Hit, Where, hits_of
from onrecord.ledger.keys import chunks
from onrecord.ledger.matrix import narrowed, wanted_issues
from onrecord.ledger.packing import condition_of, holder_of
from onrecord.ledger.standing import Evidence, Order, PositionQuery
from onrecord.ledger.tables import articles, codings, outlets, positions, revisions, statements
from onrecord.ledger.words import tokens
from onrecord.positions import Position, Stance

__all__ = ["count_positions", "evidence_of", "keys_of_statement", "keys_of_statements", "machine_on", "position_keys"]

#: Positions of an issue that are looked at for which machine coded it.
_SAMPLE = 50


def position_keys(connection: Connection, query: PositionQuery, *, limit: int | None = None, offset: int = 0) -> Iterator[int]:
    """Keys of the positions that a query is about, in order.

    Args:
        connection: A reading one.
        query: Which.
        limit: How many at most.
        offset: How many to pass over first.

    Raises:
        UsageError: The query names nobody, or no issue.
    """
    p, wanted = positions.c, wanted_issues(connection, query)
    by_key = p.key.asc() if query.order is Order.OLDEST else p.key.desc()
    orders = [func.abs(p.sure - 0.5), p.key] if query.order is Order.UNCERTAIN else [by_key]
    where = narrowed(connection, query, wanted)
    where += [] if query.reported else [~p.reported]
    if query.coded_by is None and query.not_coded_by is None:
        yield from connection.execute(select(p.key).where(*where).order_by(*orders).offset(offset or None).limit(limit)).scalars()
        return
    found = _by_coder(connection, query, select(p.key, p.issue_key, p.holder, statements.c.id, statements.c.content), where, orders)
    for n, key in enumerate(found):
        if limit is not None and n >= offset + limit:
            return
        if n >= offset:
            yield key


def count_positions(connection: Connection, query: PositionQuery, *, most: int | None = None) -> int:
    """How many positions a query is about.

    Args:
        connection: A reading one.
        query: Which.
        most: Count no further than this; None: all of them.

    Raises:
        UsageError: As `position_keys`.
    """
    if query.coded_by is not None or query.not_coded_by is not None:
        return sum(1 for _ in position_keys(connection, query, limit=most))
    where = narrowed(connection, query, wanted_issues(connection, query))
    where += [] if query.reported else [~positions.c.reported]
    found = select(positions.c.issue_key).where(*where).limit(most).subquery()
    return int(connection.execute(select(func.count()).select_from(found)).scalar() or 0)


def machine_on(connection: Connection, issue: str) -> str | None:
    """Name and version of the machine that most of some positions on an issue are by; None if there are none that count."""
    keys = [key for key, name in issue_ids(connection).items() if name == issue]
    some = select(positions.c.coder).where(text("positions.counts"), positions.c.issue_key.in_(keys), positions.c.coder.is_not(None)).limit(_SAMPLE)
    found = Counter(connection.execute(some).scalars())
    return found.most_common(1)[0][0] if found else None


class _Coded:
    """What one person coded: statements by id, and by their words, since another reading has other ids."""

    def __init__(self, connection: Connection, by: str) -> None:
        every = list(codings_of(connection, by=by))
        self._ids = {(c.statement, c.issue) for c in every if c.statement is not None}
        self._words = {(tuple(tokens(c.words)), c.issue) for c in every}

    def holds(self, id_: str | None, content: str | None, issue: str) -> bool:
        return (id_, issue) in self._ids or (content is not None and (tuple(tokens(content)), issue) in self._words)


def _by_coder(connection: Connection, query: PositionQuery, asked: Any, where: Sequence[Any], orders: Sequence[Any]) -> Iterator[int]:  # noqa: ANN401
    issues = issue_ids(connection)
    has = _Coded(connection, query.coded_by) if query.coded_by is not None else None
    has_not = _Coded(connection, query.not_coded_by) if query.not_coded_by is not None else None
    told = positions.outerjoin(statements, statements.c.key == positions.c.statement_key).outerjoin(codings, codings.c.key == positions.c.coding_key)
    words = func.coalesce(statements.c.content, codings.c.words).label("said")
    for row in connection.execute(asked.add_columns(words).select_from(told).where(*where).order_by(*orders)):
        issue = issues[row.issue_key]
        if (has is None or has.holds(row.id, row.said, issue)) and (has_not is None or not has_not.holds(row.id, row.said, issue)):
            yield row.key


def keys_of_statement(connection: Connection, statement: str, issue: str | None = None) -> list[int]:
    """Keys of the positions of a statement by its id, also of those that do not count, but for those that a later machine took the place of."""
    return keys_of_statements(connection, [statement], issue)


def keys_of_statements(connection: Connection, ids: Iterable[str], issue: str | None = None) -> list[int]:
    """The same of many statements."""
    joined = positions.join(statements, statements.c.key == positions.c.statement_key)
    query, names, found = select(positions.c.key, positions.c.issue_key).select_from(joined), issue_ids(connection), []
    for some in chunks(dict.fromkeys(ids)):
        rows = connection.execute(query.where(statements.c.id.in_(some), ~positions.c.superseded))
        found += [r.key for r in rows if issue is None or names[r.issue_key] == issue]
    return sorted(found)


def evidence_of(connection: Connection, keys: Iterable[int]) -> Iterator[Evidence]:
    """Positions by key, in the order given; what shows them is fetched some at a time."""
    people, issues = People(connection), issue_ids(connection)
    for some in chunks(keys, 200):
        rows = {r.key: r for r in connection.execute(select(positions).where(positions.c.key.in_(some)))}
        people.fetch((r.actor_key for r in rows.values()), (r.affiliation_key for r in rows.values()))
        yield from _Page(connection, people, issues, [rows[k] for k in some if k in rows]).evidence()


class _Page:
    """Some positions, and what is needed for all of them."""

    def __init__(self, connection: Connection, people: People, issues: dict[int, str], rows: Sequence[Row[Any]]) -> None:
        self._connection, self._people, self._issues, self._rows = connection, people, issues, rows
        self._hits: dict[int, Hit] = {h.key: h for h in hits_of(connection, dict.fromkeys(r.statement_key for r in rows if r.statement_key is not None))}
        self._founders = self._found([r.coding_key for r in rows if r.coding_key is not None])
        self._texts = self._text_of([r.statement_key for r in rows if r.condition or r.holder_cells])
        named = [h.where.article for h in self._hits.values()] + [f.article for f in self._founders.values()]
        self._coded = codings_that_stand(connection, named)

    def evidence(self) -> Iterator[Evidence]:
        for row in self._rows:
            hit = self._hits.get(row.statement_key)
            founder = self._founders.get(row.coding_key)
            where = hit.where if hit else self._where(founder) if founder else None
            if where is None:
                continue
            said = self._said(row, hit, founder)
            type_ = str(hit.entry.speaker.type) if hit and row.holder is None else "unknown"
            yield Evidence(
                row.key,
                self._issues[row.issue_key],
                Stance(row.stands) if row.stands else None,
                row.sure,
                date.fromisoformat(row.day),
                self._people.who(row.actor_key, row.affiliation_key, name=row.holder or (hit.entry.speaker.name if hit else None), type_=type_),
                where,
                hit,
                self._machine(row),
                tuple(said),
                by_hand=bool(row.by_hand),
                disputed=bool(row.by_hand and row.counts and row.stands is None),
                reported=bool(row.reported),
                counts=bool(row.counts),
            )

    def _machine(self, row: Row[Any]) -> Position | None:
        if row.coder is None:
            return None
        text = self._texts.get(row.statement_key, "")
        condition, holder = condition_of(row.condition, text), holder_of(row.holder_cells, text)
        return Position(self._issues[row.issue_key], Stance(row.stance), row.score, condition, holder, row.coder)

    def _said(self, row: Row[Any], hit: Hit | None, founder: Row[Any] | None) -> list[Coding]:
        """What people say of this unit."""
        issue = self._issues[row.issue_key]
        if hit is not None:
            of = [c for c in self._coded.get(hit.where.article, ()) if c.issue == issue and c.statement is not None]
            words = tokens(hit.content) if of else []
            of = [c for c in of if c.statement == hit.id or tokens(c.words) == words]
            return [c for c in of if c.holder == row.holder or (c.holder is None and c.stance is None)]
        if founder is None:
            return []
        words = tokens(founder.words)
        of = [c for c in self._coded.get(founder.article, ()) if c.issue == issue and c.statement is None and c.holder == row.holder]
        return [c for c in of if c.day is not None and c.day.isoformat() == row.day and tokens(c.words) == words]

    def _text_of(self, keys: Sequence[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for some in chunks(dict.fromkeys(keys)):
            joined = statements.join(revisions, revisions.c.key == statements.c.revision_key)
            found |= dict(self._connection.execute(select(statements.c.key, revisions.c.text).select_from(joined).where(statements.c.key.in_(some))).all())
        return found

    def _found(self, keys: Sequence[int]) -> dict[int, Row[Any]]:
        found: dict[int, Row[Any]] = {}
        for some in chunks(dict.fromkeys(keys)):
            found |= {r.key: r for r in self._connection.execute(select(codings).where(codings.c.key.in_(some)))}
        return found

    def _where(self, founder: Row[Any]) -> Where | None:
        r, a = revisions.c, articles.c
        joined = revisions.join(articles, a.key == r.article_key).outerjoin(outlets, outlets.c.key == a.outlet_key)
        columns = [a.id.label("article"), r.id, a.source, a.url, outlets.c.name, r.title, r.published, r.published_precision, r.seen]
        row = self._connection.execute(select(*columns).select_from(joined).where(a.id == founder.article, r.id == founder.revision)).first()
        if row is None:
            return None
        published = datetime.fromisoformat(row.published) if row.published else None
        return Where(row.article, row.id, row.source, row.url, row.name, row.title, published, row.published_precision, datetime.fromisoformat(row.seen))
