"""Texts with what must come out of them, read by the reader in the package: `tests/cases/statements.yaml`."""

from pathlib import Path

import pytest
import yaml

import onrecord

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "statements.yaml").read_text(encoding="utf-8"))


def marked(case):
    return pytest.param(case, id=case["name"], marks=[pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else [])


@pytest.mark.parametrize("case", [marked(c) for c in CASES])
def test_cases(case):
    found = {(s.mention, str(s.kind), " | ".join(c.exact for c in s.content)): s for s in onrecord.read(case["text"]).statements}
    if case.get("none"):
        assert not found
        return
    wanted = [tuple(row) for row in case["statements"]]
    assert set(wanted) <= set(found), sorted(map(str, found))
    for field, words in case.get("also", {}).items():
        assert [span.exact for span in getattr(found[wanted[0]], field)] == words
