"""`onrecord explain`: why this actor, in words; read again, so that the answer can be checked."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from onrecord.cli.screen import explained
from onrecord.cli.writer import Format
from onrecord.desk import Record, Settings, read_document, reader_named
from onrecord.entry import Entry
from onrecord.errors import NotFoundError, UsageError
from onrecord.sources import expand

__all__ = ["explain"]


def explain(
    statement: Annotated[
        str, typer.Argument(metavar="STATEMENT", help="A statement's id, its first characters, or its number in the article, from 1.", show_default=False)
    ],
    source: Annotated[str, typer.Option("--in", metavar="INPUT", help="The article it is in: a file, a web address, or - for standard input.")],
    *,
    form: Annotated[Format, typer.Option("--format", "-f", help="table (for people) or json.")] = Format.TABLE,
    url: Annotated[str | None, typer.Option(help="As it was given to `onrecord read`.", show_default=False)] = None,
    published: Annotated[str | None, typer.Option(help="As it was given to `onrecord read`.", show_default=False)] = None,
    outlet: Annotated[str | None, typer.Option(help="As it was given to `onrecord read`.", show_default=False)] = None,
    model: Annotated[str | None, typer.Option(help="A model's name or folder. Default: the newest in the package.", show_default=False)] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch addresses inside your own network, too.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
) -> None:
    """Say why a statement has this speaker, chain and date.

    The article is read again with the same program, so the answer is a replay: the same article, model and version give the same words. Each
    reason is what the text says, or what a weight of the model adds to (+) or takes from (-) the choice.

    \b
    Examples:
      onrecord explain 3 --in article.txt
      onrecord explain s1:5f0c --in article.html --format json

    Exit codes: 0 done, 2 the command line is wrong or there is no such statement.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    from onrecord.desk import moment

    if debug:
        os.environ["ONRECORD_DEBUG"] = "1"
    if form not in (Format.TABLE, Format.JSON):
        raise UsageError(f"an explanation has no form {form}", hint="--format table or json")
    items = expand([source], allow_private=allow_private)
    settings = Settings(url=url, published=moment(published), outlet=outlet, model=model)
    records = [r for item in items for r in read_document(item.load(), settings, reader_named(model))]
    record, entry = _chosen(records, statement, source)
    if form is Format.JSON:
        sys.stdout.write(json.dumps(entry.to_json() | {"when_reason": entry.occasion.when.reason}, indent=2, ensure_ascii=True) + "\n")
        return
    explained(record, entry, Console())


def _chosen(records: Sequence[Record], statement: str, source: str) -> tuple[Record, Entry]:
    everything = [(r, e) for r in records for e in r.entries]
    if statement.isdecimal() and 1 <= int(statement) <= len(everything):
        return everything[int(statement) - 1]
    found = [(r, e) for r, e in everything if statement and (e.id.startswith(statement) or e.id.removeprefix("s1:").startswith(statement))]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} statements begin with {statement!r}", hint="give more of the id")
    raise NotFoundError(
        f"no statement {statement!r} among {len(everything)}", item=source, hint="`onrecord read --format jsonl` prints the ids; an edited article has others"
    )
