"""The networks as files for other programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from onrecord.export import graphs
from onrecord.export.graphs import Graph
from onrecord.web.safety.roles import needs
from onrecord.web.site import Role, SiteOf

__all__ = ["add_files"]

_KINDS: tuple[tuple[str, str, Callable[[Graph], bytes]], ...] = (
    ("graphml", "application/graphml+xml", graphs.graphml),
    ("gexf", "application/gexf+xml", graphs.gexf),
    ("csv", "text/csv", graphs.table),
)


def add_files(router: APIRouter, path: str, what: str, filters: Any, graph: Callable[..., Graph]) -> None:  # noqa: ANN401 - an annotation
    """Give the files of a network their addresses.

    Args:
        router: Where to.
        path: The network's own, to which `.graphml` and so on are added.
        what: What it is, for the API's description.
        filters: Annotation of what may be asked, as its page takes it.
        graph: Makes the network, from the desk served and what is asked.
    """
    name = path.strip("/").replace("/", "_")
    for kind, media, written in _KINDS:

        def file(site: Any, asked: Any, kind: str = kind, media: str = media, written: Callable[[Graph], bytes] = written) -> Response:  # noqa: ANN401
            disposition = f'attachment; filename="{name.replace("_", "-")}.{kind}"'
            return Response(written(graph(site, asked)), media_type=media, headers={"content-disposition": disposition})

        router.add_api_route(
            f"{path}.{kind}",
            _asking(file, filters),
            methods=["GET"],
            tags=["files"],
            summary=f"{what} as {kind}: the heaviest {graphs.MOST_TIES:,} ties.",
            response_class=Response,
            dependencies=[Depends(needs(Role.READER))],
            responses={200: {"description": "The file.", "content": {media: {}}}, 400: {"description": "What was asked cannot be meant."}},
            operation_id=f"{name}_{kind}",
        )


def _asking(file: Callable[..., Response], filters: Any) -> Callable[..., Response]:  # noqa: ANN401 - an annotation
    def asking(site: Any, filters: Any) -> Response:  # noqa: ANN401 - see below
        return file(site, filters)

    # The framework reads the annotations.
    asking.__annotations__ = {"site": SiteOf, "filters": filters, "return": Response}
    return asking
