"""Whatever goes wrong around a ledger: one clear error, and the ledger is as it was before."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kill_faults import (
    as_nobody,
    commanded,
    cut_connections,
    damaged,
    go_on,
    guarded,
    held_up,
    held_up_twice,
    holding,
    limited,
    no_ledgers,
    open_folder,
    readable,
    stopped_server,
    tried,
    used,
)
from kill_work import NOW, WRITING, Child, filed, filings, kept

from onrecord.errors import BusyError, LedgerError, OnrecordError, SchemaError
from onrecord.ledger import Ledger, Query
from onrecord.ledger.schema import NEWEST, version_of

COUNT = 16
READING = ("open", "count", "search", "articles", "status", "check")


@pytest.fixture
def source(tmp_path: Path) -> str:
    return kept(filings(COUNT), tmp_path / "filings")


@pytest.fixture
def enterable() -> Iterator[Path]:
    """A folder that every user may enter, for what children of other users read and write."""
    made = Path(tempfile.mkdtemp(prefix="onrecord-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def folder(enterable: Path) -> Iterator[Path]:
    """A folder for a ledger, whose permissions a test may change."""
    made = enterable / "folder"
    made.mkdir(mode=0o755)
    yield made
    made.chmod(0o755)


def sound(where: str, documents: int) -> dict[str, list[tuple[object, ...]]]:
    with Ledger.open(where) as ledger:
        assert ledger.check() == []
        rows = ledger.rows()
        assert len(rows["documents"]) == documents
        return rows


def whole(where: str, source: str) -> dict[str, list[tuple[object, ...]]]:
    """Rows of a ledger after everything has been filed."""
    filed(lambda _: None, where, source, 4)
    return sound(where, COUNT)


def clear(error: object, kind: type[OnrecordError] = LedgerError) -> OnrecordError:
    """One of onrecord's own errors, that says what, where and what to do, in a line."""
    assert isinstance(error, kind), repr(error)
    assert error.item
    assert error.hint
    assert "\n" not in str(error)
    return error


# A disk that is full -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", [2_000, 30_000, 60_000, 150_000, 400_000])
def test_a_full_disk_is_one_error_and_what_was_filed_before_stays(tmp_path: Path, source: str, room: int) -> None:
    expected = whole(str(tmp_path / "whole.db"), source)
    where = str(tmp_path / "ledger.db")
    with Child(limited, room, filed, where, source, 2, folder=tmp_path) as child:
        error = clear(child.end().error)
    assert "full" in error.message
    with Ledger(where) as ledger:
        assert version_of(ledger.database) is None or ledger.check() == []
    assert whole(where, source) == expected


def test_a_disk_that_fills_up_while_documents_are_filed_loses_none_that_were(tmp_path: Path, source: str) -> None:
    expected = whole(str(tmp_path / "whole.db"), source)
    where = str(tmp_path / "ledger.db")
    with Ledger.open(where, create=True):
        pass
    stopped = set()
    for room in range(Path(where).stat().st_size, Path(where).stat().st_size + 600_000, 60_000):
        with Child(limited, room, filed, where, source, 2, folder=tmp_path) as child:
            outcome = child.end()
        if outcome.code:
            assert "full" in clear(outcome.error).message
        with Ledger.open(where) as ledger:
            assert ledger.check() == []
            stopped.add(ledger.status().counts["documents"])
    assert len(stopped) > 2
    assert whole(where, source) == expected


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"only root can make a disk to fill: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_real_disk_that_is_full(small_disk: Path, tmp_path: Path, source: str) -> None:
    expected = whole(str(tmp_path / "whole.db"), source)
    where, ballast = str(small_disk / "ledger.db"), small_disk / "ballast"
    stopped = []
    for left in (0, 100_000, 500_000, 900_000, 1_500_000):
        free = shutil.disk_usage(small_disk).free
        ballast.write_bytes(b"\0" * max(free - left, 0))
        with Child(filed, where, source, 2, folder=tmp_path) as child:
            outcome = child.end()
        if outcome.code:
            assert "full" in clear(outcome.error).message
        if Path(where).exists():
            # Reading wants some room, too, for the file that readers and writers share.
            with Ledger(where) as ledger:
                status = tried(ledger.status)
                if isinstance(status, OnrecordError):
                    clear(status)
        ballast.unlink()
        if Path(where).exists():
            with Ledger(where) as ledger:
                if version_of(ledger.database):
                    assert ledger.check() == []
                    stopped.append(ledger.status().counts["documents"])
    assert stopped == sorted(stopped)
    assert whole(where, source) == expected


