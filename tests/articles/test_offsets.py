"""Any characters give an article whose spans hold what they say."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onrecord.articles import Article, read_article
from onrecord.errors import ArticleError
from onrecord.sources.document import Document

TROUBLE = st.sampled_from(
    [
        "\r\n",
        "\n\n",
        "\0",
        "é",
        "e\u0301",
        "👩‍👩‍👧",
        "\u2028",
        "\ufeff",
        "<p>",
        "</p>",
        "<figcaption>",
        "&amp;",
        "“",
        "'",
        "<br>",
        "---\n",
        "# ",
        "By Ann Lee",
        "\x85",
        "\u200b",
        " ",
        "{",
    ]
)
TEXTS = st.lists(st.one_of(TROUBLE, st.text(max_size=20)), max_size=30).map("".join)


def article(text: str, media: str) -> Article:
    return read_article(Document(text.encode("utf-8", "surrogatepass"), "<text>", media_type=media, charset="utf-8"))


def assert_whole(made: Article) -> None:
    text, at = made.revision.text, 0
    for p in made.revision.paragraphs:
        assert at <= p.start < p.end <= len(text)
        assert text[p.start : p.end].strip() == text[p.start : p.end]
        at = p.end


@given(TEXTS)
@example("She said no.\r\nHe said yes.\0")
@example("a" * 200_000)
def test_plain_text_keeps_every_character(text: str) -> None:
    made = article(text, "text/plain")
    if not text.lstrip("\ufeff \t\r\n").lower().startswith(("<html", "<!doctype html")):
        assert made.revision.text == text
    assert_whole(made)


@given(TEXTS)
def test_plain_text_leaves_no_word_outside_its_paragraphs(text: str) -> None:
    made = article("x " + text, "text/plain")
    covered = "".join(made.revision.text[p.start : p.end] for p in made.revision.paragraphs)
    assert [c for c in covered if c.isalnum()] == [c for c in made.revision.text if c.isalnum()]


@given(TEXTS)
def test_markdown_keeps_every_character(text: str) -> None:
    made = article(text, "text/markdown")
    assert made.revision.text == text
    assert_whole(made)


@pytest.mark.parametrize(("name", "text"), [("a.txt", "\ufeffBy Ann Lee\n\nShe said no."), ("a.md", "\ufeff# Ice\n\nShe said no.")])
def test_a_byte_order_mark_stays_outside_the_paragraphs(name: str, text: str) -> None:
    media = {"a.txt": "text/plain", "a.md": "text/markdown"}[name]
    made = read_article(Document(text.encode(), name, media_type=media))
    assert made.revision.text == text
    assert [p.kind for p in made.revision.paragraphs] == ["byline" if name == "a.txt" else "headline", "body"]
    assert not made.revision.of_kind("byline", "headline")[0].exact.startswith("\ufeff")


@given(TEXTS)
def test_any_html_gives_an_article(text: str) -> None:
    assert_whole(article(text, "text/html"))


@given(st.binary(max_size=400))
def test_any_bytes_give_an_article_or_one_clear_error(data: bytes) -> None:
    try:
        made = read_article(Document(data, "some.bin"))
    except ArticleError as error:
        assert "some.bin" in str(error)
        assert error.hint
    else:
        assert_whole(made)


@pytest.mark.parametrize("media", ["text/plain", "text/html", "text/markdown"])
def test_one_endless_line(media: str) -> None:
    assert_whole(article("word " * 40_000, media))


def test_five_megabytes_of_text() -> None:
    text = "The minister said that nothing would change.\n\n" * 110_000
    made = article(text, "text/plain")
    assert made.revision.text == text
    assert len(made.revision.paragraphs) == 110_000


def test_deeply_nested_html() -> None:
    made = article("<div>" * 5000 + "<p>The minister said no.</p>", "text/html")
    assert_whole(made)
