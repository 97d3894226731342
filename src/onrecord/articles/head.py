"""What a page says about itself: JSON-LD, microdata, OpenGraph and other meta elements, htmldate where they are silent."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from onrecord.articles.metadata import Metadata, one_line
from onrecord.articles.moments import Moment, parse_moment
from onrecord.articles.schema_org import article_node, microdata, read_node, with_references

__all__ = ["from_page"]

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "article.published", "published-date", "displaydate", "cxense:publishtime",
)  # fmt: skip
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "lastmod", "last-modified", "article.updated", "modified-date")


def from_page(root: Any, text: str, *, url: str | None = None) -> Metadata:  # noqa: ANN401 - lxml's element type is not exported
    """Read a page's metadata.

    Args:
        root: The parsed page.
        text: The page's source, for htmldate.
        url: Where it came from.
    """
    found = Metadata()
    metas = _metas(root)
    node = _json_ld(root) or microdata(root)
    if node is not None:
        read_node(node, found)
    found.url = _canonical(root) or found.url or metas.get("og:url") or url
    found.title = found.title or metas.get("og:title") or metas.get("twitter:title") or one_line(root.findtext(".//title")) or _heading(root)
    found.outlet = found.outlet or metas.get("og:site_name") or metas.get("application-name") or metas.get("publisher")
    found.byline = found.byline or next(
        (v for k in ("author", "article:author", "parsely-author", "dc.creator", "byl") if (v := metas.get(k)) and not v.startswith("http")), None
    )
    found.section = found.section or metas.get("article:section") or metas.get("section")
    found.language = root.get("lang") or root.get("xml:lang") or found.language or metas.get("og:locale")
    found.published = found.published or _first(metas, _PUBLISHED) or _time_element(root) or _guess(text, url)
    found.updated = found.updated or _first(metas, _UPDATED)
    return found


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
    node = article_node(data)
    return None if node is None else with_references(node, data)


def _heading(root: Any) -> str | None:  # noqa: ANN401 - see from_page
    first = next(root.iter("h1"), None)
    return None if first is None else one_line("".join(first.itertext()))


def _canonical(root: Any) -> str | None:  # noqa: ANN401 - see from_page
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (link.get("href") or "").startswith("http"):
            return str(link.get("href")).strip()
    return None


def _first(metas: Mapping[str, str], keys: tuple[str, ...]) -> Moment | None:
    return next((m for k in keys if k in metas and (m := parse_moment(metas[k]))), None)


def _time_element(root: Any) -> Moment | None:  # noqa: ANN401 - see from_page
    times = [(t, parse_moment(t.get("datetime"))) for t in root.iter("time") if not _ELSEWHERE & {a.tag for a in t.iterancestors()}]
    named = [
        m for t, m in times if m and ("pub" in (t.get("class") or "").lower() or "publish" in (t.get("itemprop") or "").lower() or t.get("pubdate") is not None)
    ]
    if named:
        return named[0]
    inside = [m for t, m in times if m and {a.tag for a in t.iterancestors()} & {"article", "main", "header"}]
    return inside[0] if inside else None


#: What stands in these is another's: a post that is quoted, a box of other stories.
_ELSEWHERE = frozenset(("blockquote", "aside", "nav", "footer", "li"))


def _guess(text: str, url: str | None) -> Moment | None:
    from htmldate import find_date

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        return parse_moment(find_date(text, original_date=True, url=url, extensive_search=False))
    except Exception:  # noqa: BLE001 - a page can break any parser; no date is an answer
        return None
