"""Documents to articles: main text, paragraphs that know their kind, metadata, language, conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.articles.article import Article, Condition, Kind, Paragraph, Revision

if TYPE_CHECKING:
    from onrecord.articles.read import read_article, read_articles

__all__ = ["Article", "Condition", "Kind", "Paragraph", "Revision", "read_article", "read_articles"]


def __getattr__(name: str) -> object:
    # The HTML and language libraries are heavy; whoever only wants the types does not pay for them.
    if name in ("read_article", "read_articles"):
        from onrecord.articles import read

        return getattr(read, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
