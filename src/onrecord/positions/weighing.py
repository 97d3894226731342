"""What the network says of a statement beside an issue, weighed with what else tells where it stands.

Asked of an issue that it never saw, the network hears that a side is taken better than on what, and better than which (docs/design/positions.md has the
measurements). So three questions are put one after another, each to a logistic model over a few numbers that can be looked at:

1. Does the statement bear on the issue? By the network; how near the statement is to what the issue says of itself; whether it, or what leads to it, names the
   issue, or has the words of its sides; whether another issue that is followed is nearer.
2. Does it take a side, a side under a condition, or none? By the network, by how far the act goes with a side at all, by words of a condition, and by what says
   that it bears on the issue.
3. Which side? By its act (who rejects is not who proposes), above all if it is done to the issue itself ("rejected the levy"), turned around where a word of
   ending or hindering stands between act and issue ("demanded an end to the levy"); by such words behind the issue's name; by the words in which the issue says
   what being for and against it means; and by the network.

What tells little leaves both sides below one half, and is then no position that counts. The weights stand in the model's manifest; `training/weighing.py`
fits them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.models import Weights
from onrecord.positions.act import Act
from onrecord.positions.agenda import Issue
from onrecord.positions.conditions import find_conditions
from onrecord.positions.retrieval import Wording, places_of, wording
from onrecord.positions.softmax import softmax
from onrecord.statements.wording import plain_words, terms
from onrecord.text import Span

__all__ = ["AGAINST", "BEARS", "FOR", "KIND", "SIDE", "WEIGHING_VERSION", "Acts", "Heard", "hear", "numbers", "weigh"]

#: Version of the numbers that follow; weights say for which they were made.
WEIGHING_VERSION = "weighing.v1"
#: What each question is answered by, in the order of the weights; the last weight is added as it is.
BEARS = ("none", "near", "rival", "named", "led to", "words")
KIND = ("conditional", "neutral", "assert", "condition", "named", "near", "words", "act")
SIDE = ("act", "direct act", "turned act", "ended", "worded", "network")
#: Acts that go with a side, whatever is spoken of; the others go with neither.
FOR = (Act.SUPPORT, Act.PRAISE, Act.PROPOSE, Act.DEMAND, Act.PROMISE, Act.DECIDE)
AGAINST = (Act.REJECT, Act.ACCUSE, Act.WARN, Act.THREATEN, Act.EXPRESS_CONCERN)

#: Words that turn around what is said of what follows them.
_TURNING = (
    "reject oppose refuse resist decline deny block stop halt end cancel scrap abandon drop repeal revoke rescind reverse undo overturn veto kill defeat "
    "delay postpone suspend limit curb restrict cut reduce weaken undermine gut dismantle abolish eliminate remove withdraw quit leave exit "
    "lift ease relax avert avoid prevent forbid prohibit ban bar outlaw against opposition opponent obstruct stall hinder sabotage derail sink defund "
    "violate breach break critic criticism anti without not never unless lack absence fail instead"
)
#: How many words before an issue's name, and before a word of its sides, are looked at for them.
_REACH, _NEXT = 6, 3
#: How many behind an issue's name, and more words that turn it around there.
_BEHIND_IT, _GONE = 5, frozenset({"out", "off", "away"})
#: How many words may stand between a cue and the name of what it is done to.
_AT_ONCE = 2
#: Where a clause ends.
_CLAUSE = re.compile(r"[.!?;—–]|\s-\s|,\s(?:but|while|although|because|which|who)\b|\bbut\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’']?\s+")
#: Words of an issue that many issues have, and that alone name none.
_COMMON = "new further federal national temporary higher lower bill law act plan proposal agreement deal question rule policy right reform"
#: Probabilities of acts below this tell nothing more.
_FLOOR = 1e-3
_MOST = 2
#: What comes behind the word that a label is of.
_BEHIND = re.compile(r"\s+(?:of|on|for|with|to|by|from|in|at|over|against|between|under|into|as|that|and|or|\w+ed)\b|[(,;:]")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the words of a statement tell of an issue."""

    #: Whether the statement names the issue.
    named: bool = False
    #: Whether only the sentence before it does.
    led_to: bool = False
    #: Whether what is done is done to the issue itself: its name comes right behind the cue.
    direct: bool = False
    #: Whether what is said of the issue is turned around by a word before its name.
    turned: bool = False
    #: Whether such a word comes behind its name: "the levy must end".
    ended: bool = False
    #: How many of the words it has in which the issue says what being for and against it means, at most 2.
    words: int = 0
    #: Those of being for it less those of being against it, -2 to 2.
    worded: int = 0
    #: Whether a condition is said.
    condition: bool = False


