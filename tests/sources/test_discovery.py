"""Where an outlet's feeds are. All pages are invented."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import OnrecordError
from onrecord.sources.discovery import find_feeds, guesses, sitemaps_in_robots
from onrecord.sources.document import Document
from onrecord.sources.feed import FeedKind


def find(text, url="https://www.herald.co.uk/news/"):
    return find_feeds(Document(text if isinstance(text, bytes) else text.encode(), url or "page.html", url=url))


def test_announced_feeds_come_first_then_links_then_sitemaps():
    found = find(
        '<!doctype html><head><link rel="sitemap" href="/sitemap.xml"><link rel="alternate" type="application/rss+xml" title="Comments on all" href="/comments/feed/">'
        "<link rel=\"alternate\" type=\"application/rss+xml\" title='World &amp; more' href='rss.xml'><link rel=ALTERNATE type='application/feed+json; charset=utf-8' href=/feed.json>"
        '</head><body><a href="https://feeds.other.example/herald">All</a><a href="/sport/rss">Sport <b>feed</b></a><a href="rss.xml">again</a></body>'
    )
    assert [(f.url, f.title, f.kind) for f in found] == [
        ("https://www.herald.co.uk/news/rss.xml", "World & more", FeedKind.RSS),
        ("https://www.herald.co.uk/feed.json", None, FeedKind.JSON),
        ("https://www.herald.co.uk/comments/feed/", "Comments on all", FeedKind.RSS),
        ("https://www.herald.co.uk/sport/rss", "Sport feed", FeedKind.RSS),
        ("https://feeds.other.example/herald", "All", FeedKind.RSS),
        ("https://www.herald.co.uk/sitemap.xml", None, FeedKind.SITEMAP),
    ]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" hreflang="de" href="/de/feed">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?url=x">',
        '<link rel="stylesheet" type="application/rss+xml" href="/rss.css">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:x">',
        '<a href="/feedback">Feedback</a>',
        '<a href="/help/rss.html">What is RSS?</a>',
        '<a href="https://feedly.com/i/subscription/feed/https://h.example/rss">Follow</a>',
        '<a href="/story/atomic-power">Atomic power</a>',
        '<a href="/newsfeed-of-the-day">x</a>',
        "no links at all",
        "",
    ],
)
def test_what_is_no_feed_is_not_taken_for_one(link):
    assert find(f"<html><body>{link}</body></html>" if link else "") == ()


@pytest.mark.parametrize(
    "path",
    [
        "/rss",
        "/feed/",
        "/feeds/world",
        "/world/rss.xml",
        "/index.rdf",
        "/atom.xml",
        "/rss/world.xml",
        "/world.rss",
        "/news-feed.xml",
        "/?feed=rss2",
        "/world/feed",
        "/feed.php",
        "/world_rss.xml",
    ],
)
def test_links_that_look_like_feeds(path):
    assert [f.url for f in find(f'<a href="{path}">x</a>')] == [f"https://www.herald.co.uk{path}"]


def test_base_elements_feed_schemes_and_files_without_address():
    assert find('<base href="/b/"><a href="rss.xml">x</a>')[0].url == "https://www.herald.co.uk/b/rss.xml"
    assert find('<a href="feed:https://h.example/x">x</a>')[0].url == "https://h.example/x"
    assert find('<a href="/rss">x</a>', url=None) == ()
    assert find('<a href="https://h.example/rss">x</a>', url=None)[0].url == "https://h.example/rss"


def test_a_large_page_ends_quickly():
    began = time.process_time()
    assert len(find("<a href='/rss/1'>" * 30_000 + "<div>" * 30_000)) == 1
    assert len(find("".join(f"<a href='/rss/{i}'>{i}</a>" for i in range(30_000)))) == 200
    assert time.process_time() - began < 20


@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(["<a href='", "<link rel=alternate type='application/rss+xml' href='", "/rss", "http://[", "'>", "<base href='", "<", "\x00", "é"]),
            max_size=20,
        ).map(lambda p: "".join(p).encode()),
    )
)
def test_any_bytes_give_feeds_or_one_error(content):
    try:
        found = find(content)
    except OnrecordError as error:
        assert error.item
    else:
        assert len({f.url for f in found}) == len(found)


def test_guesses_put_a_sections_feeds_first():
    assert guesses("herald.example")[0] == "https://herald.example/feed"
    assert "https://herald.example/sitemap-news.xml" in guesses("herald.example")
    assert "https://herald.example/news-sitemap.xml" in guesses("https://herald.example/")
    assert guesses("http://herald.example:8080/world/europe")[:2] == (
        "http://herald.example:8080/world/europe/feed",
        "http://herald.example:8080/world/europe/rss",
    )
    assert guesses("https://herald.example/world/a.html")[0] == "https://herald.example/world/feed"
    assert guesses("not an address") == guesses("javascript:x") == guesses("") == ()


@given(st.text(max_size=60))
def test_guesses_are_addresses_each_once(text):
    found = guesses(text)
    assert len(set(found)) == len(found)
    assert all(u.startswith(("http://", "https://")) for u in found)


def test_robots_names_sitemaps_news_first():
    text = "\ufeffSitemap: https://h.example/sitemap.xml\r\nUser-agent: *\nDisallow: /x # Sitemap: https://no.example/\n sitemap : https://h.example/news.xml # daily\nSITEMAP:https://h.example/sitemap.xml\nSitemap:\nSitemap: /relative.xml"
    assert sitemaps_in_robots(text) == ("https://h.example/news.xml", "https://h.example/sitemap.xml")
