"""Whose position a content reports: `Washington says Kyiv accepts the truce` is a position of Kyiv's, at one remove.

A name that the content, or a clause of it, begins with, and a verb of taking sides right behind: that actor is the holder, unless it is the speaker, or the
state that the speaker speaks for. Without a parser nothing more is tried: `the plan, which Kyiv has accepted, will fail` stays the speaker's position.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from onrecord.actors import ActorType, Name, NameType, Speaker
from onrecord.actors.countries import lookup, stands_for_government, state_name
from onrecord.actors.known_actor import actor_id
from onrecord.actors.matching import compare_people
from onrecord.actors.name_parts import Match
from onrecord.actors.organizations import compare_organizations
from onrecord.positions.position import Holder
from onrecord.text import Span

__all__ = ["Known", "holder_of"]

#: What may stand between the name and the verb.
_BETWEEN = (
    r"(?:['’]s\s+(?:government|leaders?|ministers?|officials|parliament|president|side|team|negotiators?|delegation)\s+|\s+(?:government|officials|leaders|lawmakers|"
    r"side|negotiators|Republicans|Democrats)\s+)?\s*(?:,[^,.;]{1,60},\s+)?"
    r"(?:(?:has|have|had|is|are|was|were|will|would|does|did|do|can|could|may|might|must|also|now|still|already|always|never|not|n['’]t|finally|fully|firmly|"
    r"strongly|flatly|clearly|publicly|privately|only|been|being|to|both|all|likely|sure|going)\s+|\w+ly\s+)*"
)
_TAKES = (
    r"(?:accept|agree|approv|back|support|endors|embrac|favou?r|welcom|oppos|reject|refus|resist|rul(?:e|es|ed|ing) out|den(?:y|ies|ied)|object|disagree|balk"
    r"|insist|demand|want|call(?:s|ed|ing)? for|press(?:es|ed|ing)? for|push(?:es|ed|ing)? for|seek|sought|propos(?=e|ing)|offer|promis|pledg|vow|threaten|sign"
    r"|vot(?:e|es|ed|ing)|veto|block|ready|willing|prepared|unwilling|determined|committed|open to|against|in favou?r|for (?:it|this|the)|consider)\w*\b"
)
_VERB = re.compile(rf"{_BETWEEN}{_TAKES}", re.IGNORECASE)
#: What a clause begins behind.
_OPENS = re.compile(r"(?:^|[“\"‘'(\[]|[.!?;:,]\s|\b(?:that|and|but|because|whether|if|while|although|as)\s)\s*(?:the\s|The\s)?$")
_NAMES = {
    NameType.PERSON: ActorType.PERSON,
    NameType.ORGANIZATION: ActorType.ORGANIZATION,
    NameType.LOCATION: ActorType.STATE,
    NameType.NATIONALITY: ActorType.GROUP,
}


class Known:
    """The names of one article, and who of them speaks in it.

    Args:
        text: Of the revision.
        names: Its names, in order.
        speakers: Of its statements.
    """

    def __init__(self, text: str, names: Sequence[Name], speakers: Sequence[Speaker]) -> None:
        self.text, self.names = text, names
        self._starts = [n.span.start for n in names]
        named = (s for s in speakers if s.id and s.name and s.type not in (ActorType.UNNAMED, ActorType.UNKNOWN))
        self._speakers = {s.id: s for s in named}
        self._people = sorted({n.span.exact for n in names if n.type is NameType.PERSON}, key=lambda n: (-len(n.split()), n))

    def within(self, span: Span) -> Sequence[Name]:
        """Names that a span holds."""
        first, last = (bisect_left(self._starts, at) for at in (span.start, span.end))
        return [n for n in self.names[first:last] if n.span.end <= span.end]

    def actor(self, name: Name) -> Holder | None:
        """Who a name is of: a speaker of the article, else by its fullest form in it; None for what is no actor."""
        exact, type_ = name.span.exact, _NAMES.get(name.type)
        country = lookup(exact)
        if country is not None and name.type is not NameType.PERSON:
            if country.kind == "demonym" or (country.kind in ("capital", "name") and stands_for_government(self.text, name.span).use == "place"):
                return None
            official = state_name(country.code) or country.name
            return Holder(actor_id(ActorType.STATE, official, country=country.code), official, str(ActorType.STATE), name.span)
        if type_ is None or type_ is ActorType.STATE:
            return None
        compare = compare_people if type_ is ActorType.PERSON else compare_organizations
        alike = [s for s in self._speakers.values() if s.type is type_ and s.name and _fits(compare(exact, s.name))]
        if len(alike) == 1 and alike[0].name:
            return Holder(alike[0].id, alike[0].name, str(type_), name.span)
        if alike:
            return Holder(None, exact, str(type_), name.span)
        full = [n for n in self._people if n.split()[-1] == exact.split()[-1] and _fits(compare(exact, n))] if type_ is ActorType.PERSON else []
        longest = full[0] if full and all(_fits(compare(full[0], n)) for n in full) else exact
        return Holder(actor_id(type_, longest), longest, str(type_), name.span)


def holder_of(content: Sequence[Span], speaker: Speaker, known: Known) -> Holder | None:
    """Find whose position a content reports.

    Args:
        content: What was said.
        speaker: Who said it.
        known: The article's names.

    Returns:
        The actor, or None if it is the speaker's own position, as far as the words tell.
    """
    for part in content:
        for name in known.within(part):
            if not _OPENS.search(known.text[max(part.start, name.span.start - 40) : name.span.start]):
                continue
            if not _VERB.match(known.text[name.span.end : min(part.end, name.span.end + 140)]):
                continue
            holder = known.actor(name)
            if holder is not None and not _own(holder, speaker):
                return holder
    return None


def _fits(found: Match) -> bool:
    return found.verdict != "different"


def _own(holder: Holder, speaker: Speaker) -> bool:
    """Whether the holder is who speaks, or what the speaker speaks for."""
    if holder.id is not None and holder.id == speaker.id:
        return True
    if holder.type == ActorType.STATE:
        return speaker.country is not None and holder.id == actor_id(ActorType.STATE, holder.name, country=speaker.country)
    if holder.type == ActorType.ORGANIZATION and speaker.organization is not None:
        return _fits(compare_organizations(holder.name, speaker.organization.exact))
    return speaker.name is not None and holder.type == ActorType.PERSON and _fits(compare_people(holder.name, speaker.name))
