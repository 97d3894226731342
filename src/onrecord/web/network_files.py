"""The network as a file for other programs: GraphML and GEXF (Gephi, visone, igraph), and ties as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from itertools import islice
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from onrecord.export.shown import shown
from onrecord.ledger.overview import Overview
from onrecord.ledger.overview_ties import sides_taken
from onrecord.positions.congruence import Pair, ties_between
from onrecord.web.network_filters import NetworkFilters, NetworkOf
from onrecord.web.networks import Network, network_of
from onrecord.web.overviews import seen
from onrecord.web.safety.roles import needs
from onrecord.web.site import Role, Site, SiteOf

__all__ = ["MOST_TIES", "add"]

#: Ties of a file at most: the heaviest.
MOST_TIES = 20_000
#: A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = ("one_id", "one", "other_id", "other", "tie", "issues", "shared", "weight")


def _network(site: Site, filters: NetworkFilters) -> tuple[Network, list[Pair]]:
    """The network as its page has it, and more of its ties."""
    of: Overview = seen(site).overview
    query = filters.query(site.desk)
    with site.desk.ledger.database.reading() as connection:
        net = network_of(connection, of, query, filters)
        rows, _ = sides_taken(connection, of, query, most=filters.actors)
    every = ties_between(rows, norm=filters.norm, least=filters.least)
    return net, list(islice((p for p in every if filters.ties.has(p.tie)), MOST_TIES))


def _text(words: str | None) -> str:
    """What may stand in XML."""
    return shown(" ".join((words or "").split())).translate({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"})


def _graph(net: Network, pairs: list[Pair]) -> Any:  # noqa: ANN401 - networkx has no types
    import networkx as nx  # type: ignore[import-untyped]

    graph = nx.MultiGraph()
    for m in net.members.values():
        graph.add_node(m.id, label=_text(m.name), type=m.type, country=_text(m.country), camp=m.camp, statements=m.statements)
    for n, p in enumerate(pairs):
        graph.add_edge(p.one, p.other, key=n, id=str(n), tie=str(p.tie), issues=p.issues, shared=p.shared, weight=round(p.weight, 6))
    return graph


def _graphml(net: Network, pairs: list[Pair]) -> bytes:
    import networkx as nx

    out = io.BytesIO()
    nx.write_graphml(_graph(net, pairs), out)
    return out.getvalue()


def _gexf(net: Network, pairs: list[Pair]) -> bytes:
    import networkx as nx

    out = io.BytesIO()
    nx.write_gexf(_graph(net, pairs), out)
    return out.getvalue()


def _csv(net: Network, pairs: list[Pair]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for p in pairs:
        names = [f"'{t}" if t.startswith(_FORMULA) else t for t in (_text(net.members[i].name) for i in (p.one, p.other))]
        writer.writerow((p.one, names[0], p.other, names[1], p.tie, p.issues, p.shared, f"{p.weight:.6g}"))
    return out.getvalue().encode()


def _sent(kind: str, media: str, written: Callable[[Network, list[Pair]], bytes]) -> Callable[[Site, NetworkFilters], Response]:
    def file(site: SiteOf, filters: NetworkOf) -> Response:
        content = written(*_network(site, filters))
        return Response(content, media_type=media, headers={"content-disposition": f'attachment; filename="network.{kind}"'})

    file.__annotations__ = {"site": SiteOf, "filters": NetworkOf, "return": Response}
    return file


def add(router: APIRouter) -> None:
    """Give the files their addresses."""
    for kind, media, written in (
        ("graphml", "application/graphml+xml", _graphml),
        ("gexf", "application/gexf+xml", _gexf),
        ("csv", "text/csv", _csv),
    ):
        responses: dict[int | str, dict[str, Any]] = {
            200: {"description": "The file.", "content": {media: {}}},
            400: {"description": "What was asked cannot be meant."},
        }
        router.add_api_route(
            f"/network.{kind}",
            _sent(kind, media, written),
            methods=["GET"],
            tags=["files"],
            summary=f"The network of actors as {kind}: the heaviest {MOST_TIES:,} ties.",
            response_class=Response,
            dependencies=[Depends(needs(Role.READER))],
            responses=responses,
            operation_id=f"network_{kind}",
        )
