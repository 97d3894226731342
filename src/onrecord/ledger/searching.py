"""Search over statements and over articles: words and filters in, rows in the order of time or of relevance out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, and_, exists, func, literal_column, select, text

from onrecord.actors.actor import ActorType
from onrecord.errors import UsageError
from onrecord.ledger.agenda import agenda, issue_ids, issue_named
from onrecord.ledger.fulltext import facet
from onrecord.ledger.keys import day_range
from onrecord.ledger.naming import keys_like, outlets_like
from onrecord.ledger.tables import articles, outlets, positions, revisions, statements
from onrecord.ledger.words import Terms, for_fts5, for_tsquery, parse
from onrecord.positions import Act
from onrecord.positions.shifts import LEAST
from onrecord.statements.statement import QuoteKind

__all__ = [
    "RANKED",
    "ArticleHit",
    "Plan",
    "Query",
    "Sort",
    "count_articles",
    "count_statements",
    "matching",
    "plan_of",
    "search_articles",
    "search_statements",
    "speakers_named",
]

#: Statements that are weighed for relevance: the newest of those that match. To weigh a common word's every one would take seconds.
RANKED = 5_000
#: Positions on the issues that are asked for up to which they are looked up first, and their statements then; where there are more, statements are
#: looked at in their order, and each is asked for its positions.
_FEW = 2_000
#: Keys that are fetched at once where all are asked for.
_SOME = 1_000


class Sort(StrEnum):
    """In which order."""

    #: The newest first.
    DATE = "date"
    #: The oldest first.
    OLDEST = "oldest"
    #: The best match first, among the newest `RANKED`.
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; what is None or empty does not matter."""

    #: Words, "phrases", `OR`, `-word`, `begin*`; see `onrecord.ledger.words`.
    words: str = ""
    #: Names, parts of names or ids of the speaker; one of them.
    actors: tuple[str, ...] = ()
    #: Names of outlets or parts of them; one of them.
    outlets: tuple[str, ...] = ()
    #: direct, indirect, mixed; one of them.
    kinds: tuple[str, ...] = ()
    #: What is done by saying it: assert, reject, demand ...; one of them.
    acts: tuple[str, ...] = ()
    #: Types of the speaker: person, state, unnamed ...; one of them.
    types: tuple[str, ...] = ()
    #: Countries of the speaker, ISO 3166-1 alpha-2; one of them.
    countries: tuple[str, ...] = ()
    #: Ids or labels of issues; the statement shows a position on one of them that counts in the matrix, the speaker's or one that they report.
    issues: tuple[str, ...] = ()
    #: First and last day of publication.
    since: date | None = None
    until: date | None = None
    min_score: float | None = None
    #: Also of texts that were replaced, of readings that were superseded, and what was judged wrong.
    everything: bool = False
    sort: Sort = Sort.DATE

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: A kind, act, type or order that there is not, what is no code of a country, a score out of range, an end before its beginning.
        """
        known = (("kind", self.kinds, QuoteKind), ("act", self.acts, Act), ("type", self.types, ActorType), ("order", (self.sort,), Sort))
        for what, given, there in known:
            for one in given:
                if one not in set(there):
                    raise UsageError(f"there is no {what} {one!r}", hint=f"{what}s are {', '.join(there)}")
        object.__setattr__(self, "sort", Sort(self.sort))
        for country in self.countries:
            if not re.fullmatch("[A-Za-z]{2}", country):
                raise UsageError("this is no code of a country", item=repr(country), hint="give two letters, as in ISO 3166-1: UA, GB")
        if self.min_score is not None and not 0 <= self.min_score <= 1:
            raise UsageError(f"a score of {self.min_score:g}", hint="scores are between 0 and 1")
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"nothing is since {self.since} and until {self.until}", hint="give the earlier day to since")


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """An article that a search found, by the text seen last."""

    key: int
    id: str
    revision: str
    source: str
    url: str | None
    outlet: str | None
    title: str | None
    published: datetime | None
    seen: datetime
    text: str
    statements: int

    def to_json(self) -> dict[str, Any]:
        """Its metadata and how many statements it holds."""
        return {
            "id": self.id,
            "revision": self.revision,
            "source": self.source,
            "url": self.url,
            "outlet": self.outlet,
            "title": self.title,
            "published": self.published.isoformat() if self.published else None,
            "seen": self.seen.isoformat(),
            "statements": self.statements,
        }


def search_statements(connection: Connection, query: Query, *, limit: int | None = None, offset: int = 0) -> Iterator[int]:
    """Keys of the statements that match, in order.

    Args:
        connection: A reading one.
        query: What to look for.
        limit: How many at most.
        offset: How many to pass over first.

    Raises:
        UsageError: Nobody, or no outlet, is called so; or the words cannot be looked for.
    """
    found = plan_of(connection, query)
    if query.sort is Sort.RELEVANCE and found.terms:
        asked = _ranked(connection, found)
    else:
        asked = select(found.key).select_from(found.table).where(*found.where).order_by(found.key.asc() if query.sort is Sort.OLDEST else found.key.desc())
    asked = asked.offset(offset or None).limit(limit)
    # Without a limit they are fetched some at a time; PostgreSQL would send all at once.
    some = {} if limit is not None else {"yield_per": _SOME}
    yield from connection.execute(asked, found.values, execution_options=some).scalars()


def matching(connection: Connection, query: Query) -> tuple[Select[Any], dict[str, Any]]:
    """The keys of the statements that match, as a question for another question to be narrowed by, and the values that go with it.

    Raises:
        UsageError: As `search_statements`.
    """
    found = plan_of(connection, query)
    return select(found.key).select_from(found.table).where(*found.where), found.values


def count_statements(connection: Connection, query: Query) -> int:
    """How many statements match.

    Raises:
        UsageError: As `search_statements`.
    """
    found = plan_of(connection, query)
    return int(connection.execute(select(func.count()).select_from(found.table).where(*found.where), found.values).scalar() or 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a database is asked for the statements that match."""

    table: Any
    key: ColumnElement[int]
    where: tuple[ColumnElement[bool], ...]
    #: Values that go with the question.
    values: dict[str, Any]
    terms: Terms


