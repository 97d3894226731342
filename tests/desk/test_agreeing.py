"""Answers that can be compared, out of a ledger and out of files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from levies import FIRST_DAY, ISSUE, MACHINE, SAID, filing, fill

from onrecord.desk.agreeing import MACHINE as CODER
from onrecord.desk.agreeing import answers_in_file, answers_of, differing
from onrecord.desk.queue import Draw, Queue
from onrecord.errors import UsageError
from onrecord.ledger import Ledger, ReadBy
from onrecord.positions import Act, Stance
from onrecord.positions.comparing import Mark, compared

START = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def ledger(where: str) -> Ledger:
    with Ledger.open(where, create=True) as made:
        yield fill(made)


def by(ledger: Ledger, coder: str, *decisions: tuple[str, str | None], blind: bool = True, **options: object) -> Queue:
    """Code: a stance, `none` or `unsure`, and the words of a condition."""
    at = iter(range(1000))
    queue = Queue(ledger, ISSUE, coder, order=Draw.NEW, blind=blind, now=lambda: START + timedelta(seconds=next(at)), **options)
    for decision, words in decisions:
        item = queue.next()
        condition = (item.find(words),) if words else ()
        queue.code(item, Stance(decision) if decision in set(Stance) else None, act=Act.ASSERT, condition=condition, unsure=decision == "unsure")
    return queue


def test_what_people_coded_stands_beside_what_the_machine_says(ledger: Ledger) -> None:
    by(ledger, "mira", ("oppose", None), ("none", None), ("unsure", None), ("conditional", "if the harbour is dredged"), ("oppose", None))
    by(ledger, "otto", ("oppose", None), ("support", None), ("neutral", None), ("conditional", "harbour is dredged"), as_coded_by="mira")
    found = answers_of(ledger)
    values = {c: [a.value for a in found.answers if a.coder == c] for c in ("mira", "otto", CODER)}
    assert values["mira"] == ["oppose", "none", None, "conditional", "oppose"]
    assert values["otto"] == ["oppose", "support", "neutral", "conditional"]
    assert values[CODER] == ["oppose", "support", "neutral", "conditional", "oppose"]
    marks = {a.coder: a.marks for a in found.answers if a.value == "conditional"}
    content = f"“{SAID[2][0]},”"
    start, end = content.index("if the"), content.index("dredged") + len("dredged")
    assert marks == {"mira": (Mark(start, end),), "otto": (Mark(start + len("if the "), end),), CODER: (Mark(start, end),)}
    assert {a.length for a in found.answers if a.value == "conditional"} == {len(content)}
    assert found.machines == (MACHINE,)
    assert found.notes == ("1 unsure; they are left out",)
    figures = {(f.coders, f.what, f.agreement.measure): f.agreement for f in compared(found.answers, machine=CODER)}
    assert figures[("mira", "otto"), "stance", "alpha nominal"].units == 3
    assert figures[("mira", "otto"), "stance", "alpha ordinal"].value == 1
    assert 0 < figures[("mira", "otto"), "condition", "alpha unitised"].value < 1
    assert figures[("mira", CODER), "condition", "alpha unitised"].value == 1
    assert figures[("mira", "otto"), "act", "kappa"].why


def test_statements_on_which_people_differ_come_with_what_each_says(ledger: Ledger) -> None:
    by(ledger, "mira", ("oppose", None), ("none", None), ("unsure", None), ("support", None))
    by(ledger, "otto", ("oppose", None), ("support", None), ("neutral", None), ("oppose", None), as_coded_by="mira")
    found = differing(ledger)
    assert [[(c.by, str(c.stance)) for c in d.codings] for d in found] == [[("mira", "support"), ("otto", "oppose")], [("mira", "None"), ("otto", "support")]]
    assert found[0].to_json()["words"] == found[0].last.words
    by(ledger, "ann", ("unsure", None), ("oppose", None), ("oppose", None), ("oppose", None))
    assert [len(d.codings) for d in differing(ledger)] == [3, 3, 3]
    assert differing(ledger, coders=["ann", "otto"], issues=["ferry"]) == []
    assert {d.last.by for d in differing(ledger, coders=["ann", "otto"])} == {"ann"}


def test_the_evidence_of_many_statements_is_that_of_each(ledger: Ledger) -> None:
    ids = [e.hit.id for e in ledger.positions() if e.hit]
    assert ledger.evidence_of_each([*ids, "s1:none"], "levy") == {i: ledger.evidence_of(i, "levy") for i in ids}
    assert ledger.evidence_of_each(ids, "ferry") == {}


def test_machine_positions_of_a_low_score_are_none_and_a_machine_that_was_not_asked_says_nothing(ledger: Ledger) -> None:
    by(ledger, "mira", ("oppose", None), ("support", None))
    assert [a.value for a in answers_of(ledger, least=0.6).answers if a.coder == CODER] == ["oppose", "none"]
    ledger.add_issue(replace(ISSUE, id="ferry"), by="mira")
    queue = Queue(ledger, replace(ISSUE, id="ferry"), "mira", words="ferry")
    queue.code(queue.next(), Stance.OPPOSE)
    assert [a.coder for a in answers_of(ledger, issues=["ferry"]).answers] == ["mira"]
    assert {a.issue for a in answers_of(ledger).answers} == {"levy", "ferry"}


def test_one_who_saw_what_others_say_is_named(ledger: Ledger) -> None:
    by(ledger, "mira", ("oppose", None), ("support", None), blind=False)
    by(ledger, "otto", ("oppose", None), as_coded_by="mira")
    assert answers_of(ledger).notes == ("2 of 3 codings were not blind: who sees what the machine and others say agrees more with them",)
    assert answers_of(ledger, coders=["otto"]).notes == ()


def test_codings_of_two_readings_of_one_text_are_of_the_same_statement(ledger: Ledger) -> None:
    by(ledger, "mira", ("oppose", None))
    again = filing(5, SAID[5])
    part = again.parts[0]
    entry = part.entries[0]
    # The newer reader takes the words without their marks: the statement has another id.
    content = tuple(type(s)(s.start + 1, s.end - 2, s.exact[1:-2]) for s in entry.statement.content)
    entry = replace(entry, statement=replace(entry.statement, content=content, reader="newer-1.0.0"))
    ledger.write(
        [replace(again, parts=(replace(part, entries=(entry,)),), reader=ReadBy("newer-1.0.0", "m1:newer"), again=True)], now=FIRST_DAY + timedelta(days=500)
    )
    by(ledger, "otto", ("oppose", None))
    people = [a for a in answers_of(ledger).answers if a.coder != CODER]
    assert len({a.unit for a in people}) == 1
    assert [a.coder for a in people] == ["mira", "otto"]


# Files


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_values(tmp_path: Path) -> None:
    path = put(tmp_path, "c.csv", "unit,coder,value\n1,a,yes\n1,b,no\n2,a,yes\n2,b,\n")
    found = answers_in_file(path)
    assert [(a.unit, a.coder, a.value) for a in found.answers] == [("1", "a", "yes"), ("1", "b", "no"), ("2", "a", "yes"), ("2", "b", None)]


def test_numbers_are_numbers_only_if_all_are(tmp_path: Path) -> None:
    numbers = put(tmp_path, "c.jsonl", '{"unit": 1, "coder": "a", "value": 3}\n\n{"unit": 1, "coder": "b", "value": 4.5}\n')
    assert [a.value for a in answers_in_file(numbers).answers] == [3.0, 4.5]
    mixed = put(tmp_path, "d.jsonl", '{"unit": 1, "coder": "a", "value": 3}\n{"unit": 1, "coder": "b", "value": "many", "issue": "x"}\n')
    assert [a.value for a in answers_in_file(mixed).answers] == ["3", "many"]


def test_spans_in_a_file(tmp_path: Path) -> None:
    rows = "unit,coder,value,start,end,length\nt,a,c,225,295,450\nt,a,c,370,400,\nt,b,c,220,300,\nt,b,c,355,375,\nt,b,c,400,420,\nu,a,,,,9\n"
    found = answers_in_file(put(tmp_path, "c.csv", rows)).answers
    assert [(a.unit, a.coder, a.length, len(a.marks)) for a in found] == [("t", "a", 450, 2), ("t", "b", 450, 3), ("u", "a", 9, 0)]
    (figure,) = compared(found)
    assert (figure.what, figure.agreement.measure, figure.agreement.units) == ("span", "alpha unitised", 5)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("c.csv", "", "no codings in it"),
        ("c.csv", "unit,coder,value\n,a,yes\n", "row 2: a row says unit and coder"),
        ("c.csv", "unit,coder,value\n1,a,yes\n1,a,no\n", "row 3: a says two things of one unit"),
        ("c.csv", "unit,rater,value\n1,a,yes\n", "row 2: unknown columns: rater"),
        ("c.csv", "unit,coder,value,start,end\n1,a,x,5,3\n", "row 2: start, end and length are whole numbers"),
        ("c.csv", "unit,coder,value,start,end\n1,a,x,5,\n", "row 2: start, end and length are whole numbers"),
        ("c.csv", "unit,coder,value\n1,a,yes,more\n", "row 2: a row has columns"),
        ("c.jsonl", '{"unit": 1\n', "row 1: this is no JSON"),
        ("c.jsonl", "[1]\n", "row 1: a row has columns"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_row(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        answers_in_file(put(tmp_path, name, text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        answers_in_file(tmp_path / "none.csv")
