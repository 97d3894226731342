"""Alpha for unitising: published worked examples, the observed disagreement place by place, and what must hold whatever the data."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.positions.unitising import Section, alpha_unitised, disagreements

#: Krippendorff 2004, Content Analysis, p. 254: places 150 to 450; here from 0.
PUBLISHED = {
    "i": [Section(30, 90, "k"), Section(75, 145, "c"), Section(150, 200, "k"), Section(220, 250, "c")],
    "j": [Section(30, 90, "k"), Section(70, 150, "c"), Section(150, 200, "k"), Section(205, 225, "c"), Section(250, 270, "c")],
}
#: Krippendorff 1995, p. 57: pairs of coders on 24 places, beginning and length, and the observed disagreement.
PAIRS = {
    "A": ([(2, 8), (14, 6)], [(4, 4), (15, 2)], 0.03125),
    "B": ([(0, 18)], [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)], 2.26736),
    "C": ([(2, 6), (10, 2), (14, 4), (20, 2)], [(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)], 0.02777),
    "D": ([(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)], 0.38715),
}


def test_alpha_is_that_of_the_published_example() -> None:
    parts = disagreements(PUBLISHED, 300)
    assert {c: (round(o, 4), round(e, 4)) for c, (o, e) in parts.items()} == {"c": (0.0144, 0.0532), "k": (0.0, 0.0490)}
    figure = alpha_unitised(PUBLISHED, 300)
    # The book goes on from the rounded figures, and has 0.7286 for c and 0.8591 for both.
    assert 1 - parts["c"][0] / parts["c"][1] == pytest.approx(0.7286, abs=0.0001)
    assert round(figure.value, 3) == round(0.8591, 3)
    assert (figure.units, figure.coders) == (9, 2)


@pytest.mark.parametrize("pair", PAIRS)
def test_what_is_observed_is_that_of_the_older_example(pair: str) -> None:
    one, other, observed = PAIRS[pair]
    sections = {c: [Section(b, b + n) for b, n in of] for c, of in (("one", one), ("other", other))}
    assert disagreements(sections, 24)["span"][0] == pytest.approx(observed, abs=0.00001)


@st.composite
def marked(draw: st.DrawFn, length: int = 40) -> list[Section]:
    cuts = sorted(draw(st.lists(st.integers(min_value=0, max_value=length), unique=True, max_size=8)))
    return [Section(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


def by_definition(one: list[Section], other: list[Section]) -> int:
    """All pieces of one against all of the other."""

    def pieces(of: list[Section]) -> list[tuple[int, int, bool]]:
        ends = sorted({0, 40, *(s.start for s in of), *(s.end for s in of)})
        # A gap is what lies between two spans; two spans that touch stay two.
        return [(a, b, Section(a, b) in of) for a, b in zip(ends, ends[1:], strict=False)]

    total = 0
    for a, b, span in pieces(one):
        for c, d, span2 in pieces(other):
            if max(a, c) >= min(b, d):
                continue
            if span and span2:
                total += (a - c) ** 2 + (b - d) ** 2
            elif span and not span2:
                total += (b - a) ** 2 if c <= a and b <= d else 0
            elif span2:
                total += (d - c) ** 2 if a <= c and d <= b else 0
    return total


@given(marked(), marked())
def test_what_is_observed_is_what_the_definition_says(one: list[Section], other: list[Section]) -> None:
    observed = disagreements({"a": one, "b": other}, 40).get("span", (0.0, 0.0))[0]
    assert observed == pytest.approx(2 * by_definition(one, other) / (2 * 40**2))


@given(st.lists(marked(), min_size=2, max_size=4))
def test_coders_in_any_order_give_the_same(of: list[list[Section]]) -> None:
    forwards = alpha_unitised({str(n): s for n, s in enumerate(of)}, 40).value
    backwards = alpha_unitised({str(n): list(reversed(s)) for n, s in enumerate(reversed(of))}, 40).value
    assert forwards == (None if backwards is None else pytest.approx(backwards))


@given(marked())
def test_the_same_spans_have_one(spans: list[Section]) -> None:
    figure = alpha_unitised({"a": spans, "b": spans, "c": spans}, 40)
    assert figure.value in (1, None)
    assert (figure.value is None) == (figure.why is not None)
    assert (figure.value is None) <= (not spans or sum(s.length for s in spans) == 40 or all(s.length == 1 for s in spans))


@given(marked(), marked())
def test_alpha_is_at_most_one(one: list[Section], other: list[Section]) -> None:
    value = alpha_unitised({"a": one, "b": other}, 40).value
    assert value is None or value <= 1


def test_spans_that_are_nearer_agree_more() -> None:
    near, far, away = (alpha_unitised({"a": [Section(10, 20)], "b": [s]}, 60).value for s in (Section(11, 20), Section(15, 25), Section(40, 50)))
    assert 1 > near > far > away


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: alpha_unitised({"a": [Section(0, 3)]}, 9), "fewer than two coders"),
        (lambda: alpha_unitised({"a": [], "b": []}, 9), "nobody marked a span"),
        (lambda: alpha_unitised({"a": [Section(0, 1)], "b": [Section(0, 1)]}, 1), "the spans fill the whole text: chance alone would agree as well"),
    ],
)
def test_where_there_is_no_figure_it_is_said_why(make: Callable[[], object], said: str) -> None:
    figure = make()
    assert (figure.value, figure.why) == (None, said)


@pytest.mark.parametrize("spans", [[Section(3, 3)], [Section(5, 12)], [Section(0, 5), Section(4, 6)], [Section(-1, 2)]])
def test_spans_that_cannot_be_are_refused(spans: list[Section]) -> None:
    with pytest.raises(UsageError, match="empty, overlaps another, or is outside a text of 9"):
        alpha_unitised({"a": spans, "b": []}, 9)
