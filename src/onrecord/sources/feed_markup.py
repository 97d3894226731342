"""The text of an element as HTML: escaped, inline, encoded or plain, as its attributes say."""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from typing import TYPE_CHECKING

from onrecord.sources.feed_text import clean
from onrecord.sources.feed_values import as_html
from onrecord.sources.feed_xml import local_name

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["markup_of", "text_of"]

_NAMESPACES = re.compile(r"\sxmlns(?::[\w.-]+)?=(?:\"[^\"]*\"|'[^']*')")
_PREFIX = re.compile(r"(</?)[\w.-]+:(?=[\w.-])")
_TAG = re.compile(r"<[^<>]*>")
#: What windows-1252 has where ISO 8859-1 has controls: feeds name characters by the wrong number.
_CONTROLS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


def text_of(element: etree._Element) -> str:
    """All characters in an element."""
    return "".join(str(piece) for piece in element.itertext())


def markup_of(element: etree._Element) -> str:
    """An element's text as HTML; empty where it holds none, or data of another kind.

    The `type` and `mode` of Atom 0.3 and 1.0 are followed. An element with elements in it is inline markup, whatever it says.
    """
    kind = str(element.get("type") or "").strip().lower()
    mode = str(element.get("mode") or "").strip().lower()
    if len(element):
        return _inline(element)
    text = text_of(element)
    if mode == "base64":
        text = _unpacked(text)
    text = _mended(text).strip()
    if kind in ("text", "plain", "text/plain") and mode != "escaped" and local_name(element) == "content":
        return as_html(text)
    return text if not kind or kind == "text" or "html" in kind or kind.startswith("text/") else ""


def _inline(element: etree._Element) -> str:
    from lxml import etree

    only = element[0]
    wrapped = len(element) == 1 and local_name(only) == "div" and not (element.text or "").strip() and not (only.tail or "").strip()
    holder = only if wrapped else element
    inner = etree.tostring(holder, encoding="unicode", method="xml", with_tail=False)
    inner = inner[inner.index(">") + 1 : inner.rindex("<")] if inner.endswith(">") and not inner.endswith("/>") else ""
    # Namespaces and their prefixes are XML's; HTML has neither.
    if " xmlns" in inner or _PREFIX.search(inner):
        inner = _TAG.sub(lambda tag: _PREFIX.sub(r"\1", _NAMESPACES.sub("", tag[0])), inner)
    return _mended(inner).strip()


def _unpacked(text: str) -> str:
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _mended(text: str) -> str:
    """UTF-8 that was taken for ISO 8859-1 and encoded again, and characters with the numbers of windows-1252."""
    if text.isascii():
        return clean(text)
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return clean(text.translate(_CONTROLS))
