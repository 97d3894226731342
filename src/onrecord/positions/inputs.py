"""What the coder of positions is given: an issue, what was said with its cue, and the words before; as word pieces.

The speaker is left out. Who says it would tell a model what such people say, and a position is to be read from the words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.models import WordPieces
from onrecord.statements import Statement

__all__ = ["BEFORE", "INPUTS_VERSION", "ISSUE", "SAID", "before_of", "encode", "said_of"]

#: Version of what follows; a model says for which it was made.
INPUTS_VERSION = "positions.v1"
#: Most word pieces of an issue, of what was said, and of the words before it (the last of them).
ISSUE, SAID, BEFORE = 72, 112, 40
#: Characters before a statement that are looked at.
_REACH = 300


def said_of(statement: Statement) -> str:
    """A statement for the model: `insisted: we will not sign`."""
    content = " ".join(s.exact for s in statement.content)
    cue = " ".join(s.exact for s in statement.cue)
    return f"{cue}: {content}" if cue else content


def before_of(statement: Statement, text: str) -> str:
    """The words before a statement, which say what "it" is."""
    start = min(s.start for s in (*statement.content, *statement.cue, *statement.source))
    return text[max(0, start - _REACH) : start]


def encode(pieces: WordPieces, rows: Sequence[tuple[str | None, str, str]]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Cut inputs into word pieces.

    Args:
        pieces: The model's tokenizer.
        rows: Issue (None for a statement alone), what was said, words before.

    Returns:
        For each row ids and kinds (0 for the issue, or for a statement alone; 1 for a statement beside an issue), each of shape (n,):
        `[CLS] issue [SEP] said [SEP] before [SEP]`; what is empty is left out with its [SEP].
    """
    flat = pieces.encode([part or "" for row in rows for part in row])
    out = []
    for n, (issue, _, _) in enumerate(rows):
        asked, said, before = (flat[3 * n + k][0] for k in range(3))
        head = [pieces.cls] + ([*asked[:ISSUE].tolist(), pieces.sep] if issue is not None else [])
        tail = [*said[:SAID].tolist(), pieces.sep]
        if len(before):
            tail += [*before[-BEFORE:].tolist(), pieces.sep]
        kinds = [0] * len(head) + [int(issue is not None)] * len(tail)
        out.append((np.array(head + tail, dtype=np.int64), np.array(kinds, dtype=np.int64)))
    return out
