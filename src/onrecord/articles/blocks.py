"""A page's blocks: runs of text as a browser would break them, with the signs of what they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["Block", "blocks_of", "parse_html"]

_BREAKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "button",
        "select",
        "textarea",
        "input",
        "label",
        "head",
        "title",
        "meta",
        "link",
        "map",
        "area",
    ]
)
_AROUND = frozenset(["nav", "footer", "form", "menu", "dialog"])
_SPACE = re.compile(r"[ \t\r\n\f]+")
#: Two line breaks with nothing between them: how old pages make paragraphs.
_BLANK = re.compile(r"[ \t\r\n\f\xa0]*\x1e(?:[ \t\r\n\f\xa0]*\x1e)+")
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:fig)?captions?(?:$|[\s_-])|caption__|__caption|wp-caption-text|imagecaption|image-credit|photo-credit|photo-desc|media__desc",
    re.IGNORECASE,
)
#: A wrapper of a picture and of what stands with it; paragraphs in it are the story of a slide show.
_PICTURE_CLASS = re.compile(r"(?:^|[\s_-])(?:photo|picture)(?:$|[\s_-])", re.IGNORECASE)
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:byline|author|authors|dateline|timestamp|datetime|dates?|pubdate|publish(?:ed)?|posted|updated|credits?|contributors?|meta)(?:$|[\s_-])|byline|author-?name",
    re.IGNORECASE,
)
_ASIDE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:related|newsletter|promo|advert(?:isement)?|ads?|share|social|sharing|comments?|disqus|recommend(?:ed|ations)?|trending|popular|most-read|sidebar|breadcrumbs?"
    r"|cookie|consent|subscribe|signup|paywall|tags|read-?more|more-?on|also-?read|toolbar|menu|footer|nav|outbrain|taboola|popup|modal|skip)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: Ancestors whose class may still speak about a block; wrappers further out are layout.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Block:
    """One run of text."""

    #: Its text, white space as a browser shows it.
    text: str
    #: The innermost block element.
    tag: str
    #: Inside a figcaption, a figure or something whose class says caption.
    caption: bool
    #: Its class or itemprop speaks of authors, dates, credits.
    byline: bool
    #: In navigation, a footer, a form, a box of links or appeals.
    aside: bool
    #: In an article element, or what is marked as articleBody.
    inside: bool
    #: Number of the parent element: blocks with the same one stand side by side.
    parent: int
    #: Share of its characters that are links.
    linked: float


def parse_html(text: str) -> Any:  # noqa: ANN401 - lxml's element type is not exported
    """Parse any characters as HTML; None if there is no element in them.

    Characters that HTML cannot hold (NUL, lone surrogates) become U+FFFD.
    """
    from lxml import html

    clean = text.replace("\0", "\ufffd").encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(clean, parser=parser, ensure_head_body=True)
    except (ValueError, AssertionError, html.etree.ParserError):
        return None
    return root


@dataclass(slots=True)
class _Frame:
    """Where the walk is: what the open elements say about the text in them."""

    element: Any
    tag: str
    #: Number of the wrapper that says caption, 0 for none.
    caption: int
    #: Number of the wrapper that says byline, 0 for none.
    byline: int
    aside: bool
    inside: bool
    linked: bool


class _Runs:
    """Collects text until an element breaks the line."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.links = 0
        self.out: list[Block] = []
        #: Per block, the wrappers that say caption and byline.
        self.claims: list[tuple[int, int]] = []
        self.wrappers = 0
        #: Numbers of the wrappers that are pictures, not captions by name.
        self.pictures: set[int] = set()
        self.numbers: dict[int, int] = {}

    def add(self, text: str | None, frame: _Frame) -> None:
        if text:
            self.parts.append(text)
            if frame.linked:
                self.links += len(text)

    def flush(self, frame: _Frame) -> None:
        raw = "".join(self.parts)
        links, self.links = self.links, 0
        self.parts.clear()
        holder = frame.element
        while holder.tag not in _BREAKS and holder.getparent() is not None:
            holder = holder.getparent()
        parent = holder.getparent() if holder.getparent() is not None else holder
        number = self.numbers.setdefault(id(parent), len(self.numbers))
        for piece in _BLANK.split(raw):
            text = _SPACE.sub(" ", piece.replace("\x1e", " ")).strip(" \xa0\u200b\ufeff")
            if text:
                linked = min(1.0, links / max(1, len(raw)))
                self.out.append(Block(text, frame.tag, frame.caption > 0, frame.byline > 0, frame.aside, frame.inside, number, linked))
                self.claims.append((frame.caption, frame.byline))

    def wrapper(self) -> int:
        self.wrappers += 1
        return self.wrappers

    def judged(self) -> list[Block]:
        """The blocks; a wrapper that says caption or byline around more words than one has is layout, and not believed."""
        words: Counter[int] = Counter()
        for block, claims in zip(self.out, self.claims, strict=True):
            for claim in {*claims} - {0}:
                words[claim] += block.text.count(" ") + 1
        return [
            replace(b, caption=b.caption and words[c] <= _CAPTION_WORDS, byline=b.byline and words[y] <= _BYLINE_WORDS)
            for b, (c, y) in zip(self.out, self.claims, strict=True)
        ]


