"""Actors in the browser: found by name, one with all that is known, and its JSON."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import onrecord
from onrecord.web import Site, make_app


@pytest.fixture
def somebody(site: Site) -> str:
    return site.desk.ledger.most_said(limit=1)[0].id


def test_the_most_quoted(client: TestClient, site: Site) -> None:
    twin = client.get("/api/actors").json()
    most = site.desk.ledger.most_said(limit=20)
    assert [a["statements"] for a in twin["actors"]] == [a.statements for a in most]
    page = client.get("/actors")
    assert page.status_code == 200
    assert f'href="/actors/{most[0].id.replace(":", "%3A")}"' in page.text
    first, second = (client.get(f"/api/actors?limit=1&offset={n}").json() for n in (0, 1))
    assert first["actors"] != second["actors"]
    assert first["pages"]["next"]


@pytest.mark.parametrize("query", ["type=person", "country=xa", "type=", "q=%3Cscript%3E", "q=zzzz", "q=a&type=state"])
def test_actors_are_narrowed(client: TestClient, query: str) -> None:
    page = client.get(f"/actors?{query}")
    assert page.status_code == 200
    assert "<script>" not in page.text
    for a in client.get(f"/api/actors?{query}").json()["actors"]:
        assert query != "type=person" or a["type"] == "person"


def test_the_beginning_of_a_name(client: TestClient, site: Site, somebody: str) -> None:
    name = site.desk.ledger.actor(somebody).name
    assert somebody in [a["id"] for a in client.get("/api/actors", params={"q": name[:-1]}).json()["actors"]]


def test_an_actor(client: TestClient, site: Site) -> None:
    for a in site.desk.ledger.most_said(limit=20):
        page, twin = client.get(f"/actors/{a.id}"), client.get(f"/api/actors/{a.id}").json()
        assert page.status_code == 200
        for heading in ("Where they stand", "Roles over time", "Names", "Through whom", "What they said", "What was decided"):
            assert f">{heading}</h2>" in page.text
        assert twin["statements"] == a.statements
        assert twin["said"] == [h.to_json() for h in site.desk.actor(a.id).statements(limit=20)]
        assert sum(twin["kinds"].values()) == a.statements
        for cell in twin["stands"]:
            found = client.get(f"/api/issues/{cell['issue']}", params={"actor": a.id}).json()
            assert found["positions"]
        for given in (*twin["portrait"]["roles"], *twin["portrait"]["names"]):
            assert site.desk.statement(given["statement"])
        assert "style=" not in page.text


def test_whom_they_cite_and_who_cites_them_is_what_the_network_says(client: TestClient) -> None:
    net = client.get("/api/network/citations").json()
    known = {p["id"]: p for p in net["parties"] if p["actor"]}
    tied = [t for t in net["ties"] if t["one"] in known or t["other"] in known]
    assert tied
    for id_ in known:
        page, twin = client.get(f"/actors/{id_}"), client.get(f"/api/actors/{id_}").json()
        for ties, one, other in ((twin["cites"], "one", "other"), (twin["cited_by"], "other", "one")):
            assert {t[other] for t in ties} == {t[other] for t in tied if t[one] == id_}
            for tie in ties:
                assert tie["who"]["id"] == tie[other]
                assert f"a={tie['one']}&amp;b={tie['other']}" in page.text
                assert tie["statements"]


@pytest.mark.parametrize("kind", ["direct", "indirect", "mixed"])
def test_statements_are_narrowed(client: TestClient, somebody: str, kind: str) -> None:
    assert {h["kind"] for h in client.get(f"/api/actors/{somebody}?kind={kind}").json()["said"]} <= {kind}
    whole = client.get(f"/api/actors/{somebody}").json()
    outlet = next(iter(whole["outlets"]))
    assert {h["article"]["outlet"] for h in client.get(f"/api/actors/{somebody}", params={"outlet": outlet}).json()["said"]} == {outlet}
    assert client.get(f"/actors/{somebody}?kind=&outlet=").status_code == 200


@pytest.mark.parametrize("path", ["/actors/a1:none", "/actors/%3Cscript%3E", "/actors/a1:none/merge", "/actors/a1:none/split"])
def test_nobody(client: TestClient, path: str) -> None:
    for base in ("", "/api"):
        answer = client.get(base + path)
        assert answer.status_code == 404
        assert base or "<script>" not in answer.text


def test_an_empty_ledger(tmp_path: Path) -> None:
    site = Site(onrecord.open(tmp_path / "empty.db"))
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        assert "Nobody has been quoted yet." in client.get("/actors").text
        assert "Nothing was carried twice yet." in client.get("/quotations").text
