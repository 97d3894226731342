"""What may be asked of the network of actors: the filters of the pages of issues, and those of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query

from onrecord.desk import Desk
from onrecord.desk.networks import ACTORS, MOST, Ties
from onrecord.desk.searching import day
from onrecord.errors import UsageError
from onrecord.ledger.standing import PositionQuery, RowsBy
from onrecord.positions.congruence import Norm
from onrecord.web.standing_filters import Blank, FiltersOf, StandingFilters

__all__ = ["CitationFilters", "CitationsOf", "NetworkFilters", "NetworkOf"]

#: Issues that can be asked for at once.
_ISSUES = 100
_Kind = TypeVar("_Kind", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class NetworkFilters:
    """What is asked; what is empty does not matter."""

    #: Camp, days, least score, and whether what others report counts.
    standing: StandingFilters
    ties: Ties = Ties.BOTH
    norm: Norm = Norm.COUNT
    #: Ids of issues; none: all that are followed.
    issues: tuple[str, ...] = ()
    #: Ties that weigh less are left out.
    least: float = 0.0
    #: Actors at most: those with the most statements that take a side.
    actors: int = ACTORS

    def asked(self) -> dict[str, Any]:
        """As the query of an address; what is usual is left out."""
        every = {
            **self.standing.asked(),
            "ties": str(self.ties) if self.ties is not Ties.BOTH else None,
            "norm": str(self.norm) if self.norm is not Norm.COUNT else None,
            "issue": list(self.issues),
            "least": f"{self.least:g}" if self.least else None,
            "actors": self.actors if self.actors != ACTORS else None,
        }
        return {k: v for k, v in every.items() if v not in (None, "", [])}

    def evidence(self) -> dict[str, Any]:
        """What of it says which statements count."""
        return {k: v for k, v in self.asked().items() if k not in {"ties", "norm", "least", "actors"}}

    def address(self, path: str, more: Mapping[str, Any] | None = None) -> str:
        """An address under which the same is asked."""
        some = {**self.asked(), **(more or {})}
        return f"{path}?{urlencode(some, doseq=True)}" if some else path

    def query(self, desk: Desk) -> PositionQuery:
        """The question they mean.

        Raises:
            UsageError: Something in it cannot be meant.
        """
        return self.standing.query(desk, issue=self.issues)


def _one_of(kind: type[_Kind], value: str, name: str) -> _Kind:
    try:
        return kind(value)
    except ValueError as error:
        raise UsageError(f"{name} cannot be {value[:60]!r}", hint=f"there are {', '.join(kind)}") from error


async def _filters(
    standing: FiltersOf,
    *,
    ties: Annotated[str, Query(max_length=20, description="`congruence`, `conflict` or `both`.")] = "both",
    norm: Annotated[str, Query(max_length=20, description="How much a tie weighs: `count`, `activity`, `jaccard` or `cosine`.")] = "count",
    issue: Annotated[list[str], Query(max_length=_ISSUES, description="Ids or labels of issues; none: all that are followed.")] = [],  # noqa: B006
    least: Annotated[float | None, Blank, Query(description="Ties that weigh less are left out.")] = None,
    actors: Annotated[int | None, Blank, Query(description=f"Actors at most, 2 to {MOST}: those with the most statements that take a side.")] = None,
) -> NetworkFilters:
    weight, count = _least_and_most(least, actors)
    named = tuple(dict.fromkeys(i.strip().replace("\0", "")[:200] for i in issue if i.strip()))
    kinds = _one_of(Ties, ties or "both", "ties"), _one_of(Norm, norm or "count", "the weight")
    return NetworkFilters(standing.but(rows=RowsBy.ACTOR, every=None), *kinds, named, weight, count)


NetworkOf = Annotated[NetworkFilters, Depends(_filters)]


@dataclass(frozen=True, slots=True)
class CitationFilters:
    """What may be asked of who cites whom; what is empty does not matter."""

    #: Days of publication as people write them.
    since: str = ""
    until: str = ""
    #: Whether agencies, papers, broadcasters and platforms are left out.
    no_outlets: bool = False
    #: Ties of fewer statements are left out.
    least: float = 0.0
    #: Actors and outlets at most: those with the most statements in which they cite or are cited.
    actors: int = ACTORS

    def asked(self) -> dict[str, Any]:
        """As the query of an address; what is usual is left out."""
        every = {
            **self.evidence(),
            "no_outlets": "true" if self.no_outlets else None,
            "least": f"{self.least:g}" if self.least else None,
            "actors": self.actors if self.actors != ACTORS else None,
        }
        return {k: v for k, v in every.items() if v is not None}

    def evidence(self) -> dict[str, Any]:
        """What of it says which statements count."""
        return {k: v for k, v in (("since", self.since), ("until", self.until)) if v}

    def address(self, path: str) -> str:
        """An address under which the same is asked."""
        return f"{path}?{urlencode(self.asked())}" if self.asked() else path

    def days(self) -> tuple[date | None, date | None]:
        """The first day and the last.

        Raises:
            UsageError: One is no day.
        """
        return day(self.since or None), day(self.until or None, last=True)


async def _citation_filters(
    *,
    since: Annotated[str, Query(max_length=40, description="First day of publication: 2025-03-14, 2025-03 or 2025.")] = "",
    until: Annotated[str, Query(max_length=40, description="Last day, likewise.")] = "",
    no_outlets: Annotated[bool | None, Blank, Query(description="Whether agencies, papers, broadcasters and platforms are left out.")] = None,
    least: Annotated[float | None, Blank, Query(description="Ties of fewer statements are left out.")] = None,
    actors: Annotated[int | None, Blank, Query(description=f"Actors and outlets at most, 2 to {MOST}: those with the most statements.")] = None,
) -> CitationFilters:
    return CitationFilters(since.strip(), until.strip(), bool(no_outlets), *_least_and_most(least, actors))


CitationsOf = Annotated[CitationFilters, Depends(_citation_filters)]


def _least_and_most(least: float | None, actors: int | None) -> tuple[float, int]:
    weight, count = least or 0.0, ACTORS if actors is None else actors
    if not math.isfinite(weight) or weight < 0:
        raise UsageError(f"a tie cannot weigh {weight:g}", hint="the least weight is a number from 0 upwards")
    if not 2 <= count <= MOST:  # noqa: PLR2004 - a tie takes two
        raise UsageError(f"a network of {count} actors", hint=f"ask for 2 to {MOST}")
    return weight, count
