"""RSS and Atom as they are found: forms, links, titles, dates, texts, encodings, duplicates. All feeds are invented."""

import gzip
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import SourceError
from onrecord.sources.document import Document
from onrecord.sources.feed import FeedKind
from onrecord.sources.feed_values import absolute, moment, plain, with_absolute_links
from onrecord.sources.feeds import read_feed

NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def naive(hour):
    return datetime(2024, 3, 1, hour, tzinfo=UTC).replace(tzinfo=None)


def document(content, url="https://herald.example/feeds/main.xml", **more):
    return Document(content if isinstance(content, bytes) else content.encode(), url or "feed.xml", url=url, **more)


def rss(items, head="<title>The Herald</title><link>https://herald.example/</link><language>en-gb</language>", **more):
    return read_feed(document(f'<?xml version="1.0"?><rss version="2.0" {NAMESPACES}><channel>{head}{items}</channel></rss>', **more))


def item(body, **more):
    (entry,) = rss(f"<item>{body}</item>", **more).entries
    return entry


def atom(entries, root='xmlns="http://www.w3.org/2005/Atom" xml:lang="en"', head="<title>Valley Wire</title>", **more):
    return read_feed(document(f'<?xml version="1.0"?><feed {root}>{head}{entries}</feed>', **more))


def test_an_rss_item_with_everything():
    feed = rss(
        "<item><title>Mayor says bridge will reopen</title><link>https://herald.example/bridge</link><guid isPermaLink='false'>herald-17</guid>"
        "<pubDate>Fri, 01 Mar 2024 10:00:00 +0100</pubDate><description>A short account.</description>"
        "<content:encoded><![CDATA[<p>The mayor said so.</p>]]></content:encoded><dc:creator>Jane Doe</dc:creator><dc:creator>Raj Roy</dc:creator></item>"
    )
    assert (feed.kind, feed.title, feed.link, feed.language) == (FeedKind.RSS, "The Herald", "https://herald.example/", "en-gb")
    assert feed.url == "https://herald.example/feeds/main.xml"
    (entry,) = feed.entries
    assert (entry.url, entry.guid, entry.title) == ("https://herald.example/bridge", "herald-17", "Mayor says bridge will reopen")
    assert entry.published == datetime(2024, 3, 1, 9, tzinfo=UTC)
    assert entry.published.utcoffset() == timedelta(hours=1)
    assert (entry.summary, entry.content_html) == ("A short account.", "<p>The mayor said so.</p>")
    assert (entry.authors, entry.language) == (("Jane Doe", "Raj Roy"), "en-gb")
    assert feed.notes == ()


def test_rss_1_is_rdf_with_items_beside_the_channel():
    feed = read_feed(
        document(
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            '<channel rdf:about="https://h.example/"><title>H</title><link>https://h.example/</link></channel>'
            '<item rdf:about="https://h.example/1"><title>One</title><link>https://h.example/1</link><dc:date>2024-03-01T10:00Z</dc:date></item></rdf:RDF>'
        )
    )
    assert (feed.kind, feed.title, len(feed.entries)) == (FeedKind.RSS, "H", 1)
    assert (feed.entries[0].guid, feed.entries[0].published) == ("https://h.example/1", datetime(2024, 3, 1, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        '<rss version="0.91"><channel><title>Old</title><item><title>One</title><link>https://h.example/1</link></item></channel></rss>',
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>Old</title><item><title>One</title><link>https://h.example/1</link></item></channel></rss>',
        "<channel><title>Old</title><item><title>One</title><link>https://h.example/1</link></item></channel>",
        '<RSS VERSION="2.0"><channel><title>Old</title><item><title>One</title><link>https://h.example/1</link></item></channel></RSS>',
        '<rss xmlns="http://www.w3.org/2005/Atom"><channel><title>Old</title><item><title>One</title><link>https://h.example/1</link></item></channel></rss>',
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Old</title><entry><title>One</title><link rel="alternate" type="text/html" href="https://h.example/1"/></entry></feed>',
        '<feed xmlns="https://www.w3.org/2005/Atom/"><title>Old</title><entry><title>One</title><link href="https://h.example/1"/></entry></feed>',
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Old</a:title><a:entry><a:title>One</a:title><a:link href="https://h.example/1"/></a:entry></a:feed>',
    ],
)
def test_old_and_odd_roots_are_read_alike(text):
    feed = read_feed(document(text))
    assert [(e.title, e.url) for e in feed.entries] == [("One", "https://h.example/1")]
    assert feed.title == "Old"


