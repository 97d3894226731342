"""Cuts a text at the edges of spans, so that what several statements share is marked for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Mark", "Piece", "cut"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters that a statement names in a role."""

    start: int
    end: int
    #: Number of the statement.
    number: int
    #: `source`, `cue`, `content` …
    role: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that belong to the same statements in the same roles."""

    start: int
    end: int
    #: (number of the statement, role), in the order in which they begin: the last is the innermost.
    of: tuple[tuple[int, str], ...]


def cut(stretches: Iterable[tuple[int, int]], marks: Iterable[Mark]) -> Iterator[list[Piece]]:
    """Cut stretches of a text into pieces, in one sweep over both.

    Args:
        stretches: Half-open offsets, in order, that do not overlap: paragraphs.
        marks: In any order; they may overlap, nest, and reach beyond a stretch.

    Yields:
        The pieces of each stretch; together they are the stretch.
    """
    begins: dict[int, list[tuple[int, str]]] = defaultdict(list)
    ends: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for mark in marks:
        begins[mark.start].append((mark.number, mark.role))
        ends[mark.end].append((mark.number, mark.role))
    edges = sorted({*begins, *ends})
    active: dict[tuple[int, str], None] = {}
    at = 0

    def step(edge: int) -> None:
        for key in ends.get(edge, ()):
            active.pop(key, None)
        for key in begins.get(edge, ()):
            active[key] = None

    for start, end in stretches:
        while at < len(edges) and edges[at] <= start:
            step(edges[at])
            at += 1
        pieces, position = [], start
        while position < end:
            edge = edges[at] if at < len(edges) and edges[at] < end else end
            pieces.append(Piece(position, edge, tuple(active)))
            position = edge
            if at < len(edges) and edges[at] == edge:
                step(edge)
                at += 1
        yield pieces
