"""Gold statements put through the product as if the reader had found them, among those that it does find."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from onrecord.articles.article import Article, Kind, Paragraph, Revision
from onrecord.entry import Entry, entries_of
from onrecord.reading import Reader
from onrecord.statements import Attribution, QuoteKind, Statement, find_statements
from onrecord.text import Span

__all__ = ["entries_given", "given_statement", "plain_article"]

Offsets = Sequence[tuple[int, int]]


def plain_article(text: str, *, published: datetime | None = None) -> Article:
    """A text whose every paragraph is body."""
    paragraphs = tuple(Paragraph(m.start(), m.end(), Kind.BODY) for m in re.finditer(r"[^\n]*\S", text))
    return Article(Revision(text, paragraphs), source="gold", published=published, published_precision="day" if published else None)


def given_statement(article: Article, reader: str, *, source: Offsets, cue: Offsets, content: Offsets) -> Statement:
    """A statement with these spans, white space at their ends left out."""

    def cut(offsets: Offsets) -> tuple[Span, ...]:
        text = article.revision.text
        trimmed = [(s + len(text[s:e]) - len(text[s:e].lstrip()), s + len(text[s:e].rstrip())) for s, e in offsets]
        return tuple(Span.of(text, s, e) for s, e in trimmed if s < e)

    return Statement(
        revision=article.revision.id,
        content=cut(content),
        cue=cut(cue),
        source=cut(source),
        kind=QuoteKind.INDIRECT,
        attribution=Attribution.CUE,
        verbatim=(),
        insertions=(),
        paragraph="body",
        score=1.0,
        reader=reader,
    )


def entries_given(article: Article, given: Sequence[Statement], reader: Reader) -> list[Entry]:
    """Who said each given statement, when and where.

    The reader's own statements stand around them as they would for a user; one that shares a source or a content with a given one is left out.

    Returns:
        An entry for each given statement, in their order.
    """
    reading = reader.read(article)
    taken = {(x.start, x.end) for s in given for x in (*s.source, *s.content)}
    own = [s for s in find_statements(article, reading) if not any((x.start, x.end) in taken for x in (*s.source, *s.content))]
    everything = sorted([*given, *own], key=lambda s: s.content[0].start)
    made = {id(e.statement): e for e in entries_of(article, reading, everything)}
    return [made[id(s)] for s in given]
