"""Cases of where a statement stands, with the model of the package: what must hold, and what is known to fail."""

from pathlib import Path

import pytest
import yaml

from onrecord.positions import Agenda
from onrecord.positions.coder import Coder
from onrecord.positions.shifts import LEAST

DATA = yaml.safe_load((Path(__file__).parents[1] / "cases" / "stances.yaml").read_text(encoding="utf-8"))
AGENDA = Agenda.of(DATA["issues"])
CASES = [pytest.param(case, id=case["name"], marks=[pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else []) for case in DATA["cases"]]


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    coder = Coder.load()
    issue = AGENDA.get(case["issue"])
    told = coder.stances([(issue, case["said"], case.get("before", ""))], rivals=list(AGENDA))[0]
    best = int(told[1:].argmax()) + 1
    found = coder.manifest.stances[best] if told[best] >= LEAST else "none"
    assert found == case["stance"], told.round(2)
