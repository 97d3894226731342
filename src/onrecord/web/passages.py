"""A statement within the words around it, for whoever is to code it: what was said, by whom, and the words that say so are marked."""

from __future__ import annotations

from onrecord.desk.queue import Item
from onrecord.export.pieces import Mark, cut

__all__ = ["passage"]


def passage(item: Item, *, before: int, after: int) -> list[tuple[str, str]]:
    """The words of and around a statement, each piece with the innermost role that it has: `content`, `source`, `cue`, or none.

    Args:
        item: The statement.
        before: Characters shown before it, at most.
        after: Characters shown after it.
    """
    hit, text = item.hit, item.text
    marks = [Mark(s.start, s.end, 0, role) for role in ("content", "source", "cue") for s in hit.stands(role)]
    start, end = max(0, min(m.start for m in marks) - before), min(len(text), max(m.end for m in marks) + after)
    return [(p.of[-1][1] if p.of else "", text[p.start : p.end]) for p in next(iter(cut([(start, end)], marks)))]
