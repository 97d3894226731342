"""Under which name a browser works where no token is asked for: whoever reaches the desk may do everything there, and says who they are."""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from onrecord.desk.agreeing import MACHINE
from onrecord.errors import UsageError

__all__ = ["LONGEST", "NAME", "as_cookie", "name_of", "proper"]

#: The cookie, and characters of a name at most.
NAME, LONGEST = "onrecord-name", 120


def proper(name: str) -> str:
    """A name as it is written down, without the blanks around it and with single ones within.

    Raises:
        UsageError: It is none, or too long, or holds what cannot be seen, or is what the machine is called.
    """
    told = " ".join(name.split())
    if not told or len(told) > LONGEST or not told.isprintable():
        raise UsageError("this is no name", hint=f"give one of at most {LONGEST} letters that can be seen")
    if told.casefold() == MACHINE:
        raise UsageError("the machine is called so", item=told, hint="give another name")
    return told


def as_cookie(name: str) -> str:
    """A name as a cookie holds it: letters of any script, in those that a cookie may have."""
    return quote(name, safe="")


def name_of(headers: Headers) -> str | None:
    """The name that a browser has chosen; None if it has not, or if what it sends is none."""
    value = cookie_parser(headers.get("cookie", "")).get(NAME, "")
    try:
        return proper(unquote(value)) if value else None
    except UsageError:
        return None
