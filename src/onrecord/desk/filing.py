"""Documents into the ledger, as they come: known ones left, the rest read, filed some at a time; one result or error each."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onrecord.desk.preparing import Background, Job, Prepared, prepare
from onrecord.errors import OnrecordError, SourceError
from onrecord.ledger import Added, Ledger, document_id

__all__ = ["Filed", "Map", "Tally", "file_jobs"]

#: Documents in one transaction, and seconds after which one is ended anyway: what a kill costs is read again.
_BATCH, _SECONDS = 256, 5.0
#: Documents that the ledger is asked for at a time, whether it knows them.
_ASKED = 32

Map = Callable[..., Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one document."""

    #: Path, address, or row.
    name: str
    #: What it changed; None if it failed.
    added: Added | None
    error: OnrecordError | None = None
    #: The page had not changed since it was fetched last.
    unchanged: bool = False


@dataclass(slots=True)
class Tally:
    """What a run changed, in numbers."""

    documents: int = 0
    known: int = 0
    articles: int = 0
    #: New texts of articles that were there before.
    revisions: int = 0
    statements: int = 0
    unchanged: int = 0
    #: New documents whose text was known: what the user says of them is not applied to it.
    seen_again: int = 0
    #: New texts in which no statement was found: in another language, behind a wall, or nothing is said.
    without: int = 0
    errors: list[OnrecordError] = field(default_factory=list)

    def count(self, filed: Filed) -> None:
        """Count one document in."""
        if filed.error is not None:
            self.errors.append(filed.error)
        if filed.unchanged:
            self.unchanged += 1
        if filed.added is not None:
            self.documents += not filed.added.known
            self.known += filed.added.known
            self.articles += filed.added.new_articles
            self.revisions += filed.added.new_revisions - filed.added.new_articles
            self.statements += filed.added.statements
            if not filed.added.known:
                self.seen_again += bool(filed.added.articles) and not filed.added.new_revisions
                self.without += bool(filed.added.new_revisions) and not filed.added.statements

    def to_json(self) -> dict[str, object]:
        """As `onrecord add --format json` shows it."""
        errors = [{"item": e.item, "message": e.message, "hint": e.hint} for e in self.errors]
        return {
            "documents": self.documents,
            "known": self.known,
            "articles": self.articles,
            "revisions": self.revisions,
            "statements": self.statements,
            "unchanged": self.unchanged,
            "errors": errors,
        }


def file_jobs(
    ledger: Ledger,
    jobs: Iterable[Job | SourceError],
    background: Background,
    *,
    map: Map = map,  # noqa: A002 - it takes the place of the builtin
    now: Callable[[], datetime] | None = None,
) -> Iterator[Filed]:
    """Read documents and file them in their order.

    Args:
        ledger: Where.
        jobs: Documents, or why one could not be had.
        background: What they are read with.
        map: `map`, or one over processes; in order.
        now: Gives the moment to write down.

    Yields:
        One result or error a document, after it has been filed.

    Raises:
        LedgerError: The ledger cannot be written; nothing of the last transaction is kept, and all before it is.
    """
    waiting: list[Prepared | _Known | SourceError] = []
    begun = time.monotonic()
    for prepared in map(functools.partial(_worked, background=background), _unknown(ledger, jobs)):
        waiting.append(prepared)
        if len(waiting) >= _BATCH or time.monotonic() - begun > _SECONDS:
            yield from _write(ledger, waiting, now)
            waiting, begun = [], time.monotonic()
    yield from _write(ledger, waiting, now)


@dataclass(frozen=True, slots=True)
class _Known:
    """A document that needs no reading, on its way past the readers."""

    document: str
    name: str


def _unknown(ledger: Ledger, jobs: Iterable[Job | SourceError]) -> Iterator[Job | _Known | SourceError]:
    """Pass known documents by, asking the ledger for some at a time."""
    for some in _some(jobs):
        ids = {n: document_id(j.document, j.told) for n, j in enumerate(some) if isinstance(j, Job) and not j.again}
        known = ledger.known(ids.values()) if ids else set()
        for n, job in enumerate(some):
            yield _Known(ids[n], job.document.name) if isinstance(job, Job) and ids.get(n) in known else job


def _some(jobs: Iterable[Job | SourceError]) -> Iterator[list[Job | SourceError]]:
    some: list[Job | SourceError] = []
    begun = time.monotonic()
    for job in jobs:
        some.append(job)
        if len(some) >= _ASKED or time.monotonic() - begun > 1:
            yield some
            some, begun = [], time.monotonic()
    if some:
        yield some


def _worked(job: Job | _Known | SourceError, *, background: Background) -> Prepared | _Known | SourceError:
    return prepare(job, background=background) if isinstance(job, Job) else job


def _write(ledger: Ledger, waiting: list[Prepared | _Known | SourceError], now: Callable[[], datetime] | None) -> Iterator[Filed]:
    filings = [p.filing for p in waiting if isinstance(p, Prepared) and p.filing is not None]
    added = iter(ledger.write(filings, now=now() if now else None) if filings else [])
    for p in waiting:
        if isinstance(p, _Known):
            yield Filed(p.name, Added(p.document, p.name, known=True))
        elif isinstance(p, SourceError):
            yield Filed(p.item or "", None, p)
        elif p.filing is None:
            yield Filed(p.job.document.name, None, p.error)
        else:
            yield Filed(p.job.document.name, next(added))
