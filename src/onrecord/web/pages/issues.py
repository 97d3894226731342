"""*Issues*: the agenda, how many stand where on each issue, and the matrix of actors and issues."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from markupsafe import Markup
from sqlalchemy import Connection

from onrecord.ledger.overview import Overview
from onrecord.ledger.overview_cells import MatrixPart, matrix_part, stances_held
from onrecord.ledger.overview_days import Turn, last_turns
from onrecord.ledger.standing import Cell, PositionQuery, RowsBy, Who
from onrecord.positions import Agenda, Issue, Stance
from onrecord.web import links
from onrecord.web.charts.matrix_cell import matrix_cell
from onrecord.web.charts.stance_bar import stance_bar, worded
from onrecord.web.overviews import seen
from onrecord.web.page import Page, PartOf, anew
from onrecord.web.paging import Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.site import Site, SiteOf
from onrecord.web.standing_filters import FiltersOf, StandingFilters

__all__ = ["IssueLine", "IssuesPage", "LastShift", "MatrixRow", "add", "beforehand", "issues", "last_shift"]

#: Rows of the matrix on a page, and cells: more would be too heavy to send.
_ROWS, _CELLS = 50, 400


@dataclass(frozen=True, slots=True)
class LastShift:
    """Who changed sides last on an issue."""

    who: str
    #: Id of the actor.
    actor: str
    before: Stance
    after: Stance
    day: date
    #: Number of the position that shows what stands now.
    evidence: int

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        told = {"who": {"id": self.actor, "name": self.who}, "from": str(self.before), "to": str(self.after)}
        return {**told, "on": self.day.isoformat(), "evidence": self.evidence}


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue of the agenda."""

    issue: Issue
    #: How many actors stand where; None: mixed, or disputed.
    actors: Mapping[Stance | None, int]
    shift: LastShift | None
    retired: bool = False

    @property
    def bar(self) -> str:
        """The counts as a picture."""
        return stance_bar(self.actors)

    @property
    def words(self) -> str:
        """The counts in words."""
        return worded(self.actors)

    def to_json(self) -> dict[str, Any]:
        """The issue, with `retired`, `actors` by stance and `last_shift`."""
        actors = {str(s) if s else "mixed": n for s, n in self.actors.items()}
        return {**self.issue.to_json(), "retired": self.retired, "actors": actors, "last_shift": self.shift.to_json() if self.shift else None}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row of the matrix: one cell, or none, for each issue that is shown."""

    who: Who
    #: Address of the row's actor or camp.
    link: str | None
    cells: tuple[Markup | None, ...]


@dataclass(frozen=True, slots=True)
class IssuesPage(Page):
    """The agenda and the matrix."""

    template = "issues.html.j2"

    lines: Sequence[IssueLine]
    part: MatrixPart
    pager: Pager
    filters: StandingFilters
    #: How many issues are followed no more.
    retired: int
    #: When the figures are from, if they are being added up anew.
    as_of: datetime | None
    #: The matrix hangs on the ledger and the filters alone, and is drawn once.
    drawn: PartOf = anew

    @property
    def title(self) -> str:
        """Of the page."""
        return "Issues"

    @property
    def fleeting(self) -> bool:
        """What is being added up anew is not kept."""
        return self.as_of is not None

    @property
    def columns(self) -> tuple[Issue, ...]:
        """The issues that some cell of this page is about."""
        there = {c.issue for c in self.part.matrix.cells}
        return tuple(i for i in self.part.matrix.issues if i.id in there)

    @property
    def rows(self) -> list[MatrixRow]:
        """The matrix, row by row."""
        cells = {(id(c.who), c.issue): c for c in self.part.matrix.cells}
        columns, link = self.columns, self._links()
        out = []
        for n, who in enumerate(self.part.matrix.rows):
            found = [cells.get((id(who), i.id)) for i in columns]
            tracks = [self.part.tracks.get((n, i.id), ()) for i in columns]
            row = tuple(None if c is None else matrix_cell(c, link(c), t) for c, t in zip(found, tracks, strict=True))
            out.append(MatrixRow(who, links.actor(who.id) if who.id else None, row))
        return out

    def _links(self) -> Callable[[Cell], str]:
        """Gives where the statements behind a cell are: there are hundreds of cells, and what is asked of each is nearly the same."""
        plain = self.filters.but(rows=RowsBy.ACTOR, every=None)
        # What is reported alone would be an empty list without it.
        asked = {reported: plain.but(reported=plain.reported or reported).asked() for reported in (False, True)}

        @functools.cache
        def of_row(id_: str | None, country: str | None, *, reported: bool) -> str:
            who = {"actor": id_} if id_ else {"camp": country} if country else {}
            of = {**asked[reported], **who}
            return (f"?{urlencode(of)}" if of else "") + "#evidence"

        def link(cell: Cell) -> str:
            only_reported = not cell.statements and not cell.disputed
            return links.issue(cell.issue) + of_row(cell.who.id, cell.who.country, reported=only_reported)

        return link

    def to_json(self) -> dict[str, Any]:
        """The agenda, and the rows of the matrix."""
        return {
            "issues": [line.to_json() for line in self.lines],
            "matrix": self.part.to_json(),
            "pages": self.pager.to_json(),
            "filters": self.filters.asked(),
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }


def issues(
    site: SiteOf,
    filters: FiltersOf,
    *,
    retired: Annotated[bool, Query(description="Also the issues that are followed no more.")] = False,
    offset: Offset = 0,
    limit: Limit = _ROWS,
) -> IssuesPage:
    """The issues that are followed, how many actors stand where on each, and who stands where on all of them."""
    desk = site.desk
    followed, every = desk.agenda(), desk.agenda(retired=True)
    now = seen(site)
    of = now.overview
    query = filters.query(desk)
    most, listed = _rows(followed, limit), every if retired else followed
    with desk.ledger.database.reading() as connection:
        part = _matrix(connection, of, query, offset, most)
        held, shifts = _agenda(connection, of, listed)
    known = {i.id for i in followed}
    lines = [IssueLine(i, held.get(i.id, {}), last_shift(of, shifts.get(i.id)), i.id not in known) for i in listed]
    here, more = len(part.matrix.rows), offset + len(part.matrix.rows) < part.rows
    asked = filters.asked() | ({"retired": "true"} if retired else {})
    pager = Pager.of("/issues", asked, offset=offset, limit=most, here=here, more=more, total=part.rows)
    return IssuesPage(
        lines, part, pager, filters, len(every) - len(followed), now.as_of, lambda name, make: of.once((name, query, filters, offset, most), make)
    )  # fmt: skip


def beforehand(site: Site, of: Overview) -> Iterator[None]:
    """Add up what the page shows if nothing is narrowed."""
    followed = site.desk.agenda()
    with site.desk.ledger.database.reading() as connection:
        _matrix(connection, of, StandingFilters().query(site.desk), 0, _rows(followed, _ROWS))
        yield
        _agenda(connection, of, followed)
        yield


def _rows(followed: Agenda, limit: int) -> int:
    """Rows of the matrix on a page: the more issues, the fewer."""
    return min(limit, _ROWS, max(5, _CELLS // max(1, len(followed))))


def _matrix(connection: Connection, of: Overview, query: PositionQuery, offset: int, most: int) -> MatrixPart:
    return of.once(("matrix", query, offset, most), lambda: matrix_part(connection, of, query, offset=offset, limit=most))


def _agenda(connection: Connection, of: Overview, listed: Agenda) -> tuple[dict[str, dict[Stance | None, int]], dict[str, Turn]]:
    """How many stand where on each issue, and who moved last."""
    ids = tuple(i.id for i in listed if of.agenda.get(i.id))
    query = PositionQuery(issues=ids)
    return of.once(("agenda", ids), lambda: (stances_held(connection, of, query), last_turns(connection, of, query)) if ids else ({}, {}))


def last_shift(of: Overview, turn: Turn | None) -> LastShift | None:
    """A shift as the agenda tells it."""
    if turn is None:
        return None
    _, id_, name, *_ = of.people[turn.actor]
    return LastShift(name, id_, turn.before, turn.after, turn.day, turn.keys[1])


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/issues", issues)
