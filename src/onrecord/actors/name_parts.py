"""Names taken apart, and what comes of comparing two: what the comparisons of people and of organizations share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["APOSTROPHES", "BRACKETS", "LONG", "NOTHING", "NO_LETTERS", "Match", "NameParts", "Part", "Verdict"]

#: What a name says in brackets.
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
APOSTROPHES = re.compile("[ʼ’‘`´ʹ]")
#: All that is no letter or digit, once a name is in ASCII.
NO_LETTERS = re.compile("[^a-z0-9]+")
#: A word of fewer letters is too short to tell one from another.
LONG = 4

Verdict = Literal["same", "compatible", "different"]


@dataclass(frozen=True, slots=True)
class Match:
    """What came of comparing two names."""

    verdict: Verdict
    #: 0 to 1; at least 0.8 for `same`, 0.4 to 0.8 for `compatible`, below for `different`.
    score: float
    #: In words, for people to check.
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a name."""

    #: In ASCII, small letters only.
    plain: str
    #: The same with the ways to write one sound made one.
    sound: str
    #: `name`, `initial` (one letter), `particle` (van, al, bin).
    kind: Literal["name", "initial", "particle"]
    #: A hyphen ties it to the part before.
    tied: bool = False


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name taken apart."""

    parts: tuple[Part, ...]
    #: `jr`, `iii`; empty if none.
    generation: str
    #: Names without a common key are different.
    keys: frozenset[str]
    #: Letters of a short form: of `World Health Organization` both with and without its small words; for people none.
    initials: frozenset[str] = frozenset()
    #: All parts in one.
    joined: str = ""


NOTHING = Match("different", 0.0, "no name in common")
