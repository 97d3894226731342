"""Where actors stand, kept in memory: of the ledger as it is, or of a moment ago, which the page says."""

import time

import pytest
from fastapi.testclient import TestClient

from onrecord.web import Site, overviews


def test_it_is_fetched_once_for_each_state_of_the_ledger(site: Site) -> None:
    first = overviews.seen(site)
    assert first.as_of is None
    assert overviews.seen(site).overview is first.overview
    site.desk.add_issue("pier", "Closing the pier", by="mira")
    second = overviews.seen(site)
    assert second.as_of is None
    assert second.overview.agenda.get("pier") is not None


def test_a_slow_one_is_fetched_behind_and_the_page_says_so(client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "_PATIENCE", -1.0)
    assert "being added up anew" not in client.get("/issues").text
    site.desk.add_issue("pier", "Closing the pier", by="mira")
    page = client.get("/issues/pier")
    if "being added up anew" in page.text:
        assert page.headers["cache-control"] == "no-store"
        assert client.get("/api/issues/pier").status_code == 200
    for _ in range(100):
        page = client.get("/issues/pier")
        if "being added up anew" not in page.text:
            break
        time.sleep(0.05)
    assert "being added up anew" not in page.text
    assert page.headers["cache-control"] != "no-store"
    assert overviews.seen(site).as_of is None


def test_it_is_fetched_beforehand(site: Site) -> None:
    overviews.warm(site)
    assert overviews.seen(site).as_of is None
