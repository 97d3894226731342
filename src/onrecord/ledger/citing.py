"""Who cites whom: whose words came through whom, and who tells what others say. Only the newest statements are looked at, and how many is said.

A cites B in a statement if B speaks and A is in its chain, or if A speaks and says what B's position is. The outlet that published an article is in no
chain: it carries everything it prints.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, null, select

from onrecord.actors.actor import ActorType
from onrecord.actors.outlets import is_outlet
from onrecord.ledger.keys import DAY, chunks, day_range
from onrecord.ledger.tables import actor_names, actor_words, actors, outlets, positions, statements
from onrecord.ledger.words import folded, name_words
from onrecord.positions.shifts import LEAST
from onrecord.text import stable_id

__all__ = ["NAMED", "NEWEST", "Citation", "Citations", "Party", "citations_of"]

#: Statements that are looked at, the newest.
NEWEST = 10_000
#: Statements whose ids are told of a tie, the newest.
NAMED = 20
#: Nobody knows whether two of these are one: they are nobody's nodes.
_NOBODY = frozenset((ActorType.UNNAMED, ActorType.UNKNOWN))
#: Of a holder whom a person named without saying what it is.
_SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Party:
    """Who cites or is cited."""

    #: Of the actor; of a name that no actor of the ledger bears, or more than one, `o1:` and a hash of it.
    id: str
    name: str
    type: str
    country: str | None
    #: Whether the ledger knows who it is.
    known: bool
    #: Whether its name is that of an agency, paper, broadcaster or platform.
    medium: bool

    def to_json(self) -> dict[str, Any]:
        """All of it; `actor` is the id, if the ledger knows who it is."""
        told = {"id": self.id, "name": self.name, "type": self.type, "country": self.country}
        return {**told, "actor": self.id if self.known else None, "medium": self.medium}


@dataclass(frozen=True, slots=True)
class Citation:
    """One cites another, in some statements."""

    #: Ids: who cites, and who is cited.
    one: str
    other: str
    #: Statements that came through the one, and statements in which the one tells what the other says.
    carried: int
    told: int
    #: Outlets that published them, those with the most first.
    outlets: tuple[str, ...]
    #: Days of publication.
    first: date
    last: date
    #: The statements, the newest first: keys and ids.
    keys: tuple[int, ...]
    statements: tuple[str, ...]

    @property
    def count(self) -> int:
        """Statements."""
        return len(self.keys)

    def to_json(self) -> dict[str, Any]:
        """All of it, the newest statements by id."""
        days = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        counts = {"count": self.count, "carried": self.carried, "told": self.told}
        return {"one": self.one, "other": self.other, **counts, "outlets": list(self.outlets), **days, "statements": list(self.statements[:NAMED])}


@dataclass(frozen=True, slots=True)
class Citations:
    """Who cites whom."""

    #: By id.
    parties: Mapping[str, Party]
    #: Those of most statements first.
    ties: Sequence[Citation]
    #: How many statements were looked at; whether that is all there are of these days; and the day of the oldest.
    looked_at: int
    whole: bool
    since: date | None
    #: Statements with a chain whose speaker has no name or is not known: they are nobody's.
    unnamed: int


@dataclass(slots=True)
class _Found:
    """A tie while it is gathered: keys of its statements with their ids and outlets."""

    carried: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    told: dict[int, tuple[str, int | None]] = field(default_factory=dict)


#: An actor by its key, or one without by name and type.
_Who = int | tuple[str, str]


def citations_of(connection: Connection, *, since: date | None = None, until: date | None = None, min_score: float = LEAST, most: int = NEWEST) -> Citations:
    """Who cites whom, in the newest statements of some days.

    Links of a chain are names. One is taken for the actor that bears it, if exactly one does (of its type, if several do); else it stays a name.
    What people corrected counts: the speaker as it stands, and no statement that was judged wrong.

    Args:
        connection: A reading one.
        since: First day of publication.
        until: Last day, likewise.
        min_score: What a machine's position must have so that telling it counts.
        most: Statements to look at.
    """
    s = statements.c
    low, past = day_range(since, until)
    within = [s.shown, *([s.key >= low] if low is not None else []), *([s.key < past] if past is not None else [])]
    # Most have no chain: those are only counted.
    entry = case((s.entry.like('%"h":[[%'), s.entry), else_=null()).label("entry")
    rows = connection.execute(select(s.key, s.id, s.speaker_key, s.outlet_key, entry).where(*within).order_by(s.key.desc()).limit(most + 1)).all()
    looked_at = rows[:most]
    found: defaultdict[tuple[_Who, _Who], _Found] = defaultdict(_Found)
    unnamed = 0
    for row in looked_at:
        links = {(name, type_) for name, type_, *_ in json.loads(row.entry).get("h", ()) if name and type_ not in _NOBODY} if row.entry else set()
        unnamed += bool(links) and row.speaker_key is None
        if row.speaker_key is not None:
            for link in links:
                found[link, row.speaker_key].carried[row.key] = row.id, row.outlet_key
    if looked_at:
        _add_told(connection, found, looked_at[-1].key, looked_at[0].key, min_score)
    parties, who = _parties(connection, {w for pair in found for w in pair})
    merged: defaultdict[tuple[str, str], _Found] = defaultdict(_Found)
    for (one, other), tie in found.items():
        if who[one] != who[other]:
            merged[who[one], who[other]].carried.update(tie.carried)
            merged[who[one], who[other]].told.update(tie.told)
    papers = _papers(connection, {paper for t in merged.values() for d in (t.carried, t.told) for _, paper in d.values() if paper is not None})
    ties = sorted((_tie(*pair, tie, papers) for pair, tie in merged.items()), key=lambda c: (-c.count, -c.last.toordinal(), c.one, c.other))
    there = {i for t in ties for i in (t.one, t.other)}
    oldest = date.fromordinal(looked_at[-1].key // DAY) if looked_at else None
    return Citations({i: parties[i] for i in sorted(there)}, ties, len(looked_at), len(rows) <= most, oldest, unnamed)


def _add_told(connection: Connection, found: defaultdict[tuple[_Who, _Who], _Found], first: int, last: int, min_score: float) -> None:
    """What speakers say that others say, in the statements of some keys."""
    s, p = statements.c, positions.c
    columns = p.statement_key, p.actor_key, p.holder, p.holder_cells, s.id, s.speaker_key, s.outlet_key
    asked = select(*columns).select_from(positions.join(statements, s.key == p.statement_key))
    asked = asked.where(p.statement_key >= first, p.statement_key <= last, p.reported, p.counts, p.sure >= min_score, s.shown, s.speaker_key.is_not(None))
    for row in connection.execute(asked):
        holder: _Who | None = row.actor_key
        if holder is None:
            cells = json.loads(row.holder_cells) if row.holder_cells else (None, row.holder, _SOMEBODY)
            holder = (cells[1], cells[2]) if cells[1] and cells[2] not in _NOBODY else None
        if holder is not None:
            found[row.speaker_key, holder].told[row.statement_key] = row.id, row.outlet_key


def _tie(one: str, other: str, tie: _Found, papers: Mapping[int, str]) -> Citation:
    every = tie.carried | tie.told
    keys = sorted(every, reverse=True)
    printed = Counter(papers[paper] for _, paper in every.values() if paper is not None)
    names = sorted(printed, key=lambda n: (-printed[n], n))
    oldest, newest = (date.fromordinal(keys[n] // DAY) for n in (-1, 0))
    return Citation(one, other, len(tie.carried), len(tie.told), tuple(names), oldest, newest, tuple(keys), tuple(every[k][0] for k in keys))


def _papers(connection: Connection, keys: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in chunks(keys):
        found |= dict(connection.execute(select(outlets.c.key, outlets.c.name).where(outlets.c.key.in_(some))).all())
    return found


# Who they are -----------------------------------------------------------------------------------------------------------------------


def _parties(connection: Connection, every: Iterable[_Who]) -> tuple[dict[str, Party], dict[_Who, str]]:
    """Who they are by id, and the id of each."""
    keys = {w for w in every if isinstance(w, int)}
    names = {w for w in every if not isinstance(w, int)}
    bearers = _bearers(connection, {n for n, _ in names})
    rows = _rows(connection, keys | {k for some in bearers.values() for k in some})
    media = _media(connection, {n for n, _ in names} | {rows[k].name for k in rows})
    parties: dict[str, Party] = {}
    who: dict[_Who, str] = {}
    for key in keys:
        _known(rows[key], key, media, parties, who)
    # A name may be written in several ways: the first by the alphabet is shown.
    for name, type_ in sorted(names):
        if (row := _borne(type_, [rows[k] for k in bearers.get(name, ())])) is not None:
            _known(row, (name, type_), media, parties, who)
            continue
        id_ = stable_id("o1", folded(name))
        parties.setdefault(id_, Party(id_, name, type_, None, known=False, medium=type_ == ActorType.ORGANIZATION and name in media))
        who[name, type_] = id_
    return parties, who


def _known(row: Any, one: _Who, media: Collection[str], parties: dict[str, Party], who: dict[_Who, str]) -> None:  # noqa: ANN401 - a row
    medium = row.type == ActorType.ORGANIZATION and row.name in media
    parties[row.id] = Party(row.id, row.name, row.type, row.country, known=True, medium=medium)
    who[one] = row.id


def _rows(connection: Connection, keys: Iterable[int]) -> dict[int, Any]:
    """Rows of actors by key; of one that is joined with another, that other's."""
    a = actors.c
    found: dict[int, Any] = {}
    wanted, joined = set(keys), dict[int, int]()
    while wanted:
        for some in chunks(wanted):
            found |= {r.key: r for r in connection.execute(select(a.key, a.id, a.name, a.type, a.country, a.joined).where(a.key.in_(some)))}
        joined |= {k: r.joined for k, r in found.items() if r.joined is not None}
        wanted = set(joined.values()) - found.keys()
    return {k: found[joined.get(k, k)] for k in found}


