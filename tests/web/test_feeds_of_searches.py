"""Searches are kept, called otherwise and kept no more; each, and any other, is an Atom feed and a JSON Feed that feed readers take."""

import re
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from fastapi.testclient import TestClient
from invented import compose, filing_of

import onrecord
from onrecord.sources import Document
from onrecord.web import Site, make_app

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def kept(client: TestClient, name: str = "Truces", query: str = "q=truce&kind=direct") -> str:
    done = client.post("/api/searches/save", json={"name": name, "query": query})
    assert done.status_code == 200, done.text
    return done.json()["search"]["id"]


def atom(client: TestClient, path: str) -> feedparser.FeedParserDict:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml"
    parsed = feedparser.parse(answer.content)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    return parsed


# Feeds ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?q=truce", "?type=unknown&sort=oldest", "?q=the&kind=direct&limit=2"])
def test_any_search_is_a_feed(client: TestClient, site: Site, query: str) -> None:
    wanted = client.get(f"/api/search{query.replace('&sort=oldest', '')}{'&' if query else '?'}limit=50").json()["statements"]
    if "limit=2" in query:
        wanted = wanted[:2]
    parsed = atom(client, f"/search.atom{query}")
    assert parsed.feed.id.startswith("tag:onrecord,2026:w1:")
    assert [e.id.rpartition("/")[2] for e in parsed.entries] == [s["id"] for s in wanted]
    assert len({e.id for e in parsed.entries}) == len(wanted)
    assert parsed.feed.updated == max(s["article"]["seen"] for s in wanted)
    for entry, said in zip(parsed.entries, wanted, strict=True):
        assert entry.updated == said["article"]["seen"]
        assert entry.link == f"http://127.0.0.1/articles/{said['article']['id'].replace(':', '%3A')}#{said['id'].replace(':', '%3A')}"
        assert entry.content[0].type == "text/plain"
        assert " ".join(said["content"][0]["exact"].split()) in entry.content[0].value
    feed = client.get(f"/search.json{query}")
    assert feed.headers["content-type"] == "application/feed+json"
    body = feed.json()
    assert body["version"] == "https://jsonfeed.org/version/1.1"
    assert body["feed_url"] == f"http://127.0.0.1/search.json{query}"
    assert [i["id"] for i in body["items"]] == [e.id for e in parsed.entries]
    assert all(i["content_text"] and i["url"].startswith("http://127.0.0.1/articles/") and "content_html" not in i for i in body["items"])


def test_a_feed_names_the_desk_as_it_was_asked_and_its_ids_are_the_same_everywhere(client: TestClient) -> None:
    here = atom(client, "/search.atom?q=truce")
    there = feedparser.parse(client.get("/search.atom?q=truce", headers={"host": "localhost:8000"}).content)
    assert there.entries[0].link.startswith("http://localhost:8000/")
    assert (here.feed.id, [e.id for e in here.entries]) == (there.feed.id, [e.id for e in there.entries])


def test_a_feed_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/search.atom?q=truce").headers["etag"]
    assert client.get("/search.atom?q=truce", headers={"if-none-match": tag}).status_code == 304


def test_an_empty_feed_is_a_feed(client: TestClient) -> None:
    assert atom(client, "/search.atom?q=zzzz").entries == []
    assert client.get("/search.json?q=zzzz").json()["items"] == []


def test_what_cannot_be_meant_is_no_feed(client: TestClient) -> None:
    assert client.get("/search.atom?since=never").status_code == 400
    assert client.get("/search.json?actor=Nobody+Atall").status_code == 400


@pytest.mark.parametrize("words", ["</content><script>alert(1)</script>", "]]> &amp; <![CDATA[", "\x01\x0b \ufffe\uffff and \u202eback\u202c", "a\x00b"])
def test_whatever_an_article_says_is_text_in_a_feed(tmp_path: Path, words: str) -> None:
    desk = onrecord.open(tmp_path / "evil.db")
    said = [("direct", f"the treaty {words} stands", f"Lena <b>{words}</b>", "GB", "It rained")]
    article, entries = compose(f"<i>{words}", said, url="https://lantern.example/a?b=1&c=<d>", outlet=f"<u>{words}", published=datetime(2026, 3, 1, tzinfo=UTC))
    desk.ledger.write([filing_of(Document(b"x", "https://lantern.example/a", url="https://lantern.example/a"), article, entries, marks=False)], now=NOW)
    with TestClient(make_app(Site(desk, now=lambda: NOW), limits=False), base_url="http://127.0.0.1") as client:
        parsed = atom(client, "/search.atom")
        assert len(parsed.entries) == 1
        assert "the treaty" in parsed.entries[0].content[0].value
        assert parsed.entries[0].content[0].type == "text/plain"
        assert "\u202e" not in client.get("/search.json").text
        raw = client.get("/search.atom").text
        assert "<script" not in raw
        assert "<b>" not in raw


