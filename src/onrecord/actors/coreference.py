"""Who is who inside one article: mentions, and for each the mentions before it that it may refer back to.

Sources: Lee et al. 2017 (mention ranking); Kirstain et al. 2021 (start and end vectors instead of span representations).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onrecord.actors.mentions import FORMS, Mentions, Setting, describe_mentions
from onrecord.actors.names import Name, NameType
from onrecord.actors.pairs import PAIR_FEATURES, PAIRS_VERSION, pair_features
from onrecord.actors.spans import candidate_spans, width_bucket
from onrecord.errors import ModelError
from onrecord.models import Branch
from onrecord.reading.reader import Stream
from onrecord.statements.decoding import Lattice, spans_of
from onrecord.text import Span

__all__ = ["Found", "Link", "find_mentions", "find_names"]

#: Mentions compared, for each word piece: as in training.
_DENSITY = 0.3
#: Of a probability: what matrices are multiplied by, and how many threads do it, changes the tenth, and a text read twice has the same scores.
_DIGITS = 6
#: A stretch with a lower score is no mention.
_FLOOR = -1.5
#: Names and sources are mentions; their score is at least this.
_SURE = 2.0
#: How many earlier mentions each is compared with. Names need no reach: they are gathered by what they say.
_REACH = 400
_BLOCK = 256
#: What speaking right after somebody adds to the score of a pronoun. GUM holds too few such pairs to learn it; chosen on documents of GUM left out of
#: training.
_CONTINUITY = 3.0
#: What the same paragraph adds to that.
_SAME_PARAGRAPH = 1.5
#: What "he added" adds.
_CARRIED = 4.0
#: Paragraphs of the story between two turns of one speaker.
_PARAGRAPHS = 2
_EVEN = 0.5
#: What an antecedent of a speaking pronoun loses with each paragraph beyond those, and at most: what is learned from texts of 900 words hardly fades.
_FADES, _FADED = 0.2, 3.0
#: What somebody named in the words of a speaker loses as that speaker.
_OTHERS = 2.0
_NAME = FORMS.index("name")


@dataclass(frozen=True, slots=True)
class Link:
    """One earlier mention that a mention may refer back to, and why."""

    #: Number of the earlier mention.
    to: int
    #: Probability, 0 to 1, against every other earlier mention and against "new".
    probability: float


class Found:
    """Mentions of one article with their links.

    Args:
        text: The text.
        mentions: The mentions, in order.
        scores: Shape (n,): logit that each is a mention.
        kinds: Shape (n, k): probability of each kind.
        kind_names: The k kinds.
        parts: For each mention the four vectors that compare it, and its own inclination to refer.
        branch: The model's weights.
    """

    def __init__(
        self,
        text: str,
        mentions: Mentions,
        *,
        scores: NDArray[np.float32],
        kinds: NDArray[np.float32],
        later: NDArray[np.float32],
        earlier: NDArray[np.float32],
        inclination: NDArray[np.float32],
        branch: Branch,
        carrying: frozenset[int] = frozenset(),
    ) -> None:
        self.text, self.mentions, self.scores, self.kinds = text, mentions, scores, kinds
        self._carrying = carrying
        self._links: dict[tuple[int, float], tuple[Link, ...]] = {}
        self._blocks: dict[int, tuple[int, NDArray[np.float64]]] = {}
        self._later, self._earlier, self._inclination, self._branch = later, earlier, inclination, branch

    def __len__(self) -> int:
        return len(self.mentions)

    def span(self, number: int) -> Span:
        """Mention as a span."""
        start, end = self.mentions.offsets[number].tolist()
        return Span.of(self.text, start, end)

    def kind(self, number: int) -> str:
        """The likeliest kind of a mention: `person`, `organization`, `place` ..."""
        return self._branch.kinds[int(self.kinds[number].argmax())]

    def probability(self, number: int, kind: str) -> float:
        """How likely a mention is of a kind, 0 to 1."""
        return float(self.kinds[number, self._branch.kinds.index(kind)]) if kind in self._branch.kinds else 0.0

    def number_of(self, start: int, end: int) -> int | None:
        """Number of the mention with these offsets."""
        return self._numbers.get((start, end))

    @cached_property
    def _numbers(self) -> dict[tuple[int, int], int]:
        return {(s, e): i for i, (s, e) in enumerate(self.mentions.offsets.tolist())}

    def links(self, number: int, *, least: float = 0.0) -> tuple[Link, ...]:
        """Earlier mentions by probability, likeliest first; what is missing to 1 is "new", whose logit is 0.

        Args:
            number: Number of the mention.
            least: Leave out what is less likely.
        """
        if (number, least) not in self._links:
            self._links[number, least] = self._ranked(number, least)
        return self._links[number, least]

    def _ranked(self, number: int, least: float) -> tuple[Link, ...]:
        first, block = self._block(number // _BLOCK)
        begin = max(0, number - _REACH)
        logits = block[number % _BLOCK, begin - first : number - first]
        if not len(logits):
            return ()
        highest = max(0.0, float(logits.max()))
        weights = np.exp(logits - highest)
        shares = weights / (weights.sum() + math.exp(-highest))
        kept = np.flatnonzero(shares >= least)
        return tuple(Link(begin + int(k), round(float(shares[k]), _DIGITS)) for k in kept[np.argsort(-shares[kept], kind="stable")])

    def _block(self, number: int) -> tuple[int, NDArray[np.float64]]:
        """Logits of a block of mentions with those in reach before them, and the number of the first column. The last two blocks are kept."""
        if number not in self._blocks:
            rows = np.arange(number * _BLOCK, min(len(self), (number + 1) * _BLOCK))
            first = max(0, int(rows[0]) - _REACH)
            while len(self._blocks) > 1:
                del self._blocks[next(iter(self._blocks))]
            self._blocks[number] = first, self._logits(rows, np.arange(first, int(rows[-1]) + 1))
        return self._blocks[number]

    def antecedents(self) -> NDArray[np.int64]:
        """The best earlier mention of each, -1 where "new" scores higher. Shape (n,)."""
        out = np.full(len(self), -1, dtype=np.int64)
        for number in range(-(-len(self) // _BLOCK)):
            first, block = self._block(number)
            rows = np.arange(number * _BLOCK, number * _BLOCK + len(block))
            columns = np.arange(first, first + block.shape[1])
            logits = np.where(columns[None, :] < rows[:, None], block, -np.inf)
            best = logits.argmax(axis=1)
            out[rows] = np.where(logits[np.arange(len(rows)), best] > 0, columns[best], -1)
        return out

    def reasons(self, later: int, earlier: int) -> dict[str, float]:
        """Take one score apart: the weight of each pair feature, and what the network says of the words in context."""
        features = pair_features(self.mentions, np.array([later]), np.array([earlier]))[0, 0]
        out = {name: float(self._branch.pairs[name][bucket]) for name, bucket in zip(PAIR_FEATURES, features.tolist(), strict=True)}
        if (before := self._speaking.get(later)) is not None and before[0] == earlier:
            out["continuity"] = before[1]
        if (named := self._named_after.get(later)) is not None and earlier in named:
            out["named after"] = _CARRIED
        out["the words in context"] = float(self._network(np.array([later]), np.array([earlier]))[0, 0])
        return out

    @cached_property
    def _speakers(self) -> list[int]:
        """The longest mention of each source outside what others say: `a senior source`, not `senior source`."""
        m = self.mentions
        whole: dict[int, int] = {}
        for i in np.flatnonzero((m.source >= 0) & (m.within < 0)).tolist():
            whole.setdefault(int(m.source[i]), i)
        return sorted(whole.values())

    @cached_property
    def _named_after(self) -> dict[int, NDArray[np.int64]]:
        """For a pronoun whose speaker the next statement names (`he said ... Orsk added`): the earlier mentions with that name's last word."""
        m = self.mentions
        out: dict[int, NDArray[np.int64]] = {}
        for i, j in pairwise(self._speakers):
            if m.form[i] < _NAME and m.form[j] == _NAME and int(m.source[j]) in self._carrying and m.paragraph[j] - m.paragraph[i] <= 1:
                earlier = [k for k in range(i) if m.form[k] == _NAME and m.heads[k] == m.heads[j]]
                if earlier and self._may_be(i, j):
                    out[i] = np.array(earlier, dtype=np.int64)
        return out

    def _may_be(self, i: int, j: int) -> bool:
        """Whether a pronoun's form allows an earlier mention: `he` a person or another `he`, `they` anybody."""
        m = self.mentions
        if FORMS[m.form[i]] == "they" or m.form[j] == m.form[i]:
            return True
        return bool(m.form[j] >= _NAME) and (self.probability(j, "person") >= _EVEN) == (FORMS[m.form[i]] in {"i", "he", "she"})

    def _subject_before(self, i: int) -> int | None:
        """Who begins the sentence before a quotation in the same paragraph, as in `Ana Reis, a nurse, was there. "It was cold," she said`."""
        m = self.mentions
        for j in range(i - 1, -1, -1):
            if m.paragraph[j] != m.paragraph[i]:
                return None
            if m.first[j] and m.within[j] < 0 and m.quotation[j] < 0 and m.sentence[j] < m.sentence[i]:
                # The whole noun phrase: `Ana Reis and Joao Reis`, not its first name.
                whole = min(k for k in range(j + 1) if m.offsets[k, 0] == m.offsets[j, 0]) if j else 0
                return whole if self._may_be(i, whole) else None
        return None

    def _network(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
        product = self._later[rows] @ self._earlier[columns].T / math.sqrt(self._later.shape[1])
        return (product + self._inclination[rows][:, None] + self._inclination[columns][None, :]).astype(np.float64)

    def _logits(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
        out = self._network(rows, columns)
        features = pair_features(self.mentions, rows, columns)
        for k, name in enumerate(PAIR_FEATURES):
            out += self._branch.pairs[name][features[..., k]]
        out += self._doubt[columns][None, :]
        m = self.mentions
        # Whoever speaks seldom names himself in what he says: `"Sousa was right," he said`.
        own = (m.source[rows] >= 0)[:, None] & (m.form[rows] < _NAME)[:, None] & (m.within[columns][None, :] == m.source[rows][:, None])
        out -= _OTHERS * own
        speaks = (m.source[rows] >= 0)[:, None] & (m.form[rows] < _NAME)[:, None]
        apart = m.paragraph[rows][:, None] - m.paragraph[columns][None, :] - _PARAGRAPHS
        out -= speaks * np.clip(_FADES * apart, 0.0, _FADED)
        for r, row in enumerate(rows.tolist()):
            if (named := self._named_after.get(row)) is not None:
                at = named[(named >= columns[0]) & (named <= columns[-1])] - columns[0]
                out[r, at] += _CARRIED
            before = self._speaking.get(row)
            if before is not None and columns[0] <= before[0] <= columns[-1]:
                out[r, before[0] - columns[0]] += before[1]
        return out

    @cached_property
    def _doubt(self) -> NDArray[np.float64]:
        """What a stretch that is hardly a mention loses as an antecedent: the logarithm of the probability that it is one."""
        return -np.logaddexp(0.0, -self.scores.astype(np.float64))

    @cached_property
    def _speaking(self) -> dict[int, tuple[int, float]]:
        """For each pronoun that speaks: the last source before it that it may mean, and what that adds (`Orsk said ... "...," she added`)."""
        m = self.mentions
        speakers = self._speakers
        out: dict[int, tuple[int, float]] = {}
        for k, i in enumerate(speakers):
            if m.form[i] >= _NAME:
                continue
            if i in self._named_after:
                continue
            carried = _CARRIED if int(m.source[i]) in self._carrying else 0.0
            before = next((j for j in speakers[k - 1 :: -1] if self._may_be(i, j)), None) if k else None
            if before is not None and m.paragraph[before] == m.paragraph[i]:
                out[i] = before, _CONTINUITY + _SAME_PARAGRAPH + carried
            elif (subject := self._subject_before(i)) is not None:
                out[i] = subject, _CONTINUITY
            elif before is not None and m.paragraph[i] - m.paragraph[before] <= _PARAGRAPHS:
                out[i] = before, _CONTINUITY + carried
        return out


def find_names(text: str, stream: Stream, branch: Branch) -> list[Name]:
    """Read the names of one stream off its tags, in order."""
    first, last = branch.layout["names"]
    starts = stream.offsets[:, 0]
    breaks = np.unique(np.searchsorted(starts, [p.start for p in stream.paragraphs]))
    lattice = Lattice(
        stream.pieces[:, first:last].astype(np.float32),
        transitions=branch.name_transitions,
        start=branch.name_start,
        tags=branch.name_tags,
        breaks=[int(b) for b in breaks if b < len(starts)],
    )
    return [
        Name(_whole(text, int(stream.offsets[a, 0]), int(stream.offsets[b - 1, 1])), NameType(kind))
        for kind, a, b in spans_of(lattice.best(), branch.name_tags)
    ]


def _whole(text: str, start: int, end: int) -> Span:
    """A name in whole words, however few of a word's pieces were tagged."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return Span.of(text, start, end)


def find_mentions(text: str, streams: Sequence[Stream], branch: Branch, setting: Setting, *, wanted: Sequence[tuple[int, int]]) -> Found:
    """Find mentions and compare them.

    Args:
        text: The text.
        streams: What was read, in order; their mentions follow one another.
        branch: The model's weights.
        setting: What surrounds the mentions.
        wanted: Half-open offsets that are mentions whatever the model says: the sources of statements, names.

    Raises:
        ModelError: The model was trained with other pair features.
    """
    if branch.pairs_version != PAIRS_VERSION:
        msg = f"the model expects {branch.pairs_version}, this onrecord computes {PAIRS_VERSION}"
        raise ModelError(msg, hint="install the onrecord that goes with the model")
    parts = [_Cut(text, stream, branch, setting, wanted) for stream in streams]
    offsets = np.concatenate([p.offsets for p in parts]) if parts else np.zeros((0, 2), dtype=np.int64)
    return Found(
        text,
        describe_mentions(text, offsets, setting),
        scores=_joined([p.scores for p in parts]),
        kinds=_joined([p.kinds for p in parts], len(branch.kinds)),
        later=_joined([p.later for p in parts], 1),
        earlier=_joined([p.earlier for p in parts], 1),
        inclination=_joined([p.inclination for p in parts]),
        branch=branch,
        carrying=setting.carrying,
    )


def _joined(arrays: Sequence[NDArray[np.float32]], width: int | None = None) -> NDArray[np.float32]:
    return np.concatenate(arrays) if arrays else np.zeros((0,) if width is None else (0, width), dtype=np.float32)


class _Cut:
    """The mentions of one stream, chosen."""

    def __init__(self, text: str, stream: Stream, branch: Branch, setting: Setting, wanted: Sequence[tuple[int, int]]) -> None:
        part = {name: stream.pieces[:, a:b].astype(np.float32) for name, (a, b) in branch.layout.items() if name != "names"}
        spans = candidate_spans(text, stream.offsets, setting.sentences)
        scores = _mention_scores(part, spans, branch)
        chosen = _chosen(scores, int(_DENSITY * len(stream.offsets)) + 8)
        spans, scores = spans[chosen], scores[chosen]
        sure = set(_pieces_of(stream, wanted))
        known = {(int(a), int(b)): k for k, (a, b) in enumerate(spans.tolist())}
        for k in (known[s] for s in sure & known.keys()):
            scores[k] = max(scores[k], _SURE)
        extra = sure - known.keys()
        if extra:
            more = np.array(sorted(extra), dtype=np.int64)
            spans, scores = np.concatenate([spans, more]), np.concatenate([scores, np.maximum(_mention_scores(part, more, branch), _SURE)])
            order = np.lexsort((-spans[:, 1], spans[:, 0]))
            spans, scores = spans[order], scores[order]
        a, b = spans[:, 0], spans[:, 1] - 1
        kinds = part["kind_start"][a] + part["kind_end"][b]
        kinds = np.exp(kinds - kinds.max(axis=1, keepdims=True)) if len(kinds) else kinds
        self.offsets = np.stack([stream.offsets[a, 0], stream.offsets[b, 1]], axis=1)
        self.scores = scores
        self.kinds = kinds / kinds.sum(axis=1, keepdims=True) if len(kinds) else kinds
        self.later = part["later_start"][a] + part["later_end"][b]
        self.earlier = part["earlier_start"][a] + part["earlier_end"][b]
        self.inclination = part["link_start"][a, 0] + part["link_end"][b, 0]


def _mention_scores(part: dict[str, NDArray[np.float32]], spans: NDArray[np.int64], branch: Branch) -> NDArray[np.float32]:
    a, b = spans[:, 0], spans[:, 1] - 1
    inner = np.einsum("ij,ij->i", part["span_start"][a], part["span_end"][b]) / math.sqrt(part["span_start"].shape[1])
    scores: NDArray[np.float32] = inner + part["unary_start"][a, 0] + part["unary_end"][b, 0] + branch.widths[width_bucket(spans)]
    return scores


def _chosen(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    if not len(scores):
        return np.zeros(0, dtype=np.int64)
    count = min(count, len(scores))
    best = np.argpartition(-scores, count - 1)[:count]
    return np.sort(best[scores[best] > _FLOOR])


def _pieces_of(stream: Stream, wanted: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    starts, ends = stream.offsets[:, 0], stream.offsets[:, 1]
    for s, e in wanted:
        a, b = int(np.searchsorted(starts, s)), int(np.searchsorted(ends, e))
        if a < len(starts) and b < len(ends) and starts[a] == s and ends[b] == e and a <= b:
            yield a, b + 1
