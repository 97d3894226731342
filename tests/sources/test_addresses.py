"""One form for each address of the web."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onrecord.errors import RefusedError
from onrecord.sources import canonical
from onrecord.sources.addresses import RULE, target_of


@pytest.mark.parametrize(
    ("given_as", "form"),
    [
        ("HTTP://News.Example", "http://news.example/"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:443/a", "http://news.example:443/a"),
        ("http://news.example:/a", "http://news.example/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://news.example/a#comments", "https://news.example/a"),
        ("https://news.example/a?", "https://news.example/a"),
        ("https://news.example?b=2&a=1", "https://news.example/?b=2&a=1"),
        ("https://news.example/a/./b/../c/%2e%2E/d", "https://news.example/a/d"),
        ("https://news.example/a/..", "https://news.example/"),
        ("https://news.example/../../a/.", "https://news.example/a/"),
        ("https://news.example/a//b", "https://news.example/a//b"),
        ("https://news.example/%7euser/%c3%a9t%C3%A9/%2f", "https://news.example/~user/%C3%A9t%C3%A9/%2F"),
        ("https://news.example/été 100%?q=ü|", "https://news.example/%C3%A9t%C3%A9%20100%25?q=%C3%BC%7C"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://news。example/", "https://news.example/"),
        ("https://n%65ws.example/", "https://news.example/"),
        ("http://[2001:DB8:0::1]:80/", "http://[2001:db8::1]/"),
        ("  https://news.example/a\n", "https://news.example/a"),
        ("https://news.exam\nple/a\tb", "https://news.example/ab"),
        ("https://reader:secret@news.example/a", "https://news.example/a"),
    ],
)
def test_one_form_for_many(given_as, form):
    assert canonical(given_as) == form


@pytest.mark.parametrize(
    "extra",
    [
        "utm_source=x&utm_medium=rss",
        "fbclid=1",
        "gclid=1",
        "UTM_Campaign=z",
        "at_medium=RSS",
        "mc_cid=7&mc_eid=8",
        "CMP=share",
        "utm%5Fsource=x",
        "utm_source",
        "igshid=a&",
        "smid=tw",
    ],
)
def test_parameters_that_track_readers_go_and_the_others_keep_their_order(extra):
    assert canonical(f"https://news.example/a?z=1&{extra}&id=5") == "https://news.example/a?z=1&id=5"
    assert canonical(f"https://news.example/a?{extra}") == "https://news.example/a"


def test_a_link_escaped_once_too_often_loses_its_tracking_too():
    assert canonical("https://news.example/a?id=5&amp;utm_source=rss&amp;amp;utm_medium=x&amp;p=2") == "https://news.example/a?id=5&p=2"


@pytest.mark.parametrize("name", ["ref", "source", "cid", "id", "s", "p", "page", "session", "keyword", "reference", "at", "cmpx", "sourceId", "category"])
def test_parameters_that_may_tell_pages_apart_stay(name):
    assert canonical(f"https://news.example/a?{name}=5") == f"https://news.example/a?{name}=5"


@pytest.mark.parametrize("pair", [("/a", "/a/"), ("/a?b=1&c=2", "/a?c=2&b=1"), ("/a?b=", "/a?b"), ("/A", "/a"), ("/a%2Fb", "/a/b"), ("/amp/a", "/a")])
def test_what_may_be_two_pages_stays_two(pair):
    one, other = (canonical(f"https://news.example{path}") for path in pair)
    assert one != other


@pytest.mark.parametrize(
    "text",
    ["", "news.example/a", "/a/b", "//news.example/a", "ftp://news.example/", "mailto:a@b.example", "http://", "http:///a", "http://[::1", "http://a..b/", "http://a b/", "https:news.example",
     "http://news.example:99999/", "http://news.example:x/", "http://[fe80::1%25eth0]/", "http://" + "a" * 64 + ".example/", "http://" + "ab." * 100 + "example/", "javascript:void(0)", "http://\udc80/", "http://a\\b/", "C:\\a.html"],
)  # fmt: skip
def test_what_is_no_web_address_stays_as_it_is(text):
    assert canonical(text) == text


@pytest.mark.parametrize(
    ("relative", "form"),
    [
        ("../c?utm_source=x#y", "https://news.example/c"),
        ("//other.example/x", "https://other.example/x"),
        ("https://Third.example", "https://third.example/"),
        ("", "https://news.example/a/b"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("http://[", "http://["),
    ],
)
def test_relative_addresses_are_read_from_the_page_they_stand_in(relative, form):
    assert canonical(relative, base="https://news.example/a/b") == form


def test_a_base_that_is_no_address_changes_nothing():
    assert canonical("b", base="http://[") == "b"
    assert canonical("b", base="notes") == "b"


@pytest.mark.parametrize("piece", ["&amp;", "amp;", "../", "%25", "é", "&utm_a=1", "a.", "%"])
def test_long_addresses_take_no_longer_than_their_length(piece):
    for start in ("https://news.example/?a&", "https://news.example/", "https://"):
        text = start + piece * 50_000
        assert canonical(canonical(text)) == canonical(text)


_PIECES = st.sampled_from(
    ["http://", "HTTPS://", "news.example", "Ü.example", "ß", "。", "/", "//", "..", ".", "%2e", "%", "%25", "%41", "%e2%82", "%61mp;", "&", "&amp;", "amp;", "?", "#", "=", "utm_source", ":80", ":443", ":",
     "@", "[::1]", "\\", " ", "\t", "\n", "\x00", "é", "\udc80", "x", ";", "+", "a=1", "‍", "xn--", "\u00ad"]
)  # fmt: skip
_ADDRESSES = st.one_of(st.text(), st.lists(_PIECES).map("".join), st.lists(_PIECES).map(lambda pieces: "https://news.example" + "".join(pieces)))


@given(_ADDRESSES, st.none() | _ADDRESSES)
@example("https://news.example/%%%34%31", None)
@example("https://news.example/?a&%61mp;b", None)
def test_any_string_has_a_form_and_that_form_is_its_own(text, base):
    form = canonical(text, base=base)
    assert canonical(form) == form
    if form != text and base is None:
        assert form.isascii()
        assert form.startswith(("http://", "https://"))


@given(_ADDRESSES)
def test_any_string_is_a_target_or_refused(text):
    try:
        target = target_of(text)
    except RefusedError as error:
        assert error.message
    else:
        assert target.path.isascii()
        assert target.path.startswith("/")
        assert not set(target.path) & set(" #\r\n\t\x00")
        assert target.host.isascii()


def test_a_target_is_sent_as_it_was_written():
    target = target_of("HTTPS://News.example:8443/%7ea/é?utm_source=x&b=%2c#top")
    assert (target.origin, target.path, target.site) == ("https://news.example:8443", "/%7ea/%C3%A9?utm_source=x&b=%2c", "news.example:8443")


def test_http_and_https_are_one_site_with_two_origins():
    plain, secure = target_of("http://news.example/"), target_of("https://news.example/")
    assert plain.site == secure.site == "news.example"
    assert plain.origin != secure.origin


def test_the_rule_has_a_name():
    assert RULE == "address.v1"