# Who may not write ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("writer", ["nobody writes", "somebody writes", "a writer was killed"])
@pytest.mark.parametrize(("file", "around"), [(0o444, 0o777), (0o444, 0o555), (0o666, 0o555)])
def test_a_ledger_that_may_not_be_written_can_be_read(folder: Path, enterable: Path, tmp_path: Path, *, file: int, around: int, writer: str) -> None:
    source = kept(filings(COUNT), tmp_path / "filings")
    where = str(folder / "ledger.db")
    whole(where, source)
    go = Path(tempfile.mkdtemp(dir=tmp_path))
    with Child(held_up, where, kept(filings(COUNT, seed=9), tmp_path / "more"), str(go), "INSERT INTO readings", folder=tmp_path) as other:
        other.until(WRITING)
        if writer == "nobody writes":
            go_on(go)
            other.end().well()
        elif writer == "a writer was killed":
            other.kill()
        Path(where).chmod(file)
        folder.chmod(around)
        before = Path(where).read_bytes()
        unknown = kept(filings(4, seed=11), tmp_path / "unknown")
        with Child(as_nobody, used, where, readable(unknown, enterable), folder=open_folder(enterable)) as child:
            did = child.end().well()
        assert isinstance(did, dict)
        failed = {name: did[name] for name in READING if isinstance(did[name], OnrecordError)}
        assert failed == {}, str(failed)
        documents = 2 * COUNT if writer == "nobody writes" else COUNT
        assert did["status"] == documents
        assert did["check"] == []
        assert "cannot be written" in clear(did["write"]).message or isinstance(did["write"], BusyError)
        assert did["create"] is None
        assert Path(where).read_bytes() == before
    folder.chmod(0o755)
    Path(where).chmod(0o644)
    sound(where, documents)


@pytest.mark.parametrize(("file", "around"), [(0o000, 0o755), (0o644, 0o000)])
def test_a_ledger_that_may_not_be_read_says_so(folder: Path, enterable: Path, source: str, *, file: int, around: int) -> None:
    where = str(folder / "ledger.db")
    whole(where, source)
    Path(where).chmod(file)
    folder.chmod(around)
    if os.geteuid() == 0:
        os.chown(where, 0, 0)
    with Child(as_nobody, used, where, readable(source, enterable), folder=open_folder(enterable)) as child:
        did = child.end().well()
    assert isinstance(did, dict)
    for name, error in did.items():
        assert "cannot be" in clear(error).message, name
    folder.chmod(0o755)
    Path(where).chmod(0o644)
    sound(where, COUNT)


def test_a_ledger_cannot_be_made_where_nobody_may_write(folder: Path, enterable: Path, source: str) -> None:
    for where in (folder / "ledger.db", folder / "inner" / "ledger.db", Path("/proc/ledger.db"), folder / "file" / "ledger.db"):
        (folder / "file").touch()
        with Child(as_nobody, filed, str(where), readable(source, enterable), 4, folder=open_folder(enterable)) as child:
            assert "cannot be made" in clear(child.end().error).message
        assert not where.exists()


# Somebody else's lock ---------------------------------------------------------------------------------------------------------------


def test_a_lock_that_is_held_makes_writers_wait_for_so_long_and_readers_not_at_all(where: str, source: str, tmp_path: Path) -> None:
    whole(where, source)
    more = filings(4, seed=9)
    with Child(holding, where, folder=tmp_path) as child, Ledger.open(where, patience=0.5) as ledger:
        child.until(WRITING)
        begun = time.monotonic()
        error = clear(tried(lambda: ledger.write(more, now=NOW)), BusyError)
        assert "somebody else is writing" in error.message
        assert 0.4 < time.monotonic() - begun < 20
        assert ledger.count(Query(everything=True)) > COUNT
        with Ledger.open(where, create=True, patience=0.1) as other:
            assert other.check() == []
        child.kill()
        ledger.database.patience = 30
        with Ledger.open(where) as after:
            assert len(after.write(more, now=NOW)) == 4
    sound(where, COUNT + 4)


# What is no ledger ------------------------------------------------------------------------------------------------------------------


def test_what_is_no_ledger_is_said_to_be_none_and_is_left_as_it_is(tmp_path: Path, source: str) -> None:
    for path in no_ledgers(tmp_path):
        before = path.read_bytes() if path.is_file() else None
        for name, error in used(lambda _: None, str(path), source).items():
            assert isinstance(error, LedgerError), (path, name, error)
            assert clear(error).item == str(path), (path, name)
        if before is not None:
            assert path.read_bytes() == before, path
        assert {p.name for p in tmp_path.iterdir() if p.name.startswith(path.name)} == {path.name}


