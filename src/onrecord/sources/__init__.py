"""Where documents come from: files, standard input, strings, the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.sources.document import Document
from onrecord.sources.files import from_bytes, from_file, from_stdin, from_text
from onrecord.sources.items import Item, expand, is_url

if TYPE_CHECKING:
    from onrecord.sources.web import Limits, fetch

__all__ = ["Document", "Item", "Limits", "expand", "fetch", "from_bytes", "from_file", "from_stdin", "from_text", "is_url"]


def __getattr__(name: str) -> object:
    # The network libraries are loaded when something is fetched.
    if name in ("Limits", "fetch"):
        from onrecord.sources import web

        return getattr(web, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
