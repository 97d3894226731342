"""Documents from the web, one or many, from hosts that are asked politely.

A host gets one request at a time, with a pause between two; its robots.txt is obeyed; pages that have not changed are not sent
again; and a host in trouble, or that asks for patience, is left alone until the time it names, or for ever longer times.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal

from onrecord.errors import FetchError, NotFoundError, OnrecordError, RefusedError, TryLaterError
from onrecord.sources.abreast import abreast
from onrecord.sources.addresses import Target, target_of
from onrecord.sources.connection import Budget, Limits, Network, Reply, Resolve, exchange, user_agent
from onrecord.sources.document import Document
from onrecord.sources.hosts import Hosts, asked_wait
from onrecord.sources.redirects import Followed, follow
from onrecord.sources.robots import ROBOTS_SIZE, Robots

__all__ = ["Answer", "Request", "Web"]

_OK, _NOT_MODIFIED, _TOO_MANY, _SERVER_ERROR = 200, 304, 429, 500
_GONE = frozenset((404, 410))

_TEXTUAL = ("text/", "application/xhtml", "application/json", "application/ld+json", "application/feed+json", "application/xml")
#: What feeds and sitemaps come as, packed ones and ill-labelled ones included; what they are is seen from their bytes.
_FEED_LIKE = (
    "application/rss",
    "application/atom",
    "application/rdf",
    "application/gzip",
    "application/x-gzip",
    "application/octet-stream",
    "binary/octet-stream",
)
_ACCEPT = {
    "page": "text/html,application/xhtml+xml,application/json;q=0.9,text/*;q=0.8",
    "feed": "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,application/json;q=0.8,text/*;q=0.7,*/*;q=0.5",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for."""

    url: str
    #: `ETag` of the copy at hand, as the server gave it.
    etag: str | None = None
    #: `Last-Modified` of the copy at hand, as the server gave it.
    last_modified: str | None = None
    #: A page to read, or a feed or sitemap, which may be larger and of other types.
    kind: Literal["page", "feed"] = "page"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: a document, or that it has not changed, or an error."""

    request: Request
    document: Document | None = None
    #: The copy at hand is still what the server has.
    not_modified: bool = False
    #: Where the address has moved for good: what to ask for from now on. None if it has not, or if there was nothing there.
    moved_to: str | None = None
    #: What to send with the next request for it.
    etag: str | None = None
    last_modified: str | None = None
    error: OnrecordError | None = None
    #: Seconds after which asking again makes sense; None if nothing is known of it.
    retry_after: float | None = None


class Web:
    """Fetches documents, and remembers each host's rules and troubles.

    Args:
        limits: What one fetch may cost.
        allow_private: Reach addresses inside one's own network, too.
        robots: Ask robots.txt first (RFC 9309) and obey.
        per_host_seconds: Pause between the end of one request to a host and the start of the next.
        parallel: Hosts that `get_many` works on at the same time.
        ahead: Requests that `get_many` takes before it has answered them.
        longest_pause: Bound in seconds of the pause that a robots.txt may ask for (`Crawl-delay`).
        first_wait: Seconds that a host is left alone after a failure, if it does not say how long; doubles with every further one.
        longest_wait: Bound of that, in seconds.
        about: What the `User-Agent` says of the one who runs this, such as an address to write to.
        clock: Seconds that never go back, for pauses and waits. Limits of time go by the real clock.
        sleep: Waits so many of the clock's seconds.
        now: The moment, with a time zone, for `Document.fetched` and for dates in headers.
        resolve: Finds a name's addresses, as `socket.getaddrinfo` does.

    It may be used by several threads. It holds no connections open and needs no closing.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        allow_private: bool = False,
        robots: bool = True,
        per_host_seconds: float = 1.0,
        parallel: int = 8,
        ahead: int = 256,
        longest_pause: float = 30.0,
        first_wait: float = 10.0,
        longest_wait: float = 3600.0,
        about: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolve: Resolve = socket.getaddrinfo,
    ) -> None:
        self._limits = limits or Limits()
        self._network = Network(allow_private, resolve)
        self._robots = Robots(clock=clock, now=now) if robots else None
        self._hosts = Hosts(seconds=per_host_seconds, first_wait=first_wait, longest_wait=longest_wait, clock=clock, sleep=sleep)
        self._parallel, self._ahead, self._longest_pause = max(1, parallel), max(1, ahead), longest_pause
        self._agent = user_agent(about)
        self._clock, self._sleep, self._now = clock, sleep, now

    def get(self, request: Request) -> Answer:
        """Fetch one document; errors of onrecord travel in the answer.

        It waits for its turn at the host. A host that is left alone is not waited for: the answer is a `TryLaterError`, at once.
        """
        visit = _Visit(Budget(self._limits.seconds))
        try:
            return self._visited(request, visit)
        except OnrecordError as error:
            return _failed(request, error, visit)

    def get_many(self, requests: Iterable[Request]) -> Iterator[Answer]:
        """Fetch many documents from different hosts at the same time, one at a time from each.

        Requests are taken as they are needed, at most `ahead` before their answers are given. Answers come as they are there, not
        in the order of the requests. Close the iterator to stop early; the threads end with it.
        """
        return abreast(
            requests,
            self._in_line,
            site_of=_site_of,
            due=self._hosts.due,
            parallel=self._parallel,
            ahead=self._ahead,
            clock=self._clock,
            sleep=self._sleep,
        )

    def _in_line(self, request: Request, stop: threading.Event, begun: bool) -> Answer | None:  # noqa: FBT001 - as `abreast` calls it
        """Fetch one of many; None if only its robots.txt was asked for, after which the host has a pause."""
        visit = _Visit(Budget(self._limits.seconds, stop=stop))
        try:
            if self._robots is not None and not begun:
                target = target_of(request.url)
                if not self._robots.knows(target):
                    self._judge(self._robots, target, visit)
                    return None
            return self._visited(request, visit)
        except OnrecordError as error:
            return _failed(request, error, visit)

    def _visited(self, request: Request, visit: _Visit) -> Answer:
        return self._answer(request, follow(request.url, lambda url: self._step(url, request, visit), most=self._limits.redirects))

    def _answer(self, request: Request, found: Followed) -> Answer:
        if found.trouble:
            raise found.trouble
        headers = found.reply.headers
        etag, modified = headers.get("etag"), headers.get("last-modified")
        if found.reply.status == _NOT_MODIFIED and _conditions(request):
            return Answer(request, None, True, found.moved_to, etag or request.etag, modified or request.last_modified)  # noqa: FBT003 - in the order of the fields
        document = _document(request, found, self._now())
        return Answer(request, document, False, found.moved_to, etag, modified)  # noqa: FBT003 - likewise

    def _step(self, url: str, request: Request, visit: _Visit) -> Reply:
        """One request on the way to a page: robots.txt, then the page; what a redirect names comes here, too, and is judged anew."""
        target = target_of(url)
        if self._robots is not None:
            self._judge(self._robots, target, visit)
        size = self._limits.feed_size if request.kind == "feed" else self._limits.size
        return self._send(target, {"Accept": _ACCEPT[request.kind], **_conditions(request)}, size, visit)

    def _judge(self, robots: Robots, target: Target, visit: _Visit) -> None:
        verdict = robots.verdict(target, lambda at: self._send(target_of(at), {"Accept": "text/plain,*/*;q=0.5"}, ROBOTS_SIZE, visit, robots=True))
        self._hosts.slow_down(target.site, min(verdict.delay or 0.0, self._longest_pause))
        if verdict.error is not None:
            visit.retry_after = verdict.retry_after
            raise verdict.error

    def _send(self, target: Target, headers: Mapping[str, str], size: int, visit: _Visit, *, robots: bool = False) -> Reply:
        """One request in its turn. What the answer says of the host's condition is remembered, except by robots.txt, which has a memory of its own."""
        with self._hosts.turn(target.site, target.url, visit.budget):
            try:
                reply = exchange(target, headers={"User-Agent": self._agent, **headers}, size=size, budget=visit.budget, network=self._network, cut=robots)
            except TryLaterError as error:
                raise self._trouble(target, error.message) from error
            if robots:
                return reply
            if reply.status == _TOO_MANY or reply.status >= _SERVER_ERROR:
                raise self._trouble(target, f"the server answers with status {reply.status}", asked_wait(reply.headers, now=self._now()))
            self._hosts.worked(target.site)
            return reply

    def _trouble(self, target: Target, message: str, asked: float | None = None) -> TryLaterError:
        wait = self._hosts.failed(target.site, message, asked)
        return TryLaterError(message, item=target.url, hint=f"try again in {wait:.0f} seconds", retry_after=wait)


