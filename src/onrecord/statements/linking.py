"""Which content goes with which cue, and which source: the bilinear scores of word pieces, averaged over spans.

Source: Dozat and Manning 2017 (biaffine attention), here between spans that the tagger has found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.reading.reader import Stream

__all__ = ["Group", "Tagged", "link"]

#: Word pieces between two spans that may still be linked: what one window of the encoder sees.
REACH = 254


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
    near = [i for i, c in enumerate(cues) if c.first - content.last <= REACH and content.first - c.last <= REACH]
    rows = stream.links[content.first : content.last, 0].astype(np.float32)
    columns = [none, *(stream.links[cues[i].first, 1].astype(np.float32) for i in near)]
    chances = _softmax(rows @ np.stack(columns).T / np.sqrt(rows.shape[1])).mean(axis=0)
    best = int(chances.argmax())
    return (None if best == 0 else near[best - 1]), float(chances[best])


def _source_of(stream: Stream, cue: Tagged, sources: Sequence[Tagged], none: NDArray[np.float32]) -> tuple[Tagged | None, float]:
    near = [s for s in sources if s.first - cue.last <= REACH and cue.first - s.last <= REACH]
    row = stream.links[cue.first, 3].astype(np.float32)
    columns = [none, *(stream.links[s.first, 2].astype(np.float32) for s in near)]
    chances = _softmax(np.stack(columns) @ row / np.sqrt(len(row)))
    best = int(chances.argmax())
    return (None if best == 0 else near[best - 1]), float(chances[best])


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
