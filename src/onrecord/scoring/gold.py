"""Gold: texts with the attributions that people marked in them, and the marked form of the project's own corpus.

The marked form is a header, a line `---`, and the article's text with its spans marked in place:

    id: harbour-talks
    outlet: The Velden Courier
    ---
    ⟦s1 The minister⟧ ⟦c1 said⟧ ⟦q1 that the talks would go on⟧.

A mark is `⟦`, its labels joined by commas, one space, the words, `⟧`. A label is a role (`s` source, `c` cue, `q` content) and the
number of its attribution. Marks may nest. Several marks with the same label are one discontinuous span; several labels on one mark
are one span that several attributions share (`⟦s1,s2 He⟧`). Neither bracket may stand in a text otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from onrecord.errors import UsageError
from onrecord.scoring.spans import ROLES, Attributed, Offsets

__all__ = ["GoldArticle", "format_marked", "parse_marked"]

_LETTERS = {"s": "source", "c": "cue", "q": "content"}
_LETTER_OF = {role: letter for letter, role in _LETTERS.items()}
_HEADER = re.compile(r"([A-Za-z][\w.-]*):[ \t]*(.*)")
_RULE = "---"
_BRACKET = re.compile("[⟦⟧]")
_LABELS = re.compile(r"([scq][1-9][0-9]{0,5}(?:,[scq][1-9][0-9]{0,5})*) ")
_SHAPE = "a mark is ⟦, labels such as s1 or s1,s2 (s source, c cue, q content), one space, the words, ⟧"


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """A text and the attributions that people marked in it."""

    #: Name of the text, unique in its corpus.
    id: str
    #: The text; offsets are its code points.
    text: str
    #: The attributions. Where `linked` is false, each holds one span of one role.
    attributions: tuple[Attributed, ...]
    #: Whether the gold says which source and cue belong to which content; without it joined measures are undefined.
    linked: bool = True
    #: The article that the text was cut from: texts of one article are drawn together by the bootstrap. The id, if whole.
    story: str = ""
    #: Header lines of the marked form, in order; not part of what is scored.
    metadata: tuple[tuple[str, str], ...] = field(default=())

    def spans(self, role: str) -> tuple[Offsets, ...]:
        """All spans of a role, attribution by attribution, repetitions included."""
        return tuple(span for attribution in self.attributions for span in attribution.of_role(role))


@dataclass(frozen=True, slots=True)
class _Open:
    """A mark that is not closed yet."""

    #: Offset of the bracket in the marked text.
    at: int
    #: Offset of the first word in the plain text.
    start: int
    #: Labels as written, such as ("s1", "s2").
    labels: tuple[str, ...]


class _Marked:
    """Text with marks, read once from left to right; knows the line of every complaint."""

    def __init__(self, body: str, *, name: str, first_line: int) -> None:
        self.body = body
        self.name = name
        self.first_line = first_line
        self.plain: list[str] = []
        self.length = 0
        self.stack: list[_Open] = []
        self.found: dict[int, dict[str, list[Offsets]]] = {}
        self.seen_at: dict[int, int] = {}

    def complain(self, message: str, at: int, hint: str = _SHAPE) -> UsageError:
        line = self.first_line + self.body.count("\n", 0, at)
        return UsageError(message, item=f"{self.name}, line {line}", hint=hint)

    def copy(self, start: int, end: int) -> None:
        self.plain.append(self.body[start:end])
        self.length += end - start

    def read(self) -> None:
        at = 0
        for bracket in _BRACKET.finditer(self.body):
            self.copy(at, bracket.start())
            at = self.open(bracket.start()) if bracket[0] == "⟦" else self.close(bracket.start())
        self.copy(at, len(self.body))
        if self.stack:
            msg = f"the mark {','.join(self.stack[-1].labels)} is never closed"
            raise self.complain(msg, self.stack[-1].at)
        for number, roles in self.found.items():
            if "content" not in roles:
                msg = f"attribution {number} has no content"
                raise self.complain(msg, self.seen_at[number], hint=f"mark what was said as ⟦q{number} …⟧, or correct the number")

    def open(self, at: int) -> int:
        match = _LABELS.match(self.body, at + 1)
        if match is None:
            msg = f"{self.body[at : at + 12]!r} does not open a mark"
            raise self.complain(msg, at)
        labels = tuple(match[1].split(","))
        for label in labels:
            if labels.count(label) > 1 or any(label in other.labels for other in self.stack):
                msg = f"{label} is marked twice on the same words"
                raise self.complain(msg, at, hint="remove one of the two")
        self.stack.append(_Open(at, self.length, labels))
        return match.end()

    def close(self, at: int) -> int:
        if not self.stack:
            raise self.complain("⟧ closes nothing", at)
        mark = self.stack.pop()
        if mark.start == self.length:
            msg = f"the mark {','.join(mark.labels)} holds no words"
            raise self.complain(msg, mark.at)
        for label in mark.labels:
            number = int(label[1:])
            self.seen_at.setdefault(number, mark.at)
            self.found.setdefault(number, {}).setdefault(_LETTERS[label[0]], []).append((mark.start, self.length))
        return at + 1


def parse_marked(marked: str, *, name: str = "<gold>") -> GoldArticle:
    """Read an article of the project's own corpus.

    Args:
        marked: Header, `---`, marked text; see the module. Line ends are kept as they are.
        name: What to call it in messages; also the article's id if the header has none.

    Raises:
        UsageError: The header or a mark is not well formed; the message names the line.
    """
    metadata, body_at, line = _header(marked, name)
    body = _Marked(marked[body_at:], name=name, first_line=line)
    body.read()
    attributions = tuple(Attributed.marked({role: tuple(sorted(spans)) for role, spans in body.found[number].items()}) for number in sorted(body.found))
    ident = dict(metadata).get("id", name)
    return GoldArticle(ident, "".join(body.plain), attributions, story=ident, metadata=metadata)


def _header(marked: str, name: str) -> tuple[tuple[tuple[str, str], ...], int, int]:
    """Read the header: its pairs, the offset where the text begins, and the line number there."""
    pairs: dict[str, str] = {}
    at = 0
    for number, line in enumerate(marked.split("\n"), start=1):
        at += len(line) + 1
        words = line.rstrip()
        if words == _RULE:
            return tuple(pairs.items()), min(at, len(marked)), number + 1
        if not words:
            continue
        match = _HEADER.fullmatch(words)
        where = f"{name}, line {number}"
        if match is None:
            msg = f"not a header line: {words!r:.60}"
            raise UsageError(msg, item=where, hint="write `key: value`, and end the header with a line `---`")
        if match[1] in pairs:
            msg = f"the header names {match[1]!r} twice"
            raise UsageError(msg, item=where, hint="remove one of the two lines")
        pairs[match[1]] = match[2]
    raise UsageError("no line `---` ends the header", item=name, hint="the text begins after a line that holds `---` alone")


def format_marked(article: GoldArticle) -> str:
    """Write an article in the marked form: what `parse_marked` reads back as the same text and spans.

    Attributions are numbered from 1 in their order.

    Raises:
        UsageError: The text holds a bracket, or two spans overlap without one holding the other, which marks cannot show.
    """
    if bracket := _BRACKET.search(article.text):
        msg = f"the text holds {bracket[0]} at {bracket.start()}"
        raise UsageError(msg, item=article.id, hint="the marked form keeps ⟦ and ⟧ for itself")
    labels: dict[Offsets, list[str]] = {}
    for number, attribution in enumerate(article.attributions, start=1):
        for role in ROLES:
            for span in attribution.of_role(role):
                labels.setdefault(span, []).append(f"{_LETTER_OF[role]}{number}")
    out = [f"{key}: {value}\n" for key, value in article.metadata]
    out.append(f"{_RULE}\n")
    out.append(_with_marks(article, labels))
    return "".join(out)


def _with_marks(article: GoldArticle, labels: Mapping[Offsets, list[str]]) -> str:
    out: list[str] = []
    ends: list[int] = []
    at = 0
    for start, end in sorted(labels, key=lambda span: (span[0], -span[1])):
        while ends and ends[-1] <= start:
            out += [article.text[at : ends[-1]], "⟧"]
            at = ends.pop()
        if ends and ends[-1] < end:
            message = f"the spans {start}:{end} and another that ends at {ends[-1]} cross"
            raise UsageError(message, item=article.id, hint="marks can nest but not cross; cut one span in two")
        out += [article.text[at:start], f"⟦{','.join(labels[start, end])} "]
        ends.append(end)
        at = start
    while ends:
        out += [article.text[at : ends[-1]], "⟧"]
        at = ends.pop()
    out.append(article.text[at:])
    return "".join(out)
