"""Making two actors one, and one two: what would come of it, shown before anything is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import Connection

from onrecord.actors.judgements import Judgement
from onrecord.ledger import Actor, Hit
from onrecord.ledger.hits import hits_of
from onrecord.ledger.portrait import Portrait, newest_of, portrait_of
from onrecord.ledger.speakers import alone, close_words, named_like
from onrecord.web.decisions import Decided, decided_about
from onrecord.web.page import Page
from onrecord.web.pages.actor import Stands, stands_of
from onrecord.web.routing import add_page
from onrecord.web.site import SiteOf

__all__ = ["MergePage", "Side", "SplitPage", "add", "merging", "splitting"]

#: Statements shown of each, and others to choose from.
_SAMPLE, _CHOICE, _LOOKED_AT = 3, 20, 100


@dataclass(frozen=True, slots=True)
class Side:
    """One of two actors."""

    actor: Actor
    portrait: Portrait
    #: Its newest statements.
    sample: Sequence[Hit]
    stands: Sequence[Stands] = ()

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            **self.actor.to_json(),
            "portrait": self.portrait.to_json(),
            "stands": [s.cell.to_json() for s in self.stands],
            "sample": [h.to_json() for h in self.sample],
        }


@dataclass(frozen=True, slots=True)
class MergePage(Page):
    """Two actors beside each other, or whom to choose from."""

    template = "merge.html.j2"

    side: Side
    other: Side | None
    #: What was asked for, and who may be meant by it.
    asked: str
    choice: Sequence[Actor]
    #: Words of names that may have been meant.
    close: Sequence[str]
    decisions: Sequence[Decided]
    #: The decision that keeps the two apart.
    against: Judgement | None = None
    #: Whether they are one already.
    one: bool = False

    @property
    def title(self) -> str:
        """Who with whom."""
        return f"Merge {self.side.actor.name} with {self.other.actor.name}" if self.other else f"Merge {self.side.actor.name}"

    @property
    def joins(self) -> tuple[tuple[Stands | None, Stands | None], ...]:
        """Issues with a position of either: where both stand on one, they would be taken together."""
        mine = {s.issue.id: s for s in self.side.stands}
        theirs = {s.issue.id: s for s in (self.other.stands if self.other else ())}
        return tuple((mine.get(i), theirs.get(i)) for i in dict.fromkeys([*mine, *theirs]))

    def to_json(self) -> dict[str, Any]:
        """Both, and what stands against it."""
        return {
            "actor": self.side.to_json(),
            "with": self.other.to_json() if self.other else None,
            "choice": [a.to_json() for a in self.choice],
            "close": list(self.close),
            "one_already": self.one,
            "against": self.against.id if self.against else None,
            "decisions": [d.to_json() for d in self.decisions],
        }


@dataclass(frozen=True, slots=True)
class SplitPage(Page):
    """The members of an actor."""

    template = "split.html.j2"

    actor: Actor
    #: Its own first.
    members: Sequence[Side]
    decisions: Sequence[Decided]

    @property
    def title(self) -> str:
        """Who."""
        return f"Split {self.actor.name}"

    def to_json(self) -> dict[str, Any]:
        """The members and what was decided."""
        return {"actor": self.actor.to_json(), "members": [m.to_json() for m in self.members], "decisions": [d.to_json() for d in self.decisions]}


def _side(connection: Connection, actor: Actor, stands: Sequence[Stands] = ()) -> Side:
    sample = tuple(hits_of(connection, newest_of(connection, actor.keys, limit=_SAMPLE)))
    return Side(actor, portrait_of(connection, actor, most=_LOOKED_AT), sample, stands)


def merging(site: SiteOf, id: str, with_: Annotated[str, Query(alias="with", max_length=200, description="Id or name of the other.")] = "") -> MergePage:  # noqa: A002
    """What would come of making two actors one: names, roles, statements, positions, and decisions against it. Nothing is changed by looking."""
    ledger = site.desk.ledger
    one, asked = ledger.actor(id), with_.strip().replace("\0", "")
    with ledger.database.reading() as connection:
        found = named_like(connection, asked or one.name.split()[-1])
        choice = [a for a in found if a.id != one.id][:_CHOICE]
        same = any(a.id == one.id for a in found) and bool(asked) and len(found) == 1
        other = choice[0] if asked and len(choice) == 1 else None
        close = close_words(connection, asked) if asked and not found else []
        decisions, identity = decided_about(connection, {*one.ids, *(other.ids if other else ())})
    mine, _, _ = stands_of(site, one)
    theirs = stands_of(site, other)[0] if other else []
    with ledger.database.reading() as connection:
        left, right = _side(connection, one, mine), _side(connection, other, theirs) if other else None
    against = identity.forbids(one.id, other.id) if other else None
    return MergePage(left, right, asked, () if other else choice, close, decisions, against, same)


def splitting(site: SiteOf, id: str) -> SplitPage:  # noqa: A002
    """Who was made one with an actor, and which statements each brought."""
    one = site.desk.ledger.actor(id)
    with site.desk.ledger.database.reading() as connection:
        decisions, _ = decided_about(connection, one.ids)
        members = [_side(connection, alone(connection, key)) for key in one.keys]
    return SplitPage(one, members, decisions)


def add(router: APIRouter) -> None:
    """Give the pages their addresses."""
    add_page(router, "/actors/{id}/merge", merging)
    add_page(router, "/actors/{id}/split", splitting)
