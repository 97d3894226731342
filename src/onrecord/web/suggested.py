"""Issues that were suggested: looked for beside the pages, since that reads thousands of statements; kept until they are looked for again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakKeyDictionary

from onrecord.desk.suggesting import AT_MOST, suggestion_named
from onrecord.errors import UsageError
from onrecord.ledger import Ledger
from onrecord.positions.suggesting import Suggestion
from onrecord.web.jobs import Job, Line
from onrecord.web.site import Site, Visitor

__all__ = ["Suggested", "look", "suggested"]

#: Suggestions that are kept.
_MOST = 100


@dataclass(slots=True)
class Suggested:
    """What was found in one ledger."""

    job: Job | None = None
    #: When it was found; None if nobody has looked.
    on: datetime | None = None
    found: list[Suggestion] = field(default_factory=list)
    #: How far the looking is: texts read, and texts to read.
    done: int = 0
    total: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def looking(self) -> bool:
        """Whether somebody is looking."""
        return self.job is not None and not self.job.state.over

    def named(self, label: str) -> Suggestion:
        """One of them.

        Raises:
            UsageError: There is none of this label.
        """
        with self._lock:
            try:
                return suggestion_named(self.found, label)
            except UsageError as error:
                raise UsageError("there is no such suggestion any more", item=label, hint="look again; others may have decided meanwhile") from error

    def drop(self, one: Suggestion) -> None:
        """Decided."""
        with self._lock:
            self.found = [s for s in self.found if s is not one]

    def took(self, found: list[Suggestion], on: datetime) -> None:
        """Keep what was found."""
        with self._lock:
            self.found, self.on = found[:_MOST], on


_KEPT: WeakKeyDictionary[Ledger, Suggested] = WeakKeyDictionary()
_MAKING = threading.Lock()


def suggested(site: Site) -> Suggested:
    """What was found in the ledger of a desk, by it: other processes do not know (see `onrecord.web.readers`)."""
    site.here()
    with _MAKING:
        return _KEPT.setdefault(site.desk.ledger, Suggested())


def look(site: Site, visitor: Visitor, *, since: str | None, until: str | None) -> Job:
    """Look for issues to follow, beside the pages; one at a time.

    Args:
        site: Whose ledger.
        visitor: Who asks.
        since: First day of publication, as people write days.
        until: Last day.
    """
    kept = suggested(site)
    if kept.looking and kept.job is not None:
        return kept.job

    def progress(done: int, total: int) -> None:
        kept.done, kept.total = done, total

    def work() -> Iterator[Line]:
        kept.done = kept.total = 0
        found = site.desk.suggestions(since=since, until=until, at_most=AT_MOST, progress=progress)
        kept.took(found, site.now())
        yield Line("suggestions", f"{len(found):,} found", to="/issues/suggest")

    kept.job = site.jobs.start("look for issues that could be followed", work, by=visitor.name, now=site.now)
    return kept.job
