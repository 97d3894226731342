"""What codings teach: made data with a bias that can be learned, data with nothing to learn, and what must hold whatever the data."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.positions import refitting
from onrecord.positions.refitting import FEWEST, LABELS, Refit, refit
from onrecord.positions.softmax import softmax

WIDTH = 48
#: (embeddings, logits, what a person says).
World = tuple[np.ndarray, np.ndarray, list[str]]


def biased(count: int, seed: int) -> World:
    """A machine that sees a part of what decides, is loath to say support, and an embedding that holds the rest."""
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(count, WIDTH))
    truth = x @ chance.normal(size=(WIDTH, 5)) * 3 / np.sqrt(WIDTH) + np.array([0, 1, 0, 0, -1])
    logits = truth * 0.5 + chance.normal(size=(count, 5)) - np.array([0, 1.5, 0, 0, 0])
    return x, logits, [LABELS[k] for k in truth.argmax(axis=1)]


def calibrated(count: int, seed: int) -> World:
    """A machine that knows all there is to know: what people say is drawn from its own probabilities."""
    chance = np.random.default_rng(seed)
    logits = chance.normal(size=(count, 5)) * 1.5
    return chance.normal(size=(count, WIDTH)), logits, [LABELS[chance.choice(5, p=p)] for p in softmax(logits)]


def losses(p: np.ndarray, said: list[str]) -> float:
    return float(-np.log(p[np.arange(len(said)), [LABELS.index(s) for s in said]]).mean())


def test_codings_make_the_machine_better_on_statements_that_nobody_coded() -> None:
    gains = []
    for seed in range(6):
        x, z, said = biased(620, seed)
        made = refit(x[:120], z[:120], said[:120])
        assert made.better
        assert str(made).startswith("refitted from 120 codings (accuracy, each coding left out in turn: ")
        before, after = softmax(z[120:]), made.probabilities(x[120:], z[120:])
        truth = np.array([LABELS.index(s) for s in said[120:]])
        gains.append((after.argmax(axis=1) == truth).mean() - (before.argmax(axis=1) == truth).mean())
        assert losses(after, said[120:]) < losses(before, said[120:])
    assert min(gains) > 0
    assert np.mean(gains) > 0.05


def test_more_codings_teach_more() -> None:
    x, z, said = biased(900, 7)
    loss = [losses(refit(x[:n], z[:n], said[:n]).probabilities(x[400:], z[400:]), said[400:]) for n in (20, 80, 300)]
    assert loss[0] > loss[1] > loss[2]


def test_where_there_is_nothing_to_learn_it_says_so_and_stays_near_the_machine() -> None:
    used = 0
    for seed in range(20):
        x, z, said = calibrated(230, seed)
        made = refit(x[:30], z[:30], said[:30])
        used += made.better
        assert losses(made.probabilities(x[30:], z[30:]), said[30:]) < losses(softmax(z[30:]), said[30:]) + 0.1
        if not made.better:
            assert str(made).startswith("a refit from 30 codings is not surely better, and is not used (accuracy, each coding left out in turn: ")
    assert used < 10


def test_the_fit_to_all_but_one_is_near_to_what_the_step_says() -> None:
    x, z, said = biased(30, 3)
    features = refitting._Features.of(x, z)
    phi, truth = features.values(x, z), np.eye(5)[[LABELS.index(s) for s in said]]
    nothing = np.zeros((phi.shape[1], 5))
    for penalty in (0.1, 1.0, 10.0):
        theta = refitting._fitted(phi, z, truth, penalty, nothing)
        quick = refitting._left_out(phi, z, truth, theta, penalty)
        others = [np.arange(30) != i for i in range(30)]
        slow = np.array([z[i] + phi[i] @ refitting._fitted(phi[m], z[m], truth[m], penalty, nothing) for i, m in enumerate(others)])
        assert softmax(quick) == pytest.approx(softmax(slow), abs=0.05)
        assert refitting._losses(quick, truth).mean() == pytest.approx(refitting._losses(slow, truth).mean(), rel=0.05)


def test_the_gradient_and_the_curvature_are_those_of_the_cost() -> None:
    chance = np.random.default_rng(1)
    x, z, said = biased(25, 1)
    phi, truth = refitting._Features.of(x, z).values(x, z)[:, :6], np.eye(5)[[LABELS.index(s) for s in said]]
    theta = refitting._fitted(phi, z, truth, 0.5, np.zeros((6, 5)))
    slope = phi.T @ (softmax(z + phi @ theta) - truth) + 0.5 * theta
    assert slope == pytest.approx(np.zeros((6, 5)), abs=1e-3)
    way = chance.normal(size=theta.shape) * 1e-5

    def gradient(at: np.ndarray) -> np.ndarray:
        return phi.T @ (softmax(z + phi @ at) - truth) + 0.5 * at

    numeric = (gradient(theta + way) - gradient(theta - way)).ravel() / 2
    assert refitting._hessian(phi, softmax(z + phi @ theta), 0.5) @ way.ravel() == pytest.approx(numeric, abs=1e-8)


@settings(max_examples=15)
@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=FEWEST, max_value=40), st.sampled_from([biased, calibrated]))
def test_probabilities_are_some_and_json_keeps_them(seed: int, count: int, world: object) -> None:
    x, z, said = world(count + 5, seed)
    said[0], said[1] = "support", "oppose"
    made = refit(x[:count], z[:count], said[:count])
    p = made.probabilities(x, z)
    assert p.shape == (count + 5, 5)
    assert p.sum(axis=1) == pytest.approx(np.ones(count + 5))
    again = Refit.from_json(json.loads(json.dumps(made.to_json())))
    assert again == made
    assert (again.probabilities(x, z) == p).all()
    assert made.name == f"refit.v1({count})"
    assert 0 <= made.accuracy_after <= 1


@settings(max_examples=10)
@given(st.integers(min_value=0, max_value=10_000), st.floats(min_value=-50, max_value=50), st.permutations(range(24)))
def test_what_says_the_same_gives_the_same(seed: int, added: float, order: list[int]) -> None:
    """Logits with something added to all of them, and codings in another order."""
    x, z, said = biased(24, seed)
    said[0], said[1] = "support", "oppose"
    one, other = refit(x, z, said), refit(x[order], z[order] + added, [said[n] for n in order])
    assert (one.penalty, one.better) == (other.penalty, other.better)
    assert one.probabilities(x, z) == pytest.approx(other.probabilities(x, z + added), abs=1e-3)


def test_embeddings_that_say_nothing_do_no_harm() -> None:
    _, z, said = biased(40, 2)
    made = refit(np.zeros((40, WIDTH)), z, said)
    assert np.isfinite(made.probabilities(np.zeros((3, WIDTH)), z[:3])).all()


@pytest.mark.parametrize(
    ("count", "labels", "said"),
    [
        (19, ["support", "oppose"], "19 codings are too few to learn from"),
        (24, ["support"], "all 24 codings are 'support'"),
        (24, ["support", "perhaps"], "there is no label 'perhaps'"),
    ],
)
def test_what_cannot_teach_is_refused(count: int, labels: list[str], said: str) -> None:
    x, z, _ = biased(count, 1)
    with pytest.raises(UsageError, match=said):
        refit(x, z, [labels[n % len(labels)] for n in range(count)])


def test_rows_that_do_not_fit_together_are_refused() -> None:
    x, z, said = biased(24, 1)
    for bad in ((x[:20], z, said), (x, z[:, :4], said), (np.full_like(x, np.nan), z, said)):
        with pytest.raises(UsageError, match="do not fit together"):
            refit(*bad)
    with pytest.raises(UsageError, match="made with another model"):
        refit(x, z, said).probabilities(x[:, :7], z)
    with pytest.raises(UsageError, match="a refit of version"):
        Refit.from_json({"version": "refit.v9"})
