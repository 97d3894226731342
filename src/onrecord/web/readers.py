"""Processes that make pages, so that a desk with many visitors uses more than one core.

A page is made of the ledger, the day, the visitor and its address, so another process makes the same. Each of them has the ledger open, takes one request at
a time, and answers with the whole page; whoever waits longest comes next. What only the desk itself knows (jobs that run, suggestions that were found) they
say is not theirs, and the desk makes it. Nothing is written by them, and if they end, all goes on without.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.web.overviews import Beforehand
from onrecord.web.site import Access, Site, Visitor

__all__ = ["Answer", "Readers", "ReadersFirst", "Reading"]

_SPAWN = multiprocessing.get_context("spawn")
#: What a reader says once it can be asked.
_READY = "ready"
#: Seconds that it may take to end by itself.
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a process needs to open a desk like this one."""

    #: Path or URL of the ledger, with its password.
    ledger: str
    access: Access
    user: str
    hosts: frozenset[str]
    allow_private: bool
    robots: bool

    @classmethod
    def of(cls, site: Site) -> Reading:
        """What tells of a desk."""
        url = site.desk.ledger.database.url
        where = url.database if site.desk.ledger.database.is_sqlite else url.render_as_string(hide_password=False)
        return cls(str(where), site.access, site.user, site.hosts, site.allow_private, site.robots)


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as it is sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a request makes a page."""

    scope: dict[str, Any]
    visitor: Visitor


class Readers:
    """Starts them, asks them, ends them.

    Args:
        reading: What they open.
        count: How many.
        make: Makes the application that each of them asks: importable, since it is named to another process.
        beforehand: What each of them works out before it is asked, likewise.
    """

    def __init__(self, reading: Reading, count: int, make: Callable[[Site], ASGIApp], beforehand: Sequence[Beforehand] = ()) -> None:
        self.reading, self.count, self.make, self.beforehand = reading, count, make, tuple(beforehand)
        #: Each in its turn, so that none is new to a page when many come at once.
        self._idle: deque[_Reader] = deque()
        #: Requests that none is idle for, in the order in which they came. In a queue of asyncio whoever comes just as one is free goes before whoever waits.
        self._line: deque[asyncio.Future[_Reader]] = deque()
        self._there: set[_Reader] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        #: Pages that they made.
        self.answered = 0

    @property
    def ready(self) -> int:
        """How many can be asked."""
        return len(self._there)

    @property
    def processes(self) -> list[int]:
        """Numbers of the processes that can be asked."""
        return [r.number for r in self._there if r.number is not None]

    def start(self) -> None:
        """Start all, and wait for none: each is asked once it says that it is ready."""
        self._loop = asyncio.get_running_loop()
        for _ in range(self.count):
            threading.Thread(target=self._begin, name="reader", daemon=True).start()

    def _begin(self) -> None:
        reader = _Reader(self.reading, self.make, self.beforehand)
        if reader.ready() and self._loop is not None and not self._closed:
            self._loop.call_soon_threadsafe(self._welcome, reader)
        else:
            reader.end()

    def _welcome(self, reader: _Reader) -> None:
        self._there.add(reader)
        self._free(reader)

    def _free(self, reader: _Reader) -> None:
        """Hand one to whoever waits longest."""
        while self._line:
            waiting = self._line.popleft()
            if not waiting.done():
                waiting.set_result(reader)
                return
        self._idle.append(reader)

    async def _turn(self) -> _Reader:
        """One that is idle, once it is one's turn."""
        if self._idle:
            return self._idle.popleft()
        waiting: asyncio.Future[_Reader] = asyncio.get_running_loop().create_future()
        self._line.append(waiting)
        try:
            return await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                # Whoever asked went just as it was handed over.
                self._free(waiting.result())
            raise

    async def ask(self, scope: Scope) -> Answer | None:
        """A page of theirs; None if none of them is there, or it is not theirs to make."""
        if not self._there:
            return None
        reader = await self._turn()
        try:
            answer = await run_in_threadpool(reader.ask, _asked(scope))
        except (OSError, EOFError):
            # It has ended. Another takes its place, and the desk makes this page itself.
            self._there.discard(reader)
            reader.end()
            if not self._closed:
                threading.Thread(target=self._begin, name="reader", daemon=True).start()
            return None
        except BaseException:
            # Whoever asked has gone; the answer has been taken all the same.
            self._free(reader)
            raise
        self._free(reader)
        self.answered += answer is not None
        return answer

    def close(self) -> None:
        """End all."""
        self._closed = True
        for reader in self._there:
            reader.end()
        self._there.clear()


class _Reader:
    """One process, from outside."""

    def __init__(self, reading: Reading, make: Callable[[Site], ASGIApp], beforehand: tuple[Beforehand, ...]) -> None:
        self._ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_read, args=(theirs, reading, make, beforehand), name="onrecord-reader", daemon=True)
        self._process.start()
        theirs.close()

    @property
    def number(self) -> int | None:
        """Of the process."""
        return self._process.pid

    def ready(self) -> bool:
        """Whether it has opened the ledger."""
        try:
            return bool(self._ours.recv() == _READY)
        except (OSError, EOFError):
            return False

    def ask(self, asked: _Asked) -> Answer | None:
        self._ours.send(asked)
        answer: Answer | None = self._ours.recv()
        return answer

    def end(self) -> None:
        self._ours.close()
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()


class ReadersFirst:
    """Lets readers make pages, and whatever they do not the application behind.

    Args:
        app: What comes after.
        readers: Whom to ask.
    """

    def __init__(self, app: ASGIApp, readers: Readers) -> None:
        self.app, self.readers = app, readers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask, and pass on what is not theirs."""
        answer = await self.readers.ask(scope) if _is_theirs(scope) else None
        if answer is None:
            await self.app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})


def _is_theirs(scope: Scope) -> bool:
    """Whether a page is asked for. Files are sent as they are."""
    return scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith("/static/")


def _asked(scope: Scope) -> _Asked:
    names = ("type", "asgi", "http_version", "method", "scheme", "path", "raw_path", "query_string", "root_path", "headers", "client", "server")
    return _Asked({n: scope[n] for n in names if n in scope}, scope["state"]["visitor"])


# In the other process ---------------------------------------------------------------------------------------------------------------


def _read(asking: Connection, reading: Reading, make: Callable[[Site], ASGIApp], beforehand: tuple[Beforehand, ...]) -> None:
    """Answer until nobody asks any more."""
    import onrecord
    from onrecord.web import overviews

    # Ctrl-C reaches all of a terminal's processes; this one ends when the desk does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    site = Site(onrecord.open(reading.ledger, create=False), reading.access, reading.user, reading.hosts, reading.allow_private, reading.robots, apart=True)
    app = make(site)
    overviews.warm(site, *beforehand)
    with asyncio.Runner() as runner:
        try:
            asking.send(_READY)
            while True:
                asking.send(runner.run(_answer(app, asking.recv())))
        except (OSError, EOFError):
            site.close()


async def _answer(app: ASGIApp, asked: _Asked) -> Answer | None:
    """What the application says; None if it is not known here, or went wrong: the desk tells of that."""
    start: Message = {}
    parts: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    # Whatever goes wrong, `NotHereError` above all: the desk makes the page itself, and if that fails, too, tells of it and writes it down.
    try:
        await app({**asked.scope, "state": {"visitor": asked.visitor}}, receive, send)
    except Exception:  # noqa: BLE001 - as said above
        return None
    return Answer(start["status"], list(start["headers"]), b"".join(parts)) if start else None
