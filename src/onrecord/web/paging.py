"""Long lists, a page at a time: where each begins and ends, and what leads to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query

__all__ = ["MOST", "PAGE", "Limit", "Offset", "Pager"]

#: Rows of a page, if none are asked for.
PAGE = 20
#: Rows of a page at most.
MOST = 200
#: How far a list can be paged through; a search narrowed by date goes on from there.
_FARTHEST = 1_000_000

Limit = Annotated[int, Query(ge=1, le=MOST, description="Rows at most.")]
Offset = Annotated[int, Query(ge=0, le=_FARTHEST, description="Rows to pass over first.")]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a page is in its list."""

    #: Number of its first and last row, from 1; both 0 if it is empty.
    first: int
    last: int
    #: Rows of the whole list; None if they were not counted.
    total: int | None
    #: Addresses of the page before and the page after; None at the ends.
    before: str | None
    after: str | None

    @classmethod
    def of(cls, path: str, asked: dict[str, Any], *, offset: int, limit: int, here: int, more: bool, total: int | None = None, at: str = "offset") -> Pager:
        """Make one.

        Args:
            path: The list's path.
            asked: Its query, without `offset` and `limit`.
            offset: Rows passed over.
            limit: Rows at most.
            here: Rows on this page.
            more: Whether there are rows after it.
            total: Rows of the whole list, if counted.
            at: What the address calls the offset: a page with two lists pages through each.
        """

        def to(start: int) -> str:
            query = {k: v for k, v in asked.items() if v not in (None, "", (), [])}
            query |= ({at: start} if start else {}) | ({"limit": limit} if limit != PAGE and at == "offset" else {})
            return path + (f"?{urlencode(query, doseq=True)}" if query else "")

        before = to(max(0, offset - limit)) if offset else None
        return cls(offset + 1 if here else 0, offset + here, total, before, to(offset + here) if more else None)

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"first": self.first, "last": self.last, "total": self.total, "previous": self.before, "next": self.after}
