"""A user's own SQL reads everything and changes nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import News

from onrecord.errors import LedgerError, OnrecordError, UsageError
from onrecord.ledger import Ledger

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    ledger.write(News(4, outlets=3, people=5, words=80, statements=3).filings(6, marks=False), now=NOW)
    return ledger


def test_rows_come_with_their_columns(filled: Ledger) -> None:
    found = filled.sql("SELECT speaker, outlet, count(*) AS n FROM who_said_what GROUP BY speaker, outlet ORDER BY n DESC, speaker")
    assert found.columns == ("speaker", "outlet", "n")
    assert sum(r[2] for r in found.rows) == filled.status().counts["statements"]
    assert not found.cut


def test_a_limit_cuts_and_says_so(filled: Ledger) -> None:
    every = filled.sql("SELECT key FROM statements ORDER BY key").rows
    for limit, cut in ((0, True), (3, True), (len(every) - 1, True), (len(every), False), (len(every) + 1, False), (None, False)):
        found = filled.sql("SELECT key FROM statements ORDER BY key", limit=limit)
        assert found.cut is cut
        assert found.rows == every[:limit]


def test_a_limit_does_not_read_what_it_does_not_give(filled: Ledger) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    assert filled.sql(endless, limit=3).rows == ((1,), (2,), (3,))


def test_odd_values_come_through(filled: Ledger) -> None:
    if filled.database.is_sqlite:
        found = filled.sql("SELECT x'00ff' AS b, NULL AS n, 1.5 AS f, '%s ? :a' AS t, 1 = 1 AS y")
        assert found.rows == ((b"\x00\xff", None, 1.5, "%s ? :a", 1),)
    else:
        found = filled.sql(
            r"SELECT '\x00ff'::bytea AS b, NULL AS n, 1.5::float8 AS f, '%s ? :a' AS t, true AS y, ARRAY[1, 2] AS a, jsonb_build_object('k', 1) AS j"
        )
        assert found.rows == ((b"\x00\xff", None, 1.5, "%s ? :a", True, [1, 2], {"k": 1}),)
    assert filled.sql("SELECT key FROM statements WHERE key < 0").columns == ("key",)
    assert filled.sql("SELECT 1 AS a, 2 AS a").columns == ("a", "a")
    assert filled.sql("SELECT 1 -- and a remark").rows == ((1,),)
    assert filled.sql("SELECT content FROM statements WHERE content LIKE '%the%'", limit=1).rows
    assert all(isinstance(r[0], bytes) for r in filled.sql("SELECT content FROM documents").rows)


def test_full_text_and_the_schema_can_be_asked_for(filled: Ledger) -> None:
    filled.close()
    if filled.database.is_sqlite:
        assert filled.sql("SELECT rowid FROM statements_fts WHERE statements_fts MATCH 'the'").rows
        assert filled.sql("SELECT highlight(statements_fts, 0, '[', ']') FROM statements_fts WHERE statements_fts MATCH 'the' ORDER BY rank").rows
        assert filled.sql("PRAGMA table_info(statements)").rows
        assert filled.sql("SELECT name FROM pragma_table_info('statements')").rows
        assert filled.sql("EXPLAIN QUERY PLAN SELECT * FROM who_said_what").rows
    else:
        assert filled.sql("SELECT key FROM statements WHERE words @@ to_tsquery('onrecord', 'the')").rows
        assert filled.sql("SELECT table_name FROM information_schema.tables").rows


WRITES = [
    "INSERT INTO outlets (key, name) VALUES (999, 'x')",
    "INSERT INTO outlets (key, name) VALUES (999, 'x') RETURNING key",
    "UPDATE statements SET shown = NOT shown",
    "UPDATE statements SET shown = NOT shown RETURNING key",
    "DELETE FROM statements",
    "DELETE FROM judgements RETURNING *",
    "DROP TABLE statements",
    "DROP VIEW who_said_what",
    "ALTER TABLE statements ADD COLUMN x TEXT",
    "CREATE TABLE x (y INTEGER)",
    "CREATE TEMP TABLE x (y INTEGER)",
    "CREATE TEMP VIEW x AS SELECT 1",
    "CREATE INDEX x ON statements (score)",
    "SELECT 1; DELETE FROM statements",
    "SELECT 1; COMMIT; DELETE FROM statements",
    "COMMIT; DELETE FROM statements",
    "COMMIT",
    "ROLLBACK",
    "BEGIN",
    "SAVEPOINT x",
    "VACUUM",
    "ANALYZE",
    "REINDEX",
]
SQLITE_WRITES = [
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA user_version = 7",
    "PRAGMA optimize",
    "ATTACH DATABASE '{folder}/other.db' AS other",
    "VACUUM INTO '{folder}/copy.db'",
    "INSERT INTO statements_fts(statements_fts) VALUES ('rebuild')",
    "UPDATE sqlite_master SET sql = ''",
    "SELECT load_extension('x')",
    "REPLACE INTO outlets (key, name) VALUES (1, 'x')",
    "WITH x AS (SELECT 1) DELETE FROM statements",
]
POSTGRESQL_WRITES = [
    "WITH gone AS (DELETE FROM statements RETURNING key) SELECT * FROM gone",
    "SELECT * INTO x FROM statements",
    "TRUNCATE statements",
    "SET TRANSACTION READ WRITE",
    "SET default_transaction_read_only = off",
    "COPY statements TO '{folder}/x'",
    "COPY (SELECT 1) TO PROGRAM 'touch {folder}/x'",
    "COPY statements FROM '/etc/passwd'",
    "DO $$ BEGIN COMMIT; DELETE FROM statements; END $$",
    "CALL x()",
    "PREPARE x AS DELETE FROM statements",
    "LOCK TABLE statements",
    "CREATE DATABASE x",
    "CREATE ROLE x",
    "GRANT ALL ON statements TO PUBLIC",
    "SELECT * FROM statements FOR UPDATE",
    "LISTEN x",
    "NOTIFY x",
    "DISCARD ALL",
]


def test_nothing_can_be_changed(filled: Ledger, tmp_path: Path) -> None:
    before = filled.rows()
    shape = (
        "SELECT name, sql FROM sqlite_master ORDER BY 1"
        if filled.database.is_sqlite
        else "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    schema = filled.sql(shape)
    files = {p.name for p in tmp_path.iterdir()}
    for write in WRITES + (SQLITE_WRITES if filled.database.is_sqlite else POSTGRESQL_WRITES):
        with pytest.raises(UsageError) as raised:
            filled.sql(write.replace("{folder}", str(tmp_path)))
        assert raised.value.hint, write
        assert "\n" not in str(raised.value), write
    assert filled.rows() == before
    assert filled.sql(shape) == schema
    assert {p.name for p in tmp_path.iterdir()} == files
    # Nothing is left behind on the connection either: the ledger is written to as before.
    filled.write(News(8, outlets=2, people=5, words=80).filings(2), now=NOW)
    assert filled.check() == []
    if filled.database.is_sqlite:
        with filled.database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA writable_schema").scalar() == 0


def test_what_reading_transactions_do_not_stop_leaves_no_lock(filled: Ledger) -> None:
    if filled.database.is_sqlite:
        pytest.skip("locks of a session are PostgreSQL's")
    with filled.database.writing() as connection:
        connection.exec_driver_sql("CREATE SEQUENCE counter")
    with pytest.raises(UsageError, match="nextval"):
        filled.sql("SELECT nextval('counter')")
    from onrecord.ledger.database import _LOCK

    filled.sql(f"SELECT pg_advisory_lock({_LOCK})")
    filled.sql("SELECT set_config('default_transaction_read_only', 'on', false)")
    filled.write(News(8, outlets=2, people=5, words=80).filings(1), now=NOW)
    with suppress(UsageError):
        filled.sql("SELECT lo_from_bytea(0, 'x')")
    assert filled.sql("SELECT count(*) FROM pg_largeobject_metadata").rows == ((0,),)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT nothing FROM statements", "nothing"),
        ("SELECT * FROM nowhere", "nowhere"),
        ("SELECT abs('x', 2)", "abs"),
        ("", "this is no query"),
        ("  \n", "this is no query"),
        ("-- only a remark", ""),
        ("SELECT 1\0", "this is no query"),
        ("SELECT '\ud800'", "half of one"),
        ("SELECT ?", ""),
        ("SELECT $1", ""),
        ("SELECT :a", ""),
        ("x" * 100_000, ""),
    ],
)
def test_what_is_no_question_is_one_clear_error(ledger: Ledger, query: str, says: str) -> None:
    with pytest.raises(OnrecordError, match=says or None) as raised:
        ledger.sql(query)
    assert isinstance(raised.value, UsageError)
    assert len(str(raised.value)) < 600
    assert "\n" not in (raised.value.message)
    assert ledger.sql("SELECT 1").rows == ((1,),)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Ledger.open(tmp_path_factory.mktemp("sql") / "ledger.db", create=True) as ledger:
        yield ledger


@given(
    st.text(alphabet=st.characters(codec=None, categories=None), max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "SELECT",
                "*",
                "FROM",
                "statements",
                "WHERE",
                ";",
                "--",
                "'",
                '"',
                "(",
                ")",
                "=",
                "1",
                ",",
                "/*",
                "*/",
                "\x00",
                "?",
                ":a",
                "UNION",
                "DELETE",
                "PRAGMA",
                "key",
                "WITH",
                "x",
                "AS",
            ]
        ),
        max_size=10,
    ).map(" ".join)
)
def test_anything_gives_rows_or_one_error(small: Ledger, query: str) -> None:
    with suppress(UsageError):
        assert small.sql(query, limit=5).columns
    assert small.sql("SELECT count(*) FROM statements").rows == ((0,),)


def test_an_answer_that_cannot_be_had_is_no_fault_of_the_question(filled: Ledger) -> None:
    if filled.database.path is None:
        with pytest.raises(LedgerError, match="cannot be reached"):
            filled.sql("SELECT pg_terminate_backend(pg_backend_pid())")
        assert filled.sql("SELECT 1").rows == ((1,),)
        return
    filled.close()
    path = filled.database.path
    with sqlite3.connect(path) as connection:
        root, size = connection.execute("SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master WHERE name = 'outlets'").fetchone()
    connection.close()
    with path.open("r+b") as handle:
        handle.seek((root - 1) * size)
        handle.write(b"\xff" * size)
    with pytest.raises(LedgerError, match="damaged"):
        filled.sql("SELECT * FROM outlets")
