"""JSON as `design.md` has it: the article with its text around its statements, or one statement a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from onrecord.articles.article import Article
from onrecord.statements.statement import Statement

__all__ = ["to_json", "to_jsonl"]


def to_json(article: Article, statements: Sequence[Statement]) -> dict[str, Any]:
    """The article, its text included, and its statements.

    Returns:
        `{"article": …, "statements": […]}`; offsets are code points of `article.text`.
    """
    return {"article": article.to_json(), "statements": [s.to_json() for s in statements]}


def to_jsonl(statements: Sequence[Statement]) -> str:
    """One statement a line, each line ended; nothing for no statements."""
    return "".join(dumped(s.to_json()) + "\n" for s in statements)


def dumped(value: object) -> str:
    """JSON in one line. Lone surrogates, which UTF-8 cannot hold, are escaped, everything else stays readable."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text) else json.dumps(value)
