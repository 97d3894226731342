"""What is followed, and what a round asks for, reads and writes down: over real HTTP, with a clock that the test moves."""

import contextlib
import gzip
import time
from datetime import datetime, timedelta
from functools import partial

import pytest
from local_server import Asked, Reply

from onrecord.errors import ModelError, NotFoundError, SourceError, UsageError
from onrecord.ledger.following import FEW, LEASE, TRIES, claim_links
from onrecord.sources.connection import Limits
from onrecord.sources.polite import Web

HOUR = 3600.0


def counts(tally):
    return tally.documents, tally.articles, tally.revisions, tally.statements, tally.known, tally.unchanged, len(tally.errors)


def due_in(row, clock):
    """Hours from now until a feed or page is asked for again; None for never."""
    return None if row["due"] is None else (datetime.fromisoformat(row["due"]) - clock.now()).total_seconds() / HOUR


# What is followed


def test_a_feed_is_followed_by_its_address(room, site):
    feed = site.feed("/feed.xml")
    assert [(f.url, f.title, f.kind, f.new) for f in room.follow(feed)] == [(feed, "The Pier", "rss", True)]


def test_a_feed_that_is_followed_already_is_said_to_be(room, site):
    feed = site.feed("/feed.xml")
    room.follow(feed)
    assert [f.new for f in room.follow(feed)] == [False]
    assert [f.new for f in room.follow(f"{feed}#top")] == [False]
    assert len(room.desk.status().feeds) == 1


def test_a_home_page_leads_to_the_feed_that_it_announces(room, site):
    site.feed("/news/all.rss")
    site.server.page("/", '<html><head><link rel="alternate" type="application/rss+xml" href="news/all.rss"></head><body><p>Welcome</p></body></html>')
    assert [(f.url, f.kind) for f in room.follow(site.at("/"))] == [(site.at("/news/all.rss"), "rss")]
    assert site.asked("/feed") == 0


def test_a_feed_that_a_page_announces_and_that_is_none_is_passed_over(room, site):
    site.feed("/real.xml")
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{h}">' for h in ("/dead.xml", "/page", "/real.xml"))
    site.server.page("/", f"<html><head>{links}</head><body></body></html>")
    site.server.page("/page", "<html><body>Subscribe!</body></html>")
    assert [f.url for f in room.follow(site.at("/"))] == [site.at("/real.xml")]


def test_a_home_page_that_announces_none_leads_to_where_feeds_mostly_are(room, site):
    site.server.page("/", "<html><body><p>Welcome</p></body></html>")
    site.feed("/rss.xml")
    assert [f.url for f in room.follow(site.at("/"))] == [site.at("/rss.xml")]


def test_robots_txt_leads_to_a_sitemap_where_there_is_no_feed(room, site):
    site.server.page("/", "<html><body><p>Welcome</p></body></html>")
    site.sitemap("/maps/news-today.xml", site.at("/a"))
    site.sitemap("/sitemap.xml", site.at("/old"))
    site.server.robots(f"User-agent: *\nDisallow: /private\nSitemap: {site.at('/maps/all.xml')}\nSitemap: {site.at('/maps/news-today.xml')}\n")
    assert [(f.url, f.kind) for f in room.follow(site.at("/"))] == [(site.at("/maps/news-today.xml"), "sitemap")]


def test_a_page_without_a_feed_is_a_clear_error(room, site):
    site.server.page("/", "<html><body><p>Welcome</p></body></html>")
    with pytest.raises(SourceError, match="no feed is here") as caught:
        room.follow(site.at("/"))
    assert caught.value.item == site.at("/")
    assert "RSS" in caught.value.hint
    assert room.desk.status().feeds == ()


@pytest.mark.parametrize(("status", "error"), [(404, NotFoundError), (500, SourceError), (403, SourceError)])
def test_an_address_that_cannot_be_had_is_a_clear_error(room, site, status, error):
    site.server["/feed.xml"] = Reply(b"no", status)
    with pytest.raises(error, match=str(status)):
        room.follow(site.at("/feed.xml"))


