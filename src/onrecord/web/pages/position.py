"""One position on an issue: the statement that shows it, what the machine says, what people say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path

from onrecord.errors import UsageError
from onrecord.ledger.standing import Evidence
from onrecord.positions import Issue
from onrecord.web import links
from onrecord.web.condition import cut
from onrecord.web.page import Page
from onrecord.web.routing import add_page
from onrecord.web.site import SiteOf

__all__ = ["PositionPage", "add", "position"]


@dataclass(frozen=True, slots=True)
class PositionPage(Page):
    """A position."""

    template = "position.html.j2"

    issue: Issue
    evidence: Evidence

    @property
    def title(self) -> str:
        """Whose, and which."""
        return f"{self.evidence.who.name}: {self.evidence.stance or 'no stance'}"

    @property
    def parts(self) -> tuple[tuple[str, bool], ...]:
        """What was said, with the words of the condition marked."""
        hit = self.evidence.hit
        return cut(hit.entry.statement.content, self.evidence.condition) if hit else ()

    @property
    def all(self) -> str:
        """Where all of the same holder on the same issue are."""
        return f"{links.issue(self.issue.id)}?{urlencode({'actor': self.evidence.who.id})}#evidence"

    def to_json(self) -> dict[str, Any]:
        """The position, as everywhere."""
        return self.evidence.to_json()


def position(site: SiteOf, id: str, key: Annotated[int, Path(ge=1, le=2**53)]) -> PositionPage:  # noqa: A002 - as the path says
    """One position on an issue, with everything that shows it."""
    issue = site.desk.ledger.issue_versions(id)[-1].issue
    found = [e for e in site.desk.ledger.evidence(key) if e.issue == id]
    if not found:
        raise UsageError("there is no such position on this issue", item=id, hint="the page of the issue lists those that there are")
    return PositionPage(issue, found[0])


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/issues/{id}/positions/{key}", position)
