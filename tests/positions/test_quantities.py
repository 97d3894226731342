"""Quantities: values, units and bounds; what is none; whatever the text, spans hold their words."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.positions import Bound, find_figures
from onrecord.positions.counted import plural
from onrecord.positions.money import dollar_of
from onrecord.positions.numerals import find_numerals
from onrecord.positions.quantities import find_quantities
from onrecord.scoring.figures import read_figures, score_figures
from onrecord.text import Span

GOLD = Path(__file__).parent


def said(text: str, **more: object) -> list[tuple[str, str, str | None, str]]:
    return [(q.span.exact, f"{q.value:f}", q.unit, str(q.bound)) for q in find_quantities(text, **more)]


@pytest.mark.parametrize(("name", "quantity", "horizon"), [("dev", 0.99, 0.99), ("held", 0.96, 0.95)])
def test_gold_is_read_as_well_as_it_was(name: str, quantity: float, horizon: float) -> None:
    score = score_figures(read_figures(GOLD / f"figures-{name}.txt"))
    assert score.total("quantity").f1 >= quantity
    assert score.total("horizon").f1 >= horizon


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It cost £4.5 billion.", [("£4.5 billion", "4500000000", "GBP", "exact")]),
        ("It cost 4.5bn kroner.", [("4.5bn kroner", "4500000000", "kroner", "exact")]),
        ("It cost 4.5bn Danish kroner.", [("4.5bn Danish kroner", "4500000000", "DKK", "exact")]),
        ("It cost 30 Hong Kong dollars.", [("30 Hong Kong dollars", "30", "HKD", "exact")]),
        ("He lost 20 pounds in weight.", [("20 pounds", "20", "pounds", "exact")]),
        ("He won 3 games and she won two.", [("3 games", "3", "games", "exact")]),
        ("It rose from 12 to 15 euros.", [("12", "12", "EUR", "exact"), ("15 euros", "15", "EUR", "exact")]),
        ("300-plus ships, 500 or more planes, 20 or so boats.", [("300-plus ships", "300", "ships", "at least"), ("500 or more planes", "500", "planes", "at least"), ("20 or so boats", "20", "boats", "about")]),
        ("Several hundred people fled.", [("Several hundred people", "200", "people", "at least")]),
        ("12 of the 27 members left.", [("12", "12", "members", "exact"), ("27 members", "27", "members", "exact")]),
        ("It takes half an hour.", [("half an hour", "0.5", "hours", "exact")]),
        ("It rose by a quarter of a percentage point.", [("a quarter of a percentage point", "0.25", "percentage points", "exact")]),
        ("About 2000 people came.", [("About 2000 people", "2000", "people", "about")]),
        ("Less than half of 1 percent died, and eight of 10 pears.", [("Less than half of 1 percent", "0.5", "percent", "at most"), ("eight of 10", "0.8", "share", "exact")]),
        ("At one point 1,000,000 ships came.", [("1,000,000 ships", "1000000", "ships", "exact")]),
        ("There are 80 Syrians.", [("80 Syrians", "80", "Syrians", "exact")]),
        ("At least one minister and one person left.", [("one person", "1", "people", "exact")]),
    ],
)  # fmt: skip
def test_words_and_what_they_mean(text: str, expected: list[tuple[str, str, str | None, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "In 2014 voters stayed away.",
        "It fell by -5, to minus 6 degrees.",
        "The 45-year-old came second, in the 21st minute, at 8.30am on 7 October 2023.",
        "Call +44 20 7946 0018.",
        "The Group of Seven, the Big Four and Article 5 of Title 42.",
        "One does not simply say no.",
        "A third attempt in the first quarter, and the second half.",
        "They were beaten 3-1 and 5-4.",
        "The season of 2023-24 began three years ago.",
    ],
)
def test_what_is_no_quantity(text: str) -> None:
    assert said(text) == []


def test_ranges() -> None:
    found = find_quantities("Between 30 and 40 tanks, £2-3bn, 500,000 to one million dollars, and 20,000–30,000 at sea.")
    assert [(q.low, q.high, q.unit) for q in found] == [
        (30, 40, "tanks"),
        (2 * 10**9, 3 * 10**9, "GBP"),
        (500_000, 10**6, "$"),
        (20_000, 30_000, None),
    ]
    assert {q.bound for q in found} == {Bound.BETWEEN}


def test_open_ends_are_open() -> None:
    most, least = find_quantities("Up to 30 ships, more than 40 planes.")
    assert (most.low, most.high, most.value) == (None, 30, 30)
    assert (least.low, least.high, least.value) == (40, None, 40)
    assert most.to_json() == {"low": None, "high": "30", "unit": "ships", "bound": "at most", "span": {"start": 0, "end": 14, "exact": "Up to 30 ships"}}


@pytest.mark.parametrize(
    ("text", "country", "unit"),
    [
        ("It costs $5.", None, "$"),
        ("It costs $5.", "US", "USD"),
        ("It costs $5.", "AU", "$"),
        ("It costs $5, or US$4 there.", None, "USD"),
        ("It costs $5, or A$4 there.", "US", "$"),
        ("It costs $5 in U.S. dollars.", None, "USD"),
    ],
)
def test_a_dollar_is_of_the_united_states_only_where_that_is_said(text: str, country: str | None, unit: str) -> None:
    assert find_quantities(text, dollar=dollar_of(text, country))[0].unit == unit


def test_a_length_that_makes_a_horizon_is_no_quantity() -> None:
    text = "A 30-day truce will be signed within ten days."
    quantities, horizons = find_figures(text, [Span.of(text, 0, len(text))])
    # Without a day to count from, ten days are only a length.
    assert [q.span.exact for q in quantities] == ["30-day", "ten days"]
    assert horizons == ()


@pytest.mark.parametrize(
    ("word", "many"), [("nation", "nations"), ("city", "cities"), ("man", "men"), ("policewoman", "policewomen"), ("church", "churches"), ("day", "days"), ("ships", "ships"), ("foot", "feet")]
)  # fmt: skip
def test_plurals(word: str, many: str) -> None:
    assert plural(word) == many


@given(st.integers(min_value=1, max_value=999_999_999))
def test_grouped_digits_are_read_back(number: int) -> None:
    found = find_quantities(f"They have {number:,} ships.")
    if number == 1:
        return
    if number > 999 or not 1800 <= number < 2100:
        assert [(q.value, q.unit) for q in found] == [(number, "ships")]


_PIECES = ["£", "$", "US$", "4.5", "30", "1,200", "bn", " million", "%", " per cent", " to ", "-", "–", " and ", "between ", "more than ", "up to ", "two", "thirty-four", " hundred", "half a ",
           "a third of ", "dozens of ", " ships", " people", " of the ", "in 2014", ", ", ". ", "\n", "€", " euros", " days", "-day", " or more", "½", "one in ", "several ", "\u00a0", "é", "𝟓", "'", "m", "k "]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join), st.integers(0, 5), st.integers(0, 80))
def test_spans_hold_their_words_in_order_whatever_the_text(text: str, start: int, length: int) -> None:
    end = min(len(text), start + length)
    at = start
    for quantity in find_quantities(text, start, end):
        quantity.span.check(text)
        assert at <= quantity.span.start < quantity.span.end <= end
        at = quantity.span.end
        assert quantity.low is not None or quantity.high is not None
        assert quantity.low is None or quantity.high is None or Decimal(0) <= quantity.low <= quantity.high
        assert (quantity.bound is Bound.AT_LEAST) == (quantity.high is None)
        assert (quantity.bound is Bound.AT_MOST) == (quantity.low is None)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_at_all(text: str) -> None:
    for numeral in find_numerals(text):
        assert 0 <= numeral.start < numeral.end <= len(text)
    for quantity in find_quantities(text):
        quantity.span.check(text)
