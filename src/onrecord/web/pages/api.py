"""*API*: the OpenAPI document as a page that can be read and linked to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from onrecord.web.page import Page, respond

__all__ = ["ApiPage", "Operation", "add"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked for."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    #: Name, place, kind and description of each parameter, and whether it must be given.
    parameters: Sequence[tuple[str, str, str, str, bool]]
    #: Status, description and the name of the shape of each answer; None for a shape that is not promised.
    answers: Sequence[tuple[str, str, str | None]]


@dataclass(frozen=True, slots=True)
class ApiPage(Page):
    """What can be asked for, and what comes back."""

    template = "api.html.j2"

    document: dict[str, Any]

    @property
    def title(self) -> str:
        """Of the page."""
        return "API"

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be asked for, by path."""
        paths = self.document["paths"]
        return [_operation(path, method, told) for path in sorted(paths) for method, told in paths[path].items()]

    @property
    def shapes(self) -> Sequence[tuple[str, str, Sequence[tuple[str, str, bool]], str]]:
        """Name and description of each object, its fields (name, kind, whether always there), and an example if there is one."""
        found = self.document["components"]["schemas"]
        return [(name, s.get("description", ""), _fields(s), _example(s)) for name, s in sorted(found.items())]

    def to_json(self) -> dict[str, Any]:
        """The document itself."""
        return self.document


def _fields(schema: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """The fields of an object; of one that is made of several, those that it does not name by a shape of their own."""
    parts = schema.get("allOf", [schema])
    return [(f, _kind(k), f in p.get("required", ())) for p in parts for f, k in p.get("properties", {}).items()]


def _example(schema: dict[str, Any]) -> str:
    return json.dumps(schema["examples"][0], ensure_ascii=False, indent=2) if schema.get("examples") else ""


def _operation(path: str, method: str, told: dict[str, Any]) -> Operation:
    parameters = [(p["name"], p["in"], _kind(p.get("schema", {})), p.get("description", ""), bool(p.get("required"))) for p in told.get("parameters", ())]
    answers = [(code, r["description"], _shape(r)) for code, r in sorted(told["responses"].items())]
    name = told.get("operationId", f"{method}{path}")
    return Operation(name, method.upper(), path, told.get("summary", ""), told.get("description", ""), parameters, answers)


def _shape(answer: dict[str, Any]) -> str | None:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else None


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " or ".join(str(v) for v in schema["enum"])
    for some in ("anyOf", "oneOf"):
        if some in schema:
            return " or ".join(_kind(s) for s in schema[some])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def add(router: APIRouter) -> None:
    """Give the pages their addresses."""

    def docs(request: Request) -> HTMLResponse:
        return respond(request, ApiPage(request.app.openapi()))

    def index(request: Request) -> JSONResponse:
        paths = request.app.openapi()["paths"]
        lists = {path: told["get"]["summary"] for path, told in sorted(paths.items()) if "get" in told}
        return JSONResponse({"name": "onrecord", "version": request.app.version, "openapi": "/api/openapi.json", "docs": "/api/docs", "pages": lists})

    router.add_api_route("/api/docs", docs, methods=["GET", "HEAD"], include_in_schema=False, response_class=HTMLResponse, name="api_docs")
    router.add_api_route("/api", index, methods=["GET"], include_in_schema=False, name="api_index")