def test_atom_with_relative_links_inline_markup_and_an_author_for_all():
    feed = atom(
        '<entry xml:base="2024/"><id>tag:v,2024:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Rain <b>and</b> wind</div></title><link href="rain"/>'
        "<published>2024-03-01T10:00:00+05:30</published><updated>2024-03-02T00:00:00Z</updated>"
        '<content type="xhtml" xml:lang="fr"><div xmlns="http://www.w3.org/1999/xhtml"><p>See <a href="map">the map</a>.</p></div></content></entry>'
        '<entry><id>tag:v,2024:2</id><title>Plain</title><link rel="enclosure" href="a.mp3"/><link href="/plain"/><author><name>Ann</name></author><summary>Short.</summary><content type="text">One.\n\nTwo &lt; three.</content></entry>',
        root='xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://v.example/news/"',
        head='<title>V</title><author><name>The desk</name></author><link href="/"/>',
    )
    one, two = feed.entries
    assert (feed.kind, feed.link, feed.language) == (FeedKind.ATOM, "https://v.example/", "en")
    assert (one.url, one.title, one.authors) == ("https://v.example/news/2024/rain", "Rain and wind", ("The desk",))
    assert one.content_html == '<p>See <a href="https://v.example/news/2024/map">the map</a>.</p>'
    assert one.published == datetime(2024, 3, 1, 4, 30, tzinfo=UTC)
    assert one.updated == datetime(2024, 3, 2, tzinfo=UTC)
    assert (two.url, two.authors, two.summary) == ("https://v.example/plain", ("Ann",), "Short.")
    assert two.content_html == "<p>One.</p><p>Two &lt; three.</p>"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Talks &amp; terms", "Talks & terms"),
        ("Talks &amp;amp; terms", "Talks & terms"),
        ("Talks &amp;amp;amp; terms", "Talks & terms"),
        ("<![CDATA[Talks &amp; terms]]>", "Talks & terms"),
        ("&lt;b&gt;Talks&lt;/b&gt; resume", "Talks resume"),
        ("&amp;lt;i&amp;gt;Talks&amp;lt;/i&amp;gt; resume", "Talks resume"),
        ("<![CDATA[<em>Talks</em><br/>resume]]>", "Talks resume"),
        ("Council says 5 &lt; 6 and 7 &gt; 3", "Council says 5 < 6 and 7 > 3"),
        ("It&#8217;s &#039;over&#039;", "It’s 'over'"),
        ("It&amp;#8217;s over", "It’s over"),
        ("  Two\n\t lines  ", "Two lines"),
        ("Caf&amp;eacute; reopens", "Café reopens"),
        ("", None),
    ],
)
def test_titles_are_plain_text_however_often_they_were_escaped(written, title):
    assert item(f"<title>{written}</title><link>https://h.example/1</link>").title == title


def test_a_permalink_guid_is_the_address_where_there_is_no_link():
    assert item("<title>x</title><guid>https://h.example/7</guid>").url == "https://h.example/7"
    assert item("<title>x</title><guid isPermaLink='false'>https://h.example/7</guid>").url is None
    assert item("<title>x</title><guid>7</guid>").url is None
    assert item("<title>x</title><guid>7</guid>").guid == "7"
    assert item("<title>x</title><link/><guid>7</guid>").url is None