# Kept -------------------------------------------------------------------------------------------------------------------------------


def test_a_search_is_kept_renamed_and_removed(client: TestClient, site: Site) -> None:
    done = client.post("/searches/save", data={"name": " Truces ", "query": "kind=direct&q=truce&offset=20"})
    assert done.status_code == 303
    assert done.headers["location"] == "/search?q=truce&kind=direct&done=search-kept"
    page = client.get(done.headers["location"]).text
    assert "The search is kept" in page
    assert "kept as <b>Truces</b>, by mira" in page
    (search,) = client.get("/api/searches").json()["searches"]
    assert (search["name"], search["query"], search["by"]) == ("Truces", "q=truce&kind=direct", "mira")
    assert client.get(search["page"]).status_code == 200
    assert atom(client, search["atom"]).feed.title == "Truces"
    assert client.get(search["feed"]).json()["title"] == "Truces"
    listed = client.get("/searches").text
    assert "Truces" in listed
    assert f"/searches/{search['id'].replace(':', '%3A')}.atom" in listed
    assert client.post(f"/searches/{search['id']}/rename", data={"name": "Directly"}).headers["location"] == "/searches?done=done"
    assert [s["name"] for s in client.get("/api/searches").json()["searches"]] == ["Directly"]
    gone = client.post(f"/searches/{search['id']}/remove").headers["location"]
    assert gone == "/search?q=truce&kind=direct&done=search-removed"
    assert client.get("/api/searches").json()["searches"] == []
    # What it leads to keeps it again.
    assert 'name="query" value="q=truce&amp;kind=direct"' in client.get(gone).text
    for path in (search["atom"], search["feed"]):
        assert client.get(path).status_code == 404
    assert [a.action for a in site.desk.ledger.logged()] == ["searches_id_remove", "searches_id_rename", "searches_save"]


def test_the_search_of_everything_can_be_kept(client: TestClient) -> None:
    name = kept(client, "Everything", "")
    assert len(atom(client, f"/searches/{name}.atom").entries) == 50
    assert client.get("/searches").status_code == 200


@pytest.mark.parametrize("body", [{"name": "  "}, {"name": "x" * 121}, {}, {"name": "x", "query": "since=never"}, {"name": "x", "query": "min_score=7"}])
def test_what_cannot_be_kept_is_not(client: TestClient, body: dict[str, str]) -> None:
    assert client.post("/api/searches/save", json=body).status_code in (400, 422)
    assert client.get("/api/searches").json()["searches"] == []


def test_what_is_not_kept_is_not_there(client: TestClient) -> None:
    for path in ("/searches/w1:none/rename", "/searches/w1:none/remove"):
        assert client.post(path, data={"name": "x"}).status_code == 404
    assert client.get("/searches/w1:none.atom").status_code == 404


def test_readers_look_and_coders_keep(guarded: tuple[TestClient, dict[str, str]]) -> None:
    client, tokens = guarded
    for role, status in (("reader", 403), ("coder", 200), ("admin", 200)):
        bearer = {"authorization": f"Bearer {tokens[role]}"}
        assert client.post("/api/searches/save", json={"name": role, "query": "q=truce"}, headers=bearer).status_code == status
        page = client.get("/search?q=bridge", headers=bearer).text
        assert ("Keep this search</button>" in page) == (role != "reader")
        assert client.get("/search.atom", headers=bearer).status_code == 200
    assert client.get("/api/searches", headers={"authorization": f"Bearer {tokens['coder']}"}).json()["searches"][0]["by"].startswith("admin")
    listed = client.get("/searches", headers={"authorization": f"Bearer {tokens['reader']}"}).text
    assert not re.search(r"<form[^>]*/searches/", listed)
    assert client.get("/search.atom").status_code in (303, 401)


def test_a_name_is_text(client: TestClient) -> None:
    kept(client, "<script>alert(1)</script> & \u202e", "q=truce")
    page = client.get("/searches").text
    assert "<script>alert" not in page
    assert "\u202e" not in page
