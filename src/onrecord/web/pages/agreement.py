"""*Agreement*: how far coders agree, with each other and with the machine; and the statements on which two people differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from markupsafe import Markup
from pydantic import Field

from onrecord.desk.agreeing import MACHINE, Differing
from onrecord.desk.queue import Item, Queue
from onrecord.errors import UsageError
from onrecord.positions import Agenda, Issue
from onrecord.positions.comparing import Comparison
from onrecord.positions.shifts import LEAST
from onrecord.web import links
from onrecord.web.agreements import Agreed, Asked, agreed
from onrecord.web.charts.interval_bar import interval_bar
from onrecord.web.page import Page
from onrecord.web.paging import PAGE, Limit, Offset, Pager
from onrecord.web.passages import passage
from onrecord.web.routing import add_page
from onrecord.web.site import Role, Site, SiteOf, Visitor, VisitorOf
from onrecord.web.standing_filters import Blank

__all__ = ["AgreementPage", "Apart", "add", "agreement"]

#: Figures of a page; characters shown before and after a statement.
_FIGURES, _BEFORE, _AFTER = 40, 240, 160
_PATH = "/review/agreement"
_TWO = 2


@dataclass(frozen=True, slots=True)
class Apart:
    """A statement on which people differ, as it is shown."""

    differing: Differing
    issue: Issue
    #: None: it is in the ledger no more.
    item: Item | None
    #: Where to code it again; None if the visitor may not, or the issue is followed no more.
    again: str | None

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The words of it and around it, with their roles."""
        return passage(self.item, before=_BEFORE, after=_AFTER) if self.item else [("content", self.differing.last.words)]

    def to_json(self) -> dict[str, Any]:
        """What was coded and how, and what the machine says."""
        machine = self.item.machine if self.item else None
        told = {"stance": str(machine.stance), "score": machine.score, "coder": machine.coder} if machine else None
        return {**self.differing.to_json(), "machine": told, "code_again": self.again}


@dataclass(frozen=True, slots=True)
class AgreementPage(Page):
    """How far coders agree."""

    template = "agreement.html.j2"

    asked: Asked
    agreed: Agreed
    issues: Agenda
    figures: Sequence[Comparison]
    figures_pager: Pager
    apart: Sequence[Apart]
    pager: Pager

    @property
    def title(self) -> str:
        """Of the page."""
        return "Agreement"

    @property
    def narrow(self) -> bool:
        """Whether anything is left out by what was asked."""
        return bool(self.asked.issue or self.asked.coders)

    @property
    def alone(self) -> bool:
        """Whether there are not two people to compare, whatever is asked."""
        return len(self.agreed.coders) < _TWO

    @property
    def choices(self) -> list[Issue]:
        """The issues that anybody coded a statement of."""
        return [i for name in self.agreed.issues if (i := self.issues.get(name))]

    @property
    def groups(self) -> list[tuple[Issue, list[Apart]]]:
        """The statements on which people differ, by issue."""
        return [(issue, list(rows)) for issue, rows in groupby(self.apart, key=lambda a: a.issue)]

    def called(self, issue: str | None) -> str:
        """An issue of a figure, in words."""
        found = self.issues.get(issue) if issue else None
        return "All issues" if issue is None else found.label if found else issue

    def who(self, row: Comparison) -> str:
        """The coders of a figure, in words."""
        return ", ".join("the machine" if c == MACHINE else c for c in row.coders)

    def bar(self, row: Comparison) -> Markup:
        """A figure as a picture."""
        return interval_bar(row.agreement.value, row.agreement.low, row.agreement.high)

    def to_json(self) -> dict[str, Any]:
        """Every figure, as `onrecord agreement --format json` shows them, and a page of the statements on which people differ."""
        of = self.agreed
        return {
            "figures": [f.to_json() for f in of.figures],
            "machines": list(of.found.machines),
            "notes": list(of.found.notes),
            "draws": of.draws,
            "coders": list(of.coders),
            "differing": [a.to_json() for a in self.apart],
            "filters": {"issue": self.asked.issue or None, "coders": list(self.asked.coders), "min_score": self.asked.least},
            "pages": self.pager.to_json(),
        }


def agreement(
    site: SiteOf,
    visitor: VisitorOf,
    *,
    issue: Annotated[str, Query(max_length=100, description="Only this issue: its id.")] = "",
    coder: Annotated[list[str], Query(max_length=50, description="Only these coders; none: everybody.")] = [],  # noqa: B006 - read only
    min_score: Annotated[
        Annotated[float, Field(ge=0, le=1)] | None,
        Blank,
        Query(description=f"Machine positions with a lower score are taken for none; {LEAST} if none is given."),
    ] = None,
    figures_from: Annotated[int, Query(ge=0, le=1_000_000, description="Figures to pass over first, on the page in HTML.")] = 0,
    limit: Limit = PAGE,
    offset: Offset = 0,
) -> AgreementPage:
    """How far coders agree beyond chance, issue by issue, each two of them and each against the machine; and the statements on which people differ."""
    asked = Asked(issue.strip(), tuple(sorted({c.strip() for c in coder if c.strip()})), LEAST if min_score is None else min_score)
    of, known, followed = agreed(site, asked), site.desk.agenda(retired=True), site.desk.agenda()
    shown = of.differing[offset : offset + limit]
    apart = [_apart(site, visitor, d, known, followed) for d in shown]
    query: dict[str, Any] = {"issue": asked.issue, "coder": list(asked.coders), "min_score": "" if min_score is None else f"{min_score:g}"}
    figures = of.figures[figures_from : figures_from + _FIGURES]
    here = figures_from + len(figures)
    figures_pager = Pager.of(
        _PATH, query, offset=figures_from, limit=_FIGURES, here=len(figures), more=here < len(of.figures), total=len(of.figures), at="figures_from"
    )
    more, total = offset + len(shown) < len(of.differing), len(of.differing)
    pager = Pager.of(_PATH, query | {"figures_from": figures_from or None}, offset=offset, limit=limit, here=len(shown), more=more, total=total)
    return AgreementPage(asked, of, known, figures, figures_pager, apart, pager)


def _apart(site: Site, visitor: Visitor, differing: Differing, known: Agenda, followed: Agenda) -> Apart:
    last = differing.last
    issue = known.get(last.issue) or Issue(last.issue, last.issue)
    queue = Queue(site.desk.ledger, issue, visitor.name)
    try:
        every = list(queue.of_statement(last.statement or "", article=last.article))
    except UsageError:
        return Apart(differing, issue, None, None)
    item = next((i for i in every if i.holder == last.holder), None) or Item(every[0].hit, every[0].text, last.holder, last.holder, None)
    may = visitor.role.may(Role.CODER) and followed.get(issue.id) is not None
    asked = {"statement": item.hit.id, **({"holder": item.holder} if item.holder else {}), "again": "true"}
    return Apart(differing, issue, item, f"{links.coding(issue.id)}?{urlencode(asked)}" if may else None)


def add(router: APIRouter) -> None:
    """Give the page its addresses. It goes before the queues, whose path an issue's id ends: see `links.coding`."""
    add_page(router, _PATH, agreement)
