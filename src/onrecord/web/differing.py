"""One wording against another, as pages mark it."""

from __future__ import annotations

from onrecord.articles.differences import EditKind, differences

__all__ = ["compared"]


def compared(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """A text against another, in parts: `same`, `del` for what the new one has not, `ins` for what only it has. All but `del` make the new one.

    Example:
        >>> compared("We sign it in May", "We sign it in June")
        (('same', 'We sign it in '), ('del', 'May'), ('ins', 'June'))
    """
    parts: list[tuple[str, str]] = []
    for e in differences(old, new):
        if e.kind is EditKind.EQUAL:
            parts.append(("same", new[e.new_start : e.new_end]))
        else:
            parts += [("del", old[e.old_start : e.old_end]), ("ins", new[e.new_start : e.new_end])]
    return tuple(p for p in parts if p[1])
