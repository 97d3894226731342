"""*Review*: statements to be coded by hand, one at a time. Nothing is kept between requests: what comes next is told by the ledger and the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query

from onrecord.desk.coding import labelled, labels_in
from onrecord.desk.queue import Draw, Item, Queue
from onrecord.desk.standing import issue_named
from onrecord.errors import UsageError
from onrecord.ledger import Ledger
from onrecord.ledger.coding import Coding
from onrecord.ledger.proposing import Proposed
from onrecord.ledger.standing import PositionQuery
from onrecord.positions import Act, Issue
from onrecord.positions.refitting import FEWEST, refitted_from
from onrecord.web import glances, links
from onrecord.web.jobs import Job
from onrecord.web.page import Page
from onrecord.web.pages import agreement
from onrecord.web.passages import passage
from onrecord.web.routing import add_page
from onrecord.web.site import Access, Role, Site, SiteOf, VisitorOf

__all__ = ["MOST", "ItemPage", "ReviewLine", "ReviewPage", "add", "followed", "named"]

#: Characters shown before and after a statement; statements passed over that an address can name.
_BEFORE, _AFTER, _SKIPPED = 300, 250, 50
#: Proposals that are shown.
_PROPOSED = 5
#: What waits is counted so far and no further.
MOST = 1000


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
class ReviewLine:
    """An issue that can be coded, and how far that is."""

    issue: Issue
    #: Codings by each person, those of the visitor left out, the most first.
    others: Sequence[tuple[str, int]]
    #: Codings by the visitor.
    mine: int
    #: Positions of the machine that nobody coded; not counted beyond `MOST`.
    waiting: int
    #: Statements whose codings teach.
    teach: int
    #: Codings that the machine's positions are refitted from; None: they are not.
    refitted: int | None

    @property
    def by_others(self) -> int:
        """Codings by others."""
        return sum(n for _, n in self.others)

    @property
    def waits(self) -> str:
        """How many wait, in words."""
        return f"more than {MOST - 1:,}" if self.waiting >= MOST else f"{self.waiting:,}"

    def to_json(self) -> dict[str, Any]:
        """All of it; with `more_wait`, at least so many wait."""
        told = {"by_you": self.mine, "by_others": dict(self.others), "waiting": min(self.waiting, MOST - 1), "more_wait": self.waiting >= MOST}
        return {**self.issue.to_json(), **told, "teach": self.teach, "refitted_from": self.refitted}


@dataclass(frozen=True, slots=True)
class ReviewPage(Page):
    """The issues that can be coded."""

    template = "review.html.j2"

    lines: Sequence[ReviewLine]
    #: Under which name the visitor codes.
    name: str
    #: The name of whoever chooses none; None if the visitor's token says who they are.
    otherwise: str | None
    #: A learning to tell about.
    job: Job | None

    @property
    def title(self) -> str:
        """Of the page."""
        return "Review"

    @property
    def fleeting(self) -> bool:
        """A learning changes by itself."""
        return self.job is not None

    @property
    def enough(self) -> int:
        """Codings from which the machine learns."""
        return FEWEST

    def to_json(self) -> dict[str, Any]:
        """Under which name the visitor codes, the issues, and the learning that was asked for."""
        return {"name": self.name, "issues": [line.to_json() for line in self.lines], "job": self.job.to_json() if self.job else None}


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
    #: How many codings by the visitor there are on this issue, and by the coder whose statements they are; None: they are nobody's.
    mine: int = 0
    theirs: int | None = None
    #: What language models propose, the newest first; nothing if the visitor is to be blind. Nothing of it counts.
    proposed: Sequence[Proposed] = ()
    #: Whether this one statement is coded again, out of those on which people differ.
    again: bool = False
    #: What the visitor said of this statement before.
    before: Coding | None = None

    @property
    def title(self) -> str:
        """What is done, and the issue; the issue's own page is called after it alone."""
        return f"Coding: {self.issue.label}"

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
            "proposed": [p.to_json() for p in self.proposed],
            "learned_from": self.learned_from,
            "coded_by_you": self.mine,
            "coded_by_other": self.theirs,
            "last": self.last,
            "before": self.before.to_json() if self.before else None,
        }

    def _statement(self) -> dict[str, Any] | None:
        if self.item is None:
            return None
        told = self.item.hit.to_json()
        # Blind: neither the machine's positions nor the act that anybody sees in it.
        return told | {"positions": [], "act": None, "act_stands": None} if self.blind else told


def review(
    site: SiteOf, visitor: VisitorOf, job: Annotated[str, Query(max_length=40, description="A learning from codings, to tell about.")] = ""
) -> ReviewPage:
    """The issues on which statements can be coded, what was coded of each and what waits."""
    lines = glances.once(site, ("review", visitor.name), lambda: _lines(site, visitor.name))
    otherwise = site.user if site.access is Access.OPEN and visitor.token is None else None
    return ReviewPage(lines, visitor.name, otherwise, site.jobs.get(job) if job else None)


def _lines(site: Site, name: str) -> list[ReviewLine]:
    ledger = site.desk.ledger
    every: dict[str, list[Coding]] = {}
    for coding in ledger.codings():
        every.setdefault(coding.issue, []).append(coding)
    return [_line(ledger, i, every.get(i.id, ()), name) for i in site.desk.agenda()]


def _line(ledger: Ledger, issue: Issue, codings: Sequence[Coding], name: str) -> ReviewLine:
    by = Counter(c.by for c in codings)
    # What the queues give: also what scores low, and what is reported.
    waiting = ledger.count_positions(PositionQuery(issues=(issue.id,), min_score=0.0, by_hand=False, reported=True), most=MOST)
    machine = ledger.machine_on(issue.id)
    others = [(who, n) for who, n in by.most_common() if who != name]
    return ReviewLine(issue, others, by[name], waiting, len(labels_in(codings)), refitted_from(machine) if machine else None)


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
    if as_coded_by == visitor.name:
        raise UsageError("this is what you coded yourself", hint="say on Review who you are, or choose another coder")
    queue = Queue(ledger, found, visitor.name, order, as_coded_by=as_coded_by or None, blind=blind)
    one = named(queue, statement, holder or None) if statement else _next(queue, set(skip))
    mine = list(ledger.codings(issue=found.id, by=visitor.name))
    theirs = sum(1 for c in ledger.codings(issue=found.id, by=as_coded_by) if c.statement is not None) if as_coded_by else None
    return ItemPage(
        found,
        one,
        order,
        blind,
        as_coded_by,
        skip,
        len(labelled(ledger, found.id)),
        max(mine, key=lambda c: c.on).id if mine else None,
        len(mine),
        theirs,
        queue.proposed(one)[: -_PROPOSED - 1 : -1] if one else [],
        again=again,
        before=one.of(visitor.name) if one else None,
    )


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
