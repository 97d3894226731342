"""Web archives: the pages in a WARC file (ISO 28500), packed with gzip or zstd or not at all.

Reading goes from record to record and keeps one record at a time. A damaged one is an error with its place, and reading goes on
with the next that can be found: at the next member of a packed file, else at the next line that begins a record.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO
from urllib.parse import urlsplit

from onrecord.errors import NotFoundError, SourceError
from onrecord.sources.document import Document
from onrecord.sources.packed import DamageError, Members
from onrecord.sources.payload import HEAD, content_type, is_textual, read_head, unpacked_body
from onrecord.sources.records import BEGIN, RecordStream

__all__ = ["WARC_ENDINGS", "WarcLimits", "documents_in", "is_warc"]

WARC_ENDINGS = (".warc", ".warc.gz", ".warc.zst")

_HINT = "reading goes on with the next; to have this one, get the file anew"
_OK = 200
_FRACTION = re.compile(r"(?<=\.\d{6})\d+")


@dataclass(frozen=True, slots=True)
class WarcLimits:
    """What one archive may cost."""

    #: Bytes of one record, and of its page, unpacked.
    record: int = 64 * 2**20
    #: Damaged records after which the rest is not read.
    errors: int = 1000


def is_warc(path: str | Path) -> bool:
    """Whether a file is a WARC, by its name or its first bytes; False if it cannot be read."""
    if str(path).lower().endswith(WARC_ENDINGS):
        return True
    try:
        with Path(path).open("rb") as file:
            members = Members(file)
            return members.following() and members.piece().startswith(BEGIN)
    except (OSError, ValueError, DamageError):
        return False


def documents_in(path: str | Path, *, limits: WarcLimits | None = None, skipped: Counter[str] | None = None) -> Iterator[Document | SourceError]:
    """Read the pages of a WARC file.

    Pages are responses with status 200, resources and conversions, in HTML, XHTML, JSON or plain text. Their codings are undone.
    A document's name is the file's, `#`, and the place of its record: the byte where it begins, or, in a packed file that has
    several records in one member, the member's and, after `+`, the byte in what it unpacks to.

    Args:
        path: Its packing is told by its first bytes, not by its name.
        limits: What it may cost.
        skipped: Counts what is passed over, by why: "revisit" (the page is the same as at an earlier visit, which the archive
            holds elsewhere), "status", "media type", "empty", "robots.txt", or the type of the record.

    Yields:
        Documents in the file's order, with the URL, the time and the headers of the visit (where the archive kept only a part of
        a page, `warc-truncated` among them says why); in the place of a damaged record, and of a file that cannot be read, the error.
    """
    name = str(path)
    archive = _Archive(name, limits or WarcLimits(), Counter() if skipped is None else skipped)
    try:
        with Path(path).open("rb") as file:
            yield from archive.read(file)
    except FileNotFoundError:
        yield NotFoundError("no such file", item=name, hint="check the path")
    except (OSError, ValueError) as error:
        yield SourceError(f"cannot be read: {getattr(error, 'strerror', None) or error}", item=name)


class _Archive:
    """One pass over one file."""

    def __init__(self, name: str, limits: WarcLimits, skipped: Counter[str]) -> None:
        self.name = name
        self.limits = limits
        self.skipped = skipped

    def read(self, file: BinaryIO) -> Iterator[Document | SourceError]:
        stream = RecordStream(file)
        errors = found = 0
        while True:
            result: Document | SourceError | None = None
            try:
                if not stream.next_record():
                    break
                found += 1
                result = self._document(stream)
            except DamageError as error:
                result = self._error(error.what, stream.place)
                stream.resync()
            if result is None:
                continue
            yield result
            errors += isinstance(result, SourceError)
            if errors >= self.limits.errors:
                yield SourceError(f"{errors:,} damaged records; the rest of the file is not read", item=self.name, hint="get the file anew")
                return
        if not found and not errors:
            yield SourceError("this holds no WARC records", item=self.name, hint="is it a WARC file, and whole?")

    def _document(self, stream: RecordStream) -> Document | SourceError | None:
        """The document of the record that the stream stands at; None for one that is passed over."""
        place = stream.place
        headers, length = stream.head()
        kind = headers.get("warc-type", "").strip().lower()
        if kind not in ("response", "resource", "conversion"):
            stream.skip(length)
            stream.close_record(b"")
            self.skipped[kind[:40] or "no type"] += 1
            return None
        url = headers.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">").replace(" ", "%20")
        block = stream.take(min(length, HEAD))
        page: _Page | str | SourceError
        try:
            page = self._page(kind, url, headers, block)
        except ValueError as error:
            page = self._error(str(error), place)
        if isinstance(page, _Page) and length <= self.limits.record:
            block = stream.take(length, begun=block)
        else:
            stream.skip(length - len(block))
        stream.close_record(block)
        if isinstance(page, str):
            self.skipped[page] += 1
            return None
        if isinstance(page, SourceError):
            return page
        if length > self.limits.record:
            return self._error(f"it is larger than {self.limits.record / 2**20:g} MiB", place)
        return self._unpacked(page, block, url, headers, place)

    def _error(self, what: str, place: str) -> SourceError:
        return SourceError(f"a record cannot be read: {what}", item=f"{self.name}#{place}", hint=_HINT)

    def _unpacked(self, page: _Page, block: bytes, url: str, headers: dict[str, str], place: str) -> Document | SourceError | None:
        try:
            body = unpacked_body(block[page.begin :], page.headers, limit=self.limits.record, cut="warc-truncated" in headers)
        except ValueError as error:
            return self._error(str(error), place)
        if not body.strip():
            self.skipped["empty"] += 1
            return None
        return Document(
            body,
            f"{self.name}#{place}",
            url=url if url.lower().startswith(("http://", "https://")) else None,
            media_type=page.media,
            charset=page.charset,
            fetched=_moment(headers.get("warc-date", "")),
            headers=MappingProxyType({**page.headers, **{k: v for k, v in headers.items() if k == "warc-truncated"}}),
        )

    def _page(self, kind: str, url: str, headers: dict[str, str], start: bytes) -> _Page | str:
        """What a record's page is, or why it is passed over. Raises ValueError where the record is damaged."""
        if headers.get("warc-segment-number"):
            raise ValueError("its page is split over several records, and those are not joined")
        http: dict[str, str] = {}
        begin, declared = 0, headers.get("content-type", "")
        if kind == "response":
            if not url.lower().startswith(("http://", "https://")):
                return "not the web"
            head = read_head(start)
            if head.status != _OK:
                return "status"
            http, begin, declared = head.headers, head.end, head.headers.get("content-type", "")
        if _path(url) == "/robots.txt":
            return "robots.txt"
        media, charset = content_type(declared)
        media = media or content_type(headers.get("warc-identified-payload-type", ""))[0]
        if media is None and not start[begin:].lstrip().startswith((b"<", b"{")):
            return "media type"
        if media is not None and not is_textual(media):
            return "media type"
        return _Page(begin, http, media, charset)


@dataclass(frozen=True, slots=True)
class _Page:
    #: Where it begins in the record's block, in bytes.
    begin: int
    headers: dict[str, str]
    media: str | None
    charset: str | None


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _moment(text: str) -> datetime | None:
    """The moment of a WARC-Date, which is in UTC; WARC 1.1 allows nine digits of a second, and days alone, which are no moment."""
    try:
        found = datetime.fromisoformat(_FRACTION.sub("", text.strip())) if "T" in text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
