"""Measure what tells the side of a statement that takes one: the stance head beside the issue, or the act of the statement alone.

    python -m training.direction --codes training/positions_data/codes.jsonl --articles DATA/unlabelled/news.jsonl.xz
    python -m training.direction --set tests/positions/stances-dev.yaml

Only cases of `dev` whose gold is support or oppose. AUC is the chance that a statement in support is put above one that opposes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.positions.coder import Coder
from onrecord.scoring.stances import articles_by_digest, coded_cases, digest_of, yaml_cases
from onrecord.scoring.taught import coded_once

#: Acts that go with a side, whatever is spoken of; the others go with neither.
FOR = ("support", "praise", "propose", "demand", "promise", "decide")
AGAINST = ("reject", "accuse", "warn", "threaten", "express concern")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--codes", type=Path)
    p.add_argument("--issues", type=Path, default=Path("training/positions_data/issues.yaml"))
    p.add_argument("--articles", type=Path)
    p.add_argument("--set", type=Path, help="a set in YAML, instead of codes and articles")
    p.add_argument("--model")
    a = p.parse_args()
    if not a.set and not (a.codes and a.articles):
        p.error("give --set, or --codes and --articles")
    coder = Coder.load(a.model)
    every = yaml_cases(a.set) if a.set else coded_once(coded_cases(a.codes, a.issues, articles_by_digest(a.articles), "dev"))
    cases = [c for c in every if c.stance in ("support", "oppose")]
    support = np.array([c.stance == "support" for c in cases])
    print(f"{len(cases)} cases, {support.sum()} in support")
    stances = coder.stances([(c.issue, c.said, c.before) for c in cases])
    acts, _ = coder.alone([(c.said, c.before) for c in cases])
    tell("stance head", stances, coder.manifest.stances, ("support",), ("oppose",), support)
    tell("act", acts, coder.manifest.acts, FOR, AGAINST, support)
    print(f"cases:{len(cases)}|sha:{digest_of(cases)}|match:side.v1|coder:{coder.name}|model:{coder.manifest.digest}")


def tell(name: str, probabilities: NDArray[np.float32], labels: tuple[str, ...], for_: tuple[str, ...], against: tuple[str, ...], support: NDArray[np.bool_]) -> None:
    yes, no = (probabilities[:, [labels.index(n) for n in some]].sum(axis=1) for some in (for_, against))
    odds = np.log(yes + 1e-6) - np.log(no + 1e-6)
    auc = (odds[support][:, None] > odds[~support][None, :]).mean()
    print(f"{name:12} right {100 * ((odds > 0) == support).mean():5.1f}  AUC {100 * auc:5.1f}")


if __name__ == "__main__":
    main()
