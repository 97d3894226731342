"""Processes that make pages: the same pages, and all goes on without them."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp

import onrecord
from onrecord.web import Access, Site, make_app
from onrecord.web.readers import Answer, Readers, ReadersFirst, Reading

TOLD = "to be told apart"


def readers_of(app: FastAPI) -> Readers:
    """The processes of an application."""
    layer: ASGIApp | None = app.middleware_stack
    while layer is not None and not isinstance(layer, ReadersFirst):
        layer = getattr(layer, "app", None)
    assert layer is not None
    return layer.readers


def until(there: Callable[[], bool]) -> None:
    """Wait for something that takes seconds."""
    for _ in range(600):
        if there():
            return
        time.sleep(0.05)
    pytest.fail("it did not come")


@pytest.fixture
def asked(own: Path) -> Iterator[tuple[TestClient, Readers]]:
    """A desk with one process beside it, and that process, ready."""
    site = Site(onrecord.open(own, create=False), user="mira")
    app = make_app(site, limits=False, processes=1)
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        readers = readers_of(app)
        until(lambda: readers.ready == 1)
        yield client, readers


def test_pages_are_the_same(asked: tuple[TestClient, Readers], news: Path) -> None:
    client, readers = asked
    site = Site(onrecord.open(news, create=False), user="mira")
    with TestClient(make_app(site, limits=False), base_url="http://127.0.0.1", follow_redirects=False) as alone:
        listed = alone.get("/api/articles").json()["articles"]
        paths = [
            "/search?q=truce",
            "/api/search?q=truce",
            f"/articles/{listed[0]['id']}",
            "/issues/truce-60d",
            "/network",
            "/actors",
            "/actors/nobody",
            "/nothing",
        ]
        for path in paths:
            theirs, ours = client.get(path), alone.get(path)
            assert theirs.status_code == ours.status_code, path
            assert theirs.text.replace(str(client.app.state.site.desk.ledger.name), "L") == ours.text.replace(str(site.desk.ledger.name), "L"), path  # type: ignore[attr-defined]
            assert theirs.headers["content-security-policy"] == ours.headers["content-security-policy"]
    assert readers.answered >= len(paths)


def test_what_only_the_desk_knows_is_told_by_it(asked: tuple[TestClient, Readers]) -> None:
    client, readers = asked
    begun = client.post("/api/issues/truce-60d/examine", json={})
    assert begun.status_code == 200, begun.text
    for path in ("/add", f"/jobs/{begun.json()['job']}", f"/issues/truce-60d?job={begun.json()['job']}", "/issues/suggest", "/api/search?format=%6Asonl"):
        before = readers.answered
        assert client.get(path).status_code == 200, path
        assert readers.answered == before, path


def test_what_is_written_is_seen_by_them(asked: tuple[TestClient, Readers]) -> None:
    client, readers = asked
    assert TOLD not in client.get("/issues").text
    client.app.state.site.desk.add_issue("told", TOLD, by="mira")  # type: ignore[attr-defined]
    before = readers.answered
    assert TOLD in client.get("/issues").text
    assert readers.answered == before + 1


def test_all_goes_on_when_one_ends(asked: tuple[TestClient, Readers]) -> None:
    client, readers = asked
    (number,) = readers.processes
    os.kill(number, signal.SIGKILL)
    assert client.get("/search?q=boats").status_code == 200
    until(lambda: readers.ready == 1 and number not in readers.processes)
    before = readers.answered
    assert client.get("/search?q=ships").status_code == 200
    assert readers.answered == before + 1


def test_a_page_is_of_whoever_asks(own: Path) -> None:
    site = Site(onrecord.open(own, create=False), access=Access.TOKEN, hosts=frozenset({"desk.example"}))
    reader, admin = (site.desk.ledger.give_token(role, role, by="mira")[0] for role in ("reader", "admin"))
    app = make_app(site, limits=False, processes=1)
    with TestClient(app, base_url="https://desk.example", follow_redirects=False) as client:
        readers = readers_of(app)
        until(lambda: readers.ready == 1)
        assert client.get("/api/tokens", headers={"authorization": f"Bearer {reader}"}).status_code == 403
        assert client.get("/api/tokens", headers={"authorization": f"Bearer {admin}"}).status_code == 200
        assert client.get("/api/tokens").status_code == 401
        assert readers.answered == 2


def test_they_end_with_the_desk(own: Path) -> None:
    app = make_app(Site(onrecord.open(own, create=False)), limits=False, processes=2)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        client.get("/")
        readers = readers_of(app)
        until(lambda: readers.ready == 2)
        numbers = set(readers.processes)
    until(lambda: not any(Path(f"/proc/{n}").exists() for n in numbers))


def test_whoever_waits_longest_comes_next_and_whoever_goes_costs_nobody_a_turn() -> None:
    served: list[bytes] = []

    class Counter:
        number = None

        def ask(self, asked: Any) -> Answer:
            time.sleep(0.002)
            served.append(asked.scope["query_string"])
            return Answer(200, [], b"")

    async def main() -> None:
        readers = Readers(Reading("", Access.OPEN, "", frozenset(), allow_private=False, robots=True), 0, make_app)
        readers._welcome(Counter())  # type: ignore[arg-type]

        def ask(n: int) -> asyncio.Task[Answer | None]:
            scope = {"type": "http", "query_string": str(n).encode(), "state": {"visitor": None}}
            return asyncio.create_task(readers.ask(scope))

        async def again(n: int) -> None:
            # Comes back the moment it is answered, when the others still wait.
            for turn in range(5):
                await ask(100 * turn + n)

        await asyncio.gather(*(again(n) for n in range(8)))
        assert served == [str(100 * turn + n).encode() for turn in range(5) for n in range(8)]
        held = await readers._turn()
        waiting = asyncio.create_task(readers._turn())
        await asyncio.sleep(0)
        readers._free(held)
        # Comes just as one is free, before whoever waits is woken: it has to wait, and is not handed anything.
        late = readers._turn()
        place = late.send(None)
        assert isinstance(place, asyncio.Future)
        assert await asyncio.wait_for(waiting, 10) is held
        place.cancel()
        with pytest.raises(asyncio.CancelledError):
            late.throw(asyncio.CancelledError)
        readers._free(held)
        gone, last = [ask(900 + n) for n in range(4)], ask(999)
        await asyncio.sleep(0)
        for task in gone[1:]:
            task.cancel()
        assert await asyncio.wait_for(last, 10) is not None
        assert served[-2:] == [b"900", b"999"]

    asyncio.run(main())


def test_one_after_the_other_they_take_turns() -> None:
    async def main() -> list[Any]:
        readers = Readers(Reading("", Access.OPEN, "", frozenset(), allow_private=False, robots=True), 0, make_app)
        for name in ("a", "b"):
            readers._welcome(name)  # type: ignore[arg-type]
        taken = []
        for _ in range(4):
            taken.append(await readers._turn())
            readers._free(taken[-1])
        return taken

    assert asyncio.run(main()) == ["a", "b", "a", "b"]
