"""Where actors stand, as it comes out of the ledger: positions with their evidence, the matrix, timelines, shifts and splits.

Types alone; `Ledger` has a method for each question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from onrecord.errors import UsageError
from onrecord.ledger.coding import Coding
from onrecord.ledger.hits import Hit, Where
from onrecord.positions import Issue, Position, Stance
from onrecord.positions.shifts import LEAST, disagree
from onrecord.text import Span

__all__ = [
    "Cell",
    "Every",
    "Evidence",
    "Matrix",
    "Moved",
    "Order",
    "Point",
    "PositionQuery",
    "RowsBy",
    "Split",
    "Who",
]


class Order(StrEnum):
    """In which order positions come."""

    #: The newest first.
    DATE = "date"
    #: The oldest first.
    OLDEST = "oldest"
    #: Those that the machine is least sure of first: those nearest to an even chance.
    UNCERTAIN = "uncertain"


class RowsBy(StrEnum):
    """What a row of the matrix is."""

    ACTOR = "actor"
    #: All speakers of a country, and the state itself.
    COUNTRY = "country"
    #: All speakers of an organization, by the words the articles have for it, within a country.
    ORGANIZATION = "organization"


class Every(StrEnum):
    """Periods that time is cut into."""

    #: Monday to Sunday.
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class PositionQuery:
    """Which positions; what is None or empty does not matter."""

    #: Ids of issues; none: all that are followed.
    issues: tuple[str, ...] = ()
    #: Names, parts of names or ids of who holds them; one of them.
    actors: tuple[str, ...] = ()
    #: A country's code, or the id or name of a state or an organization: its members, and itself.
    camp: str | None = None
    #: First and last day: of speaking if the article says it to the day, else of publication.
    since: date | None = None
    until: date | None = None
    #: Machine positions below this do not count; what a person coded always does.
    min_score: float = LEAST
    stances: tuple[Stance, ...] = ()
    #: Whether what others report of somebody counts as theirs. It is told apart in any case.
    reported: bool = False
    #: Only what this person has coded, or has not.
    coded_by: str | None = None
    not_coded_by: str | None = None
    #: Only what any person coded (True), or nobody (False).
    by_hand: bool | None = None
    order: Order = Order.DATE
    #: Rows of the matrix.
    rows: RowsBy = RowsBy.ACTOR
    #: Cut the matrix into periods, too.
    every: Every | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            UsageError: A score out of range, an end before its beginning, a stance or order that there is not.
        """
        if not 0 <= self.min_score <= 1:
            raise UsageError(f"a score of {self.min_score:g}", hint="scores are between 0 and 1")
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"nothing is since {self.since} and until {self.until}", hint="give the earlier day to since")
        for name, kind in (("order", Order), ("rows", RowsBy), ("every", Every)):
            object.__setattr__(self, name, None if getattr(self, name) is None else _one_of(kind, getattr(self, name), name))
        object.__setattr__(self, "stances", tuple(_one_of(Stance, s, "stance") for s in self.stances))

    def but(self, **changes: Any) -> PositionQuery:  # noqa: ANN401 - values of any field
        """The same with other values."""
        return replace(self, **changes)


def _one_of(kind: type[StrEnum], value: str, name: str) -> StrEnum:
    try:
        return kind(value)
    except ValueError as error:
        raise UsageError(f"there is no {name} {value!r}", hint=f"there are {', '.join(kind)}") from error


