"""The actors of one article: names gathered into entities, and every mention spread over the entities it may refer to.

A mention that is no name gets a probability for each entity: the sum over the earlier mentions it may refer back to. Nothing is decided
here; `onrecord.actors.resolve` decides, or leaves open.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from onrecord.actors.actor import ActorType
from onrecord.actors.coreference import Found
from onrecord.actors.countries import lookup
from onrecord.actors.matching import compare_organizations, compare_people
from onrecord.actors.mentions import FORMS
from onrecord.actors.names import Name, NameType
from onrecord.actors.page import BREAKS, DETERMINERS, PREPOSITIONS
from onrecord.text import Span

__all__ = ["Entities", "Entity", "gather", "joined", "named_by"]

#: Links less likely than this are dropped: they change nothing and cost time.
_LEAST = 0.005
_NAME_FORM = FORMS.index("name")
#: An office is a person with at least this probability.
_PERSON = 0.4
# A name behind one of these is not what the phrase is about: `the officer who shot Ana Reis`, `a memo about Ana Reis`.
_BREAKS = BREAKS | PREPOSITIONS
_AFTER = re.compile(r"\s*(?:$|[,;:(–—-]\s|\s(?:of|who|and|or|in|from|at|for)\b|\s[A-Z]{2,5}s?\b|\s(?:Jr|Sr|himself|herself|itself|themselves)\b|,)")
_POSSESSIVE = re.compile(r"['’]s?(?:\s|$)")


@dataclass(slots=True)
class Entity:
    """One actor of the article, on its way."""

    number: int
    type: ActorType
    #: The fullest name, or the words of the description.
    name: str
    #: Where the fullest name stands.
    span: Span
    #: Where its names stand.
    names: list[Span] = field(default_factory=list)
    #: ISO code if the name is a country's, a capital's or a seat's.
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Entities:
    """Entities of one article and what each mention may refer to."""

    #: By number.
    all: tuple[Entity, ...]
    #: For each mention: probability of each entity; sums to 1 or a little less.
    spread: tuple[Mapping[int, float], ...]
    #: For each mention: the likeliest earlier mention for each entity, for the explanation.
    through: tuple[Mapping[int, int], ...]


def named_by(text: str, start: int, end: int, names: Sequence[Name]) -> list[Name]:
    """The names that a noun phrase is headed by: of `Putin's ambassador to London, Andrey Kelin` the last.

    Args:
        text: The text.
        start: Where the phrase begins.
        end: Where it ends.
        names: Names of the text, in order.

    Returns:
        People if there are any, else organizations, else places; more than one where the phrase joins them.
    """
    first = bisect.bisect_left(names, start, key=lambda n: n.span.start)
    last = bisect.bisect_left(names, end, lo=first, key=lambda n: n.span.start)
    heads = [n for n in names[first:last] if n.span.end <= end and _heads(text, n, start, end)]
    for kinds in ({NameType.PERSON}, {NameType.ORGANIZATION}, {NameType.LOCATION, NameType.FACILITY, NameType.NATIONALITY, NameType.PRODUCT, NameType.OTHER}):
        chosen = [n for n in heads if n.type in kinds]
        if chosen:
            return chosen
    return []


def joined(text: str, start: int, heads: Sequence[Name]) -> bool:
    """Whether the names that head a phrase are one list: `Ana Sousa and Joao Reis`, and not two people in one clause."""
    between = [text[a.span.end : b.span.start].strip() for a, b in pairwise(heads)]
    early = heads[0].span.start - start <= len("Former U.S. Presidents ")
    return early and any(re.fullmatch(r"(?:,\s*)?(?:and|&)(?:\s+[\w’'-]+){0,4}", b) for b in between)


def _heads(text: str, name: Name, start: int, end: int) -> bool:
    after = text[name.span.end : end]
    if after[:1] in "'’" and _POSSESSIVE.match(after) and len(after) > len("’s"):
        return False
    if not _AFTER.match(after) and not _POSSESSIVE.fullmatch(after):
        return False
    # Behind a comma stands an apposition of the whole: `the man who shot him, Ana Reis`.
    before = text[start : name.span.start].rsplit(",", 1)[-1].split()
    if any(word.lower() in _BREAKS for word in before):
        return False
    # `detectives hunting Ana Reis`, `a lawyer representing Ana Reis`; but `leading economist Ana Reis`, `acting president Ana Reis`.
    return not (len(before) > 1 and before[-1].endswith("ing") and before[-1].islower() and before[-2].lower() not in DETERMINERS)


def gather(found: Found, names: Sequence[Name]) -> Entities:
    """Gather names into entities and spread mentions over them.

    Args:
        found: Mentions with their links.
        names: Names of the text, in order.
    """
    book = _Book(found.text)
    for name in sorted((n for n in names if n.type is NameType.PERSON), key=lambda n: -len(n.span.exact.split())):
        book.person(name.span)
    for name in sorted((n for n in names if n.type is NameType.ORGANIZATION), key=lambda n: -len(n.span.exact)):
        book.organization(name.span)
    for name in names:
        if name.type in {NameType.LOCATION, NameType.FACILITY}:
            book.place(name.span)
    people = [n for n in names if n.type is NameType.PERSON]
    starts, ends = {n.span.start: n for n in people}, {n.span.end: n for n in people}
    options: list[list[int] | None] = []
    for i, (start, end) in enumerate(found.mentions.offsets.tolist()):
        heads = named_by(found.text, start, end, names)
        chosen = book.of(heads[0].span) if len(heads) == 1 else []
        if not heads and found.mentions.form[i] >= _NAME_FORM:
            chosen = _apposed(found, i, starts, ends, book)
        one = len(heads) <= 1 or (found.mentions.form[i] >= _NAME_FORM and joined(found.text, start, heads))
        options.append(chosen if one else None)
    wanted = _reachable(found, [i for i, o in enumerate(options) if o is not None and len(o) == 1])
    spread: list[dict[int, float]] = []
    through: list[dict[int, int]] = []
    for i, option in enumerate(options):
        known = option is not None and len(option) == 1
        one, way = _spread(found, i, option, book, spread) if option is not None and (known or i in wanted) else ({}, {})
        spread.append(one)
        through.append(way)
    return Entities(tuple(book.entities), tuple(spread), tuple(through))


def _reachable(found: Found, certain: Sequence[int]) -> set[int]:
    """The mentions that decide who speaks: sources, what stands where a nested source may, and all they may refer back to, step by step.

    The rest, two thirds of an article's noun phrases, is never asked for.
    """
    known = set(certain)
    m = found.mentions
    seen = {i for i in range(len(found)) if (m.source[i] >= 0 or m.opens[i]) and i not in known}
    # Links lead back, so one walk from the end finds all; walking in order also keeps few blocks of scores alive.
    for i in range(len(found) - 1, -1, -1):
        if i in seen:
            seen.update(link.to for link in found.links(i, least=_LEAST / 4) if link.to not in known)
    return seen


def _apposed(found: Found, i: int, starts: Mapping[int, Name], ends: Mapping[int, Name], book: _Book) -> list[int]:
    """The person whose name stands beside an office between commas: `Labour's shadow minister, Ana Reis, said`, `Ana Reis, the shadow minister, said`."""
    if found.probability(i, "person") < _PERSON:
        return []
    start, end = found.mentions.offsets[i].tolist()
    text = found.text
    after = starts.get(end + 2) if text[end : end + 2] == ", " else None
    before = ends.get(start - 2) if start > 1 and text[start - 2 : start] == ", " and text[end : end + 1] in {",", ".", ";"} else None
    # `Ana Reis, the minister, and ...`; a list has more of the same form beside it.
    for name in (after, before):
        options = book.of(name.span) if name is not None else []
        if len(options) == 1 and not re.match(r"(?:,| and)\s+[A-Z]", text[max(end, name.span.end if name else 0) :][:8]):
            return options
    return []


def _spread(found: Found, i: int, options: Sequence[int], book: _Book, spread: Sequence[Mapping[int, float]]) -> tuple[dict[int, float], dict[int, int]]:
    """One mention's probabilities: certain for a name of one entity; for others what its links say, new entities included."""
    if len(options) == 1:
        return {options[0]: 1.0}, {}
    out: dict[int, float] = defaultdict(float)
    through: dict[int, int] = {}
    best: dict[int, float] = {}
    links = found.links(i, least=_LEAST / 4)
    # A pronoun that speaks refers back, so "new" is no answer; what OntoGUM calls new is mostly an "it" that refers to nothing.
    whole = sum(link.probability for link in links) if found.mentions.form[i] < _NAME_FORM and found.mentions.source[i] >= 0 else 1.0
    rest = 1.0
    for link in links if whole > 0 else ():
        if link.probability < _LEAST * whole:
            break
        rest -= link.probability / whole
        for entity, p in spread[link.to].items():
            share = p * link.probability / whole
            out[entity] += share
            if share > best.get(entity, 0.0):
                best[entity], through[entity] = share, link.to
    if options:
        # A surname that several people of the article share: the links choose among them, and only among them.
        kept = {e: out.get(e, 0.0) + 1e-6 for e in options}
        total = sum(kept.values())
        return {e: p / total for e, p in kept.items()}, through
    if rest > _LEAST:
        out[book.described(found.span(i))] += rest
    return {e: p for e, p in out.items() if p >= _LEAST}, through


