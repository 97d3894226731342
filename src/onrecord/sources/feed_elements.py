"""The elements of an RSS or Atom feed, made ready for feedparser: known namespaces, entries apart from the feed, texts apart from entries.

feedparser takes whatever resembles an entry or a summary, wherever it stands, and its time grows with the markup in texts. What it
is not to take is taken out here, and the texts, nearly all of a feed's bytes, are read from the tree.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from onrecord.sources.feed_markup import markup_of, text_of
from onrecord.sources.feed_xml import local_name

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["EntryElement", "FeedElements", "feed_elements", "serialised"]

_ATOM = "http://www.w3.org/2005/Atom"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
#: For prefixes that a feed uses and forgets to declare.
_PREFIXES = MappingProxyType(
    {
        "atom": _ATOM,
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "wfw": "http://wellformedweb.org/CommentAPI/",
    }
)
#: What feedparser takes for the feed's own elements.
_OWN = (
    "",
    "http://backend.userland.com/rss",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://purl.org/atom/ns#",
    "http://www.w3.org/2005/atom",
)
#: Namespaces that say something of a story's title, address, date or author. The rest is left out: feedparser fails on some of it.
_USED = ("/dc/elements/", "/dc/terms/", "itunes.com", "feedburner", "1999/xhtml", "22-rdf-syntax-ns#")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_ENTRIES = ("item", "entry")
#: No element of a feed has more; some of what reads them takes time in the square of their number.
_MOST_ATTRIBUTES = 100
#: Children of an entry; what is beyond is left out, as no format has so many.
_MOST_CHILDREN = 500
#: Characters of an element's own text that feedparser gets: titles and addresses are long at times, authors and dates are not.
_LONG = 16_000
_SHORT = 300
#: What may serve as a summary, best first, as (namespace's last words, local name).
_SUMMARIES = (("", "description"), ("", "summary"), ("", "abstract"), ("elements/1.1", "description"), ("itunes", "summary"), ("mrss", "description"))


@dataclass(frozen=True, slots=True)
class EntryElement:
    """One entry, and what its links are relative to."""

    element: etree._Element
    base: str | None
    #: Its `guid` or `id` as written.
    guid: str | None
    #: Whether the feed says that the guid is no address.
    opaque: bool
    #: Its texts as HTML, from the elements that are for texts.
    contents: tuple[str, ...]
    #: Its summary or description as written: HTML, escaped or not, or plain text.
    summary: str | None


@dataclass(frozen=True, slots=True)
class FeedElements:
    """A feed without its entries, and the entries."""

    root: etree._Element
    #: The outermost elements alone, and the one of them that entries go into: the channel of RSS, else the root.
    frame: etree._Element
    slot: etree._Element
    base: str | None
    entries: tuple[EntryElement, ...]
    #: Entries there were, those left out included.
    found: int


def feed_elements(root: etree._Element, *, most: int) -> FeedElements:
    """Take a feed's entries out of it, at most so many; the tree is changed."""
    own = _own_namespace(_namespace(root).lower(), atom=local_name(root) == "feed")
    named = _Names(_namespace(root).lower(), own)
    tops = list(_entries_in(root, named))
    entries = []
    for element in tops[:most]:
        # The base counts for links as the XML stands, so it is read before the entry is taken out.
        base = element.base
        _removed(element)
        entries.append(_taken_apart(element, base, named))
    for element in tops[most:]:
        _removed(element)
    base = root.base
    for element in root.iter():
        _without_base(element)
        _shortened(element)
    for element in [root, *(e for e in root if local_name(e) == "channel")]:
        _left_out(element)
    channel = next((e for e in root if local_name(e) == "channel"), None) if local_name(root) == "rss" else None
    frame = slot = _bare(root)
    if channel is not None:
        slot = _bare(channel)
        frame.append(slot)
    return FeedElements(root, frame, slot, base, tuple(entries), len(tops))


def serialised(feed: FeedElements, entries: Sequence[EntryElement]) -> bytes:
    """The feed's outermost elements with some of its entries alone, as well-formed UTF-8."""
    from lxml import etree

    feed.slot.extend([e.element for e in entries])
    data = etree.tostring(feed.frame, encoding="utf-8")
    del feed.slot[:]
    return data


def _bare(element: etree._Element) -> etree._Element:
    """The element with its attributes and namespaces, and nothing in it."""
    # A copy takes namespaces that could not be given to a new element: feeds hold some that are no URIs.
    bare = copy.copy(element)
    bare.text = bare.tail = None
    del bare[:]
    return bare


def _namespace(element: etree._Element) -> str:
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def _is_own(element: etree._Element) -> bool:
    return _namespace(element).lower() in _OWN


