"""What commands over positions share: the options, and how many rows there are of how many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain
from typing import Annotated, Any

import typer

from onrecord.cli.ledgers import RowForm
from onrecord.positions.shifts import LEAST

__all__ = [
    "PAGE",
    "Actors",
    "Camp",
    "Issues",
    "Limit",
    "MinScore",
    "Output",
    "Reported",
    "Since",
    "Until",
    "begun",
    "counted",
    "given",
    "rows_at_most",
    "several",
]

#: Rows of a table or of JSON, if the user does not say.
PAGE = 20


def several(name: str, told: str, metavar: str) -> Any:  # noqa: ANN401 - typer's own type
    """An option that may be given more than once.

    Args:
        name: Its name, such as `--issue`.
        told: What it is.
        metavar: What its value is called.
    """
    return typer.Option(name, metavar=metavar, help=f"{told} May be given more than once.", show_default=False)


Issues = Annotated[list[str] | None, several("--issue", "Id or label of an issue. Default: all that are followed.", "ISSUE")]
Actors = Annotated[list[str] | None, several("--actor", "Whose positions: a name, a part of one, or an id.", "NAME")]
Camp = Annotated[
    str | None,
    typer.Option(
        "--camp", metavar="CAMP", help="A country's code, or the name or id of a state or an organization: it and who speaks for it.", show_default=False
    ),
]
Since = Annotated[
    str | None, typer.Option(metavar="DAY", help="First day, of speaking if known, else of publication: 2025-03-14, 2025-03 or 2025.", show_default=False)
]
Until = Annotated[str | None, typer.Option(metavar="DAY", help="Last day, likewise.", show_default=False)]
MinScore = Annotated[
    float | None, typer.Option("--min-score", min=0, max=1, help=f"What a machine's position must have to count. Default: {LEAST}.", show_default=False)
]
Reported = Annotated[bool, typer.Option("--reported", help="Count also what others report of somebody as theirs.")]
Limit = Annotated[int | None, typer.Option("--limit", min=0, help="How many rows at most. Default: 20; all with jsonl and csv.", show_default=False)]
Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write there instead.", show_default=False)]


def given(**filters: Any) -> dict[str, Any]:  # noqa: ANN401 - values of any option
    """The filters that the user gave, as the desk takes them."""
    return {k: v.value if isinstance(v, StrEnum) else v for k, v in filters.items() if v not in (None, []) and v is not False}


def rows_at_most(limit: int | None, form: RowForm) -> int | None:
    """How many rows are printed: as many as the user says; else a page for people, and all for machines."""
    return limit if limit is not None else None if form in (RowForm.JSONL, RowForm.CSV) else PAGE


def begun(found: Iterable[Any]) -> Iterator[Any]:
    """The same; the first is fetched already, so that a wrong question prints nothing."""
    iterator = iter(found)
    first = next(iterator, None)
    return iter(()) if first is None else chain([first], iterator)


def counted(shown: int, total: int, noun: str, *, offset: int = 0) -> str:
    """How many of how many, in words.

    Args:
        shown: Rows that are shown.
        total: Rows that there are.
        noun: What a row is.
        offset: Rows that were passed over.
    """
    if not total:
        return f"no {noun}s found"
    if shown == total:
        return f"{total:,} {noun}{'' if total == 1 else 's'}"
    return f"{shown:,} of {total:,}{f', after the first {offset:,}' if offset else ''}; --limit for more"
