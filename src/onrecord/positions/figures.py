"""The figures and the dates of one statement, read together: a length of time that makes a horizon is no quantity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from onrecord.positions.horizons import Horizon, find_horizons
from onrecord.positions.quantities import Quantity, find_quantities
from onrecord.text import Span

__all__ = ["find_figures"]


def find_figures(
    text: str,
    spans: Sequence[Span],
    *,
    said_on: str | None = None,
    published: datetime | None = None,
    dollar: str = "$",
    skip: Sequence[Span] = (),
) -> tuple[tuple[Quantity, ...], tuple[Horizon, ...]]:
    """Find the quantities and horizons of a statement.

    Args:
        text: The revision's text.
        spans: What was said.
        said_on: When, EDTF; what dates are counted from.
        published: When the article came out; what they are counted from otherwise.
        dollar: What a bare `$` is, from `money.dollar_of`.
        skip: Words that are read as something else, such as the date of the speaking.

    Returns:
        Each in order and without overlap.
    """
    taken = [(s.start, s.end) for s in skip]
    quantities: list[Quantity] = []
    horizons: list[Horizon] = []
    for span in spans:
        found = find_horizons(text, span.start, span.end, said_on=said_on, published=published, skip=taken)
        horizons += found
        # What hangs on an event may have figures of its own: `until 30 ships have left`.
        dates = [*taken, *((h.span.start, h.span.end) for h in found if h.edtf is not None)]
        quantities += find_quantities(text, span.start, span.end, dollar=dollar, skip=dates)
    return tuple(quantities), tuple(horizons)
