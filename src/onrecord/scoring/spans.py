"""What is compared: the spans of one attribution, as offsets, whoever made it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from onrecord.statements.statement import Attribution, Statement

__all__ = ["ROLES", "Attributed", "Offsets", "trimmed"]

#: Offset of the first character and past the last, in code points.
Offsets = tuple[int, int]

#: Roles of a span in an attribution, in the order they are printed.
ROLES = ("source", "cue", "content")


@dataclass(frozen=True, slots=True)
class Attributed:
    """The spans of one attribution; each role is a tuple because spans can be discontinuous."""

    #: Who said it; empty if the text does not say.
    source: tuple[Offsets, ...] = ()
    #: The words that attribute; empty for a quotation without any.
    cue: tuple[Offsets, ...] = ()
    #: What was said.
    content: tuple[Offsets, ...] = ()
    #: How sure a reader is of it; None in gold. Two attributions of the same spans are the same whatever it is.
    score: float | None = field(default=None, compare=False)

    def of_role(self, role: str) -> tuple[Offsets, ...]:
        """The spans of `source`, `cue` or `content`."""
        return {"source": self.source, "cue": self.cue, "content": self.content}[role]

    @classmethod
    def marked(cls, spans: Mapping[str, tuple[Offsets, ...]]) -> Attributed:
        """The spans of a gold attribution, by role."""
        return cls(source=spans.get("source", ()), cue=spans.get("cue", ()), content=spans.get("content", ()))

    @classmethod
    def of(cls, statement: Statement) -> Attributed:
        """The spans of a statement. Only a statement that is attributed by a cue has one."""
        cue = statement.cue if statement.attribution is Attribution.CUE else ()
        return cls(
            source=tuple((s.start, s.end) for s in statement.source),
            cue=tuple((s.start, s.end) for s in cue),
            content=tuple((s.start, s.end) for s in statement.content),
            score=statement.score,
        )


def trimmed(text: str, spans: Iterable[Offsets]) -> frozenset[Offsets]:
    """The spans without white space at their ends; each once, and none that holds white space alone."""
    out = set()
    for start, end in spans:
        words = text[start:end]
        left = start + len(words) - len(words.lstrip())
        right = start + len(words.rstrip())
        if left < right:
            out.add((left, right))
    return frozenset(out)
