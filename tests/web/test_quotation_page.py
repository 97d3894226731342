"""Quotations in the browser: who carried them, what each changed, where they appeared first."""

from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from onrecord.web import Site
from onrecord.web.differing import compared

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
        assert {k: v for k, v in twin.items() if k != "differences"} == carried.to_json()
        assert page.text.index("First appearance") < page.text.index("All witnesses")
        for w in carried.witnesses[:100]:
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
