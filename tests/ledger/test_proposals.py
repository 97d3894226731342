"""What is put to people to decide: candidates of suggestions, refusals, and what language models propose; on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from standing import CODER, FERRY, PIER, Said, filing

from onrecord.errors import StatementError, UsageError
from onrecord.ledger import Coding, Hit, Ledger, Proposed, Query, SuggestionJudgement
from onrecord.positions import Act, Stance
from onrecord.text import Span

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
LLM = "llm:small@localhost:8080+proposal.v1"
SAID = [
    Said("Close the old pier before the winter storms", act="demand", stance="support"),
    Said("We shall never close the old pier to anglers", speaker="Otto Brandis", act="reject", stance="oppose"),
    Said("The pier is eighty years old this summer", speaker="Maren Vega", act="assert"),
]


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    for issue in (PIER, FERRY):
        ledger.add_issue(issue, by="mira", on=NOW)
    ledger.write([filing(SAID, day=date(2026, 3, 1), name="a"), filing(SAID[:1], day=date(2026, 3, 5), name="b")], now=NOW)
    return ledger


def hit(ledger: Ledger, words: str) -> Hit:
    return next(ledger.search(Query(words)))


def proposed(one: Hit, stance: Stance | None = Stance.OPPOSE, **more: object) -> Proposed:
    span = one.entry.statement.content[0]
    given = {"evidence": Span(span.start, span.end, span.exact), "act": Act.REJECT} | more
    return Proposed(one.where.article, one.id, one.content, "pier", stance, one.where.revision, LLM, "h1:x", NOW, **given)


def test_candidates_are_what_puts_something_forward_the_newest_first(told: Ledger) -> None:
    found = told.candidates()
    assert (found[0].day.day, found[0].act, found[0].name, found[0].outlet) == (5, Act.DEMAND, "Lena Orsk", "Lantern")
    assert sorted((c.day.day, c.act) for c in found) == [(1, Act.DEMAND), (1, Act.REJECT), (5, Act.DEMAND)]
    assert len({c.speaker for c in found}) == 2
    assert [c.day.day for c in told.candidates(since=date(2026, 3, 2))] == [5]
    assert {c.day.day for c in told.candidates(until=date(2026, 3, 1))} == {1}
    assert len(told.candidates(limit=1)) == 1
    assert sorted(c.strip("“”,") for c in told.contents(limit=10)) == sorted([s.words for s in SAID] + [SAID[0].words])


def test_a_person_s_act_decides_who_is_a_candidate(told: Ledger) -> None:
    one = hit(told, "eighty")
    told.code(Coding(one.where.article, one.id, one.content, "pier", Stance.NEUTRAL, "mira", NOW, act=Act.PROPOSE))
    assert Act.PROPOSE in {c.act for c in told.candidates()}


def test_a_refusal_is_kept_and_can_be_taken_back(told: Ledger) -> None:
    refusal = SuggestionJudgement("old pier", ("pier closure",), ("s1:a", "s1:b"), "mira", NOW, "no proposal")
    assert told.judge_suggestion(refusal)
    assert not told.judge_suggestion(refusal)
    (one,) = told.refused_suggestions()
    assert (one.words, one.statements) == (("old pier", "pier closure"), {"s1:a", "s1:b"})
    with pytest.raises(UsageError, match="no suggestion of this name"):
        told.judge_suggestion(replace(refusal, label="ferry", refused=False))
    told.judge_suggestion(replace(refusal, refused=False, on=NOW.replace(hour=13)))
    assert told.refused_suggestions() == ()
    told.judge_suggestion(replace(refusal, on=NOW.replace(hour=14)))
    assert len(told.refused_suggestions()) == 1
    for wrong in (replace(refusal, by=" "), replace(refusal, on=datetime(2026, 3, 1))):  # noqa: DTZ001 - the point
        with pytest.raises(UsageError):
            told.judge_suggestion(wrong)
    assert told.check() == []


def test_a_proposal_is_kept_and_changes_nothing_that_stands(told: Ledger) -> None:
    before = {name: rows for name, rows in told.rows().items() if name != "proposals"}
    one = hit(told, "Close storms")
    given = [proposed(one), proposed(one, None, evidence=None, act=None, refused="the evidence does not stand in the text")]
    assert (told.propose(given), told.propose(given)) == (2, 0)
    assert {name: rows for name, rows in told.rows().items() if name != "proposals"} == before
    assert list(told.proposals()) == given[:1]
    assert list(told.proposals(issue="pier", coder=LLM, statement=one.id, refused=True)) == given
    assert list(told.proposals(issue="ferry", refused=True)) == []
    assert told.proposal(given[0].id) == given[0]
    assert told.asked("pier", LLM) == {one.id}
    assert told.asked("ferry", LLM) == told.asked("pier", CODER) == set()
    # Another wording of the issue is another question.
    told.add_issue(replace(PIER, label="Shutting the pier"), by="mira", on=NOW)
    assert told.asked("pier", LLM) == set()
    assert told.check() == []


def test_what_is_not_there_is_refused_whole(told: Ledger) -> None:
    one = hit(told, "Close storms")
    for wrong, error in (
        (replace(proposed(one), statement="s1:none"), UsageError),
        (replace(proposed(one), revision="r1:none"), UsageError),
        (replace(proposed(one), issue="bridge"), UsageError),
        (replace(proposed(one), evidence=Span(0, 4, "nope")), StatementError),
    ):
        with pytest.raises(error):
            told.propose([proposed(one), wrong])
    assert list(told.proposals(refused=True)) == []
    with pytest.raises(UsageError, match="no such proposal"):
        told.proposal("p1:none")


def test_what_stands_beside_a_statement_is_of_its_reading(told: Ledger) -> None:
    one = next(h for h in told.search(Query("anglers")))
    text, beside = told.beside(one)
    assert [h.content.strip("“”,") for h in beside] == [s.words for s in SAID]
    assert all(text[s.start : s.end] == s.exact for h in beside for s in h.entry.statement.content)
