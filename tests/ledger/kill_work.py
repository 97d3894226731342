"""What the processes do that tests kill, stop and start together; and how they are started: forked from one that has everything loaded.

Each writes a letter into a file before each step, so that a test can tell in which it was killed.
"""

import multiprocessing
import os
import pickle
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from invented import News

from onrecord.errors import OnrecordError
from onrecord.ledger import Filing, Ledger

__all__ = ["DONE", "NOW", "OPENING", "RESTING", "WRITING", "Child", "Mark", "Outcome", "filed", "filings", "kept", "nothing", "read", "reread", "sibling"]

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)

_CONTEXT = multiprocessing.get_context("forkserver")
# What is heavy, by the names of the very modules: the rooms themselves load theirs late.
_LOADED = (
    "onrecord.cli", "onrecord.ledger.ledger", "onrecord.desk.desk", "onrecord.entry", "onrecord.occasions.when", "onrecord.occasions.where",
    "onrecord.articles.duplicates", "onrecord.articles.wire", "onrecord.statements.quotations", "onrecord.statements.statement", "onrecord.actors.voice",
    "onrecord.sources.polite", "onrecord.sources.feeds", "trafilatura", "alembic.command", "alembic.config", "alembic.context", "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite", "pytest",
)  # fmt: skip
_CONTEXT.set_forkserver_preload(list(_LOADED))

#: Steps: opening or making, at rest between two transactions, in a transaction, done.
OPENING, RESTING, WRITING, DONE = "o", "r", "w", "d"
Mark = Callable[[str], None]


class Child:
    """A process that works until it is done or killed.

    Args:
        work: A function of a module; it gets a function that marks a step, and then the arguments.
        arguments: They pickle.
    """

    def __init__(self, work: Callable[..., None], *arguments: object, folder: Path) -> None:
        self._marks, self._said = folder / f"marks-{time.monotonic_ns()}", folder / f"said-{time.monotonic_ns()}"
        self._marks.touch()
        self.process = _CONTEXT.Process(target=_run, args=(work, str(self._marks), str(self._said), arguments))
        self.process.start()

    @property
    def marks(self) -> str:
        """The steps so far, a letter each."""
        return self._marks.read_text()

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def until(self, mark: str, *, seconds: float = 60) -> None:
        """Wait until it marked a step."""
        end = time.monotonic() + seconds
        while mark not in self.marks:
            assert time.monotonic() < end, f"only {self.marks!r} after {seconds} s"
            assert self.process.is_alive() or mark in self.marks, self.end().said
            time.sleep(0.002)

    def kill(self) -> bool:
        """Kill it as `kill -9` does: whether that came before its end, which must have been a good one."""
        self.process.kill()
        self.process.join()
        if self.process.exitcode != -signal.SIGKILL:
            self.end().well()
            return False
        return True

    def end(self, *, seconds: float = 120) -> "Outcome":
        """Wait for its end: what it raised, if it raised something."""
        self.process.join(seconds)
        assert self.process.exitcode is not None, f"it does not end; its steps were {self.marks[-20:]!r}"
        said = pickle.loads(self._said.read_bytes()) if self._said.exists() else None  # noqa: S301 - written by a child of this test
        return Outcome(self.process.exitcode, said)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.process.close()


class Outcome:
    """How a child ended: its exit code, and what it raised or gave."""

    def __init__(self, code: int, said: object) -> None:
        self.code, self.said = code, said

    @property
    def error(self) -> OnrecordError:
        """What it raised, which must be one of onrecord's own errors, with its item and hint."""
        assert isinstance(self.said, OnrecordError), self.said
        assert self.said.item
        assert self.said.hint
        return self.said

    def well(self) -> object:
        """What it gave; it must have ended well."""
        assert self.code == 0, self.said
        return self.said


def _run(work: Callable[..., object], marks: str, said: str, arguments: tuple[object, ...]) -> None:
    handle = os.open(marks, os.O_WRONLY | os.O_APPEND)
    code = 0
    try:
        given = work(lambda letter: os.write(handle, letter.encode()), *arguments)
    except BaseException as error:  # noqa: BLE001 - the test looks at it
        given, code = error if isinstance(error, OnrecordError) else repr(error), 1
    if given is not None:
        Path(f"{said}.part").write_bytes(pickle.dumps(given))
        Path(f"{said}.part").rename(said)
    # Nothing is tidied up that a killed one would not tidy up either, but for what the work closed itself.
    os._exit(code)


def filings(count: int, *, seed: int = 7, statements: int = 3) -> list[Filing]:
    """Invented documents that pickle."""
    made = News(seed, days=30, outlets=6, people=20, words=300, statements=statements).filings(count)
    return [replace(f, document=replace(f.document, headers={})) for f in made]


def kept(some: Iterable[Filing], path: Path) -> str:
    """Documents in a file, for children."""
    path.write_bytes(pickle.dumps(list(some)))
    return str(path)


def filed(mark: Mark, where: str, source: str, batch: int, checkpoint: int = 1000) -> None:
    """File all documents of a file, so many in a transaction; the ledger is made if it is not there.

    Args:
        mark: Marks a step.
        where: The ledger.
        source: A file from `kept`.
        batch: Documents in a transaction.
        checkpoint: Pages in the -wal file of SQLite after which they are put into the ledger's own; 1000 is what SQLite has.
    """
    documents = pickle.loads(Path(source).read_bytes())  # noqa: S301 - written by the test
    mark(OPENING)
    with Ledger.open(where, create=True) as ledger:
        if ledger.database.is_sqlite:
            with ledger.database.engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {checkpoint}")
        mark(RESTING)
        for start in range(0, len(documents), batch):
            mark(WRITING)
            ledger.write(documents[start : start + batch], now=NOW)
            mark(RESTING)
    mark(DONE)


def _in_small_batches(batch: int) -> None:
    """What a kill may cost is more than these tests have; nothing else is changed in this process."""
    from onrecord.desk import filing

    filing._BATCH = batch


def read(mark: Mark, where: str, folder: str, batch: int) -> None:
    """Read the articles of a folder with the real reader, and file them, as `onrecord add` does."""
    from onrecord.desk import Desk

    _in_small_batches(batch)
    mark(OPENING)
    with Desk(Ledger.open(where, create=True), now=lambda: NOW) as desk:
        mark(RESTING)
        for _ in desk.adding(folder):
            mark(WRITING)
    mark(DONE)


def reread(mark: Mark, where: str, batch: int) -> None:
    """Read everything again with the real reader, as `onrecord reread` does."""
    from onrecord.desk import Desk

    _in_small_batches(batch)
    mark(OPENING)
    with Desk(Ledger.open(where), now=lambda: NOW) as desk:
        mark(RESTING)
        for _ in desk.rereading()[1]:
            mark(WRITING)
    mark(DONE)


def nothing(mark: Mark) -> None:
    """Start and end: the first child waits for what is heavy, and times should not hold that."""
    mark(DONE)


def sibling(where: str, name: str) -> str:
    """Another place for a ledger, beside the one that a test was given; a database is thrown away with its server."""
    if "://" not in where:
        return str(Path(where).with_name(f"{name}.db"))
    import psycopg

    base, _, options = where.partition("?")
    server, _, own = base.rpartition("/")
    with psycopg.connect(f"{server}/postgres?{options}", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {own}_{name}")  # type: ignore[arg-type]  # names of our own
    return f"{server}/{own}_{name}?{options}"
