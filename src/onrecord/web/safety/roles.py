"""What a role may do."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable

from fastapi import HTTPException

from onrecord.web.site import Role, VisitorOf

__all__ = ["needs"]


@functools.cache
def needs(role: Role) -> Callable[..., Awaitable[None]]:
    """A dependency that lets in only whoever has this role, or one with more rights."""

    async def checked(visitor: VisitorOf) -> None:
        if not visitor.role.may(role):
            raise HTTPException(403, f"this takes the role {role}; yours is {visitor.role}")

    checked.__annotations__ = {"visitor": VisitorOf, "return": None}
    return checked
