from pathlib import Path

import pytest

from onrecord.articles import Article, Condition, Kind, read_article, read_articles
from onrecord.errors import ArticleError
from onrecord.sources.document import Document

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"
PARAGRAPHS = "".join(
    f"<p>The harbour master of Tarn, speaking for the {n}th time this week, said that the northern pier would stay closed until the ice had gone.</p>"
    for n in range(4, 9)
)


def page(body: str, head: str = "", **more: str) -> Article:
    html = f"<!doctype html><html lang='en'><head><title>Pier stays closed</title>{head}</head><body>{body}</body></html>"
    return read_article(Document(html.encode(), "page.html", media_type="text/html", **more))


def words(made: Article, kind: Kind) -> str:
    return "\n".join(s.exact for s in made.revision.of_kind(kind))


def test_captions_stay_in_place_and_out_of_the_body() -> None:
    made = page(f"<article><h1>Pier stays closed</h1>{PARAGRAPHS}<figure><img><figcaption>The pier at dusk</figcaption></figure>{PARAGRAPHS}</article>")
    kinds = [p.kind for p in made.revision.paragraphs]
    assert kinds == [Kind.HEADLINE, *[Kind.BODY] * 5, Kind.CAPTION, *[Kind.BODY] * 5]


def test_a_picture_after_the_last_paragraph_has_its_caption() -> None:
    made = page(f"<article><h1>Pier stays closed</h1>{PARAGRAPHS}<figure><img><figcaption>The pier at dusk</figcaption></figure></article>")
    assert words(made, Kind.CAPTION) == "The pier at dusk"


def test_words_beside_a_picture_are_its_caption_and_paragraphs_are_not() -> None:
    photo = "<div class='photo'><img><span>Lena Orsk speaks at the customs house. J Vale/Beacon</span></div>"
    slide = "<div class='photo'><img><p>The harbour master then walked to the end of the pier, alone and in the rain.</p></div>"
    made = page(f"<article><h1>Pier stays closed</h1>{PARAGRAPHS}{photo}{slide}{PARAGRAPHS}</article>")
    assert words(made, Kind.CAPTION).startswith("Lena Orsk speaks")
    assert "alone and in the rain" in words(made, Kind.BODY)


def test_two_line_breaks_make_a_paragraph() -> None:
    made = page(
        "<div class='story'>"
        + "<br> <br>\n".join(f"The harbour master said for the {n}th time that the northern pier was closed." for n in range(4, 8))
        + "</div>"
    )
    assert len(made.revision.of_kind(Kind.BODY)) == 4


def test_a_byline_in_the_text_names_the_author_wherever_it_stands() -> None:
    standfirst = "<p>The northern pier at Tarn will stay closed until the ice has gone, the harbour master said once more.</p>"
    made = page(f"<article><h1>Pier stays closed</h1>{standfirst}<p class='byline'>By <a href='/x'>Jane Roe</a></p>{PARAGRAPHS}</article>")
    assert made.byline == "Jane Roe"
    assert words(made, Kind.BYLINE) == "By Jane Roe"


def test_a_wrapper_that_says_byline_around_the_story_is_layout() -> None:
    made = page(f"<article><h1>Pier stays closed</h1><div class='meta published'>{PARAGRAPHS}</div></article>")
    assert len(made.revision.of_kind(Kind.BODY)) == 5


def test_navigation_and_forms_are_left_out() -> None:
    made = page(
        f"<nav><a href='/'>Home of the Beacon newspaper of record</a></nav><article>{PARAGRAPHS}</article><footer>Beacon and its partners, all of them</footer>"
    )
    assert "Beacon" not in made.revision.text


def test_json_ld_names_outlet_and_moment_with_its_zone() -> None:
    data = '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Pier","datePublished":"2026-02-03T23:30:00-05:00","publisher":{"name":"Beacon"},"author":[{"name":"Ann Lee"},{"name":"Bo Dorn"}]}]}</script>'
    made = page(PARAGRAPHS, data)
    assert (made.outlet, made.byline) == ("Beacon", "Ann Lee and Bo Dorn")
    assert made.to_json()["published"] == "2026-02-03T23:30:00-05:00"


def test_microdata_is_read_too() -> None:
    made = page(
        "<div itemscope itemtype='https://schema.org/NewsArticle'><h1 itemprop='headline'>Pier closed</h1>"
        "<span itemprop='author' itemscope itemtype='https://schema.org/Person'>By <span itemprop='name'>Jane Roe</span></span>"
        "<time itemprop='datePublished' datetime='2025-11-02T08:00:00+01:00'>2 Nov</time><span itemprop='publisher' itemscope><meta itemprop='name' content='Beacon'></span>"
        f"<div itemprop='articleBody'>{PARAGRAPHS}</div></div>"
    )
    assert (made.title, made.byline, made.outlet) == ("Pier closed", "Jane Roe", "Beacon")
    assert made.to_json()["published"] == "2025-11-02T08:00:00+01:00"


