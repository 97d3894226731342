"""How much of one wording is in another, and what sets the two apart although they share words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from onrecord.statements.wording import Term, opposites, terms

__all__ = ["Cover", "cover", "share_row"]

#: What a word of the same family is worth: `negotiator` for `negotiations`.
_FAMILY = 0.75
#: Letters that two words of a family begin with, at least, and their share of the longer word.
_FAMILY_LETTERS = 4
_FAMILY_SHARE = 0.55
#: Words around the ones found that are looked at too: what is negated or is another value may stand at the edge.
_AROUND = 4
#: Words by which the stretch looked at is longer than twice the part that is looked for.
_SLACK = 8
#: What a word that most topics share is worth.
_LIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Cover:
    """How much of the shorter wording the longer has."""

    #: Words of the shorter, an editor's insertions left out.
    length: int
    #: Telling words in common, and those of them that most topics do not share.
    shared: int
    heavy: int
    #: Share of the telling words, half for being there and half for their order; light ones count half.
    score: float
    #: Share of all words that the longer has in the same order, direct and indirect speech in one form.
    row: float
    #: What contradicts, in words; empty if nothing does.
    against: str


@lru_cache(maxsize=1 << 10)
def cover(shorter: str, longer: str) -> Cover:
    """Look for the words of one wording in another.

    Each part of the shorter between ellipses is looked for in the stretch of the longer that has most of it.

    Args:
        shorter: The wording with fewer telling words. An editor's insertions in it need not be found.
        longer: The other.
    """
    whole = terms(longer)
    segments: defaultdict[int, list[Term]] = defaultdict(list)
    for term in terms(shorter):
        if not term.inserted:
            segments[term.segment].append(term)
    found = [_compared(segment, _nearest(segment, whole)) for segment in segments.values()]
    against = next((f.against for f in found if f.against), "")
    length, weight = sum(f.length for f in found), sum(f.weight for f in found)
    if against or not weight:
        return Cover(length, 0, 0, 0.0, 0.0, against)
    return Cover(
        length,
        sum(f.shared for f in found),
        sum(f.heavy for f in found),
        sum(f.score * f.weight for f in found) / weight,
        sum(f.row * f.length for f in found) / length,
        "",
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What `Cover` says, of one part between ellipses, and what its telling words weigh."""

    length: int
    weight: float
    shared: int = 0
    heavy: int = 0
    score: float = 0.0
    row: float = 0.0
    against: str = ""


def _compared(segment: Sequence[Term], near: Sequence[Term]) -> _Part:
    from rapidfuzz.distance import LCSseq

    weights = {t.stem: _LIGHT if t.kind == "light" else 1.0 for t in segment if t.telling}
    ones = [t.stem for t in segment if t.telling]
    weight = sum(weights[stem] for stem in ones)
    against = _contradiction(segment, near)
    if against or not weight or not near:
        return _Part(len(segment), weight, against=against)
    kin = _families(segment, near)
    others = [kin.get(t.stem, t.stem) for t in near if t.telling]
    common = Counter(ones) & Counter(others)
    worth = {stem: w * (_FAMILY if stem in kin.values() else 1.0) for stem, w in weights.items()}
    there = sum(worth[stem] * count for stem, count in common.items())
    order = sum(worth[ones[n]] for op in LCSseq.opcodes(ones, others) if op.tag == "equal" for n in range(op.src_start, op.src_end))
    heavy = sum(count for stem, count in common.items() if weights[stem] == 1.0)
    row = LCSseq.similarity([t.stem for t in segment], [kin.get(t.stem, t.stem) for t in near]) / len(segment)
    return _Part(len(segment), weight, common.total(), heavy, (there + order) / 2 / weight, row)


def _nearest(segment: Sequence[Term], whole: Sequence[Term]) -> Sequence[Term]:
    """The stretch of the longer wording that has most of a part's telling words, with a few words around it."""
    wanted = Counter(t.stem for t in segment if t.telling)
    if not whole:
        return ()
    width = 2 * len(segment) + _SLACK
    there: Counter[str] = Counter()
    hits, best, at = 0, -1, 0
    for place, term in enumerate(whole):
        hits += there[term.stem] < wanted[term.stem]
        there[term.stem] += 1
        if place >= width:
            gone = whole[place - width].stem
            there[gone] -= 1
            hits -= there[gone] < wanted[gone]
        if hits > best:
            best, at = hits, place
    found = [n for n in range(max(0, at - width + 1), at + 1) if whole[n].stem in wanted]
    if not found:
        return ()
    # Words of grammar before the first telling word and after the last belong to the stretch too.
    told = [n for n, term in enumerate(segment) if term.telling]
    lead, tail = told[0], len(segment) - 1 - told[-1]
    return whole[max(0, found[0] - _AROUND - lead) : found[-1] + 1 + _AROUND + tail]


def _families(segment: Sequence[Term], near: Sequence[Term]) -> dict[str, str]:
    """Stems of the longer that stand for one of the shorter, which has none of its own there: stem of the longer -> of the shorter."""
    ones = {t.stem for t in segment if t.kind in ("word", "light")}
    others = {t.stem for t in near if t.kind in ("word", "light")}
    by_head: defaultdict[str, list[str]] = defaultdict(list)
    for stem in sorted(others - ones):
        by_head[stem[:_FAMILY_LETTERS]].append(stem)
    out: dict[str, str] = {}
    for stem in sorted(ones - others):
        kin = next((o for o in by_head[stem[:_FAMILY_LETTERS]] if o not in out and _is_family(stem, o)), None)
        if kin is not None:
            out[kin] = stem
    return out


def _is_family(one: str, other: str) -> bool:
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return same >= max(_FAMILY_LETTERS, _FAMILY_SHARE * max(len(one), len(other)))


def _contradiction(segment: Sequence[Term], near: Sequence[Term]) -> str:
    """What sets two stretches apart, in words: another value, an opposite, a negation; empty if nothing does."""
    ones, others = (Counter((t.stem, t.kind) for t in side if t.kind != "silent") for side in (segment, near))
    mine, theirs = ones - others, others - ones
    for kind in ("number", "weekday", "month"):
        values = [min((stem for stem, k in side if k == kind), default="") for side in (mine, theirs)]
        if all(values):
            return f"another {kind}: {', '.join(sorted(values))}"
    stems = {stem for stem, _ in theirs}
    for stem, _ in sorted(mine):
        facing = opposites(stem) & stems
        if facing:
            return f"the opposite: {', '.join(sorted({stem, min(facing)}))}"
    left, right = _levels(segment), _levels(near)
    for stem in sorted(left.keys() & right.keys()):
        if {frozenset(left[stem]), frozenset(right[stem])} == {frozenset({0}), frozenset({1})}:
            return f"only one negates: {stem}"
    return ""


def _levels(side: Sequence[Term]) -> dict[str, set[int]]:
    """Telling words and whether they are negated."""
    out: defaultdict[str, set[int]] = defaultdict(set)
    for term in side:
        if term.telling:
            out[term.stem].add(term.negated)
    return out


def share_row(one: Sequence[str], other: Sequence[str], length: int) -> bool:
    """Whether two rows of words have so many words in a row in common."""
    rows = ({tuple(words[n : n + length]) for n in range(len(words) - length + 1)} for words in (one, other))
    return not set.isdisjoint(*rows)
