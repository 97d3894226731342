"""Invented statements on invented proposals, and vectors of words: what suggestions are tested with. The same seed gives the same statements."""

import random
import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from math import comb

import numpy as np
from numpy.typing import NDArray

from onrecord.positions.act import Act
from onrecord.positions.suggesting import Candidate
from onrecord.statements.wording import terms

#: What a proposal is about: a thing, and a place or a group that sets it apart.
_THINGS = (
    "pier", "ferry", "toll", "lighthouse", "tram", "curfew", "quarry", "windmill", "archive", "prison", "hospital", "stadium", "canal", "orchard", "airport",
    "reactor", "pension", "levy", "garrison", "blockade", "amnesty", "ballot", "museum", "tunnel", "bridge", "factory", "library", "embassy", "dam", "market",
)  # fmt: skip
_PLACES = (
    "northern", "southern", "coastal", "granite", "winter", "fishing", "civic", "royal", "mountain", "border", "river", "island", "railway", "military", "federal",
    "eastern", "western", "desert", "harbour", "naval", "regional", "electric", "wooden", "marble", "silver", "iron", "copper", "amber", "cedar", "coral",
)  # fmt: skip
_ACTS = (Act.DEMAND, Act.PROPOSE, Act.PROMISE, Act.SUPPORT, Act.SUPPORT, Act.REJECT, Act.REJECT, Act.THREATEN)
_DEEDS = (
    "build", "refuse", "sell", "open", "close", "defend", "bury", "pay", "fund", "mock", "study", "paint", "rent", "share", "inspect", "praise", "forget",
    "delay", "split", "move", "widen", "raise", "lower", "test", "guard", "mourn", "cancel", "renew", "audit", "insure",
)  # fmt: skip
_FRAMES = (
    "We will {v} the {p}, with {w}",
    "They must not {v} the {p} for {w}",
    "I would {v} the {p} before {w}",
    "Let {w} {v} the {p}",
    "Whoever can {v} the {p} has {w}",
)
_OUTLETS = ("Lantern", "Herald", "Courier", "Kestrel", "Post")
FIRST = date(2026, 1, 1)


def invented(seed: int, proposals: int, each: int, *, noise: int = 0) -> tuple[list[Candidate], list[int]]:
    """Statements, and the number of the proposal that each is about; noise is about nothing that recurs, and each has a number of its own.

    A statement names its proposal (an eighth of them do not), and says three of eight other words that go with it, and one that goes with nothing.
    Two proposals may share the place or the thing, and all share the verbs.
    """
    chance = random.Random(seed)
    pairs = chance.sample([(a, b) for a in _PLACES for b in _THINGS], proposals)
    out: list[tuple[Candidate, int]] = []
    for number, (place, thing) in enumerate(pairs):
        around = [_word(chance) for _ in range(8)]
        for _ in range(each):
            name = "plan" if chance.random() < 0.125 else f"{place} {thing}" + ("s" if chance.random() < 0.2 else "")
            with_it = " and ".join(f"the {w}" for w in [*chance.sample(around, 3), _word(chance)])
            words = chance.choice(_FRAMES).format(v=chance.choice(_DEEDS), p=name, w=with_it)
            out.append((_candidate(chance, words, chance.choice(_ACTS), len(out)), number))
    for n in range(noise):
        with_it = " and ".join(f"the {_word(chance)}" for _ in range(4))
        words = chance.choice(_FRAMES).format(v=chance.choice(_DEEDS), p=f"{chance.choice(_PLACES)} {_word(chance)}", w=with_it)
        out.append((_candidate(chance, words, Act.DEMAND, len(out)), proposals + n))
    chance.shuffle(out)
    return [c for c, _ in out], [n for _, n in out]


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(3)) + chance.choice("bdgklmnprt")


def _candidate(chance: random.Random, words: str, act: Act, number: int) -> Candidate:
    who = chance.randrange(40)
    day = FIRST + timedelta(days=chance.randrange(90))
    return Candidate(f"s1:{number:06}", words, act, 0.5 + chance.random() / 2, f"a1:{who:02}", f"Speaker {who}", chance.choice(_OUTLETS), day)


class Words:
    """Places of texts by their words alone: hashed, all leaning one way as trained ones do."""

    def __init__(self, width: int = 384) -> None:
        self.width = width
        self.texts = 0

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        out = np.full((len(texts), self.width), 0.1, dtype=np.float32)
        for row, text in enumerate(texts):
            for term in terms(text):
                if term.telling:
                    number = zlib.crc32(term.stem.encode())
                    out[row, number % self.width] += 1 if number >> 31 else -1
        return out / np.linalg.norm(out, axis=1, keepdims=True)


def adjusted_rand(one: Sequence[int], other: Sequence[int]) -> float:
    """How alike two partitions are, chance taken out (Hubert and Arabie 1985)."""
    both = sum(comb(n, 2) for n in Counter(zip(one, other, strict=True)).values())
    first, second = (sum(comb(n, 2) for n in Counter(x).values()) for x in (one, other))
    expected = first * second / comb(len(one), 2)
    return (both - expected) / ((first + second) / 2 - expected)
