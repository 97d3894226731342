"""Codings by hand: what people say of where somebody stands. Added, never changed; a coder's later one goes before the earlier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onrecord.errors import UsageError
from onrecord.ledger.packing import stamp
from onrecord.positions import Act, Stance
from onrecord.text import Span, stable_id

__all__ = ["Coding"]


@dataclass(frozen=True, slots=True)
class Coding:
    """What a person says of where somebody stands: by a statement, or without words (a vote, a signature) by a place in an article."""

    #: Id of the article.
    article: str
    #: Id of the statement; None for a position that is shown without words.
    statement: str | None
    #: What was said, or the words of the article that tell of it.
    words: str
    #: Id of the issue.
    issue: str
    #: None: no position on this issue.
    stance: Stance | None
    by: str
    on: datetime
    #: Looked at, and left open: it does not count.
    unsure: bool = False
    note: str | None = None
    #: What is done by saying it; None: not coded.
    act: Act | None = None
    #: What must hold first, in the text of `revision`.
    condition: tuple[Span, ...] = ()
    #: Whose position it is: id of the actor, or the name of one without; None for the statement's own speaker. Without words, always the actor's id.
    holder: str | None = None
    #: Id of the text that the spans point into.
    revision: str | None = None
    #: Without words: where the article tells of it.
    span: Span | None = None
    #: Without words: when it was.
    day: date | None = None
    #: Whether the machine's coding and those of others were hidden from the coder.
    blind: bool = False

    def __post_init__(self) -> None:
        """Refuse what nobody answers for, and what cannot be meant.

        Raises:
            UsageError: It says not who, or has no time zone; or it has neither statement nor place, actor and day.
        """
        if not self.by.strip() or self.on.tzinfo is None:
            raise UsageError("a coding says who decided, and when", item=self.statement or self.article, hint="give a name, and a moment with a time zone")
        if self.statement is None and (self.span is None or self.revision is None or self.holder is None or self.day is None):
            raise UsageError("a coding without a statement needs actor, day, and the words that tell of it", item=self.article)

    @property
    def id(self) -> str:
        """`c1:` and a hash of what was coded, how, by whom and when."""
        place = self.statement or f"{self.revision} {self.span.start if self.span else ''}"
        what = (self.issue, self.holder or "", "unsure" if self.unsure else str(self.stance), str(self.act))
        return stable_id("c1", self.article, place, *what, self.by, stamp(self.on))

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "id": self.id,
            "article": self.article,
            "statement": self.statement,
            "words": self.words,
            "issue": self.issue,
            "stance": str(self.stance) if self.stance else None,
            "unsure": self.unsure,
            "act": str(self.act) if self.act else None,
            "condition": [s.to_json() for s in self.condition],
            "holder": self.holder,
            "revision": self.revision,
            "span": self.span.to_json() if self.span else None,
            "day": self.day.isoformat() if self.day else None,
            "by": self.by,
            "on": self.on.isoformat(),
            "note": self.note,
            "blind": self.blind,
        }
