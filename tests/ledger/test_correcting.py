"""What people correct in a statement stands beside what the reader has, goes where the words go, and can be taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import compose, filing_of
from sqlalchemy import text as sql

from onrecord.desk.desk import Desk
from onrecord.desk.judging import _placed
from onrecord.errors import StatementError, UsageError
from onrecord.ledger import Filing, Hit, Ledger, Query, ReadBy, StatementJudgement, Verdict
from onrecord.ledger.correcting import Correction, Texts
from onrecord.sources import Document
from onrecord.statements.statement import QuoteKind
from onrecord.text import Span

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 12, 9, tzinfo=UTC)
ADDRESS = "https://lantern.example/a"
BOAT = "We will not sign before the last boat is home"
SAID = [
    ("direct", BOAT, "Lena Orsk", "GB", "The harbour was quiet"),
    ("indirect", "the survey would be repeated in June", "Tomas Brandt", "FR", "Gulls were counted"),
    ("direct", "The pier is safe", "Tomas Brandt", "FR", "It creaked"),
]
LATER = [("direct", "The tide is early", "Ana Holt", "GB", "A bell rang"), *SAID]


def filing(said: list[tuple[str, str, str, str, str]], *, hours: int = 0) -> Filing:
    article, entries = compose("Talks go on", said, url=ADDRESS, outlet="Lantern", published=DAY)
    document = Document(article.revision.text.encode(), ADDRESS, url=ADDRESS, media_type="text/html", fetched=DAY + timedelta(hours=hours))
    return filing_of(document, article, entries)


@pytest.fixture
def desk(ledger: Ledger) -> Desk:
    ledger.write([filing(SAID)], now=NOW)
    moments = iter(NOW + timedelta(minutes=n) for n in range(1000))
    made = Desk.__new__(Desk)
    made.ledger, made._now = ledger, lambda: next(moments)
    return made


def hit(desk: Desk, words: str = "boat", **more: object) -> Hit:
    (found,) = desk.ledger.search(Query(words, **more))
    return found


def sound(ledger: Ledger) -> None:
    assert ledger.check() == []
    if ledger.database.is_sqlite:
        with ledger.database.writing() as connection:
            connection.execute(sql("INSERT INTO statements_fts(statements_fts, rank) VALUES ('integrity-check', 1)"))


def test_a_kind_is_corrected_and_searches_go_by_it(desk: Desk) -> None:
    before = hit(desk)
    made = desk.correct(before.id, kind="indirect", by="mira")
    found = hit(desk)
    assert (found.kind, found.entry.statement.kind, found.verdict) == ("indirect", "direct", "corrected")
    assert found.entry == before.entry
    assert found.to_json()["corrected"] == {"kind": "indirect"}
    assert desk.ledger.count(Query("boat", kinds=("direct",))) == 0
    assert desk.ledger.count(Query("boat", kinds=("indirect",))) == 1
    assert desk.ledger.count(Query(kinds=("indirect",))) == 2
    sound(desk.ledger)
    desk.undo(made, by="mira")
    assert hit(desk) == before
    assert desk.ledger.count(Query(kinds=("direct",))) == 2
    sound(desk.ledger)


def test_a_day_is_corrected_or_said_not_to_be_there(desk: Desk) -> None:
    name = hit(desk).id
    desk.correct(name, said_on="2026-03-11", by="mira")
    assert (hit(desk).said_on, hit(desk).entry.said_on) == ("2026-03-11", None)
    last = desk.correct(name, said_on="none", by="otto")
    assert (hit(desk).said_on, hit(desk).to_json()["corrected"]) == (None, {"said_on": None})
    desk.undo(last, by="otto")
    assert hit(desk).said_on == "2026-03-11"
    sound(desk.ledger)


@pytest.mark.parametrize("date", ["2026-02-30", "soon", "12 March", "2026-03-12/2026-03-01", "", "2026-3-1", "2026-03-12\n"])
def test_what_is_no_date_is_refused(desk: Desk, date: str) -> None:
    with pytest.raises(UsageError, match=r"no date|ends before|a correction of nothing"):
        desk.correct(hit(desk).id, said_on=date, by="mira")
    assert hit(desk).corrected is None


def test_words_are_corrected_by_offsets_and_by_words(desk: Desk) -> None:
    before = hit(desk)
    start = before.entry.statement.content[0].start
    text = desk.ledger.texts([before.where.revision])[before.where.revision]
    desk.correct(before.id, content=[(start, start + 16)], source=[], cue=["before … home"], by="mira")
    found = hit(desk)
    assert found.said == text[start : start + 16]
    assert [s.exact for s in found.stands("cue")] == ["before the last boat is home"]
    assert found.stands("source") == ()
    assert (found.content, found.entry) == (before.content, before.entry)
    assert found.to_json()["corrected"]["content"] == [{"start": start, "end": start + 16, "exact": text[start : start + 16]}]
    sound(desk.ledger)


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["the"], "more than once"),
        (["not in the text at all"], "do not stand there"),
        ([(5, 5)], "no characters"),
        ([(0, 10**9)], "no characters"),
        ([(-3, 4)], "no characters"),
        ([(0, 9), (4, 12)], "overlap"),
        ([], "without content"),
        (["…"], "no words"),
        (["We will …"], "no words"),
    ],
)
def test_places_that_are_none_or_several_are_refused(desk: Desk, places: list[object], said: str) -> None:
    with pytest.raises((UsageError, StatementError), match=said):
        desk.correct(hit(desk).id, content=places, by="mira")
    assert desk.judgements(hit(desk).id) == []


def test_only_a_correction_has_a_value(desk: Desk) -> None:
    found = hit(desk)
    told = (found.id, found.where.article, found.content)
    for verdict, value, revision in ((Verdict.RIGHT, Correction(kind=QuoteKind.MIXED), "r1:0"), (Verdict.CORRECTED, None, None)):
        with pytest.raises(UsageError, match="goes with the verdict"):
            StatementJudgement(*told, verdict, None, "mira", NOW, None, value, revision)
    with pytest.raises(UsageError, match=r"goes with|not of this text"):
        desk.ledger.judge_statement(StatementJudgement(*told, Verdict.CORRECTED, None, "mira", NOW, None, Correction(kind=QuoteKind.MIXED), "r1:0"))
    with pytest.raises(UsageError, match=r"goes with|corrected"):
        desk.judge(found.id, "corrected", by="mira")
    value = Correction(content=(Span(0, 4, "none"),))
    with pytest.raises(StatementError):
        desk.ledger.judge_statement(StatementJudgement(*told, Verdict.CORRECTED, None, "mira", NOW, None, value, found.where.revision))


def test_corrections_add_up_and_others_verdicts_stand_beside_them(desk: Desk) -> None:
    name, brandt = hit(desk).id, desk.ledger.actor("Tomas Brandt").id
    desk.judge(name, "speaker", speaker=brandt, by="otto")
    desk.correct(name, kind="mixed", by="mira")
    last = desk.correct(name, said_on="2026-03", by="mira")
    found = hit(desk)
    assert (found.verdict, found.actor, found.kind, found.said_on) == ("speaker", (brandt, "Tomas Brandt"), "mixed", "2026-03")
    desk.judge(name, "wrong", by="otto")
    assert desk.ledger.count(Query("boat")) == 0
    desk.correct(name, kind="indirect", by="mira")
    assert (hit(desk).verdict, hit(desk).kind) == ("corrected", "indirect")
    desk.judge(name, "right", by="otto")
    assert (hit(desk).verdict, hit(desk).kind, hit(desk).actor) == ("right", "indirect", (brandt, "Tomas Brandt"))
    desk.undo(last, by="chief")
    assert (hit(desk).kind, hit(desk).said_on) == ("indirect", None)
    sound(desk.ledger)


def test_a_correction_survives_another_reader(desk: Desk) -> None:
    before = hit(desk)
    start = before.entry.statement.content[0].start
    desk.correct(before.id, kind="indirect", said_on="2026-03-11", content=[(start, start + 16)], by="mira")
    desk.ledger.write([replace(filing(SAID), again=True, reader=ReadBy("invented-2.0.0", "m1:newer"))], now=NOW)
    found = hit(desk)
    assert found.entry.statement.reader == "invented-2.0.0"
    assert (found.kind, found.entry.statement.kind, found.said_on, found.said) == ("indirect", "direct", "2026-03-11", hit(desk).stands("content")[0].exact)
    assert desk.ledger.count(Query("boat", kinds=("indirect",))) == 1
    sound(desk.ledger)


def test_a_correction_goes_where_the_words_go(desk: Desk) -> None:
    before = hit(desk)
    made = desk.correct(before.id, kind="indirect", content=["We will not sign"], by="mira")
    desk.ledger.write([filing(LATER, hours=5)], now=NOW)
    found = hit(desk)
    assert found.id != before.id
    assert (found.said, found.kind) == ("We will not sign", "indirect")
    assert found.stands("content")[0].start > before.entry.statement.content[0].start
    sound(desk.ledger)
    desk.undo(made, by="mira")
    assert {h.kind for h in desk.ledger.search(Query("boat", everything=True))} == {"direct"}
    assert hit(desk).corrected is None
    sound(desk.ledger)


def test_a_correction_of_words_that_are_gone_keeps_the_rest(desk: Desk) -> None:
    desk.correct(hit(desk).id, kind="indirect", source=["The harbour was quiet"], by="mira")
    changed = [(*SAID[0][:4], "Rain fell"), *SAID[1:]]
    desk.ledger.write([filing(changed, hours=5)], now=NOW)
    found = hit(desk)
    assert found.to_json()["corrected"] == {"kind": "indirect"}
    assert found.stands("source") == found.entry.statement.source
    sound(desk.ledger)


def test_all_that_was_judged_is_told_with_who_and_when(desk: Desk) -> None:
    name = hit(desk).id
    first = desk.judge(name, "wrong", by="otto", note="irony")
    desk.undo(first, by="chief", note="she meant it")
    desk.correct(name, kind="mixed", by="mira")
    told = desk.judgements(name)
    assert [(j.verdict, j.by, j.stands, j.note) for j in told] == [("wrong", "otto", False, "irony"), ("corrected", "mira", True, None)]
    assert (told[0].taken_back.by, told[0].taken_back.note) == ("chief", "she meant it")
    assert told[1].value["kind"] == "mixed"
    assert told[0].to_json()["taken_back"]["by"] == "chief"
    desk.ledger.write([filing(LATER, hours=5)], now=NOW)
    assert [j.id for j in desk.judgements(hit(desk).id)] == [j.id for j in told]
    # What was taken back can be given back: by taking back the taking back.
    desk.undo(told[0].taken_back.id, by="otto")
    assert [j.stands for j in desk.judgements(name)] == [True, True]


def test_damage_to_corrections_is_found(desk: Desk) -> None:
    desk.correct(hit(desk).id, kind="indirect", by="mira")
    ledger = desk.ledger
    with ledger.database.writing() as connection:
        connection.execute(sql("UPDATE statements SET said_on = '2020', corrected = '{\"kind\":\"mixed\"}' WHERE corrected IS NOT NULL"))
        connection.execute(sql("UPDATE judgements SET value = '{}'"))
    faults = " ".join(ledger.check())
    assert "the correction cannot be made sense of" in faults
    assert "not the one that stands" in faults


@given(st.text(alphabet="abc \n\U0001f6a2é", max_size=60), st.data())
def test_any_place_named_by_offsets_or_by_its_words_is_that_place(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = _placed(text, (start, end))
    assert span.exact == text[start:end]
    words = span.exact.strip()
    if not words:
        return
    if text.count(words) == 1 and text.find(words, text.find(words) + 1) < 0:
        assert _placed(text, words).exact == words
    else:
        with pytest.raises(UsageError, match="more than once"):
            _placed(text, words)


@given(st.lists(st.sampled_from(["boat", "pier", "quiet", "the", "sign", "é", "\U0001f6a2"]), min_size=3, max_size=20), st.data())
def test_words_carried_to_another_text_are_the_same_words(words: list[str], data: st.DataObject) -> None:
    old = " ".join(words)
    new = " ".join([*words[: (at := data.draw(st.integers(0, len(words))))], "added", *words[at:]])
    first = data.draw(st.integers(0, len(words) - 1))
    start = len(" ".join(words[:first])) + (first > 0)
    cells = {"content": [[start, start + len(words[first])]], "kind": "mixed", "revision": "r1:old"}
    carried = Texts({"r1:old": old}).carried(cells, "r1:new", new)
    assert carried["kind"] == "mixed"
    for a, b in carried.get("content", []):
        assert new[a:b] == words[first]
    assert Texts({"r1:old": old}).carried(cells, "r1:old", old)["content"] == cells["content"]
