"""Feeds that are broken or made to harm: salvaged with a note, or one clear error, and quickly."""

import gzip
import threading
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import OnrecordError, SourceError
from onrecord.sources import feed_text, feed_xml
from onrecord.sources.document import Document
from onrecord.sources.feed import Feed
from onrecord.sources.feed_bounds import MOST_ENTRIES
from onrecord.sources.feeds import read_feed

HEAD = '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Herald</title>'
TAIL = "</channel></rss>"


def read(content, **more):
    content = content if isinstance(content, bytes) else content.encode()
    return read_feed(Document(content, "feed.xml", url="https://h.example/feed.xml", **more))


def titles(content):
    return [e.title for e in read(content).entries]


def items(count):
    return "".join(f"<item><title>t{i}</title><link>https://h.example/{i}</link></item>" for i in range(count))


def test_a_feed_cut_short_keeps_its_whole_entries():
    feed = read(HEAD + items(3) + "<item><title>t3</title><link>https://h.example/3-and-mo")
    assert [e.title for e in feed.entries] == ["t0", "t1", "t2"]
    assert any("last entry, which is left out" in n for n in feed.notes)
    assert any("3 of 4" in n for n in feed.notes)


@given(st.integers(0, 400))
def test_wherever_a_feed_is_cut_only_whole_entries_remain(cut):
    whole = HEAD + items(5) + TAIL
    text = whole[: len(HEAD) + cut]
    expected = text.count("</item>")
    assert len(read(text).entries) == expected


def test_html_entities_bare_ampersands_and_signs_are_repaired():
    feed = read(
        HEAD
        + "<item><title>Caf&eacute; &amp; bar &nbsp; AT&T 5 < 6 &unknown; &#0;&#55357;&#56832;</title><link>https://h.example/?a=1&b=2</link></item>"
        + TAIL
    )
    assert feed.entries[0].title == "Café & bar AT&T 5 < 6 &unknown; 😀"
    assert feed.entries[0].url == "https://h.example/?a=1&b=2"
    assert any("not well-formed, repaired" in n for n in feed.notes)


def test_repairs_leave_cdata_alone():
    feed = read(
        HEAD
        + "<item><title>R&D</title><link><![CDATA[https://h.example/?a=1&b=2]]></link><content:encoded><![CDATA[<p>a & b</p>]]></content:encoded></item>"
        + TAIL
    )
    assert (feed.entries[0].url, feed.entries[0].content_html) == ("https://h.example/?a=1&b=2", "<p>a & b</p>")


def test_one_broken_entry_harms_no_other():
    assert titles(HEAD + "<item><title>a</title></item><item><title>b</titel><link>x</item><item><title>c</title></item>" + TAIL)[::2] == ["a", "c"]
    assert titles(HEAD + "<item><title>a</title><item><title>b</title></item>" + TAIL) == ["a", "b"]
    assert titles(HEAD + "<item><title>a</title></item></channel></rss><item><title>b</title></item>") == ["a", "b"]


def test_prefixes_that_nobody_declared_are_known_all_the_same():
    feed = read(
        "<rss><channel><item><title>a</title><dc:creator>Jane</dc:creator><content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded><odd:thing odd:x='1'/></item></channel></rss>"
    )
    assert (feed.entries[0].authors, feed.entries[0].content_html) == (("Jane",), "<p>x</p>")


def test_what_a_program_printed_before_the_feed_is_left_out():
    feed = read("<br />\n<b>Warning</b>: something on line 3<br />\n" + HEAD + items(1) + TAIL)
    assert len(feed.entries) == 1
    assert "text before the feed is left out" in feed.notes


BOMBS = {
    "billion laughs": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY c "{"A" * 50_000}">]>',
    "file": '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/hostname">]>',
    "network": '<!DOCTYPE x [<!ENTITY c SYSTEM "http://127.0.0.1:9/x">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/hostname">%p;<!ENTITY c "%p;">]>',
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_entities_are_never_expanded(bomb):
    began = time.process_time()
    feed = read(bomb + HEAD.split("?>", 1)[1] + f"<item><title>x{'&c;' * 200}y</title><link>https://h.example/&c;</link></item>" + TAIL)
    assert feed.entries[0].title == f"x{chr(0xFFFD) * 200}y"
    assert feed.entries[0].url is None
    assert any("not expanded" in n for n in feed.notes)
    assert time.process_time() - began < 5


