"""What changed between two texts: edits that cover both, where an offset went, and whether anything but form is new.

Texts are compared word by word. Words that stand once in both texts tie long texts together first (patience diff, Bram Cohen), so that the
longest common subsequence, which a library finds, is only asked for what lies between them: its cost grows with the product of both lengths.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, pairwise

__all__ = ["QUOTE", "Edit", "EditKind", "Word", "differences", "folded_words", "is_trivial", "moved", "moved_span"]


class EditKind(StrEnum):
    """What happened to a stretch of text."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Edit:
    """One stretch of the old text and what stands for it in the new one. Offsets are code points, half-open."""

    kind: EditKind
    old_start: int
    old_end: int
    new_start: int
    new_end: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text in the form in which it is compared."""

    #: Offsets in the text.
    start: int
    end: int
    #: Small letters, in one Unicode form, without apostrophes; `QUOTE` for a quotation mark of any style.
    folded: str


#: What every quotation mark folds to.
QUOTE = '"'

#: Where tokens begin and end for the comparison word by word; letters keep their combining marks.
_TOKEN = re.compile(r"\w[\w\u0300-\u036f]*|\S")
#: Words in a row that tie two texts together; at the last resort one.
_TIES = (6, 1)
#: Cells of the table that the longest common subsequence may cost, one bit each: a stretch of 5,000 words against as many.
_MOST_CELLS = 25_000_000


# Edits ------------------------------------------------------------------------------------------------------------------------------


def differences(old: str, new: str) -> tuple[Edit, ...]:
    """Compare two texts word by word.

    Stretches that agree by chance, such as a `the` between two sentences that were replaced, count as replaced with their neighbours.
    The cost grows with the length of the texts and with the square of the longest stretch without a word in common that is rare;
    a stretch of more than some 5,000 words on both sides in which nothing ties the texts together is one replacement.

    Args:
        old: The text as it was.
        new: The text as it is.

    Returns:
        Edits in order. Together they cover both texts; between two equal ones stands exactly one other.

    Example:
        >>> [str(e.kind) for e in differences("He said no.", "He said yes.")]
        ['equal', 'replace', 'equal']
    """
    if old == new:
        return (Edit(EditKind.EQUAL, 0, len(old), 0, len(new)),) if old else ()
    olds, news = ([(m.start(), m.end()) for m in _TOKEN.finditer(text)] for text in (old, new))
    numbers: dict[str, int] = {}
    left, right = ([numbers.setdefault(text[s:e], len(numbers)) for s, e in spans] for text, spans in ((old, olds), (new, news)))
    equal = [(olds[a][0], news[b][0], olds[a][1] - olds[a][0]) for a, b in _pairs(left, right)]
    runs = _without_chance(_joined(equal, old, new), len(old), len(new))
    return tuple(_edits(runs, old, new))


def moved(edits: Sequence[Edit], position: int) -> int | None:
    """Say where a character of the old text stands in the new one.

    Args:
        edits: What `differences` gave.
        position: An offset in the old text; its length stands for the end.

    Returns:
        The offset in the new text, None if the character is gone or was replaced.
    """
    if edits and position == edits[-1].old_end:
        return edits[-1].new_end
    index = bisect_right(edits, position, key=lambda e: e.old_start) - 1
    while index >= 0 and edits[index].old_end <= position:
        index -= 1  # an insertion begins where the next stretch does
    if index < 0 or edits[index].kind is not EditKind.EQUAL or not edits[index].old_start <= position < edits[index].old_end:
        return None
    return edits[index].new_start + position - edits[index].old_start


def moved_span(edits: Sequence[Edit], start: int, end: int) -> tuple[int, int] | None:
    """Say where characters of the old text stand in the new one.

    Args:
        edits: What `differences` gave.
        start: Offset of the first character in the old text.
        end: Offset past the last one, beyond `start`.

    Returns:
        Offsets in the new text of what begins and ends with the same characters; None if either is gone. What lies between may have changed.
    """
    first, last = moved(edits, start), moved(edits, end - 1)
    return None if first is None or last is None else (first, last + 1)


def _pairs(left: Sequence[int], right: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of places of equal tokens, rising on both sides. A stack of blocks, for texts may nest deeper than Python."""
    blocks = [(0, len(left), 0, len(right), 0)]
    while blocks:
        a, a_end, b, b_end, level = blocks.pop()
        while a < a_end and b < b_end and left[a] == right[b]:
            yield a, b
            a, b = a + 1, b + 1
        tail = 0
        while a < a_end and b < b_end and left[a_end - 1] == right[b_end - 1]:
            a_end, b_end, tail = a_end - 1, b_end - 1, tail + 1
        if a < a_end and b < b_end and level < len(_TIES):
            inner = _cut(left, right, (a, a_end, b, b_end), level)
            blocks.extend([(a_end, a_end + tail, b_end, b_end + tail, 0), *reversed(inner)])
            continue
        if a < a_end and b < b_end and (a_end - a) * (b_end - b) <= _MOST_CELLS:
            yield from _common(left[a:a_end], right[b:b_end], a, b)
        yield from ((a_end + n, b_end + n) for n in range(tail))


