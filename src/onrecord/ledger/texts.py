"""The whole text of a revision, to show a statement where it stands."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from onrecord.ledger.keys import chunks
from onrecord.ledger.tables import revisions

__all__ = ["texts_of"]


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
