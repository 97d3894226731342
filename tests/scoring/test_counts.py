from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.scoring.counts import PRF, bootstrap


@st.composite
def prfs(draw):
    gold, predicted = draw(st.integers(0, 50)), draw(st.integers(0, 50))
    return PRF(gold, predicted, draw(st.integers(0, min(gold, predicted))))


@given(prfs())
def test_rates(prf):
    assert 0 <= prf.f1 <= 1
    assert min(prf.precision, prf.recall) <= prf.f1 + 1e-12 <= max(prf.precision, prf.recall) + 2e-12
    turned = PRF(prf.predicted, prf.gold, prf.matched)
    assert (turned.precision, turned.recall, turned.f1) == (prf.recall, prf.precision, prf.f1)


def test_nothing_to_find_and_nothing_found_is_right():
    assert PRF().f1 == PRF().precision == PRF().recall == 1
    assert PRF(gold=3).f1 == PRF(gold=3).precision == PRF(predicted=3).recall == 0


def test_addition_is_of_counts_not_of_rates():
    assert PRF(10, 8, 4) + PRF(0, 2, 0) == PRF(10, 10, 4)
    assert (PRF(10, 8, 4) + PRF(0, 2, 0)).f1 == pytest.approx(0.4)


@given(st.lists(prfs(), min_size=1, max_size=20), st.integers(0, 5))
def test_the_interval_is_repeatable_and_inside_the_range_of_the_articles(counts, seed):
    interval = bootstrap(counts, seed=seed, samples=200)
    assert interval == bootstrap(counts, seed=seed, samples=200)
    assert 0 <= interval.low <= interval.high <= 1


def test_the_interval_narrows_with_more_articles_and_holds_the_rate():
    few = [PRF(10, 10, 9), PRF(10, 10, 5), PRF(10, 10, 7)]
    wide, narrow = bootstrap(few), bootstrap(few * 30)
    assert narrow.high - narrow.low < (wide.high - wide.low) / 3
    assert narrow.low < 0.7 < narrow.high


def test_the_interval_agrees_with_the_standard_error_of_a_mean():
    # With 10 gold and 10 predicted in each article F1 is the mean of the articles' rates, here 0.5 with deviation 0.1: +-1.96 x 0.1 / sqrt(100).
    interval = bootstrap([PRF(10, 10, 4), PRF(10, 10, 6)] * 50)
    assert interval.low == pytest.approx(0.4804, abs=0.003)
    assert interval.high == pytest.approx(0.5196, abs=0.003)


def test_no_articles_say_nothing():
    interval = bootstrap([])
    assert (interval.low, interval.high) == (0, 1)
