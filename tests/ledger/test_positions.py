"""What is filed of where actors stand: issues in versions, positions as rows, what takes the place of what."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from standing import CODER, FERRY, NOW, PIER, Said, article, filing

from onrecord.errors import StatementError, UsageError
from onrecord.ledger import Examined, Ledger, PositionQuery, Query, ReadBy, StatementJudgement, Verdict
from onrecord.ledger.packing import entry_of, packed
from onrecord.ledger.tables import examined
from onrecord.positions import Act, Agenda, Coded, Holder, Issue, Position, Stance
from onrecord.text import Span

BOAT = Said("We will close it once the last boat is home", stance="conditional", condition="the last boat is home", act="promise")
NEVER = Said(
    "Nobody closes the old pier while I am here", speaker="Tomas Brandt", country="FR", stance="oppose", score=0.8, organization="Pilots' Guild", act="reject"
)
NEWER = ReadBy("invented-2.0.0", "m1:newer")


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    for issue in (PIER, FERRY):
        ledger.add_issue(issue, by="editor", on=NOW)
    ledger.write([filing([BOAT, NEVER])], now=NOW)
    return ledger


def stances(ledger: Ledger, **query: object) -> list[tuple[str, str, str | None]]:
    return [(e.who.name, e.issue, e.stance and str(e.stance)) for e in ledger.positions(PositionQuery(order="oldest", **query))]  # type: ignore[arg-type]


# Packing ----------------------------------------------------------------------------------------------------------------------------

TEXT = "“We will close it once the last boat is home,” Lena Orsk said. \U0001f6a2 e\u0301\n\nThe Pilots’ Guild agrees."


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, len(TEXT) - 2))
    return Span.of(TEXT, start, draw(st.integers(start + 1, len(TEXT))))


#: What `str.isprintable` says yes to: all but control characters, what is not assigned and separators, and the blank.
_words = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1, max_size=12)
_holders = st.none() | st.builds(Holder, st.none() | st.just("a1:0123456789abcdef0123"), _words, st.sampled_from(["state", "person", "unnamed"]), spans())
_positions = st.builds(Position, st.just("pier"), st.sampled_from(Stance), st.floats(0, 1), st.lists(spans(), max_size=2).map(tuple), _holders, _words)


@given(act=st.none() | st.builds(Coded, st.sampled_from(Act), st.floats(0, 1), _words), found=st.lists(_positions, max_size=3).map(tuple))
def test_act_and_positions_come_out_of_the_packed_entry_as_they_went_in(act: Coded | None, found: tuple[Position, ...]) -> None:
    _, (entry,) = article([Said("We will close it")])
    text = TEXT + entry.statement.content[0].exact * 50
    moved = replace(entry, statement=replace(entry.statement, content=(Span.of(text, 0, 5),), cue=(), source=(), verbatim=()))
    speaker = replace(moved.voice.speaker, span=None)
    whole = replace(moved, voice=replace(moved.voice, speaker=speaker), act=act, positions=found)
    statement = whole.statement
    again = entry_of(packed(whole), text=text, revision=statement.revision, kind=str(statement.kind), said_on=None, reader=statement.reader)
    assert again == whole


def test_what_is_filed_is_what_comes_out(filled: Ledger) -> None:
    made, entries = article([BOAT, NEVER])
    hits = {h.id: h for h in filled.search(Query())}
    assert {i: h.entry for i, h in hits.items()} == {e.id: e for e in entries}
    shown = {e.hit.id: e for e in filled.positions() if e.hit}
    assert [shown[e.id].machine for e in entries] == [e.positions[0] for e in entries]
    assert shown[entries[0].id].condition[0].exact == "the last boat is home"
    assert shown[entries[1].id].who.organization == "pilots' guild"
    assert made.revision.text[shown[entries[0].id].condition[0].start :].startswith("the last boat")
    assert filled.check() == []
    filled.write([filing([BOAT, NEVER])], now=NOW)
    assert filled.count_positions() == 2


def test_a_position_that_does_not_hold_its_words_is_refused(filled: Ledger) -> None:
    bad = filing([BOAT], name="b")
    entry = bad.parts[0].entries[0]
    wrong = replace(entry.positions[0], condition=(Span(3, 7, "nope"),))
    part = replace(bad.parts[0], entries=(replace(entry, positions=(wrong,)),))
    with pytest.raises(StatementError):
        filled.write([replace(bad, parts=(part,))], now=NOW)
    assert filled.count_positions() == 2


@pytest.mark.parametrize(("said", "day"), [("2026-02-27", "2026-02-27"), ("2026-02", "2026-03-01"), ("2026-02-27~", "2026-03-01"), (None, "2026-03-01")])
def test_the_day_is_that_of_speaking_if_it_is_one_day_else_that_of_publication(filled: Ledger, said: str | None, day: str) -> None:
    filled.write([filing([replace(BOAT, speaker="Ada Quill", said_on=said)], name="b")], now=NOW)
    (found,) = filled.positions(PositionQuery(actors=("Quill",)))
    assert found.day.isoformat() == day


def test_the_act_stands_on_the_statement(filled: Ledger) -> None:
    assert filled.sql("SELECT act, act_score FROM statements ORDER BY key").rows == (("promise", 0.8), ("reject", 0.8))


# The agenda -------------------------------------------------------------------------------------------------------------------------


def test_an_edit_is_another_version_and_the_first_stays(ledger: Ledger) -> None:
    assert ledger.add_issue(PIER, by="editor", on=NOW, note="from the council")
    assert not ledger.add_issue(PIER, by="another", on=NOW)
    ledger.add_issue(FERRY, by="editor", on=NOW)
    edited = replace(PIER, aliases=("closure",))
    assert ledger.add_issue(edited, by="chief", on=NOW + timedelta(days=1))
    assert ledger.agenda() == Agenda((edited, FERRY))
    versions = ledger.issue_versions("pier")
    assert [(v.number, v.issue, v.by, v.retired) for v in versions] == [(1, PIER, "editor", False), (2, edited, "chief", False)]
    assert versions[0].to_json() | {"version": 1, "note": "from the council"} == versions[0].to_json()
    ledger.retire_issue("pier", by="chief", on=NOW + timedelta(days=2))
    assert [i.id for i in ledger.agenda()] == ["ferry"]
    assert [i.id for i in ledger.agenda(retired=True)] == ["pier", "ferry"]
    with pytest.raises(UsageError, match="no such issue"):
        ledger.retire_issue("pier", by="chief")
    assert ledger.add_issue(edited, by="chief")
    assert [(v.number, v.retired) for v in ledger.issue_versions("pier")] == [(1, False), (2, False), (3, True), (4, False)]
    with pytest.raises(UsageError, match="no such issue"):
        ledger.issue_versions("dredging")
    with pytest.raises(UsageError, match="who"):
        ledger.add_issue(Issue("x", "y"), by=" ")
    assert ledger.check() == []


def test_positions_of_an_edited_issue_count_until_they_are_coded_anew(filled: Ledger) -> None:
    filled.add_issue(replace(PIER, label="Closing the pier"), by="editor")
    assert [s for _, _, s in stances(filled)] == ["conditional", "oppose"]
    filled.retire_issue("pier", by="editor")
    assert stances(filled) == []
    assert [s for _, _, s in stances(filled, issues=("pier",))] == ["conditional", "oppose"]


def test_what_the_agenda_does_not_have_stays_in_the_entry_alone(filled: Ledger) -> None:
    filled.write([filing([replace(BOAT, issue="dredging")], name="b", day=date(2026, 3, 2))], now=NOW)
    assert filled.count_positions() == 2
    assert next(filled.search(Query())).entry.positions[0].issue == "dredging"


# What takes the place of what ---------------------------------------------------------------------------------------------------------


def test_a_newer_reading_takes_the_place_of_an_older_one(filled: Ledger) -> None:
    filled.write([filing([replace(BOAT, stance="support", condition=None), NEVER], again=True, reader=NEWER)], now=NOW)
    assert [s for _, _, s in stances(filled)] == ["support", "oppose"]
    assert len(filled.rows()["positions"]) == 4
    assert filled.check() == []


def test_a_text_that_was_changed_takes_its_positions_with_it_and_brings_them_back(filled: Ledger) -> None:
    filled.write([filing([NEVER], hours=2)], now=NOW)
    assert [w for w, _, _ in stances(filled)] == ["Tomas Brandt"]
    assert filled.check() == []
    filled.write([filing([BOAT, NEVER], hours=4)], now=NOW)
    assert [w for w, _, _ in stances(filled)] == ["Lena Orsk", "Tomas Brandt"]
    assert filled.check() == []


def test_what_is_judged_wrong_shows_no_position_and_another_speaker_holds_it(filled: Ledger) -> None:
    hit = next(h for h in filled.search(Query("boat")))
    wrong = StatementJudgement(hit.id, hit.where.article, hit.content, Verdict.WRONG, None, "editor", NOW)
    filled.judge_statement(wrong)
    assert [w for w, _, _ in stances(filled)] == ["Tomas Brandt"]
    filled.take_back(wrong.id, by="editor")
    assert [w for w, _, _ in stances(filled)] == ["Lena Orsk", "Tomas Brandt"]
    brandt = filled.actor("Tomas Brandt")
    filled.judge_statement(StatementJudgement(hit.id, hit.where.article, hit.content, Verdict.SPEAKER, brandt.id, "editor", NOW + timedelta(minutes=1)))
    found = list(filled.positions(PositionQuery(order="oldest")))  # type: ignore[arg-type]
    assert [(e.who.name, e.who.country) for e in found] == [("Tomas Brandt", "FR")] * 2
    filled.write([filing([BOAT, NEVER], again=True, reader=NEWER)], now=NOW)
    assert [w for w, _, _ in stances(filled)] == ["Tomas Brandt"] * 2
    assert filled.check() == []


def test_an_unknown_speaker_stands_nowhere_and_an_unnamed_one_does(filled: Ledger) -> None:
    from onrecord.actors import ActorType

    unnamed = filing([replace(NEVER, kind="unnamed", country="DE", organization=None)], name="b")
    part = unnamed.parts[0]
    nobody = replace(part.entries[0].speaker, id=None, name=None, span=None, type=ActorType.UNKNOWN)
    unknown = filing([replace(NEVER, speaker="Ada Quill", organization=None)], name="c")
    entry = replace(unknown.parts[0].entries[0], voice=replace(unknown.parts[0].entries[0].voice, speaker=nobody))
    filled.write([unnamed, replace(unknown, parts=(replace(unknown.parts[0], entries=(entry,)),))], now=NOW)
    assert [(e.who.id, e.who.type, e.who.country) for e in filled.positions() if e.who.id is None] == [(None, "unnamed", "DE")]


def test_what_is_reported_of_another_is_theirs_at_one_remove(filled: Ledger) -> None:
    said = Said("Freedonia accepts that the old pier is closed", stance="support", holder=("a1:freedonia00000000000", "Freedonia", "state"))
    france = Said("France accepts that the pier goes", stance="support", holder=("a1:france0000000000000", "France", "state"))
    filled.write([filing([said, france], name="b")], now=NOW)
    assert filled.count_positions() == 2
    assert filled.count_positions(PositionQuery(reported=True)) == 4
    reported = {e.who.name: e for e in filled.positions(PositionQuery(reported=True)) if e.reported}
    assert {n: (e.who.id, e.who.country) for n, e in reported.items()} == {
        "Freedonia": ("a1:freedonia00000000000", None),
        "France": ("a1:france0000000000000", "FR"),
    }
    assert reported["France"].hit
    assert reported["France"].hit.entry.speaker.name == "Lena Orsk"
    assert filled.actor("Freedonia").type == "state"
    assert filled.check() == []


# Codings by machines, after filing ----------------------------------------------------------------------------------------------------


def found_in(ledger: Ledger, issue: Issue, coder: str, stance: str = "support") -> list[Examined]:
    out = []
    for one in ledger.uncoded(issue.id, coder):
        told = {h.id: (Position(issue.id, Stance(stance), 0.7, (), None, coder),) for h in one.hits if "pier" in h.content}
        out.append(Examined(one.reading, issue.id, issue.digest, told))
    return out


def test_a_new_issue_is_coded_over_the_whole_ledger_with_breaks(filled: Ledger) -> None:
    for n in range(5):
        filled.write([filing([replace(NEVER, words=f"The old pier is number {n}"), BOAT], name=f"n{n}", issues=(PIER,) if n % 2 else (PIER, FERRY))], now=NOW)
    assert filled.count_uncoded("pier", CODER) == 0
    assert filled.count_uncoded("ferry", CODER) == 2
    dredging = Issue("dredging", "Dredging the harbour")
    filled.add_issue(dredging, by="editor", on=NOW)
    every = found_in(filled, dredging, CODER)
    assert [len(e.positions) for e in every] == [1, 1, 1, 1, 1, 1]
    assert [o.reading for o in filled.uncoded("dredging", CODER)] == [e.reading for e in every] == sorted(e.reading for e in every)
    assert all(o.text.startswith("Talks go on") for o in filled.uncoded("dredging", CODER))
    assert filled.write_positions(CODER, every[2:4], on=NOW) == 2
    assert filled.count_uncoded("dredging", CODER) == 4
    assert filled.write_positions(CODER, every[:3], on=NOW) == 2
    assert [o.reading for o in filled.uncoded("dredging", CODER)] == [e.reading for e in every[4:]]
    before = filled.rows()
    assert filled.write_positions(CODER, every[:4], on=NOW) == 0
    assert filled.rows() == before
    assert filled.write_positions(CODER, every, on=NOW) == 2
    assert filled.count_uncoded("dredging", CODER) == 0
    with filled.database.reading() as connection:
        assert [(r.first, r.last) for r in connection.execute(select(examined).order_by(examined.c.issue_key)) if r.issue_key == 3] == [(1, 6)]
    assert len(stances(filled, issues=("dredging",))) == 6
    assert filled.check() == []


def test_a_later_machine_takes_the_place_of_an_earlier_one_and_both_stay(filled: Ledger) -> None:
    later = "positions-2.0.0"
    assert filled.count_uncoded("pier", later) == 1
    assert filled.write_positions(later, found_in(filled, PIER, later)) == 1
    assert stances(filled) == [("Tomas Brandt", "pier", "support")]
    assert len(filled.rows()["positions"]) == 3
    hits = {h.actor and h.actor[1]: h.entry.positions for h in filled.search(Query())}
    assert [p.coder for p in hits["Tomas Brandt"]] == [later]
    assert hits["Lena Orsk"] == ()
    assert filled.check() == []


def test_an_edited_issue_is_examined_anew(filled: Ledger) -> None:
    edited = replace(PIER, label="Closing the pier")
    filled.add_issue(edited, by="editor")
    assert filled.count_uncoded("pier", CODER) == 1
    filled.write_positions(CODER, found_in(filled, edited, CODER))
    assert filled.count_uncoded("pier", CODER) == 0
    assert [s for _, _, s in stances(filled)] == ["support"]


def test_only_readings_that_count_are_given(filled: Ledger) -> None:
    filled.write([filing([BOAT, NEVER], again=True, reader=NEWER, issues=())], now=NOW)
    assert filled.count_uncoded("pier", CODER) == 1
    filled.write([filing([NEVER], hours=3, issues=())], now=NOW)
    assert [len(o.hits) for o in filled.uncoded("pier", CODER)] == [1]


def test_what_cannot_be_meant_is_refused_and_nothing_is_written(filled: Ledger) -> None:
    (one,) = found_in(filled, PIER, "other-1")
    before = filled.rows()
    other = Position("ferry", Stance.SUPPORT, 0.7, (), None, "other-1")
    for bad in (
        replace(one, digest="i1:none"),
        replace(one, reading=99),
        replace(one, positions={"s1:none": (Position("pier", Stance.SUPPORT, 0.7, (), None, "other-1"),)}),
        replace(one, positions=dict.fromkeys(one.positions, (other,))),
    ):
        with pytest.raises(UsageError):
            filled.write_positions("other-1", [bad])
    with pytest.raises(StatementError):
        filled.write_positions("other-1", [replace(one, positions={n: (replace(p[0], condition=(Span(0, 2, "no"),)),) for n, p in one.positions.items()})])
    with pytest.raises(UsageError):
        list(filled.uncoded("dredging", "x"))
    assert filled.rows() == before


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(order=st.lists(st.integers(1, 30), min_size=1, max_size=25))
def test_runs_of_readings_hold_what_was_marked_and_nothing_else(ledger: Ledger, order: list[int]) -> None:
    from onrecord.ledger.examining import mark_examined

    ledger.add_issue(PIER, by="editor")
    with ledger.database.writing() as connection:
        connection.execute(examined.delete())
        for n, reading in enumerate(order):
            mark_examined(connection, [(PIER.digest, CODER, reading)] + ([(PIER.digest, CODER, order[n - 1])] if n else []))
        runs = sorted((r.first, r.last) for r in connection.execute(select(examined)))
    assert {k for a, b in runs for k in range(a, b + 1)} == set(order)
    assert all(b + 1 < c for (_, b), (c, _) in zip(runs, runs[1:], strict=False))


def test_where_a_transaction_ends_makes_no_difference(filled: Ledger, tmp_path_factory: pytest.TempPathFactory) -> None:
    every = [filing([replace(NEVER, words=f"The pier is number {n}"), BOAT], name=f"n{n}", day=date(2026, 3, 1 + n % 3)) for n in range(7)]
    filled.write(every, now=NOW)
    with Ledger.open(tmp_path_factory.mktemp("other") / "one.db", create=True) as other:
        for issue in (PIER, FERRY):
            other.add_issue(issue, by="editor", on=NOW)
        for one in (filing([BOAT, NEVER]), *every):
            other.write([one], now=NOW)
        assert {t: r for t, r in other.rows().items() if t != "alembic_version"} == filled.rows()


def test_moments_have_time_zones(filled: Ledger) -> None:
    with pytest.raises(UsageError, match="when"):
        filled.add_issue(Issue("x", "y"), by="editor", on=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
