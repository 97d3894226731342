"""What issues may be suggested from: the statements that put something forward; and which suggestions people refused."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select

from onrecord.errors import UsageError
from onrecord.ledger.keys import DAY, Keys, day_range
from onrecord.ledger.packing import dumped, stamp
from onrecord.ledger.tables import actors, outlets, statements, suggestions
from onrecord.positions import Act
from onrecord.positions.suggesting import ACTS, Candidate, Refused
from onrecord.text import stable_id

__all__ = ["SuggestionJudgement", "candidates", "contents", "judge_suggestion", "refused_suggestions"]


@dataclass(frozen=True, slots=True)
class SuggestionJudgement:
    """A person's judgement of an issue that was suggested."""

    label: str
    aliases: tuple[str, ...]
    #: Ids of the statements that it was made of.
    statements: tuple[str, ...]
    by: str
    on: datetime
    note: str | None = None
    #: False takes an earlier refusal of the same label back.
    refused: bool = True

    @property
    def id(self) -> str:
        """`u1:` and a hash of label, verdict, who and when."""
        return stable_id("u1", self.label, "refused" if self.refused else "open", self.by, stamp(self.on))


def candidates(connection: Connection, *, since: date | None = None, until: date | None = None, limit: int | None = None) -> Iterator[Candidate]:
    """Statements that demand, propose, promise, support, reject or threaten something; those that are shown, the newest first.

    Args:
        connection: A reading one.
        since: First day of publication.
        until: Last day.
        limit: How many at most.
    """
    s, known = statements.c, actors.alias("known")
    named = statements.outerjoin(actors, actors.c.key == s.speaker_key).outerjoin(known, known.c.key == actors.c.joined)
    named = named.outerjoin(outlets, outlets.c.key == s.outlet_key)
    first, end = day_range(since, until)
    where = [s.shown, s.act.in_([str(a) for a in ACTS]), *([s.key >= first] if first is not None else []), *([s.key < end] if end is not None else [])]
    who = func.coalesce(known.c.id, actors.c.id).label("who"), func.coalesce(known.c.name, actors.c.name, s.speaker).label("name")
    query = select(s.key, s.id, s.content, s.act, s.act_score, *who, outlets.c.name.label("outlet")).select_from(named)
    for r in connection.execute(query.where(*where).order_by(s.key.desc()).limit(limit)):
        yield Candidate(r.id, r.content, Act(r.act), r.act_score or 0.0, r.who, r.name, r.outlet, date.fromordinal(r.key // DAY))


def contents(connection: Connection, *, limit: int) -> list[str]:
    """What was said in the newest statements of any act."""
    query = select(statements.c.content).where(statements.c.shown).order_by(statements.c.key.desc()).limit(limit)
    return list(connection.execute(query).scalars())


def judge_suggestion(connection: Connection, judgement: SuggestionJudgement) -> bool:
    """Add a judgement; one that is there already changes nothing.

    Returns:
        Whether it was new.

    Raises:
        UsageError: It says not who decided, or takes back what was not refused.
    """
    if not judgement.by.strip() or judgement.on.tzinfo is None:
        raise UsageError("a judgement says who decided, and when", item=judgement.label, hint="give a name, and a moment with a time zone")
    if not judgement.refused and judgement.label not in {r.words[0] for r in refused_suggestions(connection)}:
        raise UsageError("no suggestion of this name was refused", item=judgement.label, hint="`onrecord issue suggest --refused` lists those that were")
    if connection.execute(select(suggestions.c.key).where(suggestions.c.id == judgement.id)).first() is not None:
        return False
    row = {"key": Keys(connection).next(suggestions), "id": judgement.id, "label": judgement.label, "aliases": dumped(list(judgement.aliases))}
    row |= {"statements": dumped(list(judgement.statements)), "verdict": "refused" if judgement.refused else "open"}
    connection.execute(insert(suggestions), [row | {"by": judgement.by, "on": stamp(judgement.on), "note": judgement.note}])
    return True


def refused_suggestions(connection: Connection) -> Sequence[Refused]:
    """Suggestions that were refused, and stay so; the oldest first."""
    found: dict[str, Refused] = {}
    for row in connection.execute(select(suggestions).order_by(suggestions.c.on, suggestions.c.key)):
        found.pop(row.label, None)
        if row.verdict == "refused":
            found[row.label] = Refused((row.label, *json.loads(row.aliases or "[]")), frozenset(json.loads(row.statements)))
    return tuple(found.values())
