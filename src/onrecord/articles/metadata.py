"""What a page says about itself: JSON-LD, OpenGraph and other meta elements, htmldate where they are silent."""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord.articles.moments import Moment, parse_moment

__all__ = ["Metadata", "article_node", "from_page", "names_of", "nodes_of", "one_line"]

_TYPES = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report|ReportageNewsArticle|NewsItem|Posting)$")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "article.published", "published-date", "displaydate", "cxense:publishtime",
)  # fmt: skip
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "lastmod", "last-modified", "article.updated", "modified-date")
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f]+")


@dataclass(slots=True)
class Metadata:
    """What is known about an article; None where it is not."""

    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    byline: str | None = None
    section: str | None = None
    language: str | None = None
    published: Moment | None = None
    updated: Moment | None = None
    #: The article's own text, as JSON-LD repeats it.
    body: str | None = None
    captions: list[str] = field(default_factory=list)
    #: schema.org isAccessibleForFree, if stated.
    free: bool | None = None
    live: bool = False


def from_page(root: Any, text: str, *, url: str | None = None) -> Metadata:  # noqa: ANN401 - lxml's element type is not exported
    """Read a page's metadata.

    Args:
        root: The parsed page.
        text: The page's source, for htmldate.
        url: Where it came from.
    """
    found = Metadata()
    metas = _metas(root)
    node = _json_ld(root)
    if node is not None:
        read_node(node, found)
    found.url = _canonical(root) or found.url or metas.get("og:url") or url
    found.title = found.title or metas.get("og:title") or metas.get("twitter:title") or one_line(root.findtext(".//title"))
    found.outlet = found.outlet or metas.get("og:site_name") or metas.get("application-name") or metas.get("publisher")
    found.byline = found.byline or next(
        (v for k in ("author", "article:author", "parsely-author", "dc.creator", "byl") if (v := metas.get(k)) and not v.startswith("http")), None
    )
    found.section = found.section or metas.get("article:section") or metas.get("section")
    found.language = root.get("lang") or root.get("xml:lang") or found.language or metas.get("og:locale")
    found.published = found.published or _first(metas, _PUBLISHED) or _time_element(root) or _guess(text, url)
    found.updated = found.updated or _first(metas, _UPDATED)
    return found


def nodes_of(value: object) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, outer before inner, without recursion."""
    queue: list[object] = [value]
    for item in queue:
        if isinstance(item, dict):
            yield item
            queue.extend(item.values())
        elif isinstance(item, list):
            queue.extend(item)


def article_node(value: object) -> dict[str, Any] | None:
    """The article among the objects of schema.org data: the one that says most about itself."""
    nodes = [n for n in nodes_of(value) if any(_TYPES.search(t) for t in _types(n))]
    wanted = ("articleBody", "headline", "datePublished", "author")
    return max(nodes, key=lambda n: sum(bool(n.get(k)) for k in wanted), default=None)


def read_node(node: Mapping[str, Any], into: Metadata) -> None:
    """Copy a schema.org article's fields."""
    into.title = one_line(node.get("headline")) or one_line(node.get("name"))
    into.byline = names_of(node.get("author")) or names_of(node.get("creator"))
    into.outlet = names_of(node.get("publisher"))
    into.section = names_of(node.get("articleSection"))
    into.language = one_line(node.get("inLanguage")) or names_of(node.get("inLanguage"))
    into.published = parse_moment(node.get("datePublished")) or parse_moment(node.get("dateCreated"))
    into.updated = parse_moment(node.get("dateModified"))
    page = node.get("mainEntityOfPage")
    into.url = next(
        (u for u in (node.get("url"), page, page.get("@id") if isinstance(page, dict) else None) if isinstance(u, str) and u.startswith("http")), None
    )
    body = node.get("articleBody")
    into.body = html.unescape(body) if isinstance(body, str) and body.strip() else None
    into.captions = [c for image in nodes_of([node.get("image"), node.get("associatedMedia")]) if (c := one_line(image.get("caption")))]
    free = node.get("isAccessibleForFree")
    into.free = None if free is None else str(free).lower() == "true"
    into.live = any("LiveBlog" in t for t in _types(node))


def names_of(value: object) -> str | None:
    """Names in schema.org's many shapes: a string, an object with a name, or a list of either, joined as people write them."""
    items = value if isinstance(value, list) else [value]
    names = []
    for item in items:
        name = one_line(item.get("name") if isinstance(item, dict) else item)
        if name and not name.startswith("http") and name not in names:
            names.append(name)
    return (" and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]) if names else None


def one_line(value: object) -> str | None:
    """A string without markup's entities and extra white space; None for anything else, or nothing."""
    if not isinstance(value, str):
        return None
    return _SPACE.sub(" ", _CONTROL.sub(" ", html.unescape(value))).strip()[:1000] or None


def _types(node: Mapping[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [t for t in (kind if isinstance(kind, list) else [kind]) if isinstance(t, str)]


def _metas(root: Any) -> dict[str, str]:  # noqa: ANN401 - see from_page
    out: dict[str, str] = {}
    for meta in root.iter("meta"):
        value = one_line(meta.get("content"))
        for key in (meta.get("property"), meta.get("name"), meta.get("itemprop")):
            if key and value:
                out.setdefault(key.strip().lower(), value)
    return out


def _json_ld(root: Any) -> dict[str, Any] | None:  # noqa: ANN401 - see from_page
    data = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "") and script.text:
            raw = script.text.strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>").strip().rstrip(";")
            try:
                data.append(json.loads(raw, strict=False))
            except (ValueError, RecursionError):
                continue
    return article_node(data)


def _canonical(root: Any) -> str | None:  # noqa: ANN401 - see from_page
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (link.get("href") or "").startswith("http"):
            return str(link.get("href")).strip()
    return None


def _first(metas: Mapping[str, str], keys: tuple[str, ...]) -> Moment | None:
    return next((m for k in keys if k in metas and (m := parse_moment(metas[k]))), None)


def _time_element(root: Any) -> Moment | None:  # noqa: ANN401 - see from_page
    times = [(t, parse_moment(t.get("datetime"))) for t in root.iter("time")]
    named = [
        m for t, m in times if m and ("pub" in (t.get("class") or "").lower() or "publish" in (t.get("itemprop") or "").lower() or t.get("pubdate") is not None)
    ]
    return named[0] if named else None


def _guess(text: str, url: str | None) -> Moment | None:
    from htmldate import find_date

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        return parse_moment(find_date(text, original_date=True, url=url, extensive_search=True))
    except Exception:  # noqa: BLE001 - a page can break any parser; no date is an answer
        return None
