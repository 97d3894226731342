"""What the reader sees besides the words: case, white space and quotation marks, as small integers.

The encoder's tokenizer folds case and white space away; attribution needs both, and it needs to know whether a word
stands between quotation marks whatever their style. Version `features.v1`: the tables below are part of a trained
model, and a change to them needs a new version and a new model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.reading.marks import Quoted, quote_states

__all__ = ["CASES", "FEATURES_VERSION", "GAPS", "MARK_STATES", "token_features"]

FEATURES_VERSION = "features.v1"

#: Case of a word piece: no letters, lower, Title, UPPER, miXed.
CASES = 5
#: What stands before a word piece: nothing, a space, a line break, a blank line or the start.
GAPS = 4
#: State of a word piece's first character, see `onrecord.reading.marks`.
MARK_STATES = 5


def token_features(text: str, offsets: Sequence[tuple[int, int]], quoted: Sequence[Quoted]) -> NDArray[np.int64]:
    """Compute the features of word pieces.

    Args:
        text: The text the offsets point into.
        offsets: Half-open code point offsets of the word pieces, ascending.
        quoted: Quotations of the same text, from `find_quoted`.

    Returns:
        Shape (3, n): case, gap and quotation state of each word piece.
    """
    states = quote_states(text, quoted)
    out = np.zeros((3, len(offsets)), dtype=np.int64)
    previous = -1
    for index, (start, end) in enumerate(offsets):
        out[0, index] = _case(text[start:end])
        out[1, index] = _gap(text, previous, start)
        out[2, index] = states[start] if start < len(states) else 0
        previous = end
    return out


def _case(piece: str) -> int:
    if piece.islower():
        return 1
    if piece.isupper():
        return 2 if len(piece) == 1 else 3
    if not any(c.isalpha() for c in piece):
        return 0
    if piece[:1].isupper() and piece[1:].islower():
        return 2
    return 4 if piece.upper() != piece.lower() else 0


def _gap(text: str, previous: int, start: int) -> int:
    if previous < 0:
        return 3
    if previous >= start:
        return 0
    between = text[previous:start]
    breaks = between.count("\n") or between.count("\r") or between.count("\u2028") + between.count("\u2029")
    if breaks:
        return 3 if breaks > 1 else 2
    return 1 if any(c.isspace() for c in between) else 0
