"""Coreference as the field scores it: MUC, B-cubed, CEAF-e, and their mean, the CoNLL F1.

Sources: Vilain et al. 1995; Bagga and Baldwin 1998; Luo 2005; Pradhan et al. 2014 (the reference scorer). Clusters of one mention are
left out on both sides, as OntoGUM has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onrecord.errors import MissingExtraError

__all__ = ["ClusterCounts", "count_clusters"]

Cluster = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class ClusterCounts:
    """Counts that add over documents: for each measure what is right, what was guessed and what is gold."""

    #: MUC: links.
    muc: tuple[float, float, float, float] = (0, 0, 0, 0)
    #: B-cubed: mentions.
    b_cubed: tuple[float, float, float, float] = (0, 0, 0, 0)
    #: CEAF-e: entities.
    ceaf: tuple[float, float, float, float] = (0, 0, 0, 0)
    #: Mentions found: right, guessed, right again, gold.
    mentions: tuple[float, float, float, float] = (0, 0, 0, 0)

    def __add__(self, other: ClusterCounts) -> ClusterCounts:
        def add(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
            return (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3])

        return ClusterCounts(add(self.muc, other.muc), add(self.b_cubed, other.b_cubed), add(self.ceaf, other.ceaf), add(self.mentions, other.mentions))

    @staticmethod
    def f1(counts: tuple[float, float, float, float]) -> float:
        """F1 of one measure, 0 to 1; counts are right and guessed (precision), right and gold (recall)."""
        precision, recall = counts[0] / counts[1] if counts[1] else 0.0, counts[2] / counts[3] if counts[3] else 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    @property
    def conll(self) -> float:
        """Mean F1 of MUC, B-cubed and CEAF-e, 0 to 1."""
        return (self.f1(self.muc) + self.f1(self.b_cubed) + self.f1(self.ceaf)) / 3


def count_clusters(gold: Sequence[Cluster], guess: Sequence[Cluster]) -> ClusterCounts:
    """Compare the clusters of one document.

    Args:
        gold: Gold clusters of mention offsets.
        guess: Clusters found.

    Raises:
        MissingExtraError: scipy is not installed; CEAF-e pairs entities with it.
    """
    gold, guess = [c for c in gold if len(c) > 1], [c for c in guess if len(c) > 1]
    mine, theirs = {m: c for c in guess for m in c}, {m: c for c in gold for m in c}
    hit = len(mine.keys() & theirs.keys())
    best = _aligned(gold, guess)
    return ClusterCounts(
        muc=(*_links(guess, theirs), *_links(gold, mine)),
        b_cubed=(_overlap(guess, theirs), len(mine), _overlap(gold, mine), len(theirs)),
        ceaf=(best, len(guess), best, len(gold)),
        mentions=(hit, len(mine), hit, len(theirs)),
    )


def _links(clusters: Sequence[Cluster], other: dict[tuple[int, int], Cluster]) -> tuple[float, float]:
    right = total = 0
    for c in clusters:
        parts = {id(other[m]) for m in c if m in other}
        right += len(c) - len(parts) - sum(m not in other for m in c)
        total += len(c) - 1
    return right, total


def _overlap(clusters: Sequence[Cluster], other: dict[tuple[int, int], Cluster]) -> float:
    return sum(len(c & other[m]) / len(c) for c in clusters for m in c if m in other)


def _aligned(gold: Sequence[Cluster], guess: Sequence[Cluster]) -> float:
    if not gold or not guess:
        return 0.0
    try:
        from scipy.optimize import linear_sum_assignment
    except ImportError:
        raise MissingExtraError("coreference scores need scipy", hint="pip install 'onrecord[score]'") from None
    similarity = np.array([[2 * len(g & s) / (len(g) + len(s)) for s in guess] for g in gold])
    rows, columns = linear_sum_assignment(-similarity)
    return float(similarity[rows, columns].sum())
