"""`onrecord positions`: who stands where, as a matrix, and the statements behind each of its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from onrecord.cli.evidence import EVIDENCE_COLUMNS, evidence_row, evidence_table
from onrecord.cli.found import csv_line
from onrecord.cli.ledgers import Debug, LedgerName, RowForm, RowFormat, opened
from onrecord.cli.matrix_table import CELL_COLUMNS, cell_row, cell_rows, matrix_json, matrix_tables, numbered, track_legend
from onrecord.cli.printing import as_json, console, json_line, one_line, output_to, put, stream
from onrecord.cli.stances import legend
from onrecord.cli.standing_options import (
    Actors,
    Camp,
    Issues,
    Limit,
    MinScore,
    Output,
    Reported,
    Since,
    Until,
    begun,
    counted,
    given,
    rows_at_most,
    several,
)
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.desk import Desk
    from onrecord.ledger.standing import Matrix, PositionQuery

__all__ = ["Every", "RowsBy", "positions"]


class Every(StrEnum):
    """Periods."""

    WEEK = "week"
    MONTH = "month"


class RowsBy(StrEnum):
    """What a row is."""

    ACTOR = "actor"
    COUNTRY = "country"
    ORGANIZATION = "organization"


def positions(
    *,
    issue: Issues = None,
    actor: Actors = None,
    camp: Camp = None,
    since: Since = None,
    until: Until = None,
    min_score: MinScore = None,
    stance: Annotated[list[str] | None, several("--stance", "support, oppose, conditional or neutral.", "STANCE")] = None,
    reported: Reported = False,
    by: Annotated[Every | None, typer.Option("--by", help="Show each cell through time.", show_default=False)] = None,
    rows: Annotated[RowsBy, typer.Option("--rows", help="What a row is: an actor, or all who speak for a country or an organization.")] = RowsBy.ACTOR,
    evidence: Annotated[bool, typer.Option("--evidence", help="The positions one by one, with the words that show them, instead of the matrix.")] = False,
    cell: Annotated[
        int | None, typer.Option("--cell", min=1, metavar="NUMBER", help="Open a cell of the same matrix by its number.", show_default=False)
    ] = None,
    limit: Limit = None,
    offset: Annotated[int, typer.Option(min=0, help="With --evidence or --cell: how many to pass over first.")] = 0,
    form: RowFormat = RowForm.TABLE,
    output: Output = None,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show who stands where: a matrix of actors and issues, and the statements behind each of its cells.

    A cell has its number, the stance that stands last, how many statements count, the last day, and what must be known: where it came from, that a day is
    mixed, that coders differ, what is only reported. What a person coded goes before what the machine says. A machine's position below --min-score does not
    count. --cell opens a cell by its number, with the same filters; --evidence lists positions without a matrix.

    \b
    Examples:
      onrecord positions
      onrecord positions --issue ceasefire-30d --camp KE --by week
      onrecord positions --cell 7
      onrecord positions --issue ceasefire-30d --actor Sorev --evidence
      onrecord positions --rows country --since 2026-03 --format csv --output matrix.csv

    Columns of csv, a row for each cell: cell, issue, who, who_id, type, country, organization, period (first day; empty for the whole cell; its periods follow
    with --by), stance, statements, support, oppose, conditional, neutral, first, last, before, trend (up, down), mixed, disputed, by_hand,
    reported_support, reported_oppose, reported_conditional, reported_neutral, evidence. With --evidence or --cell, a row for each position: key, issue, day,
    who, who_id, type, country, organization, stance, score, by_hand, disputed, reported, reported_by, chain, words, condition, act, coder, coded_by, outlet,
    title, url, statement, revision.

    Exit codes: 0 done, also if nothing was found, 2 the command line or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    filters = given(issue=issue, actor=actor, camp=camp, since=since, until=until, min_score=min_score, stance=stance, reported=reported, every=by, rows=rows)
    if evidence and (cell is not None or by is not None):
        raise UsageError("--evidence lists positions one by one", hint="leave out --cell and --by")
    if offset and not (evidence or cell is not None):
        raise UsageError("--offset without --evidence or --cell", hint="a matrix begins with its first row; --limit says how many")
    at_most = rows_at_most(limit, form)
    with opened(ledger, debug=debug) as desk:
        asked = desk.position_query(**filters)
        if cell is not None:
            _put_cell(desk, asked, cell, form, output, limit=at_most, offset=offset)
        elif evidence:
            found = desk.ledger.positions(asked.but(reported=True), limit=at_most, offset=offset)
            _put_evidence(found, lambda: desk.ledger.count_positions(asked.but(reported=True)), form, output, offset=offset)
        else:
            _put_matrix(desk, asked, form, output, rows=at_most)


def _put_matrix(desk: Desk, asked: PositionQuery, form: RowForm, output: str | None, *, rows: int | None) -> None:
    matrix = desk.ledger.matrix(asked)
    if form is RowForm.JSON:
        stream([as_json(matrix_json(matrix, rows=rows)) + "\n"], output)
    elif form is RowForm.JSONL:
        stream((json_line({"cell": n, **c.to_json()}) for n, c in cell_rows(matrix, rows=rows)), output)
    elif form is RowForm.CSV:
        stream(chain([csv_line(CELL_COLUMNS)], (csv_line(cell_row(*one)) for one in cell_rows(matrix, rows=rows))), output)
    else:
        with output_to(output) as target:
            to = console(target if output else None)
            if matrix.cells:
                _put_tables(matrix, asked, rows, to)
            elif len(desk.agenda()):
                put("no positions found; `onrecord issue read` looks for them in what the ledger holds", to=to)
            else:
                put("no issue is followed; `onrecord issue add` or `onrecord issue import` adds one", to=to)


def _put_tables(matrix: Matrix, asked: PositionQuery, rows: int | None, to: Console) -> None:
    every = str(asked.every) if asked.every else None
    for table in matrix_tables(matrix, to, rows=rows, every=every):
        put(table, "", to=to)
    put(*(f"{i.id}: {one_line(i.label)}" for i in matrix.issues if any(c.issue == i.id for c in matrix.cells)), to=to)
    without = [i.id for i in matrix.issues if all(c.issue != i.id for c in matrix.cells)]
    put(*([f"no positions on: {', '.join(without)}"] if without else []), to=to)
    if rows is not None and len(matrix.rows) > rows:
        put(f"{rows:,} of {len(matrix.rows):,} rows; --limit for more", to=to)
    put(track_legend(matrix, every) if every else legend(), "[number] opens a cell: the same command with --cell NUMBER", to=to)


def _put_cell(desk: Desk, asked: PositionQuery, number: int, form: RowForm, output: str | None, *, limit: int | None, offset: int) -> None:
    cells = dict(numbered(desk.ledger.matrix(asked)))
    if number not in cells:
        raise UsageError(f"there is no cell {number}", hint=f"this matrix has {len(cells):,}; give the filters that it was shown with")
    cell, every = cells[number], list(desk.behind(cells[number], asked))
    heading = f"{one_line(cell.who.name)} on {cell.issue}" if form is RowForm.TABLE else None
    end = None if limit is None else offset + limit
    _put_evidence(islice(every, offset, end), lambda: len(every), form, output, offset=offset, heading=heading)


def _put_evidence(found: Iterable[Any], count: Callable[[], int], form: RowForm, output: str | None, *, offset: int, heading: str | None = None) -> None:
    found = begun(found)
    if form is RowForm.JSONL:
        stream((json_line(e.to_json()) for e in found), output)
    elif form is RowForm.CSV:
        stream(chain([csv_line(EVIDENCE_COLUMNS)], (csv_line(evidence_row(e)) for e in found)), output)
    else:
        shown, total = list(found), count()
        if form is RowForm.JSON:
            stream([as_json({"total": total, "positions": [e.to_json() for e in shown]}) + "\n"], output)
            return
        with output_to(output) as target:
            to = console(target if output else None)
            put(*([heading, ""] if heading else []), *([evidence_table(shown, to)] if shown else []), to=to)
            put(counted(len(shown), total, "position", offset=offset), to=to)
