"""JSON Feed 1.0 and 1.1, right and wrong."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import SourceError
from onrecord.sources.document import Document
from onrecord.sources.feed import Feed, FeedKind
from onrecord.sources.feed_bounds import MOST_ENTRIES
from onrecord.sources.feeds import read_feed


def read(data, url="https://h.example/feed.json"):
    text = data if isinstance(data, (str, bytes)) else json.dumps(data)
    return read_feed(Document(text.encode() if isinstance(text, str) else text, url or "feed.json", url=url))


def feed(*items, **more):
    return read({"version": "https://jsonfeed.org/version/1.1", "title": "The Herald", "items": list(items), **more})


def test_an_item_with_everything():
    found = feed(
        {
            "id": "1", "url": "/a", "title": "Talks &amp; terms", "summary": "Short.", "content_html": '<p><a href="b">x</a></p>',
            "date_published": "2024-03-01T10:00:00Z", "date_modified": "2024-03-02T10:00:00Z", "authors": [{"name": "Jane Doe"}, {"name": "Raj Roy"}], "language": "en-GB",
        },
        home_page_url="https://h.example/", language="en",
    )  # fmt: skip
    assert (found.kind, found.title, found.link, found.language) == (FeedKind.JSON, "The Herald", "https://h.example/", "en")
    (entry,) = found.entries
    assert (entry.url, entry.guid, entry.title, entry.summary) == ("https://h.example/a", "1", "Talks & terms", "Short.")
    assert entry.content_html == '<p><a href="https://h.example/b">x</a></p>'
    assert (entry.published, entry.updated) == (datetime(2024, 3, 1, 10, tzinfo=UTC), datetime(2024, 3, 2, 10, tzinfo=UTC))
    assert (entry.authors, entry.language) == (("Jane Doe", "Raj Roy"), "en-GB")


def test_version_1_numbers_as_ids_plain_text_and_an_author_for_all():
    found = read({"version": "https://jsonfeed.org/version/1", "author": {"name": "The desk"}, "items": [{"id": 7, "content_text": "One.\n\nTwo < three."}]})
    assert found.entries[0].guid == "7"
    assert found.entries[0].content_html == "<p>One.</p><p>Two &lt; three.</p>"
    assert found.entries[0].authors == ("The desk",)
    assert found.entries[0].url is None


def test_the_external_address_and_the_id_stand_in_for_the_address():
    one, two = feed({"id": "x", "external_url": "https://o.example/1"}, {"id": "https://h.example/2"}).entries
    assert (one.url, two.url) == ("https://o.example/1", "https://h.example/2")


def test_odd_values_are_unknown_and_odd_items_are_left_out():
    found = feed({"id": True, "url": 5, "title": ["x"], "content_html": {}, "content_text": "t", "authors": "x", "date_published": 5}, 3, None, "x")
    assert len(found.entries) == 1
    assert found.entries[0].title is None
    assert "3 items are no objects and are left out" in found.notes


def test_a_file_states_its_own_address_and_a_mark_is_no_harm():
    text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "feed_url": "https://h.example/f.json", "items": [{"id": "1", "url": "a"}]})
    found = read(b"\xef\xbb\xbf" + text.encode(), url=None)
    assert (found.url, found.entries[0].url) == ("https://h.example/f.json", "https://h.example/a")


def test_a_hundred_thousand_items_are_cut_with_a_note():
    found = feed(*({"id": str(i), "title": "t"} for i in range(100_000)))
    assert len(found.entries) == MOST_ENTRIES
    assert f"100000 entries, of which the first {MOST_ENTRIES} are read" in found.notes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id"', "this is no JSON"),
        ("[1, 2]", "no JSON Feed"),
        ('{"items": [{"name": "x"}]}', "no JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "no JSON Feed"),
        ("[" * 100_000, "this is no JSON"),
        ('{"a": ' + "9" * 10_000 + "}", "this is no JSON"),
    ],
)
def test_other_json_is_one_clear_error(text, says):
    with pytest.raises(SourceError, match=says) as caught:
        read(text)
    assert caught.value.hint


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda v: st.one_of(st.lists(v, max_size=3), st.dictionaries(st.text(max_size=5), v, max_size=3)),
    max_leaves=5,
)
KEYS = st.sampled_from(
    [
        "id",
        "url",
        "external_url",
        "title",
        "summary",
        "content_html",
        "content_text",
        "date_published",
        "date_modified",
        "author",
        "authors",
        "language",
        "name",
    ]
)


@given(
    st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=4),
    st.dictionaries(st.sampled_from(["title", "home_page_url", "feed_url", "language", "author", "authors"]), VALUES),
)
def test_values_of_any_kind_give_a_feed(items, more):
    found = feed(*items, **more)
    assert isinstance(found, Feed)
    for entry in found.entries:
        assert all(v is None or isinstance(v, str) for v in (entry.url, entry.guid, entry.title, entry.summary, entry.content_html, entry.language))
