"""A record on a screen: the article's header, what stands against it, its statements."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onrecord.desk import Record

__all__ = ["show", "visible"]


def show(record: Record, console: Console, *, first: bool = True) -> None:
    """Print a record for people: the article's header, what stands against it, the statements."""
    article = record.article
    data = article.to_json(text=False)
    if not first:
        console.print()
    console.print(f"[bold]{_safe(article.title or article.source)}[/bold]", highlight=False)
    facts = [
        ("outlet", article.outlet),
        ("by", article.byline),
        ("section", article.section),
        ("published", data["published"]),
        ("updated", data["updated"]),
        ("url", article.url),
    ]
    facts += [("language", article.language), ("revision", article.revision.id)]
    for name, value in facts:
        if value:
            console.print(f"  {name:<10}{_safe(str(value))}", highlight=False, soft_wrap=True)
    for note in article.notes:
        console.print(f"  [yellow]note[/yellow]      {_safe(note)}", highlight=False, soft_wrap=True)
    if not record.statements:
        console.print("  no attributed statements", highlight=False)
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("speaker", ratio=3, overflow="fold")
    table.add_column("kind", no_wrap=True)
    table.add_column("words", ratio=10, overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    for s in record.statements:
        speaker = s.speaker or ("(unknown)" if str(s.attribution) == "none" else "(implicit)")
        speaker = f"{speaker} (carried on)" if str(s.attribution) == "continuation" else speaker
        kind = str(s.kind) if s.paragraph == "body" else f"{s.kind}, {s.paragraph}"
        table.add_row(_safe(speaker), kind, _safe(" … ".join(c.exact for c in s.content)), f"{s.score:.2f}")
    console.print(table)


def _safe(text: str) -> str:
    return escape(visible(" ".join(text.split())))


def visible(text: str) -> str:
    """A text that cannot move the cursor, ring the bell or change colours."""
    return "".join(c if c.isprintable() or c in "\n\t\xa0" else _escaped(c) for c in text)


def _escaped(c: str) -> str:
    if "\ud800" <= c <= "\udfff":
        return "\ufffd"
    # Joiners and direction marks are left out: a terminal shows nothing for them, or the rest of the line backwards.
    return f"\\x{ord(c):02x}" if ord(c) <= _LATIN else ""


_LATIN = 0xFF
