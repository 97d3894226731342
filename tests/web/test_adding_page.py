"""Articles and feeds are added beside the pages, by admins alone, past the same guard as on the command line; no file of this machine can be named."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient
from local_server import Server, serve

import onrecord
from onrecord.errors import UsageError
from onrecord.web import Site, make_app
from onrecord.web.jobs import Job, Jobs, Line, State

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
TEXT = "Harbour talks go on\r\n\r\n“We will keep the old pier open,” Lena Orsk said on Thursday. The harbour was quiet, and nobody else had anything to say about it."
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Lantern</title><link>http://x.example/</link><description>News</description>
<item><title>One</title><link>http://x.example/one</link></item></channel></rss>"""


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as found:
        yield found


def over(client: TestClient, job: str) -> dict:
    """The job, when it is over."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = client.get(f"/api/jobs/{job}").json()
        if found["state"] in ("done", "failed"):
            return found
        time.sleep(0.02)
    raise AssertionError(found)


def added(client: TestClient, **body: str) -> dict:
    done = client.post("/api/add/article", json=body)
    assert done.status_code == 200, done.text
    return over(client, done.json()["job"])


# Articles ---------------------------------------------------------------------------------------------------------------------------


def test_a_text_is_read_beside_the_page(client: TestClient, site: Site) -> None:
    done = client.post("/add/article", data={"text": TEXT, "outlet": "Lantern", "published": "2026-03-12"})
    assert done.status_code == 303
    to = done.headers["location"].partition("?")[0]
    page = client.get(to)
    assert page.headers["cache-control"] == "no-store"
    job = over(client, to.rpartition("/")[2])
    assert job["state"] == "done"
    assert "is filed, with " in job["lines"][0]["said"]
    page = client.get(to).text
    assert "http-equiv" not in page
    assert f'href="{job["lines"][0]["page"]}"' in page
    hit = next(site.desk.search("pier", outlet="Lantern"))
    assert hit.where.day == "2026-03-12"
    assert [a.action for a in site.desk.ledger.logged()] == ["add_article"]
    assert "\r" not in site.desk.article(hit.where.article).texts[0].article.revision.text
    again = added(client, text=TEXT, outlet="Lantern", published="2026-03-12")
    assert again["lines"][0]["said"] == "is in the ledger already"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/x", "http://localhost:1/", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://0.0.0.0/"]
)
def test_addresses_inside_the_network_are_refused(client: TestClient, address: str) -> None:
    job = added(client, address=address)
    assert job["lines"][0]["failed"]
    assert "not on the public internet" in job["lines"][0]["said"]
    done = client.post("/api/add/feed", json={"address": address})
    followed = over(client, done.json()["job"])
    assert followed["state"] == "failed"
    assert client.get("/api/add").json()["feeds"] == []


@pytest.mark.parametrize("address", ["/etc/passwd", "examples/articles", "file:///etc/passwd", "ftp://x.example/", "-", "http://a b", "javascript:alert(1)"])
def test_no_file_can_be_named(client: TestClient, address: str, site: Site) -> None:
    for path in ("/api/add/article", "/api/add/feed"):
        assert client.post(path, json={"address": address}).status_code == 400
    assert client.post("/api/add/article", json={"text": "x y", "url": address}).status_code == 400
    before = site.desk.ledger.extent().articles
    # As a text it is the text of an article, whatever files there are.
    job = added(client, text=str(Path(__file__)))
    assert job["lines"]
    assert all("test_adding" not in t.article.revision.text or t.article.revision.text == str(Path(__file__)) for t in _texts(site, before))


def _texts(site: Site, before: int) -> list:
    rows = site.desk.sql(f"SELECT id FROM articles WHERE key > {before}").rows
    return [t for (name,) in rows for t in site.desk.article(name).texts]


@pytest.mark.parametrize(
    "body", [{}, {"text": "  "}, {"address": "https://a.example/", "text": "both"}, {"text": "x", "published": "yesterday"}, {"address": "x" * 2001}]
)
def test_what_cannot_be_added_is_said_at_once(client: TestClient, body: dict[str, str]) -> None:
    assert client.post("/api/add/article", json=body).status_code in (400, 422)
    assert client.get("/api/add").json()["jobs"] == []


def test_a_page_is_fetched_where_the_desk_may(own: Path, server: Server) -> None:
    body = "".join(
        f"<p>“We will keep the old pier open, come what may,” Lena Orsk said on day {n}. The harbour was quiet that day and the boats stayed in.</p>"
        for n in range(6)
    )
    server.page("/story", f"<html><head><title>Harbour talks</title></head><body><article><h1>Harbour talks</h1>{body}</article></body></html>")
    site = Site(onrecord.open(own, create=False), user="mira", now=lambda: NOW, allow_private=True, robots=False)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        job = added(client, address=f"{server.url}/story", outlet="The Pier")
        assert "is filed" in job["lines"][0]["said"], job
        assert client.get("/api/search", params={"outlet": "The Pier"}).json()["total"] > 0
        job = added(client, address=f"{server.url}/nothing")
        assert job["lines"][0]["failed"]


def refused(own: Path, server: Server, **more: bool) -> tuple[str, str]:
    """What is said of a page and of a feed that are not fetched."""
    site = Site(onrecord.open(own, create=False), user="mira", now=lambda: NOW, **more)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        (line,) = added(client, address=f"{server.url}/story")["lines"]
        assert line["failed"]
        followed = over(client, client.post("/api/add/feed", json={"address": f"{server.url}/rss"}).json()["job"])
        assert followed["state"] == "failed"
        assert client.get("/api/add").json()["feeds"] == []
    return line["said"], json.dumps(followed)


def test_what_leads_into_the_private_network_is_not_fetched(own: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    # The server of the test is taken for one of the open web.
    monkeypatch.setattr("onrecord.sources.connection.forbidden", lambda address: address != "127.0.0.1")
    server.moved("/story", "http://10.0.0.7/secret")
    server.moved("/rss", "http://169.254.169.254/latest/meta-data/")
    page, feed = refused(own, server, robots=False)
    assert "10.0.0.7" in page
    assert "169.254.169.254" in feed
    assert {asked.path for asked in server.asked} == {"/story", "/rss"}


def test_what_robots_txt_forbids_is_not_fetched(own: Path, server: Server) -> None:
    server.robots("User-agent: *\nDisallow: /")
    server.page("/story", "<p>Not for programs.</p>")
    server.page("/rss", FEED.replace("http://x.example", server.url), content_type="application/rss+xml")
    page, _ = refused(own, server, allow_private=True)
    assert "robots.txt" in page
    assert {asked.path for asked in server.asked} == {"/robots.txt"}


# Feeds ------------------------------------------------------------------------------------------------------------------------------


def test_a_feed_is_followed_and_followed_no_more(own: Path, server: Server) -> None:
    server.page("/rss", FEED.replace("http://x.example", server.url), content_type="application/rss+xml")
    site = Site(onrecord.open(own, create=False), user="mira", now=lambda: NOW, allow_private=True, robots=False)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1", follow_redirects=False) as client:
        job = over(client, client.post("/api/add/feed", json={"address": f"{server.url}/rss", "outlet": "Lantern"}).json()["job"])
        assert job["state"] == "done", job
        (feed,) = client.get("/api/add").json()["feeds"]
        assert (feed["title"], feed["outlet"]) == ("Lantern", "Lantern")
        assert "Follow Lantern no more" in client.get("/add").text
        asked = over(client, client.post("/api/add/update", json={}).json()["job"])
        assert asked["state"] == "done"
        assert asked["lines"][0]["failed"]
        gone = client.post("/add/unfollow", data={"url": feed["url"]})
        assert gone.headers["location"] == "/add?done=unfollowed"
        assert client.get("/api/add").json()["feeds"] == []
        assert client.post("/api/add/unfollow", json={"url": feed["url"]}).status_code == 400
        assert [a.action for a in site.desk.ledger.logged()] == ["add_unfollow", "add_update", "add_feed"]


def test_admins_alone_add(guarded: tuple[TestClient, dict[str, str]]) -> None:
    client, tokens = guarded
    for role, status in (("reader", 403), ("coder", 403)):
        bearer = {"authorization": f"Bearer {tokens[role]}"}
        for path in ("/add", "/api/add", "/jobs/x", "/api/jobs/x"):
            assert client.get(path, headers=bearer).status_code == status
        for path in ("article", "feed", "unfollow", "update"):
            assert client.post(f"/api/add/{path}", json={"address": "https://a.example/", "url": "x"}, headers=bearer).status_code == status
    bearer = {"authorization": f"Bearer {tokens['admin']}"}
    assert client.get("/add", headers=bearer).status_code == 200
    assert client.get("/jobs/none", headers=bearer).status_code == 404


# Jobs -------------------------------------------------------------------------------------------------------------------------------


class Gate:
    """Work that a test lets go on."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self) -> Iterator[Line]:
        self.begun.set()
        assert self.go.wait(10)
        yield Line("x", "done")


