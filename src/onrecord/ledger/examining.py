"""Which statements a machine examined for which issue, so that a new issue can be coded over a whole ledger, with breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from onrecord.ledger.hits import Hit
from onrecord.positions import Position

__all__ = ["Examined", "Uncoded"]


@dataclass(frozen=True, slots=True)
class Uncoded:
    """A reading whose statements nobody examined for an issue yet."""

    #: Row of the reading; give it back with what was found.
    reading: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """A reading whose statements were examined for an issue, and what was found: nothing, for statements that are not named."""

    reading: int
    #: Id of the issue, and digest of the version that was read.
    issue: str
    digest: str
    #: By id of the statement.
    positions: Mapping[str, tuple[Position, ...]] = field(default_factory=dict)
