"""*Today*: what is new in the ledger: statements, articles that changed, shifts, open speakers; and whether the feeds are well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection

from onrecord.changes import ChangeKind
from onrecord.ledger import Changed, Extent, Followed, Hit, Moved
from onrecord.ledger.evidence import evidence_of
from onrecord.ledger.overview import Overview
from onrecord.ledger.overview_days import Turn, moved, turns
from onrecord.ledger.standing import PositionQuery
from onrecord.web import glances, links
from onrecord.web.overviews import seen
from onrecord.web.page import Page
from onrecord.web.routing import add_page
from onrecord.web.site import Site, SiteOf

__all__ = ["FeedHealth", "TodayPage", "add", "beforehand", "changed_words", "today"]

#: Statements, changed articles, shifts and open speakers on the page.
_STATEMENTS, _CHANGED, _SHIFTS, _OPEN = 20, 8, 6, 8
#: Feeds on the page: those that fail, and then those asked last.
_FEEDS = 30

#: What became of a statement, of one and of several.
_SAID: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: "added",
    ChangeKind.DROPPED: "dropped",
    ChangeKind.REWORDED: "reworded",
    ChangeKind.REATTRIBUTED: "given to another speaker",
    ChangeKind.MOVED: "moved",
    ChangeKind.TRIVIAL: "changed in punctuation alone",
    ChangeKind.REREAD: "read otherwise",
    ChangeKind.UNREAD: "not read any more",
}


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed that is followed, and how it is."""

    feed: Followed
    #: `well`, `failing`, `late` (it is due and nobody has asked), `new` (never asked).
    state: str

    @property
    def name(self) -> str:
        """What it is called."""
        return self.feed.title or self.feed.url

    def to_json(self) -> dict[str, Any]:
        """As under `feeds` of `onrecord status --format json`, with its state."""
        f = self.feed
        told = {"url": f.url, "title": f.title, "active": f.active, "checked": f.checked, "due": f.due, "failures": f.failures, "error": f.error}
        return {**told, "state": self.state}


@dataclass(frozen=True, slots=True)
class TodayPage(Page):
    """What is new."""

    template = "today.html.j2"

    #: How much there is.
    extent: Extent
    #: The newest statements.
    statements: Sequence[Hit]
    #: Articles whose text changed, the newest first.
    changed: Sequence[Changed]
    #: Who changed side, the newest first.
    shifts: Sequence[Moved]
    #: The newest statements whose speaker is open.
    unresolved: Sequence[Hit]
    #: Feeds that are followed, those in trouble first; and how many there are.
    feeds: Sequence[FeedHealth]
    followed: int
    #: Labels of issues by id.
    issues: Mapping[str, str]
    #: When the shifts are from, if they are being looked for anew.
    as_of: datetime | None

    @property
    def fleeting(self) -> bool:
        """What is being looked for anew is not kept."""
        return self.as_of is not None

    @property
    def title(self) -> str:
        """Of the page."""
        return "Today"

    @property
    def failing(self) -> int:
        """How many of the feeds that are shown fail."""
        return sum(1 for f in self.feeds if f.state == "failing")

    def words(self, changed: Changed) -> str:
        """What a new text changed, in a line."""
        return changed_words(changed)

    def to_json(self) -> dict[str, Any]:
        """Everything, as everywhere."""
        return {
            **self.extent.to_json(),
            "statements_filed": self.extent.statements,
            "statements": [hit.to_json() for hit in self.statements],
            "changed": [c.to_json() | {"page": f"{links.article(c.article)}/changes"} for c in self.changed],
            "shifts": [s.to_json() for s in self.shifts],
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "unresolved": [hit.to_json() for hit in self.unresolved],
            "feeds": [f.to_json() for f in self.feeds],
        }


def changed_words(changed: Changed) -> str:
    """What a new text changed, in a line.

    Example:
        >>> from onrecord.changes import ChangeKind
        >>> told = Changed("n1:0", "r1:0", 2, None, None, "", datetime(2026, 3, 14), {ChangeKind.ADDED: 2, ChangeKind.REWORDED: 1})
        >>> changed_words(told)
        '2 statements added, 1 reworded'
    """
    order = [k for k in _SAID if changed.changes.get(k)]
    told = [f"{changed.changes[k]:,}{(' statement' if changed.changes[k] == 1 else ' statements') if n == 0 else ''} {_SAID[k]}" for n, k in enumerate(order)]
    return ", ".join(told) or "no statement changed"


def today(site: SiteOf) -> TodayPage:
    """What is new: statements, articles that changed, shifts, speakers that are open; and how the feeds are.

    `statements_filed`, `articles` and `outlets` tell how much there is; statements of texts that were replaced are among them.
    """
    ledger, now = site.desk.ledger, site.now()
    # A person's answer closes the question, so a few more are looked at.
    asked = islice(site.desk.search(type="unknown", limit=3 * _OPEN), 3 * _OPEN)
    unresolved = [h for h in asked if h.actor is None and h.verdict != "speaker"][:_OPEN]
    every = [FeedHealth(f, _state(f, now)) for f in ledger.feeds() if f.active]
    order, lately = ("failing", "late", "new", "well"), seen(site)
    by_name = sorted(every, key=lambda f: (order.index(f.state), f.name.casefold(), f.feed.url))
    return TodayPage(
        glances.extent(site),
        tuple(islice(site.desk.search(limit=_STATEMENTS), _STATEMENTS)),
        glances.once(site, "changed", lambda: ledger.changed(limit=_CHANGED)),
        _shifts(site, lately.overview),
        unresolved,
        by_name[:_FEEDS],
        len(every),
        {i.id: i.label for i in ledger.agenda(retired=True)},
        lately.as_of,
    )


def beforehand(site: Site, of: Overview) -> Iterator[None]:
    """Look for the newest shifts."""
    with site.desk.ledger.database.reading() as connection:
        _turns(connection, of)
    yield


def _turns(connection: Connection, of: Overview) -> list[Turn]:
    """The newest shifts on issues that are followed."""
    return of.once("newest shifts", lambda: turns(connection, of, PositionQuery(), limit=_SHIFTS)[0]) if len(of.agenda) else []


def _shifts(site: Site, of: Overview) -> list[Moved]:
    """The same with the statements that show them, as these are now."""
    with site.desk.ledger.database.reading() as connection:
        some = _turns(connection, of)
        return list(moved(of, some, {e.key: e for e in evidence_of(connection, dict.fromkeys(k for t in some for k in t.keys))}))


def _state(feed: Followed, now: datetime) -> str:
    if feed.failures:
        return "failing"
    if feed.checked is None:
        return "new"
    # The page is of a day: a feed is late that was due before it began.
    return "late" if datetime.fromisoformat(feed.due).date() < now.date() else "well"


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/", today)
