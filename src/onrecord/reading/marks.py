"""Quotation marks: which marks open, which close, and what stands between them.

The finder knows straight and curly, double and single, guillemets and low-high marks, nesting, apostrophes, and
marks left open. It looks at characters only; what a quotation *means* is decided in `onrecord.statements`.

Marks that have a direction (`“ ”`, `« »`) are taken at their word, save that `’` may be an apostrophe and `“` closes
what `„` opened. Marks without one (`"`, `'`) are judged by their neighbours, as in John Gruber's SmartyPants: a mark
opens after a space and before a word, and closes after a word and before a space.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["CLOSING", "INSIDE", "NESTED", "OPENING", "OUTSIDE", "Outermost", "Quoted", "find_quoted", "quote_states"]

#: States of one character, as `quote_states` gives them.
OUTSIDE, OPENING, CLOSING, INSIDE, NESTED = range(5)

_DOUBLE_OPEN = "“„‟«❝〝"
_DOUBLE_CLOSE = "”“»❞〞"
_SINGLE_OPEN = "‘‚‛‹"
_SINGLE_CLOSE = "’‘›"
_STRAIGHT = "\"'`´＂"
_MARKS = re.compile("[" + re.escape(_DOUBLE_OPEN + _DOUBLE_CLOSE + _SINGLE_OPEN + _SINGLE_CLOSE + _STRAIGHT) + "]")

#: What may close a mark: the pairs in use in English newspapers and in names and quotations they carry over.
_PARTNERS = {
    '"': '"”',
    "＂": "＂",
    "“": '”"',
    "„": '“”"',
    "‟": '”"',
    "❝": "❞",
    "〝": "〞",
    "«": "»",
    "'": "'’",
    "`": "'´`",
    "´": "´'",
    "‘": "’'",
    "‚": "‘’'",
    "‛": "’'",
    "‹": "›",
}
_SINGLES = set("'`´‘’‚‛‹›")
_ELISION = re.compile(r"['’‘](?:\d0s\b|\d\ds?\b|(?:em|til|tis|twas|twere|cause|bout|cos|cuz|round|ere|n|neath|kay|fraid|nuff|ya|ave|im|er)\b)", re.IGNORECASE)
_BREAK = re.compile(r"\r\n|\r|\n|\u2028|\u2029")
_FIRST = re.compile(r"\s*(\S)")
#: Quotations nest two deep in print, three in courts; deeper, the marks are noise, and looking for a partner stays cheap.
_DEEPEST = 8
#: How many marks ahead a possessive is weighed against a closing mark.
_AHEAD = 50
_OPENERS = "([{—–-/:;,\u2014"
_CLOSERS = ")]}—–-/:;,.!?…"


@dataclass(frozen=True, slots=True)
class Quoted:
    """One quotation as the marks show it.

    `start` is the opening mark; `end` is just past the closing mark, or the end of the paragraph if none was found.
    """

    #: Offset of the opening mark.
    start: int
    #: Offset just past the closing mark (half-open).
    end: int
    #: 1 for an outermost quotation, 2 for one inside it, and so on.
    depth: int
    #: Whether the closing mark was found.
    closed: bool
    #: Whether the quotation goes on in the next paragraph, which repeats the opening mark.
    continued: bool = False

    @property
    def inner(self) -> tuple[int, int]:
        """Offsets of the quoted words, marks left out."""
        return self.start + 1, self.end - 1 if self.closed else self.end


class Outermost:
    """The outermost quotations of a text, found by place. They do not overlap one another.

    Args:
        quoted: What `find_quoted` returned.
    """

    def __init__(self, quoted: Sequence[Quoted]) -> None:
        self.quoted = tuple(q for q in quoted if q.depth == 1)
        self._starts = [q.start for q in self.quoted]
        self._ends = [q.end for q in self.quoted]

    def touching(self, start: int, end: int) -> Sequence[Quoted]:
        """Those that share a character with a range, in order."""
        return self.quoted[bisect.bisect_right(self._ends, start) : bisect.bisect_left(self._starts, end)]


def find_quoted(text: str, paragraphs: Sequence[tuple[int, int]] | None = None) -> list[Quoted]:
    """Find every quotation in a text.

    Args:
        text: Any text.
        paragraphs: Spans to look at, each on its own, in order; a quotation never crosses them, but a paragraph left
            open whose successor begins with the same mark is `continued`. Default: the lines of the text.

    Returns:
        Quotations in order of their opening mark, nested ones after the one that holds them.
    """
    spans = list(_lines(text)) if paragraphs is None else list(paragraphs)
    followings = [""] * len(spans)
    for index in range(len(spans) - 1, 0, -1):
        start, end = spans[index]
        first = _FIRST.match(text, start, end)
        followings[index - 1] = first[1] if first else followings[index]
    return [q for (start, end), following in zip(spans, followings, strict=True) for q in _in_paragraph(text, start, end, following)]


def quote_states(text: str, quoted: Sequence[Quoted]) -> bytearray:
    """Give every character its state.

    Args:
        text: The text the quotations were found in.
        quoted: What `find_quoted` returned for it.

    Returns:
        One byte a character: `OUTSIDE`, `OPENING`, `CLOSING`, `INSIDE` (depth 1) or `NESTED` (deeper).
    """
    states = bytearray(len(text))
    for q in quoted:
        inside = INSIDE if q.depth == 1 else NESTED
        states[q.start : q.end] = bytes([inside]) * (q.end - q.start)
        states[q.start] = OPENING
        if q.closed:
            states[q.end - 1] = CLOSING
    return states


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _in_paragraph(text: str, start: int, end: int, following: str) -> list[Quoted]:
    found: list[Quoted] = []
    stack: list[int] = []
    marks = [m.start() for m in _MARKS.finditer(text, start, end)]
    for number, at in enumerate(marks):
        opens, closes = _roles(text, at, start, end)
        level = _partner(text, stack, at) if closes else None
        if level is not None and closes and not (opens and _prefers_opening(text, at, stack)):
            if _is_possessive(text, at, end) and _closes_later(text, marks[number + 1 : number + 1 + _AHEAD], stack[level], start, end):
                continue
            found.append(Quoted(stack[level], at + 1, level + 1, closed=True))
            del stack[level:]
        elif opens:
            stack.append(at)
    for level, at in enumerate(stack):
        if _credible_unclosed(text, at, start):
            continued = following == text[at]
            found.append(Quoted(at, end, level + 1, closed=False, continued=continued))
    found = _without_strays(found)
    found.sort(key=lambda q: (q.start, -q.end))
    return found


def _without_strays(found: list[Quoted]) -> list[Quoted]:
    """Recompute depths from what was kept: a stray mark dropped must not make its neighbours look nested."""
    ordered = sorted(found, key=lambda q: (q.start, -q.end))
    kept: list[Quoted] = []
    open_ends: list[int] = []
    for q in ordered:
        while open_ends and open_ends[-1] <= q.start:
            open_ends.pop()
        kept.append(Quoted(q.start, q.end, len(open_ends) + 1, q.closed, q.continued))
        open_ends.append(q.end)
    return kept


def _roles(text: str, at: int, start: int, end: int) -> tuple[bool, bool]:  # noqa: PLR0911 - one return a rule, in order of precedence
    """Say whether the mark at an offset may open, and whether it may close."""
    mark = text[at]
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if mark in _SINGLES and mark not in "‹›" and before.isalnum() and after.isalnum():
        return False, False
    if mark in "'’‘" and not before.isalnum() and _ELISION.match(text, at):
        return False, mark == "’" and not after.isalnum()
    if mark in "\"'´＂" and before.isdigit() and mark in "\"'" and _is_measure(text, at, start):
        return False, True
    if mark in "«‹‚„❝〝‛‟":
        return True, False
    if mark in "»›❞〞”":
        return False, True
    if mark in "“‘":
        return not after.isspace() or before.isspace(), before not in " \t\xa0" and (after.isspace() or after in _CLOSERS)
    space_before = before.isspace() or before in _OPENERS or bool(_MARKS.match(before))
    space_after = after.isspace() or after in _CLOSERS or bool(_MARKS.match(after))
    opens = space_before and not after.isspace()
    closes = space_after and not before.isspace()
    if mark == "’":
        opens = False
    if mark == "`":
        closes = closes and not opens
    if not opens and not closes:
        # "word"word or word "word: a slip of the typist. Straight doubles are marks all the same; singles are not.
        return (mark in '"＂', mark in '"＂')
    return opens, closes


def _is_measure(text: str, at: int, start: int) -> bool:
    return bool(re.search(r"\d['’]\s?\d{1,2}$" if text[at] == '"' else r"\b\d$", text[max(start, at - 6) : at]))


def _partner(text: str, stack: list[int], at: int) -> int | None:
    for level in range(len(stack) - 1, max(-1, len(stack) - 1 - _DEEPEST), -1):
        if text[at] in _PARTNERS.get(text[stack[level]], ""):
            return level
    return None


def _prefers_opening(text: str, at: int, stack: list[int]) -> bool:
    """For a mark that could be both: it opens when a space stands before it and a word after it."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(stack) and (not before or before.isspace() or before in "([") and (after.isalnum() or after == "[")


def _is_possessive(text: str, at: int, end: int) -> bool:
    if text[at] not in "'’" or at < 1 or text[at - 1] not in "sSzx":
        return False
    return bool(re.match(r"\s+[\w£$€]", text[at + 1 : min(end, at + 6)]))


def _closes_later(text: str, marks: list[int], opened: int, start: int, end: int) -> bool:
    """Whether a surer closing mark comes before the next opening one."""
    for at in marks:
        opens, closes = _roles(text, at, start, end)
        if text[at] not in _PARTNERS[text[opened]]:
            continue
        if closes and not _is_possessive(text, at, end):
            return True
        if opens:
            return False
    return False


def _credible_unclosed(text: str, at: int, start: int) -> bool:
    """A single mark that nothing closes is more often an apostrophe, unless it stands where speech begins."""
    if text[at] not in _SINGLES:
        return True
    before = text[start:at].rstrip()
    return not before or before[-1] in ":," or before[-1] in '"“'
