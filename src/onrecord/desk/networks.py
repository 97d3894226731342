"""A network of actors, worked out of the columns in memory: who is tied to whom, and the camps that those who agree fall into. Nothing is drawn here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from onrecord.export.graphs import Graph, library, plain
from onrecord.ledger.overview import Overview
from onrecord.ledger.overview_ties import sides_taken
from onrecord.ledger.standing import PositionQuery
from onrecord.positions import Stance
from onrecord.positions.congruence import Norm, Pair, Tie, Took, ties_between

__all__ = ["ACTORS", "MOST", "Camp", "Member", "Network", "Side", "Tied", "Ties", "graph_of", "network_of", "pair_json", "strongest"]

#: Actors of a network, if no number is asked for, and at most.
ACTORS, MOST = 60, 300
#: Ties of an actor that camps are made from; sides that a camp is told by.
_NEAR, _SIDES = 5, 3


class Ties(StrEnum):
    """Which ties are shown."""

    CONGRUENCE = "congruence"
    CONFLICT = "conflict"
    BOTH = "both"

    def has(self, tie: Tie) -> bool:
        """Whether a tie is among them."""
        return self is Ties.BOTH or self.value == tie.value


class Tied(Protocol):
    """Whatever joins two actors, named by their ids."""

    @property
    def one(self) -> str:
        """Its id."""
        ...

    @property
    def other(self) -> str:
        """Its id."""
        ...


_Tied = TypeVar("_Tied", bound=Tied)


@dataclass(frozen=True, slots=True)
class Member:
    """An actor of the network."""

    id: str
    name: str
    type: str
    country: str | None
    #: Number of the camp; 0 for none.
    camp: int
    #: Ties that are shown, and what they weigh together.
    ties: int
    weight: float
    #: Statements that take a side.
    statements: int

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        told = {"id": self.id, "name": self.name, "type": self.type, "country": self.country}
        return {**told, "camp": self.camp or None, "ties": self.ties, "weight": round(self.weight, 4), "statements": self.statements}


@dataclass(frozen=True, slots=True)
class Side:
    """A side of an issue that most of a camp take."""

    issue: str
    label: str
    stance: Stance
    #: How many take it, of how many that take any.
    members: int
    of: int

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"issue": self.issue, "stance": str(self.stance), "members": self.members, "of": self.of}


@dataclass(frozen=True, slots=True)
class Camp:
    """Actors that agree with each other more than with others."""

    number: int
    #: Those with the heaviest ties first.
    members: Sequence[Member]
    sides: Sequence[Side]

    def to_json(self) -> dict[str, Any]:
        """All of it, members by id."""
        return {"number": self.number, "members": [m.id for m in self.members], "sides": [s.to_json() for s in self.sides]}


@dataclass(frozen=True, slots=True)
class Network:
    """Who is tied to whom."""

    #: Those that have a tie, by id.
    members: dict[str, Member]
    #: Actors that were looked at, and that there are.
    looked_at: int
    actors: int
    #: The heaviest, and how many there are of each kind.
    pairs: Sequence[Pair]
    counts: dict[Tie, int]
    #: Issues on which sides are taken.
    issues: int
    camps: Sequence[Camp]
    #: The heaviest ties of congruence of each actor: what camps are made from.
    agree: Sequence[Pair]

    @property
    def total(self) -> int:
        """Ties of either kind."""
        return sum(self.counts.values())

    def to_json(self) -> dict[str, Any]:
        """Actors, camps, the ties that were kept, and what they were made from."""
        return {
            "actors": [m.to_json() for m in self.members.values()],
            "camps": [c.to_json() for c in self.camps],
            "ties": [pair_json(p) for p in self.pairs],
            "counts": {**{str(t): self.counts.get(t, 0) for t in Tie}, "issues": self.issues},
            "looked_at": self.looked_at,
            "all_actors": self.actors,
        }


def network_of(
    connection: Connection,
    of: Overview,
    query: PositionQuery,
    *,
    ties: Ties = Ties.BOTH,
    norm: Norm = Norm.COUNT,
    least: float = 0.0,
    actors: int = ACTORS,
    most: int | None = None,
) -> Network:
    """Work out a network.

    Args:
        connection: A reading one.
        of: The columns.
        query: Which positions.
        ties: Which ties are shown; camps are made from congruence all the same.
        norm: How much a tie weighs.
        least: Ties that weigh less are left out.
        actors: Actors at most: those with the most statements that take a side.
        most: Ties that are kept at most, the heaviest; None for all.

    Raises:
        UsageError: The query names nobody, no camp or no issue.
        MissingExtraError: The library for networks is not installed.
    """
    rows, total = sides_taken(connection, of, query, most=actors)
    every = ties_between(rows, norm=norm, least=least)
    shown = [p for p in every if ties.has(p.tie)]
    agree = strongest((p for p in every if p.tie is Tie.CONGRUENCE), _NEAR)
    tied: Counter[str] = Counter()
    weight: defaultdict[str, float] = defaultdict(float)
    for pair in shown:
        for id_ in (pair.one, pair.other):
            tied[id_] += 1
            weight[id_] += pair.weight
    said: Counter[str] = Counter()
    for row in rows:
        said[row.actor] += row.count
    agree = [p for p in agree if p.one in tied and p.other in tied]
    camps = _camps(agree)
    of_camp = {id_: n for n, ids in enumerate(camps, 1) for id_ in ids}
    people = {p[1]: p for p in of.people if p[1] in tied}
    members = {i: Member(i, *people[i][2:5], of_camp.get(i, 0), tied[i], weight[i], said[i]) for i in sorted(tied)}
    told = [_camp(n, [members[i] for i in ids], rows, of) for n, ids in enumerate(camps, 1)]
    return Network(members, len(said), total, shown[:most], dict(Counter(p.tie for p in shown)), len({r.issue for r in rows}), told, agree)


def pair_json(pair: Pair) -> dict[str, Any]:
    """A tie: ids of the two, what joins them, on how many issues of how many, and its weight."""
    told = {"one": pair.one, "other": pair.other, "tie": str(pair.tie), "issues": pair.issues}
    return {**told, "shared": pair.shared, "weight": round(pair.weight, 4)}


def graph_of(net: Network) -> Graph:
    """The same for other programs."""
    nodes = [
        {"id": m.id, "label": plain(m.name), "type": m.type, "country": plain(m.country), "camp": m.camp, "statements": m.statements}
        for m in net.members.values()
    ]
    edges = [{"source": p.one, "target": p.other, "tie": str(p.tie), "issues": p.issues, "shared": p.shared, "weight": round(p.weight, 6)} for p in net.pairs]
    return Graph(nodes, edges, directed=False)


def strongest(pairs: Iterable[_Tied], most: int) -> list[_Tied]:
    """Of pairs, the heaviest first: those that are among the first so many of either of the two.

    Example:
        >>> strongest([Pair("a", "b", Tie.CONFLICT, 3, 3, 3.0), Pair("a", "c", Tie.CONFLICT, 2, 3, 2.0), Pair("b", "c", Tie.CONFLICT, 1, 3, 1.0)], 1)[1].other
        'c'
    """
    had: Counter[str] = Counter()
    found = []
    for pair in pairs:
        if had[pair.one] < most or had[pair.other] < most:
            found.append(pair)
            had.update((pair.one, pair.other))
    return found


def _camps(agree: Sequence[Pair]) -> list[list[str]]:
    """Communities of those who agree, by greedy modularity; the largest first, each in the order of ids."""
    if not agree:
        return []
    nx = library()
    # Numbers rather than names, so that it comes out the same each time.
    names = sorted({i for p in agree for i in (p.one, p.other)})
    number = {name: n for n, name in enumerate(names)}
    graph = nx.Graph()
    graph.add_nodes_from(range(len(names)))
    graph.add_weighted_edges_from((number[p.one], number[p.other], p.weight) for p in agree)
    found = [sorted(c) for c in nx.community.greedy_modularity_communities(graph, weight="weight")]
    return [[names[n] for n in c] for c in sorted(found, key=lambda c: (-len(c), c))]


def _camp(number: int, members: Sequence[Member], rows: Sequence[Took], of: Overview) -> Camp:
    ids = {m.id for m in members}
    on: defaultdict[str, Counter[Stance]] = defaultdict(Counter)
    spoke: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.actor in ids:
            on[row.issue][row.stance] += 1
            spoke[row.issue].add(row.actor)
    labels = {i.id: i.label for i in of.agenda}
    sides = []
    for issue, counts in on.items():
        stance, most = max(counts.items(), key=lambda c: (c[1], c[0]))
        if most > 1 and most * 2 > len(spoke[issue]):
            sides.append(Side(issue, labels[issue], stance, most, len(spoke[issue])))
    sides.sort(key=lambda s: (-s.members, s.issue))
    return Camp(number, sorted(members, key=lambda m: (-m.weight, m.name, m.id)), sides[:_SIDES])
