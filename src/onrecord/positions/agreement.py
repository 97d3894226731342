"""How far coders agree beyond chance: Krippendorff's alpha, nominal, ordinal and interval, with missing values; Cohen's kappa.

Alpha is 1 less the observed disagreement over the one expected if values were drawn from all that were given (Krippendorff 2011, "Computing
Krippendorff's Alpha-Reliability"; Hayes and Krippendorff 2007). A unit that fewer than two coders gave a value counts for nothing. Kappa (Cohen 1960)
takes chance from each of two coders' own habits, over the units that both coded. Spans are in `onrecord.positions.unitising`.

The interval is that of a bootstrap over units, from 2.5 to 97.5 of 100. Hayes and Krippendorff draw pairs of values and hold the expected disagreement
fast; with more than two coders the pairs of one unit hang together, and the interval comes out too narrow. Drawing units covers what it claims (Zapf,
Castell, Morawietz and Karch 2016, BMC Medical Research Methodology 16:93).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from onrecord.errors import UsageError

__all__ = ["Agreement", "Codings", "Level", "alpha", "kappa"]

#: By coder, and then by unit, the value; what a coder left out is missing.
Codings = Mapping[str, Mapping[Hashable, Hashable]]
_Floats = npt.NDArray[np.float64]

#: Draws of the bootstrap.
_DRAWS = 2000
#: Draws that are computed at a time, so that memory stays small.
_AT_A_TIME = 100
#: Part of the draws that may have no figure, for want of two values, before there is no interval.
_UNDEFINED = 0.05
#: What is less than this is nothing but rounding.
_NOTHING = 1e-12
_FEWEST = 2


class Level(StrEnum):
    """How values differ."""

    #: They are equal or not.
    NOMINAL = "nominal"
    #: They have an order, and differ by how many given values lie between them.
    ORDINAL = "ordinal"
    #: They are numbers, and differ by the square of the distance.
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One figure."""

    #: `alpha nominal`, `alpha ordinal`, `alpha interval`, `alpha unitised` or `kappa`.
    measure: str
    #: 1 is agreement without exception, 0 what chance would give; None if there is no figure.
    value: float | None
    #: Ends of the 95% interval; None if there is none.
    low: float | None
    high: float | None
    #: Units with values of two coders or more.
    units: int
    #: Coders with a value there.
    coders: int
    #: Why there is no figure, or no interval.
    why: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As `onrecord agreement --format json` shows it."""
        rounded = {k: None if v is None else round(v, 4) for k, v in (("value", self.value), ("low", self.low), ("high", self.high))}
        return {"measure": self.measure, **rounded, "units": self.units, "coders": self.coders, "why": self.why}


def alpha(codings: Codings, level: Level = Level.NOMINAL, *, order: Sequence[Hashable] | None = None, draws: int = _DRAWS, seed: int = 0) -> Agreement:
    """Krippendorff's alpha.

    Args:
        codings: Values by coder and unit.
        level: How values differ.
        order: With `ORDINAL`, the values from one end to the other; None to sort them. Others are refused.
        draws: Of the bootstrap; 0 for no interval.
        seed: The same seed gives the same interval.

    Raises:
        UsageError: Values have no order, or are no numbers, where they must.

    Example:
        >>> round(alpha({"mira": {1: "a", 2: "b", 3: "b"}, "otto": {1: "a", 2: "b", 3: "a"}}).value, 3)
        0.444
    """
    name = f"alpha {level}"
    values = _values(codings, level, order)
    counts, coders = _counted(codings, values)
    if len(counts) == 0:
        return Agreement(name, None, None, None, 0, coders, "no unit was coded by two coders")
    differ = _difference(level, values)
    # What a unit adds to each pair of values, all pairs of its coders together weighing as many as it has values.
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    pairs /= (counts.sum(axis=1) - 1)[:, None, None]

    def figures(weights: _Floats) -> _Floats:
        totals = weights @ counts
        coincidences = (weights @ pairs.reshape(len(pairs), -1)).reshape(-1, len(values), len(values))
        distance, n = differ(totals), totals.sum(axis=1)
        expected = totals[:, :, None] * totals[:, None, :] / (n - 1)[:, None, None]
        observed_sum, expected_sum = ((m * distance).sum(axis=(1, 2)) for m in (coincidences, expected))
        return _one_less(observed_sum, expected_sum)

    return _agreement(name, figures, len(counts), coders, draws=draws, seed=seed)


def kappa(one: Mapping[Hashable, Hashable], other: Mapping[Hashable, Hashable], *, draws: int = _DRAWS, seed: int = 0) -> Agreement:
    """Cohen's kappa of two coders, over the units that both coded.

    Args:
        one: Values by unit of one coder.
        other: Those of the other.
        draws: Of the bootstrap; 0 for no interval.
        seed: The same seed gives the same interval.

    Example:
        >>> round(kappa({1: "a", 2: "b", 3: "b"}, {1: "a", 2: "b", 3: "a"}).value, 3)
        0.4
    """
    both = [u for u in one if u in other]
    if not both:
        return Agreement("kappa", None, None, None, 0, 0, "no unit was coded by both")
    values = {v: n for n, v in enumerate(dict.fromkeys([*(one[u] for u in both), *(other[u] for u in both)]))}
    table = np.zeros((len(both), len(values), len(values)))
    table[np.arange(len(both)), [values[one[u]] for u in both], [values[other[u]] for u in both]] = 1

    def figures(weights: _Floats) -> _Floats:
        together = (weights @ table.reshape(len(both), -1)).reshape(-1, len(values), len(values)) / len(both)
        differ = 1 - np.trace(together, axis1=1, axis2=2)
        return _one_less(differ, 1 - (together.sum(axis=2) * together.sum(axis=1)).sum(axis=1))

    return _agreement("kappa", figures, len(both), 2, draws=draws, seed=seed)


def _values(codings: Codings, level: Level, order: Sequence[Hashable] | None) -> list[Hashable]:
    """All values there are, in their order."""
    given = list(dict.fromkeys(v for of in codings.values() for v in of.values()))
    if level is Level.NOMINAL:
        return given
    if level is Level.INTERVAL:
        odd = [v for v in given if isinstance(v, bool) or not isinstance(v, (int, float)) or not np.isfinite(v)]
        if odd:
            raise UsageError("an interval needs numbers", item=str(odd[0])[:80], hint="take nominal, or give numbers")
        return sorted(given, key=lambda v: cast("float", v))
    if order is None:
        try:
            return sorted(given, key=lambda v: cast("Any", v))
        except TypeError as error:
            raise UsageError("these values have no order of their own", hint="give the order") from error
    places = {v: n for n, v in enumerate(order)}
    odd = [v for v in given if v not in places]
    if odd or len(places) != len(order):
        what = f"not in the order: {odd[0]}" if odd else "the order names a value twice"
        raise UsageError(what, hint=f"the order is {', '.join(map(str, order))}")
    return sorted(given, key=places.__getitem__)


def _counted(codings: Codings, values: Sequence[Hashable]) -> tuple[_Floats, int]:
    """How often each value was given: a row for each unit with two values or more; and by how many coders."""
    places = {v: n for n, v in enumerate(values)}
    rows: dict[Hashable, list[int]] = {}
    for of in codings.values():
        for unit, value in of.items():
            rows.setdefault(unit, []).append(places[value])
    kept = {u: given for u, given in rows.items() if len(given) >= _FEWEST}
    counts = np.zeros((len(kept), len(values)))
    for n, given in enumerate(kept.values()):
        np.add.at(counts[n], given, 1)
    return counts, sum(any(u in kept for u in of) for of in codings.values())


def _difference(level: Level, values: Sequence[Hashable]) -> Callable[[_Floats], _Floats]:
    """Gives the squared differences of all pairs of values, for each row of how often they were given."""
    if level is Level.NOMINAL:
        unequal = 1 - np.eye(len(values))
        return lambda totals: unequal  # noqa: ARG005 - it does not depend on them
    if level is Level.INTERVAL:
        at = np.array(values, dtype=float)
        squares = (at[:, None] - at[None, :]) ** 2
        return lambda totals: squares  # noqa: ARG005 - likewise

    def ranks(totals: _Floats) -> _Floats:
        # The values between two, and half of each: the distance of their mean ranks.
        middle = np.cumsum(totals, axis=1) - totals / 2
        return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2)

    return ranks


def _one_less(observed: _Floats, expected: _Floats) -> _Floats:
    """1 less their quotient; nothing, where nothing is expected."""
    enough = expected > _NOTHING
    return np.where(enough, 1 - observed / np.where(enough, expected, 1), np.nan)


def _agreement(measure: str, figures: Callable[[_Floats], _Floats], units: int, coders: int, *, draws: int, seed: int) -> Agreement:
    value = float(figures(np.ones((1, units)))[0])
    if np.isnan(value):
        return Agreement(measure, None, None, None, units, coders, "every value is the same: chance alone would agree as well")
    if not draws or units < _FEWEST:
        return Agreement(measure, value, None, None, units, coders, "one unit has no interval" if draws else None)
    chance, found = np.random.default_rng(seed), np.empty(draws)
    for at in range(0, draws, _AT_A_TIME):
        some = found[at : at + _AT_A_TIME]
        some[:] = figures(chance.multinomial(units, np.full(units, 1 / units), size=len(some)).astype(float))
    found = found[~np.isnan(found)]
    if len(found) < draws * (1 - _UNDEFINED):
        return Agreement(measure, value, None, None, units, coders, "too few units differ in value for an interval")
    low, high = (float(v) for v in np.quantile(found, (0.025, 0.975)))
    return Agreement(measure, value, low, high, units, coders)
