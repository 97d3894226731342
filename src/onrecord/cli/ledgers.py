"""The ledger that a command works on: the options that all of them share, opening it, and saying which one it was."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.cli.printing import closed_early
from onrecord.cli.read import say_plainly
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.desk import Desk, Settings
    from onrecord.ledger import Ledger

__all__ = [
    "INTERRUPTED",
    "KEPT",
    "USAGE",
    "AllowPrivate",
    "By",
    "Debug",
    "Engine",
    "Form",
    "Format",
    "LedgerName",
    "Model",
    "NoRobots",
    "Note",
    "RowForm",
    "RowFormat",
    "Workers",
    "located",
    "named",
    "opened",
    "stopping",
    "used",
]

USAGE = 2
INTERRUPTED = 130
#: What an interrupted command says that files things.
KEPT = "stopped; what was filed stays, and the same command goes on from there"


class Form(StrEnum):
    """How one thing is printed."""

    TABLE = "table"
    JSON = "json"


class RowForm(StrEnum):
    """How many things are printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


LedgerName = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="PATH|URL",
        envvar="ONRECORD_LEDGER",
        help="A SQLite file, or postgresql://user@host/name. Default: ledger.db in your data folder.",
        show_default=False,
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an error came from.")]
Format = Annotated[Form, typer.Option("--format", "-f", help="A table for people, or JSON.")]
RowFormat = Annotated[RowForm, typer.Option("--format", "-f", help="A table for people, the others for machines.")]
Workers = Annotated[int, typer.Option("--workers", "-w", min=1, help="Articles to read at the same time, each in a process of its own.")]
Model = Annotated[str | None, typer.Option(help="A model's name or folder. Default: the newest in the package.", show_default=False)]
Engine = Annotated[str, typer.Option(help="auto, onnxruntime or openvino.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Fetch addresses inside your own network, too.")]
NoRobots = Annotated[bool, typer.Option("--no-robots", help="Do not ask robots.txt. Be sure that you may.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides. Default: your login.", show_default=False)]
Note = Annotated[str | None, typer.Option("--note", help="Why; kept with the judgement.", show_default=False)]


def located(where: str | None, *, debug: bool = False) -> Ledger:
    """The ledger that is meant, not looked at yet.

    Args:
        where: What `--ledger` or `ONRECORD_LEDGER` says; None for the one in the user's data folder.
        debug: Show where errors come from, from now on.

    Raises:
        UsageError: It is no name of a ledger.
    """
    from onrecord.ledger import Ledger

    if debug:
        os.environ["ONRECORD_DEBUG"] = "1"
    if where is not None and not where.strip():
        raise UsageError("--ledger without a name", hint="give a path or a database URL, or leave it out")
    return Ledger(where)


@contextmanager
def opened(
    where: str | None,
    *,
    create: bool = False,
    debug: bool = False,
    settings: Settings | None = None,
    map: Callable[..., Any] = map,  # noqa: A002 - it takes the place of the builtin
    interrupted: str = "stopped",
) -> Iterator[Desk]:
    """Open a ledger for one command, say which it is, and end cleanly when the user stops it or reads no more.

    Args:
        where: As for `located`.
        create: Make it if it is not there.
        debug: Show where errors come from.
        settings: What articles are read with.
        map: How documents are read.
        interrupted: What to say after Ctrl-C.

    Raises:
        LedgerError: It cannot be opened.
    """
    from onrecord.desk import Desk
    from onrecord.desk import Settings as Defaults
    from onrecord.ledger import schema

    with stopping(interrupted), located(where, debug=debug) as ledger:
        made = create and schema.create(ledger.database)
        if not create:
            schema.check(ledger.database)
        used(ledger, "new" if made else None)
        yield Desk(ledger, settings or Defaults(), map=map)


def used(ledger: Ledger, remark: str | None = None) -> None:
    """Say on standard error which ledger it is; a password in its URL is hidden."""
    say_plainly(f"ledger: {ledger.name}" + (f" ({remark})" if remark else ""))


@contextmanager
def stopping(said: str) -> Iterator[None]:
    """End cleanly after Ctrl-C, and when nobody reads standard output any more."""
    try:
        with closed_early():
            yield
    except KeyboardInterrupt:
        say_plainly(said)
        raise typer.Exit(INTERRUPTED) from None


def named(sources: list[str]) -> list[str | Path]:
    """What the user named: web addresses as they are, everything else as paths.

    Raises:
        UsageError: A name is empty: to a computer that is the working folder, to a person a mistake.
    """
    from onrecord.sources import is_url

    if any(not s.strip() for s in sources):
        raise UsageError("an empty name", hint="check the variables of your script")
    return [s if is_url(s) else Path(s) for s in sources]
