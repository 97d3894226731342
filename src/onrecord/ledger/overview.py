"""All positions that count, as columns in memory: what pages of a large ledger are made from.

The database adds up a matrix in seconds where a page has a fifth of one. These columns take seconds to fetch, once for each state of the ledger, and answer
every question about it in some hundredths. They hold no words: those are fetched for what is shown. Questions are those of `PositionQuery` and mean the
same; a test compares both.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, case, func, select, text

from onrecord.ledger.agenda import agenda, issue_ids
from onrecord.ledger.camps import Members, actor_keys, members_of, organization_name
from onrecord.ledger.keys import day_range
from onrecord.ledger.matrix import wanted_issues
from onrecord.ledger.standing import Order, PositionQuery, RowsBy
from onrecord.ledger.tables import actors, affiliations, positions, statements
from onrecord.positions import Agenda, Issue, Stance

__all__ = ["NONE", "STANCES", "Ints", "Overview", "Units", "overview_of"]

Ints = NDArray[np.int64]
#: In the order of their numbers.
STANCES = tuple(Stance)
#: The number of no stance: coders differ, or statements contradict each other.
NONE = -1
_COLUMNS = 7
#: Questions whose positions are kept, and what else: as much at least as the pages of all issues show.
_ASKED, _MADE, _EACH = 6, 250, 12
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Units:
    """What positions are added up in, for one kind of row: a holder on an issue; and of camps, the camp on the issue."""

    #: Of each position, the number of its unit.
    of: Ints
    #: Of each unit: number of the issue, and of the row of the matrix; of the holder within the row.
    issue: Ints
    row: Ints
    #: Of each row: the country and the organization by number, and the actor by number; -1 for none. Of actors' rows only the country of those without a name.
    country: Ints
    organization: Ints
    actor: Ints


@dataclass(frozen=True, slots=True)
class Overview:
    """The columns, oldest first. See `onrecord.ledger.overview_cells` and `overview_days` for what is made of them."""

    #: All issues, retired ones too, in the order of the agenda; numbers of issues are places in it.
    agenda: Agenda
    #: Of each position: its key, numbers of issue, actor (-1: without a name) and stance, keys of actor and affiliation as filed (0: none), score, and so on.
    key: Ints
    issue: Ints
    actor: Ints
    stance: Ints
    actor_key: Ints
    affiliation: Ints
    sure: NDArray[np.float64]
    by_hand: NDArray[np.bool_]
    reported: NDArray[np.bool_]
    #: Key of the quotation that the words are a part of; 0 for none.
    quotation: Ints
    #: Key of the statement; 0 for a position without words.
    statement: Ints
    #: Of each actor by number: key, id, name, type and country.
    people: tuple[tuple[int, str, str, str, str | None], ...]
    #: Of each affiliation by key: country and organization.
    affiliations: dict[int, tuple[str | None, str | None]]
    #: Countries by number, of each position.
    countries: tuple[str | None, ...]
    country: Ints
    #: What organizations are called, by number, and of each position.
    organizations: tuple[tuple[str | None, str | None], ...]
    organization: Ints
    _units: dict[RowsBy, Units] = field(default_factory=dict)
    _kept: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _asked: OrderedDict[PositionQuery, Ints] = field(default_factory=OrderedDict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """Numbers of issues."""
        places = {i.id: n for n, i in enumerate(self.agenda)}
        return [places[i] for i in ids]

    def wanted(self, connection: Connection, query: PositionQuery) -> tuple[Issue, ...]:
        """The issues that a query is about, see `wanted_issues`."""
        return self.once(("wanted", query.issues), lambda: wanted_issues(connection, query))

    def units(self, rows: RowsBy) -> Units:
        """What positions are added up in."""
        with self._lock:
            if rows not in self._units:
                self._units[rows] = _units(self, rows)
            return self._units[rows]

    def once(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """What was worked out for this state of the ledger before, or is now; the last ones are kept.

        Args:
            name: What tells it from all else.
            make: Works it out. Two threads may do so at once: that does no harm, and nobody waits for another.
        """
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return cast("Made", self._kept[name])
        made = make()
        with self._lock:
            self._kept[name] = made
            while len(self._kept) > max(_MADE, _EACH * len(self.agenda.issues)):
                self._kept.popitem(last=False)
        return made

    def which(self, connection: Connection, query: PositionQuery) -> Ints:
        """Places of the positions that a query is about, the oldest first; also those that others report.

        Raises:
            UsageError: The query names nobody, no camp or no issue.
        """
        # What is asked for is the same for the matrix, the days and the statements of one page.
        asked = query.but(rows=RowsBy.ACTOR, every=None, order=Order.DATE, reported=False)
        with self._lock:
            if asked in self._asked:
                self._asked.move_to_end(asked)
                return self._asked[asked]
        found = self._which(connection, asked)
        with self._lock:
            self._asked[asked] = found
            while len(self._asked) > _ASKED:
                self._asked.popitem(last=False)
        return found

    def _which(self, connection: Connection, query: PositionQuery) -> Ints:
        wanted = np.zeros(len(self.agenda) + 1, bool)
        wanted[self.numbers(i.id for i in self.wanted(connection, query) if self.agenda.get(i.id))] = True
        places = self._places(connection, query, wanted)
        first, past = day_range(query.since, query.until)
        if first is not None or past is not None:
            key = self.key[places]
            begin = 0 if first is None else int(np.searchsorted(key, first))
            places = places[begin : None if past is None else int(np.searchsorted(key, past))]
        if query.min_score:
            places = places[self.sure[places] >= query.min_score]
        if query.stances:
            # The last place is that of `NONE`.
            asked = np.zeros(len(STANCES) + 1, bool)
            asked[[STANCES.index(s) for s in query.stances]] = True
            places = places[asked[self.stance[places]]]
        if query.by_hand is not None:
            places = places[self.by_hand[places] == query.by_hand]
        if query.camp:
            places = places[self._within(connection, members_of(connection, query.camp), places)]
        return places

    def _places(self, connection: Connection, query: PositionQuery, wanted: NDArray[np.bool_]) -> Ints:
        """Places of the positions on some issues, of some actors: from the few of these, if there are any, rather than through all."""
        if query.actors:
            places = self._of_actors(actor_keys(connection, query.actors))
            return places[wanted[self.issue[places]]]
        some = np.flatnonzero(wanted)
        if len(some) == 1:
            return self.once(("places", int(some[0])), lambda: np.flatnonzero(self.issue == some[0]))
        return np.flatnonzero(wanted[self.issue])

    def _of_actors(self, keys: Iterable[int]) -> Ints:
        """Places of the positions of some actors, the oldest first: looked up in the order of actors, which is worked out once."""
        order, sorted_ = self.once("by actor", self._by_actor)
        some = [order[np.searchsorted(sorted_, k) : np.searchsorted(sorted_, k, "right")] for k in keys]
        return np.sort(np.concatenate(some)) if some else np.zeros(0, np.int64)

    def _by_actor(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.actor_key, kind="stable")
        return order, self.actor_key[order]

    def _within(self, connection: Connection, members: Members, places: Ints) -> NDArray[np.bool_]:
        actor, affiliation = self.actor_key[places], self.affiliation[places]
        keep = np.isin(actor, list(members.actors))
        if not members.country:
            return keep | np.isin(affiliation, list(members.affiliations))
        of = [k for k, (country, _) in self.affiliations.items() if country == members.country]
        elsewhere = [k for k, (country, _) in self.affiliations.items() if country is not None]
        own = connection.execute(select(actors.c.key).where(actors.c.country == members.country)).scalars().all()
        return keep | np.isin(affiliation, of) | (np.isin(actor, own) & ~np.isin(affiliation, elsewhere))

    def newest(self, connection: Connection, query: PositionQuery) -> Ints:
        """Keys of the positions that a query is about, the newest first; those that others report only if it says so.

        Raises:
            UsageError: As `which`.
        """
        which = self.which(connection, query)
        return self.key[which if query.reported else which[~self.reported[which]]][::-1]


def overview_of(connection: Connection) -> Overview:
    """Fetch the columns.

    Args:
        connection: A reading one.
    """
    p = positions.c
    stance = case(*((p.stands == str(s), n) for n, s in enumerate(STANCES)), else_=NONE)
    marks = case((p.by_hand, 2), else_=0) + case((p.reported, 1), else_=0)
    none = func.coalesce(p.actor_key, 0), func.coalesce(p.affiliation_key, 0)
    columns = p.key, p.issue_key, *none, (stance * 4 + marks).label("marks"), func.coalesce(p.statement_key, 0).label("said"), p.sure
    asked = select(*columns).where(text("positions.counts"))
    # All of it in one row of doubles, which hold keys exactly: by far the quickest way from a database's cursor to columns.
    flat = np.fromiter(chain.from_iterable(connection.execute(asked)), np.float64).reshape(-1, _COLUMNS)
    flat = flat[np.argsort(flat[:, 0], kind="stable")]
    key, issue_key, actor_key, affiliation, marked, statement = (flat[:, n].astype(np.int64) for n in range(_COLUMNS - 1))
    every = agenda(connection, retired=True)
    places = {i.id: n for n, i in enumerate(every)}
    of_issue = _looked_up({k: places[name] for k, name in issue_ids(connection).items()}, issue_key)
    people, numbers = _people(connection, actor_key)
    actor = _looked_up(numbers, actor_key)
    affiliated = {r.key: (r.country, r.organization) for r in connection.execute(select(affiliations))}
    countries, country = _countries(people, affiliated, actor, affiliation)
    organizations, by_affiliation = _organizations(affiliated)
    organization = _looked_up(by_affiliation, affiliation)
    quotation = np.zeros(len(key), np.int64)
    quoted = select(p.key, statements.c.quotation_key).select_from(statements.join(positions, statements.c.key == p.statement_key))
    pairs = np.fromiter(chain.from_iterable(connection.execute(quoted.where(statements.c.quotation_key.is_not(None)))), np.int64).reshape(-1, 2)
    if len(pairs) and len(key):
        at = np.minimum(np.searchsorted(key, pairs[:, 0]), len(key) - 1)
        there = key[at] == pairs[:, 0]
        quotation[at[there]] = pairs[there, 1]
    return Overview(
        every, key, of_issue, actor, marked // 4, actor_key, affiliation, flat[:, -1].copy(), (marked % 4 >= 2), (marked % 2 == 1), quotation, statement,  # noqa: PLR2004
        people, affiliated, countries, country, organizations, organization,
    )  # fmt: skip


def _looked_up(numbers: dict[int, int], keys: Ints) -> Ints:
    """Numbers of keys; -1 for what has none."""
    known = np.array(sorted(numbers), np.int64)
    if not len(known):
        return np.full(len(keys), -1, np.int64)
    values = np.array([numbers[k] for k in known.tolist()], np.int64)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[places] == keys, values[places], -1)


def _people(connection: Connection, keys: Ints) -> tuple[tuple[tuple[int, str, str, str, str | None], ...], dict[int, int]]:
    """Who holds positions, in the order of their names, and the number of each key: joined ones have that of whom they are known as."""
    a, wanted = actors.c, {int(k) for k in np.unique(keys) if k}
    joined = dict(connection.execute(select(a.key, a.joined).where(a.joined.is_not(None))).all())
    known = {joined.get(k, k) for k in wanted}
    rows = [tuple(r) for r in connection.execute(select(a.key, a.id, a.name, a.type, a.country)) if r.key in known]
    rows.sort(key=lambda r: (r[2], r[1]))
    places = {r[0]: n for n, r in enumerate(rows)}
    return tuple(rows), {k: places[joined.get(k, k)] for k in wanted if joined.get(k, k) in places}


def _countries(
    people: tuple[tuple[int, str, str, str, str | None], ...], affiliated: dict[int, tuple[str | None, str | None]], actor: Ints, affiliation: Ints
) -> tuple[tuple[str | None, ...], Ints]:
    """The country that each speaks for, else their own."""
    names: tuple[str | None, ...] = (None, *sorted({c for c, _ in affiliated.values() if c} | {p[4] for p in people if p[4]}))
    number = {c: n for n, c in enumerate(names)}
    own = np.array([number[p[4]] for p in people] or [0], np.int64)
    spoken_for = _looked_up({k: number[c] for k, (c, _) in affiliated.items() if c}, affiliation)
    return names, np.where(spoken_for >= 0, spoken_for, np.where(actor >= 0, own[np.maximum(actor, 0)], 0))


def _organizations(affiliated: dict[int, tuple[str | None, str | None]]) -> tuple[tuple[tuple[str | None, str | None], ...], dict[int, int]]:
    """Organizations by the words that are compared, each with one that an article has; and the number of each affiliation's."""
    called: dict[str, int] = {}
    found: list[tuple[str | None, str | None]] = [(None, None)]
    numbers: dict[int, int] = {}
    for key, (_, words) in affiliated.items():
        if words:
            name = organization_name(words)
            if name not in called:
                called[name] = len(found)
                found.append((name, words))
            numbers[key] = called[name]
    return tuple(found), numbers


def _units(of: Overview, rows: RowsBy) -> Units:
    people = len(of.people) + 1
    organization = np.maximum(of.organization, 0)
    camp = {RowsBy.COUNTRY: of.country, RowsBy.ORGANIZATION: of.country * len(of.organizations) + organization}.get(rows)
    # Those without a name are taken together by country.
    holder = np.where(of.actor >= 0, of.actor, -1)
    row_code = np.where(of.actor >= 0, of.actor, people + of.country) if camp is None else camp
    rows_, row = np.unique(row_code, return_inverse=True)
    example = np.zeros(len(rows_), np.int64)
    example[row[::-1]] = np.arange(len(row))[::-1]
    code = (of.issue * max(1, len(rows_)) + row) * people + holder + 1
    units, unit = np.unique(code, return_inverse=True)
    pair = units // people
    none = np.full(len(rows_), -1, np.int64)
    return Units(
        unit,
        pair // max(1, len(rows_)),
        pair % max(1, len(rows_)),
        of.country[example],
        organization[example] if rows is RowsBy.ORGANIZATION else none,
        of.actor[example] if camp is None else none,
    )
