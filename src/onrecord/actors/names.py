"""Names as they stand in a text: who or what each one is the name of, as the model tagged it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from onrecord.text import Span

__all__ = ["Name", "NameType", "without_article"]


class NameType(StrEnum):
    """Kinds of names, those of the English Worldwide Newswire corpus (Shan et al. 2023)."""

    PERSON = "person"
    ORGANIZATION = "organization"
    LOCATION = "location"
    #: A building, a bridge, an airport.
    FACILITY = "facility"
    #: A nationality, a religion, a political camp: `Russian`, `Sunni`, `Republicans`.
    NATIONALITY = "nationality"
    PRODUCT = "product"
    #: An event, a law, a work, a language.
    OTHER = "other"
    DATE = "date"
    MONEY = "money"


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """A name in a text."""

    span: Span
    type: NameType
    #: How sure the model is, 0 to 1.
    score: float = 1.0


def without_article(name: str) -> str:
    """A name without the article before it: `Washington Post`."""
    return re.sub(r"^the\s+", "", name, flags=re.IGNORECASE)
