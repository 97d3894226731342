"""When a statement was made: which time expression of its sentence dates the speaking.

The date of the article is not an answer: what the text does not date stays open.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from onrecord.occasions.clauses import Clause, clause_of
from onrecord.occasions.edtf import bounds
from onrecord.occasions.expressions import Looking, TimeExpression, resolve
from onrecord.occasions.forms import spot
from onrecord.statements.statement import Statement
from onrecord.text import Span

__all__ = ["When", "carried_on", "said_on", "scene"]

_FUTURE = re.compile(r"\b(?:will|would|shall|going to|(?:is|are) (?:to|due to|set to|expected to|scheduled to)|plans? to)\b(?: \w+){0,2} *$|['’]ll *$")
_FUTURE_CUE = re.compile(r"(?:is |are )?(?:will|shall|going to|expected to|due to|set to|plans? to)\b")
_SCENE = re.compile(
    r"\b(?:spoke|speaking|addressed|appeared|told|said|testified|interview|speech|briefing|(?:press|news) conference|statement|gave evidence|wrote|posted"
    r"|tweeted|remarks)\b",
    re.IGNORECASE,
)
_OTHER_EVENT = re.compile(r"\b(?:after|before|since|until|following|ahead of|prior to|by|who|which|that|will|would)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """The date a statement was made, and the words it was read from."""

    #: The date as EDTF; none if the text does not say.
    edtf: str | None
    #: The time expression.
    basis: Span | None
    #: In words, for people: why this one, or why none.
    reason: str


def said_on(text: str, statement: Statement, *, sentence: Span, published: datetime | None, zone: tzinfo | None = None) -> When:
    """Date the speaking of a statement.

    Args:
        text: The revision's text.
        statement: A statement in it.
        sentence: The sentence that its cue stands in.
        published: When the article came out; days are counted on its own wall clock. Without it only dates with a year resolve.
        zone: Another zone to count days in, such as the outlet's own where `published` is in universal time.

    Returns:
        The date and its words, or none: no expression stands with the cue, several do, or it depends on another date.
    """
    places = list(spot(text, sentence.start, sentence.end))
    if not places:
        return When(None, None, "no time expression in the sentence")
    clause = clause_of(text, statement, sentence=sentence)
    if clause is None:
        return When(None, None, "no cue in the sentence")
    looking = _looking(clause)
    latest = _latest(published, zone) if looking == "back" else None
    best: list[TimeExpression] = []
    best_rank, how, dependent = 9, "", None
    for spotted in places:
        standing = clause.standing(spotted.start, spotted.end)
        if standing is None:
            continue
        expression = resolve(text, spotted, reference=published, looking=looking, zone=zone)
        if expression is None or (latest and bounds(expression.edtf)[0] > latest):
            dependent = Span.of(text, spotted.start, spotted.end)
        elif standing.rank < best_rank:
            best, best_rank, how = [expression], standing.rank, standing.how
        elif standing.rank == best_rank:
            best.append(expression)
    if not best:
        return When(None, None, f"{dependent.exact!r} needs another date" if dependent else "no time expression stands with the cue")
    if len({e.edtf for e in best}) > 1:
        return When(None, None, "several dates stand with the cue: " + ", ".join(e.span.exact for e in best))
    return When(best[0].edtf, best[0].span, how)


def _looking(clause: Clause) -> Looking:
    """What will be said lies ahead; everything else has been said."""
    cue = clause.masked[clause.cue[0] : clause.cue[1]]
    return "ahead" if _FUTURE.search(clause.masked[: clause.cue[0]]) or _FUTURE_CUE.match(cue) else "back"


def _latest(published: datetime | None, zone: tzinfo | None) -> date | None:
    """The last day on which words may have been spoken that an article reports."""
    if published is None:
        return None
    with suppress(ValueError, OverflowError):
        return (published.astimezone(zone) if zone and published.tzinfo else published).date()
    return None


def scene(text: str, *, sentence: Span, published: datetime | None, zone: tzinfo | None = None) -> When:
    """Date a sentence that tells of speaking without being a statement, as `The minister spoke in Rabat on Monday` does.

    Statements of the same speaker right after it may take it with `carried_on`.
    """
    words = text[max(sentence.start, 0) : sentence.end]
    if not _SCENE.search(words) or _OTHER_EVENT.search(words):
        return When(None, None, "no scene is set")
    found = [e for e in (resolve(text, s, reference=published, zone=zone) for s in spot(text, sentence.start, sentence.end)) if e]
    if len(found) != 1 or re.match(r"['’]s?\b", text[found[0].span.end :][:2]):
        return When(None, None, "no one date in the scene")
    return When(found[0].edtf, found[0].span, "the sentence before sets the scene")


def carried_on(own: When, *, previous: When, same_speaker: bool, paragraphs_apart: int = 0) -> When:
    """Date a statement that carries on from another.

    Args:
        own: What its own sentence says.
        previous: The date of the statement just before it, or of the sentence that sets the scene.
        same_speaker: Whether both are of one speaker (`He added`, or a quotation that continues).
        paragraphs_apart: 0 in the same paragraph, 1 in the next; further apart nothing carries.

    Returns:
        Its own date if it has one, or needs another date; else the previous one, with the words that one was read from.
    """
    if own.edtf is not None or previous.edtf is None or not same_speaker or not 0 <= paragraphs_apart <= 1 or own.reason.endswith("needs another date"):
        return own
    return When(previous.edtf, previous.basis, "carried on from the statement before")
