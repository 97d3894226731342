"""The OpenAPI document: what the framework makes of the routes, with the shapes of the objects, of errors and of what lets a program in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

__all__ = ["SCHEMAS", "document", "tell"]

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_FLAG: dict[str, Any] = {"type": "boolean"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
_SCORE: dict[str, Any] = {"type": ["number", "null"], "minimum": 0, "maximum": 1}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


def _object(said: str, needed: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - schemas
    return {"type": "object", "description": said, "properties": {**needed, **more}, "required": list(needed)}


#: Shapes of the objects; each is what `to_json()` gives, and objects may have more than is named here.
SCHEMAS: dict[str, dict[str, Any]] = {
    "Span": _object("Characters of the stored text: code points, half-open.", {"start": _COUNT, "end": _COUNT, "exact": _TEXT}),
    "Speaker": _object(
        "Who said it, as the reader found. Unknown is a `type`, with who it may be in `candidates`.", {"name": _MAYBE, "type": _TEXT}, id=_MAYBE,
        candidates={"type": "array"},
    ),
    "Where": _object(
        "The text that a statement stands in.",
        {"id": _TEXT, "source": _TEXT, "url": _MAYBE, "outlet": _MAYBE, "title": _MAYBE, "published": _MAYBE, "seen": _TEXT},
    ),
    "Statement": _object(
        "One attribution, as on the command line: what was said, the words that attribute it, the speaker; with its article and what people judged of it.",
        {
            "id": {"type": "string", "examples": ["s1:3f0c"]}, "revision": _TEXT, "content": _list("Span"), "cue": _list("Span"), "source": _list("Span"),
            "kind": {"enum": ["direct", "indirect", "mixed"]}, "score": _SCORE, "reader": _TEXT, "article": _ref("Where"), "shown": _FLAG, "verdict": _MAYBE,
            "actor": {"oneOf": [{"type": "null"}, _object("Who is taken for the speaker.", {"id": _TEXT, "name": _TEXT})]}, "quotation": _MAYBE,
            "act_stands": _MAYBE, "corrected": {"type": ["object", "null"]}, "context": _object("Words around it.", {"before": _TEXT, "after": _TEXT}),
        },
    ),
    "Pages": _object(
        "Where this page is in its list; `previous` and `next` are addresses of pages; the `Link` header gives those of their twins.",
        {"first": _COUNT, "last": _COUNT, "total": {"type": ["integer", "null"]}, "previous": _MAYBE, "next": _MAYBE},
    ),
    "Error": _object("What is wrong, with what, and what to do.", {"error": _TEXT, "item": _MAYBE, "hint": _MAYBE}, field=_MAYBE),
    "Done": _object("What an action did; `page` is where it is seen.", {"done": _TEXT, "page": _TEXT}),
    "Today": _object("What is new.", {"statements": _list("Statement"), "unresolved": _list("Statement"), "changed": {"type": "array"}}),
    "Search": _object(
        "What was found.",
        {"query": {}, "total": {"type": ["integer", "null"]}, "exact": {"type": ["boolean", "null"]}, "statements": _list("Statement"),
         "pages": {"oneOf": [{"type": "null"}, _ref("Pages")]}},
    ),
}  # fmt: skip

#: Which shape an answer has; pages that are not named give an object whose shape is not promised.
_SHAPES = {"/api/today": "Today", "/api/search": "Search"}
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
    errors = {code: {"description": said, "content": {"application/json": {"schema": _ref("Error")}}} for code, said in _SAID.items()}
    out = {**found, **errors}
    shape = "Done" if method == "post" else _SHAPES.get(path)
    if shape and "200" in out:
        out["200"] = {"description": "Done." if method == "post" else "What the page shows.", "content": {"application/json": {"schema": _ref(shape)}}}
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
