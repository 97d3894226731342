"""What robots.txt allows (RFC 9309)."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from protego import Protego

from onrecord.errors import RefusedError
from onrecord.sources.addresses import Target
from onrecord.sources.connection import Reply
from onrecord.sources.hosts import asked_wait
from onrecord.sources.redirects import REDIRECTS, follow

__all__ = ["ROBOTS_SIZE", "Robots", "Verdict"]

#: Bytes of a robots.txt that are read, as RFC 9309 asks for at least.
ROBOTS_SIZE = 512 * 1024
#: Seconds that rules are kept, the most that RFC 9309 allows, and seconds until a server that could not give them is asked again.
_KEPT, _TROUBLE_KEPT = 86400.0, 600.0
_MOST = 1024
#: The name that groups of rules call onrecord by.
_GROUP = "onrecord"
_REDIRECTS = 5
_TOO_MANY, _CLIENT_ERROR, _SERVER_ERROR = 429, 400, 500


@dataclass(frozen=True, slots=True)
class _Rules:
    until: float
    #: None if everything is allowed.
    parsed: Any = None
    #: Status of a server that could not give them; then nothing is allowed.
    trouble: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What robots.txt says of one address."""

    #: Why it must not be fetched; None if it may.
    error: RefusedError | None
    #: Seconds between two requests; None if it does not say.
    delay: float | None = None
    #: Seconds until robots.txt is asked for again, if the error is the server's trouble.
    retry_after: float | None = None


class Robots:
    """The rules of each origin, asked for once a day.

    Args:
        clock: Seconds that never go back.
        now: The moment, with a time zone.
    """

    def __init__(self, *, clock: Callable[[], float], now: Callable[[], datetime]) -> None:
        self._clock, self._now = clock, now
        self._known: OrderedDict[str, _Rules] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, target: Target) -> bool:
        """Whether a verdict can be given without asking."""
        with self._lock:
            rules = self._known.get(target.origin)
        return rules is not None and rules.until > self._clock()

    def verdict(self, target: Target, ask: Callable[[str], Reply]) -> Verdict:
        """Say whether an address may be fetched.

        Args:
            target: The address.
            ask: Makes one request, cutting the body at `ROBOTS_SIZE`.

        Raises:
            OnrecordError: What `ask` raises.
        """
        with self._lock:
            rules = self._known.get(target.origin)
        if rules is None or rules.until <= self._clock():
            rules = self._asked(target, ask)
            with self._lock:
                self._known[target.origin] = rules
                self._known.move_to_end(target.origin)
                while len(self._known) > _MOST:
                    self._known.popitem(last=False)
        if rules.trouble is not None:
            message = f"robots.txt cannot be had (status {rules.trouble}), so fetching is not allowed"
            wait = max(0.0, rules.until - self._clock())
            return Verdict(RefusedError(message, item=target.url, hint="try again later, or --no-robots"), retry_after=wait)
        if rules.parsed is None:
            return Verdict(None)
        delay = rules.parsed.crawl_delay(_GROUP)
        delay = delay if delay is not None and math.isfinite(delay) and delay > 0 else None
        if rules.parsed.can_fetch(target.origin + target.path, _GROUP):
            return Verdict(None, delay)
        return Verdict(
            RefusedError("robots.txt does not allow it", item=target.url, hint="save the page in a browser and give the file, or --no-robots"), delay
        )

    def _asked(self, target: Target, ask: Callable[[str], Reply]) -> _Rules:
        found = follow(f"{target.origin}/robots.txt", ask, most=_REDIRECTS)
        now, status = self._clock(), found.reply.status
        if status >= _SERVER_ERROR or status == _TOO_MANY:
            wait = asked_wait(found.reply.headers, now=self._now())
            return _Rules(now + min(_TROUBLE_KEPT if wait is None else wait, _KEPT), trouble=status)
        if found.trouble or status >= _CLIENT_ERROR or status in REDIRECTS:
            return _Rules(now + _KEPT)
        return _Rules(now + _KEPT, Protego.parse(found.reply.body.decode("utf-8-sig", "replace")))