def _cut(left: Sequence[int], right: Sequence[int], block: tuple[int, int, int, int], level: int) -> list[tuple[int, int, int, int, int]]:
    """Cut a block where rows of tokens that stand once on both sides begin; without any, try shorter rows."""
    a, a_end, b, b_end = block
    size = _TIES[level]
    ones, others = _once(left, a, a_end, size), _once(right, b, b_end, size)
    ties = _rising([(ones[row], others[row]) for row in ones if row in others])
    out = []
    for x, y in ties:
        if x >= a and y >= b:
            if x > a or y > b:
                out.append((a, x, b, y, level + 1))
            # The row itself is a block of its own, whose tokens agree.
            out.append((x, x + size, y, y + size, level + 1))
            a, b = x + size, y + size
    if a < a_end or b < b_end:
        out.append((a, a_end, b, b_end, level + 1))
    return out


def _once(tokens: Sequence[int], start: int, end: int, size: int) -> dict[tuple[int, ...], int]:
    """Rows of tokens that stand once in a stretch, and where."""
    rows = [tuple(tokens[n : n + size]) for n in range(start, end - size + 1)]
    counts = Counter(rows)
    return {row: start + n for n, row in enumerate(rows) if counts[row] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest rise of the second numbers among pairs in order of the first (Schensted 1961)."""
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    ordered = sorted(pairs)
    for number, (_, value) in enumerate(ordered):
        at = bisect_right(ends, value)
        before.append(tops[at - 1] if at else -1)
        ends[at : at + 1], tops[at : at + 1] = [value], [number]
    out = []
    number = tops[-1] if tops else -1
    while number >= 0:
        out.append(ordered[number])
        number = before[number]
    return out[::-1]


def _common(left: Sequence[int], right: Sequence[int], a: int, b: int) -> Iterator[tuple[int, int]]:
    from rapidfuzz.distance import LCSseq

    for op in LCSseq.opcodes(left, right):
        if op.tag == "equal":
            yield from ((a + x, b + y) for x, y in zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True))


def _joined(tokens: Sequence[tuple[int, int, int]], old: str, new: str) -> list[tuple[int, int, int]]:
    """Runs of equal characters as (old start, new start, length): neighbouring tokens with the same white space between them are one."""
    runs: list[tuple[int, int, int]] = []
    for a, b, length in tokens:
        if runs:
            x, y, size = runs[-1]
            between = old[x + size : a]
            if between == new[y + size : b] and (not between or between.isspace()):
                runs[-1] = (x, y, a + length - x)
                continue
        runs.append((a, b, length))
    return runs


def _without_chance(runs: list[tuple[int, int, int]], old_length: int, new_length: int) -> list[tuple[int, int, int]]:
    """Leave out runs that are shorter than what changed on either side of them."""
    kept = runs
    while True:
        ends = [(0, 0, 0), *kept, (old_length, new_length, 0)]
        changed = [max(b[0] - a[0] - a[2], b[1] - a[1] - a[2]) for a, b in pairwise(ends)]
        # Of two neighbours only the shorter goes in one round: without it, the other may stand.
        weak = {n for n, run in enumerate(kept) if run[2] < min(changed[n], changed[n + 1])}
        if not weak:
            return kept
        gone = {n for n in weak if all(m not in weak or (kept[m][2], m) > (kept[n][2], n) for m in (n - 1, n + 1))}
        kept = [run for n, run in enumerate(kept) if n not in gone]


def _edits(runs: Sequence[tuple[int, int, int]], old: str, new: str) -> Iterator[Edit]:
    """Equal and other stretches in turn; white space that both sides of a gap share belongs to the equal ones."""
    stretches: list[tuple[bool, int, int]] = []  # equal?, lengths of old and new
    a = b = 0
    for x, y, length in [*runs, (len(old), len(new), 0)]:
        gap, other = old[a:x], new[b:y]
        head = _shared(gap, other)
        tail = _shared(gap[head:][::-1], other[head:][::-1])
        stretches += [(True, head, head), (False, len(gap) - head - tail, len(other) - head - tail), (True, tail + length, tail + length)]
        a, b = x + length, y + length
    a = b = 0
    for equal, group in groupby((s for s in stretches if s[1] or s[2]), key=lambda s: s[0]):
        parts = list(group)
        x, y = a + sum(p[1] for p in parts), b + sum(p[2] for p in parts)
        kind = EditKind.EQUAL if equal else EditKind.INSERT if x == a else EditKind.DELETE if y == b else EditKind.REPLACE
        yield Edit(kind, a, x, b, y)
        a, b = x, y


def _shared(one: str, other: str) -> int:
    """How many characters of white space both begin with."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count] and one[count].isspace():
        count += 1
    return count


# Form -------------------------------------------------------------------------------------------------------------------------------


_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_MARKS = '"“”„‟«»‹›❝❞〝〞＂‘‚‛’`´' + "'"
#: Marks typed as two.
_DOUBLED = ("``", "''", ",,")
_WORD = re.compile(
    # Initials are one word; a number keeps its sign, points and unit; a word its apostrophes and invisible characters.
    rf"(?:[^\W\d_]\.){{2,}}|(?:(?<![\w.,)\]])[-−])?\d+(?:[.,:/]\d+)*\w*|\w[\w\u0300-\u036f{_INVISIBLE}]*(?:['’ʼ´`]\w[\w\u0300-\u036f{_INVISIBLE}]*)*"
    rf"|``|''|,,|[^\w\s]"
)
_THOUSANDS = re.compile(r"[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?=\D*$)")
_DROPPED = re.compile(rf"['’ʼ´`._{_INVISIBLE}]")
_MARKS_IN_NUMBERS = re.compile(rf"['’ʼ´`_{_INVISIBLE}]")
#: Symbols that say something, besides those that Unicode calls currency or mathematics.
_TELLING = "%‰°§&@#"
_TIME_WORDS = frozenset(
    re.findall(
        r"\w+",
        "last first originally updated update modified edited published posted created at on of ago just now today yesterday about a an"
        " second seconds sec secs minute minutes min mins hour hours hr hrs h m d day days week weeks month months year years am pm noon midnight"
        " gmt utc bst cet cest est edt et cst cdt ct mst mdt pst pdt pt ist msk eet eest jst aest aedt local time"
        " mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep sept"
        " oct nov dec january february march april may june july august september october november december",
    )
)
_STAMPS = frozenset(["updated", "update", "modified", "edited", "published", "posted", "created", "ago"])
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:am|pm|h|z)?|\d{1,2}(?:am|pm)")
_ISO = re.compile(r"\d{4}-\d\d-\d\dt[\d:.+z-]+", re.IGNORECASE)
#: More words than a time line has.
_LONGEST_TIME_LINE = 16


