"""What is followed: feeds and sitemaps, named by their address, by a home page that leads to them, or by an OPML list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from onrecord.errors import NotFoundError, OnrecordError, RefusedError, SourceError
from onrecord.ledger import Ledger
from onrecord.ledger import following as table
from onrecord.sources import Document, from_file, is_url
from onrecord.sources.addresses import canonical

if TYPE_CHECKING:
    from onrecord.sources.polite import Answer, Web

__all__ = ["EVERY", "Follow", "follow", "unfollow", "web"]

#: How often a feed is asked, if the user does not say.
EVERY = timedelta(minutes=15)
#: Addresses that a page names as feeds, or that robots.txt names as sitemaps, and that are looked at to find one.
_TRIED = 8


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
        document = _file(source)
        if not is_opml(document):
            raise SourceError("a file that is no OPML list", item=source, hint="give the address of a feed or a home page, or an OPML file")
        listed: list[tuple[str, str | None, str | None]] = [(f.url, f.title, None) for f in read_opml(document)]
    else:
        document, at = _fetched(web, source)
        listed = [(f.url, f.title, None) for f in read_opml(document)] if is_opml(document) else [_feed_at(document, at, web)]
    done: dict[str, Follow] = {}
    with ledger.database.writing() as connection:
        for url, title, kind in listed:
            address = canonical(url)
            new = table.follow(connection, address, now=now(), kind=kind, title=title, outlet=outlet)
            done.setdefault(address, Follow(address, title, kind, new))
    return list(done.values())


def unfollow(ledger: Ledger, url: str) -> None:
    """Follow a feed no more.

    Raises:
        UsageError: It is not followed.
    """
    with ledger.database.writing() as connection:
        table.unfollow(connection, canonical(url))


def _file(source: str) -> Document:
    if "://" in source:
        raise RefusedError("only http and https addresses are followed", item=source, hint="for a file, give its path")
    try:
        return from_file(Path(source))
    except NotFoundError as error:
        raise NotFoundError(error.message, item=source, hint="check the path; the address of a feed or a home page begins with https://") from error


def _fetched(web: Web, url: str) -> tuple[Document, str]:
    """What is at an address, and the address to ask from now on: where it has moved for good, else as it was given."""
    from onrecord.sources.polite import Request

    answer: Answer = web.get(Request(url, kind="feed"))
    if answer.document is None:
        raise answer.error or NotFoundError("nothing came", item=url, hint="try again later")
    return answer.document, answer.moved_to or url


def _feed_at(document: Document, url: str, web: Web) -> tuple[str, str | None, str | None]:
    """The feed that is here, or that this page announces, or that is where feeds mostly are."""
    from onrecord.sources.feeds import read_feed

    try:
        feed = read_feed(document)
    except OnrecordError as error:
        for candidate in _candidates(document, document.url or url, web):
            try:
                found, at = _fetched(web, candidate)
                feed = read_feed(found)
            except OnrecordError:
                continue
            return at, feed.title, str(feed.kind)
        raise SourceError(
            "no feed is here, the page names none, and none is where feeds mostly are",
            item=url,
            hint="give the address of its RSS, Atom or JSON feed, or of its sitemap",
        ) from error
    return url, feed.title, str(feed.kind)


def _candidates(document: Document, url: str, web: Web) -> Iterator[str]:
    """Where a page's feed may be, likelier addresses first: a feed holds what is new, a sitemap often all there ever was."""
    from onrecord.sources.discovery import find_feeds, guesses

    seen: set[str] = set()
    announced = [f.url for f in find_feeds(document)][:_TRIED]
    guessed = guesses(url)
    sitemaps = [u for u in guessed if _is_sitemap(u)]
    for candidate in (*announced, *(u for u in guessed if u not in sitemaps)):
        if candidate not in seen:
            seen.add(candidate)
            yield candidate
    # Only now: where a feed was found, robots.txt is not read for another.
    for candidate in (*_named_in_robots(url, web), *sitemaps):
        if candidate not in seen:
            seen.add(candidate)
            yield candidate


def _is_sitemap(url: str) -> bool:
    path = urlsplit(url).path
    return "sitemap" in path or "googlenews" in path


def _named_in_robots(url: str, web: Web) -> list[str]:
    from onrecord.sources.discovery import sitemaps_in_robots

    try:
        document, _ = _fetched(web, urljoin(url, "/robots.txt"))
    except OnrecordError:
        return []
    return list(sitemaps_in_robots(document.content.decode("utf-8", "replace")))[:_TRIED]
