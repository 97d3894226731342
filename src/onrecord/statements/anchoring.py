"""Where a statement's words stand in another text: selectors of the W3C Web Annotation model, and finding their place again.

A selector holds, for each span, its offsets and its words with 32 characters on either side. The place is looked for by the offsets first,
then by the words with what surrounds them, then by the words in the form in which only words count. Two places that are equally
good are no answer, and words that stand elsewhere are said to have moved.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import Any

from onrecord.articles.differences import Edit, folded_words, moved_span
from onrecord.errors import UsageError
from onrecord.text import Span

__all__ = ["AnchorState", "Anchored", "Piece", "Selector", "anchor", "selector_of"]

#: Characters kept on either side, as annotation tools do (Hypothesis: 32).
_CONTEXT = 32
#: Places that are looked at for one piece; words that stand more often need no longer search to be ambiguous.
_MOST_PLACES = 200
#: Candidates that an ambiguous answer names.
_MOST_CANDIDATES = 10
#: What words in the same form, but not the same characters, are worth.
_FOLDED = 0.9
#: Words shorter than this say too little by themselves: somewhere else, what surrounds them must agree.
_TELLING = 12
#: Share of the surroundings that must agree then.
_LEAST_CONTEXT = 0.25
#: Scores nearer than this are equal.
_TIE = 1e-6
#: What a gap of the same length between two pieces adds to their places.
_SAME_GAP = 0.25


class AnchorState(StrEnum):
    """What became of a selector's words."""

    #: The same characters at the same offsets.
    ANCHORED = "anchored"
    #: The words stand, at other offsets or in other punctuation.
    MOVED = "moved"
    #: Several places are equally good.
    AMBIGUOUS = "ambiguous"
    #: The words are not there.
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Piece:
    """One span of a selector: a TextPositionSelector and a TextQuoteSelector."""

    start: int
    end: int
    exact: str
    #: Up to 32 characters before; fewer at the beginning of the text.
    prefix: str
    #: Up to 32 characters after.
    suffix: str

    def to_json(self) -> list[dict[str, Any]]:
        """The two selectors in the JSON form of the W3C Web Annotation model. Its offsets are code points too."""
        return [
            {"type": "TextPositionSelector", "start": self.start, "end": self.end},
            {"type": "TextQuoteSelector", "exact": self.exact, "prefix": self.prefix, "suffix": self.suffix},
        ]


@dataclass(frozen=True, slots=True)
class Selector:
    """Words of a text and where they stand; several pieces if they are discontinuous."""

    #: In order, without overlap.
    pieces: tuple[Piece, ...]

    def to_json(self) -> list[list[dict[str, Any]]]:
        """Two selectors a piece. In an annotation, each piece is a target of its own: selectors of one target are alternatives."""
        return [p.to_json() for p in self.pieces]

    @classmethod
    def from_json(cls, data: Sequence[Sequence[Mapping[str, Any]]]) -> Selector:
        """Read what `to_json` wrote.

        Raises:
            UsageError: It is something else.
        """
        try:
            pieces = tuple(_piece(selectors) for selectors in data)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            msg = f"no selector of words in a text: {error}"
            raise UsageError(msg, hint="each piece has a TextPositionSelector and a TextQuoteSelector with `exact`") from error
        return cls(pieces)


