"""The table of what is followed: who takes what, for how long, and when it is due again. The clock is an argument."""

from datetime import UTC, datetime, timedelta

import pytest

from onrecord.errors import UsageError
from onrecord.ledger import Fed, Followed, Found, Ledger, following
from onrecord.ledger.following import AGAIN, FEW, LEASE, TRIES

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://lantern.example/feed"
STORY = "https://lantern.example/a"


def feeds(ledger: Ledger, now: datetime, *, run: str = "one", everything: bool = False) -> list[Followed]:
    with ledger.database.writing() as connection:
        return following.claim_feeds(connection, run=run, now=now, everything=everything)


def links(ledger: Ledger, now: datetime, *, run: str = "one", limit: int = 10) -> list[Fed]:
    with ledger.database.writing() as connection:
        return following.claim_links(connection, run=run, now=now, limit=limit)


def put(ledger: Ledger, *found: Found, now: datetime = NOW, feed: int | None = None) -> tuple[int, int]:
    with ledger.database.writing() as connection:
        return following.put_links(connection, found, feed=feed, now=now)


def link_done(ledger: Ledger, link: Fed, now: datetime, **said: object) -> None:
    with ledger.database.writing() as connection:
        following.link_done(connection, link, now=now, **said)  # type: ignore[arg-type]


def feed_done(ledger: Ledger, key: int, now: datetime, **said: object) -> None:
    with ledger.database.writing() as connection:
        following.feed_done(connection, key, now=now, every=HOUR, **said)  # type: ignore[arg-type]


def due(ledger: Ledger, table: str) -> datetime | None:
    ((found,),) = ledger.sql(f"SELECT due FROM {table}").rows
    return None if found is None else datetime.fromisoformat(found)


@pytest.fixture
def followed(ledger: Ledger) -> Ledger:
    with ledger.database.writing() as connection:
        assert following.follow(connection, FEED, now=NOW, outlet="Lantern")
    return ledger


def test_a_feed_is_followed_once_and_again_after_it_was_not(followed: Ledger) -> None:
    with followed.database.writing() as connection:
        assert not following.follow(connection, FEED, now=NOW, title="News")
        following.unfollow(connection, FEED)
        assert [(f.url, f.active, f.title, f.outlet) for f in following.followed(connection)] == [(FEED, False, "News", "Lantern")]
    assert feeds(followed, NOW, everything=True) == []
    with followed.database.writing() as connection, pytest.raises(UsageError, match="not followed"):
        following.unfollow(connection, FEED)
    with followed.database.writing() as connection:
        assert following.follow(connection, FEED, now=NOW)
    assert len(feeds(followed, NOW)) == 1


def test_two_runs_never_take_the_same(followed: Ledger) -> None:
    put(followed, *(Found(f"https://lantern.example/{n}") for n in range(10)))
    assert len(feeds(followed, NOW)) == 1
    assert feeds(followed, NOW, run="two", everything=True) == []
    one, two = links(followed, NOW, limit=6), links(followed, NOW, run="two")
    assert (len(one), len(two)) == (6, 4)
    assert not {f.key for f in one} & {f.key for f in two}
    assert links(followed, NOW, run="three") == []


def test_a_lease_lapses_when_its_run_died_and_not_before(followed: Ledger) -> None:
    put(followed, Found(STORY))
    feeds(followed, NOW)
    links(followed, NOW)
    for moment, free in ((NOW + LEASE - timedelta(seconds=1), 0), (NOW + LEASE, 0), (NOW + LEASE + timedelta(seconds=1), 1)):
        assert len(feeds(followed, moment, run=f"at {moment}", everything=True)) == free
        assert len(links(followed, moment, run=f"at {moment}")) == free


def test_a_run_that_stops_lets_go_of_its_own(followed: Ledger) -> None:
    put(followed, Found(STORY), Found(STORY + "b"))
    feeds(followed, NOW)
    links(followed, NOW, limit=1)
    links(followed, NOW, run="two")
    with followed.database.writing() as connection:
        following.release(connection, "one")
    assert len(feeds(followed, NOW, run="three")) == 1
    assert [f.url for f in links(followed, NOW, run="three")] == [STORY]


