"""RSS and Atom, by feedparser: it knows the dialects; which bytes it gets, and what is believed of its answer, is settled here.

It is given bytes in memory and never a name, since it opens names: files and addresses alike. It neither resolves links nor
cleans HTML, and gets no texts: each takes time out of proportion on hostile input. It gets entries in batches, so that one that
makes it fail costs itself alone.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onrecord.sources.feed import Feed, FeedEntry, FeedKind
from onrecord.sources.feed_bounds import LONGEST_SUMMARY, LONGEST_TITLE, MOST_ENTRIES
from onrecord.sources.feed_elements import EntryElement, FeedElements, feed_elements, serialised
from onrecord.sources.feed_moments import Moments
from onrecord.sources.feed_values import absolute, has_markup, one_line, plain, with_absolute_links
from onrecord.sources.feed_xml import local_name

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["read_syndication"]

_BATCH = 200
#: A description longer than this, and with markup, is the story itself: older feeds have no other place for it.
_STORY = 1000

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What entries have from their feed."""

    atom: bool
    language: str | None
    authors: tuple[str, ...]


def read_syndication(root: etree._Element, *, url: str | None) -> Feed:
    """Read RSS or Atom.

    Args:
        root: Its `rss`, `RDF`, `channel` or `feed` element; the tree is used up.
        url: Where it was fetched from; relative links are relative to it.
    """
    kind = FeedKind.ATOM if local_name(root) == "feed" else FeedKind.RSS
    elements = feed_elements(root, most=MOST_ENTRIES)
    notes = []
    if elements.found > len(elements.entries):
        notes.append(f"{elements.found} entries, of which the first {len(elements.entries)} are read")
    about = _of_feed(elements)
    base = _base(elements.base, url)
    link = absolute(about.get("link"), base)
    url = url or _own_address(about)
    language = _tag(about.get("language"))
    inherited = _Inherited(kind is FeedKind.ATOM, language, _authors(about) if kind is FeedKind.ATOM else ())
    moments = Moments()
    entries, failed = [], 0
    for element, found in _parsed(elements, elements.entries):
        if found is None:
            failed += 1
            continue
        entry_base = _base(element.base, base or url or link)
        entries.append(_entry(found, element, entry_base, moments, inherited))
    if failed:
        notes.append(f"entries that could not be read: {failed}")
    return Feed(
        kind=kind,
        url=url,
        title=plain(about.get("title"), longest=LONGEST_TITLE),
        link=link,
        language=language,
        entries=tuple(entries),
        notes=(*notes, *moments.notes()),
    )


def _base(stated: str | None, outer: str | None) -> str | None:
    return absolute(stated, outer) or outer if stated else outer


def _feedparser(data: bytes) -> tuple[Found, list[Found]] | None:
    """What feedparser makes of well-formed XML; None where it fails."""
    import feedparser

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = feedparser.parse(
                io.BytesIO(data), response_headers={"content-type": "application/xml; charset=utf-8"}, sanitize_html=False, resolve_relative_uris=False
            )
    except Exception:  # noqa: BLE001 - it fails in many ways on odd elements, and the caller tries with fewer entries
        return None
    return dict.get(found, "feed", {}), list(dict.get(found, "entries", []))


def _of_feed(elements: FeedElements) -> Found:
    from lxml import etree

    found = _feedparser(etree.tostring(elements.root, encoding="utf-8"))
    return _plain_dict(found[0]) if found else {}


def _parsed(feed: FeedElements, entries: Sequence[EntryElement]) -> Iterator[tuple[EntryElement, Found | None]]:
    for start in range(0, len(entries), _BATCH):
        yield from _batch(feed, entries[start : start + _BATCH])


def _batch(feed: FeedElements, entries: Sequence[EntryElement]) -> Iterator[tuple[EntryElement, Found | None]]:
    found = _feedparser(serialised(feed, entries))
    if found is not None and len(found[1]) == len(entries):
        yield from zip(entries, map(_plain_dict, found[1]), strict=True)
    elif len(entries) == 1:
        yield entries[0], None
    else:
        half = len(entries) // 2
        yield from _batch(feed, entries[:half])
        yield from _batch(feed, entries[half:])


def _plain_dict(found: object) -> Found:
    """Its answer without its own dictionary, which answers for keys that are not there, with a warning."""
    return dict(found.items()) if isinstance(found, dict) else {}


def _dicts(value: object) -> list[Found]:
    return [_plain_dict(v) for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _own_address(about: Found) -> str | None:
    return next((u for link in _dicts(about.get("links")) if link.get("rel") == "self" and (u := absolute(link.get("href"), None))), None)


def _tag(value: object) -> str | None:
    return one_line(value)


def _authors(found: Found) -> tuple[str, ...]:
    names = [plain(author.get("name"), longest=LONGEST_TITLE) for author in _dicts(found.get("authors"))]
    names = names if any(names) else [plain(found.get("author"), longest=LONGEST_TITLE)]
    return tuple(dict.fromkeys(n for n in names if n))


def _entry(found: Found, element: EntryElement, base: str | None, moments: Moments, inherited: _Inherited) -> FeedEntry:
    published = _dated(found, "published") or _dated(found, "created")
    updated = _dated(found, "updated")
    if not published and not inherited.atom and updated:
        # RSS 1.0 dates its items by Dublin Core, and knows no other date.
        published, updated = updated, None
    summary = plain(element.summary, longest=LONGEST_SUMMARY)
    return FeedEntry(
        url=_url(found, element, base),
        guid=element.guid,
        title=plain(found.get("title"), longest=LONGEST_TITLE),
        summary=summary,
        content_html=_content(element, base, summary),
        published=moments.read(published[0], parsed=published[1]) if published else None,
        updated=moments.read(updated[0], parsed=updated[1]) if updated else None,
        authors=_authors(found) or inherited.authors,
        language=_language(found) or inherited.language,
    )


def _dated(found: Found, name: str) -> tuple[object, Any] | None:
    value = found.get(name)
    return (value, found.get(f"{name}_parsed")) if value else None


def _url(found: Found, element: EntryElement, base: str | None) -> str | None:
    links = [link for link in _dicts(found.get("links")) if link.get("rel") == "alternate"]
    named = found.get("link")
    # A guid that is no address is no link either, whatever it is resolved against.
    linked = None if named == element.guid and absolute(named, None) is None else named
    guid = None if element.opaque else element.guid
    candidates = ((found.get("feedburner_origlink"), base), (linked, base), *((link.get("href"), base) for link in links[:1] if linked), (guid, None))
    return next((u for link, at in candidates if (u := absolute(link, at))), None)


def _content(element: EntryElement, base: str | None, summary: str | None) -> str | None:
    best = max(element.contents, key=len, default="")
    if not best and element.summary and summary and len(summary) > _STORY and has_markup(element.summary):
        best = element.summary
    return with_absolute_links(best, base) or None


def _language(found: Found) -> str | None:
    details = (found, _plain_dict(found.get("title_detail")))
    return next((t for detail in details if (t := _tag(detail.get("language")))), None)
