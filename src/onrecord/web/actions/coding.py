"""What a coder does at the queue: say where somebody stands, and take that back."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from onrecord.desk.coding import labelled
from onrecord.desk.queue import Draw, Queue
from onrecord.errors import UsageError
from onrecord.positions import Act, Issue, Stance
from onrecord.positions.refitting import FEWEST
from onrecord.web import links
from onrecord.web.jobs import Line
from onrecord.web.pages.review import followed, named
from onrecord.web.routing import Done, add_action
from onrecord.web.safety.names import LONGEST, NAME, as_cookie, proper
from onrecord.web.site import Access, Role, Site, Visitor

__all__ = ["add"]


class Says(StrEnum):
    """What a coder can say."""

    ACCEPT = "accept"
    SUPPORT = "support"
    OPPOSE = "oppose"
    CONDITIONAL = "conditional"
    NEUTRAL = "neutral"
    NONE = "none"
    UNSURE = "unsure"


class Sitting(BaseModel):
    """How the queue goes on."""

    order: Draw = Draw.UNCERTAIN
    blind: bool = False
    as_coded_by: str = Field("", max_length=120)
    skip: list[str] = Field([], max_length=50)
    by: str = Field("", max_length=300, description="Under which name the page was opened: under another, nothing is done.")
    again: bool = Field(default=False, description="Whether one statement is coded again, out of those on which people differ.")

    def check(self, visitor: Visitor) -> None:
        """Refuse what was opened under one name and sent under another: two people may share a browser.

        Raises:
            UsageError: It was.
        """
        if self.by and self.by != visitor.name:
            raise UsageError(f"you are {visitor.name} now, and this page was opened by {self.by}", hint="say on Review who you are, and open the queue again")

    def back_to(self, issue: Issue) -> str:
        """The queue's address, or that of the page on which people differ."""
        if self.again:
            return links.agreement(issue=issue.id)
        asked = {"order": str(self.order), "blind": "true" if self.blind else "", "as_coded_by": self.as_coded_by, "skip": self.skip}
        return f"{links.coding(issue.id)}?{urlencode({k: v for k, v in asked.items() if v}, doseq=True)}"


class Code(Sitting):
    """A coding."""

    statement: str = Field(max_length=100)
    holder: str = Field("", max_length=300, description="Whose position, if not the speaker's: id or name.")
    says: Says
    condition: str = Field("", max_length=2_000, description="Words of what was said that say what must hold first.")
    act: Act | None = None
    note: str = Field("", max_length=5_000)


class Back(Sitting):
    """A coding to take back."""

    coding: str = Field(max_length=100)


class Name(BaseModel):
    """Who somebody is."""

    name: str = Field("", max_length=LONGEST, description="Empty: the user of this machine.")


class Nothing(BaseModel):
    """Nothing more is to be said."""


def code(site: Site, visitor: Visitor, given: Code, parts: dict[str, str]) -> Done:
    """Say where somebody stands on an issue by a statement."""
    given.check(visitor)
    issue = followed(site, parts["issue"])
    queue = Queue(site.desk.ledger, issue, visitor.name, given.order, blind=given.blind, now=site.now)
    one = named(queue, given.statement, given.holder or None)
    if given.says is Says.ACCEPT and given.blind:
        raise UsageError("blind: there is nothing to accept", hint="choose a stance")
    span = one.find(given.condition) if given.condition.strip() else None
    if given.condition.strip() and span is None:
        raise UsageError("the condition does not stand in what was said, or not at one place alone", hint="go back, and type its words as they stand there")
    machine = one.machine if given.says is Says.ACCEPT else None
    stance = machine.stance if machine else Stance(given.says) if str(given.says) in set(map(str, Stance)) else None
    condition = (span,) if span else machine.condition if machine else ()
    made = queue.code(one, stance, act=given.act, condition=condition, note=given.note.strip() or None, unsure=given.says is Says.UNSURE)
    return Done("coded", given.back_to(issue), made.coding.id, {"coding": made.coding.to_json()})


def back(site: Site, visitor: Visitor, given: Back, parts: dict[str, str]) -> Done:
    """Take one's own coding back."""
    given.check(visitor)
    issue = followed(site, parts["issue"])
    if given.coding not in {c.id for c in site.desk.ledger.codings(issue=issue.id, by=visitor.name)}:
        raise UsageError("you have no such coding on this issue", item=given.coding, hint="go back to the queue")
    site.desk.ledger.take_back_coding(given.coding, by=visitor.name, on=site.now())
    return Done("undone", given.back_to(issue), given.coding)


def teach(site: Site, visitor: Visitor, given: Nothing, parts: dict[str, str]) -> Done:
    """Refit the machine's stances on an issue to what people coded of it, beside the pages; what it found is scored again if that is surely better."""
    del given
    issue = followed(site, parts["issue"])
    codings = len(labelled(site.desk.ledger, issue.id))
    if codings < FEWEST:
        raise UsageError(f"{codings} codings are too few to learn from", hint=f"code {FEWEST - codings} more")

    def work() -> Iterator[Line]:
        for taught in site.desk.relearn(issues=[issue.id]):
            yield Line(issue.label, str(taught).removeprefix(f"{issue.id}: "), failed=taught.refit is None, to=links.issue(issue.id))

    job = site.jobs.start(f"Learn from what was coded of {issue.label}", work, by=visitor.name, now=site.now)
    return Done("begun", f"/review?job={job.id}", issue.id, {"job": job.id})


def name(site: Site, visitor: Visitor, given: Name, parts: dict[str, str]) -> Done:
    """Say under which name to work in this browser, where no token says it. The name goes into a cookie."""
    del parts
    if site.access is not Access.OPEN or visitor.token is not None:
        raise HTTPException(403, "your token says who you are")
    chosen = proper(given.name) if given.name.strip() else ""
    return Done("named", "/review", chosen or site.user, {"name": chosen or site.user}, (NAME, as_cookie(chosen)))


def add(router: APIRouter) -> None:
    """Give the actions their addresses."""
    add_action(router, "/review/{issue}/code", Code, code, role=Role.CODER)
    add_action(router, "/review/name", Name, name, role=Role.CODER)
    add_action(router, "/review/{issue}/teach", Nothing, teach, role=Role.CODER)
    add_action(router, "/review/{issue}/back", Back, back, role=Role.CODER)
