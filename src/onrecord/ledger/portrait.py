"""What articles say of one actor: roles, names, who carried the words and whose words it carried. Only the newest statements are looked at."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Select, bindparam, select

from onrecord.actors.actor import MentionForm
from onrecord.entry import Entry
from onrecord.ledger.keys import DAY, chunks
from onrecord.ledger.naming import Actor
from onrecord.ledger.packing import entry_of
from onrecord.ledger.tables import articles, readings, revisions, statements
from onrecord.ledger.texts import texts_by_key
from onrecord.ledger.words import folded

__all__ = ["LOOKED_AT", "Called", "Cited", "Evidence", "Portrait", "RoleGiven", "newest_of", "portrait_of"]

#: Statements of the actor whose words are looked at, the newest.
LOOKED_AT = 40

T = TypeVar("T", bound="Evidence")


@dataclass(frozen=True, slots=True)
class Evidence:
    """How often something was found, when first and last, and the newest statement that shows it."""

    count: int
    first: date
    last: date
    #: Ids of the statement, and of its article.
    statement: str
    article: str

    def evidence(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return {"count": self.count, "first": self.first.isoformat(), "last": self.last.isoformat(), "statement": self.statement, "article": self.article}


@dataclass(frozen=True, slots=True)
class RoleGiven(Evidence):
    """A role and whom it is for, as articles gave them."""

    role: str | None
    organization: str | None
    #: ISO 3166-1 alpha-2.
    country: str | None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"role": self.role, "organization": self.organization, "country": self.country, **self.evidence()}


@dataclass(frozen=True, slots=True)
class Called(Evidence):
    """Words that an article names the actor by."""

    words: str
    form: MentionForm

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"words": self.words, "form": str(self.form), **self.evidence()}


@dataclass(frozen=True, slots=True)
class Cited(Evidence):
    """Somebody who carried the words of the actor."""

    name: str
    type: str

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"name": self.name, "type": self.type, **self.evidence()}


@dataclass(frozen=True, slots=True)
class Portrait:
    """What the newest statements of an actor say of it."""

    #: How many statements were looked at; and whether that is all.
    looked_at: int
    whole: bool
    #: The newest first.
    roles: tuple[RoleGiven, ...]
    #: The most frequent first.
    names: tuple[Called, ...]
    #: Who stands between the outlets and the actor.
    carriers: tuple[Cited, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        lists = {n: [x.to_json() for x in getattr(self, n)] for n in ("roles", "names", "carriers")}
        return {"looked_at": self.looked_at, "whole": self.whole, **lists}


def newest_of(connection: Connection, keys: Collection[int], *, limit: int) -> list[int]:
    """Keys of the newest statements of some actors that are shown, the newest first.

    Args:
        connection: A reading one.
        keys: Rows of `actors`.
        limit: How many at most.
    """
    s = statements.c
    found: list[int] = []
    # One at a time: the index on the speaker has each one's statements beside each other.
    for key in keys:
        found += connection.execute(select(s.key).where(s.speaker_key == key, s.shown).order_by(s.key.desc()).limit(limit)).scalars()
    return sorted(found, reverse=True)[:limit]


def portrait_of(connection: Connection, actor: Actor, *, most: int = LOOKED_AT) -> Portrait:
    """What articles say of an actor.

    What a person said was somebody else's tells of the one whom the reader took for the speaker; it is left out.

    Args:
        connection: A reading one.
        actor: Who.
        most: Statements to look at.
    """
    keys = newest_of(connection, actor.keys, limit=most + 1)
    roles: dict[Hashable, RoleGiven] = {}
    names: dict[Hashable, Called] = {}
    carriers: dict[Hashable, Cited] = {}
    for entry, evidence in _entries(connection, keys[:most]):
        speaker = entry.voice.speaker
        role, organization = (" ".join(s.exact.split()) if s else None for s in (speaker.role, speaker.organization))
        if role or organization:
            _count(roles, (_same(role), _same(organization)), RoleGiven(**evidence, role=role, organization=organization, country=speaker.country))
        if speaker.span and speaker.mention in (MentionForm.NAME, MentionForm.TITLE, MentionForm.DESCRIPTION):
            words = " ".join(speaker.span.exact.split())
            _count(names, (words, speaker.mention), Called(**evidence, words=words, form=speaker.mention))
        for name, type_ in {i.name: str(i.type) for i in entry.voice.chain if i.name}.items():
            _count(carriers, _same(name), Cited(**evidence, name=name, type=type_))
    return Portrait(
        min(len(keys), most),
        len(keys) <= most,
        tuple(sorted(roles.values(), key=lambda r: (-r.last.toordinal(), -r.count, r.role or ""))),
        tuple(sorted(names.values(), key=lambda n: (-n.count, n.words))),
        tuple(sorted(carriers.values(), key=lambda c: (-c.count, c.name))),
    )


def _as_read() -> Select[Any]:
    s, r = statements.c, revisions.c
    joined = statements.join(revisions, r.key == s.revision_key).join(articles, articles.c.key == r.article_key).join(readings, readings.c.key == s.reading_key)
    columns = s.key, s.id, s.kind, s.said_on, s.entry, s.revision_key, r.id.label("revision"), articles.c.id.label("article"), readings.c.reader
    return select(*columns).select_from(joined).where(s.actor_key == s.speaker_key).order_by(s.key.desc())


# Put together once, as in `hits.py`.
_SOME: BindParameter[Any] = bindparam("some", expanding=True)
_READ = _as_read().where(statements.c.key.in_(_SOME))


def _entries(connection: Connection, keys: Iterable[int]) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """Statements as they were read, the newest first, and what points at them."""
    for some in chunks(keys):
        rows = connection.execute(_READ, {"some": some}).all()
        texts = texts_by_key(connection, (row.revision_key for row in rows))
        for row in rows:
            day = date.fromordinal(row.key // DAY)
            entry = entry_of(row.entry, text=texts[row.revision_key], revision=row.revision, kind=row.kind, said_on=row.said_on, reader=row.reader)
            yield entry, {"count": 1, "first": day, "last": day, "statement": row.id, "article": row.article}


def _same(words: str | None) -> str:
    """Words as they are compared."""
    return folded(" ".join((words or "").split()))


def _count(found: dict[Hashable, T], slot: Hashable, one: T) -> None:
    """Count one more; they come the newest first."""
    before = found.get(slot)
    found[slot] = one if before is None else replace(before, count=before.count + 1, first=min(before.first, one.first))
