"""The condition of a conditional position: the clause that says what must hold first, as a span of the content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from onrecord.text import Span

__all__ = ["find_conditions"]

#: Words that open a condition, the more telling first. `if` after these verbs asks, and sets no condition.
_OPENERS = (
    r"(?:but\s+)?only\s+(?:if|when|once|after|on\s+condition\s+that|on\s+(?:the\s+)?condition\s+that|with|in\s+exchange\s+for|in\s+return\s+for|as\s+part\s+of)",
    r"(?:on\s+(?:the\s+)?(?:one\s+|sole\s+|strict\s+)?(?:condition|understanding|proviso)s?\s+(?:that|of))",
    r"(?:provided|providing|assuming|given)\s+that",
    r"provided(?=\s+(?:the|it|they|he|she|we|there|you|a|an|its|their|our|all|both|no)\b)",
    r"(?:as|so)\s+long\s+as",
    r"unless(?:\s+and\s+until)?",
    r"until(?:\s+and\s+unless)?",
    r"in\s+(?:exchange|return)\s+for",
    r"if\s+and\s+only\s+if",
    r"(?:even\s+)?if",
    r"except\s+(?:if|when|with)",
    r"(?:so|in)\s+as\s+far\s+as|insofar\s+as",
    r"in\s+(?:the\s+)?(?:case|event)\s+(?:of|that)",
    r"once",
    r"without",
    r"as\s+part\s+of",
    r"subject\s+to|contingent\s+(?:up)?on|conditional\s+(?:up)?on|conditioned\s+on|depending\s+on|depends\s+(?:up)?on",
)
_OPENER = re.compile(r"\b(?:" + "|".join(f"(?P<o{n}>{o})" for n, o in enumerate(_OPENERS)) + r")\b", re.IGNORECASE)
_ASKING = re.compile(r"\b(?:asked?|asks|asking|wonders?|wondered|know|knows|knew|see|sees|say|unclear|doubts?|as|even|what)\s+$", re.IGNORECASE)
#: Where a clause ends whatever it is.
_END = re.compile(r"[.!?;:](?=\s|[”\"’')\]]|$)|[”\"](?=\s|$)|\s[–—-]\s|\n")
#: A comma that a condition does not go on after, when it stands behind what it is the condition of.
_MORE = re.compile(r",\s+(?=(?:but|and|which|who|he|she|they|the|said|says|according|adding|because|since|while|although|though|so)\b)", re.IGNORECASE)
#: What stands before a condition that begins its sentence or clause.
_FIRST = re.compile(r"(?:^|[.!?;:“\"–—]|\b(?:that|and|but|because|so),?)\s*[“\"]?\s*$", re.IGNORECASE)
#: The comma after which the main clause comes, when the condition stands before it.
_MAIN = re.compile(
    r",\s+(?=(?:then\b|[\"“]?(?:we|i|you|he|she|it|they|there|this|that|these|those|the|a|an|our|my|his|her|its|their|no|let|any|everybody|everyone|nobody|[A-Z])))"
)


def find_conditions(text: str, content: Sequence[Span]) -> tuple[Span, ...]:
    """Find the clause that a position hangs on.

    The most telling opener wins (`only if` before `if`, `unless` before `once`), among equals the first: one condition a content, as long as the clause is.

    Args:
        text: The revision's.
        content: What was said.

    Returns:
        One span, or none if the content has no words of a condition.

    Example:
        >>> text = "They would sign only if the prisoners came home, she said."
        >>> [s.exact for s in find_conditions(text, [Span.of(text, 0, 47)])]
        ['only if the prisoners came home']
    """
    found = [clause for part in content for clause in _clauses(text, part)]
    if not found:
        return ()
    _, start, end = min(found)
    return (Span.of(text, start, end),)


def _clauses(text: str, part: Span) -> Iterator[tuple[int, int, int]]:
    """(rank of the opener, start, end) of each clause."""
    for match in _OPENER.finditer(text, part.start, part.end):
        rank = next(n for n in range(len(_OPENERS)) if match[f"o{n}"])
        before = text[max(part.start, match.start() - 20) : match.start()]
        if match[0].lower() in ("if", "once", "until") and _ASKING.search(before):
            continue
        stop = _END.search(text, match.end(), part.end)
        end = stop.start() if stop else part.end
        first = _FIRST.search(before) is not None
        cut = (_MAIN if first else _MORE).search(text, match.end(), end)
        end = cut.start() if cut else end
        while end > match.end() and text[end - 1] in " \t,":
            end -= 1
        if end > match.end() + 2:
            yield rank, match.start(), end
