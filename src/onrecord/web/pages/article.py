"""*Article*: the text as it was read, with its statements marked, and beside it each statement with all that is known of it and what people judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Query, Request

from onrecord.errors import UsageError
from onrecord.export.pieces import Mark, cut
from onrecord.export.shown import SHOWN
from onrecord.ledger import Hit
from onrecord.ledger.correcting import PARTS
from onrecord.ledger.judged import Judged
from onrecord.ledger.opening import Opened, Place
from onrecord.positions import Act, Issue, Stance
from onrecord.text import Span
from onrecord.web import links
from onrecord.web.page import Page
from onrecord.web.routing import add_page
from onrecord.web.site import SiteOf
from onrecord.web.slices import Part, parts_of

__all__ = ["ArticlePage", "Bit", "Card", "ShownParagraph", "StatementTwin", "add", "article", "line_of", "statement"]

#: Characters that are shown as several: each is a piece of its own, so that places on the page are places in the text.
_WIDE = re.compile("[" + "".join(re.escape(chr(n)) for n, shown in SHOWN.items() if len(shown) != 1) + "]")
_OFFSETS = re.compile(r"\s*\d+:\d+\s*")


@dataclass(frozen=True, slots=True)
class Bit:
    """Characters of the text that are marked alike."""

    text: str
    #: Half-open offsets in the text.
    start: int
    end: int
    #: `source`, `cue`, `content`, `chain`: each once, in order.
    roles: tuple[str, ...]
    #: Numbers of the statements that they belong to.
    numbers: tuple[int, ...]
    #: (number, id) of the statements whose content begins here.
    heads: tuple[tuple[int, str], ...]
    #: In words: `content of statement 3`.
    label: str


@dataclass(frozen=True, slots=True)
class ShownParagraph:
    """A paragraph, cut into pieces."""

    kind: str
    bits: tuple[Bit, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A statement, its number in the article, and what people judged of it."""

    number: int
    hit: Hit
    judged: Sequence[Judged]

    def lines(self, part: str) -> str:
        """The content, the cue or the source as the form shows it, a piece a line."""
        return "\n".join(line_of(s) for s in self.hit.stands(part))

    def as_read(self, part: str) -> str | None:
        """What the reader has instead of what a person corrected; None if nobody did."""
        if self.hit.corrected is None or getattr(self.hit.corrected, part) is None:
            return None
        return " … ".join(s.exact for s in getattr(self.hit.entry.statement, part)) or "none"


@dataclass(frozen=True, slots=True)
class ArticlePage(Page):
    """An article at one of its texts, or a part of a long one."""

    template = "article.html.j2"

    opened: Opened
    #: What the page shows of the text: number of the part from 1, and how many there are.
    part: Part
    number: int
    parts: int
    paragraphs: Sequence[ShownParagraph]
    cards: Sequence[Card]
    #: Id of the statement whose card is open, with the forms to correct it.
    chosen: str | None
    #: The issues to code a statement on.
    issues: Sequence[Issue]

    #: What can be coded.
    stances = tuple(Stance)
    acts = tuple(Act)

    @property
    def title(self) -> str:
        """The headline."""
        return self.opened.article.title or self.opened.source

    def at(self, *, part: int | None = None, statement: str | None = None, revision: str | None = None) -> str:
        """Address of this article, at another of its parts, statements or texts."""
        asked = {"revision": revision or (None if self.opened.text.current else self.opened.text.revision)}
        asked |= {"part": str(part) if part and part > 1 else None, "statement": statement}
        return _at(self.opened.id, asked, statement)

    def to_json(self) -> dict[str, Any]:
        """The article, the part of its text, its statements there as everywhere, and what was judged of each."""
        of = self.opened
        return {
            **of.article.to_json(text=False),
            "id": of.id,
            "outlet": of.outlet,
            "wire": of.wire,
            "copies": [c.to_json() for c in of.copies],
            "revisions": [t.to_json() for t in of.texts],
            "reader": of.reader,
            "part": {"number": self.number, "of": self.parts, "start": self.part.start, "end": self.part.end},
            "text": of.article.revision.text[self.part.start : self.part.end],
            "total": len(of.places),
            "statements": [c.hit.to_json() | {"number": c.number, "judgements": [j.to_json() for j in c.judged]} for c in self.cards],
        }


@dataclass(frozen=True, slots=True)
class StatementTwin(Page):
    """A statement alone: its page is that of its article."""

    template = "article.html.j2"

    hits: Sequence[Hit]
    judged: Mapping[int, Sequence[Judged]]

    @property
    def title(self) -> str:
        """What was said."""
        return self.hits[0].said

    def to_json(self) -> dict[str, Any]:
        """As `onrecord statement --format json`: one for each article with the very same text; with everything that was judged of it."""
        return {"statements": [h.to_json() | {"judgements": [j.to_json() for j in self.judged.get(h.key, ())]} for h in self.hits]}


