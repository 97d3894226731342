"""Markdown to an article: the source stays as it is, front matter becomes metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from onrecord.articles.article import Kind, Revision
from onrecord.articles.draft import mark
from onrecord.articles.lines import kind_of_line
from onrecord.articles.metadata import Metadata, names_of, one_line
from onrecord.articles.moments import parse_moment

__all__ = ["read_markdown"]

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>.{0,65536}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_MARKS = re.compile(r"^(?:[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,9}[.)][ \t]+))+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$")
_IMAGE_ONLY = re.compile(r"^(?:\[?!\[[^\]]*\]\([^)]*\)\]?(?:\([^)]*\))?\s*)+$")
_EMPHASIS = re.compile(r"^([*_]{1,2})(?P<inner>[^*_].*[^*_])\1$", re.DOTALL)
_KEYS = {
    "outlet": ("outlet", "publisher", "publication", "source", "site", "site_name"),
    "byline": ("author", "authors", "byline", "by"),
    "title": ("title", "headline"),
    "section": ("section", "category"),
    "language": ("lang", "language"),
    "url": ("url", "canonical", "canonical_url", "link", "permalink"),
}


def read_markdown(text: str) -> tuple[Revision, Metadata]:
    """Cut Markdown (CommonMark) into paragraphs; marks of headings, lists and quotations stay outside them.

    Front matter that is no YAML mapping is left as it is, unread.
    """
    front = _FRONT.match(text)
    metadata = _metadata(front["yaml"]) if front else Metadata()
    begin = front.end() if front else int(text.startswith("\ufeff"))
    spans = list(_spans(text, begin))
    if metadata.title is None:
        metadata.title = next((text[s:e] for s, e, k in spans if k is Kind.HEADLINE), None)
    return mark(text, spans), metadata


def _metadata(source: str) -> Metadata:
    import yaml

    out = Metadata()
    try:
        data: Any = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError):
        return out
    if not isinstance(data, dict):
        return out
    fields = {str(k).lower(): v for k, v in data.items()}
    for name, keys in _KEYS.items():
        value = next((v for k in keys if (v := fields.get(k))), None)
        setattr(out, name, names_of(value) if not isinstance(value, str) else one_line(value))
    out.published = next((m for k in ("date", "published", "date_published", "created") if (m := parse_moment(fields.get(k)))), None)
    out.updated = next((m for k in ("updated", "modified", "lastmod", "date_modified") if (m := parse_moment(fields.get(k)))), None)
    return out


def _spans(text: str, begin: int) -> Iterator[tuple[int, int, Kind]]:
    from markdown_it import MarkdownIt

    lines = _line_starts(text, begin)
    # CommonMark reads NUL as U+FFFD: as long, so that offsets hold.
    tokens = MarkdownIt("commonmark").parse(text[begin:])
    pictured = headed = False
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.map is None or token.type not in ("inline", "fence", "code_block", "html_block"):
            continue
        start, end = lines[token.map[0]], lines[min(token.map[1], len(lines) - 1)]
        raw = text[start:end]
        lead = _MARKS.match(raw)
        start += lead.end() if lead else 0
        raw = text[start:end]
        closing = _CLOSING.search(raw.rstrip()) if before is not None and before.type == "heading_open" else None
        end = start + closing.start() if closing else end
        content = text[start:end].strip()
        kind = Kind.BOILERPLATE if token.type != "inline" or _IMAGE_ONLY.match(content) else None
        emphasised = _EMPHASIS.match(content)
        if kind is None and before is not None and before.type == "heading_open":
            kind = Kind.HEADLINE if before.tag == "h1" and not headed else Kind.HEADING
            headed = headed or kind is Kind.HEADLINE
        elif kind is None and emphasised:
            kind = Kind.CAPTION if pictured else kind_of_line(emphasised["inner"])
            inset = content.index(emphasised["inner"])
            start = start + (len(text[start:end]) - len(text[start:end].lstrip())) + inset
            end = start + len(emphasised["inner"])
        elif kind is None:
            kind = kind_of_line(_LINK.sub(r"\1", content))
        pictured = bool(_IMAGE_ONLY.match(content)) or (pictured and kind is Kind.CAPTION)
        yield start, end, kind or Kind.BODY


def _line_starts(text: str, begin: int) -> list[int]:
    starts = [begin, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text[begin:]))]
    return [starts[0], *(begin + s for s in starts[1:]), len(text)]