@dataclass(frozen=True, slots=True)
class Anchored:
    """What came of looking for a selector's words in a text."""

    state: AnchorState
    #: Where they stand, a span for each piece; empty if ambiguous or gone.
    spans: tuple[Span, ...]
    #: How well words and surroundings agree, 0 to 1; if ambiguous, that of each candidate.
    score: float
    #: The equally good places in order, at most ten; filled if ambiguous.
    candidates: tuple[tuple[Span, ...], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """A place for one piece."""

    start: int
    end: int
    score: float


def selector_of(text: str, spans: Iterable[Span]) -> Selector:
    """Describe words so that they can be found again in another text.

    Args:
        text: The text they stand in.
        spans: Where, in order.

    Raises:
        StatementError: A span does not hold the words it claims to.
    """
    pieces = []
    for span in spans:
        span.check(text)
        before, after = text[max(0, span.start - _CONTEXT) : span.start], text[span.end : span.end + _CONTEXT]
        pieces.append(Piece(span.start, span.end, span.exact, before, after))
    return Selector(tuple(pieces))


def anchor(selector: Selector, text: str, *, edits: Sequence[Edit] | None = None) -> Anchored:
    """Look for a selector's words in a text.

    Args:
        selector: From `selector_of`, on this text or another.
        text: Where to look.
        edits: `onrecord.articles.differences.differences` of the selector's text and this one, if both are at hand. A place that they keep
            is taken before any other.

    Returns:
        The place and how it was found. A selector without pieces is gone.
    """
    if not selector.pieces:
        return Anchored(AnchorState.GONE, (), 0.0)
    places = [_places(piece, text, edits or ()) for piece in selector.pieces]
    if not all(places):
        return Anchored(AnchorState.GONE, (), 0.0)
    best, total = _best_rows(selector.pieces, places)
    if not best:
        return Anchored(AnchorState.GONE, (), 0.0)
    score = min(1.0, total / len(selector.pieces))
    found = tuple(tuple(Span.of(text, p.start, p.end) for p in row) for row in best)
    if len(found) > 1:
        return Anchored(AnchorState.AMBIGUOUS, (), score, found)
    stays = all((s.start, s.end, s.exact) == (p.start, p.end, p.exact) for s, p in zip(found[0], selector.pieces, strict=True))
    return Anchored(AnchorState.ANCHORED if stays else AnchorState.MOVED, found[0], score)


# Places of one piece ----------------------------------------------------------------------------------------------------------------


def _places(piece: Piece, text: str, edits: Sequence[Edit]) -> list[_Place]:
    """Where a piece may stand, with scores; one alone where the edits keep it."""
    kept = moved_span(edits, piece.start, piece.end) if edits else None
    if kept and text[kept[0] : kept[1]] == piece.exact:
        return [_Place(*kept, _score(piece, text, *kept))]
    found = [_Place(s, e, _score(piece, text, s, e)) for s, e in _exact_places(piece, text)]
    if not found:
        found = [_Place(s, e, _score(piece, text, s, e) * _FOLDED) for s, e in _folded_places(piece, text)]
    return [p for p in found if _is_supported(piece, p)]


def _exact_places(piece: Piece, text: str) -> Iterator[tuple[int, int]]:
    size = len(piece.exact)
    if text.startswith(piece.exact, piece.start):
        yield piece.start, piece.start + size
    at, count = text.find(piece.exact), 0
    while at >= 0 and count < _MOST_PLACES:
        if at != piece.start and _is_whole(text, at, at + size):
            yield at, at + size
            count += 1
        at = text.find(piece.exact, at + 1)


def _folded_places(piece: Piece, text: str) -> Iterator[tuple[int, int]]:
    """Where the same words stand in another form: marks at either end are left out of the place."""
    wanted = [w.folded for w in folded_words(piece.exact)]
    if not any(c.isalnum() for w in wanted for c in w):
        return
    row, starts, places = _row(text)
    needle = "\0" + "\0".join(wanted) + "\0"
    found, count = row.find(needle), 0
    while found >= 0 and count < _MOST_PLACES:
        first = bisect_left(starts, found)
        yield places[first][0], places[first + len(wanted) - 1][1]
        found, count = row.find(needle, found + 1), count + 1


@lru_cache(maxsize=4)  # the statements of an article are looked for in one text, one after another
def _row(text: str) -> tuple[str, list[int], list[tuple[int, int]]]:
    """A text's folded words between separators that no word holds, where each begins there, and where it stands in the text."""
    words = folded_words(text)
    starts = list(accumulate((len(w.folded) + 1 for w in words), initial=0))
    return "\0" + "".join(w.folded + "\0" for w in words), starts, [(w.start, w.end) for w in words]


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a place begins and ends where words do."""
    begins = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    return begins and (end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum()))


def _score(piece: Piece, text: str, start: int, end: int) -> float:
    """One half for the words, one half for the share of the surroundings that agrees; an end of the text counts as a character."""
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    left = _agreeing(piece.prefix[::-1], before[::-1])
    right = _agreeing(piece.suffix, after)
    whole = sum(min(len(side) + 1, _CONTEXT) for side in (piece.prefix, piece.suffix))
    return 0.5 + 0.5 * (left + right) / whole


def _agreeing(wanted: str, there: str) -> int:
    count = 0
    while count < min(len(wanted), len(there)) and wanted[count] == there[count]:
        count += 1
    return min(count + (count == len(wanted) == len(there)), _CONTEXT)


def _is_supported(piece: Piece, place: _Place) -> bool:
    """Whether a place says enough to be one: long words do, short ones need surroundings, or their old offset."""
    return len(piece.exact) >= _TELLING or place.start == piece.start or place.score >= 0.5 + 0.5 * _LEAST_CONTEXT


# Places of all pieces ---------------------------------------------------------------------------------------------------------------


def _best_rows(pieces: Sequence[Piece], places: Sequence[Sequence[_Place]]) -> tuple[list[tuple[_Place, ...]], float]:
    """The best places for all pieces, in order and without overlap.

    Returns:
        Rows of places that share the highest score, and that score; of rows that share it, the one whose first offset is the old one alone.
    """
    rows: list[list[tuple[float, list[tuple[_Place, ...]]]]] = [[(p.score, [(p,)]) for p in places[0]]]
    for number in range(1, len(pieces)):
        gap = pieces[number].start - pieces[number - 1].end
        level = []
        for place in places[number]:
            ways = [
                (total + place.score + (_SAME_GAP if place.start - before[0][-1].end == gap else 0.0), before)
                for total, before in rows[-1]
                if before and before[0][-1].end <= place.start
            ]
            level.append(_joined(ways, place))
        rows.append(level)
    total = max((t for t, found in rows[-1] if found), default=0.0)
    best = sorted({row for t, found in rows[-1] if t >= total - _TIE for row in found})
    old = [row for row in best if all(place.start == piece.start for place, piece in zip(row, pieces, strict=True))]
    return old or best[:_MOST_CANDIDATES], total


def _joined(ways: Sequence[tuple[float, list[tuple[_Place, ...]]]], place: _Place) -> tuple[float, list[tuple[_Place, ...]]]:
    total = max((t for t, _ in ways), default=0.0)
    rows = [(*row, place) for t, before in ways if t >= total - _TIE for row in before]
    return total, rows[:_MOST_CANDIDATES]


def _piece(selectors: Sequence[Mapping[str, Any]]) -> Piece:
    by_type = {s["type"]: s for s in selectors}
    position, quote = by_type["TextPositionSelector"], by_type["TextQuoteSelector"]
    start, end, exact = position["start"], position["end"], quote["exact"]
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end and isinstance(exact, str) and exact):
        msg = f"offsets {start!r} to {end!r} for {exact!r:.40}"
        raise ValueError(msg)
    return Piece(start, end, exact, str(quote.get("prefix", "")), str(quote.get("suffix", "")))