@dataclass(frozen=True, slots=True)
class Acts:
    """How likely statements are to do what."""

    #: Shape (n, acts).
    probabilities: NDArray[np.float32]
    #: What the columns are of.
    labels: Sequence[str]

    def of(self, some: Sequence[Act]) -> NDArray[np.float64]:
        """That a statement does one of some things, shape (n,)."""
        total: NDArray[np.float64] = self.probabilities[:, [list(self.labels).index(a) for a in some]].sum(axis=1, dtype=np.float64)
        return total


@dataclass(frozen=True, slots=True)
class _Issue:
    names: Wording
    #: The word that its label is of, and that word in singular and plural: `armed` says nothing of arms, though it has their stem.
    head: str
    forms: frozenset[str]
    for_: frozenset[str]
    against: frozenset[str]


def hear(issue: Issue, said: str, before: str) -> Heard:
    """Look for an issue in the words of a statement.

    Args:
        issue: The issue.
        said: What was said, see `onrecord.positions.inputs.said_of`.
        before: The words before.

    Example:
        >>> levy = Issue("levy", "Levy on ships", ("ship tax",), "charging ships", "letting them in free")
        >>> hear(levy, "demanded: an end to the ship tax", "").turned
        True
    """
    asked = _asked(issue)
    cue, colon, content = said.partition(": ")
    cue, content = (cue, content) if colon else ("", said)
    named = bool(places_of(_words(cue, asked), asked.names))
    turned, ended, direct, words, worded = None, False, False, 0, 0
    # A word of a side says its side, and turns nothing around.
    turning = _turning() - asked.for_ - asked.against
    for nth, clause in enumerate(_clauses(content, asked)):
        found = places_of(clause, asked.names)
        named = named or bool(found)
        direct = direct or bool(found and nth == 0 and found[0][0] <= _AT_ONCE)
        if found and turned is None:
            first, last = found[0]
            turned = _turns(clause[max(0, first - _REACH) : first], asked.names)
            ended = _turns(clause[last + 1 : last + 1 + _BEHIND_IT], asked.names, _GONE)
        for at, word in enumerate(clause):
            side = (word in asked.for_) - (word in asked.against)
            words += side != 0
            worded += -side if any(w in turning for w in clause[max(0, at - _NEXT) : at]) else side
    led_to = not named and bool(places_of(_words(_SENTENCE.split(before.strip())[-1], asked), asked.names))
    condition = bool(find_conditions(said, [Span.of(said, 0, len(said))])) if said else False
    return Heard(named, led_to, direct, bool(turned), ended, min(_MOST, words), max(-_MOST, min(_MOST, worded)), condition)


