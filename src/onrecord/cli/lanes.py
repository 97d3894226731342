"""A timeline: a lane for each actor with a sign where they said something, and the days one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from onrecord.cli.matrix_table import who_cells
from onrecord.cli.printing import grid, one_line
from onrecord.cli.stances import MIXED, NOTHING, SIGNS, legend, sign_of, style_of, tally, worded
from onrecord.positions import Stance

if TYPE_CHECKING:
    from rich.table import Table

    from onrecord.ledger.standing import Evidence, Point, Who

__all__ = ["POINT_COLUMNS", "Lane", "lanes_of", "picture", "point_row", "points_table"]

#: Columns of `onrecord timeline --format csv`, in their order.
POINT_COLUMNS = (
    "day", "issue", "who", "who_id", "type", "country", "organization", "stance", "statements", *map(str, SIGNS), "shift_from", "reported", "evidence",
)  # fmt: skip
#: Characters of a name beside its lane, at most and at least, and of a lane at least.
_LONGEST_NAME, _SHORTEST_NAME, _SHORTEST_LANE = 28, 8, 10


@dataclass(frozen=True, slots=True)
class Lane:
    """What one actor says through time."""

    who: Who
    #: Days, with the stance of each; None if its statements contradict each other. Oldest first.
    days: tuple[tuple[date, Stance | None], ...]
    #: Whether it is what others report.
    reported: bool = False


def lanes_of(points: Iterable[Point]) -> list[Lane]:
    """A lane for each actor, and one of its own for what others report of them; those of most days first.

    Args:
        points: Of one issue, oldest first.
    """
    days: dict[tuple[Any, ...], list[Point]] = {}
    for point in points:
        # An actor may speak for several organizations, and has one lane all the same.
        own = (point.who.id,) if point.who.id else (None, point.who.name, point.who.country)
        days.setdefault((own, point.reported), []).append(point)
    order = sorted(days.values(), key=lambda lane: (-len(lane), lane[0].who.name, lane[0].reported))
    return [Lane(lane[0].who, tuple((p.day, p.stance) for p in lane), lane[0].reported) for lane in order]


def picture(lanes: Sequence[Lane], to: Console) -> list[Text]:
    """Lanes one below the other, from the first day to the last, and what the signs mean.

    Where days share a column, the sides taken in them decide: one side has its sign, several are `x`.

    Args:
        lanes: What to show.
        to: Where it is printed.
    """
    if not lanes:
        return []
    names = [one_line(lane.who.name) + (" (reported)" if lane.reported else "") for lane in lanes]
    first, last = min(lane.days[0][0] for lane in lanes), max(lane.days[-1][0] for lane in lanes)
    name = max(_SHORTEST_NAME, min(_LONGEST_NAME, max(map(len, names)), to.width // 3))
    width = max(_SHORTEST_LANE, min(to.width - name - 2, max((last - first).days + 1, 2 * len("2026-03-14") + 2)))
    out = []
    for lane, called in zip(lanes, names, strict=True):
        label = Text().append(called, "bold")
        label.truncate(name, overflow="ellipsis", pad=True)
        out.append(label.append("  ").append_text(_signs(lane, first, last, width)))
    ends = f"{first}{str(last).rjust(width - len(str(first)))}" if first != last else str(first)
    return [*out, Text(" " * (name + 2) + ends, "dim"), Text(f"{legend()}, {MIXED} mixed, {NOTHING} nothing said", "dim")]


def _signs(lane: Lane, first: date, last: date, width: int) -> Text:
    span = max(1, (last - first).days)
    columns: dict[int, list[Stance | None]] = {}
    for day, stance in lane.days:
        columns.setdefault((day - first).days * (width - 1) // span, []).append(stance)
    out = Text()
    for column in range(width):
        if column in columns:
            stance = _together(columns[column])
            out.append(sign_of(stance), style_of(stance))
        else:
            out.append(NOTHING, "dim")
    return out


def _together(stances: Sequence[Stance | None]) -> Stance | None:
    """What days in one column amount to: the one side that they take, or neutral if none does; None if they differ."""
    taken: list[Stance | None] = [s for s in stances if s is not Stance.NEUTRAL]
    sides = taken or [Stance.NEUTRAL]
    return sides[0] if len(set(sides)) == 1 else None


def points_table(points: Iterable[Point], shown: Mapping[int, Evidence]) -> Table:
    """Days, one a row: who, where they stood, from where they came, and the words that show it best.

    Args:
        points: The days.
        shown: What shows each, by its number.
    """
    rows: list[Sequence[str | Text]] = []
    for point in points:
        stance = worded(point.stance)
        if point.shift_from:
            stance.append(f"\nfrom {point.shift_from}")
        if sum(point.counts.values()) > 1:
            stance.append(f"\n{tally(point.counts)}")
        evidence = shown.get(point.evidence)
        who = Text().append(one_line(point.who.name), "bold")
        if point.reported:
            who.append("\nreported")
        words = Text(one_line(evidence.words)) if evidence else Text()
        if evidence and evidence.where.outlet:
            words.append(f"\n{one_line(evidence.where.outlet)}", "dim")
        rows.append((point.day.isoformat(), who, stance, words))
    return grid(("day", "who", "stance", "words"), rows)


def point_row(point: Point) -> list[str | None]:
    """Cells of `POINT_COLUMNS`."""
    stance = str(point.stance) if point.stance else None
    counts = [str(point.counts.get(s, 0)) for s in SIGNS]
    shift = str(point.shift_from) if point.shift_from else None
    total = str(sum(point.counts.values()))
    return [point.day.isoformat(), point.issue, *who_cells(point.who), stance, total, *counts, shift, str(point.reported).lower(), str(point.evidence)]
