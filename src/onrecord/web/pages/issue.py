"""*Issue*: what it is, where everybody stands on it, how that went, who moved, on what condition, and every statement that shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from sqlalchemy import Connection

from onrecord.ledger.agenda import IssueVersion
from onrecord.ledger.evidence import evidence_of
from onrecord.ledger.keys import DAY
from onrecord.ledger.overview import Overview
from onrecord.ledger.overview_cells import MatrixPart, matrix_part, stances_held
from onrecord.ledger.overview_days import Course, Turn, courses, moved, turns
from onrecord.ledger.standing import Cell, Evidence, Matrix, Moved, PositionQuery, RowsBy
from onrecord.positions import Issue, Stance
from onrecord.web import links
from onrecord.web.charts.stance_bar import stance_bar, worded
from onrecord.web.charts.timeline import called_in, days_together, timeline, told
from onrecord.web.condition import cut
from onrecord.web.jobs import Job
from onrecord.web.overviews import seen
from onrecord.web.page import Page, PartOf, anew
from onrecord.web.paging import Limit, Offset, Pager
from onrecord.web.routing import add_page
from onrecord.web.site import Site, SiteOf
from onrecord.web.standing_filters import Blank, FiltersOf, StandingFilters

__all__ = ["Drawn", "IssuePage", "Lanes", "Shown", "Split", "add", "beforehand", "issue"]

#: Lanes of the picture; statements, shifts and conditions on the page; actors whose cells are looked at; names under a stance; countries.
_LANES, _STATEMENTS, _SHIFTS, _CONDITIONS, _CELLS, _NAMES, _COUNTRIES = 12, 10, 5, 5, 60, 12, 25


@dataclass(frozen=True, slots=True)
class Shown:
    """A position as the page shows it."""

    evidence: Evidence

    @property
    def parts(self) -> tuple[tuple[str, bool], ...]:
        """What was said, with the words of the condition marked."""
        hit = self.evidence.hit
        return cut(hit.entry.statement.content, self.evidence.condition) if hit else ((self.evidence.words, False),)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some lanes of a timeline: drawn once, and kept for as long as the ledger stays as it is."""

    courses: Sequence[Course]
    #: How many there are in all.
    total: int
    #: Days that share a mark.
    width: int
    picture: str
    #: What each lane is called, and its marks in words.
    worded: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The timeline."""

    drawn: Drawn
    pager: Pager


@dataclass(frozen=True, slots=True)
class Split:
    """A country whose speakers take several sides."""

    country: str
    name: str
    #: Speakers by the side they take.
    sides: Mapping[Stance, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class IssuePage(Page):
    """An issue, and where everybody stands on it."""

    template = "issue.html.j2"

    versions: Sequence[IssueVersion]
    #: How many actors stand where; None: mixed, or disputed.
    actors: Mapping[Stance | None, int]
    #: Cells of those who said most, and of countries.
    people: MatrixPart
    countries: MatrixPart
    splits: Sequence[Split]
    lanes: Lanes
    shifts: Sequence[Moved]
    shift_pager: Pager
    conditions: Sequence[Shown]
    condition_pager: Pager
    evidence: Sequence[Shown]
    pager: Pager
    filters: StandingFilters
    #: What the list of statements is narrowed by: `actor`, `stance`, `by_hand`.
    asked: Mapping[str, Any]
    as_of: datetime | None
    #: The looking for positions that was begun a moment ago.
    job: Job | None = None
    #: Where everybody stands, and the timeline, hang on the ledger and what is asked alone, and are drawn once.
    drawn: PartOf = anew

    @property
    def issue(self) -> Issue:
        """What it says now."""
        return self.versions[-1].issue

    @property
    def retired(self) -> bool:
        """Whether it is followed no more."""
        return self.versions[-1].retired

    @property
    def title(self) -> str:
        """Its label."""
        return self.issue.label

    @property
    def fleeting(self) -> bool:
        """What is being added up anew, and how far something is, is not kept."""
        return self.as_of is not None or self.job is not None

    @property
    def path(self) -> str:
        """Its address."""
        return links.issue(self.issue.id)

    @property
    def bar(self) -> str:
        """The counts as a picture."""
        return stance_bar(self.actors)

    @property
    def words(self) -> str:
        """The counts in words."""
        return worded(self.actors)

    @property
    def by_stance(self) -> list[tuple[Stance | None, int, Sequence[Cell]]]:
        """Of each stance: how many actors, and those who said most."""
        named: defaultdict[Stance | None, list[Cell]] = defaultdict(list)
        for cell in self.people.matrix.cells:
            if cell.who.id:
                named[cell.stance].append(cell)
        return [(s, self.actors.get(s, 0), named[s][:_NAMES]) for s in (*Stance, None) if self.actors.get(s)]

    def narrowed(self, **changes: Any) -> str:  # noqa: ANN401 - values of the query
        """The address of this page with other filters, at its statements."""
        some = {k: v for k, v in {**self.filters.asked(), **self.asked, **changes}.items() if v not in (None, "")}
        return self.path + (f"?{urlencode(some, doseq=True)}" if some else "") + "#evidence"

    def to_json(self) -> dict[str, Any]:
        """The issue, its versions, cells, timeline, shifts, conditions and positions."""
        points = [p.to_json() for c in self.lanes.drawn.courses for p in c.points]
        return {
            **self.versions[-1].to_json(),
            "versions": [v.to_json() for v in self.versions],
            "actors": {str(s) if s else "mixed": n for s, n in self.actors.items()},
            "matrix": self.people.to_json(),
            "countries": self.countries.to_json(),
            "timeline": {"days_together": self.lanes.drawn.width, "points": points, "pages": self.lanes.pager.to_json()},
            "shifts": [m.to_json() for m in self.shifts],
            "shifts_page": self.shift_pager.to_json(),
            "conditions": [s.evidence.to_json() for s in self.conditions],
            "conditions_page": self.condition_pager.to_json(),
            "positions": [s.evidence.to_json() for s in self.evidence],
            "pages": self.pager.to_json(),
            "filters": {**self.filters.asked(), **self.asked},
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "job": self.job.to_json() if self.job else None,
        }


def issue(
    site: SiteOf,
    filters: FiltersOf,
    id: str,  # noqa: A002 - as the path says
    *,
    actor: Annotated[str, Query(max_length=200, description="Only positions of whoever is called so, or has this id, in the list of statements.")] = "",
    stance: Annotated[Stance | None, Blank, Query(description="Only this stance in the list of statements.")] = None,
    by_hand: Annotated[bool | None, Blank, Query(description="Only what a person coded, or what nobody did, in the list of statements.")] = None,
    lanes: Annotated[int, Query(ge=0, le=100_000, description="Lanes of the timeline to pass over first.")] = 0,
    shifts: Annotated[int, Query(ge=0, le=1_000_000, description="Shifts to pass over first.")] = 0,
    conditions: Annotated[int, Query(ge=0, le=1_000_000, description="Conditional positions to pass over first.")] = 0,
    job: Annotated[str, Query(max_length=40, description="A looking for positions to tell about.")] = "",
    offset: Offset = 0,
    limit: Limit = _STATEMENTS,
) -> IssuePage:
    """An issue: what it is, where everybody stands, the timeline, shifts, conditions, and the positions with what shows them."""
    desk = site.desk
    versions = desk.ledger.issue_versions(id)
    now = seen(site)
    of = now.overview
    filters = filters.but(rows=RowsBy.ACTOR, every=None)
    asked = {"actor": actor.replace("\0", "").strip() or None, "stance": str(stance) if stance else None, "by_hand": _word(by_hand)}
    asked = {k: v for k, v in asked.items() if v is not None}
    path, base = links.issue(id), filters.asked() | asked
    if of.agenda.get(id) is None:
        # It was added a moment ago, and the overview is still being fetched.
        return _nothing_yet(path, versions, filters, asked, now.as_of or site.now())
    query = filters.query(desk, issue=id)
    narrow = filters.query(desk, issue=id, actor=asked.get("actor", ()), stance=asked.get("stance", ()), by_hand=by_hand) if asked else query

    def pager(name: str, start: int, most: int, here: int, total: int) -> Pager:
        return _pager(path, base, name, start=start, most=most, here=here, total=total)

    with desk.ledger.database.reading() as connection:
        held, people, countries, drawn, (some, shifted) = _counted(connection, of, query, lanes, shifts)
        on_condition = of.newest(connection, query.but(stances=(Stance.CONDITIONAL,)))
        condition_keys = on_condition[conditions : conditions + _CONDITIONS].tolist()
        listed = of.newest(connection, narrow)
        keys = listed[offset : offset + limit].tolist()
        # All at once: each asking has its price.
        shown = {e.key: e for e in evidence_of(connection, dict.fromkeys([*(k for t in some for k in t.keys), *condition_keys, *keys]))}
    told_shifts = list(moved(of, some, shown))
    told_conditions, evidence = ([Shown(shown[k]) for k in these if k in shown] for these in (condition_keys, keys))
    more = offset + limit < len(listed)
    return IssuePage(
        versions,
        held,
        people,
        countries,
        _splits(people, countries),
        Lanes(drawn, pager("lanes", lanes, _LANES, len(drawn.courses), drawn.total)),
        told_shifts,
        pager("shifts", shifts, _SHIFTS, len(some), shifted),
        told_conditions,
        pager("conditions", conditions, _CONDITIONS, len(told_conditions), len(on_condition)),
        evidence,
        _at(Pager.of(path, base, offset=offset, limit=limit, here=len(evidence), more=more, total=len(listed)), "evidence"),
        filters,
        asked,
        now.as_of,
        site.jobs.get(job) if job else None,
        lambda name, make: of.once((name, query, filters, tuple(asked.items()), lanes), make),
    )


def beforehand(site: Site, of: Overview) -> Iterator[None]:
    """Add up what the page of each issue that is followed shows if nothing is narrowed, one after the other."""
    for one in site.desk.agenda():
        if of.agenda.get(one.id) is None:
            continue
        query = StandingFilters().query(site.desk, issue=one.id)
        with site.desk.ledger.database.reading() as connection:
            _counted(connection, of, query, 0, 0)
        yield


def _counted(
    connection: Connection, of: Overview, query: PositionQuery, lanes: int, shifts: int
) -> tuple[Mapping[Stance | None, int], MatrixPart, MatrixPart, Drawn, tuple[list[Turn], int]]:
    """How many stand where, cells of actors and of countries, the timeline, and shifts with how many there are: each kept for this state of the ledger."""
    (issue,) = query.issues
    by_country = query.but(rows=RowsBy.COUNTRY)
    return (
        of.once(("held", query), lambda: stances_held(connection, of, query).get(issue, {})),
        of.once(("people", query), lambda: matrix_part(connection, of, query, limit=_CELLS)),
        of.once(("countries", query), lambda: matrix_part(connection, of, by_country, limit=_COUNTRIES)),
        of.once(("lanes", query, lanes), lambda: _drawn(connection, of, query, lanes)),
        of.once(("turns", query, shifts), lambda: turns(connection, of, query, limit=_SHIFTS, offset=shifts)),
    )


def _word(value: bool | None) -> str | None:  # noqa: FBT001 - what an address says
    return None if value is None else str(value).lower()


def _pager(path: str, base: Mapping[str, Any], name: str, *, start: int, most: int, here: int, total: int) -> Pager:
    """Where a part of the page is in its list."""

    def to(place: int) -> str:
        some = {**base, **({name: place} if place else {})}
        return path + (f"?{urlencode(some, doseq=True)}" if some else "") + f"#{name}"

    before = to(max(0, start - most)) if start else None
    return Pager(start + 1 if here else 0, start + here, total, before, to(start + most) if start + here < total and here else None)


def _at(pager: Pager, place: str) -> Pager:
    before, after = (f"{to}#{place}" if to else None for to in (pager.before, pager.after))
    return Pager(pager.first, pager.last, pager.total, before, after)


_NO_LANES = Drawn((), 0, 1, "", ())


def _drawn(connection: Connection, of: Overview, query: PositionQuery, start: int) -> Drawn:
    keys = of.newest(connection, query)
    if not len(keys):
        return _NO_LANES
    width = days_together(*(date.fromordinal(int(keys[n]) // DAY) for n in (-1, 0)))
    some, total = courses(connection, of, query, offset=start, limit=_LANES, width=width)
    lanes = [(c, [told(p) for p in c.points]) for c in some]
    picture = timeline(lanes, label=of.agenda.issues[of.numbers(query.issues)[0]].label, width=width)
    return Drawn(some, total, width, picture, [(called_in(c), "; ".join(m.words for m in marks)) for c, marks in lanes])


def _splits(people: MatrixPart, countries: MatrixPart) -> list[Split]:
    """Countries whose speakers take several sides, among those who said most."""
    found = []
    for camp in countries.matrix.cells:
        if not camp.mixed or not camp.who.country:
            continue
        sides: defaultdict[Stance, list[Cell]] = defaultdict(list)
        for cell in people.matrix.cells:
            if cell.who.country == camp.who.country and cell.stance is not None and cell.stance is not Stance.NEUTRAL:
                sides[cell.stance].append(cell)
        if len(sides) > 1:
            found.append(Split(camp.who.country, camp.who.name, {s: sides[s] for s in Stance if s in sides}))
    return found


def _nothing_yet(path: str, versions: Sequence[IssueVersion], filters: StandingFilters, asked: Mapping[str, Any], as_of: datetime) -> IssuePage:
    empty, none = MatrixPart(Matrix((versions[-1].issue,), (), ()), 0), Pager.of(path, {}, offset=0, limit=_STATEMENTS, here=0, more=False, total=0)
    return IssuePage(versions, {}, empty, empty, (), Lanes(_NO_LANES, none), (), none, (), none, (), none, filters, asked, as_of)


def add(router: APIRouter) -> None:
    """Give the page its addresses."""
    add_page(router, "/issues/{id}", issue)
