"""Answers are kept until somebody writes to the ledger: whoever asks again gets the same bytes, or is told that he has them (304).

A page is made of the ledger and the day alone. Its ETag is a hash of the ledger's version, the day, the visitor and the address, known before the page is
made. What depends on anything else says `cache-control: no-store` and is left alone.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.web.site import Site

__all__ = ["Kept"]

#: Bytes of answers that are kept.
_MOST = 32 << 20
_OK = 200


class Kept:
    """Keeps them.

    Args:
        app: What makes them.
        site: Tells the ledger's version.
        most: Bytes that are kept.
    """

    def __init__(self, app: ASGIApp, site: Site, most: int = _MOST) -> None:
        self.app, self.site, self.most = app, site, most
        self._kept: OrderedDict[str, tuple[list[tuple[bytes, bytes]], bytes]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or pass on and keep."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        tag = await run_in_threadpool(self._tag, scope)
        if Headers(scope=scope).get("if-none-match") == tag:
            await Response(status_code=304, headers={"etag": tag, "cache-control": "private, no-cache"})(scope, receive, send)
            return
        with self._lock:
            found = self._kept.get(tag)
            if found:
                self._kept.move_to_end(tag)
        if found:
            await send({"type": "http.response.start", "status": _OK, "headers": list(found[0])})
            await send({"type": "http.response.body", "body": found[1]})
            return
        await self.app(scope, receive, self._keeping(tag, send))

    def _tag(self, scope: Scope) -> str:
        visitor = scope["state"]["visitor"]
        headers = Headers(scope=scope)
        parts = (
            self.site.version(),
            self.site.now().date().isoformat(),
            visitor.name,
            visitor.role,
            # Feeds name the desk by the address that they are asked under.
            f"{scope['scheme']}://{headers.get('host', '')}",
            scope["path"],
            scope["query_string"].decode("latin-1"),
            str("gzip" in headers.get("accept-encoding", "")),
            str("application/json" in headers.get("accept", "")),
        )
        return f'"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'

    def _keeping(self, tag: str, send: Send) -> Send:
        start: Message = {}
        parts: list[bytes] = []

        async def keeping(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if message["status"] == _OK and "no-store" not in headers.get("cache-control", ""):
                    headers["etag"] = tag
                    headers["vary"] = "accept-encoding, cookie, authorization, accept"
                    start.update(message)
            elif start:
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    self._keep(tag, list(start["headers"]), b"".join(parts))
            await send(message)

        return keeping

    def _keep(self, tag: str, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        if len(body) > self.most // 8:
            return
        with self._lock:
            if tag not in self._kept:
                self._kept[tag] = headers, body
                self._bytes += len(body)
            while self._bytes > self.most:
                _, (_, old) = self._kept.popitem(last=False)
                self._bytes -= len(old)
