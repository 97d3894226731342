"""Positions compared: in time (timelines, shifts), and within a camp (splits)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, func, select

from onrecord.ledger.agenda import issue_ids
from onrecord.ledger.camps import People
from onrecord.ledger.evidence import evidence_of
from onrecord.ledger.keys import DAY, chunks
from onrecord.ledger.matrix import matrix_of, narrowed, wanted_issues
from onrecord.ledger.standing import Cell, Moved, Point, PositionQuery, RowsBy, Split
from onrecord.ledger.tables import positions, statements
from onrecord.positions import Stance
from onrecord.positions.shifts import Held, Shift, settled_days, shifts_of

__all__ = ["shifts_in", "splits_in", "timeline_of"]


def timeline_of(connection: Connection, issue: str, query: PositionQuery) -> Iterator[Point]:
    """What the statements of each day and holder amount to, oldest first.

    Args:
        connection: A reading one.
        issue: Id of the issue.
        query: Which positions; its issues do not matter.

    Raises:
        UsageError: There is no such issue, or the query names nobody.
    """
    query = query.but(issues=(issue,))
    where = narrowed(connection, query, wanted_issues(connection, query))
    where += [positions.c.stands.is_not(None)] + ([] if query.reported else [~positions.c.reported])
    rows = list(connection.execute(_held().where(*where)))
    people = People(connection)
    people.fetch((r.actor_key for r in rows), (r.affiliation_key for r in rows))
    by_holder: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in rows:
        # Those without a name are of one day and country together, and are never followed.
        holder = (people.canonical(row.actor_key),) if row.actor_key is not None else (None, people.country(None, row.affiliation_key))
        by_holder[(*holder, bool(row.reported))].append(row)
    points: list[Point] = []
    for key, of in by_holder.items():
        held = [_of_row(r) for r in of]
        before = {s.after.day: s.before.stance for s in shifts_of(held, least=0)} if key[0] is not None and not of[0].reported else {}
        affiliations = {r.key: r.affiliation_key for r in of}
        for day in settled_days(held, least=0):
            counts = {s: n for s in Stance if (n := sum(1 for h in day.held if h.stance is s))}
            who = people.who(of[0].actor_key, affiliations[day.evidence])
            points.append(Point(day.day, who, issue, day.stance, counts, day.evidence, before.get(day.day), reported=bool(of[0].reported)))
    yield from sorted(points, key=lambda p: (p.day, p.who.name, p.who.id or "", p.reported))


def shifts_in(connection: Connection, query: PositionQuery) -> Iterator[Moved]:
    """Who shifted, on what, from which statement to which; the newest first.

    The whole of what is asked for is looked at, and then those in the days asked for are given: what stood before counts, whenever it was said.

    Raises:
        UsageError: The query names nobody, or no issue.
    """
    always = query.but(since=None, until=None, stances=())
    where = narrowed(connection, always, wanted_issues(connection, query))
    p = positions.c
    where += [p.stands.is_not(None), p.actor_key.is_not(None)] + ([] if query.reported else [~p.reported])
    # Only who took two sides can have shifted.
    sides = func.count(func.distinct(p.stands)).label("sides")
    took = select(p.actor_key, p.issue_key, sides).where(*where, p.stands != str(Stance.NEUTRAL)).group_by(p.issue_key, p.actor_key)
    issues, people = issue_ids(connection), People(connection)
    by_holder: defaultdict[tuple[int, str], list[tuple[int, int, int]]] = defaultdict(list)
    for row in connection.execute(took):
        by_holder[people.canonical(row.actor_key), issues[row.issue_key]].append((row.issue_key, row.actor_key, row.sides))
    # An actor known under two keys, or an issue in two versions, may have taken one side under each.
    several = {pair for of in by_holder.values() if len(of) > 1 or of[0][2] > 1 for pair in ((i, a) for i, a, _ in of)}
    found: list[tuple[Shift, int, str]] = []
    for (actor, issue), held in _of_pairs(connection, several, where, lambda r: (people.canonical(r.actor_key), issues[r.issue_key])):
        found += [(shift, actor, issue) for shift in shifts_of(held, least=query.min_score)]
    found = [f for f in found if (query.since is None or f[0].after.day >= query.since) and (query.until is None or f[0].after.day <= query.until)]
    yield from _moved(connection, found)


def _newest_first(found: tuple[Shift, int, str]) -> tuple[int, int, str]:
    return -found[0].after.day.toordinal(), found[1], found[2]


def _moved(connection: Connection, found: list[tuple[Shift, int, str]]) -> Iterator[Moved]:
    """Shifts with their evidence, the newest first; each with the holder's key and the issue."""
    found.sort(key=_newest_first)
    for some in chunks(found, 100):
        keys = dict.fromkeys(k for shift, _, _ in some for k in (shift.before.evidence, shift.after.evidence))
        shown = {e.key: e for e in evidence_of(connection, keys)}
        for shift, _, issue in some:
            before, after = shown[shift.before.evidence], shown[shift.after.evidence]
            yield Moved(after.who, issue, before, after, shift.days_before, shift.days_after)


