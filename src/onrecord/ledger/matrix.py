"""The matrix: actors, or camps, by issues, added up by the database out of one index, and folded here.

The rule of what stands last is that of `onrecord.positions.shifts.last_held`, but for words that were carried before: the matrix takes each day as it is filed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select, text

from onrecord.ledger.agenda import agenda, issue_ids, newest_issue
from onrecord.ledger.camps import People, actor_keys, in_camp, organization_name
from onrecord.ledger.keys import DAY, day_range
from onrecord.ledger.standing import Cell, Every, Matrix, PositionQuery, RowsBy, Who
from onrecord.ledger.tables import positions
from onrecord.positions import Issue, Stance
from onrecord.positions.shifts import disagree

__all__ = ["matrix_of", "narrowed", "wanted_issues"]

_WEEK = 7
#: Of a row: an actor's key, or what a camp or those without a name share.
Row = tuple[Any, ...]


def wanted_issues(connection: Connection, query: PositionQuery) -> tuple[Issue, ...]:
    """The issues that a query is about, in the order of the agenda; retired ones if they are named.

    Raises:
        UsageError: There is no such issue.
    """
    named = {name: newest_issue(connection, name)[1] for name in query.issues}
    return tuple(named.values()) if named else agenda(connection).issues


def narrowed(connection: Connection, query: PositionQuery, wanted: Iterable[Issue]) -> list[ColumnElement[bool]]:
    """The conditions of a query, in terms of `positions`.

    Raises:
        UsageError: Nobody is called so, or there is no such camp.
    """
    p, names = positions.c, {i.id for i in wanted}
    first, past = day_range(query.since, query.until)
    where: list[ColumnElement[bool]] = [text("positions.counts"), p.issue_key.in_([k for k, name in issue_ids(connection).items() if name in names])]  # type: ignore[list-item]
    where += [p.key >= first] if first is not None else []
    where += [p.key < past] if past is not None else []
    where += [p.sure >= query.min_score] if query.min_score else []
    where += [p.stands.in_([str(s) for s in query.stances])] if query.stances else []
    where += [p.by_hand if query.by_hand else ~p.by_hand] if query.by_hand is not None else []
    where += [p.actor_key.in_(actor_keys(connection, query.actors))] if query.actors else []
    where += [in_camp(connection, query.camp)] if query.camp else []
    return where


@dataclass(slots=True)
class _Sum:
    """What adds up to a cell."""

    counts: dict[Stance, int] = field(default_factory=dict)
    #: Row of the last position of each stance.
    last: dict[Stance, int] = field(default_factory=dict)
    first: int | None = None
    disputed: int = 0
    by_hand: int = 0
    reported: dict[Stance, int] = field(default_factory=dict)

    def add(self, row: Any, *, reported: bool) -> None:  # noqa: ANN401 - a row of the database
        """Take in one group of positions."""
        stance = Stance(row.stands) if row.stands else None
        if row.reported:
            if stance is not None:
                self.reported[stance] = self.reported.get(stance, 0) + row.n
            if not reported:
                return
        self.by_hand += row.hand
        if stance is None:
            self.disputed += row.n
            return
        self.counts[stance] = self.counts.get(stance, 0) + row.n
        self.last[stance] = max(self.last.get(stance, 0), row.last)
        self.first = row.first if self.first is None else min(self.first, row.first)

    def cell(self, who: Who, issue: str, period: date | None) -> Cell:
        """The cell of one actor."""
        sides = {s: k for s, k in self.last.items() if s is not Stance.NEUTRAL} or self.last
        newest = max(sides.values(), default=None)
        at_last = [s for s, k in sides.items() if newest is not None and k // DAY == newest // DAY]
        stance = at_last[0] if len(at_last) == 1 else None
        others = {s: k for s, k in sides.items() if disagree(s, stance)}
        return Cell(
            who,
            issue,
            stance,
            {s: self.counts[s] for s in Stance if s in self.counts},
            _date(self.first),
            _date(max(self.last.values(), default=None)),
            before=max(others, key=lambda s: others[s]) if others else None,
            mixed=len(at_last) > 1,
            disputed=self.disputed,
            by_hand=self.by_hand,
            reported={s: self.reported[s] for s in Stance if s in self.reported},
            evidence=newest,
            period=period,
        )


def _date(key: int | None) -> date | None:
    return None if key is None else date.fromordinal(key // DAY)


def matrix_of(connection: Connection, query: PositionQuery) -> Matrix:
    """Actors or camps by issues.

    Raises:
        UsageError: The query names nobody, or no issue.
    """
    wanted = wanted_issues(connection, query)
    where = narrowed(connection, query, wanted)
    rows = _added_up(connection, where, None)
    people = People(connection)
    people.fetch((r.actor_key for r in rows), (r.affiliation_key for r in rows))
    folding = _Folding(people, issue_ids(connection), query)
    cells = list(folding.cells(rows))
    order = {i.id: n for n, i in enumerate(wanted)}
    total: dict[Who, int] = defaultdict(int)
    for cell in cells:
        total[cell.who] += cell.statements + cell.disputed
    ranked = {who: n for n, who in enumerate(sorted(total, key=lambda w: (-total[w], w.name, w.country or "", w.id or "")))}
    cells.sort(key=lambda c: (ranked[c.who], order[c.issue]))
    periods: list[Cell] = []
    if query.every is not None:
        periods = list(folding.cells(_added_up(connection, where, query.every)))
        periods.sort(key=lambda c: (c.period or date.min, ranked[c.who], order[c.issue]))
    return Matrix(wanted, tuple(ranked), tuple(cells), tuple(periods))


def _added_up(connection: Connection, where: Iterable[ColumnElement[bool]], every: Every | None) -> list[Any]:
    p = positions.c
    by = [p.issue_key, p.actor_key, p.reported, p.affiliation_key, p.stands]
    period = [] if every is None else [_period(connection, every).label("period")]
    hand = func.sum(case((p.by_hand, 1), else_=0)).label("hand")
    added = [func.count().label("n"), hand, func.min(p.key).label("first"), func.max(p.key).label("last")]
    return list(connection.execute(select(*by, *period, *added).where(*where).group_by(*by, *period)))


def _period(connection: Connection, every: Every) -> ColumnElement[Any]:
    """The period that a position is in: the number of a week, or `2025-03`."""
    if every is Every.WEEK:
        return (positions.c.key // DAY - 1) // _WEEK
    if connection.dialect.name == "sqlite":
        return literal_column(f"strftime('%Y-%m', positions.key / {DAY} + 1721424.5)")
    return literal_column(f"to_char(date '0001-01-01' + (positions.key / {DAY} - 1)::int, 'YYYY-MM')")


def _begins(period: int | str) -> date:
    return date.fromisoformat(f"{period}-01") if isinstance(period, str) else date.fromordinal(int(period) * _WEEK + 1)


class _Folding:
    """Makes cells of what was added up."""

    def __init__(self, people: People, issues: Mapping[int, str], query: PositionQuery) -> None:
        self._people, self._issues, self._query = people, issues, query
        self._whos: dict[Row, Who] = {}
        #: What an organization is called, as one article has it, by country and the words that are compared.
        self._called: dict[tuple[str | None, str | None], str | None] = {}

    def cells(self, rows: Iterable[Any]) -> Iterator[Cell]:
        """Cells of rows, in no order."""
        rows = list(rows)
        sums: defaultdict[tuple[Row, str, Any], _Sum] = defaultdict(_Sum)
        # A speaker is shown with the affiliation that most of their statements have.
        weights: defaultdict[Row, defaultdict[int | None, int]] = defaultdict(lambda: defaultdict(int))
        for row in rows:
            member, period = self._member(row), getattr(row, "period", None)
            sums[member, self._issues[row.issue_key], period].add(row, reported=self._query.reported)
            weights[member][row.affiliation_key] += row.n
        for member, by in weights.items():
            if member not in self._whos:
                affiliation = max(by, key=lambda a: (by[a], -(a or 0)))
                who = self._people.who(None if member[0] == "unnamed" else member[-1], affiliation)
                self._whos[member] = replace(who, organization=None) if member[0] == "unnamed" else who
        made = ((member, period, s.cell(self._whos[member], issue, None if period is None else _begins(period))) for (member, issue, period), s in sums.items())
        yield from (c for _, _, c in made) if self._query.rows is RowsBy.ACTOR else self._camps(made)

    def _member(self, row: Any) -> Row:  # noqa: ANN401 - a row of the database
        """Who, within which camp."""
        people, actor = self._people, row.actor_key
        country = people.country(actor, row.affiliation_key)
        who = ("unnamed", country) if actor is None else ("actor", people.canonical(actor))
        if self._query.rows is RowsBy.ACTOR:
            return who
        if self._query.rows is RowsBy.COUNTRY:
            return (who[0], country, None, who[1])
        organization = people.affiliation(row.affiliation_key)[1]
        name = organization_name(organization) if organization else None
        self._called.setdefault((country, name), organization)
        return (who[0], country, name, who[1])

    def _camps(self, made: Iterable[tuple[Row, Any, Cell]]) -> Iterator[Cell]:
        by_organization = self._query.rows is RowsBy.ORGANIZATION
        camps: defaultdict[tuple[Any, ...], list[Cell]] = defaultdict(list)
        for member, period, cell in made:
            camps[member[1], member[2], cell.issue, period].append(cell)
        for (country, name, issue, _), members in camps.items():
            members.sort(key=lambda c: (-c.statements, c.who.name, c.who.id or ""))
            who = self._people.camp(country, self._called.get((country, name)), by_organization=by_organization)
            yield _camp(who, issue, tuple(members))


def _camp(who: Who, issue: str, members: tuple[Cell, ...]) -> Cell:
    """A camp stands where all its members stand who take a side."""
    sides = [m for m in members if m.stance not in (None, Stance.NEUTRAL)]
    open_ = any(m.mixed for m in members)
    neutral = Stance.NEUTRAL if not open_ and any(m.stance for m in members) else None
    stances = {m.stance for m in sides}
    stance = next(iter(stances)) if len(stances) == 1 and not open_ else neutral if not stances else None
    counts, reported = (_total(getattr(m, n) for m in members) for n in ("counts", "reported"))
    firsts, lasts = ([d for d in (getattr(m, n) for m in members) if d is not None] for n in ("first", "last"))
    of_stance = [m for m in members if m.stance is stance and m.evidence is not None]
    newest = max(of_stance, key=lambda m: m.evidence or 0, default=None)
    return Cell(
        who,
        issue,
        stance,
        counts,
        min(firsts, default=None),
        max(lasts, default=None),
        before=newest.before if newest and stance else None,
        mixed=len(stances) > 1 or open_,
        disputed=sum(m.disputed for m in members),
        by_hand=sum(m.by_hand for m in members),
        reported=reported,
        evidence=newest.evidence if newest else None,
        members=members,
        period=members[0].period,
    )


def _total(every: Iterable[Mapping[Stance, int]]) -> dict[Stance, int]:
    added: dict[Stance, int] = defaultdict(int)
    for counts in every:
        for stance, n in counts.items():
            added[stance] += n
    return {s: added[s] for s in Stance if s in added}
