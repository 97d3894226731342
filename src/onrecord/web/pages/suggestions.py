"""Forms for issues, and issues that could be followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter

from onrecord.errors import UsageError
from onrecord.ledger.agenda import IssueVersion
from onrecord.positions.suggesting import Refused, Suggestion
from onrecord.web import links
from onrecord.web.jobs import Job
from onrecord.web.page import Page
from onrecord.web.routing import add_page
from onrecord.web.site import Role, SiteOf
from onrecord.web.suggested import suggested

__all__ = ["IssueFormPage", "SuggestionsPage", "add", "edit_issue", "new_issue", "suggestions"]

#: Refusals that are shown, the newest.
_REFUSED = 50


@dataclass(frozen=True, slots=True)
class IssueFormPage(Page):
    """The form of an issue."""

    template = "issue_form.html.j2"

    #: What it says now; None for a new one.
    version: IssueVersion | None = None

    @property
    def title(self) -> str:
        """Of the page."""
        return f"In other words: {self.version.issue.label}" if self.version else "Follow an issue"

    @property
    def action(self) -> str:
        """Where the form goes."""
        return f"{links.issue(self.version.issue.id)}/edit" if self.version else "/issues/new"

    def to_json(self) -> dict[str, Any]:
        """The issue as it is."""
        return {"issue": self.version.to_json() if self.version else None, "post": f"/api{self.action}"}


def new_issue() -> IssueFormPage:
    """The form for an issue to follow."""
    return IssueFormPage()


def edit_issue(site: SiteOf, id: str) -> IssueFormPage:  # noqa: A002 - as the path says
    """The form for saying an issue in other words."""
    version = site.desk.ledger.issue_versions(id)[-1]
    if version.retired:
        raise UsageError("this issue is followed no more", item=id, hint="follow it again first")
    return IssueFormPage(version)


@dataclass(frozen=True, slots=True)
class SuggestionsPage(Page):
    """Issues that could be followed."""

    template = "suggestions.html.j2"

    found: Sequence[Suggestion]
    #: When they were looked for; None if nobody has.
    on: datetime | None
    job: Job | None
    #: Texts read so far, and texts to read.
    done: int
    total: int
    #: Refused ones, the newest first.
    refused: Sequence[Refused]

    @property
    def title(self) -> str:
        """Of the page."""
        return "Issues that could be followed"

    @property
    def fleeting(self) -> bool:
        """They are in memory, not in the ledger."""
        return True

    @property
    def looking(self) -> bool:
        """Whether somebody is looking."""
        return self.job is not None and not self.job.state.over

    def to_json(self) -> dict[str, Any]:
        """As `onrecord issue suggest --format json`, and how far the looking is."""
        return {
            "suggestions": [s.to_json() for s in self.found],
            "found": len(self.found),
            "on": self.on.isoformat() if self.on else None,
            "job": self.job.to_json() if self.job else None,
            "read": {"done": self.done, "total": self.total},
            "refused": [{"label": r.words[0], "aliases": list(r.words[1:]), "statements": sorted(r.statements)} for r in self.refused],
        }


def suggestions(site: SiteOf) -> SuggestionsPage:
    """Issues that could be followed: what recurs in the ledger, contested ones first; and what was refused."""
    kept = suggested(site)
    refused = list(site.desk.refused_suggestions())[::-1][:_REFUSED]
    return SuggestionsPage(tuple(kept.found), kept.on, kept.job, kept.done, kept.total, refused)


def add(router: APIRouter) -> None:
    """Give the pages their addresses."""
    add_page(router, "/issues/new", new_issue, role=Role.CODER)
    add_page(router, "/issues/suggest", suggestions, role=Role.CODER)
    add_page(router, "/issues/{id}/edit", edit_issue, role=Role.CODER)
