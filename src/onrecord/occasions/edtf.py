"""Dates as Extended Date/Time Format strings (EDTF, ISO 8601-2:2019, level 1, and the quarters of level 2).

Only the forms that news needs: `2025-03-13`, `2025-03`, `2025`, `2024-22` (a season), `2024-35` (a quarter), `199X` (a decade), `18XX` (a century),
`2025-02-24/2025-03-02` (an interval, both ends in it), and `~` after a date that is approximate.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from types import MappingProxyType

__all__ = ["EDTF", "SEASONS", "bounds", "day", "interval", "month", "quarter", "season", "week", "weekend", "year"]

#: What this room writes, and nothing else.
EDTF = re.compile(r"(?:\d{4}-\d\d-\d\d~?/\d{4}-\d\d-\d\d~?|\d{4}(?:-\d\d){0,2}~?|\d{3}X|\d\dXX)")
#: Seasons without a hemisphere, as EDTF numbers them.
SEASONS = MappingProxyType({"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24})
_DECEMBER = 12
_SUNDAY = 6
#: EDTF numbers quarters from 33.
_QUARTERS = 32


def day(when: date) -> str:
    """One day: `2025-03-13`."""
    return when.isoformat()


def month(when: date) -> str:
    """The month that a day is in: `2025-03`."""
    return f"{when.year:04d}-{when.month:02d}"


def year(when: date) -> str:
    """The year that a day is in: `2025`."""
    return f"{when.year:04d}"


def season(number: int, name: str) -> str:
    """A season of a year: `2024-22` for the summer of 2024."""
    return f"{number:04d}-{SEASONS[name]}"


def quarter(number: int, which: int) -> str:
    """A quarter of a year, 1 to 4: `2024-35` for the third of 2024."""
    return f"{number:04d}-{_QUARTERS + which}"


def interval(first: date, last: date) -> str:
    """Days `first` to `last`, both in it; one day if they are the same.

    Raises:
        ValueError: The last day is before the first.
    """
    if last < first:
        msg = f"{last} is before {first}"
        raise ValueError(msg)
    return day(first) if first == last else f"{first.isoformat()}/{last.isoformat()}"


def week(when: date) -> str:
    """The week, Monday to Sunday (ISO 8601), that a day is in."""
    monday = when - timedelta(days=when.weekday())
    return interval(monday, monday + timedelta(days=_SUNDAY))


def weekend(when: date) -> str:
    """Saturday and Sunday of the week that a day is in."""
    monday = when - timedelta(days=when.weekday())
    return interval(monday + timedelta(days=_SUNDAY - 1), monday + timedelta(days=_SUNDAY))


def bounds(edtf: str) -> tuple[date, date]:
    """First and last day of what this room writes. A season has no sharp ends: its three whole months of the northern year are taken.

    Raises:
        ValueError: It is not one of this room's forms, or no such day exists.
    """
    if not EDTF.fullmatch(edtf):
        msg = f"not a date of this room: {edtf!r:.40}"
        raise ValueError(msg)
    plain = edtf.replace("~", "")
    if "/" in plain:
        first, last = plain.split("/")
        return date.fromisoformat(first), date.fromisoformat(last)
    if "X" in plain:
        return date(int(plain.replace("X", "0")), 1, 1), date(int(plain.replace("X", "9")), _DECEMBER, 31)
    numbers = [int(part) for part in plain.split("-")]
    match numbers:
        case [y]:
            return date(y, 1, 1), date(y, _DECEMBER, 31)
        case [y, m] if m > _DECEMBER:
            start = 3 * (m - 21) + 3 if m <= max(SEASONS.values()) else 3 * (m - _QUARTERS) - 2
            stop = (start + 2 - 1) % _DECEMBER + 1
            later = y + (stop < start)
            return date(y, start, 1), date(later, stop, calendar.monthrange(later, stop)[1])
        case [y, m]:
            return date(y, m, 1), date(y, m, calendar.monthrange(y, m)[1])
        case _:
            one = date.fromisoformat(plain)
            return one, one
