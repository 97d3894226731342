"""`onrecord roster`: actors that the ledger is told of, so that articles are read with them."""

from __future__ import annotations

from typing import Annotated

import typer

from onrecord.cli.ledgers import Debug, Form, Format, LedgerName, named, opened
from onrecord.cli.printing import as_json, put

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, help="Tell the ledger of actors: names, aliases, offices with their days.")


@app.callback()
def roster() -> None:
    """Tell the ledger of actors: names, aliases, offices with their days."""


@app.command("add", no_args_is_help=True)
def add(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Rosters, as YAML or CSV (*.csv).", show_default=False)],
    *,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """File a roster into the ledger. From now on articles are read with it; what it said of an actor before is replaced.

    The ledger is made if it is not there.

    \b
    Examples:
      onrecord roster add examples/roster.yaml

    Exit codes: 0 done, 2 a file cannot be read (nothing of it is filed), or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    from onrecord.desk import roster_named

    read = [roster_named(str(f)) for f in named(files)]
    with opened(ledger, create=True, debug=debug) as desk:
        done = [desk.add_roster(r) for r in read]
        new, changed = (sum(counts) for counts in zip(*done, strict=True))
        put(as_json({"new": new, "changed": changed}) if form is Form.JSON else f"{new:,} new, {changed:,} changed")
