"""Judgements in the ledger: added, never changed, and what they amount to now.

About actors they are those of `onrecord.actors.judgements`. About a statement a person says that it is right, that it is wrong, who really spoke, or
what else of it is right instead: its words, its kind, its day. The machine's value stays beside it. A newer reading, or a newer text of the article,
makes the statement anew: the judgement is carried over to the one statement there that has the same words, and to none if there are two or they changed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from onrecord.actors.judgements import Decision, Identity, Judgement, Revocation, Ruling
from onrecord.errors import UsageError
from onrecord.ledger.correcting import Correction, Texts, as_read, follow
from onrecord.ledger.fulltext import index_rows, unindex_rows
from onrecord.ledger.keys import Keys, chunks
from onrecord.ledger.matching import same_statement
from onrecord.ledger.packing import dumped, stamp
from onrecord.ledger.settling import settle
from onrecord.ledger.tables import actors, articles, judgements, readings, revisions, statements
from onrecord.ledger.texts import texts_of
from onrecord.text import stable_id

__all__ = [
    "StatementJudgement",
    "Verdict",
    "carry_over",
    "decisions",
    "identity_of",
    "judge_statement",
    "record",
    "settle_actors",
    "standing",
    "take_back",
    "texts_corrected",
]


class Verdict(StrEnum):
    """What a person says of a statement."""

    #: It is there, and the speaker is right.
    RIGHT = "right"
    #: Nobody said this.
    WRONG = "wrong"
    #: It is there, and somebody else said it.
    SPEAKER = "speaker"
    #: It is there, with other words, of another kind, or of another day.
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class StatementJudgement:
    """A person's judgement of a statement."""

    #: Id of the statement, and of its article.
    statement: str
    article: str
    #: What was said.
    words: str
    verdict: Verdict
    #: Id of the actor who spoke, with `SPEAKER`.
    speaker: str | None
    by: str
    on: datetime
    note: str | None = None
    #: What is right instead, with `CORRECTED`; its offsets are of the statement's own text.
    value: Correction | None = None
    #: Id of that text, likewise.
    revision: str | None = None

    def __post_init__(self) -> None:
        """Refuse what says half of it.

        Raises:
            UsageError: A correction goes with `CORRECTED` and its text, and only with it.
        """
        if (self.value is not None) != (self.verdict is Verdict.CORRECTED) or (self.value is not None) != (self.revision is not None):
            raise UsageError("a correction goes with the verdict `corrected`, and only with it", item=self.statement, hint="say what is right instead")

    @property
    def id(self) -> str:
        """`j1:` and a hash of statement, verdict, who and when; of a correction, of what it says, too."""
        value = [dumped(self.value.cells())] if self.value else []
        return stable_id("j1", "statement", self.article, self.statement, str(self.verdict), self.speaker or "", self.by, stamp(self.on), *value)


# Actors -----------------------------------------------------------------------------------------------------------------------------


def decisions(connection: Connection) -> list[Decision]:
    """Everything decided about actors, and everything taken back, oldest first."""
    query = select(judgements).where(judgements.c.about != "statement").order_by(judgements.c.on, judgements.c.key)
    found: list[Decision] = []
    for row in connection.execute(query):
        on = datetime.fromisoformat(row.on)
        if row.about == "judgement":
            found.append(Revocation(row.left, row.by, on, row.note))
        else:
            found.append(Judgement(row.left, row.right, Ruling(row.verdict), row.by, on, row.note))
    return found


def identity_of(connection: Connection) -> Identity:
    """Which actors are one, by the judgements that stand."""
    return Identity(decisions(connection))


def record(connection: Connection, entries: Iterable[Decision | StatementJudgement]) -> int:
    """Add judgements; one that is there already changes nothing.

    Returns:
        How many were new.
    """
    rows = {row["id"]: row for row in map(_row, entries)}
    for some in chunks(list(rows)):
        for known in connection.execute(select(judgements.c.id).where(judgements.c.id.in_(some))).scalars():
            del rows[known]
    keys = Keys(connection)
    if rows:
        connection.execute(insert(judgements), [row | {"key": keys.next(judgements)} for row in rows.values()])
    return len(rows)


