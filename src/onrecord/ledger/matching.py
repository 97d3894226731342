"""Finds a statement again in another reading, or another text, of its article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from onrecord.ledger.words import tokens

__all__ = ["same_statement", "still_says"]

Row = TypeVar("Row", bound=Mapping[str, Any])


def same_statement(rows: Sequence[Row], name: str | None, words: str | None) -> Row | None:
    """The one statement of a reading that has an id, or else the same words; None if there is none, or two.

    Args:
        rows: Of one reading, with `id` and `content`.
        name: Id of the statement, as it was.
        words: What was said, as it was.
    """
    exact = [r for r in rows if r["id"] == name]
    if exact:
        return exact[0]
    # Another reader may take the marks around the words for a part of them, or not.
    wanted = tokens(words or "")
    alike = [r for r in rows if tokens(r["content"]) == wanted] if wanted else []
    return alike[0] if len(alike) == 1 else None


def still_says(text: str, words: str) -> bool:
    """Whether a text holds some words, whatever stands between them that is no word."""
    wanted = tokens(words)
    return words in text or (bool(wanted) and f" {' '.join(wanted)} " in f" {' '.join(tokens(text))} ")
