"""An HTML page to an article.

trafilatura (Barbaresi 2021) decides which text is the main text. The page's own elements decide what each paragraph is and
in which order they stand: trafilatura's output keeps no figcaptions and no places. The two are joined by word 4-grams.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.articles.article import Condition, Kind, Revision
from onrecord.articles.blocks import Block, blocks_of, parse_html
from onrecord.articles.conditions import cut_short, is_live, wall
from onrecord.articles.draft import compose
from onrecord.articles.head import from_page
from onrecord.articles.lines import kind_of_line, signed
from onrecord.articles.metadata import Metadata

__all__ = ["MARKUP", "Page", "read_fragment", "read_page"]

#: What says that a text in a page's data, or in JSON, is HTML.
MARKUP = re.compile(r"</?(?:p|br|div|h[1-6]|ul|li|a|em|strong|figure|blockquote)\b[^>]*>", re.IGNORECASE)

_WORDS = re.compile(r"\w+")
_PICTURED = re.compile(r"\(?(?:pictured|photo|photograph|picture|image|caption)\b", re.IGNORECASE)
_GRAM = 4
#: Share of a block's 4-grams that the main text must hold for the block to be main text.
_SHARE = 0.8
#: Parents with so many main paragraphs hold the story: a paragraph beside them belongs to it though trafilatura left it out.
_TRUSTED = 3
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PROSE = frozenset(("p", "blockquote", "li", "div", "section", "article", "pre", "dd", "td"))
#: A page bigger than this is read by its own elements alone: trafilatura's second opinions are not linear in the page.
_LARGE = 4_000_000
#: A block needs so many characters to be taken without trafilatura's word.
_SUBSTANTIAL = 60


@dataclass(frozen=True, slots=True)
class Page:
    """What came out of a page."""

    revision: Revision
    metadata: Metadata
    conditions: tuple[Condition, ...]


def read_page(text: str, *, url: str | None = None) -> Page:
    """Read a page: main text, paragraphs with their kinds, metadata, walls. Any characters give a result."""
    root = parse_html(text)
    if root is None:
        return Page(Revision("", ()), Metadata(url=url), (Condition.EMPTY,))
    metadata = from_page(root, text, url=url)
    blocks = blocks_of(root)
    main = _Main(_main_text(text, url)) if len(text) <= _LARGE else None
    pieces = _pieces(blocks, main, metadata)
    story = [t for t, k in pieces if k is Kind.BODY]
    words = sum(len(_WORDS.findall(t)) for t in story)
    seen = " ".join(b.text for b in blocks)
    conditions = []
    barrier = wall(seen, story, free=metadata.free)
    if barrier in (Condition.COOKIE_WALL, Condition.AGE_GATE):
        pieces = [(t, Kind.BOILERPLATE) for t, _ in pieces]
    elif metadata.body and len(_WORDS.findall(metadata.body)) > 2 * words + 20:
        # The page's data holds the article that its elements load later or hide.
        pieces = _from_data(pieces, metadata)
        words = len(_WORDS.findall(metadata.body))
    metadata.byline = metadata.byline or next((name for t, k in pieces if k is Kind.BYLINE and (name := signed(t))), None)
    if barrier:
        conditions.append(barrier)
    if not words and not barrier:
        conditions.append(Condition.EMPTY)
    if is_live(metadata.url or url, metadata.title, [b.text[:40] for b in blocks], declared=metadata.live):
        conditions.append(Condition.LIVE_BLOG)
    revision = compose(pieces)
    if cut_short(revision.text, page=text):
        conditions.append(Condition.TRUNCATED)
    return Page(revision, metadata, tuple(conditions))


def read_fragment(text: str, *, title: str | None = None) -> list[tuple[str, Kind]]:
    """The pieces of an HTML fragment that is known to be all article, such as a feed's content_html."""
    root = parse_html(text)
    if root is None:
        return []
    return [(b.text, _kind(b, title) or Kind.BODY) for b in blocks_of(root)]


def _main_text(text: str, url: str | None) -> list[str]:
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found: Any = bare_extraction(text, url=url, include_comments=False, include_tables=True, include_formatting=False)
    except Exception:  # noqa: BLE001 - a page can break any parser; its elements are still there
        return []
    body = getattr(found, "body", None)
    if body is None:
        return []
    return ["".join(e.itertext()) for e in body.iter("p", "head", "item", "cell", "quote", "ab", "code")]


