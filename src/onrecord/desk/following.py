"""Following the news: which feeds, what is new in them, and the pages they lead to, asked politely and read again while they may change."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.desk.filing import Filed, Map, file_jobs
from onrecord.desk.preparing import Background, Job
from onrecord.errors import NotFoundError, OnrecordError, RefusedError, SourceError
from onrecord.ledger import Fed, Followed, Found, Ledger, Told
from onrecord.ledger import following as table
from onrecord.sources import Document, from_file, is_url
from onrecord.sources.addresses import canonical
from onrecord.text import stable_id

if TYPE_CHECKING:
    from onrecord.sources.feed import Feed, FeedEntry
    from onrecord.sources.polite import Answer, Web

__all__ = ["EVERY", "Follow", "follow", "unfollow", "updating", "web"]

#: How often a feed is asked, if the user does not say.
EVERY = timedelta(minutes=15)
#: Pages that are fetched and filed at a time.
_PAGES = 48
#: Sitemaps of an index that are looked into, the newest first as a rule.
_SITEMAPS = 20


@dataclass(frozen=True, slots=True)
class Follow:
    """A feed that is followed now."""

    url: str
    title: str | None
    kind: str | None
    #: False if it was followed before.
    new: bool


def web(*, allow_private: bool = False, robots: bool = True) -> Web:
    """What pages are fetched with."""
    from onrecord.sources.polite import Web

    return Web(allow_private=allow_private, robots=robots)


def follow(ledger: Ledger, source: str, *, outlet: str | None, now: Callable[[], datetime], web: Web) -> list[Follow]:
    """Follow what an address or an OPML list leads to.

    Raises:
        SourceError: It cannot be had, or there is nothing to follow.
        UsageError: An OPML list without feeds.
    """
    from onrecord.sources.opml import is_opml, read_opml

    if not is_url(source):
        document = from_file(Path(source))
        if not is_opml(document):
            raise SourceError("a file that is no OPML list", item=source, hint="give the address of a feed or a home page, or an OPML file")
        listed: list[tuple[str, str | None, str | None]] = [(f.url, f.title, None) for f in read_opml(document)]
    else:
        document = _fetched(web, source)
        listed = [(f.url, f.title, None) for f in read_opml(document)] if is_opml(document) else [_feed_at(document, source, web)]
    done = []
    with ledger.database.writing() as connection:
        for url, title, kind in listed:
            new = table.follow(connection, url, now=now(), kind=kind, title=title, outlet=outlet)
            done.append(Follow(url, title, kind, new))
    return done


def unfollow(ledger: Ledger, url: str) -> None:
    """Follow a feed no more.

    Raises:
        UsageError: It is not followed.
    """
    with ledger.database.writing() as connection:
        table.unfollow(connection, url)


def _fetched(web: Web, url: str) -> Document:
    from onrecord.sources.polite import Request

    answer = web.get(Request(url, kind="feed"))
    if answer.document is None:
        raise answer.error or NotFoundError("nothing came", item=url, hint="try again later")
    return answer.document


def _feed_at(document: Document, url: str, web: Web) -> tuple[str, str | None, str | None]:
    """The feed that is here, or that this page announces, or that is where feeds mostly are."""
    from onrecord.sources.discovery import find_feeds, guesses
    from onrecord.sources.feeds import read_feed

    try:
        feed = read_feed(document)
    except OnrecordError as error:
        for candidate in [*(f.url for f in find_feeds(document)), *guesses(document.url or url)]:
            try:
                feed = read_feed(_fetched(web, candidate))
            except OnrecordError:
                continue
            return candidate, feed.title, str(feed.kind)
        raise SourceError(
            "no feed is here, and the page names none", item=url, hint="give the address of its RSS, Atom or JSON feed, or of its sitemap"
        ) from error
    return url, feed.title, str(feed.kind)


def updating(
    ledger: Ledger,
    background: Callable[[], Background],
    *,
    web: Web,
    map: Map,  # noqa: A002 - it takes the place of the builtin
    now: Callable[[], datetime],
    everything: bool,
    every: timedelta,
) -> Iterator[Filed]:
    """One round: feeds that are due, then the pages that are due. Several may run at the same time, here or elsewhere.

    Args:
        ledger: Where feeds are listed, and articles filed.
        background: Gives what articles are read with.
        web: Fetches.
        map: `map`, or one over processes.
        now: Gives the moment.
        everything: Also feeds that are not due yet.
        every: How often a feed is asked.

    Yields:
        One result or error a page, and an error for a feed that failed.
    """
    run = uuid.uuid4().hex
    try:
        yield from _feeds(ledger, run, web=web, now=now, everything=everything, every=every)
        known = background()
        while links := _claimed(ledger, run, now()):
            yield from _pages(ledger, links, known, web=web, map=map, now=now)
    finally:
        with ledger.database.writing() as connection:
            table.release(connection, run)


def _feeds(ledger: Ledger, run: str, *, web: Web, now: Callable[[], datetime], everything: bool, every: timedelta) -> Iterator[Filed]:
    from onrecord.sources.polite import Request

    with ledger.database.writing() as connection:
        due = {f.url: f for f in table.claim_feeds(connection, run=run, now=now(), everything=everything)}
    requests = [Request(f.url, etag=f.etag, last_modified=f.last_modified, kind="feed") for f in due.values()]
    for answer in web.get_many(requests):
        error = _fed(ledger, due[answer.request.url], answer, web=web, now=now(), every=every)
        if error is not None:
            yield Filed(answer.request.url, None, error)


def _fed(ledger: Ledger, feed: Followed, answer: Answer, *, web: Web, now: datetime, every: timedelta) -> OnrecordError | None:
    """File what a feed says; the error if it says nothing."""
    from onrecord.sources.feeds import read_feed

    error, read = answer.error, None
    if answer.document is not None:
        try:
            read = read_feed(answer.document)
        except OnrecordError as failed:
            error = failed
    if error is not None:
        with ledger.database.writing() as connection:
            table.feed_done(connection, feed.key, now=now, every=every, error=str(error), retry_after=answer.retry_after)
        return error
    entries = [*(read.entries if read else ()), *(e for inner in _inner(read, web) for e in inner.entries)]
    with ledger.database.writing() as connection:
        found = [f for e in entries if (f := _found(e, feed.url)) is not None]
        if found:
            table.put_links(connection, found, feed=feed.key, now=now)
        table.feed_done(
            connection,
            feed.key,
            now=now,
            every=every,
            etag=answer.etag,
            last_modified=answer.last_modified,
            kind=str(read.kind) if read else None,
            title=read.title if read else None,
            moved_to=answer.moved_to,
        )
    return None


def _inner(feed: Feed | None, web: Web) -> Iterable[Feed]:
    """The sitemaps that an index names; one that cannot be had or read is looked at again the next time."""
    from onrecord.sources.feeds import read_feed
    from onrecord.sources.polite import Request

    if feed is None or not feed.feeds:
        return
    for answer in web.get_many(Request(u, kind="feed") for u in feed.feeds[:_SITEMAPS]):
        if answer.document is not None:
            try:
                yield read_feed(answer.document)
            except OnrecordError:
                continue


def _found(entry: FeedEntry, feed: str) -> Found | None:
    if not entry.url or not is_url(entry.url):
        return None
    said = entry.updated or entry.published
    mark = said.astimezone(UTC).isoformat() if said else ""
    return Found(canonical(entry.url, base=feed), entry.guid, stable_id("f1", mark, entry.title or "", entry.summary or ""))


def _claimed(ledger: Ledger, run: str, now: datetime) -> list[Fed]:
    with ledger.database.writing() as connection:
        return table.claim_links(connection, run=run, now=now, limit=_PAGES)


def _pages(ledger: Ledger, links: list[Fed], background: Background, *, web: Web, map: Map, now: Callable[[], datetime]) -> Iterator[Filed]:  # noqa: A002 - see `updating`
    """Fetch, read and file some pages; each is marked as done after it has been filed."""
    from onrecord.sources.polite import Request

    by_url = {link.url: link for link in links}
    answers: dict[str, Answer] = {}
    jobs = []
    for answer in web.get_many(Request(link.url, etag=link.etag, last_modified=link.last_modified) for link in links):
        link = by_url[answer.request.url]
        answers[link.url] = answer
        if answer.document is not None:
            jobs.append((link, Job(answer.document, Told(outlet=link.outlet))))
        else:
            _done(ledger, link, answer, answer.error, now())
            yield Filed(link.url, None, answer.error, unchanged=answer.not_modified)
    jobs.sort(key=lambda j: j[0].key)
    for (link, _), filed in zip(jobs, file_jobs(ledger, (j for _, j in jobs), background, map=map, now=now), strict=True):
        _done(ledger, link, answers[link.url], filed.error, now())
        yield Filed(link.url, filed.added, filed.error)


def _done(ledger: Ledger, link: Fed, answer: Answer, error: OnrecordError | None, now: datetime) -> None:
    gone = isinstance(error, (NotFoundError, RefusedError))
    with ledger.database.writing() as connection:
        table.link_done(
            connection,
            link,
            now=now,
            etag=answer.etag,
            last_modified=answer.last_modified,
            error=None if error is None else str(error),
            retry_after=answer.retry_after,
            gone=gone,
        )
