"""Coding in the browser: a queue by forms alone, blind, with undo."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from levies import fill

from onrecord.ledger import Ledger

OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.db"
    with Ledger.open(path, create=True) as ledger:
        fill(ledger)
    return path


def test_a_queue_is_coded_and_taken_back(client: TestClient) -> None:
    assert "A levy on berths" in client.get("/review").text
    first = client.get("/api/review/levy?order=new").json()
    page = client.get("/review/levy?order=new").text
    assert "The machine: oppose" in page
    id_ = first["statement"]["id"]
    done = client.post("/review/levy/code", headers=OURS, data={"statement": id_, "says": "accept", "order": "new", "act": "", "holder": ""})
    assert (done.status_code, done.headers["location"]) == (303, "/review/levy?order=new&done=coded")
    second = client.get("/api/review/levy?order=new").json()
    assert second["statement"]["id"] != id_
    client.post("/review/levy/back", headers=OURS, data={"coding": second["last"], "order": "new"})
    assert client.get("/api/review/levy?order=new").json()["statement"]["id"] == id_
    assert client.get(f"/api/review/levy?order=new&skip={id_}").json()["statement"]["id"] == second["statement"]["id"]


def test_a_condition_and_what_cannot_be_meant(client: TestClient) -> None:
    id_ = next(h["id"] for h in client.get("/api/search?q=dredged").json()["statements"])
    wrong = client.post("/api/review/levy/code", json={"statement": id_, "says": "conditional", "condition": "if pigs fly"})
    assert wrong.status_code == 400
    made = client.post("/api/review/levy/code", json={"statement": id_, "says": "conditional", "condition": "if the harbour is dredged"}).json()
    assert [s["exact"] for s in made["coding"]["condition"]] == ["if the harbour is dredged"]
    assert client.post("/api/review/levy/code", json={"statement": id_, "says": "accept", "blind": True}).status_code == 400
    assert client.post("/api/review/levy/code", json={"statement": "s1:no", "says": "support"}).status_code in (400, 404)
    assert client.post("/api/review/levy/back", json={"coding": "c1:no"}).status_code == 400


def test_blind_hides_what_the_machine_says(client: TestClient) -> None:
    told = client.get("/api/review/levy?blind=true").json()
    assert (told["machine"], told["statement"]["positions"]) == (None, [])
    page = client.get("/review/levy?blind=true").text
    assert "The machine:" not in page
    assert 'value="accept"' not in page
    assert client.get("/review/nothing").status_code == 404
