"""`onrecord quantities`, `onrecord due`, `onrecord outcome`: figures in statements, dates that have come, and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from onrecord.cli.figures import DUE_COLUMNS, FIGURE_COLUMNS, due_row, due_table, figure_row, figures_table
from onrecord.cli.found import csv_line
from onrecord.cli.ledgers import By, Debug, Form, Format, LedgerName, Note, RowForm, RowFormat, opened
from onrecord.cli.printing import as_json, console, output_to, put

if TYPE_CHECKING:
    from onrecord.ledger.words import Terms

__all__ = ["Order", "Verdict", "due", "outcome", "quantities"]

#: Rows of a table or of JSON, if the user does not say.
_PAGE = 20


class Order(StrEnum):
    """In which order."""

    DATE = "date"
    OLDEST = "oldest"
    SIZE = "size"


class Verdict(StrEnum):
    """What became of a prediction or promise."""

    KEPT = "kept"
    BROKEN = "broken"
    UNCLEAR = "unclear"
    OPEN = "open"


def _several(name: str, told: str, metavar: str = "NAME") -> Any:  # noqa: ANN401 - typer's own type
    return typer.Option(name, metavar=metavar, help=f"{told} May be given more than once.", show_default=False)


_Words = Annotated[list[str] | None, typer.Argument(metavar="WORDS...", help="What was said. Without words, everything.", show_default=False)]
_Actors = Annotated[list[str] | None, _several("--actor", "Who spoke: a name, a part of one, or an id.")]
_Outlets = Annotated[list[str] | None, _several("--outlet", "Who published it: a name or a part of one.")]
_Countries = Annotated[list[str] | None, _several("--country", "The speaker's, as two letters.", "CODE")]
_Issues = Annotated[list[str] | None, _several("--issue", "Id or label of an issue that the statement takes a position on.", "ISSUE")]
_Since = Annotated[str | None, typer.Option(metavar="DAY", help="First day of publication: 2025-03-14, 2025-03 or 2025.", show_default=False)]
_Until = Annotated[str | None, typer.Option(metavar="DAY", help="Last day, likewise.", show_default=False)]
_Limit = Annotated[int | None, typer.Option(min=0, help="How many at most. Default: 20; all with jsonl and csv.", show_default=False)]
_Offset = Annotated[int, typer.Option(min=0, help="How many to pass over first.")]
_Everything = Annotated[bool, typer.Option("--everything", help="Also texts that were replaced, superseded readings, and what was judged wrong.")]
_Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write there instead.", show_default=False)]


def quantities(
    words: _Words = None,
    *,
    unit: Annotated[list[str] | None, _several("--unit", "GBP, percent, people, days ...; `$` where the text does not say whose.", "UNIT")] = None,
    least: Annotated[str | None, typer.Option("--min", metavar="NUMBER", help="The least: 1000, 1e9, 4.5bn.", show_default=False)] = None,
    most: Annotated[str | None, typer.Option("--max", metavar="NUMBER", help="The greatest, likewise.", show_default=False)] = None,
    actor: _Actors = None,
    outlet: _Outlets = None,
    country: _Countries = None,
    issue: _Issues = None,
    since: _Since = None,
    until: _Until = None,
    sort: Annotated[Order, typer.Option(help="The newest first, the oldest, or the greatest.")] = Order.DATE,
    limit: _Limit = None,
    offset: _Offset = 0,
    everything: _Everything = False,
    form: RowFormat = RowForm.TABLE,
    output: _Output = None,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Find figures in statements: sums of money, numbers of people, shares, lengths of time.

    A range is found if a part of it fits; "more than 30" and "up to 30" by their 30.

    \b
    Examples:
      onrecord quantities --unit GBP --min 1e9
      onrecord quantities harbour --actor Brandt --sort size
      onrecord quantities --unit people --since 2026-03 --format csv --output people.csv

    Columns of csv: low, high, unit, bound, figure (its words), and those of `onrecord search`.

    Exit codes: 0 done, also if nothing was found, 2 the command line or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    asked = _given(unit=unit, least=least, most=most, actor=actor, outlet=outlet, country=country, issue=issue, since=since, until=until)
    asked |= {"sort": sort.value, "everything": everything}
    with opened(ledger, debug=debug) as desk:
        said = " ".join(words or ())
        found = desk.quantities(said, **asked, limit=_rows(limit, form), offset=offset)
        listing = _Listing("figure", "figures", lambda: desk.count_quantities(said, **asked), FIGURE_COLUMNS, figure_row, figures_table, said)
        listing.print(found, form, output, offset)


def due(
    words: _Words = None,
    *,
    on: Annotated[
        str | None, typer.Option(metavar="DAY", help="Dates up to this day: 2025-03-14, 2025-03 or 2025. Default: today.", show_default=False)
    ] = None,
    actor: _Actors = None,
    outlet: _Outlets = None,
    country: _Countries = None,
    issue: _Issues = None,
    since: _Since = None,
    until: _Until = None,
    checked: Annotated[bool, typer.Option("--all", help="Also those that somebody judged already.")] = False,
    undated: Annotated[bool, typer.Option("--undated", help="Those that hang on an event, and have no date, instead.")] = False,
    limit: _Limit = None,
    offset: _Offset = 0,
    everything: _Everything = False,
    form: RowFormat = RowForm.TABLE,
    output: _Output = None,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """List predictions and promises whose date has come, the oldest first, for checking.

    A date has come on the last day to wait for: 31 December 2026 of "by 2026", and of "before 2027". What became of it, `onrecord outcome` notes.

    \b
    Examples:
      onrecord due
      onrecord due --on 2027-01 --actor Brandt
      onrecord due --all --format csv --output checked.csv
      onrecord due --undated election

    Columns of csv: due, relation, edtf, horizon (its words), act, outcome, outcome_by, outcome_on, outcome_note, and those of `onrecord search`.

    Exit codes: 0 done, also if nothing is due, 2 the command line or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    asked = _given(on=on, actor=actor, outlet=outlet, country=country, issue=issue, since=since, until=until)
    asked |= {"checked": checked, "undated": undated, "everything": everything}
    with opened(ledger, debug=debug) as desk:
        said = " ".join(words or ())
        found = desk.due(said, **asked, limit=_rows(limit, form), offset=offset)
        _Listing("date", "due", lambda: desk.count_due(said, **asked), DUE_COLUMNS, due_row, due_table, said).print(found, form, output, offset)


