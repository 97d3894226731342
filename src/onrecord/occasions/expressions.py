"""English time expressions as EDTF, against a reference moment.

Where they are is found by `forms.py`; what their words mean is dateparser's to say (BSD-3-Clause; measured against recognizers-text in
`benchmarks/dates.py`). What dateparser lacks is put around it here: parts of the day, modifiers ("late February"), weeks as weeks,
weekends, seasons, ranges, decades, and which way a bare weekday or month looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Literal

from onrecord.occasions import edtf
from onrecord.occasions.forms import Spotted, spot
from onrecord.occasions.frame import Frame, Looking, hours_before, local
from onrecord.text import Span

__all__ = ["Looking", "Precision", "TimeExpression", "find_expressions", "resolve"]

Precision = Literal["day", "week", "month", "year", "range"]

_AHEAD = re.compile(
    r"\b(?:will|won['’]t|would|shall|going to|(?:is|are|was|were) (?:to|due|set|expected|scheduled|planned)|until|by|due|slated|scheduled|upcoming|tomorrow)\b"
    r"|['’]ll\b"
)
_CLAUSE = re.compile(r"[;:.!?\n—]|, (?:and|but|who|which|while|as)\b")
_LAST_WEEKDAY = 6
#: Forms that come round every year; between these two distances the coming one is meant (on timenorm's train part: right in most cases).
_YEARLY = frozenset({"date", "month", "days"})
_LONG_PAST, _SOON = timedelta(days=270), timedelta(days=95)
_EARLY_ENDS, _LATE_BEGINS = 10, 21


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression in a text, and the date it means."""

    #: Its words, without a preposition.
    span: Span
    #: The date, as EDTF.
    edtf: str
    #: How exact the words are.
    precision: Precision


def find_expressions(
    text: str,
    *,
    reference: datetime | None,
    start: int = 0,
    end: int | None = None,
    looking: Looking | None = None,
    zone: tzinfo | None = None,
) -> list[TimeExpression]:
    """Find and resolve the time expressions between two offsets of a text.

    Args:
        text: The text.
        reference: The moment it was written. Without it only dates that name their year resolve.
        start: Offset to begin at.
        end: Offset to stop before; the end of the text if not given.
        looking: Which way bare weekdays and months look; told from the words of the clause if not given.
        zone: Zone that days are counted in; the reference's own if not given.

    Returns:
        Those that resolve, in order. `that day` and `a week later` do not: they need another date.
    """
    found = []
    for spotted in spot(text, start, end):
        way = looking or _way(text, spotted, floor=max(start, 0))
        expression = resolve(text, spotted, reference=reference, looking=way, zone=zone)
        if looking is None and expression is not None and spotted.form in _YEARLY:
            expression = _nearer(text, spotted, expression, reference=reference, zone=zone)
        if expression is not None:
            found.append(expression)
    return found


def _nearer(text: str, spotted: Spotted, expression: TimeExpression, *, reference: datetime | None, zone: tzinfo | None) -> TimeExpression:
    """A day or month without a year that comes round again soon is the coming one, whatever the verb: `the Nov. 16 vote` in an October article."""
    today, coming = local(reference, zone), resolve(text, spotted, reference=reference, looking="ahead", zone=zone)
    if today is None or coming is None:
        return expression
    with suppress(ValueError, OverflowError):
        if edtf.bounds(expression.edtf)[1] < today.date() - _LONG_PAST and edtf.bounds(coming.edtf)[0] < today.date() + _SOON:
            return coming
    return expression


def resolve(text: str, spotted: Spotted, *, reference: datetime | None, looking: Looking = "back", zone: tzinfo | None = None) -> TimeExpression | None:
    """Resolve one spotted expression; none if it cannot be known, or no such day exists."""
    with suppress(ValueError, OverflowError, KeyError):
        answer = _HANDLERS[spotted.form](spotted, text[spotted.start : spotted.end], Frame(local(reference, zone), looking))
        if answer is not None:
            return TimeExpression(Span.of(text, spotted.start, spotted.end), answer[0], answer[1])
    return None


def _way(text: str, spotted: Spotted, *, floor: int) -> Looking:
    """Look ahead if the clause around an expression has a future verb."""
    window = 80
    before = text[max(floor, spotted.start - window) : spotted.start]
    after = text[spotted.end : spotted.end + window]
    cuts = [m.end() for m in _CLAUSE.finditer(before)]
    stop = _CLAUSE.search(after)
    clause = before[cuts[-1] if cuts else 0 :] + " | " + after[: stop.start() if stop else None]
    return "ahead" if _AHEAD.search(clause) else "back"


_Answer = tuple[str, Precision] | None
_Handler = Callable[[Spotted, str, Frame], _Answer]


