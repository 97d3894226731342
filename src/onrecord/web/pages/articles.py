"""*Articles*: those that came in last, and those with some words or of some outlet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request

from onrecord.ledger import ArticleHit
from onrecord.web import links
from onrecord.web.page import Page
from onrecord.web.paging import PAGE, Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.site import SiteOf

__all__ = ["ArticlesPage", "add", "articles"]


@dataclass(frozen=True, slots=True)
class ArticlesPage(Page):
    """Articles, those filed last first."""

    template = "articles.html.j2"

    articles: Sequence[ArticleHit]
    #: What the list is narrowed by.
    words: str
    outlet: str
    pager: Pager

    @property
    def title(self) -> str:
        """Of the page."""
        return "Articles"

    def to_json(self) -> dict[str, Any]:
        """Each article's metadata, with how many statements it holds."""
        return {"articles": [a.to_json() for a in self.articles], "pages": self.pager.to_json()}


def articles(
    request: Request,
    site: SiteOf,
    *,
    q: Annotated[str, Query(max_length=400, description="Words of the text or the headline, as for a search.")] = "",
    outlet: Annotated[str, Query(max_length=200, description="Name of the outlet, or a part of it.")] = "",
    url: Annotated[str, Query(max_length=2_000, description="Address of an article: leads to its page.")] = "",
    offset: Offset = 0,
    limit: Limit = PAGE,
) -> ArticlesPage:
    """Articles, those filed last first; by words of their text, by outlet, or the one of an address."""
    q, outlet, url = (x.replace("\0", "").strip() for x in (q, outlet, url))
    if url:
        found = site.desk.ledger.open_article(url)
        api = "/api" if request.url.path.startswith("/api/") else ""
        raise HTTPException(303, "the article has a page of its own", headers={"location": api + links.article(found.id)})
    some = list(site.desk.ledger.newest_articles(q, outlet, limit=limit + 1, offset=offset))
    pager = Pager.of("/articles", {"q": q, "outlet": outlet}, offset=offset, limit=limit, here=len(some[:limit]), more=len(some) > limit)
    return ArticlesPage(tuple(some[:limit]), q, outlet, pager)


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/articles", articles)
