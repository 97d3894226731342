"""The schema through time: made once, brought up to date, compared with what the code says, backed up."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from invented import News, compose, filing_of
from sqlalchemy import func, insert, inspect, select, text

from onrecord.errors import LedgerError, SchemaError, UsageError
from onrecord.ledger import Filing, Ledger, Query, schema
from onrecord.ledger.database import Database
from onrecord.ledger.fulltext import index_rows
from onrecord.ledger.quoting import group_all
from onrecord.ledger.tables import METADATA, articles, judgements, prints, quotations, statements
from onrecord.sources import Document

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
#: What only the full text of one of the databases has.
_OURS = ("words", "facets", "ix_statements_words", "ix_revisions_words", "ix_statements_shown")


def news() -> list[Filing]:
    filings = list(News(9, outlets=4, people=6, words=150, statements=5).filings(25))
    for n, outlet in enumerate(("Lantern", "Herald", "Courier")):
        said = [("direct", "We will not sign before the last boat is home", "Lena Orsk", "GB", f"Filler {n} of another kind")]
        article, entries = compose("Talks", said, url=f"https://{outlet.lower()}.example/x", outlet=outlet, published=NOW - timedelta(days=9 - n))
        filings.append(filing_of(Document(article.revision.text.encode(), article.source, url=article.url, fetched=NOW), article, entries))
    return filings


def database_of(where: str) -> Iterator[Database]:
    database = Database(where)
    try:
        yield database
    finally:
        database.close()


@pytest.fixture
def database(where: str) -> Iterator[Database]:
    yield from database_of(where)


def at_first_version(where: str, rows: dict[str, list[dict[str, Any]]]) -> None:
    """A ledger as the first version made it, with rows."""
    for database in database_of(where):
        if database.path:
            database.path.touch()
        with database.writing() as connection:
            schema._migrate(connection, "0001")
            for table in METADATA.sorted_tables:
                if rows.get(table.name) and table not in (quotations, prints):
                    late = ("quotation_key", "act", "act_score", "corrected") if table is statements else ("value",) if table is judgements else ()
                    kept = [{k: v for k, v in row.items() if k not in late} for row in rows[table.name]]
                    connection.execute(insert(table), kept)
                    if table.name in ("statements", "revisions"):
                        index_rows(connection, table, [row["key"] for row in kept])
            if database.is_sqlite:
                for name in ("statements_fts", "revisions_fts"):
                    connection.exec_driver_sql(f"INSERT INTO {name}({name}) VALUES ('rebuild')")


def every_row(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    with ledger.database.reading() as connection:
        return {t.name: [dict(r) for r in connection.execute(select(t)).mappings()] for t in METADATA.sorted_tables}


def shape(database: Database) -> dict[str, Any]:
    """Everything that a database says of its schema."""
    with database.reading() as connection:
        if database.is_sqlite:
            return {r.name: " ".join((r.sql or "").split()) for r in connection.execute(text("SELECT name, sql FROM sqlite_master ORDER BY name"))}
        found = inspect(connection)
        tables = {
            t: [
                [(c["name"], str(c["type"]), c["nullable"], c["comment"]) for c in found.get_columns(t)],
                found.get_foreign_keys(t),
                found.get_indexes(t),
                found.get_pk_constraint(t),
            ]
            for t in found.get_table_names()
        }
        return tables | {v: found.get_view_definition(v) for v in found.get_view_names()}


def test_a_ledger_that_was_brought_up_to_date_is_one_that_was_made_new(where: str, tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "fresh.db", create=True) as fresh:
        fresh.write(news(), now=NOW)
        rows = every_row(fresh)
        assert rows["quotations"]
        at_first_version(where, rows)
        with pytest.raises(SchemaError, match="older onrecord") as raised:
            Ledger.open(where)
        assert "onrecord upgrade" in (raised.value.hint or "")
        for database in database_of(where):
            assert schema.version_of(database) == "0001"
            assert schema.upgrade(database) == ("0001", schema.NEWEST)
            upgraded = shape(database)
        with Ledger.open(where) as old:
            assert old.check() == []
            was, is_ = fresh.rows(), old.rows()
            for table in was:
                assert is_[table] == was[table], table
            assert [h.quotation for h in old.search(Query("boat"))] == [h.quotation for h in fresh.search(Query("boat"))]
            if old.database.is_sqlite:
                assert upgraded == shape(fresh.database)


def test_on_postgresql_too_both_roads_lead_to_one_schema(postgresql: str) -> None:
    import psycopg

    shapes = []
    with psycopg.connect(postgresql, autocommit=True) as connection:
        for name in ("new_one", "old_one"):
            connection.execute(f"CREATE DATABASE {name}")
            where = postgresql.replace("/postgres?", f"/{name}?")
            if name == "old_one":
                at_first_version(where, {})
            for database in database_of(where):
                schema.upgrade(database) if name == "old_one" else schema.create(database)
                shapes.append(shape(database))
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert shapes[0] == shapes[1]


def test_the_migrations_make_what_the_tables_say(database: Database) -> None:
    assert schema.create(database)
    with database.reading() as connection:

        def ours(item: Any, name: str | None, kind: str, *_: Any) -> bool:
            extra = name in _OURS or (kind == "table" and ("_fts" in (name or "") or name == "alembic_version"))
            return not extra and not str(getattr(item, "table", "")).count("_fts")

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, METADATA) == []
        found = inspect(connection)
        if not database.is_sqlite:
            for table in METADATA.sorted_tables:
                assert {c["name"]: c["comment"] for c in found.get_columns(table.name) if c["name"] in table.columns} == {
                    c.name: c.comment for c in table.columns
                }
                assert found.get_table_comment(table.name)["text"] == table.comment


def test_every_table_and_column_says_what_it_is() -> None:
    for table in METADATA.sorted_tables:
        assert table.comment, table.name
        for column in table.columns:
            assert column.comment, f"{table.name}.{column.name}"


def test_making_or_upgrading_twice_is_nothing(database: Database) -> None:
    assert schema.create(database)
    before = shape(database)
    assert not schema.create(database)
    assert schema.upgrade(database) == (schema.NEWEST, schema.NEWEST)
    assert shape(database) == before


def test_a_migration_that_fails_leaves_everything_as_it_was(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(tmp_path / "fresh.db", create=True) as fresh:
        fresh.write(news()[:3], now=NOW)
        at_first_version(where, every_row(fresh))

    def fail(connection: Any) -> None:
        group_all(connection)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(schema, "group_all", fail)
    for database in database_of(where):
        before = shape(database)
        with pytest.raises(LedgerError, match="disk is full"):
            schema.upgrade(database)
        assert shape(database) == before
        assert schema.version_of(database) == "0001"
        with database.reading() as connection:
            counted = connection.execute(select(func.count()).select_from(articles)).scalar()
        assert counted == 3
        monkeypatch.undo()
        assert schema.upgrade(database) == ("0001", schema.NEWEST)
    with Ledger.open(where) as ledger:
        assert ledger.check() == []


def test_making_quotations_anew_changes_nothing(ledger: Ledger) -> None:
    ledger.write(news(), now=NOW)
    before = ledger.rows()
    for _ in range(2):
        with ledger.database.writing() as connection:
            group_all(connection)
        assert ledger.rows() == before
    assert ledger.check() == []


def test_a_ledger_of_a_newer_onrecord_is_refused_with_what_to_do(database: Database, where: str) -> None:
    schema.create(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refused in (lambda: Ledger.open(where), lambda: Ledger.open(where, create=True), lambda: schema.upgrade(database)):
        with pytest.raises(SchemaError, match="newer onrecord") as raised:
            refused()
        assert raised.value.hint == "pip install --upgrade onrecord"


def test_something_else_is_no_ledger(database: Database, where: str) -> None:
    if database.path:
        database.path.touch()
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE recipes (name TEXT)"))
    for refused in (lambda: Ledger.open(where), lambda: Ledger.open(where, create=True), lambda: schema.upgrade(database)):
        with pytest.raises(SchemaError, match="this is no ledger"):
            refused()
    with database.reading() as connection:
        assert "recipes" in inspect(connection).get_table_names()
        assert "articles" not in inspect(connection).get_table_names()


@pytest.mark.parametrize("content", [b"<html>no database</html>" * 100, b"SQLite format 3\0" + b"\xff" * 5000, b"PK\x03\x04" + bytes(4096)])
def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(content)
    for create in (False, True):
        with pytest.raises(LedgerError) as raised:
            Ledger.open(path, create=create)
        assert str(path) in str(raised.value)
        assert raised.value.hint
    assert path.read_bytes() == content


def test_no_file_is_said_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="there is no ledger"):
        Ledger.open(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_two_who_make_one_ledger_at_once_make_one(tmp_path: Path) -> None:
    code = "import sys; from onrecord.ledger import Ledger; Ledger.open(sys.argv[1], create=True).close()"
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "ledger.db")], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for run in runs:
        assert run.communicate(timeout=120)[1] == ""
        assert run.returncode == 0
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert ledger.check() == []


# Back-ups ---------------------------------------------------------------------------------------------------------------------------


def test_a_back_up_made_while_others_write_is_one_state_and_restores(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    filings = list(News(2, outlets=4, people=20, words=400).filings(60, marks=False))
    with Ledger.open(path, create=True) as ledger:
        ledger.write(filings[:20], now=NOW)

    def write() -> None:
        with Ledger.open(path) as other:
            for filing in filings[20:]:
                other.write([filing], now=NOW)

    writer = threading.Thread(target=write)
    writer.start()
    with Ledger.open(path) as ledger:
        ledger.back_up(tmp_path / "during.db")
    writer.join()
    with Ledger.open(path) as ledger:
        ledger.back_up(tmp_path / "after.db")
        whole = ledger.rows()
    with Ledger.open(tmp_path / "during.db") as copy:
        assert copy.check() == []
        count = copy.status().counts["documents"]
        assert 20 <= count <= 60
    with Ledger.open(tmp_path / "during.db") as copy:
        copy.write(filings, now=NOW)
        assert copy.rows().keys() == whole.keys()
        assert copy.rows() == whole
    path.unlink()
    for left in (f"{path}-wal", f"{path}-shm"):
        Path(left).unlink(missing_ok=True)
    (tmp_path / "after.db").replace(path)
    with Ledger.open(path) as restored:
        assert restored.rows() == whole
        assert restored.check() == []
        assert [h.id for h in restored.search(Query("ceasefire"))]


def test_a_back_up_overwrites_nothing_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.db", create=True) as ledger:
        (tmp_path / "copy.db").write_bytes(b"mine")
        with pytest.raises(UsageError, match="a file of this name"):
            ledger.back_up(tmp_path / "copy.db")
        assert (tmp_path / "copy.db").read_bytes() == b"mine"
        with pytest.raises(LedgerError):
            ledger.back_up(tmp_path / "no folder" / "copy.db")
        ledger.back_up(tmp_path / "other.db")
        assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith("ledger.db")) == ["copy.db", "other.db"]
        with closing(sqlite3.connect(tmp_path / "other.db")) as one_file:
            assert one_file.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_ledger_on_a_server_is_backed_up_there(ledger: Ledger, tmp_path: Path) -> None:
    if ledger.database.is_sqlite:
        ledger.back_up(tmp_path / "copy.db")
        return
    with pytest.raises(UsageError) as raised:
        ledger.back_up(tmp_path / "copy.db")
    assert "pg_dump" in (raised.value.hint or "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_may_only_be_read_can_be_searched(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.db", create=True) as ledger:
        ledger.write(news()[:2], now=NOW)
    (tmp_path / "ledger.db").chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        with Ledger.open(tmp_path / "ledger.db") as ledger:
            assert list(ledger.search(Query()))
            with pytest.raises(LedgerError, match="cannot be written"):
                ledger.write(news(), now=NOW)
    finally:
        tmp_path.chmod(0o755)


def test_keys_of_statements_are_in_the_order_of_days(ledger: Ledger) -> None:
    ledger.write(news(), now=NOW)
    with ledger.database.reading() as connection:
        keys = list(connection.execute(select(statements.c.key).order_by(statements.c.key)).scalars())
    days = [h.where.day for h in ledger.search(Query(sort="oldest"))]  # type: ignore[arg-type]
    assert days == sorted(days)
    assert len(set(keys)) == len(keys)
