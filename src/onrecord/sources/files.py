"""Documents from files, standard input and strings."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from pathlib import Path
from typing import BinaryIO

from onrecord.errors import NotFoundError, SourceError
from onrecord.sources.document import OWN_TEXT, Document

__all__ = ["ENDINGS", "LARGEST", "PACKED", "from_bytes", "from_file", "from_member", "from_stdin", "from_text"]

#: Endings of article files and their media types; one of `PACKED` after any of them is fine.
ENDINGS = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".json": "application/json",
    ".ninjs": "application/json",
}
#: Endings of packed files.
PACKED = (".gz", ".zst")
#: Largest document in bytes, unpacked.
LARGEST = 64 * 2**20


def from_text(text: str, *, name: str = OWN_TEXT, url: str | None = None) -> Document:
    """Make a document of a string; its offsets are those of the string."""
    return Document(text.encode("utf-8", "surrogatepass"), name, url=url, media_type="text/plain", charset="utf-8")


def from_bytes(content: bytes, *, name: str = "<bytes>", url: str | None = None, media_type: str | None = None) -> Document:
    """Make a document of bytes whose form and encoding are to be found out."""
    return Document(content, name, url=url, media_type=media_type)


def from_stdin(stream: BinaryIO | None = None) -> Document:
    """Read standard input to its end.

    Raises:
        SourceError: There is more than `LARGEST`.
    """
    return Document(_limited(stream or sys.stdin.buffer, "<stdin>"), "<stdin>")


def from_file(path: str | Path) -> Document:
    """Read a file; its ending gives the media type, `.gz` and `.zst` are unpacked.

    Raises:
        NotFoundError: There is no such file.
        SourceError: It cannot be read, is a folder, is larger than `LARGEST`, or its packing is damaged.
    """
    path = Path(path)
    name = str(path)
    try:
        if path.is_dir():
            raise SourceError("this is a folder", item=name, hint="give a file, or let `onrecord read` take the folder")
        with path.open("rb") as raw:
            content = _limited(raw, name)
    except FileNotFoundError:
        raise NotFoundError("no such file", item=name, hint="check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"cannot be read: {reason}", item=name) from error
    return _document(content, name)


def from_member(stream: BinaryIO, *, name: str) -> Document:
    """Read a file that lies in another, whose name ends as its own does; see `from_file`.

    Raises:
        SourceError: It is larger than `LARGEST`, or its packing is damaged.
    """
    return _document(_limited(stream, name), name)


def _document(content: bytes, name: str) -> Document:
    path = Path(name)
    if path.suffix.lower() in PACKED:
        content = _unpacked(content, name) if path.suffix.lower() == ".gz" else _from_zstd(content, name)
        path = path.with_suffix("")
    return Document(content, name, media_type=ENDINGS.get(path.suffix.lower()))


def _limited(stream: BinaryIO | gzip.GzipFile, name: str) -> bytes:
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise SourceError(f"larger than {LARGEST // 2**20} MiB", item=name, hint="articles are smaller; split the file")
    return content


def _unpacked(content: bytes, name: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            return _limited(stream, name)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"the gzip is damaged: {error}", item=name) from error


def _from_zstd(content: bytes, name: str) -> bytes:
    from onrecord.sources.packed import Unpacked, packing_of

    if packing_of(content[:8]) != "zstd":
        raise SourceError("this is no zstd, whatever its name", item=name, hint="take the ending .zst off")
    with io.BufferedReader(Unpacked(io.BytesIO(content), name=name)) as stream:
        return _limited(stream, name)
