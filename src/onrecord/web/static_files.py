"""Our own files: scripts, styles, pictures. Addresses carry a hash of the bytes, so browsers keep them for ever."""

from __future__ import annotations

import mimetypes
from importlib.resources import files

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from onrecord.web.page import asset

__all__ = ["add"]

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def add(router: APIRouter) -> None:
    """Give them their addresses."""
    router.add_api_route("/static/{digest}/{name}", _static, include_in_schema=False, response_class=Response)


def _static(digest: str, name: str) -> Response:
    folder = files("onrecord.web") / "static"
    if name not in {f.name for f in folder.iterdir()} or asset(name) != f"/static/{digest}/{name}":
        raise HTTPException(404)
    kind = next((t for end, t in _TYPES.items() if name.endswith(end)), None) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response((folder / name).read_bytes(), media_type=kind, headers={"cache-control": "public, max-age=31536000, immutable"})
