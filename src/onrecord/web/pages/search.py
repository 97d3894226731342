"""*Search*: statements by words, actor, outlet, issue, kind, act, days and score, in context, with when they were published."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Query as Parameter

from onrecord.actors.actor import ActorType
from onrecord.errors import UsageError
from onrecord.ledger import Histogram, Hit, Period, SavedSearch, marked
from onrecord.ledger import Query as Sought
from onrecord.ledger.words import MOST_WORDS, Terms, parse
from onrecord.positions import Act, Issue
from onrecord.statements.statement import QuoteKind
from onrecord.web import glances
from onrecord.web.around import around
from onrecord.web.charts.histogram import Bars, bars_of
from onrecord.web.lines import Lines, Places
from onrecord.web.page import Page
from onrecord.web.paging import MOST, PAGE, Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.search_form import Asked, AskedOf, WrongError, where_wrong
from onrecord.web.site import Site, SiteOf

__all__ = ["Filter", "Found", "SearchPage", "add", "cut", "search"]

#: Characters of a statement that are shown, and of the text on either side.
_LONGEST, _AROUND = 600, 110


@dataclass(frozen=True, slots=True)
class Filter:
    """Something that narrows a search."""

    #: What it is and what it says, in words.
    name: str
    value: str
    #: Address of the search without it.
    without: str


@dataclass(frozen=True, slots=True)
class Found:
    """A statement that was found."""

    hit: Hit
    #: What was said, in parts, each with whether it was looked for.
    marked: tuple[tuple[str, bool], ...]
    #: Words before and after it in the article.
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SearchPage(Page):
    """What was asked, and what was found."""

    template = "search.html.j2"

    asked: Asked
    found: Sequence[Found] = ()
    pager: Pager | None = None
    histogram: Histogram | None = None
    bars: Bars | None = None
    filters: Sequence[Filter] = ()
    #: What can be chosen from.
    issues: Sequence[Issue] = ()
    outlets: Sequence[str] = ()
    #: Other searches to try where nothing was found: in words, and where.
    instead: Sequence[tuple[str, str]] = ()
    #: As which it is kept, if it is.
    kept: SavedSearch | None = None
    #: What cannot be meant, and in which field.
    wrong: WrongError | None = None

    kinds = tuple(str(k) for k in QuoteKind)
    acts = tuple(str(a) for a in Act)
    types = tuple(str(t) for t in ActorType)

    @property
    def title(self) -> str:
        """What was looked for."""
        return f"Search: {self.asked.q}" if self.asked.q else "Search"

    @property
    def code(self) -> int:
        """400 if it cannot be meant."""
        return 400 if self.wrong else 200

    @property
    def counted(self) -> str:
        """How many were found, in words."""
        if self.histogram is None:
            return ""
        total = self.histogram.total
        if not self.histogram.exact:
            # Two figures: an estimate is off by some hundredths.
            total = round(total, 2 - len(str(total)))
            return f"About {total:,} statements"
        return "1 statement" if total == 1 else f"{total:,} statements" if total else "No statements"

    def to_json(self) -> dict[str, Any]:
        """Statements as everywhere, how many there are, and when."""
        if self.wrong:
            return {"error": self.wrong.message, "item": self.wrong.item, "hint": self.wrong.hint, "field": self.wrong.field}
        histogram = self.histogram.to_json() if self.histogram else {}
        return {
            "query": self.asked.address,
            "total": histogram.get("total"),
            "exact": histogram.get("exact"),
            "statements": [f.hit.to_json() for f in self.found],
            "histogram": {k: histogram.get(k) for k in ("by", "periods")},
            "pages": self.pager.to_json() if self.pager else None,
        }


def search(site: SiteOf, asked: AskedOf, limit: Limit = PAGE, offset: Offset = 0) -> SearchPage:
    """Statements that match, in context, and when they were published.

    `total` is counted where few match, and else estimated from a sample; `exact` tells. Errors say in `field` which parameter cannot be meant.
    """
    ledger, known = site.desk.ledger, _choices(site)
    try:
        query = asked.query()
        hits = list(islice(ledger.search(query, limit=limit + 1, offset=offset), limit + 1))
        histogram = glances.histogram(site, query)
    except UsageError as error:
        return _wrong(site, asked, error)
    terms = parse(asked.q) if asked.q else None
    kept = next((s for s in ledger.saved_searches() if s.query == asked.address), None)
    counted = histogram.total if histogram.exact else None
    pager = Pager.of("/search", _by_name(asked), offset=offset, limit=limit, here=min(len(hits), limit), more=len(hits) > limit, total=counted)
    bars = bars_of(histogram, lambda p: _at(_within(asked, query, p)), brush=_at(asked.but(since="", until="")))
    found = tuple(_found(h, terms) for h in hits[:limit])
    instead = () if hits else _instead(asked)
    return SearchPage(asked, found, pager, histogram, bars, _filters(site, asked, known["issues"]), instead=instead, kept=kept, **known)


def _choices(site: Site) -> dict[str, Any]:
    """What can be chosen from."""
    ledger = site.desk.ledger
    return {"issues": ledger.agenda(retired=True).issues, "outlets": glances.once(site, "outlets", ledger.outlet_names)}


def _wrong(site: Site, asked: Asked, error: UsageError) -> SearchPage:
    """What cannot be meant, and in which field."""
    known = _choices(site)
    return SearchPage(asked, filters=_filters(site, asked, known["issues"]), wrong=where_wrong(asked, error), **known)


class Form(StrEnum):
    """How a program gets what was found."""

    JSON = "json"
    JSONL = "jsonl"


FormOf = Annotated[
    Form,
    Parameter(
        alias="format", description="`json`: a page of a list. `jsonl`: every statement that matches, one a line, as `onrecord search --format jsonl` has them."
    ),
]
SomeLimit = Annotated[int | None, Parameter(ge=1, le=MOST, description=f"Rows at most; {PAGE} if none is given, and all with `jsonl`.")]


def _twin() -> Callable[..., SearchPage | Lines]:
    places = Places()

    def twin(site: SiteOf, asked: AskedOf, form: FormOf = Form.JSON, limit: SomeLimit = None, offset: Offset = 0) -> SearchPage | Lines:
        """Statements that match, in context, and when they were published.

        `total` is counted where few match, and else estimated from a sample; `exact` tells. Errors say in `field` which parameter cannot be meant. With
        `format=jsonl` all that match are sent as they are found, in one state of the ledger; such an answer is not kept and has no `ETag`, and one that was
        cut off ends without the end that HTTP has for it.
        """
        if form is Form.JSON:
            return search(site, asked, limit or PAGE, offset)
        try:
            site.here()
            return Lines(places.lines(_hits(site, asked, limit, offset)))
        except UsageError as error:
            return _wrong(site, asked, error)

    return twin


def _hits(site: Site, asked: Asked, limit: int | None, offset: int) -> Generator[Hit]:
    yield from site.desk.ledger.search(asked.query(), limit=limit, offset=offset)


def _by_name(asked: Asked) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for name, value in asked.pairs():
        out.setdefault(name, []).append(value)
    return out


def _at(asked: Asked) -> str:
    return f"/search?{asked.address}" if asked.address else "/search"


def _within(asked: Asked, query: Sought, period: Period) -> Asked:
    """A search narrowed to a period, but not beyond the days that it has already."""
    first = max(period.first, query.since) if query.since else period.first
    last = min(period.last, query.until) if query.until else period.last
    return asked.but(since=first.isoformat(), until=last.isoformat())


def _found(hit: Hit, terms: Terms | None) -> Found:
    return Found(hit, cut(hit.content, terms), *around(hit, _AROUND))


def cut(text: str, terms: Terms | None) -> tuple[tuple[str, bool], ...]:
    """A text in parts, each with whether it was looked for; put together they are the text, or what is shown of a long one.

    Args:
        text: The text.
        terms: What was looked for.
    """
    shown = marked(text, terms, longest=_LONGEST)
    parts, at = [], 0
    for start, end in shown.places:
        parts += [(shown.text[at : max(at, start)], False), (shown.text[max(at, start) : max(at, end)], True)]
        at = max(at, end)
    parts.append((shown.text[at:], False))
    return tuple(p for p in parts if p[0])


_NAMES = {
    "q": "words", "actor": "speaker", "outlet": "outlet", "issue": "issue", "kind": "kind", "act": "act", "type": "type of speaker",
    "country": "country", "since": "from", "until": "to", "min_score": "score at least", "all": "also", "sort": "order",
}  # fmt: skip
_SAID = {"all": "what does not count any more", "oldest": "the oldest first", "relevance": "the best match first"}


def _filters(site: Site, asked: Asked, issues: Sequence[Issue]) -> tuple[Filter, ...]:
    """What narrows a search, each with the search without it."""
    labels = {i.id: i.label for i in issues}
    out = []
    for name, value in asked.pairs():
        said = _SAID.get("all" if name == "all" else value if name == "sort" else "", value)
        if name == "issue":
            said = labels.get(value, value)
        elif name == "actor" and value.startswith("a1:"):
            called = site.desk.ledger.actors(value)
            said = called[0].name if called else value
        out.append(Filter(_NAMES[name], said, _at(asked.without(name, value))))
    return tuple(out)


def _instead(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What to try where nothing was found."""
    out: list[tuple[str, str]] = []
    words = asked.q.replace('"', " ").split()
    if '"' in asked.q:
        out.append(("the same words, not next to each other", _at(asked.but(q=" ".join(words)))))
    plain = [w for w in words if w != "OR" and not w.startswith("-")]
    if 1 < len(plain) <= MOST_WORDS and " OR " not in asked.q:
        out.append(("any of these words", _at(asked.but(q=" OR ".join(plain)))))
    if len(plain) == 1 and len(plain[0]) > 4 and not plain[0].endswith("*"):  # noqa: PLR2004 - the beginning of a shorter word says little
        out.append((f"words that begin with “{plain[0][:-2]}”", _at(asked.but(q=plain[0][:-2] + "*"))))
    if asked.since or asked.until:
        out.append(("any day", _at(asked.but(since="", until=""))))
    if asked.q and len(asked.pairs()) > 1:
        out.append(("these words alone, without filters", _at(Asked(q=asked.q))))
    if not asked.all:
        out.append(("also texts that were replaced since, and what was judged wrong", _at(asked.but(all="1"))))
    return tuple(out)


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/search", search, twin=_twin())