class _Book:
    """Entities as they are found."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.entities: list[Entity] = []
        self._people: list[int] = []
        self._organizations: list[int] = []
        self._places: dict[str, int] = {}
        self._by_name: dict[tuple[int, int], list[int]] = {}

    def of(self, span: Span) -> list[int]:
        """The entities a name may stand for."""
        return self._by_name.get((span.start, span.end), [])

    def person(self, span: Span) -> None:
        verdicts = {e: compare_people(self.entities[e].name, span.exact).verdict for e in self._people}
        same = [e for e, v in verdicts.items() if v == "same"] or [e for e, v in verdicts.items() if v == "compatible"]
        if not same:
            same = [self._new(ActorType.PERSON, span)]
            self._people += same
        self._note(span, same)

    def organization(self, span: Span) -> None:
        country = lookup(span.exact)
        if country is not None and not country.ambiguous:
            self.place(span)
            return
        same = [e for e in self._organizations if compare_organizations(self.entities[e].name, span.exact).verdict != "different"]
        if not same:
            same = [self._new(ActorType.ORGANIZATION, span)]
            self._organizations += same
        self._note(span, same)

    def place(self, span: Span) -> None:
        country = lookup(span.exact)
        key = country.code if country else span.exact.casefold()
        if key not in self._places:
            self._places[key] = self._new(ActorType.STATE if country else ActorType.UNKNOWN, span)
            entity = self.entities[self._places[key]]
            entity.country = country.code if country else None
            entity.name = country.name if country else span.exact
        self._note(span, [self._places[key]])

    def described(self, span: Span) -> int:
        """A new entity for a mention that nothing before it names."""
        return self._new(ActorType.UNKNOWN, span)

    def _new(self, kind: ActorType, span: Span) -> int:
        self.entities.append(Entity(len(self.entities), kind, span.exact, span))
        return len(self.entities) - 1

    def _note(self, span: Span, entities: list[int]) -> None:
        self._by_name[span.start, span.end] = entities
        for e in entities if len(entities) == 1 else ():
            entity = self.entities[e]
            entity.names.append(span)
            if span.start < entity.span.start and span.exact == entity.name:
                entity.span = span