def plan_of(connection: Connection, query: Query) -> Plan:
    """How to ask for the statements that match.

    Raises:
        UsageError: As `search_statements`.
    """
    terms = parse(query.words)
    speakers = [k for name in query.actors for k in speakers_named(connection, name)]
    papers = [k for name in query.outlets for k in _some_outlets(connection, name)]
    first, last = days = day_range(query.since, query.until)
    narrowed = _in(query, speakers, papers)
    if connection.dialect.name == "sqlite":
        return _fts5_plan(connection, query, terms, narrowed, days)
    s = statements.c
    where: list[Any] = [s[c].in_(v) for c, v in narrowed if v]
    where += [s.shown] if not query.everything else []
    where += [s.key >= first] if first is not None else []
    where += [s.key < last] if last is not None else []
    where += [s.score >= query.min_score] if query.min_score else []
    where += _on_issues(connection, query, s.key)
    if terms:
        where.append(text("statements.words @@ to_tsquery('onrecord', :words)"))
    return Plan(statements, s.key, tuple(where), {"words": for_tsquery(terms)} if terms else {}, terms)


def _in(query: Query, speakers: list[int], papers: list[int]) -> list[tuple[str, list[Any]]]:
    countries = [c.upper() for c in query.countries]
    kinds = [("kind", list(query.kinds)), ("act", list(query.acts)), ("speaker_type", list(query.types))]
    return [("speaker_key", speakers), ("outlet_key", papers), *kinds, ("country", countries)]


