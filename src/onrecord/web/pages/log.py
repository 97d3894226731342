"""*Log*: what was done in the browser, by whom and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from fastapi import APIRouter

from onrecord.ledger.access import Action
from onrecord.web.page import Page
from onrecord.web.paging import Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.site import Role, SiteOf

__all__ = ["LogPage", "add", "log"]

_ROWS = 50


@dataclass(frozen=True, slots=True)
class LogPage(Page):
    """Actions, the newest first."""

    template = "log.html.j2"

    actions: Sequence[Action]
    pager: Pager

    @property
    def title(self) -> str:
        """Of the page."""
        return "Log"

    def told(self, action: Action) -> str:
        """The details of an action in a line."""
        return "; ".join(f"{k}: {v}" for k, v in action.details.items() if isinstance(v, str | int | float | bool))[:300]

    def to_json(self) -> dict[str, Any]:
        """The actions, with all details."""
        return {"actions": [a.to_json() for a in self.actions], "pages": self.pager.to_json()}


def log(site: SiteOf, offset: Offset = 0, limit: Limit = _ROWS) -> LogPage:
    """What was done in the browser, by whom and when; the newest first."""
    found = list(islice(site.desk.ledger.logged(limit=limit + 1, offset=offset), limit + 1))
    here = found[:limit]
    return LogPage(here, Pager.of("/log", {}, offset=offset, limit=limit, here=len(here), more=len(found) > limit))


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/log", log, role=Role.ADMIN)
