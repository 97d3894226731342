"""Full text behind one interface: FTS5 in SQLite, `tsvector` in PostgreSQL.

PostgreSQL's column fills itself. SQLite's index is filled for all new rows at once, in the transaction that wrote them: a trigger for each row
takes seven times as long. What changes on a row later, a trigger keeps up.

In SQLite what a search can be narrowed by (actor, outlet, kind ...) stands beside the words, as words of a column of its own: an index of words
answers "this word, this actor, this outlet" without looking at a row of the table, and its order by row is that of time. Tables,
trigger and columns are made by the first migration.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection, Table

__all__ = ["facet", "index_rows", "unindex_rows"]

#: The letter before a value in the column `facets` of `statements_fts`.
_LETTERS = {"speaker_key": "a", "outlet_key": "o", "kind": "k", "speaker_type": "t", "country": "c", "score": "s", "hundredth": "p", "act": "d"}


def facet(column: str, value: str | int) -> str:
    """The word for a value of a column, such as `a17` for the speaker 17; a score's are its tenths and hundredths, `s9` and `p93`; `dexpressconcern`.

    Args:
        column: A column of `statements`, or `hundredth` of its score.
        value: Its value.
    """
    return f"{_LETTERS[column]}{value}".lower().replace(" ", "")


_INDEXED = {"statements": "content, speaker, facets", "revisions": "title, text"}


def index_rows(connection: Connection, table: Table, keys: Iterable[int]) -> None:
    """Put new rows into the full text.

    Args:
        connection: The one that wrote them.
        table: `statements` or `revisions`.
        keys: Of the rows.
    """
    keys = sorted(keys)
    if connection.dialect.name != "sqlite" or not keys:
        return
    columns, name = _INDEXED[table.name], table.name
    filled = f"INSERT INTO {name}_fts(rowid, {columns}) SELECT key, {columns} FROM {name}"  # noqa: S608 - names are our own
    asked = "WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key"
    connection.exec_driver_sql(f"{filled} {asked}", (json.dumps(keys),))


def unindex_rows(connection: Connection, table: Table, keys: Iterable[int]) -> None:
    """Take rows out of the full text, before anything of them changes that no trigger keeps up; `index_rows` puts them back.

    Args:
        connection: The one that will change them.
        table: `statements` or `revisions`.
        keys: Of the rows.
    """
    keys = sorted(keys)
    if connection.dialect.name != "sqlite" or not keys:
        return
    columns, name = _INDEXED[table.name], table.name
    taken = f"INSERT INTO {name}_fts({name}_fts, rowid, {columns}) SELECT 'delete', key, {columns} FROM {name}"  # noqa: S608 - names are our own
    asked = "WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key"
    connection.exec_driver_sql(f"{taken} {asked}", (json.dumps(keys),))
