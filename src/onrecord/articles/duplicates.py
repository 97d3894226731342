"""Copies: whether two articles stem from one written text, though cut, re-headlined or lightly edited.

Two steps, as the field does it. Candidates: MinHash signatures of word shingles, cut into LSH bands that a database can index (Broder 1997; Indyk and
Motwani 1998). Judgement: two texts compared sentence by sentence. What counts as one source is what NEWS-COPY counts (Silcock, D'Amico-Wong, Yang
and Dell 2023): reprints of one story, whatever was cut, but neither a template filled with other facts nor the next state of a running story.
docs/design/copies.md has the reasons and the figures.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any
from unicodedata import normalize

from onrecord.articles.article import Kind, Revision
from onrecord.errors import UsageError

__all__ = ["BANDS", "METHOD", "Comparison", "Signature", "bands", "body_of", "cluster", "compare", "signature", "similarity"]

#: Names the rule. Signatures and judgements of different rules are not to be mixed.
METHOD = "copies.v1"
#: A text of fewer words has no signature and no judgement: a brief shares its few words with everything.
LEAST_WORDS = 40
#: Words in a shingle. With three, one changed word spoils three of a sentence's shingles; with five, five.
_SHINGLE = 3
#: A copy that was cut mostly keeps its beginning, so the first words have hash values of their own.
_LEAD_WORDS = 120
#: Hash values in a band. All must agree for two texts to meet.
_ROWS = 3
_WHOLE_BANDS, _LEAD_BANDS = 24, 8
#: Bands of a signature.
BANDS = _WHOLE_BANDS + _LEAD_BANDS
_WHOLE, _LEAD = _ROWS * _WHOLE_BANDS, _ROWS * _LEAD_BANDS
_SEED = 2023
#: First byte of a stored signature: the rule that made it.
_RULE = b"\x01"

#: Share of a sentence's words that must stand in the other text, in runs of three, for the sentence to be kept.
_COVERED = 0.6
#: Likeness of two sentences, 0 to 100, above which one is an edit of the other.
_ALIKE = 80.0
#: What a quoted word weighs beside one of the article's own: two reporters of one speech share its words.
_QUOTED = 0.3
#: The word at this place weighs half of the first one. Updates have a new beginning over old background; so has furniture at a page's end.
_HALF_WEIGHT = 30
#: Score from which two texts are judged copies.
_SAME = 0.75
#: Share of words kept from which the reason says what else it may be than a copy.
_MUCH = 0.5
#: Places remembered of a run of three words; bounds the work on texts that say one thing a thousand times.
_PLACES = 8
#: Longest sentence, in words; what is longer is taken in pieces.
_LONGEST = 80
#: Two groups become one if more than this share of the pairs between them were judged copies.
_LINKED = 0.5

_WORD = re.compile(r"\w+(?:['.,]\w+)*")
_SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"')\]]))\s+(?=[\"'(\[]*[A-Z0-9])")
_DIGIT = re.compile(r"\d")
_PIECE = re.compile(r"\"|\w+(?:['.,]\w+)*")
_STRAIGHT = str.maketrans("“”„‟«»‘’‚‛", '""""""\'\'\'\'')
_DOUBLED = re.compile(r"''|``")


@dataclass(frozen=True, slots=True)
class Signature:
    """The hash values that stand for a text: of the whole, then of its first words."""

    #: Least hash values, each in 32 bits.
    values: tuple[int, ...]

    def __bytes__(self) -> bytes:
        return _RULE + b"".join(v.to_bytes(4, "little") for v in self.values)

    @classmethod
    def from_bytes(cls, data: bytes) -> Signature:
        """Read what `bytes(signature)` wrote.

        Raises:
            UsageError: The bytes are no signature of this rule.
        """
        if data[:1] != _RULE or len(data) != 1 + 4 * (_WHOLE + _LEAD):
            raise UsageError(f"{len(data)} bytes are no signature of {METHOD}", hint="make it again with onrecord.articles.duplicates.signature")
        return cls(tuple(int.from_bytes(data[i : i + 4], "little") for i in range(1, len(data), 4)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two texts have in common."""

    #: How sure it is that they stem from one text, 0 to 1.
    score: float
    #: Share of the shorter one's words in sentences that the other has, too, 0 to 1.
    contained: float
    #: The judgement.
    same_source: bool
    #: The reason, a sentence for people.
    why: str


def body_of(revision: Revision) -> str:
    """The text that counts: the body's paragraphs, one a line, with plain quotation marks and single spaces.

    Headlines, bylines, captions and links stay out: outlets write their own. Offsets into it mean nothing in the revision.
    """
    return "\n".join(_plain(p.exact) for p in revision.of_kind(Kind.BODY))


def signature(text: str) -> Signature | None:
    """The signature of a body; None for fewer than 40 words.

    The same words give the same signature in every process and version, whatever their case and typography.
    """
    words = _WORD.findall(_plain(text).casefold())
    if len(words) < LEAST_WORDS:
        return None
    return Signature((*_least(words, _WHOLE), *_least(words[:_LEAD_WORDS], _LEAD)))


