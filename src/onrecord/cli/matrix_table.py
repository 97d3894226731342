"""The matrix of who stands where, as a table that fits a terminal: issues that have no room beside each other stand below each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from onrecord.cli.printing import one_line, safe
from onrecord.cli.stances import SIGNS, arrow, cell_sign, legend, tally, worded
from onrecord.positions import Stance

if TYPE_CHECKING:
    from onrecord.ledger.standing import Cell, Matrix, Who

__all__ = ["CELL_COLUMNS", "cell_row", "cell_rows", "matrix_json", "matrix_tables", "notes_of", "numbered", "track_legend", "who_cells"]

#: Characters of a cell, of the space after it, and of the names at most and at least.
_CELL, _SPACE, _LONGEST_NAME, _SHORTEST_NAME = 19, 2, 30, 17
#: Columns of `onrecord positions --format csv`, in their order. `cell` is the number that `--cell` takes; a row with a period is a part of its cell.
CELL_COLUMNS = (
    "cell", "issue", "who", "who_id", "type", "country", "organization", "period", "stance", "statements", *map(str, SIGNS),
    "first", "last", "before", "trend", "mixed", "disputed", "by_hand", *(f"reported_{s}" for s in SIGNS), "evidence",
)  # fmt: skip

#: In csv; a cell that begins with a minus would be made safe for spreadsheets.
_TRENDS = {1: "up", -1: "down"}

#: The cells of one place through time.
_Track = Mapping[date, "Cell"]


def numbered(matrix: Matrix) -> list[tuple[int, Cell]]:
    """The cells with their numbers, from 1, row by row: the same for the same question of the same ledger."""
    return list(enumerate(matrix.cells, 1))


def matrix_tables(matrix: Matrix, to: Console, *, rows: int | None, every: str | None = None) -> Iterator[Table]:
    """The matrix in as many tables as the width asks for.

    Args:
        matrix: What to show.
        to: Where it is printed.
        rows: How many rows at most.
        every: The period that its time is cut into: week, month.
    """
    cells = {(cell.who, cell.issue): (number, cell) for number, cell in numbered(matrix)}
    shown = matrix.rows[:rows]
    issues = [i.id for i in matrix.issues if any((who, i.id) in cells for who in shown)]
    room = to.width or _SHORTEST_NAME
    beside = max(1, (room - _SHORTEST_NAME) // (_CELL + _SPACE))
    name = max(_SHORTEST_NAME, min(_LONGEST_NAME, room - min(beside, max(1, len(issues))) * (_CELL + _SPACE)))
    periods = _periods(matrix, every) if every else []
    tracks = _tracks(matrix) if every else {}
    for first in range(0, len(issues), beside):
        columns = issues[first : first + beside]
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _SPACE, 1, 0))
        table.add_column("", width=name, overflow="fold")
        for issue in columns:
            table.add_column(safe(issue), width=_CELL, overflow="fold")
        for who in shown:
            found = [cells.get((who, issue)) for issue in columns]
            if any(found):
                through = [_track(tracks.get((who, issue), {}), periods) if every else None for issue in columns]
                table.add_row(_name(who), *(Text() if f is None else _cell(*f, to, track) for f, track in zip(found, through, strict=True)))
        yield table


def _name(who: Who) -> Text:
    about = ", ".join(dict.fromkeys(one_line(x) for x in (who.organization, who.country) if x and x != who.name))
    out = Text().append(one_line(who.name), "bold")
    return out.append(f"\n{about}", "dim") if about else out


def _cell(number: int, cell: Cell, to: Console, track: Text | None) -> Text:
    """Number, stance and count; the last day; where it comes from; what stands beside it."""
    nothing = "disputed" if cell.disputed and not cell.mixed else "reported" if not cell.statements else "mixed"
    out = Text().append(f"[{number}] ", "dim").append_text(worded(cell.stance, none=nothing))
    counted = f" {cell.statements:,}" if cell.statements else ""
    lines = [out.append(counted)]
    lines += [Text(cell.last.isoformat())] if cell.last else []
    lines += [Text(f"{arrow(cell.trend, to)} from {cell.before}")] if cell.trend else []
    lines += [Text(tally(cell.counts))] if sum(1 for n in cell.counts.values() if n) > 1 else []
    lines += [Text(note) for note in notes_of(cell)]
    lines += [track] if track is not None else []
    return Text("\n").join(lines)


def notes_of(cell: Cell) -> list[str]:
    """What must be known of a cell beside its stance: that it is mixed, that coders differ, what a person coded, what is reported."""
    notes = ["members differ" if cell.members else "last day mixed"] if cell.mixed else []
    notes += [f"{cell.disputed:,} disputed"] if cell.disputed else []
    notes += [f"{cell.by_hand:,} by hand"] if cell.by_hand else []
    reported = tally(cell.reported)
    return notes + ([f"reported {reported}"] if reported else [])


# Through time -----------------------------------------------------------------------------------------------------------------------


def _tracks(matrix: Matrix) -> dict[tuple[Who, str], dict[date, Cell]]:
    out: dict[tuple[Who, str], dict[date, Cell]] = {}
    for cell in matrix.periods:
        if cell.period is not None:
            out.setdefault((cell.who, cell.issue), {})[cell.period] = cell
    return out


def _periods(matrix: Matrix, every: str) -> list[date]:
    """All periods from the first to the last, also those in which nothing was said."""
    there = sorted({c.period for c in matrix.periods if c.period})
    if not there:
        return []
    out = [there[0]]
    while out[-1] < there[-1]:
        out.append(out[-1] + timedelta(weeks=1) if every == "week" else (out[-1].replace(day=1) + timedelta(days=32)).replace(day=1))
    return out


def _track(through: _Track, periods: Sequence[date]) -> Text:
    """A sign a period; if there are more than fit, the last ones after a `<`."""
    shown = periods if len(periods) <= _CELL else periods[len(periods) - _CELL + 1 :]
    out = Text().append("<" if len(shown) < len(periods) else "", "dim")
    for period in shown:
        out.append(*cell_sign(through.get(period)))
    return out


def track_legend(matrix: Matrix, every: str) -> str:
    """What the tracks show."""
    periods = _periods(matrix, every)
    if not periods:
        return legend()
    shown = min(len(periods), _CELL - 1) if len(periods) > _CELL else len(periods)
    cut = f"; < {len(periods) - shown:,} earlier ones are not shown" if shown < len(periods) else ""
    return f"a sign a {every}, {periods[len(periods) - shown]} to {periods[-1]}: {legend(track=True)}{cut}"


# For machines -----------------------------------------------------------------------------------------------------------------------


def matrix_json(matrix: Matrix, *, rows: int | None = None) -> dict[str, Any]:
    """The matrix as JSON; each cell has the number under `cell` that `--cell` takes.

    Args:
        matrix: What to show.
        rows: How many rows at most; None: all.
    """
    kept = set(matrix.rows[:rows])
    return {
        "issues": [i.to_json() for i in matrix.issues],
        "rows": [w.to_json() for w in matrix.rows[:rows]],
        "cells": [{"cell": n, **c.to_json()} for n, c in numbered(matrix) if c.who in kept],
        "periods": [c.to_json() for c in matrix.periods if c.who in kept],
    }


def cell_rows(matrix: Matrix, *, rows: int | None = None) -> Iterator[tuple[int, Cell]]:
    """The cells with their numbers, each followed by its periods.

    Args:
        matrix: What to show.
        rows: How many rows at most; None: all.
    """
    kept, tracks = set(matrix.rows[:rows]), _tracks(matrix)
    for number, cell in numbered(matrix):
        if cell.who in kept:
            yield number, cell
            yield from ((number, c) for _, c in sorted(tracks.get((cell.who, cell.issue), {}).items()))


def who_cells(who: Who) -> list[str | None]:
    """Cells of `who`, `who_id`, `type`, `country`, `organization`."""
    return [who.name, who.id, who.type, who.country, who.organization]


def cell_row(number: int, cell: Cell) -> list[str | None]:
    """Cells of `CELL_COLUMNS`."""
    days = [d.isoformat() if d else None for d in (cell.first, cell.last)]
    return [
        str(number), cell.issue, *who_cells(cell.who), cell.period.isoformat() if cell.period else None, _word(cell.stance), str(cell.statements),
        *(str(cell.counts.get(s, 0)) for s in SIGNS), *days, _word(cell.before), _TRENDS.get(cell.trend), str(cell.mixed).lower(), str(cell.disputed),
        str(cell.by_hand), *(str(cell.reported.get(s, 0)) for s in SIGNS), None if cell.evidence is None else str(cell.evidence),
    ]  # fmt: skip


def _word(stance: Stance | None) -> str | None:
    return str(stance) if stance else None
