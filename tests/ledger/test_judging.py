"""What people judge is kept beside what the machine said, and holds for as long as the words do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from invented import READER, compose, filing_of

from onrecord.actors.judgements import Judgement, Revocation, Ruling
from onrecord.errors import UsageError
from onrecord.ledger import Filing, Hit, Ledger, Query, ReadBy, StatementJudgement, Verdict
from onrecord.sources import Document
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
BEFORE = ("unnamed", "Nobody asked the pilots about the new buoys", "", "DE", "The pilots agreed")


def filing(said: list[tuple[str, str, str, str, str]], *, hours: int = 0, url: str = ADDRESS) -> Filing:
    article, entries = compose("Talks go on", said, url=url, outlet="Lantern", published=DAY)
    document = Document(article.revision.text.encode(), url, url=url, media_type="text/html", fetched=DAY + timedelta(hours=hours))
    return filing_of(document, article, entries)


def hit(ledger: Ledger, words: str, *, everything: bool = False) -> Hit:
    (found,) = ledger.search(Query(words, everything=everything))
    return found


def judge(ledger: Ledger, found: Hit, verdict: Verdict, *, speaker: str | None = None, minute: int = 0) -> StatementJudgement:
    made = StatementJudgement(found.id, found.where.article, found.content, verdict, speaker, "editor", NOW + timedelta(minutes=minute), "I was there")
    ledger.judge_statement(made)
    return made


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    ledger.write([filing(SAID)], now=NOW)
    return ledger


def test_what_is_wrong_leaves_search_and_comes_back_when_that_is_taken_back(filled: Ledger) -> None:
    before = hit(filled, "boat")
    made = judge(filled, before, Verdict.WRONG)
    assert filled.count(Query("boat")) == 0
    assert filled.count(Query()) == filled.status().counts["statements"] == 2
    assert filled.count(Query(actors=("Orsk",))) == 0
    kept = hit(filled, "boat", everything=True)
    assert (kept.verdict, kept.shown, kept.entry) == ("wrong", False, before.entry)
    assert [h.verdict for h in filled.statement(before.id)] == ["wrong"]
    assert filled.actor("Lena Orsk").statements == 0
    filled.take_back(made.id, by="chief", note="she did")
    assert hit(filled, "boat") == before
    assert filled.check() == []


def test_what_is_right_is_shown_as_such(filled: Ledger) -> None:
    made = judge(filled, hit(filled, "boat"), Verdict.RIGHT)
    found = hit(filled, "boat")
    assert (found.verdict, found.shown, found.actor and found.actor[1]) == ("right", True, "Lena Orsk")
    filled.take_back(made.id, by="editor")
    assert hit(filled, "boat").verdict is None


def test_another_speaker_stands_beside_the_machines(filled: Ledger) -> None:
    before, brandt = hit(filled, "boat"), filled.actor("Tomas Brandt")
    made = judge(filled, before, Verdict.SPEAKER, speaker=brandt.id)
    found = hit(filled, "boat")
    assert found.actor == (brandt.id, "Tomas Brandt")
    assert found.verdict == "speaker"
    assert found.entry == before.entry
    assert found.entry.speaker.name == "Lena Orsk"
    assert filled.count(Query("boat", actors=("Brandt",))) == 1
    assert filled.count(Query("boat", actors=("Orsk",))) == 0
    assert filled.actor("Tomas Brandt").statements == 3
    filled.take_back(made.id, by="editor")
    assert hit(filled, "boat") == before
    assert filled.count(Query("boat", actors=("Orsk",))) == 1
    assert filled.check() == []


def test_judgements_are_added_and_never_changed(filled: Ledger) -> None:
    made = judge(filled, hit(filled, "boat"), Verdict.WRONG)
    first = filled.rows()["judgements"]
    judge(filled, hit(filled, "boat", everything=True), Verdict.WRONG)
    assert filled.rows()["judgements"] == first
    filled.take_back(made.id, by="chief", note="no")
    after = filled.sql('SELECT about, verdict, "by", note FROM judgements ORDER BY key').rows
    assert after == (("statement", "wrong", "editor", "I was there"), ("judgement", "revoked", "chief", "no"))
    assert set(first) < set(filled.rows()["judgements"])


def test_the_later_judgement_counts_and_the_earlier_again_when_it_is_taken_back(filled: Ledger) -> None:
    judge(filled, hit(filled, "boat"), Verdict.WRONG)
    later = judge(filled, hit(filled, "boat", everything=True), Verdict.RIGHT, minute=5)
    assert hit(filled, "boat").verdict == "right"
    filled.take_back(later.id, by="editor")
    assert filled.count(Query("boat")) == 0


def test_a_speaker_after_a_wrong_brings_it_back(filled: Ledger) -> None:
    judge(filled, hit(filled, "boat"), Verdict.WRONG)
    judge(filled, hit(filled, "boat", everything=True), Verdict.SPEAKER, speaker=filled.actor("Tomas Brandt").id, minute=5)
    assert hit(filled, "boat").shown


@pytest.mark.parametrize("verdict", [Verdict.RIGHT, Verdict.WRONG, Verdict.SPEAKER])
def test_a_judgement_survives_another_reader(filled: Ledger, verdict: Verdict) -> None:
    brandt = filled.actor("Tomas Brandt").id
    judge(filled, hit(filled, "boat"), verdict, speaker=brandt if verdict is Verdict.SPEAKER else None)
    filled.write([replace(filing(SAID), again=True, reader=ReadBy("invented-2.0.0", "m1:newer"))], now=NOW)
    found = [h for h in filled.search(Query("boat", everything=True)) if h.entry.statement.reader == "invented-2.0.0"]
    assert [(h.shown, h.verdict) for h in found] == [(verdict is not Verdict.WRONG, str(verdict))]
    assert found[0].actor
    assert (found[0].actor[0] == brandt) is (verdict is Verdict.SPEAKER)
    assert filled.count(Query("boat")) == (verdict is not Verdict.WRONG)
    assert filled.check() == []


def test_a_judgement_survives_a_reader_that_leaves_out_the_quotation_marks(filled: Ledger) -> None:
    judge(filled, hit(filled, "boat"), Verdict.WRONG)
    again = filing(SAID)
    (part,) = again.parts
    first = part.entries[0]
    inner = Span.of(part.article.revision.text, first.statement.content[0].start + 1, first.statement.content[0].end - 2)
    cut = replace(first, statement=replace(first.statement, content=(inner,)))
    assert cut.id != first.id
    part = replace(part, entries=(cut, *part.entries[1:]), prints=())
    filled.write([replace(again, parts=(part,), again=True, reader=ReadBy("invented-2.0.0", "m1:newer"))], now=NOW)
    assert filled.count(Query("boat")) == 0
    assert filled.count(Query()) == 2
    assert filled.check() == []


def test_a_judgement_survives_an_edit_elsewhere_in_the_text(filled: Ledger) -> None:
    wrong = hit(filled, "boat")
    judge(filled, wrong, Verdict.WRONG)
    filled.write([filing([BEFORE, *SAID], hours=1)], now=NOW)
    assert filled.count(Query("boat")) == 0
    assert filled.count(Query()) == 3
    assert {h.verdict for h in filled.search(Query("boat", everything=True))} == {"wrong"}
    assert len({h.id for h in filled.search(Query("boat", everything=True))}) == 2
    assert filled.check() == []


def test_a_judgement_made_of_the_later_text_holds_in_the_earlier(filled: Ledger) -> None:
    filled.write([filing([BEFORE, *SAID], hours=1)], now=NOW)
    made = judge(filled, hit(filled, "boat"), Verdict.WRONG)
    assert [h.verdict for h in filled.search(Query("boat", everything=True))] == ["wrong", "wrong"]
    back = replace(filing(SAID, hours=2), document=replace(filing(SAID, hours=2).document, content=b"other bytes"))
    filled.write([back], now=NOW)
    assert filled.count(Query("boat")) == 0
    filled.take_back(made.id, by="editor")
    assert hit(filled, "boat").where.revision == filing(SAID).parts[0].article.revision.id
    assert filled.check() == []


def test_a_judgement_is_not_carried_to_other_words(filled: Ledger) -> None:
    judge(filled, hit(filled, "boat"), Verdict.WRONG)
    changed = ("direct", "We will sign before the last boat is home", *SAID[0][2:])
    filled.write([filing([changed, *SAID[1:]], hours=1)], now=NOW)
    assert (hit(filled, "boat").verdict, hit(filled, "boat").shown) == (None, True)
    assert filled.check() == []


def test_a_judgement_is_not_carried_where_two_could_be_meant(filled: Ledger) -> None:
    judge(filled, hit(filled, "boat"), Verdict.WRONG)
    other = ("direct", BOAT, "Tomas Brandt", "FR", "He nodded")
    filled.write([filing([BEFORE, *SAID, other], hours=1)], now=NOW)
    assert [h.verdict for h in filled.search(Query("boat"))] == [None, None]


def test_a_judgement_holds_for_one_article_only(filled: Ledger) -> None:
    filled.write([filing(SAID, url="https://herald.example/b")], now=NOW)
    one = next(h for h in filled.search(Query("boat")) if h.where.url == ADDRESS)
    judge(filled, one, Verdict.WRONG)
    assert hit(filled, "boat").where.url == "https://herald.example/b"


def test_a_judged_statement_stays_hidden_after_its_text_was_gone_and_came_back(filled: Ledger) -> None:
    judge(filled, hit(filled, "boat"), Verdict.WRONG)
    filled.write([filing(SAID[1:], hours=1)], now=NOW)
    filled.write([replace(filing(SAID, hours=2), document=replace(filing(SAID, hours=2).document, content=b"other bytes"))], now=NOW)
    assert filled.count(Query("boat")) == 0
    assert filled.check() == []


def test_what_cannot_be_followed_is_refused_and_not_kept(filled: Ledger) -> None:
    found = hit(filled, "boat")
    good = StatementJudgement(found.id, found.where.article, found.content, Verdict.WRONG, None, "editor", NOW)
    for wrong in (
        replace(good, statement="s1:nothing"),
        replace(good, article="n1:nothing"),
        replace(good, verdict=Verdict.SPEAKER, speaker="a1:nobody"),
        replace(good, verdict=Verdict.SPEAKER, speaker=None),
        replace(good, by=" "),
        replace(good, on=datetime(2026, 3, 14)),  # noqa: DTZ001 - that is what is wrong
    ):
        with pytest.raises(UsageError) as raised:
            filled.judge_statement(wrong)
        assert raised.value.hint
    with pytest.raises(UsageError, match="no such judgement"):
        filled.take_back("j1:nothing", by="editor")
    assert filled.rows()["judgements"] == []
    assert hit(filled, "boat") == found


def test_strange_names_and_notes_are_kept(filled: Ledger) -> None:
    found = hit(filled, "boat")
    made = StatementJudgement(found.id, found.where.article, found.content, Verdict.RIGHT, None, "édi\0tor'; --", NOW, "\ud800 \uf8ff")
    filled.judge_statement(made)
    rows = filled.rows()["judgements"]
    assert {"édi\0tor'; --", "\ud800 \uf8ff"} <= set(rows[0])


# Actors -----------------------------------------------------------------------------------------------------------------------------


def test_actors_are_joined_by_judgement_and_parted_when_it_is_taken_back(filled: Ledger) -> None:
    orsk, brandt = filled.actor("Orsk"), filled.actor("Brandt")
    made = Judgement(orsk.id, brandt.id, Ruling.SAME, "editor", NOW)
    assert filled.judge([made]) == 1
    assert filled.judge([made]) == 0
    joined = filled.actor("Brandt")
    assert (joined.id, joined.ids, joined.statements) == (orsk.id, (orsk.id, brandt.id), 3)
    assert filled.count(Query(actors=("Brandt",))) == filled.count(Query(actors=(brandt.id,))) == 3
    assert {h.actor for h in filled.search(Query())} == {(orsk.id, "Lena Orsk")}
    assert [a.id for a in filled.most_said()] == [orsk.id]
    assert filled.identity().canonical(brandt.id) == orsk.id
    filled.take_back(made.id, by="chief")
    assert (filled.actor("Orsk"), filled.actor("Brandt")) == (orsk, brandt)
    assert isinstance(filled.decisions()[-1], Revocation)
    assert filled.check() == []


def test_actors_judged_before_an_article_named_them_are_joined_when_one_does(ledger: Ledger) -> None:
    entries = filing(SAID).parts[0].entries
    one, other = entries[0].speaker.id or "", entries[1].speaker.id or ""
    ledger.judge([Judgement(one, other, Ruling.SAME, "editor", NOW)])
    ledger.write([filing(SAID)], now=NOW)
    assert ledger.actor("Brandt").id == one
    assert ledger.actor("Brandt").statements == 3


def test_different_and_unsure_join_nobody(filled: Ledger) -> None:
    orsk, brandt = filled.actor("Orsk"), filled.actor("Brandt")
    filled.judge([Judgement(orsk.id, brandt.id, Ruling.DIFFERENT, "editor", NOW), Judgement(orsk.id, "a1:other", Ruling.UNSURE, "editor", NOW)])
    assert filled.actor("Brandt") == brandt
    assert len(filled.decisions()) == 2


def test_a_revocation_that_is_revoked_lets_the_judgement_stand_again(filled: Ledger) -> None:
    made = judge(filled, hit(filled, "boat"), Verdict.WRONG)
    filled.take_back(made.id, by="chief")
    (revoked,) = filled.sql("SELECT id FROM judgements WHERE about = 'judgement'").rows
    filled.take_back(revoked[0], by="editor")
    assert filled.count(Query("boat")) == 0
    assert READER.name == hit(filled, "boat", everything=True).entry.statement.reader
