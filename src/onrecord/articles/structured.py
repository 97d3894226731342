"""Articles in JSON: schema.org NewsArticle, IPTC ninjs 1 to 3, JSON Feed 1 and its items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.articles.article import Kind, Revision
from onrecord.articles.draft import compose
from onrecord.articles.lines import kinds_of_lines
from onrecord.articles.metadata import Metadata, names_of, one_line
from onrecord.articles.moments import parse_moment
from onrecord.articles.page import MARKUP, read_fragment
from onrecord.articles.plain import paragraphs_of
from onrecord.articles.schema_org import article_node, article_nodes, nodes_of, read_node, with_references
from onrecord.errors import ArticleError

__all__ = ["read_structured"]


def read_structured(data: object, *, name: str) -> list[tuple[Revision, Metadata]]:
    """Read every article in a JSON value.

    Raises:
        ArticleError: It is in none of the known forms.
    """
    feed = data if isinstance(data, dict) and isinstance(data.get("items"), list) else {}
    found = []
    for item in feed.get("items") or (data if isinstance(data, list) else [data]):
        if not isinstance(item, dict):
            continue
        if "content_html" in item or "content_text" in item:
            found.append(_feed_item(item, one_line(feed.get("title")), feed))
        elif any(k in item for k in ("bodies", "body_html", "body_text", "body_xhtml")):
            found.append(_ninjs(item))
        else:
            several = article_nodes(item) if "@graph" in item else [n for n in [article_node(item)] if n]
            found += [_news_article(with_references(node, data)) for node in several]
    if not found and feed and "version" in feed:
        raise ArticleError("this feed has no items with a text", item=name, hint="follow the feed's home page, or try again later")
    if not found:
        raise ArticleError("this JSON holds no article", item=name, hint="schema.org NewsArticle, IPTC ninjs and JSON Feed are known")
    return found


def _pieces(title: str | None, body: str, captions: list[str], *, markup: bool) -> list[tuple[str, Kind]]:
    if markup:
        pieces = read_fragment(body, title=title)
    else:
        lines = [body[s:e] for s, e in paragraphs_of(body)]
        pieces = list(zip(lines, kinds_of_lines([x or "\n" for x in lines], title=title), strict=True))
        pieces = [(t, k if k is not Kind.HEADLINE or not title or one_line(t) == title else Kind.BODY) for t, k in pieces]
    if title and (not pieces or one_line(pieces[0][0]) != title):
        pieces.insert(0, (title, Kind.HEADLINE))
    elif title:
        pieces[0] = (pieces[0][0], Kind.HEADLINE)
    known = {t for t, _ in pieces}
    return [*pieces, *((c, Kind.CAPTION) for c in captions if c not in known)]


def _news_article(node: Mapping[str, Any]) -> tuple[Revision, Metadata]:
    metadata = Metadata()
    read_node(node, metadata)
    body = metadata.body or ""
    return compose(_pieces(metadata.title, body, metadata.captions, markup=bool(MARKUP.search(body)))), metadata


def _feed_item(item: Mapping[str, Any], feed: str | None, outer: Mapping[str, Any]) -> tuple[Revision, Metadata]:
    rich, plain = item.get("content_html"), item.get("content_text")
    metadata = Metadata(
        url=next((u for k in ("url", "external_url", "id") if (u := one_line(item.get(k))) and u.startswith(("http://", "https://"))), None),
        outlet=feed,
        title=one_line(item.get("title")),
        byline=names_of(item.get("authors")) or names_of(item.get("author")) or names_of(outer.get("authors")),
        language=one_line(item.get("language")) or one_line(outer.get("language")),
        published=parse_moment(item.get("date_published")),
        updated=parse_moment(item.get("date_modified")),
    )
    markup = isinstance(rich, str) and bool(rich.strip())
    body = str(rich) if markup else plain if isinstance(plain, str) else ""
    return compose(_pieces(metadata.title, body, [], markup=markup)), metadata


def _ninjs(item: Mapping[str, Any]) -> tuple[Revision, Metadata]:
    body, markup = _ninjs_body(item)
    associations = item.get("associations")
    pictures = [n for n in nodes_of(associations) if n.get("type") in ("picture", "graphic", "video")] if isinstance(associations, (dict, list)) else []
    captions = [c for p in pictures if (c := one_line(p.get("description_text")) or _main(p.get("descriptions")) or one_line(p.get("headline")))]
    bylines = item.get("bylines")
    metadata = Metadata(
        url=next((u for k in ("canonicalurl", "url", "uri") if isinstance(u := item.get(k), str) and u.startswith("http")), None),
        outlet=one_line(item.get("copyrightholder")) or names_of(item.get("infosources")) or names_of(item.get("infosource")),
        title=one_line(item.get("headline")) or _main(item.get("headlines")) or one_line(item.get("title")) or _main(item.get("titles")),
        byline=one_line(item.get("by"))
        or one_line(item.get("byline"))
        or (names_of([b.get("byline") for b in bylines if isinstance(b, dict)]) if isinstance(bylines, list) else None),
        section=names_of(item.get("genres")),
        language=one_line(item.get("language")),
        published=next((m for k in ("firstcreated", "contentcreated", "versioncreated") if (m := parse_moment(item.get(k)))), None),
        updated=parse_moment(item.get("contentmodified")) or parse_moment(item.get("versioncreated")),
    )
    return compose(_pieces(metadata.title, body, captions, markup=markup)), metadata


def _ninjs_body(item: Mapping[str, Any]) -> tuple[str, bool]:
    for key in ("body_html", "body_xhtml", "body_text"):
        if isinstance(value := item.get(key), str) and value.strip():
            return value, key != "body_text"
    bodies = item.get("bodies")
    found = [b for b in (bodies if isinstance(bodies, list) else []) if isinstance(b, dict) and isinstance(b.get("value"), str)]
    best = next((b for b in found if b.get("role") in (None, "main")), found[0] if found else None)
    if best is None:
        return "", False
    return best["value"], "html" in str(best.get("contenttype") or "") or bool(MARKUP.search(best["value"]))


def _main(value: object) -> str | None:
    found = [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
    best = next((v for v in found if v.get("role") in (None, "main")), found[0] if found else {})
    return one_line(best.get("value"))
