"""Where a statement was made: the kind of occasion, and the place.

Only what stands with the speaking counts: in the cue's clause, outside the content, and not in the speaker's own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onrecord.occasions.clauses import Clause, clause_of
from onrecord.occasions.venues import Sense, lexicon
from onrecord.statements.statement import Statement
from onrecord.text import Span

__all__ = ["Where", "where_said"]

#: Words of a noun phrase, from after its preposition to its noun: no punctuation, no other preposition, no verb of telling.
_AT = r"in|on|at|to|during|before|outside|inside|from|via|through|by"
_PHRASE = re.compile(
    rf"\b(?P<preposition>{_AT})\s+"
    rf"(?P<phrase>(?:(?!(?:{_AT}|after|about|over|with|for|that|who|which|said)\b|(?:and|of) (?-i:[a-z]))[\w$][\w.'’&-]*\s+){{0,6}})$",
    re.IGNORECASE,
)
#: A word after the noun that makes it part of a longer one; these do not.
_GOES_ON = re.compile(
    r"[ -](?!(?:on|in|at|with|last|this|late|early|yesterday|today|earlier|before|after|to|for|by|of|from|and|that|when|where|as|about|during|held|aired"
    r"|published|released|issued|broadcast|posted|saying|over)\b)[a-z]"
)
_DETERMINER = re.compile(r"^(?:(?:the|an?|his|her|its|their|this|that|another|recent|later|earlier|separate|brief)\s+)+", re.IGNORECASE)
#: `said to the court`, and no longer phrase: `to` mostly goes with a verb.
_DIRECTLY = re.compile(r"(?:the )?(?:[A-Z]\S+ |news |press |joint )*")
_TOLD = re.compile(
    r"\b(?:told|tells|telling|tell|informed|assured|reminded|addressed|addressing|addresses|briefed|briefing)\s+"
    rf"(?P<phrase>(?:the\s+)?(?:(?!(?:{_AT}|after|about|over|with|of|and|that|he|she|they)\b)[\w'’&-]+\s+){{0,3}})$",
    re.IGNORECASE,
)
_NAMED = re.compile(r" of (?:the )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")
_LONGER = re.compile(r" (?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[A-Z]")
_PLACES = frozenset({"location", "facility"})
_POSSESSIVE = re.compile(r"['’]s?\b")
_PLACED = re.compile(r"\b(?:in|at|from|near|outside|on) (?:the )?(?:[a-z]+ )?(?:(?:city|town|capital|village|port) (?:of )?)?$")
#: Between a venue and the place it is in: `at his estate in Florida`, `in the capital, Rabat`.
_JOINED = re.compile(r"^(?:,? (?:in|at|near|outside|on|to|from),? (?:the )?(?:(?:[a-z]+ )?(?:city|town|capital|village|port|state) (?:of )?)?|, )$")


@dataclass(frozen=True, slots=True)
class Where:
    """Venue and place of a statement, as words of the text; none where the text does not say."""

    #: The occasion or site: `TV interview`, `Mar-a-Lago estate`.
    venue: Span | None = None
    #: Name of the place.
    place: Span | None = None
    #: Sense of the venue in the lexicon: `interview`, `briefing`, `site` ...
    kind: str | None = None


def where_said(text: str, statement: Statement, *, sentence: Span, names: Sequence[tuple[Span, str]] = ()) -> Where:
    """Find venue and place of a statement.

    Args:
        text: The revision's text.
        statement: A statement in it.
        sentence: The sentence that its cue stands in.
        names: Names in the text with their types (`person`, `organization`, `location`, `facility` ...); those elsewhere are passed over.

    Returns:
        What stands with the speaking. Of several venues the closest to the cue counts; equally close ones, the first.
    """
    clause = clause_of(text, statement, sentence=sentence)
    if clause is None:
        return Where()
    inside = sorted((s, kind) for s, kind in names if sentence.start <= s.start and s.end <= sentence.end and text[s.start : s.end] == s.exact)
    venue = min(_venues(text, clause), default=None, key=lambda v: v[0])
    place = _place(clause, [s for s, kind in inside if kind in _PLACES], venue[1] if venue else None)
    if venue is None:
        return Where(None, place, None)
    return Where(venue[1], None if place == venue[1] else place, venue[2].name)


def _venues(text: str, clause: Clause) -> Iterator[tuple[int, Span, Sense]]:
    """Occasions that stand with the speaking, with how close they are."""
    for begin, end, sense in lexicon().find(clause.masked):
        start = _phrase_start(clause.masked, begin, end, sense)
        if start is None:
            continue
        past = end
        if clause.masked[begin].isupper():
            # A capital makes it part of a name: `University of Rabat` is taken whole, `Capitol Hill` is no Capitol.
            rest = _NAMED.match(clause.masked, end)
            if rest is None and _LONGER.match(clause.masked, end):
                continue
            past = rest.end() if rest else end
        a, b = clause.start + start, clause.start + past
        standing = clause.standing(a, b, time=False)
        if standing is not None and not _POSSESSIVE.match(clause.masked, past):
            yield standing.rank, Span.of(text, a, b), sense


def _phrase_start(masked: str, start: int, end: int, sense: Sense) -> int | None:
    """Where a venue's noun phrase begins, its determiner left out, if a preposition or a verb of telling puts the speaking there."""
    # The noun must end its phrase: `interview` in `interview transcript` is none.
    if _GOES_ON.match(masked, end):
        return None
    before = masked[:start]
    m = _PHRASE.search(before)
    if m and m["preposition"].lower() in sense.at and (m["preposition"].lower() != "to" or _DIRECTLY.fullmatch(m["phrase"])):
        return _after_determiner(before, m.start("phrase"))
    m = _TOLD.search(before) if sense.told else None
    if m and (m.end() == start):
        return _after_determiner(before, m.start("phrase"))
    return None


def _after_determiner(before: str, start: int) -> int:
    m = _DETERMINER.match(before[start:])
    return start + (m.end() if m else 0)


def _place(clause: Clause, places: Sequence[Span], venue: Span | None) -> Span | None:
    """The place that stands with the speaking; one that the venue is in comes first, and the innermost of a chain."""
    best: tuple[int, Span] | None = None
    for place in places:
        a, b = place.start - clause.start, place.end - clause.start
        before = clause.masked[:a]
        if venue is not None and venue.start <= place.start < venue.end:
            continue
        if venue is not None and place.start >= venue.end and _JOINED.match(clause.masked[venue.end - clause.start : a]):
            return place
        if _POSSESSIVE.match(clause.masked, b) or not re.search(
            r"\b(?:in|at|from|near|outside|on) (?:the )?(?:[a-z]+ )?(?:(?:city|town|capital|village|port) (?:of )?)?$", before
        ):
            continue
        standing = clause.standing(place.start, place.end, time=False)
        if standing is not None and (best is None or standing.rank < best[0]):
            best = (standing.rank, place)
    return best[1] if best else None
