"""What goes wrong around a ledger: a disk that is full, a user who may not write, a lock that is held, a step that is held up."""

import os
import pickle
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
from kill_work import DONE, NOW, RESTING, WRITING, Mark

from onrecord.errors import OnrecordError
from onrecord.ledger import Ledger, Query

__all__ = ["NOBODY", "as_nobody", "go_on", "held_up", "held_up_twice", "holding", "limited", "tried", "used"]

#: A user who owns nothing.
NOBODY = 65534


def limited(mark: Mark, largest: int, work: Callable[..., object], *arguments: object) -> object:
    """Work with files no larger than so many bytes: writing any further fails as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    return work(mark, *arguments)


def as_nobody(mark: Mark, work: Callable[..., object], *arguments: object) -> object:
    """Work as a user whom permissions bind."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return work(mark, *arguments)


def used(mark: Mark, where: str, source: str) -> dict[str, object]:
    """Everything that one does with a ledger, each by itself: what it gave, or the error of onrecord."""
    filings = pickle.loads(Path(source).read_bytes())  # noqa: S301 - written by the test

    def opened(*, create: bool = False) -> Ledger:
        return Ledger.open(where, create=create, patience=1)

    def written() -> int:
        with opened() as ledger:
            return len(ledger.write(filings, now=NOW))

    def looked(do: Callable[[Ledger], object]) -> Callable[[], object]:
        def look() -> object:
            with opened() as ledger:
                return do(ledger)

        return look

    steps: dict[str, Callable[[], object]] = {
        "open": looked(lambda ledger: ledger.name),
        "count": looked(lambda ledger: ledger.count(Query(everything=True))),
        "search": looked(lambda ledger: len(list(ledger.search(Query("the", everything=True))))),
        "articles": looked(lambda ledger: len(list(ledger.search_articles(Query("the"))))),
        "status": looked(lambda ledger: ledger.status().counts["documents"]),
        "check": looked(lambda ledger: ledger.check()),
        "create": lambda: opened(create=True).close(),
        "write": written,
    }
    return {name: tried(step) for name, step in steps.items()}


def tried(step: Callable[[], object]) -> object:
    """What a step gave, or the error of onrecord that it raised."""
    try:
        return step()
    except OnrecordError as error:
        return error


def holding(mark: Mark, where: str) -> None:
    """Hold the lock of writers until killed."""
    with Ledger.open(where) as ledger, ledger.database.writing():
        mark(WRITING)
        time.sleep(3600)


def go_on(folder: Path) -> None:
    """Let a child go on that is held up."""
    (folder / "go").touch()


@contextmanager
def _stop_at(ledger: Ledger, words: str, mark: Mark, folder: str) -> Iterator[None]:
    """Hold a transaction up after its first statement of SQL that begins with these words (no quotation marks), until `go_on`."""
    once = []

    def after(_connection: object, _cursor: object, said: str, *_: object) -> None:
        if said.replace('"', "").startswith(words) and not once:
            once.append(said)
            mark(WRITING)
            while not (Path(folder) / "go").exists():
                time.sleep(0.005)

    sqlalchemy.event.listen(ledger.database.engine, "after_cursor_execute", after)
    try:
        yield
    finally:
        sqlalchemy.event.remove(ledger.database.engine, "after_cursor_execute", after)


def held_up(mark: Mark, where: str, source: str, folder: str, words: str) -> None:
    """File documents in one transaction that is held up in its middle."""
    filings = pickle.loads(Path(source).read_bytes())  # noqa: S301 - written by the test
    with Ledger.open(where) as ledger:
        mark(RESTING)
        with _stop_at(ledger, words, mark, folder):
            ledger.write(filings, now=NOW)
    mark(DONE)


def held_up_twice(mark: Mark, where: str, source: str, folder: str, words: str) -> OnrecordError | None:
    """File documents in one transaction that is held up, and try once more in the same process; the error of the first try."""
    filings = pickle.loads(Path(source).read_bytes())  # noqa: S301 - written by the test
    with Ledger.open(where) as ledger:
        ledger.write(filings[:4], now=NOW)
        with _stop_at(ledger, words, mark, folder):
            first = tried(lambda: ledger.write(filings, now=NOW))
        ledger.write(filings, now=NOW)
    return first if isinstance(first, OnrecordError) else None
