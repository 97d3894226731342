"""Errors as pages and as JSON: what is wrong and what to do, never where in the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException as BaseHTTPException

from onrecord.errors import BusyError, LedgerError, OnrecordError, UsageError
from onrecord.web.page import Page, respond

__all__ = ["ErrorPage", "add_errors"]


@dataclass(frozen=True, slots=True)
class ErrorPage(Page):
    """What went wrong."""

    template = "error.html.j2"

    status: int
    message: str
    item: str | None = None
    hint: str | None = None

    @property
    def title(self) -> str:
        """The message, as a sentence's beginning."""
        return self.message[:1].upper() + self.message[1:]

    def to_json(self) -> dict[str, Any]:
        """As every error under `/api`."""
        return {"error": self.message, "item": self.item, "hint": self.hint}


def add_errors(app: FastAPI) -> None:
    """Make an app answer so."""

    def answer(request: Request, page: ErrorPage, headers: dict[str, str] | None = None) -> Response:
        if request.url.path.startswith("/api") or "application/json" in request.headers.get("accept", ""):
            return JSONResponse(page.to_json(), page.status, headers=headers)
        made = respond(request, page, status=page.status)
        made.headers.update(headers or {})
        return made

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, OnrecordError)  # noqa: S101 - as registered below
        return answer(request, ErrorPage(_status(request, error), error.message, error.item, error.hint))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, BaseHTTPException)  # noqa: S101
        said = "there is no such page" if error.status_code == 404 and error.detail == "Not Found" else str(error.detail)  # noqa: PLR2004
        return answer(request, ErrorPage(error.status_code, said), dict(error.headers or {}))

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"][1:])
        return answer(request, ErrorPage(422, f"{where or 'the request'}: {first['msg'].lower()}", hint="the API's description says what goes where"))

    app.add_exception_handler(OnrecordError, ours)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(BaseHTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)


def _status(request: Request, error: OnrecordError) -> int:
    if isinstance(error, BusyError):
        return 503
    if isinstance(error, LedgerError):
        return 500
    named = isinstance(error, UsageError) and error.item is not None and error.item in request.path_params.values()
    return 404 if named else 400
