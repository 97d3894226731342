"""What may be asked of where actors stand: the filters that the pages of issues share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field

from onrecord.desk import Desk
from onrecord.ledger.standing import Every, PositionQuery, RowsBy
from onrecord.positions.shifts import LEAST

__all__ = ["Blank", "FiltersOf", "StandingFilters"]

#: An empty field of a form says nothing.
Blank = BeforeValidator(lambda value: None if value == "" else value)
_Words = Annotated[str, Query(max_length=200)]
_Day = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class StandingFilters:
    """What is asked; what is empty does not matter."""

    #: A country's code, or the name or id of a state or an organization.
    camp: str = ""
    #: Days as people write them: `2025-03-14`, `2025-03`, `2025`.
    since: str = ""
    until: str = ""
    #: Least score of a machine's position; None for the usual one.
    min_score: float | None = None
    #: Whether what others report of somebody counts as theirs.
    reported: bool = False
    rows: RowsBy = RowsBy.ACTOR
    every: Every | None = None

    @property
    def least(self) -> float:
        """The least score, as it is."""
        return LEAST if self.min_score is None else self.min_score

    @property
    def narrow(self) -> bool:
        """Whether anything is asked."""
        return bool(self.asked())

    def but(self, **changes: Any) -> StandingFilters:  # noqa: ANN401 - values of any field
        """The same with other values."""
        return replace(self, **changes)

    def asked(self) -> dict[str, Any]:
        """As the query of an address; what is usual is left out."""
        every = {
            "camp": self.camp,
            "since": self.since,
            "until": self.until,
            "min_score": self.min_score,
            "reported": "true" if self.reported else None,
            "rows": str(self.rows) if self.rows is not RowsBy.ACTOR else None,
            "every": str(self.every) if self.every else None,
        }
        return {k: v for k, v in every.items() if v not in (None, "")}

    def query(self, desk: Desk, **more: Any) -> PositionQuery:  # noqa: ANN401 - see `position_query`
        """The question they mean.

        Raises:
            UsageError: Something in it cannot be meant.
        """
        return desk.position_query(
            camp=self.camp or None,
            since=self.since or None,
            until=self.until or None,
            min_score=self.min_score,
            reported=self.reported,
            rows=self.rows,
            every=self.every,
            **more,
        )


async def _filters(
    *,
    camp: Annotated[_Words, Query(description="Only who belongs to it: a country's code, or the name or id of a state or an organization.")] = "",
    since: Annotated[_Day, Query(description="First day: 2025-03-14, 2025-03 or 2025.")] = "",
    until: Annotated[_Day, Query(description="Last day, likewise.")] = "",
    min_score: Annotated[
        Annotated[float, Field(ge=0, le=1)] | None, Blank, Query(description=f"Least score of a machine's position; {LEAST} if none is given.")
    ] = None,
    reported: Annotated[bool | None, Blank, Query(description="Whether what others report of somebody counts as theirs.")] = None,
    rows: Annotated[RowsBy, Query(description="What a row of the matrix is.")] = RowsBy.ACTOR,
    every: Annotated[Every | None, Blank, Query(description="Show each cell through time, too.")] = None,
) -> StandingFilters:
    return StandingFilters(camp.strip().replace("\0", ""), since.strip(), until.strip(), min_score, bool(reported), rows, every)


FiltersOf = Annotated[StandingFilters, Depends(_filters)]
