"""Days counted from a day: feasts, the week or year it is in, and so much later."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from onrecord.occasions import edtf

__all__ = ["coming_season", "feast", "later", "period"]


def later(anchor: date, unit: str, number: int) -> date:
    """The day so many minutes, hours, days, weeks, months or years after another; a last day of a month stays one.

    Raises:
        ValueError: There is no such day.
    """
    match unit:
        case "minutes" | "hours":
            return anchor + timedelta(days=number // (24 if unit == "hours" else 1440))
        case "days" | "weeks":
            return anchor + timedelta(days=number * (7 if unit == "weeks" else 1))
        case "months":
            return anchor + relativedelta(months=number)
    return anchor + relativedelta(years=number)


def period(unit: str, anchor: date) -> tuple[date, date]:
    """First and last day of the week, month, quarter, year, decade or century that a day is in."""
    written = {
        "week": edtf.week(anchor),
        "month": edtf.month(anchor),
        "quarter": edtf.quarter(anchor.year, (anchor.month + 2) // 3),
        "decade": f"{anchor.year // 10}X",
        "century": f"{anchor.year // 100}XX",
    }
    return edtf.bounds(written.get(unit.lower(), edtf.year(anchor)))


def coming_season(name: str, anchor: date) -> str:
    """The season of a name that has not ended: the one a day is in, else the next."""
    this = edtf.season(anchor.year, name)
    before = edtf.season(anchor.year - 1, name)
    if edtf.bounds(before)[1] >= anchor:
        return before
    return this if edtf.bounds(this)[1] >= anchor else edtf.season(anchor.year + 1, name)


def feast(name: str, anchor: date) -> date:
    """The next time that a feast comes."""

    def of(year: int) -> date:
        match name.partition(" ")[0]:
            case "Christmas":
                return date(year, 12, 24 if name.endswith("Eve") else 25)
            case "New":
                return date(year, 12, 31) if name.endswith("Eve") else date(year, 1, 1)
            case "Good":
                return easter(year) - timedelta(days=2)
        return easter(year) + timedelta(days=1 if name.endswith("Monday") else 0)

    this = of(anchor.year)
    return this if this >= anchor else of(anchor.year + 1)
