"""Are two names the name of one person, of one organization?

Letters of other scripts and with marks become ASCII by a library (anyascii), short forms of English given names are a library's table
(nicknames). What is ours is the comparison of spellings that are ways to write one sound, and the question which part of a name is missing.

Three answers: `same`, the names agree; `compatible`, nothing speaks against it, but one name says too little; `different`. Namesakes
have the same name, so `same` speaks of names, never of people: whether two actors are one is decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import combinations
from typing import Literal

from anyascii import anyascii

from onrecord.actors.data import words as word_set
from onrecord.actors.name_parts import APOSTROPHES, BRACKETS, LONG, NO_LETTERS, NOTHING, Match, NameParts, Part, Verdict
from onrecord.actors.organizations import compare_organizations, organization_parts
from onrecord.actors.spellings import keys_of, sound_alike, sound_of

__all__ = ["Match", "NameIndex", "Verdict", "compare_organizations", "compare_people"]


def compare_people(left: str, right: str) -> Match:
    """Compare two names of people, with or without titles; which is left makes no difference.

    Example:
        >>> compare_people("Volodymyr Zelenskyy", "Zelensky").verdict
        'compatible'
    """
    one, other = _person(left), _person(right)
    if one.keys.isdisjoint(other.keys):
        return NOTHING
    return _people(one, other) if left <= right else _people(other, one)


class NameIndex:
    """Many names, compared without comparing all pairs: only names with a sound in common are looked at.

    Args:
        names: The names; two that are equal count once.
        compare: `compare_people` or `compare_organizations`.
    """

    def __init__(self, names: Iterable[str], *, compare: Callable[[str, str], Match] = compare_people) -> None:
        self._compare = compare
        self._parse = organization_parts if compare is compare_organizations else _person
        self._names = tuple(dict.fromkeys(names))
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._names):
            for key in self._parse(name).keys:
                self._by_key[key].append(number)

    def matches(self, name: str) -> list[tuple[str, Match]]:
        """All names of the index that are not different from this one, best first, then in the order given."""
        numbers = sorted({n for key in self._parse(name).keys for n in self._by_key.get(key, ())})
        found = [(self._names[n], self._compare(name, self._names[n])) for n in numbers]
        return sorted((f for f in found if f[1].verdict != "different"), key=lambda f: -f[1].score)

    def pairs(self) -> Iterator[tuple[str, str, Match]]:
        """All pairs of names in the index that are not different."""
        near = sorted({pair for numbers in self._by_key.values() for pair in combinations(numbers, 2)})
        for one, other in near:
            match = self._compare(self._names[one], self._names[other])
            if match.verdict != "different":
                yield self._names[one], self._names[other], match


# People -----------------------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 16)
def _people(one: NameParts, other: NameParts) -> Match:
    if one.parts == other.parts and one.generation == other.generation:
        return Match("same", 1.0, "the same name")
    if one.generation and other.generation and one.generation != other.generation:
        return Match("different", 0.2, f"of different generations ({one.generation}, {other.generation})")
    match = Match("different", 0.3, "the middle initials do not agree") if _middles_disagree(one, other) else _aligned(one, other)
    if match.verdict == "different" and len(one.parts) != len(other.parts) and sound_alike(one.joined, other.joined):
        match = Match("same", 0.9, "the same name, written together or apart")
    if match.verdict == "same" and one.generation != other.generation:
        return Match("compatible", 0.7, f"only one is said to be {one.generation or other.generation}")
    return match


def _aligned(one: NameParts, other: NameParts) -> Match:
    """Pair the parts off, and judge by what stays alone."""
    pairs = _pair_off(one.parts, other.parts)
    ones, others = _alone(one, {p[0] for p in pairs}), _alone(other, {p[1] for p in pairs})
    if not (ones and others):  # an initial alone says nothing, unless it stands against a name
        ones, others = ([n for n in left if side.parts[n].kind != "initial"] for side, left in ((one, ones), (other, others)))
    whole = [(a, b) for a, b, how in pairs if how != "initial" and one.parts[a].kind != "particle"]
    if not whole:
        return NOTHING
    first, last = _ends(one.parts), _ends(other.parts)
    heads, tails = (first[0], last[0]), (first[1], last[1])
    hows = {(a, b): how for a, b, how in pairs}
    if ones and others:
        said = ", ".join(" ".join(side.parts[n].plain for n in left) for side, left in ((one, ones), (other, others)))
        where = "the last names agree, the others do not" if tails in hows else "not all names agree"
        return Match("different", 0.3 if tails in hows else 0.2, f"{where} ({said})")
    return _judged(one, other, hows, lone=[(one, n) for n in ones] + [(other, n) for n in others], ends=(heads, tails))


def _judged(
    one: NameParts, other: NameParts, hows: dict[tuple[int, int], str], *, lone: list[tuple[NameParts, int]], ends: tuple[tuple[int, int], tuple[int, int]]
) -> Match:
    """The verdict where at most one side has parts left over."""
    heads, tails = ends
    if "initial" in hows.values() and any(hows.get(e) == "initial" for e in ends):
        return Match("compatible", 0.75, "an initial stands for a name")
    order = [b for _, b in sorted(hows)]
    if not lone:
        return _complete(one, other, hows, ends=ends, turned=order != sorted(order))
    missing = " ".join(side.parts[n].plain for side, n in lone)
    telling = sum(min(len(one.parts[a].plain), len(other.parts[b].plain)) for a, b in ends)
    if heads in hows and tails in hows and heads != tails and telling >= _TELLING:
        return Match("same", 0.9, f"first and last names agree; only one has {missing}")
    if heads in hows and heads[0] != tails[0] and heads[1] != tails[1] and all(_hyphened(side, n) for side, n in lone):
        return Match("same", 0.85, f"first names agree, and a part of a double name; only one has {missing}")
    family = tails in hows
    return Match("compatible", 0.7 if family else 0.5, f"{'the last names agree' if family else 'a part of the name agrees'}; only one has {missing}")


def _complete(one: NameParts, other: NameParts, hows: dict[tuple[int, int], str], *, ends: tuple[tuple[int, int], tuple[int, int]], turned: bool) -> Match:
    """The verdict where no name is left over; initials may be."""
    kinds = set(hows.values())
    if turned:
        return _turned(one, initials="initial" in kinds)
    if ends[0] not in hows and any(p.kind == "initial" for p in (*one.parts, *other.parts)):
        return Match("compatible", 0.7, "the last names agree; only one has an initial")
    if "nickname" in kinds:
        return Match("same", 0.85, "a short form of the same name")
    if "spelling" not in kinds:
        return Match("same", 0.98, "the same name")
    if len(one.parts) == 1 or len(other.parts) == 1:
        return Match("compatible", 0.6, "spellings of one name, and no other name to tell")
    return Match("same", 0.95, "spellings of the same name")


def _turned(name: NameParts, *, initials: bool) -> Match:
    if initials:
        return Match("different", 0.3, "initials in another order")
    if all(p.plain in _given_names() for p in name.parts):  # James Thomas and Thomas James are two
        return Match("compatible", 0.5, "the same names in another order, and each may be the first")
    return Match("same", 0.88, "the same names in another order")


#: Letters of first and last name that make up for a missing middle one: Lyndon Johnson, but not Kim Un for Kim Jong Un.
_TELLING = 8


def _pair_off(ones: tuple[Part, ...], others: tuple[Part, ...]) -> list[tuple[int, int, str]]:
    """One-to-one pairs of parts that agree, the closest first; among equals those in the same order."""
    found = []
    for a, one in enumerate(ones):
        for b, other in enumerate(others):
            how = _how(one, other)
            if how == "nickname" and (a == len(ones) - 1 or b == len(others) - 1):
                continue  # last names have no short forms
            if how:
                found.append((_ORDER[how], abs(a - b), a, b, how))
    used_a: set[int] = set()
    used_b: set[int] = set()
    out = []
    for _, _, a, b, how in sorted(found):
        if a not in used_a and b not in used_b:
            used_a.add(a)
            used_b.add(b)
            out.append((a, b, how))
    return out


_ORDER = {"equal": 0, "spelling": 1, "nickname": 2, "initial": 3}


def _how(one: Part, other: Part) -> str:
    """How two parts agree; empty if they do not."""
    if one.plain == other.plain:
        return "equal"
    if "initial" in (one.kind, other.kind):
        return "initial" if one.kind != other.kind and (one.plain[0] == other.plain[0] or one.sound[0] == other.sound[0]) else ""
    if sound_alike(one.sound, other.sound):
        return "spelling"
    return "nickname" if one.plain in _short_forms().get(other.plain, ()) or other.plain in _short_forms().get(one.plain, ()) else ""


@cache
def _short_forms() -> dict[str, frozenset[str]]:
    """Given name -> short forms."""
    from nicknames import name_triplets

    found: defaultdict[str, set[str]] = defaultdict(set)
    for full, relation, short in name_triplets():
        if relation == "has_nickname":
            found[full].add(short)
    return {full: frozenset(short) for full, short in found.items()}


@cache
def _given_names() -> frozenset[str]:
    """English given names, long and short."""
    return frozenset(_short_forms()).union(*_short_forms().values())


def _alone(name: NameParts, paired: set[int]) -> list[int]:
    """Parts without a partner; particles come and go."""
    return [n for n, p in enumerate(name.parts) if n not in paired and p.kind != "particle"]


def _ends(parts: tuple[Part, ...]) -> tuple[int, int]:
    """First and last part that is no particle."""
    core = [n for n, p in enumerate(parts) if p.kind != "particle"] or [0]
    return core[0], core[-1]


def _hyphened(name: NameParts, number: int) -> bool:
    return name.parts[number].tied or (number + 1 < len(name.parts) and name.parts[number + 1].tied)


def _middles_disagree(one: NameParts, other: NameParts) -> bool:
    """Middle initials on both sides, and the first of them differ: George W. is not George H. W."""
    left, right = ([p.plain[0] for n, p in enumerate(name.parts) if n and p.kind == "initial"] for name in (one, other))
    return bool(left and right and left[0] != right[0])


# Taking names apart -----------------------------------------------------------------------------------------------------------------


_PARTICLES = word_set("van von der den de del della di da do dos das du la le al el ul ter ten zu af av bin ibn bint y e")
#: Words of an office: what stands before the last of them, and they themselves, are no part of a name.
_OFFICES = word_set(
    "president minister secretary senator representative congressman congresswoman ambassador chancellor premier governor mayor commissioner "
    "spokesman spokeswoman spokesperson chairman chairwoman director envoy admiral general colonel captain lieutenant sergeant commander "
    "professor ayatollah cardinal archbishop leader chief deputy"
)
#: At the beginning of a name only: Stephen King, John Major and Billie Jean King are people.
_HONORIFICS = word_set(
    "mr mrs ms miss mx dr prof sir dame lord lady baroness baron hon rt right honourable honorable the sen rep gov gen col lt sgt capt adm maj major "
    "shri smt herr frau monsieur mme mlle senor senora signor signora "
    "king queen prince princess pope judge justice marshal bishop father sister rabbi imam mullah sheikh sultan emir vice first acting former"
)
_AFTER = word_set("mp mep msp ms td kc qc obe cbe mbe kbe phd md esq")
_GENERATIONS = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr"}
_ROMAN = re.compile(r"(?:X{0,2}(?:I[IVX]|VI{0,3}|II?I?)|V)$")
_HYPHENS = re.compile(r"[-‐‑–·・]+")
_DOTTED = re.compile(r"(?:[^\W\d_]\.){2,}$|[A-Z]{2,3}$")


@lru_cache(maxsize=1 << 16)
def _person(text: str) -> NameParts:
    words, shouted = _words(text), text.isupper()
    generation = ""
    while len(words) > 1:
        last = words[-1].strip(".").casefold()
        if last in _GENERATIONS or (_ROMAN.match(words[-1]) and not shouted):
            generation = _GENERATIONS.get(last, last)
        elif last not in _AFTER or words[-1].islower():
            break
        words.pop()
    words = _untitled(words)
    parts = tuple(p for n, w in enumerate(words) for p in _parts(w, first=n == 0, last=n == len(words) - 1, shouted=shouted))
    joined = "".join(p.plain for p in parts)
    if not parts:
        return NameParts((Part(text, text, "name"),), "", frozenset((text,)))
    sounds = [p.sound if p.kind != "initial" else f"={p.plain}" for p in parts if p.kind != "particle"] or [p.sound for p in parts]
    return NameParts(parts, generation, keys_of([*sounds, sound_of(joined)]), joined=sound_of(joined))


def _words(text: str) -> list[str]:
    """The words, brackets and what follows a comma left out; `Last, First` turned."""
    text = APOSTROPHES.sub("'", unicodedata.normalize("NFKC", text)).replace('"', " ").replace("“", " ").replace("”", " ")
    head, *rest = (part.split() for part in re.sub(r"'s$", "", BRACKETS.sub(" ", text).strip()).split(","))
    for part in rest:
        bare = [w.strip(".").casefold() for w in part]
        if bare and all(w in _AFTER or w in _GENERATIONS for w in bare):
            head += part
        elif part is rest[0] and part and all(w[0].isupper() or w in _PARTICLES for w in part) and sum(w not in _PARTICLES for w in head) == 1:
            head = [*part, *head]
        else:
            break
    return head


def _untitled(words: list[str]) -> list[str]:
    """Without titles and the description before a name."""
    mixed = any(w[:1].isupper() for w in words)
    start = 0
    for n, word in enumerate(words[:-1]):
        bare = word.strip(".,").casefold()
        # A short one between names may be a particle of a language not thought of: Bingu wa Mutharika.
        described = mixed and word[:1].islower() and word.isalpha() and bare not in _PARTICLES and (n == start or len(word) >= LONG)
        if described or bare in _OFFICES or (n == start and bare in _HONORIFICS):
            start = n + 1
    return words[start:]


def _parts(word: str, *, first: bool, last: bool, shouted: bool) -> Iterator[Part]:
    if _DOTTED.match(word) and not (last or shouted) and (("." in word) or first):
        yield from (Part(c, c, "initial") for c in anyascii(word).casefold() if c.isalpha())
        return
    pieces = [p for p in _HYPHENS.split(word) if p]
    for n, piece in enumerate(pieces):
        plain = NO_LETTERS.sub("", anyascii(piece).casefold())
        if not plain:
            continue
        particle = plain in _PARTICLES and not (last and n == len(pieces) - 1) and (not first or piece.islower() or len(pieces) > 1)
        kind: Literal["name", "initial", "particle"] = "particle" if particle else "initial" if len(plain) == 1 else "name"
        yield Part(plain, plain if kind == "initial" else sound_of(plain), kind, tied=n > 0)
