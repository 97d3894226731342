"""All that a search finds as JSON lines: as the command line has them, in one state of the ledger, as fast as they are taken, and no longer."""

import asyncio
import html
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import uvicorn
from fastapi import HTTPException
from fastapi.testclient import TestClient
from invented import News
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp

import onrecord
from onrecord.cli.printing import json_line
from onrecord.web import Site, make_app
from onrecord.web.lines import Lines, Places
from onrecord.web.search_form import Asked
from onrecord.web.serving import listening_on

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of some thousands of statements."""
    path = tmp_path_factory.mktemp("many") / "news.db"
    with onrecord.open(path) as desk:
        desk.ledger.write(list(News(7, statements=30).filings(130, marks=False)), now=NOW)
    return path


@contextmanager
def listening(app: ASGIApp) -> Iterator[int]:
    """A real server in a thread; its port."""
    sockets = listening_on("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([sockets],))
    port = sockets.getsockname()[1]
    thread.start()
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(20)
        sockets.close()
        assert not thread.is_alive()


def soon(said: Callable[[], bool]) -> bool:
    """Whether something holds before long."""
    until = time.monotonic() + 20
    while not said():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


# What is sent -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?q=truce&kind=indirect", "?kind=direct&sort=oldest"])
def test_the_page_of_a_search_leads_to_its_lines(client: TestClient, site: Site, query: str) -> None:
    (link,) = re.findall(r'href="([^"]*format=jsonl)"', client.get(f"/search{query}").text)
    answer = client.get(html.unescape(link))
    assert answer.headers["content-type"] == "application/jsonl"
    told = [json.loads(line)["id"] for line in answer.text.splitlines()]
    asked = dict(parse_qsl(query.removeprefix("?")))
    assert told
    assert told == [h.id for h in site.desk.search(asked.pop("q", ""), **asked)]


@pytest.mark.parametrize("query", ["", "q=truce", "kind=direct&sort=oldest", "q=truce+OR+bridge&sort=relevance", "q=zzzz", "limit=3&offset=2"])
def test_lines_are_those_of_the_command_line(client: TestClient, site: Site, query: str) -> None:
    answer = client.get(f"/api/search?{query}&format=jsonl")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/jsonl"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert "content-length" not in answer.headers
    page = client.get(f"/api/search?{query}{'' if 'limit' in query else '&limit=200'}").json()
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert told[: len(page["statements"])] == page["statements"]
    assert answer.text == "".join(map(json_line, told))
    if "limit" not in query:
        assert len(told) == site.desk.ledger.count(Asked.of_address(query).query())


def test_thousands_are_sent_whole_and_in_order(many: Path) -> None:
    site = Site(onrecord.open(many, create=False), now=lambda: NOW)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        answer = client.get("/api/search?format=jsonl")
        wanted = [json_line(h.to_json()) for h in site.desk.search(limit=None)]
        assert len(wanted) > 3_000
        assert answer.text == "".join(wanted)
        # A client that does not want them packed gets the same.
        assert client.get("/api/search?format=jsonl", headers={"accept-encoding": "identity"}).text == answer.text
        assert site.desk.ledger.database.engine.pool.checkedout() == 1


def test_they_are_the_same_over_both_databases(where: str) -> None:
    with onrecord.open(where) as desk:
        desk.ledger.write(list(News(7, statements=10).filings(12, marks=False)), now=NOW)
    site = Site(onrecord.open(where, create=False), now=lambda: NOW)
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1") as client:
        for order in ("date", "oldest"):
            query = Asked.of_address(f"sort={order}").query()
            wanted = [json_line(h.to_json()) for h in site.desk.ledger.search(query, limit=None)]
            assert len(wanted) > 20
            assert client.get(f"/api/search?sort={order}&format=jsonl").text == "".join(wanted)
        # The connection that it was read over is given back.
        assert site.desk.ledger.database.engine.pool.checkedout() == 1


def test_conditions_do_not_apply(client: TestClient) -> None:
    tag = client.get("/api/search?q=truce").headers["etag"]
    for condition in (tag, "*", f"W/{tag}"):
        assert client.get("/api/search?q=truce&format=jsonl", headers={"if-none-match": condition}).status_code == 200
    assert client.get("/api/search?q=truce", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("query", ["since=never", "actor=Nobody+Atall", "min_score=7", "kind=loud"])
def test_what_cannot_be_meant_is_said_before_anything_is_sent(client: TestClient, site: Site, query: str) -> None:
    answer = client.get(f"/api/search?{query}&format=jsonl")
    assert answer.status_code == 400
    assert answer.json() == client.get(f"/api/search?{query}").json()
    for bad in ("format=xml", "format=", "format=jsonl&limit=0"):
        assert client.get(f"/api/search?{bad}").status_code == 422
    assert site.desk.ledger.database.engine.pool.checkedout() == 1


def test_pages_have_one_form(client: TestClient) -> None:
    assert client.get("/search?q=truce&format=jsonl").text.startswith("<!doctype html>")


def test_whoever_may_look_may_have_them_and_nobody_else(guarded: tuple[TestClient, dict[str, str]]) -> None:
    client, tokens = guarded
    assert client.get("/api/search?format=jsonl").status_code == 401
    assert client.get("/api/search?format=jsonl", headers={"authorization": f"Bearer {tokens['reader']}"}).status_code == 200


# Who takes it ------------------------------------------------------------------------------------------------------------------------


@contextmanager
def asked(port: int, path: str) -> Iterator[socket.socket]:
    """A client that takes the head of an answer, and then what a test wants."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 200 ")
        yield connection


