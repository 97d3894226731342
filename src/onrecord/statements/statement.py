"""The statement: one attribution in a revision, with the characters it was read from.

Content, cue and source are the terms of PARC and PolNeAR (Pareti 2012; Newell, Margolin and Ruths 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from onrecord.text import Span, stable_id

__all__ = ["Attribution", "QuoteKind", "Statement"]


class QuoteKind(StrEnum):
    """How much of the content is quoted."""

    #: All of it: `"We will not sign," she said.`
    DIRECT = "direct"
    #: None of it: `She said they would not sign.`
    INDIRECT = "indirect"
    #: Some of it: `She said they would "never" sign.`
    MIXED = "mixed"


class Attribution(StrEnum):
    """What ties the words to the speaker."""

    #: A cue in the text: `said`, `according to`, a colon.
    CUE = "cue"
    #: No cue: a quotation that carries on from an attributed one next to it.
    CONTINUATION = "continuation"
    #: No cue and no neighbour: a quotation whose speaker the text leaves open.
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what, as spans of one revision's text. Lists, because spans can be discontinuous."""

    #: Id of the revision the offsets point into.
    revision: str
    #: What was said, without the outer quotation marks only where the annotation scheme leaves them out.
    content: tuple[Span, ...]
    #: The words that attribute; empty for a quotation without any.
    cue: tuple[Span, ...]
    #: The mention of the speaker; empty if implicit.
    source: tuple[Span, ...]
    kind: QuoteKind
    #: What ties content and source together.
    attribution: Attribution
    #: The words of the content that stand between quotation marks, marks and insertions left out.
    verbatim: tuple[Span, ...]
    #: Editorial insertions inside the verbatim words: `[too far]`, `(merely)`.
    insertions: tuple[Span, ...]
    #: Kind of the paragraph the content begins in: `body`, `caption`, `headline` ...
    paragraph: str
    #: How sure the reader is that the statement is there, with these spans, 0 to 1.
    score: float
    #: Name and version of the reader.
    reader: str

    @property
    def id(self) -> str:
        """`s1:` and a hash of revision and offsets."""
        parts = (",".join(f"{s.start}-{s.end}" for s in role) for role in (self.content, self.cue, self.source))
        return stable_id("s1", self.revision, *parts)

    @property
    def mention(self) -> str | None:
        """The source's words as they stand in the text, joined by spaces if discontinuous; who that is, `onrecord.actors` says."""
        return " ".join(s.exact for s in self.source) or None

    def check(self, text: str) -> None:
        """Make sure every span holds what it claims.

        Raises:
            StatementError: One does not.
        """
        for role in (self.content, self.cue, self.source, self.verbatim, self.insertions):
            for span in role:
                span.check(text)

    def to_json(self) -> dict[str, Any]:
        """The statement alone in JSON; `onrecord.Entry` adds who said it, when and where, and where they stand."""
        return {
            "id": self.id,
            "revision": self.revision,
            "content": [s.to_json() for s in self.content],
            "cue": [s.to_json() for s in self.cue],
            "source": [s.to_json() for s in self.source],
            "kind": str(self.kind),
            "attribution": str(self.attribution),
            "verbatim": [s.to_json() for s in self.verbatim],
            "insertions": [s.to_json() for s in self.insertions],
            "paragraph": self.paragraph,
            "score": round(self.score, 4),
            "reader": self.reader,
        }
