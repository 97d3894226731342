"""Clauses that positions hang on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.positions.conditions import find_conditions
from onrecord.text import Span


def found(text):
    return [s.exact for s in find_conditions(text, [Span.of(text, 0, len(text))])]


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("we will open the gates only if the river falls", "only if the river falls"),
        ("If the river falls, we will open the gates.", "If the river falls"),
        ("If the river falls and the dam holds, the gates can be opened.", "If the river falls and the dam holds"),
        ("the council could back it, provided that the school stays open, but nobody has asked", "provided that the school stays open"),
        ("there would be no deal unless the miners were paid; she was firm", "unless the miners were paid"),
        ("“As long as the ferry runs, we are content”", "As long as the ferry runs"),
        ("he might sign in return for the two islands", "in return for the two islands"),
        ("they would talk on condition that the guns fell silent first", "on condition that the guns fell silent first"),
        ("we accept this subject to a vote of the members.", "subject to a vote of the members"),
        ("we will not ratify it until the prisoners are home, the minister said", "until the prisoners are home"),
        ("if we lose we lose, but we agree only when all have spoken", "only when all have spoken"),
        ("the union would return once the overtime is paid", "once the overtime is paid"),
    ],
)
def test_a_condition_is_its_clause(text, condition):
    assert found(text) == [condition]


@pytest.mark.parametrize(
    "text",
    [
        "we will open the gates",
        "she asked if the river had fallen",
        "nobody knows if it will hold",
        "it looked as if the roof had gone",
        "we provided food for the villages",
        "if",
    ],
)
def test_what_is_no_condition_is_none(text):
    assert found(text) == []


@given(st.text(alphabet=st.sampled_from("if onlyuntilces provided that,.;“”?\n ABwe"), max_size=80), st.data())
def test_a_condition_lies_inside_its_content(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for span in find_conditions(text, [Span.of(text, start, end)]):
        span.check(text)
        assert start <= span.start < span.end <= end
