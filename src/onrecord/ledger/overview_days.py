"""Timelines and shifts out of columns in memory, by the rules of `onrecord.positions.shifts`; a test holds one against the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from onrecord.ledger.camps import UNNAMED
from onrecord.ledger.keys import DAY
from onrecord.ledger.overview import NONE, STANCES, Ints, Overview
from onrecord.ledger.overview_cells import who_of
from onrecord.ledger.standing import Evidence, Moved, Point, PositionQuery, RowsBy, Who
from onrecord.positions import Stance

__all__ = ["Course", "Turn", "courses", "last_turns", "moved", "said_by_day", "turns"]

_NEUTRAL, _ALL, _SPAN = STANCES.index(Stance.NEUTRAL), len(STANCES), 1 << 22


@dataclass(frozen=True, slots=True)
class _Days:
    """What each holder's statements of each day amount to, holder by holder, the oldest first."""

    holder: Ints
    day: Ints
    #: A stance, `NONE` where they contradict each other.
    stance: Ints
    #: Of each day and stance, how many.
    counts: Ints
    #: Places of the positions, day by day, and where each day begins in them.
    which: Ints
    begins: Ints

    def best(self, of: Overview, n: int) -> int:
        """Place of the position that shows a day best: of the highest score, and the first of those."""
        end = self.begins[n + 1] if n + 1 < len(self.begins) else len(self.which)
        some = self.which[self.begins[n] : end]
        sides = some[of.stance[some] != _NEUTRAL]
        some = sides if len(sides) else some
        return int(some[of.sure[some].argmax()])


