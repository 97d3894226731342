"""*Searches*: those that people keep, and the feeds of these and of any other search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from onrecord.errors import UsageError
from onrecord.ledger import SavedSearch
from onrecord.text import stable_id
from onrecord.web.feeds import ATOM, JSON_FEED, SearchFeed, atom, json_feed
from onrecord.web.page import Page
from onrecord.web.routing import add_page
from onrecord.web.search_form import Asked, AskedOf
from onrecord.web.site import Site, SiteOf

__all__ = ["SearchesPage", "add", "kept_search", "searches"]

#: Entries of a feed, and at most.
_ENTRIES, _MOST = 50, 200
Entries = Annotated[int, Query(ge=1, le=_MOST, description="Entries at most.")]


@dataclass(frozen=True, slots=True)
class SearchesPage(Page):
    """Searches that are kept."""

    template = "searches.html.j2"

    searches: Sequence[SavedSearch]

    @property
    def title(self) -> str:
        """Of the page."""
        return "Searches that are kept"

    def to_json(self) -> dict[str, Any]:
        """Each with its page and its feeds."""
        return {"searches": [{**s.to_json(), "page": page_of(s), "atom": f"/searches/{s.id}.atom", "feed": f"/searches/{s.id}.json"} for s in self.searches]}


def page_of(search: SavedSearch) -> str:
    """Where a search is that is kept."""
    return f"/search?{search.query}" if search.query else "/search"


def searches(site: SiteOf) -> SearchesPage:
    """Searches that people keep, each with its feeds."""
    return SearchesPage(tuple(site.desk.ledger.saved_searches()))


def kept_search(site: Site, id_: str) -> SavedSearch:
    """A search that is kept.

    Raises:
        UsageError: None of this id is.
    """
    found = next((s for s in site.desk.ledger.saved_searches() if s.id == id_), None)
    if found is None:
        raise UsageError("no such search is kept", item=id_, hint="the list of searches has those that are")
    return found


def _feed(request: Request, site: Site, asked: Asked, limit: int, *, title: str | None = None) -> SearchFeed:
    """The feed of a search: what was published last comes first, whatever order is asked for."""
    query = asked.but(sort="").query()
    hits = tuple(islice(site.desk.ledger.search(query, limit=limit), limit))
    address = asked.but(sort="").address
    own = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    midnight = site.now().replace(hour=0, minute=0, second=0, microsecond=0)
    said = title or (f"onrecord: {asked.q}" if asked.q else "onrecord: a search")
    # Not of the address: the feed of a search is the same one wherever the desk is served.
    id_ = f"tag:onrecord,2026:{stable_id('w1', address)}"
    return SearchFeed(said, str(request.base_url), own, f"/search?{address}" if address else "/search", id_, hits, midnight)


def _atom(request: Request, site: SiteOf, asked: AskedOf, limit: Entries = _ENTRIES) -> Response:
    return Response(atom(_feed(request, site, asked, limit)), media_type=ATOM)


def _json(request: Request, site: SiteOf, asked: AskedOf, limit: Entries = _ENTRIES) -> JSONResponse:
    return JSONResponse(json_feed(_feed(request, site, asked, limit)), media_type=JSON_FEED)


def _kept_atom(request: Request, site: SiteOf, id: str, limit: Entries = _ENTRIES) -> Response:  # noqa: A002 - as in the path
    kept = kept_search(site, id)
    return Response(atom(_feed(request, site, Asked.of_address(kept.query), limit, title=kept.name)), media_type=ATOM)


def _kept_json(request: Request, site: SiteOf, id: str, limit: Entries = _ENTRIES) -> JSONResponse:  # noqa: A002
    kept = kept_search(site, id)
    return JSONResponse(json_feed(_feed(request, site, Asked.of_address(kept.query), limit, title=kept.name)), media_type=JSON_FEED)


def add(router: APIRouter) -> None:
    """Give the page and the feeds their addresses."""
    add_page(router, "/searches", searches)
    said: dict[int | str, dict[str, Any]] = {400: {"description": "What was asked cannot be meant."}, 404: {"description": "No such search is kept."}}
    for path, made, media, name in (
        ("/search.atom", _atom, ATOM, "Any search as an Atom feed."),
        ("/search.json", _json, JSON_FEED, "Any search as a JSON Feed."),
        ("/searches/{id}.atom", _kept_atom, ATOM, "A search that is kept, as an Atom feed."),
        ("/searches/{id}.json", _kept_json, JSON_FEED, "A search that is kept, as a JSON Feed."),
    ):
        responses: dict[int | str, dict[str, Any]] = {**said, 200: {"description": "The feed.", "content": {media: {}}}}
        router.add_api_route(
            path,
            made,
            methods=["GET"],
            tags=["feeds"],
            summary=name,
            response_class=Response,
            responses=responses,
            operation_id=made.__name__.strip("_") + "_feed",
        )
