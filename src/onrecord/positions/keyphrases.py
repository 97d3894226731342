"""Key phrases: what a statement is about, by statistics of words alone. A phrase is a few telling words in a row, with words of grammar between them.

`the closing of the old pier` and `close the old pier` are one phrase, since both have the same stems. What weighs is told by counts: a word that every
statement of a ledger has says little, and a phrase that some statements have and the others have not is what those are about (Dunning 1993).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from onrecord.articles.differences import QUOTE, folded_words
from onrecord.statements.wording import terms

__all__ = ["Background", "Phrase", "key_phrases", "key_stems", "likelihood_ratio", "shares"]

#: Telling words of the longest phrase.
_LONGEST = 4
#: Words of grammar between two telling words of one phrase, at most.
_BETWEEN = 3
#: Words that a phrase goes on across; it neither begins nor ends with one.
_LINKS = frozenset(
    "the a an of for in on to at from with into between against over its their our his her your my this that these those any no not".split()  # noqa: SIM905
)
#: What may stand between two words of one phrase.
_GAP = re.compile(r"[\s\-‐‑'’]*\Z")
#: Kinds of words that stand inside a phrase and are no part of what it is told by.
_PASSED = frozenset(("light", "number"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A few telling words in a row.

    Example:
        >>> [p.words for p in key_phrases("Close the old pier, please") if len(p.stems) == 3]
        ['Close the old pier']
    """

    #: Its telling words, each in one form for all its forms, in the order of the alphabet: what it is known again by.
    stems: tuple[str, ...]
    #: As it stands in the text.
    words: str


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    stem: str
    #: 2 tells something, 1 stands inside phrases only, 0 ends them.
    weight: int
    #: A number, or a word of every topic: shown before the telling word that it belongs to.
    shown: bool = False


def key_stems(text: str) -> tuple[str, ...]:
    """The telling words of a text in order, each in one form for all its forms; without numbers, days, months and words of every topic.

    Args:
        text: What was said.

    Example:
        >>> key_stems("We will not close the old pier this year")
        ('clos', 'old', 'pier')
    """
    return tuple(w.stem for w in _words(text) if w.weight == 2)  # noqa: PLR2004 - telling


def key_phrases(text: str) -> tuple[Phrase, ...]:
    """The phrases of a text: one to four telling words in a row; each set of stems once, as it stands first.

    Args:
        text: What was said.
    """
    found: dict[tuple[str, ...], Phrase] = {}
    for run in _runs(text):
        telling = [n for n, w in enumerate(run) if w.weight == 2]  # noqa: PLR2004
        for first in range(len(telling)):
            for last in range(first, min(first + _LONGEST, len(telling))):
                stems = tuple(sorted({run[n].stem for n in telling[first : last + 1]}))
                found.setdefault(stems, Phrase(stems, _shown(text, run, telling[first], telling[last])))
    return tuple(found.values())


def _shown(text: str, run: Sequence[_Word], first: int, last: int) -> str:
    """The words of a phrase, with numbers and the like before it: `30-day ceasefire`, `new hospital`."""
    while first and run[first - 1].shown:
        first -= 1
    return " ".join(text[run[first].start : run[last].end].split())


def _runs(text: str) -> Iterator[list[_Word]]:
    """Words in a row that a phrase may go across."""
    run: list[_Word] = []
    passed = 0
    for word in _words(text):
        passed = passed + 1 if word.weight == 1 else 0
        joined = bool(run) and word.weight > 0 and passed <= _BETWEEN and _GAP.match(text, run[-1].end, word.start)
        if run and not joined:
            yield run
            run = []
        if word.weight:
            run.append(word)
    if run:
        yield run


@lru_cache(maxsize=1 << 15)
def _words(text: str) -> tuple[_Word, ...]:
    return tuple(_Word(w.start, w.end, *_read(text[w.start : w.end])) for w in folded_words(text) if w.folded != QUOTE)


@lru_cache(maxsize=1 << 16)
def _read(word: str) -> tuple[str, int, bool]:
    """Stem and weight of a word, and whether it is shown before a phrase."""
    # Read behind another word: alone, `US` would be a headline's `us`.
    read = terms(f"a {word}")[1:]
    if len(read) != 1 or read[0].kind in ("weekday", "month", "polar"):
        return "", 0, False
    stem, kind = read[0].stem, read[0].kind
    if kind in _PASSED:
        return stem, 1, True
    if word.casefold() in _LINKS:
        return stem, 1, False
    return stem, 2 if read[0].telling and any(c.isalpha() for c in word) else 0, False


@dataclass(frozen=True, slots=True)
class Background:
    """How many of some texts have each word, to tell what is common in a ledger.

    Example:
        >>> Background.of(["the pier", "a pier", "the ferry"]).weight("pier") < Background.of(["the pier", "a pier", "the ferry"]).weight("ferry")
        True
    """

    #: How many texts.
    texts: int
    #: How many of them have a stem.
    counts: Mapping[str, int]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Background:
        """Count.

        Args:
            texts: Contents of statements, of any act.
        """
        counts: Counter[str] = Counter()
        total = 0
        for text in texts:
            total += 1
            counts.update(set(key_stems(text)))
        return cls(total, counts)

    def weight(self, stem: str) -> float:
        """What a word tells: the logarithm of how rare it is (Spärck Jones 1972)."""
        return math.log((self.texts + 1) / (self.counts.get(stem, 0) + 0.5))


def likelihood_ratio(inside: int, size: int, outside: int, rest: int) -> float:
    """How surely something is more frequent inside than outside: Dunning's logarithm of the likelihood ratio; 0 if it is not more frequent.

    Args:
        inside: How many inside have it.
        size: How many are inside.
        outside: How many outside have it.
        rest: How many are outside.

    Example:
        >>> round(likelihood_ratio(8, 10, 4, 1000), 1), likelihood_ratio(1, 10, 500, 1000)
        (68.1, 0.0)
    """
    if not size or not inside or (rest and inside / size <= outside / rest):
        return 0.0
    share = (inside + outside) / (size + rest)
    observed = ((inside, size * share), (outside, rest * share), (size - inside, size * (1 - share)), (rest - outside, rest * (1 - share)))
    return 2 * sum(n * math.log(n / expected) for n, expected in observed if n and expected)


def shares(stems: Sequence[str], background: Background) -> dict[str, float]:
    """What each stem of a text weighs in it, so that the squares make 1; empty for a text without any.

    Args:
        stems: Its telling words.
        background: How common they are.
    """
    weights = {stem: background.weight(stem) for stem in dict.fromkeys(stems)}
    length = math.sqrt(sum(w * w for w in weights.values()))
    return {stem: w / length for stem, w in weights.items()} if length else {}
