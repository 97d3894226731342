"""One name, one kind: what a text calls a person ten times it does not call a place once.

A tagger reads 256 word pieces at a time and errs here and there; the whole article votes. Names of countries, capitals and seats go by their table. And
where a name stands untagged, it is tagged as it is elsewhere; the last word of a person's full name counts as a name of that person.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from onrecord.actors.countries import lookup
from onrecord.actors.data import titles
from onrecord.actors.names import Name, NameType
from onrecord.text import Span

__all__ = ["consistent"]

_VOTERS = frozenset({NameType.PERSON, NameType.ORGANIZATION, NameType.LOCATION, NameType.FACILITY, NameType.NATIONALITY})
_WORD = re.compile(r"[^\W\d_][\w’'-]*[\w]|[^\W\d_]", re.UNICODE)
#: Small words inside a name.
_PARTICLES = frozenset(
    [
        "al",
        "el",
        "bin",
        "bint",
        "ibn",
        "de",
        "da",
        "do",
        "dos",
        "del",
        "della",
        "der",
        "den",
        "di",
        "du",
        "la",
        "le",
        "van",
        "von",
        "af",
        "av",
        "zu",
        "ter",
        "ten",
        "y",
        "e",
        "of",
        "the",
        "and",
    ]
)
#: Shorter surnames are also words of other names.
_SHORTEST = 3


def consistent(text: str, names: Sequence[Name], spans: Sequence[tuple[int, int]]) -> list[Name]:
    """Make the tags of one article agree.

    Args:
        text: The text.
        names: Names as tagged, in order.
        spans: Half-open offsets of the paragraphs that were read.

    Returns:
        Names in order, none inside another.
    """
    names = [part for name in names for part in _parts(text, name)]
    votes: dict[str, Counter[NameType]] = defaultdict(Counter)
    for name in names:
        if name.type in _VOTERS:
            votes[name.span.exact][name.type] += 1
    for name in names:
        # A person's full name speaks for the surname alone.
        if name.type is NameType.PERSON and len(words := name.span.exact.split()) > 1 and words[-1] in votes:
            votes[words[-1]][NameType.PERSON] += 1
    full = (n.span.exact.split() for n in names if n.type is NameType.PERSON)
    surnames = frozenset(parts[-1] for parts in full if len(parts) > 1)
    agreed = [replace(n, type=_type(n, votes, surnames)) for n in names]
    return sorted([*agreed, *_missed(text, agreed, spans)])


def _parts(text: str, name: Name) -> list[Name]:
    """A person's name alone, where more was tagged: of `Kremlin aide Yuri Petrov`, `John Hale MP`. What stands before an office is a name of its own."""
    if name.type is not NameType.PERSON:
        return [name]
    parts = list(_WORD.finditer(text, name.span.start, name.span.end))
    while len(parts) > 1 and parts[-1][0] in titles()["after"]:
        parts.pop()
    small = [k for k, w in enumerate(parts) if w[0].islower() and w[0] not in _PARTICLES]
    if not parts or (small and small[-1] + 1 == len(parts)):
        return [name]
    begin = small[-1] + 1 if small else 0
    out = [replace(name, span=Span.of(text, parts[begin].start(), parts[-1].end()))]
    if small and small[0] > 0:
        front = Span.of(text, parts[0].start(), parts[small[0] - 1].end())
        out.insert(0, Name(front, NameType.LOCATION if lookup(front.exact) else NameType.ORGANIZATION, name.score))
    return out


def _type(name: Name, votes: dict[str, Counter[NameType]], surnames: frozenset[str]) -> NameType:
    if name.type not in _VOTERS:
        return name.type
    country = lookup(name.span.exact)
    somebody = name.span.exact in surnames and country is not None and country.kind == "capital"
    if country is not None and not country.ambiguous and not somebody and country.kind in {"name", "capital", "seat", "demonym"}:
        return NameType.NATIONALITY if country.kind == "demonym" else NameType.LOCATION
    best, count = votes[name.span.exact].most_common(1)[0]
    return best if count > votes[name.span.exact][name.type] else name.type


def _missed(text: str, names: Sequence[Name], spans: Sequence[tuple[int, int]]) -> list[Name]:
    """Untagged words that are a name elsewhere in the text."""
    known: dict[str, NameType] = {}
    for name in names:
        if name.type in {NameType.PERSON, NameType.ORGANIZATION} and (words := name.span.exact.split()):
            if len(words) == 1 and len(words[0]) >= _SHORTEST and words[0][:1].isupper():
                known.setdefault(words[0], name.type)
            elif name.type is NameType.PERSON and len(words[-1]) >= _SHORTEST and words[-1][:1].isupper() and words[-1][1:].islower():
                known.setdefault(words[-1], name.type)
    taken = [False] * (len(text) + 1)
    for name in names:
        taken[name.span.start : name.span.end] = [True] * (name.span.end - name.span.start)
    found = []
    for start, end in spans:
        for match in _WORD.finditer(text, start, end):
            word = re.sub(r"['’]s$", "", match[0])
            # A capitalised neighbour makes it a part of a longer name that nobody tagged: left alone.
            after = text[match.start() + len(word) : match.start() + len(word) + 2]
            if word in known and not taken[match.start()] and not re.match(r" [A-Z]", after):
                found.append(Name(Span.of(text, match.start(), match.start() + len(word)), known[word], 0.5))
    return found