def _own_namespace(own: str, *, atom: bool) -> str | None:
    """What the root's namespace is to become; None where it is a known one."""
    if atom:
        return None if own in _OWN[-2:] else _ATOM
    return None if own in _OWN[:-2] or own.endswith("rdf-syntax-ns#") else ""


@dataclass(frozen=True, slots=True)
class _Names:
    """The root's namespace, and what it is to become (None: it stays)."""

    own: str
    becomes: str | None


def _entries_in(root: etree._Element, names: _Names) -> Iterator[etree._Element]:
    """The outermost entries in order; all elements outside of them get their names."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        _renamed(element, names)
        if local_name(element) in _ENTRIES and _is_own(element) and element is not root:
            yield element
        else:
            waiting.extend(reversed(element))


def _without_base(element: etree._Element) -> None:
    if element.get(_BASE) is not None:
        del element.attrib[_BASE]


def _shortened(element: etree._Element) -> None:
    longest = _LONG if local_name(element) in ("title", "link", "origlink", "div", "span", "b", "i", "em") else _SHORT
    if element.text and len(element.text) > longest:
        element.text = element.text[:longest]
    if element.tail and len(element.tail) > longest:
        element.tail = element.tail[:longest]


def _renamed(element: etree._Element, names: _Names) -> None:
    tag = element.tag
    if not isinstance(tag, str):
        return
    if len(element.attrib) > _MOST_ATTRIBUTES:
        element.attrib.clear()
    if ":" in tag and not tag.startswith("{"):
        # A prefix that nobody declared.
        prefix, _, local = tag.partition(":")
        element.tag = f"{{{_PREFIXES.get(prefix.lower(), 'urn:undeclared')}}}{local if _NAME.fullmatch(local) else 'unknown'}"
    elif names.becomes is not None and _namespace(element).lower() == names.own:
        local = tag.rpartition("}")[2]
        local = local if _NAME.fullmatch(local) else "unknown"
        element.tag = f"{{{names.becomes}}}{local}" if names.becomes else local
    for name in [n for n in element.attrib if ":" in str(n) and not str(n).startswith("{")]:
        del element.attrib[name]


def _removed(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        element.tail = None
        parent.remove(element)


def _taken_apart(entry: etree._Element, base: str | None, names: _Names) -> EntryElement:
    """Take the texts out of an entry, and what could pass for its title, its summary or an entry of its own."""
    del entry[_MOST_CHILDREN:]
    for child in entry:
        _renamed(child, names)
    titled = any(local_name(c) == "title" and _is_own(c) for c in entry)
    contents: list[str] = []
    summaries: list[tuple[int, str]] = []
    # What the pictures of an entry say stands in groups of its own.
    children = list(entry)
    children += [inner for child in children if "mrss" in _namespace(child) for inner in child.iterdescendants()]
    for element in children:
        name, namespace = local_name(element), _namespace(element).lower()
        media = "mrss" in namespace
        if _is_content(name, namespace):
            contents.append(markup_of(element))
        elif name in ("description", "summary", "abstract", "subtitle"):
            rank = next((i for i, (ns, local) in enumerate(_SUMMARIES) if name == local and (_is_own(element) if not ns else ns in namespace)), len(_SUMMARIES))
            summaries.append((rank, markup_of(element)))
        elif not ((name in _ENTRIES and _is_own(element)) or (media and name == "title" and titled)):
            continue
        _removed(element)
    for element in entry.iter():
        _renamed(element, names)
        _without_base(element)
        _shortened(element)
    for element in [e for e in entry.iterdescendants() if local_name(e) in _ENTRIES and _is_own(e)]:
        _removed(element)
    _left_out(entry, pictures=not titled)
    guid, opaque = _guid(entry)
    found = [text for _, text in sorted(summaries, key=lambda pair: pair[0]) if text]
    return EntryElement(entry, base, guid, opaque, tuple(c for c in contents if c), found[0] if found else None)


def _left_out(parent: etree._Element, *, pictures: bool = False) -> None:
    """Remove the children that say nothing of a story; those of its pictures stay where their title is the only one."""
    for child in list(parent):
        namespace = _namespace(child).lower()
        if not (_is_own(child) or any(used in namespace for used in _USED) or (pictures and "mrss" in namespace)):
            _removed(child)


def _is_content(name: str, namespace: str) -> bool:
    return (name == "encoded" and "content" in namespace) or (name in ("content", "fullitem", "body") and "mrss" not in namespace)


def _guid(entry: etree._Element) -> tuple[str | None, bool]:
    for child in entry:
        if local_name(child) in ("guid", "id") and _is_own(child):
            text = " ".join(text_of(child).split())
            says = next((str(v) for k, v in child.attrib.items() if str(k).lower() == "ispermalink"), "true")
            if text:
                return text, says.strip().lower() == "false"
    about = next((str(v) for k, v in entry.attrib.items() if str(k).endswith("about")), None)
    return " ".join(about.split()) or None if about else None, False
