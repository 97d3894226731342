"""Which figures a set of answers gives, and of whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.positions.comparing import NONE, SCALE, Answer, Comparison, Mark, compared


def said(coder: str, values: str, issue: str = "levy") -> list[Answer]:
    names = {"s": "support", "o": "oppose", "c": "conditional", "n": "neutral", "x": NONE, ".": None}
    return [Answer(u, coder, names[v], issue) for u, v in enumerate(values)]


def whose(rows: list[Comparison]) -> set[tuple[str | None, tuple[str, ...]]]:
    return {(r.issue, r.coders) for r in rows}


def test_all_people_together_each_two_and_each_with_the_machine() -> None:
    rows = compared([*said("a", "so"), *said("b", "ss"), *said("c", "oo"), *said("machine", "sx")], machine="machine", draws=0)
    assert whose(rows) == {("levy", c) for c in (("a", "b", "c"), ("a", "b"), ("a", "c"), ("b", "c"), ("a", "machine"), ("b", "machine"), ("c", "machine"))}
    # Kappa is of two.
    assert {len(r.coders) for r in rows if r.agreement.measure == "kappa"} == {2}


def test_issues_one_by_one_and_then_all_together() -> None:
    rows = compared([*said("a", "sosx"), *said("b", "sosx"), *said("a", "nn", "ferry"), *said("b", "cn", "ferry")], draws=0)
    assert whose(rows) == {("levy", ("a", "b")), ("ferry", ("a", "b")), (None, ("a", "b"))}
    units = {r.issue: r.agreement.units for r in rows if (r.what, r.agreement.measure) == ("stance", "alpha nominal")}
    assert units == {"levy": 4, "ferry": 2, None: 6}


def test_stances_are_compared_in_three_ways() -> None:
    rows = {(r.what, r.agreement.measure): r.agreement for r in compared([*said("a", "sscx.o"), *said("b", "sonxsx")], draws=0)}
    assert set(rows) == {("stance", "alpha nominal"), ("stance", "kappa"), ("stance", "alpha ordinal"), ("on the issue", "alpha nominal")}
    assert [rows[k].units for k in sorted(rows)] == [5, 5, 3, 5]


def test_on_the_scale_a_near_stance_is_less_of_a_disagreement() -> None:
    def ordinal(other: str) -> float:
        rows = compared([*said("a", "ssssooonc"), *said("b", other)], draws=0)
        return next(r.agreement.value for r in rows if r.agreement.measure == "alpha ordinal")

    assert ordinal("sssscoonc"[:3] + "cooonc") > ordinal("sssoooonc")
    assert SCALE.index("conditional") > SCALE.index("neutral")


def test_acts_are_compared_where_two_coded_them() -> None:
    acts = [Answer(u, c, "support", "levy", act=act) for c in "ab" for u, act in enumerate(("demand", "warn" if c == "a" else "assert", None))]
    rows = [r for r in compared(acts, draws=0) if r.what == "act"]
    assert {r.agreement.measure: r.agreement.units for r in rows} == {"alpha nominal": 2, "kappa": 2}
    assert not [r for r in compared([*said("a", "s"), *said("b", "s")], draws=0) if r.what == "act"]


def test_spans_are_compared_where_all_looked_and_one_saw_something() -> None:
    mark = (Mark(3, 9),)
    rows = [
        Answer(1, "a", "conditional", "levy", marks=mark, length=30), Answer(1, "b", "conditional", "levy", marks=mark, length=30),
        Answer(2, "a", "support", "levy", length=50), Answer(2, "b", "oppose", "levy", length=50),
        Answer(3, "a", "conditional", "levy", marks=mark, length=20), Answer(3, "b", None, "levy"),
        Answer(4, "a", "conditional", "levy", marks=mark, length=20), Answer(4, "b", "neutral", "levy", length=20),
    ]  # fmt: skip
    (figure,) = [r.agreement for r in compared(rows, draws=0) if r.what == "condition"]
    assert figure.units == 3
    assert figure.value < 1
    (figure,) = [r.agreement for r in compared(rows[:2], draws=0) if r.what == "condition"]
    assert figure.value == 1


def test_values_that_are_no_stances_are_compared_as_they_are() -> None:
    words = [Answer(u, c, v) for c in "ab" for u, v in enumerate(("low", "high", "low"))]
    assert [r.agreement.measure for r in compared(words, draws=0)] == ["alpha nominal", "kappa"]
    assert [r.agreement.measure for r in compared(words, order=["low", "high"], draws=0)] == ["alpha nominal", "kappa", "alpha ordinal"]
    numbers = [Answer(u, c, v) for c in "ab" for u, v in enumerate((1.0, 3.0, 2.0))]
    assert [r.agreement.measure for r in compared(numbers, draws=0)] == ["alpha nominal", "kappa", "alpha ordinal", "alpha interval"]


@given(st.lists(st.text("socnx.", min_size=6, max_size=6), min_size=2, max_size=3))
def test_every_figure_is_a_number_or_says_why_not(values: list[str]) -> None:
    rows = compared([a for n, v in enumerate(values) for a in said("abc"[n], v)], draws=0)
    assert rows or all(set(v) == {"."} for v in values)
    for row in rows:
        assert (row.agreement.value is None) == (row.agreement.why is not None)
        json = row.to_json()
        assert json["coders"] == list(row.coders)


def test_nothing_to_compare_gives_nothing() -> None:
    assert compared([]) == []
    assert compared(said("a", "so")) == []


def test_who_says_two_things_of_one_unit_is_refused() -> None:
    with pytest.raises(UsageError, match="a says two things of one unit"):
        compared([*said("a", "s"), *said("a", "o")])
