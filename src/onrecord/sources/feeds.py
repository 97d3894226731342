"""Any document to a feed: what the bytes are is seen from the bytes, since headers and endings are often wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from onrecord.errors import SourceError
from onrecord.sources.document import Document
from onrecord.sources.feed import Feed, FeedEntry
from onrecord.sources.feed_bounds import MOST_ADDRESSES, MOST_ENTRIES
from onrecord.sources.feed_text import feed_text
from onrecord.sources.feed_xml import local_name, xml_tree
from onrecord.sources.json_feed import read_json_feed
from onrecord.sources.sitemaps import is_list_of_addresses, read_address_list, read_sitemap
from onrecord.sources.syndication import read_syndication

__all__ = ["read_feed"]

_MOST = MappingProxyType({"item": MOST_ENTRIES, "entry": MOST_ENTRIES, "url": MOST_ADDRESSES, "sitemap": MOST_ADDRESSES})
_SITEMAPS = ("urlset", "sitemapindex")
_SYNDICATION = ("rss", "rdf", "feed", "channel")
#: Where a feed's root must stand. Programs print warnings before it, and prologs can be long.
_HEAD = 65_536
_COMMENT = re.compile(r"<!--(?:.*?-->|.*\Z)", re.DOTALL)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(rss|rdf|feed|channel|urlset|sitemapindex|opml|html|head|body)(?=[\s>/])", re.IGNORECASE)
_PAGE = re.compile(r"<!doctype\s+html", re.IGNORECASE)
_START = re.compile(r"<\?xml\s|<!doctype\s", re.IGNORECASE)
#: A guid on entries with so many addresses names none of them.
_SHARED = 3


def read_feed(document: Document) -> Feed:
    """Read a feed: RSS 0.9 to 2.0, Atom 0.3 and 1.0, JSON Feed, a sitemap or a sitemap index; also packed with gzip.

    Nothing is fetched, and nothing that the document declares is expanded. XML that is not well-formed is salvaged; the feed's
    notes say so. Entries with a guid or an address of an earlier entry are left out.

    Args:
        document: The bytes and where from. Relative links are relative to its URL.

    Raises:
        SourceError: It is no feed (an HTML page, an article, no text), holds nothing that can be read, or is too large.
    """
    read = feed_text(document)
    text = read.text.lstrip()
    name = document.name
    if not text:
        raise SourceError("this is empty", item=name, hint="try again later, or check the address")
    if text[0] in "{[":
        feed = read_json_feed(text, url=document.url, name=name)
    elif is_list_of_addresses(text):
        feed = read_address_list(text, url=document.url)
    else:
        feed = _from_xml(text, document)
    unique, notes = _each_once(feed.entries, home=feed.link)
    return replace(feed, entries=unique, notes=(*read.notes, *feed.notes, *notes))


def _from_xml(text: str, document: Document) -> Feed:
    name = document.name
    root_name = _root_name(text)
    if root_name in ("html", "head", "body"):
        raise SourceError("this is an HTML page, not a feed", item=name, hint="find_feeds lists the feeds that a page announces; give the address of one")
    if root_name == "opml":
        raise SourceError("this is a list of feeds (OPML), not a feed", item=name, hint="read it as a list")
    if root_name is None:
        raise SourceError("this is no feed", item=name, hint="RSS, Atom, JSON Feed and sitemaps are read; find_feeds lists the feeds that a page announces")
    start = _start(text)
    tree = xml_tree(text[start:], name=name, most=_MOST)
    notes = (*(["text before the feed is left out"] if start else []), *tree.notes)
    kind = local_name(tree.root)
    if kind in _SITEMAPS:
        feed = read_sitemap(tree.root, url=document.url)
    elif kind in _SYNDICATION:
        feed = read_syndication(tree.root, url=document.url)
    else:
        raise SourceError(f"this is XML of another kind ({kind[:40]}), not a feed", item=name, hint="RSS, Atom and sitemaps are read")
    return replace(feed, notes=(*notes, *feed.notes))


def _root_name(text: str) -> str | None:
    head = _COMMENT.sub("", text[:_HEAD])
    page, root = _PAGE.search(head), _ROOT.search(head)
    if page and (root is None or page.start() < root.start()):
        return "html"
    return root[1].lower() if root else None


def _start(text: str) -> int:
    """Where the feed begins, after what a program printed before it."""
    if _START.match(text) or text.startswith("<!--"):
        return 0
    declared, root = _START.search(text, 0, _HEAD), _ROOT.search(text, 0, _HEAD)
    return min((m.start() for m in (declared, root) if m), default=0)


def _each_once(entries: Sequence[FeedEntry], *, home: str | None) -> tuple[tuple[FeedEntry, ...], list[str]]:
    """The first of the entries with one guid or one address; entries without anything to read or follow are none."""
    addresses: dict[str, set[str | None]] = defaultdict(set)
    for entry in entries:
        if entry.guid:
            addresses[entry.guid].add(entry.url)
    shared = {guid for guid, urls in addresses.items() if len(urls) >= _SHARED}
    seen: set[tuple[str, str]] = set()
    kept: list[FeedEntry] = []
    empty = again = 0
    for entry in entries:
        if not (entry.url or entry.title or entry.summary or entry.content_html):
            empty += 1
            continue
        keys = [("guid", entry.guid)] if entry.guid and entry.guid not in shared else []
        if entry.url and entry.url != home:
            keys.append(("url", entry.url))
        if not keys:
            keys = [("words", f"{entry.title}\n{entry.published}\n{entry.summary}\n{entry.content_html}")]
        if any(k in seen for k in keys):
            again += 1
        else:
            kept.append(entry)
        seen.update(keys)
    notes = [f"entries that stand there twice: {again}"] if again else []
    notes += [f"entries with nothing in them: {empty}"] if empty else []
    notes += [f"guids that several addresses share, not used: {len(shared)}"] if shared else []
    return tuple(kept), notes
