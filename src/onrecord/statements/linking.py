"""Which content goes with which cue, and which source: the bilinear scores of word pieces, averaged over spans.

Source: Dozat and Manning 2017 (biaffine attention), here between spans that the tagger has found.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.reading.reader import Stream, Window

__all__ = ["Group", "Tagged", "link"]


@dataclass(frozen=True, slots=True)
class Tagged:
    """One span as the tagger found it."""

    role: str
    #: First word piece.
    first: int
    #: One past the last.
    last: int
    #: Probability that the span is there, exactly so.
    probability: float


@dataclass(frozen=True, slots=True)
class Group:
    """One attribution: a cue (or none) with its contents and its source (or none)."""

    cue: Tagged | None
    contents: tuple[Tagged, ...]
    source: Tagged | None
    #: Probability of the links, given the spans.
    probability: float


def link(stream: Stream, spans: Sequence[Tagged], no_link: NDArray[np.float32]) -> list[Group]:
    """Tie contents and sources to cues.

    Args:
        stream: The stream the spans were found in.
        spans: From the tagger, in order.
        no_link: Shape (2, width), see `onrecord.models.Manifest`.

    Returns:
        A group for each cue that has a content, then one for each content that has no cue; in order of their contents.
    """
    cues = [s for s in spans if s.role == "cue"]
    contents = [s for s in spans if s.role == "content"]
    sources = [s for s in spans if s.role == "source"]
    of_cue: dict[int, list[tuple[Tagged, float]]] = {}
    loose: list[Group] = []
    for content in contents:
        chosen, probability = _cue_of(stream, content, cues, no_link[0])
        if chosen is None:
            loose.append(Group(None, (content,), None, probability))
        else:
            of_cue.setdefault(chosen, []).append((content, probability))
    groups = list(loose)
    for number, found in of_cue.items():
        source, certain = _source_of(stream, cues[number], sources, no_link[1])
        groups.append(Group(cues[number], tuple(c for c, _ in found), source, certain * min(p for _, p in found)))
    return sorted(groups, key=lambda g: g.contents[0].first)


def _cue_of(stream: Stream, content: Tagged, cues: Sequence[Tagged], none: NDArray[np.float32]) -> tuple[int | None, float]:
    """Average over the content's word pieces, each compared with the cues in the window that decides it."""
    chances: dict[int | None, float] = {}
    for window, first, last in _parts(stream, content.first, content.last):
        near = range(*(bisect.bisect_left(cues, edge, key=_first) for edge in (window.start, window.end)))
        rows = window.links[first - window.start : last - window.start, 0].astype(np.float32)
        columns = [none, *(window.links[cues[i].first - window.start, 1].astype(np.float32) for i in near)]
        shares = _softmax(rows @ np.stack(columns).T / np.sqrt(rows.shape[1])).sum(axis=0) / (content.last - content.first)
        for number, share in zip([None, *near], shares.tolist(), strict=True):
            chances[number] = chances.get(number, 0.0) + share
    best = max(chances, key=lambda number: chances[number])
    return best, chances[best]


def _source_of(stream: Stream, cue: Tagged, sources: Sequence[Tagged], none: NDArray[np.float32]) -> tuple[Tagged | None, float]:
    (window, _, _), *_ = _parts(stream, cue.first, cue.first + 1)
    near = sources[bisect.bisect_left(sources, window.start, key=_first) : bisect.bisect_left(sources, window.end, key=_first)]
    row = window.links[cue.first - window.start, 3].astype(np.float32)
    columns = [none, *(window.links[s.first - window.start, 2].astype(np.float32) for s in near)]
    chances = _softmax(np.stack(columns) @ row / np.sqrt(len(row)))
    best = int(chances.argmax())
    return (None if best == 0 else near[best - 1]), float(chances[best])


def _first(tagged: Tagged) -> int:
    return tagged.first


def _parts(stream: Stream, first: int, last: int) -> list[tuple[Window, int, int]]:
    """Cut a range at the windows that decide it."""
    begin = bisect.bisect_right(stream.windows, first, key=lambda w: w.first) - 1
    parts = []
    for window in stream.windows[begin:]:
        if window.first >= last:
            break
        parts.append((window, max(first, window.first), min(last, window.last)))
    return parts


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
