"""What an actor said, counted: in which outlets, in which kinds, and when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select, true

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


_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_DAY = (statements.c.key // DAY).label("day")
# `shown = 1`, not `shown` alone: so the rows are counted in the order of the index, without sorting.
_THEIRS = statements.c.speaker_key.in_(_KEYS), statements.c.shown == true()
_BY_DAY = select(_DAY, func.count()).where(*_THEIRS).group_by(_DAY)
_BY_OUTLET = select(statements.c.outlet_key, statements.c.kind, func.count()).where(*_THEIRS).group_by(statements.c.outlet_key, statements.c.kind)
_NAMES = select(outlets.c.key, outlets.c.name).where(outlets.c.key.in_(_KEYS))


def said_of(connection: Connection, actor: Actor) -> Said:
    """Count twice over the index on speakers, which has each one's statements beside each other by outlet and kind: some have tens of thousands.

    Day, outlet and kind in one go is nearly a group for each statement.

    Args:
        connection: A reading one.
        actor: Who.
    """
    whose = {"keys": actor.keys}
    days = Counter({int(d): int(n) for d, n in connection.execute(_BY_DAY, whose)})
    papers: Counter[int | None] = Counter()
    kinds: Counter[str] = Counter()
    for paper, kind, count in connection.execute(_BY_OUTLET, whose):
        papers[paper] += count
        kinds[kind] += count
    names = dict(connection.execute(_NAMES, {"keys": [k for k in papers if k is not None]}).all())
    by_name: Counter[str] = Counter()
    for paper, count in papers.items():
        by_name[names.get(paper, "unknown")] += count
    return Said(_most_first(by_name), _most_first(kinds), histogram_of_days(days))


def _most_first(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda i: (-i[1], i[0])))
