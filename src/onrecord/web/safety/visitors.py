"""Who asks: on loopback the user of this machine; elsewhere whoever shows a token, in a header or in the cookie that signing in left.

Feed readers can do neither, and show it as a password.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address, ip_network
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.web.safety.buckets import tries
from onrecord.web.safety.feed_readers import CHALLENGE, is_feed, password
from onrecord.web.safety.names import name_of
from onrecord.web.safety.refusal import Refusal, refuse
from onrecord.web.site import Access, Role, Site, Visitor

__all__ = ["COOKIE", "Visitors", "address"]

COOKIE = "onrecord"
#: Pages for those who are not in yet.
_LOGIN, _STATIC = "/login", "/static/"
#: Tokens that are remembered.
_MOST = 1_000
#: Characters of a token at most; a longer one is none.
_LONGEST = 200


class Visitors:
    """Says who asks, in `request.state.visitor`, or asks for a token.

    Args:
        app: What comes after.
        site: Who may come in.
    """

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site
        self._known = _Known(site)
        self._tried = tries()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out, or refuse."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.site.access is Access.OPEN:
            visitor: Visitor | None = Visitor(name_of(Headers(scope=scope)) or self.site.user, Role.ADMIN)
        else:
            secret = _secret(Headers(scope=scope))
            visitor = await run_in_threadpool(self._known.of, secret) if secret else None
        if visitor is None and is_feed(scope):
            reader = await self._feed_reader(scope)
            if isinstance(reader, Refusal):
                await reader(scope, receive, send)
                return
            visitor = reader
        if visitor is None and not _is_outside(scope["path"]):
            if scope["path"].startswith("/api") or scope["method"] != "GET":
                hint = "send `Authorization: Bearer TOKEN`; `onrecord token give NAME` makes one"
                await refuse(401, "this desk asks for a token", hint=hint, headers={"www-authenticate": "Bearer"})(scope, receive, send)
                return
            query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
            to = RedirectResponse(f"/login?to={quote(scope['path'] + query, safe='')}", status_code=303)
            await to(scope, receive, send)
            return
        scope.setdefault("state", {})["visitor"] = visitor or Visitor("", Role.READER)
        await self.app(scope, receive, send)

    async def _feed_reader(self, scope: Scope) -> Visitor | Refusal:
        """Whom a feed reader shows the token of, as a password; or what to answer."""
        shown, who = password(Headers(scope=scope)), address(scope)
        if shown:
            # Looked at, not taken: a reader with a token asks for many feeds at once.
            wait = self._tried.wait(who)
            if wait:
                after = {"retry-after": str(max(1, round(wait)))}
                return refuse(429, "too many tokens were tried from here", hint=f"wait {after['retry-after']} s", headers=after)
            found = await run_in_threadpool(self._known.of, shown)
            if found:
                return found
            self._tried.take(who)
        return refuse(401, "this feed asks for a token", hint="give it as the password, with any user name", headers={"www-authenticate": CHALLENGE})


def address(scope: Scope) -> str:
    """Where a request comes from, as far as one sender may be told from another: IPv6 hands whole networks of 64 bits to one."""
    client: str = (scope.get("client") or ("",))[0]
    try:
        known = ip_address(client.partition("%")[0])
    except ValueError:
        return client[:100]
    if known.version == 4:  # noqa: PLR2004 - of the protocol
        return str(known)
    return str(known.ipv4_mapped or ip_network((known, 64), strict=False))


def _is_outside(path: str) -> bool:
    return path == _LOGIN or path.startswith(_STATIC)


def _secret(headers: Headers) -> str | None:
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip() or None
    try:
        crumb = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return crumb.value if crumb else None


@dataclass(slots=True)
class _Known:
    """Tokens that were looked up since the ledger was last written to: one that is revoked opens nothing from then on."""

    site: Site
    _seen: dict[str, Visitor] = field(default_factory=dict)
    _version: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, secret: str) -> Visitor | None:
        if len(secret) > _LONGEST or not secret.isascii():
            return None
        # Asked first: what is looked up may be newer than the version that it is kept for, never older.
        version = self.site.version()
        with self._lock:
            if version != self._version:
                self._seen.clear()
                self._version = version
            seen = self._seen.get(secret)
        if seen:
            return seen
        found = self.site.desk.ledger.token(secret)
        if found is None:
            # Not kept: whoever tries one after another must not push out those who are known.
            return None
        visitor = Visitor(found.name, Role(found.role), found.id)
        with self._lock:
            if len(self._seen) >= _MOST:
                self._seen.clear()
            if version == self._version:
                self._seen[secret] = visitor
        return visitor