def test_a_feed_that_answers_is_due_after_its_interval(followed: Ledger) -> None:
    (feed,) = feeds(followed, NOW)
    feed_done(followed, feed.key, NOW, etag='"1"', last_modified="yesterday", kind="rss", title="The news")
    assert feeds(followed, NOW + HOUR - timedelta(seconds=1)) == []
    (again,) = feeds(followed, NOW + HOUR)
    assert (again.etag, again.last_modified, again.kind, again.title, again.failures, again.error) == ('"1"', "yesterday", "rss", "The news", 0, None)
    feed_done(followed, feed.key, NOW + HOUR)
    (kept,) = feeds(followed, NOW + 2 * HOUR)
    assert kept.etag == '"1"'


def test_a_feed_that_fails_is_asked_less_and_less_often_and_at_once_as_before_when_it_answers(followed: Ledger) -> None:
    moment, pauses = NOW, []
    for _ in range(12):
        (feed,) = feeds(followed, moment)
        feed_done(followed, feed.key, moment, error="status 500")
        following_due = due(followed, "feeds")
        assert following_due
        pauses.append(following_due - moment)
        moment = following_due
    assert pauses[:4] == [timedelta(minutes=m) for m in (10, 20, 40, 80)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(days=1)
    (feed,) = feeds(followed, moment)
    assert (feed.failures, feed.error) == (12, "status 500")
    feed_done(followed, feed.key, moment)
    assert due(followed, "feeds") == moment + HOUR
    assert feeds(followed, moment, everything=True)[0].failures == 0


@pytest.mark.parametrize(
    ("asked", "pause"),
    [(5.0, timedelta(minutes=10)), (7200.0, timedelta(hours=2)), (1e9, timedelta(days=7)), (0.0, timedelta(minutes=10)), (None, timedelta(minutes=10))],
)
def test_a_server_that_asks_for_patience_has_it_within_reason(followed: Ledger, asked: float | None, pause: timedelta) -> None:
    put(followed, Found(STORY))
    (feed,), (link,) = feeds(followed, NOW), links(followed, NOW)
    feed_done(followed, feed.key, NOW, error="status 429", retry_after=asked)
    link_done(followed, link, NOW, error="status 429", retry_after=asked)
    assert due(followed, "feeds") == due(followed, "links") == NOW + pause


def test_a_feed_that_moved_is_asked_at_its_new_address_unless_that_is_followed(followed: Ledger) -> None:
    (feed,) = feeds(followed, NOW)
    feed_done(followed, feed.key, NOW, moved_to="https://lantern.example/new")
    assert [f.url for f in feeds(followed, NOW + HOUR)] == ["https://lantern.example/new"]
    with followed.database.writing() as connection:
        following.follow(connection, "https://herald.example/feed", now=NOW)
    feed_done(followed, feed.key, NOW, moved_to="https://herald.example/feed")
    with followed.database.reading() as connection:
        assert [f.url for f in following.followed(connection)] == ["https://lantern.example/new", "https://herald.example/feed"]


def test_articles_are_found_once_and_looked_at_again_when_the_feed_says_they_changed(followed: Ledger) -> None:
    assert put(followed, Found(STORY, "g1", "t1"), Found(STORY, "g1", "t1"), Found(STORY + "b")) == (2, 0)
    assert put(followed, Found(STORY, "g1", "t1"), Found(STORY + "b")) == (0, 0)
    for link in links(followed, NOW):
        link_done(followed, link, NOW, etag='"e"')
    assert links(followed, NOW) == []
    assert put(followed, Found(STORY, "g1", None), now=NOW + timedelta(minutes=5)) == (0, 0)
    assert put(followed, Found(STORY, "g1", "t2"), now=NOW + timedelta(minutes=5)) == (0, 1)
    (link,) = links(followed, NOW + timedelta(minutes=5))
    assert (link.url, link.etag, link.tries, link.outlet) == (STORY, '"e"', 0, None)


def test_an_article_of_a_feed_has_the_outlet_that_the_user_named(followed: Ledger) -> None:
    (feed,) = feeds(followed, NOW)
    put(followed, Found(STORY), feed=feed.key)
    assert [(f.feed, f.outlet) for f in links(followed, NOW)] == [(feed.key, "Lantern")]


def test_an_article_is_looked_at_again_less_and_less_often_and_then_no_more(followed: Ledger) -> None:
    put(followed, Found(STORY))
    moment, seen = NOW, []
    while True:
        (link,) = links(followed, moment)
        link_done(followed, link, moment)
        following_due = due(followed, "links")
        if following_due is None:
            break
        seen.append(following_due - NOW)
        moment = following_due
    assert seen == list(AGAIN)
    assert links(followed, NOW + timedelta(days=3650)) == []
    assert followed.status().links == {"done": 1}


def test_a_look_that_comes_late_skips_those_it_missed(followed: Ledger) -> None:
    put(followed, Found(STORY))
    (link,) = links(followed, NOW)
    link_done(followed, link, NOW + timedelta(hours=13))
    assert due(followed, "links") == NOW + timedelta(hours=24)


@pytest.mark.parametrize(("passing", "most"), [(True, TRIES), (False, FEW)])
def test_an_article_that_keeps_failing_is_given_up_and_one_success_forgives(followed: Ledger, passing: bool, most: int) -> None:  # noqa: FBT001 - two cases
    put(followed, Found(STORY))
    moment = NOW
    for tries in range(most - 1):
        (link,) = links(followed, moment)
        assert link.tries == tries
        link_done(followed, link, moment, error="time out " + "x" * 1000, passing=passing)
        moment = due(followed, "links") or NOW
    (link,) = links(followed, moment)
    link_done(followed, link, moment)
    moment = due(followed, "links") or NOW
    for _ in range(most):
        (link,) = links(followed, moment)
        link_done(followed, link, moment, error="time out", passing=passing)
        moment = due(followed, "links") or NOW
    assert due(followed, "links") is None
    assert followed.status().links == {"failed": 1}
    assert followed.sql("SELECT error FROM links").rows == (("time out",),)


def test_a_page_that_is_gone_is_asked_for_no_more_even_if_its_feed_changes_it(followed: Ledger) -> None:
    put(followed, Found(STORY, stamp="1"))
    (link,) = links(followed, NOW)
    link_done(followed, link, NOW, error="status 410", gone=True)
    assert due(followed, "links") is None
    assert put(followed, Found(STORY, stamp="2")) == (0, 0)
    assert links(followed, NOW + timedelta(days=30)) == []
    assert followed.status().links == {"gone": 1}


def test_a_page_that_was_given_up_is_tried_again_when_its_feed_changes_it(followed: Ledger) -> None:
    put(followed, Found(STORY, stamp="1"))
    moment = NOW
    for _ in range(FEW):
        (link,) = links(followed, moment)
        link_done(followed, link, moment, error="time out")
        moment = due(followed, "links") or moment
    assert put(followed, Found(STORY, stamp="2"), now=moment) == (0, 1)
    assert [f.url for f in links(followed, moment)] == [STORY]


def test_those_waiting_longest_come_first(followed: Ledger) -> None:
    for n in (3, 1, 2):
        put(followed, Found(f"https://lantern.example/{n}"), now=NOW + n * HOUR)
    assert [f.url[-1] for f in links(followed, NOW + 5 * HOUR, limit=2)] == ["1", "2"]


def test_strange_addresses_and_errors_are_kept(followed: Ledger) -> None:
    put(followed, Found("https://x.example/\0\ud800", "g\0", "s\0"))
    (link,) = links(followed, NOW)
    assert link.url == "https://x.example/\0\ud800"
    link_done(followed, link, NOW, error="\0\ud800" * 600, etag="\0")
    assert followed.status().links == {"failed": 1}
