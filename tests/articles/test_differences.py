import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.articles.differences import QUOTE, Edit, EditKind, differences, folded_words, is_trivial, moved, moved_span

WORDS = st.sampled_from(["the", "ferry", "ice", "mayor", ".", ",", " ", "  ", "\n\n", "“", "”", "e\u0301", "👩‍👩‍👧", "\ud800", "30", "\0", "’", "-"])
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=40).map("".join), st.lists(WORDS, max_size=40).map(" ".join))


def shown(old: str, new: str) -> list[tuple[str, str, str]]:
    return [(str(e.kind), old[e.old_start : e.old_end], new[e.new_start : e.new_end]) for e in differences(old, new)]


def rebuilt(edits: tuple[Edit, ...], old: str, new: str) -> str:
    return "".join(old[e.old_start : e.old_end] if e.kind is EditKind.EQUAL else new[e.new_start : e.new_end] for e in edits)


@given(TEXTS, TEXTS)
def test_edits_cover_both_texts_and_rebuild_the_new_one(old: str, new: str) -> None:
    edits = differences(old, new)
    assert rebuilt(edits, old, new) == new
    assert [0, 0, *(x for e in edits for x in (e.old_end, e.new_end))][:-2] == [x for e in edits for x in (e.old_start, e.new_start)]
    assert not edits or (edits[-1].old_end, edits[-1].new_end) == (len(old), len(new))
    for edit in edits:
        sizes = (edit.old_end > edit.old_start, edit.new_end > edit.new_start)
        expected = {
            EditKind.EQUAL: (True, True),
            EditKind.INSERT: (False, True),
            EditKind.DELETE: (True, False),
            EditKind.REPLACE: (True, True),
        }
        assert sizes == expected[edit.kind]
    assert all((a.kind is EditKind.EQUAL) != (b.kind is EditKind.EQUAL) for a, b in zip(edits, edits[1:], strict=False))


@given(TEXTS, TEXTS)
def test_a_character_that_moved_is_the_same_character(old: str, new: str) -> None:
    edits = differences(old, new)
    for position in range(len(old)):
        at = moved(edits, position)
        assert at is None or new[at] == old[position]
    places = [at for position in range(len(old)) if (at := moved(edits, position)) is not None]
    assert places == sorted(set(places))


@given(st.lists(st.sampled_from(["ice", "mayor", "the", "signs"]), max_size=30), st.integers(0, 30), st.lists(st.sampled_from(["ice", "boat"]), max_size=5))
def test_words_put_in_move_what_stands_behind_them(words: list[str], at: int, put: list[str]) -> None:
    old, new = " ".join(words), " ".join([*words[:at], *put, *words[at:]])
    assert sum(e.old_end - e.old_start for e in differences(old, new) if e.kind is EditKind.EQUAL) >= len(old) // 2


def test_words_are_compared_whole() -> None:
    assert shown("He said no to the ferry.", "He said nothing of the ferry.") == [
        ("equal", "He said ", "He said "),
        ("replace", "no to", "nothing of"),
        ("equal", " the ferry.", " the ferry."),
    ]


def test_white_space_is_an_edit_of_its_own() -> None:
    assert shown("One.\n\nTwo.", "One.\nTwo.") == [("equal", "One.\n", "One.\n"), ("delete", "\n", ""), ("equal", "Two.", "Two.")]


def test_words_that_agree_by_chance_are_replaced_with_their_neighbours() -> None:
    old, new = "The ministers met in the harbour and talks failed at once. The end.", "A quarrel over the price of fish broke out in Tarn. The end."
    assert [kind for kind, _, _ in shown(old, new)] == ["replace", "equal"]


def test_an_offset_at_the_end_of_the_text_stays_at_the_end() -> None:
    edits = differences("One. Two.", "Zero. One. Two.")
    assert (moved(edits, 0), moved(edits, 9), moved(edits, 99), moved(edits, -1)) == (6, 15, None, None)
    assert moved_span(edits, 5, 9) == (11, 15)
    assert moved_span(differences("One. Two.", "One."), 5, 9) is None
    assert moved(differences("", ""), 0) is None


TRIVIAL = [
    ("He said “no”.", "He said 'no'"),
    ("He said ``no''.", "He said «no»."),
    ("One.\n\nTwo.", "One. Two."),
    ("NAVY SAYS NO", "Navy says no"),
    ("cafe\u0301", "café"),
    ("It’s the boats’ ice", "It's the boats' ice"),
    ("1,000 men", "1000 men"),
    ("Updated 3 hours ago\nNo.", "Last updated: 12 March 2026, 14:05 GMT\nNo."),
    ("No.\n2026-03-04T10:00:00Z", "No."),
    ("the ne\u00adgo\u200btiator", "the negotiator"),
    ("", " \n"),
    ("ﬁsh", "fish"),
    ("the U.S. navy", "the US navy"),
]
TELLING = [
    ("He said “no”.", "He said no."),
    ("5.5 percent", "55 percent"),
    ("-5 degrees", "5 degrees"),
    ("£5", "$5"),
    ("10²", "102"),
    ("1½", "112"),
    ("5%", "5"),
    ("He will not.", "He will."),
    ("March 12\nNo.", "March 13\nNo."),
    ("It was May.", "It was."),
    ("", "No."),
]


@pytest.mark.parametrize(("old", "new"), TRIVIAL)
def test_a_change_of_form_is_trivial(old: str, new: str) -> None:
    assert is_trivial(old, new)
    assert is_trivial(new, old)


@pytest.mark.parametrize(("old", "new"), TELLING)
def test_a_change_of_words_numbers_or_what_is_quoted_is_not_trivial(old: str, new: str) -> None:
    assert not is_trivial(old, new)
    assert not is_trivial(new, old)


@given(TEXTS)
def test_folded_words_stand_where_they_say(text: str) -> None:
    words = folded_words(text)
    assert all(a.end <= b.start for a, b in zip(words, words[1:], strict=False))
    assert all(0 <= w.start < w.end <= len(text) and w.folded for w in words)
    assert is_trivial(text, text.replace(" ", "  "))


def test_quotation_marks_fold_to_one() -> None:
    assert [w.folded for w in folded_words("‘Don’t,’ he (said) – 5.5%")] == [QUOTE, "dont", QUOTE, "he", "said", "5.5", "%"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([f"w{n % 4999} ice" for n in range(15_000)], [f"w{n % 4999} ice" if n % 31 else "boat" for n in range(15_000)]),
        (["a", "b"] * 15_000, ["b", "a", "a"] * 10_000),
        ([f"w{n}" for n in range(30_000)], [f"v{n}" for n in range(30_000)]),
    ],
    ids=["edited", "the same two words over and over", "nothing in common"],
)
def test_thirty_thousand_words_take_seconds(old: list[str], new: list[str]) -> None:
    one, other = " ".join(old), " ".join(new)
    began = time.process_time()
    edits = differences(one, other)
    assert time.process_time() - began < 20
    assert rebuilt(edits, one, other) == other
