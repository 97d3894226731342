"""Positions as rows: what machines say, as it was filed, and beside it what stands of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from onrecord.actors.actor import ActorType
from onrecord.ledger.agenda import newest_issues
from onrecord.ledger.bulk import insert_rows
from onrecord.ledger.keys import DAY, Keys
from onrecord.ledger.packing import condition_json, holder_json
from onrecord.ledger.tables import actors, affiliations, codings, positions, revisions
from onrecord.positions import Position, Stance

__all__ = ["NAMELESS", "Held", "Holding", "Placing", "Stands", "any_positions", "is_held", "stands_of"]

#: Keys of the holder, and of whom they speak for.
Held = tuple[int | None, int | None]
#: Types of actors that have no name, and so no row.
NAMELESS = (ActorType.UNNAMED, ActorType.UNKNOWN)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def any_positions(connection: Connection) -> bool:
    """Whether there are any positions, or codings by hand: a ledger without pays nothing for them."""
    return any(connection.execute(select(t.c.key).limit(1)).first() is not None for t in (positions, codings))


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands of one position."""

    stands: str | None
    sure: float
    by_hand: bool
    #: Whether there is a position at all, be it disputed.
    any: bool


def stands_of(stance: str | None, score: float | None, votes: Sequence[Stance | None]) -> Stands:
    """What stands, by what the machine says and what each coder does: people go before machines, and where coders differ no stance stands."""
    if not votes:
        return Stands(stance, score or 0.0, by_hand=False, any=stance is not None)
    said = set(votes)
    if len(said) > 1:
        return Stands(None, 1.0, by_hand=True, any=True)
    (one,) = said
    return Stands(str(one) if one else None, 1.0, by_hand=True, any=one is not None)


class Placing:
    """Makes rows of positions.

    Args:
        connection: A writing one.
        keys: Gives out keys.
    """

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection, self._keys = connection, keys
        self._newest: dict[str, int] | None = None
        self._affiliations: dict[tuple[str | None, str | None], int] = {}
        self._new_affiliations: list[dict[str, Any]] = []
        self._rows: list[dict[str, Any]] = []

    def place(self, position: Position, statement: Mapping[str, Any], *, held: Held, made: str, issue: int | None = None) -> None:
        """A machine's position.

        Args:
            position: What it says.
            statement: The row of the statement: `key`, `said_on`, `shown`, `speaker_key`, `speaker_type`.
            held: Keys of the holder and of whom they speak for.
            made: When.
            issue: Key of the version of the issue that was read; the newest, if not given. One that the ledger does not follow is left out.
        """
        if self._newest is None:
            self._newest = newest_issues(self._connection)
        issue = self._newest.get(position.issue) if issue is None else issue
        if issue is None:
            return
        stands = stands_of(str(position.stance), float(position.score), ())
        row = {
            "holder": _holder_name(position),
            "stance": str(position.stance),
            "score": float(position.score),
            "condition": condition_json(position.condition),
            "holder_cells": holder_json(position.holder),
            "coder": position.coder,
        }
        self.add(row, statement, issue=issue, held=held, stands=stands, made=made)

    def add(
        self,
        row: dict[str, Any],
        statement: Mapping[str, Any],
        *,
        issue: int,
        held: Held,
        stands: Stands,
        made: str,
        coding: int | None = None,
    ) -> None:
        """A row, with what stands of it.

        Args:
            row: What the machine says, and `holder`.
            statement: As for `place`; of a position without words, `day` and `shown` alone.
            issue: Key of the version of the issue.
            held: As for `place`.
            stands: What stands.
            made: When.
            coding: Of a position without words: the coding that founded it.
        """
        day = statement.get("day") or _day(statement)
        reported = row["holder"] is not None and coding is None
        key = self._keys.next_of_day(positions, day)
        refers = {"key": key, "statement_key": statement.get("key"), "coding_key": coding, "issue_key": issue, "actor_key": held[0], "affiliation_key": held[1]}
        counts = bool(statement["shown"]) and stands.any and (reported or coding is not None or is_held(statement))
        says = {"stands": stands.stands, "sure": stands.sure, "by_hand": stands.by_hand, "reported": reported, "counts": counts}
        self._rows.append(refers | row | says | {"day": day.isoformat(), "made": made, "superseded": False})

    def affiliation(self, country: str | None, organization: str | None) -> int | None:
        """Key of a pair of country and organization; None if neither is known."""
        pair = (country, " ".join(organization.split()) if organization else None)
        if pair == (None, None):
            return None
        if pair not in self._affiliations:
            c = affiliations.c
            same = (c.country == pair[0] if pair[0] else c.country.is_(None)), (c.organization == pair[1] if pair[1] else c.organization.is_(None))
            found = self._connection.execute(select(c.key).where(*same)).scalar()
            if found is None:
                found = self._keys.next(affiliations)
                self._new_affiliations.append({"key": found, "country": pair[0], "organization": pair[1]})
            self._affiliations[pair] = found
        return self._affiliations[pair]

    def write(self) -> None:
        """Write what waits, after the statements and actors that it points at."""
        insert_rows(self._connection, affiliations, self._new_affiliations)
        insert_rows(self._connection, positions, self._rows)
        self._new_affiliations, self._rows = [], []


def _holder_name(position: Position) -> str | None:
    return None if position.holder is None else position.holder.id or position.holder.name


def _day(statement: Mapping[str, Any]) -> date:
    """When it was said, if the article says so to the day; else the day that the statement is filed under."""
    said = statement["said_on"]
    if said and _DAY.fullmatch(said):
        return date.fromisoformat(said)
    return date.fromordinal(statement["key"] // DAY)


def is_held(statement: Mapping[str, Any]) -> bool:
    """Whether anybody is known to have said it: a position of nobody is none."""
    return statement["speaker_key"] is not None or statement["speaker_type"] != ActorType.UNKNOWN


class Holding:
    """Finds out who holds a position, and whom they speak for.

    Args:
        connection: A writing one.
        placing: Knows the affiliations.
    """

    def __init__(self, connection: Connection, placing: Placing) -> None:
        self._connection, self._placing = connection, placing
        self._countries: dict[int, str | None] = {}
        self._texts: dict[int, str] = {}

    def of(self, statement: Mapping[str, Any], holder: str | None) -> Held:
        """Keys of both.

        Args:
            statement: Its row.
            holder: Id of the actor whose position is reported, or a name; None for the speaker's own.
        """
        if holder is not None:
            row = self._connection.execute(select(actors.c.key, actors.c.country).where(actors.c.id == holder)).first()
            return (row.key, self._placing.affiliation(row.country, None)) if row else (None, None)
        speaker = statement["speaker_key"]
        if speaker != statement["actor_key"]:
            return speaker, self._placing.affiliation(self._country(speaker), None)
        return speaker, self._placing.affiliation(statement["country"], self._organization(statement))

    def _country(self, actor: int | None) -> str | None:
        if actor is None:
            return None
        if actor not in self._countries:
            self._countries[actor] = self._connection.execute(select(actors.c.country).where(actors.c.key == actor)).scalar()
        return self._countries[actor]

    def _organization(self, statement: Mapping[str, Any]) -> str | None:
        pair = json.loads(statement["entry"])["w"].get("organization")
        if pair is None:
            return None
        key = statement["revision_key"]
        if key not in self._texts:
            self._texts[key] = self._connection.execute(select(revisions.c.text).where(revisions.c.key == key)).scalar() or ""
        return self._texts[key][pair[0] : pair[1]]
