import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.actors.countries import find_countries, is_adjective, lookup, stands_for_government, state_name
from onrecord.text import Span

NAMED = [
    ("Russia", "RU", "name"),
    ("the UK", "GB", "name"),
    ("U.K.", "GB", "name"),
    ("US", "US", "name"),
    ("the U.S.", "US", "name"),
    ("UAE", "AE", "name"),
    ("DRC", "CD", "name"),
    ("the EU", "EU", "name"),
    ("Côte d’Ivoire", "CI", "name"),
    ("Ivory Coast", "CI", "name"),
    ("Türkiye", "TR", "name"),
    ("Burma", "MM", "name"),
    ("Scotland", "GB", "name"),
    ("Russians", "RU", "demonym"),
    ("Frenchmen", "FR", "demonym"),
    ("Frenchwoman", "FR", "demonym"),
    ("Danes", "DK", "demonym"),
    ("Britons", "GB", "demonym"),
    ("South Koreans", "KR", "demonym"),
    ("Saudi", "SA", "demonym"),
    ("Kazakh", "KZ", "demonym"),
    ("Nigerian", "NG", "demonym"),
    ("Nigerien", "NE", "demonym"),
    ("Moscow", "RU", "capital"),
    ("MOSCOW", "RU", "capital"),
    ("Kyiv", "UA", "capital"),
    ("Kiev", "UA", "capital"),
    ("Peking", "CN", "capital"),
    ("Sana’a", "YE", "capital"),
    ("The Hague", "NL", "capital"),
    ("Brussels", "EU", "capital"),
    ("the Kremlin", "RU", "seat"),
    ("the Élysée", "FR", "seat"),
    ("Downing Street", "GB", "seat"),
    ("the White House", "US", "seat"),
    ("the Knesset", "IL", "body"),
    ("the Pentagon", "US", "body"),
    ("Texas", "US", "region"),
    ("Tasmania", "AU", "region"),
]


@pytest.mark.parametrize(("phrase", "code", "kind"), NAMED)
def test_phrase_names_a_state(phrase, code, kind):
    country = lookup(phrase)
    assert country is not None
    assert (country.code, country.kind) == (code, kind)


@pytest.mark.parametrize(
    "phrase",
    ["us", "turkey", "china", "polish", "it", "", "the", "Congolese", "Hindu", "European", "Springfield", "Paris Hilton", "The moscow", "Latin America"],
)
def test_phrase_names_none(phrase):
    assert lookup(phrase) is None


@pytest.mark.parametrize("name", ["Georgia", "Jordan", "Chad", "Turkey", "Paris", "Washington", "Brussels", "London"])
def test_names_of_something_else_are_marked(name):
    assert lookup(name).ambiguous


@pytest.mark.parametrize("name", ["Russia", "Kyiv", "Moscow", "Ukraine", "Kremlin", "Germany", "Russian"])
def test_other_names_are_not_marked(name):
    assert not lookup(name).ambiguous


def test_place_and_government_may_be_of_two_states():
    assert lookup("Brussels").located == "BE"
    assert lookup("Moscow").located is None


def test_longest_match_without_possessive_or_article():
    text = "South Korea’s envoy and Guinea-Bissau's minister met in the White House, not in Papua New Guinea."
    assert [(s.exact, c.code) for s, c in find_countries(text, 0, len(text))] == [
        ("South Korea", "KR"),
        ("Guinea-Bissau", "GW"),
        ("White House", "US"),
        ("Papua New Guinea", "PG"),
    ]


def test_only_inside_the_range():
    text = "France, Spain and Italy"
    assert [s.exact for s, _ in find_countries(text, 8, 13)] == ["Spain"]


def test_decomposed_letters_keep_their_offsets():
    text = "The E\u0301lyse\u0301e denied it."
    ((span, country),) = find_countries(text, 0, len(text))
    assert country.code == "FR"
    span.check(text)
    assert span.exact == "E\u0301lyse\u0301e"


def test_state_name():
    assert state_name("RU") == "Russia"
    assert state_name("EU") == "European Union"
    assert state_name("ZZ") is None
    assert is_adjective("European")
    assert not is_adjective("Labour")


USES = [
    ("Moscow said it would answer.", "Moscow", "actor"),
    ("Talks between Kyiv and Moscow broke down.", "Kyiv", "actor"),
    ("Talks between Kyiv and Moscow broke down.", "Moscow", "actor"),
    ("Washington's proposal was short.", "Washington", "actor"),
    ("According to Warsaw, the drone fell in a field.", "Warsaw", "actor"),
    ("Paris and Berlin have agreed.", "Paris", "actor"),
    ("A deal with Tehran is near.", "Tehran", "actor"),
    ("The Kremlin denies that.", "Kremlin", "actor"),
    ("Moscow-backed fighters left.", "Moscow", "actor"),
    ("The delegation landed in Moscow.", "Moscow", "place"),
    ("They flew to Moscow on Friday.", "Moscow", "place"),
    ("In the Moscow suburb of Khimki, nobody slept.", "Moscow", "place"),
    ("Moscow's streets were empty.", "Moscow", "place"),
    ("A Moscow-based analyst disagreed.", "Moscow", "place"),
    ("She was born in Paris.", "Paris", "place"),
    ("Crowds outside the White House sang.", "White House", "place"),
    ("Moscow.", "Moscow", "unclear"),
    ("The Russian left.", "Russian", "unclear"),
]


@pytest.mark.parametrize(("text", "words", "use"), USES)
def test_actor_or_place(text, words, use):
    start = text.index(words)
    found = stands_for_government(text, Span.of(text, start, start + len(words)))
    assert found.use == use, found.reason
    assert found.reason


@given(st.text(alphabet=st.sampled_from("UKusMoscwRiané .'’-\u0301,")) | st.text(), st.integers(-3, 40), st.integers(-3, 60))
def test_any_text(text, start, end):
    for span, country in find_countries(text, start, end):
        span.check(text)
        assert max(start, 0) <= span.start < span.end <= min(end, len(text))
        assert len(country.code) == 2
        assert stands_for_government(text, span).use in {"actor", "place", "unclear"}
    lookup(text)