def test_relative_links_and_entities_in_links():
    assert item("<link>/a?x=1&amp;y=2</link>").url == "https://herald.example/a?x=1&y=2"
    assert item("<link><![CDATA[ https://h.example/a?x=1&y=2 ]]></link>").url == "https://h.example/a?x=1&y=2"
    assert item("<link>//h.example/a</link>").url == "https://h.example/a"
    assert item("<link>news/a</link>", url=None).url == "https://herald.example/news/a"
    assert item("<title>t</title><link>javascript:alert(1)</link>").url is None
    assert item("<link>https://proxy.example/x</link><feedburner:origLink>https://h.example/a</feedburner:origLink>").url == "https://h.example/a"


def test_pictures_and_podcasts_do_not_pass_for_the_story():
    entry = item(
        "<media:group><media:title>A photo</media:title><media:description>Boats</media:description></media:group><title>Storm</title>"
        "<link>https://h.example/s</link><description>The storm.</description><itunes:summary>Other words</itunes:summary><itunes:author>Radio H</itunes:author>"
    )
    assert (entry.title, entry.summary, entry.content_html, entry.authors) == ("Storm", "The storm.", None, ("Radio H",))


def test_a_long_description_with_markup_is_the_story():
    story = "&lt;p&gt;" + "The river rose again. " * 80 + "&lt;/p&gt;"
    entry = item(f"<title>x</title><description>{story}</description>")
    assert entry.content_html.startswith("<p>The river rose")
    assert entry.summary.startswith("The river rose again. The river")


def test_base64_content_of_atom_03_is_decoded():
    feed = read_feed(
        document(
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>t</title><content type="text/html" mode="base64">PHA+SGk8L3A+</content></entry></feed>'
        )
    )
    assert feed.entries[0].content_html == "<p>Hi</p>"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Fri, 01 Mar 2024 10:00:00 GMT", datetime(2024, 3, 1, 10, tzinfo=UTC)),
        ("Fri, 1 Mar 2024 10:00 EST", datetime(2024, 3, 1, 15, tzinfo=UTC)),
        ("01 Mar 24 10:00 PDT", datetime(2024, 3, 1, 17, tzinfo=UTC)),
        ("Fri, 01 Mar 2024 10:00:00 CEST", datetime(2024, 3, 1, 8, tzinfo=UTC)),
        ("Friday, March 1, 2024 10:00:00 +0000", datetime(2024, 3, 1, 10, tzinfo=UTC)),
        ("Mon, 01 Mar 2024 10:00:00 GMT", datetime(2024, 3, 1, 10, tzinfo=UTC)),
        ("2024-03-01T10:00:00.123Z", datetime(2024, 3, 1, 10, 0, 0, 123000, tzinfo=UTC)),
        ("2024-03-01 10:00:00 +0100", datetime(2024, 3, 1, 9, tzinfo=UTC)),
        ("2024-03-01t10:00:00z", datetime(2024, 3, 1, 10, tzinfo=UTC)),
        ("1709287200", datetime(2024, 3, 1, 10, tzinfo=UTC)),
        ("1709287200000", datetime(2024, 3, 1, 10, tzinfo=UTC)),
        ("20240301T100000Z", datetime(2024, 3, 1, 10, tzinfo=UTC)),
        ("Fri Mar  1 10:00:00 2024", naive(10)),
        ("2024-03-01T10:00:00", naive(10)),
        ("2024-03-01", naive(0)),
        ("Fri, 01 Mar 2024 10:00:00 +9900", naive(10)),
        ("25/12/2024 10:00 GMT", datetime(2024, 12, 25, 10, tzinfo=UTC)),
    ],
)
def test_dates_in_every_form(written, expected):
    found = moment(written)
    assert found == expected
    assert (found.tzinfo is None) == (expected.tzinfo is None)


