"""Quotations: the same words by the same speaker, in several revisions or outlets.

Outlets cut a quotation, leave out its middle, put words in brackets, report it indirectly and translate it anew; a house style sets its own
marks. Two statements are one quotation if the speakers may be one, the telling words of the shorter are found close together in the longer,
and no number, negation or opposite says otherwise. The speaker is asked first: the same words of two people are two quotations.

A ledger stores `prints` with each statement: two statements that share none need not be compared.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import combinations

from onrecord.articles.differences import folded_words
from onrecord.statements.overlap import Cover, cover, share_row
from onrecord.statements.statement import QuoteKind
from onrecord.statements.wording import plain_words, terms

__all__ = ["METHOD", "Likeness", "Variant", "Witness", "alike", "first", "group", "names_fit", "prints", "reference", "variants"]

#: Name and version of the rule; prints and groups made by another are made anew.
METHOD = "quotation.v1"

#: Of a statement with more pairs of telling words than this, only some are kept ...
_FEW_PRINTS = 6
#: ... so that of so many in a row one is.
_WINDOW = 3
#: How far apart two words of a pair stand.
_REACH = 2
#: Telling words in a row that find long quotations by whomever, and how many of those in a row one is kept of.
_RUN, _RUN_WINDOW = 4, 4


@dataclass(frozen=True, slots=True)
class Witness:
    """A statement as one outlet printed it."""

    #: Id of the statement.
    key: str
    #: What was said, as printed; the pieces of a discontinuous content joined by an ellipsis or by spaces.
    content: str
    #: The words that stand between quotation marks.
    verbatim: tuple[str, ...]
    kind: QuoteKind
    #: Name of the speaker; None if the article names nobody or leaves it open.
    speaker: str | None = None
    #: Id of the speaker, where the roster knows who it is.
    speaker_id: str | None = None
    #: When it was said or, failing that, printed; None if unknown. All with a time zone or all without one.
    moment: datetime | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """What came of comparing two witnesses."""

    #: Whether they are one quotation.
    same: bool
    #: Share of the shorter one's telling words that the longer has, 0 to 1; 0 if speakers or facts contradict.
    score: float
    #: In words, for people to check.
    why: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording of a quotation."""

    #: The wording as its first witness prints it.
    content: str
    #: Those who print it, earliest first.
    witnesses: tuple[Witness, ...]


