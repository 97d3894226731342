"""What a cluster of statements is called: the phrase that its statements have and the others have not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from anyascii import anyascii

from onrecord.positions.keyphrases import Phrase, key_phrases, key_stems, likelihood_ratio

__all__ = ["Named", "issue_id", "name_of"]

#: What a phrase counts for by how many telling words it has: one word says too little, and four seldom recur.
_BY_LENGTH = {1: 0.55, 2: 1.0, 3: 1.1, 4: 1.1}
#: What a single word counts for that is written as a name: who or where, and seldom what.
_NAME = 0.2
#: Share of the statements of a phrase that must have a longer one for it to take its place.
_AS_OFTEN = 0.6
#: Likelihood ratio of an alias at least: one chance in a thousand (chi squared, one degree of freedom).
_SURE = 10.83
#: Share of all statements with an alias that must be in the cluster.
_OWN = 0.75
_ALIASES = 3
#: Characters of an id.
_LONGEST_ID = 40
_SMALL = frozenset("the a an of for in on to at from with into its their our his her and or".split())  # noqa: SIM905
_POSSESSIVE = re.compile(r"['’]s?\Z")


@dataclass(frozen=True, slots=True)
class Named:
    """What a cluster is called."""

    label: str
    aliases: tuple[str, ...]
    #: Share of its statements that have the words of the label or of an alias.
    share: float = 1.0


def name_of(clusters: Sequence[Sequence[str]], every: Iterable[str]) -> list[Named]:
    """Name clusters.

    Args:
        clusters: The contents of each cluster's statements, the most typical first.
        every: The contents of all statements, those of the clusters among them.

    Returns:
        A name for each, in order.
    """
    total, counts = 0, Counter[tuple[str, ...]]()
    for text in every:
        total += 1
        counts.update(p.stems for p in key_phrases(text))
    return [_named(texts, counts, total) for texts in clusters]


def _named(texts: Sequence[str], counts: Counter[tuple[str, ...]], total: int) -> Named:
    inside: dict[tuple[str, ...], list[Phrase]] = {}
    for text in texts:
        for phrase in key_phrases(text):
            inside.setdefault(phrase.stems, []).append(phrase)
    size = len(texts)
    sure = {stems: likelihood_ratio(len(of), size, counts[stems] - len(of), total - size) for stems, of in inside.items()}
    recurring = {s for s, of in inside.items() if len(of) > 1} or set(inside)
    worth = {s: sure[s] * (_NAME if _is_name(s, inside[s]) else _BY_LENGTH.get(len(s), 1.0)) for s in recurring}
    ranked = sorted(recurring, key=lambda s: (-round(worth[s], 6), -len(s), s))
    label = _longest(ranked[0], recurring, inside)
    running, said = " ".join(texts), [set(key_stems(t)) for t in texts]
    aliases: list[tuple[str, ...]] = []
    for stems in ranked[1:]:
        own = len(inside[stems]) >= _OWN * counts[stems] and sure[stems] >= _SURE
        apart = all(2 * len(set(stems) & set(other)) < len(stems) + (len(stems) > 1) for other in (label, *aliases))
        if own and apart and len(aliases) < _ALIASES and not _is_name(stems, inside[stems]) and _stands_for(stems, label, said):
            aliases.append(stems)
    words = _words(inside[label], running)
    share = sum(any(has.issuperset(s) for s in (label, *aliases)) for has in said) / size
    return Named(words, tuple(a for a in (_words(inside[s], running) for s in aliases) if a.casefold() != words.casefold()), share)


def _stands_for(stems: tuple[str, ...], label: tuple[str, ...], said: Sequence[set[str]]) -> bool:
    """Whether a phrase stands in for the label, and does not go with it: half of the statements that have it have not the label."""
    having = [words for words in said if words.issuperset(stems)]
    return 2 * sum(not words.issuperset(label) for words in having) >= len(having)


def _longest(stems: tuple[str, ...], recurring: Collection[tuple[str, ...]], inside: dict[tuple[str, ...], list[Phrase]]) -> tuple[str, ...]:
    """The longest phrase that has all the words of one and is nearly as frequent."""
    while True:
        longer = [s for s in recurring if len(s) > len(stems) and set(stems) < set(s) and len(inside[s]) >= _AS_OFTEN * len(inside[stems])]
        if not longer:
            return stems
        stems = min(longer, key=lambda s: (-len(inside[s]), len(s), s))


def _is_name(stems: tuple[str, ...], phrases: Sequence[Phrase]) -> bool:
    """Whether it is a single word that is written as a name as a rule; an alias of that kind would be said of everything that the bearer does."""
    return len(stems) == 1 and 2 * sum(p.words[:1].isupper() for p in phrases) > len(phrases)


def _words(phrases: Sequence[Phrase], running: str) -> str:
    """The most usual wording of a phrase, without the capital that only the start of a sentence gave it."""
    found = Counter(_plain(p.words, running) for p in phrases)
    return min(found, key=lambda w: (-found[w], len(w), w))


def _plain(words: str, running: str) -> str:
    words = _POSSESSIVE.sub("", words)
    first = words.split()[0]
    lower = first[:1].lower() + first[1:]
    if first != lower and first[1:].islower() and re.search(rf"(?<!\w){re.escape(lower)}(?!\w)", running):
        return lower + words[len(first) :]
    return words


def issue_id(label: str, taken: Collection[str] = ()) -> str:
    """An id out of a label; one that is taken gets a number.

    Args:
        label: What the issue is, in a few words.
        taken: Ids that there are.

    Example:
        >>> issue_id("closing of the old pier"), issue_id("Øst-pier", {"ost-pier"})
        ('closing-old-pier', 'ost-pier-2')
    """
    words = [w for w in re.split(r"[^a-z0-9]+", anyascii(label).casefold()) if w]
    kept = [w for w in words if w not in _SMALL] or words
    name = ""
    for word in kept:
        if name and len(name) + 1 + len(word) > _LONGEST_ID:
            break
        name += f"-{word}" if name else word[:_LONGEST_ID]
    name = name or "issue"
    number, free = 2, name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free
