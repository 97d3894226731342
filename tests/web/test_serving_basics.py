"""What holds for every page: JSON twins, ETags, and being asked for a token. What keeps it safe is in `test_safety.py`."""

from pathlib import Path

from fastapi.testclient import TestClient

from onrecord.web import Site


def test_the_page_and_its_twin(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "<h1>Today</h1>" in page.text
    twin = client.get("/api/today")
    assert twin.json()["statements"]


def test_what_has_not_changed_is_not_sent_again(client: TestClient, site: Site, own: Path) -> None:
    tag = client.get("/").headers["etag"]
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304
    site.desk.judge(client.get("/api/today").json()["statements"][0]["id"], "right")
    assert client.get("/", headers={"if-none-match": tag}).status_code == 200


def test_whoever_has_no_token_is_asked_for_one(guarded: tuple[TestClient, dict[str, str]]) -> None:
    client, tokens = guarded
    assert client.get("/api/today").status_code == 401
    assert client.get("/").headers["location"].startswith("/login")
    assert client.get("/api/today", headers={"authorization": f"Bearer {tokens['reader']}"}).status_code == 200
    assert client.get("/api/today", headers={"authorization": "Bearer onr_no"}).status_code == 401
