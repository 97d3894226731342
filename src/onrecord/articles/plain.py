"""Plain text to an article: every character stays where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.articles.article import Kind, Revision
from onrecord.articles.draft import mark
from onrecord.articles.lines import kinds_of_lines, read_stamp, signed
from onrecord.articles.metadata import Metadata

__all__ = ["paragraphs_of", "read_plain"]

#: Line breaks of str.splitlines that separate lines in text files; U+2028 and its like are inside lines for most editors.
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_BLANK = re.compile(r"(?:\r\n|\n|\r)[ \t\xa0]*(?:\r\n|\n|\r)")
#: Widths within which hard-wrapped lines end.
_WRAP = range(50, 101)


def read_plain(text: str) -> tuple[Revision, Metadata]:
    """Cut a plain text into paragraphs with their kinds and read what its byline says."""
    spans = list(paragraphs_of(text))
    lines = [" ".join(text[s:e].split()) for s, e in spans]
    kinds = kinds_of_lines(lines)
    metadata = Metadata()
    for line, kind in zip(lines, kinds, strict=True):
        if kind is Kind.HEADLINE and metadata.title is None:
            metadata.title = line
        elif kind is Kind.BYLINE:
            stamp = read_stamp(line)
            if stamp:
                metadata.outlet, metadata.section = metadata.outlet or stamp.outlet, metadata.section or stamp.section
                metadata.published, metadata.updated = metadata.published or stamp.created, metadata.updated or stamp.updated
            elif metadata.byline is None:
                metadata.byline = signed(line)
    return mark(text, ((s, e, k) for (s, e), k in zip(spans, kinds, strict=True))), metadata


def paragraphs_of(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of a text's paragraphs: its lines, or, where lines are wrapped by hand, what stands between empty lines.

    A byte order mark before the first is left outside.
    """
    begin = text.startswith("\ufeff")
    if _wrapped(text):
        at = int(begin)
        for gap in [*_BLANK.finditer(text), None]:
            end = gap.start() if gap else len(text)
            if text[at:end].strip():
                yield _trimmed(text, at, end)
            at = gap.end() if gap else end
        return
    for line in _LINE.finditer(text, int(begin)):
        if line[0].strip():
            yield _trimmed(text, line.start(), line.end())


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _wrapped(text: str) -> bool:
    """Whether most lines inside blocks end at one margin without ending a sentence."""
    inner = wrapped = 0
    for block in _BLANK.split(text[:50_000]):
        lines = [line for line in block.splitlines() if line.strip()]
        for line in lines[:-1]:
            inner += 1
            wrapped += len(line.rstrip()) in _WRAP and not line.rstrip().endswith((".", "!", "?", '"', "”"))
    return inner >= 3 and wrapped >= 0.6 * inner  # noqa: PLR2004 - three lines make a margin; prose ends some lines at full stops