def blocks_of(root: Any) -> list[Block]:  # noqa: ANN401 - see parse_html
    """The blocks of a parsed page, in order. Linear in the page; depth costs no recursion."""
    runs = _Runs()
    keep: list[Any] = []
    bottom = _Frame(root, "body", caption=0, byline=0, aside=False, inside=False, linked=False)
    stack: list[tuple[_Frame, Iterator[Any]]] = [(bottom, iter(root))]
    runs.add(root.text, bottom)
    while stack:
        frame, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if frame.element.tag in _BREAKS:
                runs.flush(frame)
            elif frame.element.tag == "q":
                runs.parts.append("”")
            if stack:
                runs.add(frame.element.tail, stack[-1][0])
            continue
        keep.append(child)
        tag = child.tag
        if not isinstance(tag, str) or tag in _SKIP or _hidden(child):
            runs.add(child.tail, frame)
        elif tag == "br":
            runs.parts.append("\x1e")
            runs.add(child.tail, frame)
        else:
            if tag in _BREAKS:
                runs.flush(frame)
            elif tag == "q":
                runs.parts.append("“")
            inner = _enter(child, tag, frame, runs, depth=len(stack))
            stack.append((inner, iter(child)))
            runs.add(child.text, inner)
    runs.flush(bottom)
    return runs.judged()


def _hidden(element: Any) -> bool:  # noqa: ANN401 - see parse_html
    style = element.get("style") or ""
    return element.get("hidden") is not None or "display:none" in style.replace(" ", "").lower()


def _enter(element: Any, tag: str, outer: _Frame, runs: _Runs, *, depth: int) -> _Frame:  # noqa: ANN401 - see parse_html
    names = (
        f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''} {element.get('rel') or ''} {element.get('data-testid') or ''}"[
            :400
        ]
    )
    named = bool(names.strip())
    small = len(element) <= _SMALL
    captioned = tag == "figcaption" or (tag == "figure" and element.find(".//blockquote") is None) or (named and small and bool(_CAPTION_CLASS.search(names)))
    caption = runs.wrapper() if captioned else 0 if tag == "p" and outer.caption in runs.pictures else outer.caption
    if not caption and named and small and tag != "p" and _PICTURE_CLASS.search(names):
        caption = runs.wrapper()
        runs.pictures.add(caption)
    signed = named and small and bool(_BYLINE_CLASS.search(names))
    return _Frame(
        element,
        tag if tag in _BREAKS else outer.tag,
        caption=caption,
        byline=runs.wrapper() if signed else 0 if tag in {"article", "section", "main"} else outer.byline,
        aside=outer.aside or tag in _AROUND or (tag == "aside") or (named and depth > _NEAR and bool(_ASIDE_CLASS.search(names))),
        inside=outer.inside or tag == "article" or "articleBody" in names or "article-body" in names,
        linked=outer.linked or tag == "a",
    )


#: The most words that captions of one picture, and bylines, have.
_CAPTION_WORDS, _BYLINE_WORDS = 160, 60
#: A wrapper with more children than this is layout; its class says nothing about one block.
_SMALL = 8
