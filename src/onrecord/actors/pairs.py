"""Do two mentions refer to the same actor? What can be seen without a model, as small named features.

Each feature puts a pair into one of some buckets; a trained model holds a weight for each bucket, and the sum of the weights is added to
what the network says (`onrecord.actors.coreference`). So every decision can be taken apart again into named reasons.
Version `pairs.v1`: the buckets are part of a trained model.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from onrecord.actors.mentions import FORMS, Mentions

__all__ = ["PAIRS_VERSION", "PAIR_FEATURES", "pair_features"]

PAIRS_VERSION = "pairs.v1"

_F = len(FORMS)
_NAME = FORMS.index("name")
#: Distances fall into buckets that begin here.
_STEPS = np.array([1, 2, 3, 4, 6, 9, 16, 32])
_D = len(_STEPS) + 1

#: Name of each feature and its number of buckets, in the order of the columns.
PAIR_FEATURES: dict[str, int] = {
    "forms": _F * _F,
    "sentences apart": 3 * _D,
    "mentions between": 3 * _D,
    "paragraphs apart": 3 * _D,
    "words": 4 * 8,
    "quotation": 5 * _F,
    "nested": 3,
    "statements": 7 * _F,
    "first in its sentence": 2 * 2 * 3,
}

#: How the words of two mentions relate; the first that holds.
_NONE, _EQUAL, _LAST, _PART, _WHOLE, _HEAD, _SHARED, _INITIALS = range(8)


def pair_features(m: Mentions, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put pairs of mentions into buckets.

    Args:
        m: Mentions of one article.
        rows: Shape (r,): numbers of the later mentions.
        columns: Shape (c,): numbers of the earlier mentions they are compared with.

    Returns:
        Shape (r, c, number of features), buckets in the order of `PAIR_FEATURES`.
    """
    i, j = rows[:, None], columns[None, :]
    form_i, form_j = m.form[i], m.form[j]
    kind = np.where(form_i < _NAME, 0, np.where(form_i == _NAME, 1, 2))
    same_sentence = m.sentence[i] == m.sentence[j]
    features = [
        form_i * _F + form_j,
        kind * _D + _bucket(m.sentence[i] - m.sentence[j]),
        kind * _D + _bucket(i - j),
        kind * _D + _bucket(m.paragraph[i] - m.paragraph[j]),
        _words(m, rows, columns) * 4 + (form_i == _NAME) * 2 + (form_j == _NAME),
        _quotation(m.quotation[i], m.quotation[j]) * _F + form_i,
        _nested(m.offsets, i, j),
        _statements(m, i, j) * _F + form_i,
        (same_sentence * 2 + m.first[j]) * 3 + kind,
    ]
    out = np.empty((len(rows), len(columns), len(features)), dtype=np.int64)
    for k, feature in enumerate(features):
        out[..., k] = feature
    return out


def _bucket(distance: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(_STEPS, np.abs(distance), side="right")


def _quotation(qi: NDArray[np.int64], qj: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 both outside, 1 the same, 2 two quotations, 3 only the later inside, 4 only the earlier."""
    both = (qi >= 0) & (qj >= 0)
    return np.where(both, np.where(qi == qj, 1, 2), np.where(qi >= 0, 3, np.where(qj >= 0, 4, 0)))


def _nested(offsets: NDArray[np.int64], i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.int64]:
    later_inside = (offsets[i, 0] >= offsets[j, 0]) & (offsets[i, 1] <= offsets[j, 1])
    earlier_inside = (offsets[j, 0] >= offsets[i, 0]) & (offsets[j, 1] <= offsets[i, 1])
    return np.where(later_inside, 1, np.where(earlier_inside, 2, 0))


def _statements(m: Mentions, i: NDArray[np.int64], j: NDArray[np.int64]) -> NDArray[np.int64]:
    """How two mentions stand to the statements around them.

    0 not at all, 1 the earlier says what the later stands in, 2 the later says what the earlier stands in, 3 sources of neighbouring statements,
    4 sources of others, 5 only the earlier is a source, 6 both stand in contents of the same source's statement.
    """
    wi, wj, si, sj = m.within[i], m.within[j], m.source[i], m.source[j]
    out = np.where((sj >= 0), 5, 0)
    out = np.where((wi >= 0) & (wi == wj), 6, out)
    out = np.where((si >= 0) & (sj >= 0), np.where(np.abs(si - sj) <= 1, 3, 4), out)
    out = np.where((wj >= 0) & (wj == si), 2, out)
    return np.where((wi >= 0) & (wi == sj), 1, out)


def _words(m: Mentions, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """How the words relate; only pairs that share a word, or could be initials, are looked at one by one."""
    out = np.zeros((len(rows), len(columns)), dtype=np.int64)
    by_word: dict[str, list[int]] = defaultdict(list)
    initials: dict[str, list[int]] = defaultdict(list)
    for c, j in enumerate(columns.tolist()):
        if m.form[j] < _NAME:
            continue
        for word in set(m.words[j]):
            by_word[word].append(c)
        if len(m.words[j]) > 1:
            initials["".join(w[0] for w in m.words[j] if w)].append(c)
    for r, i in enumerate(rows.tolist()):
        if m.form[i] < _NAME:
            continue
        mine = m.words[i]
        for c in {c for word in set(mine) for c in by_word.get(word, ())}:
            out[r, c] = _relation(m, i, int(columns[c]))
        if len(mine) == 1 and len(mine[0]) > 1:
            key = mine[0].replace(".", "")
            for c in initials.get(key, ()):
                out[r, c] = out[r, c] or _INITIALS
    return out


def _relation(m: Mentions, i: int, j: int) -> int:
    mine, theirs = m.words[i], m.words[j]
    if mine == theirs:
        return _EQUAL
    if len(mine) == 1 and mine[0] == theirs[-1]:
        return _LAST
    a, b = set(mine), set(theirs)
    if a <= b:
        return _PART
    if b <= a:
        return _WHOLE
    return _HEAD if m.heads[i] == m.heads[j] else _SHARED