def bands(of: Signature) -> tuple[int, ...]:
    """32 numbers, fit for a column of signed 64-bit integers: texts that share one of them are candidates for a comparison."""
    out = []
    for i in range(BANDS):
        rows = b"".join(v.to_bytes(4, "little") for v in of.values[i * _ROWS : (i + 1) * _ROWS])
        out.append(int.from_bytes(blake2b(bytes([i]) + rows, digest_size=8, person=METHOD.encode()).digest(), "little", signed=True))
    return tuple(out)


def similarity(one: Signature, other: Signature) -> float:
    """Estimate of the Jaccard similarity of two texts' shingles, 0 to 1, with a standard error of 0.06 at 0.5."""
    return sum(a == b for a, b in zip(one.values[:_WHOLE], other.values[:_WHOLE], strict=True)) / _WHOLE


def compare(one: str, other: str) -> Comparison:
    """Judge whether two bodies stem from one written text.

    Each sentence of the shorter text is looked for in the longer one. It is kept if most of its words stand there in runs of three, or one
    sentence is an edit of it, and if its figures and names are there, too. The score is the geometric mean of the share of words kept, and
    that share with more weight on the beginning. Quoted words weigh less than the article's own.

    Args:
        one: A text, as `body_of` gives it or as it stands.
        other: Another one.
    """
    texts = sorted((_Text(_plain(t)) for t in (one, other)), key=lambda t: t.words)
    short, long = texts
    if short.words < LEAST_WORDS:
        return Comparison(0.0, 0.0, same_source=False, why=f"too short to say: {short.words} words, and it takes {LEAST_WORDS}")
    kept, refilled = [], 0
    for sentence in short.sentences:
        alike, facts = long.holds(sentence)
        kept.append(alike and facts)
        refilled += alike and not facts
    contained = _share(short.sentences, kept, [s.size for s in short.sentences])
    own = _share(short.sentences, kept, [s.weight for s in short.sentences])
    early = _beginning(short.sentences, kept)
    if own >= _SAME**2:
        # An editor may write another beginning for the copy or leave off that of the original, but an update has a new one over a lost one. Below that
        # share the judgement is no, whatever the beginning.
        early = max(early, _beginning(long.sentences, [all(short.holds(s)) for s in long.sentences]))
    score = (own * early) ** 0.5
    if refilled > sum(kept):
        score = min(score, _SAME / 2)
    return Comparison(round(score, 4), round(contained, 4), same_source=score >= _SAME, why=_reason(kept, refilled, score=score, early=early, own=own))


def cluster(pairs: Iterable[tuple[str, str, float]]) -> tuple[tuple[str, ...], ...]:
    """Group the texts of pairs that were judged copies.

    A chain is no group: two groups become one only if more than half of all pairs between them were judged copies, best pairs first. So an article that
    borrows from two stories does not make them one. Compare a new text with all members of a candidate's group, or a pair that the bands
    missed counts against it.

    Args:
        pairs: Names of two texts and the score of their comparison, for those that are copies.

    Returns:
        Groups of two and more names, each sorted, in order of their first names; the same for any order of the pairs.
    """
    best: dict[tuple[str, str], float] = {}
    for a, b, score in pairs:
        if a != b:
            key = (min(a, b), max(a, b))
            best[key] = max(score, best.get(key, 0.0))
    group = {name: name for pair in best for name in pair}
    members = {name: {name} for name in group}
    links: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b in best:
        links[a][b] += 1
        links[b][a] += 1
    queue, merged = sorted(best, key=lambda p: (-best[p], p)), True
    while merged:
        merged = False
        for a, b in queue:
            x, y = sorted((group[a], group[b]), key=lambda g: (-len(members[g]), g))
            if x != y and links[x][y] > _LINKED * len(members[x]) * len(members[y]):
                _merge(x, y, group, members, links)
                merged = True
        queue = [(a, b) for a, b in queue if group[a] != group[b]]
    return tuple(sorted(tuple(sorted(m)) for m in members.values() if len(m) > 1))


def _merge(into: str, gone: str, group: dict[str, str], members: dict[str, set[str]], links: dict[str, Counter[str]]) -> None:
    for name in members[gone]:
        group[name] = into
    members[into] |= members.pop(gone)
    for third, count in links.pop(gone).items():
        del links[third][gone]
        if third != into:
            links[into][third] += count
            links[third][into] += count


def _plain(text: str) -> str:
    # Both steps change nothing in plain ASCII, and cost more than all else here.
    straight = _DOUBLED.sub('"', text if text.isascii() else normalize("NFKC", text).translate(_STRAIGHT))
    return "\n".join(" ".join(line.split()) for line in straight.splitlines())


