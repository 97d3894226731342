"""How far gold and scores can be relied on, how well conditions are found, and what twenty codings of an issue are worth."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.positions import Stance
from onrecord.positions.agreement import alpha
from onrecord.positions.conditions import find_conditions
from onrecord.positions.refitting import refit
from onrecord.positions.shifts import LEAST
from onrecord.scoring.stances import macro_f1
from onrecord.text import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onrecord.positions.coder import Coder
    from onrecord.scoring.stances import StanceCase

__all__ = ["after_codings", "coded_once", "coded_twice", "condition_scores", "sure_scores"]

#: Codings that a refit is made from, statements that must be left then, and draws.
_TAUGHT, _LEFT, _DRAWS = 20, 10, 5
#: What may stand at either end of a clause and makes no difference.
_EDGES = ' ,.“”"'


def coded_once(cases: Sequence[StanceCase]) -> list[StanceCase]:
    """Each statement as its first coder, by name, has it."""
    first: dict[str, StanceCase] = {}
    for case in sorted(cases, key=lambda c: c.coder):
        first.setdefault(case.name, case)
    return [c for c in cases if first[c.name] is c]


def coded_twice(cases: Sequence[StanceCase]) -> dict[str, Any]:
    """How far the coders agree on statements that several coded: Krippendorff's nominal alpha, and the share that is the same. Empty if there are none."""
    coders: defaultdict[str, dict[str, StanceCase]] = defaultdict(dict)
    for case in cases:
        coders[case.name][case.coder] = case
    units = {name: by for name, by in coders.items() if len(by) > 1}
    if not units:
        return {}
    out: dict[str, Any] = {"statements": len(units)}
    for what in ("stance", "act"):
        values: defaultdict[str, dict[Hashable, Hashable]] = defaultdict(dict)
        for name, by in units.items():
            for coder, case in by.items():
                values[coder][name] = getattr(case, what)
        same = sum(len({getattr(c, what) for c in by.values()}) == 1 for by in units.values())
        out[what] = {"alpha": alpha(values, draws=0).value, "same": 100 * same / len(units)}
    return out


def sure_scores(cases: Sequence[StanceCase], probabilities: NDArray[np.float32], labels: Sequence[str], *, least: float = LEAST) -> dict[str, Any]:
    """How many positions have at least a score, and how many of those are what the gold says.

    Args:
        cases: The gold.
        probabilities: A row each.
        labels: What the columns are of; the first is `none`.
        least: The score; that from which the matrix shows a position.
    """
    best = probabilities[:, 1:].argmax(axis=1) + 1
    told = [(c, labels[k]) for c, k, row in zip(cases, best, probabilities, strict=True) if row[k] >= least]
    return {"least": least, "told": len(told), "right": sum(c.stance == label for c, label in told)}


def condition_scores(cases: Sequence[StanceCase], found: Sequence[str]) -> dict[str, Any]:
    """Of the conditions in the gold, how many are found with the stance, and how many of their words; whatever the stance, how many clauses are the gold's."""
    there = [(c, f) for c, f in zip(cases, found, strict=True) if c.condition]
    if not there:
        return {}
    clauses = [next((s.exact for s in find_conditions(c.content, [Span.of(c.content, 0, len(c.content))])), "") for c, _ in there]
    gold = [" ".join((c.condition or "").split()) for c, _ in there]
    words = [_overlap(g.split(), " ".join(f.split()).split()) for g, f in zip(gold, clauses, strict=True)]
    exact = sum(" ".join(f.split()).strip(_EDGES) == g.strip(_EDGES) for g, f in zip(gold, clauses, strict=True))
    stances = sum(f == Stance.CONDITIONAL for _, f in there)
    return {"cases": len(there), "stance_found": stances, "exact": exact, "word_f1": 100 * float(np.mean(words))}


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    common = len(set(one) & set(other))
    return 2 * common / (len(set(one)) + len(set(other))) if one or other else 1.0


def after_codings(coder: Coder, cases: Sequence[StanceCase]) -> dict[str, Any]:
    """Macro-F1 on statements of each issue that were not among 20 codings of it: before a refit from those, and after; over several draws."""
    by_issue: defaultdict[str, list[StanceCase]] = defaultdict(list)
    for c in cases:
        by_issue[c.issue.id].append(c)
    before: list[tuple[str, str]] = []
    after: list[tuple[str, str]] = []
    used = 0
    for issue, some in sorted(by_issue.items()):
        if len(some) < _TAUGHT + _LEFT:
            continue
        logs = np.log(np.maximum(coder.stances([(c.issue, c.said, c.before) for c in some]), 1e-6))
        places = coder.vectors([c.said for c in some])
        for draw in range(_DRAWS):
            order = list(range(len(some)))
            random.Random(f"{issue} {draw}").shuffle(order)  # noqa: S311 - draws are no secret
            known, rest = order[:_TAUGHT], order[_TAUGHT:]
            if len({some[n].stance for n in known}) == 1:
                continue
            made = refit(places[known], logs[known], [some[n].stance for n in known])
            used += made.better
            told = made.probabilities(places[rest], logs[rest]) if made.better else np.exp(logs[rest])
            before += [(some[n].stance, coder.manifest.stances[int(logs[n].argmax())]) for n in rest]
            after += [(some[n].stance, coder.manifest.stances[int(p.argmax())]) for n, p in zip(rest, told, strict=True)]
    zero, taught = (100 * macro_f1(pairs)[0] for pairs in (before, after))
    accuracy = [100 * sum(g == f for g, f in pairs) / max(1, len(pairs)) for pairs in (before, after)]
    return {
        "statements": len(before),
        "refits_used": used,
        "zero_shot": zero,
        "after_20": taught,
        "accuracy_zero_shot": accuracy[0],
        "accuracy_after_20": accuracy[1],
    }
