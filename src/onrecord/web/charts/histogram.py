"""When statements were published, as bars; each leads to the search narrowed to its days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from onrecord.ledger import Histogram, Period

__all__ = ["Bars", "bars_of", "named"]

#: Units of the drawing: of a bar with the room around it, of that room, and of the height. It is stretched to the width there is.
_WIDE, _ROOM, _HIGH = 24, 3, 100
#: Least height of a bar that stands for something.
_LEAST = 2.0


@dataclass(frozen=True, slots=True)
class Bars:
    """The drawing, and the same in words."""

    svg: Markup
    #: Name, count, address and share of the highest of each period.
    rows: tuple[tuple[str, int, str], ...]
    #: The highest one, in words.
    highest: str
    #: What stands below: the first, the middle and the last period.
    below: tuple[str, ...]


def named(period: Period, by: str) -> str:
    """A period in words.

    Example:
        >>> named(Period(date(2026, 3, 1), date(2026, 3, 31), 7), "month")
        'March 2026'
    """
    first, last = period.first, period.last
    if by == "day":
        return _day(first)
    if by == "month":
        return f"{first:%B} {first.year}"
    if by == "year":
        return str(first.year)
    if by == "quarter":
        return f"{first:%B} to {last:%B} {last.year}"
    return f"{first.year} to {last.year}" if by == "decade" else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def bars_of(histogram: Histogram, to: Callable[[Period], str], *, brush: str) -> Bars | None:
    """Draw a histogram; None if there is nothing to compare.

    Args:
        histogram: What.
        to: Address of the search narrowed to a period.
        brush: Address of the search without days, to which the script adds those that were brushed over.
    """
    periods = histogram.periods
    if len(periods) < 2:  # noqa: PLR2004 - one bar says nothing
        return None
    most = max(p.count for p in periods)
    about = "" if histogram.exact else "about "
    names = [named(p, histogram.by) for p in periods]
    top = next(n for n, p in zip(names, periods, strict=True) if p.count == most)
    highest = f"Most: {about}{most:,}, {top}"
    # Put together from numbers and escaped words: `Markup.format` takes ten times as long.
    parts: list[str] = []
    parts.append(
        f'<svg class="bars" role="group" aria-labelledby="bars-title bars-desc" viewBox="0 0 {_WIDE * len(periods)} {_HIGH}" preserveAspectRatio="none"'
        f' data-brush="{escape(brush)}"><title id="bars-title">Statements by {escape(histogram.by)}</title>'
        f'<desc id="bars-desc">{escape(highest)}. Each bar narrows the search to its days.</desc>'
    )
    rows = []
    for n, (period, name) in enumerate(zip(periods, names, strict=True)):
        height = max(_LEAST, (_HIGH - _ROOM) * period.count / most) if period.count else 0.0
        said = escape(f"{name}: {about if period.count else ''}{period.count:,} {'statement' if period.count == 1 else 'statements'}")
        address = to(period)
        parts.append(
            f'<a href="{escape(address)}" aria-label="{said}" data-first="{period.first}" data-last="{period.last}" data-name="{escape(name)}"'
            f' data-count="{period.count}"><title>{said}</title><rect class="room" x="{n * _WIDE}" y="0" width="{_WIDE}" height="{_HIGH}"/>'
            f'<rect class="bar" x="{n * _WIDE + _ROOM / 2:.1f}" y="{_HIGH - height:.1f}" width="{_WIDE - _ROOM:.1f}" height="{height:.1f}"/></a>'
        )
        rows.append((name, period.count, address))
    middle = names[len(names) // 2] if len(names) > 4 else None  # noqa: PLR2004 - else there is no room for three
    below = tuple(n for n in (names[0], middle, names[-1]) if n)
    return Bars(Markup("".join([*parts, "</svg>"])), tuple(rows), highest, below)  # noqa: S704 - as said above
