"""When a holder shifted: the rule, case by case, and what holds whatever the positions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.positions import Stance
from onrecord.positions.shifts import Held, disagree, last_held, settled_days, shifts_of

FIRST = date(2026, 3, 1)
LETTERS = {"s": Stance.SUPPORT, "o": Stance.OPPOSE, "c": Stance.CONDITIONAL, "n": Stance.NEUTRAL}


def held(said: str) -> list[Held]:
    """`s so` is support on the first day, support and oppose on the next."""
    days = said.split(" ")
    return [Held(FIRST + timedelta(days=n), LETTERS[letter], 0.9, n * 10 + m) for n, day in enumerate(days) for m, letter in enumerate(day)]


def told(said: str) -> list[str]:
    return [f"{s.before.stance}>{s.after.stance} {(s.before.day - FIRST).days}-{(s.after.day - FIRST).days}" for s in shifts_of(held(said))]


@pytest.mark.parametrize(
    ("said", "shifts"),
    [
        ("s", []),
        ("s s s", []),
        ("s o", ["support>oppose 0-1"]),
        ("s c s", ["support>conditional 0-1", "conditional>support 1-2"]),
        ("o c", ["oppose>conditional 0-1"]),
        ("s n s", []),
        ("n s", []),
        ("s n o", ["support>oppose 0-2"]),
        ("sn o", ["support>oppose 0-1"]),
        ("s so o", ["support>oppose 0-2"]),
        ("s so s", []),
        ("s sc", []),
        ("so c", []),
        ("s s o o o s", ["support>oppose 1-2", "oppose>support 4-5"]),
    ],
)
def test_the_rule(said: str, shifts: list[str]) -> None:
    assert told(said) == shifts


def test_how_long_each_stance_was_held_is_said() -> None:
    first, second = shifts_of(held("s n s o o o s"))
    assert (first.days_before, first.days_after) == (2, 3)
    assert (second.days_before, second.days_after) == (3, 1)


def test_what_has_a_low_score_does_not_count() -> None:
    some = [*held("s s"), Held(FIRST + timedelta(days=5), Stance.OPPOSE, 0.49, 99)]
    assert shifts_of(some) == ()
    assert [s.after.evidence for s in shifts_of(some, least=0.4)] == [99]


def test_words_that_are_carried_again_are_no_way_back() -> None:
    day = timedelta(days=1)
    some = [
        Held(FIRST, Stance.SUPPORT, 0.9, 1, quotation=7),
        Held(FIRST + day, Stance.OPPOSE, 0.9, 2),
        Held(FIRST + 2 * day, Stance.SUPPORT, 0.9, 3, quotation=7),
        Held(FIRST + 3 * day, Stance.OPPOSE, 0.9, 4),
    ]
    assert [(s.before.evidence, s.after.evidence) for s in shifts_of(some)] == [(1, 2)]
    assert last_held(some[:3]).evidence == 2  # type: ignore[union-attr]
    assert last_held(some[:1]).stance is Stance.SUPPORT  # type: ignore[union-attr]


def test_the_statement_of_the_highest_score_shows_it_and_the_first_of_those() -> None:
    (day,) = settled_days(
        [Held(FIRST, Stance.SUPPORT, 0.7, 1), Held(FIRST, Stance.SUPPORT, 0.9, 3), Held(FIRST, Stance.SUPPORT, 0.9, 2), Held(FIRST, Stance.NEUTRAL, 1.0, 0)]
    )
    assert (day.stance, day.evidence, len(day.held), day.mixed) == (Stance.SUPPORT, 2, 4, False)


def test_where_somebody_stands_last() -> None:
    assert last_held([]) is None
    for said, stance in (
        ("s", Stance.SUPPORT),
        ("s n", Stance.SUPPORT),
        ("n", Stance.NEUTRAL),
        ("s so", None),
        ("s so n", None),
        ("s so c", Stance.CONDITIONAL),
    ):
        found = last_held(held(said))
        assert found is not None
        assert found.stance is stance
        assert found.mixed is (stance is None)


_held = st.lists(
    st.builds(
        Held,
        st.integers(0, 12).map(lambda n: FIRST + timedelta(days=n)),
        st.sampled_from(Stance),
        st.sampled_from([0.2, 0.5, 0.9, 1.0]),
        st.integers(0, 10**6),
        st.none() | st.integers(1, 3),
    ),
    max_size=25,
    unique_by=lambda h: h.evidence,
)


@given(some=_held)
def test_shifts_join_up_and_disagree(some: list[Held]) -> None:
    shifts = shifts_of(some)
    assert shifts == shifts_of(reversed(some))
    for shift in shifts:
        assert disagree(shift.before.stance, shift.after.stance)
        assert shift.before.day < shift.after.day
        assert all(h.score >= 0.5 for h in (*shift.before.held, *shift.after.held))
    for one, other in zip(shifts, shifts[1:], strict=False):
        assert one.after.stance is other.before.stance
        assert one.after.day <= other.before.day
        assert one.days_after == other.days_before
    settled = [d for d in settled_days(some) if d.stance not in (None, Stance.NEUTRAL)]
    changes = sum(1 for one, other in zip(settled, settled[1:], strict=False) if one.stance is not other.stance)
    assert len(shifts) == changes
    if shifts:
        assert shifts[0].before.stance is settled[0].stance
        assert shifts[-1].after.stance is settled[-1].stance


@given(one=st.none() | st.sampled_from(Stance), other=st.none() | st.sampled_from(Stance))
def test_to_disagree_is_mutual(one: Stance | None, other: Stance | None) -> None:
    assert disagree(one, other) is disagree(other, one)
    assert not disagree(one, one)
