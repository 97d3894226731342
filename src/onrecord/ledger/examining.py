"""Which statements a machine examined for which issue, so that a new issue can be coded over a whole ledger, with breaks.

What was examined is kept as runs of readings: readings are numbered in the order in which they were filed, and are examined in that order, so that a
hundred thousand of them are a row or a few.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from onrecord.actors.actor import ActorType
from onrecord.actors.countries import lookup
from onrecord.errors import UsageError
from onrecord.ledger.agenda import issue_ids, newest_issue
from onrecord.ledger.hits import Hit, hits_of
from onrecord.ledger.judging import settle_actors
from onrecord.ledger.keys import Keys, chunks
from onrecord.ledger.naming import add_actor
from onrecord.ledger.packing import stamp
from onrecord.ledger.placing import NAMELESS, Holding, Placing
from onrecord.ledger.settling import settle_coded
from onrecord.ledger.tables import articles, examined, issues, positions, readings, revisions, statements
from onrecord.positions import Position

__all__ = ["Examined", "Uncoded", "mark_examined", "uncoded", "uncoded_readings", "write_positions"]


@dataclass(frozen=True, slots=True)
class Uncoded:
    """A reading whose statements nobody examined for an issue yet."""

    #: Row of the reading; give it back with what was found.
    reading: int
    #: The text that was read.
    text: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """A reading whose statements were examined for an issue, and what was found: nothing, for statements that are not named."""

    reading: int
    #: Id of the issue, and digest of the version that was read.
    issue: str
    digest: str
    #: By id of the statement.
    positions: Mapping[str, tuple[Position, ...]] = field(default_factory=dict)


def uncoded_readings(connection: Connection, issue: str, coder: str) -> list[int]:
    """Readings that count and were not examined by a coder for the newest version of an issue: their keys, in order.

    Raises:
        UsageError: There is no such issue.
    """
    key, _ = newest_issue(connection, issue)
    runs = connection.execute(select(examined.c.first, examined.c.last).where(examined.c.issue_key == key, examined.c.coder == coder)).all()
    done = sorted((r.first, r.last) for r in runs)
    starts = [first for first, _ in done]
    joined = readings.join(revisions, revisions.c.key == readings.c.revision_key).join(articles, articles.c.revision_key == revisions.c.key)
    query = select(readings.c.key).select_from(joined).where(readings.c.superseded_by.is_(None)).order_by(readings.c.key)

    def is_done(reading: int) -> bool:
        at = bisect_right(starts, reading) - 1
        return at >= 0 and reading <= done[at][1]

    return [k for k in connection.execute(query).scalars() if not is_done(k)]


def uncoded(connection: Connection, reading: int) -> Uncoded:
    """A reading with its statements."""
    of = select(revisions.c.key, revisions.c.text).join(readings, readings.c.revision_key == revisions.c.key).where(readings.c.key == reading)
    row = connection.execute(of).one()
    keys = select(statements.c.key).where(statements.c.revision_key == row.key, statements.c.reading_key == reading).order_by(statements.c.key)
    return Uncoded(reading, row.text, tuple(hits_of(connection, connection.execute(keys).scalars())))


def mark_examined(connection: Connection, every: Iterable[tuple[str, str, int]]) -> None:
    """Write down what was examined; versions of issues that the ledger does not know are left out.

    Args:
        connection: A writing one.
        every: (digest of an issue, coder, key of a reading).
    """
    by_coder: dict[tuple[str, str], list[int]] = defaultdict(list)
    for digest, coder, reading in every:
        by_coder[digest, coder].append(reading)
    known: dict[str, list[int]] = defaultdict(list)
    for some in chunks({digest for digest, _ in by_coder}):
        for row in connection.execute(select(issues.c.digest, issues.c.key).where(issues.c.digest.in_(some)).order_by(issues.c.key)):
            known[row.digest].append(row.key)
    for (digest, coder), some_readings in by_coder.items():
        for key in known[digest]:
            _mark(connection, key, coder, some_readings)


def _mark(connection: Connection, issue: int, coder: str, some: Iterable[int]) -> None:
    of = examined.c.issue_key == issue, examined.c.coder == coder
    some = list(some)
    near = examined.c.last >= min(some) - 1, examined.c.first <= max(some) + 1
    before = connection.execute(select(examined.c.first, examined.c.last).where(*of, *near)).all()
    runs: list[list[int]] = []
    for first, last in sorted([*((r.first, r.last) for r in before), *((k, k) for k in some)]):
        if runs and first <= runs[-1][1] + 1:
            runs[-1][1] = max(runs[-1][1], last)
        else:
            runs.append([first, last])
    gone, new = {tuple(r) for r in before} - {tuple(r) for r in runs}, [r for r in runs if tuple(r) not in {tuple(b) for b in before}]
    for first, _ in gone:
        connection.execute(delete(examined).where(*of, examined.c.first == first))
    if new:
        connection.execute(insert(examined), [{"issue_key": issue, "coder": coder, "first": a, "last": b} for a, b in new])


def write_positions(connection: Connection, coder: str, every: Iterable[Examined], *, on: datetime) -> int:
    """Write what a machine found in readings that were filed before. What the same coder examined before is left as it is.

    Args:
        connection: A writing one.
        coder: Name and version of what examined.
        every: What it examined, and what it found.
        on: The moment to write down.

    Returns:
        How many positions were new.

    Raises:
        UsageError: A reading, a statement or a version of an issue is not in the ledger, or a position is of another issue or coder.
        StatementError: A position does not hold the words of its text.
    """
    of_issue: dict[str, list[int]] = defaultdict(list)
    for key, name in issue_ids(connection).items():
        of_issue[name].append(key)
    new, holders = 0, False
    done: list[tuple[str, str, int]] = []
    for one in every:
        version = connection.execute(select(issues.c.key).where(issues.c.id == one.issue, issues.c.digest == one.digest).order_by(issues.c.key.desc())).scalar()
        if version is None:
            raise UsageError("the ledger knows no such version of this issue", item=one.issue, hint="read the agenda anew")
        if not _known(connection, version, coder, one.reading):
            found, named = _write(connection, one, coder, version=version, versions=of_issue[one.issue], made=stamp(on))
            new, holders = new + found, holders or named
            done.append((one.digest, coder, one.reading))
            mark_examined(connection, done[-1:])
    if holders:
        settle_actors(connection)
    return new


def _known(connection: Connection, issue: int, coder: str, reading: int) -> bool:
    c = examined.c
    return connection.execute(select(c.first).where(c.issue_key == issue, c.coder == coder, c.first <= reading, c.last >= reading)).first() is not None


def _write(connection: Connection, one: Examined, coder: str, *, version: int, versions: Sequence[int], made: str) -> tuple[int, bool]:
    joined = readings.join(revisions, revisions.c.key == readings.c.revision_key).join(articles, articles.c.key == revisions.c.article_key)
    of = select(revisions.c.key, revisions.c.text, articles.c.id.label("article")).select_from(joined).where(readings.c.key == one.reading)
    text = connection.execute(of).first()
    if text is None:
        raise UsageError("there is no such reading", item=str(one.reading))
    query = select(statements).where(statements.c.revision_key == text.key, statements.c.reading_key == one.reading)
    rows = {r["id"]: dict(r) for r in connection.execute(query).mappings()}
    placing = Placing(connection, Keys(connection))
    holding, holders, new = Holding(connection, placing), False, 0
    for some in chunks([r["key"] for r in rows.values()]):
        older = positions.c.statement_key.in_(some), positions.c.issue_key.in_(versions), positions.c.coder.is_not(None), ~positions.c.superseded
        connection.execute(update(positions).where(*older).values(superseded=True, counts=False))
    for name, found in one.positions.items():
        if name not in rows:
            raise UsageError("no such statement in this reading", item=name)
        for position in found:
            if position.issue != one.issue or position.coder != coder:
                raise UsageError("a position of another issue or coder", item=f"{position.issue} {position.coder}")
            position.check(text.text)
            holder = position.holder
            if holder is not None and holder.id is not None and holder.type not in NAMELESS:
                state = lookup(holder.name) if holder.type == ActorType.STATE else None
                add_actor(connection, holder.id, name=holder.name, type_=holder.type, country=state.code if state else None)
                holders = True
            held = holding.of(rows[name], None if holder is None else holder.id or "")
            placing.place(position, rows[name], held=held, made=made, issue=version)
            new += 1
    placing.write()
    settle_coded(connection, [text.article], made=made)
    return new, holders
