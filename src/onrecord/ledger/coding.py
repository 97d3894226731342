"""Codings by hand: what people say of where somebody stands. Added, never changed; a coder's later one goes before the earlier.

What is coded, a unit, is a statement, an issue, and whose position it is: the speaker's, or another's of whom they speak. A position that is shown
without words (a vote, a signature) has instead of the statement the words of the article that tell of it, and the day. A coder's last coding of a unit is
what they say of it; one that is unsure says nothing, whatever the coder said before.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from onrecord.errors import StatementError, UsageError
from onrecord.ledger.agenda import newest_issue
from onrecord.ledger.keys import Keys, chunks
from onrecord.ledger.packing import condition_json, condition_of, dumped, stamp
from onrecord.ledger.tables import actors, articles, codings, issues, revisions, statements
from onrecord.ledger.words import tokens
from onrecord.positions import Act, Stance
from onrecord.text import Span, stable_id

__all__ = ["Coding", "Unit", "coded_articles", "codings_of", "codings_that_stand", "last_of_each", "record_codings", "take_back_coding", "unit_of"]


@dataclass(frozen=True, slots=True)
class Coding:
    """What a person says of where somebody stands: by a statement, or without words (a vote, a signature) by a place in an article."""

    #: Id of the article.
    article: str
    #: Id of the statement; None for a position that is shown without words.
    statement: str | None
    #: What was said, or the words of the article that tell of it.
    words: str
    #: Id of the issue.
    issue: str
    #: None: no position on this issue.
    stance: Stance | None
    by: str
    on: datetime
    #: Looked at, and left open: it does not count.
    unsure: bool = False
    note: str | None = None
    #: What is done by saying it; None: not coded.
    act: Act | None = None
    #: What must hold first, in the text of `revision`.
    condition: tuple[Span, ...] = ()
    #: Whose position it is: id of the actor, or the name of one without; None for the statement's own speaker. Without words, always the actor's id.
    holder: str | None = None
    #: Id of the text that the spans point into.
    revision: str | None = None
    #: Without words: where the article tells of it.
    span: Span | None = None
    #: Without words: when it was.
    day: date | None = None
    #: Whether the machine's coding and those of others were hidden from the coder.
    blind: bool = False

    def __post_init__(self) -> None:
        """Refuse what nobody answers for, and what cannot be meant.

        Raises:
            UsageError: It says not who, or has no time zone; or it has neither statement nor place, actor and day.
        """
        if not self.by.strip() or self.on.tzinfo is None:
            raise UsageError("a coding says who decided, and when", item=self.statement or self.article, hint="give a name, and a moment with a time zone")
        if self.statement is None and (self.span is None or self.revision is None or self.holder is None or self.day is None):
            raise UsageError("a coding without a statement needs actor, day, and the words that tell of it", item=self.article)

    @property
    def id(self) -> str:
        """`c1:` and a hash of what was coded, how, by whom and when."""
        place = self.statement or f"{self.revision} {self.span.start if self.span else ''}"
        what = (self.issue, self.holder or "", "unsure" if self.unsure else str(self.stance), str(self.act))
        return stable_id("c1", self.article, place, *what, self.by, stamp(self.on))

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "id": self.id,
            "article": self.article,
            "statement": self.statement,
            "words": self.words,
            "issue": self.issue,
            "stance": str(self.stance) if self.stance else None,
            "unsure": self.unsure,
            "act": str(self.act) if self.act else None,
            "condition": [s.to_json() for s in self.condition],
            "holder": self.holder,
            "revision": self.revision,
            "span": self.span.to_json() if self.span else None,
            "day": self.day.isoformat() if self.day else None,
            "by": self.by,
            "on": self.on.isoformat(),
            "note": self.note,
            "blind": self.blind,
        }


#: (article, statement or the words that tell of it, issue, holder, day).
Unit = tuple[str, str, str, str | None, date | None]


def unit_of(coding: Coding) -> Unit:
    """What was coded; the same for every coder and in every revision."""
    if coding.statement is not None:
        return coding.article, coding.statement, coding.issue, coding.holder, None
    return coding.article, " ".join(tokens(coding.words)), coding.issue, coding.holder, coding.day


def last_of_each(every: Iterable[Coding]) -> list[Coding]:
    """Each coder's last coding of each unit, oldest first; unsure ones, too."""
    last: dict[tuple[Unit, str], Coding] = {}
    for coding in every:
        last.pop((unit_of(coding), coding.by), None)
        last[unit_of(coding), coding.by] = coding
    return list(last.values())