def test_a_client_that_goes_away_ends_it_and_frees_its_connection(many: Path) -> None:
    site = Site(onrecord.open(many, create=False), now=lambda: NOW)
    pool = site.desk.ledger.database.engine.pool
    with listening(make_app(site, limits=False)) as port:
        httpx.get(f"http://127.0.0.1:{port}/api/search?limit=1")
        assert soon(lambda: pool.checkedout() == 1)
        for _ in range(3):
            with asked(port, "/api/search?format=jsonl"):
                # It does not read, so it is not sent more than fits on the way.
                assert soon(lambda: pool.checkedout() == 2)
                time.sleep(0.3)
                assert pool.checkedout() == 2
            assert soon(lambda: pool.checkedout() == 1)
        # The place is free as well.
        with httpx.stream("GET", f"http://127.0.0.1:{port}/api/search?format=jsonl") as answer:
            assert sum(1 for _ in answer.iter_lines()) > 3_000


def test_all_see_one_state_of_the_ledger(many: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.db"
    path.write_bytes(many.read_bytes())
    site = Site(onrecord.open(path, create=False), now=lambda: NOW)
    with listening(make_app(site, limits=False)) as port, httpx.stream("GET", f"http://127.0.0.1:{port}/api/search?sort=oldest&format=jsonl") as answer:
        lines = answer.iter_lines()
        ids = [json.loads(next(lines))["id"]]
        with onrecord.open(path) as other:
            assert other.ledger.extent().statements > 3_000
            last = next(other.search(limit=1))
            other.judge(last.id, "wrong", by="ana")
            assert next(other.search(limit=1)).id != last.id
        told = [json.loads(line) for line in lines]
        ids += [t["id"] for t in told]
        assert ids[-1] == last.id
        assert told[-1]["verdict"] is None


@dataclass(frozen=True)
class Thing:
    """Something that is told."""

    number: int

    def to_json(self) -> dict[str, Any]:
        return {"number": self.number, "words": "x" * 1_000}


class Endless:
    """Things without end, and what became of them."""

    def __init__(self) -> None:
        self.made, self.closed = 0, threading.Event()

    def things(self) -> Generator[Thing]:
        try:
            while True:
                self.made += 1
                yield Thing(self.made)
        finally:
            self.closed.set()


@contextmanager
def endless(**more: float) -> Iterator[tuple[int, Endless]]:
    """A server of things without end; its port, and the things."""
    source, places = Endless(), Places(1)

    async def answer(_: Request) -> Lines:
        return Lines(places.lines(source.things()), **more)

    with listening(Starlette(routes=[Route("/", answer)])) as port:
        yield port, source


def test_no_more_is_made_than_is_taken() -> None:
    with endless() as (port, source), asked(port, "/") as connection:
        time.sleep(0.5)
        made = source.made
        # Kernels hold some megabytes on the way between two programs.
        assert made < 10_000
        time.sleep(0.5)
        assert source.made == made
        taken = 0
        while taken < 20_000_000:
            taken += len(connection.recv(1 << 16))
        assert source.made > made
        assert not source.closed.is_set()
        connection.close()
        assert source.closed.wait(20)


@pytest.mark.parametrize("more", [{"patience": 0.3}, {"longest": 0.3}])
def test_who_takes_nothing_is_not_waited_for(more: dict[str, float]) -> None:
    with endless(**more) as (port, source), asked(port, "/") as connection:
        assert source.closed.wait(20)
        # What was on the way is read, and no end is among it.
        connection.settimeout(5)
        rest = b""
        while got := connection.recv(1 << 20):
            rest += got
        assert not rest.endswith(b"0\r\n\r\n")


def test_a_reader_that_is_slow_but_reads_is_waited_for() -> None:
    with endless(patience=2.0) as (port, source), asked(port, "/") as connection:
        until = time.monotonic() + 4
        while time.monotonic() < until:
            connection.recv(1 << 20)
            time.sleep(0.001)
        assert not source.closed.is_set()


def test_so_many_at_once_and_no_more() -> None:
    places, sources = Places(2), [Endless() for _ in range(4)]
    under_way = [places.lines(s.things()) for s in sources]
    assert [next(lines) for lines in under_way[:2]]
    with pytest.raises(HTTPException) as refused:
        next(under_way[2])
    assert refused.value.status_code == 429
    assert refused.value.headers == {"retry-after": "10"}
    assert sources[2].made == 0
    under_way[0].close()
    assert sources[0].closed.is_set()
    assert next(under_way[3])
    # One that nobody has any more frees its place, too.
    del under_way[1:]
    assert sources[1].closed.wait(5)
    assert next(places.lines(Endless().things()))


def test_an_error_on_the_way_leaves_no_end_and_frees_everything() -> None:
    closed = threading.Event()

    def things() -> Generator[Thing]:
        try:
            for n in range(2_000):
                yield Thing(n)
            raise RuntimeError("the disk is gone")
        finally:
            closed.set()

    async def answer(_: Request) -> Lines:
        return Lines(Places().lines(things()))

    with listening(Starlette(routes=[Route("/", answer)])) as port, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://127.0.0.1:{port}/")
    assert closed.wait(5)


def test_whoever_is_cancelled_while_a_piece_is_made_lets_go_of_it() -> None:
    source, begun, go = Endless(), threading.Event(), threading.Event()

    def slow() -> Generator[Thing]:
        for thing in source.things():
            yield thing
            begun.set()
            assert go.wait(10)

    async def cancelled() -> None:
        async def nothing() -> dict[str, Any]:
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        async def send(_: Any) -> None:
            pass

        task = asyncio.create_task(Lines(Places().lines(slow()))({"type": "http"}, nothing, send))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(source.closed.wait, 10)

    asyncio.run(cancelled())
