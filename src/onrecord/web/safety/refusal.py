"""The answer to a request that goes no further."""

from __future__ import annotations

from html import escape

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

__all__ = ["Refusal", "refuse"]


class Refusal:
    """One, in the form that was asked for: JSON under `/api`, else a bare page."""

    def __init__(self, status: int, message: str, hint: str | None, headers: dict[str, str] | None) -> None:
        self.status, self.message, self.hint, self.headers = status, message, hint, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await self.response(scope)(scope, receive, send)

    def response(self, scope: Scope) -> Response:
        """The answer itself."""
        wants = Headers(scope=scope).get("accept", "")
        if scope["path"].startswith("/api") or "application/json" in wants:
            return JSONResponse({"error": self.message, "hint": self.hint}, self.status, headers=self.headers)
        hint = f"<p>{escape(self.hint)}.</p>" if self.hint else ""
        return HTMLResponse(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{self.status} · onrecord</title>'
            f'<main><h1>{escape(self.message[:1].upper() + self.message[1:])}</h1>{hint}<p><a href="/">Back to the desk</a></p></main></html>',
            self.status,
            headers=self.headers,
        )


def refuse(status: int, message: str, *, hint: str | None = None, headers: dict[str, str] | None = None) -> Refusal:
    """Make one.

    Args:
        status: HTTP status.
        message: What is wrong.
        hint: What to do.
        headers: Further headers.
    """
    return Refusal(status, message, hint, headers)
