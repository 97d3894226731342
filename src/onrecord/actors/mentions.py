"""What a mention looks like from outside: its form, its words, where it stands. Whole-article arrays, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.reading.sentences import Sentences

__all__ = ["FORMS", "Mentions", "Setting", "describe_mentions", "form_of", "head_of", "words_of"]

#: Forms of mentions, finer than `MentionForm`: agreement is learned between them. The order is part of a trained model.
FORMS = ("i", "we", "you", "he", "she", "it", "they", "this", "name", "definite", "indefinite", "bare")

_PRONOUNS = {
    word: FORMS.index(form)
    for form, words in {
        "i": "i me my mine myself",
        "we": "we us our ours ourselves",
        "you": "you your yours yourself yourselves",
        "he": "he him his himself",
        "she": "she her hers herself",
        "it": "it its itself",
        "they": "they them their theirs themselves",
        "this": "this that these those who whom whose which",
    }.items()
    for word in words.split()
}
_DEFINITE = frozenset(["the", "this", "that", "these", "those", "his", "her", "their", "its", "my", "our", "your", "both", "all", "each", "every"])
_INDEFINITE = frozenset(
    [
        "a",
        "an",
        "some",
        "any",
        "no",
        "another",
        "many",
        "several",
        "few",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "dozens",
        "hundreds",
        "thousands",
    ]
)
_WORD = re.compile(r"[^\W_]+(?:[-.'’&][^\W_]+)*\.?", re.UNICODE)
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$", re.IGNORECASE)
# What follows one of these no longer names the head: `the minister of health`, `the woman who called`.
_AFTER_HEAD = frozenset(
    [
        "of",
        "who",
        "whom",
        "whose",
        "which",
        "that",
        "in",
        "at",
        "from",
        "for",
        "with",
        "on",
        "to",
        "by",
        "about",
        "over",
        "under",
        "between",
        "against",
        "as",
        "and",
        "or",
        "but",
        "including",
    ]
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds mentions in one article."""

    sentences: Sentences
    #: Start offsets of paragraphs, ascending.
    paragraphs: Sequence[int]
    #: Half-open offsets of quotations, ascending, not nested.
    quotations: Sequence[tuple[int, int]]
    #: For each statement in order of its place: half-open offsets of its contents, and of its sources.
    statements: Sequence[tuple[Sequence[tuple[int, int]], Sequence[tuple[int, int]]]]
    #: Numbers of the statements whose cue says that somebody goes on (`he added`).
    carrying: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Mentions:
    """Mentions of one article in order of their start, longest first; all arrays have one entry a mention."""

    #: Shape (n, 2): half-open offsets.
    offsets: NDArray[np.int64]
    #: Index into `FORMS`.
    form: NDArray[np.int64]
    #: Number of the sentence.
    sentence: NDArray[np.int64]
    #: Number of the paragraph.
    paragraph: NDArray[np.int64]
    #: Number of the quotation it stands in, -1 outside.
    quotation: NDArray[np.int64]
    #: Number of the innermost statement whose content it stands in, -1 for none.
    within: NDArray[np.int64]
    #: Number of the statement whose source it is (same end, or all of it), -1 for none.
    source: NDArray[np.int64]
    #: Whether the content of a statement begins with it, `that` and the like left out: whom an outlet reports.
    opens: NDArray[np.bool_]
    #: Whether its sentence begins with it.
    first: NDArray[np.bool_]
    #: Its words in lower case, without determiners and possessive endings.
    words: tuple[tuple[str, ...], ...]
    #: The head word in lower case, by position.
    heads: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.form)


def words_of(exact: str) -> list[str]:
    """The words of a mention as they stand, possessive endings dropped."""
    return [_POSSESSIVE.sub("", w) or w for w in _WORD.findall(exact)]


def head_of(words: Sequence[str]) -> str:
    """The word that a noun phrase is about, by position: the last before `of`, `who`, `in` ...; the last of a name."""
    head = words[0] if words else ""
    for i, word in enumerate(words):
        if i and word.lower() in _AFTER_HEAD:
            break
        head = word
    return head


