"""Words as the reading of roles needs them: what a word can be the head of, and which names and states stand in its sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from onrecord.actors.countries import Country, find_countries
from onrecord.actors.data import is_noun, kinds_of_noun, singular, titles
from onrecord.actors.data import words as word_set
from onrecord.actors.names import Name, NameType
from onrecord.text import Span

__all__ = ["BODIES", "BREAKS", "DETERMINERS", "PLACES", "PREPOSITIONS", "Page", "Word", "forms_of_title", "is_body", "is_office", "is_plain", "is_titled"]

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\$?\d[\d,.]*[\w-]*|[^\W_]+(?:['’.&-][^\W_]+)*['’]?\.?|&")
_POSSESSIVE = re.compile(r"['’]s?$")
#: What begins something else in a noun phrase: a place, a time, an owner.
PREPOSITIONS = word_set("of for at to in with from on by near under inside outside behind against about after before between into over during since than as")
#: What ends every noun phrase.
BREAKS = word_set(
    "who whose whom which that where when while said says told has have had is was were are be been because if but or speaking he she they it we "
    "i you including like such even just also currently not only too so"
)
#: What begins one.
DETERMINERS = word_set("the a an this that these those his her its their our my your one two three four five six seven eight nine ten both")
#: Behind a hyphen: words that leave somebody with the state before it.
_OWN = frozenset({"linked", "controlled", "run", "owned", "affiliated", "connected", "funded"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, without the `'s` behind it."""

    #: Offset of its first code point.
    start: int
    #: Offset behind its last.
    end: int
    #: As written.
    text: str
    #: Whether a `'s` or an apostrophe follows.
    possessive: bool = False

    @property
    def lower(self) -> str:
        """In lower case."""
        return self.text.lower()

    @property
    def stem(self) -> str:
        """Without the full stop of a short form."""
        return self.text.rstrip(".")

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class Page:
    """A text, the names in it, and the states that are named in the sentence."""

    #: The whole text.
    text: str
    #: The sentence in question.
    sentence: Span
    #: Names in that sentence, as the model tagged them.
    names: tuple[Name, ...]
    #: States, and where they are named.
    countries: tuple[tuple[Span, Country], ...]

    def words(self, start: int, end: int) -> list[Word]:
        """The words of a range."""
        found = []
        for match in _WORD.finditer(self.text, start, end):
            possessive = _POSSESSIVE.search(match[0])
            stop = match.start() + (possessive.start() if possessive else len(match[0]))
            if stop > match.start():
                word = self.text[match.start() : stop]
                if word.endswith(".") and (stop == self.sentence.end or (len(word) > 6 and word.count(".") == 1)):  # noqa: PLR2004 - longer than any short form of a title
                    stop, word = stop - 1, word[:-1]
                found.append(Word(match.start(), stop, word, possessive is not None))
        return found

    def named(self, word: Word, *types: NameType) -> Name | None:
        """The name of one of these types that a word stands in."""
        return next((n for n in self.names if n.type in types and n.span.start <= word.start < n.span.end), None)

    def opens(self, word: Word) -> bool:
        """Whether a capital is only that of a sentence: the model tagged names, and this is none (`Traditional owner`)."""
        plain = not word.possessive and word.text[1:].islower() and word.start == self.sentence.start
        return plain and bool(self.names) and self.named(word, *NameType) is None and not find_countries(self.text, word.start, word.end)

    def within(self, word: Word) -> bool:
        """Whether a word is in the name of a state."""
        return any(span.start <= word.start < span.end for span, _ in self.countries)

    def country(self, start: int, end: int) -> tuple[Span, Country] | None:
        """First state named in a range, unless the words are a person's (`Jordan Peters`)."""
        for span, country in self.countries:
            if start <= span.start and span.end <= end:
                tag = next((n for n in self.names if n.span.start <= span.start < n.span.end), None)
                if tag is not None and tag.type is NameType.PERSON and country.kind != "demonym":
                    continue
                # `Washington Post` is a name, `Ohio Gov.` a governor of Ohio.
                named = (
                    re.match(r" (?=[A-Z])(\w+)", self.text[span.end : end])
                    if country.kind == "capital" or (country.kind == "region" and country.ambiguous)
                    else None
                )
                if self._foreign(span) or (named and not is_office(Word(span.end, span.end, named[1]))):
                    continue
                return span, country
        return None

    def _foreign(self, span: Span) -> bool:
        """Whether a hyphen makes it somebody else's state: `pro-Russian`, `Iran-backed`, `US-China`."""
        before = re.search(r"(\w+)-$", self.text[max(span.start - 16, 0) : span.start])
        after = re.match(r"-(\w+)", self.text[span.end : span.end + 24])
        return (before is not None and before[1].lower() not in {"ex", "former"}) or (after is not None and after[1] not in _OWN)

    def cut(self, words: Sequence[Word]) -> Span | None:
        """From the first of some words to the last; None if there are none."""
        return Span.of(self.text, words[0].start, words[-1].end) if words else None


def is_office(word: Word) -> bool:
    """Whether a word can be the head of an office or trade."""
    known = titles()
    if word.capital and (word.stem in known["office"] or word.stem in known["rank"]):
        return True
    if (word.capital and not is_noun(word.stem)) or word.lower.endswith("ed"):
        return is_plain(word)  # a surname may end like a trade: `Litzman`
    kinds = kinds_of_noun(word.stem)
    return "P" in kinds or ("p" in kinds and not any(kind in kinds for kind in "OGDLog")) or word.lower in {"head", "chair"} or is_plain(word)


@cache
def forms_of_title() -> frozenset[str]:
    """All forms of address, offices and ranks that may stand before a name."""
    known = titles()
    return known["address"] | known["office"] | known["rank"]


def is_plain(word: Word) -> bool:
    """Whether a word says of people what they are, but no office."""
    return singular(word.lower) in titles()["plain"] and word.text.islower() | word.text[1:].islower()


def is_body(word: Word) -> bool:
    """Whether a word can be the head of an organization."""
    kinds = kinds_of_noun(word.stem)
    if "P" in kinds or word.lower in PLACES or ("-" in word.text and word.lower not in BODIES):
        return False
    return "O" in kinds or ("o" in kinds and any(kind in kinds for kind in "GL")) or word.lower in BODIES


#: Organizations by their building or by what they hold, which WordNet files elsewhere.
BODIES = word_set("ministry parliament senate congress department office bank institute campaign cabinet treasury lab charity fund thinktank think-tank")


#: Places that WordNet files as organizations, too.
PLACES = word_set("country nation state land city town village region county district province kingdom republic world area territory commonwealth opposition")


def is_titled(run: Sequence[Word]) -> bool:
    """Whether a capitalised run is an office (`Prime Minister`) and not a name that ends like one (`Kerry Baker`)."""
    known = titles()
    head = run[-1]
    if any(w.stem in known["address"] for w in run):
        return False
    return head.stem in known["office"] or all(
        is_noun(w.stem) or w.lower in {"and", "prime", "foreign", "former", "acting", "deputy", "vice"} for w in run[:-1]
    )
