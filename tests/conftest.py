"""What every test shares: hypothesis without deadlines (machines are noisy) and the same examples in every run of CI, a core each, and places for ledgers.

Those are a SQLite file, and a real PostgreSQL server that is started for the tests and thrown away after them. Without PostgreSQL its half is
skipped, and the summary says so; `ONRECORD_REQUIRE_POSTGRES=1`, as CI sets it, makes that a failure.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, event

from onrecord.ledger import schema

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell lets what it runs in the background ignore Ctrl-C, and that is inherited by the programs whose Ctrl-C is tested.
    signal.signal(signal.SIGINT, signal.default_int_handler)

if (worker := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")) and hasattr(os, "sched_setaffinity"):
    # Networks compute with as many threads as there are cores, which wait for each other where several processes do so: a core each is a third faster.
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[int(worker) % len(cores)]})

settings.register_profile("local", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


#: The statements that made a new ledger, by kind of database and version.
_MAKING: dict[tuple[str, str], list[tuple[str, Any]]] = {}
_migrated = schema._migrate


def _migrate(connection: Connection, to: str) -> None:
    """Take all steps from nothing once, and from then on say again what was said then: a thousand tests begin with a new ledger."""
    if schema._version(connection) is not None:
        _migrated(connection, to)
        return
    name = connection.dialect.name, to
    if name in _MAKING:
        for statement, values in _MAKING[name]:
            connection.exec_driver_sql(statement, values or None)
        return
    said: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: Any) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            said.append((statement, values))

    event.listen(connection, "before_cursor_execute", hear)
    try:
        _migrated(connection, to)
    finally:
        event.remove(connection, "before_cursor_execute", hear)
    _MAKING[name] = said


@pytest.fixture(autouse=True)
def _new_ledgers_are_made_quickly(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """But where the steps themselves are tested."""
    if request.module.__name__ != "test_schema":
        monkeypatch.setattr(schema, "_migrate", _migrate)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Packed bytes hold the second they were packed in: a test named after them has another name in every worker, which then have no tests in common."""
    return argname if isinstance(val, bytes) and val.startswith(b"\x1f\x8b") else None


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parent.parent.name) if p.parent.parent.name.isdigit() else 0)
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a server of the tests' own, on a socket in a folder of its own; nothing listens on the network."""
    binaries = _binaries()
    if binaries is None:
        message = "no PostgreSQL server on this machine: apt-get install postgresql"
        if os.environ.get("ONRECORD_REQUIRE_POSTGRES"):
            pytest.fail(message)
        pytest.skip(message)
    # A socket's path must be short; and the server refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="onrecord-pg-", dir="/tmp"))
    user = []
    if os.geteuid() == 0:
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"

    def run(*command: str) -> None:
        done = subprocess.run([*user, *command], capture_output=True, text=True, cwd=folder, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    run(str(binaries / "initdb"), "-D", str(data), "-U", "onrecord", "-A", "trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=40"
    run(str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://onrecord@/postgres?host={folder}"
    finally:
        subprocess.run([*user, str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], capture_output=True, cwd=folder, check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty ledger can be made: a path, and then the URL of a database."""
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.db")
        return
    import psycopg

    server = request.getfixturevalue("postgresql")
    name = f"t{abs(hash(tmp_path)) % 10**12}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