def record_codings(connection: Connection, every: Iterable[Coding]) -> list[Coding]:
    """Add codings; one that is there already changes nothing.

    Returns:
        Those that were new.

    Raises:
        UsageError: Statement, issue, holder or text is not in the ledger.
        StatementError: A span does not hold the words it claims.
    """
    keys, new = Keys(connection), []
    given = {c.id: c for c in every}
    known: set[str] = set()
    for some in chunks(given):
        known |= set(connection.execute(select(codings.c.id).where(codings.c.id.in_(some))).scalars())
    for name, coding in given.items():
        issue, _ = newest_issue(connection, coding.issue)
        if name in known:
            continue
        _check(connection, coding)
        connection.execute(insert(codings), _row(coding) | {"key": keys.next(codings), "issue_key": issue})
        new.append(coding)
    return new


def take_back_coding(connection: Connection, coding: str, *, by: str, on: datetime, note: str | None = None) -> str:
    """Take a coding back: what its coder said before stands again.

    Returns:
        Id of the article.

    Raises:
        UsageError: There is none of this id, or it was taken back before.
    """
    row = connection.execute(select(codings).where(codings.c.id == coding)).first()
    revoked = connection.execute(select(codings.c.key).where(codings.c.revokes == coding)).first()
    if row is None or row.revokes is not None or revoked is not None:
        raise UsageError("there is no such coding, or it was taken back", item=coding, hint="give an id such as c1:…")
    if not by.strip() or on.tzinfo is None:
        raise UsageError("taking back says who decided, and when", item=coding, hint="give a name, and a moment with a time zone")
    nothing = dict.fromkeys(("stance", "act", "condition", "holder", "revision", "span", "day"))
    said = {"id": stable_id("c1", "revoke", coding, by, stamp(on)), "unsure": False, "blind": False, "by": by, "on": stamp(on), "note": note}
    kept = {"article": row.article, "statement": row.statement, "words": row.words, "issue_key": row.issue_key, "revokes": coding}
    connection.execute(insert(codings), nothing | said | kept | {"key": Keys(connection).next(codings)})
    return str(row.article)


def codings_of(
    connection: Connection,
    *,
    issue: str | None = None,
    by: str | None = None,
    statement: str | None = None,
    articles: Sequence[str] = (),
    everything: bool = False,
) -> Iterator[Coding]:
    """Codings that were not taken back, oldest first; each coder's last one of each unit.

    Args:
        connection: A reading one.
        issue: Only of this issue.
        by: Only by this person.
        statement: Only of the statement of this id.
        articles: Only in the articles of these ids, of which one question holds so many.
        everything: Also those that a later one of the coder goes before.
    """
    where = [column == value for column, value in ((issues.c.id, issue), (codings.c.by, by), (codings.c.statement, statement)) if value is not None]
    where += [codings.c.article.in_(articles)] if articles else []
    revoked = select(codings.c.revokes).where(codings.c.revokes.is_not(None))
    query = select(codings, issues.c.id.label("issue")).select_from(codings.join(issues, issues.c.key == codings.c.issue_key))
    query = query.where(codings.c.revokes.is_(None), codings.c.id.not_in(revoked), *where).order_by(codings.c.on, codings.c.key)
    found = _codings(connection, connection.execute(query).mappings().all())
    yield from found if everything else last_of_each(found)


