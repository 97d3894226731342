"""The OpenAPI document: what the framework makes of the routes, with the shapes of the objects, of errors and of what lets a program in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from onrecord.web.api_shapes import SCHEMAS, ref

__all__ = ["document", "tell"]

#: Which shape an answer has; pages that are not named give an object whose shape is not promised.
_SHAPES = {
    "/api/today": "Today",
    "/api/search": "Search",
    "/api/issues": "Issues",
    "/api/issues/{id}": "IssuePage",
    "/api/issues/{id}/positions/{key}": "Evidence",
    "/api/actors": "Actors",
    "/api/actors/{id}": "ActorPage",
    "/api/articles": "Articles",
    "/api/articles/{id}": "Article",
    "/api/quotations": "Quotations",
    "/api/quotations/{id}": "Quotation",
    "/api/network": "Network",
}
#: Which answers can be had as lines instead, and the shape of each.
_LINES = {"/api/search": "Statement"}
_SAID = {
    "400": "What was asked cannot be meant; `error` says what, `hint` what to do.",
    "401": "A token is asked for.",
    "403": "Your role may not, or the request comes from a foreign page.",
    "404": "There is no such thing in the ledger.",
    "422": "A parameter or a field is not of its kind.",
    "413": "The request is too long; what is allowed is told.",
    "414": "The address is too long.",
    "429": "Too much was asked at once; `Retry-After` says when to come again.",
    "503": "The ledger is busy; ask again.",
}


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application."""
    made: dict[str, Any] = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes,
        tags=[{"name": "pages", "description": "What the pages show."}, {"name": "actions", "description": "What a person may do; each is logged."}],
    )  # fmt: skip
    parts = made.setdefault("components", {})
    parts.setdefault("schemas", {}).update(SCHEMAS)
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "description": "`onrecord token give NAME` makes one. Loopback asks for none."}}
    parts["securitySchemes"]["password"] = {"type": "http", "scheme": "basic", "description": "For feed readers: a token as the password, any user name."}
    made["security"] = [{}, {"token": []}]
    for path, methods in made["paths"].items():
        for method, told in methods.items():
            if path.startswith("/searches/"):
                told["security"] = [*made["security"], {"password": []}]
            told["responses"] = _responses(path, method, told["responses"])
    return made


def _responses(path: str, method: str, found: dict[str, Any]) -> dict[str, Any]:
    errors = {code: {"description": said, "content": {"application/json": {"schema": ref("Error")}}} for code, said in _SAID.items()}
    out = {**found, **errors}
    shape = "Done" if method == "post" else _SHAPES.get(path)
    if shape and "200" in out:
        out["200"] = {"description": "Done." if method == "post" else "What the page shows.", "content": {"application/json": {"schema": ref(shape)}}}
    if method == "get" and path in _LINES:
        said = f"With `format=jsonl`: one {_LINES[path]} a line, all that there are."
        out["200"]["content"]["application/jsonl"] = {"schema": {"type": "string", "description": said}}
    if method == "get":
        out["304"] = {"description": "Nobody has written since; send `If-None-Match` with the `ETag` of the last answer."}
    return out


def tell(app: FastAPI) -> None:
    """Make an application give this document."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
