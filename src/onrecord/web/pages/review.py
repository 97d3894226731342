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
from onrecord.export.pieces import Mark, cut
from onrecord.positions import Act, Issue
from onrecord.positions.refitting import FEWEST
from onrecord.web.page import Page
from onrecord.web.routing import add_page
from onrecord.web.site import Role, Site, SiteOf, VisitorOf

__all__ = ["ItemPage", "ReviewPage", "add", "followed"]

#: Characters shown before and after a statement; statements passed over that an address can name.
_BEFORE, _AFTER, _SKIPPED = 600, 400, 50


def followed(site: Site, name: str) -> Issue:
    """The issue of a path.

    Raises:
        UsageError: There is none; the page is not found.
    """
    try:
        return issue_named(site.desk.agenda(), name)
    except UsageError as error:
        raise UsageError(error.message, item=name, hint=error.hint) from error


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

    @property
    def title(self) -> str:
        """The issue."""
        return self.issue.label

    @property
    def asked(self) -> dict[str, Any]:
        """The sitting, as an address has it."""
        return {"order": str(self.order), "blind": "true" if self.blind else "", "as_coded_by": self.as_coded_by, "skip": list(self.skipped)}

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
        hit, text = self.item.hit, self.item.text
        marks = [Mark(s.start, s.end, 0, role) for role in ("content", "source", "cue") for s in hit.stands(role)]
        start, end = max(0, min(m.start for m in marks) - _BEFORE), min(len(text), max(m.end for m in marks) + _AFTER)
        return [(p.of[-1][1] if p.of else "", text[p.start : p.end]) for p in next(iter(cut([(start, end)], marks)))]

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
) -> ItemPage:
    """The next statement to be coded on an issue."""
    found, ledger = followed(site, issue), site.desk.ledger
    queue = Queue(ledger, found, visitor.name, order, as_coded_by=as_coded_by or None, blind=blind)
    passed = set(skip)
    after = queue.next()
    while after is not None and after.hit.id in passed:
        after = queue.next()
    mine = list(ledger.codings(issue=found.id, by=visitor.name))
    last = max(mine, key=lambda c: c.on).id if mine else None
    return ItemPage(found, after, order, blind, as_coded_by, skip, len(labelled(ledger, found.id)), last)


def add(router: APIRouter) -> None:
    """Give the pages their addresses."""
    add_page(router, "/review", review)
    add_page(router, "/review/{issue}", item, role=Role.CODER)
