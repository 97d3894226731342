"""The elements of an RSS or Atom feed, made ready for feedparser: known namespaces, one summary an entry, entries apart from the feed.

feedparser takes whatever resembles an entry or a summary, wherever it stands. What it is not to take is taken out here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

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
_ENTRIES = ("item", "entry")
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


@dataclass(frozen=True, slots=True)
class FeedElements:
    """A feed without its entries, and the entries."""

    root: etree._Element
    #: Where entries go: the channel of RSS, else the root.
    parent: etree._Element
    base: str | None
    entries: tuple[EntryElement, ...]
    #: Entries there were, those left out included.
    found: int


def feed_elements(root: etree._Element, *, most: int) -> FeedElements:
    """Take a feed's entries out of it, at most so many; the tree is changed."""
    own = _namespace(root).lower()
    atom = local_name(root) == "feed"
    for element in root.iter():
        _renamed(element, own=own, own_is=_own_namespace(own, atom=atom))
    tops = [e for e in root.iter() if local_name(e) in _ENTRIES and _is_own(e) and not any(local_name(a) in _ENTRIES and _is_own(a) for a in e.iterancestors())]
    entries = []
    for element in tops[:most]:
        # The base counts for links as the XML stands, so it is read before the entry is taken out.
        base = element.base
        _pruned(element)
        entries.append(_described(element, base))
    base = root.base
    for element in root.iter():
        element.attrib.pop(_BASE, None)
    for element in tops:
        _removed(element)
    parent = next((e for e in root if local_name(e) == "channel"), root) if local_name(root) == "rss" else root
    return FeedElements(root, parent, base, tuple(entries), len(tops))


def serialised(feed: FeedElements, entries: Sequence[EntryElement]) -> bytes:
    """The feed's root with some of its entries alone, as well-formed UTF-8."""
    from lxml import etree

    root = etree.Element(feed.root.tag, dict(feed.root.attrib), nsmap=feed.root.nsmap)
    parent = etree.SubElement(root, feed.parent.tag, dict(feed.parent.attrib)) if feed.parent is not feed.root else root
    parent.extend([e.element for e in entries])
    return etree.tostring(root, encoding="utf-8")


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


def _renamed(element: etree._Element, *, own: str, own_is: str | None) -> None:
    tag = element.tag
    if not isinstance(tag, str):
        return
    if ":" in tag and not tag.startswith("{"):
        # A prefix that nobody declared.
        prefix, _, local = tag.partition(":")
        local = local.replace(":", "-")
        element.tag = f"{{{_PREFIXES.get(prefix.lower(), 'urn:undeclared')}}}{local or prefix}"
    elif own_is is not None and _namespace(element).lower() == own:
        local = tag.rpartition("}")[2]
        element.tag = f"{{{own_is}}}{local}" if own_is else local
    for name in [n for n in element.attrib if ":" in str(n) and not str(n).startswith("{")]:
        del element.attrib[name]


def _removed(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        element.tail = None
        parent.remove(element)


def _pruned(entry: etree._Element) -> None:
    """One summary an entry, no titles of its pictures, and nothing inside that passes for an entry."""
    inside = list(entry.iterdescendants())
    titled = any(local_name(c) == "title" and _is_own(c) for c in entry)
    found: list[tuple[int, etree._Element]] = []
    for element in inside:
        name, namespace = local_name(element), _namespace(element).lower()
        media = "mrss" in namespace
        if (name in _ENTRIES and _is_own(element)) or (media and name == "title" and titled):
            _removed(element)
            continue
        if name in ("description", "summary", "abstract") and (media or element.getparent() is entry):
            rank = next((i for i, (ns, local) in enumerate(_SUMMARIES) if name == local and (_is_own(element) if not ns else ns in namespace)), None)
            if rank is not None and ("".join(str(t) for t in element.itertext()).strip() or len(element)):
                found.append((rank, element))
            else:
                _removed(element)
    found.sort(key=lambda pair: pair[0])
    for _, element in found[1:]:
        _removed(element)


def _described(element: etree._Element, base: str | None) -> EntryElement:
    for child in element:
        if local_name(child) in ("guid", "id") and _is_own(child):
            text = " ".join("".join(str(t) for t in child.itertext()).split())
            says = next((str(v) for k, v in child.attrib.items() if str(k).lower() == "ispermalink"), "true")
            if text:
                return EntryElement(element, base, text, opaque=says.strip().lower() == "false" or local_name(child) == "id")
    about = next((str(v) for k, v in element.attrib.items() if str(k).endswith("about")), None)
    return EntryElement(element, base, " ".join(about.split()) or None if about else None, opaque=False)
