"""Actors: who each mention of a speaker refers to, and the road the words took. Ambiguous means unknown, with candidates."""

from onrecord.actors.actor import ActorType, Description, MentionForm
from onrecord.actors.names import Name, NameType
from onrecord.actors.resolve import Cast, find_cast
from onrecord.actors.voice import Candidate, Intermediary, Reason, Speaker, Voice

__all__ = ["ActorType", "Candidate", "Cast", "Description", "Intermediary", "MentionForm", "Name", "NameType", "Reason", "Speaker", "Voice", "find_cast"]
