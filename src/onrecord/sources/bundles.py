"""What one named item holds: one document as a rule, many for a web archive, a table or a zip file."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

from onrecord.errors import NotFoundError, SourceError
from onrecord.sources.document import Document
from onrecord.sources.files import ENDINGS, PACKED, from_member
from onrecord.sources.items import Item, is_url
from onrecord.sources.packed import Unpacked

__all__ = ["ZipLimits", "documents_of"]

#: What a damaged zip file makes the standard library raise, besides its own error.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, OverflowError, KeyError, IndexError)
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HINT = "the rest of the zip file is read"
_ENCRYPTED = 0x1
#: Members smaller than this, unpacked, in bytes, are never suspected of being bombs: a page of spaces packs well.
_INNOCENT = 2**20


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What one zip file may cost."""

    #: Files in it.
    members: int = 100_000
    #: Bytes of all of them together, unpacked.
    total: int = 4 * 2**30
    #: How many times larger a file may become by unpacking; pages become ten to thirty times larger.
    ratio: int = 200


def documents_of(item: Item, *, limits: ZipLimits | None = None, skipped: Counter[str] | None = None) -> Iterator[Document | SourceError]:
    """Get the documents of what a user named.

    A web archive gives its pages (see `onrecord.sources.warc.documents_in`), a table its rows (see
    `onrecord.sources.tables.articles_in`), a zip file its article files and tables, sorted by name, named `bundle.zip#folder/a.html`.
    Anything else gives one document.

    Args:
        item: From `onrecord.sources.expand`.
        limits: What a zip file may cost.
        skipped: Counts what a web archive passes over, by why.

    Yields:
        Documents; in the place of one that cannot be had, the error.

    Raises:
        UsageError: `item.columns` names a column that a table has not.
    """
    from onrecord.sources.tables import Row, articles_in, is_table
    from onrecord.sources.warc import documents_in, is_warc

    try:
        if item.name == "-" or is_url(item.name):
            yield item.load()
        elif is_table(item.name):
            for row in articles_in(item.name, item.columns):
                yield row.document if isinstance(row, Row) else row
        elif item.name.lower().endswith(".zip"):
            yield from _zipped(item, limits or ZipLimits())
        elif is_warc(item.name):
            yield from documents_in(item.name, skipped=skipped)
        else:
            yield item.load()
    except SourceError as error:
        yield error


def _zipped(item: Item, limits: ZipLimits) -> Iterator[Document | SourceError]:
    try:
        with Path(item.name).open("rb") as file, zipfile.ZipFile(file) as bundle:
            members = _members(bundle, item.name, limits)
            yield from _Zip(bundle, item, limits).read(members)
    except FileNotFoundError:
        yield NotFoundError("no such file", item=item.name, hint="check the path")
    except _DAMAGE as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        yield SourceError(f"this zip file cannot be read: {reason[:200]}", item=item.name, hint="is it whole? get it anew")


def _members(bundle: zipfile.ZipFile, name: str, limits: ZipLimits) -> list[zipfile.ZipInfo]:
    from onrecord.sources.tables import is_table

    members = bundle.infolist()
    if len(members) > limits.members:
        raise SourceError(f"more than {limits.members:,} files are in this zip file", item=name, hint="split it")
    found = [m for m in members if not m.is_dir() and not _hidden(m.filename) and (is_table(m.filename) or _plain(m.filename).suffix in ENDINGS)]
    if not found:
        raise NotFoundError("no articles in this zip file", item=name, hint=f"files that end in {' '.join(ENDINGS)} are read, and tables")
    return sorted(found, key=lambda m: m.filename)


class _Zip:
    """One pass over one zip file. Nothing is written out, so that names are only names."""

    def __init__(self, bundle: zipfile.ZipFile, item: Item, limits: ZipLimits) -> None:
        self.bundle = bundle
        self.item = item
        self.limits = limits
        #: Bytes unpacked so far.
        self.total = 0

    def read(self, members: list[zipfile.ZipInfo]) -> Iterator[Document | SourceError]:
        from onrecord.sources.tables import Row, is_table, rows_in

        for member in members:
            name = f"{self.item.name}#{_UNSHOWN.sub('�', member.filename)}"
            try:
                if member.flag_bits & _ENCRYPTED:
                    raise SourceError("this file is encrypted", item=name, hint=_HINT)  # noqa: TRY301 - one place turns all into values
                if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise SourceError("this file is packed in a way that is not read", item=name, hint="pack it again with deflate")  # noqa: TRY301 - likewise
                with self.bundle.open(member) as packed:
                    stream = cast("BinaryIO", io.BufferedReader(_Metered(packed, self, member, name)))
                    if is_table(member.filename):
                        rows = rows_in(Unpacked(stream, name=name), name=name, columns=self.item.columns)
                        yield from (r.document if isinstance(r, Row) else r for r in rows)
                    else:
                        yield from_member(stream, name=name)
            except SourceError as error:
                yield error
            except _DAMAGE as error:
                yield SourceError(f"this file is damaged: {str(error)[:200] or type(error).__name__}", item=name, hint=_HINT)
            if self.total > self.limits.total:
                return


class _Metered(io.RawIOBase):
    """A member's unpacked bytes, counted."""

    def __init__(self, packed: IO[bytes], outer: _Zip, member: zipfile.ZipInfo, name: str) -> None:
        super().__init__()
        self._packed = packed
        self._outer = outer
        self._most = max(_INNOCENT, outer.limits.ratio * member.compress_size)
        self._name = name
        self._size = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, into: Any) -> int:  # noqa: ANN401 - a writable buffer
        """Put the next bytes into a buffer; 0 at the end."""
        data = self._packed.read(len(into))
        into[: len(data)] = data
        self._size += len(data)
        self._outer.total += len(data)
        if self._size > self._most:
            raise SourceError(f"more than {self._outer.limits.ratio} times larger unpacked than packed", item=self._name, hint="articles do not pack so well")
        if self._outer.total > self._outer.limits.total:
            most = self._outer.limits.total / 2**30
            raise SourceError(f"with this file it is more than {most:g} GiB, unpacked; the rest is not read", item=self._name, hint="split the zip file")
        return len(data)


def _plain(filename: str) -> PurePosixPath:
    path = PurePosixPath(filename.replace("\\", "/").lower())
    return path.with_suffix("") if path.suffix in PACKED else path


def _hidden(filename: str) -> bool:
    return any(p == "__macosx" or (p.startswith(".") and p.strip(".")) for p in _plain(filename).parts)
