"""Quotations over several paragraphs, and quotations without a cue.

Newspapers open each paragraph of a long quotation with a mark and close only the last (Chicago Manual of Style, 13.32),
and often let a whole quoted paragraph stand alone after one that names the speaker. The tagger finds what a cue
attributes; what only the marks and the neighbours show is added here, and marked as such.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from onrecord.articles.article import Paragraph
from onrecord.reading.marks import Outermost, Quoted
from onrecord.reading.reader import Stream
from onrecord.statements.statement import Attribution
from onrecord.text import Span

__all__ = ["Draft", "carry_on"]

#: A quotation shorter than this that no cue attributes is a title, a nickname or a scare quote.
_LEAST_WORDS = 5
#: Share of its paragraph that a cue-less quotation must fill: next to it stands no room for a speaker.
_WHOLE = 0.9
#: How far the score of an attributed neighbour carries over to a quotation without a cue.
_CARRIED = 0.5
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_PRONOUNS = frozenset({"he", "she", "they", "it", "who", "i", "we"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before its kind and its words are worked out."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    score: float
    attribution: Attribution = Attribution.CUE


def carry_on(text: str, drafts: Sequence[Draft], stream: Stream) -> list[Draft]:
    """Join quotations that run over paragraphs; find and mark those without a cue.

    Args:
        text: The revision's text.
        drafts: What the tagger found in the stream.
        stream: The stream.

    Returns:
        Drafts in order of their content. One without a cue takes the source of the attributed quotation just before it if
        the next attributed one does not name another; else it has none.
    """
    outer = Outermost(stream.quoted)
    places = _Places(stream.paragraphs)
    joined = _join_runs(text, [d for d in drafts if d.cue], outer.quoted)
    kept, apart = _set_apart(text, joined, outer, places)
    loose = [d for d in drafts if not d.cue and _is_quoted(d, outer)]
    taken = [*kept, *apart, *loose]
    unclaimed = [Draft((Span.of(text, q.start, q.end),), (), (), 0.0) for q in _unclaimed(text, taken, outer.quoted, places)]
    cued = _by_paragraph([d for d in taken if d.cue], places)
    ordered = sorted([*taken, *unclaimed], key=lambda d: d.content[0].start)
    return [d if d.cue or d.attribution is Attribution.CONTINUATION else _attribute(d, cued, places) for d in ordered]


class _Places:
    """Finds the paragraph an offset is in."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self._starts = [p.start for p in paragraphs]

    def __call__(self, offset: int) -> int:
        return max(0, bisect.bisect_right(self._starts, offset) - 1)


