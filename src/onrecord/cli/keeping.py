"""`onrecord status`, `sql`, `upgrade`, `backup` and `check`: how a ledger is, and keeping it well."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.cli.found import csv_line
from onrecord.cli.ledgers import Debug, Form, Format, LedgerName, RowForm, RowFormat, located, opened, stopping, used
from onrecord.cli.printing import as_json, facts, grid, one_line, put
from onrecord.cli.read import say_plainly
from onrecord.cli.tallying import SOME_FAILED, busy
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.ledger import Ledger, Rows, Status

__all__ = ["backup", "check", "sql", "status", "upgrade"]

#: Outlets of `status` that are listed.
_OUTLETS = 20


def status(*, form: Format = Form.TABLE, ledger: LedgerName = None, debug: Debug = False) -> None:
    """Say how much a ledger holds, who read it, and how the feeds are.

    \b
    Examples:
      onrecord status
      onrecord status --ledger news.db --format json

    Exit codes: 0 done, 2 the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        found = desk.status()
        if form is Form.JSON:
            put(as_json(found.to_json()))
        else:
            _put_status(found)


def _put_status(found: Status) -> None:
    size = None if found.size is None else _bytes(found.size)
    counts = [(name, f"{number:,}") for name, number in found.counts.items()]
    links = ", ".join(f"{n:,} {state}" for state, n in sorted(found.links.items()))
    seen = f"{found.first[:16]} to {(found.last or found.first)[:16]}" if found.first else None
    put(one_line(found.ledger), *facts([*counts, ("seen", seen), ("size", size), ("schema", found.schema), ("links", links or None)]))
    if found.outlets:
        put("", grid(("outlet", "statements"), [(name, f"{n:,}") for name, n in found.outlets[:_OUTLETS]], right=("statements",)))
        if len(found.outlets) > _OUTLETS:
            put(f"and {len(found.outlets) - _OUTLETS:,} more")
    if found.readers:
        put("", grid(("reader", "texts"), [(name, f"{n:,}") for name, n in found.readers], right=("texts",)))
    if found.feeds:
        rows = [(f.url, f.title or "", *_state(f.active, f.checked, f.due), f.error or "") for f in found.feeds]
        put("", grid(("feed", "title", "last asked", "next", "error"), rows))


def _state(active: bool, checked: str | None, due: str) -> tuple[str, str]:  # noqa: FBT001 - two columns of a feed
    return (checked or "never")[:16], due[:16] if active else "not followed"


def _bytes(count: int) -> str:
    size, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":  # noqa: PLR2004 - as file managers count
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"


# SQL --------------------------------------------------------------------------------------------------------------------------------


def sql(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="One SELECT.", show_default=False)],
    *,
    limit: Annotated[int, typer.Option(min=0, help="How many rows at most; 0 for all.")] = 100,
    form: RowFormat = RowForm.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Ask the ledger's database in SQL. Nothing can be changed.

    The view who_said_what has a row for each statement that counts, who_carried_it one for each witness of a quotation.

    \b
    Examples:
      onrecord sql "SELECT speaker, count(*) FROM who_said_what GROUP BY speaker ORDER BY 2 DESC"
      onrecord sql "SELECT * FROM who_said_what" --format csv --limit 0

    Exit codes: 0 done, 2 the query or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        rows = desk.sql(query, limit=limit or None)
        _put_rows(rows, form)
        if rows.cut:
            say_plainly(f"the first {len(rows.rows):,} rows; --limit 0 gives all")


def _put_rows(rows: Rows, form: RowForm) -> None:
    from onrecord.export.jsons import dumped

    if form is RowForm.CSV:
        put("".join([csv_line(rows.columns), *(csv_line([_cell(v) for v in row]) for row in rows.rows)]).removesuffix("\n"))
    elif form is RowForm.TABLE:
        put(grid(rows.columns, [[_shown(v) for v in row] for row in rows.rows]))
    else:
        named = [dict(zip(rows.columns, map(_plain, row), strict=True)) for row in rows.rows]
        put(as_json(named)) if form is RowForm.JSON else put(*map(dumped, named))


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a database holds
    """A value as JSON knows it; bytes as base64."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def _cell(value: Any) -> str | None:  # noqa: ANN401 - whatever a database holds
    plain = _plain(value)
    return plain if plain is None or isinstance(plain, str) else as_json(plain)


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever a database holds
    if isinstance(value, bytes | memoryview):
        return f"({len(bytes(value)):,} bytes)"
    return "" if value is None else str(value)


# Keeping it well --------------------------------------------------------------------------------------------------------------------


def upgrade(
    *,
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Do not copy the ledger beside itself first.")] = False,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Bring a ledger of an older onrecord up to date: all steps or none. A back-up beside the file comes first.

    \b
    Examples:
      onrecord upgrade
      onrecord upgrade --ledger postgresql://desk@db.example/news --no-backup

    Exit codes: 0 done, 2 it is no ledger, or one of a newer onrecord.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    from onrecord.ledger import schema

    with stopping("stopped; the ledger is as it was"), located(ledger, debug=debug) as there:
        before = schema.version_of(there.database)
        used(there)
        if before == schema.NEWEST:
            put(f"the ledger is up to date (schema {before})")
            return
        if before is not None and before < schema.NEWEST and not no_backup:
            put(f"back-up: {_backed_up(there, before)}")
        with busy("upgrading"):
            old, new = schema.upgrade(there.database)
        put(f"the ledger is up to date: schema {new}, before {old}")


def _backed_up(there: Ledger, version: str) -> Path:
    path = there.database.path
    if path is None:
        raise UsageError("a ledger on a server is backed up there", item=there.name, hint="use pg_dump, and then `onrecord upgrade --no-backup`")
    target, number = path.with_name(f"{path.name}.schema-{version}.backup"), 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.name}.schema-{version}-{number}.backup")
    with busy("backing up"):
        there.back_up(target)
    return target


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes; nothing may be there yet.", show_default=False)],
    *,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Copy a ledger into a file while others may go on writing to it. To restore it, put the file where the ledger was.

    \b
    Examples:
      onrecord backup ledger-2026-03-12.db

    Exit codes: 0 done, 2 the file is there already, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug, interrupted="stopped; no back-up was made") as desk:
        with busy("backing up"):
            desk.ledger.back_up(file)
        put(f"back-up: {one_line(str(file))} ({_bytes(file.stat().st_size)})")


def check(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Do not read every text and statement.")] = False,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Look a ledger over: is the file whole, does every span hold its words, does everything point somewhere.

    \b
    Examples:
      onrecord check
      onrecord check --quick --ledger news.db

    Exit codes: 0 it is sound, 1 it is not (each fault is a line), 2 it is no ledger.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        with busy("checking"):
            faults = desk.ledger.check(thorough=not quick)
        if not faults:
            put("the ledger is sound" + (" as far as a quick look tells" if quick else ""))
            return
        put(*map(one_line, faults))
        say_plainly(f"{len(faults):,} fault{'' if len(faults) == 1 else 's'}; `onrecord backup` before you mend anything")
        raise typer.Exit(SOME_FAILED)
