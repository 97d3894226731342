from __future__ import annotations

from contextlib import suppress

import pytest
from gold_strategies import nested_articles
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import OnrecordError, UsageError
from onrecord.scoring.gold import GoldArticle, format_marked, parse_marked
from onrecord.scoring.spans import Attributed

HEAD = "id: lighthouse\noutlet: The Velden Courier\n---\n"


def words(article, spans):
    return [article.text[s:e] for s, e in spans]


def test_marks_become_offsets_into_the_plain_text():
    article = parse_marked(HEAD + "⟦s1 The harbour master⟧ ⟦c1 said⟧ ⟦q1 the lamp was out⟧.\n")
    assert article.id == article.story == "lighthouse"
    assert article.metadata == (("id", "lighthouse"), ("outlet", "The Velden Courier"))
    assert article.text == "The harbour master said the lamp was out.\n"
    (one,) = article.attributions
    assert words(article, one.source + one.cue + one.content) == ["The harbour master", "said", "the lamp was out"]


def test_shared_discontinuous_and_nested_marks():
    article = parse_marked(HEAD + "⟦q1 “Go,”⟧ ⟦s1,s2 she⟧ ⟦c1 said⟧, ⟦q1 “⟦q2 they ⟦c2 want⟧ it⟧”⟧")
    first, second = article.attributions
    assert words(article, first.content) == ["“Go,”", "“they want it”"]
    assert words(article, second.content) == ["they want it"]
    assert first.source == second.source
    assert words(article, second.cue) == ["want"]


@given(nested_articles())
def test_marked_and_back(article):
    again = parse_marked(format_marked(article))
    assert again == article
    assert format_marked(again) == format_marked(article)


def test_line_ends_and_final_line_are_kept():
    for body in ("a\r\nb\rc\n\n", "", "\n", "no end"):
        assert parse_marked("---\n" + body).text == body
    assert parse_marked("id: x\r\n---\r\ntext").text == "text"


@pytest.mark.parametrize(
    ("body", "line", "part"),
    [
        ("fine\n⟦s1 open", 5, "never closed"),
        ("a ⟧ b", 4, "closes nothing"),
        ("\n\n⟦x1 he⟧", 6, "does not open a mark"),
        ("⟦s1he⟧", 4, "does not open a mark"),
        ("⟦s0 he⟧", 4, "does not open a mark"),
        ("⟦s1 ⟧", 4, "holds no words"),
        ("⟦q1 it⟧\n⟦s2 he⟧", 5, "attribution 2 has no content"),
        ("⟦q1 a ⟦q1 b⟧⟧", 4, "q1 is marked twice"),
        ("⟦q1,q1 a⟧", 4, "q1 is marked twice"),
    ],
)
def test_a_bad_mark_is_named_with_its_line(body, line, part):
    with pytest.raises(UsageError, match=part) as caught:
        parse_marked(HEAD + body, name="x.gold")
    assert caught.value.item == f"x.gold, line {line}"
    assert caught.value.hint


@pytest.mark.parametrize(("marked", "part"), [("", "no line `---`"), ("just text", "not a header line"), ("id: a\nid: b\n---\n", "twice")])
def test_a_bad_header_is_named(marked, part):
    with pytest.raises(UsageError, match=part):
        parse_marked(marked)


@given(st.text(st.sampled_from("⟦⟧sqc12, \na-:")))
def test_any_text_gives_an_article_or_one_clear_error(body):
    with suppress(OnrecordError):
        article = parse_marked(body)
        assert all(article.text[s:e] for role in ("source", "cue", "content") for s, e in article.spans(role))


def test_what_marks_cannot_show_is_refused():
    crossing = GoldArticle("a", "abcdef", (Attributed(content=((0, 4),)), Attributed(content=((2, 6),))))
    with pytest.raises(UsageError, match="cross"):
        format_marked(crossing)
    with pytest.raises(UsageError, match="holds ⟦ at 1"):
        format_marked(GoldArticle("a", "a⟦", ()))
