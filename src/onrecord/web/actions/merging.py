"""Two actors become one, one becomes two, and either is taken back."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from onrecord.actors.judgements import Judgement
from onrecord.errors import UsageError
from onrecord.web import links
from onrecord.web.decisions import decided_about
from onrecord.web.routing import Done, add_action
from onrecord.web.site import Role, Site, Visitor

__all__ = ["add"]


class _Note(BaseModel):
    note: str = Field("", max_length=5_000, description="Why; kept with it.")


class Merge(_Note):
    """With whom."""

    other: str = Field(max_length=64, description="Id of the other.")


class Split(_Note):
    """From whom."""

    member: str = Field(max_length=64, description="Id of the one that is somebody else.")


class Undo(_Note):
    """What."""

    judgement: str = Field(max_length=64, description="Id of the decision: j1:…")


def merge(site: Site, visitor: Visitor, given: Merge, path: dict[str, str]) -> Done:
    """Decide that two actors are one: the first is the one they are known under."""
    ledger = site.desk.ledger
    one, other = ledger.actor(path["id"]), ledger.actor(given.other)
    if one.id == other.id:
        raise UsageError("they are one already", item=other.name, hint="look at the actor's page for what was decided")
    against = ledger.identity().forbids(one.id, other.id)
    if against is not None:
        hint = f"first take back that decision ({against.id}): it is listed on the pages of both, with a button"
        raise UsageError(f"{against.by} decided on {against.on.date()} that they are not one", item=other.name, hint=hint)
    made = site.desk.merge(one.id, other.id, by=visitor.name, note=given.note.strip() or None)
    return Done("merged", f"{links.actor(made.id)}#decisions", made.id, {"actor": made.to_json(), "with": other.id})


def split(site: Site, visitor: Visitor, given: Split, path: dict[str, str]) -> Done:
    """Decide that somebody who was made one with an actor is somebody else."""
    one = site.desk.ledger.actor(path["id"])
    if given.member not in one.ids[1:]:
        raise UsageError("nobody of this id was made one with this actor", item=given.member, hint="the page that splits lists who was")
    site.desk.split(one.id, given.member, by=visitor.name, note=given.note.strip() or None)
    left = site.desk.ledger.actor(one.id)
    return Done("split", f"{links.actor(left.id)}#decisions", left.id, {"actor": left.to_json(), "without": given.member})


def undo(site: Site, visitor: Visitor, given: Undo, path: dict[str, str]) -> Done:
    """Take a decision about an actor back; or take back that it was taken back."""
    one = site.desk.ledger.actor(path["id"])
    with site.desk.ledger.database.reading() as connection:
        found = {d.entry.id: d for d in decided_about(connection, one.ids)[0]}
    if given.judgement not in found:
        raise UsageError("there is no such decision about this actor", item=given.judgement, hint="the page of the actor lists them")
    if not found[given.judgement].stands:
        raise UsageError("it has been taken back already", item=given.judgement, hint="what took it back can be taken back, too")
    again = not isinstance(found[given.judgement].entry, Judgement)
    site.desk.undo(given.judgement, by=visitor.name, note=given.note.strip() or None)
    return Done("done" if again else "undone", f"{links.actor(path['id'])}#decisions", given.judgement, {"judgement": given.judgement})


def add(router: APIRouter) -> None:
    """Give the actions their addresses."""
    add_action(router, "/actors/{id}/merge", Merge, merge, role=Role.CODER)
    add_action(router, "/actors/{id}/split", Split, split, role=Role.CODER)
    add_action(router, "/actors/{id}/undo", Undo, undo, role=Role.CODER)
