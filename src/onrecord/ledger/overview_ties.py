"""Who took which side of what, out of columns in memory: what a network of actors is made from."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from onrecord.ledger.overview import NONE, STANCES, Overview
from onrecord.ledger.standing import PositionQuery
from onrecord.positions import Stance
from onrecord.positions.congruence import Took

__all__ = ["sides_taken"]


def sides_taken(connection: Connection, of: Overview, query: PositionQuery, *, most: int = 300) -> tuple[list[Took], int]:
    """The stances that the most vocal actors took on issues, each with the number of statements; those without a name and neutral stances are left out.

    Args:
        connection: A reading one.
        of: The columns.
        query: Which positions; those that others report count only if it says so.
        most: Actors at most: those with the most statements that take a side.

    Returns:
        The rows, by id of actor and order of the agenda, and how many actors there are in all.

    Raises:
        UsageError: The query names nobody, no camp or no issue.
    """
    which = of.which(connection, query)
    keep = (of.actor[which] >= 0) & (of.stance[which] != NONE) & (of.stance[which] != STANCES.index(Stance.NEUTRAL))
    if not query.reported:
        keep &= ~of.reported[which]
    which = which[keep]
    said = np.bincount(of.actor[which], minlength=len(of.people))
    there = np.flatnonzero(said)
    vocal = there[np.argsort(-said[there], kind="stable")][:most]
    which = which[np.isin(of.actor[which], vocal)]
    code = (of.actor[which] * len(of.agenda) + of.issue[which]) * len(STANCES) + of.stance[which]
    codes, counts = np.unique(code, return_counts=True)
    ids = [i.id for i in of.agenda]
    rows = []
    for one, count in zip(codes.tolist(), counts.tolist(), strict=True):
        pair, stance = divmod(one, len(STANCES))
        actor, issue = divmod(pair, len(ids))
        rows.append((of.people[actor][1], issue, stance, count))
    return [Took(actor, ids[issue], STANCES[stance], count) for actor, issue, stance, count in sorted(rows)], len(there)
