"""*Network*: who takes the same side of the same issues, who takes opposite ones, and the statements behind each tie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import numpy as np
from fastapi import APIRouter, HTTPException, Query
from sqlalchemy import Connection

from onrecord.desk.networks import MOST, Member, Network, Ties, graph_of, pair_json
from onrecord.desk.networks import network_of as worked_out
from onrecord.errors import UsageError
from onrecord.export.graphs import MOST_TIES, Graph
from onrecord.ledger.evidence import evidence_of
from onrecord.ledger.overview import STANCES, Overview
from onrecord.ledger.standing import Evidence, PositionQuery
from onrecord.positions import Issue, Stance
from onrecord.positions.congruence import Norm, Pair, Tie
from onrecord.web import links
from onrecord.web.charts.network import Drawing
from onrecord.web.network_files import add_files
from onrecord.web.network_filters import NetworkFilters, NetworkOf
from onrecord.web.networks import network_of
from onrecord.web.overviews import seen
from onrecord.web.page import Page
from onrecord.web.paging import Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.site import Site, SiteOf

__all__ = ["Both", "NetworkPage", "TiePage", "add", "network", "tie"]

#: Ties of the table, and issues of a tie, on a page.
_TIES, _ISSUES = 50, 10


@dataclass(frozen=True, slots=True)
class NetworkPage(Page):
    """The network as a picture and as tables."""

    template = "network.html.j2"

    network: Network
    drawing: Drawing
    #: Ties of the table.
    pairs: Sequence[Pair]
    pager: Pager
    filters: NetworkFilters
    #: What can be asked for.
    agenda: Sequence[Issue]
    as_of: datetime | None

    @property
    def title(self) -> str:
        """Of the page."""
        return "Network"

    @property
    def fleeting(self) -> bool:
        """What is being added up anew is not kept."""
        return self.as_of is not None

    @property
    def most(self) -> int:
        """Actors at most."""
        return MOST

    @property
    def norms(self) -> list[tuple[Norm, str]]:
        """How ties can weigh, in words."""
        words = ("issues in common", "share of the issues that the two speak on, on average", "share of all issues that either speaks on", "cosine")
        return list(zip(Norm, words, strict=True))

    @property
    def strongest(self) -> list[tuple[Tie, Pair, int]]:
        """The first of the heaviest ties of each kind, and how many of those that are kept weigh as much."""
        firsts = [next(((t, p) for p in self.network.pairs if p.tie is t), None) for t in Tie]
        return [(t, first, sum(p.tie is t and p.weight == first.weight for p in self.network.pairs)) for t, first in filter(None, firsts)]

    def member(self, id_: str) -> Member:
        """An actor of the network."""
        return self.network.members[id_]

    def count(self, kind: str) -> int:
        """Ties of a kind."""
        return self.network.counts.get(Tie(kind), 0)

    def edge(self, pair: Pair) -> str:
        """Where the statements behind a tie are."""
        return f"/network/edge?{urlencode({'a': pair.one, 'b': pair.other, **self.filters.evidence()}, doseq=True, safe=':')}"

    def file(self, kind: str) -> str:
        """Where the same is as a file."""
        return self.filters.address(f"/network.{kind}")

    def to_json(self) -> dict[str, Any]:
        """Actors, camps and a page of ties."""
        told = replace(self.network, pairs=self.pairs).to_json()
        ties = [pair_json(p) | {"evidence": self.edge(p)} for p in self.pairs]
        counts = {**told["counts"], "drawn": self.drawing.edges}
        as_of = self.as_of.isoformat() if self.as_of else None
        return {**told, "ties": ties, "pages": self.pager.to_json(), "counts": counts, "filters": self.filters.asked(), "as_of": as_of}


def network(site: SiteOf, filters: NetworkOf, *, offset: Offset = 0, limit: Limit = _TIES) -> NetworkPage:
    """Who is tied to whom: by taking the same side of the same issues, or opposite ones.

    Ties count issues, not statements. Of all ties the heaviest 5,000 can be paged through.
    """
    now = seen(site)
    query = filters.query(site.desk)
    filters = replace(filters, issues=query.issues)
    with site.desk.ledger.database.reading() as connection:
        made = network_of(connection, now.overview, query, filters)
    net = made.network
    some = net.pairs[offset : offset + limit]
    pager = Pager.of("/network", filters.asked(), offset=offset, limit=limit, here=len(some), more=offset + len(some) < len(net.pairs), total=net.total)
    at = [f"{to}#ties" if to else None for to in (pager.before, pager.after)]
    return NetworkPage(net, made.drawing, some, replace(pager, before=at[0], after=at[1]), filters, tuple(site.desk.agenda()), now.as_of)


@dataclass(frozen=True, slots=True)
class Both:
    """An issue on which two actors both took a side."""

    issue: Issue
    #: What each took, by the newest statement of each stance; the newest first.
    one: Sequence[Evidence]
    other: Sequence[Evidence]
    #: Statements of each in all.
    counts: tuple[int, int]
    #: Addresses of these.
    all: tuple[str, str]
    ties: Sequence[Tie]

    @property
    def words(self) -> str:
        """What ties them here."""
        if len(self.ties) > 1:
            return "the same side at one time, opposite sides at another"
        said = {Tie.CONGRUENCE: "the same side", Tie.CONFLICT: "opposite sides"}
        return next((said[t] for t in self.ties), "no tie")

    def to_json(self) -> dict[str, Any]:
        """The issue, the ties, and positions of both as everywhere."""
        return {
            "issue": self.issue.id,
            "ties": [str(t) for t in self.ties],
            "a": {"statements": self.counts[0], "positions": [e.to_json() for e in self.one]},
            "b": {"statements": self.counts[1], "positions": [e.to_json() for e in self.other]},
        }


@dataclass(frozen=True, slots=True)
class TiePage(Page):
    """What ties two actors, issue by issue."""

    template = "network_edge.html.j2"

    #: Ids and names.
    one: tuple[str, str]
    other: tuple[str, str]
    both: Sequence[Both]
    pager: Pager
    #: Issues of each tie, and issues on which each took a side.
    counts: Mapping[Tie, int]
    spoke: tuple[int, int]
    filters: NetworkFilters
    as_of: datetime | None

    @property
    def title(self) -> str:
        """Between whom."""
        return f"{self.one[1]} and {self.other[1]}"

    @property
    def fleeting(self) -> bool:
        """What is being added up anew is not kept."""
        return self.as_of is not None

    def count(self, kind: str) -> int:
        """Issues of a tie."""
        return self.counts.get(Tie(kind), 0)

    @property
    def back(self) -> str:
        """The network, with the same statements."""
        return replace(self.filters, ties=Ties.BOTH, least=0.0).address("/network")

    def to_json(self) -> dict[str, Any]:
        """Both actors, the issues that both took a side of, and what shows it."""
        return {
            "a": {"id": self.one[0], "name": self.one[1], "issues": self.spoke[0]},
            "b": {"id": self.other[0], "name": self.other[1], "issues": self.spoke[1]},
            "counts": {str(t): self.counts.get(t, 0) for t in Tie},
            "issues": [b.to_json() for b in self.both],
            "pages": self.pager.to_json(),
            "filters": self.filters.evidence(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }


_Id = Annotated[str, Query(min_length=1, max_length=200, description="Id of an actor.")]


def tie(site: SiteOf, filters: NetworkOf, a: _Id, b: _Id, *, offset: Offset = 0, limit: Limit = _ISSUES) -> TiePage:
    """What ties two actors: issue by issue, the newest statement of each stance that either took."""
    one, other = _known(site, a), _known(site, b)
    if one[0] == other[0]:
        raise UsageError("nobody is tied to himself", hint="name two actors")
    now = seen(site)
    of, query = now.overview, filters.query(site.desk)
    filters = replace(filters, issues=query.issues)
    most = min(limit, _ISSUES)
    with site.desk.ledger.database.reading() as connection:
        mine, theirs = (_sides(connection, of, query, id_) for id_, _ in (one, other))
        shared = sorted((n for n in mine if n in theirs), key=lambda n: (-len(_tied(mine[n], theirs[n])), n))
        some = shared[offset : offset + most]
        wanted = [k for n in some for side in (mine[n], theirs[n]) for k in _newest(side)]
        shown = {e.key: e for e in evidence_of(connection, wanted)}
    counts = {t: sum(t in _tied(mine[n], theirs[n]) for n in shared) for t in Tie}
    both = []
    for n in some:
        issue = of.agenda.issues[n]
        found = [[shown[k] for k in _newest(side) if k in shown] for side in (mine[n], theirs[n])]
        every = sum(len(k) for k in mine[n].values()), sum(len(k) for k in theirs[n].values())
        to = _all(issue.id, one[0], filters), _all(issue.id, other[0], filters)
        both.append(Both(issue, found[0], found[1], every, to, _tied(mine[n], theirs[n])))
    asked = {"a": one[0], "b": other[0], **filters.evidence()}
    pager = Pager.of("/network/edge", asked, offset=offset, limit=most, here=len(some), more=offset + len(some) < len(shared), total=len(shared))
    return TiePage(one, other, both, pager, counts, (len(mine), len(theirs)), filters, now.as_of)


#: Keys of the positions of an actor on an issue by stance, the newest first.
_Taken = Mapping[Stance, Sequence[int]]


def _known(site: Site, id_: str) -> tuple[str, str]:
    try:
        one = site.desk.ledger.actor(id_.replace("\0", ""))
    except UsageError as error:
        raise HTTPException(404, f"there is no actor {id_[:60]!r}") from error
    return one.id, one.name


def _sides(connection: Connection, of: Overview, query: PositionQuery, id_: str) -> dict[int, _Taken]:
    """What an actor took, by number of the issue: the same statements that the network counts."""
    number = next((n for n, p in enumerate(of.people) if p[1] == id_), None)
    which = of.which(connection, query)
    if number is None:
        return {}
    keep = (of.actor[which] == number) & np.isin(of.stance[which], [STANCES.index(s) for s in (Stance.SUPPORT, Stance.OPPOSE, Stance.CONDITIONAL)])
    if not query.reported:
        keep &= ~of.reported[which]
    out: dict[int, dict[Stance, list[int]]] = {}
    for place in which[keep][::-1].tolist():
        out.setdefault(int(of.issue[place]), {}).setdefault(STANCES[int(of.stance[place])], []).append(int(of.key[place]))
    return {n: dict(taken) for n, taken in out.items()}


def _newest(taken: _Taken) -> Iterator[int]:
    """Key of the newest position of each stance."""
    return (keys[0] for keys in taken.values())


def _tied(one: _Taken, other: _Taken) -> tuple[Tie, ...]:
    """What ties two on an issue; see `onrecord.positions.congruence`."""
    agree = any(s in other for s in one)
    clash = (Stance.SUPPORT in one and Stance.OPPOSE in other) or (Stance.OPPOSE in one and Stance.SUPPORT in other)
    return tuple(t for t, there in ((Tie.CONGRUENCE, agree), (Tie.CONFLICT, clash)) if there)


def _all(issue: str, actor: str, filters: NetworkFilters) -> str:
    asked = {**filters.standing.asked(), "actor": actor}
    return f"{links.issue(issue)}?{urlencode(asked)}#evidence"


def add(router: APIRouter) -> None:
    """Give the pages and the files their addresses."""
    add_page(router, "/network", network)
    add_page(router, "/network/edge", tie)
    add_files(router, "/network", "The network of actors", NetworkOf, _graph)


def _graph(site: Site, asked: NetworkFilters) -> Graph:
    """The network as its page has it, with more of its ties."""
    of, query = seen(site).overview, asked.query(site.desk)
    with site.desk.ledger.database.reading() as connection:
        return graph_of(worked_out(connection, of, query, ties=asked.ties, norm=asked.norm, least=asked.least, actors=asked.actors, most=MOST_TIES))
