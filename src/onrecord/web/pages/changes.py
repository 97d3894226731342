"""*Changes*: two texts of an article word by word, and what became of its statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query

from onrecord.articles.differences import EditKind, differences
from onrecord.changes import Change, ChangeKind, counts
from onrecord.entry import Entry
from onrecord.ledger.opening import Compared
from onrecord.web import links
from onrecord.web.differing import compared
from onrecord.web.page import Page
from onrecord.web.paging import PAGE, Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.site import SiteOf

__all__ = ["ChangesPage", "Run", "add", "changes"]

#: Characters of unchanged text that are shown on either side of a change; and characters of a part of the comparison.
_AROUND, _MOST = 240, 40_000


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that both texts have, or only one."""

    #: `same`, `gone`, `new`; `left out` for what both have and the page leaves out.
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ChangesPage(Page):
    """What changed between two texts of an article."""

    template = "article_changes.html.j2"

    of: Compared
    #: The part of the comparison that the page shows: its runs, its number from 1, and how many there are.
    runs: Sequence[Run]
    part: int
    parts: int
    #: Changes of statements, those that changed nothing left out; a page of them.
    changes: Sequence[Change]
    pager: Pager

    @property
    def title(self) -> str:
        """The newer headline."""
        return f"Changes: {self.of.new_article.title or self.of.source}"

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """How many changes there are of each kind."""
        return counts(self.of.changes)

    def reworded(self, change: Change) -> tuple[tuple[str, str], ...]:
        """The words of a statement, both ways, in parts."""
        return compared(_said(change.old) or "", _said(change.new) or "")

    def at(self, part: int) -> str:
        """Address of another part of the comparison."""
        asked = {"from": self.of.old.revision, "to": self.of.new.revision} | ({"part": str(part)} if part > 1 else {})
        return f"{links.article(self.of.id)}/changes?{urlencode(asked)}#text"

    def to_json(self) -> dict[str, Any]:
        """The edits, which cover both texts, and what became of each statement, as `onrecord article --format json` shows it."""
        old, new = self.of.old_article.revision.text, self.of.new_article.revision.text
        edits = [
            {"kind": str(e.kind), "old_start": e.old_start, "old_end": e.old_end, "new_start": e.new_start, "new_end": e.new_end} for e in differences(old, new)
        ]
        told = [c.to_json() | {"old_words": _said(c.old), "new_words": _said(c.new)} for c in self.changes]
        return {
            "article": self.of.id,
            "from": self.of.old.to_json(),
            "to": self.of.new.to_json(),
            "edits": edits,
            "counts": {str(k): n for k, n in self.counts.items() if n},
            "changes": told,
            "pages": self.pager.to_json(),
        }


def changes(
    site: SiteOf,
    id: str,  # noqa: A002 - as the path says
    *,
    old: Annotated[str, Query(alias="from", max_length=64, description="Id of the older text; the one before the newer, if none is given.")] = "",
    new: Annotated[str, Query(alias="to", max_length=64, description="Id of the newer text; the one seen last, if none is given.")] = "",
    part: Annotated[int, Query(ge=1, le=1_000_000, description="Part of a long comparison.")] = 1,
    offset: Offset = 0,
    limit: Limit = PAGE,
) -> ChangesPage:
    """Two texts of an article, word by word, and which statements were added, dropped, reworded, attributed to somebody else, or moved."""
    of = site.desk.ledger.compare_texts(id, old or None, new or None)
    parts = list(_parts(_runs(of.old_article.revision.text, of.new_article.revision.text)))
    if part > len(parts):
        raise HTTPException(404, f"the comparison has {len(parts)} parts")
    told = [c for c in of.changes if c.kind is not ChangeKind.SAME]
    here = told[offset : offset + limit]
    asked = {"from": of.old.revision, "to": of.new.revision}
    more = offset + limit < len(told)
    pager = Pager.of(f"{links.article(of.id)}/changes", asked, offset=offset, limit=limit, here=len(here), more=more, total=len(told))
    return ChangesPage(of, parts[part - 1], part, len(parts), here, pager)


def _said(entry: Entry | None) -> str | None:
    return " … ".join(s.exact for s in entry.statement.content) if entry else None


def _runs(old: str, new: str) -> Iterator[Run]:
    """What both texts have and what only one has, in order; what is far from any change is left out."""
    edits = differences(old, new)
    for n, edit in enumerate(edits):
        gone, come = old[edit.old_start : edit.old_end], new[edit.new_start : edit.new_end]
        if edit.kind is not EditKind.EQUAL:
            yield from (Run(kind, text) for kind, text in (("gone", gone), ("new", come)) if text)
        elif len(edits) == 1 or len(come) <= 2 * _AROUND:
            yield Run("same", come[: 4 * _AROUND])
            if len(come) > 4 * _AROUND:
                yield Run("left out", f"{len(come) - 4 * _AROUND:,}")
        else:
            head, tail = _AROUND if n else 0, _AROUND if n < len(edits) - 1 else 0
            yield from (Run("same", come[:head]),) if head else ()
            yield Run("left out", f"{len(come) - head - tail:,}")
            yield from (Run("same", come[-tail:]),) if tail else ()


def _parts(runs: Iterator[Run]) -> Iterator[list[Run]]:
    """Runs in parts of so many characters; a longer one is cut."""
    here: list[Run] = []
    room = _MOST
    for run in runs:
        text = run.text
        while text:
            here.append(Run(run.kind, text[:room]))
            text, room = text[room:], room - len(text[:room])
            if not room:
                yield here
                here, room = [], _MOST
    if here:
        yield here
    elif room == _MOST:
        yield []


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/articles/{id}/changes", changes)
