"""Columns in memory against the database: the same matrix, the same days, the same shifts, whatever is asked."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from standing import FERRY, NOW, PIER, Said, filing

from onrecord.actors.judgements import Judgement, Ruling
from onrecord.errors import UsageError
from onrecord.ledger import Cell, Ledger, PositionQuery, RowsBy
from onrecord.ledger.camps import organization_name
from onrecord.ledger.coding import Coding
from onrecord.ledger.overview import Overview, overview_of
from onrecord.ledger.overview_cells import matrix_part, stances_held
from onrecord.ledger.overview_days import courses, last_turns, moved, turns
from onrecord.ledger.standing import Who
from onrecord.positions import Stance

ORSK = Said("", speaker="Lena Orsk", country="GB")
PEOPLE = (
    ORSK,
    Said("", speaker="Elena Orsk", country="GB", organization="Pilots' Guild"),
    Said("", speaker="Tomas Brandt", country="FR", organization="the Pilots' Guild"),
    Said("", speaker="Ada Quill", country="FR"),
    Said("", speaker="Ada Quill", country=None),
    Said("", speaker="Nobody", country="FR", kind="unnamed"),
    Said("", speaker="Nobody", country="DE", kind="unnamed"),
)
FRANCE = ("a1:france0000000000000", "France", "state")
QUERIES = [
    {}, {"min_score": 0.0}, {"min_score": 0.8}, {"reported": True}, {"issues": ("ferry",)}, {"stances": (Stance.OPPOSE, Stance.NEUTRAL)}, {"by_hand": True},
    {"by_hand": False}, {"camp": "FR"}, {"camp": "France"}, {"actors": ("Brandt", "Quill")}, {"since": date(2026, 2, 10), "until": date(2026, 3, 9)},
    {"since": date(2026, 3, 9)}, {"issues": ("ferry", "pier"), "reported": True, "camp": "FR", "until": date(2026, 3, 20)},
]  # fmt: skip


@pytest.fixture
def mixed(ledger: Ledger) -> Ledger:
    """A ledger with a bit of everything: several versions of an issue, joined actors, those without a name, what is reported, carried again, coded by hand."""
    for issue in (PIER, FERRY):
        ledger.add_issue(issue, by="editor", on=NOW)
    rng = random.Random(11)
    every = []
    for n in range(90):
        words = rng.choice((f"Word {n} of the pier is said", "We will never close the old pier while a single boat of the fleet lies there"))
        said = replace(
            rng.choice(PEOPLE),
            words=words,
            stance=str(rng.choice(list(Stance))),
            issue=rng.choice(("pier", "pier", "ferry")),
            score=rng.choice((0.3, 0.6, 0.9)),
        )
        if rng.random() < 0.15:
            said = replace(said, words=f"France accepts {n} that the pier goes", holder=FRANCE)
        every.append(filing([said], day=date(2026, rng.randint(1, 4), rng.randint(1, 8)), name=f"r{n}", marks=True))
    ledger.write(every, now=NOW)
    ledger.add_issue(replace(PIER, label="Closing the old pier for good"), by="editor", on=NOW)
    one, other = (next(a for a in ledger.actors("Orsk") if a.name == name) for name in ("Lena Orsk", "Elena Orsk"))
    ledger.judge([Judgement(one.id, other.id, Ruling.SAME, "editor", NOW)])
    for n, e in enumerate(list(ledger.positions(limit=12))):
        assert e.hit
        for by, stance in (("ana", Stance.SUPPORT), ("ben", Stance.OPPOSE if n % 3 == 0 else Stance.SUPPORT)):
            ledger.code(Coding(e.hit.where.article, e.hit.id, e.hit.content, e.issue, stance, by, NOW))
    return ledger


def fetched(ledger: Ledger) -> Overview:
    with ledger.database.reading() as connection:
        return overview_of(connection)


def plain(cell: Cell) -> Cell:
    return replace(cell, who=named(cell.who), members=(), counts=dict(cell.counts), reported=dict(cell.reported))


def named(who: Who) -> Who:
    """An organization is called as one of its articles has it, whichever."""
    if who.type != "camp" or not who.organization:
        return who
    return replace(who, name=organization_name(who.name), organization=organization_name(who.organization))


@pytest.mark.parametrize("rows", list(RowsBy))
def test_the_matrix_is_the_database_s(mixed: Ledger, rows: RowsBy) -> None:
    of = fetched(mixed)
    assert len(of.key) == len(mixed.sql("SELECT key FROM positions WHERE counts").rows) > 80
    for asked in QUERIES:
        query = PositionQuery(rows=rows, **asked)
        whole = mixed.matrix(query)
        with mixed.database.reading() as connection:
            parts = [matrix_part(connection, of, query, offset=n, limit=2) for n in range(0, len(whole.rows) + 1, 2)]
        assert all(p.rows == len(whole.rows) for p in parts)
        rank = {w: n for n, w in enumerate(sorted({named(w) for p in parts for w in p.matrix.rows}, key=repr))}
        found = sorted((plain(c) for p in parts for c in p.matrix.cells), key=lambda c: (rank[c.who], c.issue))
        assert set(rank) == set(map(named, whole.rows)), asked
        assert found == sorted((plain(c) for c in whole.cells), key=lambda c: (rank[c.who], c.issue)), asked
        totals = [sum(c.statements + c.disputed for c in whole.cells if named(c.who) == named(w)) for p in parts for w in p.matrix.rows]
        assert totals == sorted(totals, reverse=True)


@pytest.mark.parametrize("every", ["week", "month"])
def test_tracks_are_the_last_periods(mixed: Ledger, every: str) -> None:
    of = fetched(mixed)
    query = PositionQuery(every=every)  # type: ignore[arg-type]
    whole = mixed.matrix(query)
    with mixed.database.reading() as connection:
        part = matrix_part(connection, of, query)
    slow = {(c.who, c.issue, c.period): c for c in whole.periods}
    assert 0 < len(part.periods) <= 18
    for (row, issue), track in part.tracks.items():
        for period, word in zip(part.periods, track, strict=True):
            cell = slow.get((part.matrix.rows[row], issue, period))
            assert word == (None if cell is None else "mixed" if cell.mixed else cell.stance or "other")
    told = [t for t in part.to_json()["periods"] if t["stance"]]
    assert len(told) == sum(1 for c in whole.periods if c.period in part.periods)


def test_days_are_the_database_s(mixed: Ledger) -> None:
    of = fetched(mixed)
    for asked in QUERIES:
        if "issues" in asked:
            continue
        query = PositionQuery(issues=("pier",), **asked)
        with mixed.database.reading() as connection:
            found, count = courses(connection, of, query, limit=100)
        assert count == len(found)

        def told(p: Any) -> Any:
            return (p.day, p.who.id, p.who.country if p.who.id is None else None, p.stance, dict(p.counts), p.evidence, p.shift_from, p.reported)

        assert sorted((told(p) for c in found for p in c.points), key=repr) == sorted((told(p) for p in mixed.timeline("pier", query)), key=repr), asked
        assert [c.statements for c in found] == sorted((c.statements for c in found), reverse=True)


def test_days_of_a_span_are_taken_together(mixed: Ledger) -> None:
    of = fetched(mixed)
    with mixed.database.reading() as connection:
        apart, _ = courses(connection, of, PositionQuery(issues=("pier",)))
        together, _ = courses(connection, of, PositionQuery(issues=("pier",)), width=1000)
    for one, other in zip(apart, together, strict=True):
        assert sum(sum(p.counts.values()) for p in one.points) == sum(sum(p.counts.values()) for p in other.points)
        assert len(other.points) <= 2


def test_shifts_are_the_database_s(mixed: Ledger) -> None:
    of = fetched(mixed)
    seen = 0
    for asked in QUERIES:
        query = PositionQuery(**asked)
        with mixed.database.reading() as connection:
            some, count = turns(connection, of, query, limit=1000)
            found = list(moved(of, some, {e.key: e for e in mixed.evidence([k for t in some for k in t.keys])}))
            last = last_turns(connection, of, query)
        slow = list(mixed.shifts(query))
        assert count == len(found) == len(slow)
        assert sorted(repr((m.issue, m.who.id, m.before.key, m.after.key, m.days_before, m.days_after)) for m in found) == sorted(
            repr((m.issue, m.who.id, m.before.key, m.after.key, m.days_before, m.days_after)) for m in slow
        )
        assert [m.after.day for m in found] == [m.after.day for m in slow]
        if not (query.since or query.until):
            assert {i: t.day for i, t in last.items()} == {i: max(m.after.day for m in slow if m.issue == i) for i in {m.issue for m in slow}}
        seen += count
    assert seen > 10


def test_how_many_stand_where(mixed: Ledger) -> None:
    of = fetched(mixed)
    with mixed.database.reading() as connection:
        found = stances_held(connection, of, PositionQuery())
    for issue, counts in found.items():
        cells = [c for c in mixed.matrix().cells if c.issue == issue and c.who.id]
        assert {s: n for s, n in counts.items() if n} == {s: n for s in (*Stance, None) if (n := sum(1 for c in cells if c.stance is s))}


def test_evidence_is_the_database_s(mixed: Ledger) -> None:
    of = fetched(mixed)
    for asked in QUERIES:
        query = PositionQuery(**asked)
        with mixed.database.reading() as connection:
            assert of.newest(connection, query).tolist() == [e.key for e in mixed.positions(query)]


def test_an_empty_ledger(ledger: Ledger) -> None:
    of = fetched(ledger)
    with ledger.database.reading() as connection:
        for rows in RowsBy:
            assert matrix_part(connection, of, PositionQuery(rows=rows, every="week")).matrix.rows == ()  # type: ignore[arg-type]
        assert turns(connection, of, PositionQuery(), limit=5) == ([], 0)
        assert last_turns(connection, of, PositionQuery()) == {}
        assert stances_held(connection, of, PositionQuery()) == {}
    ledger.add_issue(PIER, by="editor", on=NOW)
    of = fetched(ledger)
    with ledger.database.reading() as connection:
        assert courses(connection, of, PositionQuery(issues=("pier",))) == ([], 0)
        assert stances_held(connection, of, PositionQuery()) == {"pier": {}}
        with pytest.raises(UsageError):
            of.which(connection, PositionQuery(camp="Atlantis"))
        with pytest.raises(UsageError):
            of.which(connection, PositionQuery(issues=("dredging",)))
