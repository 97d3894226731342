"""When the statements that match were published: counts by day, week, month and so on, for a page to draw.

A common word is in half a million statements, and a page has some hundredths of a second. So matches are counted one by one up to `COUNTED`; where there
are more, each period is sampled: some matches in a row are taken from a few places of it, and how far one had to go for them, among all statements that
were filed there, says how many there are. Keys have no gaps and begin with the day, so what was filed between two of them is known without looking.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from onrecord.ledger.keys import DAY, day_range
from onrecord.ledger.searching import Plan, Query, Sort, plan_of, speakers_named
from onrecord.ledger.tables import statements

__all__ = ["COUNTED", "FiledByDay", "Histogram", "Period", "filed_by_day", "histogram_of", "histogram_of_days", "periods_of"]

#: Matches that are counted one by one.
COUNTED = 6_000
#: Places where a sample is taken, of all periods together (one of each period at least), and matches of each.
_PLACES, _SOME = 32, 40
#: Periods at most.
_MOST = 31
_YEAR = 12


@dataclass(frozen=True, slots=True)
class FiledByDay:
    """How many statements were filed of each day, in whatever state they are now: texts that were replaced, and superseded readings, among them."""

    #: Ordinals of the days that have any, in order, and how many.
    days: tuple[int, ...]
    counts: tuple[int, ...]
    #: How many before each day; one more for the end.
    before: tuple[int, ...]

    @property
    def total(self) -> int:
        """All."""
        return self.before[-1]

    @property
    def first(self) -> date | None:
        """The first day."""
        return date.fromordinal(self.days[0]) if self.days else None

    @property
    def last(self) -> date | None:
        """The last day."""
        return date.fromordinal(self.days[-1]) if self.days else None

    def place(self, key: int) -> int:
        """How many keys come before a key."""
        n = bisect_right(self.days, key // DAY) - 1
        return 0 if n < 0 else self.before[n] + min(max(0, key - self.days[n] * DAY - 1), self.counts[n])

    def key(self, place: int) -> int:
        """The key at a place; past the end, one that comes after all."""
        n = bisect_right(self.before, place) - 1
        return (self.days[-1] + 1) * DAY if n >= len(self.days) else self.days[n] * DAY + 1 + place - self.before[n]


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, both ends included, and how many statements match in them."""

    first: date
    last: date
    count: int

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"first": self.first.isoformat(), "last": self.last.isoformat(), "count": self.count}


@dataclass(frozen=True, slots=True)
class Histogram:
    """Periods in order without gaps, from the first match to the last; none if nothing matches."""

    #: What a period is: `day`, `week`, `month`, `quarter`, `year`, `decade`.
    by: str
    periods: tuple[Period, ...]
    #: How many match.
    total: int
    #: Whether they were counted; else counts are estimates from a sample.
    exact: bool

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"by": self.by, "total": self.total, "exact": self.exact, "periods": [p.to_json() for p in self.periods]}


