"""Which stretches of text can be a mention at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onrecord.reading.sentences import Sentences

__all__ = ["LONGEST", "candidate_spans", "width_bucket"]

#: Word pieces in the longest mention that is looked at: 99% of those in GUM are shorter.
LONGEST = 32


def candidate_spans(text: str, offsets: NDArray[np.int64], sentences: Sentences) -> NDArray[np.int64]:
    """List every stretch of whole words inside one sentence.

    Args:
        text: The text.
        offsets: Shape (n, 2): half-open offsets of word pieces, ascending.
        sentences: Its sentences.

    Returns:
        Shape (m, 2): first word piece and one past the last, ordered by start, longest first.
    """
    n = len(offsets)
    if n == 0:
        return np.zeros((0, 2), dtype=np.int64)
    starts, ends = offsets[:, 0], offsets[:, 1]
    word = np.array([text[s].isalnum() for s in starts.tolist()]), np.array([text[e - 1].isalnum() for e in ends.tolist()])
    glued = np.zeros(n + 1, dtype=bool)
    glued[1:n] = (starts[1:] == ends[:-1]) & word[0][1:] & word[1][:-1]
    # A mention neither begins nor ends with a mark, but for the full stop of an initial and the mark of a possessive.
    may_end = ~glued[1:] & np.array([text[e - 1].isalnum() or text[e - 1] in ".%)’'" for e in ends.tolist()])
    may_start = ~glued[:-1] & np.array([text[s].isalnum() or text[s] in "$£€#@" for s in starts.tolist()])
    begins = np.array([s for s, _ in sentences.ranges] or [0])
    sentence = np.searchsorted(begins, starts, side="right")
    first = np.flatnonzero(may_start)
    widths = np.arange(LONGEST, 0, -1)
    a = np.repeat(first, LONGEST)
    b = a + np.tile(widths, len(first))
    fits = b <= n
    a, b = a[fits], b[fits]
    keep = may_end[b - 1] & (sentence[a] == sentence[b - 1])
    return np.stack([a[keep], b[keep]], axis=1).astype(np.int64)


def width_bucket(spans: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bucket of a stretch's length, 0 to 7: 1, 2, 3, 4, 5-6, 7-9, 10-15, 16 and more word pieces."""
    return np.searchsorted(np.array([2, 3, 4, 5, 7, 10, 16]), spans[:, 1] - spans[:, 0], side="right")
