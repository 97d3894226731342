"""What a stored HTTP response says and holds: status, headers, and the page with its transfer and content codings undone."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass

__all__ = ["HEAD", "Head", "content_type", "is_textual", "read_head", "unpacked_body"]

#: Largest head of a response, in bytes.
HEAD = 2**18
#: Media types that articles come in, besides everything that ends in `+json`.
_TEXTUAL = frozenset(("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/json"))
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
#: Codings applied one upon another; more is no page.
_DEEPEST = 3
_STEP = 65536
#: Most chunks of one page; servers send some thousand bytes in each.
_CHUNKS = 2**20
#: How a page begins that is not packed, whatever its headers say: crawlers unpack pages and keep the headers.
_BARE = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*[<{\[]")
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before a response's body."""

    status: int
    #: Lower-case names; what was said several times is joined by commas.
    headers: dict[str, str]
    #: Where the body begins, in bytes.
    end: int


def read_head(block: bytes) -> Head:
    """Read the status line and the headers of a response.

    Args:
        block: Its bytes, or at least the first `HEAD` of them.

    Raises:
        ValueError: There is no such head, or it is larger than `HEAD`.
    """
    from warcio.statusandheaders import StatusAndHeadersParser

    stream = io.BytesIO(block[:HEAD])
    try:
        found = StatusAndHeadersParser(["HTTP/"], verify=True).parse(stream)
        # `HTTP/` is split off, so that versions that are not known are read, too: `1.1 200 OK`.
        status = int(found.statusline.split()[1][:9])
    except Exception as error:
        # The parser raises what it happens to raise: EOFError, ValueError, an exception of its own.
        raise ValueError("it holds no HTTP response") from error
    if stream.tell() >= HEAD:
        raise ValueError(f"its HTTP headers are larger than {HEAD // 2**10} KiB")
    said: dict[str, list[str]] = {}
    for name, value in found.headers:
        said.setdefault(name.strip().lower(), []).append(value)
    return Head(status, {name: ", ".join(values) for name, values in said.items()}, stream.tell())


def content_type(value: str) -> tuple[str | None, str | None]:
    """Media type without parameters, and charset; None for what a Content-Type header does not say."""
    media, _, rest = value.partition(";")
    charset = next((p.split("=", 1)[1].strip(" \"'") for p in rest.split(";") if p.strip().lower().startswith("charset=")), None)
    return media.strip().lower() or None, charset or None


def is_textual(media: str) -> bool:
    """Whether articles come in such a media type."""
    return media in _TEXTUAL or media.endswith("+json")


def unpacked_body(data: bytes, headers: dict[str, str], *, limit: int, cut: bool = False) -> bytes:
    """Undo the transfer coding and the content codings of a response's body.

    A body that is not coded although the headers say so is left as it is: crawlers unpack pages and keep the headers.

    Args:
        data: The body as stored.
        headers: The response's, lower-case names.
        limit: Most bytes that it may have, unpacked.
        cut: The archive says that it kept only a part: then an early end is no damage.

    Raises:
        ValueError: It is damaged, too large, or packed in a way that is not known; the message says which.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        data = _joined(data, cut=cut)
    codings = [c for c in re.split(r"[\s,]+", headers.get("content-encoding", "").lower()) if c and c != "identity"]
    if len(codings) > _DEEPEST:
        raise ValueError(f"it is packed {len(codings)} times over")
    for coding in reversed(codings):
        data = _unpacked(data, coding, limit=limit, cut=cut)
    return data


def _joined(data: bytes, *, cut: bool) -> bytes:
    parts: list[bytes] = []
    at = 0
    while line := _CHUNK.match(data, at):
        size, begin = int(line[1], 16), line.end()
        if size == 0:
            return b"".join(parts)
        if not parts and begin + size > len(data) and not cut:
            # A first line that looks like a number by chance.
            return data
        if len(parts) >= _CHUNKS:
            raise ValueError(f"the page is in more than {_CHUNKS:,} chunks")
        parts.append(data[begin : begin + size])
        at = begin + size
        at += 2 if data.startswith(b"\r\n", at) else int(data.startswith(b"\n", at))
    if not parts:
        return data
    if not cut:
        raise ValueError("the page ends early" if at >= len(data) else "the page's chunks are damaged")
    return b"".join(parts)


def _unpacked(data: bytes, coding: str, *, limit: int, cut: bool) -> bytes:
    if not data or _BARE.match(data):
        return data
    if coding in ("gzip", "x-gzip"):
        return _inflated(data, 16 + zlib.MAX_WBITS, limit=limit, cut=cut) if data.startswith(_GZIP) else data
    if coding == "deflate":
        # The standard means a zlib stream; some servers send the bare one.
        head = int.from_bytes(data[:2], "big")
        wrapped = head & 0x0F00 == 0x0800 and head % 31 == 0  # noqa: PLR2004 - RFC 1950, section 2.2
        return _inflated(data, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, limit=limit, cut=cut)
    if coding == "zstd":
        return _from_zstd(data, limit=limit, cut=cut) if data.startswith(_ZSTD) else data
    raise ValueError(f"it is packed with {coding[:20]}, which is not read")


def _inflated(data: bytes, bits: int, *, limit: int, cut: bool) -> bytes:
    found, rest = bytearray(), data
    while rest:
        inner = zlib.decompressobj(bits)
        while not inner.eof:
            try:
                piece = inner.decompress(rest, _STEP)
            except zlib.error as error:
                if found and cut:
                    return bytes(found)
                raise ValueError(f"the page's compression is damaged: {error}") from error
            found += piece
            rest = inner.unconsumed_tail
            if len(found) > limit:
                raise _too_large(limit)
            if not piece and not rest and not inner.eof:
                if cut:
                    return bytes(found)
                raise ValueError("the page ends early")
        # What follows a stream is another one, if it looks so, or padding.
        rest = inner.unused_data if bits > zlib.MAX_WBITS and inner.unused_data.startswith(_GZIP) else b""
    return bytes(found)


def _from_zstd(data: bytes, *, limit: int, cut: bool) -> bytes:
    import zstandard

    found = bytearray()
    try:
        with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(data, read_across_frames=True) as stream:
            while piece := stream.read(_STEP):
                found += piece
                if len(found) > limit:
                    raise _too_large(limit)
        # The stream ends quietly where its bytes do; the frame's own count, where it has one, knows better.
        size = zstandard.frame_content_size(data)
    except zstandard.ZstdError as error:
        if found and cut:
            return bytes(found)
        raise ValueError(f"the page's compression is damaged: {error}") from error
    if len(found) < size and not cut:
        raise ValueError("the page ends early")
    return bytes(found)


def _too_large(limit: int) -> ValueError:
    return ValueError(f"the page is larger than {limit / 2**20:g} MiB, unpacked")
