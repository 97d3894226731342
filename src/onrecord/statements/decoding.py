"""From scores to spans: Viterbi over learned transitions, with the tag grammar as a hard constraint.

Source: Forney 1973 (Viterbi); Lafferty, McCallum and Pereira 2001 (linear-chain CRF).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lattice", "allowed_transitions", "spans_of"]

_FORBIDDEN = -1e4


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


class Lattice:
    """All ways to tag a text, scored.

    Args:
        emissions: Shape (n, k), one row a word piece.
        transitions: Shape (k, k), learned score of going from row to column.
        start: Shape (k,), learned score of the first tag.
        tags: The k names; they give the constraint.
        breaks: Word pieces that begin a paragraph; no span runs across one.
    """

    def __init__(
        self,
        emissions: NDArray[np.float32],
        *,
        transitions: NDArray[np.float32],
        start: NDArray[np.float32],
        tags: Sequence[str],
        breaks: Sequence[int] = (),
    ) -> None:
        self._tags = tuple(tags)
        inner = np.array([t.startswith("I-") for t in tags])
        self._emissions = emissions.astype(np.float64)
        rows = np.zeros(len(emissions), dtype=np.bool_)
        rows[[0, *breaks] if len(emissions) else []] = True
        self._emissions[np.ix_(rows, inner)] = _FORBIDDEN
        self._steps = np.where(allowed_transitions(tags), transitions, _FORBIDDEN).astype(np.float64)
        self._start = start.astype(np.float64)

    def best(self) -> NDArray[np.int64]:
        """Find the best sequence of tags.

        Returns:
            Shape (n,), indices into the tags.
        """
        n = len(self._emissions)
        path = np.zeros(n, dtype=np.int64)
        if n == 0:
            return path
        steps = self._steps.T.copy()
        back = np.zeros((n, len(self._tags)), dtype=np.int64)
        best = self._start + self._emissions[0]
        rows = np.arange(len(self._tags))
        for i in range(1, n):
            scores = steps + best
            back[i] = scores.argmax(axis=1)
            best = scores[rows, back[i]] + self._emissions[i]
        path[-1] = best.argmax()
        for i in range(n - 1, 0, -1):
            path[i - 1] = back[i, path[i]]
        return path

    def probabilities(self, spans: Sequence[tuple[str, int, int]]) -> list[float]:
        """Compute how probable spans are, exactly as they stand, over all ways to tag the text.

        Forward-backward (Rabiner 1989), with the span's own tags fixed.

        Args:
            spans: Role, first word piece, one past the last.

        Returns:
            A probability a span.
        """
        if not spans:
            return []
        forward, backward, total = self._sums()
        out = []
        for role, first, last in spans:
            begin, inside = self._tags.index(f"B-{role}"), self._tags.index(f"I-{role}")
            before = self._start[begin] if first == 0 else _logsumexp(forward[first - 1] + self._steps[:, begin])
            score = before + self._emissions[first, begin]
            end = begin
            if last - first > 1:
                score += self._steps[begin, inside] + (last - first - 2) * self._steps[inside, inside]
                score += self._emissions[first + 1 : last, inside].sum()
                end = inside
            if last < len(self._emissions):
                after = self._steps[end] + self._emissions[last] + backward[last]
                after[inside] = _FORBIDDEN
                score += _logsumexp(after)
            out.append(float(np.exp(min(0.0, score - total))))
        return out

    def _sums(self) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
        n = len(self._emissions)
        forward, backward = np.zeros_like(self._emissions), np.zeros_like(self._emissions)
        forward[0] = self._start + self._emissions[0]
        # exp(scores) of the steps once, and sums of exponentials kept in range by their maximum: one product a word piece.
        linear = np.exp(self._steps)
        for i in range(1, n):
            top = forward[i - 1].max()
            forward[i] = np.log(np.exp(forward[i - 1] - top) @ linear + 1e-300) + top + self._emissions[i]
        for i in range(n - 2, -1, -1):
            onward = self._emissions[i + 1] + backward[i + 1]
            top = onward.max()
            backward[i] = np.log(linear @ np.exp(onward - top) + 1e-300) + top
        return forward, backward, _logsumexp(forward[-1])


def _logsumexp(values: NDArray[np.float64]) -> float:
    top = float(values.max())
    return top + float(np.log(np.exp(values - top).sum()))


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
