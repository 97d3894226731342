"""Where documents come from: files, standard input, strings, the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.sources.document import Document
from onrecord.sources.files import from_bytes, from_file, from_stdin, from_text
from onrecord.sources.items import Item, expand, is_url

if TYPE_CHECKING:
    from onrecord.sources.addresses import canonical
    from onrecord.sources.polite import Answer, Request, Web
    from onrecord.sources.web import Limits, fetch

__all__ = [
    "Answer",
    "Document",
    "Item",
    "Limits",
    "Request",
    "Web",
    "canonical",
    "expand",
    "fetch",
    "from_bytes",
    "from_file",
    "from_stdin",
    "from_text",
    "is_url",
]

#: Names whose modules load the network libraries, which happens when something is fetched.
_LAZY = {"Answer": "polite", "Request": "polite", "Web": "polite", "Limits": "web", "fetch": "web", "canonical": "addresses"}


def __getattr__(name: str) -> object:
    if name in _LAZY:
        import importlib

        return getattr(importlib.import_module(f"onrecord.sources.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
