import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.actors.actor import ActorType
from onrecord.actors.names import Name, NameType
from onrecord.actors.unnamed import classify, describe_document, describe_unnamed
from onrecord.text import Span

P, B, S, G, D, U = ActorType.PERSON, ActorType.ORGANIZATION, ActorType.STATE, ActorType.GROUP, ActorType.DOCUMENT, ActorType.UNNAMED

TYPES = [
    ("a senior Russian source", U),
    ("Kremlin sources", U),
    ("officials", U),
    ("Indian officials", U),
    ("people familiar with the matter", U),
    ("a diplomat", U),
    ("one resident", U),
    ("three residents", U),
    ("two officials briefed on the talks", U),
    ("a source close to the talks", U),
    ("a spokesman for the ministry", U),
    ("a woman who gave only her first name", U),
    ("another Muslim", U),
    ("several aides", U),
    ("the minister", P),
    ("the foreign minister", P),
    ("his lawyer", P),
    ("Russia's foreign minister", P),
    ("the Foreign Minister", P),
    ("Labour leader Joan Pike", P),
    ("Joan Pike MP", P),
    ("voters", G),
    ("the families of the miners", G),
    ("European leaders", G),
    ("residents of the village", G),
    ("most Argentines", G),
    ("the Russians", G),
    ("some of the women", G),
    ("the ministry", B),
    ("police", B),
    ("the Israeli military", B),
    ("the foreign ministry", B),
    ("the Supreme Court", B),
    ("the company", B),
    ("the party", B),
    ("the Pentagon", B),
    ("NATO", B),
    ("Samsung", B),
    ("the report", D),
    ("a leaked memo", D),
    ("the court filing", D),
    ("a report by the World Bank", D),
    ("the statement", D),
    ("the letter", D),
    ("the documents", D),
    ("Moscow", S),
    ("the Kremlin", S),
    ("the UK", S),
    ("the government of Fiji", S),
    ("the government", S),
]


@pytest.mark.parametrize(("mention", "kind"), TYPES)
def test_type(mention, kind):
    text = mention[0].upper() + mention[1:] + " said no."
    for words in (text, f"No, {mention} said."):
        start = words.lower().index(mention.lower())
        found, reason = classify(words, Span.of(words, start, start + len(mention)))
        assert found is kind, reason
        assert reason


def test_names_decide():
    text = "Le Monde and Jean Valmont’s aides said no."
    names = [Name(Span.of(text, 0, 8), NameType.ORGANIZATION), Name(Span.of(text, 13, 25), NameType.PERSON)]
    assert classify(text, Span.of(text, 0, 8), names=names)[0] is B
    assert classify(text, Span.of(text, 13, 25), names=names)[0] is P
    assert classify(text, Span.of(text, 13, 33), names=names)[0] is U


UNNAMED = [
    (
        "A senior Turkish official, who asked not to be named because the talks are private, said so.",
        "A senior Turkish official",
        ("TR", "one", "because the talks are private"),
    ),
    ("Two officials said so, speaking on condition of anonymity for fear of reprisals.", "Two officials", (None, "2", "for fear of reprisals")),
    ("12 diplomats said so.", "12 diplomats", (None, "12", None)),
    ("Kremlin sources said so.", "Kremlin sources", ("RU", "several", None)),
    ("One aide, who was not authorised to speak publicly, said so.", "One aide", (None, "one", "not authorised to speak publicly")),
    ("A source declined to be named.", "A source", (None, "one", "declined to be named")),
    ("An officer spoke on condition of anonymity.", "An officer", (None, "one", "spoke on condition of anonymity")),
    ("A diplomat from Norway said so.", "A diplomat from Norway", ("NO", "one", None)),
    ("A diplomat in Norway said so.", "A diplomat in Norway", (None, "one", None)),
]


@pytest.mark.parametrize(("text", "mention", "expected"), UNNAMED)
def test_unnamed(text, mention, expected):
    start = text.index(mention)
    found = describe_unnamed(text, Span.of(text, start, start + len(mention)), Span.of(text, 0, len(text)))
    assert found is not None
    assert found.description.exact == mention
    assert (found.country, found.number, found.ground and found.ground.exact) == expected


@pytest.mark.parametrize("mention", ["the minister", "voters", "the report", "Moscow", "the ministry", "Joan Pike"])
def test_others_are_not_unnamed(mention):
    text = f"{mention} said so, speaking on condition of anonymity."
    assert describe_unnamed(text, Span.of(text, 0, len(mention)), Span.of(text, 0, len(text))) is None


PAPERS = [
    ("A report by the World Bank says so.", "A report by the World Bank", ("the World Bank", None, None)),
    ("A leaked memo says so.", "A leaked memo", (None, None, "leaked")),
    ("A memo seen by Reuters says so.", "A memo", (None, None, "seen by Reuters")),
    (
        "A report, written by a thinktank for the security service and obtained by the Daily Post, says so.",
        "A report",
        ("a thinktank", "the security service", "obtained by the Daily Post"),
    ),
    ("The ministry’s letter to parliament says so.", "The ministry’s letter to parliament", ("The ministry", "parliament", None)),
    ("The letter says so.", "The letter", (None, None, None)),
]


@pytest.mark.parametrize(("text", "mention", "expected"), PAPERS)
def test_document(text, mention, expected):
    start = text.index(mention)
    found = describe_document(text, Span.of(text, start, start + len(mention)), Span.of(text, 0, len(text)))
    assert tuple(span and span.exact for span in (found.author, found.recipient, found.obtained)) == expected


WORDS = st.lists(
    st.sampled_from(
        [
            "the",
            "a",
            "two",
            "12",
            "officials",
            "source",
            "who",
            "asked",
            "not",
            "to",
            "be",
            "named",
            "because",
            ",",
            ".",
            "’s",
            "on",
            "condition",
            "of",
            "anonymity",
            "report",
            "by",
            "for",
            "seen",
            "obtained",
            "Reuters",
            "Moscow",
            "Russian",
            "people",
            "some",
            "of",
            "Most",
            "\n",
            "É",
        ]
    ),
    max_size=14,
).map(" ".join)


@settings(max_examples=300)
@given(WORDS | st.text(max_size=40), st.data())
def test_any_span_of_any_text(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first = data.draw(st.integers(0, start))
    last = data.draw(st.integers(end, len(text)))
    mention, sentence = Span.of(text, start, end), Span.of(text, first, last)
    assert classify(text, mention)[1]
    facts = describe_document(text, mention, sentence)
    found = describe_unnamed(text, mention, sentence)
    spans = [facts.author, facts.recipient, facts.obtained]
    if found is not None:
        spans += [found.description, found.country_basis, found.ground]
        assert (found.country is None) == (found.country_basis is None)
        assert found.number
    for span in spans:
        if span is not None:
            span.check(text)
            assert first <= span.start < span.end <= last
