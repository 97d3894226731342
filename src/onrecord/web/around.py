"""The words around a statement, as lists of statements show them: those of its own paragraph, cut between words."""

from __future__ import annotations

import re

from onrecord.ledger import Hit
from onrecord.ledger.hits import CONTEXT

__all__ = ["around"]

_PARAGRAPH = re.compile(r"\n\s*\n")


def around(hit: Hit, most: int) -> tuple[str, str]:
    """What stands before and after a statement in its paragraph.

    Args:
        hit: The statement.
        most: Characters on either side.

    Returns:
        Both, with `…` where the paragraph goes on.
    """
    *_, before = _PARAGRAPH.split(hit.before)
    after, *_ = _PARAGRAPH.split(hit.after)
    # The ledger gives so many characters, which begin and end somewhere in a word, unless the paragraph ends first.
    cut_before, cut_after = len(before) == CONTEXT, len(after) == CONTEXT
    before, after = " ".join(before.split()), " ".join(after.split())
    if cut_before or len(before) > most:
        before = "…" + before[-most:].partition(" ")[2]
    if cut_after or len(after) > most:
        after = after[:most].rpartition(" ")[0] + "…"
    return before, after
