"""*Login* and *Logout*: a token is shown once, and a cookie stands for it from then on."""
# No `from __future__ import annotations`: the framework reads the annotations of the functions made here, which name what is local to them.

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from onrecord.web.page import Page, respond
from onrecord.web.safety.buckets import tries
from onrecord.web.safety.paths import local
from onrecord.web.safety.refusal import refuse
from onrecord.web.safety.visitors import COOKIE, address
from onrecord.web.site import Access, Role, SiteOf, Visitor, VisitorOf

__all__ = ["LeavePage", "LoginPage", "add"]

#: Seconds that a browser keeps the cookie: the ledger says for how long the token opens anything.
_KEPT = 90 * 24 * 3600
#: Characters of a token, of an address to go on to.
_LONGEST, _FAR = 200, 4_000


@dataclass(frozen=True, slots=True)
class LoginPage(Page):
    """Asks for a token."""

    template = "login.html.j2"

    #: Where it leads.
    to: str
    #: Whether the token that was shown opens nothing.
    wrong: bool = False

    @property
    def title(self) -> str:
        """Of the page."""
        return "Sign in"

    @property
    def fleeting(self) -> bool:
        """Nobody keeps it."""
        return True

    @property
    def code(self) -> int:
        """403 if the token was refused."""
        return 403 if self.wrong else 200

    def to_json(self) -> dict[str, Any]:
        """Where it leads."""
        return {"to": self.to, "wrong": self.wrong}


@dataclass(frozen=True, slots=True)
class LeavePage(Page):
    """Asks whether to leave."""

    template = "logout.html.j2"

    #: Whether there is anything to leave: on a desk that asks for no token there is not.
    inside: bool

    @property
    def title(self) -> str:
        """Of the page."""
        return "Leave the desk"

    @property
    def fleeting(self) -> bool:
        """Nobody keeps it."""
        return True

    def to_json(self) -> dict[str, Any]:
        """Whether there is anything to leave."""
        return {"inside": self.inside}


def add(router: APIRouter) -> None:
    """Give the pages their addresses. They have no twins: a program sends its token with each request."""
    tried = tries()

    def ask(request: Request, site: SiteOf, to: Annotated[str, Query(max_length=_FAR)] = "/") -> Response:
        if site.access is Access.OPEN:
            return RedirectResponse(local(to), status_code=303)
        return respond(request, LoginPage(local(to)))

    async def enter(
        request: Request, site: SiteOf, token: Annotated[str, Form(max_length=_LONGEST)] = "", to: Annotated[str, Form(max_length=_FAR)] = "/"
    ) -> Response:
        if site.access is Access.OPEN:
            return RedirectResponse(local(to), status_code=303)
        who = address(request.scope)
        # Asked on the one thread of the server, where buckets are safe.
        wait = tried.take(who)
        if wait:
            after = {"retry-after": str(max(1, round(wait)))}
            return refuse(429, "too many tokens were tried from here", hint=f"wait {after['retry-after']} s", headers=after).response(request.scope)
        found = await run_in_threadpool(site.desk.ledger.token, token.strip())
        if found is None:
            await run_in_threadpool(site.log, Visitor("nobody", Role.READER), "login_refused", who, {})
            return respond(request, LoginPage(local(to), wrong=True))
        tried.give_back(who)
        await run_in_threadpool(site.log, Visitor(found.name, Role(found.role), found.id), "login", found.id, {"address": who})
        made = RedirectResponse(local(to), status_code=303, headers={"cache-control": "no-store"})
        made.set_cookie(COOKIE, token.strip(), max_age=_KEPT, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/")
        return made

    def leaving(request: Request, visitor: VisitorOf) -> HTMLResponse:
        return respond(request, LeavePage(visitor.token is not None))

    def leave(request: Request, site: SiteOf, visitor: VisitorOf) -> Response:
        if visitor.token is not None:
            site.log(visitor, "logout", visitor.token, {})
        made = RedirectResponse("/" if site.access is Access.OPEN else "/login", status_code=303, headers={"cache-control": "no-store"})
        made.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https")
        return made

    router.add_api_route("/login", ask, methods=["GET", "HEAD"], include_in_schema=False, response_class=HTMLResponse)
    router.add_api_route("/login", enter, methods=["POST"], include_in_schema=False, response_class=HTMLResponse)
    router.add_api_route("/logout", leaving, methods=["GET", "HEAD"], include_in_schema=False, response_class=HTMLResponse)
    router.add_api_route("/logout", leave, methods=["POST"], include_in_schema=False, response_class=HTMLResponse)
