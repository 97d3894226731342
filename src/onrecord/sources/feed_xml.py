"""Characters to an XML tree: nothing declared is expanded, nothing is fetched, and what is not well-formed is repaired.

Where repairs do not help, the feed is cut at its entries and each is read by itself, so that one broken entry harms no other.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.entities import html5
from typing import TYPE_CHECKING

from onrecord.errors import SourceError
from onrecord.sources.feed_prolog import Prolog, read_prolog

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["XmlTree", "local_name", "xml_tree"]

#: The element that repeats, by the root's local name.
ENTRY_NAMES = {"rss": "item", "rdf": "item", "channel": "item", "feed": "entry", "urlset": "url", "sitemapindex": "sitemap", "opml": "outline"}
#: Elements, or signs that may begin one: a tree takes some 200 bytes for each.
_MOST_SIGNS = 3_000_000
_HIDDEN = r"<!\[CDATA\[(?:.*?\]\]>|.*\Z)|<!--(?:.*?-->|.*\Z)"
_PAIR = r"&\#(?:5[56]\d{3});&\#(?:5[67]\d{3});|&\#[xX][dD][89abAB][0-9a-fA-F]{2};&\#[xX][dD][c-fC-F][0-9a-fA-F]{2};"
_AMPERSAND = r"&(?:\#\d{1,10};|\#[xX][0-9a-fA-F]{1,8};|[A-Za-z_][\w.-]{0,60};)?"
_REPAIR = re.compile(f"(?P<hidden>{_HIDDEN})|(?P<pair>{_PAIR})|(?P<ref>{_AMPERSAND})|(?P<less><(?![A-Za-z_/!?:]))", re.DOTALL)
_XML_NAMES = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))
_ALLOWED = ((0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
_SURROGATES = (0xD800, 0xDFFF)


@dataclass(frozen=True, slots=True)
class XmlTree:
    """The root element, and what was done to get it."""

    root: etree._Element
    notes: tuple[str, ...]
    #: Whether it declares entities that nothing stands in for.
    incomplete: bool


def local_name(element: etree._Element) -> str:
    """The element's name in lower case without its namespace or prefix; empty for comments and their like."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower() if isinstance(tag, str) else ""


def xml_tree(text: str, *, name: str, most: Mapping[str, int] | None = None) -> XmlTree:
    """Parse a feed's characters.

    Args:
        text: Characters that XML allows.
        name: The document's name, for errors.
        most: Entries to salvage where the XML is not well-formed, by the name of the element that repeats; those without are not cut.

    Raises:
        SourceError: No element can be read, there are too many of them, or the document type has no end.
    """
    if text.count("<") > _MOST_SIGNS:
        raise SourceError(f"more than {_MOST_SIGNS} tags", item=name, hint="no feed needs so many; look for one by section")
    prolog = read_prolog(text, name=name)
    notes = list(prolog.notes)
    body = text[prolog.end :]
    if prolog.entities or prolog.refused:
        body = _repaired(body, prolog)
    root, reason = _strict(body)
    if root is None:
        body = _repaired(body, prolog)
        root, again = _strict(body)
        if root is not None:
            notes.append(f"not well-formed, repaired ({reason})")
        else:
            root = _salvaged(body, most=most or {}, notes=notes, reason=again)
    if root is None:
        raise SourceError(f"this XML cannot be read: {reason}", item=name, hint="try again later, or tell the publisher")
    return XmlTree(root, tuple(notes), bool(prolog.refused))


def _parser(*, recover: bool) -> etree.XMLParser:
    from lxml import etree

    return etree.XMLParser(
        recover=recover,
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        attribute_defaults=False,
        remove_comments=True,
        remove_pis=True,
        # Texts of more than 10 MB and 256 levels; there are no entities left that could make use of it.
        huge_tree=True,
    )


def _strict(body: str) -> tuple[etree._Element | None, str]:
    from lxml import etree

    try:
        return etree.fromstring(body.encode("utf-8"), _parser(recover=False)), ""
    except etree.XMLSyntaxError as error:
        return None, _short(error)


