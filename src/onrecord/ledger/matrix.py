"""The matrix: actors, or camps, by issues, added up by the database out of one index, and folded here.

The rule of what stands last is that of `onrecord.positions.shifts.last_held`, but for words that were carried before: the matrix takes each day as it is filed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select, text

from onrecord.ledger.agenda import agenda, issue_ids, newest_issue
from onrecord.ledger.camps import People, actor_keys, in_camp, organization_name
from onrecord.ledger.keys import DAY, day_range
from onrecord.ledger.standing import Cell, Every, Matrix, PositionQuery, RowsBy, Who
from onrecord.ledger.tables import positions
from onrecord.positions import Issue, Stance

__all__ = ["matrix_of", "narrowed", "wanted_issues"]

_WEEK = 7
_STANCES = tuple(Stance)
_NUMBERS = {str(s): n for n, s in enumerate(_STANCES)}
_NEUTRAL = _NUMBERS[Stance.NEUTRAL]
_NOTHING: Mapping[Stance, int] = MappingProxyType({})
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


# What adds up to a cell is one list of numbers, since there are many cells: of each stance how many, of each the row of the last position, of each how
# many are reported by others; the row of the first position, how many are disputed, and how many coded by hand.
_LAST, _REPORTED, _FIRST, _DISPUTED, _HAND = len(_STANCES), 2 * len(_STANCES), 3 * len(_STANCES), 3 * len(_STANCES) + 1, 3 * len(_STANCES) + 2


def _add(sums: list[int], stance: str | None, group: list[int]) -> None:
    """Take in a group of positions: how many, how many of them by hand, the first and the last."""
    n, hand, first, last = group
    sums[_HAND] += hand
    if stance is None:
        sums[_DISPUTED] += n
        return
    at = _NUMBERS[stance]
    sums[at] += n
    sums[_LAST + at] = max(sums[_LAST + at], last)
    if not sums[_FIRST] or first < sums[_FIRST]:
        sums[_FIRST] = first


def _cell(sums: list[int], who: Who, issue: str, period: date | None) -> Cell:
    """The cell of one actor."""
    last = sums[_LAST:_REPORTED]
    ever = max(last)
    # Neutral is no side: it stands where nothing else does.
    sides = sorted(((k, n) for n, k in enumerate(last) if k and n != _NEUTRAL), reverse=True) if last.count(0) < len(last) - 1 else [(ever, last.index(ever))]
    newest, stance = sides[0]
    before = sides[1][1] if len(sides) > 1 else None
    mixed = len(sides) > 1 and sides[1][0] // DAY == newest // DAY
    reported = sums[_REPORTED:_FIRST]
    return Cell(
        who,
        issue,
        None if mixed or not newest else _STANCES[stance],
        {s: n for s, n in zip(_STANCES, sums, strict=False) if n},
        date.fromordinal(sums[_FIRST] // DAY) if ever else None,
        date.fromordinal(ever // DAY) if ever else None,
        None if mixed or before is None else _STANCES[before],
        mixed,
        sums[_DISPUTED],
        sums[_HAND],
        {s: n for s, n in zip(_STANCES, reported, strict=True) if n} if any(reported) else _NOTHING,
        newest or None,
        (),
        period,
    )


def matrix_of(connection: Connection, query: PositionQuery) -> Matrix:
    """Actors or camps by issues.

    Raises:
        UsageError: The query names nobody, or no issue.
    """
    wanted = wanted_issues(connection, query)
    where = narrowed(connection, query, wanted)
    rows = _added_up(connection, where, None)
    people = People(connection)
    people.fetch((r[1] for r in rows), (r[3] for r in rows))
    folding = _Folding(people, issue_ids(connection), query)
    cells = list(folding.cells(rows))
    order = {i.id: n for n, i in enumerate(wanted)}
    # By identity: there is one object for each row, and its hash is that of all it says.
    total: dict[int, int] = defaultdict(int)
    whos: dict[int, Who] = {}
    for cell in cells:
        total[id(cell.who)] += cell.statements + cell.disputed
        whos[id(cell.who)] = cell.who
    rows_ = sorted(whos.values(), key=lambda w: (-total[id(w)], w.name, w.country or "", w.id or ""))
    ranked = {id(who): n for n, who in enumerate(rows_)}
    cells.sort(key=lambda c: (ranked[id(c.who)], order[c.issue]))
    periods: list[Cell] = []
    if query.every is not None:
        periods = list(folding.cells(_added_up(connection, where, query.every), periods=True))
        periods.sort(key=lambda c: (c.period or date.min, ranked.get(id(c.who), 0), order[c.issue]))
    return Matrix(wanted, tuple(rows_), tuple(cells), tuple(periods))


def _added_up(connection: Connection, where: Iterable[ColumnElement[bool]], every: Every | None) -> list[tuple[Any, ...]]:
    p = positions.c
    by = [p.issue_key, p.actor_key, p.reported, p.affiliation_key, p.stands]
    period = [] if every is None else [_period(connection, every).label("period")]
    hand = func.sum(case((p.by_hand, 1), else_=0)).label("hand")
    added = [func.count().label("n"), hand, func.min(p.key).label("first"), func.max(p.key).label("last")]
    return [tuple(row) for row in connection.execute(select(*by, *period, *added).where(*where).group_by(*by, *period))]


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
        self._camp_whos: dict[tuple[str | None, str | None], Who] = {}
        #: What an organization is called, as one article has it, by country and the words that are compared.
        self._called: dict[tuple[str | None, str | None], str | None] = {}

    def cells(self, rows: Iterable[tuple[Any, ...]], *, periods: bool = False) -> Iterator[Cell]:
        """Cells of rows, in no order.

        Args:
            rows: From `_added_up`.
            periods: Whether a period comes after the stance.
        """
        sums: dict[tuple[Row, str, Any], list[int]] = {}
        # A speaker is shown with the affiliation that most of their statements have.
        weights: defaultdict[Row, defaultdict[int | None, int]] = defaultdict(lambda: defaultdict(int))
        members: dict[tuple[int | None, int | None], Row] = {}
        take_reported, issues = self._query.reported, self._issues
        for issue, actor, reported, affiliation, stance, *rest in rows:
            period = rest.pop(0) if periods else None
            pair = actor, affiliation
            member = members.get(pair)
            if member is None:
                member = members[pair] = self._member(actor, affiliation)
            unit = member, issues[issue], period
            added = sums.get(unit)
            if added is None:
                added = sums[unit] = [0] * (_HAND + 1)
            if reported and stance is not None:
                added[_REPORTED + _NUMBERS[stance]] += rest[0]
            if not reported or take_reported:
                _add(added, stance, rest)
            weights[member][affiliation] += rest[0]
        for member, by in weights.items():
            if member not in self._whos:
                self._whos[member] = self._who(member, max(by, key=lambda a: (by[a], -(a or 0))))
        begins = {period: _begins(period) if periods else None for _, _, period in sums}
        made = ((member, period, _cell(added, self._whos[member], issue, begins[period])) for (member, issue, period), added in sums.items())
        yield from (c for _, _, c in made) if self._query.rows is RowsBy.ACTOR else self._camps(made)

    def _who(self, member: Row, affiliation: int | None) -> Who:
        if member[0] == "unnamed":
            return replace(self._people.who(None, affiliation), organization=None)
        return self._people.who(member[-1], affiliation)

    def _member(self, actor: int | None, affiliation: int | None) -> Row:
        """Who, within which camp."""
        people = self._people
        country = people.country(actor, affiliation)
        who = ("unnamed", country) if actor is None else ("actor", people.canonical(actor))
        if self._query.rows is RowsBy.ACTOR:
            return who
        if self._query.rows is RowsBy.COUNTRY:
            return (who[0], country, None, who[1])
        organization = people.affiliation(affiliation)[1]
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
            camp = country, name
            if camp not in self._camp_whos:
                self._camp_whos[camp] = self._people.camp(country, self._called.get(camp), by_organization=by_organization)
            who = self._camp_whos[camp]
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
