"""When a prediction agrees with the gold: exact spans, and whole attributions matched one to one."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence

from onrecord.scoring.counts import PRF
from onrecord.scoring.spans import Attributed, Offsets, trimmed

__all__ = ["JACCARD", "MATCHING", "count_joined", "count_joined_exact", "count_spans", "jaccard", "joined_pairs", "match"]

#: Names and versions of the rules, for the signature. A rule that counts otherwise gets another number.
MATCHING = "exact-span.v1+joined.v1"

#: Least share of content characters that two attributions of one joined pair have in common.
JACCARD = 0.5


def count_spans(text: str, role: str, gold: Sequence[Attributed], predicted: Sequence[Attributed]) -> PRF:
    """Exact spans of one role: both ends must agree, white space at the ends aside.

    Spans are a set: a source that two attributions share counts once. Each piece of a discontinuous span counts as a span.
    """
    wanted = trimmed(text, (span for a in gold for span in a.of_role(role)))
    found = trimmed(text, (span for a in predicted for span in a.of_role(role)))
    return PRF(len(wanted), len(found), len(wanted & found))


def count_joined(text: str, gold: Sequence[Attributed], predicted: Sequence[Attributed]) -> PRF:
    """Attributions that agree on what was said and on who said it, matched one to one.

    A pair may match if the Jaccard index of their content characters is at least `JACCARD`, and their sources share a character or
    are both absent. Of all one-to-one matchings the largest counts. Attributions without content are left out on both sides.
    """
    wanted, found = _with_content(text, gold), _with_content(text, predicted)
    return PRF(len(wanted), len(found), len(joined_pairs(text, wanted, found)))


def count_joined_exact(text: str, gold: Sequence[Attributed], predicted: Sequence[Attributed]) -> PRF:
    """Attributions with exactly the same content pieces and the same source pieces, matched one to one."""
    wanted, found = (Counter((trimmed(text, a.content), trimmed(text, a.source)) for a in _with_content(text, side)) for side in (gold, predicted))
    return PRF(wanted.total(), found.total(), (wanted & found).total())


def joined_pairs(text: str, gold: Sequence[Attributed], predicted: Sequence[Attributed]) -> list[tuple[int, int]]:
    """The pairs that `count_joined` counts, as indices into the two sequences, in order of the gold."""
    contents = [_characters(text, a.content) for a in gold], [_characters(text, a.content) for a in predicted]
    sources = [_characters(text, a.source) for a in gold], [_characters(text, a.source) for a in predicted]
    edges: list[list[int]] = []
    for content, source in zip(contents[0], sources[0], strict=True):
        scored = [
            (jaccard(content, other), index)
            for index, (other, other_source) in enumerate(zip(contents[1], sources[1], strict=True))
            if (source & other_source or not (source or other_source)) and content & other
        ]
        edges.append([index for score, index in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score >= JACCARD])
    return match(edges, len(predicted))


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Size of what two sets share over the size of what they hold together (Jaccard 1912); 1 for two empty sets."""
    whole = len(one | other)
    return len(one & other) / whole if whole else 1.0


def match(edges: Sequence[Sequence[int]], size: int) -> list[tuple[int, int]]:
    """A largest one-to-one matching of a two-sided graph, by augmenting paths (Kuhn 1955, Berge 1957).

    Taking the best pair first can leave an attribution without a partner that another choice would have given it, and the count then
    hangs on the order. The size of the largest matching does not. Graphs here have tens of nodes, so O(nodes x edges) is enough.

    Args:
        edges: For each node on the left, its possible partners on the right, best first.
        size: Number of nodes on the right.

    Returns:
        Pairs (left, right), in order of left.
    """
    partner: list[int | None] = [None] * size
    for root in range(len(edges)):
        came_from: dict[int, int] = {}
        queue = deque([root])
        free: int | None = None
        while queue and free is None:
            left = queue.popleft()
            for right in edges[left]:
                if right in came_from:
                    continue
                came_from[right] = left
                holder = partner[right]
                if holder is None:
                    free = right
                    break
                queue.append(holder)
        if free is not None:
            _augment(partner, came_from, free, root)
    return sorted((left, right) for right, left in enumerate(partner) if left is not None)


def _augment(partner: list[int | None], came_from: dict[int, int], free: int, root: int) -> None:
    """Turn over the path that ends at a free node: each node on the left moves to the partner it was reached through."""
    held = {left: right for right, left in enumerate(partner) if left is not None}
    right = free
    while True:
        left = came_from[right]
        partner[right] = left
        if left == root:
            return
        right = held[left]


def _with_content(text: str, attributions: Sequence[Attributed]) -> list[Attributed]:
    return [a for a in attributions if trimmed(text, a.content)]


def _characters(text: str, spans: Sequence[Offsets]) -> frozenset[int]:
    return frozenset(at for start, end in spans for at in range(start, min(end, len(text))) if not text[at].isspace())
