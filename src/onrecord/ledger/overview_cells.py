"""The matrix out of columns in memory: some rows of it at a time, and how many actors stand where on each issue.

The rules are those of `onrecord.ledger.matrix`, with numbers for words; a test holds one against the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from onrecord.actors.countries import state_name
from onrecord.ledger.camps import UNNAMED
from onrecord.ledger.keys import DAY
from onrecord.ledger.overview import NONE, STANCES, Ints, Overview, Units
from onrecord.ledger.standing import Cell, Every, Matrix, PositionQuery, RowsBy, Who
from onrecord.positions import Stance

__all__ = ["MatrixPart", "matrix_part", "stances_held", "who_of"]

_SIDES, _NEUTRAL, _ALL = 3, 3, len(STANCES)
_WEEK = 7
#: Periods of a track at most, the last ones.
_PERIODS = 18


@dataclass(frozen=True, slots=True)
class MatrixPart:
    """Some rows of a matrix."""

    #: These rows. Cells of camps are without their members; there are no periods.
    matrix: Matrix
    #: How many rows the whole matrix has.
    rows: int
    #: With `every`: the first day of each of the last periods, and the stance of each cell in each: None if nothing was said, "mixed", "other" if it counts for
    #: no stance.
    periods: tuple[date, ...] = ()
    tracks: Mapping[tuple[int, str], tuple[str | None, ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The rows as of a matrix, with `total`, and the tracks under `periods`."""
        tracks = [
            {"who": self.matrix.rows[row].to_json(), "issue": issue, "from": first.isoformat(), "stance": stance}
            for (row, issue), track in self.tracks.items()
            for first, stance in zip(self.periods, track, strict=True)
            if stance
        ] if self.periods else []  # fmt: skip
        return {**self.matrix.to_json(), "periods": tracks, "total": self.rows}


@dataclass(frozen=True, slots=True)
class _Sums:
    """What adds up to cells, a row for each unit."""

    count: Ints
    last: Ints
    first: Ints
    disputed: Ints
    by_hand: Ints
    reported: Ints
    #: Whether there is anything at all.
    there: NDArray[np.bool_]


