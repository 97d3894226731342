"""Overlapping windows over a long text, and their arrays joined again.

A word piece that several windows saw takes its values from the window in which it stood farthest from an edge, where the
encoder saw most on both sides of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["batches", "owners", "padded", "plan"]


def plan(length: int, *, window: int, overlap: int) -> list[tuple[int, int]]:
    """Lay windows over `length` word pieces.

    Args:
        length: Word pieces of one stream.
        window: The most that fit in one window.
        overlap: How many two neighbours share; less than `window`.

    Returns:
        Half-open ranges that cover 0 to `length`, in order, the last one shifted back to be full.
    """
    if length <= window:
        return [(0, length)] if length else []
    starts = list(range(0, length - window, window - overlap))
    starts.append(length - window)
    return [(s, s + window) for s in starts]


def owners(ranges: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Say which part of each window is kept.

    Args:
        ranges: From `plan`, in order.
        length: Word pieces of the stream.

    Returns:
        For each window the half-open part of the stream it decides; the parts cover the stream once.
    """
    kept = []
    begin = 0
    for index, (_, end) in enumerate(ranges):
        stop = length if index + 1 == len(ranges) else (ranges[index + 1][0] + end + 1) // 2
        kept.append((begin, stop))
        begin = stop
    return kept


def batches(lengths: Sequence[int], *, most: int) -> Iterator[list[int]]:
    """Put windows of like length together, so that little is padded.

    Args:
        lengths: Length of each window.
        most: Windows in one batch.

    Yields:
        Indices into `lengths`.
    """
    order = np.argsort(np.array(lengths, dtype=np.int64), kind="stable")[::-1]
    batch: list[int] = []
    for index in order.tolist():
        if batch and (len(batch) == most or lengths[index] * 4 < lengths[batch[0]] * 3):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def padded(rows: Sequence[NDArray[np.int64]], longest: int) -> NDArray[np.int64]:
    """Stack rows of different lengths, zeros behind.

    Args:
        rows: Arrays of shape (..., n_i).
        longest: Length of the last axis.

    Returns:
        Shape (len(rows), ..., longest).
    """
    out = np.zeros((len(rows), *rows[0].shape[:-1], longest), dtype=np.int64)
    for index, row in enumerate(rows):
        out[index, ..., : row.shape[-1]] = row
    return out
