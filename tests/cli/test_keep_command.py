import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from commanding import Run


def test_status(run: Run, shared: Path) -> None:
    done = run("status", "--ledger", shared)
    assert done.code == 0
    assert re.search(r"articles +4\n", done.out)
    assert re.search(r"revisions +5\n", done.out)
    assert re.search(r"The Kestrel +4\n", done.out)
    assert re.search(r"en-\S+ +5\n", done.out)
    told = json.loads(run("status", "--ledger", shared, "--format", "json").out)
    assert (told["articles"], told["by_outlet"]["The Kestrel"], told["feeds"]) == (4, 4, [])


@pytest.mark.parametrize(
    "command", [["status"], ["search"], ["check"], ["update"], ["reread"], ["upgrade"], ["sql", "SELECT 1"], ["actor", "x"], ["actors", "log"]]
)
def test_no_ledger_is_one_line_that_says_how_to_make_one(command: list[str], run: Run, tmp_path: Path) -> None:
    done = run(*command, "--ledger", tmp_path / "none.db")
    assert done.code == 2
    assert done.err.splitlines() == [
        f"onrecord: {tmp_path / 'none.db'}: there is no ledger (`onrecord init` makes one; --ledger or ONRECORD_LEDGER names another)"
    ]
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_ledger_is_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ms Brandt, " * 200, encoding="utf-8")
    done = run("status", "--ledger", path)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert "this is no ledger" in done.err


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_sql_gives_rows(form: str, run: Run, shared: Path) -> None:
    done = run(
        "sql",
        "SELECT content, NULL AS gap, 1.5 AS number, x'00ff' AS raw FROM who_said_what WHERE content LIKE '%dredged%'",
        "--ledger",
        shared,
        "--format",
        form,
    )
    assert done.code == 0
    if form == "table":
        assert all(w in done.out for w in ("dredged", "1.5", "(2 bytes)"))
        return
    if form == "csv":
        row = next(csv.DictReader(io.StringIO(done.out, newline="")))
        assert (row["gap"], row["number"], row["raw"]) == ("", "1.5", "AP8=")
        return
    row = json.loads(done.out)[0] if form == "json" else json.loads(done.out)
    assert (row["gap"], row["number"], row["raw"]) == (None, 1.5, "AP8=")


def test_sql_that_was_cut_says_so(run: Run, shared: Path) -> None:
    done = run("sql", "SELECT key FROM statements", "--limit", "2", "--ledger", shared, "--format", "jsonl")
    assert len(done.out.splitlines()) == 2
    assert done.said == ["the first 2 rows; --limit 0 gives all"]
    assert len(run("sql", "SELECT key FROM statements", "--limit", "0", "--ledger", shared, "--format", "jsonl").out.splitlines()) > 20


@pytest.mark.parametrize("query", ["DELETE FROM statements", "SELEC 1", "SELECT * FROM nowhere", ""])
def test_sql_that_is_none_or_would_change_something_is_refused(query: str, run: Run, own: Path) -> None:
    before = run("status", "--ledger", own, "--format", "json").out
    done = run("sql", query, "--ledger", own)
    assert (done.code, done.out, len(done.said)) == (2, "", 1)
    assert run("status", "--ledger", own, "--format", "json").out == before


def test_check_finds_a_sound_ledger_sound(run: Run, shared: Path) -> None:
    assert run("check", "--ledger", shared).out == "the ledger is sound\n"
    assert run("check", "--quick", "--ledger", shared).out == "the ledger is sound as far as a quick look tells\n"


def test_check_lists_faults(run: Run, own: Path) -> None:
    with closing(sqlite3.connect(own)) as there, there:
        there.execute("UPDATE revisions SET text = replace(text, 'dredged', 'drained')")
    assert run("check", "--quick", "--ledger", own).code == 0
    done = run("check", "--ledger", own)
    assert done.code == 1
    assert "the text is not the one that this id names" in done.out
    assert re.fullmatch(r"\d faults?; `onrecord backup` before you mend anything", done.said[0])


def test_a_backup_is_a_ledger_and_is_not_overwritten(run: Run, shared: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    done = run("backup", target, "--ledger", shared)
    assert done.code == 0
    assert re.fullmatch(rf"back-up: {re.escape(str(target))} \(\d+\.\d kB\)\n", done.out)
    assert run("search", "--ledger", target, "--format", "csv").out == run("search", "--ledger", shared, "--format", "csv").out
    again = run("backup", target, "--ledger", shared)
    assert again.code == 2
    assert "there is a file of this name" in again.said[0]


def test_upgrade_of_a_ledger_that_is_up_to_date_changes_nothing(run: Run, own: Path) -> None:
    before = own.read_bytes()
    done = run("upgrade", "--ledger", own)
    assert done.code == 0
    assert done.out.startswith("the ledger is up to date (schema ")
    assert own.read_bytes() == before
    assert [p.name for p in own.parent.iterdir()] == ["own.db"]


def older(path: Path) -> None:
    """A ledger as the first onrecord made it."""
    from onrecord.ledger import Ledger, schema

    path.touch()
    with Ledger(path) as ledger, ledger.database.writing() as connection:
        schema._migrate(connection, "0001")


def test_an_older_ledger_is_upgraded_after_a_back_up(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    older(path)
    refused = run("search", "--ledger", path)
    assert refused.code == 2
    assert "the ledger is of an older onrecord (schema 0001) (`onrecord upgrade` renews it" in refused.err.replace(f"{path}: ", "")
    done = run("upgrade", "--ledger", path)
    assert done.code == 0, done.err
    copy = tmp_path / "old.db.schema-0001.backup"
    assert done.out.splitlines()[0] == f"back-up: {copy}"
    assert re.fullmatch(r"the ledger is up to date: schema \d{4}, before 0001", done.out.splitlines()[1])
    assert run("search", "--ledger", path).code == 0
    # The back-up can take the ledger's place, and be upgraded itself.
    path.unlink()
    copy.rename(path)
    assert run("upgrade", "--no-backup", "--ledger", path).code == 0
    assert not copy.exists()
