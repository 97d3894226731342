"""One page from the web, by its address."""

from __future__ import annotations

import socket

from onrecord.errors import FetchError
from onrecord.sources.connection import Limits, Resolve, forbidden, user_agent
from onrecord.sources.document import Document
from onrecord.sources.polite import Request, Web

__all__ = ["Limits", "fetch", "forbidden", "user_agent"]


def fetch(url: str, *, limits: Limits | None = None, allow_private: bool = False, robots: bool = True, resolve: Resolve = socket.getaddrinfo) -> Document:
    """Fetch one page.

    Args:
        url: http or https.
        limits: What it may cost.
        allow_private: Reach addresses inside one's own network, too.
        robots: Ask robots.txt first (RFC 9309) and obey.
        resolve: Finds a name's addresses, as `socket.getaddrinfo` does.

    Returns:
        The document, with the URL after redirects.

    Raises:
        RefusedError: A scheme other than http, a private address, robots.txt.
        NotFoundError: The server says 404 or 410.
        TryLaterError: Too slow, or the server is in trouble (status 429 or 5xx).
        FetchError: Any other status, a redirect loop, too large, not text.
    """
    answer = Web(limits, allow_private=allow_private, robots=robots, per_host_seconds=0.0, longest_pause=0.0, resolve=resolve).get(Request(url))
    if answer.error is not None:
        raise answer.error
    if answer.document is None:
        raise FetchError("the server sent nothing", item=url, hint="try again later")
    return answer.document
