"""Reading what the ledger holds for new issues, or with a newer coder: statement by statement, with breaks, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from onrecord.desk.standing import Examining
from onrecord.ledger import Examined, Ledger, Uncoded
from onrecord.positions import Agenda, Issue

if TYPE_CHECKING:
    from onrecord.positions.coder import Coder

__all__ = ["examine"]

#: Readings in one transaction.
_BATCH = 64


def examine(ledger: Ledger, coder: Coder, issues: Sequence[Issue], *, rivals: Sequence[Issue] = ()) -> Iterator[Examining]:
    """Look for issues in what was filed before they were added.

    Args:
        ledger: Where.
        coder: What looks.
        issues: For what.
        rivals: Other issues that a statement may be on instead.

    Yields:
        How far it is, first and after each transaction; a run that is broken off goes on from there when it is started again.
    """
    waits = {issue.id: ledger.count_uncoded(issue.id, coder.name) for issue in issues}
    total, done, found = sum(waits.values()), 0, 0
    for issue in issues:
        yield Examining(issue.id, done, total, found)
        readings = ledger.uncoded(issue.id, coder.name)
        while some := [_examined(reading, coder, issue, rivals) for reading in islice(readings, _BATCH)]:
            found += ledger.write_positions(coder.name, some)
            done += len(some)
            yield Examining(issue.id, done, max(total, done), found)


def _examined(reading: Uncoded, coder: Coder, issue: Issue, rivals: Sequence[Issue]) -> Examined:
    hits = reading.hits
    title = hits[0].where.title if hits else None
    statements, voices = [h.entry.statement for h in hits], [h.entry.voice for h in hits]
    codes = coder.code(reading.text, title, statements, voices, Agenda((issue,)), rivals=rivals)
    return Examined(reading.reading, issue.id, issue.digest, {h.id: c.positions for h, c in zip(hits, codes, strict=True) if c.positions})
