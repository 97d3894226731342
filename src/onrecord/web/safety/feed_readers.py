"""Feed readers can send a user and a password with each request, and nothing else: for feeds of kept searches, a token is the password."""

from __future__ import annotations

import base64
import binascii
import re

from starlette.datastructures import Headers
from starlette.types import Scope

__all__ = ["CHALLENGE", "is_feed", "password"]

#: What a feed reader is asked with (RFC 7617).
CHALLENGE = 'Basic realm="onrecord", charset="UTF-8"'
_FEED = re.compile(r"/searches/[^/]+\.(?:atom|json)")


def is_feed(scope: Scope) -> bool:
    """Whether a feed of a kept search is asked for."""
    return scope["method"] == "GET" and _FEED.fullmatch(scope["path"]) is not None


def password(headers: Headers) -> str | None:
    """The password that a request shows; whose it says it is does not matter. None without one.

    Args:
        headers: Of the request.

    Example:
        >>> password(Headers({"authorization": "Basic bWlyYTpvbnJfYWJj"}))
        'onr_abc'
    """
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        told = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return told.partition(":")[2] or None