def ended(job: Job) -> Job:
    until = time.monotonic() + 10
    while not job.state.over and time.monotonic() < until:
        time.sleep(0.005)
    return job


def start(jobs: Jobs, work: object, **more: bool) -> Job:
    return jobs.start("x", work, by="mira", now=lambda: NOW, **more)  # type: ignore[arg-type]


def test_some_are_done_at_once_and_the_rest_waits_in_line() -> None:
    jobs, gates = Jobs(at_once=2, in_line=2), [Gate() for _ in range(4)]
    made = [start(jobs, g, reads=False) for g in gates[:2]]
    assert all(g.begun.wait(10) for g in gates[:2])
    made += [start(jobs, g, reads=False) for g in gates[2:]]
    assert [j.state for j in made] == [State.RUNNING, State.RUNNING, State.WAITING, State.WAITING]
    with pytest.raises(HTTPException):
        start(jobs, Gate())
    for gate in gates:
        gate.go.set()
    assert [ended(j).state for j in made] == [State.DONE] * 4
    assert jobs.newest(2) == made[:1:-1]
    assert made[0].to_json()["lines"][0]["said"] == "done"


def test_two_that_read_are_done_one_after_the_other() -> None:
    jobs, one, two, other = Jobs(), Gate(), Gate(), Gate()
    first, second = start(jobs, one), start(jobs, two)
    third = start(jobs, other, reads=False)
    assert one.begun.wait(10)
    assert other.begun.wait(10)
    assert second.state is State.WAITING
    other.go.set()
    one.go.set()
    two.go.set()
    assert [ended(j).state for j in (first, second, third)] == [State.DONE] * 3


