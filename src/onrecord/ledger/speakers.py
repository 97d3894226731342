"""Who speaks in a ledger: how often each, the most quoted, and those with a name that begins as somebody types it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, func, select

from onrecord.ledger.keys import chunks
from onrecord.ledger.naming import Actor, actors_like, gathered
from onrecord.ledger.tables import actor_names, actor_words, actors, quotations, statements
from onrecord.ledger.words import name_words, tokens

__all__ = ["RANKED", "Listed", "alone", "close_words", "most_carried", "most_quoted", "named_like", "names_of_ids", "said_by_each"]

#: Actors, the most quoted, among which those of a type or a country are listed.
RANKED = 5_000
#: Words that a mistyped one is compared with, and actors that a beginning may find.
_COMPARED, _FOUND = 2_000, 100
#: Quotations, the newest, of which the most carried are listed.
_QUOTATIONS = 2_000
_HIGHEST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Listed:
    """An actor in a list."""

    id: str
    name: str
    type: str
    country: str | None
    statements: int

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"id": self.id, "name": self.name, "type": self.type, "country": self.country, "statements": self.statements}

    @classmethod
    def of(cls, actor: Actor) -> Listed:
        """The same of an actor."""
        return cls(actor.id, actor.name, actor.type, actor.country, actor.statements)


def said_by_each(connection: Connection) -> tuple[tuple[int, int], ...]:
    """Keys of all who are quoted, with how many statements of each are shown, the most first: from one index, but all of it, so remember it."""
    s = statements.c
    joined = dict(connection.execute(select(actors.c.key, actors.c.joined).where(actors.c.joined.is_not(None))).all())
    counts: dict[int, int] = {}
    for key, count in connection.execute(select(s.speaker_key, func.count()).where(s.speaker_key.is_not(None), s.shown).group_by(s.speaker_key)):
        own = joined.get(key, key)
        counts[own] = counts.get(own, 0) + count
    return tuple(sorted(counts.items(), key=lambda c: (-c[1], c[0])))


def most_quoted(
    connection: Connection, said: tuple[tuple[int, int], ...], *, type_: str | None = None, country: str | None = None, offset: int = 0, limit: int = 20
) -> list[Listed]:
    """The most quoted, by name.

    Args:
        connection: A reading one.
        said: As `said_by_each` gives it.
        type_: Only actors of this type, among the `RANKED` most quoted.
        country: Only actors of this country, likewise.
        offset: How many to pass over first.
        limit: How many at most.
    """
    if not type_ and not country:
        return _listed(connection, said[offset : offset + limit])
    a = actors.c
    where = ([a.type == type_] if type_ else []) + ([a.country == country.upper()] if country else [])
    kept: list[tuple[int, int]] = []
    for some in chunks(said[:RANKED]):
        fits = set(connection.execute(select(a.key).where(a.key.in_([k for k, _ in some]), *where)).scalars())
        kept += [(k, n) for k, n in some if k in fits]
        if len(kept) >= offset + limit:
            break
    return _listed(connection, kept[offset : offset + limit])


def _listed(connection: Connection, some: Collection[tuple[int, int]]) -> list[Listed]:
    a = actors.c
    rows = {r.key: r for r in connection.execute(select(a.key, a.id, a.name, a.type, a.country).where(a.key.in_([k for k, _ in some])))}
    return [Listed(rows[k].id, rows[k].name, rows[k].type, rows[k].country, n) for k, n in some if k in rows]


def named_like(connection: Connection, name: str) -> list[Actor]:
    """Actors of an id or a name, as `actors_like`; else those with its words, of which the last may go on. Who said most comes first."""
    found = actors_like(connection, name)
    words = tokens(name)
    if found or not words:
        return found
    *whole, last = words
    query = select(actors.c.key, actors.c.joined).where(actors.c.key.in_(select(actor_words.c.actor_key).where(_begins(connection, last))))
    for word in sorted(name_words(" ".join(whole))):
        query = query.where(actors.c.key.in_(select(actor_words.c.actor_key).where(actor_words.c.word == word)))
    return gathered(connection, connection.execute(query.order_by(actors.c.key).limit(_FOUND)).all())


def close_words(connection: Connection, name: str) -> list[str]:
    """Words of names that are nearly the last word of one: what may have been meant."""
    words = tokens(name)
    if not words:
        return []
    query = select(actor_words.c.word).distinct().where(_begins(connection, words[-1][:1])).order_by(actor_words.c.word).limit(_COMPARED)
    return get_close_matches(words[-1], connection.execute(query).scalars().all(), n=5, cutoff=0.7)


def _begins(connection: Connection, word: str) -> Any:  # noqa: ANN401 - a condition
    if connection.dialect.name == "sqlite":
        return (actor_words.c.word >= word) & (actor_words.c.word < word + _HIGHEST)
    return actor_words.c.word.startswith(word, autoescape=True)


def alone(connection: Connection, key: int) -> Actor:
    """An actor by itself, without those joined with it.

    Args:
        connection: A reading one.
        key: Its row of `actors`.
    """
    row = connection.execute(select(actors).where(actors.c.key == key)).one()
    names = connection.execute(select(actor_names.c.name).where(actor_names.c.actor_key == key).order_by(actor_names.c.name)).scalars()
    said = connection.execute(select(func.count()).where(statements.c.speaker_key == key, statements.c.shown)).scalar()
    return Actor(row.id, row.name, row.type, row.country, tuple(dict.fromkeys([row.name, *names])), (key,), (row.id,), int(said or 0))


def names_of_ids(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """What actors are called, by id; those that are not there are left out."""
    found: dict[str, str] = {}
    for some in chunks(set(ids)):
        found |= dict(connection.execute(select(actors.c.id, actors.c.name).where(actors.c.id.in_(some))).all())
    return found


def most_carried(connection: Connection, *, offset: int = 0, limit: int = 20) -> list[tuple[str, int, int]]:
    """The quotations carried most often among those found last: id, how many texts carried it, and the key of the longest witness.

    Args:
        connection: A reading one.
        offset: How many to pass over first.
        limit: How many at most.
    """
    q = quotations.c
    newest = select(q.key, q.id, q.witnesses, q.reference_key).where(q.joined.is_(None)).order_by(q.key.desc()).limit(_QUOTATIONS).subquery("n")
    n = newest.c
    rows = connection.execute(select(n.id, n.witnesses, n.reference_key).order_by(n.witnesses.desc(), n.key.desc()).offset(offset).limit(limit))
    return [(r.id, r.witnesses, r.reference_key) for r in rows]
