"""Where an outlet's feeds are: what its pages announce, where they usually are, what robots.txt names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from onrecord.sources.document import Document
from onrecord.sources.feed import FeedKind
from onrecord.sources.feed_bounds import LONGEST_TITLE
from onrecord.sources.feed_text import feed_text
from onrecord.sources.feed_values import absolute, plain

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["FoundFeed", "find_feeds", "guesses", "sitemaps_in_robots"]

_TYPES = MappingProxyType(
    {
        "application/rss+xml": FeedKind.RSS,
        "application/rdf+xml": FeedKind.RSS,
        "text/rss+xml": FeedKind.RSS,
        "text/rss": FeedKind.RSS,
        "application/rss": FeedKind.RSS,
        "application/atom+xml": FeedKind.ATOM,
        "text/atom+xml": FeedKind.ATOM,
        "application/atom": FeedKind.ATOM,
        "application/feed+json": FeedKind.JSON,
        "application/json": FeedKind.JSON,
        "application/xml": FeedKind.RSS,
        "text/xml": FeedKind.RSS,
    }
)
#: Media types that say nothing of feeds: the address must look like one.
_VAGUE = ("application/json", "application/xml", "text/xml")
_LOOKS = re.compile(
    r"(?:^|/)(?:rss|feeds?|atom|rdf|index\.rdf)(?:\.(?:xml|json|php|aspx?|cfm))?/?$"
    r"|(?:^|/)(?:rss|feeds?|atom)/[^?#]*$|\.(?:rss|rdf|atom)$|(?:^|[/_-])(?:rss|feed|atom)[\w-]{0,40}\.(?:xml|json)$|[\w-]{0,40}[_-](?:rss|feed|atom)\.(?:xml|json)$",
    re.IGNORECASE,
)
_FEED_HOSTS = re.compile(r"^(?:feeds?|rss|feeds\d?)\.", re.IGNORECASE)
#: Pages about feeds, services that follow feeds for a reader, feeds of comments and of single pages.
_NOT_ONE = re.compile(
    r"feedly\.com|inoreader\.com|newsblur\.com|feedback|feedspot|wp-json|oembed|/share|sharer|\.(?:html?|png|jpe?g|gif|svg|css|js|pdf)$", re.IGNORECASE
)
_COMMENTS = re.compile(r"/comments?/|[?&]feed=comments|\bcomments?\b", re.IGNORECASE)
_MOST = 200
#: Feeds of an outlet's pages and news sitemaps, by how often they are there.
_USUAL = (
    "/feed", "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss/", "/feeds", "/feed.json", "/index.rdf",
    "/sitemap-news.xml", "/news-sitemap.xml", "/sitemap_news.xml", "/googlenews.xml", "/sitemap.xml", "/sitemap_index.xml",
)  # fmt: skip
_IN_SECTION = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml")
_SITEMAP = re.compile(r"^[ \t\ufeff]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_BARE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?(?:[/?#].*)?")


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page names; what it really is, `read_feed` says."""

    url: str
    title: str | None
    #: What it is said to be, or looks like.
    kind: FeedKind


def find_feeds(document: Document) -> tuple[FoundFeed, ...]:
    """List the feeds a page announces, then those its links lead to by the looks of them.

    Args:
        document: An HTML page; links are relative to its URL and its `base` element.

    Returns:
        Each address once, best first: announced before linked, stories before comments, the same site before others, then in the
        page's order; sitemaps last. Empty for a page without feeds, and for what is no HTML.

    Raises:
        SourceError: The bytes are no text, or too large.
    """
    root = _page(feed_text(document).text)
    if root is None:
        return ()
    stated = next((e.get("href") for e in root.iter("base") if e.get("href")), None)
    base = absolute(stated, document.url) or document.url
    home = _site(document.url or base)
    ranked: dict[str, tuple[tuple[int, bool, bool], FoundFeed]] = {}
    for rank, feed in _candidates(root, base):
        order = (rank, bool(_COMMENTS.search(f"{urlsplit(feed.url).path} {feed.title or ''}")), home is not None and _site(feed.url) != home)
        if feed.url not in ranked or order < ranked[feed.url][0]:
            ranked[feed.url] = (order, feed)
    return tuple(feed for _, feed in sorted(ranked.values(), key=lambda pair: pair[0]))[:_MOST]


