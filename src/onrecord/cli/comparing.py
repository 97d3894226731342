"""What became of statements, on a screen: old and new side by side, with the words that differ marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from onrecord.cli.ledgers import Form
from onrecord.cli.printing import as_json, console, grid, is_plain, one_line, put

if TYPE_CHECKING:
    from onrecord.changes import Change
    from onrecord.entry import Entry
    from onrecord.ledger import Reread

__all__ = ["beside", "changes_table", "counted", "put_comparison", "telling"]

#: Columns of a terminal that leave room for ids beside the words.
_ROOMY = 120


def put_comparison(rereadings: Iterable[Reread], form: Form, *, everything: bool = False) -> None:
    """Print what newer readings changed against older ones: the counts, then the changes, text by text."""
    texts, totals, read = [], Counter[str](), 0
    for text in rereadings:
        read += 1
        totals.update(str(c.kind) for c in text.changes)
        if telling(text.changes, everything=everything) or form is Form.JSON:
            texts.append(text)
    if form is Form.JSON:
        put(as_json({"read_again": read, "counts": dict(totals.most_common()), "texts": [t.to_json() for t in texts]}))
        return
    if not read:
        put("nothing to compare: no text was read twice")
        return
    to = console()
    put(f"{read:,} text{'' if read == 1 else 's'} read again: {counted(totals)}")
    for text in texts:
        put("", one_line(text.source), f"  {one_line(text.old_reader)} → {one_line(text.new_reader)}  {text.revision}")
        put(changes_table(telling(text.changes, everything=everything), to), to=to)


def counted(counts: Counter[str]) -> str:
    """How many changes there are of each kind, in words."""
    words = {"same": "the same", "trivial": "only in form", "reread": "read otherwise", "unread": "no statement any more"}
    return ", ".join(f"{n:,} {words.get(kind, kind)}" for kind, n in counts.most_common() if n) or "no statements"


def telling(changes: Sequence[Change], *, everything: bool) -> list[Change]:
    """The changes that are shown one by one: none that changed nothing, and those of form alone only with everything."""
    folded = {"same"} if everything else {"same", "trivial"}
    return [c for c in changes if c.kind not in folded]


def changes_table(changes: Iterable[Change], to: Console) -> Table:
    """A row for each change: what happened, who speaks, the words before and now.

    Args:
        changes: What to show.
        to: Where it is printed: without colours the differing words are marked `[-so-]` and `{+so+}`.
    """
    roomy = to.width >= _ROOMY
    columns = ("change", "speaker", "before", "now", *(["id"] if roomy else []))
    return grid(columns, [_row(c, plain=is_plain(to), roomy=roomy) for c in changes])


def _row(change: Change, *, plain: bool, roomy: bool) -> list[str | Text]:
    old, new = change.old, change.new
    left, right = Text(), Text()
    if old and new:
        left, right = beside(_words(old), _words(new), plain=plain)
        for part in ("cue", "source"):
            if part in change.parts:
                one, other = beside(_words(old, part), _words(new, part), plain=plain)
                left.append(f"\n{part}: ").append_text(one)
                right.append(f"\n{part}: ").append_text(other)
    elif old:
        left = Text(one_line(_words(old)))
    elif new:
        right = Text(one_line(_words(new)))
    id_ = new.id if new else old.id if old else ""
    if not roomy:
        (right if new else left).append(f"\n{id_}", "dim")
    return [str(change.kind), _speakers(old, new, changed="speaker" in change.parts), left, right, *([id_] if roomy else [])]


def _speakers(old: Entry | None, new: Entry | None, *, changed: bool) -> str:
    before, now = (e.speaker.name or "(unknown)" if e else "" for e in (old, new))
    return f"{before} → {now}" if changed and old and new else now or before


def _words(entry: Entry, part: str = "content") -> str:
    return " … ".join(s.exact for s in getattr(entry.statement, part))


def beside(old: str, new: str, *, plain: bool) -> tuple[Text, Text]:
    """Two wordings, each with the words marked that the other has not.

    Args:
        old: One.
        new: The other.
        plain: Mark with signs instead of colours: `[-so-]` in the old one, `{+so+}` in the new one.
    """
    from onrecord.articles.differences import EditKind, differences

    old, new = one_line(old), one_line(new)
    left, right = Text(), Text()
    for edit in differences(old, new):
        gone, come = old[edit.old_start : edit.old_end], new[edit.new_start : edit.new_end]
        if edit.kind is EditKind.EQUAL:
            left.append(gone)
            right.append(come)
            continue
        _mark(left, gone, ("[-", "-]") if plain else None, "red strike")
        _mark(right, come, ("{+", "+}") if plain else None, "bold green")
    return left, right


def _mark(to: Text, words: str, signs: tuple[str, str] | None, style: str) -> None:
    core = words.strip()
    if not core:
        to.append(words)
        return
    start = words.index(core)
    to.append(words[:start])
    to.append(f"{signs[0]}{core}{signs[1]}" if signs else core, style)
    to.append(words[start + len(core) :])