def _fts5_plan(connection: Connection, query: Query, terms: Terms, narrowed: list[tuple[str, list[Any]]], days: tuple[int | None, int | None]) -> Plan:
    """All that FTS5 can answer goes into its one question; the table is looked at only for a score between two hundredths."""
    asked = [for_fts5(terms, "content")] if terms else []
    groups = [[facet(c, v) for v in values] for c, values in narrowed if values]
    (first, last), exact = days, True
    if query.min_score:
        hundredth = int(query.min_score * 100)
        exact = query.min_score == hundredth / 100
        # Tenths, and below the first whole one hundredths; one more of these, as both are cut off and not rounded.
        tenth = -(-hundredth // 10)
        groups.append([*(facet("hundredth", n) for n in range(hundredth, 10 * tenth + 1)), *(facet("score", n) for n in range(tenth, 11))])
    asked += ["{facets} : (" + " OR ".join(f'"{w}"' for w in group) + ")" for group in groups]
    key: ColumnElement[int] = literal_column("statements_fts.rowid", BigInteger()) if asked else statements.c.key
    where: list[Any] = []
    table: Any = text("statements_fts") if asked else statements
    if asked:
        where.append(text("statements_fts MATCH :match"))
    elif not query.everything:
        where.append(statements.c.shown)
    if asked and not exact:
        table = text("statements_fts JOIN statements ON statements.key = statements_fts.rowid")
        where.append(text("statements.score >= :score"))
    where += [key >= first] if first is not None else []
    where += [key < last] if last is not None else []
    where += _on_issues(connection, query, key, full_text=bool(asked))
    match = " AND ".join(f"({a})" for a in asked)
    if match and not query.everything:
        # Not `AND now`: to leave out the few costs less than to meet the many.
        match = f'({match}) NOT {{facets}} : "old"'
    values = {"match": match, "score": query.min_score}
    return Plan(table, key, tuple(where), {k: v for k, v in values.items() if v and (k != "score" or not exact)}, terms)


def _on_issues(connection: Connection, query: Query, key: ColumnElement[int], *, full_text: bool = False) -> list[ColumnElement[bool]]:
    """What narrows statements to those that show a position on the issues asked for."""
    if not query.issues:
        return []
    p, every = positions.c, agenda(connection, retired=True)
    wanted = {issue_named(every, name).id for name in query.issues}
    versions = [k for k, name in issue_ids(connection).items() if name in wanted]
    where = [p.issue_key.in_(versions), *([~p.superseded] if query.everything else [text("positions.counts"), p.sure >= LEAST])]
    sqlite = connection.dialect.name == "sqlite"
    if sqlite and connection.execute(select(p.key).where(*where).limit(1).offset(_FEW)).first():
        return [exists(select(p.key).where(p.statement_key == key, *where).correlate(statements))]
    # By the sign, SQLite goes through the full text in its order; else it would look into it once for each statement (measured: 300 times as long).
    looked_at: ColumnElement[int] = literal_column("+statements_fts.rowid") if full_text else key
    return [looked_at.in_(select(p.statement_key).where(p.statement_key.is_not(None), *where))]


def _ranked(connection: Connection, plan: Plan) -> Select[Any]:
    """The best of the newest; bm25 of FTS5, or cover density of PostgreSQL."""
    if connection.dialect.name == "sqlite":
        # The newest are found first, since bm25 is dear; within them one ordered scan.
        floor = select(plan.key).select_from(plan.table).where(*plan.where).order_by(plan.key.desc()).limit(1).offset(RANKED)
        lowest = connection.execute(floor, plan.values).scalar()
        where = [*plan.where, *([plan.key > lowest] if lowest is not None else [])]
        return select(plan.key).select_from(plan.table).where(*where).order_by(text("bm25(statements_fts, 1.0, 0.0, 0.0)"), plan.key.desc())
    newest = select(plan.key.label("key"), text("statements.words AS words")).where(*plan.where).order_by(plan.key.desc()).limit(RANKED).subquery()
    rank = text("ts_rank_cd(words, to_tsquery('onrecord', :words), 1) DESC")
    return select(newest.c.key).order_by(rank, newest.c.key.desc())


def speakers_named(connection: Connection, name: str) -> list[int]:
    """Keys of the actors that a query names.

    Raises:
        UsageError: There are none.
    """
    found = keys_like(connection, name)
    if not found:
        raise UsageError("nobody in the ledger is called so", item=name, hint="`onrecord actor` finds names; a word of a name is enough")
    return found


def _some_outlets(connection: Connection, name: str) -> list[int]:
    found = outlets_like(connection, name)
    if not found:
        raise UsageError("no outlet in the ledger is called so", item=name, hint="`onrecord status` lists the outlets")
    return found


# Articles ---------------------------------------------------------------------------------------------------------------------------


def search_articles(connection: Connection, query: Query, *, limit: int | None = None, offset: int = 0) -> Iterator[ArticleHit]:
    """Articles whose text, as seen last, matches; of a query only words, outlets, days and the order count.

    Raises:
        UsageError: As `search_statements`.
    """
    where, values = _article_terms(connection, query)
    counted = select(func.count()).where(statements.c.revision_key == revisions.c.key, statements.c.shown).scalar_subquery()
    r, a = revisions.c, articles.c
    columns = (
        r.key,
        a.id,
        r.id.label("revision"),
        a.source,
        a.url,
        outlets.c.name.label("outlet"),
        r.title,
        r.published,
        r.seen,
        r.text,
        counted.label("statements"),
    )
    asked = select(*columns).select_from(_article_tables(connection, values)).where(*where)
    moment = func.coalesce(r.published, r.seen)
    order: tuple[Any, ...] = (moment.asc(), r.key.asc()) if query.sort is Sort.OLDEST else (moment.desc(), r.key.desc())
    if query.sort is Sort.RELEVANCE and values:
        rank = "bm25(revisions_fts)" if connection.dialect.name == "sqlite" else "ts_rank_cd(revisions.words, to_tsquery('onrecord', :words), 1) DESC"
        order = (text(rank), *order)
    for row in connection.execute(asked.order_by(*order).offset(offset or None).limit(limit), values):
        moments = (datetime.fromisoformat(row.published) if row.published else None, datetime.fromisoformat(row.seen))
        yield ArticleHit(row.key, row.id, row.revision, row.source, row.url, row.outlet, row.title, *moments, row.text, row.statements)


def count_articles(connection: Connection, query: Query) -> int:
    """How many articles match.

    Raises:
        UsageError: As `search_statements`.
    """
    where, values = _article_terms(connection, query)
    return int(connection.execute(select(func.count()).select_from(_article_tables(connection, values)).where(*where), values).scalar() or 0)


def _article_tables(connection: Connection, values: dict[str, Any]) -> Any:  # noqa: ANN401 - a join
    joined = articles.join(revisions, and_(revisions.c.key == articles.c.revision_key)).outerjoin(outlets, outlets.c.key == articles.c.outlet_key)
    if values and connection.dialect.name == "sqlite":
        return joined.join(text("revisions_fts"), text("revisions_fts.rowid = revisions.key"))
    return joined


def _article_terms(connection: Connection, query: Query) -> tuple[list[Any], dict[str, Any]]:
    terms = parse(query.words)
    papers = [k for name in query.outlets for k in _some_outlets(connection, name)]
    where: list[Any] = [articles.c.outlet_key.in_(papers)] if papers else []
    day = func.substr(func.coalesce(revisions.c.published, revisions.c.seen), 1, 10)
    where += [day >= query.since.isoformat()] if query.since else []
    where += [day <= query.until.isoformat()] if query.until else []
    if not terms:
        return where, {}
    if connection.dialect.name == "sqlite":
        return [*where, text("revisions_fts MATCH :match")], {"match": for_fts5(terms, "title text")}
    return [*where, text("revisions.words @@ to_tsquery('onrecord', :words)")], {"words": for_tsquery(terms)}
