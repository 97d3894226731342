"""What an actor said, counted: in which outlets, in which kinds, and when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from onrecord.ledger.histogram import Histogram, histogram_of_days
from onrecord.ledger.keys import DAY
from onrecord.ledger.naming import Actor
from onrecord.ledger.tables import outlets, statements

__all__ = ["Said", "said_of"]


@dataclass(frozen=True, slots=True)
class Said:
    """Statements of an actor that are shown."""

    #: How many by the outlet's name, and by kind; the most first.
    outlets: dict[str, int]
    kinds: dict[str, int]
    histogram: Histogram

    def to_json(self) -> dict[str, dict[str, int]]:
        """`{"outlets": …, "kinds": …}`."""
        return {"outlets": self.outlets, "kinds": self.kinds}


def said_of(connection: Connection, actor: Actor) -> Said:
    """Count in one go: the index on speakers has each one's statements beside each other, and some have tens of thousands.

    Args:
        connection: A reading one.
        actor: Who.
    """
    s = statements.c
    parts = (s.key // DAY).label("day"), s.outlet_key, s.kind
    days: Counter[int] = Counter()
    papers: Counter[int | None] = Counter()
    kinds: Counter[str] = Counter()
    for day, paper, kind, count in connection.execute(select(*parts, func.count()).where(s.speaker_key.in_(actor.keys), s.shown).group_by(*parts)):
        days[int(day)] += count
        papers[paper] += count
        kinds[kind] += count
    names = dict(connection.execute(select(outlets.c.key, outlets.c.name).where(outlets.c.key.in_([k for k in papers if k is not None]))).all())
    by_name: Counter[str] = Counter()
    for paper, count in papers.items():
        by_name[names.get(paper, "unknown")] += count
    return Said(_most_first(by_name), _most_first(kinds), histogram_of_days(days))


def _most_first(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda i: (-i[1], i[0])))
