from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from onrecord.reading.marks import CLOSING, OPENING, Outermost, find_quoted, quote_states

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases" / "quotation-marks.yaml").read_text(encoding="utf-8"))
NOISE = st.text(alphabet=st.sampled_from("aA s,.\n:—[]\"'“”‘’«»„‚‹›`´5\u0301😀"), max_size=80)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_cases(case):
    found = [[q.depth, q.closed, case["text"][q.start : q.end]] for q in find_quoted(case["text"])]
    assert found == case["quoted"]


@given(NOISE)
def test_any_text_gives_ordered_nested_spans(text):
    quoted = find_quoted(text)
    assert [q.start for q in quoted] == sorted(q.start for q in quoted)
    for q in quoted:
        assert 0 <= q.start < q.end <= len(text)
        assert "\n" not in text[q.start : q.end]
        assert q.inner[0] <= q.inner[1]
    outer = Outermost(quoted).quoted
    assert all(a.end <= b.start for a, b in zip(outer, outer[1:], strict=False))


@given(NOISE.map(lambda t: t.replace("\n", " ")), NOISE)
def test_a_paragraph_does_not_change_its_neighbour(one, other):
    def marks(quoted):
        return [(q.start, q.end, q.depth, q.closed) for q in quoted if q.end <= len(one)]

    assert marks(find_quoted(one + "\n\n" + other)) == marks(find_quoted(one))


def test_a_run_of_open_paragraphs_is_continued():
    text = '"We came in peace.\n\n"We leave in peace," he said.'
    first, second = find_quoted(text)
    assert (first.continued, second.continued) == (True, False)


def test_a_blank_paragraph_does_not_end_a_run():
    assert find_quoted('"One.\n  \n\n"Two."')[0].continued


def test_states_follow_the_marks():
    text = 'a "b" c'
    states = quote_states(text, find_quoted(text))
    assert (states[2], states[4], states[0]) == (OPENING, CLOSING, 0)


@pytest.mark.parametrize("unit", ['"', "'", "“", "‘x ", "s' ", "“a”", "\n", "«", "’ "])
def test_cost_grows_linearly_with_hostile_marks(unit):
    text = unit * (200_000 // len(unit))
    assert isinstance(find_quoted(text), list)


@given(st.integers(0, 30), st.integers(1, 30))
def test_touching_is_what_overlaps(start, length):
    quoted = find_quoted('"ab" "cd" e "fg" hij "klm" no')
    assert list(Outermost(quoted).touching(start, start + length)) == [q for q in quoted if q.start < start + length and start < q.end]