def settle_actors(connection: Connection) -> None:
    """Write down which actors are known under which, by the judgements that stand now."""
    identity = identity_of(connection)
    mentioned = {a for j in identity.judgements for a in (j.left, j.right)}
    rows: dict[str, Row[Any]] = {}
    for some in chunks(mentioned):
        rows |= {r.id: r for r in connection.execute(select(actors.c.id, actors.c.key, actors.c.joined).where(actors.c.id.in_(some)))}
    wanted: dict[int, int | None] = {}
    for id_, row in rows.items():
        # The canonical actor may be one that no article has named yet: then the first of its members that is there stands for it.
        first = next((m for m in identity.members(id_) if m in rows), id_)
        wanted[row.key] = None if first == id_ else rows[first].key
    joined = dict(connection.execute(select(actors.c.key, actors.c.joined).where(actors.c.joined.is_not(None))).all())
    wanted = dict.fromkeys(joined, None) | wanted
    change = [{"k": k, "j": j} for k, j in wanted.items() if joined.get(k) != j]
    if change:
        connection.execute(update(actors).where(actors.c.key == bindparam("k")).values(joined=bindparam("j")), change)


def take_back(connection: Connection, judgement: str, *, by: str, on: datetime, note: str | None = None) -> None:
    """Take a judgement back, of actors or of a statement; what follows from it is undone.

    Raises:
        UsageError: There is none of this id.
    """
    row = connection.execute(select(judgements).where(judgements.c.id == judgement)).first()
    if row is None:
        raise UsageError("there is no such judgement", item=judgement, hint="`onrecord actors log` lists them")
    record(connection, [Revocation(judgement, by, on, note)])
    settle_actors(connection)
    touched = {row.article} if row.article else set()
    if row.about == "judgement":
        touched |= set(connection.execute(select(judgements.c.article).where(judgements.c.id == row.left)).scalars()) - {None}
    for article in touched:
        _settle_article(connection, article)


# Statements -------------------------------------------------------------------------------------------------------------------------


def judge_statement(connection: Connection, judgement: StatementJudgement) -> None:
    """Add a judgement of a statement and follow it, in every reading of its article that holds the statement.

    Raises:
        UsageError: The statement or the right speaker is not in the ledger; or it says not who decided.
        StatementError: A correction names words that the statement's text does not hold.
    """
    if not judgement.by.strip() or judgement.on.tzinfo is None:
        raise UsageError("a judgement says who decided, and when", item=judgement.statement, hint="give a name, and a moment with a time zone")
    known = select(revisions.c.id, revisions.c.text).join_from(statements, revisions, revisions.c.key == statements.c.revision_key)
    known = known.join(articles, articles.c.key == revisions.c.article_key)
    text = connection.execute(known.where(statements.c.id == judgement.statement, articles.c.id == judgement.article)).first()
    if text is None:
        raise UsageError("no such statement in this article", item=judgement.statement, hint="give an id such as s1:…, as `onrecord search` shows them")
    if judgement.verdict is Verdict.SPEAKER and connection.execute(select(actors.c.key).where(actors.c.id == judgement.speaker)).first() is None:
        raise UsageError("there is no such actor", item=judgement.speaker, hint="`onrecord actor NAME` shows ids; `onrecord roster add` adds actors")
    if judgement.value is not None:
        if judgement.revision != text.id:
            raise UsageError("the statement is not of this text", item=judgement.revision, hint=f"its text is {text.id}")
        judgement.value.check(text.text)
    record(connection, [judgement])
    _settle_article(connection, judgement.article)


def standing(connection: Connection, article_ids: Iterable[str]) -> dict[str, list[Row[Any]]]:
    """Judgements of statements that stand: by id of the article, oldest first."""
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for some in chunks(set(article_ids)):
        for row in connection.execute(select(judgements).where(judgements.c.article.in_(some)).order_by(judgements.c.on, judgements.c.key)):
            found[row.article].append(row)
    if found:
        identity = identity_of(connection)
        found = {a: kept for a, rows in found.items() if (kept := [r for r in rows if identity.stands(r.id)])}
    return dict(found)


def carry_over(rows: Sequence[dict[str, Any]], judged: Sequence[Row[Any]], speakers: dict[str, int], *, revision: str, text: str, texts: Texts) -> None:
    """Follow judgements in the statements of one reading, in place; later judgements go before earlier ones.

    Args:
        rows: Rows of `statements`, of one reading, with the reader's own values.
        judged: Judgements of their article that stand, oldest first.
        speakers: Keys of actors by id.
        revision: Id of the text that was read.
        text: The text; needed if anything was corrected.
        texts: The texts that corrections are of.
    """
    for judgement in judged:
        row = same_statement(rows, judgement.left, judgement.words)
        if row is None:
            continue
        if judgement.verdict == Verdict.SPEAKER:
            row["speaker_key"], row["verdict"] = speakers.get(judgement.right), judgement.verdict
        elif judgement.verdict == Verdict.CORRECTED:
            cells = texts.carried(json.loads(judgement.value), revision, text)
            if cells:
                follow(row, cells)
                # It is there; who spoke stands as it was said before.
                row["verdict"] = row["verdict"] if row["verdict"] == Verdict.SPEAKER else None
        else:
            row["verdict"] = judgement.verdict
    for row in rows:
        row["shown"] = row["shown"] and row["verdict"] != Verdict.WRONG