def numbers(
    logits: NDArray[np.float32], acts: Acts, near: NDArray[np.float32], rival: NDArray[np.float32], heard: Sequence[Heard]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """What the three questions are answered by.

    Args:
        logits: The network's: not on the issue, support, oppose, conditional, neutral; a row a statement, shape (n, 5).
        acts: What the statements do.
        near: How near each statement is to its issue, shape (n,).
        rival: How near it is to the nearest other issue; minus infinity where there is none.
        heard: What the words tell.

    Returns:
        A column for each of `BEARS`, of `KIND`, of `SIDE`.
    """
    shares = softmax(logits.astype(np.float64))
    logs = np.log(shares + 1e-9)
    sides = np.log(shares[:, 1] + shares[:, 2] + 1e-9)
    act = np.log(acts.of(FOR) + _FLOOR) - np.log(acts.of(AGAINST) + _FLOOR)
    said = {f.name: np.array([getattr(h, f.name) for h in heard], dtype=np.float64) for f in fields(Heard)}
    # Another issue that is nearer speaks against this one; one that is further off says nothing.
    behind = np.minimum(0.0, near.astype(np.float64) - rival)
    bears = (logs[:, 0] - np.log(1 - shares[:, 0] + 1e-9), 20.0 * near, 20.0 * behind, said["named"], said["led_to"], said["words"])
    taken = (logs[:, 3] - sides, logs[:, 4] - sides, np.log(acts.of((Act.ASSERT,)) + 10 * _FLOOR), said["condition"])
    kind = (*taken, said["named"], 20.0 * near, said["words"], np.abs(act))
    side = (act, act * said["direct"], act * said["turned"], said["ended"], said["worded"], logits[:, 1] - logits[:, 2])
    return _columns(bears), _columns(kind), _columns(side)


def weigh(weights: Weights, bears: NDArray[np.float64], kind: NDArray[np.float64], side: NDArray[np.float64]) -> NDArray[np.float32]:
    """Answer the three questions.

    Args:
        weights: From the manifest.
        bears: See `numbers`.
        kind: Likewise.
        side: Likewise.

    Returns:
        Probabilities, shape (n, 5): not on the issue, support, oppose, conditional, neutral.
    """
    on = _sigmoid(_line(bears, weights.bears))
    which = softmax(np.stack([np.zeros(len(kind)), _line(kind, weights.conditional), _line(kind, weights.neutral)], axis=1))
    support = _sigmoid(_line(side, weights.side))
    out = (1 - on, on * which[:, 0] * support, on * which[:, 0] * (1 - support), on * which[:, 1], on * which[:, 2])
    return np.stack(out, axis=1).astype(np.float32)


@lru_cache(maxsize=1 << 10)
def _asked(issue: Issue) -> _Issue:
    names = wording(issue).names
    noun = _head(issue.label)
    head = _stems(noun)[0] if noun else ""
    if head:
        names = (*names, (head,))
    own = {stem for name in names for stem in name}
    for_, against = (frozenset(t.stem for t in terms(side or "") if t.telling) - own for side in (issue.pro, issue.contra))
    return _Issue(Wording(names), head, _forms(noun), for_ - against, against - for_)


def _head(label: str) -> str:
    """The word that a label is of, if it says enough alone: `ceasefire` of "30-day ceasefire proposed by the US"; else nothing."""
    phrase = _BEHIND.split(label, maxsplit=1)[0].split()
    if not phrase or not (len(phrase) == 1 or phrase[-1][0].islower()):
        return ""
    told = terms(phrase[-1])
    return phrase[-1].lower() if len(told) == 1 and told[0].kind == "word" and told[0].stem not in _common() else ""


def _forms(noun: str) -> frozenset[str]:
    """A noun in singular and plural."""
    one = {noun, noun.removesuffix("s"), noun.removesuffix("es"), re.sub("ies$", "y", noun)}
    return frozenset((*one, f"{noun}s", f"{noun}es", re.sub("y$", "ies", noun)))


def _clauses(text: str, asked: _Issue) -> list[list[str]]:
    return [_words(clause, asked) for clause in _CLAUSE.split(text) if clause.strip()]


def _words(text: str, asked: _Issue) -> list[str]:
    stems = _stems(text)
    if asked.head in stems and asked.forms.isdisjoint(plain_words(text)):
        return ["" if stem == asked.head else stem for stem in stems]
    return stems


def _stems(text: str) -> list[str]:
    return [t.stem for t in terms(text)]


def _turns(stems: Sequence[str], names: Wording, more: frozenset[str] = frozenset()) -> bool:
    """Whether they have an odd number of words that turn around what they stand beside; one that is in an issue's name does not."""
    turning = _turning() | more
    return sum(stem in turning and not any(stem in name for name in names.names) for stem in stems) % 2 == 1


@lru_cache(maxsize=1)
def _turning() -> frozenset[str]:
    return frozenset(_stems(_TURNING))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(_stems(_COMMON))


def _columns(numbers: Sequence[NDArray[Any]]) -> NDArray[np.float64]:
    return np.stack([np.asarray(x, dtype=np.float64) for x in numbers], axis=1)


def _line(numbers: NDArray[np.float64], weights: Sequence[float]) -> NDArray[np.float64]:
    line: NDArray[np.float64] = numbers @ np.array(weights[:-1]) + weights[-1]
    return line


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return out
