"""The document: bytes as they were had, and where from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any

__all__ = ["OWN_TEXT", "Document"]

#: Name of a document made from a string: whatever it holds, its characters are text.
OWN_TEXT = "<text>"


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes as fetched: a page, a file, standard input, a string."""

    #: The bytes, unchanged.
    content: bytes
    #: What to call it in messages and output: a path, a URL, `<stdin>`, `<text>`.
    name: str
    #: Where it was fetched from, after redirects; None for a file.
    url: str | None = None
    #: Media type without parameters (`text/html`), from the headers or the file's ending; None if unknown.
    media_type: str | None = None
    #: Character encoding that the headers or the caller name; None if unknown.
    charset: str | None = None
    #: When it was fetched, with a time zone; None for a file.
    fetched: datetime | None = None
    #: Response headers, lower-case names.
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __reduce__(self) -> tuple[object, ...]:
        # A view of a mapping does not pickle.
        return _rebuilt, ({f.name: getattr(self, f.name) for f in fields(self)} | {"headers": dict(self.headers)},)


def _rebuilt(values: dict[str, Any]) -> Document:
    return Document(**values | {"headers": MappingProxyType(values["headers"])})