def folded_words(text: str) -> tuple[Word, ...]:
    """The words of a text as they are compared where only form differs: numbers with their signs, symbols that say something, quotation marks.

    Other punctuation is left out. All quotation marks are alike; apostrophes inside words are left out.
    """
    return tuple(Word(m.start(), m.end(), folded) for m in _WORD.finditer(text) if (folded := _folded(m[0])))


@lru_cache(maxsize=1 << 16)
def _folded(token: str) -> str:
    """A token in the form in which it is compared; empty if it says nothing."""
    if not (token[0].isalnum() or token[0] == "_" or token[-1].isalnum()):
        if token in _DOUBLED or token in _MARKS:
            return QUOTE
        return token if token in _TELLING or unicodedata.category(token) in ("Sc", "Sm", "So") else ""
    if _THOUSANDS.match(token):
        token = token.replace(",", "")
    # A raised or lowered digit and a fraction are no digits of the number before them.
    plain = "".join(c if unicodedata.decomposition(c).startswith(("<super>", "<sub>", "<fraction>")) else unicodedata.normalize("NFKC", c) for c in token)
    dropped = _DROPPED if token[0].isalpha() else _MARKS_IN_NUMBERS
    return dropped.sub("", unicodedata.normalize("NFC", unicodedata.normalize("NFC", plain).casefold())).replace("−", "-")


def is_trivial(old: str, new: str) -> bool:
    """Say whether only form changed.

    Form is white space, punctuation, the style of quotation marks, case, the Unicode form, and lines that only say when the page was
    published or updated. Quotation marks that come or go are no form: they say which words are verbatim.

    Args:
        old: The text as it was.
        new: The text as it is.
    """
    return old == new or _words_without_times(old) == _words_without_times(new)


def _words_without_times(text: str) -> list[str]:
    words: list[str] = []
    for line in text.splitlines():
        found = [w.folded for w in folded_words(line)]
        if not _is_time_line(line, found):
            words += found
    return words


def _is_time_line(line: str, words: Sequence[str]) -> bool:
    if not words or len(words) > _LONGEST_TIME_LINE:
        return False
    bare = [w for w in words if w not in ("t", QUOTE) and not w.lstrip("-")[:1].isdigit()]
    stamped = any(w in _STAMPS for w in bare) or any(_CLOCK.fullmatch(w) for w in words) or bool(_ISO.search(line))
    return stamped and all(w in _TIME_WORDS for w in bare)
