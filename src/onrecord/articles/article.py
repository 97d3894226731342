"""The article and its revision: one text, cut into paragraphs that know their kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from onrecord.text import Span, stable_id

__all__ = ["Article", "Condition", "Kind", "Paragraph", "Revision"]


class Kind(StrEnum):
    """What a paragraph is."""

    #: The article's title.
    HEADLINE = "headline"
    #: Who wrote it and when it was put up, an aggregator's line included.
    BYLINE = "byline"
    #: Place and date that open a story on a line of their own ("PARIS, March 3").
    DATELINE = "dateline"
    #: Words under a picture or a video, its credit included.
    CAPTION = "caption"
    #: The story.
    BODY = "body"
    #: A title between paragraphs.
    HEADING = "heading"
    #: Links, appeals and buttons ("Read more", "Advertisement").
    BOILERPLATE = "boilerplate"


class Condition(StrEnum):
    """What a reader must know before trusting an article to be whole."""

    EMPTY = "empty"
    PAYWALL = "paywall"
    COOKIE_WALL = "cookie-wall"
    AGE_GATE = "age-gate"
    LIVE_BLOG = "live-blog"
    NOT_ENGLISH = "not-english"
    TRUNCATED = "truncated"
    UNDECODABLE = "undecodable"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A span of a revision's text and its kind. Paragraphs are in order, do not overlap, and hold no line's end white space."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Revision:
    """One text of an article, as it stood at one moment; immutable."""

    #: The text. For plain-text input, the user's own text, unchanged.
    text: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def id(self) -> str:
        """`r1:` and a hash of the text."""
        return stable_id("r1", self.text)

    def of_kind(self, *kinds: Kind) -> tuple[Span, ...]:
        """The paragraphs of some kinds, as spans with their words."""
        return tuple(Span.of(self.text, p.start, p.end) for p in self.paragraphs if p.kind in kinds)


@dataclass(frozen=True, slots=True)
class Article:
    """One story of one outlet, as read from one document. Unknown is None, never an empty string."""

    revision: Revision
    #: Canonical URL, or the document's name.
    source: str
    #: Canonical URL as the page names it, else the URL fetched.
    url: str | None = None
    #: Who publishes it, as the page or the byline names it.
    outlet: str | None = None
    title: str | None = None
    #: The authors as printed, without "By".
    byline: str | None = None
    section: str | None = None
    #: With a time zone where one is stated; a day alone is midnight with `published_precision` "day".
    published: datetime | None = None
    #: "second", "minute" or "day".
    published_precision: str | None = None
    updated: datetime | None = None
    updated_precision: str | None = None
    #: ISO 639-1 code of the text.
    language: str | None = None
    #: How sure the language is, 0 to 1.
    language_score: float | None = None
    #: What stands against taking the text as whole, in the order found.
    conditions: tuple[Condition, ...] = ()
    #: A sentence each, for people, on the conditions.
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """`n1:` and a hash of the canonical URL or name."""
        return stable_id("n1", self.source)

    def to_json(self, *, text: bool = True) -> dict[str, Any]:
        """The article as JSON: metadata, paragraphs and, if asked for, the text."""
        out: dict[str, Any] = {
            "id": self.id,
            "source": self.source,
            "url": self.url,
            "outlet": self.outlet,
            "title": self.title,
            "byline": self.byline,
            "section": self.section,
            "published": _iso(self.published, self.published_precision),
            "updated": _iso(self.updated, self.updated_precision),
            "language": self.language,
            "language_score": self.language_score,
            "conditions": [str(c) for c in self.conditions],
            "notes": list(self.notes),
            "revision": self.revision.id,
            "paragraphs": [{"start": p.start, "end": p.end, "kind": str(p.kind)} for p in self.revision.paragraphs],
        }
        if text:
            out["text"] = self.revision.text
        return out


def _iso(moment: datetime | None, precision: str | None) -> str | None:
    if moment is None:
        return None
    return moment.date().isoformat() if precision == "day" else moment.isoformat()
