"""Long answers as JSON lines: made as fast as they are taken, a piece at a time, and ended when nobody takes them.

The ledger is asked in one state from the first line to the last. An answer that is not whole ends without the end that HTTP has for it, so that whoever reads
it knows.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from typing import Any

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from onrecord.export.jsons import dumped

__all__ = ["JSONL", "Lines", "Places"]

JSONL = "application/jsonl"
#: Characters of a piece.
_PIECE = 64 * 1024
#: Seconds in which a piece has to be taken, and in which all of them have to be: the ledger's state is kept for as long.
_PATIENCE, _LONGEST = 30.0, 3600.0
#: Answers under way at once, and seconds after which somebody may ask again.
_AT_ONCE, _AGAIN = 8, 10


class Places:
    """Places for long answers: each holds a connection to the ledger for as long as somebody reads.

    Args:
        count: How many there are.
    """

    def __init__(self, count: int = _AT_ONCE) -> None:
        self._free = threading.Semaphore(count)

    def lines(self, objects: Generator[Any]) -> Generator[str]:
        """Objects with a `to_json()` as lines, in a place that is free again when the lines end, or are closed.

        Args:
            objects: What is told; asked for nothing before a place is free, and closed at the end.

        Raises:
            HTTPException: Too many others are under way.
        """
        if not self._free.acquire(blocking=False):
            objects.close()
            raise HTTPException(429, "too many long answers are under way", headers={"retry-after": str(_AGAIN)})
        try:
            for thing in objects:
                yield dumped(thing.to_json()) + "\n"
        finally:
            objects.close()
            self._free.release()


class Lines(Response):
    """An answer of lines. The first has been made when this is made, so that what cannot be asked is said with a status of its own.

    Args:
        lines: The lines, each with its end; closed when all are sent or nobody takes them any more.
        patience: Seconds in which a piece has to be taken.
        longest: Seconds in which all have to be.

    Raises:
        OnrecordError: Whatever making the first line raises.
    """

    media_type = JSONL

    def __init__(self, lines: Generator[str], *, patience: float = _PATIENCE, longest: float = _LONGEST) -> None:
        # Without a body, and so without a length.
        self.status_code, self.background = 200, None
        self.init_headers({"cache-control": "no-store"})
        self._lines, self.patience, self.longest = lines, patience, longest
        self._first: Iterable[str] = [first] if (first := next(lines, None)) is not None else []
        self._making = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send piece by piece, until all is sent or nobody takes it."""
        del scope
        gone = asyncio.ensure_future(_gone(receive))
        until = time.monotonic() + self.longest
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            pieces = self._pieces()
            while piece := await run_in_threadpool(self._next, pieces):
                left = until - time.monotonic()
                async with asyncio.timeout(min(self.patience, left)):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                if gone.done():
                    return
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (TimeoutError, OSError):
            # What was sent is not whole, and is left without an end.
            return
        finally:
            gone.cancel()
            # Not here: a piece may just be made in another thread, if this one was cancelled meanwhile.
            asyncio.get_running_loop().run_in_executor(None, self.close)

    def close(self) -> None:
        """Make no more, and let go of what they are made from."""
        with self._making:
            self._lines.close()

    def _next(self, pieces: Iterator[bytes]) -> bytes:
        with self._making:
            return next(pieces, b"")

    def _pieces(self) -> Iterator[bytes]:
        some: list[str] = []
        size = 0
        for line in chain(self._first, self._lines):
            some.append(line)
            size += len(line)
            if size >= _PIECE:
                yield "".join(some).encode()
                some, size = [], 0
        if some:
            yield "".join(some).encode()


async def _gone(receive: Receive) -> None:
    """Ends when whoever asked has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
