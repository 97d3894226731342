"""The reader still reads as well as it did: floors on the project's own corpus. Seconds, not minutes; `make score DATA=…` does the rest."""

from pathlib import Path

import pytest

import onrecord
from onrecord.scoring import check, read_floors, read_gold, score
from onrecord.scoring.spans import Attributed

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("variant", ["plain", "single-quotes"])
def test_no_measure_is_below_its_floor(variant: str) -> None:
    gold = read_gold(CORPUS)
    result = score(gold.articles, lambda text: [Attributed.of(s) for s in onrecord.read(text).statements], corpus=gold.name, variant=variant)
    assert check(result, read_floors(CORPUS / "floors.json")) == []


def test_single_quotation_marks_cost_little() -> None:
    gold = read_gold(CORPUS)
    joined = [
        score(gold.articles, lambda text: [Attributed.of(s) for s in onrecord.read(text).statements], variant=v).totals["joined"].f1
        for v in ("plain", "single-quotes")
    ]
    assert joined[0] - joined[1] <= 0.015
