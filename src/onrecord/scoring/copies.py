"""How well copies of one text are found: labelled pairs, groups of documents, and copies made by cutting and editing known texts.

The pairs are those of `tests/articles/copies-*.jsonl`: digests and offsets, no text. Texts come from the corpora that they were drawn from.
The adjusted Rand index over documents is the measure of NEWS-COPY (Silcock et al. 2023; Hubert and Arabie 1985).
"""

from __future__ import annotations

import gzip
import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from pathlib import Path
from time import process_time
from typing import Any

from onrecord.articles.duplicates import METHOD, Comparison, Signature, bands, body_of, cluster, compare, signature, similarity
from onrecord.articles.plain import read_plain
from onrecord.errors import UsageError
from onrecord.scoring.counts import PRF, Interval, bootstrap
from onrecord.text import stable_id

__all__ = [
    "LABELS",
    "RULES",
    "CopyScore",
    "Found",
    "LabelledPair",
    "Made",
    "Spread",
    "adjusted_rand",
    "judge_made",
    "read_pairs",
    "read_texts",
    "score_copies",
    "spread",
]

#: What two articles can be to each other; only a copy counts as found. See docs/design/copies.md.
LABELS = ("copy", "update", "part", "quotes", "template", "other")
#: The product's rule; its judgement without the bands' choice of candidates; and plain MinHash, to compare with.
RULES = (METHOD, "compare.v1", "minhash.v1")
#: Jaccard similarity from which plain MinHash calls two texts copies; the best F1 on the dev half.
_MINHASH = 0.7

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two revisions, by their ids, and what a reader of both says they are to each other."""

    a: str
    b: str
    #: One of `LABELS`.
    label: str
    #: Whether the labeller had no doubt.
    sure: bool
    #: How the pair was chosen: a band of similarity, a way of search, or at random.
    stratum: str


@dataclass(frozen=True, slots=True)
class Found:
    """A labelled pair and what the rule says."""

    pair: LabelledPair
    same: bool
    #: Whether the bands brought the two together.
    candidate: bool
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class CopyScore:
    """The score of one rule on one set of pairs."""

    found: tuple[Found, ...]
    #: Adjusted Rand index over the documents of the set, -1 to 1.
    rand: float
    documents: int
    #: Mean seconds of the processor for a signature with its bands, and for a comparison.
    seconds: tuple[float, float]
    #: One count for each set of documents that pairs connect, for intervals.
    counts: tuple[PRF, ...]

    @property
    def total(self) -> PRF:
        """Copies in the gold, pairs called copies, and those that are both."""
        return sum(self.counts, PRF())

    def intervals(self) -> tuple[Interval, Interval, Interval]:
        """95% intervals of precision, recall and F1; sets of documents are drawn, for pairs that share a document stand or fall together."""
        # With as many gold as predicted, F1 is the precision; the other way round it is the recall.
        precision = bootstrap([PRF(c.predicted, c.predicted, c.matched) for c in self.counts])
        recall = bootstrap([PRF(c.gold, c.gold, c.matched) for c in self.counts])
        return precision, recall, bootstrap(self.counts)

    def called(self) -> dict[str, tuple[int, int, int]]:
        """For each label: pairs, pairs that the bands brought together, pairs called copies."""
        rows = {label: [f for f in self.found if f.pair.label == label] for label in LABELS}
        return {label: (len(r), sum(f.candidate for f in r), sum(f.same for f in r)) for label, r in rows.items()}


@dataclass(frozen=True, slots=True)
class Spread:
    """What the rule finds among all texts of some files."""

    texts: int
    #: Texts that are too short for a signature.
    short: int
    #: Pairs that share a band.
    candidates: int
    #: Candidates judged copies, with the score.
    same: tuple[tuple[str, str, float], ...]
    #: Groups of copies.
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """How many copies made in one way were found."""

    #: How they were made.
    way: str
    number: int
    #: How many share a band with their original.
    candidates: int
    #: How many of those are judged copies.
    same: int


def read_pairs(path: Path) -> tuple[LabelledPair, ...]:
    """Read labelled pairs, a JSON object a line.

    Raises:
        UsageError: No such file, or a line is damaged.
    """
    out, number = [], 0
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):  # noqa: B007 - the error names the line
            row = json.loads(line)
            if row["label"] not in LABELS:
                raise ValueError(f"no label {row['label']!r}")  # noqa: TRY301 - told with its line below
            out.append(LabelledPair(str(row["a"]), str(row["b"]), row["label"], bool(row["sure"]), str(row["stratum"])))
    except OSError as error:
        raise UsageError(f"the pairs cannot be read: {error.strerror or error}", item=str(path), hint="tests/articles/copies-dev.jsonl, say") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"line {number} is no labelled pair: {error}", item=str(path), hint="JSON with a, b, label, sure and stratum") from None
    if not out:
        raise UsageError("there are no pairs in it", item=str(path))
    return tuple(out)


def read_texts(paths: Iterable[Path]) -> dict[str, str]:
    """The texts of article files by revision id.

    Args:
        paths: JSON lines with `text`, as they are or compressed (.gz, .xz).

    Raises:
        UsageError: No such file, or a line without a text.
    """
    out: dict[str, str] = {}
    for path in paths:
        opened: Any = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix, open)
        number = 0
        try:
            with opened(path, "rt", encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):  # noqa: B007 - the error names the line
                    text = json.loads(line)["text"]
                    out[stable_id("r1", text)] = text
        except FileNotFoundError:
            raise UsageError("there is no such file of articles", item=str(path), hint="the corpora that the pairs were drawn from") from None
        except (OSError, EOFError, lzma.LZMAError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"no articles after line {number}: {error}", item=str(path), hint="JSON lines with text, .gz and .xz too") from None
    return out


def score_copies(pairs: Sequence[LabelledPair], texts: Mapping[str, str], *, rule: str = METHOD, progress: Progress | None = None) -> CopyScore:
    """Judge labelled pairs and group their documents.

    Args:
        pairs: What to judge.
        texts: Texts by revision id.
        rule: One of `RULES`.
        progress: Told how many comparisons are done, of how many.

    Raises:
        UsageError: A pair's text is missing, or there is no such rule.
    """
    if rule not in RULES:
        raise UsageError(f"no rule {rule!r}", hint=f"one of {', '.join(RULES)}")
    names = sorted({name for p in pairs for name in (p.a, p.b)})
    if missing := [n for n in names if n not in texts]:
        raise UsageError(f"{len(missing)} of {len(names)} texts are in none of the files", item=missing[0], hint="give all corpora with --articles")
    bodies = {n: body_of(read_plain(texts[n])[0]) for n in names}
    begun = process_time()
    signed = {n: signature(bodies[n]) for n in names}
    banded = {n: set(bands(s)) if s else set() for n, s in signed.items()}
    signing = (process_time() - begun) / max(1, len(names))
    labelled = {(min(p.a, p.b), max(p.a, p.b)) for p in pairs}
    met = {p for p in combinations(names, 2) if banded[p[0]] & banded[p[1]]}
    # A document meets every other in the ledger, not only those it was labelled with.
    every = sorted(labelled | met | (_alike(signed) if rule == RULES[2] else set()))
    begun, judged = process_time(), {}
    for done, (a, b) in enumerate(every):
        judged[a, b] = _minhash(signed[a], signed[b]) if rule == RULES[2] else compare(bodies[a], bodies[b])
        if progress:
            progress(done + 1, len(every))
    comparing = (process_time() - begun) / max(1, len(every))
    same = {p: c for p, c in judged.items() if c.same_source and (rule != METHOD or p in met)}
    groups = cluster((a, b, c.score) for (a, b), c in same.items()) if rule == METHOD else _connected(names, same)
    found = []
    for p in pairs:
        key = (min(p.a, p.b), max(p.a, p.b))
        found.append(Found(p, key in same, key in met, judged[key].score, judged[key].why))
    gold = _connected(names, [(p.a, p.b) for p in pairs if p.label == "copy"])
    return CopyScore(tuple(found), adjusted_rand(gold, groups, names), len(names), (signing, comparing), _counts(found, names))


def spread(texts: Mapping[str, str], *, progress: Progress | None = None) -> Spread:
    """Look for copies among all of some texts, as a ledger would: who shares a band is compared."""
    signed: dict[int, list[str]] = defaultdict(list)
    bodies, short = {}, 0
    for done, (name, text) in enumerate(sorted(texts.items())):
        bodies[name] = body_of(read_plain(text)[0])
        made = signature(bodies[name])
        short += made is None
        for band in bands(made) if made else ():
            signed[band].append(name)
        if progress:
            progress(done + 1, len(texts))
    met = sorted({pair for names in signed.values() for pair in combinations(sorted(names), 2)})
    judged = ((a, b, compare(bodies[a], bodies[b])) for a, b in met)
    same = tuple((a, b, c.score) for a, b, c in judged if c.same_source)
    return Spread(len(texts), short, len(met), same, cluster(same))


def judge_made(texts: Mapping[str, str], *, number: int) -> tuple[Made, ...]:
    """Make copies of some texts as an editor does, and look for them: what is found of copies that are cut, reworded or mixed with other matter.

    Made copies are cleaner than real ones. They say where finding ends, not how often it succeeds.

    Args:
        texts: Texts by revision id; the first of them in the order of their ids are taken, each with the next one for other matter.
        number: How many texts.
    """
    bodies = [b for n in sorted(texts)[: 2 * number] if len((b := body_of(read_plain(texts[n])[0])).split()) >= _MADE_OF][:number]
    counts: dict[str, list[int]] = {way: [0, 0] for way in _WAYS}
    for body, other in zip(bodies, bodies[1:] + bodies[:1], strict=True):
        mine, banded = body, set(bands(s)) if (s := signature(body)) else set()
        for way, make in _WAYS.items():
            copy = make(_SENTENCES.split(body), _SENTENCES.split(other))
            if (signed := signature(copy)) and banded & set(bands(signed)):
                counts[way][0] += 1
                counts[way][1] += compare(mine, copy).same_source
    return tuple(Made(way, len(bodies), *c) for way, c in counts.items())


def _reworded(sentences: Sequence[str]) -> list[str]:
    """Every third sentence without its ninth words, every seventh left out."""
    out = []
    for i, sentence in enumerate(sentences):
        words = sentence.split()
        if i % 7 != 6:  # noqa: PLR2004 - the seventh
            out.append(" ".join(w for k, w in enumerate(words) if i % 3 or k % 9 != 8))  # noqa: PLR2004 - the ninth
    return out


#: Words that a text must have to make copies of it, so that a quarter of it is a text.
_MADE_OF = 300
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
#: Ways to make a copy of sentences, with sentences of another text for what a newsroom adds.
_WAYS: dict[str, Callable[[list[str], list[str]], str]] = {
    "first half": lambda s, _: " ".join(s[: len(s) // 2]),
    "first quarter": lambda s, _: " ".join(s[: len(s) // 4]),
    "second half": lambda s, _: " ".join(s[len(s) // 2 :]),
    "reworded": lambda s, _: " ".join(_reworded(s)),
    "first half, reworded": lambda s, _: " ".join(_reworded(s[: len(s) // 2])),
    "half, other matter at the end": lambda s, o: " ".join(s[: len(s) // 2] + o[: len(s) // 8]),
    "half, another beginning": lambda s, o: " ".join(o[:2] + s[: len(s) // 2]),
    "update: half is new, at the top": lambda s, o: " ".join(o[: len(s) // 2] + s[len(s) // 2 :]),
    "another text": lambda _, o: " ".join(o),
}


def adjusted_rand(gold: Iterable[Iterable[str]], guess: Iterable[Iterable[str]], names: Sequence[str]) -> float:
    """Adjusted Rand index of two groupings, 1 for the same, about 0 for chance; who is in no group is alone (Hubert and Arabie 1985)."""
    first, second = ({n: i for i, group in enumerate(side) for n in group} for side in (gold, guess))
    # Whoever is alone has a negative number of their own.
    labels = [(first.get(n, -1 - k), second.get(n, -1 - k)) for k, n in enumerate(names)]
    both, rows, columns = (sum(comb(c, 2) for c in Counter(x).values()) for x in (labels, [a for a, _ in labels], [b for _, b in labels]))
    chance = rows * columns / comb(len(names), 2) if len(names) > 1 else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def _alike(signed: Mapping[str, Signature | None]) -> set[tuple[str, str]]:
    return {(a, b) for a, b in combinations(sorted(signed), 2) if _minhash(signed[a], signed[b]).same_source}


def _minhash(one: Signature | None, other: Signature | None) -> Comparison:
    alike = similarity(one, other) if one and other else 0.0
    return Comparison(alike, alike, same_source=alike >= _MINHASH, why=f"Jaccard similarity about {alike:.2f}")


def _connected(names: Iterable[str], links: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """All that links connect, chains included; groups of two and more."""
    head = {n: n for n in names}

    def find(n: str) -> str:
        while head[n] != n:
            head[n] = head[head[n]]
            n = head[n]
        return n

    for a, b in links:
        head[find(a)] = find(b)
    groups: dict[str, list[str]] = defaultdict(list)
    for n in head:
        groups[find(n)].append(n)
    return tuple(tuple(g) for g in groups.values() if len(g) > 1)


def _counts(found: Sequence[Found], names: Iterable[str]) -> tuple[PRF, ...]:
    home = {n: i for i, group in enumerate(_connected(names, [(f.pair.a, f.pair.b) for f in found])) for n in group}
    counts: dict[int, PRF] = defaultdict(PRF)
    for f in found:
        copy = f.pair.label == "copy"
        counts[home[f.pair.a]] += PRF(int(copy), int(f.same), int(copy and f.same))
    return tuple(counts.values())