def _page(text: str) -> etree._Element | None:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        found: etree._Element | None = etree.fromstring(text.encode("utf-8"), parser) if text.strip() else None
    except etree.ParserError:
        return None
    except etree.XMLSyntaxError:
        return None
    return found


def _candidates(root: etree._Element, base: str | None) -> Iterator[tuple[int, FoundFeed]]:
    for element in root.iter("link", "a", "area"):
        link = element.get("href")
        url = absolute(link, base)
        if url is None:
            continue
        if element.tag == "link":
            kind = _announced(element, url)
            if kind is not None:
                yield (2 if kind is FeedKind.SITEMAP else 0), FoundFeed(url, plain(element.get("title"), longest=LONGEST_TITLE), kind)
        elif _looks_like_feed(url) or str(link).strip().lower().startswith("feed:"):
            words = "".join(str(t) for t in element.itertext())
            yield 1, FoundFeed(url, plain(words, longest=LONGEST_TITLE) or plain(element.get("title"), longest=LONGEST_TITLE), _by_looks(url))


def _announced(element: etree._Element, url: str) -> FeedKind | None:
    rel = str(element.get("rel") or "").lower().split()
    kind = str(element.get("type") or "").partition(";")[0].strip().lower()
    if "sitemap" in rel:
        return FeedKind.SITEMAP
    if not {"alternate", "feed"} & set(rel) or _NOT_ONE.search(url):
        return None
    if kind in _TYPES and (kind not in _VAGUE or _looks_like_feed(url)):
        return _TYPES[kind]
    return _by_looks(url) if "feed" in rel and not kind else None


def _looks_like_feed(url: str) -> bool:
    if _NOT_ONE.search(url):
        return False
    parts = urlsplit(url)
    if _LOOKS.search(parts.path):
        return True
    return bool(re.search(r"(?:^|&)(?:feed|format|type|output)=(?:rss2?|atom|feed|rdf)(?:&|$)", parts.query)) or bool(
        _FEED_HOSTS.match(parts.netloc) and parts.path.strip("/")
    )


def _by_looks(url: str) -> FeedKind:
    path = urlsplit(url).path.lower()
    return FeedKind.JSON if path.endswith(".json") else FeedKind.ATOM if "atom" in path else FeedKind.RSS


@lru_cache(maxsize=1024)
def _site(url: str | None) -> str | None:
    """The registered domain (`example.co.uk`), or the host where there is none."""
    from courlan import extract_domain

    if not url:
        return None
    try:
        return extract_domain(url) or urlsplit(url).hostname
    except ValueError:
        return None


def guesses(url: str) -> tuple[str, ...]:
    """Where a site's feeds usually are, likelier ones first; none of them need exist.

    Args:
        url: The address of a page, or a bare host (`example.org`); a section's page gives the section's feeds first.

    Returns:
        Addresses; empty where `url` is no web address.
    """
    url = url.strip()
    if "://" not in url and _BARE.fullmatch(url):
        url = f"https://{url}"
    at = absolute(url, None)
    if at is None:
        return ()
    parts = urlsplit(at)
    root = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    path = parts.path
    folder = path if path.endswith("/") else f"{path}/" if "." not in path.rpartition("/")[2] else path.rpartition("/")[0] + "/"
    section = [urljoin(root + folder, name) for name in _IN_SECTION] if folder not in ("", "/") else []
    return tuple(dict.fromkeys([*section, *(root + usual for usual in _USUAL)]))


def sitemaps_in_robots(text: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, news sitemaps first, each once."""
    found = [u for m in _SITEMAP.finditer(text) if (u := absolute(m[1], None))]
    return tuple(sorted(dict.fromkeys(found), key=lambda u: "news" not in urlsplit(u).path.lower()))
