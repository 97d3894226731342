"""A long article is shown in parts: where each begins and ends, so that no page is too heavy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.articles.article import Paragraph

__all__ = ["Part", "Stretch", "parts_of"]

#: Characters and statements of a part, at most; a part has a statement more where several begin in one place.
_CHARACTERS, _STATEMENTS = 24_000, 40


@dataclass(frozen=True, slots=True)
class Stretch:
    """A paragraph, or a part of one that is too long for one page."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one page shows of a text."""

    stretches: tuple[Stretch, ...]

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.stretches[0].start if self.stretches else 0

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.stretches[-1].end if self.stretches else 0


def parts_of(text: str, paragraphs: Sequence[Paragraph], starts: Sequence[int], *, characters: int = _CHARACTERS, statements: int = _STATEMENTS) -> list[Part]:
    """Cut a text into parts, between paragraphs where that can be.

    Args:
        text: The text.
        paragraphs: Its paragraphs, in order.
        starts: Where statements begin, in order.
        characters: Characters of a part at most.
        statements: Statements of a part at most, but for those that begin in one place.

    Returns:
        At least one part; together they hold every paragraph.
    """
    parts: list[Part] = []
    here: list[Stretch] = []
    size = count = at = 0
    for stretch in (s for p in paragraphs for s in _cut(text, p, starts, characters, statements)):
        before = at
        while at < len(starts) and starts[at] < stretch.end:
            at += 1
        more = at - before
        if here and (size + stretch.end - stretch.start > characters or count + more > statements):
            parts.append(Part(tuple(here)))
            here, size, count = [], 0, 0
        here.append(stretch)
        size, count = size + stretch.end - stretch.start, count + more
    return [*parts, Part(tuple(here))] if here or not parts else parts


def _cut(text: str, paragraph: Paragraph, starts: Sequence[int], characters: int, statements: int) -> list[Stretch]:
    """A paragraph, or where it is too long its parts, which end at white space if any is near."""
    out, start, kind = [], paragraph.start, str(paragraph.kind)
    inside = [s for s in starts if paragraph.start <= s < paragraph.end] if len(starts) > statements else []
    while start < paragraph.end:
        end = min(paragraph.end, start + characters)
        ahead = [s for s in inside if s >= start]
        if len(ahead) > statements and start < ahead[statements] < end:
            end = ahead[statements]
        elif end < paragraph.end:
            blank = text.rfind(" ", start + characters // 2, end)
            end = blank + 1 if blank > 0 else end
        out.append(Stretch(start, end, kind))
        start = end
    return out
