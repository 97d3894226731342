"""Bytes of a feed to characters: gzip, byte order marks, declarations that are wrong, characters that XML forbids."""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass

from onrecord.errors import SourceError
from onrecord.sources.document import Document
from onrecord.sources.feed_bounds import LARGEST

__all__ = ["FeedText", "clean", "feed_text"]

_GZIP = b"\x1f\x8b"
#: A packed file sent over a packing connection is packed twice.
_PACKED = 2
_GZIP_WINDOW = 31
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""\A\s{0,100}<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_HEAD = 8192
#: Names that mean another encoding in practice (WHATWG Encoding, "names and labels").
_LABELS = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
#: Encodings that the web knows. Python has more, and some of them (punycode) take time out of proportion.
_KNOWN = re.compile(
    r"utf[-_]?8|utf[-_]?(?:16|32)(?:[-_]?[lb]e)?|cp(?:125\d|874|866|437|850|949|932)|iso8859[-_]\d+|koi8[-_][ru]|mac[-_]\w+"
    r"|gb18030|big5(?:hkscs)?|shift_jis|euc[-_](?:jp|kr)|iso2022_jp"
)
_SINGLE_BYTE = re.compile(r"cp(?:125\d|874|866|437|850)|iso8859|koi8|mac")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SAMPLE = 100_000
#: Share of control characters above which bytes are no text.
_BINARY = 0.1
#: Bytes of a thousand that may be wrong in a text that is UTF-8 for the rest.
_DIRT = 1000
_SNIFFED = 400


@dataclass(frozen=True, slots=True)
class FeedText:
    """A feed's characters, all of them allowed in XML, and what it took to get them."""

    text: str
    notes: tuple[str, ...]


def feed_text(document: Document) -> FeedText:
    """Unpack and decode a feed: byte order mark, zeros between letters, then UTF-8, the headers, the declaration, windows-1252.

    Raises:
        SourceError: Larger than `LARGEST` when unpacked, damaged gzip, or no text.
    """
    notes: list[str] = []
    data = _unpacked(document, notes)
    text = _decoded(data, document.charset, notes).lstrip("\ufeff")
    sample = text[:_SAMPLE]
    if len(_FORBIDDEN.findall(sample)) + sample.count("\ufffd") > _BINARY * len(sample):
        raise SourceError("these bytes are no text", item=document.name, hint="a feed is XML or JSON; check the address")
    cleaned = clean(text)
    if len(cleaned) != len(text):
        notes.append(f"{len(text) - len(cleaned)} control characters are left out")
    return FeedText(cleaned, tuple(notes))


def clean(text: str) -> str:
    """Leave out the characters that no XML may hold: controls, lone surrogates, U+FFFE, U+FFFF; and U+007F."""
    return _FORBIDDEN.sub("", text)


def _unpacked(document: Document, notes: list[str]) -> bytes:
    data = document.content
    for _ in range(_PACKED):
        if not data.startswith(_GZIP):
            break
        data = _inflated(data, document.name, notes)
    if len(data) > LARGEST:
        raise _too_large(document.name)
    return data


def _inflated(data: bytes, name: str, notes: list[str]) -> bytes:
    """All members of a gzip file; what there is of one that is cut short."""
    out = bytearray()
    while data.startswith(_GZIP):
        stream = zlib.decompressobj(_GZIP_WINDOW)
        try:
            out += stream.decompress(data, LARGEST + 1 - len(out))
        except zlib.error as error:
            if out:
                notes.append("the gzip is damaged at its end")
                break
            raise SourceError(f"the gzip is damaged: {error}", item=name, hint="fetch it again") from error
        if len(out) > LARGEST:
            raise _too_large(name)
        if not stream.eof:
            notes.append("the gzip is cut short")
            break
        data = stream.unused_data
    return bytes(out)


def _too_large(name: str) -> SourceError:
    return SourceError(f"larger than {LARGEST // 2**20} MiB unpacked", item=name, hint="feeds are smaller; look for one by section, or a news sitemap")


def _decoded(data: bytes, charset: str | None, notes: list[str]) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    wide = _wide(data[:_SNIFFED])
    if wide:
        return data.decode(wide, "replace")
    found = [_known(charset), *(_known(m[1].decode("ascii")) for m in (_DECLARED.search(data[:_HEAD]), _META.search(data[:_HEAD])) if m)]
    # Bytes that could be searched for a declaration in ASCII are not UTF-16, whatever it says.
    declared = [c for c in found if c and not c.startswith(("utf-16", "utf-32"))]
    # Encodings of one byte fit anything, and headers name them by default; UTF-8 fits by chance about never.
    order = ["utf-8", *declared] if not declared or _SINGLE_BYTE.match(declared[0]) else [*declared, "utf-8"]
    for codec in dict.fromkeys(order):
        try:
            # A download cut short may end inside a character.
            text = codecs.getincrementaldecoder(codec)("strict").decode(data, final=False)
        except (UnicodeDecodeError, ValueError):
            continue
        if declared and codec != declared[0]:
            notes.append(f"it says that it is {declared[0]}, and is read as {codec}")
        return text
    mostly = data.decode("utf-8", "replace")
    lost = mostly.count("\ufffd")
    if lost <= max(1, len(data) // _DIRT):
        notes.append(f"{lost} characters could not be decoded as utf-8")
        return mostly
    notes.append("its encoding is not what it says; read as windows-1252")
    return data.decode("cp1252", "replace")


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: ASCII letters with zeros in regular places."""
    full = [head[i::4].count(0) * 8 > len(head) for i in range(4)]
    if len(head) < len(b"<\0r\0"):
        return None
    if sum(full) == len(b"\0\0\0"):
        return "utf-32-le" if not full[0] else "utf-32-be"
    pairs = [head[i::2].count(0) * 4 > len(head) for i in range(2)]
    return "utf-16-le" if pairs == [False, True] else "utf-16-be" if pairs == [True, False] else None


def _known(name: str | None) -> str | None:
    if not name:
        return None
    label = name.strip().lower()
    try:
        found = codecs.lookup(_LABELS.get(label, label)).name
    except (LookupError, ValueError):
        return None
    return found if _KNOWN.fullmatch(found) else None
