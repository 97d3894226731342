"""Many rows in and out at once. SQLAlchemy builds the SQL; values go to the driver as they are, which costs a tenth of what its own way does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table

from onrecord.ledger.keys import chunks
from onrecord.ledger.tables import Words, escaped

__all__ = ["insert_pairs", "insert_rows", "pairs_of"]

#: Values in one question; each is a search in an index.
_ASKED = 2000


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns.

    Args:
        connection: A writing one.
        table: Where.
        rows: Values by the names of columns.
    """
    if not rows:
        return
    names = tuple(rows[0])
    words = [n for n, name in enumerate(names) if isinstance(table.c[name].type, Words)]
    values = []
    for row in rows:
        line = [row[name] for name in names]
        for n in words:
            if line[n] is not None:
                line[n] = escaped(line[n])
        values.append(tuple(line))
    connection.exec_driver_sql(_insert(table.name, names, connection.dialect.name), values)


def insert_pairs(connection: Connection, table: Table, pairs: Sequence[tuple[int, int]]) -> None:
    """Insert rows of a table of two numbers, in the order of its index, so that each of its pages is touched once.

    Args:
        connection: A writing one.
        table: `prints` or `bands`.
        pairs: Values of its two columns.
    """
    if pairs:
        names = tuple(c.name for c in table.columns)
        connection.exec_driver_sql(_insert(table.name, names, connection.dialect.name), sorted(pairs))


@lru_cache(maxsize=64)
def _insert(table: str, names: tuple[str, ...], dialect: str) -> str:
    mark = "?" if dialect == "sqlite" else "%s"
    quoted = ", ".join(f'"{n}"' for n in names)
    return f'INSERT INTO "{table}" ({quoted}) VALUES ({", ".join([mark] * len(names))})'  # noqa: S608 - names are those of our own tables


def pairs_of(connection: Connection, table: Table, *, by: str, get: str, values: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Rows of a table of two numbers, by one of them.

    Args:
        connection: Any.
        table: `prints` or `bands`.
        by: Column to look in.
        get: Column to get.
        values: What to look for.

    Yields:
        (value, what stands beside it), in the order of what stands beside it for each question.
    """
    sqlite = connection.dialect.name == "sqlite"
    among = "IN (SELECT value FROM json_each(?))" if sqlite else "= ANY(%s)"
    asked = f'SELECT "{by}", "{get}" FROM "{table.name}" WHERE "{by}" {among} ORDER BY 2'  # noqa: S608 - names are those of our own tables
    for some in chunks(values, _ASKED):
        yield from connection.exec_driver_sql(asked, (json.dumps(list(some)) if sqlite else list(some),))
