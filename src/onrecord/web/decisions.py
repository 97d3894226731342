"""What was decided about an actor, who did, and what takes each decision back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from onrecord.actors.judgements import Decision, Identity, Judgement
from onrecord.ledger.judging import decisions
from onrecord.ledger.speakers import names_of_ids

__all__ = ["Decided", "decided_about"]

_SAID = {"same": "are one", "different": "are two", "unsure": "may or may not be one"}


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision."""

    entry: Decision
    #: What it says, in words.
    says: str
    #: Whether it has not been taken back.
    stands: bool

    def to_json(self) -> dict[str, Any]:
        """As `onrecord actors log --format json` shows it."""
        e = self.entry
        about: dict[str, Any] = (
            {"about": "actors", "left": e.left, "right": e.right, "verdict": str(e.verdict)}
            if isinstance(e, Judgement)
            else {"about": "judgement", "left": e.judgement, "right": None, "verdict": "revoked"}
        )
        return {"id": e.id, **about, "by": e.by, "on": e.on.isoformat(), "note": e.note, "stands": self.stands}


def decided_about(connection: Connection, ids: Collection[str]) -> tuple[tuple[Decided, ...], Identity]:
    """Decisions about some actors, the newest first, with those that took them back; and what all decisions amount to.

    Args:
        connection: A reading one.
        ids: Ids of the actors.
    """
    every = decisions(connection)
    identity, mine = Identity(every), set(ids)
    kept: dict[str, Decision] = {e.id: e for e in every if isinstance(e, Judgement) and {e.left, e.right} & mine}
    for e in every:
        if not isinstance(e, Judgement) and e.judgement in kept:
            kept[e.id] = e
    names = names_of_ids(connection, {i for e in kept.values() if isinstance(e, Judgement) for i in (e.left, e.right)})
    found = []
    for e in kept.values():
        if isinstance(e, Judgement):
            says = f"{names.get(e.left, e.left)} and {names.get(e.right, e.right)} {_SAID[str(e.verdict)]}"
        else:
            says = "an earlier decision is taken back"
        found.append(Decided(e, says, identity.stands(e.id)))
    return tuple(sorted(found, key=lambda d: (d.entry.on, d.entry.id), reverse=True)), identity
