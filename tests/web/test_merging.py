"""Two actors are made one, and one two: looked at first, decided, and taken back."""

import pytest
from fastapi.testclient import TestClient

from onrecord.web import Site

FORM = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def two(site: Site) -> tuple[str, str]:
    one, other = site.desk.ledger.most_said(limit=2)
    return one.id, other.id


def test_looking_changes_nothing(client: TestClient, site: Site, two: tuple[str, str]) -> None:
    one, other = two
    page = client.get(f"/actors/{one}/merge", params={"with": other})
    assert "What would be joined" in page.text
    twin = client.get(f"/api/actors/{one}/merge", params={"with": other}).json()
    assert (twin["actor"]["id"], twin["with"]["id"], twin["against"]) == (one, other, None)
    assert client.get(f"/actors/{one}/merge").status_code == 200
    assert client.get(f"/actors/{one}/merge?with=nobody%20at%20all").status_code == 200
    assert client.get(f"/api/actors/{one}/merge", params={"with": one}).json()["one_already"]
    assert site.desk.ledger.decisions() == []


def test_merged_and_taken_back_and_again(client: TestClient, site: Site, two: tuple[str, str]) -> None:
    one, other = two
    before = [site.desk.ledger.actor(i).statements for i in two]
    done = client.post(f"/actors/{one}/merge", data={"other": other, "note": "same office"}, headers=FORM)
    assert done.status_code == 303
    assert "done=merged" in done.headers["location"]
    assert site.desk.ledger.actor(other).id == one
    assert site.desk.ledger.actor(one).statements == sum(before)
    page = client.get(f"/actors/{one}")
    assert "same office" in page.text
    split = client.get(f"/api/actors/{one}/split").json()
    assert [m["statements"] for m in split["members"]] == before
    (decision,) = client.get(f"/api/actors/{one}").json()["decisions"]
    assert decision["by"] == "mira"
    back = client.post(f"/actors/{one}/undo", data={"judgement": decision["id"]}, headers=FORM)
    assert "done=undone" in back.headers["location"]
    assert site.desk.ledger.actor(other).id == other
    revoked = next(d for d in client.get(f"/api/actors/{one}").json()["decisions"] if d["verdict"] == "revoked")
    assert client.post(f"/api/actors/{one}/undo", json={"judgement": decision["id"]}).status_code == 400
    client.post(f"/actors/{one}/undo", data={"judgement": revoked["id"]}, headers=FORM)
    assert site.desk.ledger.actor(other).id == one


def test_split_forbids_and_says_the_way_out(client: TestClient, site: Site, two: tuple[str, str]) -> None:
    one, other = two
    client.post(f"/actors/{one}/merge", data={"other": other}, headers=FORM)
    assert client.post(f"/api/actors/{one}/merge", json={"other": other}).status_code == 400
    done = client.post(f"/actors/{one}/split", data={"member": other, "note": "namesakes"}, headers=FORM)
    assert "done=split" in done.headers["location"]
    assert site.desk.ledger.actor(other).id == other
    page = client.get(f"/actors/{one}/merge", params={"with": other})
    assert "first take that decision back" in page.text
    refused = client.post(f"/api/actors/{one}/merge", json={"other": other})
    assert refused.status_code == 400
    assert "take back that decision" in refused.json()["hint"]
    against = client.get(f"/api/actors/{one}/merge", params={"with": other}).json()["against"]
    client.post(f"/actors/{one}/undo", data={"judgement": against}, headers=FORM)
    assert site.desk.ledger.actor(other).id == one


@pytest.mark.parametrize(("action", "body"), [("split", {"member": "a1:none"}), ("undo", {"judgement": "j1:none"}), ("merge", {"other": "a1:none"})])
def test_what_cannot_be_done(client: TestClient, two: tuple[str, str], action: str, body: dict[str, str]) -> None:
    assert client.post(f"/api/actors/{two[0]}/{action}", json=body).status_code == 400
    assert client.post(f"/api/actors/a1:none/{action}", json=body).status_code == 404


@pytest.mark.parametrize("action", ["merge", "split", "undo"])
def test_readers_decide_nothing(guarded: tuple[TestClient, dict[str, str]], action: str) -> None:
    client, tokens = guarded
    body = {"other": "a1:x", "member": "a1:x", "judgement": "j1:x"}
    answer = client.post(f"/api/actors/a1:x/{action}", json=body, headers={"authorization": f"Bearer {tokens['reader']}"})
    assert answer.status_code == 403
