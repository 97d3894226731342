"""Statements from sentences with marks: `{source} <cue> |content|`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from onrecord.statements import Attribution, QuoteKind, Statement
from onrecord.text import Span

MARKS = re.compile(r"[{}<>|]")


@dataclass(frozen=True)
class Marked:
    text: str
    statement: Statement

    @property
    def sentence(self) -> Span:
        return Span.of(self.text, 0, len(self.text))

    def spans(self, names: dict[str, str]) -> list[tuple[Span, str]]:
        return [(Span.of(self.text, m.start(), m.end()), kind) for name, kind in names.items() for m in re.finditer(re.escape(name), self.text)]


def marked(line: str) -> Marked:
    text = MARKS.sub("", line)
    roles: dict[str, list[Span]] = {"{": [], "<": [], "|": []}
    opened: tuple[str, int] | None = None
    at = 0
    for char in line:
        if not MARKS.match(char):
            at += 1
        elif opened and char in {"}", ">", "|"}:
            roles[opened[0]].append(Span.of(text, opened[1], at))
            opened = None
        else:
            opened = (char, at)
    statement = Statement(
        revision="r1:test",
        content=tuple(roles["|"]),
        cue=tuple(roles["<"]),
        source=tuple(roles["{"]),
        kind=QuoteKind.INDIRECT,
        attribution=Attribution.CUE,
        verbatim=(),
        insertions=(),
        paragraph="body",
        score=1.0,
        reader="test",
    )
    return Marked(text, statement)


def cases(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
