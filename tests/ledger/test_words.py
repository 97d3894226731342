"""What a user types is taken apart here, and becomes a question that both databases understand."""

import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.ledger.hits import marked
from onrecord.ledger.words import MOST_WORDS, Phrase, Terms, folded, for_fts5, for_tsquery, parse, tokens, word_spans

ANY = st.text(alphabet=st.characters(codec=None, categories=None), max_size=80)
#: Pieces that mean something to one of the databases, or to us.
SIGNS = [
    '"',
    "-",
    "*",
    "OR",
    "AND",
    "NOT",
    "NEAR",
    "NEAR(a b, 3)",
    ":",
    "^",
    "(",
    ")",
    "'",
    "\\",
    "&",
    "|",
    "!",
    "<->",
    "<2>",
    ":*",
    "{",
    "}",
    "content :",
    "+",
    "😀",
    "天气",
    "\0",
    "\ud800",
    "\uf8ff",
    "é",
    "ceasefire",
    "talks",
    " ",
]
TYPED = st.one_of(ANY, st.lists(st.one_of(st.sampled_from(SIGNS), ANY), max_size=12).map("".join), st.lists(st.sampled_from(SIGNS), max_size=12).map(" ".join))


def all_of(query: str) -> list[list[tuple[str, ...]]]:
    return [[p.words for p in group] for group in parse(query).all]


@pytest.mark.parametrize(
    ("query", "all_", "none"),
    [
        ("ceasefire talks", [[("ceasefire",)], [("talks",)]], []),
        ('"prisoner exchange" now', [[("prisoner", "exchange")], [("now",)]], []),
        ("ceasefire OR truce talks", [[("ceasefire",), ("truce",)], [("talks",)]], []),
        ("a OR b OR c", [[("a",), ("b",), ("c",)]], []),
        ("ceasefire -gaza", [[("ceasefire",)]], [("gaza",)]),
        ('ceasefire -"gaza strip"', [[("ceasefire",)]], [("gaza", "strip")]),
        ("ceasefire -gaza -rafah", [[("ceasefire",)]], [("gaza",), ("rafah",)]),
        ('"never closed', [[("never", "closed")]], []),
        ('never" closed', [[("never",)], [("closed",)]], []),
        ("OR ceasefire OR", [[("ceasefire",)]], []),
        ("a OR OR b", [[("a",), ("b",)]], []),
        ("a OR -b c", [[("a",)], [("c",)]], [("b",)]),
        ("NEAR(a b)", [[("near", "a")], [("b",)]], []),
        ("this AND that NOT those", [[("this",)], [("and",)], [("that",)], [("not",)], [("those",)]], []),
        ("content:cease", [[("content", "cease")]], []),
        ("a&b|c!d<->e", [[("a", "b", "c", "d", "e")]], []),
        ("O'Brien", [[("o", "brien")]], []),
        ("cease-fire", [[("cease", "fire")]], []),
        ("ZELENSKYY Çelik", [[("zelenskyy",)], [("çelik",)]], []),
        ("e\u0301te\u0301", [[("été",)]], []),
        ("天气 🌧", [[("天气",)]], []),
        ("", [], []),
        (" \n\t", [], []),
    ],
)
def test_a_query_is_taken_apart(query: str, all_: list[list[tuple[str, ...]]], none: list[tuple[str, ...]]) -> None:
    found = parse(query)
    assert all_of(query) == all_
    assert [p.words for p in found.none] == none
    assert bool(found) == bool(all_)


