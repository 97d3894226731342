"""Characters and where they are: spans, stable ids. No input or output, nothing about news."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from onrecord.errors import StatementError

__all__ = ["Span", "stable_id"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` to `end` (half-open, in code points) of a text, and what they say.

    Example:
        >>> Span.of("He said no.", 8, 10)
        Span(start=8, end=10, exact='no')
    """

    #: Offset of the first character.
    start: int
    #: Offset past the last character.
    end: int
    #: The characters themselves.
    exact: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """Cut a span out of a text.

        Raises:
            StatementError: The offsets are outside the text, or the span is empty.
        """
        if not 0 <= start < end <= len(text):
            msg = f"no characters at {start}:{end} in a text of {len(text)}"
            raise StatementError(msg)
        return cls(start, end, text[start:end])

    def check(self, text: str) -> None:
        """Make sure that the text holds these words here.

        Raises:
            StatementError: It does not.
        """
        if text[self.start : self.end] != self.exact:
            msg = f"the text holds {text[self.start : self.end]!r:.60} at {self.start}:{self.end}, not {self.exact!r:.60}"
            raise StatementError(msg)

    def to_json(self) -> dict[str, int | str]:
        """As in the statement's JSON form: `start`, `end`, `exact`."""
        return {"start": self.start, "end": self.end, "exact": self.exact}


def stable_id(prefix: str, *parts: str) -> str:
    """Name a thing by its key parts: the same parts give the same id on every machine, for ever.

    Args:
        prefix: Kind and version of the id, such as `r1`; a change of what is hashed needs a new one.
        parts: Key parts; order counts, and ("ab", "c") is not ("a", "bc").

    Returns:
        `prefix:` and 20 hexadecimal digits (80 bits of BLAKE2b, RFC 7693). Lone surrogates are hashed as they are.
    """
    digest = hashlib.blake2b(digest_size=10)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return f"{prefix}:{digest.hexdigest()}"
