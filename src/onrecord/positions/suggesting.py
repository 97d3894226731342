"""Issues to follow, suggested: proposals and demands that recur in a ledger, clustered, the contested first.

A candidate is a statement that demands, proposes, promises, supports, rejects or threatens something. Two are about one thing if their places among texts and
their telling words are near; clusters are by average linkage. A cluster is worth following if it recurs: on several days, in several outlets, by several
speakers; and most if some back it and others reject it. It is called by the phrase that its statements have and the others have not.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.positions.act import Act
from onrecord.positions.agenda import Agenda, Issue
from onrecord.positions.clustering import average_linkage
from onrecord.positions.keyphrases import Background, key_stems, shares
from onrecord.positions.lean import Vectors, lean_of
from onrecord.positions.naming import Named, issue_id, name_of
from onrecord.positions.retrieval import says, wording

__all__ = ["ACTS", "Candidate", "Refused", "Suggestion", "Thresholds", "Vectors", "suggest"]

#: What the act of a statement counts for: how plainly it puts forward something to be agreed or refused.
ACTS: Mapping[Act, float] = MappingProxyType({Act.DEMAND: 1.0, Act.PROPOSE: 1.0, Act.PROMISE: 0.8, Act.REJECT: 1.0, Act.SUPPORT: 1.0, Act.THREATEN: 0.6})
_BACKS = frozenset((Act.DEMAND, Act.PROPOSE, Act.PROMISE, Act.SUPPORT))
#: Numbers that the telling words of a statement are folded into (feature hashing, Weinberger et al. 2009).
_WIDTH = 384
#: What the place among texts counts for, and its telling words the rest.
_BY_PLACE = 0.4
#: Statements that are shown.
_EXAMPLES = 3
#: Share of a cluster that names an issue, or that was refused before, from which it is the same.
_SAME = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may put something forward."""

    #: Id of the statement.
    statement: str
    content: str
    act: Act
    #: How sure its coder is of the act, 0 to 1.
    score: float
    #: Id of the actor, or None.
    speaker: str | None
    #: Name or description; None if unknown.
    name: str | None
    outlet: str | None
    #: Of publication.
    day: date

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "statement": self.statement,
            "content": self.content,
            "act": str(self.act),
            "act_score": round(self.score, 4),
            "speaker": self.speaker,
            "name": self.name,
            "outlet": self.outlet,
            "day": self.day.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Refused:
    """A suggestion that was refused before."""

    #: Label and other words for it.
    words: tuple[str, ...]
    #: Ids of the statements that it was made of.
    statements: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When something is suggested."""

    #: Statements, copies of one text counted once; days; outlets that a cluster must have.
    statements: int = 3
    days: int = 1
    outlets: int = 1
    #: Likeness of two clusters, in the mean of all pairs, from which they are one: 0 to 1.
    alike: float = 0.12
    #: Least score of the act of a statement.
    act_score: float = 0.35


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An issue that may be followed, and what it is made of."""

    #: With a proposed id, label and aliases; what being for it means is for a person to say.
    issue: Issue
    #: Statements, the most typical first.
    members: tuple[Candidate, ...]
    #: The most typical, of both sides if there are two.
    examples: tuple[Candidate, ...]
    #: Drafts of what being for it and being against it means: the most typical statement that backs something, and that rejects it, word for word.
    pro: Candidate | None
    contra: Candidate | None
    days: int
    outlets: int
    #: Speakers with a name or a description.
    speakers: int
    #: Speakers whose statements back something, and those whose statements reject it.
    backing: int
    rejecting: int
    #: What it is ordered by, within the contested ones and the others.
    score: float

    @property
    def contested(self) -> bool:
        """Whether some back it and others reject it."""
        return self.backing > 0 and self.rejecting > 0

    @property
    def first(self) -> date:
        """The first day."""
        return min(m.day for m in self.members)

    @property
    def last(self) -> date:
        """The last day."""
        return max(m.day for m in self.members)

    def to_json(self) -> dict[str, Any]:
        """The issue as in an agenda, and what it is made of."""
        return {
            "issue": self.issue.to_json(),
            "contested": self.contested,
            "statements": len(self.members),
            "days": self.days,
            "outlets": self.outlets,
            "speakers": self.speakers,
            "backing": self.backing,
            "rejecting": self.rejecting,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "score": round(self.score, 3),
            "drafts": {k: {"words": c.content, "statement": c.statement} for k, c in (("for", self.pro), ("against", self.contra)) if c},
            "examples": [c.to_json() for c in self.examples],
            "members": [m.statement for m in self.members],
        }


@dataclass(slots=True)
class _Group:
    """Statements of the same telling words: copies of one text, or one sentence quoted by several."""

    content: str
    stems: tuple[str, ...]
    members: list[Candidate] = field(default_factory=list)


def suggest(
    candidates: Iterable[Candidate],
    vectors: Vectors,
    background: Background,
    *,
    agenda: Agenda | None = None,
    refused: Iterable[Refused] = (),
    thresholds: Thresholds | None = None,
) -> list[Suggestion]:
    """Find what recurs in demands and proposals. The same candidates give the same suggestions, whatever their order.

    Args:
        candidates: Statements; those of other acts than `ACTS`, or without telling words, are passed over.
        vectors: What knows the places of texts.
        background: How common words are in statements of any act.
        agenda: Issues that are or were followed: what is about one of them is left out.
        refused: What is not to be suggested again.
        thresholds: When something is suggested.

    Returns:
        Contested ones first, then by how much they recur.
    """
    limits = thresholds or Thresholds()
    groups = _groups(candidates, limits)
    if not groups:
        return []
    places = _Places(vectors, background)
    points = places.of([g.content for g in groups], [g.stems for g in groups])
    clusters = [_Cluster([groups[n] for n in rows], points[rows]) for rows in average_linkage(points, limits.alike)]
    clusters = [c for c in clusters if c.recurs(limits)]
    clusters = _new(clusters, places, list(agenda or ()), tuple(refused), limits.alike)
    names = name_of([[g.content for g in c.groups] for c in clusters], [g.content for g in groups])
    ids = {i.id for i in agenda or ()}
    found = sorted((c.suggestion(named) for c, named in zip(clusters, names, strict=True)), key=_order)
    out = []
    for one in found:
        out.append(_with_id(one, ids))
        ids.add(out[-1].issue.id)
    return out


