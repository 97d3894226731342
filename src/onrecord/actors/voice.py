"""The voice of a statement: its speaker, the chain the words came through, and whom they were said to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from onrecord.actors.actor import ActorType, MentionForm
from onrecord.text import Span

__all__ = ["Candidate", "Intermediary", "Reason", "Speaker", "Voice"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against a choice."""

    #: In words.
    text: str
    #: What it adds to the score: a logit for what a model weighed, None for what is simply so.
    weight: float | None = None

    def to_json(self) -> dict[str, Any]:
        """`text` and `weight`."""
        return {"text": self.text, "weight": None if self.weight is None else round(self.weight, 2)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An actor that a mention may refer to."""

    name: str
    type: ActorType
    #: Probability, 0 to 1, as the model sees it.
    score: float
    #: Where the article names or describes the candidate.
    span: Span
    reasons: tuple[Reason, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As in the statement's JSON form."""
        return {
            "name": self.name,
            "type": str(self.type),
            "score": round(self.score, 4),
            "span": self.span.to_json(),
            "reasons": [r.to_json() for r in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it. Unknown is None, never an empty string; each fact has the characters it was read from."""

    #: `a1:` and a hash; of type and name for a named actor, of the place in the text for one without a name, who is never merged.
    id: str | None
    #: The fullest name in the article; the description of somebody unnamed; None if unknown.
    name: str | None
    type: ActorType
    #: Where that name or description stands.
    span: Span | None
    #: How the source refers to the actor.
    mention: MentionForm
    #: How sure the choice is, 0 to 1.
    score: float
    #: The office or trade, such as `foreign minister`.
    role: Span | None = None
    #: The organization spoken for.
    organization: Span | None = None
    #: ISO 3166-1 alpha-2 code.
    country: str | None = None
    country_basis: Span | None = None
    #: Unnamed: how many, as far as the text says: `one`, `several`, a number.
    number: str | None = None
    #: Unnamed: the ground given for anonymity.
    ground: Span | None = None
    #: A document's author, recipient, and how it was obtained.
    author: Span | None = None
    recipient: Span | None = None
    obtained: Span | None = None
    #: Several speakers who said it together.
    members: tuple[str, ...] = ()
    #: Who else it may be; filled when the type is unknown.
    candidates: tuple[Candidate, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def affiliation(self) -> str | None:
        """The organization, else the country's code."""
        return self.organization.exact if self.organization else self.country

    def spans(self) -> tuple[Span, ...]:
        """Every span it points at."""
        own = (self.span, self.role, self.organization, self.country_basis, self.ground, self.author, self.recipient, self.obtained)
        return (*(s for s in own if s is not None), *(c.span for c in self.candidates))

    def to_json(self) -> dict[str, Any]:
        """As in the statement's JSON form."""
        return {
            "id": self.id,
            "name": self.name,
            "type": str(self.type),
            "role": self.role.exact if self.role else None,
            "affiliation": self.affiliation,
            "organization": self.organization.exact if self.organization else None,
            "country": self.country,
            "mention": str(self.mention),
            "number": self.number,
            "members": list(self.members),
            "score": round(self.score, 4),
            "evidence": {
                key: span.to_json()
                for key, span in {
                    "name": self.span,
                    "role": self.role,
                    "organization": self.organization,
                    "country": self.country_basis,
                    "ground": self.ground,
                    "author": self.author,
                    "recipient": self.recipient,
                    "obtained": self.obtained,
                }.items()
                if span is not None
            },
            "candidates": [c.to_json() for c in self.candidates],
            "reasons": [r.to_json() for r in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Intermediary:
    """One through whom the words came, or to whom they were said."""

    name: str
    type: ActorType
    span: Span

    def to_json(self) -> dict[str, Any]:
        """`name`, `type`, `span`."""
        return {"name": self.name, "type": str(self.type), "span": self.span.to_json()}


@dataclass(frozen=True, slots=True)
class Voice:
    """Who said it, through whom, to whom."""

    speaker: Speaker
    #: Between the outlet and the speaker, outermost first.
    chain: tuple[Intermediary, ...] = ()
    addressee: Intermediary | None = None

    def check(self, text: str) -> None:
        """Make sure every span holds what it claims.

        Raises:
            StatementError: One does not.
        """
        for span in (*self.speaker.spans(), *(i.span for i in self.chain), *([self.addressee.span] if self.addressee else [])):
            span.check(text)
