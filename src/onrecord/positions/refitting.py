"""What a person's codings of one issue teach: the machine's stances on it, corrected.

The machine gives each statement logits over the labels and an embedding. The refit adds to the logits a linear function of both, held near nothing by a
penalty: a multinomial logistic regression with the machine's logits as its offset. With few codings it stays with the machine; with more it moves.

How strong the penalty is, is chosen by leave-one-out over the codings: each is left out in turn, by one step of Newton's method from the fit to all
(Rad and Maleki 2020, Journal of the Royal Statistical Society B 82:965). The logits of those left out also give the temperature that makes the
probabilities calibrated. If the refit, by the same measure, is not surely better than the machine, it says so and is not to be used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from onrecord.errors import UsageError
from onrecord.positions.softmax import softmax

__all__ = ["FEWEST", "LABELS", "VERSION", "Refit", "refit", "refitted_from"]

#: What is written beside every refit.
VERSION = "refit.v1"
#: Codings that it takes.
FEWEST = 20
#: What a statement can be on an issue: not on it, or one of the stances.
LABELS = ("none", "support", "oppose", "conditional", "neutral")

_REFITTED = re.compile(r"\+refit\.v\d+\((\d+)\)$")
_Floats = npt.NDArray[np.float64]
#: Penalties that are tried.
_PENALTIES = tuple(float(p) for p in 10.0 ** np.arange(-1.0, 2.6, 0.5))
#: Directions of the embeddings that are kept, those they differ most in.
_DIRECTIONS = 64
#: What a refit must gain, as logarithms of probabilities: less is not worth another name on every position.
_LEAST = 0.01
_STEPS = 30
_NEAR = 1e-8
_TEMPERATURES = np.geomspace(0.25, 4.0, 81)
#: How far from 1 the logarithm of a temperature is expected to lie.
_SPREAD = 0.25


@dataclass(frozen=True, slots=True)
class Refit:
    """The correction that the codings of one issue gave."""

    labels: tuple[str, ...]
    #: Codings that it was fitted to.
    codings: int
    #: Accuracy of the machine on them, and of the refit on each left out of it.
    accuracy_before: float
    accuracy_after: float
    #: Mean negative logarithm of the probability of what the person said, likewise.
    loss_before: float
    loss_after: float
    #: Whether it is surely better than the machine, and to be used.
    better: bool
    #: Penalty that was chosen.
    penalty: float
    #: What logits are divided by.
    temperature: float
    #: A row for each number of the embedding, a column a label.
    weights: tuple[tuple[float, ...], ...]
    #: A row for each logit, a column a label.
    logit_weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]

    @property
    def name(self) -> str:
        """What is added to the machine's name: `refit.v1(23)`."""
        return f"{VERSION}({self.codings})"

    def __str__(self) -> str:
        accuracy = f"accuracy, each coding left out in turn: {self.accuracy_before:.2f} before, {self.accuracy_after:.2f} after"
        if self.better:
            return f"refitted from {self.codings} codings ({accuracy})"
        return f"a refit from {self.codings} codings is not surely better, and is not used ({accuracy})"

    def probabilities(self, embeddings: npt.ArrayLike, logits: npt.ArrayLike) -> _Floats:
        """Calibrated probabilities.

        Args:
            embeddings: A row a statement.
            logits: The machine's, a row a statement and a column a label.

        Raises:
            UsageError: They have another shape than what it was fitted to.
        """
        x, z = np.atleast_2d(np.asarray(embeddings, dtype=float)), np.atleast_2d(np.asarray(logits, dtype=float))
        weights = np.array(self.weights).reshape(-1, len(self.labels))
        if x.shape[1] != len(weights) or z.shape != (len(x), len(self.labels)):
            raise UsageError(
                f"the refit is of {len(weights)} numbers and {len(self.labels)} logits, not {x.shape[1]} and {z.shape[1]}",
                hint="it was made with another model: fit it again",
            )
        return softmax((z + x @ weights + z @ np.array(self.logit_weights) + np.array(self.bias)) / self.temperature)

    def to_json(self) -> dict[str, Any]:
        """All of it; `from_json` reads it."""
        return {
            "version": VERSION,
            "labels": list(self.labels),
            "codings": self.codings,
            "accuracy": {"before": self.accuracy_before, "after": self.accuracy_after},
            "loss": {"before": self.loss_before, "after": self.loss_after},
            "better": self.better,
            "penalty": self.penalty,
            "temperature": self.temperature,
            "weights": [list(row) for row in self.weights],
            "logit_weights": [list(row) for row in self.logit_weights],
            "bias": list(self.bias),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Out of what `to_json` gave.

        Raises:
            UsageError: It is of another version.
        """
        if data.get("version") != VERSION:
            raise UsageError(f"a refit of version {data.get('version')!r}", hint=f"this onrecord knows {VERSION}")
        rows = {name: tuple(tuple(float(v) for v in row) for row in data[name]) for name in ("weights", "logit_weights")}
        before, after = ((data["accuracy"][k], data["loss"][k]) for k in ("before", "after"))
        return cls(
            tuple(data["labels"]), data["codings"], before[0], after[0], before[1], after[1], data["better"], data["penalty"], data["temperature"],
            rows["weights"], rows["logit_weights"], tuple(data["bias"]),
        )  # fmt: skip


def refitted_from(coder: str) -> int | None:
    """How many codings the machine that a position names was refitted from; None if it was not.

    Example:
        >>> refitted_from("positions-1.2.0+refit.v1(23)"), refitted_from("positions-1.2.0")
        (23, None)
    """
    found = _REFITTED.search(coder)
    return int(found[1]) if found else None


def refit(embeddings: npt.ArrayLike, logits: npt.ArrayLike, given: Iterable[str], *, labels: Sequence[str] = LABELS) -> Refit:
    """Fit the machine to a person's codings of one issue.

    Args:
        embeddings: The machine's, a row for each coded statement.
        logits: The machine's, a row likewise, a column a label.
        given: What the person said of each.
        labels: Of the columns.

    Raises:
        UsageError: There are fewer than 20 codings, all are the same, or they do not fit together.
    """
    x, z = np.atleast_2d(np.asarray(embeddings, dtype=float)), np.atleast_2d(np.asarray(logits, dtype=float))
    said = list(given)
    unknown = [s for s in said if s not in labels]
    if unknown:
        raise UsageError(f"there is no label {unknown[0]!r}", hint=f"labels are {', '.join(labels)}")
    if len(said) < FEWEST:
        raise UsageError(f"{len(said)} codings are too few to learn from", hint=f"code {FEWEST - len(said)} more")
    if len(set(said)) == 1:
        raise UsageError(f"all {len(said)} codings are {said[0]!r}: there is nothing to tell apart", hint="code statements that differ")
    if len(x) != len(said) or z.shape != (len(said), len(labels)) or not (np.isfinite(x).all() and np.isfinite(z).all()):
        raise UsageError("embeddings, logits and codings do not fit together", hint="a row for each coding, a column for each label, and finite numbers")
    features = _Features.of(x, z)
    phi, truth = features.values(x, z), np.eye(len(labels))[[labels.index(s) for s in said]]
    tried = []
    theta = np.zeros((phi.shape[1], len(labels)))
    for penalty in reversed(_PENALTIES):
        theta = _fitted(phi, z, truth, penalty, theta)
        left_out = _left_out(phi, z, truth, theta, penalty)
        tried.append((_losses(left_out, truth), penalty, theta, left_out))
    # The strongest penalty that is not surely worse than the best one: the machine knows more than a few codings tell.
    least = min((t[0] for t in tried), key=lambda own: float(own.mean()))
    _, penalty, theta, left_out = next(t for t in tried if (t[0] - least).mean() <= _error(t[0] - least))
    temperature = float(min(_TEMPERATURES, key=lambda t: float(_losses(left_out / t, truth).sum() + (np.log(t) / _SPREAD) ** 2 / 2)))
    before, after = _losses(z, truth), _losses(left_out / temperature, truth)
    accuracy_before, accuracy_after = (float((m.argmax(axis=1) == truth.argmax(axis=1)).mean()) for m in (z, left_out))
    # The penalty was chosen by these very codings: a gain must be larger than its own standard error.
    gain = before - after
    better = gain.mean() > max(_error(gain), _LEAST) and accuracy_after >= accuracy_before
    weights, logit_weights, bias = features.unfolded(theta)
    return Refit(
        tuple(labels), len(said), accuracy_before, accuracy_after, float(before.mean()), float(after.mean()), bool(better), penalty, temperature,
        _rows(weights), _rows(logit_weights), tuple(float(v) for v in bias),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Features:
    """What is fitted to: one, the logits, and the embedding in the directions it differs most in; each of the two of mean square one."""

    x_mean: _Floats
    directions: _Floats
    x_scale: float
    z_mean: _Floats
    z_scale: float

    @classmethod
    def of(cls, x: _Floats, z: _Floats) -> Self:
        x_mean, z_mean = x.mean(axis=0), _centred(z).mean(axis=0)
        _, strength, rows = np.linalg.svd(x - x_mean, full_matrices=False)
        kept = strength > _NEAR * max(float(strength[0]) if len(strength) else 0.0, _NEAR)
        directions = rows[kept][:_DIRECTIONS]
        return cls(x_mean, directions, _size((x - x_mean) @ directions.T), z_mean, _size(_centred(z) - z_mean))

    def values(self, x: _Floats, z: _Floats) -> _Floats:
        own = ((x - self.x_mean) @ self.directions.T) / self.x_scale, (_centred(z) - self.z_mean) / self.z_scale
        return np.hstack([np.ones((len(x), 1)), *own])

    def unfolded(self, theta: _Floats) -> tuple[_Floats, _Floats, _Floats]:
        """Weights of the embedding itself, of the logits themselves, and what is added."""
        n = len(self.directions)
        weights = self.directions.T @ theta[1 : 1 + n] / self.x_scale
        of_centred = theta[1 + n :] / self.z_scale
        return weights, of_centred - of_centred.mean(axis=0), theta[0] - self.x_mean @ weights - self.z_mean @ of_centred


def _centred(z: _Floats) -> _Floats:
    """Logits say the same whatever is added to all of them."""
    return np.asarray(z - z.mean(axis=1, keepdims=True))


def _size(values: _Floats) -> float:
    size = float(np.sqrt((values**2).sum(axis=1).mean()))
    return size if size > _NEAR else 1.0


def _losses(eta: _Floats, truth: _Floats) -> _Floats:
    top = eta.max(axis=1)
    return np.asarray(top + np.log(np.exp(eta - top[:, None]).sum(axis=1)) - (eta * truth).sum(axis=1))


def _error(values: _Floats) -> float:
    """The standard error of their mean."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def _fitted(phi: _Floats, z: _Floats, truth: _Floats, penalty: float, theta: _Floats) -> _Floats:
    """The best correction at a penalty: Newton's method from `theta` on, each step shortened until it gains. The problem is convex, and has one answer."""

    def cost(theta: _Floats) -> float:
        return float(_losses(z + phi @ theta, truth).sum() + penalty / 2 * (theta**2).sum())

    now = cost(theta)
    for _ in range(_STEPS):
        p = softmax(z + phi @ theta)
        gradient = phi.T @ (p - truth) + penalty * theta
        step = np.linalg.solve(_hessian(phi, p, penalty), gradient.ravel()).reshape(theta.shape)
        gain = float((step * gradient).sum())
        if gain < _NEAR:
            break
        share = 1.0
        while (after := cost(theta - share * step)) > now - share * gain / 10 and share > _NEAR:
            share /= 2
        theta, now = theta - share * step, after
    return theta


def _hessian(phi: _Floats, p: _Floats, penalty: float) -> _Floats:
    features, labels = phi.shape[1], p.shape[1]
    out = np.empty((features, labels, features, labels))
    for k in range(labels):
        for m in range(k, labels):
            weight = p[:, k] * ((k == m) - p[:, m])
            out[:, k, :, m] = out[:, m, :, k] = (phi * weight[:, None]).T @ phi
    flat = out.reshape(features * labels, features * labels)
    flat[np.diag_indices_from(flat)] += penalty
    return flat


def _left_out(phi: _Floats, z: _Floats, truth: _Floats, theta: _Floats, penalty: float) -> _Floats:
    """Logits of each coding by the fit to all others."""
    eta = z + phi @ theta
    p, labels = softmax(eta), z.shape[1]
    inverse = np.linalg.inv(_hessian(phi, p, penalty)).reshape(phi.shape[1], labels, phi.shape[1], labels)
    # How far the logits of each move, for a pull on them.
    moves = np.einsum("if,fkgm,ig->ikm", phi, inverse, phi, optimize=True)
    curve = p[:, :, None] * (np.eye(labels) - p[:, None, :])
    return np.asarray(eta + np.einsum("ikm,im->ik", moves, np.linalg.solve(np.eye(labels) - curve @ moves, (p - truth)[:, :, None])[:, :, 0]))


def _rows(matrix: _Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(v) for v in row) for row in matrix)
