"""One database, SQLite or PostgreSQL: connections for reading and for writing, and its errors in words.

SQLite runs in WAL mode: one writer, and readers who never wait for it. A writer takes the lock when it begins, so that two of them never find out
half-way. PostgreSQL has an advisory lock in the same place, so that keys can be given out in order on both.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from onrecord.errors import BusyError, LedgerError, MissingExtraError, SchemaError, UsageError

__all__ = ["PATIENCE", "Database", "default_ledger"]

#: Seconds that a writer waits for another.
PATIENCE = 30.0
#: KiB of pages that a connection to a SQLite file keeps, and one that has written: a new statement touches pages all over the file.
_CACHE, _WRITER_CACHE = 65_536, 262_144
#: Pages that are written beside a SQLite file before they are put in their places: those written again meanwhile are put there once.
_CHECKPOINT = 8_192
#: Connections that are kept, and how many more there may be for a while: a served desk has forty threads, each of which may have a question open.
_KEPT, _MORE = 8, 72
#: Key of the advisory lock: the bytes of `onrecord`.
_LOCK = int.from_bytes(b"onrecord", "big") & 0x7FFFFFFFFFFFFFFF


def default_ledger() -> Path:
    """The ledger that is meant when none is named: `ONRECORD_LEDGER`, handled by callers, comes before it."""
    import platformdirs

    return Path(platformdirs.user_data_dir("onrecord", appauthor=False)) / "ledger.db"


class Database:
    """A database and how to talk to it.

    Args:
        where: Path of a SQLite file, or a database URL.
        patience: Seconds that a writer waits for another.

    Raises:
        UsageError: It is no path and no URL of a kind that is known.
        MissingExtraError: The driver is not installed.
    """

    def __init__(self, where: str | os.PathLike[str], *, patience: float = PATIENCE) -> None:
        self.url = _url(where)
        self.patience = patience
        self.engine = _engine(self.url, patience)

    def __getstate__(self) -> dict[str, Any]:
        return {"url": self.url, "patience": self.patience}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.url, self.patience = state["url"], state["patience"]
        self.engine = _engine(self.url, self.patience)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for a server."""
        return Path(cast("str", self.url.database)) if self.is_sqlite else None

    @property
    def shown(self) -> str:
        """What people see of it: the path, or the URL without its password."""
        return str(self.path) if self.is_sqlite else self.url.set(drivername="postgresql").render_as_string(hide_password=True)

    def exists(self) -> bool:
        """Whether there is a file. A server is taken to be there."""
        if self.path is None:
            return True
        try:
            self.path.stat()
        except PermissionError:
            # It cannot be said; opening it says what is wrong.
            return True
        except (OSError, ValueError):
            return False
        return True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the ledger, whatever is written meanwhile.

        Raises:
            LedgerError: The database says no.
        """
        with self.errors(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection for writing, alone; everything is kept if the block ends, nothing if it raises.

        Raises:
            BusyError: Somebody else writes and does not stop.
            LedgerError: The database says no.
        """
        with self.errors(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql(f"PRAGMA cache_size = -{_WRITER_CACHE}")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text("SELECT set_config('lock_timeout', :t, true)"), {"t": f"{int(self.patience * 1000)}ms"})
                connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": _LOCK})
            yield connection
            connection.commit()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn the driver's errors into onrecord's."""
        try:
            yield
        except DBAPIError as error:
            raise self.translated(error.orig or error) from error
        except (sqlite3.Error, OSError) as error:
            raise self.translated(error) from error
        except UnicodeEncodeError:
            # Of what was asked, not of what is there.
            raise
        except (ValueError, LookupError, TypeError) as error:
            raise LedgerError(
                f"a row cannot be made sense of: {type(error).__name__}: {error}",
                item=self.shown,
                hint="`onrecord check` looks the ledger over; if it finds nothing, please report this",
            ) from error

    def translated(self, error: BaseException) -> LedgerError:
        """The error in words a user can act on."""
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        low = said.lower()
        for signs, kind, message, hint in _SAID:
            if any(re.search(sign, low) for sign in signs):
                return kind(message, item=self.shown, hint=hint)
        return LedgerError(f"the database says: {said[:300]}", item=self.shown, hint="`onrecord check` looks the ledger over")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


_SAID: tuple[tuple[tuple[str, ...], type[LedgerError], str, str], ...] = (
    (
        ("database is locked", "database table is locked", "lock timeout", "could not obtain lock", "canceling statement due to lock"),
        BusyError,
        "somebody else is writing to the ledger",
        "wait until it is done, and try again; nothing of this was written",
    ),
    (
        ("disk is full", "no space left", "could not extend file", "disk i/o error", "file size limit"),
        LedgerError,
        "the disk is full, or cannot be written to",
        "make room and try again; the ledger is as it was before",
    ),
    (
        ("password authentication", "no password supplied", 'role "', "peer authentication", "no pg_hba.conf entry", "permission denied for database"),
        LedgerError,
        "the database server does not let us in",
        "check the user and password in the URL",
    ),
    (
        ("readonly database", "read-only", "permission denied", "attempt to write"),
        LedgerError,
        "the ledger cannot be written to",
        "check who may write to it; if it is a file, to its folder, too",
    ),
    (("not a database", "file is encrypted"), SchemaError, "this is no ledger", "give the path of another file"),
    (("malformed", "corrupt"), LedgerError, "the ledger is damaged", "restore a back-up; `sqlite3 FILE .recover` saves what can be read"),
    (("unable to open", "is a directory"), LedgerError, "the ledger cannot be opened", "check the path, and who may read it and its folder"),
    (
        ('database ".*" does not exist',),
        LedgerError,
        "the server has no database of this name",
        "`createdb NAME` makes one, `onrecord init` a ledger in it",
    ),
    (
        ("no such table", 'relation "', "does not exist"),
        SchemaError,
        "this is no ledger, or one of another version",
        "`onrecord init` makes one, `onrecord upgrade` renews one",
    ),
    (
        ("too many clients", "too many connections", "connection slots"),
        LedgerError,
        "the database server takes no more connections",
        "wait, and try again",
    ),
    (
        (
            "connection refused",
            "could not connect",
            "connection failed",
            "connection is bad",
            "could not translate host",
            "failed to resolve",
            "server closed",
            "terminating connection",
            "terminated",
            "connection is lost",
            "connection is closed",
            "connection was lost",
            "connection reset",
            "consuming input failed",
            "sending query failed",
            "broken pipe",
            "connection timeout",
            "starting up",
            "shutting down",
        ),
        LedgerError,
        "the database server cannot be reached",
        "check the address, and that the server runs; nothing is half-written",
    ),
)


def _url(where: str | os.PathLike[str]) -> URL:
    name = os.fspath(where)
    if "://" not in name:
        if not name.strip() or "\0" in name:
            raise UsageError("no name of a ledger", hint="give a path or a database URL")
        return URL.create("sqlite", database=str(Path(name).expanduser().absolute()))
    try:
        url = make_url(name)
    except ArgumentError as error:
        raise UsageError("this is no database URL", item=name.split("@")[-1], hint="write postgresql://user@host/name, or give a path") from error
    backend = url.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return URL.create("sqlite", database=str(Path(url.database).absolute()))
    raise UsageError(
        f"onrecord keeps no ledgers in {backend}", item=url.render_as_string(hide_password=True), hint="give the path of a file, or postgresql://…"
    )


def _engine(url: URL, patience: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        try:
            import psycopg  # noqa: F401 - said here, where it can be said how to get it

            return create_engine(url, pool_pre_ping=True, pool_size=_KEPT, max_overflow=_MORE)
        except (ImportError, NoSuchModuleError) as error:
            raise MissingExtraError("PostgreSQL needs a driver", item="psycopg", hint="pip install 'onrecord[postgresql]'") from error
    path = cast("str", url.database)

    def connect() -> sqlite3.Connection:
        # isolation_level None: transactions begin where `reading` and `writing` say so. A file is made only by `schema.create`, which makes it beforehand.
        connection = sqlite3.connect(f"file:{quote(path)}?{_mode(path)}", uri=True, timeout=patience, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
        return connection

    # Where one may only read, a connection is made anew each time, since what it takes to read depends on whether somebody writes at the time.
    if not all(_writable(path)):
        return create_engine(url, creator=connect, poolclass=NullPool)
    return create_engine(url, creator=connect, pool_size=_KEPT, max_overflow=_MORE)


def _writable(path: str) -> tuple[bool, bool]:
    """Whether the file may be written, and files be made beside it."""
    # Not by `Path`: a name too long must not raise here.
    return not os.path.exists(path) or os.access(path, os.W_OK), os.access(os.path.dirname(path) or ".", os.W_OK)  # noqa: PTH110, PTH120


def _mode(path: str) -> str:
    """How to open the file. One in WAL mode wants files beside it, to read, too: where they cannot be made and nobody else made them, it does not change."""
    file, beside = _writable(path)
    if not beside and not os.path.exists(f"{path}-wal"):  # noqa: PTH110
        return "mode=ro&immutable=1"
    return "mode=rw" if file else "mode=ro"
