"""Networks as files for other programs: GraphML and GEXF (Gephi, visone, igraph), and ties as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.errors import MissingExtraError
from onrecord.export.shown import shown

__all__ = ["MOST_TIES", "Graph", "gexf", "graphml", "library", "plain", "table"]

#: Ties of a file at most: the heaviest.
MOST_TIES = 20_000
#: A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Graph:
    """A network without what only we understand: attributes are words and numbers."""

    #: Each with an `id` and a `label`.
    nodes: Sequence[Mapping[str, Any]]
    #: Each with a `source` and a `target`, ids both. Between two there may be several.
    edges: Sequence[Mapping[str, Any]]
    directed: bool


def library() -> Any:  # noqa: ANN401 - it has no types
    """The library for networks.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import networkx as nx  # type: ignore[import-untyped]
    except ImportError:
        raise MissingExtraError("networks need another library", item="networkx", hint="pip install 'onrecord[web]'") from None
    return nx


def plain(words: str | None) -> str:
    """What may stand in XML, on one line."""
    return shown(" ".join((words or "").split())).translate({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"})


def graphml(graph: Graph) -> bytes:
    """As GraphML.

    Raises:
        MissingExtraError: The library for networks is not installed.
    """
    out = io.BytesIO()
    library().write_graphml(_made(graph), out)
    return out.getvalue()


def gexf(graph: Graph) -> bytes:
    """As GEXF.

    Raises:
        MissingExtraError: As `graphml`.
    """
    out = io.BytesIO()
    library().write_gexf(_made(graph), out)
    return out.getvalue()


def _made(graph: Graph) -> Any:  # noqa: ANN401 - networkx has no types
    nx = library()
    made = nx.MultiDiGraph() if graph.directed else nx.MultiGraph()
    for node in graph.nodes:
        made.add_node(node["id"], **{k: v for k, v in node.items() if k != "id"})
    for n, edge in enumerate(graph.edges):
        made.add_edge(edge["source"], edge["target"], key=n, id=str(n), **{k: v for k, v in edge.items() if k not in {"source", "target"}})
    return made


def table(graph: Graph) -> bytes:
    """Ties as RFC 4180 CSV: ids and names of the two, and what the ties have. Nothing in it is a formula to a spreadsheet."""
    names = {n["id"]: n["label"] for n in graph.nodes}
    more = [k for k in (graph.edges[0] if graph.edges else ()) if k not in {"source", "target"}]
    rows = ([e["source"], names[e["source"]], e["target"], names[e["target"]], *(e[k] for k in more)] for e in graph.edges)
    return _csv([["one_id", "one", "other_id", "other", *more], *rows])


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[f"'{c}" if isinstance(c, str) and c.startswith(_FORMULA) else c for c in row] for row in rows])
    return out.getvalue().encode()
