"""Measure which pairs of statement and issue are read together: how many of those on the issue are missed, and how many others are read for nothing.

    python -m training.retrieval --codes training/positions_data/codes.jsonl --articles DATA/unlabelled/news.jsonl.xz --part train
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from onrecord.positions.coder import Coder
from onrecord.positions.retrieval import says, wording
from onrecord.scoring.stances import articles_by_digest, coded_cases
from onrecord.statements.wording import terms


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--codes", type=Path, required=True)
    p.add_argument("--issues", type=Path, default=Path("training/positions_data/issues.yaml"))
    p.add_argument("--articles", type=Path, required=True)
    p.add_argument("--part", default="train")
    p.add_argument("--model")
    a = p.parse_args()
    coder = Coder.load(a.model)
    cases = coded_cases(a.codes, a.issues, articles_by_digest(a.articles), a.part)
    cases = [c for c in cases if not c.name.startswith("any")]
    issues = list({c.issue.id: c.issue for c in cases}.values())
    _, vectors = coder.alone([(c.said, c.before) for c in cases])
    likeness = vectors @ coder.vectors([i.text for i in issues]).T
    own = np.array([next(k for k, i in enumerate(issues) if i.id == c.issue.id) for c in cases])
    mine = likeness[np.arange(len(cases)), own]
    other = np.delete(likeness.ravel(), np.arange(len(cases)) * len(issues) + own)
    names = [wording(i) for i in issues]
    said = np.array([bool(says([t.stem for t in terms(c.content)], names[k])) for c, k in zip(cases, own, strict=True)])
    before = np.array([bool(says([t.stem for t in terms(c.before)], names[k])) for c, k in zip(cases, own, strict=True)])
    on = np.array([c.stance != "none" for c in cases])
    print(f"{len(cases)} statements, {on.sum()} on their issue; usual likeness {other.mean():.3f} (spread {other.std():.3f}); on the issue {mine[on].mean():.3f}, not {mine[~on].mean():.3f}")
    print(f"words alone find {100 * (said | before)[on].mean():.1f} of those on the issue, {100 * (said | before)[~on].mean():.1f} of the others drawn for it")
    for near in (0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12):
        found = said | before | (mine >= other.mean() + near)
        print(f"near {near}: {100 * found[on].mean():.1f} of those on the issue; read for nothing: {100 * (other >= other.mean() + near).mean():.1f} of pairs with other issues")


if __name__ == "__main__":
    main()
