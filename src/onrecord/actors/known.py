"""From an article's actors to known ones: what a roster settles, and what it leaves open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from onrecord.actors.actor import ActorType, MentionForm
from onrecord.actors.judgements import Identity
from onrecord.actors.roster import Resolution, Roster
from onrecord.actors.voice import Candidate, Reason, Speaker, Voice

__all__ = ["recognise"]

#: Types that a roster holds. Unnamed speakers are never merged with anybody.
_NAMED = frozenset({ActorType.PERSON, ActorType.ORGANIZATION, ActorType.STATE, ActorType.GROUP})


def recognise(voice: Voice, roster: Roster, *, on: date | None, identity: Identity | None = None) -> Voice:
    """Give a speaker the id and the name of the known actor it is, if exactly one fits.

    Args:
        voice: From `find_cast`.
        roster: The known actors.
        on: Day of the article: an office is whose it was on that day.
        identity: Judgements that join actors.
    """
    speaker = voice.speaker
    if speaker.type not in _NAMED or speaker.members or speaker.name is None:
        return voice
    found = _looked_up(speaker, roster, on)
    if found is None:
        return voice
    if found.actor is None:
        if found.verdict != "ambiguous":
            return voice
        others = tuple(Candidate(f.actor.name, f.actor.type, f.score, speaker.span) for f in found.candidates if speaker.span is not None)
        return replace(voice, speaker=replace(speaker, candidates=others, reasons=(*speaker.reasons, Reason(f"roster: {found.reason}"))))
    known = found.actor
    ident = identity.canonical(known.id) if identity else known.id
    shown = roster.get(ident) or known
    reason = Reason(f"roster: {found.reason}")
    return replace(voice, speaker=replace(speaker, id=ident, name=shown.name, country=speaker.country or shown.country, reasons=(*speaker.reasons, reason)))


def _looked_up(speaker: Speaker, roster: Roster, on: date | None) -> Resolution | None:
    role, organization = speaker.role.exact if speaker.role else None, speaker.organization.exact if speaker.organization else None
    by_office = speaker.mention in {MentionForm.TITLE, MentionForm.DESCRIPTION}
    if by_office and role is not None and role in (speaker.name or ""):
        return roster.resolve(None, type=speaker.type, country=speaker.country, role=role, organization=organization, on=on)
    return roster.resolve(speaker.name, type=speaker.type, country=speaker.country, role=role, organization=organization, on=on)
