"""Congruence and conflict, by an example worked by hand.

          pier         ferry          levy           tunnel
a         support      support        oppose
b         support      oppose         oppose
c         oppose       conditional                   support
d                      conditional                   neutral
"""

import pytest

from onrecord.positions import Stance
from onrecord.positions.congruence import Norm, Tie, Took, ties_between

S, O, C, N = Stance.SUPPORT, Stance.OPPOSE, Stance.CONDITIONAL, Stance.NEUTRAL  # noqa: E741 - as in the table above
ROWS = [
    Took("a", "pier", S, 4), Took("a", "ferry", S), Took("a", "levy", O),
    Took("b", "pier", S), Took("b", "ferry", O), Took("b", "levy", O),
    Took("c", "pier", O), Took("c", "ferry", C), Took("c", "tunnel", S),
    Took("d", "ferry", C), Took("d", "tunnel", N),
]  # fmt: skip


def weights(norm: Norm) -> dict[tuple[str, str, str], float]:
    return {(p.one, p.other, str(p.tie)): p.weight for p in ties_between(ROWS, norm=norm)}


@pytest.mark.parametrize(
    ("norm", "expected"),
    [
        # a and b agree on two of three, and differ on the ferry; c and d agree on the ferry; c is against both of them on the pier.
        (Norm.COUNT, [2, 1, 1, 1, 1]),
        (Norm.ACTIVITY, [2 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 2]),
        # c and a share pier and ferry of four issues; c and d one of three.
        (Norm.JACCARD, [2 / 3, 1 / 3, 1 / 4, 1 / 4, 1 / 3]),
        (Norm.COSINE, [2 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3**0.5]),
    ],
)
def test_the_numbers_are_those_worked_by_hand(norm: Norm, expected: list[float]) -> None:
    pairs = [("a", "b", "congruence"), ("a", "b", "conflict"), ("a", "c", "conflict"), ("b", "c", "conflict"), ("c", "d", "congruence")]
    assert weights(norm) == pytest.approx(dict(zip(pairs, expected, strict=True)))


def test_whoever_took_both_sides_is_congruent_and_in_conflict() -> None:
    found = ties_between([Took("a", "pier", S), Took("a", "pier", O), Took("b", "pier", S), Took("b", "pier", O)])
    assert [(p.tie, p.issues) for p in found] == [(Tie.CONGRUENCE, 1), (Tie.CONFLICT, 1)]


def test_light_ties_are_left_out_and_nothing_gives_nothing() -> None:
    assert [(p.one, p.other, p.issues, p.shared) for p in ties_between(ROWS, least=2)] == [("a", "b", 2, 3)]
    assert ties_between([]) == []
    assert ties_between([Took("a", "pier", N), Took("b", "pier", N)]) == []
