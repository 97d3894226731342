"""Congruence and conflict: which actors take the same side of the same issues, and which take opposite ones.

Actors and issues are the two sides of a network; an actor is joined to an issue by each stance it took on it. Two actors are congruent on an issue if
both took one stance of it, and in conflict if one supported and the other opposed it. Whoever took both sides at different times is both, as in Leifeld's
Discourse Network Analyzer. Conditional agrees with conditional alone and opposes nothing; neutral takes no side and counts for nothing.

Sources: Philip Leifeld, "Reconceptualizing Major Policy Change in the Advocacy Coalition Framework: A Discourse Network Analysis of German Pension Politics",
Policy Studies Journal 41 (2013); the same, "Discourse Network Analysis: Policy Debates as Dynamic Networks", in the Oxford Handbook of Political Networks
(2017), for the normalisations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from onrecord.positions.position import Stance

__all__ = ["Norm", "Pair", "Tie", "Took", "ties_between"]

#: Stances that take a side.
_SIDES = (Stance.SUPPORT, Stance.OPPOSE, Stance.CONDITIONAL)


class Tie(StrEnum):
    """How two actors are joined."""

    CONGRUENCE = "congruence"
    CONFLICT = "conflict"


class Norm(StrEnum):
    """How much a tie weighs, of `n` issues on which two actors that spoke on `a` and `b` issues agree (or are in conflict)."""

    #: `n`: whoever speaks most is joined most.
    COUNT = "count"
    #: `n / ((a + b) / 2)`: average activity.
    ACTIVITY = "activity"
    #: `n / (a + b - shared)`, where `shared` are the issues on which both spoke.
    JACCARD = "jaccard"
    #: `n / sqrt(a * b)`.
    COSINE = "cosine"


@dataclass(frozen=True, slots=True)
class Took:
    """An actor took a stance on an issue, in so many statements."""

    actor: str
    issue: str
    stance: Stance
    count: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """Two actors and what joins them."""

    #: The one whose id comes first.
    one: str
    other: str
    tie: Tie
    #: Issues on which it is so.
    issues: int
    #: Issues on which both took a side.
    shared: int
    #: By the norm asked for.
    weight: float


def ties_between(rows: Iterable[Took], *, norm: Norm = Norm.COUNT, least: float = 0.0) -> list[Pair]:
    """All ties of congruence and of conflict, the heaviest first.

    Args:
        rows: Who took which stance on what. How often does not matter: a tie counts issues.
        norm: How ties weigh.
        least: Ties that weigh less are left out.

    Example:
        >>> rows = [Took("a", "pier", Stance.SUPPORT), Took("b", "pier", Stance.OPPOSE), Took("c", "pier", Stance.SUPPORT)]
        >>> [(p.one, p.other, str(p.tie)) for p in ties_between(rows)]
        [('a', 'c', 'congruence'), ('a', 'b', 'conflict'), ('b', 'c', 'conflict')]
    """
    took = [r for r in rows if r.stance in _SIDES and r.count > 0]
    names = sorted({r.actor for r in took})
    actors, issues = ({name: n for n, name in enumerate(every)} for every in (names, sorted({r.issue for r in took})))
    cube = np.zeros((len(_SIDES), len(actors), len(issues)), np.bool_)
    for r in took:
        cube[_SIDES.index(r.stance), actors[r.actor], issues[r.issue]] = True
    spoke = np.asarray(cube.any(axis=0), np.float64)
    shared: NDArray[np.float64] = np.matmul(spoke, spoke.T)
    agree, clash = np.zeros_like(shared), np.zeros_like(shared)
    # On one issue a pair counts once, however many stances it has in common.
    for k in range(len(issues)):
        support, oppose, conditional = cube[0, :, k], cube[1, :, k], cube[2, :, k]
        agree += np.logical_and.outer(support, support) | np.logical_and.outer(oppose, oppose) | np.logical_and.outer(conditional, conditional)
        clash += np.logical_and.outer(support, oppose) | np.logical_and.outer(oppose, support)
    below = _below(spoke.sum(axis=1), shared, norm)
    found = [p for tie, n in ((Tie.CONGRUENCE, agree), (Tie.CONFLICT, clash)) for p in _pairs(names, tie, n, shared, n / below)]
    return sorted((p for p in found if p.weight >= least), key=lambda p: (-p.weight, -p.issues, p.tie != Tie.CONGRUENCE, p.one, p.other))


def _below(activity: NDArray[np.float64], shared: NDArray[np.float64], norm: Norm) -> NDArray[np.float64]:
    """What counts are divided by; never 0, since all who are here spoke."""
    if norm is Norm.ACTIVITY:
        return np.asarray(np.add.outer(activity, activity) / 2)
    if norm is Norm.JACCARD:
        return np.asarray(np.add.outer(activity, activity) - shared)
    if norm is Norm.COSINE:
        return np.asarray(np.sqrt(np.outer(activity, activity)))
    return np.ones_like(shared)


def _pairs(names: Sequence[str], tie: Tie, count: NDArray[np.float64], shared: NDArray[np.float64], weight: NDArray[np.float64]) -> list[Pair]:
    one, other = np.nonzero(np.triu(count, 1))
    return [Pair(names[a], names[b], tie, int(count[a, b]), int(shared[a, b]), float(weight[a, b])) for a, b in zip(one.tolist(), other.tolist(), strict=True)]
