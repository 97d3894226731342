"""Bytes to characters: byte order marks, declared encodings, and a guess that says so."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from onrecord.errors import ArticleError
from onrecord.sources.document import OWN_TEXT, Document

__all__ = ["Decoded", "decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s{0,100}<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
#: Where a page must declare its encoding (WHATWG HTML, 1,024 bytes), with room for pages that do it late.
_HEAD = 8192
#: Names that mean another encoding in practice (WHATWG Encoding, "names and labels").
_LABELS = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_SINGLE_BYTE = frozenset({"cp1252", "iso8859-1", "iso8859-15", "mac-roman"})
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
#: Share of control characters above which bytes are no text.
_BINARY = 0.1
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Characters, and what it took to get them."""

    text: str
    #: Python's name of the encoding.
    encoding: str
    #: Bytes that stand for nothing in that encoding and became U+FFFD.
    lost: int


def decode(document: Document) -> Decoded:
    """Decode a document: byte order mark, then the headers, then the page's own declaration, then UTF-8, then a guess.

    A declared encoding that does not fit gives way to one that does; one of single bytes, which fits anything, gives way to UTF-8
    where that fits: bytes make sense in UTF-8 by chance about never.

    Raises:
        ArticleError: The bytes are no text.
    """
    data = document.content
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise ArticleError(f"this is {what}, not an article", item=document.name, hint="give HTML, plain text, Markdown or JSON")
    for mark, encoding in _MARKS:
        if data.startswith(mark) and document.name != OWN_TEXT:
            # The mark of UTF-8 stays, as a character: Python reads such a file so, and offsets are to point into it.
            return _checked(_decoded(data if encoding == "utf-8" else data[len(mark) :], encoding), document)
    declared = [document.charset, *_declared(data)]
    if _known(next((d for d in declared if d), None)) in _SINGLE_BYTE:
        declared.insert(0, "utf-8")
    for label in [*declared, "utf-8"]:
        codec = _known(label)
        if codec is None:
            continue
        errors = "surrogatepass" if document.name == OWN_TEXT else "strict"
        try:
            return _checked(Decoded(data.decode(codec, errors), codec, 0), document)
        except UnicodeDecodeError:
            continue
    return _checked(_guessed(data), document)


def _declared(data: bytes) -> list[str | None]:
    found = [_XML.search(data[:_HEAD]), _META.search(data[:_HEAD])]
    names = [m[1].decode("ascii") for m in found if m]
    # A page that could be searched for an ASCII declaration is not UTF-16, whatever it says.
    return ["utf-8" if n.lower().startswith("utf-16") else n for n in names]


def _known(name: str | None) -> str | None:
    if not name:
        return None
    label = _LABELS.get(name.strip().lower(), name.strip().lower())
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    # "hex", "rot13" and their like are codecs, too, but no encodings of text.
    return info.name if getattr(info, "_is_text_encoding", True) else None


def _decoded(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def _guessed(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    mostly = _decoded(data, "utf-8")
    if mostly.lost <= max(1, len(data) // 1000):
        return mostly
    best = from_bytes(data[:200_000]).best()
    candidates = [_decoded(data, name) for name in ("cp1252", best.encoding if best else "cp1252")]
    return min(candidates, key=lambda d: (d.lost, d.encoding != "cp1252")) if candidates else mostly


def _checked(decoded: Decoded, document: Document) -> Decoded:
    if document.name == OWN_TEXT:
        return decoded
    sample = decoded.text[:100_000]
    controls = len(_CONTROLS.findall(sample))
    # NUL is judged apart: one in a text is dirt, many are a binary file.
    if sample and (controls + sample.count("\0") > _BINARY * len(sample) and len(sample) > len("\0" * 16)):
        raise ArticleError("these bytes are no text", item=document.name, hint="give HTML, plain text, Markdown or JSON")
    return decoded