def test_no_file_and_names_that_cannot_be(tmp_path: Path, source: str) -> None:
    for name, error in used(lambda _: None, str(tmp_path / "none.db"), source).items():
        if name == "create":
            break
        assert "no ledger" in clear(error, SchemaError).message
    for where in (str(tmp_path / ("n" * 300)), str(tmp_path / ("m/" * 3000)), "/dev/null", "/dev/full"):
        for error in used(lambda _: None, where, source).values():
            clear(error)


def test_an_empty_file_is_no_ledger_until_one_is_made_of_it(tmp_path: Path, source: str) -> None:
    where = tmp_path / "empty.db"
    where.touch()
    clear(tried(lambda: Ledger.open(where)), SchemaError)
    assert where.stat().st_size == 0
    whole(str(where), source)


@pytest.mark.parametrize(("version", "said"), [("9999", "newer onrecord"), ("0001", "older onrecord")])
def test_a_ledger_of_another_onrecord_says_which_and_is_left_as_it_is(where: str, source: str, version: str, said: str) -> None:
    expected = whole(where, source)
    assert version != NEWEST
    with Ledger(where) as ledger, ledger.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    for error in used(lambda _: None, where, source).values():
        assert said in clear(error, SchemaError).message
    with Ledger(where) as ledger:
        assert ledger.rows() == expected
        with ledger.database.writing() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{NEWEST}'")
    assert sound(where, COUNT) == expected


# Damage -----------------------------------------------------------------------------------------------------------------------------


def test_damage_anywhere_is_an_error_or_a_fault_that_is_found_and_never_a_crash(tmp_path: Path, source: str) -> None:
    where = str(tmp_path / "ledger.db")
    whole(where, source)
    seeds = list(range(60))
    with Child(damaged, where, source, seeds, folder=tmp_path) as child:
        assert child.end(seconds=300).well() == []


# A server that goes away ------------------------------------------------------------------------------------------------------------


on_server = pytest.mark.parametrize("where", ["postgresql"], indirect=True)


@on_server
@pytest.mark.parametrize("cut", ["connection", "server"])
def test_what_is_cut_in_a_transaction_leaves_nothing_half_written_and_the_next_try_works(where: str, source: str, tmp_path: Path, *, cut: str) -> None:
    with Ledger.open(where, create=True):
        pass
    with Child(held_up_twice, where, source, str(tmp_path), "INSERT INTO readings", folder=tmp_path) as child:
        child.until(WRITING)
        if cut == "connection":
            cut_connections(where)
        else:
            with stopped_server(where):
                for error in used(lambda _: None, where, source).values():
                    assert "cannot be reached" in clear(error).message
        with Ledger.open(where) as ledger:
            assert ledger.check() == []
            assert ledger.status().counts["documents"] == 4
        go_on(tmp_path)
        error = clear(child.end().well())
    assert "cannot be reached" in error.message
    sound(where, COUNT)


@on_server
def test_a_wrong_password_says_so_and_is_not_shown(where: str, source: str) -> None:
    guarded(where, user="guarded", password="open sesame")  # noqa: S106 - of this very test
    head, _, rest = where.partition("onrecord@")
    for error in used(lambda _: None, f"{head}guarded:mellon@{rest}", source).values():
        assert "does not let us in" in clear(error).message
        assert "mellon" not in str(error)
    with Ledger(f"{head}guarded:open%20sesame@{rest}") as ledger:
        assert version_of(ledger.database) is None


@on_server
def test_the_wrong_name_host_user_and_password_each_say_so(where: str, source: str) -> None:
    host = where.partition("host=")[2]
    for wrong, said in (
        (f"postgresql://onrecord@/nowhere?host={host}", "no database of this name"),
        (f"postgresql://nobody@/postgres?host={host}", "does not let us in"),
        ("postgresql://onrecord:hidden@127.0.0.1:1/postgres", "cannot be reached"),
        ("postgresql://onrecord:hidden@/postgres?host=/nowhere", "cannot be reached"),
    ):
        for error in used(lambda _: None, wrong, source).values():
            assert said in clear(error).message
            assert "hidden" not in str(error)


# The command line -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["status", "check", "search"])
def test_the_command_line_says_it_in_a_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "text.txt").write_text("Not a ledger.\n" * 500)
    with Ledger.open(tmp_path / "newer.db", create=True) as ledger, ledger.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for name, said in (("text.txt", "no ledger"), ("newer.db", "newer onrecord"), (".", "cannot be opened"), ("none.db", "no ledger")):
        with Child(commanded, command, "--ledger", str(tmp_path / name), folder=tmp_path) as child:
            code, error = child.end().well()  # type: ignore[misc]
        assert code == 2
        assert said in error
        assert len(error.splitlines()) == 1
