"""Quotations in the browser: who carried them, what each changed, where they appeared first."""

import shutil
from pathlib import Path

from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from onrecord.web import Site
from onrecord.web.differing import compared

EXAMPLES = Path(__file__).parents[2] / "examples"
WORDS = st.lists(st.sampled_from(["we", "sign", "no", "paper", "before", "May", "“boats”", "\n", "…"]), max_size=30).map(" ".join)


@given(WORDS, WORDS)
def test_differences_make_the_new_wording(old: str, new: str) -> None:
    parts = compared(old, new)
    assert "".join(p for k, p in parts if k != "del") == new
    assert compared(new, new) == ((("same", new),) if new else ())


def test_a_quotation(client: TestClient, site: Site) -> None:
    listed = client.get("/api/quotations").json()["quotations"]
    assert client.get("/quotations").status_code == 200
    for q in listed:
        carried = site.desk.quotation(q["id"])
        page, twin = client.get(f"/quotations/{q['id']}"), client.get(f"/api/quotations/{q['id']}").json()
        assert page.status_code == 200
        assert {k: v for k, v in twin.items() if k not in {"differences", "pages"}} == carried.to_json()
        assert page.text.index("First appearance") < page.text.index("All witnesses")
        for w in carried.witnesses[:20]:
            assert f'id="{w.id}"' in page.text
        assert twin["differences"][0]["reference"]
        assert client.get(f"/quotations/{q['id']}?all=true").status_code == 200


def test_one_witness_alone(client: TestClient, site: Site) -> None:
    hit = next(h for h in site.desk.search(limit=50) if h.quotation is None)
    assert client.get(f"/quotations/{hit.id}").status_code == 200


def test_none(client: TestClient) -> None:
    for path in ("/quotations/q1:none", "/quotations/%3Cscript%3E", "/api/quotations/q1:none"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "<script>" not in answer.text


def test_witnesses_come_a_page_at_a_time(client: TestClient) -> None:
    most = client.get("/api/quotations").json()["quotations"][0]
    assert most["texts"] > 1
    first = client.get(f"/api/quotations/{most['id']}?limit=1").json()
    assert len(first["statements"]) == 1
    assert first["total"] == first["pages"]["total"] > 1
    second = client.get(f"/api{first['pages']['next']}").json()
    assert second["statements"] != first["statements"]
    assert client.get(first["pages"]["next"]).status_code == 200


def test_copies_are_told(client: TestClient, site: Site, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "articles" / "daily-lantern.txt", tmp_path / "lantern-again.txt")
    site.desk.add(tmp_path / "lantern-again.txt")
    told = {q["id"]: site.desk.quotation(q["id"]).stories for q in client.get("/api/quotations").json()["quotations"]}
    assert any(told.values())
    for id_, stories in told.items():
        page = client.get(f"/quotations/{id_}").text
        assert ("Copies</h2>" in page) == bool(stories)
        for story in stories:
            assert len(story.articles) > 1 or story.wire
            assert (story.wire or "") in page
