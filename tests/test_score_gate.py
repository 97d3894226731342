"""The reader still reads as well as it did: floors on the project's own corpus; `make score DATA=…` does the rest."""

import functools
from pathlib import Path

import pytest

import onrecord
from onrecord.scoring import Score, check, read_floors, read_gold, score
from onrecord.scoring.spans import Attributed

CORPUS = Path(__file__).parent / "corpus"


@functools.cache
def scored(variant: str) -> Score:
    """The reader's marks; reading the corpus takes a while."""
    gold = read_gold(CORPUS)
    return score(gold.articles, lambda text: [Attributed.of(s) for s in onrecord.read(text).statements], corpus=gold.name, variant=variant)


@pytest.mark.parametrize("variant", ["plain", "single-quotes"])
def test_no_measure_is_below_its_floor(variant: str) -> None:
    assert check(scored(variant), read_floors(CORPUS / "floors.json")) == []


def test_single_quotation_marks_cost_little() -> None:
    plain, single = (scored(v).totals["joined"].f1 for v in ("plain", "single-quotes"))
    assert plain - single <= 0.015
