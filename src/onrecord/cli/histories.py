"""`onrecord article`: what became of an article, text by text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli.comparing import changes_table, counted, telling
from onrecord.cli.ledgers import Debug, Form, Format, LedgerName, opened
from onrecord.cli.printing import as_json, console, facts, one_line, put

if TYPE_CHECKING:
    from onrecord.ledger import ArticleHistory, Text

__all__ = ["article"]


def article(
    name: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its address, path or id, or the id of one of its texts.", show_default=False)],
    *,
    everything: Annotated[bool, typer.Option("--all", help="Show also changes of nothing but form: punctuation, case, quotation marks.")] = False,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show what became of an article: its texts, and what each changed in who said what; its copies in other outlets.

    Words that differ are marked: in colours, or [-so-] in the old text and {+so+} in the new one.

    \b
    Examples:
      onrecord article https://news.example/story
      onrecord article articles/story.html --all

    Exit codes: 0 done, 2 there is no such article, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        history = desk.article(name)
        if form is Form.JSON:
            put(as_json(history.to_json()))
        else:
            _put_history(history, everything=everything)


def _put_history(history: ArticleHistory, *, everything: bool) -> None:
    newest = next((t for t in history.texts if t.current), history.texts[-1])
    put(one_line(newest.title or history.source))
    rows = [("outlet", history.outlet), ("address", history.url or history.source), ("wire", history.wire), ("id", history.id)]
    put(*facts([*rows, *(("copy", f"{source}, {outlet or 'unknown outlet'}") for source, outlet in history.copies)]))
    for text in history.texts:
        put("")
        _put_text(text, everything=everything)


def _put_text(text: Text, *, everything: bool) -> None:
    to = console()
    cause = "" if text.cause == "found" else ", cut otherwise by a newer onrecord"
    put(f"text {text.number}: seen {_moment(text.seen)} to {_moment(text.last_seen)}{', current' if text.current else ''}{cause}")
    rows = [("title", text.title), ("updated", _moment(text.updated) if text.updated else None), ("revision", text.revision), ("reader", text.reader)]
    put(*facts([*rows, *(("note", note) for note in text.article.notes)]))
    count = f"{len(text.entries):,} statement{'' if len(text.entries) == 1 else 's'}"
    if not text.changes:
        put(f"  {count}")
        return
    put(f"  {count}: {counted(Counter(str(c.kind) for c in text.changes))}")
    shown = telling(text.changes, everything=everything)
    if shown:
        put(changes_table(shown, to), to=to)
    if len(shown) < len(telling(text.changes, everything=True)):
        put("  --all shows also what changed only in form")


def _moment(moment: object) -> str:
    return str(moment)[:16]
