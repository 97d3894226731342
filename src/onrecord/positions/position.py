"""A position: an actor's stance on an issue, at a time, by the evidence of one statement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from onrecord.text import Span

__all__ = ["Holder", "Position", "Stance"]


class Stance(StrEnum):
    """Where somebody stands on an issue."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    #: Would, if: what must hold first is a span of the text.
    CONDITIONAL = "conditional"
    #: Speaks of the issue and takes no side.
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose position is reported, where it is not the speaker's own: `Washington says Kyiv accepts`."""

    #: Id of the actor, as speakers have it; None if the article does not tell.
    id: str | None
    name: str
    type: str
    #: Where the content names them.
    span: Span

    def to_json(self) -> dict[str, Any]:
        """As in the statement's JSON form."""
        return {"id": self.id, "name": self.name, "type": self.type, "span": self.span.to_json()}


@dataclass(frozen=True, slots=True)
class Position:
    """A stance on one issue, as one statement shows it."""

    #: Id of the issue in the agenda.
    issue: str
    stance: Stance
    #: Calibrated probability that the statement takes this stance on this issue, 0 to 1.
    score: float
    #: What must hold first; empty unless conditional, and then, too, if the text does not say it in words.
    condition: tuple[Span, ...]
    #: Whose position it is, if not the speaker's: kept at one remove.
    holder: Holder | None
    #: Name and version of what coded it.
    coder: str

    def check(self, text: str) -> None:
        """Make sure every span holds what it claims.

        Raises:
            StatementError: One does not.
        """
        for span in (*self.condition, *((self.holder.span,) if self.holder else ())):
            span.check(text)

    def to_json(self) -> dict[str, Any]:
        """As in the statement's JSON form."""
        return {
            "issue": self.issue,
            "stance": str(self.stance),
            "score": round(self.score, 4),
            "condition": [s.to_json() for s in self.condition],
            "holder": self.holder.to_json() if self.holder else None,
            "coder": self.coder,
        }
