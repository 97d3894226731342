"""What was said with the words of its condition marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from onrecord.ledger.packing import JOINT
from onrecord.text import Span

__all__ = ["cut"]


def cut(content: Sequence[Span], marked: Iterable[Span]) -> tuple[tuple[str, bool], ...]:
    """The parts of a content, and whether each is marked.

    Args:
        content: Spans of the text, in order.
        marked: Spans of the same text; what of them is outside of the content is left out.

    Example:
        >>> said = "We sign if they leave"
        >>> cut([Span(0, 21, said)], [Span(8, 21, said[8:])])
        (('We sign ', False), ('if they leave', True))
    """
    places = [(m.start, m.end) for m in marked]
    parts: list[tuple[str, bool]] = []
    for n, span in enumerate(content):
        if n:
            parts.append((JOINT, False))
        edges = sorted({span.start, span.end, *(min(max(p, span.start), span.end) for place in places for p in place)})
        for start, end in pairwise(edges):
            inside = any(a <= start and end <= b for a, b in places)
            words = span.exact[start - span.start : end - span.start]
            if parts and parts[-1][1] is inside and parts[-1][0] != JOINT:
                parts[-1] = parts[-1][0] + words, inside
            else:
                parts.append((words, inside))
    return tuple(parts)
