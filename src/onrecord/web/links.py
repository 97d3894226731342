"""The addresses of things. Everything has one, and it can be shared."""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import quote as _quote
from urllib.parse import urlencode

__all__ = ["actor", "agreement", "article", "coding", "coding_of", "issue", "outside", "position", "quotation", "search", "statement"]

#: Pages of their own where otherwise an issue is named.
_PAGES = frozenset(("agreement",))
quote = functools.lru_cache(4096)(_quote)  # a page names the same things again and again


def article(id_: str, *, revision: str | None = None, statement: str | None = None) -> str:
    """Of an article; of one of its texts, or at a statement.

    Args:
        id_: `n1:…`.
        revision: `r1:…`; None for the text seen last.
        statement: `s1:…` to go to.
    """
    query = f"?revision={quote(revision)}" if revision else ""
    return f"/articles/{quote(id_)}{query}" + (f"#{quote(statement)}" if statement else "")


def actor(id_: str) -> str:
    """Of an actor."""
    return f"/actors/{quote(id_)}"


def issue(id_: str) -> str:
    """Of an issue."""
    return f"/issues/{quote(id_)}"


def position(issue_: str, key: int) -> str:
    """Of one position on an issue, by its number."""
    return f"/issues/{quote(issue_)}/positions/{key}"


def quotation(id_: str) -> str:
    """Of a quotation, by its id or that of a witness."""
    return f"/quotations/{quote(id_)}"


def statement(id_: str) -> str:
    """Of a statement: leads to its article, at the statement."""
    return f"/statements/{quote(id_)}"


def citation(one: str, other: str, **days: str) -> str:
    """Of the statements in which one cites another; who has no id in the ledger has one in `onrecord.ledger.citing`."""
    return f"/network/citations/edge?{urlencode({'a': one, 'b': other, **days}, safe=':')}"


def agreement(**filters: Any) -> str:  # noqa: ANN401 - as the page takes them
    """Of the page that says how far coders agree."""
    some = {k: v for k, v in filters.items() if v not in (None, "", (), [])}
    return "/review/agreement" + (f"?{urlencode(some, doseq=True)}" if some else "")


def coding(issue_: str) -> str:
    """Of the queue on an issue. The sign before the id, which no id can have, tells an issue from a page of the same name.

    Example:
        >>> coding("truce-60d"), coding("agreement")
        ('/review/truce-60d', '/review/=agreement')
    """
    return f"/review/{'=' if issue_ in _PAGES else ''}{quote(issue_)}"


def coding_of(name: str) -> str:
    """The id of the issue that an address of `coding` names."""
    return name.removeprefix("=")


def search(words: str = "", **filters: Any) -> str:  # noqa: ANN401 - as the search page takes them
    """Of a search."""
    some = {k: v for k, v in {"q": words, **filters}.items() if v not in (None, "", (), [])}
    return "/search" + (f"?{urlencode(some, doseq=True)}" if some else "")


def outside(url: str | None) -> str | None:
    """An address elsewhere if a browser may follow it; None for any but http and https."""
    return url if url and url.lower().startswith(("http://", "https://")) else None