def test_short_entities_of_plain_characters_are_read():
    feed = read('<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY co "Herald">]>' + HEAD.split("?>", 1)[1] + "<item><title>The&nbsp;&co;</title></item>" + TAIL)
    assert feed.entries[0].title == "The Herald"
    assert feed.notes == ()


@pytest.mark.parametrize("prolog", ["<!DOCTYPE rss [", '<!DOCTYPE rss ["', "<!DOCTYPE rss [<!-- ", "<!-- ", "<?xml "])
def test_a_prolog_without_end_is_one_clear_error(prolog):
    with pytest.raises(SourceError):
        read(prolog + HEAD.split("?>", 1)[1].replace(">", " "))


def test_a_file_name_as_content_opens_no_file(tmp_path):
    path = tmp_path / "secret.xml"
    path.write_text(HEAD + items(1) + TAIL)
    with pytest.raises(SourceError, match="this is no feed"):
        read(str(path))


def test_a_hundred_thousand_entries_are_cut_with_a_note():
    feed = read(HEAD + "<item><title>t</title><guid>{}</guid></item>" * 0 + "".join(f"<item><title>t{i}</title></item>" for i in range(100_000)) + TAIL)
    assert len(feed.entries) == MOST_ENTRIES
    assert f"100000 entries, of which the first {MOST_ENTRIES} are read" in feed.notes


def test_a_broken_feed_counts_what_it_cuts(monkeypatch):
    monkeypatch.setattr("onrecord.sources.feeds._MOST", {"item": 5})
    feed = read(HEAD + items(12) + "<b></channel>")
    assert len(feed.entries) == 5
    assert "12 entries, of which the first 5 are read" in feed.notes