@pytest.mark.parametrize(
    "written",
    [
        "Sat, 31 Feb 2024 10:00:00 GMT",
        "03/04/2025",
        "2025-03",
        "2024",
        "yesterday",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "9999-12-31",
        "Fri, 01 Mar 2024 25:61:00 GMT",
        "x" * 500,
        "10:00",
    ],
)
def test_dates_that_are_none(written):
    assert moment(written) is None


def test_dates_in_greek_letters():
    assert item("<title>x</title><pubDate>Δευ, 01 Απρ 2024 10:00:00 GMT</pubDate>").published == datetime(2024, 4, 1, 10, tzinfo=UTC)


def test_dates_without_zone_are_utc_and_impossible_ones_none_and_both_are_counted():
    feed = rss("<item><title>a</title><pubDate>2024-03-01T10:00:00</pubDate></item><item><title>b</title><pubDate>31 Feb 2024 10:00 GMT</pubDate></item>")
    assert [e.published for e in feed.entries] == [datetime(2024, 3, 1, 10, tzinfo=UTC), None]
    assert set(feed.notes) == {"dates without a time zone, taken as UTC: 1", "dates that could not be read: 1"}


@given(st.integers(632_000_000, 4_102_000_000), st.integers(-14 * 4, 14 * 4))
def test_a_written_date_comes_back_with_its_offset(seconds, quarters):
    at = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=15 * quarters)))
    for written in (at.isoformat(), at.strftime("%a, %d %b %Y %H:%M:%S %z")):
        found = moment(written)
        assert found == at
        assert found.utcoffset() == at.utcoffset()


ACCENTED = '<?xml version="1.0"{}?><rss version="2.0"><channel><title>Zürich café – “news”</title><item><title>Élan</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [
        ("utf-8", "", None),
        ("utf-8-sig", ' encoding="iso-8859-1"', None),
        ("utf-8", ' encoding="iso-8859-1"', None),
        ("utf-8", ' encoding="utf-16"', None),
        ("utf-8", "", "iso-8859-1"),
        ("utf-16", ' encoding="utf-16"', None),
        ("utf-16-le", ' encoding="utf-16"', None),
        ("utf-16-be", "", None),
        ("utf-32", "", None),
        ("cp1252", ' encoding="windows-1252"', None),
        ("cp1252", ' encoding="iso-8859-1"', None),
        ("cp1252", "", "windows-1252"),
        ("cp1252", ' encoding="utf-8"', "utf-8"),
        ("cp1252", "", None),
        ("cp1252", ' encoding="punycode"', "unicode_escape"),
    ],
)
def test_encodings_declared_right_wrong_or_not_at_all(encoding, declared, charset):
    feed = read_feed(document(ACCENTED.format(declared).encode(encoding), charset=charset))
    assert (feed.title, feed.entries[0].title) == ("Zürich café – “news”", "Élan")


def test_other_alphabets_by_their_declaration():
    text = '<?xml version="1.0" encoding="{}"?><rss><channel><title>{}</title></channel></rss>'
    assert read_feed(document(text.format("koi8-r", "Новости").encode("koi8-r"))).title == "Новости"
    assert read_feed(document(text.format("shift_jis", "日本").encode("shift_jis"))).title == "日本"
    assert read_feed(document(text.format("gb2312", "新闻").encode("gb18030"))).title == "新闻"


def test_control_characters_and_packed_feeds():
    packed = gzip.compress(ACCENTED.format("").encode())
    assert read_feed(document(packed)).title == "Zürich café – “news”"
    assert read_feed(document(gzip.compress(packed))).title == "Zürich café – “news”"
    feed = rss("<item><title>A\x00B\x0bC\ufffeD</title></item>")
    assert feed.entries[0].title == "ABCD"
    assert "3 control characters are left out" in feed.notes


