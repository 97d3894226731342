"""Buckets: how often something may be done, by name; each fills again by the second."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Buckets", "tries"]

#: Names that are remembered.
_MOST = 10_000
#: Tokens that one address may try at once, and the seconds after which it may try one more.
_TRIES, _AGAIN = 8.0, 15.0


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
        left = self._now_in(name, now)
        wait = 0.0 if left >= 1 else (1 - left) / self.rate
        self._left.pop(name, None)
        self._left[name] = (left - 1 if not wait else left, now)
        if len(self._left) > _MOST:
            self._left.popitem(last=False)
        return wait

    def wait(self, name: str) -> float:
        """What `take` would return; nothing is taken."""
        left = self._now_in(name, self.clock())
        return 0.0 if left >= 1 else (1 - left) / self.rate

    def give_back(self, name: str) -> None:
        """Put one back: what it was taken for was in order."""
        left, then = self._left.get(name, (self.size, self.clock()))
        self._left[name] = min(self.size, left + 1), then

    def _now_in(self, name: str, now: float) -> float:
        left, then = self._left.get(name, (self.size, now))
        return min(self.size, left + (now - then) * self.rate)


def tries() -> Buckets:
    """How often an address may show a token that opens nothing."""
    return Buckets(1 / _AGAIN, _TRIES)
