"""What is put into the ledger: a document with what was read out of it, made ready beside the ledger and filed in one go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

import zstandard

from onrecord.articles.article import Article
from onrecord.entry import Entry
from onrecord.errors import LedgerError
from onrecord.ledger.packing import dumped, stamp, statement_row
from onrecord.sources.document import Document
from onrecord.text import Span, stable_id

__all__ = ["Added", "Filing", "Part", "ReadBy", "Told", "document_id", "document_of", "document_row"]

#: Fast, and a news page becomes a fifth or less.
_LEVEL = 9
_LARGEST = 2**30


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Who read: name and version, and a hash of the files that did it."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the user said of a document, which goes before what it says itself."""

    url: str | None = None
    outlet: str | None = None
    #: ISO 8601.
    published: str | None = None

    def to_json(self) -> str | None:
        """Compact JSON; None if nothing was said."""
        said = {k: v for k, v in (("url", self.url), ("outlet", self.outlet), ("published", self.published)) if v is not None}
        return dumped(said) if said else None


@dataclass(frozen=True, slots=True)
class Part:
    """One article of a document, read."""

    article: Article
    entries: tuple[Entry, ...]
    #: LSH bands of its text, from `onrecord.articles.duplicates`.
    bands: tuple[int, ...] = ()
    #: For each entry, its prints from `onrecord.statements.quotations`.
    prints: tuple[tuple[int, ...], ...] = ()
    #: The wire service that the text names, and where.
    wire: str | None = None
    wire_span: Span | None = None
    #: The columns of `statements` that each entry fills: worked out here, beside the ledger, and not while it is written.
    rows: tuple[dict[str, Any], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Make the rows ready."""
        object.__setattr__(self, "rows", tuple(map(statement_row, self.entries)))


@dataclass(frozen=True, slots=True)
class Filing:
    """A document, read, ready to be filed. Pickles."""

    document: Document
    parts: tuple[Part, ...]
    reader: ReadBy
    told: Told = field(default_factory=Told)
    #: File it although the document is known: it was read anew.
    again: bool = False
    #: Digest of each issue that all its statements were examined for, also where nothing was found, and name and version of what examined them.
    examined: tuple[tuple[str, str], ...] = ()
    #: The document's bytes, compressed, likewise.
    compressed: bytes = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Make the bytes ready."""
        object.__setattr__(self, "compressed", zstandard.compress(self.document.content, _LEVEL))

    @property
    def id(self) -> str:
        """The document's id."""
        return document_id(self.document, self.told)


@dataclass(frozen=True, slots=True)
class Added:
    """What filing a document changed."""

    #: Id and name of the document.
    document: str
    name: str
    #: Whether the document was there before; then nothing changed.
    known: bool = False
    #: Ids of the articles in it.
    articles: tuple[str, ...] = ()
    #: How many of them were new.
    new_articles: int = 0
    #: How many texts were new: of new articles, and of articles that changed.
    new_revisions: int = 0
    #: Readings made, and the statements in them.
    readings: int = 0
    statements: int = 0


def document_id(document: Document, told: Told = Told()) -> str:
    """`d1:` and a hash of bytes, address or name, and what the user said: what makes a difference to what is filed."""
    return stable_id("d1", blake2b(document.content, digest_size=20).hexdigest(), document.url or document.name, told.to_json() or "")


def document_row(filing: Filing, now: str) -> dict[str, Any]:
    """The columns of `documents` but for the key."""
    document, told = filing.document, filing.told
    return {
        "id": filing.id,
        "name": document.name,
        "url": document.url,
        "media_type": document.media_type,
        "charset": document.charset,
        "fetched": stamp(document.fetched) if document.fetched else None,
        "headers": dumped(dict(document.headers)) if document.headers else None,
        "told": told.to_json(),
        "size": len(document.content),
        "content": filing.compressed,
        "added": now,
    }


def document_of(row: Mapping[str, Any]) -> tuple[Document, Told]:
    """A document out of its row, and what was said of it.

    Raises:
        LedgerError: Its bytes were not kept, or are damaged.
    """
    if row["content"] is None:
        raise LedgerError("the bytes of this document were not kept, as its text was known", item=row["name"], hint="its text is in the ledger")
    try:
        content = zstandard.decompress(row["content"], max_output_size=_LARGEST)
    except zstandard.ZstdError as error:
        raise LedgerError(f"the bytes of this document are damaged: {error}", item=row["name"], hint="restore a back-up") from error
    fetched = datetime.fromisoformat(row["fetched"]) if row["fetched"] else None
    headers = MappingProxyType(json.loads(row["headers"] or "{}"))
    document = Document(content, row["name"], url=row["url"], media_type=row["media_type"], charset=row["charset"], fetched=fetched, headers=headers)
    return document, Told(**json.loads(row["told"] or "{}"))
