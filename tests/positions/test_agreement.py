"""Alpha and kappa: published worked examples, a slow implementation of the definition, and what must hold whatever the data."""

from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.positions.agreement import Codings, Level, alpha, kappa

#: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units, eleven of them pairable.
PUBLISHED = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
#: Cohen 1960, "A coefficient of agreement for nominal scales": two judges, three diagnoses, 200 people.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]


def published() -> dict[str, dict[int, int]]:
    rows = [line.split() for line in PUBLISHED.strip().splitlines()]
    return {coder: {u: int(v) for u, v in enumerate(row) if v != "."} for coder, row in zip("ABCD", rows, strict=True)}


@pytest.mark.parametrize(("level", "value"), [(Level.NOMINAL, 0.743), (Level.ORDINAL, 0.815), (Level.INTERVAL, 0.849)])
def test_alpha_is_that_of_the_published_example(level: Level, value: float) -> None:
    figure = alpha(published(), level)
    assert round(figure.value, 3) == value
    assert (figure.units, figure.coders, figure.measure) == (11, 4, f"alpha {level}")
    assert figure.low < value < figure.high


def test_alpha_of_the_published_example_without_missing_values() -> None:
    # Krippendorff 2011, section B: two observers, nominal, twelve units.
    one, other = "a a b b d c c c e d d a", "b a b b b c c c e d d d"
    figure = alpha({"one": dict(enumerate(one.split())), "other": dict(enumerate(other.split()))})
    assert round(figure.value, 3) == 0.692


def test_kappa_is_that_of_the_published_example() -> None:
    pairs = [(a, b) for a, row in enumerate(COHEN) for b, n in enumerate(row) for _ in range(n)]
    figure = kappa(dict(enumerate(a for a, _ in pairs)), dict(enumerate(b for _, b in pairs)))
    assert round(figure.value, 3) == 0.492
    assert figure.units == 200
    # Its standard error is 0.055 there; the bootstrap draws 400 of 2000 more or less.
    assert figure.high - figure.low == pytest.approx(2 * 1.96 * 0.055, rel=0.2)


VALUES = st.integers(min_value=1, max_value=5)
DATA = st.lists(st.lists(st.none() | VALUES, min_size=3, max_size=3), min_size=1, max_size=12)


def codings(rows: list[list[int | None]]) -> dict[str, dict[int, int]]:
    return {coder: {u: row[n] for u, row in enumerate(rows) if row[n] is not None} for n, coder in enumerate("abc")}


def by_definition(data: Codings, level: Level) -> float | None:
    """Every pair of values within a unit, against every pair of values of all units."""
    units: dict[object, list[int]] = {}
    for of in data.values():
        for unit, value in of.items():
            units.setdefault(unit, []).append(value)
    units = {u: vs for u, vs in units.items() if len(vs) > 1}
    every = [v for vs in units.values() for v in vs]

    def differ(a: int, b: int) -> float:
        if level is Level.NOMINAL:
            return float(a != b)
        if level is Level.INTERVAL:
            return float((a - b) ** 2)
        low, high = min(a, b), max(a, b)
        return (sum(low <= v <= high for v in every) - (every.count(a) + every.count(b)) / 2) ** 2

    observed = sum(sum(differ(a, b) for a, b in permutations(vs, 2)) / (len(vs) - 1) for vs in units.values()) / max(len(every), 1)
    pairs = list(permutations(every, 2))
    expected = sum(differ(a, b) for a, b in pairs) / max(len(pairs), 1)
    return 1 - observed / expected if expected else None


@given(DATA, st.sampled_from(Level))
def test_alpha_is_what_its_definition_says(rows: list[list[int | None]], level: Level) -> None:
    figure, slow = alpha(codings(rows), level, draws=0), by_definition(codings(rows), level)
    assert (figure.value is None) == (slow is None) == (figure.why is not None)
    if slow is not None:
        assert figure.value == pytest.approx(slow)


@given(DATA, st.permutations([1, 2, 3, 4, 5]))
def test_names_of_values_coders_and_units_do_not_matter(rows: list[list[int | None]], names: list[int]) -> None:
    renamed = {f"new {c}": {f"unit {u}": "abcde"[names[v - 1] - 1] for u, v in of.items()} for c, of in reversed(codings(rows).items())}
    before, after = alpha(codings(rows), draws=0), alpha(renamed, draws=0)
    assert before.value == (None if after.value is None else pytest.approx(after.value))
    assert (before.units, before.coders) == (after.units, after.coders)


@given(DATA, st.sampled_from([Level.ORDINAL, Level.INTERVAL]))
def test_the_scale_may_be_turned_round(rows: list[list[int | None]], level: Level) -> None:
    turned = [[None if v is None else 6 - v for v in row] for row in rows]
    before, after = alpha(codings(rows), level, draws=0), alpha(codings(turned), level, draws=0)
    assert before.value == (None if after.value is None else pytest.approx(after.value))


