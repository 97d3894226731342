"""Moments as news pages write them, with how precise they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timezone
from types import MappingProxyType

__all__ = ["Moment", "parse_moment"]

_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}")
_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?!:?\d)")
_TIDY = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$|Z$)")
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?P<seconds>:\d{2})?|\b\d{1,2} ?[ap]\.?m\b", re.IGNORECASE)
#: `9.15`, as British papers write the hour, and no day: nothing of a date stands right before or after it.
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})(?=\s*(?:[ap]\.?m|[A-Z]{2,5}\b|$))(?![.\d])")
#: Day and month cannot be told apart; unless one is above 12, there is no answer.
_SLASHED = re.compile(r"^\D{0,12}(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")
_NOT_DATE = re.compile(r"\b(?:at|on)\b|\(|\)|\||·|•", re.IGNORECASE)
#: Hours east of Greenwich of the abbreviations that mean one zone in news (RFC 5322 for America). IST means several, and is left out.
_ZONES = MappingProxyType(
    {name: round(3600 * hours) for hours, names in {
        0: "UTC GMT Z WET", 1: "BST CET WEST WAT", 2: "CEST EET SAST CAT", 3: "EEST MSK EAT TRT", 4: "GST", 5: "PKT", 7: "WIB ICT",
        8: "SGT HKT AWST PHT", 9: "JST KST", 9.5: "ACST", 10: "AEST", 10.5: "ACDT", 11: "AEDT", 12: "NZST", 13: "NZDT",
        -3: "ADT", -4: "EDT", -5: "EST CDT", -6: "CST MDT", -7: "MST PDT", -8: "PST AKDT", -9: "AKST", -10: "HST",
    }.items() for name in names.split()}
)  # fmt: skip
_WRITTEN = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,8}\.?,?\s+\d{4}\b|\b[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b")
_YEAR_FIRST = re.compile(r"\d{4}")
_MONTHS = 12
_EARLIEST = 1990
_LONGEST = 60
#: Two days that differ in everything: what a date leaves open, it takes from them, and the two readings differ.
_FILL = (datetime(2000, 1, 1), datetime(2001, 2, 2))  # noqa: DTZ001 - the page states no zone, and neither do we


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment and its precision: "day", "minute" or "second". Without a zone where none was stated."""

    at: datetime
    precision: str


def parse_moment(value: object) -> Moment | None:
    """Read a moment: ISO 8601, RFC 5322, or a date written out in English, with or without an hour and a zone.

    Returns:
        None for anything else, for a date whose day and month could be exchanged (`03/04/2025`), or a year before 1990.
    """
    if isinstance(value, datetime):
        return Moment(value, "second")
    if isinstance(value, date):
        return Moment(datetime(value.year, value.month, value.day), "day")  # noqa: DTZ001 - see _FILL
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()[:_LONGEST]
    found = _iso(text) or _written(text)
    return found if found and found.at.year >= _EARLIEST else None


def _iso(text: str) -> Moment | None:
    text = _TIDY.sub("", text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if _DAY.fullmatch(text):
        return Moment(at, "day")
    return Moment(at, "minute" if _MINUTE.match(text) else "second")


def _written(text: str) -> Moment | None:
    from dateutil import parser

    slashed = _SLASHED.match(text)
    if slashed and max(int(slashed[1]), int(slashed[2])) <= _MONTHS:
        return None
    tidy = " ".join(_NOT_DATE.sub(" ", _DOTTED.sub(r"\1:\2", text)).split())
    try:
        one, other = (parser.parse(tidy, default=fill, tzinfos=_zone, dayfirst=bool(slashed), yearfirst=bool(_YEAR_FIRST.match(tidy))) for fill in _FILL)
        # A zone a hundred hours away is parsed, and only fails when it is used.
        offset = one.utcoffset()
    except (ValueError, OverflowError, TypeError, AttributeError):
        return _inside(text)
    if one != other:
        return None
    clock = _CLOCK.search(tidy)
    if clock is None:
        return Moment(one.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None), "day")
    zone = None if offset is None else timezone(offset) if offset else UTC
    return Moment(one.replace(tzinfo=zone), "second" if clock["seconds"] else "minute")


def _zone(name: str | None, offset: int | None) -> int | None:
    return offset if offset is not None else _ZONES.get(name or "")


def _inside(text: str) -> Moment | None:
    """A day written out among other words."""
    m = _WRITTEN.search(text)
    return _written(m[0]) if m and m[0] != text else None