def _bearers(connection: Connection, names: Iterable[str]) -> dict[str, set[int]]:
    """Keys of the actors that bear each of some names; found by the longest word of each, which few have."""
    spelt: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for name in names:
        if words := name_words(name):
            spelt[max(sorted(words), key=len), folded(name)].add(name)
    found: dict[str, set[int]] = {}
    joined = actor_words.join(actor_names, actor_names.c.actor_key == actor_words.c.actor_key)
    asked = select(actor_words.c.word, actor_names.c.actor_key, actor_names.c.name).select_from(joined)
    for some in chunks({word for word, _ in spelt}):
        for row in connection.execute(asked.where(actor_words.c.word.in_(some))):
            for name in spelt.get((row.word, folded(row.name)), ()):
                found.setdefault(name, set()).add(row.actor_key)
    return found


def _borne(type_: str, rows: Iterable[Any]) -> Any:  # noqa: ANN401 - a row
    """The actor that a link of a chain means: the only one that bears its name, or the only one of its type that does; None if that is open."""
    every = {r.key: r for r in rows}.values()
    alike = [r for r in every if r.type == type_]
    fit = alike if len(alike) == 1 else [*every] if len(every) == 1 else []
    if not fit or type_ == _SOMEBODY:
        return fit[0] if fit else None
    # A person and an organization of one name are not one.
    return fit[0] if (type_ == ActorType.PERSON) == (fit[0].type == ActorType.PERSON) else None


def _media(connection: Connection, names: Iterable[str]) -> set[str]:
    """Which names are those of outlets: of the ledger's own, or by their words."""
    every = set(names)
    own: set[str] = set()
    for some in chunks(every):
        own |= set(connection.execute(select(outlets.c.name).where(outlets.c.name.in_(some))).scalars())
    return {n for n in every if n in own or is_outlet(n)}