_TITLES = frozenset(
    [
        *("mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "president", "prime", "minister", "chancellor", "premier"),
        *("foreign", "defence", "defense", "interior", "finance", "deputy", "vice", "former", "acting", "senator", "sen", "representative", "rep", "governor"),
        *("gov", "mayor", "chief", "justice", "judge", "general", "gen", "colonel", "col", "major", "captain", "capt", "admiral", "lieutenant", "lt"),
        *("sergeant", "sgt", "king", "queen", "prince", "princess", "pope", "cardinal", "bishop", "envoy", "ambassador", "spokesman", "spokeswoman"),
        *("spokesperson", "secretary", "coach", "director", "chairman", "chairwoman", "rev", "father", "sister"),
    ]
)


def names_fit(left: str, right: str) -> bool:
    """Say whether two names may be one speaker's: the same last name, and no first name that the other contradicts.

    It compares words alone. `onrecord.actors.matching` knows short forms and spellings; a caller who has it passes it on.

    Example:
        >>> names_fit("Prime Minister Astrid Kell", "Kell"), names_fit("Astrid Kell", "Martin Kell")
        (True, False)
    """
    one, other = ([w.folded for w in folded_words(name) if w.folded[0].isalnum()] for name in (left, right))
    one, other = (words[words[:1] == ["the"] :] for words in (one, other))
    if one == other:
        return True
    if not one or not other or one[-1] != other[-1]:
        return False
    firsts, others = ([w for w in words[:-1] if w not in _TITLES] for words in (one, other))
    few, many = sorted((firsts, others), key=len)
    return all(any(a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for b in many) for a in few)


#: Two statements within so many days may be one occasion, told or translated differently.
_NEAR_DAYS = 3
#: The same words: share of all words in order and of the telling ones, and least words, near in time and far from it.
_SAME_ROW = {True: 0.8, False: 0.85}
_SAME_SCORE = {True: 0.7, False: 0.85}
_SAME_LENGTH = {True: 4, False: 5}
#: So many words, all in the same order, are no chance, whatever they are.
_SAME_ALL = 8
#: Least telling words in common, and least of them that not every topic shares; near in time and far from it.
_SAME_SHARED = {True: (2, 1), False: (3, 2)}
#: Other words for the same: least telling words in common that not every topic shares, and mean of the shares of all words in order and of the
#: telling ones, with and without quotation marks.
_OTHER_HEAVY = 4
_OTHER_MEAN = {True: 0.6, False: 0.7}
#: Longer words of a content, by their first letters, of which the other must have this share, if there are so many. The least of any pair that is one
#: quotation in the tests' gold is 0.62.
_LONGER = re.compile(r"[^\W\d_]{4,}")
_TOLD, _STRANGE = 6, 0.45
#: Words between quotation marks, all of them quoted by the other, too, whatever stands around them; near in time and far from it.
_FRAMED = {True: 5, False: 8}
#: Words in a row between quotation marks that one who is not named and somebody else must share.
_UNNAMED_ROW = 12
_UNNAMED_SCORE = 0.85


def alike(a: Witness, b: Witness, *, names: Callable[[str, str], bool] = names_fit) -> Likeness:
    """Say whether two witnesses print one quotation. Which comes first makes no difference.

    Args:
        a: One witness.
        b: Another.
        names: Whether two names may be one speaker's; `names_fit` knows no nicknames, spellings or states.

    Example:
        >>> one = Witness("1", "“We will not sign before the ice goes”", ("We will not sign before the ice goes",), QuoteKind.DIRECT, "Lena Orsk")
        >>> two = Witness("2", "they would not sign before the ice went", (), QuoteKind.INDIRECT, "Orsk")
        >>> alike(one, two).same
        True
    """
    named = a.speaker is not None and b.speaker is not None
    if a.speaker is not None and b.speaker is not None and not _one_speaker(a, b, names):
        return Likeness(same=False, score=0.0, why=f"different speakers: {min(a.speaker, b.speaker)}, {max(a.speaker, b.speaker)}")
    days = _days_apart(a.moment, b.moment)
    near = days is not None and days <= _NEAR_DAYS
    if named and (framed := _framed(a, b, near=near)) is not None:
        return framed
    if _strangers(a.content, b.content):
        return Likeness(same=False, score=0.0, why="few words in common")
    return _by_words(a, b, named=named, near=near)


def _by_words(a: Witness, b: Witness, *, named: bool, near: bool) -> Likeness:
    """Two witnesses that may have one speaker, by all their words."""
    shorter, longer = sorted((a, b), key=lambda w: (_size(w.content), w.content, w.key))
    found = cover(shorter.content, longer.content)
    if found.against:
        return Likeness(same=False, score=0.0, why=found.against)
    if not named:
        return _unnamed(shorter, longer, found)
    shared, heavy = _SAME_SHARED[near]
    enough = found.length >= _SAME_LENGTH[near] and found.shared >= shared and found.heavy >= heavy
    whole = found.row == 1 and found.length >= _SAME_ALL
    if whole or (enough and found.row >= _SAME_ROW[near] and found.score >= _SAME_SCORE[near]):
        return Likeness(same=True, score=found.score, why=f"{found.row:.0%} of the words in the same order")
    least = _OTHER_MEAN[bool(a.verbatim or b.verbatim)]
    # An outlet that says nearly the same twice at one moment has two statements, not two translations.
    once = a.outlet is not None and a.outlet == b.outlet and a.moment == b.moment
    same = near and not once and found.heavy >= _OTHER_HEAVY and (found.row + found.score) / 2 >= least - 1e-9
    when = "at about the same time" if near else "on other days, or on days unknown"
    why = f"{found.row:.0%} of the words in order, {found.score:.0%} of the telling ones, {found.heavy} in common that few topics have, {when}"
    return Likeness(same=same, score=found.score, why=why)


def _framed(a: Witness, b: Witness, *, near: bool) -> Likeness | None:
    """A part of a sentence between quotation marks, which another outlet frames otherwise, or prints whole: what stands around it is the outlets' own."""
    if QuoteKind.MIXED not in (a.kind, b.kind):
        return None
    shared, heavy = _SAME_SHARED[near]
    for one, other in ((a, b), (b, a)):
        for part in one.verbatim:
            for whole in other.verbatim:
                found = cover(part, whole) if len(plain_words(part)) <= len(plain_words(whole)) else None
                if found and not found.against and found.row == 1 and found.length >= _FRAMED[near] and found.shared >= shared and found.heavy >= heavy:
                    return Likeness(same=True, score=found.score, why=f"{found.length} quoted words in a row in common")
    return None


def _one_speaker(a: Witness, b: Witness, names: Callable[[str, str], bool]) -> bool:
    if a.speaker_id is not None and a.speaker_id == b.speaker_id:
        return True
    return a.speaker is not None and b.speaker is not None and names(a.speaker, b.speaker)


def _unnamed(shorter: Witness, longer: Witness, found: Cover) -> Likeness:
    """One of the two names nobody: only many words in a row between quotation marks are evidence enough."""
    row = any(share_row(plain_words(s), plain_words(t), _UNNAMED_ROW) for s in shorter.verbatim for t in longer.verbatim)
    why = f"a speaker without a name: {_UNNAMED_ROW} quoted words in a row are asked for, and {'there' if row else 'not there'}"
    return Likeness(same=row and found.score >= _UNNAMED_SCORE, score=found.score, why=why)


def _days_apart(a: datetime | None, b: datetime | None) -> float | None:
    if a is None or b is None or (a.tzinfo is None) != (b.tzinfo is None):
        return None
    return abs((a - b).total_seconds()) / 86_400


def _strangers(one: str, other: str) -> bool:
    """Whether two contents share so few words, whatever their endings, that no closer look can find them alike: most pairs that share a print by chance."""
    ones, others = _heads(one), _heads(other)
    least = min(len(ones), len(others))
    return least >= _TOLD and len(ones & others) < _STRANGE * least


@lru_cache(maxsize=1 << 13)
def _heads(content: str) -> frozenset[str]:
    """The beginnings of the longer words."""
    return frozenset(w[:4] for w in _LONGER.findall(content.casefold()))


@lru_cache(maxsize=1 << 10)
def _size(content: str) -> int:
    return sum(t.telling and not t.inserted for t in terms(content))


# Prints and groups ------------------------------------------------------------------------------------------------------------------


def prints(witness: Witness) -> tuple[int, ...]:
    """Numbers by which a database finds the statements that may be the same quotation.

    Each is a hash of the speaker's last name and two telling words that stand near each other, whichever comes first; of many only some are
    kept (winnowing, Schleimer, Wilkerson and Aiken 2003). Many quoted words in a row are also found without the speaker, by four telling
    words in a row. A statement that can be the same quotation as no other has none.

    Args:
        witness: The statement.

    Returns:
        Different numbers that fit a signed column of 64 bits, rising. Stable for one `METHOD`.
    """
    told = [t for t in terms(witness.content) if t.telling and not t.inserted]
    stems = [t.stem for t in told]
    found: set[int] = set()
    if witness.speaker is not None:
        names = [w.folded for w in folded_words(witness.speaker) if w.folded[0].isalnum()]
        last = names[-1] if names else ""
        near = [(one, other) for at, one in enumerate(told) for other in told[at + 1 : at + 1 + _REACH]]
        # Two words that any topic has find too much; they are kept where there is nothing else.
        heavy = [pair for pair in near if pair[0].kind != "light" or pair[1].kind != "light"]
        pairs = [_hash(last, *sorted((one.stem, other.stem))) for one, other in heavy or near]
        # Cuts keep the beginning or the end.
        found |= set(pairs) if len(pairs) <= _FEW_PRINTS else {*_winnowed(pairs, _WINDOW), pairs[0], pairs[-1]}
    if any(len(plain_words(v)) >= _UNNAMED_ROW for v in witness.verbatim):
        found |= _winnowed([_hash("", *stems[n : n + _RUN]) for n in range(len(stems) - _RUN + 1)], _RUN_WINDOW)
    return tuple(sorted(found))


def _winnowed(marks: Sequence[int], window: int) -> set[int]:
    """The least of every so many in a row."""
    return {min(marks[n : n + window]) for n in range(max(1, len(marks) - window + 1))} if marks else set()


def group(witnesses: Iterable[Witness], *, names: Callable[[str, str], bool] = names_fit) -> tuple[tuple[Witness, ...], ...]:
    """Put statements together that are one quotation.

    Each is alike to the group's reference and not only to some other member, so that no chain of small steps joins what is far apart.
    Where members contradict each other, as Ann and Paul Kell do who both fit "Kell", none of them stays with the reference.
    The order of the witnesses makes no difference.

    Args:
        witnesses: The statements, with different keys.
        names: Whether two names may be one speaker's.

    Returns:
        Groups, every witness in one; in each the reference comes first. A statement that is like no other is a group of its own.
    """
    ranked = sorted(witnesses, key=_rank)
    marks = [prints(w) for w in ranked]
    leaders: defaultdict[int, list[int]] = defaultdict(list)
    members: dict[int, list[Witness]] = {}
    for n, witness in enumerate(ranked):
        near = sorted({leader for p in marks[n] for leader in leaders[p]})
        if not any(alike(ranked[leader], witness, names=names).same for leader in near):
            members[n] = [witness]
            for p in marks[n]:
                leaders[p].append(n)
    for n, witness in enumerate(ranked):
        if n not in members:
            near = sorted({leader for p in marks[n] for leader in leaders[p] if leader < n})
            found = [(alike(ranked[leader], witness, names=names), leader) for leader in near]
            best = min((f for f in found if f[0].same), key=lambda f: (-f[0].score, f[1]))[1]
            members[best].append(witness)
    return tuple(part for found in members.values() for part in _without_quarrels(found, names))


def _without_quarrels(found: Sequence[Witness], names: Callable[[str, str], bool]) -> Iterator[tuple[Witness, ...]]:
    """A group as it is, or without members that contradict another; those are grouped among themselves."""
    voices = {(w.speaker, w.speaker_id): w for w in found if w.speaker is not None}
    out: set[tuple[str | None, str | None]] = set()
    for (one, x), (other, y) in combinations(voices.items(), 2):
        if not _one_speaker(x, y, names):
            out.update((one, other))
    yield tuple(w for w in found if (w.speaker, w.speaker_id) not in out)
    yield from group([w for w in found if (w.speaker, w.speaker_id) in out], names=names)


def reference(members: Sequence[Witness]) -> Witness:
    """The witness of a group with most words between quotation marks; among equals the earliest.

    Raises:
        ValueError: The group is empty.
    """
    return min(members, key=_rank)


def first(members: Sequence[Witness]) -> Witness:
    """The earliest witness of a group; one of unknown moment only if there is no other.

    Raises:
        ValueError: The group is empty.
    """
    return min(members, key=_age)


def variants(members: Sequence[Witness]) -> tuple[Variant, ...]:
    """The different wordings of a group, most witnesses first. Punctuation, marks and an editor's insertions make no wording of their own."""
    by_words: defaultdict[tuple[str, ...], list[Witness]] = defaultdict(list)
    for witness in sorted(members, key=_age):
        by_words[plain_words(witness.content)].append(witness)
    found = sorted(by_words.values(), key=lambda ws: (-len(ws), _age(ws[0])))
    return tuple(Variant(ws[0].content, tuple(ws)) for ws in found)


def _rank(witness: Witness) -> tuple[int, int, tuple[int, float, str]]:
    """Most quoted words first, then most words, then the earliest."""
    return -sum(len(plain_words(v)) for v in witness.verbatim), -len(plain_words(witness.content)), _age(witness)


def _age(witness: Witness) -> tuple[int, float, str]:
    moment = witness.moment
    if moment is None:
        return 1, 0.0, witness.key
    return 0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp(), witness.key


def _hash(*words: str) -> int:
    data = "\0".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big", signed=True)
