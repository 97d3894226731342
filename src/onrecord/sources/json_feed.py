"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from onrecord.errors import SourceError
from onrecord.sources.feed import Feed, FeedEntry, FeedKind
from onrecord.sources.feed_bounds import LONGEST_SUMMARY, LONGEST_TITLE, MOST_ENTRIES
from onrecord.sources.feed_moments import Moments
from onrecord.sources.feed_text import clean
from onrecord.sources.feed_values import absolute, as_html, one_line, plain, with_absolute_links

__all__ = ["read_json_feed"]


def read_json_feed(text: str, *, url: str | None, name: str) -> Feed:
    """Read a JSON Feed.

    Args:
        text: The JSON.
        url: Where it was fetched from; relative links are relative to it.
        name: The document's name, for errors.

    Raises:
        SourceError: This is no JSON, or JSON of another kind.
    """
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"this is no JSON: {str(error)[:160]}", item=name, hint="it may be cut short; fetch it again") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or not (_is_version(data) or any(_is_item(i) for i in items)):
        raise SourceError("this JSON is no JSON Feed", item=name, hint="a JSON Feed names its version and has items; see jsonfeed.org")
    url = url or absolute(data.get("feed_url"), None)
    link = absolute(data.get("home_page_url"), url)
    notes: list[str] = []
    counts: Counter[str] = Counter()
    if len(items) > MOST_ENTRIES:
        notes.append(f"{len(items)} entries, of which the first {MOST_ENTRIES} are read")
    moments = Moments()
    entries = []
    for item in items[:MOST_ENTRIES]:
        if isinstance(item, dict):
            entries.append(_entry(item, data, url or link, moments))
        else:
            counts["odd"] += 1
    if counts["odd"]:
        notes.append(f"{counts['odd']} items are no objects and are left out")
    return Feed(
        kind=FeedKind.JSON,
        url=url,
        title=plain(data.get("title"), longest=LONGEST_TITLE),
        link=link,
        language=_tag(data),
        entries=tuple(entries),
        notes=(*notes, *moments.notes()),
    )


def _is_version(data: Mapping[str, Any]) -> bool:
    return isinstance(version := data.get("version"), str) and "jsonfeed.org" in version


def _is_item(item: object) -> bool:
    return isinstance(item, dict) and any(k in item for k in ("content_html", "content_text", "date_published")) and any(k in item for k in ("id", "url"))


def _entry(item: Mapping[str, Any], feed: Mapping[str, Any], base: str | None, moments: Moments) -> FeedEntry:
    identity = item.get("id")
    guid = one_line(clean(str(identity))) if isinstance(identity, (str, int, float)) and not isinstance(identity, bool) else None
    # The format asks for an address as id where there is one, and readers take it for a missing url.
    urls = (absolute(item.get("url"), base), absolute(item.get("external_url"), base), absolute(guid, None))
    return FeedEntry(
        url=next((u for u in urls if u), None),
        guid=guid,
        title=plain(item.get("title"), longest=LONGEST_TITLE),
        summary=plain(item.get("summary"), longest=LONGEST_SUMMARY),
        content_html=_content(item, base),
        published=moments.read(item.get("date_published")),
        updated=moments.read(item.get("date_modified")),
        authors=_authors(item) or _authors(feed),
        language=_tag(item) or _tag(feed),
    )


def _content(item: Mapping[str, Any], base: str | None) -> str | None:
    rich, text = item.get("content_html"), item.get("content_text")
    if isinstance(rich, str) and rich.strip():
        return with_absolute_links(clean(rich).strip(), base)
    return as_html(clean(text)) or None if isinstance(text, str) else None


def _authors(data: Mapping[str, Any]) -> tuple[str, ...]:
    several = data.get("authors")
    people = several if isinstance(several, list) and several else [data.get("author")]
    names = [plain(p.get("name") if isinstance(p, dict) else p, longest=LONGEST_TITLE) for p in people]
    return tuple(dict.fromkeys(n for n in names if n))


def _tag(data: Mapping[str, Any]) -> str | None:
    tag = one_line(data.get("language"))
    return clean(tag) or None if tag else None
