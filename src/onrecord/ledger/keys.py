"""Keys of rows, given out in order inside the one writing transaction: no gaps after a failure, and the same on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, func, select

__all__ = ["DAY", "Keys", "chunks", "day_range"]

#: Statements of one day have keys from the day's ordinal times this.
DAY = 1 << 24
#: Values in one `IN`: both databases take more, and neither is faster then.
_CHUNK = 500

T = TypeVar("T")


def chunks(values: Iterable[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    """Cut values into lists that fit an `IN`."""
    every = list(values)
    for start in range(0, len(every), size):
        yield every[start : start + size]


def day_range(since: date | None, until: date | None) -> tuple[int | None, int | None]:
    """Keys of the statements of some days, both ends included: first key, and the one past the last."""
    return (None if since is None else since.toordinal() * DAY), (None if until is None else (until.toordinal() + 1) * DAY)


class Keys:
    """The next free keys of a ledger's tables.

    Args:
        connection: A writing one; nobody else gives out keys meanwhile.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: dict[object, int] = {}

    def next(self, table: Table) -> int:
        """The next key of a table."""
        if table.name not in self._last:
            self._last[table.name] = self._highest(table.c.key, None)
        self._last[table.name] += 1
        return self._last[table.name]

    def next_of_day(self, table: Table, day: date) -> int:
        """The next key of a table whose keys begin with the day."""
        start = day.toordinal() * DAY
        slot = (table.name, start)
        if slot not in self._last:
            self._last[slot] = max(start, self._highest(table.c.key, start))
        self._last[slot] += 1
        return self._last[slot]

    def _highest(self, column: Column[Any], start: int | None) -> int:
        query = select(func.max(column))
        if start is not None:
            query = query.where(column >= start, column < start + DAY)
        return self._connection.execute(query).scalar() or 0
