"""What one served desk is made of: the desk, who may do what, the clock, and what tells that the ledger has changed."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from sqlalchemy import Connection, text

from onrecord.desk import Desk
from onrecord.web.jobs import Jobs

__all__ = ["Access", "NotHereError", "Role", "Site", "SiteOf", "Visitor", "VisitorOf"]


class Role(StrEnum):
    """What a visitor may do; each may do what those before it may."""

    #: Look at everything.
    READER = "reader"
    #: Judge, correct and code statements; merge and split actors; edit issues.
    CODER = "coder"
    #: Add documents and feeds; give and revoke tokens; see the log.
    ADMIN = "admin"

    def may(self, wanted: Role) -> bool:
        """Whether this role includes another."""
        order = list(Role)
        return order.index(self) >= order.index(wanted)


class NotHereError(Exception):
    """Only the desk itself knows."""


class Access(StrEnum):
    """How visitors are let in."""

    #: Whoever reaches this machine's own loopback is its user, and may do everything.
    OPEN = "open"
    #: Everybody shows a token.
    TOKEN = "token"  # noqa: S105 - the word, not one


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks."""

    #: Name that judgements, codings and the log carry.
    name: str
    role: Role
    #: Id of the token shown; None without one.
    token: str | None = None


@dataclass(slots=True)
class Site:
    """One served desk.

    Args:
        desk: Reads, keeps and finds.
        access: How visitors are let in.
        user: Who a visitor is where no token is asked for.
        hosts: Names that a request may call this machine by, lower case, without the port; `*` for any. What protects a desk on loopback from
            pages that point a name of theirs at it.
        allow_private: Whether documents may be fetched from inside the network.
        robots: Whether robots.txt is asked first.
        now: Gives the moment to write down.
    """

    desk: Desk
    access: Access = Access.OPEN
    user: str = "you"
    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost", "[::1]"})
    allow_private: bool = False
    robots: bool = True
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    #: Tells this run of the program from any other, in ETags.
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    #: Whether this is one of the processes that make pages beside the desk; see `onrecord.web.readers`.
    apart: bool = False
    _jobs: Jobs = field(default_factory=Jobs)
    _watch: Connection | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def jobs(self) -> Jobs:
        """What is done beside the pages.

        Raises:
            NotHereError: This process makes pages for the desk.
        """
        self.here()
        return self._jobs

    def here(self) -> None:
        """Say that what follows is known to the desk itself alone, or takes it as long as somebody reads.

        Raises:
            NotHereError: This process makes pages for the desk, which then does it itself.
        """
        if self.apart:
            raise NotHereError

    def version(self) -> str:
        """A string that is another one whenever anybody has written to the ledger; asking costs microseconds.

        SQLite counts, for one connection, the commits of all others (`PRAGMA data_version`); PostgreSQL tells the next transaction.
        """
        database = self.desk.ledger.database
        with self._lock, database.errors():
            if self._watch is None:
                self._watch = database.engine.connect()
            if database.is_sqlite:
                return f"{self.run}-{self._watch.exec_driver_sql('PRAGMA data_version').scalar()}"
            seen = self._watch.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")).scalar()
            self._watch.rollback()
            return f"{self.run}-{seen}"

    def log(self, visitor: Visitor, action: str, item: str, details: Mapping[str, Any]) -> None:
        """Write down what somebody did."""
        self.desk.ledger.log(action, item, details, by=visitor.name, on=self.now())

    def close(self) -> None:
        """Let go of the ledger, once what is done beside the pages has stopped."""
        self._jobs.close()
        with self._lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        self.desk.close()


async def _site(request: Request) -> Site:
    return cast("Site", request.app.state.site)


async def _visitor(request: Request) -> Visitor:
    return cast("Visitor", request.state.visitor)


SiteOf = Annotated[Site, Depends(_site)]
VisitorOf = Annotated[Visitor, Depends(_visitor)]