HOSTILE = {
    "signs": HEAD + "<item><title>" + "<" * 200_000,
    "ampersands": HEAD + "<item><title>" + "&" * 200_000,
    "open CDATA": HEAD + "<item><title>" + "<![CDATA[" * 50_000,
    "open comments": HEAD + "<item><title>" + "<!--" * 50_000,
    "deep": HEAD + "<item>" + "<a>" * 50_000,
    "deep items": HEAD + "<item>" * 5_000 + "</item>" * 5_000 + TAIL,
    "deep markup": HEAD + "<item><description>" + "&lt;div&gt;" * 100_000 + "</description></item>" + TAIL,
    "open tags in a title": HEAD + "<item><title>" + "&lt;b " * 100_000 + "</title></item>" + TAIL,
    "open comments in a title": HEAD + "<item><title>" + "&lt;!--" * 100_000 + "</title></item>" + TAIL,
    "attributes": HEAD + "<item " + " ".join(f'a{i}="1"' for i in range(20_000)) + "></item>" + TAIL,
    "author": HEAD + "<item><author>" + "a." * 100_000 + "@</author></item>" + TAIL,
    "authors": HEAD + "<item>" + "<author>x@h.example (A)</author>" * 20_000 + "</item>" + TAIL,
    "links": HEAD + "<item><content:encoded>" + "&lt;a href=&quot;" * 50_000 + "</content:encoded></item>" + TAIL,
    "an address": HEAD + f'<item><link rel="alternate" href="{"x" * 1_000_000}"/></item>' + TAIL,
    "bases": HEAD + "".join(f'<item xml:base="{"a/" * 2000}"><link>x{i}</link></item>' for i in range(200)) + TAIL,
    "document type": "<!DOCTYPE rss [" + "<!--" * 10_000 + '"' * 101 + "]>" + HEAD.split("?>", 1)[1] + TAIL,
    "zeros": b"\0" * 1_000_000,
    "brackets": "[" * 500_000,
    "objects": '{"a":' * 100_000,
    "space": " " * 2_000_000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_hostile_feeds_end_quickly(content):
    began = time.process_time()
    try:
        assert isinstance(read(content), Feed)
    except SourceError as error:
        assert error.hint
    assert time.process_time() - began < 8


def test_too_large_and_gzip_bombs_are_one_clear_error(monkeypatch):
    monkeypatch.setattr(feed_text, "LARGEST", 1_000_000)
    for content in (b" " * 1_000_001, gzip.compress(b" " * 50_000_000), gzip.compress(gzip.compress(b" " * 50_000_000))):
        with pytest.raises(SourceError, match="larger than"):
            read(content)


def test_too_many_elements_are_one_clear_error(monkeypatch):
    monkeypatch.setattr(feed_xml, "_MOST_SIGNS", 50)
    with pytest.raises(SourceError, match="more than 50 tags"):
        read(HEAD + items(50) + TAIL)


def test_a_gzip_cut_short_gives_what_there_is():
    packed = gzip.compress((HEAD + items(2000) + TAIL).encode())
    feed = read(packed[: len(packed) // 2])
    assert 100 < len(feed.entries) < 2000
    assert "the gzip is cut short" in feed.notes


def test_elements_named_like_feedparsers_own_keys_cost_no_entry():
    odd = "<links>x</links><authors>x</authors><title_detail>x</title_detail><published_parsed>x</published_parsed><content_detail>x</content_detail><image/><thumbnail/><source/><media_content/>"
    assert len(read(HEAD + f"<item>{odd}<title>a</title><link>https://h.example/a</link><enclosure url='u'/></item>" + items(3) + TAIL).entries) == 4


def test_feedparser_keeps_its_settings_and_says_nothing():
    import feedparser

    before = (feedparser.SANITIZE_HTML, feedparser.RESOLVE_RELATIVE_URIS, feedparser.USER_AGENT)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read(HEAD + "<item><title>a</title><pubDate>Fri, 01 Mar 2024 10:00:00 XYZ</pubDate></item>" + TAIL)
    assert caught == []
    assert before == (feedparser.SANITIZE_HTML, feedparser.RESOLVE_RELATIVE_URIS, feedparser.USER_AGENT)


def test_threads_read_alike():
    text = HEAD + items(50) + TAIL
    found = []
    threads = [threading.Thread(target=lambda: found.append(read(text))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(f == found[0] for f in found)


PIECES = st.sampled_from(
    [HEAD, TAIL, "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<link>", "</link>", "<link href='x'/>", "<guid>", "</guid>", "<pubDate>", "2024-03-01", "</pubDate>",
     "<feed xmlns='http://www.w3.org/2005/Atom'>", "</feed>", "<![CDATA[", "]]>", "<!--", "-->", "&", "&amp;", "&#0;", "<", ">", "<content:encoded>", "</content:encoded>", "<source>", "<author>", "<name>",
     "<content type='xhtml'>", "<div>", "</div>", "<urlset>", "<url>", "<loc>", "https://h.example/a", "</loc>", "</url>", "</urlset>", "<!DOCTYPE x [", "]>", "<!ENTITY a 'b'>", "&a;", "<rdf:RDF>", "<item rdf:about='x'>",
     '{"items": [', '{"id": 1, "content_text": "x"}', "]}", "\x00", "é", "\ud800", "\ufeff", "<image>", "<textinput>", "<category>", "<media:thumbnail>", "<x xmlns:y=''>", "xml:base='http://['", "<html>"]
)  # fmt: skip


@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(PIECES, max_size=40).map(lambda p: "".join(p).encode("utf-8", "surrogatepass")),
        st.lists(PIECES, max_size=20).map(lambda p: "".join(p).encode("utf-16", "surrogatepass")),
    )
)
def test_any_bytes_give_a_feed_or_one_error(content):
    try:
        feed = read(content)
    except OnrecordError as error:
        assert error.item == "feed.xml"
    else:
        assert isinstance(feed, Feed)
        for entry in feed.entries:
            assert all(v is None or v for v in (entry.url, entry.guid, entry.title, entry.summary, entry.content_html, entry.language))
            assert all(d is None or d.tzinfo for d in (entry.published, entry.updated))
            for value in (entry.url, entry.guid, entry.title, entry.summary, entry.content_html):
                (value or "").encode("utf-8")


@given(st.lists(PIECES, max_size=40).map("".join), st.integers(0, 6))
def test_whatever_stands_in_one_entry_the_others_are_read(junk, before):
    junk = junk.replace("item", "x").replace("<!--", "").replace("<![CDATA[", "").replace("<!DOCTYPE", "").replace(TAIL, "").replace(HEAD, "")
    text = HEAD + items(before) + f"<item><title>odd</title>{junk}</item>" + "<item><title>last</title><link>https://h.example/last</link></item>" + TAIL
    found = [e.title for e in read(text.encode("utf-8", "replace")).entries]
    assert found[:before] == [f"t{i}" for i in range(before)]
    assert found[-1] == "last"
