"""Articles in schema.org's vocabulary, as JSON-LD or microdata has them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from onrecord.articles.metadata import Metadata, names_of, one_line
from onrecord.articles.moments import parse_moment

__all__ = ["article_node", "article_nodes", "microdata", "nodes_of", "read_node", "with_references"]

_TYPES = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report|ReportageNewsArticle|NewsItem|Posting)$")
#: Properties that lead from an article, or a page, to other articles.
_OTHERS = frozenset(
    (
        *("liveBlogUpdate", "itemListElement", "hasPart", "isPartOf", "mentions", "citation"),
        *("comment", "relatedLink", "isBasedOn", "about", "significantLink", "backstory"),
    )
)
_TELLING = ("articleBody", "headline", "datePublished", "author")


def nodes_of(value: object, *, past: frozenset[str] = frozenset()) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, outer before inner, without recursion.

    Args:
        value: Any JSON value.
        past: Keys that are not followed.
    """
    queue: list[object] = [value]
    for item in queue:
        if isinstance(item, dict):
            yield item
            queue.extend(v for k, v in item.items() if k not in past)
        elif isinstance(item, list):
            queue.extend(item)


def article_nodes(value: object) -> list[dict[str, Any]]:
    """The articles among the objects of schema.org data, but for those that another article or a list merely points to."""
    return [n for n in nodes_of(value, past=_OTHERS) if any(_TYPES.search(t) for t in _types(n))]


def article_node(value: object) -> dict[str, Any] | None:
    """The article that schema.org data is about: of several, the one that says most about itself."""
    return max(article_nodes(value), key=lambda n: sum(bool(n.get(k)) for k in _TELLING), default=None)


def with_references(node: Mapping[str, Any], data: object) -> dict[str, Any]:
    """A node whose properties that are mere references (`{"@id": …}`) have become what they refer to in the same data."""
    known = {n["@id"]: n for n in nodes_of(data) if isinstance(n.get("@id"), str) and len(n) > 1}

    def followed(value: object) -> object:
        if isinstance(value, list):
            return [followed(v) for v in value]
        if isinstance(value, dict) and set(value) == {"@id"} and isinstance(value["@id"], str):
            return known.get(value["@id"], value)
        return value

    return {k: followed(v) for k, v in node.items()}


def microdata(root: Any) -> dict[str, Any] | None:  # noqa: ANN401 - lxml's element type is not exported
    """The first article that a page's itemprops describe, in JSON-LD's shape (HTML Standard, microdata); without its body, which stays in the page."""
    for scope in root.iter():
        if isinstance(scope.tag, str) and scope.get("itemscope") is not None and _TYPES.search((scope.get("itemtype") or "").rstrip("/").rsplit("/", 1)[-1]):
            return _item(scope, depth=0)
    return None


_DEEPEST = 3


def _item(scope: Any, *, depth: int) -> dict[str, Any]:  # noqa: ANN401 - see microdata
    found: dict[str, Any] = {"@type": (scope.get("itemtype") or "").rstrip("/").rsplit("/", 1)[-1]}
    stack = list(reversed(scope))
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str):
            continue
        inner = element.get("itemscope") is not None
        for name in (element.get("itemprop") or "").split():
            if name != "articleBody" and name not in found and (not inner or depth < _DEEPEST):
                found[name] = _item(element, depth=depth + 1) if inner else _value(element)
        if not inner:
            stack.extend(reversed(element))
    return found


def _value(element: Any) -> str:  # noqa: ANN401 - see microdata
    said = next((v for k in ("content", "datetime", "href", "src") if (v := element.get(k))), None)
    return said or "".join(element.itertext())


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


def _types(node: Mapping[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [t for t in (kind if isinstance(kind, list) else [kind]) if isinstance(t, str)]