@given(DATA)
def test_units_coded_by_one_alone_change_nothing(rows: list[list[int | None]]) -> None:
    more = [*rows, [1, None, None], [None, 5, None], [None, None, None]]
    before, after = alpha(codings(rows), draws=0), alpha(codings(more), draws=0)
    assert before.value == (None if after.value is None else pytest.approx(after.value))
    assert (before.units, before.coders, before.why) == (after.units, after.coders, after.why)


@given(st.lists(VALUES, min_size=2, max_size=12), st.sampled_from(Level))
def test_those_who_always_agree_have_one(values: list[int], level: Level) -> None:
    assume(len(set(values)) > 1)
    same = dict(enumerate(values))
    figure = alpha({"a": same, "b": same, "c": same}, level)
    assert figure.value == 1
    assert figure.high in (None, 1)
    assert kappa(same, same).value == pytest.approx(1)


@given(DATA)
def test_data_repeated_without_end_come_near_to_what_they_are(rows: list[list[int | None]]) -> None:
    """Alpha counts the pairs of n values as n(n - 1): repeated k times it falls to where n is without end, and stops there."""
    once = alpha(codings(rows), draws=0).value
    assume(once is not None)
    often, oftener = (alpha(codings(rows * k), draws=0).value for k in (200, 400))
    assert often <= once + 1e-9
    assert oftener == pytest.approx(often, abs=0.02)
    pair = [(row[0], row[1]) for row in rows if row[0] is not None and row[1] is not None]
    one, other = (dict(enumerate(p[n] for p in pair)) for n in (0, 1))
    five = [dict(enumerate(p[n] for p in pair * 5)) for n in (0, 1)]
    assert kappa(one, other, draws=0).value == (None if (k := kappa(*five, draws=0).value) is None else pytest.approx(k))


@given(DATA, st.integers(min_value=0, max_value=3))
def test_an_interval_has_ends_in_order_and_is_the_same_for_the_same_seed(rows: list[list[int | None]], seed: int) -> None:
    figure = alpha(codings(rows), draws=200, seed=seed)
    assert figure == alpha(codings(rows), draws=200, seed=seed)
    if figure.low is not None:
        assert -2 <= figure.low <= figure.high <= 1
    else:
        assert figure.why


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: alpha({}), "no unit was coded by two coders"),
        (lambda: alpha({"a": {1: "x"}, "b": {2: "x"}}), "no unit was coded by two coders"),
        (lambda: alpha({"a": {1: "x", 2: "x"}, "b": {1: "x", 2: "x"}}), "every value is the same: chance alone would agree as well"),
        (lambda: kappa({1: "x"}, {2: "y"}), "no unit was coded by both"),
        (lambda: kappa({1: "x", 2: "x"}, {1: "x", 2: "x"}), "every value is the same: chance alone would agree as well"),
    ],
)
def test_where_there_is_no_figure_it_is_said_why(make: Callable[[], object], said: str) -> None:
    figure = make()
    assert (figure.value, figure.low, figure.why) == (None, None, said)
    assert figure.to_json()["why"] == said


def test_of_two_who_never_agree_alpha_is_less_than_nothing() -> None:
    assert alpha({"a": {1: "x", 2: "y"}, "b": {1: "y", 2: "x"}}).value == pytest.approx(-0.5)
    assert kappa({1: "x", 2: "y"}, {1: "y", 2: "x"}).value == pytest.approx(-1)


def test_an_order_that_is_given_is_followed() -> None:
    data = {"a": {1: "no", 2: "maybe", 3: "yes", 4: "no"}, "b": {1: "yes", 2: "maybe", 3: "yes", 4: "no"}}
    order = ["no", "maybe", "yes"]
    as_numbers = {c: {u: order.index(v) for u, v in of.items()} for c, of in data.items()}
    assert alpha(data, Level.ORDINAL, order=order).value == alpha(as_numbers, Level.ORDINAL).value
    assert alpha(data, Level.ORDINAL, order=order).value != alpha(data, Level.ORDINAL).value


@pytest.mark.parametrize(
    ("data", "level", "order", "said"),
    [
        ({"a": {1: "x"}}, Level.ORDINAL, ["y"], "not in the order: x"),
        ({"a": {1: "y"}}, Level.ORDINAL, ["y", "y"], "the order names a value twice"),
        ({"a": {1: "x", 2: 1}}, Level.ORDINAL, None, "no order of their own"),
        ({"a": {1: "x"}}, Level.INTERVAL, None, "an interval needs numbers"),
        ({"a": {1: float("nan")}}, Level.INTERVAL, None, "an interval needs numbers"),
    ],
)
def test_values_that_do_not_fit_the_level_are_refused(data: Codings, level: Level, order: list[str] | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        alpha(data, level, order=order)