def _order(one: Suggestion) -> tuple[Any, ...]:
    return not one.contested, -round(one.score, 6), one.issue.label, one.members[0].statement


def _with_id(one: Suggestion, taken: set[str]) -> Suggestion:
    return replace(one, issue=replace(one.issue, id=issue_id(one.issue.label, taken)))


def _groups(candidates: Iterable[Candidate], limits: Thresholds) -> list[_Group]:
    found: dict[tuple[str, ...], _Group] = {}
    for one in sorted(candidates, key=lambda c: (c.day, c.statement)):
        stems = key_stems(one.content)
        if one.act in ACTS and one.score >= limits.act_score and stems:
            found.setdefault(stems, _Group(one.content, stems)).members.append(one)
    return list(found.values())


class _Places:
    """Texts as unit vectors: their place among texts, less what all of them have in common, beside their telling words."""

    def __init__(self, vectors: Vectors, background: Background) -> None:
        self._vectors, self._background = vectors, background
        self._lean: NDArray[np.float32] | None = None

    def of(self, texts: Sequence[str], stems: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Places of texts; what the first ones asked for have in common with all others is left out from then on."""
        found = np.asarray(self._vectors.vectors(texts), dtype=np.float32)
        if self._lean is None:
            self._lean = lean_of(self._vectors, found)
        found = _unit(found - self._lean)
        words = np.zeros((len(texts), _WIDTH), dtype=np.float32)
        for row, some in enumerate(stems):
            for stem, share in shares(some, self._background).items():
                number = zlib.crc32(stem.encode())
                words[row, number % _WIDTH] += share if number >> 31 else -share
        return np.hstack([found * np.float32(math.sqrt(_BY_PLACE)), _unit(words) * np.float32(math.sqrt(1 - _BY_PLACE))])


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    out: NDArray[np.float32] = (rows / np.maximum(length, np.float32(1e-9))).astype(np.float32)
    return out


def _new(clusters: list[_Cluster], places: _Places, issues: Sequence[Issue], refused: Sequence[Refused], alike: float) -> list[_Cluster]:
    """Those that no issue is about, and that nobody refused."""
    texts = [i.text for i in issues] + ["; ".join(r.words) for r in refused]
    if not texts or not clusters:
        return clusters
    others = places.of(texts, [key_stems(t) for t in texts])
    called = [wording(i) for i in issues]
    out = []
    for cluster in clusters:
        near = others @ cluster.middle
        stems = [list(g.stems) for g in cluster.groups]
        named = any(sum(says(s, names) > 0 for s in stems) >= _SAME * len(stems) for names in called)
        ids = {m.statement for m in cluster.members}
        before = any(len(ids & r.statements) >= _SAME * min(len(ids), len(r.statements)) for r in refused if r.statements)
        if not named and not before and float(near.max()) < alike:
            out.append(cluster)
    return out


class _Cluster:
    """Groups that are about one thing."""

    def __init__(self, groups: Sequence[_Group], points: NDArray[np.float32]) -> None:
        # The mean of all its points: the product with another is the mean likeness of all pairs.
        self.middle = points.mean(axis=0)
        near = points @ self.middle
        order = sorted(range(len(groups)), key=lambda n: (-round(float(near[n]), 6), groups[n].members[0].day, groups[n].members[0].statement))
        self.groups = [groups[n] for n in order]
        self.members = [m for g in self.groups for m in g.members]

    def recurs(self, limits: Thresholds) -> bool:
        days, outlets = {m.day for m in self.members}, {m.outlet for m in self.members}
        return len(self.groups) >= limits.statements and len(days) >= limits.days and len(outlets) >= limits.outlets

    def suggestion(self, named: Named) -> Suggestion:
        weight = sum(max(ACTS[m.act] * m.score for m in g.members) for g in self.groups)
        days, outlets = len({m.day for m in self.members}), len({m.outlet for m in self.members if m.outlet})
        sides: dict[str, list[bool]] = {}
        for m in self.members:
            if who := m.speaker or m.name:
                sides.setdefault(who, []).append(m.act in _BACKS)
        # Who does both is counted where they do more.
        backing = sum(2 * sum(side) >= len(side) for side in sides.values())
        rejecting = len(sides) - backing
        score = sum(math.log2(1 + n) for n in (weight, days, outlets, len(sides))) + 2 * math.log2(1 + min(backing, rejecting))
        pro, contra = (next((g.members[0] for g in self.groups if (g.members[0].act in _BACKS) is back), None) for back in (True, False))
        shown = [m for m in (pro, contra) if m is not None] + [g.members[0] for g in self.groups]
        # What few of its statements say is no name for it: it may well be of several things.
        score *= named.share
        issue, examples = Issue("suggested", named.label, named.aliases), tuple(dict.fromkeys(shown))[:_EXAMPLES]
        return Suggestion(issue, tuple(self.members), examples, pro, contra, days, outlets, len(sides), backing, rejecting, score)
