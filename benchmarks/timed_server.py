"""`onrecord serve` that says with each answer how long it took to make (`Server-Timing`), and lets one address ask as often as it likes."""

from __future__ import annotations

import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.cli import main
from onrecord.web import serving


class Timed:
    """Adds the time from when a request is there until its answer begins; an answer is whole before it does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add it."""
        begun = time.perf_counter()

        async def timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"server-timing", f"total;dur={(time.perf_counter() - begun) * 1000:.2f}".encode())]
            await send(message)

        await self.app(scope, receive, timed if scope["type"] == "http" else send)


if __name__ == "__main__":
    made = serving.make_app

    def make_app(*arguments: Any, **more: Any) -> Any:
        return Timed(made(*arguments, limits=False, **more))

    serving.make_app = make_app
    main()
