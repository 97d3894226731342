"""One round of following the news: what is new in the feeds that are due, and the pages they lead to, asked politely and read again while they may change."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from onrecord.desk.filing import Filed, Map, file_jobs
from onrecord.desk.preparing import Background, Job
from onrecord.errors import ModelError, NotFoundError, OnrecordError, RefusedError, TryLaterError
from onrecord.ledger import Fed, Followed, Found, Ledger, Told
from onrecord.ledger import following as table
from onrecord.sources import is_url
from onrecord.sources.addresses import canonical
from onrecord.text import stable_id

if TYPE_CHECKING:
    from onrecord.sources.feed import Feed, FeedEntry
    from onrecord.sources.polite import Answer, Web

__all__ = ["updating"]

#: Pages that are fetched and filed at a time.
_PAGES = 48
#: Sitemaps of an index that are looked into, the newest first as a rule.
_SITEMAPS = 20
_INDEX = "sitemap-index"


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

    A page that becomes due while the round goes on waits for the next one, so that a round ends.

    Args:
        ledger: Where feeds are listed, and articles filed.
        background: Gives what articles are read with; asked only if there is a page to read.
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
        due, known = now(), None
        while links := _claimed(ledger, run, due=due, now=now()):
            known = known or background()
            yield from _pages(ledger, links, known, web=web, map=map, now=now)
    finally:
        with ledger.database.writing() as connection:
            table.release(connection, run)


# Feeds ------------------------------------------------------------------------------------------------------------------------------


def _feeds(ledger: Ledger, run: str, *, web: Web, now: Callable[[], datetime], everything: bool, every: timedelta) -> Iterator[Filed]:
    from onrecord.sources.polite import Request

    with ledger.database.writing() as connection:
        due = {f.url: f for f in table.claim_feeds(connection, run=run, now=now(), everything=everything)}
    # An index often stays as it is while the sitemaps that it names change: it is always asked for whole.
    whole = {f.url for f in due.values() if f.kind == _INDEX}
    requests = [
        Request(f.url, etag=None if f.url in whole else f.etag, last_modified=None if f.url in whole else f.last_modified, kind="feed") for f in due.values()
    ]
    for answer in web.get_many(requests):
        error = _fed(ledger, due[answer.request.url], answer, web=web, now=now(), every=every)
        if error is not None:
            yield Filed(answer.request.url, None, error)


def _fed(ledger: Ledger, feed: Followed, answer: Answer, *, web: Web, now: datetime, every: timedelta) -> OnrecordError | None:
    """File what a feed says; the error if it, or a sitemap that it names, cannot be had for now."""
    from onrecord.sources.feeds import read_feed

    error, retry_after, read, entries = answer.error, answer.retry_after, None, list["FeedEntry"]()
    if answer.document is not None:
        try:
            read = read_feed(answer.document)
        except OnrecordError as failed:
            error = failed
        else:
            entries, inner = _entries(read, feed, web)
            if inner is not None and inner.error is not None:
                error, retry_after = inner.error, inner.retry_after
    found = [f for e in entries if (f := _found(e, feed.url)) is not None]
    with ledger.database.writing() as connection:
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
            error=None if error is None else str(error),
            retry_after=retry_after,
        )
    return error


def _entries(read: Feed, feed: Followed, web: Web) -> tuple[list[FeedEntry], Answer | None]:
    """The entries of a feed and of the sitemaps that it names, in its order; with the answer of a sitemap that cannot be had for now.

    Sitemaps that have not changed since the index was asked last are not sent again. One that is not there, or is none, is passed over.
    """
    from onrecord.sources.feeds import read_feed
    from onrecord.sources.polite import Request

    entries = list(read.entries)
    # After a failure it is not known which of them were had the last time.
    since = datetime.fromisoformat(feed.checked) if feed.checked and not feed.failures else None
    modified = format_datetime(since.astimezone(UTC), usegmt=True) if since else None
    wanted = list(dict.fromkeys(read.feeds))[:_SITEMAPS]
    answers = {a.request.url: a for a in web.get_many(Request(u, last_modified=modified, kind="feed") for u in wanted)} if wanted else {}
    later = None
    for url in wanted:
        answer = answers[url]
        if answer.document is not None:
            try:
                entries += read_feed(answer.document).entries
            except OnrecordError:
                continue
        elif later is None and _passing(answer):
            later = answer
    return entries, later


def _found(entry: FeedEntry, feed: str) -> Found | None:
    if not entry.url or not is_url(entry.url):
        return None
    if entry.updated is not None:
        # What says itself when it changed is believed; summaries are made anew by some feeds whenever they are asked.
        return Found(canonical(entry.url, base=feed), entry.guid, stable_id("f1", entry.updated.astimezone(UTC).isoformat()))
    mark = entry.published.astimezone(UTC).isoformat() if entry.published else ""
    return Found(canonical(entry.url, base=feed), entry.guid, stable_id("f1", mark, entry.title or "", entry.summary or ""))


# Pages ------------------------------------------------------------------------------------------------------------------------------


def _claimed(ledger: Ledger, run: str, *, due: datetime, now: datetime) -> list[Fed]:
    with ledger.database.writing() as connection:
        return table.claim_links(connection, run=run, due=due, now=now, limit=_PAGES)


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
        if isinstance(filed.error, ModelError):
            # It is not the page's fault, and the next one would fare no better.
            raise filed.error
        _done(ledger, link, answers[link.url], filed.error, now())
        yield Filed(link.url, filed.added, filed.error)


def _done(ledger: Ledger, link: Fed, answer: Answer, error: OnrecordError | None, now: datetime) -> None:
    with ledger.database.writing() as connection:
        table.link_done(
            connection,
            link,
            now=now,
            etag=answer.etag,
            last_modified=answer.last_modified,
            error=None if error is None else str(error),
            retry_after=answer.retry_after,
            passing=_passing(answer),
            gone=_gone(link, answer, error),
        )


def _passing(answer: Answer) -> bool:
    """Whether what went wrong may well be over soon: a server in trouble, a robots.txt that could not be had."""
    return isinstance(answer.error, TryLaterError) or answer.retry_after is not None


def _gone(link: Fed, answer: Answer, error: OnrecordError | None) -> bool:
    """Whether a page is never asked for again. One that was never there may come yet: feeds are often faster than the pages they name."""
    if isinstance(error, NotFoundError):
        return link.read
    return isinstance(error, RefusedError) and not _passing(answer)