def codings_that_stand(connection: Connection, article_ids: Iterable[str]) -> dict[str, list[Coding]]:
    """Each coder's last coding of each unit, by id of the article, oldest first."""
    found: dict[str, list[Coding]] = defaultdict(list)
    for some in chunks(coded_articles(connection, article_ids)):
        for coding in codings_of(connection, articles=some):
            found[coding.article].append(coding)
    return found


def coded_articles(connection: Connection, article_ids: Iterable[str]) -> list[str]:
    """Which of some articles anybody coded something in."""
    return [
        a
        for some in chunks(dict.fromkeys(article_ids))
        for a in connection.execute(select(codings.c.article).where(codings.c.article.in_(some)).distinct()).scalars()
    ]


def _codings(connection: Connection, rows: Sequence[Mapping[Any, Any]]) -> list[Coding]:
    texts: dict[str, str] = {}
    for some in chunks({r["revision"] for r in rows if r["revision"] and (r["condition"] or r["span"])}):
        texts |= dict(connection.execute(select(revisions.c.id, revisions.c.text).where(revisions.c.id.in_(some))).all())
    found = []
    for row in rows:
        text = texts.get(row["revision"], "")
        span = Span.of(text, *json.loads(row["span"])) if row["span"] else None
        day = date.fromisoformat(row["day"]) if row["day"] else None
        stance, act = Stance(row["stance"]) if row["stance"] else None, Act(row["act"]) if row["act"] else None
        cells: dict[str, Any] = {n: row[n] for n in ("article", "statement", "words", "issue", "by", "note", "holder", "revision")}
        cells |= {"unsure": bool(row["unsure"]), "blind": bool(row["blind"]), "on": datetime.fromisoformat(row["on"]), "stance": stance, "act": act}
        found.append(Coding(**cells, condition=condition_of(row["condition"], text), span=span, day=day))
    return found


def _row(coding: Coding) -> dict[str, Any]:
    return {
        "id": coding.id,
        "article": coding.article,
        "statement": coding.statement,
        "words": coding.words,
        "stance": str(coding.stance) if coding.stance else None,
        "unsure": coding.unsure,
        "act": str(coding.act) if coding.act else None,
        "condition": condition_json(coding.condition),
        "holder": coding.holder,
        "revision": coding.revision,
        "span": dumped([coding.span.start, coding.span.end]) if coding.span else None,
        "day": coding.day.isoformat() if coding.day else None,
        "by": coding.by,
        "on": stamp(coding.on),
        "note": coding.note,
        "blind": coding.blind,
        "revokes": None,
    }


def _check(connection: Connection, coding: Coding) -> None:
    of = select(revisions.c.text).join(articles, articles.c.key == revisions.c.article_key).where(articles.c.id == coding.article)
    if coding.statement is not None:
        known = of.join(statements, statements.c.revision_key == revisions.c.key).where(statements.c.id == coding.statement)
        if connection.execute(known).first() is None:
            raise UsageError("no such statement in this article", item=coding.statement, hint="give an id such as s1:…, as `onrecord search` shows them")
    spans = (*coding.condition, *((coding.span,) if coding.span else ()))
    if spans:
        text = connection.execute(of.where(revisions.c.id == coding.revision)).scalar()
        if text is None:
            raise UsageError("no such text of this article", item=coding.revision or coding.article, hint="a coding with spans names the revision: r1:…")
        for span in spans:
            span.check(text)
    if coding.span and coding.span.exact != coding.words:
        raise StatementError("the words are not those of the span", item=coding.words)
    named = coding.holder is not None and (coding.statement is None or coding.holder.startswith("a1:"))
    if named and connection.execute(select(actors.c.key).where(actors.c.id == coding.holder)).first() is None:
        raise UsageError("there is no such actor", item=coding.holder, hint="`onrecord actor NAME` shows ids; `onrecord roster add` adds actors")
