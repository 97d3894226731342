"""Work on many hosts abreast: one item at a time per host, results as they come."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

__all__ = ["abreast"]

T = TypeVar("T")
R = TypeVar("R")


def abreast(
    items: Iterable[T],
    work: Callable[[T, threading.Event, bool], R | None],
    *,
    site_of: Callable[[T], str],
    due: Callable[[str], float],
    parallel: int,
    ahead: int,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> Iterator[R]:
    """Do the work on items of different hosts at the same time.

    Items are taken from their source only while there is a free thread with nothing to do, and nothing is begun while the caller
    is busy with a result. When the caller stops early, the work in hand is called off; all threads have ended when this returns.

    Args:
        items: What to work on, of any length.
        work: Does one; its event is set when the result is no longer wanted. Where the host must be given a pause before the rest, it
            returns None, and is called once more when the host is due, then with True: so no thread sits through the pause.
        site_of: The host of an item.
        due: When a host may be turned to, by the clock.
        parallel: Threads.
        ahead: Items taken from their source whose results have not been given.
        clock: Seconds that never go back.
        sleep: Waits so many of the clock's seconds.

    Yields:
        The results, as they come.

    Raises:
        Exception: What `work`, or the source of the items, raises.
    """
    stop = threading.Event()
    done: queue.SimpleQueue[tuple[str, T, R | None, BaseException | None]] = queue.SimpleQueue()
    line = _Line(items, site_of, due, clock, ahead)

    def run(site: str, item: T, begun: bool) -> None:  # noqa: FBT001 - as it stands in line
        try:
            done.put((site, item, work(item, stop, begun), None))
        except BaseException as error:  # noqa: BLE001 - raised again by the caller's thread
            done.put((site, item, None, error))

    pool = ThreadPoolExecutor(max_workers=parallel, thread_name_prefix="onrecord web")
    try:
        while True:
            while len(line.busy) < parallel and (found := line.next()) is not None:
                pool.submit(run, *found)
            wait = line.wait() if len(line.busy) < parallel else None
            if line.busy:
                try:
                    site, item, result, error = done.get(timeout=wait)
                except queue.Empty:
                    continue
                if error is not None:
                    raise error
                if result is None:
                    line.put_back(site, item)
                    continue
                line.finished(site)
                yield result
            elif wait is None:
                return
            else:
                sleep(wait)
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


class _Line(Generic[T]):
    """The items that stand in line, by host."""

    def __init__(self, items: Iterable[T], site_of: Callable[[T], str], due: Callable[[str], float], clock: Callable[[], float], ahead: int) -> None:
        self._source = iter(items)
        self._site_of, self._due, self._clock, self._ahead = site_of, due, clock, ahead
        #: Items, and whether they were begun.
        self._waiting: dict[str, deque[tuple[T, bool]]] = {}
        self._taken = 0
        self._exhausted = False
        #: Hosts that are being worked on.
        self.busy: set[str] = set()

    def next(self) -> tuple[str, T, bool] | None:
        """An item whose host is free and due; None if there is none for now."""
        while True:
            now = self._clock()
            site = next((s for s in self._waiting if s not in self.busy and self._due(s) <= now), None)
            if site is not None:
                return self._begin(site)
            if self._exhausted or self._taken >= self._ahead:
                return None
            try:
                item = next(self._source)
            except StopIteration:
                self._exhausted = True
                return None
            self._taken += 1
            self._waiting.setdefault(self._site_of(item), deque()).append((item, False))

    def wait(self) -> float | None:
        """Seconds until the first host that is free will be due; None if none is free."""
        times = [self._due(s) for s in self._waiting if s not in self.busy]
        return max(0.0, min(times) - self._clock()) if times else None

    def finished(self, site: str) -> None:
        """Free a host whose result is about to be given."""
        self.busy.discard(site)
        self._taken -= 1

    def put_back(self, site: str, item: T) -> None:
        """Let an item that was begun stand first in its host's line."""
        self.busy.discard(site)
        self._waiting.setdefault(site, deque()).appendleft((item, True))

    def _begin(self, site: str) -> tuple[str, T, bool]:
        line = self._waiting.pop(site)
        item, begun = line.popleft()
        if line:
            # To the end, so that hosts take turns.
            self._waiting[site] = line
        self.busy.add(site)
        return site, item, begun
