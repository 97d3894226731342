"""Feeds that are followed, and the articles they led to: what is due, who is at it, and how it went.

Two runs share the work without colliding: each leases what it takes for a while. A run that dies lets its leases lapse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, or_, select, update

from onrecord.errors import UsageError
from onrecord.ledger.keys import Keys, chunks
from onrecord.ledger.packing import stamp
from onrecord.ledger.tables import feeds, links

__all__ = [
    "Fed",
    "Followed",
    "Found",
    "claim_feeds",
    "claim_links",
    "feed_done",
    "follow",
    "followed",
    "link_done",
    "put_links",
    "release",
    "unfollow",
    "waiting",
]

#: How long a run may take for what it leased: some tens of pages of one host that asks for half a minute between two.
LEASE = timedelta(minutes=30)
#: Failures in a row after which a link is given up: nine with their pauses outlast a server that is down for nearly two days. What no
#: waiting will mend, such as a page that is no article, is tried three times.
TRIES, FEW = 9, 3
#: Pause after the first failure; doubles with each, up to a day.
_PAUSE = timedelta(minutes=10)
#: An article is looked at again this long after it was found, if its feed says nothing: most edits come in the first two days.
AGAIN = tuple(timedelta(hours=h) for h in (1, 4, 12, 24, 48, 168))


@dataclass(frozen=True, slots=True)
class Followed:
    """A feed, as it stands."""

    key: int
    url: str
    kind: str | None
    title: str | None
    outlet: str | None
    active: bool
    etag: str | None
    last_modified: str | None
    checked: str | None
    due: str
    failures: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """An article that a feed names."""

    url: str
    guid: str | None = None
    #: When the feed says that it was updated, or a hash of what it says of it.
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class Fed:
    """An article that is due."""

    key: int
    url: str
    feed: int | None
    outlet: str | None
    etag: str | None
    last_modified: str | None
    tries: int
    found: str
    #: Whether it was fetched and filed the last time.
    read: bool = False


def follow(connection: Connection, url: str, *, now: datetime, kind: str | None = None, title: str | None = None, outlet: str | None = None) -> bool:
    """Follow a feed from now on.

    Returns:
        Whether it is new; False if it was followed already.
    """
    row = connection.execute(select(feeds).where(feeds.c.url == url)).first()
    if row is None:
        values = {"url": url, "kind": kind, "title": title, "outlet": outlet, "active": True, "due": stamp(now), "failures": 0}
        connection.execute(insert(feeds), values | {"key": Keys(connection).next(feeds)})
        return True
    values = {k: v for k, v in (("kind", kind), ("title", title), ("outlet", outlet)) if v is not None}
    connection.execute(update(feeds).where(feeds.c.key == row.key).values(active=True, **values))
    return not row.active


def unfollow(connection: Connection, url: str) -> None:
    """Follow a feed no more; what came from it stays.

    Raises:
        UsageError: It is not followed.
    """
    done = connection.execute(update(feeds).where(feeds.c.url == url, feeds.c.active).values(active=False))
    if not done.rowcount:
        raise UsageError("this feed is not followed", item=url, hint="`onrecord status` lists those that are")


def followed(connection: Connection) -> list[Followed]:
    """All feeds, in the order in which they were followed."""
    return [_followed(r) for r in connection.execute(select(feeds).order_by(feeds.c.key))]


def claim_feeds(connection: Connection, *, run: str, now: datetime, everything: bool = False, limit: int = 1000) -> list[Followed]:
    """Take the feeds that are due and that nobody else is at.

    Args:
        connection: A writing one.
        run: Name of the run.
        now: The moment.
        everything: Also those that are not due yet.
        limit: How many at most.
    """
    where = [feeds.c.active, _free(feeds.c.leased_until, now)]
    where += [] if everything else [feeds.c.due <= stamp(now)]
    rows = connection.execute(select(feeds).where(*where).order_by(feeds.c.due, feeds.c.key).limit(limit)).all()
    _lease(connection, feeds, [r.key for r in rows], run, now)
    return [_followed(r) for r in rows]


def feed_done(
    connection: Connection,
    key: int,
    *,
    now: datetime,
    every: timedelta,
    etag: str | None = None,
    last_modified: str | None = None,
    kind: str | None = None,
    title: str | None = None,
    moved_to: str | None = None,
    error: str | None = None,
    retry_after: float | None = None,
) -> None:
    """Write down how asking a feed went, and when to ask again.

    Args:
        connection: A writing one.
        key: The feed.
        now: The moment.
        every: How often it is asked when all goes well.
        etag: For asking only for what is new; None leaves what was known.
        last_modified: Likewise.
        kind: As it was read.
        title: Likewise.
        moved_to: Where it is for good now.
        error: What went wrong.
        retry_after: Seconds that the server asks to wait.
    """
    row = connection.execute(select(feeds).where(feeds.c.key == key)).one()
    values: dict[str, Any] = {"checked": stamp(now), "lease": None, "leased_until": None}
    if error is not None:
        values |= {"error": error[:500], "failures": row.failures + 1, "due": stamp(now + _pause(row.failures + 1, retry_after))}
    else:
        said = {"etag": etag, "last_modified": last_modified, "kind": kind, "title": title}
        values |= {k: v for k, v in said.items() if v is not None} | {"error": None, "failures": 0, "due": stamp(now + every)}
        values |= _moved(connection, row, moved_to) if moved_to else {}
    connection.execute(update(feeds).where(feeds.c.key == key).values(values))


def _moved(connection: Connection, row: Row[Any], moved_to: str) -> dict[str, Any]:
    """What becomes of a feed that is elsewhere for good; one that is followed there already takes its articles over."""
    there = connection.execute(select(feeds.c.key, feeds.c.active).where(feeds.c.url == moved_to, feeds.c.key != row.key)).first()
    if there is None:
        return {"url": moved_to}
    if not there.active:
        return {}
    connection.execute(update(links).where(links.c.feed_key == row.key).values(feed_key=there.key))
    return {"active": False}


def put_links(connection: Connection, found: Iterable[Found], *, feed: int | None, now: datetime) -> tuple[int, int]:
    """Write down the articles that a feed names.

    An entry whose stamp changed is due at once, unless its page failed: then it is when the pause is over. An article that several feeds name
    belongs to the first of them that is followed, and only that one's stamps count, since each feed has words of its own for it. One with the guid
    of another entry and a new address is the same article only if the outlet sends the old address there, which fetching finds out; so it is fetched.

    Returns:
        How many were new, and how many are to be looked at again.
    """
    wanted = {f.url: f for f in found}
    known: dict[str, Row[Any]] = {}
    for some in chunks(wanted):
        query = select(links, feeds.c.active).outerjoin(feeds, feeds.c.key == links.c.feed_key)
        known |= {r.url: r for r in connection.execute(query.where(links.c.url.in_(some)))}
    keys, moment = Keys(connection), stamp(now)
    new = [
        {
            "key": keys.next(links),
            "url": f.url,
            "feed_key": feed,
            "guid": f.guid,
            "state": "waiting",
            "stamp": f.stamp,
            "tries": 0,
            "found": moment,
            "due": moment,
        }
        for f in wanted.values()
        if f.url not in known
    ]
    if new:
        connection.execute(insert(links), new)
    left = {u: r for u, r in known.items() if r.feed_key not in (None, feed) and not r.active}
    if left:
        taken = [{"k": r.key, "f": feed, "s": wanted[u].stamp} for u, r in left.items()]
        connection.execute(update(links).where(links.c.key == bindparam("k")).values(feed_key=bindparam("f"), stamp=bindparam("s")), taken)
    changed = [(r, wanted[u].stamp) for u, r in known.items() if r.feed_key in (None, feed) and wanted[u].stamp not in (None, r.stamp) and r.state != "gone"]
    again = [_again(r, said, moment) for r, said in changed]
    if again:
        columns: dict[str, Any] = {"stamp": bindparam("s"), "due": bindparam("d"), "tries": bindparam("t")}
        connection.execute(update(links).where(links.c.key == bindparam("k")).values(columns), again)
    return len(new), len(again)


def _again(row: Row[Any], said: str | None, moment: str) -> dict[str, Any]:
    given_up = row.due is None
    return {"k": row.key, "s": said, "d": moment if row.state == "done" or given_up else row.due, "t": 0 if given_up else row.tries}


def claim_links(connection: Connection, *, run: str, now: datetime, limit: int, due: datetime | None = None) -> list[Fed]:
    """Take articles that are due and that nobody else is at: of each feed in turn, those waiting longest first.

    Args:
        connection: A writing one.
        run: Name of the run.
        now: The moment.
        limit: How many at most.
        due: Those that were due at that moment; None for now. Articles of feeds that are not followed any more are left alone.
    """
    joined = links.outerjoin(feeds, feeds.c.key == links.c.feed_key)
    where = links.c.due <= stamp(due or now), _free(links.c.leased_until, now), or_(links.c.feed_key.is_(None), feeds.c.active)
    # One feed with a long list, as sitemaps are, must not make the others wait.
    turn = func.row_number().over(partition_by=links.c.feed_key, order_by=(links.c.due, links.c.key)).label("turn")
    first = select(links.c.key, turn).select_from(joined).where(*where).order_by("turn", links.c.due, links.c.key).limit(limit)
    keys = list(connection.execute(first).scalars())
    _lease(connection, links, keys, run, now)
    found = {r.key: r for some in chunks(keys) for r in connection.execute(select(links, feeds.c.outlet).select_from(joined).where(links.c.key.in_(some)))}
    rows = [found[k] for k in keys]
    return [Fed(r.key, r.url, r.feed_key, r.outlet, r.etag, r.last_modified, r.tries, r.found, r.state == "done") for r in rows]


def link_done(
    connection: Connection,
    link: Fed,
    *,
    now: datetime,
    etag: str | None = None,
    last_modified: str | None = None,
    error: str | None = None,
    retry_after: float | None = None,
    passing: bool = False,
    gone: bool = False,
) -> None:
    """Write down how fetching an article went, and when to look at it again.

    Args:
        connection: A writing one.
        link: The article.
        now: The moment.
        etag: For asking only for what is new.
        last_modified: Likewise.
        error: What went wrong.
        retry_after: Seconds that the server asks to wait.
        passing: Whether the trouble may well be over soon; then it is tried more often.
        gone: Whether the page is not there any more, or never to be asked for.
    """
    values: dict[str, Any] = {"checked": stamp(now), "lease": None, "leased_until": None, "error": error[:500] if error else None}
    if error is not None:
        tries = link.tries + 1
        given_up = gone or tries >= (TRIES if passing else FEW)
        values |= {"tries": tries, "state": "gone" if gone else "failed", "due": None if given_up else stamp(now + _pause(tries, retry_after))}
    else:
        age = now - datetime.fromisoformat(link.found)
        following = next((a for a in AGAIN if a > age), None)
        due = None if following is None else stamp(datetime.fromisoformat(link.found) + following)
        values |= {"state": "done", "tries": 0, "etag": etag, "last_modified": last_modified, "due": due}
    connection.execute(update(links).where(links.c.key == link.key).values(values))


def release(connection: Connection, run: str) -> None:
    """Let go of everything that a run leased."""
    for table in (feeds, links):
        connection.execute(update(table).where(table.c.lease == run).values(lease=None, leased_until=None))


def waiting(connection: Connection) -> dict[str, int]:
    """How many links there are in each state."""
    return dict(connection.execute(select(links.c.state, func.count()).group_by(links.c.state)).all())


def _free(column: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    return or_(column.is_(None), column < stamp(now))


def _lease(connection: Connection, table: Any, keys: list[int], run: str, now: datetime) -> None:  # noqa: ANN401 - a table
    for some in chunks(keys):
        connection.execute(update(table).where(table.c.key.in_(some)).values(lease=run, leased_until=stamp(now + LEASE)))


def _pause(failures: int, retry_after: float | None) -> timedelta:
    backed: timedelta = min(_PAUSE * 2 ** min(failures - 1, 16), timedelta(days=1))
    return max(backed, timedelta(seconds=min(retry_after or 0, 7 * 86400)))


def _followed(r: Row[Any]) -> Followed:
    return Followed(r.key, r.url, r.kind, r.title, r.outlet, bool(r.active), r.etag, r.last_modified, r.checked, r.due, r.failures, r.error)