def said_by_day(of: Overview, which: Ints) -> dict[int, int]:
    """How many statements there are of each day, by its ordinal.

    Args:
        of: The columns.
        which: Places of positions; what has two of one statement counts once, and what has no words not at all.
    """
    said = np.unique(of.statement[which])
    days, counts = np.unique(said[said > 0] // DAY, return_counts=True)
    return dict(zip(days.tolist(), counts.tolist(), strict=True))


def _days(of: Overview, which: Ints, holder: Ints) -> _Days:
    """Settle days by rules 2 and 3.

    Args:
        of: The columns.
        which: Places of positions with a stance, oldest first.
        holder: A number of who holds each, on which issue.
    """
    day = of.key[which] // DAY
    quoted = np.flatnonzero(of.quotation[which])
    if len(quoted):
        # Words that were carried before count on the first of their days alone.
        pairs = np.stack((holder[quoted], of.quotation[which][quoted]))
        _, first, same = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
        again = quoted[day[quoted] != day[quoted][first[same.reshape(-1)]]]
        keep = np.ones(len(which), bool)
        keep[again] = False
        which, holder, day = which[keep], holder[keep], day[keep]
    code = holder * _SPAN + day
    order = np.argsort(code, kind="stable")
    code, which = code[order], which[order]
    begins = np.flatnonzero(np.diff(code, prepend=-1)) if len(code) else np.zeros(0, np.int64)
    group = np.cumsum(np.diff(code, prepend=-1) != 0) - 1
    counts = np.bincount(group * _ALL + of.stance[which], minlength=len(begins) * _ALL).reshape(-1, _ALL)
    taken = counts[:, :_NEUTRAL] > 0
    sides = taken.sum(axis=1)
    stance = np.where(sides == 0, _NEUTRAL, np.where(sides == 1, taken.argmax(axis=1) if len(taken) else 0, NONE))
    return _Days(code[begins] // _SPAN, code[begins] % _SPAN, stance, counts, which, begins)


# Shifts -----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift, without its words."""

    #: Numbers of the issue and the actor.
    issue: int
    actor: int
    before: Stance
    after: Stance
    day: date
    #: Keys of the positions that show what stood before, and what after.
    keys: tuple[int, int]
    days_before: int
    days_after: int


@dataclass(frozen=True, slots=True)
class _Run:
    """Settled days in a row of one holder that hold one stance: places of the first and the last, and how many."""

    begin: int
    end: int
    length: int


def _runs(connection: Connection, of: Overview, query: PositionQuery) -> tuple[_Days, _Runs, NDArray[np.bool_]]:
    """Days, runs of those with a side, and which runs are followed by another of the same holder."""
    which = of.which(connection, query.but(since=None, until=None, stances=()))
    keep = (of.stance[which] != NONE) & (of.actor[which] >= 0)
    which = which[keep if query.reported else keep & ~of.reported[which]]
    people = len(of.people) + 1
    days = _days(of, which, of.issue[which] * people + of.actor[which])
    settled = np.flatnonzero((days.stance != NONE) & (days.stance != _NEUTRAL))
    holder, stance = days.holder[settled], days.stance[settled]
    new = np.flatnonzero((np.diff(holder, prepend=-1) != 0) | (np.diff(stance, prepend=-1) != 0))
    ends = np.append(new[1:], len(settled)) if len(new) else new
    runs = _Runs(settled, new, ends)
    followed = np.zeros(len(new), bool)
    if len(new) > 1:
        followed[:-1] = holder[new[:-1]] == holder[new[1:]]
    return days, runs, followed


class _Runs:
    """All runs; each is made when it is asked for: there may be hundreds of thousands."""

    def __init__(self, settled: Ints, begins: Ints, ends: Ints) -> None:
        self.settled, self.begins, self.ends = settled, begins, ends

    def __getitem__(self, n: int) -> _Run:
        begin, end = int(self.begins[n]), int(self.ends[n])
        return _Run(int(self.settled[begin]), int(self.settled[end - 1]), end - begin)


def _turn(of: Overview, days: _Days, before: _Run, after: _Run) -> Turn:
    people = len(of.people) + 1
    holder = int(days.holder[after.begin])
    keys = int(of.key[days.best(of, before.end)]), int(of.key[days.best(of, after.begin)])
    stances = STANCES[days.stance[before.end]], STANCES[days.stance[after.begin]]
    return Turn(holder // people, holder % people, *stances, date.fromordinal(int(days.day[after.begin])), keys, before.length, after.length)


def turns(connection: Connection, of: Overview, query: PositionQuery, *, limit: int, offset: int = 0) -> tuple[list[Turn], int]:
    """Who shifted, the newest first, and how many there are; as `Ledger.shifts`, without the words.

    Args:
        connection: A reading one.
        of: The columns.
        query: Which.
        limit: How many at most.
        offset: How many to pass over first.

    Raises:
        UsageError: The query names nobody, no camp or no issue.
    """
    days, runs, followed = _runs(connection, of, query)
    before = np.flatnonzero(followed)
    after_day = days.day[runs.settled[runs.begins[before + 1]]] if len(before) else before
    if query.since or query.until:
        keep = (after_day >= (query.since.toordinal() if query.since else 0)) & (after_day <= (query.until.toordinal() if query.until else _SPAN))
        before, after_day = before[keep], after_day[keep]
    order = np.argsort(-after_day, kind="stable")[offset : offset + limit]
    return [_turn(of, days, runs[n], runs[n + 1]) for n in before[order].tolist()], len(before)


def last_turns(connection: Connection, of: Overview, query: PositionQuery) -> dict[str, Turn]:
    """The last shift on each issue.

    Raises:
        UsageError: As `turns`.
    """
    days, runs, followed = _runs(connection, of, query)
    people = len(of.people) + 1
    found: dict[str, Turn] = {}
    before = np.flatnonzero(followed)
    if not len(before):
        return found
    after = runs.settled[runs.begins[before + 1]]
    issue, day = days.holder[after] // people, days.day[after]
    newest = np.full(len(of.agenda), -1, np.int64)
    order = np.argsort(day, kind="stable")
    newest[issue[order]] = before[order]
    for n in np.flatnonzero(newest >= 0).tolist():
        run = int(newest[n])
        found[of.agenda.issues[n].id] = _turn(of, days, runs[run], runs[run + 1])
    return found


def moved(of: Overview, some: Iterable[Turn], shown: Mapping[int, Evidence]) -> Iterator[Moved]:
    """Shifts with what shows them.

    Args:
        of: The columns.
        some: The shifts.
        shown: What shows their positions, by key. One that is gone since the columns were fetched is left out with its shift.
    """
    for turn in some:
        before, after = (shown.get(k) for k in turn.keys)
        if before is not None and after is not None and before.stance is not None and after.stance is not None:
            yield Moved(after.who, of.agenda.issues[turn.issue].id, before, after, turn.days_before, turn.days_after)


# Timelines --------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Course:
    """One holder's days on an issue, oldest first; or what others report of them."""

    who: Who
    points: tuple[Point, ...]
    #: Positions that count.
    statements: int
    reported: bool = False


def courses(connection: Connection, of: Overview, query: PositionQuery, *, offset: int = 0, limit: int = 20, width: int = 1) -> tuple[list[Course], int]:
    """What each holder's statements of each day amount to, those of most statements first; as `Ledger.timeline`, holder by holder.

    Args:
        connection: A reading one.
        of: The columns.
        query: Which, of one issue.
        offset: How many holders to pass over first.
        limit: How many at most.
        width: Days that are taken together: one side has its stance, several are mixed; the day is that of the last side taken.

    Returns:
        Them, and how many there are.

    Raises:
        UsageError: As `turns`.
    """
    (issue,) = query.issues
    which = of.which(connection, query)
    keep = of.stance[which] != NONE
    which = which[keep if query.reported else keep & ~of.reported[which]]
    units = of.units(RowsBy.ACTOR)
    holder = units.row[units.of[which]] * 2 + of.reported[which]
    names, counts = np.unique(holder, return_counts=True)
    ranked = names[np.argsort(-counts, kind="stable")]
    shown = ranked[offset : offset + limit]
    mine = np.isin(holder, shown)
    days = _days(of, which[mine], holder[mine])
    bounds = {int(h): (int(a), int(b)) for h in shown for a, b in [np.searchsorted(days.holder, [h, h + 1])]}
    total = dict(zip(names.tolist(), counts.tolist(), strict=True))
    out = []
    for h in shown.tolist():
        actor, reported = int(units.actor[h // 2]), bool(h % 2)
        who = who_of(of, actor, which[holder == h]) if actor >= 0 else Who(None, UNNAMED, "unnamed", of.countries[units.country[h // 2]])
        points = tuple(_points(of, days, bounds[h], width, (who, issue, reported)))
        out.append(Course(who, points, total[h], reported))
    return out, len(ranked)


def _points(of: Overview, days: _Days, bounds: tuple[int, int], width: int, about: tuple[Who, str, bool]) -> Iterator[Point]:
    """Days of one holder, as many as share a span taken together."""
    who, issue, reported = about
    part = slice(*bounds)
    numbers = days.stance[part].tolist()
    came: list[Stance | None] = []
    side = NONE
    for number in numbers:
        sided = number not in (NONE, _NEUTRAL)
        shifts = sided and side not in (NONE, number) and who.id is not None and not reported
        came.append(STANCES[side] if shifts else None)
        side = number if sided else side
    spans = (days.day[part] // width).tolist()
    starts = [n for n in range(len(spans)) if not n or spans[n] != spans[n - 1]]
    added = np.add.reduceat(days.counts[part], starts).tolist() if starts else []
    for begin, end, summed in zip(starts, [*starts[1:], len(numbers)], added, strict=True):
        here = range(begin, end)
        taken = [numbers[n] for n in here if numbers[n] != _NEUTRAL] or [_NEUTRAL]
        stance = STANCES[taken[0]] if len(set(taken)) == 1 and taken[0] != NONE else None
        shown = next((n for n in reversed(here) if numbers[n] not in (NONE, _NEUTRAL)), here[-1])
        counts = {s: c for s, c in zip(STANCES, summed, strict=True) if c}
        at = part.start + shown
        shift = next((came[n] for n in reversed(here) if came[n]), None)
        yield Point(date.fromordinal(int(days.day[at])), who, issue, stance, counts, int(of.key[days.best(of, at)]), shift, reported)
