"""Where an address leads in the end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from onrecord.errors import FetchError
from onrecord.sources.connection import Reply

__all__ = ["REDIRECTS", "Followed", "follow"]

#: Statuses that name another address.
REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))


@dataclass(frozen=True, slots=True)
class Followed:
    """The end of a chain of redirects."""

    #: The address that answered last.
    url: str
    reply: Reply
    #: Where the permanent redirects at the head of the chain end; None if the first is none.
    moved_to: str | None = None
    #: Why the chain was not followed to its end; None if it was.
    trouble: FetchError | None = None


def follow(url: str, step: Callable[[str], Reply], *, most: int) -> Followed:
    """Follow redirects to the first answer that is none.

    Args:
        url: Where to begin.
        step: Makes one request; every address on the way is given to it, so that it can judge each.
        most: Redirects to follow.

    Raises:
        OnrecordError: What `step` raises.
    """
    at, seen = url, [url]
    moved: str | None = None
    permanent = True
    while True:
        reply = step(at)
        if reply.status not in REDIRECTS or not reply.headers.get("location", "").strip():
            return Followed(at, reply, moved)
        at = _onward(at, reply.headers["location"])
        permanent = permanent and reply.status in _PERMANENT
        moved = at if permanent else moved
        if at in seen:
            hint = " → ".join([*seen[seen.index(at) :], at])[:300]
            return Followed(at, reply, moved, FetchError("the page redirects in a loop", item=url, hint=hint))
        if len(seen) > most:
            return Followed(at, reply, moved, FetchError(f"more than {most} redirects", item=url, hint=f"the last was to {at[:200]}"))
        seen.append(at)


def _onward(at: str, location: str) -> str:
    # Headers are read as Latin-1; what servers write there unescaped is UTF-8.
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(at, location.strip().partition("#")[0])
    except ValueError:
        # The step that takes it says what is wrong with it.
        return location
