"""Where actors stand, kept in memory for the pages: fetched anew when the ledger has changed; in the background, if a page cannot wait for it."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from onrecord.errors import LedgerError
from onrecord.ledger import Ledger
from onrecord.ledger.overview import Overview, overview_of
from onrecord.ledger.standing import RowsBy
from onrecord.web.site import Site

__all__ = ["Beforehand", "Seen", "at_hand", "seen", "warm"]

#: Works out parts of pages from an overview, one at each step.
Beforehand = Callable[[Site, Overview], Iterator[None]]
#: Seconds of fetching that a page waits for, if there is an older overview to show.
_PATIENCE = 0.3


@dataclass(frozen=True, slots=True)
class Seen:
    """An overview, and how old it is."""

    overview: Overview
    #: When it was fetched, if the ledger has changed since and it is being fetched again; None for one of the ledger as it is.
    as_of: datetime | None = None


class _Kept:
    """The overview of one ledger."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version: str | None = None
        self.overview: Overview | None = None
        self.seconds = 0.0
        self.on: datetime | None = None
        self.fetching = False
        self.beforehand: Sequence[Beforehand] = ()

    def fetch(self, site: Site) -> Overview:
        """Fetch it; whatever is written meanwhile makes the version another one, so that it is fetched again."""
        version, on, start = site.version(), site.now(), time.perf_counter()
        with site.desk.ledger.database.reading() as connection:
            overview = overview_of(connection)
        for rows in RowsBy:
            overview.units(rows)
        self.overview, self.version, self.on, self.seconds = overview, version, on, time.perf_counter() - start
        return overview

    def behind(self, site: Site) -> None:
        """Fetch it while pages go on with the old one."""
        try:
            self.fetch(site)
        finally:
            self.fetching = False
        self.prepare(site)

    def prepare(self, site: Site) -> None:
        """Work out beforehand what pages show of a large ledger, until there is a newer overview."""
        of = self.overview
        if of is None or self.seconds < _PATIENCE:
            return
        with suppress(LedgerError):
            for make in self.beforehand:
                for _ in make(site, of):
                    if self.overview is not of or self.version != site.version():
                        return
        # What is in memory now stays there. To look through all of it for garbage takes long, always in the middle of somebody's page.
        gc.unfreeze()
        gc.collect()
        gc.freeze()


_KEPT: WeakKeyDictionary[Ledger, _Kept] = WeakKeyDictionary()
_MAKING = threading.Lock()


def seen(site: Site) -> Seen:
    """The overview to make a page from: of the ledger as it is, or of a moment ago, which it says.

    Args:
        site: Whose ledger.

    Raises:
        LedgerError: The database says no.
    """
    with _MAKING:
        kept = _KEPT.setdefault(site.desk.ledger, _Kept())
    with kept.lock:
        if kept.overview is not None and kept.version == site.version():
            return Seen(kept.overview)
        if kept.overview is None or kept.seconds < _PATIENCE:
            return Seen(kept.fetch(site))
        if not kept.fetching:
            kept.fetching = True
            threading.Thread(target=kept.behind, args=(site,), name="overview", daemon=True).start()
        return Seen(kept.overview, kept.on)


def at_hand(site: Site) -> Overview | None:
    """The overview of the ledger as it is, if it has been fetched; nothing waits for it."""
    kept = _KEPT.get(site.desk.ledger)
    return kept.overview if kept is not None and kept.version == site.version() else None


def warm(site: Site, *beforehand: Beforehand) -> None:
    """Fetch the overview beforehand, in the background, so that the first page need not wait.

    Args:
        site: Whose ledger.
        beforehand: What is worked out of each overview of a large ledger before pages ask for it.
    """
    with _MAKING:
        kept = _KEPT.setdefault(site.desk.ledger, _Kept())
    kept.beforehand = beforehand

    def fetch() -> None:
        seen(site)
        kept.prepare(site)

    threading.Thread(target=fetch, name="overview", daemon=True).start()
