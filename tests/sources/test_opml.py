"""Lists of feeds: read, written, refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import UsageError
from onrecord.sources.document import Document
from onrecord.sources.feed_values import plain
from onrecord.sources.opml import OpmlFeed, is_opml, read_opml, write_opml


def document(text):
    return Document(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), "feeds.opml")


def read(text):
    return read_opml(document(text))


def test_folders_spellings_and_schemes():
    found = read(
        '<?xml version="1.0" encoding="ISO-8859-1"?><opml version="1.1"><head><title>Mine</title></head><body><outline text="World"><outline title="Europe &amp;amp; Asia" text="x">'
        '<outline type="rss" text="Herald" xmlUrl="https://h.example/rss"/></outline><outline text="Wire" xmlurl="feed://w.example/atom"/></outline>'
        '<outline type="rss" url="https://old.example/rdf" text="Old"/><OUTLINE XMLURL="https://up.example/f" TEXT="UP"/><outline type="link" url="https://page.example/" text="A page"/>'
        '<outline xmlUrl="javascript:x" text="No"/><outline text="Again" xmlUrl="https://h.example/rss"/></body></opml>'
    )
    assert found == (
        OpmlFeed("https://h.example/rss", "Herald", "World/Europe & Asia"),
        OpmlFeed("http://w.example/atom", "Wire", "World"),
        OpmlFeed("https://old.example/rdf", "Old", None),
        OpmlFeed("https://up.example/f", "UP", None),
    )


def test_a_list_that_is_not_well_formed_is_read_as_far_as_it_goes():
    assert read('<opml><body><outline text="A & B" xmlUrl="https://h.example/?a=1&b=2"><outline text="C" xmlUrl="https://h.example/c') == (
        OpmlFeed("https://h.example/?a=1&b=2", "A & B"),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no list of feeds"),
        ("<rss/>", "no list of feeds"),
        ("<html><opml></html>", "no list of feeds"),
        (b"\xff\xfe\x00\x01" * 20, "no list of feeds"),
        ("<opml><body/></opml>", "holds no feeds"),
        ('<opml><body><outline text="x" htmlUrl="https://h.example/"/></body></opml>', "holds no feeds"),
        ('<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><opml><outline text="&b;" xmlUrl="https://h.example/&b;"/></opml>', "declares entities"),
        ('<!DOCTYPE opml [<!ENTITY b SYSTEM "file:///etc/hostname">]><opml><outline text="&b;" xmlUrl="https://h.example/"/></opml>', "declares entities"),
    ],
)
def test_what_is_no_list_is_a_usage_error_with_a_hint(text, says):
    with pytest.raises(UsageError, match=says) as caught:
        read(text)
    assert caught.value.item == "feeds.opml"
    assert caught.value.hint


def test_is_opml_looks_at_the_root():
    assert is_opml(document("<?xml version='1.0'?>\n<!-- <html> -->\n<!DOCTYPE opml><opml version='2.0'/>"))
    assert is_opml(Document("<opml/>".encode("utf-16"), "x"))
    assert not is_opml(document("<rss><opml/></rss>"))
    assert not is_opml(document("text"))
    assert not is_opml(document(b"\x1f\x8b\x00"))


def test_folders_inside_each_other_end_somewhere():
    deep = '<outline text="f">' * 500 + '<outline text="x" xmlUrl="https://h.example/"/>' + "</outline>" * 500
    (feed,) = read(f"<opml><body>{deep}</body></opml>")
    assert feed.folder == "/".join("f" * 20)


WORDS = st.text(max_size=20).map(lambda t: plain(t, longest=100)).filter(lambda t: t is None or plain(t, longest=100) == t)
NAMES = WORDS.map(lambda t: (t or "").replace("/", "").strip()).filter(lambda t: bool(t) and plain(t, longest=100) == t)
FEEDS = st.lists(
    st.builds(
        OpmlFeed,
        st.integers(0, 10**6).map(lambda n: f"https://h.example/?a=1&n={n}"),
        WORDS,
        st.lists(NAMES, max_size=3).map("/".join).map(lambda f: f or None),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda f: f.url,
)


@given(FEEDS)
def test_what_is_written_is_read_again(feeds):
    assert read(write_opml(feeds)) == tuple(feeds)


@given(
    st.lists(st.builds(OpmlFeed, st.text(max_size=30), st.one_of(st.none(), st.text(max_size=30)), st.one_of(st.none(), st.text(max_size=30))), max_size=4),
    st.text(max_size=10),
)
def test_anything_can_be_written(feeds, title):
    text = write_opml(feeds, title=title)
    assert is_opml(document(text))


PIECES = st.sampled_from(
    [
        "<opml>",
        "</opml>",
        "<outline ",
        "text='x' ",
        "xmlUrl='https://h.example/",
        "'",
        ">",
        "/>",
        "</outline>",
        "&",
        "<!DOCTYPE x [",
        "<!ENTITY a 'b'>",
        "]>",
        "&a;",
        "<",
        "\x00",
        "é",
        "<!--",
    ]
)


@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=30).map(lambda p: ("<opml>" + "".join(p)).encode())))
def test_any_bytes_give_a_list_or_one_usage_error(content):
    try:
        found = read(content)
    except UsageError as error:
        assert error.item == "feeds.opml"
    else:
        assert found
        assert read(write_opml(found)) == found
