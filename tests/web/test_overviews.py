"""Where actors stand, kept in memory: of the ledger as it is, or of a moment ago, which the page says."""

import gc
import threading
import time
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from onrecord.ledger import Query
from onrecord.ledger.overview import Overview
from onrecord.web import Site, glances, overviews
from onrecord.web.pages import issue


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


def test_what_pages_of_a_large_ledger_show_is_worked_out_beforehand_until_it_changes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "_PATIENCE", -1.0)
    done, changed = threading.Event(), threading.Event()
    made: list[str] = []

    def names(of_site: Site, of: Overview) -> Iterator[None]:
        for one in of.agenda:
            made.append(one.id)
            yield
        done.set()
        of_site.desk.add_issue("pier", "Closing the pier", by="mira")
        yield
        changed.set()

    overviews.warm(site, names)
    assert done.wait(60)
    assert made == [i.id for i in site.desk.agenda()][: len(made)]
    assert len(made) > 1
    assert not changed.wait(0.3)
    gc.unfreeze()


def test_a_large_overview_is_not_looked_through_for_garbage(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overviews, "_PATIENCE", -1.0)
    gc.unfreeze()
    try:
        overviews.warm(site)
        for _ in range(600):
            if gc.get_freeze_count():
                break
            time.sleep(0.05)
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()


def test_the_page_of_an_issue_finds_what_was_worked_out_beforehand(client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/issues/{next(iter(site.desk.agenda())).id}"
    fresh = client.get(f"{path}?_=1").text
    site.desk.add_issue("pier", "Closing the pier", by="mira")
    assert len(list(issue.beforehand(site, overviews.seen(site).overview))) == len(site.desk.agenda())
    for name in ("matrix_part", "stances_held", "courses", "turns"):
        monkeypatch.setattr(issue, name, None)
    assert client.get(f"{path}?_=1").text == fresh
    assert client.get(f"{path}?_=2").text.replace("_=2", "_=1") == fresh


@pytest.mark.usefixtures("taken")
def test_parts_that_are_kept_are_those_of_what_is_asked(client: TestClient, site: Site) -> None:
    path = f"/issues/{next(iter(site.desk.agenda())).id}"
    wide, narrow = client.get(path).text, client.get(f"{path}?since=2026-03").text
    assert "since=2026-03" in narrow.partition('id="lanes"')[0].partition('id="stand"')[2]
    assert "since=2026-03" not in wide.partition('id="lanes"')[0].partition('id="stand"')[2]
    assert client.get(f"{path}?_=").text.replace("?_=", "") == wide
    assert client.get("/issues?rows=country").text != client.get("/issues").text
