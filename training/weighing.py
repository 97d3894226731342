"""Fit how the network of a model of positions is weighed with what else tells, and write it into the model's manifest.

    python -m training.weighing --model src/onrecord/models/files/positions-1.2.0 --articles DATA/unlabelled/news.jsonl.xz

Fitted on what the network did not learn from and is not scored on: codes of the parts `dev` and `calibration`, matrices of the part `dev`, and the set in YAML
for developing. Logistic models, a ridge on all weights but the last; each is shown first as it does on issues or articles left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.positions.coder import Coder
from onrecord.positions.weighing import BEARS, KIND, SIDE, WEIGHING_VERSION
from onrecord.scoring.matrix import coded_articles
from onrecord.scoring.stances import articles_by_digest, coded_cases, digest_of, yaml_cases
from onrecord.scoring.taught import coded_once

Floats = NDArray[np.float64]
RIDGE, FOLDS, STEPS = 1.0, 12, 50
DATA = Path("training/positions_data")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", type=Path, required=True, help="its folder; the manifest is written anew")
    p.add_argument("--articles", type=Path, required=True)
    p.add_argument("--set", type=Path, default=Path("tests/positions/stances-dev.yaml"))
    p.add_argument("--dry", action="store_true", help="show, and write nothing")
    a = p.parse_args()
    coder, texts = Coder.load(a.model), articles_by_digest(a.articles)
    cases, groups, parts = [], [], []
    for part in ("dev", "calibration"):
        some = coded_once(coded_cases(DATA / "codes.jsonl", DATA / "issues.yaml", texts, part))
        cases += some
        groups += [c.issue.id for c in some]
    own = yaml_cases(a.set)
    cases += own
    groups += [c.issue.id for c in own]
    parts.append(coder.numbers([(c.issue, c.said, c.before) for c in cases]))
    single = len(cases)
    for article in coded_articles(DATA / "matrix.jsonl", a.articles, "dev"):
        said, before = ([getattr(row[0], what) for row in article.cases] for what in ("said", "before"))
        some = [article.cases[n][k] for n, k in coder.beside(article.issues, article.title, said, before)]
        parts.append(coder.numbers([(c.issue, c.said, c.before) for c in some], rivals=article.issues))
        cases += some
        groups += [article.digest] * len(some)
    bears, kind, side = (np.concatenate([part[k] for part in parts]) for k in range(3))
    stance = np.array([c.stance for c in cases])
    on, group = stance != "none", np.array(groups)
    sided = np.isin(stance, ("support", "oppose"))
    which = np.where(sided, 0, np.where(stance == "conditional", 1, 2))
    fits = {
        "bears": (bears, on.astype(int), np.ones(len(cases), bool), BEARS),
        "kind": (kind, which, on, KIND),
        "side": (side, (stance == "support").astype(int), sided, SIDE),
    }
    weights: dict[str, list[list[float]]] = {}
    unseen: dict[str, Floats] = {}
    for name, (x, y, those, columns) in fits.items():
        theta = fitted(x[those], y[those])
        weights[name] = [[round(float(w), 4) for w in row] for row in theta.T]
        unseen[name] = left_out(x, y, those, group)
        left = unseen[name][those]
        truth = left[np.arange(len(left)), y[those]]
        print(
            f"{name}: {those.sum()} cases; of issues and articles left out: right {100 * (left.argmax(axis=1) == y[those]).mean():.1f}, log loss {-np.log(truth).mean():.3f}"
        )
        if len(weights[name]) == 1:
            # Of a number that speaks against, 1 less its AUC.
            alone = ((c, auc(x[those, k], y[those])) for k, c in enumerate(columns))
            print(f"  AUC {auc(left[:, 1], y[those]):.3f}; of each number alone: " + ", ".join(f"{c} {max(a, 1 - a):.3f}" for c, a in alone))
        for row in weights[name]:
            print("  " + ", ".join(f"{c} {w:+.3f}" for c, w in zip((*columns, "and"), row, strict=True)))
    tell(unseen, stance, np.arange(len(cases)) >= single)
    made = {
        "version": WEIGHING_VERSION,
        "bears": weights["bears"][0],
        "conditional": weights["kind"][0],
        "neutral": weights["kind"][1],
        "side": weights["side"][0],
    }
    print(f"cases:{len(cases)}|sha:{digest_of(cases)}|fit:{WEIGHING_VERSION}|model:{coder.manifest.digest}")
    if not a.dry:
        path = a.model / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"weighing": made}, indent=1) + "\n", encoding="utf-8")


def fitted(x: Floats, y: NDArray[np.int_]) -> Floats:
    """Multinomial logistic regression by Newton's method, label 0 the one that the others are against.

    Returns:
        A row for each column of `x` and one more, a column for each label but the first.
    """
    centre, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.hstack([(x - centre) / spread, np.ones((len(x), 1))])
    truth = np.eye(int(y.max()) + 1)[y][:, 1:]
    labels, penalty = truth.shape[1], np.array([RIDGE] * x.shape[1] + [0.0])
    theta = np.zeros((z.shape[1], labels))
    for _ in range(STEPS):
        p = shares(z @ theta)[:, 1:]
        gradient = z.T @ (p - truth) + penalty[:, None] * theta
        hessian = np.zeros((z.shape[1], labels, z.shape[1], labels))
        for k in range(labels):
            for m in range(labels):
                hessian[:, k, :, m] = (z * (p[:, k] * ((k == m) - p[:, m]))[:, None]).T @ z + (k == m) * np.diag(penalty)
        step = np.linalg.solve(hessian.reshape(theta.size, theta.size), gradient.ravel()).reshape(theta.shape)
        theta -= step
        if np.abs(step).max() < 1e-8:
            break
    theta[:-1] /= spread[:, None]
    theta[-1] -= centre @ theta[:-1]
    return theta


def tell(unseen: dict[str, Floats], stance: NDArray[np.str_], whole: NDArray[np.bool_]) -> None:
    """Print how many positions of whole articles are told, and how many of those are right, by fits to other articles and issues."""
    on, which, support = unseen["bears"][:, 1], unseen["kind"], unseen["side"][:, 1]
    given = np.stack([on * which[:, 0] * support, on * which[:, 0] * (1 - support), on * which[:, 1], on * which[:, 2]], axis=1)
    best = np.array(("support", "oppose", "conditional", "neutral"))[given.argmax(axis=1)]
    for least in (0.4, 0.5, 0.6):
        told = whole & (given.max(axis=1) >= least)
        print(f"whole articles left out, scored {least} or more: {told.sum()} told, {(best == stance)[told].sum()} right")


def left_out(x: Floats, y: NDArray[np.int_], those: NDArray[np.bool_], group: NDArray[np.str_]) -> Floats:
    """Probabilities of every case by the fit to those of other issues and articles."""
    out = np.zeros((len(x), int(y.max()) + 1))
    names = sorted(set(group.tolist()))
    for fold in range(FOLDS):
        here = np.isin(group, names[fold::FOLDS])
        others = those & ~here
        out[here] = shares(np.hstack([x[here], np.ones((here.sum(), 1))]) @ fitted(x[others], y[others]))
    return out


def shares(lines: Floats) -> Floats:
    """Probabilities of all labels; the first has the line 0."""
    full = np.hstack([np.zeros((len(lines), 1)), lines])
    raised = np.exp(full - full.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def auc(scores: Floats, y: Sequence[int] | NDArray[np.int_]) -> float:
    """The chance that one of label 1 has a higher score than one of label 0."""
    yes, no = scores[np.asarray(y) == 1], scores[np.asarray(y) == 0]
    return float(((yes[:, None] > no[None, :]) + 0.5 * (yes[:, None] == no[None, :])).mean())


if __name__ == "__main__":
    main()