class _Main:
    """trafilatura's main text, as word 4-grams and short texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.grams: set[tuple[str, ...]] = set()
        self.short: set[tuple[str, ...]] = set()
        for text in texts:
            words = _words(text)
            self.short.add(tuple(words))
            self.grams.update(_grams(words))

    def holds(self, text: str) -> bool:
        words = _words(text)
        if not words:
            return False
        if len(words) < _GRAM + 2:
            return tuple(words) in self.short
        grams = list(_grams(words))
        return sum(g in self.grams for g in grams) >= _SHARE * len(grams)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _grams(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(words[i:] for i in range(_GRAM)), strict=False)


def _pieces(blocks: Sequence[Block], main: _Main | None, metadata: Metadata) -> list[tuple[str, Kind]]:
    held = [main is not None and main.holds(b.text) for b in blocks]
    if not any(h and _substantial(b) for h, b in zip(held, blocks, strict=True)):
        held = _by_elements(blocks)
    body = [i for i, b in enumerate(blocks) if held[i] and b.tag not in _HEADINGS and not b.caption]
    if not body:
        return [(b.text, Kind.BOILERPLATE) for b in blocks if _WORDS.search(b.text)]
    trusted = _trusted(blocks, held)
    first, last = body[0], body[-1]
    title = next((i for i in range(first, -1, -1) if blocks[i].tag == "h1"), None)
    title = title if title is not None else next((i for i in range(first, min(last, first + 5)) if blocks[i].tag == "h1"), None)
    begin = min(first, title) if title is not None else first
    out: list[tuple[str, Kind]] = []
    captions = {_key(c) for c in metadata.captions}
    seen: set[str] = set()
    if title is None and metadata.title:
        out.append((metadata.title, Kind.HEADLINE))
        seen.add(_key(metadata.title))
    for i in range(begin, _end(blocks, last)):
        b = blocks[i]
        key = _key(b.text)
        kind = Kind.HEADLINE if i == title else Kind.CAPTION if key in captions and len(key) > _GRAM else _kind(b, metadata.title)
        taken = (
            held[i]
            or i == title
            or kind is Kind.CAPTION
            or (kind is Kind.BYLINE and (i < first or b.parent in trusted or kind_of_line(b.text) is kind))
            or (b.parent in trusted and _substantial(b) and not b.aside)
        )
        if not taken or (b.aside and not held[i]) or (kind is Kind.HEADLINE and key in seen):
            continue
        if key in seen and kind is Kind.CAPTION:
            continue
        seen.add(key)
        out.append((b.text, kind or Kind.BODY))
    return out


def _end(blocks: Sequence[Block], last: int) -> int:
    """One past the last block to look at: pictures may follow the last paragraph."""
    end = last + 1
    while end < len(blocks) and blocks[end].caption and not blocks[end].aside:
        end += 1
    return end


def _by_elements(blocks: Sequence[Block]) -> list[bool]:
    """Without a word from trafilatura: the prose inside an article element, or all prose that is no link list."""
    prose = [b.tag in _PROSE and b.linked < 0.5 and not b.aside and not b.caption for b in blocks]  # noqa: PLR2004 - more link than text
    inside = [p and b.inside for p, b in zip(prose, blocks, strict=True)]
    return inside if any(inside) else [p and (b.tag == "p" or _substantial(b)) for p, b in zip(prose, blocks, strict=True)]


def _trusted(blocks: Sequence[Block], held: Sequence[bool]) -> set[int]:
    counts: dict[int, int] = {}
    for b, h in zip(blocks, held, strict=True):
        if h and _substantial(b):
            counts[b.parent] = counts.get(b.parent, 0) + 1
    return {p for p, n in counts.items() if n >= _TRUSTED}


def _substantial(block: Block) -> bool:
    return len(block.text) >= _SUBSTANTIAL and block.linked < 0.5 and not block.caption and block.tag in _PROSE  # noqa: PLR2004 - see _by_elements


def _kind(block: Block, title: str | None) -> Kind | None:
    if block.caption:
        return Kind.CAPTION
    if block.tag in _HEADINGS:
        return Kind.HEADLINE if title and _key(title) == _key(block.text) else Kind.HEADING
    if kind_of_line(block.text) is Kind.DATELINE:
        return Kind.DATELINE
    if block.byline and len(_WORDS.findall(block.text[:1000])) <= _BYLINE:
        return Kind.BYLINE
    kind = kind_of_line(block.text)
    # A sentence in the story may speak of a photograph; on a page, captions have elements of their own.
    if (
        kind is Kind.CAPTION
        and block.tag == "p"
        and not _PICTURED.match(block.text)
        and block.text.endswith((".", "!", "?", "”", '"'))
        and len(_WORDS.findall(block.text)) > _BYLINE
    ):
        return None
    return kind


_BYLINE = 25


def _from_data(pieces: Sequence[tuple[str, Kind]], metadata: Metadata) -> list[tuple[str, Kind]]:
    kept = [(t, k) for t, k in pieces if k in (Kind.HEADLINE, Kind.BYLINE, Kind.CAPTION)]
    if metadata.title and not any(k is Kind.HEADLINE for _, k in kept):
        kept.insert(0, (metadata.title, Kind.HEADLINE))
    body = metadata.body or ""
    if MARKUP.search(body):
        return [*kept, *(p for p in read_fragment(body, title=metadata.title) if p[1] is not Kind.HEADLINE)]
    lines = [line for line in re.split(r"\s*\n\s*", body) if line]
    return [*kept, *((line, kind_of_line(line) or Kind.BODY) for line in lines)]


def _key(text: str) -> str:
    return " ".join(_words(text[:2000]))