def _summed(of: Overview, unit: Ints, which: Ints, *, units: int, reported: bool) -> _Sums:
    """Add up some positions.

    Args:
        of: The columns.
        unit: Of each of `which`, the number of its unit.
        which: Places of positions, oldest first.
        units: How many units there are.
        reported: Whether what others report counts.
    """
    told = of.reported[which]
    stance, key = of.stance[which], of.key[which]
    counts = np.ones(len(which), bool) if reported else ~told
    sided, by_others = counts & (stance != NONE), told & (stance != NONE)
    pair = unit * _ALL + stance
    last, first = np.zeros(units * _ALL, np.int64), np.zeros(units, np.int64)
    # Oldest first: where a place is written more than once, the last one stays.
    last[pair[sided]] = key[sided]
    first[unit[sided][::-1]] = key[sided][::-1]
    return _Sums(
        np.bincount(pair[sided], minlength=units * _ALL).reshape(units, _ALL),
        last.reshape(units, _ALL),
        first,
        np.bincount(unit[counts & (stance == NONE)], minlength=units),
        np.bincount(unit[counts & of.by_hand[which]], minlength=units),
        np.bincount(pair[by_others], minlength=units * _ALL).reshape(units, _ALL),
        np.bincount(unit, minlength=units) > 0,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """Where units stand: numbers of stances, `NONE` for none."""

    stance: Ints
    before: Ints
    mixed: NDArray[np.bool_]
    evidence: Ints


def _held(sums: _Sums) -> _Held:
    sides = sums.last[:, :_SIDES]
    order = np.argsort(-sides, axis=1, kind="stable")
    newest, second = (np.take_along_axis(sides, order[:, n : n + 1], axis=1)[:, 0] for n in (0, 1))
    mixed = (second > 0) & (newest // DAY == second // DAY)
    neutral = sums.last[:, _NEUTRAL]
    stance = np.where(newest > 0, np.where(mixed, NONE, order[:, 0]), np.where(neutral > 0, _NEUTRAL, NONE))
    return _Held(stance, np.where((second > 0) & ~mixed, order[:, 1], NONE), mixed, np.where(newest > 0, newest, neutral))


def _of_camps(sums: _Sums, held: _Held, camp: Ints, camps: int) -> tuple[_Sums, _Held]:
    """Cells of camps out of those of their members: a camp stands where all its members stand who take a side."""

    def added(column: Ints) -> Ints:
        out = np.zeros((camps, *column.shape[1:]), np.int64)
        np.add.at(out, camp, column)
        return out

    taken = np.zeros((camps, _ALL), bool)
    some = held.stance != NONE
    taken[camp[some], held.stance[some]] = True
    open_ = np.zeros(camps, bool)
    open_[camp[held.mixed]] = True
    sides = taken[:, :_SIDES].sum(axis=1)
    one = (sides == 1) & ~open_
    stance = np.where(one, taken[:, :_SIDES].argmax(axis=1), np.where((sides == 0) & ~open_ & taken[:, _NEUTRAL], _NEUTRAL, NONE))
    evidence, before = np.zeros(camps, np.int64), np.full(camps, NONE)
    agrees = (held.stance == stance[camp]) & (held.evidence > 0)
    order = np.flatnonzero(agrees)[np.argsort(held.evidence[agrees], kind="stable")]
    evidence[camp[order]] = held.evidence[order]
    before[camp[order]] = held.before[order]
    before[stance == NONE] = NONE
    last = np.zeros((camps, _ALL), np.int64)
    np.maximum.at(last, camp, sums.last)
    first = np.full(camps, np.iinfo(np.int64).max)
    said = sums.first > 0
    np.minimum.at(first, camp[said], sums.first[said])
    first[first == np.iinfo(np.int64).max] = 0
    there = np.zeros(camps, bool)
    there[camp[sums.there]] = True
    whole = _Sums(added(sums.count), last, first, added(sums.disputed), added(sums.by_hand), added(sums.reported), there)
    return whole, _Held(stance, before, (sides > 1) | open_, evidence)


def matrix_part(connection: Connection, of: Overview, query: PositionQuery, *, offset: int = 0, limit: int = 50) -> MatrixPart:
    """Some rows of the matrix, those with most statements first.

    Args:
        connection: A reading one: names are looked up in it.
        of: The columns.
        query: Which positions, and what a row is.
        offset: How many rows to pass over first.
        limit: How many rows at most.

    Raises:
        UsageError: The query names nobody, no camp or no issue.
    """
    wanted = of.wanted(connection, query)
    units, which = of.units(query.rows), of.which(connection, query)
    unit = units.of[which]
    counted = np.ones(len(which), bool) if query.reported else ~of.reported[which]
    total = np.bincount(units.row[unit[counted]], minlength=len(units.country))
    there = np.flatnonzero(np.bincount(units.row[unit], minlength=len(units.country)))
    ranked = there[np.argsort(-total[there], kind="stable")]
    shown = ranked[offset : offset + limit]
    place = np.full(len(units.country), -1, np.int64)
    place[shown] = np.arange(len(shown))
    places_of = place[units.row[unit]]
    mine = places_of >= 0
    which, unit, places_of = which[mine], unit[mine], places_of[mine]
    named, small = _renumbered(unit, len(units.row))
    sums = _summed(of, small, which, units=len(named), reported=query.reported)
    held = _held(sums)
    issue, row = units.issue[named], place[units.row[named]]
    if query.rows is not RowsBy.ACTOR:
        camps, camp = np.unique(issue * max(1, len(shown)) + row, return_inverse=True)
        sums, held = _of_camps(sums, held, camp, len(camps))
        issue, row = camps // max(1, len(shown)), camps % max(1, len(shown))
        small = camp[small]
    by_row = np.argsort(places_of, kind="stable")
    ends = np.searchsorted(places_of[by_row], np.arange(len(shown) + 1))
    whos = [_who(of, units, int(r), which[by_row[ends[n] : ends[n + 1]]], query.rows) for n, r in enumerate(shown)]
    ids = [i.id for i in of.agenda]
    places = {i.id: n for n, i in enumerate(wanted)}
    order = sorted(range(len(issue)), key=lambda n: (row[n], places[ids[issue[n]]]))
    cells = tuple(_cell(sums, held, n, whos[row[n]], ids[issue[n]]) for n in order)
    periods, tracks = _tracks(of, small, which, [(int(r), ids[i]) for r, i in zip(row, issue, strict=True)], query) if query.every else ((), {})
    return MatrixPart(Matrix(wanted, tuple(whos), cells), len(ranked), periods, tracks)


def _renumbered(unit: Ints, units: int) -> tuple[Ints, Ints]:
    """The units there are, and of each position the place of its unit among them: sorted if they are few, else looked up among all."""
    if len(unit) * 16 < units:
        named, small = np.unique(unit, return_inverse=True)
        return named, small.reshape(-1)
    there, places = np.zeros(units, bool), np.zeros(units, np.int64)
    there[unit] = True
    named = np.flatnonzero(there)
    places[named] = np.arange(len(named))
    return named, places[unit]


def _cell(sums: _Sums, held: _Held, n: int, who: Who, issue: str) -> Cell:
    ever = int(sums.last[n].max())
    stance, before = int(held.stance[n]), int(held.before[n])
    return Cell(
        who,
        issue,
        STANCES[stance] if stance != NONE else None,
        {s: int(c) for s, c in zip(STANCES, sums.count[n], strict=True) if c},
        date.fromordinal(int(sums.first[n]) // DAY) if ever else None,
        date.fromordinal(ever // DAY) if ever else None,
        STANCES[before] if before != NONE else None,
        bool(held.mixed[n]),
        int(sums.disputed[n]),
        int(sums.by_hand[n]),
        {s: int(c) for s, c in zip(STANCES, sums.reported[n], strict=True) if c},
        int(held.evidence[n]) or None,
    )


def _who(of: Overview, units: Units, row: int, which: Ints, rows: RowsBy) -> Who:
    country = of.countries[units.country[row]]
    if rows is RowsBy.COUNTRY:
        return Who(None, (state_name(country) or country) if country else "no country", "camp", country)
    if rows is RowsBy.ORGANIZATION:
        words = of.organizations[units.organization[row]][1]
        return Who(None, words or "no organization", "camp", country, words)
    actor = int(units.actor[row])
    if actor < 0:
        return Who(None, UNNAMED, "unnamed", country)
    return who_of(of, actor, which)


def who_of(of: Overview, actor: int, which: Ints) -> Who:
    """An actor, with whom they speak for in most of some positions.

    Args:
        of: The columns.
        actor: Number.
        which: Places of the positions.
    """
    _, id_, name, type_, own = of.people[actor]
    spoken_for, counts = np.unique(of.affiliation[which], return_counts=True)
    most = int(spoken_for[counts.argmax()]) if len(spoken_for) else 0
    country, organization = of.affiliations.get(most, (None, None))
    return Who(id_, name, type_, country or own, organization)


# Through time -----------------------------------------------------------------------------------------------------------------------


def _tracks(
    of: Overview, unit: Ints, which: Ints, cells: list[tuple[int, str]], query: PositionQuery
) -> tuple[tuple[date, ...], dict[tuple[int, str], tuple[str | None, ...]]]:
    """Where each cell stood in each of the last periods."""
    if not len(which):
        return (), {}
    days = of.key[which] // DAY
    if query.every is Every.WEEK:
        number = (days - 1) // _WEEK
        period, begins = number, [date.fromordinal(int(n) * _WEEK + 1) for n in range(int(number.max()) - _PERIODS + 1, int(number.max()) + 1)]
    else:
        months = (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]").astype("datetime64[M]")
        period = months.astype(np.int64)
        begins = [(np.datetime64(0, "M") + n).astype("datetime64[D]").astype(date) for n in range(int(period.max()) - _PERIODS + 1, int(period.max()) + 1)]
    column = period - (int(period.max()) - _PERIODS + 1)
    recent = column >= 0
    code = unit[recent] * _PERIODS + column[recent]
    sums = _summed(of, code, which[recent], units=len(cells) * _PERIODS, reported=query.reported)
    held = _held(sums)
    if query.rows is not RowsBy.ACTOR:
        # Of a camp, two sides in one period are no stance, whoever took them.
        differ = (sums.last[:, :_SIDES] > 0).sum(axis=1) > 1
        held = _Held(np.where(differ, NONE, held.stance), held.before, held.mixed | differ, held.evidence)
    words = list(STANCES)
    out = {}
    for n, cell in enumerate(cells):
        part = slice(n * _PERIODS, (n + 1) * _PERIODS)
        some = zip(held.stance[part].tolist(), held.mixed[part].tolist(), sums.there[part].tolist(), strict=True)
        out[cell] = tuple(None if not there else "mixed" if mixed else str(words[s]) if s != NONE else "other" for s, mixed, there in some)
    first = int(column.min()) if column.min() > 0 else 0
    return tuple(begins[first:]), {cell: track[first:] for cell, track in out.items()}


# Of all ----------------------------------------------------------------------------------------------------------------------------


def stances_held(connection: Connection, of: Overview, query: PositionQuery) -> dict[str, dict[Stance | None, int]]:
    """How many actors stand where on each issue; None: their last day is mixed, or all there is counts for no stance. Those without a name are left out.

    Args:
        connection: A reading one.
        of: The columns.
        query: Which positions.

    Raises:
        UsageError: As `matrix_part`.
    """
    units, which = of.units(RowsBy.ACTOR), of.which(connection, query)
    sums = _summed(of, units.of[which], which, units=len(units.row), reported=query.reported)
    held = _held(sums)
    named = sums.there & (units.actor[units.row] >= 0)
    found: dict[str, dict[Stance | None, int]] = {i.id: {} for i in of.wanted(connection, query)}
    if not named.any():
        return found
    pairs, counts = np.unique(np.stack((units.issue[named], held.stance[named])), axis=1, return_counts=True)
    ids = [i.id for i in of.agenda]
    for (issue, stance), count in zip(pairs.T.tolist(), counts.tolist(), strict=True):
        found.setdefault(ids[issue], {})[STANCES[stance] if stance != NONE else None] = count
    return found
