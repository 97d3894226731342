"""Shifts: where a holder's positions on one issue disagree from one time to the next.

The rule, and why:

1. What has a low score does not count. A shift says of a person that they changed their mind; a weak guess must not say that.
2. Words that were carried before count on the first of their days alone. Papers quote in April what was said in March, and that is no going back.
3. The statements of one day are taken together, since nothing tells their order. Those that are neutral aside, they all take one stance, and the day has it;
   or they contradict each other, and the day is `mixed`, which is no stance.
4. Neutral is no shift by itself: who speaks of an issue and takes no side has not left the side they took. A mixed day is none, either. Both are passed over.
5. A shift is between one settled day and the next if their stances differ. Conditional is a stance of its own: from `support` or `oppose` to
   `conditional` and back are shifts, for that is what negotiations consist of.

Nothing is smoothed: one statement that stands against twenty makes two shifts. How many settled days in a row held the stance before and after is said with
each, so that whoever wants steady ones can ask for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from onrecord.positions.position import Stance

__all__ = ["LEAST", "DayHeld", "Held", "Shift", "disagree", "last_held", "settled_days", "shifts_of"]

#: Score below which a machine's position does not count, unless another is asked for: more likely wrong than right.
LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Held:
    """A stance on an issue, on a day, by one statement of the holder."""

    day: date
    stance: Stance
    #: Probability, 0 to 1; 1 where a person coded it.
    score: float
    #: What shows it: a number that the caller knows.
    evidence: int
    #: The quotation that the words are a part of, if they were carried elsewhere, too.
    quotation: int | None = None


@dataclass(frozen=True, slots=True)
class DayHeld:
    """What the statements of one day amount to."""

    day: date
    #: None if they contradict each other.
    stance: Stance | None
    #: The statement that shows it best: of the highest score, and the first of those. Of a mixed day, of any stance.
    evidence: int
    #: All that count on this day.
    held: tuple[Held, ...]

    @property
    def mixed(self) -> bool:
        """Whether the statements contradict each other."""
        return self.stance is None


@dataclass(frozen=True, slots=True)
class Shift:
    """From one stance to another."""

    before: DayHeld
    after: DayHeld
    #: How many settled days in a row held the stance before, and the one after.
    days_before: int
    days_after: int


def disagree(one: Stance | None, other: Stance | None) -> bool:
    """Whether two stances are two sides: both take one, and not the same.

    Example:
        >>> disagree(Stance.SUPPORT, Stance.CONDITIONAL), disagree(Stance.SUPPORT, Stance.NEUTRAL)
        (True, False)
    """
    return one is not other and None not in (one, other) and Stance.NEUTRAL not in (one, other)


def settled_days(held: Iterable[Held], *, least: float = LEAST) -> tuple[DayHeld, ...]:
    """What each day amounts to, by rules 1 to 3, oldest first.

    Args:
        held: Of one holder on one issue, in any order.
        least: Score below which one does not count.
    """
    kept = sorted((h for h in held if h.score >= least), key=lambda h: (h.day, h.evidence))
    first: dict[int, date] = {}
    for one in kept:
        if one.quotation is not None:
            first.setdefault(one.quotation, one.day)
    new = (h for h in kept if h.quotation is None or first[h.quotation] == h.day)
    return tuple(_day(day, tuple(of)) for day, of in groupby(new, key=lambda h: h.day))


def _day(day: date, held: tuple[Held, ...]) -> DayHeld:
    sides = [h for h in held if h.stance is not Stance.NEUTRAL] or list(held)
    stance = sides[0].stance if len({h.stance for h in sides}) == 1 else None
    return DayHeld(day, stance, max(sides, key=lambda h: h.score).evidence, held)


def shifts_of(held: Iterable[Held], *, least: float = LEAST) -> tuple[Shift, ...]:
    """The shifts of one holder on one issue, oldest first.

    Args:
        held: Of one holder on one issue, in any order.
        least: Score below which one does not count.

    Example:
        >>> march, april = date(2025, 3, 1), date(2025, 4, 1)
        >>> (shift,) = shifts_of([Held(april, Stance.CONDITIONAL, 0.9, 2), Held(march, Stance.OPPOSE, 0.8, 1)])
        >>> f"{shift.before.stance} to {shift.after.stance} on {shift.after.day}"
        'oppose to conditional on 2025-04-01'
    """
    runs = list(_runs(d for d in settled_days(held, least=least) if d.stance not in (None, Stance.NEUTRAL)))
    return tuple(Shift(before[-1], after[0], len(before), len(after)) for before, after in pairwise(runs))


def last_held(held: Iterable[Held], *, least: float = LEAST) -> DayHeld | None:
    """Where the holder stands last: the last day with a side, even if mixed; a neutral one only if none took a side; None if nothing counts."""
    days = settled_days(held, least=least)
    sides = [d for d in days if d.stance is not Stance.NEUTRAL]
    return (sides or days)[-1] if days else None


def _runs(days: Iterable[DayHeld]) -> Iterator[list[DayHeld]]:
    """Settled days in a row that hold one stance."""
    for _, run in groupby(days, key=lambda d: d.stance):
        yield list(run)
