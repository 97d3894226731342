"""Delayed identification: news often gives an office first and the name a paragraph later.

"The defence secretary said ... Ana Sousa added ..." A name that comes up as the source of the next statement, for the first time and with no
office of its own, is taken for the office holder just quoted, whom nothing else names. The convention is that of news writing handbooks (the
"delayed-identification lead"); it decides only where the model leaves the office without a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from onrecord.actors.actor import ActorType
from onrecord.actors.coreference import Found
from onrecord.actors.data import kinds_of_noun
from onrecord.actors.entities import Entities, named_by
from onrecord.actors.mentions import FORMS
from onrecord.actors.names import Name
from onrecord.statements import Statement

__all__ = ["identify_later"]

#: The office must be unnamed with at least this probability.
_FREE = 0.4
#: Sentences between the office and the name.
_NEAR = 4
#: How sure the convention is, as a probability for the named actor.
_TRUST = 0.8
_OFFICE = re.compile(r"^(?:[Tt]he|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur|[A-Z][\w.’'-]*['’]s?)\s", re.UNICODE)


def identify_later(found: Found, entities: Entities, statements: Sequence[Statement], names: Sequence[Name]) -> Entities:
    """Give offices the names that follow them.

    Args:
        found: Mentions with their links.
        entities: Entities of the article.
        statements: Statements, in order.
        names: Names of the text, in order.
    """
    spread = [dict(s) for s in entities.spread]
    sources = sorted({(s.source[0].start, s.source[0].end) for s in statements if len(s.source) == 1})
    first_mention = _first_mentions(entities)
    changed = False
    for (start, end), (next_start, next_end) in pairwise(sources):
        office, named = found.number_of(start, end), found.number_of(next_start, next_end)
        if office is None or named is None or not _is_free_office(found, entities, spread, office):
            continue
        heads = named_by(found.text, next_start, next_end, names)
        owner = max(spread[named], key=spread[named].__getitem__, default=-1) if len(heads) == 1 else -1
        if owner < 0 or entities.all[owner].type is not ActorType.PERSON or not entities.all[owner].names:
            continue
        # In one paragraph two speakers are two; the name that completes an office opens the next.
        near = found.mentions.paragraph[named] - found.mentions.paragraph[office] == 1
        near = near and found.mentions.sentence[named] - found.mentions.sentence[office] <= _NEAR
        bare = heads[0].span.start - next_start <= len("Mr. ") and not found.text[heads[0].span.end :].startswith(", ")
        if near and bare and first_mention.get(owner, -1) >= next_start - 1:
            own = _own_entity(entities, spread[office])
            for s in spread:
                if own in s:
                    share = s.pop(own)
                    s[owner] = s.get(owner, 0.0) + share * _TRUST
                    s[own] = share * (1 - _TRUST)
            changed = True
    return replace(entities, spread=tuple(spread)) if changed else entities


def _holds_office(head: str) -> bool:
    """Whether a head noun is a trade or an office, as WordNet has it; `the killer` and `the victim` are none."""
    return "t" in kinds_of_noun(head).lower()


def _first_mentions(entities: Entities) -> dict[int, int]:
    return {e.number: min(n.start for n in e.names) for e in entities.all if e.names}


def _own_entity(entities: Entities, spread: dict[int, float]) -> int:
    return max((e for e in spread if not entities.all[e].names), key=spread.__getitem__, default=-1)


def _is_free_office(found: Found, entities: Entities, spread: Sequence[dict[int, float]], number: int) -> bool:
    if found.mentions.form[number] < FORMS.index("name") or not _OFFICE.match(found.span(number).exact):
        return False
    if found.probability(number, "person") < _FREE or not _holds_office(found.mentions.heads[number]):
        return False
    return sum(p for e, p in spread[number].items() if not entities.all[e].names) >= _FREE
