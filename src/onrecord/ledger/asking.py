"""A user's own SQL over a ledger: one question, and nothing can be changed by it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from onrecord.errors import OnrecordError, UsageError
from onrecord.ledger.database import Database

__all__ = ["Rows", "ask"]

_HINT = "one SELECT gives rows; the ledger is not changed by SQL"
_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
#: Pragmas that only tell; FTS5 asks for `data_version` itself.
_TELLS = {
    *("data_version", "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list"),
    *("database_list", "collation_list", "function_list", "module_list", "pragma_list", "compile_options", "page_count", "freelist_count"),
}
#: Errors of SQLite that the question is to blame for.
_BLAMED = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE}
#: Likewise of PostgreSQL: its codes, or how they begin.
_BLAMED_CLASSES = ("08P01", "0A", "21", "22", "24", "25", "26", "2D", "34", "3B", "3D", "3F", "42", "44", "54", "P0", "XX")


@dataclass(frozen=True, slots=True)
class Rows:
    """What an SQL query gave."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    #: Whether there were more than were asked for.
    cut: bool


def ask(database: Database, query: str, *, limit: int | None = None) -> Rows:
    """Ask a database in SQL.

    In SQLite everything but reading is forbidden while the question runs. In PostgreSQL the question is that of a cursor, in a transaction that only
    reads; functions that act outside the tables (`pg_terminate_backend`) are a matter of what the user in the URL may do.

    Args:
        database: Whose.
        query: One SELECT, or whatever else gives rows.
        limit: Rows at most; None for all.

    Raises:
        UsageError: It is no question, or the database does not understand it.
        LedgerError: The database cannot answer.
    """
    try:
        query.encode()
    except UnicodeEncodeError as error:
        raise UsageError("this is no query: it has characters that are half of one", hint=_HINT) from error
    if not query.strip() or "\0" in query:
        raise UsageError("this is no query", item=query[:80].replace("\0", "\\0") or None, hint=_HINT)
    with database.reading() as connection:
        asked = _ask_sqlite if database.is_sqlite else _ask_postgresql
        try:
            columns, rows = asked(connection, query, None if limit is None else limit + 1)
        except Exception as error:
            blamed = _blamed(database, error, query)
            if blamed is None:
                raise
            raise blamed from error
    return Rows(columns, tuple(rows[:limit]), limit is not None and len(rows) > limit)


def _ask_sqlite(connection: Connection, query: str, count: int | None) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA query_only = ON")
    driver.set_authorizer(_may)
    try:
        return _taken(driver.execute(query), query, count)
    finally:
        driver.set_authorizer(None)
        driver.execute("PRAGMA query_only = OFF")


def _may(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    reads = action in _READS and not (action == sqlite3.SQLITE_FUNCTION and second == "load_extension")
    tells = action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _TELLS
    # What SQLite asks when it meets a virtual table for the first time; to really do it, `query_only` forbids.
    declares = action == sqlite3.SQLITE_UPDATE and first == "sqlite_master"
    return sqlite3.SQLITE_OK if reads or tells or declares else sqlite3.SQLITE_DENY


def _ask_postgresql(connection: Connection, query: str, count: int | None) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    # A question can leave locks of the session behind: the connection is not used again.
    connection.detach()
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor(name="onrecord") as cursor:
        cursor.execute(query)
        return _taken(cursor, query, count)


def _taken(cursor: Any, query: str, count: int | None) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:  # noqa: ANN401 - of either driver
    if cursor.description is None:
        raise UsageError("this is no query", item=query[:80], hint=_HINT)
    rows = cursor.fetchall() if count is None else cursor.fetchmany(count)
    return tuple(c[0] for c in cursor.description), [tuple(row) for row in rows]


def _blamed(database: Database, error: Exception, query: str) -> OnrecordError | None:
    """The error in words: the user's where the question is to blame, else the database's."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        ours, forbidden = code in _BLAMED, code in (sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY)
    elif hasattr(error, "sqlstate"):
        state = error.sqlstate or ""
        ours, forbidden = state.startswith(_BLAMED_CLASSES) or (not state and type(error).__name__ == "ProgrammingError"), state.startswith("25")
    elif isinstance(error, OverflowError | ValueError):
        ours, forbidden = True, False
    else:
        return None
    if not ours:
        return database.translated(error)
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    return UsageError(f"the database says: {said[:300]}", item=query[:80], hint=_HINT if forbidden else "`onrecord sql` takes one SELECT")
