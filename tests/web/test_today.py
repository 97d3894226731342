"""*Today*: what is new, what changed, who shifted, whose words are open, and how the feeds are."""

import re
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import onrecord
from onrecord.ledger import Hit, StatementJudgement, Verdict, following
from onrecord.ledger.coding import Coding
from onrecord.positions import Stance
from onrecord.web import Site, links, make_app, overviews
from onrecord.web.pages import today

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def test_it_says_how_much_there_is_and_what_is_new(client: TestClient, site: Site) -> None:
    page, twin = client.get("/").text, client.get("/api/today").json()
    assert "<h1>Today</h1>" in page
    for heading in ("New statements", "Articles that changed", "Who said it?", "Feeds"):
        assert f">{heading}</h2>" in page
    status = site.desk.status()
    assert twin["articles"] == status.counts["articles"]
    assert f"from {status.counts['articles']} articles of {site.desk.ledger.extent().outlets} outlets" in page
    assert [s["id"] for s in twin["statements"]] == [h.id for h in site.desk.search(limit=20)]
    assert all(f'id="{s["id"]}"' in page for s in twin["statements"])


def test_articles_that_changed_lead_to_their_changes(client: TestClient, site: Site) -> None:
    (changed,) = client.get("/api/today").json()["changed"]
    history = site.desk.article(changed["article"])
    assert changed["revision"] == history.texts[-1].revision
    assert changed["changes"] == {k: n for k, n in history.texts[-1].to_json()["counts"].items() if k != "same"}
    page = client.get("/").text
    assert changed["page"].endswith("/changes")
    assert f'href="{changed["page"]}"' in page
    assert re.search(r"<p>\d+ statements? \w+", page)


def test_open_speakers_are_shown_with_who_may_have_said_it(client: TestClient, site: Site) -> None:
    twin = client.get("/api/today").json()["unresolved"]
    assert twin
    assert all(s["speaker"]["type"] == "unknown" and s["actor"] is None for s in twin)
    page = client.get("/").text
    assert all(f'href="/statements/{s["id"].replace(":", "%3A")}"' in page for s in twin)
    named = [c["name"] for s in twin for c in s["speaker"]["candidates"]]
    if named:
        assert f"May be {named[0]}" in page
    # A person's answer closes the question.
    who = next(h.actor[1] for h in site.desk.search(type="person") if h.actor)
    first = site.desk.statement(twin[0]["id"])[0]
    right = site.desk.ledger.actor(who).id
    site.desk.ledger.judge_statement(StatementJudgement(first.id, first.where.article, first.content, Verdict.SPEAKER, right, "mira", NOW))
    assert first.id not in [s["id"] for s in client.get("/api/today").json()["unresolved"]]


def test_feeds_in_trouble_come_first_and_say_what_is_wrong(client: TestClient, site: Site) -> None:
    ledger, day = site.desk.ledger, timedelta(days=1)
    with ledger.database.writing() as connection:
        for name in ("a", "b", "c", "gone"):
            following.follow(connection, f"https://{name}.example/rss", now=NOW - 3 * day, title=name.upper())
        keys = {f.title: f.key for f in following.followed(connection)}
        following.feed_done(connection, keys["A"], now=NOW, every=day)
        following.feed_done(connection, keys["B"], now=NOW, every=day, error="the server says 503 <script>alert(1)</script>")
        following.unfollow(connection, "https://gone.example/rss")
    twin = client.get("/api/today").json()["feeds"]
    assert [(f["title"], f["state"], f["failures"]) for f in twin] == [("B", "failing", 1), ("C", "new", 0), ("A", "well", 0)]
    page = client.get("/").text
    assert "1 feed fails" in page
    assert "the server says 503 &lt;script&gt;" in page
    assert "failed once" in page
    assert "gone.example" not in page


@pytest.fixture
def shifted(site: Site) -> str:
    """The issue on which somebody took another side on another day."""
    first: dict[str, Hit] = {}
    for hit in site.desk.search(limit=200):
        other = first.setdefault(hit.actor[0], hit) if hit.actor else hit
        if other.where.day != hit.where.day:
            break
    for one, stance in ((hit, Stance.SUPPORT), (other, Stance.OPPOSE)):
        site.desk.ledger.code(Coding(one.where.article, one.id, one.content, "truce-60d", stance, "ana", NOW))
    return "truce-60d"


def test_shifts_lead_to_the_issue_and_to_both_statements(client: TestClient, site: Site, shifted: str) -> None:
    twin, page = client.get("/api/today").json(), client.get("/").text
    assert shifted in {s["issue"] for s in twin["shifts"]}
    assert twin["shifts"] == [m.to_json() for m in islice(site.desk.shifts(), 6)]
    for shift in twin["shifts"]:
        assert f'href="/issues/{shift["issue"]}"' in page
        assert all(f'href="{links.statement(shift[e]["statement"]["id"])}"' in page for e in ("before", "after"))
    # On an issue that is followed no more nobody is shown to shift.
    site.desk.retire_issue(shifted)
    after = client.get("/api/today").json()["shifts"]
    assert shifted not in {s["issue"] for s in after}
    assert after == [m.to_json() for m in islice(site.desk.shifts(), 6)]


@pytest.mark.usefixtures("shifted")
def test_shifts_of_a_moment_ago_are_shown_as_such(client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    was = overviews.seen(site).overview
    monkeypatch.setattr(today, "seen", lambda _: overviews.Seen(was, NOW))
    answer = client.get("/")
    assert "The ledger has changed" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert client.get("/api/today").json()["as_of"] == NOW.isoformat()


def test_an_empty_ledger_says_what_to_do(tmp_path: Path) -> None:
    site = Site(onrecord.open(tmp_path / "empty.db"), now=lambda: NOW)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "Nothing is in this ledger yet" in page.text
        assert 'href="/add"' in page.text
        assert client.get("/api/today").json()["statements"] == []
        assert client.get("/search").status_code == 200
        assert client.get("/search.atom").status_code == 200


def test_a_notice_is_one_of_ours_or_none(client: TestClient) -> None:
    assert "Taken back." in client.get("/?done=undone").text
    assert "Pay at once" not in client.get("/?done=Pay+at+once").text
