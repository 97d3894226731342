import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.actors.names import Name, NameType
from onrecord.actors.roles import describe, person_name
from onrecord.text import Span


def said(text, mention, *names):
    start = text.index(mention)
    tagged = [Name(Span.of(text, text.index(words), text.index(words) + len(words)), kind) for words, kind in names]
    found = describe(text, Span.of(text, start, start + len(mention)), names=tagged, sentence=Span.of(text, 0, len(text)))
    return found.role and found.role.exact, found.organization and found.organization.exact, found.country, found.country_basis and found.country_basis.exact


P, B, L, N = NameType.PERSON, NameType.ORGANIZATION, NameType.LOCATION, NameType.NATIONALITY

BEFORE = [
    ("Kremlin aide Ivan Orlov said no.", "Kremlin aide Ivan Orlov", ("aide", "Kremlin", "RU", "Kremlin")),
    ("Then foreign ministry spokeswoman Vera Antonova spoke.", "foreign ministry spokeswoman Vera Antonova", ("spokeswoman", "foreign ministry", None, None)),
    (
        "Iran's foreign ministry spokesman Reza Karimi said no.",
        "Iran's foreign ministry spokesman Reza Karimi",
        ("spokesman", "foreign ministry", "IR", "Iran"),
    ),
    ("Labour leader Joan Pike said no.", "Labour leader Joan Pike", ("leader", "Labour", None, None)),
    ("US State Department spokesman Aldo Ferrante said no.", "US State Department spokesman Aldo Ferrante", ("spokesman", "State Department", "US", "US")),
    ("White House press secretary Dana Ruiz said no.", "White House press secretary Dana Ruiz", ("press secretary", "White House", "US", "White House")),
    ("German Chancellor Karl Brandt agreed.", "German Chancellor Karl Brandt", ("Chancellor", None, "DE", "German")),
    ("Former Israeli prime minister Dov Peretz said no.", "Former Israeli prime minister Dov Peretz", ("prime minister", None, "IL", "Israeli")),
    (
        "Russia's deputy foreign minister Sergei Vlasov said no.",
        "Russia's deputy foreign minister Sergei Vlasov",
        ("deputy foreign minister", None, "RU", "Russia"),
    ),
    ("Acting Health Secretary Ann Moor said no.", "Acting Health Secretary Ann Moor", ("Acting Health Secretary", None, None, None)),
    ("Bank of England governor Tess Hale said no.", "Bank of England governor Tess Hale", ("governor", "Bank of England", "GB", "England")),
    ("Police chief Amara Diallo said no.", "Police chief Amara Diallo", ("Police chief", None, None, None)),
    ("Army spokesman Brig. Gen. Musa Bello said no.", "Army spokesman Brig. Gen. Musa Bello", ("spokesman", "Army", None, None)),
    ("Ohio Gov. Pat Lund said no.", "Ohio Gov. Pat Lund", ("Gov.", None, "US", "Ohio")),
    ("Sen. Pat Lund (D-Ore.) said no.", "Sen. Pat Lund (D-Ore.)", ("Sen.", None, "US", "Ore.")),
    ("Dr Ana Sousa said no.", "Dr Ana Sousa", (None, None, None, None)),
    ("Lady Ashdown said no.", "Lady Ashdown", (None, None, None, None)),
]