def outcome(
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="Its id, as `onrecord due` shows it.", show_default=False)],
    verdict: Annotated[
        Verdict, typer.Argument(metavar="kept|broken|unclear|open", help="It came so; it did not; not to be told; not looked at yet.", show_default=False)
    ],
    *,
    horizon: Annotated[
        str | None, typer.Option(metavar="EDTF", help="The date it is about, where the statement has several: 2027, 2026-05.", show_default=False)
    ] = None,
    by: By = None,
    note: Note = None,
    form: Format = Form.TABLE,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Say what became of a prediction or promise: kept, broken, or unclear. `open` takes an earlier judgement back.

    Judgements are added and never changed; the last one counts. They survive every re-reading, and every edit that leaves the words as they are.

    \b
    Examples:
      onrecord outcome s1:0f3a5c7d9e1b2a4c6e80 broken --note "the quay is still closed"
      onrecord outcome s1:0f3a5c7d9e1b2a4c6e80 kept --horizon 2026-05

    Exit codes: 0 done, 2 there is no such statement or date, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    with opened(ledger, debug=debug) as desk:
        made = desk.outcome(statement, verdict.value, horizon=horizon, by=by, note=note)
        if form is Form.JSON:
            put(as_json({"outcome": made, "statement": statement, "verdict": verdict.value, "horizon": horizon}))
            return
        put(f"{statement} is {verdict.value}", f"judgement {made}; to take it back: onrecord outcome {statement} open")


def _given(**options: Any) -> dict[str, Any]:  # noqa: ANN401 - options of any kind
    return {k: v for k, v in options.items() if v is not None and v != []}


def _rows(limit: int | None, form: RowForm) -> int | None:
    return limit if limit is not None else None if form in (RowForm.JSONL, RowForm.CSV) else _PAGE


@dataclass(frozen=True, slots=True)
class _Listing:
    """How one sort of finding is printed."""

    #: What one is called.
    noun: str
    #: The key of the list in JSON.
    key: str
    count: Callable[[], int]
    columns: Sequence[str]
    row: Callable[[Any], Sequence[str | None]]
    table: Callable[[Iterable[Any], Terms | None, Console], Table]
    #: What was looked for.
    words: str

    def print(self, found: Iterator[Any], form: RowForm, output: str | None, offset: int) -> None:
        """Print; the first row is fetched before anything is, so that a wrong question prints nothing."""
        first = next(found, None)
        every: Iterator[Any] = chain([first], found) if first is not None else iter(())
        if form in (RowForm.TABLE, RowForm.JSON):
            rows: list[Any] = list(every)
            total = self.count()
            if form is RowForm.TABLE:
                self._table(rows, total, output, offset)
                return
            lines: Iterable[str] = [as_json({"total": total, self.key: [r.to_json() for r in rows]}) + "\n"]
        elif form is RowForm.CSV:
            lines = chain([csv_line(self.columns)], (csv_line(self.row(r)) for r in every))
        else:
            lines = (_line(r) for r in every)
        with output_to(output) as target:
            target.writelines(lines)

    def _table(self, rows: list[Any], total: int, output: str | None, offset: int) -> None:
        from onrecord.ledger.words import parse

        with output_to(output) as target:
            to = console(target if output else None)
            if rows:
                put(self.table(rows, parse(self.words), to), to=to)
            put(self._total(len(rows), total, offset), to=to)

    def _total(self, shown: int, total: int, offset: int) -> str:
        if not total:
            return f"no {self.noun}s found"
        if shown == total:
            return f"{total:,} {self.noun}{'' if total == 1 else 's'}"
        return f"{shown:,} of {total:,}{f', after the first {offset:,}' if offset else ''}; --limit, --offset for more"


def _line(found: Any) -> str:  # noqa: ANN401 - a figure or a date
    from onrecord.export.jsons import dumped

    return dumped(found.to_json()) + "\n"
