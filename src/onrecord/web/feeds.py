"""A search as a feed: Atom (RFC 4287) and JSON Feed 1.1. Everything in it is text, none of it markup; addresses are those that the desk was asked under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from onrecord.export.shown import shown
from onrecord.ledger import Hit
from onrecord.web import links

__all__ = ["ATOM", "JSON_FEED", "SearchFeed", "atom", "json_feed"]

ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
_NAMESPACE = "http://www.w3.org/2005/Atom"
#: Characters of a statement in the title of its entry.
_TITLE = 120
#: What XML 1.0 cannot hold at all, and `shown` leaves.
_NEVER = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")


@dataclass(frozen=True, slots=True)
class SearchFeed:
    """What a feed is made of."""

    title: str
    #: Address of the desk, as it was asked, with the last slash.
    base: str
    #: Path and query of the feed itself, and of the page of the same search.
    own: str
    page: str
    #: What tells this feed from others, wherever the desk is served.
    id: str
    hits: Sequence[Hit]
    #: When the feed was last another one, if it is empty.
    since: datetime

    @property
    def updated(self) -> datetime:
        """When the newest of its statements was filed."""
        return max((_filed(h) for h in self.hits), default=self.since)

    def absolute(self, path: str) -> str:
        """An address as other programs need it."""
        return self.base.rstrip("/") + path


def _filed(hit: Hit) -> datetime:
    """When its text was seen first."""
    seen = hit.where.seen
    return seen if seen.tzinfo else seen.replace(tzinfo=UTC)


def _published(hit: Hit) -> datetime | None:
    published = hit.where.published
    return published if published is None or published.tzinfo else published.replace(tzinfo=UTC)


def _id(hit: Hit) -> str:
    """Of an entry: the same wherever the desk is served. Articles of the very same text have statements of the same id, so the article is in it."""
    return f"tag:onrecord,2026:{hit.where.article}/{hit.id}"


def _text(text: str) -> str:
    return shown(" ".join(text.split())).translate(_NEVER)


def _speaker(hit: Hit) -> str:
    speaker = hit.entry.voice.speaker
    if hit.actor:
        return _text(hit.actor[1])
    return "Speaker unknown" if speaker.type == "unknown" or not speaker.name else _text(speaker.name)


def _title(hit: Hit) -> str:
    words = _text(hit.content)
    return f"{_speaker(hit)}: {words if len(words) <= _TITLE else words[:_TITLE].rpartition(' ')[0] + '…'}"


def _words(hit: Hit) -> str:
    """What an entry says: who said what, where it stands, how sure the reader is."""
    speaker = hit.entry.voice.speaker
    role = ", ".join(_text(r) for r in (speaker.role.exact if speaker.role else None, speaker.affiliation) if r)
    chain = " › ".join(_text(c.name) for c in hit.entry.voice.chain if c.name)
    lines = [
        f"{_speaker(hit)}{f' ({role})' if role else ''}: {_text(hit.content)}",
        f"{_text(hit.where.outlet or 'Outlet unknown')}, {hit.where.day}{f', via {chain}' if chain else ''}: {_text(hit.where.title or 'no title')}",
        f"{hit.entry.statement.kind}, read by {hit.entry.statement.reader} with a score of {hit.entry.statement.score:.2f}",
    ]
    candidates = [_text(c.name) for c in speaker.candidates]
    return "\n".join(lines + ([f"May be {' or '.join(candidates)}."] if speaker.type == "unknown" and candidates and not hit.actor else []))


def _tags(hit: Hit) -> list[str]:
    return [str(hit.entry.statement.kind), *([str(hit.act)] if hit.act else []), *dict.fromkeys(p.issue for p in hit.entry.positions)]


def atom(feed: SearchFeed) -> bytes:
    """A search as Atom."""
    from lxml import etree

    root = etree.Element(f"{{{_NAMESPACE}}}feed", nsmap={None: _NAMESPACE})  # type: ignore[dict-item]  # what lxml has for no prefix

    def add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:  # noqa: ANN401 - elements
        child = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
        child.text = text
        for key, value in attributes.items():
            child.set(key, value)
        return child

    add(root, "id", feed.id)
    add(root, "title", _text(feed.title))
    add(root, "updated", feed.updated.isoformat())
    add(root, "link", rel="self", type=ATOM, href=feed.absolute(feed.own))
    add(root, "link", rel="alternate", type="text/html", href=feed.absolute(feed.page))
    add(add(root, "author"), "name", "onrecord")
    add(root, "generator", "onrecord")
    for hit in feed.hits:
        entry = add(root, "entry")
        add(entry, "id", _id(hit))
        add(entry, "title", _title(hit))
        add(entry, "updated", _filed(hit).isoformat())
        published = _published(hit)
        if published:
            add(entry, "published", published.isoformat())
        add(entry, "link", rel="alternate", type="text/html", href=feed.absolute(links.article(hit.where.article, statement=hit.id)))
        outside = links.outside(hit.where.url)
        if outside:
            add(entry, "link", rel="via", href=_text(outside))
        add(add(entry, "author"), "name", _speaker(hit))
        for tag in _tags(hit):
            add(entry, "category", term=tag)
        add(entry, "content", _words(hit), type="text")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def json_feed(feed: SearchFeed) -> dict[str, Any]:
    """A search as JSON Feed 1.1."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _text(feed.title),
        "home_page_url": feed.absolute(feed.page),
        "feed_url": feed.absolute(feed.own),
        "language": "en",
        "items": [_item(feed, hit) for hit in feed.hits],
    }


def _item(feed: SearchFeed, hit: Hit) -> dict[str, Any]:
    outside, published = links.outside(hit.where.url), _published(hit)
    return {
        "id": _id(hit),
        "url": feed.absolute(links.article(hit.where.article, statement=hit.id)),
        **({"external_url": _text(outside)} if outside else {}),
        "title": _title(hit),
        "content_text": _words(hit),
        **({"date_published": published.isoformat()} if published else {}),
        "date_modified": _filed(hit).isoformat(),
        "authors": [{"name": _speaker(hit)}],
        "tags": _tags(hit),
    }
