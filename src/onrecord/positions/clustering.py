"""Clusters of vectors by average linkage: two are joined as long as their members are, in the mean of all pairs, alike enough.

The mean cosine of all pairs of two clusters is the product of the sums of their unit vectors, divided by their sizes, so that no matrix of all pairs is
kept. Which clusters may be joined is found from each vector's nearest neighbours, in blocks. Single linkage, and parts of the neighbour graph,
would chain `A` to `C` through `B`; the mean of all pairs does not.
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

__all__ = ["average_linkage"]

#: Rows of one block.
_BLOCK = 1024
#: Neighbours of each vector that are looked at.
_NEAREST = 10


def average_linkage(vectors: NDArray[np.float32], least: float, *, nearest: int = _NEAREST) -> list[list[int]]:
    """Cluster unit vectors.

    Args:
        vectors: Shape (n, width).
        least: Mean cosine of all pairs of two clusters from which they are joined.
        nearest: How many neighbours of each vector are looked at.

    Returns:
        The rows of each cluster, in order; every row is in one; the largest cluster first, equal ones by their first row.

    Example:
        >>> average_linkage(np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32), 0.5)
        [[0, 2], [1]]
    """
    rows = len(vectors)
    neighbours = _neighbours(vectors, least, nearest)
    # Every join makes a new cluster with a new number, so that what is in the heap of living clusters holds.
    sums = np.zeros((max(1, 2 * rows - 1), vectors.shape[1]), dtype=np.float32)
    sums[:rows] = vectors
    sizes = np.ones(len(sums), dtype=np.int64)
    alive = [True] * rows
    members = [[n] for n in range(rows)]
    linked: list[set[int]] = [set(row) for row in neighbours]
    heap = [(-value, a, b) for a, row in enumerate(neighbours) for b, value in row.items() if a < b]
    heapq.heapify(heap)
    while heap:
        _, a, b = heapq.heappop(heap)
        if not (alive[a] and alive[b]):
            continue
        new = len(members)
        sums[new], sizes[new] = sums[a] + sums[b], sizes[a] + sizes[b]
        members.append(members[a] + members[b])
        alive[a] = alive[b] = False
        alive.append(True)
        around = sorted(n for n in linked[a] | linked[b] if alive[n])
        linked.append(set(around))
        for gone in (a, b):
            members[gone], linked[gone] = [], set()
        if around:
            means = sums[around] @ sums[new] / (sizes[around] * sizes[new])
            for n, mean in zip(around, means.tolist(), strict=True):
                linked[n].add(new)
                if mean >= least:
                    heapq.heappush(heap, (-round(mean, 6), n, new))
    return sorted((sorted(m) for m in members if m), key=lambda m: (-len(m), m[0]))


def _neighbours(vectors: NDArray[np.float32], least: float, nearest: int) -> list[dict[int, float]]:
    """Of each row the nearest others that are alike enough, both ways."""
    found: list[dict[int, float]] = [{} for _ in vectors]
    keep = min(nearest, len(vectors) - 1)
    for start in range(0, len(vectors) if keep > 0 else 0, _BLOCK):
        block = vectors[start : start + _BLOCK] @ vectors.T
        block[np.arange(len(block)), np.arange(start, start + len(block))] = -2
        best = np.argpartition(block, len(vectors) - keep, axis=1)[:, -keep:]
        values = np.take_along_axis(block, best, axis=1)
        row, column = np.nonzero(values >= least)
        for a, b, value in zip((row + start).tolist(), best[row, column].tolist(), values[row, column].round(6).tolist(), strict=True):
            found[a][b] = found[b][a] = value
    return found
