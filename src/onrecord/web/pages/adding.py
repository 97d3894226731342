"""*Add*: articles by address or text, feeds to follow; and the jobs that do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from onrecord.errors import UsageError
from onrecord.ledger import Followed
from onrecord.web.jobs import Job
from onrecord.web.page import Page
from onrecord.web.routing import add_page
from onrecord.web.site import Role, SiteOf

__all__ = ["AddPage", "JobPage", "add", "adding", "job"]

_JOBS = 10


@dataclass(frozen=True, slots=True)
class AddPage(Page):
    """What can be added, and what is followed."""

    template = "adding.html.j2"

    feeds: Sequence[Followed]
    #: The newest jobs of this run of the desk.
    jobs: Sequence[Job]
    allow_private: bool
    robots: bool

    @property
    def title(self) -> str:
        """Of the page."""
        return "Add"

    @property
    def fleeting(self) -> bool:
        """Jobs are not in the ledger."""
        return True

    def to_json(self) -> dict[str, Any]:
        """Feeds that are followed, and jobs."""
        feeds = [{"url": f.url, "title": f.title, "kind": f.kind, "outlet": f.outlet, "checked": f.checked, "due": f.due} for f in self.feeds]
        return {"feeds": feeds, "jobs": [j.to_json() for j in self.jobs], "allow_private": self.allow_private, "robots": self.robots}


@dataclass(frozen=True, slots=True)
class JobPage(Page):
    """How far a job is."""

    template = "job.html.j2"

    job: Job

    @property
    def title(self) -> str:
        """What it does."""
        return self.job.what

    @property
    def fleeting(self) -> bool:
        """It changes by itself."""
        return True

    def to_json(self) -> dict[str, Any]:
        """The job."""
        return self.job.to_json()


def adding(site: SiteOf) -> AddPage:
    """Feeds that are followed, and the jobs of this run of the desk."""
    feeds = [f for f in site.desk.ledger.feeds() if f.active]
    return AddPage(feeds, site.jobs.newest(_JOBS), site.allow_private, site.robots)


def job(site: SiteOf, id: str) -> JobPage:  # noqa: A002 - as in the path
    """How far something is that takes longer than an answer, and what became of each thing. Jobs are kept as long as the desk runs."""
    found = site.jobs.get(id)
    if found is None:
        raise UsageError("no such job", item=id, hint="jobs are kept as long as the desk runs, and the newest ones only")
    return JobPage(found)


def add(router: APIRouter) -> None:
    """Give the pages their addresses."""
    add_page(router, "/add", adding, role=Role.ADMIN)
    add_page(router, "/jobs/{id}", job, role=Role.ADMIN)