def test_what_goes_wrong_is_kept_and_others_go_on() -> None:
    jobs = Jobs(at_once=1)

    def usage() -> Iterator[Line]:
        yield Line("a", "done")
        raise UsageError("this is wrong", item="b", hint="do otherwise")

    def broken() -> list[Line]:
        raise RuntimeError("secret words")

    made = [start(jobs, usage), start(jobs, broken), start(jobs, lambda: [Line("c", "done")])]
    assert [ended(j).state for j in made] == [State.FAILED, State.FAILED, State.DONE]
    assert [(x.item, x.failed) for x in made[0].lines] == [("a", False), ("b", True)]
    assert "secret" not in made[1].lines[0].said
    assert jobs.get(made[2].id) is made[2]
    assert jobs.get("none") is None


def test_a_desk_that_closes_stops_what_is_being_done() -> None:
    jobs, begun, closed = Jobs(), threading.Event(), threading.Event()

    def endless() -> Iterator[Line]:
        try:
            while True:
                begun.set()
                yield Line("x", "done")
        finally:
            closed.set()

    job = start(jobs, endless)
    waiting = start(jobs, list)
    assert begun.wait(10)
    jobs.close()
    assert closed.wait(10)
    assert ended(job).state is State.DONE
    assert waiting.state is State.WAITING
    assert len(job.lines) <= 200
    with pytest.raises(HTTPException):
        start(jobs, list)
