"""The ledger's schema through time: made, checked, brought up to date, backed up.

Each version is a step in `migrations/versions`, run by Alembic; a new ledger takes all of them, so that there is one road and it is always tested.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, inspect, text

from onrecord.errors import LedgerError, SchemaError, UsageError
from onrecord.ledger.database import Database
from onrecord.ledger.figures import fill_all
from onrecord.ledger.quoting import group_all

__all__ = ["NEWEST", "back_up", "check", "create", "upgrade", "version_of"]

#: The version that this onrecord works with.
NEWEST = "0006"
#: What every SQLite file begins with.
_MAGIC = b"SQLite format 3\0"
#: The version that has quotations.
_QUOTATIONS = "0002"
#: The version that has figures.
_FIGURES = "0004"


def create(database: Database) -> bool:
    """Make a ledger where there is none.

    Returns:
        Whether it was made; False if one of this version was there.

    Raises:
        SchemaError: There is something else, or a ledger of another version.
        LedgerError: It cannot be written.
    """
    if database.exists():
        # One that is there is looked at first: a ledger takes no lock then, and a file of somebody else's stays as it is.
        with database.reading() as connection:
            found, empty = _version(connection), not inspect(connection).get_table_names()
        if found == NEWEST:
            return False
        if not empty or _holds_something(database.path):
            raise _other(database, found)
    else:
        _make_file(cast("Path", database.path))
    with database.errors():
        if database.is_sqlite:
            with database.engine.connect() as connection:
                # Pages of 8 KiB: an article's text is on one or two.
                connection.exec_driver_sql("PRAGMA page_size = 8192")
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        with database.writing() as connection:
            found = _version(connection)
            if found == NEWEST:
                return False
            if found is not None or inspect(connection).get_table_names():
                raise _other(database, found)
            _migrate(connection, NEWEST)
    return True


def _holds_something(path: Path | None) -> bool:
    """Whether a file has bytes that are no database's: SQLite takes a file of one byte for an empty database."""
    if path is None or not path.is_file():
        return False
    with path.open("rb") as handle:
        return handle.read(len(_MAGIC)) not in (b"", _MAGIC)


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Fails if somebody makes it at the same time, which is as good.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
    except OSError as error:
        raise LedgerError(
            f"the ledger cannot be made: {error.strerror or error}", item=str(path), hint="check the path, or give another with --ledger"
        ) from error


def check(database: Database) -> None:
    """Make sure that this onrecord can work with the ledger.

    Raises:
        SchemaError: It cannot, or there is none; says what to do.
    """
    found = version_of(database)
    if found != NEWEST:
        raise _other(database, found)


def version_of(database: Database) -> str | None:
    """Version of the ledger's schema; None if it is no ledger.

    Raises:
        SchemaError: There is no such file.
        LedgerError: It cannot be opened.
    """
    if not database.exists():
        raise SchemaError("there is no ledger", item=database.shown, hint="`onrecord init` makes one; --ledger or ONRECORD_LEDGER names another")
    with database.reading() as connection:
        return _version(connection)


def upgrade(database: Database, *, to: str = NEWEST) -> tuple[str, str]:
    """Bring a ledger up to date: all steps or none. Quotations and figures of statements that were filed before there were any are made.

    Returns:
        Version before and after.

    Raises:
        SchemaError: It is no ledger, or one of a newer onrecord.
    """
    before = version_of(database)
    if before is None or before > to:
        raise _other(database, before)
    if before != to:
        with database.writing() as connection:
            _migrate(connection, to)
            if before < _QUOTATIONS <= to:
                group_all(connection)
            if before < _FIGURES <= to:
                fill_all(connection)
    return before, to


def back_up(database: Database, target: Path) -> None:
    """Copy a SQLite ledger into a file of its own while others may go on writing. To restore it, put the file where the ledger was.

    Raises:
        UsageError: The ledger is on a server, which has tools of its own; or the target is there already.
        SchemaError: It is no ledger.
        LedgerError: It cannot be read or written; nothing is left behind.
    """
    if database.path is None:
        raise UsageError("a ledger on a server is backed up there", item=database.shown, hint="use pg_dump, and pg_restore to restore")
    if target.exists():
        raise UsageError("there is a file of this name", item=str(target), hint="give a new name; back-ups are not overwritten")
    # One of an older onrecord is backed up, too: that is what `upgrade` begins with.
    if version_of(database) is None:
        raise _other(database, None)
    part = target.with_name(f"{target.name}.part")
    with database.errors():
        try:
            with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(part)) as copy:
                source.backup(copy, pages=4096)
                copy.execute("PRAGMA journal_mode = DELETE")
            with part.open("rb+") as handle:
                os.fsync(handle.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _version(connection: Connection) -> str | None:
    if "alembic_version" not in inspect(connection).get_table_names():
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _other(database: Database, found: str | None) -> SchemaError:
    if found is None:
        return SchemaError("this is no ledger", item=database.shown, hint="`onrecord init` makes one; --ledger or ONRECORD_LEDGER names another")
    if found > NEWEST:
        return SchemaError(f"the ledger is of a newer onrecord (schema {found})", item=database.shown, hint="pip install --upgrade onrecord")
    return SchemaError(f"the ledger is of an older onrecord (schema {found})", item=database.shown, hint="`onrecord upgrade` renews it, and keeps a back-up")


def _migrate(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
