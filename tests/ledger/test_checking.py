"""Every fault that `check` knows is made by hand, and found."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from invented import News, compose, filing_of
from sqlalchemy import text

from onrecord.errors import LedgerError
from onrecord.ledger import Ledger, Query
from onrecord.sources import Document

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """Articles, one with two texts, and a quotation."""
    ledger.write(list(News(4, outlets=3, people=5, words=80, statements=3).filings(4)), now=NOW)
    for hours, (outlet, filler) in enumerate((("Lantern", "It rained"), ("Herald", "It snowed"), ("Lantern", "It rained no more"))):
        said = [("direct", "We will not sign before the last boat is home", "Lena Orsk", "GB", filler)]
        article, entries = compose("Talks", said, url=f"https://{outlet.lower()}.example/x", outlet=outlet, published=NOW)
        document = Document(article.revision.text.encode(), article.source, url=article.url, fetched=NOW + timedelta(hours=hours))
        ledger.write([filing_of(document, article, entries)], now=NOW)
    assert ledger.check() == []
    return ledger


def spoil(ledger: Ledger, *statements: str) -> None:
    with ledger.database.engine.connect() as connection:
        if ledger.database.is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()
        if ledger.database.is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")


BOTH = [
    ("UPDATE articles SET revision_key = NULL WHERE key = 1", "an article without a text"),
    ("UPDATE articles SET revision_key = 999999 WHERE key = 1", "an article without a text"),
    ("INSERT INTO readings (key, revision_key, reader, digest, made) VALUES (999, 1, 'x', 'x', 'x')", "two readings count"),
    ("UPDATE statements SET shown = NOT shown WHERE NOT shown", "is shown, and should not be"),
    ("UPDATE statements SET verdict = 'wrong' WHERE key = (SELECT max(key) FROM statements WHERE shown)", "is shown, and should not be"),
    ("UPDATE quotations SET witnesses = witnesses + 1", "its witnesses are miscounted"),
    ("UPDATE statements SET quotation_key = NULL WHERE quotation_key IS NOT NULL", "its witnesses are miscounted"),
    ("UPDATE actors SET joined = 999999 WHERE key = 1", "joined with an actor that is not there"),
    ("UPDATE revisions SET text = text || ' and more' WHERE key = 1", "the text is not the one that this id names"),
    ("UPDATE revisions SET text = 'short' WHERE key = 1", "statements "),
    ("UPDATE revisions SET paragraphs = 'nonsense' WHERE key = 1", "cannot be made sense of"),
    ("UPDATE statements SET content = 'never said'", "the content is not what stands in the text"),
    ("UPDATE statements SET entry = '{}'", "statements "),
    ("UPDATE statements SET id = 's1:0' WHERE key = (SELECT min(key) FROM statements)", "its offsets are not the ones that this id names"),
    ("UPDATE documents SET url = url || 'x' WHERE key = 1", "are not the ones that this id names"),
    ("UPDATE documents SET content = substr(content, 3) WHERE key = 1", "the document cannot be made sense of"),
    ("UPDATE statements SET entry = 'nonsense'", "statements "),
    ("UPDATE statements SET kind = 'sung'", "statements "),
]


@pytest.mark.parametrize(("spoiling", "says"), BOTH)
def test_a_fault_is_found(filled: Ledger, spoiling: str, says: str) -> None:
    spoil(filled, spoiling)
    found = filled.check()
    assert any(says in fault for fault in found), found
    assert all("\n" not in fault for fault in found)


SQLITE = [
    ("DELETE FROM outlets", "a row of articles points at none of outlets"),
    ("DELETE FROM revisions WHERE key = (SELECT max(key) FROM revisions)", "a row of statements points at none of revisions"),
    ("INSERT INTO statements_fts(statements_fts) VALUES ('delete-all')", "statements_fts holds 0 of"),
    ("INSERT INTO revisions_fts(revisions_fts) VALUES ('delete-all')", "revisions_fts holds 0 of"),
]


@pytest.mark.parametrize(("spoiling", "says"), SQLITE)
def test_a_fault_that_only_sqlite_can_have_is_found(filled: Ledger, spoiling: str, says: str) -> None:
    if not filled.database.is_sqlite:
        pytest.skip("PostgreSQL lets nobody do that")
    spoil(filled, spoiling)
    found = filled.check()
    assert any(says in fault for fault in found), found


def test_the_advice_for_a_full_text_that_lost_rows_mends_it(filled: Ledger) -> None:
    if not filled.database.is_sqlite:
        pytest.skip("PostgreSQL's fills itself")
    spoil(filled, "INSERT INTO statements_fts(statements_fts) VALUES ('delete-all')")
    (fault,) = filled.check()
    spoil(filled, fault.split("; ")[1].removesuffix(" mends it"))
    assert filled.check() == []
    assert filled.count(Query("boat")) == 2


def damaged(path: Path, at: int) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:at] + b"\xff" * 8192 + content[at + 8192 :])


def page_of(path: Path, name: str) -> int:
    """Where a table's or an index's first page begins."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    return (root - 1) * size


@pytest.mark.parametrize("name", ["statements", "ix_statements_speaker", "prints", "actors"])
def test_a_damaged_file_is_said_to_be_damaged(filled: Ledger, name: str) -> None:
    path = filled.database.path
    if path is None:
        pytest.skip("a server looks after its files")
    filled.close()
    damaged(path, page_of(path, name))
    with Ledger.open(path) as spoiled:
        assert any("damaged" in fault for fault in spoiled.check())


@pytest.mark.parametrize("share", [0, 1 / 3, 1 / 2, 1])
def test_damage_anywhere_is_a_fault_or_one_error(filled: Ledger, share: float) -> None:
    path = filled.database.path
    if path is None:
        pytest.skip("a server looks after its files")
    filled.close()
    damaged(path, int((path.stat().st_size - 8192) * share) // 8192 * 8192)
    try:
        with Ledger.open(path) as spoiled:
            faults = spoiled.check()
    except LedgerError as error:
        # The list of tables itself: there is nothing to open.
        faults = [error.message]
    assert any("damaged" in fault or "no ledger" in fault or "no SQLite" in fault for fault in faults), faults


def test_a_quick_look_reads_no_texts(filled: Ledger) -> None:
    spoil(filled, "UPDATE statements SET content = 'never said'")
    assert filled.check(thorough=False) == []
    assert filled.check()