def test_references_in_json_ld_are_followed() -> None:
    data = '{"@graph":[{"@type":"NewsArticle","headline":"Pier","author":{"@id":"#p"},"publisher":{"@id":"#o"}},{"@id":"#o","name":"Beacon"},{"@id":"#p","name":"Ann Lee"}]}'
    made = page(PARAGRAPHS, f'<script type="application/ld+json">{data}</script>')
    assert (made.outlet, made.byline) == ("Beacon", "Ann Lee")


def test_other_stories_on_the_page_are_not_this_one() -> None:
    other = '{"@type":"NewsArticle","headline":"Other","datePublished":"2020-01-01","author":"Q","articleBody":"Other."}'
    data = f'[{{"@type":"NewsArticle","headline":"Pier","datePublished":"2025-11-02"}},{{"@type":"ItemList","itemListElement":[{other}]}}]'
    made = page(PARAGRAPHS, f'<script type="application/ld+json">{data}</script>')
    assert (made.title, made.to_json()["published"]) == ("Pier", "2025-11-02")


def test_posts_of_a_live_blog_are_not_the_blog() -> None:
    post = '{"@type":"BlogPosting","headline":"Minister arrives","articleBody":"She came.","author":{"name":"A B"},"datePublished":"2025-11-02T12:00:00Z"}'
    data = f'{{"@type":"LiveBlogPosting","headline":"Pier live","liveBlogUpdate":[{post}]}}'
    made = page(PARAGRAPHS, f'<script type="application/ld+json">{data}</script>')
    assert made.title == "Pier live"
    assert Condition.LIVE_BLOG in made.conditions


def test_a_page_whose_story_is_in_its_data_as_markup() -> None:
    data = '{"@type":"NewsArticle","headline":"Pier stays closed","articleBody":"' + PARAGRAPHS.replace('"', "'") + '"}'
    made = page("<div id='app'></div>", f'<script type="application/ld+json">{data}</script>')
    assert [p.kind for p in made.revision.paragraphs] == [Kind.HEADLINE, *[Kind.BODY] * 5]


def test_a_copyright_year_is_no_day_of_publication() -> None:
    assert page(f"<article>{PARAGRAPHS}</article><footer>© 2025 Beacon</footer>").published is None


@pytest.mark.parametrize(
    "extra",
    [
        "<div>We use cookies. See our cookie policy. <a>Accept all cookies</a> <a>Manage cookies</a></div>",
        "<p>“You must be 18 to vote today,” the mayor told a crowd. “Are you over 18?” one of them asked.</p>",
    ],
)
def test_a_short_story_with_a_banner_is_a_story(extra: str) -> None:
    made = page(f"<article><h1>Pier stays closed</h1>{PARAGRAPHS}</article>{extra}")
    assert made.conditions == ()
    assert len(made.revision.of_kind(Kind.BODY)) >= 5


def test_a_broken_json_ld_does_not_matter() -> None:
    assert len(page(PARAGRAPHS, '<script type="application/ld+json">{"@type": "NewsArticle", </script>').revision.of_kind(Kind.BODY)) == 5


@pytest.mark.parametrize(
    ("body", "condition"),
    [
        ("", Condition.EMPTY),
        ("<h1>Are you over 18?</h1><p>Please confirm your age. You must be at least 18 to enter.</p>", Condition.AGE_GATE),
        ("<h1>We value your privacy</h1><p>We and our 90 partners use cookies. Accept all cookies or manage cookies.</p>", Condition.COOKIE_WALL),
        (f"<article>{PARAGRAPHS}</article><p>Subscribe to continue reading. Already a subscriber?</p>", Condition.PAYWALL),
    ],
)
def test_what_stands_in_the_way_is_said(body: str, condition: Condition) -> None:
    made = page(body)
    assert condition in made.conditions
    assert len(made.notes) == len(made.conditions)


def test_a_wall_s_own_words_are_not_read_as_a_story() -> None:
    made = read_article(Document((EXAMPLES / "cookie-wall.html").read_bytes(), "cookie-wall.html"))
    assert made.conditions == (Condition.COOKIE_WALL,)
    assert not made.revision.of_kind(Kind.BODY, Kind.HEADLINE)