def _part_of_month(first: date, modifier: str) -> tuple[str, Precision]:
    """Early, middle or late in a month as its ten or so days; any other modifier leaves the month whole."""
    last = edtf.bounds(edtf.month(first))[1]
    match re.split("[ -]", modifier, maxsplit=1)[0].lower():
        case "early":
            return edtf.interval(first, first.replace(day=_EARLY_ENDS)), "range"
        case "mid":
            return edtf.interval(first.replace(day=_EARLY_ENDS + 1), first.replace(day=_LATE_BEGINS - 1)), "range"
        case "late":
            return edtf.interval(first.replace(day=_LATE_BEGINS), last), "range"
    return edtf.month(first), "month"


def _absolute(words: str, frame: Frame) -> date:
    """A day of a month, with a year or without."""
    if re.search(r"\d{4}", words):
        return Frame(datetime(2000, 1, 1), "back").ask(words)  # noqa: DTZ001 - no part is left to the reference
    return frame.ask(words)


def _iso(_: Spotted, words: str, __: Frame) -> _Answer:
    return edtf.day(date.fromisoformat(words)), "day"


def _date(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    return edtf.day(_absolute(spotted.part("date"), frame)), "day"


def _days(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    first, last = (_absolute(f"{spotted.part('m1')} {spotted.part(d)} {spotted.part('y')}".strip(), frame) for d in ("d1", "d2"))
    return edtf.interval(first, last), "range"


def _from_to(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    last = _absolute(spotted.part("last"), frame)
    first = _absolute(spotted.part("first"), Frame(datetime.combine(last, time(12)), "back"))
    return edtf.interval(first, last), "range"


def _month(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    name, number = spotted.part("month"), spotted.part("y")
    if number:
        return _part_of_month(_absolute(f"{name} {number}", frame).replace(day=1), spotted.part("mod"))
    which = spotted.part("which").lower()
    if which in {"last", "this past"}:
        first = Frame(frame.reference, "back").month(name)
        if first.month == frame.today.month:
            first = first.replace(year=first.year - 1)
    elif which == "this":
        first = frame.ask(name).replace(day=1, year=frame.today.year)
    else:
        first = Frame(frame.reference, "ahead" if which else frame.looking).month(name)
    return _part_of_month(first, spotted.part("mod"))


def _year_of(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    """`March last year`, `December 2 this year`."""
    number = frame.today.year + {"last": -1, "this": 0, "next": 1}[spotted.part("which")]
    if words := spotted.part("date"):
        return edtf.day(_absolute(f"{words} {number}", frame)), "day"
    name = spotted.part("month").removeprefix("the ")
    if name in edtf.SEASONS:
        return edtf.season(number, name), "range"
    return _part_of_month(_absolute(f"{name} {number}", frame).replace(day=1), spotted.part("mod"))


def _weekday(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    name, which, of_week = spotted.part("weekday"), spotted.part("which").lower(), spotted.part("week")
    if of_week:
        monday = frame.today - timedelta(days=frame.today.weekday()) + timedelta(weeks={"last": -1, "this": 0, "next": 1}[of_week])
        return edtf.day(monday + timedelta(days=(frame.ask(name).weekday()))), "day"
    if which in {"next", "this coming"}:
        return edtf.day(Frame(frame.reference, "ahead").ask(name)), "day"
    if which in {"last", "past", "this past"}:
        return edtf.day(Frame(frame.reference, "back").ask(name)), "day"
    # A bare weekday may be the reference's own day, which the library never answers: it is asked from the day after, or before.
    return edtf.day(frame.ask(name, shift=1 if frame.looking == "back" else -1)), "day"


def _relative(spotted: Spotted, words: str, frame: Frame) -> _Answer:
    """`the day after Monday`, `the week before Tuesday's vote`: the anchor's own day is known."""
    anchor = frame.ask(spotted.part("anchor"), shift=1 if frame.looking == "back" else -1)
    back = re.search(r"before|prior", words)
    if not re.match(r"(?:[Tt]he|[Aa]) (?:day|week) ", words):
        return None
    if " week " in words[:12]:
        return edtf.week(anchor + timedelta(weeks=-1 if back else 1)), "week"
    return edtf.day(anchor + timedelta(days=-1 if back else 1)), "day"


def _two_days(_: Spotted, words: str, frame: Frame) -> _Answer:
    return edtf.day(frame.ask(words.lower())), "day"


def _today(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    name = spotted.part("today").lower()
    return edtf.day(frame.ask("today" if name == "tonight" else name)), "day"


def _night(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    return edtf.day(frame.ask("yesterday" if spotted.part("which").lower() == "last" else "today")), "day"


def _overnight(_: Spotted, __: str, frame: Frame) -> _Answer:
    return edtf.interval(frame.ask("yesterday"), frame.ask("today")), "range"


def _period(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    unit, which, modifier = spotted.part("unit"), spotted.part("which").lower(), spotted.part("mod")
    if unit in edtf.SEASONS:
        return edtf.season(_season_year(unit, which, frame), unit), "range"
    if unit == "weekend":
        return _the_weekend(which, frame)
    if unit == "quarter":
        current = 4 * frame.today.year + (frame.today.month - 1) // 3 + {"last": -1, "this past": -1, "next": 1, "this coming": 1}.get(which, 0)
        return edtf.quarter(current // 4, current % 4 + 1), "range"
    step = {"last": "last", "this past": "last", "next": "next", "this coming": "next"}.get(which, "this")
    when = frame.ask(f"{step} {unit}")
    if unit == "week":
        return edtf.week(when), "week"
    if unit == "month":
        return _part_of_month(when.replace(day=1), modifier)
    return edtf.year(when), "year"


def _the_weekend(which: str, frame: Frame) -> _Answer:
    """The last weekend that has begun, or the next that has not ended; `this` and `the` go the way the verb looks."""
    ahead = which in {"next", "this coming"} or (which in {"this", "the"} and frame.looking == "ahead")
    saturday = _LAST_WEEKDAY - 1
    if ahead:
        return edtf.weekend(frame.today), "range"
    return edtf.weekend(frame.today if frame.today.weekday() >= saturday and which != "last" else frame.today - timedelta(weeks=1)), "range"


def _season_year(name: str, which: str, frame: Frame) -> int:
    """The year of `last summer`: the last that has ended; of `this summer`: the current one's."""
    number = frame.today.year
    if which in {"next", "this coming"}:
        return number if edtf.bounds(edtf.season(number, name))[0] > frame.today else number + 1
    if which in {"last", "this past"}:
        return number if edtf.bounds(edtf.season(number, name))[1] < frame.today else number - 1
    return number


def _ago(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    count, unit = spotted.part("count").lower(), spotted.part("unit")
    if count in {"a few", "several", "a couple of", "some", "many"} or re.search("dozen|hundred", count):
        return None
    about = "~" if spotted.part("vague") else ""
    if unit in {"minute", "hour"}:
        return _hours_ago(count, unit, frame)
    when = Frame(frame.reference, "back").ask(f"{count} {unit}s ago" if unit != "night" else f"{count} days ago")
    if unit == "week":
        return edtf.week(when).replace("/", f"{about}/") + about, "week"
    if unit == "decade":
        return f"{edtf.year(when)}~", "year"
    written = {"month": edtf.month, "year": edtf.year}.get(unit, edtf.day)(when) + about
    precision: Precision = "month" if unit == "month" else "year" if unit == "year" else "day"
    return written, precision


def _hours_ago(count: str, unit: str, frame: Frame) -> _Answer:
    """Minutes and hours count only from a reference that has a time of day."""
    if frame.reference is None or frame.reference.time() == time(0):
        return None
    when = hours_before(f"{count} {unit}s ago", frame.reference)
    return (edtf.day(when.date()), "day") if when else None


def _season(spotted: Spotted, _: str, __: Frame) -> _Answer:
    return edtf.season(int(spotted.part("y")), spotted.part("season")), "range"


def _quarter(spotted: Spotted, _: str, frame: Frame) -> _Answer:
    """A quarter without a year is the last that has begun, or the next that has not ended."""
    which = ("first", "second", "third", "fourth").index(spotted.part("quarter")) + 1
    if spotted.part("y"):
        return edtf.quarter(int(spotted.part("y")), which), "range"
    number = frame.today.year + {"last": -1, "next": 1}.get(spotted.part("which"), 0)
    if not spotted.part("which"):
        current = (frame.today.month + 2) // 3
        number += -1 if frame.looking == "back" and which > current else 1 if frame.looking == "ahead" and which < current else 0
    return edtf.quarter(number, which), "range"


def _decade(spotted: Spotted, _: str, __: Frame) -> _Answer:
    return f"{spotted.part('decade')}X", "range"


def _century(spotted: Spotted, _: str, __: Frame) -> _Answer:
    return f"{int(spotted.part('century')) - 1:02d}XX", "range"


def _year(spotted: Spotted, _: str, __: Frame) -> _Answer:
    about = spotted.part("about")
    return (f"{about}~" if about else spotted.part("y")), "year"


_HANDLERS: MappingProxyType[str, _Handler] = MappingProxyType(
    {
        "iso": _iso,
        "date": _date,
        "days": _days,
        "from_to": _from_to,
        "month": _month,
        "year_of": _year_of,
        "weekday": _weekday,
        "relative": _relative,
        "two_days": _two_days,
        "today": _today,
        "night": _night,
        "overnight": _overnight,
        "period": _period,
        "ago": _ago,
        "season": _season,
        "quarter": _quarter,
        "decade": _decade,
        "century": _century,
        "year": _year,
    }
)
