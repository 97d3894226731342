"""What the ledger answers: the matrix, by actor and by camp, periods, timelines, shifts, splits."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from standing import FERRY, NOW, PIER, Said, filing

from onrecord.actors import ActorType
from onrecord.actors.judgements import Judgement, Ruling
from onrecord.actors.known_actor import KnownActor, actor_id
from onrecord.errors import UsageError
from onrecord.ledger import Cell, Ledger, Matrix, PositionQuery, Query, RowsBy
from onrecord.positions import Stance
from onrecord.positions.shifts import Held, last_held, shifts_of

SUPPORT, OPPOSE, CONDITIONAL, NEUTRAL = Stance.SUPPORT, Stance.OPPOSE, Stance.CONDITIONAL, Stance.NEUTRAL
ORSK = Said("", speaker="Lena Orsk", country="GB")
BRANDT = Said("", speaker="Tomas Brandt", country="FR")
QUILL = Said("", speaker="Ada Quill", country="FR")


def add(ledger: Ledger, day: int, who: Said, stance: str, *, month: int = 3, **more: Any) -> None:
    """One article with one statement."""
    number = len(ledger.rows()["articles"])
    words = more.pop("words", f"What is said of the pier in article {number} is said once")
    ledger.write([filing([replace(who, words=words, stance=stance, **more)], day=date(2026, month, day), name=f"m{number}")], now=NOW)


@pytest.fixture
def agenda(ledger: Ledger) -> Ledger:
    for issue in (PIER, FERRY):
        ledger.add_issue(issue, by="editor", on=NOW)
    return ledger


def cells(matrix: Matrix) -> dict[tuple[str, str], Cell]:
    return {(c.who.name, c.issue): c for c in matrix.cells}


def told(found: Matrix) -> list[tuple[str, str | None]]:
    return [(c.who.name, c.stance and str(c.stance)) for c in found.cells]


def test_a_cell_says_where_somebody_stands(agenda: Ledger) -> None:
    for day, stance in ((1, "oppose"), (3, "oppose"), (5, "conditional"), (9, "neutral")):
        add(agenda, day, ORSK, stance)
    add(agenda, 2, BRANDT, "support")
    add(agenda, 4, BRANDT, "support", issue="ferry")
    add(agenda, 4, BRANDT, "oppose", issue="ferry")
    add(agenda, 6, BRANDT, "oppose", score=0.4)
    found = agenda.matrix()
    assert found.issues == (PIER, FERRY)
    assert [w.name for w in found.rows] == ["Lena Orsk", "Tomas Brandt"]
    orsk = cells(found)["Lena Orsk", "pier"]
    assert (orsk.stance, orsk.before, orsk.trend, orsk.mixed) == (CONDITIONAL, OPPOSE, 1, False)
    assert orsk.counts == {OPPOSE: 2, CONDITIONAL: 1, NEUTRAL: 1}
    assert (orsk.statements, orsk.first, orsk.last) == (4, date(2026, 3, 1), date(2026, 3, 9))
    assert orsk.evidence is not None
    (opened,) = agenda.evidence(orsk.evidence)
    assert (opened.stance, opened.day, opened.who.id) == (CONDITIONAL, date(2026, 3, 5), orsk.who.id)
    assert found.cell(orsk.who, "pier") is orsk
    assert found.cell(orsk.who, "ferry") is None
    brandt = cells(found)
    assert (brandt["Tomas Brandt", "pier"].stance, brandt["Tomas Brandt", "pier"].trend) == (SUPPORT, 0)
    ferry = brandt["Tomas Brandt", "ferry"]
    assert (ferry.stance, ferry.mixed, ferry.counts) == (None, True, {SUPPORT: 1, OPPOSE: 1})
    assert cells(agenda.matrix(PositionQuery(min_score=0.3)))["Tomas Brandt", "pier"].stance is OPPOSE
    assert found.to_json()["cells"][0]["stance"] == "conditional"


def test_the_matrix_is_narrowed(agenda: Ledger) -> None:
    for day, who, stance, issue in ((1, ORSK, "oppose", "pier"), (2, BRANDT, "support", "pier"), (3, ORSK, "support", "ferry"), (4, QUILL, "neutral", "pier")):
        add(agenda, day, who, stance, issue=issue)

    def of(**query: Any) -> set[tuple[str, str]]:
        return set(cells(agenda.matrix(PositionQuery(**query))))

    assert of(issues=("ferry",)) == {("Lena Orsk", "ferry")}
    assert of(actors=("Orsk", "Quill")) == {("Lena Orsk", "pier"), ("Lena Orsk", "ferry"), ("Ada Quill", "pier")}
    assert of(since=date(2026, 3, 2), until=date(2026, 3, 3)) == {("Tomas Brandt", "pier"), ("Lena Orsk", "ferry")}
    assert of(stances=("support",)) == {("Tomas Brandt", "pier"), ("Lena Orsk", "ferry")}
    assert of(camp="FR") == of(camp="fr") == {("Tomas Brandt", "pier"), ("Ada Quill", "pier")}
    assert of(camp="FR", issues=("ferry",)) == set()
    assert of(by_hand=True) == set()
    for query in ({"issues": ("dredging",)}, {"actors": ("Nobody",)}, {"camp": "Nowhere"}, {"camp": "Lena Orsk"}):
        with pytest.raises(UsageError):
            of(**query)
    for query in ({"min_score": 2}, {"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, {"stances": ("maybe",)}, {"order": "best"}, {"every": "year"}):
        with pytest.raises(UsageError):
            PositionQuery(**query)  # type: ignore[arg-type]


def test_actors_who_are_one_have_one_row(agenda: Ledger) -> None:
    add(agenda, 1, ORSK, "oppose")
    add(agenda, 2, replace(ORSK, speaker="Elena Orsk"), "support")
    assert len(agenda.matrix().rows) == 2
    one, other = agenda.actor("Lena Orsk"), agenda.actor("Elena Orsk")
    agenda.judge([Judgement(one.id, other.id, Ruling.SAME, "editor", NOW)])
    (cell,) = agenda.matrix().cells
    assert (cell.who.id, cell.stance, cell.before, cell.statements) == (one.id, SUPPORT, OPPOSE, 2)
    (moved,) = agenda.shifts()
    assert (moved.who.id, moved.before.stance, moved.after.stance) == (one.id, OPPOSE, SUPPORT)
    assert agenda.matrix(PositionQuery(actors=("Elena Orsk",))).cells[0].statements == 2


def test_those_without_a_name_are_taken_for_nobody(agenda: Ledger) -> None:
    for day, country, stance in ((1, "FR", "oppose"), (2, "FR", "support"), (3, "DE", "support")):
        add(agenda, day, replace(ORSK, kind="unnamed", country=country), stance)
    found = agenda.matrix()
    assert [(c.who.id, c.who.type, c.who.country, c.statements) for c in found.cells] == [(None, "unnamed", "FR", 2), (None, "unnamed", "DE", 1)]
    assert list(agenda.shifts()) == []
    assert [p.shift_from for p in agenda.timeline("pier")] == [None, None, None]


def test_what_others_report_is_told_apart(agenda: Ledger) -> None:
    france = ("a1:france0000000000000", "France", "state")
    add(agenda, 1, ORSK, "support", words="France accepts that the pier goes", holder=france)
    found = agenda.matrix().cells
    assert [(c.who.name, c.stance, c.statements, dict(c.reported)) for c in found] == [("France", None, 0, {SUPPORT: 1})]
    found = agenda.matrix(PositionQuery(reported=True)).cells
    assert [(c.who.name, c.who.type, c.stance, c.statements, dict(c.reported)) for c in found] == [("France", "state", SUPPORT, 1, {SUPPORT: 1})]


# Camps ----------------------------------------------------------------------------------------------------------------------------------


def test_a_camp_is_its_speakers_and_the_state_itself(agenda: Ledger) -> None:
    add(agenda, 1, BRANDT, "support")
    add(agenda, 2, QUILL, "oppose")
    add(agenda, 3, replace(BRANDT, kind="unnamed"), "support")
    add(agenda, 4, ORSK, "support")
    add(agenda, 5, ORSK, "oppose", words="France rejects that the pier goes", holder=("a1:france0000000000000", "France", "state"))
    found = agenda.matrix(PositionQuery(rows=RowsBy.COUNTRY))
    france, britain = found.cells
    assert (france.who.name, france.who.country, france.who.type, france.stance, france.mixed) == ("France", "FR", "camp", None, True)
    assert {(m.who.name, m.stance) for m in france.members} == {
        ("Tomas Brandt", SUPPORT),
        ("Ada Quill", OPPOSE),
        ("unnamed speakers", SUPPORT),
        ("France", None),
    }
    assert (france.counts, dict(france.reported)) == ({SUPPORT: 2, OPPOSE: 1}, {OPPOSE: 1})
    assert (britain.who.name, britain.stance, britain.mixed) == ("United Kingdom", SUPPORT, False)
    assert britain.evidence == britain.members[0].evidence
    everyone = {"Tomas Brandt", "Ada Quill", "unnamed speakers", "France"}
    for camp in ("FR", "France", "a1:france0000000000000"):
        assert {w.name for w in agenda.matrix(PositionQuery(camp=camp)).rows} == everyone
    (split,) = agenda.split("France")
    assert [(c.who.name, c.stance) for c in split.members] == [
        ("Tomas Brandt", SUPPORT),
        ("unnamed speakers", SUPPORT),
        ("Ada Quill", OPPOSE),
        ("France", None),
    ]
    assert [e and e.words.startswith("“What is said") for e in split.evidence] == [True, True, True, None]
    assert split.evidence[2] is not None
    assert split.evidence[2].who.name == "Ada Quill"
    assert agenda.split("GB") == []
    assert split.to_json()["members"][0]["evidence"]["stance"] == "support"


def test_an_organization_is_known_by_its_words_and_by_the_roster(agenda: Ledger) -> None:
    guild = KnownActor(actor_id(ActorType.ORGANIZATION, "Pilots' Guild"), "Pilots' Guild", ActorType.ORGANIZATION, aliases=("The Guild",), country="FR")
    lodge = KnownActor(actor_id(ActorType.ORGANIZATION, "Estuary Lodge"), "Estuary Lodge", ActorType.ORGANIZATION, parent=guild.id)
    agenda.add_roster([guild, lodge, KnownActor(actor_id(ActorType.PERSON, "Mona Vey"), "Mona Vey", ActorType.PERSON, organization="Estuary Lodge")])
    add(agenda, 1, replace(BRANDT, organization="the guild"), "support")
    add(agenda, 2, replace(QUILL, organization="Estuary Lodge"), "oppose")
    add(agenda, 3, replace(ORSK, organization="Pilots' Guild"), "support")
    add(agenda, 4, replace(ORSK, speaker="Mona Vey", country=None), "conditional")
    assert {w.name for w in agenda.matrix(PositionQuery(camp="Pilots' Guild")).rows} == {"Tomas Brandt", "Ada Quill"}
    known, read = agenda.actors("Mona Vey")
    agenda.judge([Judgement(known.id, read.id, Ruling.SAME, "editor", NOW)])
    (split,) = agenda.split("Pilots' Guild")
    assert [(c.who.name, c.stance) for c in split.members] == [("Tomas Brandt", SUPPORT), ("Ada Quill", OPPOSE), ("Mona Vey", CONDITIONAL)]
    by = agenda.matrix(PositionQuery(rows="organization"))  # type: ignore[arg-type]
    assert {(c.who.name, c.who.country) for c in by.cells} == {
        ("the guild", "FR"), ("estuary lodge", "FR"), ("pilots' guild", "GB"), ("no organization", None),
    }  # fmt: skip


# Time -----------------------------------------------------------------------------------------------------------------------------------


def test_periods(agenda: Ledger) -> None:
    for month, day, stance in ((2, 27, "oppose"), (3, 1, "oppose"), (3, 2, "support"), (3, 8, "support"), (12, 31, "oppose")):
        add(agenda, day, ORSK, stance, month=month)
    months = agenda.matrix(PositionQuery(every="month"))  # type: ignore[arg-type]
    assert [(str(c.period), c.stance, c.statements) for c in months.periods] == [
        ("2026-02-01", OPPOSE, 1),
        ("2026-03-01", SUPPORT, 3),
        ("2026-12-01", OPPOSE, 1),
    ]
    weeks = agenda.matrix(PositionQuery(every="week"))  # type: ignore[arg-type]
    assert [(str(c.period), c.stance, c.statements) for c in weeks.periods] == [
        ("2026-02-23", OPPOSE, 2),
        ("2026-03-02", SUPPORT, 2),
        ("2026-12-28", OPPOSE, 1),
    ]
    assert weeks.cells == months.cells == agenda.matrix().cells
    by_camp = agenda.matrix(PositionQuery(every="month", rows="country"))  # type: ignore[arg-type]
    assert [c.who.name for c in by_camp.periods] == ["United Kingdom"] * 3


def test_a_timeline_has_a_point_for_each_day_and_holder(agenda: Ledger) -> None:
    for day, who, stance in (
        (1, ORSK, "oppose"),
        (1, BRANDT, "support"),
        (3, ORSK, "oppose"),
        (3, ORSK, "support"),
        (5, ORSK, "support"),
        (6, ORSK, "neutral"),
    ):
        add(agenda, day, who, stance)
    add(agenda, 4, ORSK, "support", issue="ferry")
    points = [(p.day.day, p.who.name, p.stance, p.shift_from) for p in agenda.timeline("pier")]
    assert points == [
        (1, "Lena Orsk", OPPOSE, None), (1, "Tomas Brandt", SUPPORT, None), (3, "Lena Orsk", None, None), (5, "Lena Orsk", SUPPORT, OPPOSE), (6, "Lena Orsk", NEUTRAL, None),
    ]  # fmt: skip
    assert [p.who.name for p in agenda.timeline("pier", PositionQuery(actors=("Brandt",)))] == ["Tomas Brandt"]
    third = next(p for p in agenda.timeline("pier") if p.shift_from)
    assert agenda.evidence(third.evidence)[0].stance is SUPPORT
    with pytest.raises(UsageError):
        list(agenda.timeline("dredging"))


def test_shifts_say_by_which_two_statements(agenda: Ledger) -> None:
    for day, who, stance in (
        (1, ORSK, "oppose"),
        (3, ORSK, "conditional"),
        (9, ORSK, "support"),
        (2, BRANDT, "support"),
        (4, BRANDT, "support"),
        (5, BRANDT, "neutral"),
    ):
        add(agenda, day, who, stance)
    last, first = agenda.shifts()
    assert [(m.who.name, m.before.stance, m.after.stance, m.before.day.day, m.after.day.day) for m in (first, last)] == [
        ("Lena Orsk", OPPOSE, CONDITIONAL, 1, 3),
        ("Lena Orsk", CONDITIONAL, SUPPORT, 3, 9),
    ]
    assert first.before.hit
    assert first.before.hit.id in {h.id for h in agenda.search(Query("pier"))}
    assert (first.to_json()["from"], first.to_json()["to"], first.to_json()["on"]) == ("oppose", "conditional", "2026-03-03")
    assert [m.after.day.day for m in agenda.shifts(PositionQuery(since=date(2026, 3, 4)))] == [9]
    assert list(agenda.shifts(PositionQuery(actors=("Brandt",)))) == []
    assert list(agenda.shifts(PositionQuery(issues=("ferry",)))) == []


def test_a_quotation_carried_later_is_no_shift_back(agenda: Ledger) -> None:
    words = "We will never close the old pier while a single boat of the northern fleet lies there"
    every = [
        filing([replace(ORSK, words=words, stance="oppose")], day=date(2026, 3, 1), name="x1", marks=True),
        filing([replace(ORSK, words="The pier may go, since the last boat has left it", stance="support")], day=date(2026, 3, 4), name="x2", marks=True),
        filing([replace(ORSK, words=words, stance="oppose")], day=date(2026, 3, 9), name="x3", marks=True),
    ]
    agenda.write(every, now=NOW)
    assert agenda.sql("SELECT count(*) FROM statements WHERE quotation_key IS NOT NULL").rows == ((2,),)
    assert [(m.before.stance, m.after.stance) for m in agenda.shifts()] == [(OPPOSE, SUPPORT)]
    assert [p.day.day for p in agenda.timeline("pier")] == [1, 4]


# Against a slow way -----------------------------------------------------------------------------------------------------------------------


def test_the_matrix_and_the_shifts_are_those_of_the_plain_rule(agenda: Ledger) -> None:
    rng = random.Random(5)
    every = []
    for n in range(120):
        who = rng.choice((ORSK, BRANDT, QUILL))
        stance, issue, score = rng.choice(list(Stance)), rng.choice(("pier", "pier", "ferry")), rng.choice((0.3, 0.6, 0.9))
        said = replace(who, words=f"Word {n} of the pier", stance=str(stance), issue=issue, score=score)
        every.append(filing([said], day=date(2026, 3, rng.randint(1, 28)), name=f"r{n}"))
    agenda.write(every, now=NOW)
    held: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for e in agenda.positions(PositionQuery(min_score=0)):
        assert e.stance is not None
        held[e.who.name, e.issue].append(Held(e.day, e.stance, e.score, e.key))
    for least in (0.5, 0.7):
        found = cells(agenda.matrix(PositionQuery(min_score=least)))
        for unit, some in held.items():
            last = last_held(some, least=least)
            counted = [h for h in some if h.score >= least]
            if last is None:
                assert unit not in found
                continue
            cell = found[unit]
            assert (cell.stance, cell.mixed, cell.statements) == (last.stance, last.mixed, len(counted))
            assert (cell.first, cell.last) == (min(h.day for h in counted), max(h.day for h in counted))
        slow = sorted((unit, s.before.day, s.after.day, s.before.stance, s.after.stance) for unit, some in held.items() for s in shifts_of(some, least=least))
        moved = agenda.shifts(PositionQuery(min_score=least))
        assert sorted(((m.who.name, m.issue), m.before.day, m.after.day, m.before.stance, m.after.stance) for m in moved) == slow


def test_order_and_pages(agenda: Ledger) -> None:
    for day, score in ((1, 0.9), (2, 0.55), (3, 0.7), (4, 0.3)):
        add(agenda, day, ORSK, "support", score=score)

    def days(**query: Any) -> list[int]:
        return [e.day.day for e in agenda.positions(PositionQuery(**query))]

    assert days() == [3, 2, 1]
    assert days(order="oldest", min_score=0) == [1, 2, 3, 4]
    assert days(order="uncertain", min_score=0) == [2, 3, 4, 1]
    assert [e.day.day for e in agenda.positions(limit=1, offset=1)] == [2]
    assert [e.day.day for e in agenda.positions(PositionQuery(not_coded_by="ana"), limit=1, offset=1)] == [2]
    assert agenda.count_positions() == agenda.count_positions(PositionQuery(not_coded_by="ana")) == 3


def test_the_index_alone_answers_the_matrix(agenda: Ledger) -> None:
    if not agenda.database.is_sqlite:
        pytest.skip("how PostgreSQL asks depends on how much there is")
    add(agenda, 1, ORSK, "support")
    plan = agenda.sql(
        "EXPLAIN QUERY PLAN SELECT issue_key, actor_key, reported, affiliation_key, stands, count(*), min(key), max(key) FROM positions "
        "WHERE positions.counts AND issue_key IN (1, 2) AND sure >= 0.5 GROUP BY 1, 2, 3, 4, 5"
    ).rows
    assert [r[-1] for r in plan] == ["SEARCH positions USING COVERING INDEX ix_positions_counts (issue_key=?)"]


@pytest.mark.parametrize("ask", [lambda g: g.matrix(), lambda g: list(g.positions()), lambda g: list(g.shifts()), lambda g: list(g.timeline("pier"))])
def test_an_empty_ledger_has_nothing_to_say(agenda: Ledger, ask: Callable[[Ledger], Any]) -> None:
    found = ask(agenda)
    assert (found.cells if isinstance(found, Matrix) else found) in ((), [])
