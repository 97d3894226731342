"""*Quotation*: every outlet that carried the same words, what each changed, and where they appeared first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query

from onrecord.ledger import Carried, Hit
from onrecord.ledger.hits import hits_of
from onrecord.ledger.speakers import most_carried
from onrecord.web import links
from onrecord.web.around import around
from onrecord.web.differing import compared
from onrecord.web.page import Page
from onrecord.web.paging import PAGE, Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.site import SiteOf

__all__ = ["QuotationPage", "QuotationsPage", "Wording", "add", "quotation", "quotations"]

#: Wordings that are compared, and stories that are listed; characters shown around a witness.
_WORDINGS, _STORIES, _AROUND = 30, 20, 140


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording, against the longest."""

    words: str
    parts: tuple[tuple[str, str], ...]
    witnesses: Sequence[Hit]
    #: Whether it is the one that the others are held against.
    reference: bool


@dataclass(frozen=True, slots=True)
class QuotationPage(Page):
    """A quotation."""

    template = "quotation.html.j2"

    carried: Carried
    everything: bool
    wordings: Sequence[Wording]
    #: The witnesses that are listed, the earliest first.
    shown: Sequence[Hit]
    pager: Pager

    @property
    def title(self) -> str:
        """Whose words."""
        first = self.carried.reference
        name = first.actor[1] if first.actor else first.entry.voice.speaker.name
        return f"Who carried the words of {name}" if name else "Who carried these words"

    @property
    def stories(self) -> list[tuple[str | None, list[Hit]]]:
        """Witnesses that are copies of one story, and the wire service that it is of."""
        by_article: dict[str, Hit] = {}
        for w in self.carried.witnesses:
            by_article.setdefault(w.where.article, w)
        return [(s.wire, [by_article[a] for a in s.articles]) for s in self.carried.stories[:_STORIES]]

    def around(self, hit: Hit) -> tuple[str, str]:
        """The words around a witness."""
        return around(hit, _AROUND)

    @property
    def outlets(self) -> int:
        """How many outlets."""
        return len({w.where.outlet for w in self.carried.witnesses if w.where.outlet})

    def to_json(self) -> dict[str, Any]:
        """As `onrecord quotation --format json` shows it, with the differences, and a page of the witnesses."""
        marked = [{"words": w.words, "reference": w.reference, "parts": [{"is": k, "words": p} for k, p in w.parts]} for w in self.wordings]
        told = {**self.carried.to_json(), "statements": [w.to_json() for w in self.shown]}
        return {**told, "differences": marked, "pages": self.pager.to_json()}


@dataclass(frozen=True, slots=True)
class QuotationsPage(Page):
    """The quotations carried most often."""

    template = "quotations.html.j2"

    #: Id, how many texts carried it, and its longest witness.
    found: Sequence[tuple[str, int, Hit]]
    pager: Pager

    @property
    def title(self) -> str:
        """Of the page."""
        return "Quotations"

    def to_json(self) -> dict[str, Any]:
        """All of them."""
        return {"quotations": [{"id": i, "texts": n, "reference": h.to_json()} for i, n, h in self.found], "pages": self.pager.to_json()}


def quotation(
    site: SiteOf,
    id: str,  # noqa: A002 - as the path says
    *,
    all: Annotated[bool, Query(description="Also witnesses in texts that were replaced since.")] = False,  # noqa: A002
    limit: Limit = PAGE,
    offset: Offset = 0,
) -> QuotationPage:
    """Every outlet that carried a quotation, its wordings with what each changed, and where it appeared first. Takes the id of a witness, too."""
    carried = site.desk.quotation(id, everything=all)
    longest = carried.reference
    ordered = sorted(carried.variants, key=lambda v: longest not in v.witnesses)
    wordings = [Wording(v.words, compared(longest.content, v.words), v.witnesses, longest in v.witnesses) for v in ordered[:_WORDINGS]]
    shown = carried.witnesses[offset : offset + limit]
    total = len(carried.witnesses)
    pager = Pager.of(
        links.quotation(carried.id), {"all": "true" if all else None}, offset=offset, limit=limit, here=len(shown), more=offset + limit < total, total=total
    )
    return QuotationPage(carried, all, wordings, shown, pager)


def quotations(site: SiteOf, limit: Limit = PAGE, offset: Offset = 0) -> QuotationsPage:
    """The quotations carried most often, among the 2,000 found last."""
    with site.desk.ledger.database.reading() as connection:
        rows = most_carried(connection, offset=offset, limit=limit + 1)
        hits = {h.key: h for h in hits_of(connection, [key for _, _, key in rows[:limit]])}
    found = [(id_, count, hits[key]) for id_, count, key in rows[:limit] if key in hits]
    pager = Pager.of("/quotations", {}, offset=offset, limit=limit, here=min(len(rows), limit), more=len(rows) > limit)
    return QuotationsPage(found, pager)


def add(router: APIRouter) -> None:
    """Give the pages their addresses."""
    add_page(router, "/quotations", quotations)
    add_page(router, "/quotations/{id}", quotation)
