"""How often one address may ask: a bucket each, which fills again by the second."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.web.safety.refusal import refuse
from onrecord.web.safety.visitors import address

__all__ = ["Buckets", "RateLimit"]

#: Addresses that are remembered.
_MOST = 10_000


@dataclass(slots=True)
class Buckets:
    """A bucket for each name: `size` at once, and `rate` more each second.

    Args:
        rate: How many a second, over time.
        size: How many at once.
        clock: Seconds; any zero.
    """

    rate: float
    size: float
    clock: Callable[[], float] = time.monotonic
    #: What is left in each, and since when; the one asked longest ago first.
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, name: str) -> float:
        """Take one from a bucket.

        Returns:
            0 if there was one; else the seconds after which there is.
        """
        now = self.clock()
        left, then = self._left.pop(name, (self.size, now))
        left = min(self.size, left + (now - then) * self.rate)
        wait = 0.0 if left >= 1 else (1 - left) / self.rate
        self._left[name] = (left - 1 if not wait else left, now)
        if len(self._left) > _MOST:
            self._left.popitem(last=False)
        return wait

    def give_back(self, name: str) -> None:
        """Put one back: what it was taken for was in order."""
        left, then = self._left.get(name, (self.size, self.clock()))
        self._left[name] = min(self.size, left + 1), then


class RateLimit:
    """Answers 429 to an address that asks too often. Files under `/static` do not count.

    Args:
        app: What comes after.
        reads: For looking.
        writes: For whatever changes something, signing in among it.
    """

    def __init__(self, app: ASGIApp, reads: Buckets, writes: Buckets) -> None:
        self.app, self.reads, self.writes = app, reads, writes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] == "http" and not scope["path"].startswith("/static/"):
            buckets = self.reads if scope["method"] in ("GET", "HEAD", "OPTIONS") else self.writes
            wait = buckets.take(address(scope))
            if wait:
                after = {"retry-after": str(max(1, round(wait)))}
                await refuse(429, "too many requests", hint=f"wait {after['retry-after']} s", headers=after)(scope, receive, send)
                return
        await self.app(scope, receive, send)