def _held() -> Select[Any]:
    p = positions.c
    columns = [p.key, p.issue_key, p.actor_key, p.affiliation_key, p.reported, p.stands, p.sure, statements.c.quotation_key]
    return select(*columns).select_from(positions.outerjoin(statements, statements.c.key == p.statement_key))


def _of_row(row: Any) -> Held:  # noqa: ANN401 - a row of the database
    return Held(date.fromordinal(row.key // DAY), Stance(row.stands), row.sure, row.key, row.quotation_key)


def _of_pairs(
    connection: Connection, pairs: Iterable[tuple[int, int]], where: list[Any], holder: Callable[[Any], tuple[int, str]]
) -> Iterator[tuple[tuple[int, str], list[Held]]]:
    """The positions of some (issue, actor), by holder."""
    by_issue: defaultdict[int, list[int]] = defaultdict(list)
    for issue, actor in sorted(pairs):
        by_issue[issue].append(actor)
    found: defaultdict[tuple[int, str], list[Held]] = defaultdict(list)
    for issue, some_actors in by_issue.items():
        for some in chunks(some_actors):
            of = positions.c.issue_key == issue, positions.c.actor_key.in_(some)
            for row in connection.execute(_held().where(*of, *where)):
                found[holder(row)].append(_of_row(row))
    yield from found.items()


def splits_in(connection: Connection, camp: str, query: PositionQuery) -> list[Split]:
    """The issues on which the members of a camp differ, those with most statements first.

    A member who is mixed stands on neither side, and neutral is no side; to differ, two members must disagree.

    Args:
        connection: A reading one.
        camp: A country's code, or the id or name of a state, an organization or a group.
        query: Which positions; its camp does not matter.

    Raises:
        UsageError: There is no such camp, or the query names nobody.
    """
    cells = matrix_of(connection, query.but(camp=camp, rows=RowsBy.ACTOR, every=None)).cells
    by_issue: dict[str, list[Cell]] = {i: list(of) for i, of in groupby(sorted(cells, key=attrgetter("issue")), key=attrgetter("issue"))}
    split = {i: of for i, of in by_issue.items() if len({c.stance for c in of if c.stance not in (None, Stance.NEUTRAL)}) > 1}
    shown = {e.key: e for e in evidence_of(connection, [c.evidence for of in split.values() for c in of if c.stance and c.evidence is not None])}
    order = {s: n for n, s in enumerate(Stance)}
    found = []
    for issue, of in split.items():
        of.sort(key=lambda c: (order.get(c.stance, len(order)) if c.stance else len(order), -c.statements, c.who.name))
        found.append(Split(issue, tuple(of), tuple(shown.get(c.evidence) if c.stance and c.evidence is not None else None for c in of)))
    return sorted(found, key=lambda s: (-sum(c.statements for c in s.members), s.issue))
