"""Courtesy towards hosts: one request at a time, a pause between two, and patience when a host is in trouble."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from onrecord.errors import TryLaterError
from onrecord.sources.connection import Budget

__all__ = ["Hosts", "asked_wait"]

#: The longest that a host can make itself be left alone, in seconds.
_LONGEST_ASKED = 86400.0
_GLANCE = 0.25
#: Hosts that are remembered although nothing is to be remembered of them.
_KEPT = 4096
#: Seconds after which a host that was asked is one of those; whoever has just looked it up is about to use it.
_LATELY = 60.0
_SECONDS = re.compile(r"\d{1,9}(?:\.\d+)?\Z", re.ASCII)


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    #: When the last request ended, by the clock; None before the first.
    last: float | None = None
    #: When it was looked up first, by the clock.
    since: float = 0.0
    #: Seconds that its robots.txt asks for between two requests.
    delay: float = 0.0
    #: Failures since the last success.
    failures: int = 0
    #: Until when it is left alone, and why.
    until: float = 0.0
    why: str = ""


class Hosts:
    """What is remembered of each host, for as long as the process lives.

    Args:
        seconds: Between the end of one request and the start of the next at one host.
        first_wait: Seconds that a host is left alone after a first failure, if it does not say itself how long; doubles with each.
        longest_wait: Bound of that, in seconds.
        clock: Seconds that never go back.
        sleep: Waits so many of the clock's seconds.
    """

    def __init__(self, *, seconds: float, first_wait: float, longest_wait: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._seconds = seconds
        self._first_wait, self._longest_wait = first_wait, longest_wait
        self._clock, self._sleep = clock, sleep
        self._hosts: dict[str, _Host] = {}
        self._most = _KEPT
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, site: str, url: str, budget: Budget) -> Iterator[None]:
        """Wait for the host to be free and the pause to be over, and have the host to oneself.

        The wait is not taken out of the budget.

        Raises:
            TryLaterError: The host is left alone for now; at once, without a wait.
        """
        host = self._host(site)
        began = time.monotonic()
        self._patience(host, url)
        while not host.lock.acquire(timeout=_GLANCE):
            budget.wanted(url)
        try:
            # Somebody may have run into trouble while this one stood in line.
            self._patience(host, url)
            while (wait := self._due(host) - self._clock()) > 0:
                budget.wanted(url)
                self._sleep(min(wait, _GLANCE))
            budget.add(time.monotonic() - began)
            try:
                yield
            finally:
                host.last = self._clock()
        finally:
            host.lock.release()

    def due(self, site: str) -> float:
        """When a request to the host would be sent or turned down, by the clock."""
        host = self._host(site)
        now = self._clock()
        return now if host.until > now else self._due(host)

    def slow_down(self, site: str, seconds: float) -> None:
        """Keep a host's own pause between two requests, where it is longer."""
        self._host(site).delay = seconds

    def worked(self, site: str) -> None:
        """Forget the host's failures."""
        host = self._host(site)
        host.failures, host.until = 0, 0.0

    def failed(self, site: str, why: str, asked: float | None = None) -> float:
        """Leave the host alone.

        Args:
            site: The host.
            why: Message for those who come meanwhile.
            asked: Seconds that the host itself asks for.

        Returns:
            For how many seconds.
        """
        host = self._host(site)
        host.failures += 1
        wait = self._first_wait * 2.0 ** min(host.failures - 1, 32)
        wait = min(wait, self._longest_wait) if asked is None else min(asked, _LONGEST_ASKED)
        host.until, host.why = self._clock() + wait, why
        return wait

    def _due(self, host: _Host) -> float:
        return host.since if host.last is None else host.last + max(self._seconds, host.delay)

    def _patience(self, host: _Host, url: str) -> None:
        left = host.until - self._clock()
        if left > 0:
            raise TryLaterError(host.why, item=url, hint=f"the host is left alone; try again in {left:.0f} seconds", retry_after=left)

    def _host(self, site: str) -> _Host:
        with self._lock:
            found = self._hosts.get(site)
            if found is None:
                self._forget()
                found = self._hosts[site] = _Host(since=self._clock())
            return found

    def _forget(self) -> None:
        """Drop hosts of which there is nothing to know, now and then."""
        if len(self._hosts) < self._most:
            return
        lately = self._clock() - _LATELY
        self._hosts = {s: h for s, h in self._hosts.items() if h.failures or max(h.since, self._due(h)) > lately or h.lock.locked()}
        self._most = max(_KEPT, 2 * len(self._hosts))


def asked_wait(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds that `Retry-After` asks for, given as such or as a date; None if it does not.

    Args:
        headers: Of the response, lower-case names.
        now: With a time zone. The server's own `Date` goes before, since the two may disagree.
    """
    value = headers.get("retry-after", "").strip()
    if _SECONDS.match(value):
        return float(value)
    until = _moment(value)
    return None if until is None else max(0.0, (until - (_moment(headers.get("date", "")) or now)).total_seconds())


def _moment(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