def form_of(exact: str) -> int:
    """Index into `FORMS` of a mention."""
    words = words_of(exact)
    if not words:
        return FORMS.index("bare")
    first = words[0].lower()
    # `WHO` and `US` are names.
    if len(words) == 1 and first in _PRONOUNS and not (len(words[0]) > 1 and words[0].isupper()):
        return _PRONOUNS[first]
    if head_of(words)[:1].isupper() or (len(words) > 1 and words[-1][:1].isupper() and "," in exact):
        return FORMS.index("name")
    if first in _DEFINITE or re.search(r"['’]s?\s", exact):
        return FORMS.index("definite")
    if first in _INDEFINITE or first[:1].isdigit():
        return FORMS.index("indefinite")
    return FORMS.index("bare")


def describe_mentions(text: str, offsets: NDArray[np.int64], setting: Setting) -> Mentions:
    """Look at mentions from outside.

    Args:
        text: The text.
        offsets: Shape (n, 2), in order of start, longest first.
        setting: What surrounds them.

    Returns:
        Arrays for the pair features of `onrecord.actors.pairs`.
    """
    exact = [text[s:e] for s, e in offsets.tolist()]
    starts = offsets[:, 0]
    sentence = np.array([setting.sentences.index(int(s)) for s in starts], dtype=np.int64)
    begins = np.array([s for s, _ in setting.sentences.ranges] or [0])
    cut = [tuple(w.lower() for w in words_of(x)) for x in exact]
    return Mentions(
        offsets=offsets,
        form=np.array([form_of(x) for x in exact], dtype=np.int64),
        sentence=sentence,
        paragraph=np.searchsorted(np.array(setting.paragraphs), starts, side="right") - 1,
        quotation=_inside(offsets, setting.quotations),
        within=_within(offsets, [c for c, _ in setting.statements]),
        source=_source(offsets, [s for _, s in setting.statements]),
        opens=_opens(starts, [s for c, _ in setting.statements for s, _ in c]),
        first=starts - begins[np.maximum(sentence, 0)] <= 1,
        words=tuple(w[1:] if len(w) > 1 and (w[0] in _DEFINITE or w[0] in _INDEFINITE) else w for w in cut),
        heads=tuple(head_of(words_of(x)).lower() for x in exact),
    )


def _inside(offsets: NDArray[np.int64], ranges: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    if not ranges:
        return np.full(len(offsets), -1, dtype=np.int64)
    table = np.array(ranges)
    at = np.searchsorted(table[:, 0], offsets[:, 0], side="right") - 1
    return np.where((at >= 0) & (offsets[:, 1] <= table[np.maximum(at, 0), 1] + 1), at, -1)


def _within(offsets: NDArray[np.int64], contents: Sequence[Sequence[tuple[int, int]]]) -> NDArray[np.int64]:
    out = np.full(len(offsets), -1, dtype=np.int64)
    size = np.full(len(offsets), np.iinfo(np.int64).max)
    for number, spans in enumerate(contents):
        for s, e in spans:
            here = (offsets[:, 0] >= s) & (offsets[:, 1] <= e) & (e - s < size)
            out[here], size[here] = number, e - s
    return out


def _opens(starts: NDArray[np.int64], contents: Sequence[int]) -> NDArray[np.bool_]:
    if not contents:
        return np.zeros(len(starts), dtype=bool)
    begins = np.array(sorted(contents))
    at = np.maximum(np.searchsorted(begins, starts, side="right") - 1, 0)
    distance = starts - begins[at]
    near: NDArray[np.bool_] = (distance >= 0) & (distance <= len('"that '))
    return near


def _source(offsets: NDArray[np.int64], sources: Sequence[Sequence[tuple[int, int]]]) -> NDArray[np.int64]:
    out = np.full(len(offsets), -1, dtype=np.int64)
    for number, spans in enumerate(sources):
        for s, e in spans:
            out[(offsets[:, 0] <= s + 4) & (offsets[:, 0] >= s) & (offsets[:, 1] == e)] = number
    return out
