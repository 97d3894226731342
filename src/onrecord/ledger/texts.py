"""Whole texts of revisions, to show statements where they stand and to read entries by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select

from onrecord.ledger.keys import chunks
from onrecord.ledger.tables import revisions

__all__ = ["texts_by_key", "texts_of"]

_SOME: BindParameter[Any] = bindparam("some", expanding=True)
_BY_KEY = select(revisions.c.key, revisions.c.text).where(revisions.c.key.in_(_SOME))


def texts_of(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """Texts by id of the revision; ids that are not in the ledger are left out.

    Args:
        connection: A reading one.
        names: Ids of revisions, as `Statement.revision` has them.
    """
    found: dict[str, str] = {}
    for some in chunks(dict.fromkeys(names), 100):
        found |= dict(connection.execute(select(revisions.c.id, revisions.c.text).where(revisions.c.id.in_(some))).all())
    return found


def texts_by_key(connection: Connection, keys: Iterable[int]) -> dict[int, str]:
    """Texts by row of `revisions`.

    Args:
        connection: A reading one.
        keys: Rows; each is asked for once.
    """
    found: dict[int, str] = {}
    for some in chunks(dict.fromkeys(keys)):
        found |= dict(connection.execute(_BY_KEY, {"some": some}).all())
    return found
