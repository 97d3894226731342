"""JSON as `design.md` has it: the article with its text around its statements, or one statement a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from onrecord.articles.article import Article
from onrecord.entry import Entry

__all__ = ["to_json", "to_jsonl"]


def to_json(article: Article, entries: Sequence[Entry]) -> dict[str, Any]:
    """The article, its text included, and its statements.

    Returns:
        `{"article": …, "statements": […]}`; offsets are code points of `article.text`.
    """
    return {"article": article.to_json(), "statements": [e.to_json() for e in entries]}


def to_jsonl(entries: Sequence[Entry]) -> str:
    """One statement a line, each line ended; nothing for no statements."""
    return "".join(dumped(e.to_json()) + "\n" for e in entries)


def dumped(value: object) -> str:
    """JSON in one line. Lone surrogates, which UTF-8 cannot hold, are escaped, everything else stays readable."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text) else json.dumps(value)
