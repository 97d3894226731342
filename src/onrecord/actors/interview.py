"""Interviews printed as questions and answers: who "I" and "you" are.

The convention of the form (Clayman and Heritage 2002, The News Interview): turns alternate, one asks and one answers, and the answerer is named in the
headline or the introduction. Turns may carry labels ("Orsk: We tried."); a label goes before the alternation.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.actors.actor import ActorType
from onrecord.actors.entities import Entity

__all__ = ["Interview", "find_interview"]

#: Fewer questions make no interview, unless the headline or the introduction says that it is one.
_LEAST_QUESTIONS = 3
#: Share of the text's paragraphs that ask.
_LEAST_SHARE = 0.1
#: Words in a question; what is longer answers, though it may end with one. A question without a mark ("Tell me about your boat") is so much shorter
#: than its answer.
_SHORT, _LONGER = 70, 1.2
#: How sure the convention is.
_TRUST = 0.85
#: Characters between a verb of interviewing and a name that belongs to it.
_NEAR = 90
_QUESTION = re.compile(r"\?[\"'’”)]*\s*$")
_YOU = re.compile(r"\b(?:you|your|yours|yourself|you['’]\w+)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:I|me|my|mine|myself|I['’]\w+|we|our|us)\b")
_LABEL = re.compile(r"([A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}):\s")
_SAYS_SO = re.compile(r"\b(?:interview(?:s|ed|ing|er|ee)?|q ?& ?a|questions and answers)\b", re.IGNORECASE)
_VERB = r"(?:interview(?:s|ed|ing)?|spoke|speaks|talk(?:s|ed)?|sat down|chat(?:s|ted)?|caught up|conversation|questions (?:for|to))\b"
_INTRODUCED = re.compile(_VERB + r"[^.?!]{0,60}$", re.IGNORECASE)
_ASKS = re.compile(r"(?:interview(?:s|ed)|asks|asked)\b|(?:a |our )?(?:reporter|correspondent)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Interview:
    """Turns of an interview."""

    #: Start of each turn, ascending.
    starts: tuple[int, ...]
    #: For each turn: `ask`, `answer`, or `none` before the first question.
    turns: tuple[str, ...]
    #: For each turn: number of the entity that its label names.
    labels: tuple[int | None, ...]
    #: Number of the entity that answers; None if the introduction leaves it open.
    answers: int | None
    #: Number of the entity that asks, if the introduction names it beside the other.
    asks: int | None

    def who(self, offset: int, first_person: bool) -> tuple[int, float, str] | None:  # noqa: FBT001, PLR0911 - I or you; a decision list
        """Who a first or second person at an offset is: entity, how sure, why."""
        turn = bisect.bisect_right(self.starts, offset) - 1
        if turn < 0:
            return None
        if first_person and (label := self.labels[turn]) is not None:
            return label, _TRUST, "the turn is labelled with the name of who speaks"
        if first_person and self.turns[turn] == "ask" and self.asks is not None:
            return self.asks, _TRUST, "the first person in a question of an interview: who the introduction says asked"
        if self.answers is None:
            return None
        if first_person and self.turns[turn] == "answer":
            return self.answers, _TRUST, "the first person in an answer of an interview: whom the introduction names"
        if not first_person and self.turns[turn] == "ask":
            return self.answers, _TRUST, "who is asked in an interview: whom the introduction names"
        return None


def find_interview(text: str, paragraphs: Sequence[tuple[int, int]], entities: Sequence[Entity], quotations: Sequence[tuple[int, int]]) -> Interview | None:
    """Tell whether a text is an interview, and who answers.

    Args:
        text: The text.
        paragraphs: Half-open offsets of its paragraphs, ascending.
        entities: Its entities.
        quotations: Half-open offsets of its quotations: what they hold is no turn.
    """
    people = [e for e in entities if e.type is ActorType.PERSON and e.names]
    labels = [_labelled(text, p, people) for p in paragraphs]
    asks = [_asks(text, paragraphs, n, quotations) for n in range(len(paragraphs))]
    labelled = sum(x is not None for x in labels) >= _LEAST_QUESTIONS
    if True not in asks and not labelled:
        return None
    begin = next(n for n, (ask, label) in enumerate(zip(asks, labels, strict=True)) if ask or (labelled and label is not None))
    told = bool(_SAYS_SO.search(text, 0, paragraphs[begin][0]))
    enough = sum(asks) >= max(_LEAST_QUESTIONS, _LEAST_SHARE * len(paragraphs))
    answers = sum(1 for p, a in zip(paragraphs[begin:], asks[begin:], strict=True) if not a and _FIRST.search(text, *p))
    if not (labelled or (enough and answers >= _LEAST_QUESTIONS) or (told and answers)):
        return None
    turns = _alternating(text, paragraphs, asks, begin)
    one, other = _roles(text, paragraphs[0][1], paragraphs[begin][0], people)
    return Interview(tuple(s for s, _ in paragraphs), turns, tuple(labels), one, other)


def _alternating(text: str, paragraphs: Sequence[tuple[int, int]], asks: Sequence[bool], begin: int) -> tuple[str, ...]:
    """What follows a question answers it, even with a question, unless it is put to somebody ("you")."""
    turns: list[str] = []
    for n, ask in enumerate(asks):
        if n < begin:
            turns.append("none")
        elif ask and not (turns and turns[-1] == "ask" and not _YOU.search(text, *paragraphs[n])):
            turns.append("ask")
        else:
            turns.append("answer")
    return tuple(turns)


def _asks(text: str, paragraphs: Sequence[tuple[int, int]], number: int, quotations: Sequence[tuple[int, int]]) -> bool:
    start, end = paragraphs[number]
    at = bisect.bisect_right(quotations, (end, 0)) - 1
    if at >= 0 and quotations[at][0] <= start and end <= quotations[at][1]:
        return False
    words = text[start:end]
    length = len(words.split())
    if length > _SHORT:
        return False
    if _QUESTION.search(words):
        return True
    following = len(text[slice(*paragraphs[number + 1])].split()) if number + 1 < len(paragraphs) else 0
    return bool(_YOU.search(words)) and following > _LONGER * length


def _labelled(text: str, paragraph: tuple[int, int], people: Sequence[Entity]) -> int | None:
    match = _LABEL.match(text, *paragraph)
    if match is None:
        return None
    label = match[1].casefold()
    found = [e.number for e in people if label in {e.name.casefold(), e.name.split()[-1].casefold(), "".join(w[0] for w in e.name.split()).casefold()}]
    return found[0] if len(found) == 1 else None


def _roles(text: str, headline: int, begin: int, people: Sequence[Entity]) -> tuple[int | None, int | None]:
    """Who answers and who asks, by headline and introduction: named most and first, after "interview with"; the other one beside such a verb asks."""
    told: dict[int, float] = {}
    beside: list[int] = []
    for entity in people:
        early = [n for n in entity.names if n.end <= begin]
        if not early:
            continue
        introduced = sum(bool(_INTRODUCED.search(text[max(0, n.start - _NEAR) : n.start])) for n in early)
        asking = sum(bool(_ASKS.match(text[n.end : n.end + _NEAR].lstrip(" ,"))) for n in early)
        # Whom one interviews is introduced by the full name.
        full = 2 if " " in entity.name else -2
        told[entity.number] = full + len(early) + 2 * introduced - 4 * asking + 3 * any(n.end <= headline for n in early)
        if introduced or asking:
            beside.append(entity.number)
    order = sorted(told, key=lambda e: -told[e])
    if not order or told[order[0]] <= 0 or (len(order) > 1 and told[order[0]] == told[order[1]]):
        return None, None
    others = [e for e in beside if e != order[0]]
    return order[0], others[0] if len(others) == 1 else None
