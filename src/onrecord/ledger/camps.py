"""Who holds positions, and who belongs to whom: actors as they are known now, and the members of camps, through affiliation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, or_, select

from onrecord.actors.actor import ActorType
from onrecord.actors.countries import lookup, state_name
from onrecord.errors import UsageError
from onrecord.ledger.keys import chunks
from onrecord.ledger.naming import Actor, keys_like, one_actor
from onrecord.ledger.standing import Who
from onrecord.ledger.tables import actors, affiliations, positions
from onrecord.ledger.words import folded

__all__ = ["UNNAMED", "Members", "People", "actor_keys", "in_camp", "members_of", "organization_name"]

#: What those without a name are called together: nobody is taken for another.
UNNAMED = "unnamed speakers"
_CODE = re.compile(r"[A-Z]{2}")


def actor_keys(connection: Connection, names: Iterable[str]) -> list[int]:
    """Keys of all actors that are called so, joined ones with them.

    Raises:
        UsageError: Nobody is called so.
    """
    found: list[int] = []
    for name in names:
        some = keys_like(connection, name)
        if not some:
            raise UsageError("nobody in the ledger is called so", item=name, hint="a word of the name is enough; `onrecord actors list` shows who is there")
        found += some
    return found


def organization_name(words: str) -> str:
    """The words for an organization, as they are compared: folded, without an article."""
    return folded(words).removeprefix("the ").strip()


# Camps ------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Members:
    """Who belongs to a camp, by keys."""

    #: Actors, whomever the article says they speak for.
    actors: frozenset[int] = frozenset()
    #: Affiliations: whoever speaks for one of them.
    affiliations: frozenset[int] = frozenset()
    #: A country: those who speak for it, and those of it for whom the article does not say whom they speak for.
    country: str | None = None


def members_of(connection: Connection, camp: str) -> Members:
    """Who belongs to a camp.

    Args:
        connection: A reading one.
        camp: A country's code, or the id or name of a state, an organization or a group.

    Raises:
        UsageError: It is none of these.
    """
    code = camp.strip().upper()
    if _CODE.fullmatch(code) and len(camp.strip()) == len(code) and (state_name(code) or _is_country(connection, code)):
        return Members(country=code)
    actor = one_actor(connection, camp)
    if actor.type == ActorType.PERSON:
        raise UsageError("a person is no camp", item=camp, hint="give a country's code, a state or an organization")
    if actor.type == ActorType.STATE:
        state = lookup(actor.name)
        return Members(frozenset(actor.keys), country=actor.country or (state.code if state else None))
    return _of_organization(connection, actor)


def in_camp(connection: Connection, camp: str) -> ColumnElement[bool]:
    """Which positions are of a camp.

    Args:
        connection: A reading one.
        camp: As for `members_of`.

    Raises:
        UsageError: As `members_of`.
    """
    p, members = positions.c, members_of(connection, camp)
    of: list[ColumnElement[bool]] = [_of_country(members.country)] if members.country else [p.affiliation_key.in_(sorted(members.affiliations))]
    return or_(p.actor_key.in_(sorted(members.actors)), *of)


def _is_country(connection: Connection, code: str) -> bool:
    return any(connection.execute(select(t.c.key).where(t.c.country == code).limit(1)).first() for t in (affiliations, actors))


def _of_country(code: str) -> ColumnElement[bool]:
    """Those who speak for the country, and those of it for whom the article does not say whom they speak for."""
    spoken_for = positions.c.affiliation_key.in_(select(affiliations.c.key).where(affiliations.c.country == code))
    elsewhere = select(affiliations.c.key).where(affiliations.c.country.is_not(None))
    its_own = positions.c.actor_key.in_(select(actors.c.key).where(actors.c.country == code))
    return or_(spoken_for, its_own & (positions.c.affiliation_key.is_(None) | positions.c.affiliation_key.not_in(elsewhere)))


def _of_organization(connection: Connection, actor: Actor) -> Members:
    """Those for whom the article names it, those whom the roster gives it, and itself."""
    names = {organization_name(n) for n in actor.names}
    members, ids = set(actor.keys), {*actor.ids}
    roster = [
        (r.key, r.id, json.loads(r.known)) for r in connection.execute(select(actors.c.key, actors.c.id, actors.c.known).where(actors.c.known.is_not(None)))
    ]
    # What is a part of a part belongs, too.
    grown = True
    while grown:
        grown = False
        for key, id_, known in roster:
            above = [known.get("organization"), known.get("parent")]
            if key not in members and any(a and (a in ids or organization_name(a) in names) for a in above):
                members.add(key)
                ids.add(id_)
                if known["type"] != ActorType.PERSON:
                    names |= {organization_name(n) for n in (known["name"], *known["aliases"])}
                grown = True
    for one, joined in connection.execute(select(actors.c.key, actors.c.joined).where(actors.c.joined.is_not(None))).all():
        if {one, joined} & members:
            members |= {one, joined}
    rows = connection.execute(select(affiliations).where(affiliations.c.organization.is_not(None))).all()
    fits = [r.key for r in rows if organization_name(r.organization) in names and (r.country is None or actor.country in (None, r.country))]
    return Members(frozenset(members), frozenset(fits))


# Who is who -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    key: int
    id: str
    name: str
    type: str
    country: str | None


class People:
    """Actors and affiliations by their keys, fetched once.

    Args:
        connection: A reading one.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._joined: dict[int, int] = dict(connection.execute(select(actors.c.key, actors.c.joined).where(actors.c.joined.is_not(None))).all())
        self._actors: dict[int, _Known] = {}
        self._affiliations: dict[int, tuple[str | None, str | None]] = {}

    def canonical(self, key: int) -> int:
        """The key that an actor is known under."""
        return self._joined.get(key, key)

    def fetch(self, actor_keys_: Iterable[int | None], affiliation_keys: Iterable[int | None]) -> None:
        """Get those that are about to be asked for."""
        wanted = {self.canonical(k) for k in actor_keys_ if k is not None} - self._actors.keys()
        columns = [actors.c[n] for n in ("key", "id", "name", "type", "country")]
        for some in chunks(wanted):
            self._actors |= {r.key: _Known(*r) for r in self._connection.execute(select(*columns).where(actors.c.key.in_(some)))}
        missing = {k for k in affiliation_keys if k is not None} - self._affiliations.keys()
        for some in chunks(missing):
            for row in self._connection.execute(select(affiliations).where(affiliations.c.key.in_(some))):
                self._affiliations[row.key] = (row.country, row.organization)

    def affiliation(self, key: int | None) -> tuple[str | None, str | None]:
        """Country and organization."""
        return (None, None) if key is None else self._affiliations[key]

    def country(self, actor: int | None, affiliation: int | None) -> str | None:
        """The country that an actor speaks for, else their own."""
        spoken_for = self.affiliation(affiliation)[0]
        return spoken_for or (self._actors[self.canonical(actor)].country if actor is not None else None)

    def who(self, actor: int | None, affiliation: int | None, *, name: str | None = None, type_: str = "unnamed") -> Who:
        """An actor, with whom they speak for.

        Args:
            actor: Key; None for one without a name.
            affiliation: Key.
            name: What one without a name is called.
            type_: What they are.
        """
        country, organization = self.country(actor, affiliation), self.affiliation(affiliation)[1]
        if actor is None:
            return Who(None, name or UNNAMED, type_, country, organization)
        known = self._actors[self.canonical(actor)]
        return Who(known.id, known.name, known.type, country, organization)

    def camp(self, country: str | None, organization: str | None, *, by_organization: bool) -> Who:
        """A camp."""
        if by_organization:
            return Who(None, organization or "no organization", "camp", country, organization)
        return Who(None, (state_name(country) or country) if country else "no country", "camp", country)
