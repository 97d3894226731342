"""Full text behind one interface: FTS5 in SQLite, `tsvector` in PostgreSQL. Both fill themselves, by triggers and by a generated column.

In SQLite what a search can be narrowed by (actor, outlet, kind ...) stands beside the words, as words of a column of its own: an index of words
answers "this word, this actor, this outlet" without looking at a row of the table, and its order by row is that of time. The triggers and
columns are made by the first migration.
"""

from __future__ import annotations

__all__ = ["facet"]

#: The letter before a value in the column `facets` of `statements_fts`.
_LETTERS = {"speaker_key": "a", "outlet_key": "o", "kind": "k", "speaker_type": "t", "country": "c", "score": "s"}


def facet(column: str, value: str | int) -> str:
    """The word for a value of a column, such as `a17` for the speaker 17; a score's is its first decimal, `s9`.

    Args:
        column: A column of `statements`.
        value: Its value.
    """
    return f"{_LETTERS[column]}{value}".lower()