def test_french_is_kept_and_said_to_be_unread() -> None:
    made = read_article(Document((EXAMPLES / "le-phare.html").read_bytes(), "le-phare.html"))
    assert (made.language, made.conditions) == ("fr", (Condition.NOT_ENGLISH,))
    assert made.revision.of_kind(Kind.BODY)


def test_a_live_blog_is_said() -> None:
    posts = "".join(f"<p>1{n}:30 Harbour master speaks again.</p>{PARAGRAPHS}" for n in range(3))
    made = page(f"<article>{posts}</article>", '<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Pier live"}</script>')
    assert Condition.LIVE_BLOG in made.conditions


def test_a_page_cut_off_in_the_middle() -> None:
    html = f"<!doctype html><html><body><article>{PARAGRAPHS}<p>And then the harb"
    made = read_article(Document(html.encode(), "cut.html"))
    assert Condition.TRUNCATED in made.conditions
    assert len(made.revision.of_kind(Kind.BODY)) >= 5


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16", "utf-8-sig"])
def test_encodings(encoding: str) -> None:
    text = f"<html><body><article>{PARAGRAPHS}<p>“Café Zoë is closed,” the harbour master said on the quay at noon.</p></article></body></html>"
    made = read_article(Document(text.encode(encoding), "page.html", media_type="text/html"))
    assert "“Café Zoë is closed,”" in made.revision.text


def test_a_page_that_is_utf_8_and_says_latin_1_is_utf_8() -> None:
    made = page(f"<article>{PARAGRAPHS}<p>“Café Zoë’s closed,” the harbour master said on the quay at noon.</p></article>", charset="iso-8859-1")
    assert "“Café Zoë’s closed,”" in made.revision.text


def test_what_the_caller_knows_about_the_address_wins() -> None:
    html = f"<link rel='canonical' href='https://beacon.example/a'>{PARAGRAPHS}".encode()
    assert read_article(Document(html, "p.html"), url="https://beacon.example/b").url == "https://beacon.example/b"
    assert read_article(Document(html, "p.html", url="https://beacon.example/a?x=1")).url == "https://beacon.example/a"


def test_a_wrong_declaration_gives_way() -> None:
    made = read_article(Document("“Non,” said Zoë of the café.".encode(), "x.txt", charset="ascii"))
    assert "Zoë" in made.revision.text


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"\x89PNG\r\n", bytes(range(32)) * 20])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"thing\.bin"):
        read_article(Document(data, "thing.bin"))


def test_a_json_feed_holds_several() -> None:
    feed = b'{"version":"https://jsonfeed.org/version/1.1","title":"Beacon","items":[{"id":"1","title":"A","content_text":"The mayor said no."},{"id":"2","content_html":"<p>The mayor said yes.</p>"}]}'
    made = read_articles(Document(feed, "feed.json"))
    assert [a.outlet for a in made] == ["Beacon", "Beacon"]
    assert [words(a, Kind.BODY) for a in made] == ["The mayor said no.", "The mayor said yes."]


def test_a_list_of_articles_gives_them_all() -> None:
    item = b'{"@type":"NewsArticle","headline":"A","articleBody":"A\\n\\nThe mayor said no."}'
    made = read_articles(Document(b"[" + item + b"," + item + b"]", "two.json"))
    assert [[p.kind for p in a.revision.paragraphs] for a in made] == [[Kind.HEADLINE, Kind.BODY]] * 2


@pytest.mark.parametrize("data", [b'{"version":"https://jsonfeed.org/version/1.1","items":[]}', b'{"a": 1}', b"[1, 2]", b'{"a": '])
def test_json_without_an_article(data: bytes) -> None:
    with pytest.raises(ArticleError):
        read_article(Document(data, "x.json", media_type="application/json"))


@pytest.mark.parametrize(
    ("name", "outlet", "statable"),
    [
        ("daily-lantern.txt", "Daily Lantern", 20),
        ("halyard-wire.html", "Halyard", 11),
        ("aurel-chronicle.html", "Aurel Chronicle", 10),
        ("port-sennen-post.md", "The Port Sennen Post", 10),
        ("solane-broadcasting.json", "Solane Broadcasting", 9),
        ("halyard-first-version.ninjs.json", "Halyard", 6),
        ("strait-letter.feed-item.json", None, 5),
    ],
)
def test_examples_in_every_format(name: str, outlet: str | None, statable: int) -> None:
    made = read_article(Document((EXAMPLES / name).read_bytes(), name))
    assert made.outlet == outlet
    assert len(made.revision.of_kind(Kind.BODY)) >= statable
    assert made.language == "en"
    assert not made.conditions
