"""The document: bytes as they were had, and where from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

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
        return _document, (self.content, self.name, self.url, self.media_type, self.charset, self.fetched, dict(self.headers))


def _document(
    content: bytes, name: str, url: str | None, media_type: str | None, charset: str | None, fetched: datetime | None, headers: dict[str, str], /
) -> Document:
    return Document(content, name, url, media_type, charset, fetched, MappingProxyType(headers))
