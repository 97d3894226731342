"""Measure what tells the side of a statement that takes one: the stance head beside the issue, or the act of the statement alone.

    python -m training.direction --codes training/positions_data/codes.jsonl --articles DATA/unlabelled/news.jsonl.xz --sets tests/positions/stances-dev.yaml

Only cases whose gold is support or oppose. AUC is the chance that a statement in support is put above one that opposes; `both` is fitted on one set and
measured on the other.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.positions.coder import Coder
from onrecord.scoring.stances import StanceCase, articles_by_digest, coded_cases, yaml_cases
from onrecord.scoring.taught import coded_once

#: Acts that go with a side, whatever is spoken of; the others go with neither.
FOR = ("support", "praise", "propose", "demand", "promise", "decide")
AGAINST = ("reject", "accuse", "warn", "threaten", "express concern")
Floats = NDArray[np.float64]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--codes", type=Path, required=True)
    p.add_argument("--issues", type=Path, default=Path("training/positions_data/issues.yaml"))
    p.add_argument("--articles", type=Path, required=True)
    p.add_argument("--sets", type=Path, nargs="*", default=[], help="invented sets in YAML")
    p.add_argument("--part", choices=["train", "dev"], default="dev")
    p.add_argument("--model")
    a = p.parse_args()
    coder = Coder.load(a.model)
    news = coded_once(coded_cases(a.codes, a.issues, articles_by_digest(a.articles), a.part))
    sets = {f"news, {a.part}": news, "invented": [c for path in a.sets for c in yaml_cases(path)]}
    seen = {name: features(coder, cases) for name, cases in sets.items() if cases}
    for name, (x, side) in seen.items():
        others = [v for n, v in seen.items() if n != name]
        rows = {"stance head": x[:, 0], "acts": x[:, 1]}
        if others:
            rows["both"] = fitted(*others[0])(x)
        for how, score in rows.items():
            print(f"{name:12} {len(side):4} cases, {side.mean():.2f} in support  {how:12} right {100 * ((score > 0) == side).mean():5.1f}  AUC {100 * auc(score, side):5.1f}")


def features(coder: Coder, cases: list[StanceCase]) -> tuple[Floats, NDArray[np.bool_]]:
    """Log odds of support against oppose, and of acts for against acts against; and whether the gold supports."""
    some = [c for c in cases if c.stance in ("support", "oppose")]
    stances = coder.stances([(c.issue, c.said, c.before) for c in some]).astype(np.float64)
    acts, _ = coder.alone([(c.said, c.before) for c in some])
    told, known = coder.manifest.stances, coder.manifest.acts
    odds = np.log(stances[:, told.index("support")] + 1e-6) - np.log(stances[:, told.index("oppose")] + 1e-6)
    mild, harsh = (acts[:, [known.index(n) for n in names]].sum(axis=1).astype(np.float64) for names in (FOR, AGAINST))
    return np.stack([odds, np.log(mild + 1e-6) - np.log(harsh + 1e-6)], axis=1), np.array([c.stance == "support" for c in some])


def fitted(x: Floats, side: NDArray[np.bool_], *, steps: int = 4000, rate: float = 0.05, decay: float = 0.01):  # noqa: ANN201
    """Logistic regression without an intercept: which side is said more often is the issue's, not ours."""
    weights = np.zeros(x.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-x @ weights))
        weights += rate * (x.T @ (side - chance) / len(side) - decay * weights)
    return lambda other: other @ weights


def auc(score: Floats, side: NDArray[np.bool_]) -> float:
    return float((score[side][:, None] > score[~side][None, :]).mean())


if __name__ == "__main__":
    main()
