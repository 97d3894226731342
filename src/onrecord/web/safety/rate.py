"""How often one address may ask."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.web.safety.buckets import Buckets
from onrecord.web.safety.refusal import refuse
from onrecord.web.safety.visitors import address

__all__ = ["Buckets", "RateLimit"]


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
