"""Moments as news pages write them, with how precise they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime

__all__ = ["Moment", "parse_moment"]

_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}")
_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?!:?\d)")
_TIDY = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$|Z$)")
_MONTHS = {m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
_WRITTEN = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?\s+(?P<m1>[A-Z][a-z]{2,8})\.?,?\s+(?P<y1>\d{4}))|(?:(?P<m2>[A-Z][a-z]{2,8})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{4}))"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment and its precision: "day", "minute" or "second". Without a zone where none was stated."""

    at: datetime
    precision: str


def parse_moment(value: object) -> Moment | None:
    """Read a moment: ISO 8601, RFC 5322, or a day written out in English. None for anything else, or a year before 1990."""
    if isinstance(value, datetime):
        return Moment(value, "second")
    if isinstance(value, date):
        return Moment(datetime(value.year, value.month, value.day), "day")  # noqa: DTZ001 - the page states no zone, and neither do we
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()[:60]
    found = _iso(text) or _rfc(text) or _written(text)
    return found if found and found.at.year >= _EARLIEST else None


_EARLIEST = 1990


def _iso(text: str) -> Moment | None:
    text = _TIDY.sub("", text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if _DAY.fullmatch(text):
        return Moment(at, "day")
    return Moment(at, "minute" if _MINUTE.match(text) else "second")


def _rfc(text: str) -> Moment | None:
    try:
        return Moment(parsedate_to_datetime(text), "second")
    except (ValueError, TypeError, IndexError):
        return None


def _written(text: str) -> Moment | None:
    m = _WRITTEN.search(text)
    if not m:
        return None
    month = _MONTHS.get((m["m1"] or m["m2"])[:3].lower())
    if month is None:
        return None
    try:
        return Moment(datetime(int(m["y1"] or m["y2"]), month, int(m["d1"] or m["d2"])), "day")  # noqa: DTZ001 - a day has no zone
    except ValueError:
        return None
