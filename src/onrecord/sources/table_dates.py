"""Days and moments as tables have them: what one cell leaves open, the others of its column may tell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

__all__ = ["DateReader"]

_DIGITS = re.compile(r"(\d{8,14})(?:\.0*)?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_CLOCK = re.compile(r"\d{1,2}:\d{2}|\b\d{1,2} ?[ap]\.?m\b", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,2}:\d{2}:\d{2}|\d{14}")
_WORD = re.compile(r"[A-Za-z]{3}")
_MONTHS = 12
_LONGEST = 80
#: What ten digits count, at the earliest and latest: seconds since 1970, from 2001 to 2286.
_SECONDS_DIGITS, _MILLIS_DIGITS = 10, 13
_PATTERNS = MappingProxyType({8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"})
#: Two days that differ in everything: what a date leaves open, it takes from them, and the two readings differ.
_FILL = (datetime(2000, 1, 1), datetime(2001, 2, 2))  # noqa: DTZ001 - the cell states no zone, and neither do we
#: Hours east of Greenwich (RFC 5322, and those of Europe).
_ZONES = MappingProxyType(
    {name: hours for hours, names in {
        0: ("UTC", "GMT", "Z"), 1: ("BST", "CET"), 2: ("CEST", "EET"), 3: ("EEST",),
        -4: ("EDT",), -5: ("EST", "CDT"), -6: ("CST", "MDT"), -7: ("MST", "PDT"), -8: ("PST",),
    }.items() for name in names}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads the cells of one column."""

    #: Whether the day stands before the month in `03/04/2025`; None if nothing tells, and then such a cell has no answer.
    day_first: bool | None = None

    @classmethod
    def learned(cls, cells: Iterable[object]) -> DateReader:
        """Tell from a column's cells which of day and month stands first: one number above 12 does; two that disagree tell nothing."""
        signs = set()
        for cell in cells:
            if isinstance(cell, str) and (m := _NUMBERS.match(cell.strip())):
                first, second = int(m[1]), int(m[3])
                if (first > _MONTHS) != (second > _MONTHS):
                    signs.add(first > _MONTHS)
        return cls(signs.pop() if len(signs) == 1 else None)

    def read(self, cell: object) -> datetime | date | None:
        """Read one cell: ISO 8601, digits alone (`20250301`, `20250301120000`, seconds or milliseconds since 1970), or written out.

        Returns:
            A date where no hour is given; a datetime with a time zone only where one is stated; None for what is no date, or one
            whose day and month could be exchanged.
        """
        if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
            return None
        text = str(cell).strip()[:_LONGEST]
        if m := _DIGITS.fullmatch(text):
            return _counted(m[1])
        text = self._year_first(text)
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            written = _written(text)
            return written if written is None or _CLOCK.search(text) else written.date()
        return found if _CLOCK.search(text) or "T" in text else found.date()

    @staticmethod
    def has_seconds(cell: object) -> bool:
        """Whether a cell says the second."""
        return not isinstance(cell, str) or bool(_SECONDS.search(cell)) or (cell.strip().isdigit() and len(cell.strip()) in (_SECONDS_DIGITS, _MILLIS_DIGITS))

    def _year_first(self, text: str) -> str:
        if m := _YEAR_FIRST.match(text):
            return f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}{text[m.end() :]}"
        m = _NUMBERS.match(text)
        if m is None:
            return text
        first, second = int(m[1]), int(m[3])
        day_first = True if first > _MONTHS else False if second > _MONTHS else True if first == second else self.day_first
        if day_first is None:
            return ""
        year = int(m[4]) if len(m[4]) == 4 else 2000 + int(m[4]) - 100 * (int(m[4]) > 68)  # noqa: PLR2004 - POSIX: 69 to 99 are of the last century
        month, day = (second, first) if day_first else (first, second)
        return f"{year:04}-{month:02}-{day:02}{text[m.end() :]}"


def _counted(digits: str) -> datetime | date | None:
    try:
        if pattern := _PATTERNS.get(len(digits)):
            found = datetime.strptime(digits, pattern)  # noqa: DTZ007 - no zone is stated
            return found.date() if len(digits) == 8 else found  # noqa: PLR2004 - year, month, day
        if len(digits) in (_SECONDS_DIGITS, _MILLIS_DIGITS):
            return datetime.fromtimestamp(0, UTC) + timedelta(seconds=int(digits) / (1 if len(digits) == _SECONDS_DIGITS else 1000))
    except (ValueError, OverflowError):
        pass
    return None


def _written(text: str) -> datetime | None:
    """A date in words, or in numbers with an hour; None where it leaves the day, the month or the year open."""
    from dateutil import parser

    if not _WORD.search(text) and not _CLOCK.search(text):
        return None
    try:
        one, other = (parser.parse(text, default=fill, tzinfos=_zone, yearfirst=text[:4].isdigit()) for fill in _FILL)
        # A zone a hundred hours away is parsed, and only fails when it is used.
        one.utcoffset()
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
    if one != other:
        return None
    return one


def _zone(name: str | None, offset: int | None) -> int | None:
    if offset is not None:
        return offset
    hours = _ZONES.get(name or "")
    return None if hours is None else hours * 3600
