"""From scores to spans: Viterbi over learned transitions, with the tag grammar as a hard constraint.

Source: Forney 1973 (Viterbi); Lafferty, McCallum and Pereira 2001 (linear-chain CRF).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["allowed_transitions", "spans_of", "viterbi"]

_FORBIDDEN = np.float32(-1e4)


def allowed_transitions(tags: Sequence[str]) -> NDArray[np.bool_]:
    """Say which tag may follow which: `I-x` only `B-x` or `I-x`.

    Args:
        tags: Names such as `O`, `B-source`, `I-source`.

    Returns:
        Shape (k, k), from row to column.
    """
    table = np.ones((len(tags), len(tags)), dtype=np.bool_)
    for column, tag in enumerate(tags):
        if tag.startswith("I-"):
            table[:, column] = [other in {f"B-{tag[2:]}", tag} for other in tags]
    return table


def viterbi(emissions: NDArray[np.float32], transitions: NDArray[np.float32], start: NDArray[np.float32], tags: Sequence[str]) -> NDArray[np.int64]:
    """Find the best sequence of tags.

    Args:
        emissions: Shape (n, k), one row a word piece.
        transitions: Shape (k, k), learned score of going from row to column.
        start: Shape (k,), learned score of the first tag.
        tags: The k names; they give the constraint.

    Returns:
        Shape (n,), indices into `tags`.
    """
    n = len(emissions)
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    steps = np.where(allowed_transitions(tags), transitions, _FORBIDDEN).astype(np.float32).T.copy()
    first = np.array([_FORBIDDEN if t.startswith("I-") else 0 for t in tags], dtype=np.float32)
    back = np.zeros((n, len(tags)), dtype=np.int64)
    best = start + first + emissions[0]
    rows = np.arange(len(tags))
    for i in range(1, n):
        scores = steps + best
        choice = scores.argmax(axis=1)
        back[i] = choice
        best = scores[rows, choice] + emissions[i]
    path = np.zeros(n, dtype=np.int64)
    path[-1] = best.argmax()
    for i in range(n - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def spans_of(path: NDArray[np.int64], tags: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Read spans off a sequence of tags.

    Args:
        path: Shape (n,), from `viterbi`.
        tags: Names of the tags.

    Yields:
        Role, first word piece, one past the last, in order.
    """
    role, first = "", 0
    for i, tag in enumerate([tags[t] for t in path]):
        if role and not tag.startswith("I-"):
            yield role, first, i
            role = ""
        if tag.startswith("B-"):
            role, first = tag[2:], i
    if role:
        yield role, first, len(path)