@dataclass(frozen=True, slots=True)
class Who:
    """Who holds a position: an actor, the unnamed speakers of a country taken together, or a camp."""

    #: Id of the actor; None for those without a name, and for camps that are no actor.
    id: str | None
    name: str
    #: person, organization, state, group, document, unnamed, unknown; `camp`.
    type: str
    country: str | None = None
    organization: str | None = None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"id": self.id, "name": self.name, "type": self.type, "country": self.country, "organization": self.organization}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A position with everything that shows it."""

    #: Number of its row; orders by day. `Ledger.evidence` finds it again.
    key: int
    issue: str
    #: The stance that stands: a person's where there is one, else the machine's; None if coders differ, or a person said that there is none.
    stance: Stance | None
    #: Probability of it; 1 where a person coded it.
    score: float
    day: date
    who: Who
    #: Where the article is.
    where: Where
    #: The statement; None for a position that is shown without words.
    hit: Hit | None
    #: What the machine says; None if it found none here.
    machine: Position | None
    #: What people say, oldest first; each coder's last one counts.
    codings: tuple[Coding, ...] = ()
    #: Whether a person's coding is what stands.
    by_hand: bool = False
    #: Whether coders differ, so that none of it stands.
    disputed: bool = False
    #: Whether somebody else reports it of the holder.
    reported: bool = False
    #: Whether it counts in the matrix, the score aside.
    counts: bool = True

    @property
    def words(self) -> str:
        """What was said, or the words that tell of it."""
        return self.hit.content if self.hit else self.codings[-1].words if self.codings else ""

    @property
    def condition(self) -> tuple[Span, ...]:
        """What must hold first: by the last person who coded it conditional, else the machine."""
        by_hand = [c.condition for c in self.codings if c.condition]
        return by_hand[-1] if by_hand and self.by_hand else self.machine.condition if self.machine else ()

    def to_json(self) -> dict[str, Any]:
        """The position, and the statement under `statement`."""
        return {
            "key": self.key,
            "issue": self.issue,
            "stance": str(self.stance) if self.stance else None,
            "score": round(self.score, 4),
            "day": self.day.isoformat(),
            "who": self.who.to_json(),
            "by_hand": self.by_hand,
            "disputed": self.disputed,
            "reported": self.reported,
            "counts": self.counts,
            "words": self.words,
            "condition": [s.to_json() for s in self.condition],
            "machine": self.machine.to_json() if self.machine else None,
            "codings": [c.to_json() for c in self.codings],
            "statement": self.hit.to_json() if self.hit else None,
            "article": self.where.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one row stands on one issue."""

    who: Who
    issue: str
    #: The stance that stands last: of the last day with a side; neutral if none was ever taken; None if that day is mixed, the members of a camp
    #: differ, coders differ on all there is, or all of it is reported by others.
    stance: Stance | None
    #: Statements that count, by stance.
    counts: Mapping[Stance, int]
    first: date | None
    last: date | None
    #: The side that stood before the last one, if another.
    before: Stance | None = None
    #: Whether the last day's statements contradict each other; of a camp, whether its members differ.
    mixed: bool = False
    #: Positions on which coders differ; they count for no stance.
    disputed: int = 0
    #: How many of those that count a person coded.
    by_hand: int = 0
    #: What others report of them, by stance; it counts only if the query says so.
    reported: Mapping[Stance, int] = field(default_factory=dict)
    #: Row of the last statement of the stance; `Ledger.evidence` opens it.
    evidence: int | None = None
    #: Of a camp: each speaker's own cell.
    members: tuple[Cell, ...] = ()
    #: First day of the period that it is about; None: all of the time asked for.
    period: date | None = None

    @property
    def statements(self) -> int:
        """How many count."""
        return sum(self.counts.values())

    @property
    def trend(self) -> int:
        """1 from a side towards support, -1 towards oppose, 0 if there is no other side before."""
        order = {Stance.OPPOSE: 0, Stance.CONDITIONAL: 1, Stance.SUPPORT: 2}
        if not disagree(self.stance, self.before) or self.stance is None or self.before is None:
            return 0
        return 1 if order[self.stance] > order[self.before] else -1

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "who": self.who.to_json(),
            "issue": self.issue,
            "stance": str(self.stance) if self.stance else None,
            "statements": self.statements,
            "counts": {str(s): n for s, n in self.counts.items()},
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "before": str(self.before) if self.before else None,
            "trend": self.trend,
            "mixed": self.mixed,
            "disputed": self.disputed,
            "by_hand": self.by_hand,
            "reported": {str(s): n for s, n in self.reported.items()},
            "evidence": self.evidence,
            "members": [m.to_json() for m in self.members],
            "period": self.period.isoformat() if self.period else None,
        }


@dataclass(frozen=True, slots=True)
class Matrix:
    """Actors by issues."""

    #: Columns, in the order of the agenda.
    issues: tuple[Issue, ...]
    #: Rows, those with most statements first.
    rows: tuple[Who, ...]
    #: Cells, row by row; those without any position are left out.
    cells: tuple[Cell, ...]
    #: With `every`: cells of each period, oldest first.
    periods: tuple[Cell, ...] = ()

    def cell(self, who: Who, issue: str) -> Cell | None:
        """The cell of a row and an issue."""
        return next((c for c in self.cells if c.who == who and c.issue == issue), None)

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "issues": [i.to_json() for i in self.issues],
            "rows": [w.to_json() for w in self.rows],
            "cells": [c.to_json() for c in self.cells],
            "periods": [c.to_json() for c in self.periods],
        }


@dataclass(frozen=True, slots=True)
class Point:
    """What one actor's statements of one day amount to, on one issue."""

    day: date
    who: Who
    issue: str
    #: None if they contradict each other.
    stance: Stance | None
    counts: Mapping[Stance, int]
    #: Row of the statement that shows it best.
    evidence: int
    #: The side it departs from, if it is a shift.
    shift_from: Stance | None = None
    reported: bool = False

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "day": self.day.isoformat(),
            "who": self.who.to_json(),
            "issue": self.issue,
            "stance": str(self.stance) if self.stance else None,
            "counts": {str(s): n for s, n in self.counts.items()},
            "evidence": self.evidence,
            "shift_from": str(self.shift_from) if self.shift_from else None,
            "reported": self.reported,
        }


@dataclass(frozen=True, slots=True)
class Moved:
    """A shift: who, on what, from which statement to which."""

    who: Who
    issue: str
    before: Evidence
    after: Evidence
    #: How many settled days in a row held the stance before, and the one after.
    days_before: int
    days_after: int

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "who": self.who.to_json(),
            "issue": self.issue,
            "from": str(self.before.stance),
            "to": str(self.after.stance),
            "on": self.after.day.isoformat(),
            "days_before": self.days_before,
            "days_after": self.days_after,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Split:
    """An issue on which the members of a camp differ."""

    issue: str
    #: Each member's cell, by stance and then by number of statements.
    members: tuple[Cell, ...]
    #: For each of them, the last statement of the stance; None where the member's last day is mixed.
    evidence: tuple[Evidence | None, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        rows = [{"cell": c.to_json(), "evidence": e.to_json() if e else None} for c, e in zip(self.members, self.evidence, strict=True)]
        return {"issue": self.issue, "members": rows}
