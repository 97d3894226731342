"""Documents as they are filed: a bar while it goes on, failures as they come, and the sum at the end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from onrecord.cli.ledgers import Form
from onrecord.cli.printing import as_json, put
from onrecord.cli.read import say_plainly

if TYPE_CHECKING:
    from onrecord.desk import Filed, Settings, Tally

__all__ = ["SOME_FAILED", "busy", "count", "end", "number", "progress", "settings_of", "told"]

SOME_FAILED = 1


def settings_of(model: str | None, engine: str, workers: int) -> Settings:
    """What articles are read with; the cores are shared by the workers. A missing model is one error now, not one for every document.

    Raises:
        ModelError: The model is missing or damaged.
        UsageError: There is no such engine.
    """
    from onrecord.desk import Settings, coder_named, reader_named

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    settings = Settings(model=model, engine=engine, threads=max(1, cores // workers) if workers > 1 else None)
    reader_named(settings.model, settings.engine, settings.threads)
    coder_named(settings.engine, settings.threads)
    return settings


def count(filed: Iterable[Filed], *, doing: str, total: int | None = None, again: bool = False) -> Tally:
    """Take what is filed as it comes: show how far it is, say what failed.

    Args:
        filed: One result or error a document.
        doing: Word for the bar.
        total: How many there will be, if that is known.
        again: Whether documents are read that the ledger has.

    Returns:
        What changed, in numbers.
    """
    from onrecord.desk import Tally

    tally = Tally()
    try:
        with progress(doing, total) as bar:
            task = bar.add_task(doing, total=total)
            for one in filed:
                tally.count(one)
                if one.error is not None:
                    _say(bar, f"error: {one.error}")
                bar.advance(task)
    except KeyboardInterrupt:
        say_plainly(f"so far: {told(tally, again=again)}")
        raise
    return tally


def end(tally: Tally, form: Form, *, again: bool = False) -> None:
    """Print the sum, and end as the exit codes have it.

    Args:
        tally: The sum.
        form: How to print it.
        again: Whether documents were read that the ledger had.
    """
    put(as_json(tally.to_json()) if form is Form.JSON else told(tally, again=again))
    if tally.errors:
        raise typer.Exit(SOME_FAILED)


def told(tally: Tally, *, again: bool = False) -> str:
    """The sum in one line."""
    if again:
        parts = [number(tally.documents + tally.known, "document") + " read again", number(tally.statements, "statement")]
    else:
        parts = [number(tally.documents, "document"), number(tally.articles, "new article"), number(tally.statements, "statement")]
    parts += [number(tally.revisions, "new text") + " of articles known before"] if tally.revisions else []
    parts += [f"{tally.known:,} known already"] if tally.known and not again else []
    parts += [f"{tally.unchanged:,} unchanged"] if tally.unchanged else []
    parts += [f"{len(tally.errors):,} failed"] if tally.errors else []
    return ", ".join(parts)


@contextmanager
def busy(doing: str) -> Iterator[None]:
    """Show that something goes on whose end is not known."""
    with progress(doing, 1) as bar:
        bar.add_task(doing, total=1)
        yield


def progress(doing: str, total: int | None) -> Progress:
    """A bar on standard error, if that is a terminal.

    Args:
        doing: Word before it.
        total: How many there will be; None if that is not known; 1 for what has no parts.
    """
    to = Console(stderr=True)
    known = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    unknown = (SpinnerColumn(), TextColumn("{task.completed:,}"), TimeElapsedColumn())
    columns = (SpinnerColumn(), TimeElapsedColumn()) if total == 1 else unknown if total is None else known
    # rich would send what is printed to standard output to the bar's console, even into a file.
    return Progress(TextColumn(doing), *columns, console=to, transient=True, redirect_stdout=False, redirect_stderr=False, disable=not to.is_terminal)


def _say(bar: Progress, message: str) -> None:
    if bar.disable:
        say_plainly(message)
        return
    bar.stop()
    say_plainly(message)
    bar.start()


def number(count: int, noun: str) -> str:
    """So many of something."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
