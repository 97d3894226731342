"""A network of actors, worked out of the columns in memory: who is tied to whom, and the camps that those who agree fall into."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from onrecord.ledger.overview import Overview
from onrecord.ledger.overview_ties import sides_taken
from onrecord.ledger.standing import PositionQuery
from onrecord.positions import Stance
from onrecord.positions.congruence import Pair, Tie, Took, ties_between
from onrecord.web.charts.network import Drawing, Edge, Node, drawn
from onrecord.web.network_filters import NetworkFilters

__all__ = ["Camp", "Member", "Network", "Side", "network_of", "strongest"]

#: Ties that are kept for the table; ties of an actor that camps are made from; sides that a camp is told by.
_KEPT, _NEAR, _SIDES = 5_000, 5, 3


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
    drawing: Drawing

    @property
    def total(self) -> int:
        """Ties of either kind."""
        return sum(self.counts.values())


def network_of(connection: Connection, of: Overview, query: PositionQuery, asked: NetworkFilters) -> Network:
    """Work out a network, and draw it; once for each state of the ledger.

    Args:
        connection: A reading one.
        of: The columns.
        query: Which positions.
        asked: What is asked besides.

    Raises:
        UsageError: The query names nobody, no camp or no issue.
    """
    return of.once(("network", query, asked), lambda: _made(connection, of, query, asked))


def strongest(pairs: Iterable[Pair], most: int) -> list[Pair]:
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


def _made(connection: Connection, of: Overview, query: PositionQuery, asked: NetworkFilters) -> Network:
    rows, actors = sides_taken(connection, of, query, most=asked.actors)
    every = ties_between(rows, norm=asked.norm, least=asked.least)
    shown = [p for p in every if asked.ties.has(p.tie)]
    agree = strongest((p for p in every if p.tie is Tie.CONGRUENCE), _NEAR)
    ties: Counter[str] = Counter()
    weight: defaultdict[str, float] = defaultdict(float)
    for pair in shown:
        for id_ in (pair.one, pair.other):
            ties[id_] += 1
            weight[id_] += pair.weight
    said: Counter[str] = Counter()
    for row in rows:
        said[row.actor] += row.count
    camps = _camps([p for p in agree if p.one in ties and p.other in ties])
    of_camp = {id_: n for n, ids in enumerate(camps, 1) for id_ in ids}
    people = {p[1]: p for p in of.people if p[1] in ties}
    members = {i: Member(i, *people[i][2:5], of_camp.get(i, 0), ties[i], weight[i], said[i]) for i in sorted(ties)}
    told = [_camp(n, [members[i] for i in ids], rows, of) for n, ids in enumerate(camps, 1)]
    return Network(
        members,
        len(said),
        actors,
        shown[:_KEPT],
        dict(Counter(p.tie for p in shown)),
        len({r.issue for r in rows}),
        told,
        _drawing(members, shown, agree, asked),
    )


def _camps(agree: Sequence[Pair]) -> list[list[str]]:
    """Communities of those who agree, by greedy modularity; the largest first, each in the order of ids."""
    import networkx as nx  # type: ignore[import-untyped]
    from networkx.algorithms.community import greedy_modularity_communities  # type: ignore[import-untyped]

    if not agree:
        return []
    # Numbers rather than names, so that it comes out the same each time.
    names = sorted({i for p in agree for i in (p.one, p.other)})
    number = {name: n for n, name in enumerate(names)}
    graph = nx.Graph()
    graph.add_nodes_from(range(len(names)))
    graph.add_weighted_edges_from((number[p.one], number[p.other], p.weight) for p in agree)
    found = [sorted(c) for c in greedy_modularity_communities(graph, weight="weight")]
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


def _drawing(members: dict[str, Member], shown: Sequence[Pair], agree: Sequence[Pair], asked: NetworkFilters) -> Drawing:
    number = {id_: n for n, id_ in enumerate(members)}
    nodes = [Node(m.id, m.name, m.camp, m.ties, m.weight) for m in members.values()]
    edges = [Edge(number[p.one], number[p.other], p.tie, p.issues, p.weight) for p in strongest(shown, _each(len(members)))]
    pull = [Edge(number[p.one], number[p.other], p.tie, p.issues, p.weight) for p in agree if p.one in number and p.other in number]
    return drawn(nodes, edges, pull, asked.evidence())


def _each(actors: int) -> int:
    """Ties drawn of each actor: fewer if there are many actors, so that it can be seen."""
    return 5 if actors <= 30 else 4 if actors <= 80 else 3 if actors <= 150 else 2  # noqa: PLR2004
