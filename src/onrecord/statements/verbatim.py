"""What a content quotes: its kind, the words that are verbatim, and what an editor put between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from onrecord.reading.marks import Quoted
from onrecord.statements.statement import QuoteKind
from onrecord.text import Span

__all__ = ["insertions_in", "kind_of", "verbatim_of"]

#: Square brackets inside a quotation are an editor's by convention; round ones when they hold a few words and no clause.
_INSERTION = re.compile(r"\[[^\[\]\n]{1,200}\]|\([^()\n]{1,60}\)")
_MOST_WORDS = 6
_WORD = re.compile(r"\w")


def verbatim_of(text: str, content: Sequence[Span], quoted: Sequence[Quoted]) -> tuple[Span, ...]:
    """Find the words of a content that are quoted, insertions and outer marks left out.

    Args:
        text: The revision's text.
        content: The content's spans.
        quoted: Quotations near it, from `onrecord.reading.marks`.

    Returns:
        Spans in order; words between two insertions are spans of their own.
    """
    found = []
    for start, end in _quoted_parts(content, quoted):
        last = start
        for insertion in _insertions(text, start, end):
            found.append((last, insertion[0]))
            last = insertion[1]
        found.append((last, end))
    return tuple(_trimmed(text, found))


def insertions_in(text: str, content: Sequence[Span], quoted: Sequence[Quoted]) -> tuple[Span, ...]:
    """Find editorial insertions in the quoted words of a content.

    Args:
        text: The revision's text.
        content: The content's spans.
        quoted: Quotations near it.
    """
    return tuple(Span.of(text, s, e) for start, end in _quoted_parts(content, quoted) for s, e in _insertions(text, start, end))


def kind_of(text: str, content: Sequence[Span], quoted: Sequence[Quoted]) -> QuoteKind:
    """Say how much of a content is quoted, by the marks that are there.

    Args:
        text: The revision's text.
        content: The content's spans.
        quoted: Quotations near it.

    Returns:
        `direct` if every word is, `indirect` if none is, else `mixed`.
    """
    parts = _quoted_parts(content, quoted)
    inside = sum(len(_WORD.findall(text, s, e)) for s, e in parts)
    whole = sum(len(_WORD.findall(s.exact)) for s in content)
    if inside == 0:
        return QuoteKind.INDIRECT
    return QuoteKind.DIRECT if inside == whole else QuoteKind.MIXED


def _quoted_parts(content: Sequence[Span], quoted: Sequence[Quoted]) -> list[tuple[int, int]]:
    """Where content and the outermost quotations overlap, marks left out."""
    parts = []
    for span in content:
        for q in quoted:
            if q.depth == 1:
                start, end = max(span.start, q.inner[0]), min(span.end, q.inner[1])
                if start < end:
                    parts.append((start, end))
    return sorted(parts)


def _insertions(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _INSERTION.finditer(text, start, end):
        if match[0][0] == "[" or len(match[0].split()) <= _MOST_WORDS:
            yield match.start(), match.end()


def _trimmed(text: str, parts: Sequence[tuple[int, int]]) -> Iterator[Span]:
    for start, end in parts:
        s, e = start, end
        while s < e and text[s].isspace():
            s += 1
        while s < e and text[e - 1].isspace():
            e -= 1
        if s < e and _WORD.search(text, s, e):
            yield Span.of(text, s, e)
