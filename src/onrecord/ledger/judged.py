"""What people judged of a statement: all of it, what stands and what was taken back, with who, when and why."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from onrecord.ledger.coding import codings_of
from onrecord.ledger.hits import Hit
from onrecord.ledger.keys import chunks
from onrecord.ledger.tables import actors, codings, issues, judgements
from onrecord.ledger.words import tokens

__all__ = ["Judged", "TakenBack", "judgements_of"]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Who took something back, when and why."""

    id: str
    by: str
    on: datetime
    note: str | None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"id": self.id, "by": self.by, "on": self.on.isoformat(), "note": self.note}


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement of a statement, or a coding of where its speaker stands, as it is in the ledger."""

    #: `j1:…`, or `c1:…` of a coding.
    id: str
    #: Id of the statement that it was made of; it may have been carried over to another.
    statement: str
    #: `right`, `wrong`, `speaker`, `corrected`; `coded` for a coding.
    verdict: str
    #: Id and name of the actor who spoke, with `speaker`.
    speaker: tuple[str, str] | None
    #: What is right instead, with `corrected`: cells with offsets, and the `revision` they are of. With `coded`: issue, stance, act, unsure, holder.
    value: Mapping[str, Any] | None
    by: str
    on: datetime
    note: str | None
    #: Whether it stands; a later one may go before it all the same.
    stands: bool
    taken_back: TakenBack | None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "id": self.id,
            "statement": self.statement,
            "verdict": self.verdict,
            "speaker": {"id": self.speaker[0], "name": self.speaker[1]} if self.speaker else None,
            "value": dict(self.value) if self.value is not None else None,
            "by": self.by,
            "on": self.on.isoformat(),
            "note": self.note,
            "stands": self.stands,
            "taken_back": self.taken_back.to_json() if self.taken_back else None,
        }


def judgements_of(connection: Connection, hits: Iterable[Hit]) -> dict[int, list[Judged]]:
    """All judgements and codings of some statements, oldest first, by key of the statement; also those that were carried over to it.

    Args:
        connection: A reading one.
        hits: The statements.
    """
    hits = list(hits)
    names = {h.where.article for h in hits}
    rows: dict[str, list[Row[Any]]] = defaultdict(list)
    for some in chunks(names):
        for row in connection.execute(select(judgements).where(judgements.c.article.in_(some)).order_by(judgements.c.on, judgements.c.key)):
            rows[row.article].append(row)
    coded = {name: list(_coded(connection, name)) for name in names}
    if not rows and not any(coded.values()):
        return {}
    every = [r for of in rows.values() for r in of]
    revoked = _revocations(connection, {r.id for r in every})
    wanted = {r.right for r in every if r.right}
    known = {a: n for some in chunks(wanted) for a, n in connection.execute(select(actors.c.id, actors.c.name).where(actors.c.id.in_(some)))}
    out: dict[int, list[Judged]] = {}
    for hit in hits:
        words = tokens(hit.content)
        mine = [r for r in rows[hit.where.article] if r.left == hit.id or (words and tokens(r.words or "") == words)]
        made = [_judged(r, known, revoked) for r in mine]
        made += [j for name, said, j in coded[hit.where.article] if name == hit.id or (words and said == words)]
        if made:
            out[hit.key] = sorted(made, key=lambda j: j.on)
    return out


def _judged(row: Row[Any], known: Mapping[str, str], revoked: Mapping[str, Sequence[Row[Any]]]) -> Judged:
    back = [r for r in revoked.get(row.id, ()) if _stands(r.id, revoked)]
    taken = TakenBack(back[0].id, back[0].by, datetime.fromisoformat(back[0].on), back[0].note) if back else None
    speaker = (row.right, known.get(row.right, row.right)) if row.right else None
    value = json.loads(row.value) if row.value else None
    return Judged(row.id, row.left, row.verdict, speaker, value, row.by, datetime.fromisoformat(row.on), row.note, not back, taken)


def _stands(name: str, revoked: Mapping[str, Sequence[Row[Any]]]) -> bool:
    return not any(_stands(r.id, revoked) for r in revoked.get(name, ()))


def _revocations(connection: Connection, names: set[str]) -> dict[str, list[Row[Any]]]:
    """What takes back some judgements, and what takes that back, and so on: by id of what is taken back."""
    out: dict[str, list[Row[Any]]] = defaultdict(list)
    while names:
        found: list[Row[Any]] = []
        for some in chunks(names):
            found += connection.execute(select(judgements).where(judgements.c.about == "judgement", judgements.c.left.in_(some)))
        for row in found:
            out[row.left].append(row)
        names = {r.id for r in found}
    return out


def _coded(connection: Connection, article: str) -> Iterable[tuple[str | None, list[str], Judged]]:
    """Codings of statements of an article: the statement, the words, the coding."""
    query = select(codings, issues.c.id.label("issue")).select_from(codings.join(issues, issues.c.key == codings.c.issue_key))
    rows = connection.execute(query.where(codings.c.article == article, codings.c.statement.is_not(None)).order_by(codings.c.on, codings.c.key)).all()
    back = {r.revokes: TakenBack(r.id, r.by, datetime.fromisoformat(r.on), r.note) for r in rows if r.revokes is not None}
    last = {c.id for c in codings_of(connection, articles=[article])} if rows else set()
    for r in rows:
        if r.revokes is None:
            value = {"issue": r.issue, "stance": r.stance, "act": r.act, "unsure": bool(r.unsure), "holder": r.holder}
            made = Judged(r.id, r.statement, "coded", None, value, r.by, datetime.fromisoformat(r.on), r.note, r.id in last, back.get(r.id))
            yield r.statement, list(tokens(r.words or "")), made
