"""How pages and actions get their addresses: each page twice, as HTML and as JSON under `/api`; each action twice, for forms and for programs."""
# No `from __future__ import annotations`: the framework reads the annotations of the functions made here, which name what is local to them.

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from onrecord.errors import UsageError
from onrecord.web.notices import NOTICES
from onrecord.web.page import Page, respond
from onrecord.web.safety.roles import needs
from onrecord.web.site import Role, Site, SiteOf, Visitor, VisitorOf

__all__ = ["Done", "add_action", "add_page"]

Body = TypeVar("Body", bound=BaseModel)
#: Seconds that a browser keeps a cookie.
_KEPT = 90 * 24 * 3600
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"description": "What was asked cannot be meant; `error` says what, `hint` what to do."},
    403: {"description": "Your role may not."},
    404: {"description": "There is no such thing in the ledger."},
}


def add_page(
    router: APIRouter,
    path: str,
    build: Callable[..., Page],
    *,
    role: Role = Role.READER,
    tag: str = "pages",
    twin: Callable[..., Page | Response] | None = None,
) -> None:
    """Give a page its two addresses.

    Args:
        router: Where to.
        path: Its path, such as `/actors/{id}`; its JSON is under `/api` and the same path, with the same query.
        build: Makes its context from the request: parameters as FastAPI reads them. Runs in a thread, so it may wait for the ledger. Its docstring is
            what the API's description says.
        role: Who may see it.
        tag: The part of the API it belongs to.
        twin: Makes it for the JSON where a program can ask for more than the page has: the page, or an answer of another form. Its docstring is
            what the API's description says.
    """
    may = [Depends(needs(role))]

    def html(request: Request, page: Annotated[Page, Depends(build)]) -> HTMLResponse:
        return respond(request, page)

    def json(page: Annotated[Page | Response, Depends(twin or build)]) -> Response:
        if isinstance(page, Response):
            return page
        made = page.to_json()
        return JSONResponse(made, page.code, headers={**page.headers, **_links(made)})

    summary, _, more = ((twin or build).__doc__ or "").partition("\n")
    name = path.strip("/").replace("/", "_").replace("{", "").replace("}", "") or "today"
    router.add_api_route(path, html, methods=["GET", "HEAD"], include_in_schema=False, response_class=HTMLResponse, dependencies=may, name=name)
    router.add_api_route(
        f"/api{path if path != '/' else '/today'}",
        json,
        methods=["GET"],
        dependencies=may,
        tags=[tag],
        summary=summary,
        description=more.split("Args:")[0].strip() or summary,
        responses=_ERRORS,
        operation_id=f"get_{name}",
        response_model=dict[str, Any],
    )


def _links(made: dict[str, Any]) -> dict[str, str]:
    """Where the list goes on, as a header (RFC 8288), for programs that page through lists of any kind; addresses under `/api`."""
    pages = made.get("pages")
    pages = pages if isinstance(pages, dict) else {}
    links = [f'</api{pages[key]}>; rel="{rel}"' for key, rel in (("previous", "prev"), ("next", "next")) if pages.get(key)]
    return {"link": ", ".join(links)} if links else {}


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did."""

    #: A key of `notices.NOTICES`: what the page says afterwards.
    notice: str
    #: Where a browser goes.
    to: str
    #: What it was done to, for the log.
    item: str
    #: What a program gets, and the log keeps.
    data: dict[str, Any] = field(default_factory=dict)
    #: Name and value of a cookie that the browser keeps; without a value, it forgets it.
    cookie: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        """Only what is known can be said: a notice stands in an address, and anybody can write one."""
        if self.notice not in NOTICES:
            raise KeyError(self.notice)


def _keep(request: Request, response: Response, done: Done) -> None:
    """Have the browser keep a cookie that no script reads and no other site sends, or forget it."""
    if done.cookie is not None:
        name, value = done.cookie
        secure = request.url.scheme == "https"
        response.set_cookie(name, value, max_age=_KEPT if value else 0, httponly=True, samesite="strict", secure=secure, path="/")


def add_action(router: APIRouter, path: str, body: type[Body], act: Callable[[Site, Visitor, Body, dict[str, str]], Done], *, role: Role) -> None:
    """Give an action its two addresses, both by POST: `path` takes a form and leads on to a page, `/api` and the path takes and gives JSON.

    Args:
        router: Where to.
        path: Its path, such as `/statements/{id}/judge`.
        body: The fields of the form.
        act: Does it: the desk served, who asks, the fields, the parts of the path. Runs in a thread. Its docstring is what the API's description says.
        role: Who may.
    """
    may = [Depends(needs(role))]
    name = path.strip("/").replace("/", "_").replace("{", "").replace("}", "")

    def run(request: Request, site: Site, visitor: Visitor, given: Body) -> Done:
        if any("\0" in v for v in given.model_dump().values() if isinstance(v, str)):
            raise UsageError("words with a character that is none (NUL)", hint="leave it out")
        done = act(site, visitor, given, dict(request.path_params))
        site.log(visitor, name, done.item, done.data)
        return done

    def form(request: Request, site: SiteOf, visitor: VisitorOf, given: Annotated[body, Form()]) -> RedirectResponse:  # type: ignore[valid-type]
        done = run(request, site, visitor, given)
        to, _, place = done.to.partition("#")
        to += f"{'&' if '?' in to else '?'}done={done.notice}" + (f"#{place}" if place else "")
        made = RedirectResponse(to, status_code=303)
        _keep(request, made, done)
        return made

    def json(request: Request, site: SiteOf, visitor: VisitorOf, given: body) -> JSONResponse:  # type: ignore[valid-type]
        done = run(request, site, visitor, given)
        made = JSONResponse({"done": done.notice, "page": done.to, **done.data})
        _keep(request, made, done)
        return made

    summary = (act.__doc__ or "").partition("\n")[0]
    router.add_api_route(path, form, methods=["POST"], include_in_schema=False, dependencies=may, name=f"do_{name}")
    router.add_api_route(
        f"/api{path}", json, methods=["POST"], dependencies=may, tags=["actions"], summary=summary, description=summary, responses=_ERRORS,
        operation_id=f"do_{name}", response_model=dict[str, Any],
    )  # fmt: skip
