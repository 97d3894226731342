"""Which statements are worth reading beside which issues: those whose words, or whose place among texts, are near the issue's.

Reading a statement and an issue together costs as much as reading the statement; a ledger has millions of one and dozens of the other. So a pair
is read if the statement or the words before it say the issue's own words, or if the vectors of both are near; and in an article that is about the issue, by its
headline or because it says the issue's words often, all statements are, since "it" and "that" have no words of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.positions.agenda import Issue
from onrecord.statements.wording import terms

__all__ = ["Wording", "pairs", "places_of", "says", "wording"]

#: Words between which the words of one name of an issue may stand apart.
_APART = 4
#: How near a statement's vector is to an issue's, to be read beside it: more than this above the middle of all statements and issues.
NEAR = 0.045
#: Times that an article says the words of an issue, to be about it.
_OFTEN = 2


@dataclass(frozen=True, slots=True)
class Wording:
    """What an issue is called, in the form in which words are compared."""

    #: Stems of each name of it, those that say something alone.
    names: tuple[tuple[str, ...], ...]


def wording(issue: Issue) -> Wording:
    """The names of an issue: its label and its aliases."""
    named = (tuple(dict.fromkeys(t.stem for t in terms(name) if t.telling)) for name in (issue.label, *issue.aliases))
    return Wording(tuple(n for n in named if n))


def says(stems: Sequence[str], names: Wording) -> int:
    """How often a text says one of the names: all words of a short one, and two in three of a long one, near each other."""
    return max((len(_places(stems, name)) for name in names.names), default=0)


def places_of(stems: Sequence[str], names: Wording) -> list[tuple[int, int]]:
    """Where a text says any of the names: numbers of the first and of the last word, in order."""
    return sorted({place for name in names.names for place in _places(stems, name)})


def _places(stems: Sequence[str], name: Sequence[str]) -> list[tuple[int, int]]:
    needed = len(name) if len(name) <= 2 else -(-2 * len(name) // 3)  # noqa: PLR2004 - short names are said whole
    wanted, reach = set(name), needed * (1 + _APART)
    places = [n for n, stem in enumerate(stems) if stem in wanted]
    found, at = [], 0
    while at < len(places):
        near = [p for p in places[at:] if p < places[at] + reach]
        if len({stems[p] for p in near}) >= needed:
            found.append((near[0], near[-1]))
            at += len(near)
        else:
            at += 1
    return found


def pairs(
    issues: Sequence[Wording], title: str, said: Sequence[str], before: Sequence[str], likeness: NDArray[np.float32], *, near: float = NEAR
) -> list[tuple[int, int]]:
    """Choose what to read together.

    Args:
        issues: Their names.
        title: The article's headline.
        said: Of each statement, what was said.
        before: Of each statement, the words before it.
        likeness: Cosine of each statement's vector (rows) and each issue's (columns), less what is usual.
        near: From which likeness a pair is read whatever its words.

    Returns:
        (statement, issue) by number, in order.
    """
    headline = _stems(title)
    contents = [_stems(s) for s in said]
    around = [_stems(b) for b in before]
    chosen: set[tuple[int, int]] = set()
    for k, names in enumerate(issues):
        spoken = [says(c, names) for c in contents]
        about = says(headline, names) > 0 or sum(map(bool, spoken)) >= _OFTEN
        for n in range(len(said)):
            if about or spoken[n] or says(around[n], names) or likeness[n, k] >= near:
                chosen.add((n, k))
    return sorted(chosen)


def _stems(text: str) -> list[str]:
    return [t.stem for t in terms(text)]