def test_a_list_of_feeds_is_followed_from_a_file_and_from_an_address(room, site, tmp_path):
    first, second = site.feed("/1.xml"), site.feed("/2.xml")
    opml = (
        f'<opml version="2.0"><body><outline text="All"><outline text="One" xmlUrl="{first}"/><outline text="Two" xmlUrl="{second}"/></outline></body></opml>'
    )
    (tmp_path / "feeds.opml").write_text(opml)
    assert [(f.url, f.title, f.new) for f in room.desk.follow(tmp_path / "feeds.opml")] == [(first, "One", True), (second, "Two", True)]
    site.server.page("/feeds.opml", opml, content_type="text/x-opml")
    assert [f.new for f in room.follow(site.at("/feeds.opml"))] == [False, False]
    assert room.update().errors == []
    assert [f.kind for f in room.desk.status().feeds] == ["rss", "rss"]


def test_a_file_that_is_no_list_of_feeds_is_a_clear_error(room, tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(SourceError, match="no OPML list"):
        room.desk.follow(tmp_path / "a.txt")
    with pytest.raises(NotFoundError) as caught:
        room.desk.follow("pier.example")
    assert "https://" in caught.value.hint
    (tmp_path / "none.opml").write_text("<opml><body/></opml>")
    with pytest.raises(UsageError, match="no feeds"):
        room.desk.follow(tmp_path / "none.opml")


def test_a_feed_that_has_moved_for_good_is_followed_where_it_is(room, site):
    new = site.feed("/new.xml")
    site.server.moved("/old.xml", "/new.xml")
    assert [f.url for f in room.follow(site.at("/old.xml"))] == [new]


def test_a_feed_is_unfollowed_and_what_came_from_it_stays(room, site, clock):
    feed = site.feed("/feed.xml", site.article("/a"))
    room.follow(feed)
    room.update()
    room.desk.unfollow(feed)
    clock.later(hours=30)
    assert counts(room.updated(everything=True)) == (0, 0, 0, 0, 0, 0, 0)
    assert (site.asked("/feed.xml"), site.asked("/a")) == (2, 1)
    assert len(room.said()) == 1
    with pytest.raises(UsageError, match="not followed"):
        room.desk.unfollow(feed)
    assert [f.new for f in room.follow(feed)] == [True]
    assert counts(room.updated())[5:] == (0, 0)
    assert site.asked("/a") == 2


# What a round asks for


def test_what_is_new_is_fetched_once_and_read(room, site, clock):
    first, second = site.article("/a"), site.article("/b")
    room.follow(site.feed("/feed.xml", first, second))
    assert counts(room.update()) == (2, 2, 0, 2, 0, 0, 0)
    assert room.said() == {"“We will speak of a again in the spring,”", "“We will speak of b again in the spring,”"}
    site.feed("/feed.xml", site.article("/c"), first, second)
    clock.later(minutes=20)
    assert counts(room.update()) == (1, 1, 0, 1, 0, 0, 0)
    assert [site.asked(p) for p in ("/a", "/b", "/c")] == [1, 1, 1]


def test_the_outlet_that_the_user_named_goes_with_the_articles(room, site):
    room.follow(site.feed("/feed.xml", site.article("/a")), outlet="The Pier Gazette")
    room.update()
    assert [h.where.outlet for h in room.desk.search()] == ["The Pier Gazette"]


def test_nothing_due_asks_nobody_and_is_quick(room, site):
    room.follow(site.feed("/feed.xml", site.article("/a")))
    room.update()
    asked = len(site.server.asked)
    began = time.perf_counter()
    assert counts(room.update()) == (0, 0, 0, 0, 0, 0, 0)
    assert time.perf_counter() - began < 1
    assert len(site.server.asked) == asked


def test_a_feed_is_asked_as_often_as_the_user_says_or_when_told_to(room, site, clock):
    room.follow(site.feed("/feed.xml"))
    room.update(every=timedelta(hours=2))
    clock.later(hours=1)
    room.update(every=timedelta(hours=2))
    assert site.asked("/feed.xml") == 2
    room.update(every=timedelta(hours=2), everything=True)
    assert site.asked("/feed.xml") == 3
    clock.later(hours=2)
    room.update()
    assert site.asked("/feed.xml") == 4


def test_robots_txt_is_asked_for_once_by_a_desk_that_goes_on(room, site, clock):
    site.server.robots("User-agent: *\nDisallow: /private\n")
    room.follow(site.feed("/feed.xml", site.article("/a")))
    for _ in range(3):
        room.update()
        clock.later(minutes=20)
    assert site.asked("/robots.txt") == 1


def test_a_feed_and_a_page_that_have_not_changed_are_not_sent_again(room, site, clock):
    page = site.article("/a", etag='"a1"', last_modified="Mon, 02 Mar 2026 07:00:00 GMT")
    room.follow(site.feed("/feed.xml", page, etag='"f1"'))
    room.update()
    clock.later(hours=1)
    read = len(room.read)
    assert counts(room.update()) == (0, 0, 0, 0, 0, 1, 0)
    assert len(room.read) == read
    last = {a.path: a.headers for a in site.server.asked}
    assert last["/feed.xml"]["if-none-match"] == '"f1"'
    assert (last["/a"]["if-none-match"], last["/a"]["if-modified-since"]) == ('"a1"', "Mon, 02 Mar 2026 07:00:00 GMT")
    assert due_in(room.link(page), clock) == 3


def test_a_page_that_was_sent_again_with_the_same_bytes_is_known(room, site, clock):
    room.follow(site.feed("/feed.xml", site.article("/a")))
    room.update()
    clock.later(hours=1)
    assert counts(room.update()) == (0, 0, 0, 0, 1, 0, 0)


def test_an_article_is_looked_at_again_on_a_schedule(room, site, clock):
    page = site.article("/a", etag='"1"')
    room.follow(site.feed("/feed.xml", page, etag='"f"'))
    looked = []
    for hour in range(200):
        before = site.asked("/a")
        room.update()
        if site.asked("/a") > before:
            looked.append(hour)
        clock.later(hours=1)
    assert looked == [0, 1, 4, 12, 24, 48, 168]
    assert room.link(page)["due"] is None


def test_a_page_that_changed_has_a_second_revision(room, site, clock):
    page = site.article("/a", "We will mend the landing in March")
    room.follow(site.feed("/feed.xml", page))
    room.update()
    site.article("/a", "We will mend the landing in April")
    clock.later(hours=1)
    assert counts(room.update()) == (1, 0, 1, 1, 0, 0, 0)
    history = room.desk.article(page)
    assert [(t.number, t.cause, t.current) for t in history.texts] == [(1, "found", False), (2, "found", True)]
    assert history.texts[1].changes
    assert room.said() == {"“We will mend the landing in April,”"}
    assert history.texts[1].seen - history.texts[0].seen == timedelta(hours=1)


def test_an_entry_that_says_that_it_was_updated_is_fetched_at_once(room, site, clock):
    still, changed = site.article("/still"), site.article("/changed")
    room.follow(site.atom("/feed.xml", (still, "2026-03-02T07:00:00Z"), (changed, "2026-03-02T07:00:00Z")))
    room.update()
    site.atom("/feed.xml", (still, "2026-03-02T08:00:00+01:00"), (changed, "2026-03-02T08:10:00Z"))
    site.article("/changed", "We will not mend it at all")
    clock.later(minutes=20)
    assert counts(room.update()) == (1, 0, 1, 1, 0, 0, 0)
    assert (site.asked("/still"), site.asked("/changed")) == (1, 2)


def test_an_entry_whose_headline_changed_is_fetched_at_once_if_it_says_nothing_of_when(room, site, clock):
    page = site.article("/a")
    room.follow(site.feed("/feed.xml", (page, "<title>Ferry late</title>")))
    room.update()
    site.feed("/feed.xml", (page, "<title>Ferry lost</title>"))
    clock.later(minutes=20)
    room.update()
    assert site.asked("/a") == 2


def test_an_entry_that_kept_its_guid_and_has_a_new_address_is_the_same_article_if_the_outlet_says_so(room, site, clock):
    head = f'<link rel="canonical" href="{site.at("/harbour")}">'
    first = site.article("/harbour", head=head)
    room.follow(site.feed("/feed.xml", (first, "<guid isPermaLink='false'>77</guid><title>A</title>")))
    room.update()
    second = site.article("/harbour-2", "We will speak of harbour again in the spring", head=head)
    site.feed("/feed.xml", (second, "<guid isPermaLink='false'>77</guid><title>A</title>"))
    clock.later(minutes=20)
    assert counts(room.update())[:4] == (1, 0, 0, 0)
    assert room.desk.status().counts["articles"] == 1


def test_an_article_in_two_feeds_is_fetched_once(room, site, other_site, clock):
    page = site.article("/a")
    room.follow(site.feed("/1.xml", (page, "<title>In the first</title>")))
    room.follow(other_site.feed("/2.xml", (f"{page}?utm_source=rss#top", "<title>Other words for it</title>")))
    assert counts(room.update()) == (1, 1, 0, 1, 0, 0, 0)
    for _ in range(2):
        clock.later(minutes=20)
        assert counts(room.update()) == (0, 0, 0, 0, 0, 0, 0)
    assert site.asked("/a") == 1


def test_an_article_of_two_feeds_goes_on_with_the_one_that_is_still_followed(room, site, clock):
    page = site.article("/a")
    first, second = site.feed("/1.xml", page), site.feed("/2.xml", page)
    room.follow(first)
    room.update()
    room.follow(second)
    room.desk.unfollow(first)
    clock.later(hours=1)
    assert counts(room.update())[4] == 1
    assert site.asked("/a") == 2


def test_links_are_relative_to_the_feed(room, site):
    site.article("/news/a")
    room.follow(site.feed("/news/feed.xml", "a"))
    assert counts(room.update())[:2] == (1, 1)
    assert room.desk.article(site.at("/news/a")).texts


def test_a_page_that_redirects_is_known_under_the_address_where_it_is(room, site, clock):
    site.article("/2026/a", etag='"1"')
    site.server.moved("/short", "/2026/a")
    site.server.moved("/soon", "/2026/a", status=302)
    room.follow(site.feed("/feed.xml", site.at("/short"), site.at("/soon")))
    assert counts(room.update())[:3] == (1, 1, 0)
    assert room.desk.article(site.at("/2026/a")).url == site.at("/2026/a")
    clock.later(hours=1)
    assert counts(room.update())[5] == 2


def test_a_feed_that_moves_for_good_is_asked_where_it_is_from_then_on(room, site, clock):
    old, page = site.feed("/old.xml"), site.article("/a")
    room.follow(old)
    room.update()
    new = site.feed("/new.xml", page)
    site.server.moved("/old.xml", "/new.xml")
    for _ in range(2):
        clock.later(minutes=20)
        room.update()
    assert (site.asked("/old.xml"), site.asked("/new.xml"), site.asked("/a")) == (3, 2, 1)
    assert [f.url for f in room.desk.status().feeds] == [new]


def test_a_feed_that_moves_for_now_keeps_its_address(room, site, clock):
    old = site.feed("/old.xml")
    room.follow(old)
    site.feed("/elsewhere.xml")
    site.server.moved("/old.xml", "/elsewhere.xml", status=302)
    clock.later(minutes=20)
    room.update()
    assert [f.url for f in room.desk.status().feeds] == [old]


def test_a_feed_that_moves_to_where_another_is_followed_is_one_with_it(room, site, clock):
    page = site.article("/a", etag='"1"')
    old, new = site.feed("/old.xml", page), site.feed("/new.xml", page)
    room.follow(old)
    room.update()
    room.follow(new)
    site.server.moved("/old.xml", "/new.xml")
    for _ in range(2):
        clock.later(hours=1)
        room.update()
    assert [(f.url, f.active) for f in room.desk.status().feeds] == [(old, False), (new, True)]
    assert site.asked("/old.xml") == 3
    clock.later(hours=3)
    assert room.update().unchanged == 1


def test_more_pages_than_are_fetched_at_a_time_are_all_fetched_in_one_round(room, site):
    pages = [site.article(f"/{n}") for n in range(101)]
    room.follow(site.feed("/feed.xml", *pages))
    assert counts(room.update()) == (101, 101, 0, 101, 0, 0, 0)
    assert len(site.server.paths) == 101 + 3


def test_a_long_list_makes_no_other_feed_wait(room, site, other_site):
    room.follow(site.sitemap("/sitemap.xml", *[site.article(f"/{n}") for n in range(120)]))
    room.follow(other_site.feed("/feed.xml", other_site.article("/b")))
    with contextlib.closing(room.desk.updating(allow_private=True)) as filed:
        names = [next(filed).name for _ in range(48)]
    assert other_site.at("/b") in names


# Sitemaps


def test_a_sitemap_is_followed_like_a_feed(room, site):
    room.follow(site.sitemap("/sitemap.xml", site.article("/a"), site.article("/b")))
    assert counts(room.update())[:2] == (2, 2)


def test_the_sitemaps_of_an_index_are_looked_into_every_time_and_sent_when_they_changed(room, site, clock):
    maps = [site.at(f"/{n}.xml") for n in (1, 2)]
    site.sitemap("/1.xml", site.article("/a"))
    asked_since = []

    def second(asked: Asked) -> Reply:
        asked_since.append(asked.headers.get("if-modified-since"))
        changed = len(asked_since) > 2
        if not changed and asked_since[-1]:
            return Reply(status=304)
        links = "".join(f"<url><loc>{u}</loc></url>" for u in [site.article("/b"), *([site.article("/c")] if changed else [])])
        return Reply(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{links}</urlset>'.encode(), headers={"content-type": "application/xml"})

    site.server["/2.xml"] = second
    room.follow(site.sitemap("/index.xml", *maps, index=True, etag='"same"'))
    assert counts(room.update())[:2] == (2, 2)
    clock.later(minutes=20)
    assert counts(room.update())[:2] == (0, 0)
    clock.later(minutes=20)
    assert counts(room.update())[:2] == (1, 1)
    assert asked_since == [None, "Mon, 02 Mar 2026 08:00:00 GMT", "Mon, 02 Mar 2026 08:20:00 GMT"]


def test_a_sitemap_of_an_index_that_fails_is_said_and_asked_again_whole(room, site, other_site, clock):
    site.sitemap("/1.xml", site.article("/a"))
    other_site.server["/2.xml"] = Reply(b"", 503)
    room.follow(site.sitemap("/index.xml", site.at("/1.xml"), other_site.at("/2.xml"), site.at("/gone.xml"), index=True))
    tally = room.update()
    assert counts(tally)[:2] == (1, 1)
    assert [e.item for e in tally.errors] == [other_site.at("/2.xml")]
    other_site.sitemap("/2.xml", site.article("/b"), last_modified="Sun, 01 Mar 2026 07:00:00 GMT")
    clock.later(minutes=20)
    assert counts(room.updated()) == (1, 1, 0, 1, 0, 0, 0)


# What goes wrong


def test_a_page_that_is_gone_after_it_was_read_is_not_asked_for_again(room, site, clock):
    page = site.article("/a")
    room.follow(site.feed("/feed.xml", page))
    room.update()
    site.server["/a"] = Reply(b"", 410)
    clock.later(hours=1)
    assert [e.item for e in room.update().errors] == [page]
    clock.later(days=10)
    assert room.updated().errors == []
    assert (room.link(page)["state"], room.link(page)["due"], site.asked("/a")) == ("gone", None, 2)
    assert len(room.said()) == 1


def test_a_page_that_is_not_there_yet_is_tried_some_times(room, site, clock):
    late, never = site.at("/late"), site.at("/never")
    room.follow(site.feed("/feed.xml", late, never))
    assert len(room.update().errors) == 2
    site.article("/late")
    for _ in range(6):
        clock.later(hours=1)
        room.updated()
    assert (site.asked("/never"), room.link(never)["state"], room.link(never)["due"]) == (FEW, "failed", None)
    assert room.link(late)["state"] == "done"


def test_a_page_that_asks_for_patience_is_given_it_by_every_run(room, site, clock):
    page = site.at("/a")
    site.server["/a"] = Reply(b"", 429, {"retry-after": "7200"})
    room.follow(site.feed("/feed.xml", page))
    assert len(room.update().errors) == 1
    assert due_in(room.link(page), clock) == 2
    site.feed("/feed.xml", (page, "<title>Other words</title>"))
    site.article("/a")
    clock.later(hours=1)
    assert counts(room.updated())[:2] == (0, 0)
    assert site.asked("/a") == 1
    clock.later(hours=1)
    assert counts(room.updated())[:2] == (1, 1)


def test_a_feed_that_asks_for_patience_is_given_it_by_every_run(room, site, clock):
    feed = site.feed("/feed.xml")
    room.follow(feed)
    site.server["/feed.xml"] = Reply(b"", 429, {"retry-after": "7200"})
    assert len(room.update().errors) == 1
    assert due_in(room.feed(feed), clock) == 2
    site.feed("/feed.xml", site.article("/a"))
    clock.later(hours=1)
    room.updated()
    assert site.asked("/feed.xml") == 2
    clock.later(hours=1)
    assert counts(room.updated())[:2] == (1, 1)
    assert room.feed(feed)["failures"] == 0


def test_a_server_in_trouble_is_asked_ever_less_often_and_forgiven(room, site, clock):
    page = site.at("/a")
    site.server["/a"] = Reply(b"", 500)
    room.follow(site.feed("/feed.xml", page))
    pauses = []
    for _ in range(4):
        room.updated()
        pauses.append(due_in(room.link(page), clock) * 60)
        clock.later(minutes=pauses[-1])
    assert pauses == [10, 20, 40, 80]
    site.article("/a")
    assert counts(room.updated())[:2] == (1, 1)
    assert (room.link(page)["tries"], room.link(page)["error"]) == (0, None)


def test_a_page_that_never_comes_is_given_up_until_its_feed_says_that_it_changed(room, site, clock):
    page = site.at("/a")
    site.server["/a"] = Reply(b"", 500)
    feed = site.feed("/feed.xml", (page, "<title>One</title>"), etag='"1"')
    room.follow(feed)
    for _ in range(TRIES + 3):
        room.updated()
        clock.later(hours=25)
    assert (site.asked("/a"), room.link(page)["due"]) == (TRIES, None)
    site.feed("/feed.xml", (page, "<title>Two</title>"), etag='"2"')
    site.article("/a")
    assert counts(room.updated())[:2] == (1, 1)


def test_a_page_that_fails_is_not_asked_twice_in_one_round(room, site, clock):
    room.follow(site.feed("/feed.xml", *[site.at(f"/{n}") for n in range(60)]))

    def slow(_: Asked) -> Reply:
        clock.later(minutes=11)
        return Reply(b"", 404)

    for n in range(60):
        site.server[f"/{n}"] = slow
    assert len(room.update().errors) == 60
    assert [site.asked(f"/{n}") for n in range(60)] == [1] * 60


def test_a_host_that_is_down_or_slow_stops_no_other(room, site, other_site):
    room.web = partial(Web, Limits(seconds=0.5), per_host_seconds=0.0, clock=room.clock, sleep=room.clock.sleep, now=room.clock.now)
    other_site.server["/silent"] = Reply(b"late", delay=3)
    slow = [other_site.at("/silent"), other_site.at("/drop")]
    room.follow(site.feed("/feed.xml", "http://127.0.0.1:9/down", *slow, site.article("/a")))
    tally = room.update()
    assert counts(tally)[:2] == (1, 1)
    assert sorted(e.item for e in tally.errors) == sorted(["http://127.0.0.1:9/down", *slow])


def test_a_page_that_comes_too_slowly_is_left(room, site):
    room.web = partial(Web, Limits(seconds=0.5), per_host_seconds=0.0, clock=room.clock, sleep=room.clock.sleep, now=room.clock.now)
    site.server["/a"] = Reply(b"<p>" + b"word " * 50, headers={"content-type": "text/html"}, pause=0.1, piece=2)
    room.follow(site.feed("/feed.xml", site.at("/a")))
    began = time.monotonic()
    assert len(room.update().errors) == 1
    assert time.monotonic() - began < 5


def test_what_robots_txt_forbids_is_an_error_once_and_never_asked_for(room, site, clock):
    site.server.robots("User-agent: *\nDisallow: /private\n")
    page = site.article("/private/a")
    room.follow(site.feed("/feed.xml", page))
    tally = room.update()
    assert [(e.item, "robots.txt" in e.message) for e in tally.errors] == [(page, True)]
    for _ in range(5):
        clock.later(days=2)
        assert room.updated().errors == []
    assert site.asked("/private/a") == 0


def test_a_robots_txt_that_cannot_be_had_for_now_loses_no_page(room, site, other_site, clock):
    other_site.server.robots(None, status=503)
    page = other_site.article("/a")
    room.follow(site.feed("/feed.xml", page))
    assert ["status 503" in e.message for e in room.update().errors] == [True]
    other_site.server["/robots.txt"] = Reply(b"", 404)
    clock.later(minutes=20)
    assert counts(room.updated()) == (1, 1, 0, 1, 0, 0, 0)


def big() -> bytes:
    item = f"<item><title>Old</title><description>{'word ' * 2000}</description></item>"
    return f"<rss version='2.0'><channel><title>Big</title>{item * (20 * 2**20 // len(item))}<item><link>LINK</link></item></channel></rss>".encode()


@pytest.mark.parametrize(
    ("body", "articles", "errors"),
    [
        (b"<rss><channel><item><link>LINK</link><title>Ferry & pier</title></item><item>", 1, 0),
        (b"", 0, 1),
        (b"<rss version='2.0'><channel></channel></rss>", 0, 0),
        (b"<!doctype html><html><body>We moved</body></html>", 0, 1),
        (b"<rss><channel><item><title>No link</title></item><item><guid>77</guid><title>x</title></item></channel></rss>", 0, 0),
        (b"<rss><channel><item><link>mailto:a@pier.example</link></item><item><link>javascript:x</link></item></channel></rss>", 0, 0),
        (b"\x00\x01\x02\xff" * 50, 0, 1),
        (b"%PDF-1.7", 0, 1),
        ("<?xml version='1.0' encoding='utf-16'?><rss><channel><item><link>LINK</link></item></channel></rss>".encode("utf-16"), 1, 0),
        (gzip.compress(b"<rss><channel><item><link>LINK</link></item></channel></rss>"), 1, 0),
        (b"<rss><channel><item><link>http://[::1</link></item><item><link>LINK</link></item></channel></rss>", 1, 0),
    ],
    ids=["cut", "empty", "no entries", "page", "no links", "other schemes", "noise", "pdf", "utf-16", "gzip", "bad address"],
)
def test_whatever_a_feed_turns_into_gives_articles_or_one_error(room, site, clock, *, body, articles, errors):
    feed, page = site.feed("/feed.xml"), site.article("/a")
    room.follow(feed)
    wide = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    packed = body.startswith(b"\x1f\x8b")
    body = gzip.decompress(body) if packed else body
    body = body.replace("LINK".encode(wide)[2 if wide == "utf-16" else 0 :], page.encode(wide)[2 if wide == "utf-16" else 0 :])
    site.server.page("/feed.xml", gzip.compress(body) if packed else body, content_type="application/rss+xml")
    clock.later(minutes=20)
    tally = room.update()
    assert (tally.articles, len(tally.errors)) == (articles, errors)
    assert (room.feed(feed)["error"] is not None) == bool(errors)
    assert all(e.item == feed and e.message for e in tally.errors)


def test_a_feed_of_20_mb_is_read(room, site, clock):
    feed = site.feed("/feed.xml")
    room.follow(feed)
    site.server.page("/feed.xml", big().replace(b"LINK", site.article("/a").encode()), content_type="application/rss+xml")
    clock.later(minutes=20)
    assert counts(room.update())[:2] == (1, 1)


# What a page can be


def test_what_is_no_article_in_english_is_kept_with_its_condition_and_without_statements(room, site):
    french = "".join(
        f"<p>Le bateau est arrivé en retard pour la {n} fois, et les habitants attendaient sous la pluie.</p>" for n in ("première", "deuxième", "troisième")
    )
    site.server.page("/fr", f"<html lang='fr'><body><article><h1>Le bateau</h1>{french}</article></body></html>")
    site.server.page("/empty", "")
    site.server.page("/menu", "<html><body><nav><a href='/'>Home</a></nav></body></html>")
    room.follow(site.feed("/feed.xml", site.at("/fr"), site.at("/empty"), site.at("/menu"), site.article("/a")))
    tally = room.update()
    assert (tally.documents, tally.articles, tally.statements, tally.errors) == (4, 4, 1, [])
    conditions = {path: room.desk.article(site.at(path)).texts[0].article.conditions for path in ("/fr", "/empty", "/menu", "/a")}
    assert {k: [str(c) for c in v] for k, v in conditions.items()} == {"/fr": ["not-english"], "/empty": ["empty"], "/menu": ["empty"], "/a": []}


def test_what_is_no_page_is_an_error_and_the_rest_goes_on(room, site):
    site.server.page("/film", b"\x00\x00\x00 ftypisom", content_type="video/mp4")
    site.server.page("/noise", b"\x00\x01\x02\xff\xfe" * 100, content_type="text/html")
    room.follow(site.feed("/feed.xml", site.at("/film"), site.at("/noise"), site.article("/a")))
    tally = room.update()
    assert site.at("/film") in {e.item for e in tally.errors}
    assert len(room.said()) == 1


@pytest.mark.parametrize("charset", ["windows-1252", "utf-8", "utf-16", "iso-8859-15"])
def test_pages_in_any_encoding_are_read(room, site, article_page, charset):
    page = article_page("We café owners will mend the landing ourselves")
    site.server.page("/a", page.encode(charset, "xmlcharrefreplace"), content_type=f"text/html; charset={charset}")
    room.follow(site.feed("/feed.xml", site.at("/a")))
    room.update()
    assert room.said() == {"“We café owners will mend the landing ourselves,”"}


# Runs that end early, and runs side by side


def test_a_run_that_is_stopped_lets_go_of_what_it_took(room, site):
    room.follow(site.feed("/feed.xml", *[site.article(f"/{n}") for n in range(60)]))
    filed = room.desk.updating(allow_private=True)
    next(filed)
    assert room.rows("SELECT count(*) FROM links WHERE lease IS NOT NULL")[0][0] > 0
    filed.close()
    assert room.rows("SELECT count(*) FROM links WHERE lease IS NOT NULL") == [(0,)]
    assert room.update().errors == []
    assert len(room.said()) == 60


def test_a_run_that_is_interrupted_lets_go_of_what_it_took(room, site):
    room.follow(site.feed("/feed.xml", *[site.article(f"/{n}") for n in range(60)]))

    def interrupted(work, jobs):
        del work
        next(iter(jobs))
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        room.another(map=interrupted).update(allow_private=True)
    assert room.rows("SELECT count(*) FROM links WHERE lease IS NOT NULL") == [(0,)]
    assert counts(room.update())[:2] == (60, 60)


def test_a_run_that_died_holds_others_up_for_as_long_as_its_lease(room, site, clock):
    room.follow(site.feed("/feed.xml", site.article("/a")))
    room.update()
    clock.later(hours=1)
    with room.ledger.database.writing() as connection:
        assert len(claim_links(connection, run="died", now=clock.now(), limit=10)) == 1
    clock.later(seconds=LEASE.total_seconds() - 60)
    assert counts(room.updated()) == (0, 0, 0, 0, 0, 0, 0)
    clock.later(minutes=2)
    assert counts(room.updated()) == (0, 0, 0, 0, 1, 0, 0)


def test_two_runs_at_a_time_fetch_each_page_once(room, site):
    room.follow(site.feed("/feed.xml", *[site.article(f"/{n}") for n in range(120)]))
    first, second = (room.another().updating(allow_private=True) for _ in range(2))
    tallies = [next(first), next(second)]
    for run in (first, second):
        tallies += list(run)
    assert len(tallies) == 120
    assert all(site.asked(f"/{n}") == 1 for n in range(120))


def test_a_model_that_is_missing_stops_the_round_and_costs_no_page(room, site):
    from onrecord.desk.desk import Desk
    from onrecord.desk.reading import Settings

    page = site.article("/a")
    room.follow(site.feed("/feed.xml", page))
    broken = Desk(room.ledger, Settings(model="no-such-model"), now=room.clock.now, web=room.web)
    with pytest.raises(ModelError, match="no-such-model"):
        broken.update(allow_private=True)
    assert (room.link(page)["tries"], room.link(page)["lease"]) == (0, None)
    assert counts(room.update())[:2] == (1, 1)


def test_a_run_that_is_stopped_among_the_feeds_lets_go_of_them(room, site):
    feeds = [site.feed(f"/{n}.xml") for n in range(5)]
    for feed in feeds:
        room.follow(feed)
    site.server.page("/0.xml", "<html><body>We moved</body></html>")
    filed = room.desk.updating(allow_private=True)
    assert next(filed).name == feeds[0]
    filed.close()
    assert room.rows("SELECT count(*) FROM feeds WHERE lease IS NOT NULL") == [(0,)]
    assert room.updated().errors == []


def test_the_reader_in_the_package_reads_what_a_feed_leads_to(room, site):
    page = site.article("/a", "We will mend the landing before the ice comes")
    room.follow(site.feed("/feed.xml", page))
    tally = room.another(map=map).update(allow_private=True)
    assert (tally.documents, tally.errors) == (1, [])
    assert [(h.content, h.actor[1]) for h in room.desk.search("landing", kind="direct")] == [("“We will mend the landing before the ice comes,”", "Lena Orsk")]
