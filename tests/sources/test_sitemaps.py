"""Sitemaps with and without news, as XML and as lines, and lists of sitemaps."""

import gzip
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from onrecord.sources.document import Document
from onrecord.sources.feed import FeedKind
from onrecord.sources.feed_bounds import MOST_ADDRESSES
from onrecord.sources.feeds import read_feed

OPEN = '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'


def read(text, url="https://h.example/sitemap.xml"):
    return read_feed(Document(text if isinstance(text, bytes) else text.encode(), url, url=url))


def news(number, title="Mayor speaks", date="2024-03-01T10:00:00+01:00", language="en"):
    return (
        f"<url><loc>https://h.example/{number}</loc><lastmod>2024-03-02</lastmod><image:image><image:loc>https://h.example/p.png</image:loc><image:title>Boats</image:title></image:image><news:news><news:publication>"
        f"<news:name>The Herald</news:name><news:language>{language}</news:language></news:publication><news:publication_date>{date}</news:publication_date><news:title>{title}</news:title></news:news></url>"
    )


def test_a_news_sitemap():
    feed = read(f"{OPEN}{news(1, 'Talks &amp;amp; terms')}{news(2)}</urlset>")
    assert (feed.kind, feed.title, feed.language, len(feed.entries)) == (FeedKind.NEWS_SITEMAP, "The Herald", "en", 2)
    entry = feed.entries[0]
    assert (entry.url, entry.title, entry.language) == ("https://h.example/1", "Talks & terms", "en")
    assert entry.published == datetime(2024, 3, 1, 9, tzinfo=UTC)
    assert entry.updated == datetime(2024, 3, 2, tzinfo=UTC)


def test_a_plain_sitemap_also_packed_and_without_namespaces():
    text = "<urlset><url><loc> https://h.example/1 </loc></url><url><loc><![CDATA[https://h.example/?a=1&b=2]]></loc></url><url><priority>1</priority></url><url><loc>https://h.example/1</loc></url></urlset>"
    for content in (text, gzip.compress(text.encode())):
        feed = read(content)
        assert (feed.kind, [e.url for e in feed.entries]) == (FeedKind.SITEMAP, ["https://h.example/1", "https://h.example/?a=1&b=2"])
        assert set(feed.notes) == {"without an address, left out: 1", "entries that stand there twice: 1"}


def test_a_sitemap_index_lists_feeds_and_has_no_entries():
    feed = read(
        "<sitemapindex><sitemap><loc>https://h.example/a.xml.gz</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"
    )
    assert (feed.kind, feed.entries) == (FeedKind.SITEMAP_INDEX, ())
    assert feed.feeds == ("https://h.example/a.xml.gz", "https://h.example/b.xml")


def test_a_file_of_addresses_is_a_sitemap():
    feed = read("https://h.example/1\r\nhttps://h.example/2\n\nhttps://h.example/" + "x" * 300 + "\n" + "https://h.example/3\n" * 2000)
    assert (feed.kind, len(feed.entries)) == (FeedKind.SITEMAP, 4)


def test_a_sitemap_that_is_not_well_formed_or_cut_short_is_salvaged():
    feed = read(OPEN + news(1) + "<url><loc>https://h.example/?a=1&b=2</loc></url>" + "<url><loc>https://h.example/3-and-mo")
    assert [e.url for e in feed.entries] == ["https://h.example/1", "https://h.example/?a=1&b=2"]
    assert (feed.kind, feed.entries[0].title) == (FeedKind.NEWS_SITEMAP, "Mayor speaks")


def test_more_addresses_than_the_protocol_allows_are_cut_with_a_note():
    feed = read("<urlset>" + "".join(f"<url><loc>https://h.example/{i}</loc></url>" for i in range(MOST_ADDRESSES + 10)) + "</urlset>")
    assert len(feed.entries) == MOST_ADDRESSES
    assert feed.notes == (f"{MOST_ADDRESSES + 10} addresses, of which the first {MOST_ADDRESSES} are read",)


@given(st.integers(0, 30), st.integers(0, 30))
def test_counts_are_right(stories, pages):
    feed = read(OPEN + "".join(news(i) for i in range(stories)) + "".join(f"<url><loc>https://h.example/p/{i}</loc></url>" for i in range(pages)) + "</urlset>")
    assert len(feed.entries) == stories + pages
    assert (feed.kind is FeedKind.NEWS_SITEMAP) == (stories > 0)
