"""What became of an article's statements: two revisions of it, or two readings of one revision, compared statement by statement.

Statements are paired one to one, by their words, by the place that the edits between the two texts give, and by who speaks. What differs
in a pair says what happened; what has no partner was added or dropped, or was there all along and only one reader took it for a statement.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from onrecord.actors import ActorType, MentionForm, Speaker
from onrecord.actors.matching import compare_organizations, compare_people
from onrecord.articles.article import Article
from onrecord.articles.differences import QUOTE, Edit, EditKind, differences, folded_words, moved_span
from onrecord.entry import Entry
from onrecord.statements.anchoring import Anchored, anchor, selector_of
from onrecord.text import Span

__all__ = ["Change", "ChangeKind", "compare", "counts", "speakers_fit"]


class ChangeKind(StrEnum):
    """What became of a statement."""

    #: The same words by the same speaker. Words before it may have come or gone, so that its offsets are others.
    SAME = "same"
    #: Only punctuation, case or the style of quotation marks is another.
    TRIVIAL = "trivial"
    #: The same words by the same speaker, taken to another place in the story.
    MOVED = "moved"
    #: Other words: in what is said, in what of it is verbatim, or in the cue.
    REWORDED = "reworded"
    #: The same words, another speaker.
    REATTRIBUTED = "reattributed"
    #: Only the new text has it.
    ADDED = "added"
    #: Only the old text has it.
    DROPPED = "dropped"
    #: The text stands in both; the new reading takes it for a statement, takes other words of it for one, or, of one text, another speaker.
    REREAD = "reread"
    #: The text stands in both; the new reading does not take it for a statement.
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one statement."""

    kind: ChangeKind
    #: The statement of the old reading; None if added or reread without one.
    old: Entry | None
    #: The statement of the new reading; None if dropped or unread.
    new: Entry | None
    #: Where the old content stands in the new text. For a reread statement without an old one: where its content stood in the old text.
    anchored: Anchored | None
    #: How alike the words of both contents are, 0 to 1; 0 without a partner.
    score: float
    #: What differs in a pair: `content`, `verbatim`, `cue`, `source`, `speaker`, in this order. `source` alone makes no other kind.
    parts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The change with the ids of the statements."""
        return {
            "kind": str(self.kind),
            "old": self.old.id if self.old else None,
            "new": self.new.id if self.new else None,
            "parts": list(self.parts),
            "score": round(self.score, 4),
            "anchored": {"state": str(self.anchored.state), "spans": [s.to_json() for s in self.anchored.spans]} if self.anchored else None,
        }


_DETERMINERS = frozenset([QUOTE, "the", "a", "an", "his", "her", "their", "our", "its", "my"])
#: Words that are an office or a description and no name.
_DESCRIBED = re.compile(r"^(?:the|an?|his|her|their|our|its|my)\b|['’]s? |\bof\b", re.IGNORECASE)
#: Pairs whose words are less alike are two statements: by one speaker, by one speaker where the other stood, by another speaker, and by
#: another where the other stood.
_LEAST = {(True, False): 0.5, (True, True): 0.35, (False, False): 0.9, (False, True): 0.7}
#: Share of both places that must overlap to be called the place where the other stood.
_SAME_PLACE = 0.3
#: A content of fewer words may stand anywhere by chance: it needs its place.
_LEAST_WORDS = 4
#: What a cut statement is worth against a whole one.
_CUT = 0.9
#: Words in a row that more statements have tell nothing.
_COMMON = 20
#: Characters of a bucket of places.
_BUCKET = 256


def compare(old_article: Article, old_entries: Sequence[Entry], new_article: Article, new_entries: Sequence[Entry]) -> tuple[Change, ...]:
    """Say what became of each statement.

    Args:
        old_article: The article as it was read first.
        old_entries: Its statements.
        new_article: The article as it was read later: another revision, or the same once more.
        new_entries: Its statements.

    Returns:
        One change for each pair and for each statement without a partner, in order of the new text; what was dropped stands where it stood.

    Raises:
        StatementError: An entry is not of its article's revision.
    """
    old_text, new_text = old_article.revision.text, new_article.revision.text
    for entries, text in ((old_entries, old_text), (new_entries, new_text)):
        for entry in entries:
            entry.statement.check(text)
    edits = differences(old_text, new_text)
    back = tuple(_turned(e) for e in edits)
    olds, news = [_Told.of(e) for e in old_entries], [_Told.of(e) for e in new_entries]
    places = [_region(edits, t.start, t.end) for t in olds]
    pairs = _pairs(olds, news, places)
    out: list[tuple[int, int, Change]] = []
    for n, m, score in pairs:
        kind, parts = _kind(olds[n], news[m], (old_text, new_text), edits, back)
        out.append((news[m].start, n, Change(kind, old_entries[n], new_entries[m], _anchored(old_text, olds[n], new_text, edits), score, parts)))
    paired_old, paired_new = {n for n, _, _ in pairs}, {m for _, m, _ in pairs}
    for n, told in enumerate(olds):
        if n not in paired_old:
            stands = _stands(told, edits, new_text)
            kind = ChangeKind.UNREAD if stands else ChangeKind.DROPPED
            out.append((places[n][0], n, Change(kind, old_entries[n], None, _anchored(old_text, told, new_text, edits), 0.0)))
    for m, told in enumerate(news):
        if m not in paired_new:
            there = _anchored(new_text, told, old_text, back) if _stands(told, back, old_text) else None
            out.append((told.start, len(olds) + m, Change(ChangeKind.REREAD if there else ChangeKind.ADDED, None, new_entries[m], there, 0.0)))
    return tuple(change for _, _, change in sorted(out, key=lambda c: c[:2]))


def counts(changes: Iterable[Change]) -> dict[ChangeKind, int]:
    """How many changes there are of each kind, kinds without any included."""
    out = dict.fromkeys(ChangeKind, 0)
    for change in changes:
        out[change.kind] += 1
    return out


def speakers_fit(old: Speaker, new: Speaker) -> bool:
    """Say whether two speakers may be one: "Smith" and "John Smith" may, a name and somebody unnamed may not.

    Someone left open may be anybody: an open question is no other answer. An office is the person whose role it is said to be.
    """
    if old.name is None or new.name is None or (old.id is not None and old.id == new.id) or _plain(old.name) == _plain(new.name):
        return True
    named = (MentionForm.NAME, MentionForm.TITLE)
    if ActorType.UNKNOWN in (old.type, new.type):
        return not (old.mention in named and new.mention in named) or compare_people(old.name, new.name).verdict != "different"
    return old.type == new.type and _names_fit(old, new, old.name, new.name)


def _names_fit(old: Speaker, new: Speaker, name: str, other: str) -> bool:
    """Whether two names of one type of actor may be one actor's."""
    if old.type is ActorType.PERSON and not (_is_office(old) or _is_office(new)):
        return compare_people(name, other).verdict != "different"
    if old.type is ActorType.PERSON and _is_office(old) != _is_office(new):
        office, person = (old, new) if _is_office(old) else (new, old)
        role = set(_plain(person.role.exact)) if person.role else set()
        return bool(role) and role <= set(_plain(office.name or ""))
    if old.type is ActorType.STATE and old.country is not None and new.country is not None:
        return old.country == new.country
    if old.type in (ActorType.ORGANIZATION, ActorType.STATE):
        return compare_organizations(name, other).verdict != "different"
    left, right = set(_plain(name)), set(_plain(other))
    return left <= right or right <= left


