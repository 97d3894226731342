"""A map over a pool of processes: in order, lazily, and no further ahead than it must be."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from onrecord.errors import OnrecordError

__all__ = ["processes"]

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def processes(count: int) -> Iterator[Callable[[Callable[[T], R], Iterable[T]], Iterator[R]]]:
    """A `map` that works in other processes.

    Results come in the order of the items. At most four items a process are under way, so that an endless iterable is fine and memory stays.
    Processes are started anew ("spawn"), since a fork would copy threads of the model's engine.

    Args:
        count: How many processes; 1 gives the builtin `map`, in this process.

    Yields:
        The map. What it is given pickles; what a function raises is raised where its result would be taken.
    """
    if count <= 1:
        yield map
        return
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=_unbothered) as pool:

        def ahead(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
            waiting: deque[Future[R]] = deque()
            try:
                for item in items:
                    waiting.append(pool.submit(work, item))
                    if len(waiting) >= 4 * count:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            except BrokenProcessPool as error:
                raise OnrecordError("a worker was ended by the system", hint="is there memory enough? Try with fewer --workers") from error
            finally:
                for future in waiting:
                    future.cancel()

        yield ahead


def _unbothered() -> None:
    """Ctrl-C is for the process that shares out the work; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