@dataclass(slots=True)
class _Visit:
    """One request of a user with all it entails."""

    budget: Budget
    #: Seconds until a refusal may end.
    retry_after: float | None = None


def _site_of(request: Request) -> str:
    try:
        return target_of(request.url).site
    except RefusedError:
        # Answered without asking anybody.
        return ""


def _conditions(request: Request) -> dict[str, str]:
    """Headers that ask for the document only if it has changed; what could not be a header's value is left out."""
    given = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value.strip() for name, value in given.items() if value and value.strip() and _sendable(value.strip())}


def _sendable(value: str) -> bool:
    return all(" " <= c <= "\xff" and c != "\x7f" for c in value)


def _failed(request: Request, error: OnrecordError, visit: _Visit) -> Answer:
    wait = error.retry_after if isinstance(error, TryLaterError) else visit.retry_after
    return Answer(request, error=_about(error, request.url), retry_after=wait)


def _about(error: OnrecordError, url: str) -> OnrecordError:
    """The error as one about the address that was asked for."""
    if error.item == url or "@" in url:
        return error
    # On the way to the page it was something else that failed: robots.txt, or where a redirect led.
    message = f"{error.message} (asked for {error.item})"
    if isinstance(error, TryLaterError):
        return TryLaterError(message, item=url, hint=error.hint, retry_after=error.retry_after)
    return type(error)(message, item=url, hint=error.hint)


def _document(request: Request, found: Followed, now: datetime) -> Document:
    status, headers, asked = found.reply.status, found.reply.headers, request.url
    if status in _GONE:
        raise NotFoundError(f"the server says {status}, not found", item=asked, hint="check the address")
    if status != _OK:
        raise FetchError(f"the server answers with status {status}", item=asked, hint="open it in a browser, save the page, and give the file")
    media, _, rest = headers.get("content-type", "").partition(";")
    media = media.strip().lower()
    if media and not _readable(media, request.kind):
        if request.kind == "feed":
            raise FetchError(f"this is {media}, not a feed", item=asked, hint="give the address of the feed or of the site")
        raise FetchError(f"this is {media}, not an article", item=asked, hint="give the page that links to it")
    charset = next((p.split("=", 1)[1].strip(" \"'") for p in rest.split(";") if p.strip().lower().startswith("charset=")), None)
    return Document(
        found.reply.body, asked, url=found.url, media_type=media or None, charset=charset or None, fetched=now, headers=MappingProxyType(dict(headers))
    )


def _readable(media: str, kind: str) -> bool:
    if media.startswith(_TEXTUAL) or media.endswith("+json"):
        return True
    return kind == "feed" and (media.startswith(_FEED_LIKE) or media.endswith("+xml"))
