"""What a feed says: its entries, and where more feeds are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["Feed", "FeedEntry", "FeedKind"]


class FeedKind(StrEnum):
    """The form of a feed."""

    #: RSS 0.9 to 2.0, RSS 1.0 (RDF) included.
    RSS = "rss"
    #: Atom 0.3 and 1.0.
    ATOM = "atom"
    #: JSON Feed 1.0 and 1.1.
    JSON = "json"
    #: A sitemap with Google's news elements: titles and dates.
    NEWS_SITEMAP = "news-sitemap"
    #: A sitemap without: addresses, and at most when they changed.
    SITEMAP = "sitemap"
    #: A list of further sitemaps.
    SITEMAP_INDEX = "sitemap-index"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One story as a feed announces it. Unknown is None, never an empty string."""

    #: Absolute http or https address of the story.
    url: str | None = None
    #: The feed's own name for the entry, as written; not always stable, not always unique.
    guid: str | None = None
    #: Plain text on one line.
    title: str | None = None
    #: Plain text on one line, as far as the feed gives a summary apart from the text.
    summary: str | None = None
    #: The entry's text as HTML, with absolute links. Not made safe for showing: it is for reading.
    content_html: str | None = None
    #: With a time zone; UTC where the feed states none (the feed's notes count those).
    published: datetime | None = None
    #: Likewise.
    updated: datetime | None = None
    #: Names in the order given.
    authors: tuple[str, ...] = ()
    #: Language tag as written (`en`, `en-GB`), the feed's where the entry states none.
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """One document read as a feed."""

    kind: FeedKind
    #: Where it was fetched from; for a file, the address it states for itself.
    url: str | None = None
    #: Plain text on one line.
    title: str | None = None
    #: The page that the feed belongs to.
    link: str | None = None
    #: Language tag as written.
    language: str | None = None
    #: In the feed's order, each story once.
    entries: tuple[FeedEntry, ...] = ()
    #: Of a sitemap index: the sitemaps it lists.
    feeds: tuple[str, ...] = ()
    #: A sentence each, for people: what was repaired, left out or assumed.
    notes: tuple[str, ...] = ()