def _is_office(speaker: Speaker) -> bool:
    """Whether a person is only known by an office or a description: `Tarn's mayor`, `the mayor of Tarn`, `Defence Secretary`."""
    ends = speaker.role is not None and speaker.span is not None and speaker.role.end == speaker.span.end
    return ends or bool(_DESCRIBED.search(speaker.name or ""))


def _fit(old: _Told, new: _Told) -> bool:
    """Whether the speakers of two statements may be one, or the same words name them and only one reader knows whose office it is."""
    one, other = old.entry.speaker, new.entry.speaker
    if speakers_fit(one, other):
        return True
    source = _folded(old.entry.statement.source)
    return bool(source) and source == _folded(new.entry.statement.source) and one.type == other.type and _is_office(one) != _is_office(other)


@lru_cache(maxsize=1 << 10)
def _plain(name: str) -> tuple[str, ...]:
    return tuple(w.folded for w in folded_words(name) if w.folded not in _DETERMINERS)


# Statements as they are compared ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """A statement and its words."""

    entry: Entry
    start: int
    end: int
    content: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry) -> _Told:
        content = entry.statement.content
        return cls(entry, min(s.start for s in content), max(s.end for s in content), _folded(content))

    def spans(self) -> tuple[Span, ...]:
        """All that makes it a statement."""
        statement = self.entry.statement
        return (*statement.content, *statement.cue, *statement.source)


def _folded(spans: Sequence[Span]) -> tuple[str, ...]:
    return tuple(w.folded for s in spans for w in folded_words(s.exact) if w.folded != QUOTE)


def _exact(spans: Sequence[Span]) -> tuple[str, ...]:
    return tuple(s.exact for s in spans)


def _turned(edit: Edit) -> Edit:
    kind = {EditKind.INSERT: EditKind.DELETE, EditKind.DELETE: EditKind.INSERT}.get(edit.kind, edit.kind)
    return Edit(kind, edit.new_start, edit.new_end, edit.old_start, edit.old_end)


def _region(edits: Sequence[Edit], start: int, end: int) -> tuple[int, int]:
    """The part of the new text that stands for characters of the old one: exact where they are kept, the whole replacement where not."""
    first, last = (edits[max(0, bisect_right(edits, at, key=lambda e: e.old_start) - 1)] for at in (start, end - 1))
    begin = first.new_start + (start - first.old_start if first.kind is EditKind.EQUAL else 0)
    stop = last.new_start + end - last.old_start if last.kind is EditKind.EQUAL else last.new_end
    return begin, max(begin, stop)


