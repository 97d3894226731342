"""Sitemaps: news sitemaps, plain ones as XML or as lines, and lists of further sitemaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from onrecord.sources.feed import Feed, FeedEntry, FeedKind
from onrecord.sources.feed_bounds import LONGEST_TITLE, MOST_ADDRESSES
from onrecord.sources.feed_moments import Moments
from onrecord.sources.feed_values import absolute, one_line, plain
from onrecord.sources.feed_xml import local_name

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["is_list_of_addresses", "read_address_list", "read_sitemap"]

#: Lines looked at to tell a list of addresses from other text.
_SAMPLED = 50
_HEAD = 20_000


def read_sitemap(root: etree._Element, *, url: str | None) -> Feed:
    """Read a sitemap or a sitemap index.

    Args:
        root: Its `urlset` or `sitemapindex` element.
        url: Where it was fetched from; relative addresses are relative to it.
    """
    index = local_name(root) == "sitemapindex"
    named = "sitemap" if index else "url"
    found = [e for e in root if local_name(e) == named]
    notes = []
    if len(found) > MOST_ADDRESSES:
        notes.append(f"{len(found)} addresses, of which the first {MOST_ADDRESSES} are read")
        del found[MOST_ADDRESSES:]
    moments = Moments()
    news, entries = 0, []
    titles: dict[str, None] = {}
    for element in found:
        values = _values(element)
        news += "news" in values
        if values.get("name"):
            titles[values["name"]] = None
        entries.append(_entry(values, url, moments))
    without = sum(e.url is None for e in entries)
    if without:
        notes.append(f"without an address, left out: {without}")
    kept = [e for e in entries if e.url]
    if index:
        return Feed(kind=FeedKind.SITEMAP_INDEX, url=url, feeds=tuple(dict.fromkeys(e.url for e in kept if e.url)), notes=tuple(notes))
    title = plain(next(iter(titles)), longest=LONGEST_TITLE) if len(titles) == 1 else None
    languages = {e.language for e in kept}
    return Feed(
        kind=FeedKind.NEWS_SITEMAP if news else FeedKind.SITEMAP,
        url=url,
        title=title,
        language=languages.pop() if len(languages) == 1 else None,
        entries=tuple(kept),
        notes=(*notes, *moments.notes()),
    )


def _values(element: etree._Element) -> dict[str, str]:
    """The texts of an address's elements by local name, the news elements' among them; the first of each counts."""
    out: dict[str, str] = {}
    for child in element:
        name = local_name(child)
        if name in ("loc", "lastmod"):
            out.setdefault(name, "".join(str(t) for t in child.itertext()))
        elif name == "news":
            out.setdefault("news", "")
            for inner in child.iter():
                if local_name(inner) in ("title", "publication_date", "language", "name"):
                    out.setdefault(local_name(inner), "".join(str(t) for t in inner.itertext()))
    return out


def _entry(values: Mapping[str, str], url: str | None, moments: Moments) -> FeedEntry:
    return FeedEntry(
        url=absolute(values.get("loc"), url),
        title=plain(values.get("title"), longest=LONGEST_TITLE),
        published=moments.read(values.get("publication_date")),
        updated=moments.read(values.get("lastmod")),
        language=one_line(values.get("language")),
    )


def is_list_of_addresses(text: str) -> bool:
    """Whether every one of the first lines is an address: the protocol allows such a file as a sitemap."""
    head = text[:_HEAD]
    if len(text) > _HEAD:
        # The last line may be cut.
        head = head[: max(head.rfind("\n"), 0)]
    lines = [line for line in head.splitlines() if line.strip()][:_SAMPLED]
    return bool(lines) and all(line.strip().lower().startswith(("http://", "https://")) and len(line.split()) == 1 for line in lines)


def read_address_list(text: str, *, url: str | None) -> Feed:
    """Read a sitemap that is a file of addresses, one a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    notes = [f"{len(lines)} addresses, of which the first {MOST_ADDRESSES} are read"] if len(lines) > MOST_ADDRESSES else []
    found = [absolute(line, url) for line in lines[:MOST_ADDRESSES]]
    return Feed(kind=FeedKind.SITEMAP, url=url, entries=tuple(FeedEntry(url=u) for u in found if u), notes=tuple(notes))
