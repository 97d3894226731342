"""What the article says of an actor, gathered from all the places that mention it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from onrecord.actors.actor import Description
from onrecord.actors.names import Name
from onrecord.actors.roles import describe
from onrecord.actors.unnamed import DocumentFacts, describe_document
from onrecord.reading.sentences import Sentences
from onrecord.text import Span

__all__ = ["Facts"]

#: Places of one actor that are looked at.
_LOOKED_AT = 8
_AFTER_NOUN = re.compile(r"\b(?:of|from|by|that|which|written|obtained|in|on|for)\b|,")


class Facts:
    """Reads one article for what it says of actors.

    Args:
        text: The text.
        names: Its names, in order.
        sentences: Its sentences.
        phrases: Half-open offsets of its noun phrases.
    """

    def __init__(self, text: str, names: Sequence[Name], sentences: Sentences, phrases: Sequence[tuple[int, int]]) -> None:
        self._text, self._names, self._sentences, self._phrases = text, names, sentences, phrases

    def at(self, mention: Span) -> Description:
        """Role, organization and country as one mention and what stands beside it say them."""
        return describe(self._text, mention, names=self._names, sentence=self._sentences.at(mention.start))

    def of_person(self, mentions: Sequence[Span], own: Sequence[Span]) -> Description:
        """The same from several mentions, the first that says each.

        Args:
            mentions: Where the actor is mentioned, what matters most first.
            own: Where its names stand: a person called Hamilton is not from Bermuda.
        """
        role = organization = country = basis = None
        for mention in mentions[:_LOOKED_AT]:
            said = self.at(mention)
            role, organization = role or said.role, organization or said.organization
            found = said.country_basis
            if country is None and found is not None and not any(n.start <= found.start and found.end <= n.end for n in own):
                country, basis = said.country, found
        return Description(role, organization, country, basis)

    def of_document(self, description: Span) -> DocumentFacts:
        """Author, recipient and how it was obtained, wherever the article mentions a document under the same noun."""
        places = [description, *(Span.of(self._text, s, e) for s, e in self._by_noun.get(_noun(description.exact), ()))]
        author = recipient = obtained = None
        for place in places[:_LOOKED_AT]:
            facts = describe_document(self._text, place, self._sentences.at(place.start))
            author, recipient, obtained = author or facts.author, recipient or facts.recipient, obtained or facts.obtained
        return DocumentFacts(author, recipient, obtained)

    @cached_property
    def _by_noun(self) -> dict[str, list[tuple[int, int]]]:
        out: dict[str, list[tuple[int, int]]] = {}
        for s, e in self._phrases:
            out.setdefault(_noun(self._text[s:e]), []).append((s, e))
        return out


def _noun(phrase: str) -> str:
    words = re.findall(r"[\w-]+", _AFTER_NOUN.split(phrase, maxsplit=1)[0].lower())
    return words[-1].removesuffix("s") if words else ""
