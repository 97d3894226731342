"""Which requests are refused for where they come from: a foreign name of this machine, a foreign page's form, a body without end.

A page elsewhere may make a browser send a form here. Browsers say on every such request where it comes from (`Sec-Fetch-Site`, `Origin`), and no page
can change what they say: whatever changes something is refused unless it comes from one of our own pages, or from a program that is no browser and says
neither. No secret has to stand in the forms then, so that pages can be kept by caches. The cookie is `SameSite=Strict` besides.
"""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.web.safety.refusal import refuse

__all__ = ["MOST", "Origins"]

#: Bytes of a request's body.
MOST = 1 << 20
_DIGITS = 12
#: Bytes of an address, and seconds in which a body has to be there.
_FAR, _PATIENCE = 16_000, 30.0
_SAFE = ("GET", "HEAD", "OPTIONS")


class Origins:
    """Refuses them.

    Args:
        app: What comes after.
        hosts: Names that a request may call this machine by; `*` for any.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if "*" not in self.hosts and _bare(host) not in self.hosts:
            await refuse(400, "this desk is not called so", hint="use the address that `onrecord serve` printed, or name yours with --allow-host")(
                scope, receive, send
            )
            return
        if scope["method"] not in _SAFE and _foreign(headers, host):
            await refuse(403, "this was sent from a page of another site", hint="send it from a page of this desk")(scope, receive, send)
            return
        if "\0" in scope["path"] or b"%00" in scope["query_string"] or b"\0" in scope["query_string"]:
            await refuse(400, "an address with a character that is none (NUL)")(scope, receive, send)
            return
        if len(scope["path"]) + len(scope["query_string"]) > _FAR:
            await refuse(414, f"an address of more than {_FAR:,} characters", hint="ask for less at once")(scope, receive, send)
            return
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()) or len(length) > _DIGITS or int(length) > MOST:
            await refuse(413, f"a request of more than {MOST:,} bytes", hint="add large files with `onrecord add`")(scope, receive, send)
            return
        await self.app(scope, _limited(receive), send)


def _foreign(headers: Headers, host: str) -> bool:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    return origin is not None and urlsplit(origin).netloc.lower() != host.lower()


def _bare(host: str) -> str:
    """The name without the port."""
    host = host.lower()
    if host.startswith("["):
        name, _, port = host.partition("]")
        return f"{name}]" if not port or (port[0] == ":" and port[1:].isdecimal()) else ""
    return host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdecimal() else host


def _limited(receive: Receive) -> Receive:
    """A body without a length ends, for us, where it grows too long; one that does not come, when patience ends."""
    seen, whole, until = 0, False, time.monotonic() + _PATIENCE

    async def limited() -> Message:
        nonlocal seen, whole
        if whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, until - time.monotonic()))
        except TimeoutError:
            return {"type": "http.disconnect"}
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if seen > MOST:
                return {"type": "http.disconnect"}
        return message

    return limited