def article(
    site: SiteOf,
    id: str,  # noqa: A002 - as the path says
    *,
    revision: Annotated[str, Query(max_length=64, description="Id of the text; the one seen last, if none is given.")] = "",
    statement: Annotated[str, Query(max_length=64, description="Id of a statement to open.")] = "",
    part: Annotated[int, Query(ge=1, le=1_000_000, description="Part of a long text; that of the statement, if one is given.")] = 1,
) -> ArticlePage:
    """An article: its text as it was read, its statements with all that is known of them, its other texts and its copies."""
    ledger = site.desk.ledger
    try:
        of = ledger.open_article(id, revision=revision or None, statement=statement or None)
    except UsageError as error:
        if statement and error.item == statement:
            raise HTTPException(404, error.message) from error
        raise
    text, paragraphs = of.article.revision.text, of.article.revision.paragraphs
    parts = parts_of(text, paragraphs, [p.start for p in of.places])
    if statement:
        start = next(p.start for p in of.places if p.id == statement)
        part = next((n for n, p in enumerate(parts, 1) if start < p.end), len(parts))
    if part > len(parts):
        raise HTTPException(404, f"the article has {len(parts)} parts")
    here = parts[part - 1]
    places = _places(of, here, last=part == len(parts))
    hits = ledger.hits([p.key for _, p in places])
    judged = ledger.judgements_of(hits)
    by_key = {h.key: h for h in hits}
    cards = [Card(n, by_key[p.key], judged.get(p.key, ())) for n, p in places if p.key in by_key]
    agenda = tuple(site.desk.agenda()) if statement else ()
    return ArticlePage(of, here, part, len(parts), tuple(_paragraphs(text, here, cards)), cards, statement or None, agenda)


def statement(request: Request, site: SiteOf, id: str) -> StatementTwin:  # noqa: A002 - as the path says
    """A statement; in a browser, its article at the statement."""
    ledger = site.desk.ledger
    hits = ledger.statement(id)
    if request.url.path.startswith("/api/"):
        return StatementTwin(hits, ledger.judgements_of(hits))
    raise HTTPException(303, "the statement is on the page of its article", headers={"location": _at(hits[0].where.article, {"statement": id}, id)})


def line_of(span: Span) -> str:
    """A piece as the form shows it: its words, or its offsets where words on a line would not be the same."""
    plain = span.exact == span.exact.strip() and span.exact.isprintable() and span.exact.translate(SHOWN) == span.exact
    return span.exact if plain and not _OFFSETS.fullmatch(span.exact) and span.exact != "-" else f"{span.start}:{span.end}"


def _at(id_: str, asked: Mapping[str, str | None], statement_: str | None) -> str:
    some = {k: v for k, v in asked.items() if v}
    return links.article(id_) + (f"?{urlencode(some)}" if some else "") + (f"#{quote(statement_)}" if statement_ else "")


def _places(of: Opened, part: Part, *, last: bool) -> list[tuple[int, Place]]:
    """The statements that begin in a part, with their numbers."""
    return [(n, p) for n, p in enumerate(of.places, 1) if part.start <= p.start < part.end or (last and p.start >= part.end)]


def _paragraphs(text: str, part: Part, cards: Sequence[Card]) -> Iterator[ShownParagraph]:
    marks: list[Mark] = []
    heads: dict[int, list[tuple[int, str]]] = {}
    for card in cards:
        spans = [(role, s) for role in PARTS for s in card.hit.stands(role)] + [("chain", i.span) for i in card.hit.entry.voice.chain]
        marks += [Mark(s.start, s.end, card.number, role) for role, s in spans]
        heads.setdefault(card.hit.stands("content")[0].start, []).append((card.number, card.hit.id))
    for stretch, pieces in zip(part.stretches, cut([(s.start, s.end) for s in part.stretches], marks), strict=True):
        bits: list[Bit] = []
        for piece in pieces:
            roles = tuple(dict.fromkeys(r for r in (*PARTS, "chain") if any(r == role for _, role in piece.of)))
            numbers = tuple(dict.fromkeys(n for n, _ in piece.of))
            label = "; ".join(f"{role} of statement {n}" for n, role in piece.of)
            begun = tuple(heads.get(piece.start, ()))
            for start, end in _runs(text, piece.start, piece.end):
                bits.append(Bit(text[start:end], start, end, roles, numbers, begun if start == piece.start else (), label))
        yield ShownParagraph(stretch.kind, tuple(bits))


def _runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A piece, cut at characters that are shown as several."""
    at = start
    for found in _WIDE.finditer(text, start, end):
        if at < found.start():
            yield at, found.start()
        yield found.span()
        at = found.end()
    if at < end:
        yield at, end


def add(router: APIRouter) -> None:
    """Give the pages their addresses."""
    add_page(router, "/articles/{id}", article)
    add_page(router, "/statements/{id}", statement)
