"""An issue through time as SVG: a lane for each actor, a mark with the shape of the stance where something was said; each mark leads to its statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from onrecord.export.shown import shown
from onrecord.ledger.overview_days import Course
from onrecord.ledger.standing import Point
from onrecord.positions import Stance
from onrecord.web import links

__all__ = ["COLUMNS", "Mark", "called_in", "days_together", "timeline", "told"]

#: Marks beside each other at most, so that each is wide enough for a finger.
COLUMNS = 30
_CELL, _NAME, _TOP, _LONGEST = 26, 196, 26, 25
#: Outlines around (0, 0); what is mixed is a cross.
_PATHS = {
    "support": "M0-8 8 6H-8Z",
    "oppose": "M0 8 8-6H-8Z",
    "conditional": "M0-9 9 0 0 9-9 0Z",
    "neutral": "M6 0A6 6 0 1 1-6 0 6 6 0 0 1 6 0Z",
    "mixed": "M-7-4-4-7 0-3 4-7 7-4 3 0 7 4 4 7 0 3-4 7-7 4-3 0Z",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says, in words."""

    day: date
    stance: str
    #: What stood before, if it is a shift.
    before: str | None
    count: int
    link: str

    @property
    def words(self) -> str:
        """`14 March 2026: oppose, from support, 3 statements`."""
        shift = f", from {self.before}" if self.before else ""
        many = f", {self.count:,} statements" if self.count > 1 else ""
        return f"{self.day.day} {self.day:%B %Y}: {self.stance}{shift}{many}"


def days_together(first: date, last: date) -> int:
    """How many days share a mark, so that all fit.

    Example:
        >>> days_together(date(2026, 3, 1), date(2026, 3, 20)), days_together(date(2024, 1, 1), date(2025, 12, 31))
        (1, 26)
    """
    return max(1, -(-((last - first).days + 1) // (COLUMNS - 1))) if (last - first).days >= COLUMNS else 1


def told(point: Point) -> Mark:
    """A mark of a point."""
    before = str(point.shift_from) if point.shift_from else None
    return Mark(point.day, _name(point.stance), before, sum(point.counts.values()), links.position(point.issue, point.evidence))


def called_in(lane: Course) -> str:
    """What a lane is called: those without a name by their country, and what others report apart."""
    country = f", {lane.who.country}" if lane.who.id is None and lane.who.country else ""
    return lane.who.name + country + (" (reported)" if lane.reported else "")


def _name(stance: Stance | None) -> str:
    return str(stance) if stance else "mixed"


def timeline(lanes: Sequence[tuple[Course, Sequence[Mark]]], *, label: str, width: int) -> Markup:
    """The picture. What it shows is told in words by its marks, for a table beside it.

    Args:
        lanes: The actors with their days, and the marks of these.
        label: What the issue is called.
        width: How many days share a mark.
    """
    days = [p.day for _, marks in lanes for p in marks]
    if not days:
        return Markup("")
    first = min(days).toordinal() // width
    columns = max(days).toordinal() // width - first + 1
    wide, high = _NAME + max(columns, 8) * _CELL + 10, _TOP + len(lanes) * _CELL + 8
    shapes = Markup("").join(Markup('<path id="mark-{}" d="{}"/>').format(name, path) for name, path in _PATHS.items())
    out = [
        Markup('<svg class="timeline" role="group" aria-labelledby="timeline-title timeline-desc" viewBox="0 0 {0} {1}" width="{0}" height="{1}">').format(
            wide, high
        ),
        Markup('<title id="timeline-title">{}</title>').format(shown(f"{label}, through time")),
        Markup('<desc id="timeline-desc">{}</desc>').format(_description(len(lanes), min(days), max(days), width)),
        Markup("<defs>{}</defs>").format(shapes),
        _scale(first, columns, width, high),
    ]
    out += [_lane(lane, marks, n, first=first, width=width, wide=wide) for n, (lane, marks) in enumerate(lanes)]
    return Markup("").join([*out, Markup("</svg>")])


def _description(lanes: int, first: date, last: date, width: int) -> str:
    together = f" A mark stands for up to {width} days." if width > 1 else ""
    return (
        f"A lane for each of {lanes} actors, from {first.day} {first:%B %Y} to {last.day} {last:%B %Y}.{together} "
        "Triangle up: support. Triangle down: oppose. Diamond: conditional. Circle: neutral. Cross: mixed. A ring marks a shift."
    )


def _scale(first: int, columns: int, width: int, high: int) -> Markup:
    """Days along the top, some columns apart."""
    out, step = [], 5
    for column in range(0, columns, step):
        day = date.fromordinal(max(1, (first + column) * width))
        x = _NAME + column * _CELL
        words = f"{day.day} {day:%b %Y}" if width < 60 else f"{day:%b %Y}"  # noqa: PLR2004 - two months
        out.append(
            Markup('<line class="grid" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/><text class="day" x="{3}" y="14">{4}</text>').format(
                x, _TOP - 6, high, x + 2, words
            )
        )
    return Markup("").join(out)


def _lane(lane: Course, marks: Sequence[Mark], n: int, *, first: int, width: int, wide: int) -> Markup:
    y = _TOP + n * _CELL + _CELL // 2
    full = shown(called_in(lane))
    name = full if len(full) <= _LONGEST else full[: _LONGEST - 1] + "…"
    label = Markup('<text class="who" x="0" y="{}">{}</text>').format(y + 5, name)
    if lane.who.id:
        label = Markup('<a href="{}" aria-label="{}">{}</a>').format(links.actor(lane.who.id), full, label)
    out: list[str] = [Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(_NAME, wide - 10, y, y), label]
    called = escape(full)
    for mark in marks:
        x = _NAME + (mark.day.toordinal() // width - first) * _CELL + _CELL // 2
        ring = f'<circle class="ring" cx="{x}" cy="{y}" r="12"/>' if mark.before else ""
        # There are hundreds: what is not a number or one of five words is escaped by hand, which takes a tenth of the time of `Markup.format`.
        out.append(
            f'<a href="{escape(mark.link)}" aria-label="{called}: {mark.words}">'
            f'<rect class="hit" x="{x - _CELL // 2}" y="{y - _CELL // 2}" width="{_CELL}" height="{_CELL}"/>{ring}'
            f'<use class="fill {mark.stance}" href="#mark-{mark.stance}" x="{x}" y="{y}"/></a>'
        )
    return Markup("".join(out))  # noqa: S704 - put together above, from escaped parts
