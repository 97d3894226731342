"""*Review*: statements to be coded by hand, one at a time. Nothing is kept between requests: what comes next is told by the ledger and the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query

from onrecord.desk.coding import labelled
from onrecord.desk.queue import Draw, Item, Queue
from onrecord.desk.standing import issue_named
from onrecord.errors import UsageError
from onrecord.ledger.coding import Coding
from onrecord.positions import Act, Issue
from onrecord.positions.refitting import FEWEST
from onrecord.web import links
from onrecord.web.page import Page
from onrecord.web.pages import agreement
from onrecord.web.passages import passage
from onrecord.web.routing import add_page
from onrecord.web.site import Role, Site, SiteOf, VisitorOf

__all__ = ["ItemPage", "ReviewPage", "add", "followed", "named"]

#: Characters shown before and after a statement; statements passed over that an address can name.
_BEFORE, _AFTER, _SKIPPED = 600, 400, 50


def followed(site: Site, name: str) -> Issue:
    """The issue of a path, as `links.coding` makes them.

    Raises:
        UsageError: There is none; the page is not found.
    """
    try:
        return issue_named(site.desk.agenda(), links.coding_of(name))
    except UsageError as error:
        raise UsageError(error.message, item=name, hint=error.hint) from error


def named(queue: Queue, statement: str, holder: str | None) -> Item:
    """One position of a statement.

    Args:
        queue: Of the issue.
        statement: Id of the statement.
        holder: Whose; None: the speaker's own.

    Raises:
        UsageError: There is no such statement, or nobody's position of this name is told there.
    """
    for one in queue.of_statement(statement):
        if one.holder == holder:
            return one
    raise UsageError("nobody's position of this name is told there", item=holder or statement, hint="go back to the queue")


@dataclass(frozen=True, slots=True)
class ReviewPage(Page):
    """The issues that can be coded."""

    template = "review.html.j2"

    issues: Sequence[Issue]

    @property
    def title(self) -> str:
        """Of the page."""
        return "Review"

    def to_json(self) -> dict[str, Any]:
        """The issues."""
        return {"issues": [i.to_json() for i in self.issues]}


@dataclass(frozen=True, slots=True)
class ItemPage(Page):
    """One statement to be coded."""

    template = "review_item.html.j2"

    issue: Issue
    #: None: nothing waits.
    item: Item | None
    order: Draw
    blind: bool
    as_coded_by: str
    skipped: Sequence[str]
    #: Codings that the machine can learn from.
    learned_from: int
    #: Last coding of the visitor on this issue: what "back" takes back.
    last: str | None
    #: Whether this one statement is coded again, out of those on which people differ.
    again: bool = False
    #: What the visitor said of this statement before.
    before: Coding | None = None

    @property
    def title(self) -> str:
        """The issue."""
        return self.issue.label

    @property
    def asked(self) -> dict[str, Any]:
        """The sitting, as an address has it."""
        return {"order": str(self.order), "blind": "true" if self.blind else "", "as_coded_by": self.as_coded_by, "skip": list(self.skipped)}

    @property
    def path(self) -> str:
        """The queue's address, without the sitting."""
        return links.coding(self.issue.id)

    @property
    def skip(self) -> dict[str, Any]:
        """The same, with this statement passed over."""
        more = [*self.skipped, self.item.hit.id] if self.item else list(self.skipped)
        return self.asked | {"skip": more[-_SKIPPED:]}

    @property
    def acts(self) -> list[str]:
        """All acts."""
        return [str(a) for a in Act]

    @property
    def enough(self) -> int:
        """Codings from which the machine learns."""
        return FEWEST

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The words around, each piece with the innermost role that it has in the statement."""
        if self.item is None:
            return []
        return passage(self.item, before=_BEFORE, after=_AFTER)

    def to_json(self) -> dict[str, Any]:
        """The statement, and what the machine says of it unless that is hidden."""
        machine = self.item.machine if self.item and not self.blind else None
        return {
            "issue": self.issue.to_json(),
            "statement": self._statement(),
            "holder": self.item.holder if self.item else None,
            "machine": {"stance": str(machine.stance), "score": machine.score, "coder": machine.coder} if machine else None,
            "learned_from": self.learned_from,
            "last": self.last,
            "before": self.before.to_json() if self.before else None,
        }

    def _statement(self) -> dict[str, Any] | None:
        if self.item is None:
            return None
        told = self.item.hit.to_json()
        # Blind: neither the machine's positions nor the act that anybody sees in it.
        return told | {"positions": [], "act": None, "act_stands": None} if self.blind else told


def review(site: SiteOf) -> ReviewPage:
    """The issues on which statements can be coded."""
    return ReviewPage(tuple(site.desk.agenda()))


def item(  # noqa: PLR0917 - as the framework reads them
    site: SiteOf,
    visitor: VisitorOf,
    issue: str,
    order: Draw = Draw.UNCERTAIN,
    blind: bool = False,  # noqa: FBT001, FBT002 - likewise
    as_coded_by: Annotated[str, Query(max_length=120)] = "",
    skip: Annotated[list[str], Query(max_length=_SKIPPED, description="Ids of statements to pass over.")] = [],  # noqa: B006 - read only
    statement: Annotated[str, Query(max_length=100, description="Id of a statement, to code that one and no other.")] = "",
    holder: Annotated[str, Query(max_length=300, description="With it: whose position, if not the speaker's: id or name.")] = "",
    again: bool = False,  # noqa: FBT001, FBT002 - likewise
) -> ItemPage:
    """The next statement to be coded on an issue."""
    found, ledger = followed(site, issue), site.desk.ledger
    queue = Queue(ledger, found, visitor.name, order, as_coded_by=as_coded_by or None, blind=blind)
    one = named(queue, statement, holder or None) if statement else _next(queue, set(skip))
    mine = list(ledger.codings(issue=found.id, by=visitor.name))
    last = max(mine, key=lambda c: c.on).id if mine else None
    before = one.of(visitor.name) if one else None
    return ItemPage(found, one, order, blind, as_coded_by, skip, len(labelled(ledger, found.id)), last, again=again, before=before)


def _next(queue: Queue, passed: set[str]) -> Item | None:
    one = queue.next()
    while one is not None and one.hit.id in passed:
        one = queue.next()
    return one


def add(router: APIRouter) -> None:
    """Give the pages their addresses."""
    add_page(router, "/review", review)
    # Before the queues: its path is one of an issue, too.
    agreement.add(router)
    add_page(router, "/review/{issue}", item, role=Role.CODER)
