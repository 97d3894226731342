"""Headers of every answer. Scripts and styles come from our own files alone; nothing is embedded anywhere, and nothing is told to other sites."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord.web.safety.refusal import refuse

__all__ = ["CSP", "StrictHeaders"]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "x-robots-tag": "noindex",
}


class StrictHeaders:
    """Adds them, also to what is said where the program itself fails."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add headers to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                if scope.get("scheme") == "https":
                    headers.setdefault("strict-transport-security", "max-age=31536000")
                headers.setdefault("cache-control", "private, no-cache")
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception:  # whatever it was, the visitor is told that the desk failed, and it goes on to whoever writes it down
            if not begun:
                failed = refuse(500, "the desk itself failed", hint="what happened is in its log", headers={"cache-control": "no-store"})
                await failed(scope, receive, with_headers)
            raise