def _lenient(body: str) -> etree._Element | None:
    from lxml import etree

    try:
        found: etree._Element | None = etree.fromstring(body.encode("utf-8"), _parser(recover=True))
    except etree.XMLSyntaxError:
        return None
    return found


def _short(error: Exception) -> str:
    return str(error).split(" (<string>", 1)[0][:160] or "empty"


def _repaired(body: str, prolog: Prolog) -> str:
    """Characters for HTML's entities, `&amp;` for a bare ampersand, `&lt;` for a bare sign; CDATA stays as it is."""

    def repaired(m: re.Match[str]) -> str:
        if m["hidden"] is not None:
            return m[0]
        if m["pair"] is not None:
            high, low = (_number(ref) for ref in m[0].rstrip(";").split(";"))
            return _joined(high, low)
        if m["less"] is not None:
            return "&lt;"
        return _reference(m[0][1:], prolog)

    return _REPAIR.sub(repaired, body)


def _number(reference: str) -> int:
    digits = reference.strip("&#;")
    return int(digits[1:], 16) if digits[:1] in "xX" else int(digits)


def _joined(high: int, low: int) -> str:
    try:
        # Emoji written as the two halves of UTF-16.
        return (chr(high) + chr(low)).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except (UnicodeDecodeError, ValueError):
        return ""


def _reference(name: str, prolog: Prolog) -> str:
    if name in _XML_NAMES:
        return f"&{name}"
    if not name:
        return "&amp;"
    if name.startswith("#"):
        code = _number(name)
        return f"&{name}" if any(low <= code <= high for low, high in _ALLOWED) else ""
    bare = name[:-1]
    if bare in prolog.entities:
        return html.escape(prolog.entities[bare], quote=True)
    if bare in prolog.refused:
        # Something stood here; an address with this in it is none.
        return "\ufffd"
    found = html5.get(name)
    return html.escape(found, quote=True) if found else f"&amp;{name}"


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    whole: bool


def _salvaged(body: str, *, most: Mapping[str, int], notes: list[str], reason: str) -> etree._Element | None:
    opening = re.search(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?:\s[^<>]*)?>", body)
    entry = ENTRY_NAMES.get(opening[2].lower()) if opening else None
    pieces = list(_pieces(body, (opening[1] or "") + entry)) if opening and entry and entry in most else []
    if not opening or not entry or not pieces:
        notes.append(f"not well-formed, read as far as it goes ({reason})")
        return _lenient(body)
    root = _lenient(body[: pieces[0].start])
    if root is None:
        return None
    parent = next((e for e in root if local_name(e) == "channel"), root) if local_name(root) == "rss" else root
    read = 0
    wanted = pieces[: most[entry]]
    for piece in wanted:
        if not piece.whole:
            continue
        part = f"{opening[0]}{body[piece.start : piece.end]}</{opening[1] or ''}{opening[2]}>"
        found = _strict(part)[0]
        found = _lenient(part) if found is None else found
        inside = next((e for e in found if local_name(e) == entry), None) if found is not None else None
        if inside is not None:
            parent.append(inside)
            read += 1
    notes.append(f"not well-formed, read entry by entry: {read} of {len(wanted)} ({reason})")
    if len(wanted) < len(pieces):
        notes.append(f"{len(pieces)} entries, of which the first {len(wanted)} are read")
    elif not pieces[-1].whole:
        notes.append("the feed ends in the middle of its last entry, which is left out")
    return root


def _pieces(body: str, tag: str) -> Iterator[_Piece]:
    """Where the entries are: from an opening tag to its end, or to the next one where the end is missing."""
    marks = re.compile(f"{_HIDDEN}|<(?P<close>/)?{re.escape(tag)}(?=[\\s/>])", re.DOTALL | re.IGNORECASE)
    start = -1
    for m in marks.finditer(body):
        if m[0].startswith("<!"):
            continue
        if start >= 0:
            closes = m["close"] is not None
            end = body.find(">", m.end()) + 1 if closes else m.start()
            yield _Piece(start, end or len(body), whole=True)
            start = -1
        if m["close"] is None:
            start = m.start()
    if start >= 0:
        yield _Piece(start, len(body), whole=False)
