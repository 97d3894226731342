"""The moment that expressions are counted from, and the library that is asked what their words mean.

dateparser is loaded at the first question: it costs about a quarter of a second to warm up.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

__all__ = ["Frame", "Looking", "hours_before", "local"]

#: Which way an expression without a year or a week of its own looks: news looks back, unless the verb is future.
Looking = Literal["back", "ahead"]


def local(reference: datetime | None, zone: tzinfo | None) -> datetime | None:
    """The reference on the wall clock of its zone; a naive one is taken as it is."""
    if reference is None:
        return None
    with suppress(ValueError, OverflowError):
        if zone is not None and reference.tzinfo is not None:
            reference = reference.astimezone(zone)
    return reference.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a form is resolved against."""

    #: The reference on its own wall clock.
    reference: datetime | None
    #: Which way to look.
    looking: Looking

    @property
    def today(self) -> date:
        """The reference's day.

        Raises:
            ValueError: There is no reference.
        """
        if self.reference is None:
            msg = "a relative date needs a reference"
            raise ValueError(msg)
        return self.reference.date()

    def ask(self, words: str, *, shift: int = 0) -> date:
        """Ask the library for the day some words mean, counted from the reference's day plus `shift` days.

        Raises:
            ValueError: It does not know.
        """
        base = self.today + timedelta(days=shift)
        answer = _ask(words, datetime.combine(base, time(12)), "past" if self.looking == "back" else "future")
        if answer is None:
            msg = f"no date in {words!r:.40}"
            raise ValueError(msg)
        return answer.date()

    def month(self, words: str) -> date:
        """The first day of a month named without a year; the current month is neither last year's nor next year's."""
        first = self.ask(words).replace(day=1)
        return first.replace(year=self.today.year) if first.month == self.today.month else first


@lru_cache(maxsize=1024)
def _ask(words: str, base: datetime, prefer: str) -> datetime | None:
    """The library's answer. Cached, since an article says `Tuesday` many times."""
    from dateparser.date import DateDataParser

    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": prefer, "PREFER_DAY_OF_MONTH": "first"}
    found: datetime | None = DateDataParser(languages=["en"], settings=settings).get_date_data(words).date_obj
    return found


def hours_before(words: str, reference: datetime) -> datetime | None:
    """The moment of `three hours ago`; none if the library does not know."""
    return _ask(words, reference, "past")
