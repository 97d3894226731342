"""Who cites whom, as a network: the parties with most statements, and the ties between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.desk.networks import ACTORS
from onrecord.export.graphs import Graph, plain
from onrecord.ledger.citing import NAMED, Citation, Citations, Party

__all__ = ["CitationMember", "CitationNetwork", "citation_graph", "citation_network"]


@dataclass(frozen=True, slots=True)
class CitationMember:
    """A party of the network."""

    party: Party
    #: Statements of the ties that are shown: in which it cites, and in which it is cited.
    cites: int
    cited: int
    #: Ties that are shown.
    ties: int

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {**self.party.to_json(), "cites": self.cites, "cited": self.cited, "ties": self.ties}


@dataclass(frozen=True, slots=True)
class CitationNetwork:
    """Who cites whom."""

    #: Those that have a tie, by id.
    members: Mapping[str, CitationMember]
    #: Those of most statements first.
    ties: Sequence[Citation]
    #: Parties that there are, and that were looked at.
    parties: int
    looked_at: int
    #: What it was made from.
    found: Citations

    def to_json(self) -> dict[str, Any]:
        """Parties, the ties that were kept, and what they were made from."""
        found = self.found
        return {
            "parties": [m.to_json() for m in self.members.values()],
            "ties": [t.to_json() for t in self.ties],
            "looked_at": self.looked_at,
            "all_parties": self.parties,
            "sample": {"statements": found.looked_at, "whole": found.whole, "since": found.since.isoformat() if found.since else None},
            "unnamed": found.unnamed,
        }


def citation_network(found: Citations, *, outlets: bool = True, actors: int = ACTORS, least: float = 1, most: int | None = None) -> CitationNetwork:
    """Of all who cite each other, the part that is asked for.

    Args:
        found: All.
        outlets: Whether agencies, papers, broadcasters and platforms are parties.
        actors: Parties at most: those with the most statements in which they cite or are cited.
        least: Ties of fewer statements are left out.
        most: Ties at most, those of most statements; None for all.
    """
    media = {p.id for p in found.parties.values() if p.medium}
    every = [t for t in found.ties if outlets or (t.one not in media and t.other not in media)]
    said: Counter[str] = Counter()
    for tie in every:
        said.update({tie.one: tie.count, tie.other: tie.count})
    first = set(sorted(said, key=lambda i: (-said[i], i))[:actors])
    ties = [t for t in every if t.one in first and t.other in first and t.count >= least]
    cites: Counter[str] = Counter()
    cited: Counter[str] = Counter()
    tied: Counter[str] = Counter()
    for tie in ties:
        cites[tie.one] += tie.count
        cited[tie.other] += tie.count
        tied.update((tie.one, tie.other))
    members = {i: CitationMember(found.parties[i], cites[i], cited[i], tied[i]) for i in sorted(tied)}
    return CitationNetwork(members, ties[:most], len(said), len(first), found)


def citation_graph(net: CitationNetwork) -> Graph:
    """The same for other programs: an edge leads from who cites to who is cited."""
    nodes = [
        {"id": i, "label": plain(m.party.name), "type": m.party.type, "country": plain(m.party.country), "known": m.party.known, "medium": m.party.medium}
        for i, m in net.members.items()
    ]
    edges = [
        {
            "source": t.one, "target": t.other, "weight": t.count, "carried": t.carried, "told": t.told, "outlets": len(t.outlets),
            "first": t.first.isoformat(), "last": t.last.isoformat(), "statements": " ".join(t.statements[:NAMED]),
        }
        for t in net.ties
    ]  # fmt: skip
    return Graph(nodes, edges, directed=True)
