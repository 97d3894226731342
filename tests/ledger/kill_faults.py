"""What goes wrong around a ledger: a disk that is full, a user who may not write, a lock that is held, a step that is held up."""

import io
import os
import pickle
import random
import resource
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy
from kill_work import DONE, NOW, RESTING, WRITING, Mark

from onrecord.errors import OnrecordError
from onrecord.ledger import Ledger, Query

__all__ = [
    "as_nobody",
    "commanded",
    "cut_connections",
    "damaged",
    "go_on",
    "guarded",
    "held_up",
    "held_up_twice",
    "holding",
    "limited",
    "no_ledgers",
    "open_folder",
    "readable",
    "stopped_server",
    "tried",
    "used",
]

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


# Files ------------------------------------------------------------------------------------------------------------------------------


def readable(source: str, enterable: Path) -> str:
    """A copy of a file that everyone may read."""
    copy = enterable / "filings"
    shutil.copy(source, copy)
    copy.chmod(0o644)
    return str(copy)


def open_folder(enterable: Path) -> Path:
    """A folder where everyone may write."""
    made = enterable / "open"
    made.mkdir(exist_ok=True)
    made.chmod(0o777)
    return made


def no_ledgers(folder: Path) -> Iterator[Path]:
    """Files that are no ledgers."""
    rng = random.Random(3)
    sizes = (1, 15, 16, 99, 100, 511, 4096, 8192, 100_000)
    for size in sizes:
        path = folder / f"random-{size}"
        path.write_bytes(rng.randbytes(size))
        yield path
        path = folder / f"header-{size}"
        path.write_bytes(b"SQLite format 3\0" + rng.randbytes(size))
        yield path
    (folder / "text.txt").write_text("Not a ledger.\n" * 500)
    yield folder / "text.txt"
    (folder / "folder").mkdir()
    yield folder / "folder"
    with closing(sqlite3.connect(folder / "other.db")) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.execute("INSERT INTO recipes VALUES ('soup')")
        other.commit()
    yield folder / "other.db"


def damaged(mark: object, where: str, source: str, seeds: list[int]) -> list[str]:
    """Damage copies of a ledger, and use each: what was neither an error of onrecord nor a result."""
    del mark
    strange, sure = [], Path(where).read_bytes()
    for seed in seeds:
        rng = random.Random(seed)
        copy = Path(f"{where}.{seed}")
        harmed = bytearray(sure)
        start = rng.randrange(len(harmed)) if rng.random() < 0.8 else rng.randrange(100)
        length = rng.choice((1, 1, 8, 100, 8192))
        harmed[start : start + length] = rng.randbytes(min(length, len(harmed) - start))
        if rng.random() < 0.2:
            del harmed[rng.randrange(len(harmed)) :]
        copy.write_bytes(harmed)
        try:
            for name, done in used(lambda _: None, str(copy), source).items():
                if isinstance(done, OnrecordError) and not (done.item and done.hint):
                    strange.append(f"{seed} {name}: {done!r}")
        except Exception as error:  # noqa: BLE001 - the test says which
            strange.append(f"{seed}: {type(error).__name__}: {error}")
        for made in copy.parent.glob(f"{copy.name}*"):
            made.unlink()
    return strange


# Servers ----------------------------------------------------------------------------------------------------------------------------


def cut_connections(where: str) -> None:
    """End the connections to a database that are in a transaction."""
    import psycopg

    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in%'"
        )


def _data(where: str) -> Path:
    return Path(where.partition("host=")[2]) / "data"


@contextmanager
def stopped_server(where: str) -> Iterator[None]:
    """Stop the tests' server at once, as if it had crashed, and start it again afterwards."""
    data = _data(where)
    binary, *options = shlex.split((data / "postmaster.opts").read_text())
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    control = [*user, str(Path(binary).with_name("pg_ctl")), "-D", str(data)]
    subprocess.run([*control, "-m", "immediate", "-w", "stop"], check=True, capture_output=True, cwd=data.parent)
    try:
        yield
    finally:
        # The first two options are the folder, which pg_ctl gives itself.
        start = [*control, "-o", shlex.join(options[2:]), "-l", str(data.parent / "log"), "-w", "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=data.parent)


def guarded(where: str, *, user: str, password: str) -> None:
    """Make a user of the tests' server who needs a password."""
    import psycopg

    rules = _data(where) / "pg_hba.conf"
    rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {user} LOGIN PASSWORD '{password}'")  # type: ignore[arg-type]  # names of our own
        connection.execute("SELECT pg_reload_conf()")
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            psycopg.connect(where.replace("onrecord@", f"{user}:wrong@")).close()
        except psycopg.OperationalError:
            return
        time.sleep(0.05)
    message = "the server has not read its rules"
    raise TimeoutError(message)


# The command line -------------------------------------------------------------------------------------------------------------------


def commanded(mark: Mark, *command: str) -> tuple[int, str]:
    """Run a command as a shell does: its exit code, and what it says on standard error."""
    from onrecord.cli import main

    mark(RESTING)
    sys.argv = ["onrecord", *command]
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    return code, sys.stderr.getvalue()
