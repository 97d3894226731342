"""*Who cites whom*: whose words come through whom, who tells what others say, and the statements behind each tie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query

from onrecord.desk.citing import CitationMember, CitationNetwork, citation_graph, citation_network
from onrecord.desk.networks import MOST
from onrecord.errors import UsageError
from onrecord.export.graphs import MOST_TIES, Graph
from onrecord.ledger.citing import Citation, Citations
from onrecord.ledger.hits import Hit, hits_of
from onrecord.web import links
from onrecord.web.charts.network import Drawing
from onrecord.web.citations import citations, drawn_citations
from onrecord.web.network_files import add_files
from onrecord.web.network_filters import CitationFilters, CitationsOf
from onrecord.web.page import Page
from onrecord.web.paging import PAGE, Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.site import Site, SiteOf

__all__ = ["CitationPage", "CitationsPage", "add", "citation", "citing"]

#: Ties of the table on a page.
_TIES = 50


@dataclass(frozen=True, slots=True)
class CitationsPage(Page):
    """Who cites whom, as a picture and as a table."""

    template = "citations.html.j2"

    network: CitationNetwork
    drawing: Drawing
    #: Ties of the table.
    ties: Sequence[Citation]
    #: All ties that are shown, and statements of those.
    total: int
    statements: int
    pager: Pager
    filters: CitationFilters

    @property
    def title(self) -> str:
        """Of the page."""
        return "Who cites whom"

    @property
    def most(self) -> int:
        """Actors and outlets at most."""
        return MOST

    @property
    def most_citing(self) -> Sequence[CitationMember]:
        """Those who cite in most statements."""
        return [m for m in sorted(self.network.members.values(), key=lambda m: (-m.cites, m.party.name)) if m.cites][:5]

    @property
    def most_cited(self) -> Sequence[CitationMember]:
        """Those who are cited in most statements."""
        return [m for m in sorted(self.network.members.values(), key=lambda m: (-m.cited, m.party.name)) if m.cited][:5]

    def member(self, id_: str) -> CitationMember:
        """A party of the network."""
        return self.network.members[id_]

    def edge(self, tie: Citation) -> str:
        """Where the statements behind a tie are."""
        return links.citation(tie.one, tie.other, **self.filters.evidence())

    def file(self, kind: str) -> str:
        """Where the same is as a file."""
        return self.filters.address(f"/network/citations.{kind}")

    def to_json(self) -> dict[str, Any]:
        """Parties, and a page of ties."""
        told = replace(self.network, ties=self.ties).to_json()
        counts = {"ties": self.total, "drawn": self.drawing.edges, "statements": self.statements, "unnamed": told.pop("unnamed")}
        ties = [made | {"evidence": self.edge(t)} for made, t in zip(told["ties"], self.ties, strict=True)]
        return {**told, "ties": ties, "pages": self.pager.to_json(), "counts": counts, "filters": self.filters.asked()}


def citing(site: SiteOf, filters: CitationsOf, *, offset: Offset = 0, limit: Limit = _TIES) -> CitationsPage:
    """Who cites whom: whose words come through whom, and who tells what others say.

    The newest statements of the days asked for are looked at: `sample` says how many, and whether that is all. An outlet that published an article cites
    nobody by that; it does if another text says that the words came through it.
    """
    made = drawn_citations(site, filters)
    some = made.network.ties[offset : offset + limit]
    more = offset + len(some) < len(made.network.ties)
    pager = Pager.of("/network/citations", filters.asked(), offset=offset, limit=limit, here=len(some), more=more, total=made.total)
    at = [f"{to}#ties" if to else None for to in (pager.before, pager.after)]
    return CitationsPage(made.network, made.drawing, some, made.total, made.statements, replace(pager, before=at[0], after=at[1]), filters)


@dataclass(frozen=True, slots=True)
class CitationPage(Page):
    """The statements in which one cites another."""

    template = "citation.html.j2"

    #: Ids and names; whether there is a page of each.
    one: tuple[str, str, bool]
    other: tuple[str, str, bool]
    #: None: it does not, in the statements that were looked at.
    tie: Citation | None
    hits: Sequence[Hit]
    #: Whether the other cites the one, too.
    mutual: bool
    pager: Pager
    filters: CitationFilters
    found: Citations

    @property
    def title(self) -> str:
        """Who cites whom."""
        return f"{self.one[1]} cites {self.other[1]}"

    @property
    def back(self) -> str:
        """The network, with the same statements."""
        return replace(self.filters, least=0.0).address("/network/citations")

    @property
    def reverse(self) -> str:
        """Where the other cites the one."""
        return links.citation(self.other[0], self.one[0], **self.filters.evidence())

    def to_json(self) -> dict[str, Any]:
        """Both, and the statements as everywhere."""
        return {
            "a": {"id": self.one[0], "name": self.one[1]},
            "b": {"id": self.other[0], "name": self.other[1]},
            "counts": {k: getattr(self.tie, k) if self.tie else 0 for k in ("count", "carried", "told")},
            "outlets": list(self.tie.outlets) if self.tie else [],
            "mutual": self.mutual,
            "statements": [h.to_json() for h in self.hits],
            "pages": self.pager.to_json(),
            "sample": {"statements": self.found.looked_at, "whole": self.found.whole},
            "filters": self.filters.evidence(),
        }


_Id = Annotated[str, Query(min_length=1, max_length=200, description="Id of an actor, or of a name as the network has it.")]


def citation(site: SiteOf, filters: CitationsOf, a: _Id, b: _Id, *, offset: Offset = 0, limit: Limit = PAGE) -> CitationPage:
    """The statements in which one cites another, the newest first."""
    found = citations(site, filters)
    one, other = _party(site, found, a), _party(site, found, b)
    if one[0] == other[0]:
        raise UsageError("nobody cites himself", hint="name two")
    ties = {(t.one, t.other): t for t in found.ties}
    tie = ties.get((one[0], other[0]))
    keys = tie.keys if tie else ()
    some = keys[offset : offset + limit]
    with site.desk.ledger.database.reading() as connection:
        hits = list(hits_of(connection, some))
    asked = {"a": one[0], "b": other[0], **filters.evidence()}
    more = offset + len(some) < len(keys)
    pager = Pager.of("/network/citations/edge", asked, offset=offset, limit=limit, here=len(some), more=more, total=len(keys))
    return CitationPage(one, other, tie, hits, (other[0], one[0]) in ties, pager, filters, found)


def _party(site: Site, found: Citations, id_: str) -> tuple[str, str, bool]:
    if (party := found.parties.get(id_)) is not None:
        return party.id, party.name, party.known
    try:
        one = site.desk.ledger.actor(id_.replace("\0", ""))
    except UsageError as error:
        raise HTTPException(404, f"there is no actor {id_[:60]!r}") from error
    return one.id, one.name, True


def add(router: APIRouter) -> None:
    """Give the pages and the files their addresses."""
    add_page(router, "/network/citations", citing)
    add_page(router, "/network/citations/edge", citation)
    add_files(router, "/network/citations", "Who cites whom", CitationsOf, _graph)


def _graph(site: Site, asked: CitationFilters) -> Graph:
    found = citations(site, asked)
    return citation_graph(citation_network(found, outlets=not asked.no_outlets, actors=asked.actors, least=asked.least, most=MOST_TIES))
