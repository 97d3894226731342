"""Reading the whole ledger again with another reader: in place, resumable, and what was there before stays beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from onrecord.desk.filing import Filed, Map, file_jobs
from onrecord.desk.preparing import Background, Job, reader_of
from onrecord.ledger import Ledger, ReadBy

__all__ = ["rereading"]


def rereading(
    ledger: Ledger,
    background: Background,
    *,
    map: Map,  # noqa: A002 - it takes the place of the builtin
    now: Callable[[], datetime],
    by: ReadBy | None = None,
) -> tuple[int, Iterator[Filed]]:
    """Read every document that has a text this reader has not read.

    Args:
        ledger: Where they are, and where the readings go.
        background: What they are read with.
        map: `map`, or one over processes.
        now: Gives the moment to write down.
        by: Who reads; None for the reader that the settings mean.

    Returns:
        How many there are, and one result or error each, as they are filed.
    """
    count, documents = ledger.unread((by or reader_of(background.settings)).digest)
    jobs = (Job(document, told, again=True) for document, told in documents)
    return count, file_jobs(ledger, jobs, background, map=map, now=now)