def _kept(spans: Sequence[Span], edits: Sequence[Edit], text: str) -> tuple[tuple[int, int], ...] | None:
    """Where spans stand in the other text, if the edits keep them whole."""
    out = []
    for span in spans:
        at = moved_span(edits, span.start, span.end)
        if at is None or text[at[0] : at[1]] != span.exact:
            return None
        out.append(at)
    return tuple(out)


def _stands(told: _Told, edits: Sequence[Edit], text: str) -> bool:
    """Whether a statement's content, cue and source stand in the other text as they do here."""
    return _kept(told.spans(), edits, text) is not None


def _anchored(text: str, told: _Told, other: str, edits: Sequence[Edit]) -> Anchored:
    return anchor(selector_of(text, told.entry.statement.content), other, edits=edits)


# Pairs ------------------------------------------------------------------------------------------------------------------------------


def _pairs(olds: Sequence[_Told], news: Sequence[_Told], places: Sequence[tuple[int, int]]) -> list[tuple[int, int, float]]:
    """The best pairs first, each statement in one at most."""
    found = []
    for n, m in _candidates(olds, news, places):
        old, new = olds[n], news[m]
        place = _overlap(places[n], (new.start, new.end))
        words = _likeness(old.content, new.content)
        fit = _fit(old, new)
        here = place >= _SAME_PLACE
        if words >= _LEAST[fit, here] and (here or min(len(old.content), len(new.content)) >= _LEAST_WORDS):
            same_cue = _folded(old.entry.statement.cue) == _folded(new.entry.statement.cue)
            # Words count most, then the place, the speaker and the cue.
            found.append((-(words + 0.5 * place + 0.25 * fit + 0.1 * same_cue), abs(places[n][0] - new.start), n, m, words))
    out, used, taken = [], set(), set()
    for _, _, n, m, words in sorted(found):
        if n not in used and m not in taken:
            used.add(n)
            taken.add(m)
            out.append((n, m, words))
    return out


def _candidates(olds: Sequence[_Told], news: Sequence[_Told], places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Pairs that share a place or two words in a row; not all pairs, since a live blog has thousands of statements."""
    by_place: defaultdict[int, list[int]] = defaultdict(list)
    by_words: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for m, told in enumerate(news):
        for bucket in range(told.start // _BUCKET, told.end // _BUCKET + 1):
            by_place[bucket].append(m)
        for row in _rows(told):
            by_words[row].add(m)
    for n, told in enumerate(olds):
        start, end = places[n]
        near = {m for bucket in range(start // _BUCKET, end // _BUCKET + 1) for m in by_place[bucket]}
        near.update(m for row in _rows(told) if len(by_words[row]) <= _COMMON for m in by_words[row])
        yield from ((n, m) for m in sorted(near))


def _rows(told: _Told) -> set[tuple[str, ...]]:
    return {told.content[n : n + 2] for n in range(len(told.content) - 1)} | {told.content}


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Share of both places that they have in common."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, both) / max(1, max(one[1], other[1]) - min(one[0], other[0]))


@lru_cache(maxsize=1 << 12)
def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How alike two rows of words are, 0 to 1; one cut out of the other is nearly the other."""
    from rapidfuzz.distance import LCSseq

    if one == other:
        return 1.0
    few, many = sorted((len(one), len(other)))
    common = LCSseq.similarity(one, other)
    cut = _CUT * common / few if few > _LEAST_WORDS else 0.0
    return max(2 * common / (few + many), cut)


def _kind(old: _Told, new: _Told, texts: tuple[str, str], edits: Sequence[Edit], back: Sequence[Edit]) -> tuple[ChangeKind, tuple[str, ...]]:
    """What happened between the two of a pair, and in which parts."""
    one, other = old.entry.statement, new.entry.statement
    roles = (
        ("content", one.content, other.content),
        ("verbatim", one.verbatim, other.verbatim),
        ("cue", one.cue, other.cue),
        ("source", one.source, other.source),
    )
    parts = tuple(name for name, left, right in roles if _folded(left) != _folded(right))
    if not _fit(old, new):
        # Of one text, it is the reader who changed its mind, and not the outlet.
        return ChangeKind.REREAD if texts[0] == texts[1] else ChangeKind.REATTRIBUTED, (*parts, "speaker")
    if set(parts) - {"source"}:
        return ChangeKind.REREAD if _stands(old, edits, texts[1]) and _stands(new, back, texts[0]) else ChangeKind.REWORDED, parts
    if any(_exact(left) != _exact(right) for name, left, right in roles if name != "source"):
        return ChangeKind.TRIVIAL, parts
    stays = _kept(one.content, edits, texts[1]) == tuple((s.start, s.end) for s in other.content)
    return ChangeKind.SAME if stays else ChangeKind.MOVED, parts
