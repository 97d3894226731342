"""What goes to standard output: lines, tables, JSON; text of strangers in it can do nothing to a terminal."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import typer
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from onrecord.cli.screen import visible
from onrecord.errors import UsageError

__all__ = ["as_json", "closed_early", "console", "facts", "grid", "is_plain", "json_line", "one_line", "output_to", "put", "safe", "stream"]

#: Columns of a table that goes to a file or a pipe.
WIDE = 160
#: Columns that hold an id or a number are never folded.
_WHOLE = frozenset({"id", "judgement", "day"})


def console(file: TextIO | None = None) -> Console:
    """Where tables are printed: as wide as the terminal, and without colours elsewhere."""
    if file is None and sys.stdout.isatty():
        return Console(emoji=False, highlight=False)
    return Console(file=file, width=WIDE, color_system=None, emoji=False, highlight=False)


def is_plain(to: Console) -> bool:
    """Whether colours cannot tell anything there."""
    return to.no_color or to.color_system is None


def put(*lines: RenderableType, to: Console | None = None) -> None:
    """Print; strings go out as they are. Whoever reads our output may stop when he has enough."""
    target = to or console()
    with closed_early():
        for line in lines:
            if isinstance(line, str):
                target.file.write(line + "\n")
            else:
                target.print(line)
        target.file.flush()


@contextmanager
def closed_early() -> Iterator[None]:
    """Leave without a complaint, Python's own at shutdown included, when nobody reads standard output any more."""
    try:
        yield
    except BrokenPipeError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None


def as_json(value: object) -> str:
    """JSON to read. Lone surrogates, which UTF-8 cannot hold, are escaped."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return text if text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text) else json.dumps(value, indent=2)


def json_line(value: object) -> str:
    """JSON on one line, with its end."""
    from onrecord.export.jsons import dumped

    return dumped(value) + "\n"


def one_line(text: str) -> str:
    """A stranger's text on one line, with nothing in it that moves the cursor."""
    return visible(" ".join(text.split()))


def safe(text: str) -> str:
    """The same, for where rich reads markup."""
    return escape(one_line(text))


def grid(columns: Iterable[str], rows: Iterable[Sequence[str | Text]], *, right: Iterable[str] = ()) -> Table:
    """A table without lines.

    Args:
        columns: Their names.
        rows: A cell a column; strings are made safe, and `Text` is taken as it is.
        right: Columns of numbers.
    """
    table, numbers = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0)), set(right)
    for name in columns:
        table.add_column(name, overflow="fold", justify="right" if name in numbers else "left", no_wrap=name in _WHOLE | numbers)
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else safe(cell) for cell in row))
    return table


def facts(pairs: Iterable[tuple[str, str | None]], *, width: int = 12) -> list[str]:
    """A line for each fact that is known."""
    return [f"  {name:<{width}}{one_line(value)}" for name, value in pairs if value]


@contextmanager
def output_to(path: str | None) -> Iterator[TextIO]:
    """Standard output, or a file that is written whole or not at all.

    Raises:
        UsageError: The file cannot be written.
    """
    if path is None:
        with closed_early():
            yield sys.stdout
            sys.stdout.flush()
        return
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as stream:
            yield stream
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(target)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        Path(name).unlink(missing_ok=True)


def stream(lines: Iterable[str], path: str | None) -> None:
    """Write lines as they come, to standard output or to a file that is written whole or not at all.

    Raises:
        UsageError: The file cannot be written.
    """
    with output_to(path) as target:
        target.writelines(lines)


def _unwritable(path: str, error: OSError) -> UsageError:
    return UsageError(f"cannot be written: {error.strerror or error}", item=path, hint="check --output")
