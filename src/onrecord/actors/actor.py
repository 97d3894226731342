"""The actor: who a mention refers to, and what the text says of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from onrecord.text import Span

__all__ = ["ActorType", "Description", "MentionForm"]


class ActorType(StrEnum):
    """What an actor is."""

    PERSON = "person"
    ORGANIZATION = "organization"
    #: A state or its government: `Moscow`, `the Kremlin`, `the UK`.
    STATE = "state"
    #: Several people under one description: `the families`, `European leaders`.
    GROUP = "group"
    #: A paper that speaks: `the report`, `documents obtained by ...`.
    DOCUMENT = "document"
    #: Somebody the article does not name: `a senior Russian source`.
    UNNAMED = "unnamed"
    #: Left open: nobody fits, or more than one does.
    UNKNOWN = "unknown"


class MentionForm(StrEnum):
    """How a mention refers."""

    #: A name, with or without a title: `Kremlin aide Yuri Ushakov`.
    NAME = "name"
    #: An office without a name: `the foreign minister`.
    TITLE = "title"
    PRONOUN = "pronoun"
    #: Other words: `the Russian dictator`, `a senior source`.
    DESCRIPTION = "description"
    #: No words at all: the cue or the quotation stands alone.
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class Description:
    """What the words around one mention say of who it is, each part with its characters."""

    #: The office or trade, without what it belongs to: `foreign minister`, `aide`.
    role: Span | None = None
    #: The organization spoken for: `Kremlin`, `the Labour Party`.
    organization: Span | None = None
    #: ISO 3166-1 alpha-2 code of the state, `EU` for the European Union (an exceptionally reserved code).
    country: str | None = None
    #: The words the country was read from: `Russian`, `Kremlin`, `UK's`.
    country_basis: Span | None = None
