"""*Actors*: who speaks, the most quoted first; found by name, type and country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query

from onrecord.actors.actor import ActorType
from onrecord.ledger.speakers import RANKED, Listed, close_words, most_quoted, named_like, said_by_each
from onrecord.web import glances
from onrecord.web.page import Page
from onrecord.web.paging import PAGE, Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.site import SiteOf
from onrecord.web.standing_filters import Blank

__all__ = ["ActorsPage", "actors", "add"]


@dataclass(frozen=True, slots=True)
class ActorsPage(Page):
    """Who speaks."""

    template = "actors.html.j2"

    #: What was asked.
    q: str
    type: str
    country: str
    actors: Sequence[Listed]
    pager: Pager
    #: Words of names that may have been meant, where nobody was found.
    close: Sequence[str] = ()

    types = tuple(str(t) for t in ActorType if t not in (ActorType.UNNAMED, ActorType.UNKNOWN))
    ranked = RANKED

    @property
    def title(self) -> str:
        """What was looked for."""
        return f"Actors: {self.q}" if self.q else "Actors"

    def to_json(self) -> dict[str, Any]:
        """Who was found."""
        asked = {"q": self.q, "type": self.type, "country": self.country}
        return {**asked, "actors": [a.to_json() for a in self.actors], "close": list(self.close), "pages": self.pager.to_json()}


def actors(
    site: SiteOf,
    *,
    q: Annotated[str, Query(max_length=200, description="A name, the beginning of one, or an id.")] = "",
    type: Annotated[ActorType | None, Blank, Query(description="Only actors of this type.")] = None,  # noqa: A002 - as everywhere
    country: Annotated[str, Query(max_length=2, description="Only actors of this country: two letters, as in ISO 3166-1.")] = "",
    limit: Limit = PAGE,
    offset: Offset = 0,
) -> ActorsPage:
    """Who is quoted, the most quoted first; or whose name is like what was asked.

    Of a type or a country those are listed who are among the 5,000 most quoted.
    """
    name, where, kind = q.strip().replace("\0", ""), country.strip().replace("\0", ""), str(type) if type else ""
    close: Sequence[str] = ()
    with site.desk.ledger.database.reading() as connection:
        if name:
            every = [Listed.of(a) for a in named_like(connection, name) if (not kind or a.type == kind) and (not where or a.country == where.upper())]
            found = every[offset : offset + limit + 1]
            close = close_words(connection, name) if not every else ()
        else:
            said = glances.once(site, "said-by-each", lambda: said_by_each(connection))
            found = most_quoted(connection, said, type_=kind or None, country=where or None, offset=offset, limit=limit + 1)
    asked = {"q": name, "type": kind, "country": where}
    pager = Pager.of("/actors", asked, offset=offset, limit=limit, here=min(len(found), limit), more=len(found) > limit)
    return ActorsPage(name, kind, where, found[:limit], pager, close)


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/actors", actors)