APPOSED = [
    ("Ana Sousa, the finance minister of Portugal, said no.", "Ana Sousa", ("finance minister", None, "PT", "Portugal")),
    ("The chairman of the committee, Joao Reis, said no.", "Joao Reis", ("chairman", "committee", None, None)),
    ("Mexico's president, Rosa Luna, said no.", "Mexico's president, Rosa Luna", ("president", None, "MX", "Mexico")),
    ("Putin's ambassador to London, Oleg Petrov, said no.", "Putin's ambassador to London, Oleg Petrov", ("ambassador", None, None, None)),
    ("Dr Ana Sousa, who heads the institute, said no.", "Dr Ana Sousa", (None, "institute", None, None)),
    (
        "Hans Weber, a professor of economics at the University of Vienna, said no.",
        "Hans Weber",
        ("professor of economics", "University of Vienna", "AT", "Vienna"),
    ),
    ("Lucie Marchand, a researcher with Amnesty International, said no.", "Lucie Marchand", ("researcher", "Amnesty International", None, None)),
    ("Maria Lopez, chief executive of Acme Steel, said no.", "Maria Lopez", ("chief executive", "Acme Steel", None, None)),
    ("Anna Berg, 34, a nurse, said no.", "Anna Berg", ("nurse", None, None, None)),
    ("Tom Hill MP said no.", "Tom Hill MP", ("MP", None, None, None)),
    ("Pavel Novak, the former Czech envoy to Kenya, said no.", "Pavel Novak", ("former Czech envoy", None, "CZ", "Czech")),
]

ALONE = [
    ("The UK's Defence Secretary said no.", "The UK's Defence Secretary", ("Defence Secretary", None, "GB", "UK")),
    ("The US envoy to Ukraine said no.", "The US envoy to Ukraine", ("envoy", None, "US", "US")),
    ("A spokesman for the interior ministry said no.", "A spokesman for the interior ministry", ("spokesman", "interior ministry", None, None)),
    ("A spokeswoman for Ukraine's general staff said no.", "A spokeswoman for Ukraine's general staff", ("spokeswoman", "general staff", "UA", "Ukraine")),
    ("The mayor of Springfield said no.", "The mayor of Springfield", ("mayor", None, None, None)),
    ("The country's president said no.", "The country's president", ("president", None, None, None)),
    ("Officers in the Malian army said no.", "Officers in the Malian army", ("Officers", "Malian army", "ML", "Malian")),
    ("Kremlin sources said no.", "Kremlin sources", (None, "Kremlin", "RU", "Kremlin")),
    ("A senior Turkish official said no.", "A senior Turkish official", ("official", None, "TR", "Turkish")),
    ("Two people familiar with the matter said no.", "Two people familiar with the matter", (None, None, None, None)),
    ("Syrian rebels said no.", "Syrian rebels", (None, None, "SY", "Syrian")),
    ("Critics said no.", "Critics", (None, None, None, None)),
    ("Moscow said no.", "Moscow", (None, None, "RU", "Moscow")),
    ("He said in Brussels that it rained.", "Brussels", (None, None, "BE", "Brussels")),
    ("A Kremlin-linked thinktank said no.", "A Kremlin-linked thinktank", (None, None, "RU", "Kremlin")),
    ("A memo from Canada's transport ministry said no.", "A memo from Canada's transport ministry", (None, "transport ministry", "CA", "Canada")),
    ("She said no.", "She", (None, None, None, None)),
]


@pytest.mark.parametrize(("text", "mention", "expected"), BEFORE + APPOSED[:-1] + ALONE)
def test_from_shape_alone(text, mention, expected):
    assert said(text, mention) == expected


NOT_THEIRS = [
    ("Ukraine envoy Paul Kern said no.", "Ukraine envoy Paul Kern"),
    ("The ambassador to London said no.", "The ambassador to London"),
    ("A pro-Russian activist said no.", "A pro-Russian activist"),
    ("A Beirut-based analyst said no.", "A Beirut-based analyst"),
    ("Iran-backed fighters said no.", "Iran-backed fighters"),
    ("Kerry Washington said no.", "Kerry Washington"),
    ("Paris Hill said no.", "Paris Hill"),
    ("A European diplomat said no.", "A European diplomat"),
    ("Ines Prado, an adviser on Latin America, said no.", "Ines Prado"),
    ("Ines Prado, a Washington Post reporter, said no.", "Ines Prado"),
    ("Ines Prado, a rival of Brazilian President Rui Costa, said no.", "Ines Prado"),
]