def filed_by_day(connection: Connection) -> FiledByDay:
    """How many statements were filed of each day: one look into the index for each."""
    asked = f"""
        WITH RECURSIVE ends(k) AS (
            SELECT max(key) FROM statements
            UNION ALL SELECT (SELECT max(key) FROM statements WHERE key < (k / {DAY}) * {DAY}) FROM ends WHERE k IS NOT NULL
        ) SELECT k FROM ends WHERE k IS NOT NULL
    """  # noqa: S608 - a number of ours
    ends = [int(k) for k in connection.execute(text(asked)).scalars()][::-1]
    counts = tuple(k % DAY for k in ends)
    return FiledByDay(tuple(k // DAY for k in ends), counts, (0, *accumulate(counts)))


def histogram_of(connection: Connection, query: Query, filed: FiledByDay | None = None) -> Histogram:
    """When the statements that match were published.

    Args:
        connection: A reading one.
        query: What to look for; its order does not matter.
        filed: What `filed_by_day` gave for this state of the ledger; None to ask.

    Raises:
        UsageError: As `search_statements`.
    """
    if query.actors and replace(query, actors=(), since=None, until=None, sort=Sort.DATE) == Query():
        return histogram_of_days(_said_by_day(connection, query))
    plan = plan_of(connection, query)
    some = select(plan.key.label("k")).select_from(plan.table).where(*plan.where).limit(COUNTED + 1).subquery()
    day = (some.c.k // DAY).label("day")
    counted = {int(d): int(n) for d, n in connection.execute(select(day, func.count()).select_from(some).group_by(day), plan.values).all()}
    if sum(counted.values()) <= COUNTED:
        return histogram_of_days(counted)
    first, last = _ends(connection, plan)
    by, periods = periods_of(date.fromordinal(first), date.fromordinal(last))
    known = filed or filed_by_day(connection)
    begin, end = (known.place(d) for d in (first * DAY, (last + 1) * DAY))
    places = [(max(begin, known.place(a.toordinal() * DAY)), min(end, known.place((b.toordinal() + 1) * DAY))) for a, b in periods]
    # Without its days: FTS5 jumps to one of two bounds only.
    ask, parts = _asking(connection, plan_of(connection, replace(query, since=None, until=None))), max(1, _PLACES // len(periods))
    found = [_estimate(ask, known, *of, parts=parts) for of in places]
    return Histogram(by, tuple(Period(a, b, n) for (a, b), n in zip(periods, found, strict=True)), sum(found), exact=False)


def histogram_of_days(counted: Mapping[int, int]) -> Histogram:
    """Put days together to periods.

    Args:
        counted: How many match, by the ordinal of the day.

    Example:
        >>> histogram_of_days({date(2026, 3, 14).toordinal(): 2}).total
        2
    """
    if not counted:
        return Histogram("day", (), 0, exact=True)
    by, periods = periods_of(date.fromordinal(min(counted)), date.fromordinal(max(counted)))
    found = [0] * len(periods)
    ends = [b.toordinal() for _, b in periods]
    for day, n in counted.items():
        found[bisect_left(ends, day)] += n
    return Histogram(by, tuple(Period(a, b, n) for (a, b), n in zip(periods, found, strict=True)), sum(found), exact=True)


def _said_by_day(connection: Connection, query: Query) -> dict[int, int]:
    """What some actors said, by day: the index on speakers has each one's statements beside each other, so that they are counted sooner than sampled."""
    s, keys = statements.c, [k for name in query.actors for k in speakers_named(connection, name)]
    first, past = day_range(query.since, query.until)
    days = [*([s.key >= first] if first is not None else []), *([s.key < past] if past is not None else [])]
    day = (s.key // DAY).label("day")
    return {int(d): int(n) for d, n in connection.execute(select(day, func.count()).where(s.speaker_key.in_(keys), s.shown, *days).group_by(day)).all()}


def _ends(connection: Connection, plan: Plan) -> tuple[int, int]:
    """Days of the first and the last match."""
    first, last = (select(plan.key).select_from(plan.table).where(*plan.where).order_by(o).limit(1) for o in (plan.key.asc(), plan.key.desc()))
    return tuple(int(connection.execute(asked, plan.values).scalar() or 0) // DAY for asked in (first, last))  # type: ignore[return-value]


def _asking(connection: Connection, plan: Plan) -> Callable[[int, int], tuple[int, int | None]]:
    """Gives how many of the first matches between two keys there are, and the last of them."""
    within = plan.key >= bindparam("here"), plan.key < bindparam("there")
    some = select(plan.key.label("k")).select_from(plan.table).where(*plan.where, *within).order_by(plan.key).limit(_SOME).subquery()
    asked = select(func.count(), func.max(some.c.k)).select_from(some)

    def ask(here: int, there: int) -> tuple[int, int | None]:
        row = connection.execute(asked, {**plan.values, "here": here, "there": there}).one()
        return int(row[0]), row[1]

    return ask


def _estimate(ask: Callable[[int, int], tuple[int, int | None]], filed: FiledByDay, start: int, end: int, *, parts: int) -> int:
    """How many match between two places."""
    places = sorted({start + (end - start) * n // parts for n in range(parts + 1)})
    estimate = 0.0
    for here, there in pairwise(places):
        count, last = ask(filed.key(here), filed.key(there))
        gone = there if last is None or count < _SOME else filed.place(last + 1)
        estimate += count * (there - here) / max(1, gone - here)
    return round(estimate)


# Periods ----------------------------------------------------------------------------------------------------------------------------


def periods_of(first: date, last: date, most: int = _MOST) -> tuple[str, list[tuple[date, date]]]:
    """Cut time into periods of the shortest kind that makes no more than some.

    Args:
        first: First day.
        last: Last day.
        most: Periods at most; where even decades are more, there are more.

    Returns:
        The kind, and first and last day of each period; the first and the last one are whole, too.

    Example:
        >>> periods_of(date(2026, 1, 30), date(2026, 2, 2), most=2)
        ('week', [(datetime.date(2026, 1, 26), datetime.date(2026, 2, 1)), (datetime.date(2026, 2, 2), datetime.date(2026, 2, 8))])
    """
    for by, months in (("day", 0), ("week", 0), ("month", 1), ("quarter", 3), ("year", 12), ("decade", 120)):
        days = {"day": 1, "week": 7}.get(by, months * 28)
        if (last - first).days // days <= most + 2:
            found = list(_days(first, last, days) if not months else _months(first, last, months))
            if len(found) <= most:
                return by, found
    return "decade", list(_months(first, last, 120))


def _days(first: date, last: date, days: int) -> Iterator[tuple[date, date]]:
    # Weeks begin on Monday.
    start = first.toordinal() - ((first.toordinal() - 1) % days)
    for n in range(start, last.toordinal() + 1, days):
        yield date.fromordinal(max(1, n)), date.fromordinal(min(n + days - 1, date.max.toordinal()))


def _months(first: date, last: date, months: int) -> Iterator[tuple[date, date]]:
    begin, end = (d.year * _YEAR + d.month - 1 for d in (first, last))
    for n in range(begin - begin % months, end + 1, months):
        yield max(date.min, _month(n)), (_month(n + months) - timedelta(days=1) if n + months < (date.max.year + 1) * _YEAR else date.max)


def _month(number: int) -> date:
    return date(max(1, number // _YEAR), number % _YEAR + 1, 1) if number >= _YEAR else date.min
