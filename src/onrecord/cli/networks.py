"""`onrecord network`: who takes the same side, who opposite ones, and who cites whom; as tables, and as files for other programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.cli.ledgers import Debug, LedgerName, opened
from onrecord.cli.printing import as_json, console, grid, one_line, output_to, put, stream
from onrecord.cli.standing_options import PAGE, Camp, Issues, MinScore, Output, Reported, Since, Until, counted, given
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.desk import Desk
    from onrecord.desk.citing import CitationNetwork
    from onrecord.desk.networks import Network
    from onrecord.export.graphs import Graph

__all__ = ["GraphForm", "NetworkKind", "Weight", "network"]

#: Members of a camp that are named.
_NAMED = 8


class NetworkKind(StrEnum):
    """What joins two."""

    BOTH = "both"
    CONGRUENCE = "congruence"
    CONFLICT = "conflict"
    CITATIONS = "citations"


class Weight(StrEnum):
    """How much a tie weighs."""

    COUNT = "count"
    ACTIVITY = "activity"
    JACCARD = "jaccard"
    COSINE = "cosine"


class GraphForm(StrEnum):
    """How a network is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    GRAPHML = "graphml"
    GEXF = "gexf"


def network(
    *,
    kind: Annotated[
        NetworkKind, typer.Option("--kind", help="What joins two: the same side of an issue (congruence), opposite ones (conflict), both, or citations.")
    ] = NetworkKind.BOTH,
    issue: Issues = None,
    camp: Camp = None,
    since: Since = None,
    until: Until = None,
    min_score: MinScore = None,
    reported: Reported = False,
    norm: Annotated[
        Weight | None,
        typer.Option("--norm", help="How much a tie weighs: count (issues in common), activity, jaccard or cosine. Default: count.", show_default=False),
    ] = None,
    least: Annotated[float, typer.Option("--least", min=0, metavar="WEIGHT", help="Ties that weigh less are left out.")] = 0,
    actors: Annotated[int, typer.Option("--actors", min=2, max=300, metavar="N", help="Actors at most: those with the most statements.")] = 60,
    no_outlets: Annotated[bool, typer.Option("--no-outlets", help="Of citations: leave out agencies, papers and broadcasters.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="How many ties at most. Default: 20; else 20,000, the heaviest.", show_default=False)
    ] = None,
    form: Annotated[GraphForm, typer.Option("--format", "-f", help="A table for people, the others for machines.")] = GraphForm.TABLE,
    output: Output = None,
    ledger: LedgerName = None,
    debug: Debug = False,
) -> None:
    """Show who is tied to whom: by taking the same side of the same issues, or opposite ones; or by citing.

    Ties of congruence and conflict count issues, not statements; those who agree fall into camps. Citations are directed: one cites another if the other's
    words came through the one, or if the one tells what the other says; they are counted in the newest statements of the days asked for. Camps, graphml
    and gexf need `pip install 'onrecord[web]'`.

    \b
    Examples:
      onrecord network
      onrecord network --kind conflict --issue ceasefire-30d --norm jaccard
      onrecord network --camp KE --since 2026-03 --format gexf --output camp.gexf
      onrecord network --kind citations --no-outlets --actors 100
      onrecord network --kind citations --format graphml --output citing.graphml

    Columns of csv, a row for each tie: one_id, one, other_id, other, and then tie, issues (on which it is so), shared (on which both take a side), weight; of
    citations weight (statements), carried, told, outlets, first, last, statements (ids of the newest). graphml and gexf are read by Gephi, visone and igraph.

    Exit codes: 0 done, also if nobody is tied, 2 the command line or the ledger is wrong.
    """  # noqa: D301 - \b is click's sign to leave the lines below as they are
    citations = kind is NetworkKind.CITATIONS
    asked = given(issue=issue, camp=camp, min_score=min_score, reported=reported)
    if citations and (asked or norm):
        names = ", ".join("--" + n.replace("_", "-") for n in [*asked, *(["norm"] if norm else [])])
        raise UsageError(f"{names} with --kind citations", hint="--since, --until, --least, --actors and --no-outlets narrow who cites whom")
    if no_outlets and not citations:
        raise UsageError("--no-outlets without --kind citations", hint="outlets take no side")
    most = limit if limit is not None else PAGE if form is GraphForm.TABLE else None
    with opened(ledger, debug=debug) as desk:
        if citations:
            _put_citations(_citations(desk, since, until, outlets=not no_outlets, actors=actors, least=least), form, output, most)
        else:
            filters = {**asked, **given(since=since, until=until)}
            _put_network(_network(desk, kind, norm or Weight.COUNT, filters, least=least, actors=actors), form, output, most)


def _network(desk: Desk, kind: NetworkKind, norm: Weight, filters: dict[str, Any], *, least: float, actors: int) -> Network:
    from onrecord.desk.networks import Ties, network_of
    from onrecord.ledger.overview import overview_of
    from onrecord.positions.congruence import Norm

    query = desk.position_query(**filters)
    with desk.ledger.database.reading() as connection:
        return network_of(connection, overview_of(connection), query, ties=Ties(kind.value), norm=Norm(norm.value), least=least, actors=actors)


def _citations(desk: Desk, since: str | None, until: str | None, *, outlets: bool, actors: int, least: float) -> CitationNetwork:
    from onrecord.desk.citing import citation_network
    from onrecord.desk.searching import day
    from onrecord.ledger.citing import citations_of

    days = day(since), day(until, last=True)
    with desk.ledger.database.reading() as connection:
        found = citations_of(connection, since=days[0], until=days[1])
    return citation_network(found, outlets=outlets, actors=actors, least=least)


def _put_network(net: Network, form: GraphForm, output: str | None, most: int | None) -> None:
    from onrecord.desk.networks import graph_of

    if form is not GraphForm.TABLE:
        cut = replace(net, pairs=net.pairs[: _at_most(most)])
        _put_file(graph_of(cut), form, output, lambda: {**cut.to_json(), "total": net.total})
        return
    names = {m.id: m.name for m in net.members.values()}
    rows = [
        (names[p.one], names[p.other], str(p.tie), f"{p.weight:.3g}", f"{p.issues} of {p.shared} issue{'' if p.shared == 1 else 's'}") for p in net.pairs[:most]
    ]
    with output_to(output) as target:
        to = console(target if output else None)
        if net.actors > net.looked_at:
            put(f"of {net.actors:,} actors who take a side, the {net.looked_at:,} with most statements are looked at; --actors for more", "", to=to)
        if rows:
            put(grid(("between", "and", "tie", "weight", "on"), rows, right=("weight",)), "", to=to)
        put(counted(len(rows), net.total, "tie"), to=to)
        for camp in net.camps:
            sides = "; ".join(f"{s.stance} {one_line(s.label)} ({s.members} of {s.of})" for s in camp.sides)
            members = ", ".join(one_line(m.name) for m in camp.members[:_NAMED])
            more = f" and {len(camp.members) - _NAMED} more" if len(camp.members) > _NAMED else ""
            put(f"camp {camp.number}: {members}{more}" + (f": {sides}" if sides else ""), to=to)


def _put_citations(net: CitationNetwork, form: GraphForm, output: str | None, most: int | None) -> None:
    from onrecord.desk.citing import citation_graph

    if form is not GraphForm.TABLE:
        cut = replace(net, ties=net.ties[: _at_most(most)])
        _put_file(citation_graph(cut), form, output, lambda: {**cut.to_json(), "total": len(net.ties)})
        return
    names = {i: m.party.name + (" (outlet)" if m.party.medium else "") for i, m in net.members.items()}
    rows = [
        (names[t.one], names[t.other], f"{t.count:,}", ", ".join(t.outlets[:3]), t.first.isoformat(), t.last.isoformat(), t.statements[0])
        for t in net.ties[:most]
    ]
    columns = ("who", "cites", "statements", "published by", "first", "last", "newest")
    found = net.found
    with output_to(output) as target:
        to = console(target if output else None)
        if rows:
            put(grid(columns, rows, right=("statements",)), "", to=to)
        put(counted(len(rows), len(net.ties), "tie"), to=to)
        if not found.whole:
            put(f"a sample: the newest {found.looked_at:,} statements, back to {found.since}; --since and --until look at others", to=to)
        if net.parties > net.looked_at:
            put(f"of {net.parties:,} who cite or are cited, the {net.looked_at:,} with most statements; --actors for more", to=to)


def _put_file(graph: Graph, form: GraphForm, output: str | None, json: Callable[[], dict[str, Any]]) -> None:
    from onrecord.export import graphs

    if form is GraphForm.JSON:
        stream([as_json(json()) + "\n"], output)
        return
    written = {GraphForm.CSV: graphs.table, GraphForm.GRAPHML: graphs.graphml, GraphForm.GEXF: graphs.gexf}[form]
    stream([written(graph).decode()], output)


def _at_most(most: int | None) -> int:
    from onrecord.export.graphs import MOST_TIES

    return MOST_TIES if most is None else most
