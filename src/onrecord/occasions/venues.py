"""The lexicon of occasions (`venues.yaml`): which nouns name one, and of which sense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["Lexicon", "Sense", "lexicon"]

_WORD = re.compile(r"(?<![\w'’-])\w[\w&]*(?:['’-]\w+)*")


@dataclass(frozen=True, slots=True)
class Sense:
    """A sense group of the lexicon."""

    #: `interview`, `briefing`, `site` ...
    name: str
    #: Prepositions that put the speaking there.
    at: frozenset[str]
    #: `told X` makes it the venue too.
    told: bool
    #: A date that owns the noun dates the speaking.
    dates: bool
    #: A thing with words in it, which may speak itself: a letter, a report, a post.
    written: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The nouns, found by their first word: one pattern of all of them costs ten times as much."""

    #: Sense of each noun, in lower case, in the singular.
    senses: dict[str, Sense]
    #: For each first word, in the singular and plural, a pattern of the nouns that begin with it.
    starts: dict[str, re.Pattern[str]]

    def sense(self, noun: str) -> Sense | None:
        """The sense of a noun, in the singular or plural."""
        low = noun.lower()
        return self.senses.get(low) or self.senses.get(low.removesuffix("s"))

    def find(self, text: str) -> Iterator[tuple[int, int, Sense]]:
        """Nouns of the lexicon in a text, the longest at each place, with their senses."""
        past = 0
        for word in _WORD.finditer(text):
            pattern = self.starts.get(word[0].lower()) if word.start() >= past else None
            m = pattern.match(text, word.start()) if pattern else None
            sense = self.sense(m[0]) if m else None
            if m and sense:
                past = m.end()
                yield m.start(), m.end(), sense


@cache
def lexicon() -> Lexicon:
    """Read the lexicon that is part of the package."""
    import yaml

    raw = yaml.safe_load(resources.files("onrecord.occasions").joinpath("venues.yaml").read_text(encoding="utf-8"))
    senses: dict[str, Sense] = {}
    for name, group in raw.items():
        sense = Sense(name, frozenset(group["at"]), bool(group.get("to")), bool(group["dates"]), bool(group.get("written")))
        senses.update({noun.lower(): sense for noun in group["nouns"]})
    groups: dict[str, list[str]] = {}
    for noun in sorted(senses, key=len, reverse=True):
        first = _WORD.match(noun)
        for start in (first[0], f"{first[0]}s") if first else ():
            groups.setdefault(start, []).append(re.escape(noun))
    return Lexicon(senses, {start: re.compile(rf"(?:{'|'.join(nouns)})s?(?![\w-])", re.IGNORECASE) for start, nouns in groups.items()})