@pytest.mark.parametrize(
    ("query", "prefix"), [("cease*", True), ("cease", False), ('"cease fi"*', True), ('"cease fi*"', False), ("c*ase", False), ("*cease", False)]
)
def test_a_star_at_the_end_lets_a_word_go_on(query: str, prefix: bool) -> None:  # noqa: FBT001 - a table of examples
    assert parse(query).all[0][0].prefix is prefix


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("-gaza", "what is not there"),
        ('""', "no words"),
        ("OR", "no words"),
        ("- -- * ^ ( ) ' \\ 😀", "no words"),
        ("\u0301", "no words"),
        ("\0\ud800", "no words"),
        ('-"gaza strip" -rafah', "what is not there"),
        (" ".join(f"w{n}" for n in range(MOST_WORDS + 1)), f"more than {MOST_WORDS} words"),
        ("a " + " ".join(f"-w{n}" for n in range(MOST_WORDS)), f"more than {MOST_WORDS} words"),
        ("x" * 5000, "a word of more than"),
        ("天" * 3000, "a word of more than"),
    ],
)
def test_what_cannot_be_looked_for_is_one_clear_error(query: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as raised:
        parse(query)
    assert raised.value.hint
    assert len(str(raised.value)) < 300


@given(TYPED)
def test_anything_is_terms_or_one_usage_error(query: str) -> None:
    try:
        found = parse(query)
    except UsageError:
        return
    for phrase in [*(p for group in found.all for p in group), *found.none]:
        assert phrase.words
        for spelling in phrase.spellings:
            assert len(spelling) == len(phrase.words)
            for word in spelling:
                assert word
                word.encode()
                assert not set(word) & set("\"'\\\0&|!():*<> \t\n-^{}+")


@given(TYPED)
def test_anything_is_a_question_that_fts5_answers(query: str) -> None:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE f USING fts5(content)")
        connection.execute("INSERT INTO f VALUES ('the ceasefire talks')")
        terms = parse(query)
        if terms:
            connection.execute("SELECT rowid FROM f WHERE f MATCH ?", (for_fts5(terms, "content"),)).fetchall()
    except UsageError:
        pass
    finally:
        connection.close()


def test_the_forms_of_the_databases() -> None:
    terms = Terms(((Phrase(("cease", "fi"), prefix=True), Phrase(("été",))),), (Phrase(("gaza",)),))
    assert for_fts5(terms, "content") == '{content} : ((("cease fi"* OR "été" OR "ete")) NOT ("gaza"))'
    assert for_tsquery(terms) == "(('cease' <-> 'fi':*) | ('été') | ('ete')) & !(('gaza'))"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Zoë", "zoe"),
        ("Wałęsa", "walesa"),
        ("ÅNGSTRÖM", "angstrom"),
        ("Straße", "strasse"),
        ("한국", "한국"),
        ("Зеленский", "зеленскии"),
        ("İstanbul", "istanbul"),
        ("Đinđić", "dindic"),
        ("", ""),
    ],
)
def test_case_and_accents_are_folded(text: str, bare: str) -> None:
    assert folded(text) == bare


@given(ANY)
def test_folding_twice_is_folding_once_and_composed_text_is_as_loose_text(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))


@given(ANY)
def test_words_are_where_they_are_said_to_be(text: str) -> None:
    spans = word_spans(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in zip(spans, spans[1:], strict=False))
    covered = {n for a, b in spans for n in range(a, b)}
    assert {n for n, c in enumerate(text) if c.isalnum()} <= covered
    assert tokens(text) == [folded(text[a:b]) for a, b in spans]


def test_found_words_are_marked_without_regard_to_case_and_accents() -> None:
    text = "Zoë said: the CEASE-FIRE holds; a ceasefire, e\u0301te\u0301"
    shown = marked(text, parse('zoe "cease fire" cea* ete'))
    assert shown.text == text
    assert [text[a:b] for a, b in shown.places] == ["Zoë", "CEASE", "CEASE-FIRE", "ceasefire", "e\u0301te\u0301"]


@given(st.text(alphabet="ab é\u0301“”.-한й", max_size=400), st.sampled_from(["a", "b*", '"a b"', "é", "й", "한", ""]), st.integers(1, 100))
def test_marks_lie_in_the_text_that_is_shown(text: str, query: str, longest: int) -> None:
    terms = parse(query)
    shown = marked(text, terms, longest=longest)
    assert len(shown.text) <= longest + 2
    assert shown.text.strip("…") in text
    for a, b in shown.places:
        assert 0 <= a < b <= len(shown.text)
        assert "…" not in shown.text[a:b]