def test_the_same_story_stands_once():
    feed = rss(
        "<item><title>a</title><link>https://h.example/1</link><guid isPermaLink='false'>g1</guid></item>"
        "<item><title>a again</title><link>https://h.example/1?x</link><guid isPermaLink='false'>g1</guid></item>"
        "<item><title>a with a new guid</title><link>https://h.example/1</link><guid isPermaLink='false'>g9</guid></item>"
        "<item><title>b</title><link>https://h.example/2</link><guid isPermaLink='false'>g2</guid></item>"
        "<item/>"
    )
    assert [e.title for e in feed.entries] == ["a", "b"]
    assert set(feed.notes) == {"entries that stand there twice: 2", "entries with nothing in them: 1"}


def test_a_guid_that_all_entries_share_names_none_and_neither_does_the_home_page():
    same = "".join(f"<item><title>t{i}</title><link>https://h.example/{i}</link><guid>0</guid></item>" for i in range(4))
    assert len(rss(same).entries) == 4
    home = "".join(f"<item><title>t{i}</title><link>https://herald.example/</link></item>" for i in range(4))
    assert len(rss(home).entries) == 4


def test_a_file_states_its_own_address():
    feed = atom("<entry><title>t</title><link href='x'/></entry>", head="<link rel='self' href='https://v.example/f/atom'/>", url=None)
    assert feed.url == "https://v.example/f/atom"
    assert feed.entries[0].url == "https://v.example/f/x"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "this is empty"),
        (b"  \n ", "this is empty"),
        (b"<!doctype html><html><head><title>x</title></head></html>", "this is an HTML page"),
        (b"<!-- <rss> --><html><body>see <rss></body></html>", "this is an HTML page"),
        (b"A story in plain words.", "this is no feed"),
        (b"<opml version='2.0'><body/></opml>", "list of feeds"),
        (b"<note><to>x</to></note>", "this is no feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20, "these bytes are no text"),
        (b"\x1f\x8bnot gzip at all", "the gzip is damaged"),
        (b"%PDF-1.4 \xff\xfe", "this is no feed"),
    ],
)
def test_what_is_no_feed_says_so_and_what_to_do(content, says):
    with pytest.raises(SourceError, match=says) as caught:
        read_feed(document(content))
    assert caught.value.item == "https://herald.example/feeds/main.xml"
    assert caught.value.hint


def test_headers_do_not_decide():
    text = "<rss><channel><title>x</title></channel></rss>"
    assert all(read_feed(document(text, media_type=m)).title == "x" for m in ("text/html", "application/json", "image/png", None))


def test_plain_cuts_and_keeps_signs():
    assert plain("x" * 50, longest=10) == "x" * 10
    assert plain("a <unknown> b", longest=100) == "a <unknown> b"
    assert plain("<script>evil()</script>ok", longest=100) == "ok"
    assert plain(5, longest=100) is None


@given(st.text(alphabet="<>&;/abp#x10\"'!-=. ", max_size=200))
def test_plain_never_fails_and_leaves_one_line(text):
    found = plain(text, longest=50)
    assert found is None or (found == " ".join(found.split()) and len(found) <= 50)


@given(st.text(max_size=200), st.one_of(st.none(), st.text(max_size=50), st.just("https://h.example/a/")))
def test_an_address_is_http_or_none(link, base):
    found = absolute(link, base)
    assert found is None or found.lower().startswith(("http://", "https://"))
    with_absolute_links(link, base)


def test_links_in_texts_become_absolute_and_all_else_stays():
    markup = '<p data-href="/no">a href="/no" <a class=x href="b?x=1&amp;y=2">1</a><img src=\'/i.png\'><a href="#n">n</a><a href="mailto:a@h.example">m</a></p>'
    expected = markup.replace('"b?x', '"https://h.example/a/b?x').replace("'/i.png'", "'https://h.example/i.png'")
    assert with_absolute_links(markup, "https://h.example/a/") == expected
