"""Actors of the ledger by what they are called, and what the ledger holds of each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from onrecord.actors.actor import ActorType
from onrecord.actors.known_actor import KnownActor, RoleHeld
from onrecord.actors.roster import Roster
from onrecord.errors import UsageError
from onrecord.ledger.keys import Keys, chunks
from onrecord.ledger.packing import dumped
from onrecord.ledger.tables import actor_names, actor_words, actors, outlets, statements
from onrecord.ledger.words import folded, name_words

__all__ = ["Actor", "actors_like", "add_actor", "add_roster", "gathered", "keys_like", "known_actors", "known_as", "most_said", "one_actor", "outlets_like"]


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor of the ledger, with all that are known to be the same."""

    id: str
    name: str
    type: str
    country: str | None
    #: All names and aliases, its own first.
    names: tuple[str, ...]
    #: Rows of `actors`, its own first.
    keys: tuple[int, ...]
    #: Ids of those, likewise.
    ids: tuple[str, ...]
    #: Statements that are shown.
    statements: int = 0

    def to_json(self) -> dict[str, Any]:
        """As `onrecord actor --format json` shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "country": self.country,
            "names": list(self.names),
            "ids": list(self.ids),
            "statements": self.statements,
        }


def actors_like(connection: Connection, name: str) -> list[Actor]:
    """Actors of an id, of exactly a name, or else with all its words in theirs; who said most comes first."""
    asked = name.strip()
    if not asked:
        return []
    by_id = connection.execute(select(actors.c.key, actors.c.joined).where(actors.c.id == asked)).all()
    if by_id:
        return gathered(connection, by_id)
    wanted = sorted(name_words(asked))
    if not wanted:
        return []
    query = select(actors.c.key, actors.c.joined)
    for word in wanted:
        query = query.where(actors.c.key.in_(select(actor_words.c.actor_key).where(actor_words.c.word == word)))
    found = gathered(connection, connection.execute(query).all())
    same = folded(asked)
    exact = [a for a in found if any(folded(n) == same for n in a.names)]
    return exact or found


def keys_like(connection: Connection, name: str) -> list[int]:
    """Keys of the actors of an id or a name, joined ones with them: as `actors_like`, without counting what they said."""
    row = connection.execute(select(actors.c.key, actors.c.joined).where(actors.c.id == name.strip())).first()
    if row is None:
        return [k for a in actors_like(connection, name) for k in a.keys]
    own = row.key if row.joined is None else row.joined
    # Most are known by one name: those joined to one are looked for among all actors.
    return [own, *connection.execute(select(actors.c.key).where(actors.c.joined == own).order_by(actors.c.key)).scalars()]


def one_actor(connection: Connection, name: str) -> Actor:
    """The actor of a name or an id.

    Raises:
        UsageError: There is none, or more than one: then they are named, and none is chosen.
    """
    found = actors_like(connection, name)
    if not found:
        raise UsageError(
            "nobody in the ledger is called so",
            item=name,
            hint="a word of the name is enough; `onrecord actors list` shows who is there, `roster add` adds",
        )
    if len(found) > 1:
        named = "; ".join(f"{a.id} {a.name} ({a.type}, {a.statements} statements)" for a in found[:8])
        raise UsageError(f"{len(found)} actors may be meant", item=name, hint=f"give an id: {named}")
    return found[0]


def most_said(connection: Connection, *, limit: int) -> list[Actor]:
    """Those who said most."""
    total = func.count().label("total")
    joined = statements.join(actors, actors.c.key == statements.c.speaker_key)
    canonical = func.coalesce(actors.c.joined, actors.c.key).label("canonical")
    query = select(canonical, total).select_from(joined).where(statements.c.shown).group_by(canonical).order_by(total.desc(), canonical).limit(limit)
    keys = [row.canonical for row in connection.execute(query)]
    found = {a.keys[0]: a for a in gathered(connection, connection.execute(select(actors.c.key, actors.c.joined).where(actors.c.key.in_(keys))).all())}
    return [found[k] for k in keys if k in found]


def outlets_like(connection: Connection, name: str) -> list[int]:
    """Keys of outlets of exactly a name, or else with it in theirs."""
    asked = folded(name.strip())
    rows = connection.execute(select(outlets.c.key, outlets.c.name)).all()
    exact = [r.key for r in rows if folded(r.name) == asked]
    return exact or [r.key for r in rows if asked and asked in folded(r.name)]


def gathered(connection: Connection, rows: Iterable[Any]) -> list[Actor]:
    """Actors with all that were joined to them, who said most first."""
    canonical = sorted({r.key if r.joined is None else r.joined for r in rows})
    members: dict[int, list[Row[Any]]] = {k: [] for k in canonical}
    for some in chunks(canonical):
        for row in connection.execute(select(actors).where(or_(actors.c.key.in_(some), actors.c.joined.in_(some))).order_by(actors.c.key)):
            members[row.key if row.joined is None else row.joined].append(row)
    every = [r.key for of in members.values() for r in of]
    names: dict[int, list[str]] = {k: [] for k in every}
    said: dict[int, int] = {}
    for some in chunks(every):
        for row in connection.execute(select(actor_names).where(actor_names.c.actor_key.in_(some)).order_by(actor_names.c.actor_key, actor_names.c.name)):
            names[row.actor_key].append(row.name)
        counted = (
            select(statements.c.speaker_key, func.count()).where(statements.c.speaker_key.in_(some), statements.c.shown).group_by(statements.c.speaker_key)
        )
        said |= dict(connection.execute(counted).all())
    found = []
    for key, of in members.items():
        of.sort(key=lambda r: (r.key != key, r.key))
        own = of[0]
        called = dict.fromkeys([own.name, *(n for r in of for n in (r.name, *names[r.key]))])
        found.append(
            Actor(
                own.id, own.name, own.type, own.country, tuple(called), tuple(r.key for r in of), tuple(r.id for r in of), sum(said.get(r.key, 0) for r in of)
            )
        )
    return sorted(found, key=lambda a: (-a.statements, a.name, a.id))


# The roster -------------------------------------------------------------------------------------------------------------------------


def add_roster(connection: Connection, known: Iterable[KnownActor]) -> tuple[int, int]:
    """File what a roster says of actors; what it said before is replaced by what it says now, and ids stay.

    Returns:
        How many were new, and how many were there and changed.
    """
    keys = Keys(connection)
    new = changed = 0
    for actor in known:
        row = connection.execute(select(actors).where(actors.c.id == actor.id)).first()
        values = {"name": actor.name, "type": str(actor.type), "country": actor.country, "known": _packed(actor)}
        if row is None:
            key = keys.next(actors)
            connection.execute(insert(actors), values | {"key": key, "id": actor.id, "joined": None})
            new += 1
        else:
            key = row.key
            if any(getattr(row, c) != v for c, v in values.items()):
                connection.execute(update(actors).where(actors.c.key == key).values(values))
                changed += 1
        _name(connection, key, actor.names)
    return new, changed


def add_actor(connection: Connection, id_: str, *, name: str, type_: str, country: str | None = None) -> int:
    """The key of an actor, who is added if new; a name that is new is kept in any case."""
    key = connection.execute(select(actors.c.key).where(actors.c.id == id_)).scalar()
    if key is None:
        key = Keys(connection).next(actors)
        connection.execute(insert(actors), {"key": key, "id": id_, "name": name, "type": type_, "country": country, "known": None, "joined": None})
    _name(connection, key, [name])
    return int(key)


def known_actors(connection: Connection) -> Roster | None:
    """The roster that articles are read with: actors that a user made known. None if there are none."""
    rows = connection.execute(select(actors.c.id, actors.c.known).where(actors.c.known.is_not(None)).order_by(actors.c.key)).all()
    return Roster(_unpacked(r.id, r.known) for r in rows) if rows else None


def known_as(connection: Connection, actor: Actor) -> KnownActor | None:
    """What a roster says of an actor, or of the first of those joined with it that one knows; None if none does."""
    rows = connection.execute(select(actors.c.key, actors.c.id, actors.c.known).where(actors.c.key.in_(actor.keys), actors.c.known.is_not(None))).all()
    return next((_unpacked(r.id, r.known) for r in sorted(rows, key=lambda r: actor.keys.index(r.key))), None)


def _name(connection: Connection, key: int, names: Iterable[str]) -> None:
    had = set(connection.execute(select(actor_names.c.name).where(actor_names.c.actor_key == key)).scalars())
    words = set(connection.execute(select(actor_words.c.word).where(actor_words.c.actor_key == key)).scalars())
    for name in dict.fromkeys(names):
        if name not in had:
            connection.execute(insert(actor_names), {"actor_key": key, "name": name})
            had.add(name)
        for word in sorted(name_words(name) - words):
            connection.execute(insert(actor_words), {"word": word, "actor_key": key})
            words.add(word)


def _packed(actor: KnownActor) -> str:
    roles = [[r.title, r.start, r.end, r.organization] for r in actor.roles]
    row: dict[str, Any] = {"name": actor.name, "type": str(actor.type), "aliases": list(actor.aliases), "roles": roles}
    row |= {"organization": actor.organization, "country": actor.country, "wikidata": actor.wikidata, "parent": actor.parent}
    return dumped(row)


def _unpacked(id_: str, packed: str) -> KnownActor:
    row = json.loads(packed)
    roles = tuple(RoleHeld(*r) for r in row.pop("roles"))
    return KnownActor(id=id_, type=ActorType(row.pop("type")), aliases=tuple(row.pop("aliases")), roles=roles, **row)
