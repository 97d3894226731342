"""Where sentences begin and end, by punctuation and case: enough for distances and for what stands near a cue."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from onrecord.text import Span

__all__ = ["Sentences", "find_sentences"]

# A full stop after one of these ends no sentence: titles, months, addresses, and single letters (initials, U.S.) by the pattern below.
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "mx",
        "dr",
        "prof",
        "st",
        "sen",
        "rep",
        "gov",
        "gen",
        "col",
        "lt",
        "maj",
        "sgt",
        "capt",
        "cmdr",
        "adm",
        "hon",
        "rev",
        "fr",
        "sr",
        "jr",
        "pres",
        "sec",
        "supt",
        "insp",
        "vs",
        "no",
        "nos",
        "inc",
        "corp",
        "co",
        "ltd",
        "llc",
        "dept",
        "est",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
        "fig",
        "al",
        "etc",
        "approx",
        "ave",
        "blvd",
        "mt",
        "ft",
    ]
)
_END = re.compile(r"""[.!?…]+["'’”»)\]]*(?=\s)""")
_LAST_WORD = re.compile(r"([A-Za-z]+)\.?$")


def find_sentences(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut paragraphs into sentences.

    Args:
        text: The text.
        spans: Half-open offsets of its paragraphs, ascending.

    Returns:
        Half-open offsets, ascending; together they cover every paragraph's characters but the white space between them.
    """
    out: list[tuple[int, int]] = []
    for start, end in spans:
        begin = start
        for match in _END.finditer(text, start, end):
            if _ends_a_sentence(text, match, end):
                out.append((begin, match.end()))
                begin = match.end()
                while begin < end and text[begin].isspace():
                    begin += 1
        if begin < end:
            out.append((begin, end))
    return out


def _ends_a_sentence(text: str, match: re.Match[str], end: int) -> bool:
    following = text[match.end() : end].lstrip()[:2].lstrip("\"'‘’“”«([—–-")
    if following[:1].islower():
        # `"Why?" she asked`; a lower-case word never begins a sentence of news.
        return False
    if not match[0].startswith(".") or match[0].startswith(".."):
        return True
    word = _LAST_WORD.search(text, max(0, match.start() - 12), match.start())
    if word is None:
        return True
    return not (word[1].lower() in _ABBREVIATIONS or (len(word[1]) == 1 and word[1].isupper()))


class Sentences:
    """Sentences of one text, found by offset.

    Args:
        text: The text.
        spans: Half-open offsets of its paragraphs, ascending.
    """

    def __init__(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self.ranges = find_sentences(text, spans)
        self._starts = [s for s, _ in self.ranges]

    def index(self, offset: int) -> int:
        """Number of the sentence that an offset stands in, or that ends before it; -1 before the first."""
        return bisect.bisect_right(self._starts, offset) - 1

    def at(self, offset: int) -> Span:
        """The sentence that an offset stands in."""
        start, end = self.ranges[max(0, self.index(offset))]
        return Span.of(self._text, start, end)