@pytest.mark.parametrize(("text", "mention"), NOT_THEIRS)
def test_country_of_somebody_else_is_not_taken(text, mention):
    assert said(text, mention)[2:] == (None, None)


TAGGED = [
    ("Nato Secretary General Lars Holm said no.", "Lars Holm", [("Nato", B), ("Lars Holm", P)], ("Secretary General", "Nato", None, None)),
    (
        "Maria Lopez, Acme Steel's chief executive, said no.",
        "Maria Lopez",
        [("Maria Lopez", P), ("Acme Steel", B)],
        ("chief executive", "Acme Steel", None, None),
    ),
    (
        "Zoran's chief of staff, Ivo Babic, said no.",
        "Zoran's chief of staff, Ivo Babic",
        [("Zoran", P), ("Ivo Babic", P)],
        ("chief of staff", None, None, None),
    ),
    ("Patricia Moran of Cheyenne said no.", "Patricia Moran of Cheyenne", [("Patricia Moran", P), ("Cheyenne", L)], (None, None, None, None)),
    ("Jordan Peters said no.", "Jordan Peters", [("Jordan Peters", P)], (None, None, None, None)),
    ("Traditional owner Bob Wirra said no.", "Bob Wirra", [("Bob Wirra", P)], ("Traditional owner", None, None, None)),
    ("He accused Gen Somchai of lying, and Somchai said no.", "Gen Somchai", [("Somchai", P)], ("Gen", None, None, None)),
    ("Sunni leader Omar Said said no.", "Sunni leader Omar Said", [("Sunni", N), ("Omar Said", P)], ("leader", None, None, None)),
]


@pytest.mark.parametrize(("text", "mention", "names", "expected"), TAGGED)
def test_with_names(text, mention, names, expected):
    assert said(text, mention, *names) == expected


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("Labour leader Joan Pike", "Joan Pike"),
        ("John Healey MP", "John Healey"),
        ("European Commission President Ursula von der Leyen", "Ursula von der Leyen"),
        ("the Supreme Court", None),
        ("the prime minister", None),
        ("Prime Minister", None),
        ("Danes", None),
    ],
)
def test_person_name(mention, name):
    found = person_name(mention, Span.of(mention, 0, len(mention)))
    assert (found and found.exact) == name


WORDS = st.lists(
    st.sampled_from(
        [
            "the",
            "a",
            "of",
            "for",
            "at",
            "to",
            "in",
            ",",
            ".",
            "'",
            "’s",
            "'s",
            "and",
            "Kremlin",
            "Moscow",
            "US",
            "Russian",
            "minister",
            "Secretary",
            "General",
            "Putin’s",
            "Ana",
            "Sousa",
            "MP",
            "(R-Ky.)",
            "who",
            "heads",
            "“",
            "”",
            "official",
            "people",
            "two",
            "Dr",
            "-",
            "12,",
            "É́",
            "\n",
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
    tagged = []
    for kind in data.draw(st.lists(st.sampled_from(list(NameType)), max_size=3)):
        at = data.draw(st.integers(0, len(text) - 1))
        tagged.append(Name(Span.of(text, at, data.draw(st.integers(at + 1, len(text)))), kind))
    found = describe(text, Span.of(text, start, end), names=tagged, sentence=Span.of(text, first, last))
    for span in (found.role, found.organization, found.country_basis):
        if span is not None:
            span.check(text)
            assert first <= span.start < span.end <= last
    assert (found.country is None) == (found.country_basis is None)
    person_name(text, Span.of(text, start, end), names=tagged)


def test_mention_outside_its_sentence_says_nothing():
    text = "Kremlin aide Ivan Orlov said no. It rained."
    found = describe(text, Span.of(text, 0, 23), sentence=Span.of(text, 33, 43))
    assert found.role is found.organization is found.country is None
