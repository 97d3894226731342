"""What people code stands beside what the machine says, goes before it, and holds for as long as the words do."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from standing import CODER, FERRY, NOW, PIER, Said, filing

from onrecord.errors import StatementError, UsageError
from onrecord.ledger import Coding, Evidence, Examined, Hit, Ledger, PositionQuery, Query, ReadBy, StatementJudgement, Verdict
from onrecord.ledger.tables import articles, revisions
from onrecord.positions import Act, Position, Stance
from onrecord.text import Span

BOAT = Said("We will close it once the last boat is home", stance="conditional", condition="the last boat is home", act="promise")
NEVER = Said("Nobody closes the old pier while I am here", speaker="Tomas Brandt", country="FR", stance="oppose", score=0.8)
SURVEY = Said("The survey of the old pier begins in June", speaker="Ada Quill", country="DE")
EARLIER = Said("The pilots were asked about the new buoys", speaker="Ada Quill", country="DE")
NEWER = ReadBy("invented-2.0.0", "m1:newer")
SUPPORT, OPPOSE = Stance.SUPPORT, Stance.OPPOSE


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    for issue in (PIER, FERRY):
        ledger.add_issue(issue, by="editor", on=NOW)
    ledger.write([filing([BOAT, NEVER, SURVEY])], now=NOW)
    return ledger


def hit(ledger: Ledger, words: str) -> Hit:
    (found,) = ledger.search(Query(words))
    return found


def coding(found: Hit, stance: Stance | None, *, by: str = "ana", minute: int = 0, **more: Any) -> Coding:
    more = {"issue": "pier", **more}
    return Coding(found.where.article, found.id, found.content, stance=stance, by=by, on=NOW + timedelta(minutes=minute), **more)


def of(ledger: Ledger, found: Hit) -> Evidence:
    (one,) = ledger.evidence_of(found.id, "pier")
    return one


def test_what_a_person_codes_goes_before_the_machine_and_both_stay(filled: Ledger) -> None:
    boat = hit(filled, "boat")
    before = of(filled, boat)
    text = before.machine.condition[0] if before.machine else None
    made = coding(boat, SUPPORT, note="she said so in the hall", act=Act.DECIDE, condition=(text,) if text else (), revision=boat.where.revision, blind=True)
    assert filled.code(made) == 1
    assert filled.code([made]) == 0
    after = of(filled, boat)
    assert (after.stance, after.score, after.by_hand, after.disputed, after.counts) == (SUPPORT, 1.0, True, False, True)
    assert after.machine == before.machine
    assert after.codings == (made,) == tuple(filled.codings())
    assert after.hit
    assert after.hit.entry == boat.entry
    assert filled.sql("SELECT act, act_score FROM statements ORDER BY key").rows[0] == ("decide", 1.0)
    assert filled.matrix().cells[0].by_hand in (0, 1)
    assert filled.check() == []
    filled.take_back_coding(made.id, by="ana", note="it was another hall")
    assert of(filled, boat) == before
    assert list(filled.codings()) == []
    assert filled.sql("SELECT act, act_score FROM statements ORDER BY key").rows[0] == ("promise", 0.8)
    assert len(filled.rows()["codings"]) == 2
    for twice in (made.id, "c1:none"):
        with pytest.raises(UsageError, match="no such coding"):
            filled.take_back_coding(twice, by="ana")


def test_a_coders_later_word_counts_and_one_that_is_unsure_says_nothing(filled: Ledger) -> None:
    boat = hit(filled, "boat")
    first, second = coding(boat, SUPPORT), coding(boat, OPPOSE, minute=1)
    filled.code([first, second])
    assert of(filled, boat).stance is OPPOSE
    assert list(filled.codings(everything=True)) == [first, second]
    unsure = coding(boat, SUPPORT, minute=2, unsure=True)
    filled.code(unsure)
    assert of(filled, boat).stance is Stance.CONDITIONAL
    assert of(filled, boat).codings == (unsure,)
    filled.take_back_coding(unsure.id, by="ana")
    assert of(filled, boat).stance is OPPOSE


def test_two_coders_who_differ_leave_it_disputed(filled: Ledger) -> None:
    boat = hit(filled, "boat")
    filled.code([coding(boat, SUPPORT, by="ana"), coding(boat, OPPOSE, by="ben", minute=1)])
    found = of(filled, boat)
    assert (found.stance, found.disputed, found.counts) == (None, True, True)
    cell = next(c for c in filled.matrix().cells if c.who.name == "Lena Orsk")
    assert (cell.stance, cell.disputed, cell.statements) == (None, 1, 0)
    filled.code(coding(boat, SUPPORT, by="ben", minute=2))
    assert of(filled, boat).stance is SUPPORT
    assert not of(filled, boat).disputed
    assert filled.check() == []


def test_no_position_on_the_issue_takes_it_out_of_the_matrix(filled: Ledger) -> None:
    never = hit(filled, "nobody")
    filled.code(coding(never, None))
    assert [e.who.name for e in filled.positions()] == ["Lena Orsk"]
    found = of(filled, never)
    assert (found.stance, found.counts, found.by_hand, found.disputed) == (None, False, True, False)
    assert filled.check() == []


def test_a_position_that_only_a_person_sees_is_one(filled: Ledger) -> None:
    survey = hit(filled, "survey")
    filled.code(coding(survey, Stance.NEUTRAL))
    found = of(filled, survey)
    assert (found.stance, found.machine, found.by_hand, found.who.name, found.who.country) == (Stance.NEUTRAL, None, True, "Ada Quill", "DE")
    assert filled.count_positions() == 3
    assert filled.count_positions(PositionQuery(by_hand=True)) == filled.count_positions(PositionQuery(coded_by="ana")) == 1
    assert filled.count_positions(PositionQuery(not_coded_by="ana")) == filled.count_positions(PositionQuery(not_coded_by="ana", by_hand=False)) == 2
    later = "positions-2.0.0"
    (reading,) = filled.uncoded("pier", later)
    told = {survey.id: (Position("pier", SUPPORT, 0.6, (), None, later),)}
    filled.write_positions(later, [Examined(reading.reading, "pier", PIER.digest, told)], on=NOW)
    shown = [e for e in filled.evidence_of(survey.id) if e.counts]
    assert [(e.stance, e.machine and e.machine.stance) for e in shown] == [(Stance.NEUTRAL, SUPPORT)]
    filled.take_back_coding(next(filled.codings()).id, by="ana")
    assert [e.stance for e in filled.positions()] == [SUPPORT]
    assert filled.check() == []


def test_whom_they_speak_of_is_coded_apart(filled: Ledger) -> None:
    said = Said("France accepts that the pier goes", stance="support", holder=("a1:france0000000000000", "France", "state"))
    filled.write([filing([said], name="b")], now=NOW)
    france = hit(filled, "accepts")
    filled.code(coding(france, OPPOSE))
    stances = {e.reported: e.stance for e in filled.evidence_of(france.id)}
    assert stances == {True: SUPPORT, False: OPPOSE}
    filled.code(coding(france, Stance.CONDITIONAL, holder="a1:france0000000000000", minute=1))
    assert {e.reported: e.stance for e in filled.evidence_of(france.id)} == {True: Stance.CONDITIONAL, False: OPPOSE}
    # That the statement has nothing to do with the issue is said of all of it, but for what the coder says of another.
    filled.code(coding(france, None, minute=2))
    assert {e.reported: e.stance for e in filled.evidence_of(france.id)} == {True: Stance.CONDITIONAL, False: None}
    filled.code(coding(france, None, by="ben", minute=3))
    assert {(e.reported, e.stance, e.disputed, e.counts) for e in filled.evidence_of(france.id)} == {(True, None, True, True), (False, None, False, False)}
    assert filled.check() == []


# Another reading, another text ---------------------------------------------------------------------------------------------------------


def test_codings_survive_another_reader(filled: Ledger) -> None:
    filled.code([coding(hit(filled, "boat"), SUPPORT), coding(hit(filled, "survey"), OPPOSE), coding(hit(filled, "nobody"), None)])
    again = filing([replace(BOAT, stance=None, condition=None), NEVER, SURVEY], again=True, reader=NEWER)
    filled.write([again], now=NOW)
    assert [(e.who.name, e.stance, e.by_hand) for e in filled.positions()] == [("Ada Quill", OPPOSE, True), ("Lena Orsk", SUPPORT, True)]
    assert {e.hit.entry.statement.reader for e in filled.positions() if e.hit} == {"invented-2.0.0"}
    assert filled.count_positions(PositionQuery(coded_by="ana")) == 2
    assert filled.check() == []


def test_codings_survive_an_edit_elsewhere_and_not_one_of_the_words(filled: Ledger) -> None:
    filled.code([coding(hit(filled, "boat"), SUPPORT), coding(hit(filled, "survey"), OPPOSE)])
    changed = replace(SURVEY, words="The survey of the old pier begins in July")
    filled.write([filing([EARLIER, replace(BOAT, stance=None, condition=None), changed], hours=1)], now=NOW)
    assert [(e.who.name, e.stance) for e in filled.positions()] == [("Lena Orsk", SUPPORT)]
    (found,) = filled.positions()
    assert [c.stance for c in found.codings] == [SUPPORT]
    assert filled.count_positions(PositionQuery(coded_by="ana")) == 1
    filled.write([filing([BOAT, NEVER, SURVEY], hours=2)], now=NOW)
    assert [(e.who.name, e.stance) for e in filled.positions()] == [("Ada Quill", OPPOSE), ("Tomas Brandt", OPPOSE), ("Lena Orsk", SUPPORT)]
    assert filled.check() == []


def test_a_coding_made_before_and_after_a_rereading_are_of_one_unit(filled: Ledger) -> None:
    filled.code(coding(hit(filled, "boat"), SUPPORT))
    filled.write([filing([EARLIER, BOAT, NEVER], hours=1)], now=NOW)
    filled.code(coding(hit(filled, "boat"), OPPOSE, minute=1))
    (found,) = (e for e in filled.positions() if e.who.name == "Lena Orsk")
    assert (found.stance, found.disputed) == (OPPOSE, False)


def test_another_speaker_takes_the_coding_along(filled: Ledger) -> None:
    boat = hit(filled, "boat")
    filled.code(coding(boat, SUPPORT))
    brandt = filled.actor("Tomas Brandt")
    filled.judge_statement(StatementJudgement(boat.id, boat.where.article, boat.content, Verdict.SPEAKER, brandt.id, "editor", NOW))
    assert {(e.who.name, e.stance) for e in filled.positions()} == {("Tomas Brandt", SUPPORT), ("Tomas Brandt", OPPOSE)}


# Without words ---------------------------------------------------------------------------------------------------------------------------


def vote(ledger: Ledger, *, by: str = "ana", stance: Stance | None = SUPPORT, minute: int = 0, words: str = "the harbour was quiet 1") -> Coding:
    with ledger.database.reading() as connection:
        query = select(articles.c.id.label("article"), revisions.c.id, revisions.c.text).join(articles, articles.c.revision_key == revisions.c.key)
        row = connection.execute(query).one()
    start = row.text.lower().index(words)
    span = Span.of(row.text, start, start + len(words))
    actor = ledger.actor("Ada Quill")
    more = {"revision": row.id, "span": span, "day": date(2026, 2, 20), "holder": actor.id}
    return Coding(row.article, None, span.exact, "pier", stance, by, NOW + timedelta(minutes=minute), **more)


def test_a_vote_counts_without_words(filled: Ledger) -> None:
    made = vote(filled)
    filled.code(made)
    (found,) = filled.positions(PositionQuery(actors=("Quill",)))
    assert (found.hit, found.stance, found.day, found.by_hand, found.reported) == (None, SUPPORT, date(2026, 2, 20), True, False)
    assert found.words.lower() == "the harbour was quiet 1"
    assert (found.where.outlet, found.where.revision) == ("Lantern", made.revision)
    assert found.codings == (made,)
    cell = next(c for c in filled.matrix().cells if c.who.name == "Ada Quill")
    assert (cell.stance, cell.statements, cell.by_hand, cell.first) == (SUPPORT, 1, 1, date(2026, 2, 20))
    assert filled.evidence(found.key) == [found]
    assert filled.check() == []
    filled.code(vote(filled, by="ben", stance=OPPOSE, minute=1))
    (found,) = filled.positions(PositionQuery(actors=("Quill",)))
    assert (found.disputed, len(found.codings)) == (True, 2)
    filled.take_back_coding(made.id, by="ana")
    assert [e.stance for e in filled.positions(PositionQuery(actors=("Quill",)))] == [OPPOSE]
    assert filled.count_positions(PositionQuery(coded_by="ben")) == 1
    filled.code(vote(filled, by="ben", stance=None, minute=2))
    assert filled.count_positions(PositionQuery(actors=("Quill",))) == 0


def test_a_vote_counts_for_as_long_as_the_article_tells_of_it(filled: Ledger) -> None:
    filled.code(vote(filled))
    filled.write([filing([replace(BOAT, filler="The tide was out"), replace(NEVER, filler="Gulls were counted"), SURVEY], hours=1)], now=NOW)
    assert filled.count_positions(PositionQuery(actors=("Quill",))) == 0
    filled.write([filing([EARLIER, BOAT, NEVER, SURVEY], hours=2)], now=NOW)
    assert filled.count_positions(PositionQuery(actors=("Quill",))) == 1
    assert filled.check() == []


# What cannot be meant ----------------------------------------------------------------------------------------------------------------------


def test_what_cannot_be_meant_is_refused_and_nothing_is_written(filled: Ledger) -> None:
    boat, before = hit(filled, "boat"), filled.rows()
    with pytest.raises(UsageError, match="who"):
        coding(boat, SUPPORT, by=" ")
    with pytest.raises(UsageError, match="needs actor"):
        Coding(boat.where.article, None, "words", "pier", SUPPORT, "ana", NOW)
    bad = [
        coding(boat, SUPPORT, issue="dredging"),
        replace(coding(boat, SUPPORT), statement="s1:none"),
        replace(coding(boat, SUPPORT), article="n1:none"),
        coding(boat, SUPPORT, holder="a1:none"),
        coding(boat, SUPPORT, condition=(Span(0, 5, "Talks"),)),
        replace(vote(filled), holder="a1:none"),
    ]
    for one in bad:
        with pytest.raises(UsageError):
            filled.code([coding(boat, OPPOSE), one])
    for one in (coding(boat, SUPPORT, condition=(Span(0, 5, "wrong"),), revision=boat.where.revision), replace(vote(filled), words="other words")):
        with pytest.raises(StatementError):
            filled.code([coding(boat, OPPOSE), one])
    assert filled.rows() == before


def test_the_order_in_which_things_come_makes_no_difference(filled: Ledger, where: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    boat = hit(filled, "boat")
    made = [coding(boat, SUPPORT), coding(boat, OPPOSE, by="ben", minute=1), coding(boat, SUPPORT, by="ben", minute=2)]
    wrong = StatementJudgement(boat.id, boat.where.article, boat.content, Verdict.SPEAKER, filled.actor("Tomas Brandt").id, "editor", NOW)
    again = filing([BOAT, NEVER, SURVEY], again=True, reader=NEWER)
    filled.code(made)
    filled.judge_statement(wrong)
    filled.write([again], now=NOW)
    with Ledger.open(tmp_path_factory.mktemp("other") / "one.db", create=True) as other:
        for issue in (PIER, FERRY):
            other.add_issue(issue, by="editor", on=NOW)
        other.write([filing([BOAT, NEVER, SURVEY])], now=NOW)
        other.write([again], now=NOW)
        for one in reversed(made):
            other.code(one)
        other.judge_statement(wrong)
        shown = [[(e.who, e.stance, e.score, e.by_hand, e.disputed, e.machine) for e in ledger.positions()] for ledger in (filled, other)]
        assert shown[0] == shown[1]
        assert other.check() == filled.check() == []
    assert CODER in {e.machine.coder for e in filled.positions() if e.machine}