def texts_corrected(connection: Connection, judged: Iterable[Row[Any]]) -> Texts:
    """The texts that the corrections among some judgements are of."""
    return Texts(texts_of(connection, {json.loads(j.value)["revision"] for j in judged if j.value}))


def _settle_article(connection: Connection, article: str) -> None:
    """Work out verdicts, speakers, corrections and what is shown of all statements of an article, and whose positions they show."""
    judged = standing(connection, [article]).get(article, [])
    speakers = dict(connection.execute(select(actors.c.id, actors.c.key).where(actors.c.id.in_([j.right for j in judged if j.right]))).all())
    joined = statements.join(revisions, revisions.c.key == statements.c.revision_key).join(articles, articles.c.key == revisions.c.article_key)
    joined = joined.join(readings, readings.c.key == statements.c.reading_key)
    columns = [statements.c[n] for n in ("key", "id", "content", "reading_key", "actor_key", *_SETTLED)]
    current = (articles.c.revision_key == revisions.c.key) & readings.c.superseded_by.is_(None)
    query = select(*columns, current.label("current"), revisions.c.id.label("revision")).select_from(joined).where(articles.c.id == article)
    by_reading: dict[int, list[dict[str, Any]]] = defaultdict(list)
    before: dict[int, dict[str, Any]] = {}
    for row in connection.execute(query):
        found = dict(row._mapping)  # noqa: SLF001 - how SQLAlchemy names it
        before[row.key] = {n: found[n] for n in _SETTLED} | {"shown": bool(row.shown)}
        anew = {"speaker_key": row.actor_key, "verdict": None, "shown": bool(row.current), "corrected": None} | as_read(row)
        by_reading[row.reading_key].append(found | anew)
    texts = texts_corrected(connection, judged)
    now = texts_of(connection, {rows[0]["revision"] for rows in by_reading.values()}) if any(j.value for j in judged) else {}
    change = []
    for rows in by_reading.values():
        name = rows[0]["revision"]
        carry_over(rows, judged, speakers, revision=name, text=now.get(name, ""), texts=texts)
        change += [r for r in rows if before[r["key"]] != {n: r[n] for n in _SETTLED}]
    if change:
        _write(connection, change, before)
        settle(connection, [article])


#: Columns of `statements` that follow from judgements.
_SETTLED = ("speaker_key", "verdict", "shown", "kind", "said_on", "corrected")


def _write(connection: Connection, change: Sequence[dict[str, Any]], before: dict[int, dict[str, Any]]) -> None:
    """Write what stands, so that SQLite's full text keeps up: of the first columns a trigger sees to that, of the last it does not."""
    for names in (_SETTLED[:3], _SETTLED[3:]):
        rows = [r for r in change if any(r[n] != before[r["key"]][n] for n in names)]
        if not rows:
            continue
        kinds = [r["key"] for r in rows if "kind" in names and r["kind"] != before[r["key"]]["kind"]]
        unindex_rows(connection, statements, kinds)
        values: dict[str, Any] = {n: bindparam(f"new_{n}") for n in names}
        given = [{"k": r["key"]} | {f"new_{n}": r[n] for n in names} for r in rows]
        connection.execute(update(statements).where(statements.c.key == bindparam("k")).values(values), given)
        index_rows(connection, statements, kinds)


def _row(entry: Decision | StatementJudgement) -> dict[str, Any]:
    row: dict[str, Any] = {"id": entry.id, "by": entry.by, "on": stamp(entry.on), "note": entry.note}
    row |= dict.fromkeys(("right", "article", "words", "value"))
    if isinstance(entry, Revocation):
        return row | {"about": "judgement", "left": entry.judgement, "verdict": "revoked"}
    if isinstance(entry, Judgement):
        return row | {"about": "actors", "left": entry.left, "right": entry.right, "verdict": str(entry.verdict)}
    about = {"about": "statement", "left": entry.statement, "right": entry.speaker, "verdict": str(entry.verdict)}
    value = dumped({"revision": entry.revision} | entry.value.cells()) if entry.value else None
    return row | about | {"article": entry.article, "words": entry.words, "value": value}
