"""How far coders agree on where spans begin and end: Krippendorff's alpha for unitising.

This is alpha_U of Krippendorff 1995 ("On the reliability of unitizing continuous data", Sociological Methodology 25), in the form and with the worked
example of Krippendorff 2004 (Content Analysis, 2nd edition, section 11.4; also in Quality & Quantity 38). The later family of Krippendorff, Mathet,
Bouvry and Widlöcher 2016 weighs lengths and not their squares; figures of the two are not to be compared.

A text is a line of `length` places. Each coder cuts it into spans of a category and the gaps between. Two spans that overlap differ by the squares of
the distances of their beginnings and of their ends, a span that lies within the other coder's gap by the square of its length. Expected is what all
spans would give, put anywhere.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from onrecord.errors import UsageError
from onrecord.positions.agreement import Agreement

__all__ = ["Section", "alpha_unitised", "disagreements"]

_FEWEST = 2


@dataclass(frozen=True, slots=True, order=True)
class Section:
    """A span of a text, given to a category by a coder; half-open."""

    start: int
    end: int
    category: Hashable = "span"

    @property
    def length(self) -> int:
        """How many places."""
        return self.end - self.start


def alpha_unitised(sections: Mapping[str, Iterable[Section]], length: int) -> Agreement:
    """Alpha for unitising, over all categories.

    Args:
        sections: By coder; one who marked nothing is there with nothing. Those of one coder and category do not overlap.
        length: Of the text; several texts are laid end to end.

    Raises:
        UsageError: A span is empty, outside the text, or overlaps another of its coder and category.

    Example:
        >>> round(alpha_unitised({"mira": [Section(10, 20)], "otto": [Section(12, 20)]}, 60).value, 3)
        0.961
    """
    given = {coder: sorted(of, key=lambda s: (s.start, s.end)) for coder, of in sections.items()}
    marked = sum(len(of) for of in given.values())
    if len(given) < _FEWEST:
        return Agreement("alpha unitised", None, None, None, marked, len(given), "fewer than two coders")
    parts = disagreements(given, length)
    observed, expected = (sum(part[n] for part in parts.values()) for n in (0, 1))
    if expected <= 0:
        why = "the spans fill the whole text: chance alone would agree as well" if marked else "nobody marked a span"
        return Agreement("alpha unitised", None, None, None, marked, len(given), why)
    return Agreement("alpha unitised", 1 - observed / expected, None, None, marked, len(given))


def disagreements(sections: Mapping[str, Sequence[Section]], length: int) -> dict[Hashable, tuple[float, float]]:
    """The observed and the expected disagreement of each category.

    Args:
        sections: By coder, in order.
        length: Of the text.

    Raises:
        UsageError: As `alpha_unitised`.
    """
    categories = dict.fromkeys(s.category for of in sections.values() for s in of)
    return {c: _of_category([_cut(of, c, length, coder) for coder, of in sections.items()], length) for c in categories}


#: A place in the line: beginning, end, whether it is a span or a gap.
_Piece = tuple[int, int, bool]


def _cut(sections: Iterable[Section], category: Hashable, length: int, coder: str) -> list[_Piece]:
    """A coder's spans of one category, and the gaps between them."""
    pieces: list[_Piece] = []
    at = 0
    for s in (s for s in sections if s.category == category):
        if not at <= s.start < s.end <= length:
            raise UsageError(
                f"a span of {coder} at {s.start} to {s.end} is empty, overlaps another, or is outside a text of {length}", hint="spans are half-open"
            )
        pieces += [(at, s.start, False)] if at < s.start else []
        pieces.append((s.start, s.end, True))
        at = s.end
    return [*pieces, *([(at, length, False)] if at < length else [])]


def _of_category(cut: Sequence[Sequence[_Piece]], length: int) -> tuple[float, float]:
    coders = len(cut)
    observed = sum(_between(one, other) for n, one in enumerate(cut) for m, other in enumerate(cut) if m != n)
    spans = [end - start for pieces in cut for start, end, is_span in pieces if is_span]
    expected = 0
    for own in spans:
        gaps = sum(end - start - own + 1 for pieces in cut for start, end, is_span in pieces if not is_span and end - start >= own)
        expected += (len(spans) - 1) * (own * (own - 1) * (2 * own - 1) // 3) + own**2 * gaps
    room = coders * length * (coders * length - 1) - sum(own * (own - 1) for own in spans)
    return observed / (coders * (coders - 1) * length**2), 2 * expected / (length * room) if room else 0.0


def _between(one: Sequence[_Piece], other: Sequence[_Piece]) -> int:
    """The differences of all pieces of one coder from those of another that they meet."""
    total = n = m = 0
    while n < len(one) and m < len(other):
        (start, end, is_span), (start2, end2, is_span2) = one[n], other[m]
        if is_span and is_span2:
            total += (start - start2) ** 2 + (end - end2) ** 2
        elif is_span and start2 <= start and end <= end2:
            total += (end - start) ** 2
        elif is_span2 and start <= start2 and end2 <= end:
            total += (end2 - start2) ** 2
        n, m = n + (end <= end2), m + (end2 <= end)
    return total
