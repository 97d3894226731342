"""How much of one wording is in another, and what sets the two apart although they share words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from onrecord.statements.wording import Telling, opposites, telling_words

__all__ = ["Cover", "cover", "longest_run"]

#: What a word of the same family is worth: `negotiator` for `negotiations`.
_FAMILY = 0.75
#: Letters that two words of a family begin with, at least, and their share of the longer word.
_FAMILY_LETTERS = 4
_FAMILY_SHARE = 0.55
#: Telling words around the ones found that are looked at for contradictions.
_AROUND = 2


@dataclass(frozen=True, slots=True)
class Cover:
    """How much of the shorter statement the longer has."""

    #: Telling words in common.
    shared: int
    #: Telling words of the shorter.
    size: int
    #: Share of them, half for being there and half for their order.
    score: float
    #: What contradicts, in words; empty if nothing does.
    against: str


@lru_cache(maxsize=1 << 10)
def cover(shorter: str, longer: str) -> Cover:
    """Look for the telling words of one wording in another.

    Each part of the shorter between ellipses is looked for in the stretch of the longer that has most of it.

    Args:
        shorter: The wording with fewer telling words. An editor's insertions in it need not be found.
        longer: The other.
    """
    from rapidfuzz.distance import LCSseq

    whole = telling_words(longer)
    shared, size, weight, ordered = 0, 0, 0.0, 0.0
    segments: defaultdict[int, list[Telling]] = defaultdict(list)
    for word in telling_words(shorter):
        if not word.inserted:
            segments[word.segment].append(word)
    for segment in segments.values():
        near = _nearest(segment, whole)
        pairs = _families(segment, near)
        against = _contradiction(segment, near)
        if against:
            return Cover(0, 0, 0.0, against)
        ones = [t.stem for t in segment if t.kind != "polar"]
        others = [pairs.get(t.stem, t.stem) for t in near if t.kind != "polar"]
        common = Counter(ones) & Counter(others)
        kin = sum(common[stem] for stem in pairs.values())
        shared += common.total()
        size += len(ones)
        weight += common.total() - (1 - _FAMILY) * kin
        ordered += max(0.0, LCSseq.similarity(ones, others) - (1 - _FAMILY) * kin)
    return Cover(shared, size, (weight + ordered) / 2 / size if size else 0.0, "")


def _nearest(segment: Sequence[Telling], whole: Sequence[Telling]) -> Sequence[Telling]:
    """The stretch of the longer statement that has most of a segment's words, with a few around it."""
    wanted = Counter(t.stem for t in segment)
    width = 2 * len(segment) + 4
    there: Counter[str] = Counter()
    hits, best, at = 0, -1, 0
    for place, word in enumerate(whole):
        hits += there[word.stem] < wanted[word.stem]
        there[word.stem] += 1
        if place >= width:
            gone = whole[place - width].stem
            there[gone] -= 1
            hits -= there[gone] < wanted[gone]
        if hits > best:
            best, at = hits, place
    window = range(max(0, at - width + 1), at + 1)
    found = [n for n in window if whole[n].stem in wanted]
    if not found:
        return ()
    return whole[max(0, found[0] - _AROUND) : found[-1] + 1 + _AROUND]


def _families(segment: Sequence[Telling], near: Sequence[Telling]) -> dict[str, str]:
    """Stems of the longer that stand for one of the shorter, which has none of its own there: stem of the longer -> of the shorter."""
    ones = {t.stem for t in segment if t.kind == "word"}
    others = {t.stem for t in near if t.kind == "word"}
    out: dict[str, str] = {}
    for stem in sorted(ones - others):
        kin = [o for o in sorted(others - ones) if o not in out and _is_family(stem, o)]
        if kin:
            out[kin[0]] = stem
    return out


def _is_family(one: str, other: str) -> bool:
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return same >= max(_FAMILY_LETTERS, _FAMILY_SHARE * max(len(one), len(other)))


def _contradiction(segment: Sequence[Telling], near: Sequence[Telling]) -> str:
    """What sets two stretches apart, in words: another value, an opposite, a negation; empty if nothing does."""
    ones, others = Counter((t.stem, t.kind) for t in segment), Counter((t.stem, t.kind) for t in near)
    mine, theirs = ones - others, others - ones
    for kind in ("number", "weekday", "month"):
        left, right = ([stem for stem, k in side if k == kind] for side in (mine, theirs))
        if left and right:
            return f"another {kind}: {', '.join(sorted({left[0], right[0]}))}"
    stems = {stem for stem, _ in theirs}
    for stem, _ in mine:
        facing = opposites(stem) & stems
        if facing:
            return f"the opposite: {', '.join(sorted({stem, min(facing)}))}"
    for stem in {s for s, _ in ones} & {s for s, _ in others}:
        levels = {frozenset(t.negated for t in side if t.stem == stem) for side in (segment, near)}
        if levels == {frozenset({0}), frozenset({1})}:
            return f"only one negates: {stem}"
    return ""


def longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    """The longest row of words that both have."""
    ends = defaultdict(list)
    for place, word in enumerate(other):
        ends[word].append(place)
    best = 0
    row: dict[int, int] = {}
    for word in one:
        row = {place: row.get(place - 1, 0) + 1 for place in ends.get(word, ())}
        best = max(best, *row.values()) if row else best
    return best
