"""Whether a reader's scores mean what they say: of the statements that it scores 0.8, how many are right?

The reliability diagram of DeGroot and Fienberg (1983), as a table; right is what the joined rule matches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.scoring.gold import GoldArticle
from onrecord.scoring.matching import joined_pairs
from onrecord.scoring.spans import Attributed, trimmed

__all__ = ["EDGES", "Band", "Judged", "bands", "judge"]

#: Lower edges of the bands; the last one ends at 1.
EDGES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Judged:
    """One prediction with its score, and whether the gold has it."""

    score: float
    right: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Predictions whose scores lie between two edges."""

    #: Least score.
    low: float
    #: Scores are below it; the last band holds 1, too.
    high: float
    #: Predictions in the band.
    number: int
    #: How many of them are right.
    right: int

    @property
    def share(self) -> float | None:
        """Share that is right, None if the band is empty."""
        return self.right / self.number if self.number else None


def judge(article: GoldArticle, predicted: Sequence[Attributed]) -> tuple[Judged, ...]:
    """Say of each prediction that has a score and a content whether a gold attribution is matched with it."""
    gold, found = ([a for a in side if trimmed(article.text, a.content)] for side in (article.attributions, predicted))
    matched = {right for _, right in joined_pairs(article.text, gold, found)}
    return tuple(Judged(a.score, i in matched) for i, a in enumerate(found) if a.score is not None)


def bands(judged: Iterable[Judged]) -> tuple[Band, ...]:
    """Count predictions by band."""
    items = list(judged)
    out = []
    for low, high in zip(EDGES, (*EDGES[1:], 1.0), strict=True):
        mine = [j for j in items if low <= j.score and (j.score < high or high == 1.0)]
        out.append(Band(low, high, len(mine), sum(j.right for j in mine)))
    return tuple(out)
