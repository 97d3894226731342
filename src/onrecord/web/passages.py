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
    first, last = min(m.start for m in marks), max(m.end for m in marks)
    start, end = _word(text, max(0, first - before), first), _word_end(text, min(len(text), last + after), last)
    pieces = [(p.of[-1][1] if p.of else "", text[p.start : p.end]) for p in next(iter(cut([(start, end)], marks)))]
    return [*([("", "… ")] if start else []), *pieces, *([("", " …")] if end < len(text) else [])]


def _word(text: str, at: int, most: int) -> int:
    """Where the next word begins, if that is before a place."""
    if not at:
        return 0
    found = next((n for n in range(at, most) if text[n - 1].isspace() and not text[n].isspace()), None)
    return at if found is None else found


def _word_end(text: str, at: int, least: int) -> int:
    """Where the word before ends, if that is after a place."""
    if at == len(text):
        return at
    found = next((n for n in range(at, least, -1) if text[n].isspace() and not text[n - 1].isspace()), None)
    return at if found is None else found
