from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from onrecord.statements.decoding import Lattice, allowed_transitions, spans_of

TAGS = ("O", "B-cue", "I-cue", "B-content", "I-content")
K = len(TAGS)
SCORES = st.floats(-3, 3, width=32)


def legal(path, breaks=()):
    allowed = allowed_transitions(TAGS)
    inner = {2, 4}
    return path[0] not in inner and all(allowed[a, b] for a, b in zip(path, path[1:], strict=False)) and not any(path[b] in inner for b in breaks)


def score(path, emissions, transitions, start):
    return start[path[0]] + sum(emissions[i, t] for i, t in enumerate(path)) + sum(transitions[a, b] for a, b in zip(path, path[1:], strict=False))


@given(
    arrays(np.float32, (4, K), elements=SCORES),
    arrays(np.float32, (K, K), elements=SCORES),
    arrays(np.float32, (K,), elements=SCORES),
    st.sampled_from([(), (2,)]),
)
def test_best_and_probabilities_equal_brute_force(emissions, transitions, start, breaks):
    lattice = Lattice(emissions, transitions=transitions, start=start, tags=TAGS, breaks=breaks)
    paths = [p for p in product(range(K), repeat=4) if legal(p, breaks)]
    scores = {p: score(p, emissions, transitions, start) for p in paths}
    best = tuple(lattice.best().tolist())
    assert legal(best, breaks)
    assert scores[best] == pytest.approx(max(scores.values()), abs=1e-3)
    total = sum(np.exp(s) for s in scores.values())
    for span in {s for p in paths for s in spans_of(np.array(p), TAGS)}:
        mass = sum(np.exp(s) for p, s in scores.items() if span in set(spans_of(np.array(p), TAGS)))
        assert lattice.probabilities([span])[0] == pytest.approx(mass / total, rel=1e-3, abs=1e-6)


def test_spans_are_read_off_in_order():
    assert list(spans_of(np.array([1, 2, 3, 4, 4, 0, 3]), TAGS)) == [("cue", 0, 2), ("content", 2, 5), ("content", 6, 7)]


def test_nothing_to_decode():
    lattice = Lattice(np.zeros((0, K), dtype=np.float32), transitions=np.zeros((K, K), dtype=np.float32), start=np.zeros(K, dtype=np.float32), tags=TAGS)
    assert lattice.best().tolist() == []
    assert lattice.probabilities([]) == []