def _least(words: Sequence[str], number: int) -> list[int]:
    shingles = {" ".join(words[i : i + _SHINGLE]).encode("utf-8", "surrogatepass") for i in range(len(words) - _SHINGLE + 1)}
    made = _blank(number).copy()
    made.update_batch(shingles)
    return [int(v) for v in made.hashvalues]


@lru_cache
def _blank(number: int) -> Any:  # noqa: ANN401 - datasketch has no types
    from datasketch import MinHash

    # The scheme is named: datasketch's default has changed before, and stored signatures must outlive the next change.
    return MinHash(num_perm=number, seed=_SEED, hashfunc=zlib.crc32, scheme="affine32")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, or a piece of one too long to be one."""

    #: Words in lower case.
    words: tuple[str, ...]
    #: Number of words before it.
    start: int
    #: Words, those quoted counted in part.
    weight: float
    #: Words with digits.
    figures: frozenset[str]
    #: Words with capitals, but the first.
    names: frozenset[str]

    @property
    def size(self) -> float:
        return len(self.words)


class _Text:
    """A text cut into sentences, and where each run of three words stands."""

    def __init__(self, text: str) -> None:
        self.sentences: list[_Sentence] = []
        self.words = 0
        for line in text.splitlines():
            quoted = False
            for part in _SENTENCE.split(line):
                quoted = self._add(_PIECE.findall(part), quoted=quoted)

    @cached_property
    def places(self) -> dict[tuple[str, str, str], list[int]]:
        """The sentences, by their index, that a run of three words stands in."""
        out: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for i, sentence in enumerate(self.sentences):
            for run in _runs(sentence.words):
                places = out[run]
                if len(places) < _PLACES:
                    places.append(i)
        return out

    def _add(self, pieces: Sequence[str], *, quoted: bool) -> bool:
        """Add a sentence; returns whether a quotation is still open at its end."""
        inside: list[bool] = []
        words: list[str] = []
        for piece in pieces:
            if piece == '"':
                quoted = not quoted
            else:
                words.append(piece)
                inside.append(quoted)
        for i in range(0, len(words), _LONGEST):
            part = words[i : i + _LONGEST]
            digits = _DIGIT.search(" ".join(part))
            own = len(part) - sum(inside[i : i + _LONGEST])
            self.sentences.append(
                _Sentence(
                    words=tuple(w.casefold() for w in part),
                    start=self.words,
                    weight=own + _QUOTED * (len(part) - own),
                    figures=frozenset(w for w in part if _DIGIT.search(w)) if digits else frozenset(),
                    names=frozenset(w.casefold() for w in part[1:] if w[0].isupper()),
                )
            )
            self.words += len(part)
        return quoted

    def holds(self, sentence: _Sentence) -> tuple[bool, bool]:
        """Whether a sentence of another text stands here, perhaps edited, and whether with its figures and names."""
        from rapidfuzz.fuzz import ratio

        covered: set[int] = set()
        votes: dict[int, float] = defaultdict(float)
        for k, run in enumerate(_runs(sentence.words)):
            if found := self.places.get(run):
                covered.update((k, k + 1, k + 2))
                for i in found:
                    # A run that stands in one sentence says more than one that stands in many.
                    votes[i] += 1 / len(found)
        if not votes:
            return False, False
        nearest = max(votes, key=lambda i: (votes[i], -i))
        alike = len(covered) >= _COVERED * len(sentence.words) or ratio(" ".join(sentence.words), " ".join(self.sentences[nearest].words)) >= _ALIKE
        if not alike:
            return False, False
        # An editor may have split or joined sentences, so the neighbours' words count.
        near = self.sentences[max(0, nearest - 1) : nearest + 2]
        words = {w for s in near for w in s.words}
        figures = {f for s in near for f in s.figures}
        facts = sentence.figures <= figures and 2 * len(sentence.names & words) >= len(sentence.names)
        return True, facts


def _runs(words: Sequence[str]) -> list[tuple[str, str, str]]:
    return list(zip(words, words[1:], words[2:], strict=False))


def _beginning(sentences: Sequence[_Sentence], kept: Sequence[bool]) -> float:
    return _share(sentences, kept, [s.weight / (1 + s.start / _HALF_WEIGHT) for s in sentences])


def _share(sentences: Sequence[_Sentence], kept: Sequence[bool], weights: Sequence[float]) -> float:
    whole = sum(weights)
    return sum(w for _, k, w in zip(sentences, kept, weights, strict=True) if k) / whole if whole else 0.0


def _reason(kept: Sequence[bool], refilled: int, *, score: float, early: float, own: float) -> str:
    found = f"{sum(kept)} of {len(kept)} sentences of the shorter text stand in the other"
    if refilled > sum(kept):
        return f"one form, other facts: {refilled} sentences are alike but for figures or names"
    if score >= _SAME:
        return found + (", the beginning too" if early >= own else "")
    if own >= _MUCH and early < own:
        return found + ", but not those of the beginning: an update, or background used again"
    return found
