"""What an actor said, counted: in which outlets, in which kinds, and when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, true

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
    """Count twice over the index on speakers, which has each one's statements beside each other by outlet and kind: some have tens of thousands.

    Day, outlet and kind in one go is nearly a group for each statement.

    Args:
        connection: A reading one.
        actor: Who.
    """
    s = statements.c
    # `shown = 1`, not `shown` alone: so the rows are counted in the order of the index, without sorting.
    whose = s.speaker_key.in_(actor.keys), s.shown == true()
    day = (s.key // DAY).label("day")
    days = Counter({int(d): int(n) for d, n in connection.execute(select(day, func.count()).where(*whose).group_by(day))})
    papers: Counter[int | None] = Counter()
    kinds: Counter[str] = Counter()
    for paper, kind, count in connection.execute(select(s.outlet_key, s.kind, func.count()).where(*whose).group_by(s.outlet_key, s.kind)):
        papers[paper] += count
        kinds[kind] += count
    names = dict(connection.execute(select(outlets.c.key, outlets.c.name).where(outlets.c.key.in_([k for k in papers if k is not None]))).all())
    by_name: Counter[str] = Counter()
    for paper, count in papers.items():
        by_name[names.get(paper, "unknown")] += count
    return Said(_most_first(by_name), _most_first(kinds), histogram_of_days(days))


def _most_first(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda i: (-i[1], i[0])))
