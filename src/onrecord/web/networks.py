"""The network of actors as a page has it: worked out by the desk, and drawn; once for each state of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from onrecord.desk.networks import Network, strongest
from onrecord.desk.networks import network_of as worked_out
from onrecord.ledger.overview import Overview
from onrecord.ledger.standing import PositionQuery
from onrecord.positions.congruence import Pair
from onrecord.web.charts.network import Drawing, Edge, Node, drawn
from onrecord.web.network_filters import NetworkFilters

__all__ = ["Drawn", "each", "network_of"]

#: Ties that are kept for the table.
_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """A network and its picture."""

    network: Network
    drawing: Drawing


def network_of(connection: Connection, of: Overview, query: PositionQuery, asked: NetworkFilters) -> Drawn:
    """Work out a network, and draw it; once for each state of the ledger.

    Args:
        connection: A reading one.
        of: The columns.
        query: Which positions.
        asked: What is asked besides.

    Raises:
        UsageError: The query names nobody, no camp or no issue.
    """

    def made() -> Drawn:
        net = worked_out(connection, of, query, ties=asked.ties, norm=asked.norm, least=asked.least, actors=asked.actors)
        return Drawn(replace(net, pairs=net.pairs[:_KEPT]), _drawing(net, asked))

    return of.once(("network", query, asked), made)


def _drawing(net: Network, asked: NetworkFilters) -> Drawing:
    number = {id_: n for n, id_ in enumerate(net.members)}

    def edges(pairs: Sequence[Pair]) -> list[Edge]:
        return [Edge(number[p.one], number[p.other], p.tie, p.issues, p.weight) for p in pairs]

    nodes = [Node(m.id, m.name, m.camp, m.ties, m.weight) for m in net.members.values()]
    return drawn(nodes, edges(strongest(net.pairs, each(len(nodes)))), edges(net.agree), asked.evidence())


def each(actors: int) -> int:
    """Ties drawn of each actor: fewer if there are many actors, so that it can be seen."""
    return 5 if actors <= 30 else 4 if actors <= 80 else 3 if actors <= 150 else 2  # noqa: PLR2004
