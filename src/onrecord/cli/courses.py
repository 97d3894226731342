"""`onrecord timeline`, `shifts` and `split`: how an issue went, who moved, and who differs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.cli.evidence import SHIFT_COLUMNS, SPLIT_COLUMNS, shift_row, shifts_table, split_rows, split_table
from onrecord.cli.found import csv_line
from onrecord.cli.lanes import POINT_COLUMNS, lanes_of, picture, point_row, points_table
from onrecord.cli.ledgers import Debug, LedgerName, RowForm, RowFormat, opened
from onrecord.cli.printing import as_json, console, json_line, one_line, output_to, put, stream
from onrecord.cli.standing_options import Actors, Camp, Issues, Limit, MinScore, Output, Reported, Since, Until, begun, counted, given, rows_at_most

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["shifts", "split", "timeline"]

#: Lanes of a picture, if the user does not say.
_LANES = 12

# Timeline ---------------------------------------------------------------------------------------------------------------------------


def timeline(
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="Id or label of an issue.", show_default=False)],
    *,
    actor: Actors = None,
    camp: Camp = None,
    since: Since = None,
    until: Until = None,
    min_score: MinScore = None,
    reported: Reported = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="How many of the last days at most. Default: 20; all with jsonl and csv.", show_default=False)
    ] = None,
    lanes: Annotated[int, typer.Option(min=0, help="How many actors the picture has at most.")] = _LANES,
    form: RowFormat = RowForm.TABLE,
    output: Output = None,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show an issue through time: a picture with a lane for each actor, and the days with the words that show them best.

    What one actor says on one day is taken together; if it contradicts itself, the day is mixed.

    \b
    Examples:
      onrecord timeline ceasefire-30d
      onrecord timeline ceasefire-30d --actor Sorev --actor Torr --since 2026-03
      onrecord timeline ceasefire-30d --format csv --output ceasefire.csv

    Columns of csv: day, issue, who, who_id, type, country, organization, stance, statements, support, oppose, conditional, neutral, shift_from, reported,
    evidence.

    Exit codes: 0 done, also if nothing was found, 2 there is no such issue, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    filters = given(actor=actor, camp=camp, since=since, until=until, min_score=min_score, reported=reported)
    at_most = rows_at_most(limit, form)
    with opened(ledger, debug=debug) as desk:
        points = list(desk.timeline(issue, **filters))
        kept = points if at_most is None else points[len(points) - min(at_most, len(points)) :]
        if form is RowForm.JSONL:
            stream((json_line(p.to_json()) for p in kept), output)
        elif form is RowForm.CSV:
            stream(chain([csv_line(POINT_COLUMNS)], (csv_line(point_row(p)) for p in kept)), output)
        elif form is RowForm.JSON:
            stream([as_json({"total": len(points), "points": [p.to_json() for p in kept]}) + "\n"], output)
        else:
            shown = {e.key: e for e in desk.ledger.evidence([p.evidence for p in kept])}
            with output_to(output) as target:
                to = console(target if output else None)
                drawn = lanes_of(points)
                put(*picture(drawn[:lanes], to), to=to)
                put(*([f"{lanes:,} of {len(drawn):,} actors; --lanes for more"] if len(drawn) > lanes else []), to=to)
                if kept:
                    put("", points_table(kept, shown), to=to)
                put(counted(len(kept), len(points), "day"), to=to)


# Shifts and splits ------------------------------------------------------------------------------------------------------------------


def shifts(
    *,
    issue: Issues = None,
    actor: Actors = None,
    camp: Camp = None,
    since: Since = None,
    until: Until = None,
    min_score: MinScore = None,
    reported: Reported = False,
    steady: Annotated[int, typer.Option(min=1, help="Only those where so many days in a row held the stance before, and so many the one after.")] = 1,
    limit: Limit = None,
    form: RowFormat = RowForm.TABLE,
    output: Output = None,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show who changed: from what to what, when, and by which two statements; the newest first.

    Neutral is no shift, nor is a day whose statements contradict each other. Conditional is a stance of its own.

    \b
    Examples:
      onrecord shifts
      onrecord shifts --issue ceasefire-30d --camp KE
      onrecord shifts --steady 2 --min-score 0.8 --format csv

    Columns of csv: on, issue, who, who_id, type, country, organization, from, to, days_before, days_after, and for the statement before and the one after:
    before_day, before_score, before_by_hand, before_words, before_outlet, before_url, before_statement, after_day ...

    Exit codes: 0 done, also if nothing was found, 2 the command line or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    filters = given(issue=issue, actor=actor, camp=camp, since=since, until=until, min_score=min_score, reported=reported)
    at_most = rows_at_most(limit, form)
    with opened(ledger, debug=debug) as desk:
        moved = (m for m in desk.shifts(**filters) if min(m.days_before, m.days_after) >= steady)
        if form in (RowForm.JSONL, RowForm.CSV):
            found = begun(islice(moved, at_most))
            lines = (
                (json_line(m.to_json()) for m in found) if form is RowForm.JSONL else chain([csv_line(SHIFT_COLUMNS)], (csv_line(shift_row(m)) for m in found))
            )
            stream(lines, output)
        else:
            # One more is fetched, to know whether there are more.
            _put_shifts(list(islice(moved, None if at_most is None else at_most + 1)), at_most, form, output)


def _put_shifts(found: Sequence[Any], at_most: int | None, form: RowForm, output: str | None) -> None:
    kept = found[:at_most]
    if form is RowForm.JSON:
        stream([as_json({"more": len(kept) < len(found), "shifts": [m.to_json() for m in kept]}) + "\n"], output)
        return
    more = f"the newest {len(kept):,}; --limit for more" if len(kept) < len(found) else counted(len(kept), len(kept), "shift")
    _put_lines([*([shifts_table(kept)] if kept else []), more], output)


def split(
    camp: Annotated[str, typer.Argument(metavar="CAMP", help="A country's code, or the name or id of a state or an organization.", show_default=False)],
    *,
    issue: Issues = None,
    since: Since = None,
    until: Until = None,
    min_score: MinScore = None,
    reported: Reported = False,
    form: RowFormat = RowForm.TABLE,
    output: Output = None,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show the issues on which the members of a camp differ: where each of them stands, and the last words of it.

    \b
    Examples:
      onrecord split KE
      onrecord split "Foreign Ministry" --since 2026-03 --format json

    Columns of csv, a row for each member: those of `onrecord positions` without the number, then words, outlet, url, statement.

    Exit codes: 0 done, also if they are of one mind, 2 nobody is called so, or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    filters = given(issue=issue, since=since, until=until, min_score=min_score, reported=reported)
    with opened(ledger, debug=debug) as desk:
        found = desk.splits(camp, **filters)
        if form is RowForm.JSON:
            stream([as_json({"camp": camp, "splits": [s.to_json() for s in found]}) + "\n"], output)
        elif form is RowForm.JSONL:
            stream((json_line(s.to_json()) for s in found), output)
        elif form is RowForm.CSV:
            stream(chain([csv_line(SPLIT_COLUMNS)], (csv_line(row) for s in found for row in split_rows(s))), output)
        else:
            labels = {i.id: i.label for i in desk.agenda(retired=True)}
            lines: list[RenderableType] = []
            for one in found:
                lines += [f"{one.issue}: {one_line(labels.get(one.issue, ''))}", split_table(one), ""]
            count = f"members differ on {len(found):,} issue{'' if len(found) == 1 else 's'}"
            _put_lines([*lines, count if found else "no issue on which members differ"], output)


def _put_lines(lines: Sequence[RenderableType], output: str | None) -> None:
    with output_to(output) as target:
        put(*lines, to=console(target if output else None))
