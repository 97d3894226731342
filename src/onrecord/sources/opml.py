"""Lists of feeds (OPML 1.0 and 2.0), as feed readers exchange them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onrecord.errors import SourceError, UsageError
from onrecord.sources.document import Document
from onrecord.sources.feed_bounds import LONGEST_TITLE
from onrecord.sources.feed_text import clean, feed_text
from onrecord.sources.feed_values import absolute, one_line, plain
from onrecord.sources.feed_xml import local_name, xml_tree

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["OpmlFeed", "is_opml", "read_opml", "write_opml"]

_HINT = "an OPML file is what a feed reader exports: outlines with an xmlUrl each"
_HEAD = 65_536
_ROOT = re.compile(r"<(?![?!])(?:[A-Za-z_][\w.-]{0,40}:)?([A-Za-z_][\w.-]{0,40})")
_HIDDEN = re.compile(r"<!--(?:.*?-->|.*\Z)|<\?(?:.*?\?>|.*\Z)", re.DOTALL)
#: Of a feed's address, best first; attributes are compared in lower case.
_ADDRESSES = ("xmlurl", "feedurl", "url")
#: Types of outlines whose `url` is a feed's: `link` and `include` have one that is not.
_TYPES = ("rss", "atom", "feed", "rss1", "pie")
_BETWEEN = "/"
#: Folders inside each other, and characters of one's name; deeper ones count as the last.
_DEEPEST = 20
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One feed of a list."""

    #: http or https.
    url: str
    #: Plain text on one line.
    title: str | None = None
    #: The outlines it stands in, outermost first, joined by `/`.
    folder: str | None = None


def is_opml(document: Document) -> bool:
    """Whether a document's root element is `opml`; never raises."""
    try:
        text = feed_text(document).text
    except SourceError:
        return False
    root = _ROOT.search(_HIDDEN.sub("", text[:_HEAD]))
    return root is not None and root[1].lower() == "opml"


def read_opml(document: Document) -> tuple[OpmlFeed, ...]:
    """Read a list of feeds, each address once, in the list's order.

    What is not well-formed is read as far as it goes.

    Raises:
        UsageError: It is no OPML, cannot be read, declares entities that would have to be expanded, or lists no feeds.
    """
    if not is_opml(document):
        raise UsageError("this is no list of feeds (OPML)", item=document.name, hint=_HINT)
    try:
        text = feed_text(document).text
        start = text.find("<")
        tree = xml_tree(text[start:], name=document.name)
    except SourceError as error:
        raise UsageError(error.message, item=document.name, hint=error.hint or _HINT) from error
    if tree.incomplete:
        raise UsageError("this list declares entities, which are not expanded", item=document.name, hint="export it again, without a document type")
    found: dict[str, OpmlFeed] = {}
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(tree.root, ())]
    while waiting:
        element, folders = waiting.pop()
        inside = folders
        if local_name(element) == "outline":
            values = {str(k).lower(): str(v) for k, v in element.attrib.items()}
            title = _words(values.get("title")) or _words(values.get("text"))
            url = _address(values)
            if url and url not in found:
                # Lists must name every outline; one without a title is named by its address.
                found[url] = OpmlFeed(url, None if title == url else title, _BETWEEN.join(folders) or None)
            elif not url and title:
                inside = (*folders, *_parts(title))[:_DEEPEST]
        waiting.extend((child, inside) for child in reversed(element))
    if not found:
        raise UsageError("this list holds no feeds", item=document.name, hint=_HINT)
    return tuple(found.values())


def _address(values: dict[str, str]) -> str | None:
    kind = values.get("type", "").strip().lower()
    names = _ADDRESSES if kind in _TYPES else _ADDRESSES[:-1]
    return next((u for name in names if (u := absolute(values.get(name), None))), None)


def _words(text: str | None) -> str | None:
    return plain(text, longest=LONGEST_TITLE)


def _parts(folder: str | None) -> tuple[str, ...]:
    return tuple(part for piece in (folder or "").split(_BETWEEN) if (part := one_line(clean(piece)[:_LONGEST_NAME])))[:_DEEPEST]


def write_opml(feeds: Iterable[OpmlFeed], *, title: str = "Feeds") -> str:
    """Write a list of feeds as OPML 2.0; `read_opml` gives the same list back, as far as titles are plain text.

    Titles and folders are written on one line each, without characters that XML forbids.

    Args:
        feeds: In the order to write; feeds of one folder that follow each other share an outline.
        title: What the list is called.
    """
    from lxml import etree

    root = etree.Element("opml", {"version": "2.0"})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = one_line(clean(title)) or "Feeds"
    body = etree.SubElement(root, "body")
    # The outlines that stand open, and their names.
    path: list[str] = []
    opened = [body]
    for feed in feeds:
        parts = _parts(feed.folder)
        shared = 0
        while shared < min(len(parts), len(path)) and parts[shared] == path[shared]:
            shared += 1
        del path[shared:], opened[shared + 1 :]
        for part in parts[shared:]:
            opened.append(etree.SubElement(opened[-1], "outline", {"text": part}))
            path.append(part)
        words = one_line(clean(feed.title or ""))
        named = {"text": words or clean(feed.url), **({"title": words} if words else {})}
        etree.SubElement(opened[-1], "outline", {"type": "rss", **named, "xmlUrl": clean(feed.url)})
    written = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}'
