"""Whether the libraries of the browser desk are installed."""

from __future__ import annotations

from importlib.util import find_spec

from onrecord.errors import MissingExtraError

__all__ = ["needed"]

_LIBRARIES = ("fastapi", "uvicorn", "multipart", "networkx")


def needed() -> None:
    """Say how to get them if one is missing.

    Raises:
        MissingExtraError: One is.
    """
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        raise MissingExtraError("the browser desk needs more libraries", item=", ".join(missing), hint="pip install 'onrecord[web]'")
