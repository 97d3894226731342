"""What takes longer than an answer may: done beside the pages, some at once, the rest in line; and what became of it is kept for a while."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from fastapi import HTTPException

from onrecord.errors import OnrecordError

__all__ = ["Job", "Jobs", "Line", "State"]

#: Done at once; in line; and kept when they are over.
_AT_ONCE, _IN_LINE, _KEPT = 2, 20, 200
#: Lines of one that are kept: its last ones.
_LINES = 200
#: Seconds that closing waits for what is being done.
_PATIENCE = 5.0


class State(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self in (State.DONE, State.FAILED)


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one thing."""

    item: str
    said: str
    hint: str | None = None
    failed: bool = False
    #: Where to see it; None if there is nothing to see.
    to: str | None = None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"item": self.item, "said": self.said, "hint": self.hint, "failed": self.failed, "page": self.to}


@dataclass(slots=True)
class Job:
    """Something that is done beside the pages."""

    id: str
    #: What it is, in words.
    what: str
    by: str
    asked: datetime
    work: Callable[[], Iterable[Line]]
    #: Whether it reads articles: that takes all there is of a machine, so no two do at once.
    reads: bool
    state: State = State.WAITING
    ended: datetime | None = None
    #: How many lines there were.
    count: int = 0
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=_LINES))

    def to_json(self) -> dict[str, Any]:
        """What it is, how far it is, and what became of each thing."""
        return {
            "id": self.id,
            "what": self.what,
            "by": self.by,
            "asked": self.asked.isoformat(),
            "state": str(self.state),
            "ended": self.ended.isoformat() if self.ended else None,
            "count": self.count,
            # The worker may add one meanwhile; a copy is taken at once.
            "lines": [line.to_json() for line in self.lines.copy()],
        }


class Jobs:
    """Does them.

    Args:
        at_once: How many at once.
        in_line: How many may wait.
    """

    def __init__(self, *, at_once: int = _AT_ONCE, in_line: int = _IN_LINE) -> None:
        self.at_once, self.in_line = at_once, in_line
        self._known: OrderedDict[str, Job] = OrderedDict()
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closing = False

    def start(self, what: str, work: Callable[[], Iterable[Line]], *, by: str, now: Callable[[], datetime], reads: bool = True) -> Job:
        """Begin something, or put it in line.

        Args:
            what: What it is, in words.
            work: Does it: gives a line for each thing, as it is done; an `OnrecordError` ends it.
            by: Who asks.
            now: Gives the moment to write down.
            reads: Whether it reads articles.

        Raises:
            HTTPException: Too much waits already (503).
        """
        job = Job(secrets.token_hex(8), what, by, now(), work, reads)
        with self._lock:
            if self._closing or len(self._waiting) >= self.in_line:
                raise HTTPException(503, "too much is waiting to be done already; try again when some of it is over", {"retry-after": "30"})
            self._waiting.append(job)
            self._known[job.id] = job
            for old in [j for j in self._known.values() if j.state.over][: max(0, len(self._known) - _KEPT)]:
                del self._known[old.id]
            if len(self._threads) < self.at_once:
                thread = threading.Thread(target=self._run, args=(now,), name="job", daemon=True)
                self._threads.append(thread)
                thread.start()
        return job

    def get(self, id_: str) -> Job | None:
        """One of them; None if there is none, or it was long ago."""
        with self._lock:
            return self._known.get(id_)

    def newest(self, limit: int) -> list[Job]:
        """The newest first."""
        with self._lock:
            return list(self._known.values())[::-1][:limit]

    def close(self) -> None:
        """Stop: what waits is dropped, and what is being done ends after the thing that it is at."""
        with self._lock:
            self._closing = True
            self._waiting.clear()
            threads = list(self._threads)
        for thread in threads:
            thread.join(_PATIENCE)

    def _run(self, now: Callable[[], datetime]) -> None:
        while (job := self._next()) is not None:
            try:
                for line in self._lines(job):
                    job.lines.append(line)
                    job.count += 1
                state = State.DONE
            except OnrecordError as error:
                job.lines.append(Line(error.item or "", error.message, error.hint, failed=True))
                state = State.FAILED
            except Exception as error:  # noqa: BLE001 - the thread goes on with the next one, and the person is told
                job.lines.append(Line("", f"this went wrong in onrecord itself ({type(error).__name__}); please report it", failed=True))
                state = State.FAILED
            with self._lock:
                job.ended, job.state = now(), state
                self._running.remove(job)

    def _lines(self, job: Job) -> Iterator[Line]:
        lines = iter(job.work())
        try:
            for line in lines:
                yield line
                if self._closing:
                    return
        finally:
            with contextlib.suppress(AttributeError):
                lines.close()  # type: ignore[attr-defined]

    def _next(self) -> Job | None:
        """The first in line that may be done now; None ends the thread."""
        with self._lock:
            reading = any(j.reads for j in self._running)
            job = next((j for j in self._waiting if not (j.reads and reading)), None)
            if job is None:
                self._threads.remove(threading.current_thread())
                return None
            self._waiting.remove(job)
            self._running.append(job)
            job.state = State.RUNNING
            return job
