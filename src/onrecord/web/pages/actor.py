"""*Actor*: who it is, what it said, where it stands, who carried its words, under which names; and what was decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query

from onrecord.actors.known_actor import KnownActor
from onrecord.ledger import Actor, Hit
from onrecord.ledger import Query as Search
from onrecord.ledger.citing import Citation, Citations, Party
from onrecord.ledger.hits import hits_of
from onrecord.ledger.naming import known_as, one_actor
from onrecord.ledger.overview_cells import matrix_part
from onrecord.ledger.overview_days import turns
from onrecord.ledger.portrait import Portrait, portrait_of
from onrecord.ledger.said import Said, said_of
from onrecord.ledger.searching import search_statements
from onrecord.ledger.standing import Cell, PositionQuery
from onrecord.positions import Issue, Stance
from onrecord.statements.statement import QuoteKind
from onrecord.web import glances, links
from onrecord.web.charts.histogram import Bars, bars_of
from onrecord.web.citations import citations
from onrecord.web.decisions import Decided, decided_about
from onrecord.web.network_filters import CitationFilters
from onrecord.web.overviews import seen
from onrecord.web.page import Page
from onrecord.web.paging import Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.site import Site, SiteOf
from onrecord.web.standing_filters import Blank

__all__ = ["ActorShown", "Moved", "Stands", "actor", "add", "stands_of"]

#: On a page, unless more are asked for.
_SHIFTS, _STATEMENTS = 10, 10


@dataclass(frozen=True, slots=True)
class Stands:
    """Where the actor stands on an issue, and where the statements are."""

    issue: Issue
    cell: Cell
    link: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A shift of the actor."""

    issue: Issue
    before: Stance
    after: Stance
    day: str
    #: Number of the position that shows what stands now.
    evidence: int

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"issue": self.issue.id, "from": str(self.before), "to": str(self.after), "on": self.day, "evidence": self.evidence}


@dataclass(frozen=True, slots=True)
class ActorShown(Page):
    """An actor."""

    template = "actor.html.j2"

    actor: Actor
    known: KnownActor | None
    portrait: Portrait
    #: Whom it cites, and who cites it, among the newest statements of the ledger; and what they were found in.
    cites: Sequence[tuple[Citation, Party]]
    cited_by: Sequence[tuple[Citation, Party]]
    cited_in: Citations
    said: Said
    stands: Sequence[Stands]
    shifts: Sequence[Moved]
    hits: Sequence[Hit]
    pager: Pager
    bars: Bars | None
    decisions: Sequence[Decided]
    kind: str
    outlet: str
    stale: Any = None

    kinds = tuple(str(k) for k in QuoteKind)

    @property
    def title(self) -> str:
        """The name."""
        return self.actor.name

    @property
    def fleeting(self) -> bool:
        """What is being added up anew is not kept."""
        return self.stale is not None

    def to_json(self) -> dict[str, Any]:
        """The actor as on the command line, with all that the page shows."""
        return {
            **self.actor.to_json(),
            **self.said.to_json(),
            "portrait": self.portrait.to_json(),
            "cites": [{**t.to_json(), "who": p.to_json()} for t, p in self.cites],
            "cited_by": [{**t.to_json(), "who": p.to_json()} for t, p in self.cited_by],
            "stands": [s.cell.to_json() for s in self.stands],
            "shifts": [s.to_json() for s in self.shifts],
            "decisions": [d.to_json() for d in self.decisions],
            "histogram": self.said.histogram.to_json(),
            "said": [h.to_json() for h in self.hits],
            "pages": self.pager.to_json(),
        }


def stands_of(site: Site, one: Actor) -> tuple[list[Stands], list[Moved], Any]:
    """Where an actor stands, its newest shifts, and how old that is if it is not of now.

    Args:
        site: Whose ledger.
        one: Who.
    """
    now = seen(site)
    of, query = now.overview, PositionQuery(actors=(one.id,))
    agenda = {i.id: i for i in of.agenda}
    if not agenda:
        return [], [], now.as_of
    with site.desk.ledger.database.reading() as connection:
        part = matrix_part(connection, of, query, limit=1)
        moved, _ = turns(connection, of, query, limit=_SHIFTS)
    ending = f"?{urlencode({'actor': one.id})}#evidence"
    cells = [Stands(agenda[c.issue], c, links.issue(c.issue) + ending) for c in part.matrix.cells]
    issues = list(of.agenda)
    return cells, [Moved(issues[t.issue], t.before, t.after, t.day.isoformat(), t.keys[1]) for t in moved], now.as_of


def actor(
    site: SiteOf,
    id: str,  # noqa: A002 - as the path says
    *,
    kind: Annotated[QuoteKind | None, Blank, Query(description="Only statements of this kind.")] = None,
    outlet: Annotated[str, Query(max_length=200, description="Only statements in this outlet.")] = "",
    limit: Limit = _STATEMENTS,
    offset: Offset = 0,
) -> ActorShown:
    """Who an actor is, what it said and when, where it stands, and who carried its words.

    Roles, names and who carried what are of the newest statements: `portrait.looked_at` says how many, `portrait.whole` whether that is all.
    """
    paper = outlet.strip().replace("\0", "")
    # All of one state of the ledger, and it is opened once.
    with site.desk.ledger.database.reading() as connection:
        one = one_actor(connection, id)
        query = Search(actors=(one.id,), outlets=(paper,) if paper else (), kinds=(str(kind),) if kind else ())
        hits = list(hits_of(connection, search_statements(connection, query, limit=limit + 1, offset=offset)))
        known = known_as(connection, one)
        portrait = glances.once(site, ("portrait", one.id), lambda: portrait_of(connection, one))
        said = glances.once(site, ("said-by", one.id), lambda: said_of(connection, one))
        decisions, _ = decided_about(connection, one.ids)
    cited = citations(site, CitationFilters())
    cites = [(t, cited.parties[t.other]) for t in cited.ties if t.one == one.id]
    cited_by = [(t, cited.parties[t.one]) for t in cited.ties if t.other == one.id]
    stands, shifts, stale = stands_of(site, one)
    narrowed = {"kind": str(kind) if kind else "", "outlet": paper}
    pager = Pager.of(links.actor(one.id), narrowed, offset=offset, limit=limit, here=min(len(hits), limit), more=len(hits) > limit)
    bars = bars_of(said.histogram, lambda p: links.search(actor=one.id, since=p.first.isoformat(), until=p.last.isoformat()), brush=links.search(actor=one.id))
    shown = hits[:limit]
    return ActorShown(
        one, known, portrait, cites, cited_by, cited, said, stands, shifts, shown, pager, bars, decisions, str(kind) if kind else "", paper, stale
    )  # fmt: skip


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/actors/{id}", actor)
