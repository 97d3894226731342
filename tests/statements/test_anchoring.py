import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.articles.differences import differences
from onrecord.errors import StatementError, UsageError
from onrecord.statements.anchoring import Anchored, AnchorState, Selector, anchor, selector_of
from onrecord.text import Span

STORY = "The ferry waited. “We will not sign before the ice goes,” the mayor of Tarn said, “and nobody can make us.” Her deputy left for Orsk."
WORDS = st.sampled_from(["ice ", "the mayor ", "no ", "“no” ", "e\u0301", "👩‍👩‍👧", "\ud800", "\0", "\n\n", ". ", "Tarn’s ", "30 "])
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map("".join)


def span(text: str, words: str, *, nth: int = 0) -> Span:
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return Span.of(text, at, at + len(words))


def found(old: str, words: str, new: str, *, with_edits: bool = False) -> Anchored:
    return anchor(selector_of(old, [span(old, words)]), new, edits=differences(old, new) if with_edits else None)


@given(st.data(), TEXTS)
def test_words_of_the_same_text_are_anchored_where_they_are(data: st.DataObject, text: str) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    spans = tuple(Span.of(text, a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False))
    for edits in (None, differences(text, text)):
        assert anchor(selector_of(text, spans), text, edits=edits) == Anchored(AnchorState.ANCHORED, spans, 1.0)


@given(data=st.data(), old=TEXTS, new=TEXTS, with_edits=st.booleans())
def test_any_answer_is_true_of_the_text(data: st.DataObject, old: str, new: str, *, with_edits: bool) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(old)), min_size=2, max_size=6)))
    spans = [Span.of(old, a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    answer = anchor(selector_of(old, spans), new, edits=differences(old, new) if with_edits else None)
    assert 0 <= answer.score <= 1
    for row in (answer.spans, *answer.candidates):
        for place in row:
            place.check(new)
        assert len(row) in (0, len(spans))
        assert all(a.end <= b.start for a, b in zip(row, row[1:], strict=False))
    assert bool(answer.spans) == (answer.state in (AnchorState.ANCHORED, AnchorState.MOVED))
    assert (len(answer.candidates) > 1) == (answer.state is AnchorState.AMBIGUOUS)
    same = [(s.start, s.exact) for s in answer.spans] == [(s.start, s.exact) for s in spans]
    assert same == (answer.state is AnchorState.ANCHORED)


@given(st.data(), TEXTS, TEXTS)
def test_words_put_before_move_a_statement_and_the_answer_says_so(data: st.DataObject, before: str, text: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    old = Span.of(text, start, data.draw(st.integers(start + 1, len(text))))
    new = "Zero. " + before + text
    answer = anchor(selector_of(text, [old]), new, edits=differences(text, new))
    if answer.spans:
        assert answer.spans[0].start == old.start or answer.state is AnchorState.MOVED


@given(st.data(), TEXTS)
def test_a_selector_comes_back_from_json(data: st.DataObject, text: str) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    selector = selector_of(text, [Span.of(text, a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)])
    assert Selector.from_json(selector.to_json()) == selector


@pytest.mark.parametrize("with_edits", [False, True])
def test_a_sentence_before_moves_the_words(*, with_edits: bool) -> None:
    answer = found(STORY, "“We will not sign before the ice goes,”", "Snow fell. " + STORY, with_edits=with_edits)
    assert answer == Anchored(AnchorState.MOVED, (span("Snow fell. " + STORY, "“We will not sign before the ice goes,”"),), answer.score)
    assert answer.score > 0.9


def test_other_marks_are_the_same_words_but_said_to_have_moved() -> None:
    new = STORY.replace("“", '"').replace("”", '"').replace("goes,", "goes")
    answer = found(STORY, "“We will not sign before the ice goes,”", new)
    assert (answer.state, answer.spans[0].exact) == (AnchorState.MOVED, '"We will not sign before the ice goes"')
    assert answer.score <= 0.9


def test_words_that_stand_twice_with_nothing_to_tell_are_no_answer() -> None:
    answer = found("He said the ice will go.", "the ice will go", "Snow. Then the ice will go. Rain. Then the ice will go. Hail.")
    assert (answer.state, answer.spans) == (AnchorState.AMBIGUOUS, ())
    assert [row[0].start for row in answer.candidates] == [11, 39]


def test_what_surrounds_the_words_tells_two_places_apart() -> None:
    old = "Orsk said no deal was near. Tarn said no deal was near."
    new = "It snowed. Tarn said no deal was near. Orsk said no deal was near."
    answer = anchor(selector_of(old, [span(old, "no deal was near", nth=1)]), new)
    assert (answer.state, answer.spans) == (AnchorState.MOVED, (span(new, "no deal was near"),))


def test_edits_tell_two_places_apart_that_look_alike() -> None:
    old = "No deal, he said. " * 3
    new = "Snow fell on the harbour. " + old
    second = selector_of(old, [span(old, "No deal", nth=1)])
    assert anchor(second, new, edits=differences(old, new)).spans == (span(new, "No deal", nth=1),)


def test_words_in_pieces_are_found_together() -> None:
    pieces = [span(STORY, "“We will not sign before the ice goes,”"), span(STORY, "“and nobody can make us.”")]
    new = "Snow. " + STORY.replace("the mayor of Tarn said", "Mayor Lind told reporters")
    answer = anchor(selector_of(STORY, pieces), new)
    assert (answer.state, [s.exact for s in answer.spans]) == (AnchorState.MOVED, [p.exact for p in pieces])
    assert anchor(selector_of(STORY, pieces), new.replace("nobody", "no one")).state is AnchorState.GONE


def test_a_short_word_somewhere_else_is_no_place() -> None:
    assert found("The mayor said no to the ferry deal.", "no", "There was no ice in Orsk.").state is AnchorState.GONE
    assert found("The mayor said no to the ferry deal.", "no", "Then the mayor said no to the ferry deal.").state is AnchorState.MOVED


def test_a_word_inside_a_word_is_no_place() -> None:
    assert found("He calls it an ice deal.", "ice deal", "A nice deal, he calls it.").state is AnchorState.GONE


def test_words_that_are_not_there_are_gone() -> None:
    assert found(STORY, "nobody can make us", "The ferry sailed.") == Anchored(AnchorState.GONE, (), 0.0)
    assert anchor(Selector(()), STORY).state is AnchorState.GONE


def test_a_word_that_stands_ten_thousand_times_is_ambiguous_at_once() -> None:
    answer = found("Why the mayor of Tarn will never sign", "the mayor of Tarn", "x the mayor of Tarn " * 10_000)
    assert answer.state is AnchorState.AMBIGUOUS
    assert len(answer.candidates) == 10


def test_a_selector_of_other_words_is_refused() -> None:
    with pytest.raises(StatementError, match="holds"):
        selector_of(STORY, [Span(0, 3, "Two")])


@pytest.mark.parametrize(
    "data", [[[{}]], [[]], ["x"], [None], [[{"type": "TextPositionSelector", "start": 3, "end": 1}, {"type": "TextQuoteSelector", "exact": "x"}]]]
)
def test_json_of_another_kind_is_a_clear_error(data: list) -> None:
    with pytest.raises(UsageError, match="TextQuoteSelector"):
        Selector.from_json(data)
