"""One name, one kind, all through an article."""

from hypothesis import given
from hypothesis import strategies as st

from onrecord.actors.consistent import consistent
from onrecord.actors.names import Name, NameType
from onrecord.text import Span

TEXT = "Paul Deven spoke first. Deven, he said, was tired. Then Deven left for Moscow. The Lantern saw Deven go."


def name(text: str, words: str, kind: NameType, nth: int = 0) -> Name:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Name(Span.of(text, start, start + len(words)), kind)


def test_the_article_votes_and_fills_in() -> None:
    tagged = [
        name(TEXT, "Paul Deven", NameType.PERSON),
        name(TEXT, "Deven", NameType.ORGANIZATION, 1),
        name(TEXT, "Deven", NameType.PERSON, 2),
        name(TEXT, "Moscow", NameType.PERSON),
    ]
    made = consistent(TEXT, tagged, [(0, len(TEXT))])
    assert [(n.span.exact, n.type) for n in made] == [
        ("Paul Deven", NameType.PERSON),
        ("Deven", NameType.PERSON),
        ("Deven", NameType.PERSON),
        ("Moscow", NameType.LOCATION),
        ("Deven", NameType.PERSON),
    ]


def test_an_office_is_no_part_of_the_name() -> None:
    text = "Kremlin aide Ivan Petrov met John Hale MP and Bernard van der Berg."
    tagged = [
        name(text, "Kremlin aide Ivan Petrov", NameType.PERSON),
        name(text, "John Hale MP", NameType.PERSON),
        name(text, "Bernard van der Berg", NameType.PERSON),
    ]
    made = consistent(text, tagged, [(0, len(text))])
    assert [n.span.exact for n in made] == ["Kremlin", "Ivan Petrov", "John Hale", "Bernard van der Berg"]


def test_a_longer_name_is_not_cut_into() -> None:
    text = "Ana Berg sang. The Berg Festival went on."
    assert [n.span.exact for n in consistent(text, [name(text, "Ana Berg", NameType.PERSON)], [(0, len(text))])] == ["Ana Berg"]


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 12), st.sampled_from(NameType)), max_size=6))
def test_any_tags_of_any_text_give_names_that_hold_their_words(text: str, raw: list[tuple[int, int, NameType]]) -> None:
    tagged, at = [], 0
    for start, length, kind in sorted(raw, key=lambda r: r[0]):
        begin, end = max(start, at), min(max(start, at) + length, len(text))
        if begin < end:
            tagged.append(Name(Span.of(text, begin, end), kind))
            at = end
    made = consistent(text, tagged, [(0, len(text))])
    for n in made:
        n.span.check(text)
    assert all(a.span.end <= b.span.start for a, b in zip(made, made[1:], strict=False))
