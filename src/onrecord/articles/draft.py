"""The text of a revision in the making: pieces joined by empty lines, each with its kind."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.articles.article import Kind, Paragraph, Revision

__all__ = ["compose", "mark"]

_GAP = "\n\n"


def compose(pieces: Iterable[tuple[str, Kind]]) -> Revision:
    """Join pieces of text into a revision; pieces that hold only white space are left out."""
    parts: list[str] = []
    paragraphs: list[Paragraph] = []
    at = 0
    for raw, kind in pieces:
        piece = raw.strip()
        if not piece:
            continue
        if parts:
            parts.append(_GAP)
            at += len(_GAP)
        parts.append(piece)
        paragraphs.append(Paragraph(at, at + len(piece), kind))
        at += len(piece)
    return Revision("".join(parts), tuple(paragraphs))


def mark(text: str, spans: Iterable[tuple[int, int, Kind]]) -> Revision:
    """Name spans of a text that stays as it is; white space at their ends is left outside, empty ones are dropped."""
    paragraphs = []
    for start, end, kind in spans:
        piece = text[start:end]
        lead = len(piece) - len(piece.lstrip())
        tail = len(piece) - len(piece.rstrip())
        if lead < len(piece):
            paragraphs.append(Paragraph(start + lead, end - tail, kind))
    return Revision(text, tuple(paragraphs))
