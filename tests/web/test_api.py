"""The API's own pages, and whether answers have the shapes that it tells."""

import json
from typing import Any

import jsonschema_rs
import pytest
from fastapi.testclient import TestClient

from onrecord.web import Site


@pytest.fixture
def told(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/api/openapi.json").json())


def valid(told: dict[str, Any], shape: str, answer: object) -> None:
    jsonschema_rs.Draft202012Validator({"$ref": f"#/components/schemas/{shape}", "components": told["components"]}).validate(answer)


def promised(told: dict[str, Any]) -> dict[str, str]:
    """Which page has which shape."""
    out = {}
    for path, methods in told["paths"].items():
        schema = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if "$ref" in schema:
            out[path] = schema["$ref"].rpartition("/")[2]
    return out


@pytest.fixture
def coded(client: TestClient, site: Site) -> TestClient:
    """A desk on which people have coded, judged and merged, so that two actors agree on two issues and a third is against them."""
    desk = site.desk
    hits: dict[str, Any] = {}
    for hit in desk.search(limit=None):
        if hit.actor and hit.actor[0] not in hits:
            hits[hit.actor[0]] = hit
    for hit, stance in zip(list(hits.values())[:3], ("support", "support", "oppose"), strict=True):
        desk.judge(hit.id, "right", by="mira")
        for issue in client.get("/api/issues").json()["issues"][:2]:
            desk.code_statement(hit.id, issue["id"], stance, by="mira")
    desk.code_statement(next(iter(hits.values())).id, client.get("/api/issues").json()["issues"][0]["id"], "oppose", by="otto")
    return client


def test_real_answers_have_the_shapes_that_are_told(coded: TestClient, told: dict[str, Any]) -> None:
    client = coded
    shapes = promised(told)
    assert {"Evidence", "ActorPage", "Article", "Issues", "IssuePage", "Quotation", "Network", "Search", "Today"} <= set(shapes.values())
    statements = client.get("/api/search?limit=200").json()["statements"]
    issues = client.get("/api/issues").json()["issues"]
    ids = {
        "/api/issues/{id}": [i["id"] for i in issues],
        "/api/actors/{id}": list(dict.fromkeys(s["actor"]["id"] for s in statements if s["actor"])),
        "/api/articles/{id}": list(dict.fromkeys(s["article"]["id"] for s in statements)),
        "/api/quotations/{id}": list(dict.fromkeys(s["quotation"] for s in statements if s["quotation"])),
    }
    shown = [p for i in issues for p in client.get(f"/api/issues/{i['id']}").json()["positions"]]
    seen = 0
    for path, shape in shapes.items():
        if path == "/api/issues/{id}/positions/{key}":
            paths = [path.format(id=p["issue"], key=p["key"]) for p in shown]
        elif "{" in path:
            paths = [path.format(id=i) for i in ids[path]]
        else:
            paths = [path]
        assert paths, path
        for one in paths[:12]:
            answer = client.get(one)
            assert answer.status_code == 200, one
            valid(told, shape, answer.json())
            seen += 1
    assert seen > 40
    valid(told, "Error", client.get("/api/search?since=x").json())
    valid(told, "Error", client.get("/api/no").json())
    valid(told, "Done", client.post("/api/searches/save", json={"name": "x", "query": "q=truce"}).json())


def test_other_looks_at_the_same_have_the_same_shape(coded: TestClient, told: dict[str, Any]) -> None:
    issue = coded.get("/api/issues").json()["issues"][0]["id"]
    for path, shape in (
        ("/api/issues?every=week", "Issues"),
        ("/api/issues?rows=country&retired=true", "Issues"),
        ("/api/issues?min_score=1", "Issues"),
        (f"/api/issues/{issue}?every=month", "IssuePage"),
        (f"/api/issues/{issue}?stance=oppose&reported=false", "IssuePage"),
        ("/api/network?ties=both&norm=jaccard", "Network"),
        ("/api/network?ties=conflict", "Network"),
        ("/api/actors?q=sorev", "Actors"),
        ("/api/articles?q=truce", "Articles"),
        ("/api/quotations?limit=1&offset=3", "Quotations"),
    ):
        answer = coded.get(path)
        assert answer.status_code == 200, path
        valid(told, shape, answer.json())
    assert coded.get("/api/issues?every=week").json()["matrix"]["periods"]


def test_evidence_and_ties_are_there_to_be_looked_at(coded: TestClient) -> None:
    issue = coded.get("/api/issues").json()["issues"][0]["id"]
    positions = coded.get(f"/api/issues/{issue}").json()["positions"]
    assert any(p["codings"] for p in positions)
    found = coded.get("/api/network").json()
    assert {t["tie"] for t in found["ties"]} == {"congruence", "conflict"}


def test_every_line_of_a_search_is_a_statement(client: TestClient, told: dict[str, Any]) -> None:
    for line in client.get("/api/search?q=the&format=jsonl").text.splitlines():
        valid(told, "Statement", json.loads(line))


@pytest.mark.parametrize("name", ["Statement", "Evidence", "Actor", "Article", "Matrix", "Issue", "Quotation", "Network"])
def test_the_example_of_a_shape_is_one_and_stands_on_the_page(client: TestClient, told: dict[str, Any], name: str) -> None:
    (example,) = told["components"]["schemas"][name]["examples"]
    valid(told, name, example)
    # What is needed is needed: without any part of it, it is none.
    for part in told["components"]["schemas"][name]["required"]:
        with pytest.raises(jsonschema_rs.ValidationError):
            valid(told, name, {k: v for k, v in example.items() if k != part})
    assert f"An example of {name}<" in client.get("/api/docs").text


def test_the_shapes_are_not_empty_of_meaning(client: TestClient, told: dict[str, Any]) -> None:
    answer = client.get("/api/today").json()
    assert answer["statements"]
    del answer["statements"][0]["content"]
    schema = {"$ref": "#/components/schemas/Today", "components": told["components"]}
    assert not jsonschema_rs.Draft202012Validator(schema).is_valid(answer)


def test_errors_and_the_token_are_told(told: dict[str, Any]) -> None:
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for methods in told["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["responses"]["404"]["content"]["application/json"]["schema"]["$ref"].endswith("/Error")


def test_everything_that_is_told_stands_on_the_page_and_can_be_linked_to(client: TestClient, told: dict[str, Any]) -> None:
    page = client.get("/api/docs").text
    for methods in told["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    for name in told["components"]["schemas"]:
        assert f'id="shape-{name}"' in page


def test_the_index_names_every_page(client: TestClient, told: dict[str, Any]) -> None:
    assert set(client.get("/api").json()["pages"]) == {p for p, m in told["paths"].items() if "get" in m}


def test_a_list_goes_on_where_its_link_leads(client: TestClient) -> None:
    first = client.get("/api/search?q=&limit=3")
    onward = first.links["next"]["url"]
    second = client.get(onward)
    assert second.status_code == 200
    ids = [[s["id"] for s in answer.json()["statements"]] for answer in (first, second)]
    assert not set(ids[0]) & set(ids[1])
    assert second.links["prev"]["url"].startswith("/api/search")


@pytest.mark.parametrize("path", ["/articles", "/search", "/actors", "/quotations", "/issues", "/network/citations", "/issues/truce-60d"])
@pytest.mark.usefixtures("taken")
def test_every_list_says_where_it_goes_on(client: TestClient, path: str) -> None:
    answer = client.get(f"/api{path}?limit=1")
    following = answer.json()["pages"]["next"]
    assert following
    assert answer.headers["link"] == f'</api{following}>; rel="next"'
    assert client.get(f"/api{following}").json()["pages"]["previous"]
