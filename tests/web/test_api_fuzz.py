"""Requests that the OpenAPI document allows, and others that it does not, made up by schemathesis: nothing fails inside, and every status is one that is told."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

import onrecord
from onrecord.web import Site, make_app

#: What would fetch from the network, or work on in the background after the test.
_LEFT_OUT = r"^/api/(add|feeds|follow|issues/suggest|issues/\{id\}/examine)"
_SETTINGS = settings(
    max_examples=25, derandomize=True, deadline=None, database=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def app(news: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A desk on a ledger of its own, that may be changed; it fetches nothing."""
    made = Site(onrecord.open(shutil.copy(news, tmp_path_factory.mktemp("fuzz") / "own.db"), create=False), user="mira", hosts=frozenset({"*"}))
    yield make_app(made, limits=False)
    made.close()


def test_nothing_fails_inside_and_every_status_is_told(app: FastAPI) -> None:
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app).exclude(path_regex=_LEFT_OUT)
    faults: list[str] = []
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in operations:
        _asked(operation, faults)
    assert len(operations) > 20
    assert not faults, "\n".join([f"{len(faults)} faults", *dict.fromkeys(faults)][:12])


def _asked(operation: Any, faults: list[str]) -> None:
    told = operation.definition.raw["responses"]
    # A question without parts has nothing that could be wrong in it.
    ways = operation.as_strategy(generation_mode=GenerationMode.POSITIVE) | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @_SETTINGS
    @given(case=ways)
    def ask(case: Any) -> None:
        answer = case.call()
        if answer.status_code >= 500 or str(answer.status_code) not in told:
            faults.append(f"{answer.status_code}: {case.as_curl_command()}: {answer.text[:300]}")

    ask()
