"""*Today*: what is new in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from fastapi import APIRouter

from onrecord.ledger import Hit
from onrecord.web.page import Page
from onrecord.web.routing import add_page
from onrecord.web.site import SiteOf

__all__ = ["TodayPage", "add", "today"]

_MOST = 20


@dataclass(frozen=True, slots=True)
class TodayPage(Page):
    """What is new."""

    template = "today.html.j2"

    #: The newest statements.
    statements: Sequence[Hit]

    @property
    def title(self) -> str:
        """Of the page."""
        return "Today"

    def to_json(self) -> dict[str, Any]:
        """The statements, as everywhere."""
        return {"statements": [hit.to_json() for hit in self.statements]}


def today(site: SiteOf) -> TodayPage:
    """What is new: statements."""
    return TodayPage(tuple(islice(site.desk.search(limit=_MOST), _MOST)))


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/", today)