class _Owners:
    """Finds the draft whose content touches a range. Contents do not overlap one another."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        spans = sorted((s.start, s.end, i) for i, d in enumerate(drafts) for s in d.content)
        self._starts = [s for s, _, _ in spans]
        self._ends = [e for _, e, _ in spans]
        self._numbers = [i for _, _, i in spans]

    def __call__(self, q: Quoted) -> set[int]:
        first, last = bisect.bisect_right(self._ends, q.start), bisect.bisect_left(self._starts, q.end)
        return set(self._numbers[first:last])


def _join_runs(text: str, drafts: Sequence[Draft], outer: Sequence[Quoted]) -> list[Draft]:
    """Give the later paragraphs of a run of open quotations to the statement that began it."""
    result = list(drafts)
    owners = _Owners(drafts)
    carried: int | None = None
    for q, following in pairwise(outer):
        mine = owners(q)
        owner = min(mine) if mine else carried
        carried = None
        if not q.continued or owner is None or owners(following):
            continue
        content = tuple(sorted((*result[owner].content, Span.of(text, following.start, following.end))))
        result[owner] = replace(result[owner], content=content)
        carried = owner
    return result


def _set_apart(text: str, drafts: Sequence[Draft], outer: Outermost, places: _Places) -> tuple[list[Draft], list[Draft]]:
    """Take from each statement the quotations that fill paragraphs in which nothing attributes them.

    The tagger ties such a paragraph to the cue of its neighbour. That is a guess from the company it keeps, and not what a cue says:
    it becomes a statement of its own that is marked as carried on. A quotation left open before it is one with it, and stays.
    """
    kept, apart = [], []
    runs_on = {places(following.start) for q, following in pairwise(outer.quoted) if q.continued}
    for draft in drafts:
        home = {places(s.start) for s in (*draft.cue, *draft.source)}
        away = [s for s in draft.content if places(s.start) not in home | runs_on and _fills(text, s, outer, places)]
        rest = tuple(s for s in draft.content if s not in away)
        if not rest:
            # All there is, is away from its cue: then the cue is what attributes it.
            rest, away = draft.content, []
        kept.append(replace(draft, content=rest))
        tie = Attribution.CONTINUATION if draft.source else Attribution.NONE
        apart += [Draft((s,), (), draft.source, draft.score * _CARRIED, tie) for s in away]
    return kept, apart


def _fills(text: str, span: Span, outer: Outermost, places: _Places) -> bool:
    """Whether a span is a quotation, and all there is in its paragraph."""
    paragraph = places.paragraphs[places(span.start)]
    quoted = any(q.closed and q.start <= span.start and span.end <= q.end for q in outer.touching(span.start, span.end))
    words = len(_WORD.findall(span.exact))
    return quoted and words >= max(_LEAST_WORDS, _WHOLE * len(_WORD.findall(text, paragraph.start, paragraph.end)))


def _unclaimed(text: str, drafts: Sequence[Draft], outer: Sequence[Quoted], places: _Places) -> list[Quoted]:
    """Quotations that fill a paragraph and that no content touches."""
    found = []
    owners = _Owners(drafts)
    for q in outer:
        paragraph = places.paragraphs[places(q.start)]
        words = len(_WORD.findall(text, *q.inner))
        if words >= max(_LEAST_WORDS, _WHOLE * len(_WORD.findall(text, paragraph.start, paragraph.end))) and not owners(q):
            found.append(q)
    return found


def _by_paragraph(drafts: Sequence[Draft], places: _Places) -> dict[int, list[Draft]]:
    """Attributed drafts by the paragraphs their content touches."""
    out: dict[int, list[Draft]] = {}
    for draft in sorted(drafts, key=lambda d: d.content[0].start):
        for place in sorted({places(s.start) for s in draft.content}):
            out.setdefault(place, []).append(draft)
    return out


def _attribute(draft: Draft, cued: dict[int, list[Draft]], places: _Places) -> Draft:
    here, start = places(draft.content[0].start), draft.content[0].start
    before = [d for d in cued.get(here, []) if d.content[0].start < start] or cued.get(here - 1, [])
    after = [d for d in cued.get(here, []) if d.content[0].start > start] or cued.get(here + 1, [])
    unknown = replace(draft, attribution=Attribution.NONE)
    if not before or not before[-1].source or len({s.exact for d in before for s in d.source}) > 1:
        return unknown
    speaker = before[-1].source
    if after and after[0].source and not _may_be_same(speaker[0].exact, after[0].source[0].exact):
        return unknown
    return replace(draft, source=speaker, score=before[-1].score * _CARRIED, attribution=Attribution.CONTINUATION)


def _may_be_same(one: str, other: str) -> bool:
    """Whether two mentions could be one speaker: they share a word, or one of them is a pronoun."""
    first, second = ({w.casefold() for w in _WORD.findall(x)} for x in (one, other))
    return bool(first & second) or first <= _PRONOUNS or second <= _PRONOUNS


def _is_quoted(draft: Draft, outer: Outermost) -> bool:
    return all(any(q.start <= s.start and s.end <= q.end for q in outer.touching(s.start, s.end)) for s in draft.content)
