"""Why a mention was taken for an actor, in words a person can check."""

from __future__ import annotations

from onrecord.actors.coreference import Found
from onrecord.actors.entities import Entities
from onrecord.actors.voice import Reason

__all__ = ["why"]

#: Weights smaller than this say nothing.
_TOLD = 0.25
#: Steps back that are told: a pronoun, the pronoun before it, the name.
_STEPS = 4

_WORDS = {
    "forms": "the two forms of words go together",
    "sentences apart": "distance in sentences",
    "mentions between": "others mentioned between",
    "paragraphs apart": "distance in paragraphs",
    "words": "the words they share",
    "quotation": "inside or outside quotation marks",
    "nested": "one stands inside the other",
    "statements": "who speaks in the statements around",
    "first in its sentence": "place in the sentence",
    "continuity": "it speaks right after the other has",
    "named after": "the next statement goes on and names who speaks",
    "the words in context": "the words in context, as the model reads them",
}


def why(found: Found, entities: Entities, mention: int, entity: int) -> tuple[Reason, ...]:
    """Follow a mention back to an actor, a step a reason, with the weights of the first step.

    Args:
        found: Mentions with their links.
        entities: Entities of the article.
        mention: Number of the mention.
        entity: Number of the entity.
    """
    out: list[Reason] = []
    at = mention
    for step in range(_STEPS):
        to = entities.through[at].get(entity)
        if to is None:
            break
        out.append(Reason(f"“{_short(found.span(at).exact)}” refers back to “{_short(found.span(to).exact)}”"))
        if step == 0:
            parts = found.reasons(at, to)
            out += [Reason(_WORDS[name], weight) for name, weight in sorted(parts.items(), key=lambda p: -abs(p[1])) if abs(weight) >= _TOLD]
        at = to
    return tuple(out)


def _short(exact: str) -> str:
    return exact if len(exact) <= len("x" * 60) else exact[:57] + "…"
