from __future__ import annotations

from itertools import permutations

from gold_strategies import sides
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.scoring.counts import PRF
from onrecord.scoring.matching import JACCARD, count_joined, count_joined_exact, count_spans, joined_pairs, match
from onrecord.scoring.spans import ROLES, Attributed, trimmed

TEXT = "The mayor said that the bridge will stay closed in May."
MAYOR, SAID, CONTENT = (0, 9), (10, 14), (15, 54)


def one(source=(MAYOR,), cue=(SAID,), content=(CONTENT,)):
    return Attributed(source, cue, content)


@st.composite
def graphs(draw):
    left, right = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    return [draw(st.lists(st.integers(0, right - 1), unique=True)) if right else [] for _ in range(left)], right


@given(graphs())
def test_matching_is_one_to_one_and_as_large_as_any(graph):
    edges, size = graph
    pairs = match(edges, size)
    assert all(right in edges[left] for left, right in pairs)
    assert len({left for left, _ in pairs}) == len({right for _, right in pairs}) == len(pairs)
    slots = [*range(size), *([None] * len(edges))]
    best = max((sum(r is not None and r in e for e, r in zip(edges, chosen, strict=True)) for chosen in set(permutations(slots, len(edges)))), default=0)
    assert len(pairs) == best


def test_matching_finds_what_best_first_misses():
    assert match([[0, 1], [0]], 2) == [(0, 1), (1, 0)]


def test_a_long_chain_of_moves():
    n = 3000
    edges = [[i, i + 1] for i in range(n)] + [[0]]
    assert len(match(edges, n + 1)) == n + 1


@given(sides())
def test_turning_the_sides_turns_precision_and_recall(case):
    text, gold, predicted = case
    for role in ROLES:
        ahead, back = count_spans(text, role, gold, predicted), count_spans(text, role, predicted, gold)
        assert (ahead.gold, ahead.predicted, ahead.matched) == (back.predicted, back.gold, back.matched)
    for count in (count_joined, count_joined_exact):
        ahead, back = count(text, gold, predicted), count(text, predicted, gold)
        assert (ahead.gold, ahead.predicted, ahead.matched, ahead.f1) == (back.predicted, back.gold, back.matched, back.f1)


@given(sides())
def test_the_gold_itself_is_perfect(case):
    text, gold, _ = case
    counts = [count_spans(text, role, gold, gold) for role in ROLES] + [count_joined(text, gold, gold), count_joined_exact(text, gold, gold)]
    assert all(c.f1 == 1 for c in counts)


@given(sides())
def test_exact_pairs_are_joined_pairs(case):
    text, gold, predicted = case
    exact, joined = count_joined_exact(text, gold, predicted), count_joined(text, gold, predicted)
    assert exact.matched <= joined.matched <= min(joined.gold, joined.predicted)
    assert (exact.gold, exact.predicted) == (joined.gold, joined.predicted)


@settings(max_examples=50)
@given(sides(most=3), sides(most=3))
def test_adding_counts_is_counting_together(case, other):
    (text, gold, predicted), (text2, gold2, predicted2) = case, other
    shift = len(text) + 1

    def moved(attributions):
        return [Attributed(*(tuple((s + shift, e + shift) for s, e in a.of_role(role)) for role in ROLES)) for a in attributions]

    together = (f"{text}\n{text2}", gold + moved(gold2), predicted + moved(predicted2))
    for role in ROLES:
        assert count_spans(text, role, gold, predicted) + count_spans(text2, role, gold2, predicted2) == count_spans(together[0], role, *together[1:])
    for count in (count_joined, count_joined_exact):
        assert count(text, gold, predicted) + count(text2, gold2, predicted2) == count(*together)


@given(sides())
def test_white_space_at_the_ends_makes_no_difference(case):
    text, gold, predicted = case
    tight = [Attributed(*(tuple(sorted(trimmed(text, a.of_role(role)))) for role in ROLES)) for a in predicted]
    assert all(count_spans(text, role, gold, predicted) == count_spans(text, role, gold, tight) for role in ROLES)
    assert count_joined(text, gold, predicted) == count_joined(text, gold, tight)
    assert count_joined_exact(text, gold, predicted) == count_joined_exact(text, gold, tight)


def test_shared_spans_count_once_and_pieces_each():
    gold = [one(), Attributed((MAYOR,), (), ((15, 23), (24, 54)))]
    assert count_spans(TEXT, "source", gold, []) == PRF(1, 0, 0)
    assert count_spans(TEXT, "content", gold, [one()]) == PRF(3, 1, 1)


def test_joined_takes_half_of_the_content_and_any_overlap_of_the_source():
    letters = [i for i in range(*CONTENT) if not TEXT[i].isspace()]
    half = letters[len(letters) // 2]
    assert (len(letters), JACCARD) == (32, 0.5)
    assert count_joined(TEXT, [one()], [one(content=((half, 54),))]).matched == 1
    assert count_joined(TEXT, [one()], [one(content=((half + 1, 54),))]).matched == 0
    assert count_joined(TEXT, [one()], [one(source=((4, 14),))]).matched == 1
    assert count_joined_exact(TEXT, [one()], [one(source=((4, 14),))]).matched == 0
    assert count_joined(TEXT, [one()], [one(source=(SAID,))]).matched == 0
    assert count_joined(TEXT, [one()], [one(source=())]).matched == 0
    assert count_joined(TEXT, [one(source=())], [one(source=())]).matched == 1
    assert count_joined(TEXT, [one(source=())], [one()]).matched == 0


def test_one_prediction_serves_one_gold_attribution():
    assert count_joined(TEXT, [one(), one()], [one()]) == PRF(2, 1, 1)
    assert count_joined_exact(TEXT, [one(), one()], [one()]) == PRF(2, 1, 1)
    assert joined_pairs(TEXT, [one()], [one(source=(SAID,)), one()]) == [(0, 1)]


def test_attributions_without_content_are_left_out_of_joined():
    assert count_joined(TEXT, [one(content=())], [one(content=((14, 15),))]) == PRF(0, 0, 0)
    assert count_joined_exact(TEXT, [one(content=()), one()], [one()]) == PRF(1, 1, 1)
