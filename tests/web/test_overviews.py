"""Where actors stand, kept in memory: of the ledger as it is, or of a moment ago, which the page says."""

import time
from datetime import date

import pytest
from fastapi.testclient import TestClient

from onrecord.ledger import Query
from onrecord.web import Site, glances, overviews


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


@pytest.mark.parametrize("days", [{}, {"since": date(2026, 3, 12), "until": date(2026, 3, 12)}, {"since": date(2026, 3, 13)}])
def test_the_days_of_an_issue_are_those_of_its_statements(site: Site, days: dict[str, date]) -> None:
    query = Query(issues=("truce-60d",), **days)
    assert overviews.at_hand(site) is None
    counted = site.desk.ledger.histogram(query)
    overviews.seen(site)
    assert overviews.at_hand(site) is not None
    assert glances.histogram(site, query) == counted
    assert counted.total == site.desk.ledger.count(query)
