"""The API's own pages, and whether answers have the shapes that it tells."""

from typing import Any

import jsonschema_rs
import pytest
from fastapi.testclient import TestClient


@pytest.fixture
def told(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/api/openapi.json").json())


@pytest.mark.parametrize(("path", "shape"), [("/api/today", "Today"), ("/api/search?q=the", "Search"), ("/api/search?since=x", "Error"), ("/api/no", "Error")])
def test_answers_have_the_shapes_that_are_told(client: TestClient, told: dict[str, Any], path: str, shape: str) -> None:
    schema = {"$ref": f"#/components/schemas/{shape}", "components": told["components"]}
    jsonschema_rs.Draft202012Validator(schema).validate(client.get(path).json())


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
