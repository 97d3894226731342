"""Who cites whom as a page has it: asked of the ledger, and drawn; once for each state of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from onrecord.desk.citing import CitationNetwork, citation_network
from onrecord.desk.networks import strongest
from onrecord.ledger.citing import Citation, Citations, citations_of
from onrecord.web.charts.network import Drawing, Edge, Node, drawn
from onrecord.web.glances import once
from onrecord.web.network_filters import CitationFilters
from onrecord.web.networks import each
from onrecord.web.site import Site

__all__ = ["DrawnCitations", "citations", "drawn_citations"]

#: Ties that are kept for the table.
_KEPT_TIES = 5_000
#: Ties of each party that say who is near whom.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class DrawnCitations:
    """The part that is asked for, and its picture."""

    network: CitationNetwork
    drawing: Drawing
    #: Ties that there are, and statements of those.
    total: int
    statements: int


def citations(site: Site, asked: CitationFilters) -> Citations:
    """All who cite each other in some days.

    Args:
        site: Whose ledger.
        asked: The days; nothing else of it matters.

    Raises:
        UsageError: What is asked is no day.
    """
    since, until = asked.days()

    def made() -> Citations:
        with site.desk.ledger.database.reading() as connection:
            return citations_of(connection, since=since, until=until)

    return once(site, ("citations", since, until), made, large=True)


def drawn_citations(site: Site, asked: CitationFilters) -> DrawnCitations:
    """The part that is asked for, drawn.

    Args:
        site: Whose ledger.
        asked: What is asked.

    Raises:
        UsageError: What is asked is no day.
    """
    found = citations(site, asked)
    return once(site, asked, lambda: _drawn(found, asked), large=True)


def _drawn(found: Citations, asked: CitationFilters) -> DrawnCitations:
    net = citation_network(found, outlets=not asked.no_outlets, actors=asked.actors, least=asked.least)
    number = {id_: n for n, id_ in enumerate(net.members)}

    def edges(ties: list[Citation]) -> list[Edge]:
        return [Edge(number[t.one], number[t.other], None, t.count, float(t.count)) for t in ties]

    nodes = [Node(i, m.party.name, 0, m.ties, float(m.cites + m.cited), known=m.party.known, medium=m.party.medium) for i, m in net.members.items()]
    picture = drawn(nodes, edges(strongest(net.ties, each(len(nodes)))), edges(strongest(net.ties, _NEAR)), asked.evidence())
    statements = len({k for t in net.ties for k in t.keys})
    return DrawnCitations(replace(net, ties=net.ties[:_KEPT_TIES]), picture, len(net.ties), statements)
