"""What language models propose, and which suggested issues people refused: the part of `Ledger` that is put to people to decide.

A proposal counts for nothing, and takes the place of nothing. A person who accepts one makes a coding by hand of it; the proposal stays beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from onrecord.errors import UsageError
from onrecord.ledger import suggesting
from onrecord.ledger.agenda import newest_issue
from onrecord.ledger.database import Database
from onrecord.ledger.hits import Hit, hits_of
from onrecord.ledger.keys import Keys, chunks
from onrecord.ledger.packing import condition_json, condition_of, dumped, stamp
from onrecord.ledger.suggesting import SuggestionJudgement
from onrecord.ledger.tables import articles, issues, proposals, revisions, statements
from onrecord.positions import Act, Stance
from onrecord.positions.suggesting import Candidate, Refused
from onrecord.text import Span, stable_id

__all__ = ["Proposed", "Proposing"]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a language model answered about one statement and one issue."""

    #: Id of the article.
    article: str
    #: Id of the statement.
    statement: str
    #: What was said.
    words: str
    #: Id of the issue.
    issue: str
    #: None: no position on the issue, or the answer was refused.
    stance: Stance | None
    #: Id of the text that the spans point into.
    revision: str
    #: `llm:MODEL@HOST+VERSION`.
    coder: str
    #: `h1:` and a hash of all it was asked.
    prompt: str
    on: datetime
    #: Id of an actor, or the name of one without; None for the speaker's own position.
    holder: str | None = None
    act: Act | None = None
    condition: tuple[Span, ...] = ()
    #: The words that show it.
    evidence: Span | None = None
    #: Why the answer was refused; None if it holds.
    refused: str | None = None

    @property
    def id(self) -> str:
        """`p1:` and a hash of what was proposed, by what and when."""
        what = (self.issue, self.holder or "", str(self.stance), self.refused or "")
        return stable_id("p1", self.article, self.statement, *what, self.coder, self.prompt, stamp(self.on))

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "id": self.id,
            "article": self.article,
            "statement": self.statement,
            "words": self.words,
            "issue": self.issue,
            "holder": self.holder,
            "stance": str(self.stance) if self.stance else None,
            "act": str(self.act) if self.act else None,
            "condition": [s.to_json() for s in self.condition],
            "evidence": self.evidence.to_json() if self.evidence else None,
            "revision": self.revision,
            "coder": self.coder,
            "prompt": self.prompt,
            "on": self.on.isoformat(),
            "refused": self.refused,
        }


class Proposing:
    """Suggested issues and proposed positions. `Ledger` is one."""

    database: Database

    def candidates(self, *, since: date | None = None, until: date | None = None, limit: int | None = None) -> list[Candidate]:
        """Statements that put something forward, the newest first: what issues are suggested from.

        Args:
            since: First day of publication.
            until: Last day.
            limit: How many at most.
        """
        with self.database.reading() as connection:
            return list(suggesting.candidates(connection, since=since, until=until, limit=limit))

    def contents(self, *, limit: int) -> list[str]:
        """What was said in the newest statements of any act, to tell which words are common."""
        with self.database.reading() as connection:
            return suggesting.contents(connection, limit=limit)

    def judge_suggestion(self, judgement: SuggestionJudgement) -> bool:
        """Refuse an issue that was suggested, or take that back: whether it was new.

        Raises:
            UsageError: It says not who decided, or takes back what was not refused.
        """
        with self.database.writing() as connection:
            return suggesting.judge_suggestion(connection, judgement)

    def refused_suggestions(self) -> Sequence[Refused]:
        """Suggestions that were refused, the oldest first."""
        with self.database.reading() as connection:
            return suggesting.refused_suggestions(connection)

    def propose(self, every: Iterable[Proposed]) -> int:
        """Keep what a language model proposed: how many were new. Nothing that stands is changed by it.

        Raises:
            UsageError: A statement or an issue is not in the ledger.
            StatementError: A span does not hold the words it claims.
        """
        with self.database.writing() as connection:
            return _record(connection, every)

    def proposals(self, *, issue: str | None = None, coder: str | None = None, statement: str | None = None, refused: bool = False) -> Iterator[Proposed]:
        """What language models proposed, oldest first.

        Args:
            issue: Only on this issue.
            coder: Only by this one.
            statement: Only of the statement of this id.
            refused: Also answers that were refused, and answers that there is no position.
        """
        with self.database.reading() as connection:
            yield from _proposals(connection, issue=issue, coder=coder, statement=statement, refused=refused)

    def proposal(self, name: str) -> Proposed:
        """The proposal of an id.

        Raises:
            UsageError: There is none.
        """
        with self.database.reading() as connection:
            found = next(_proposals(connection, name=name, refused=True), None)
        if found is None:
            raise UsageError("there is no such proposal", item=name, hint="give an id such as p1:…, as `onrecord propose --list` shows them")
        return found

    def beside(self, hit: Hit) -> tuple[str, list[Hit]]:
        """The text that a statement stands in, and all statements of the same reading of it, in order."""
        of = select(statements.c.revision_key, statements.c.reading_key).where(statements.c.key == hit.key)
        with self.database.reading() as connection:
            revision, reading = connection.execute(of).one()
            text = connection.execute(select(revisions.c.text).where(revisions.c.key == revision)).scalar_one()
            keys = select(statements.c.key).where(statements.c.revision_key == revision, statements.c.reading_key == reading).order_by(statements.c.key)
            return text, list(hits_of(connection, connection.execute(keys).scalars()))

    def asked(self, issue: str, coder: str) -> set[str]:
        """Ids of the statements that a language model was asked about, for the newest version of an issue.

        Raises:
            UsageError: There is no such issue.
        """
        with self.database.reading() as connection:
            key, _ = newest_issue(connection, issue)
            return set(connection.execute(select(proposals.c.statement).where(proposals.c.issue_key == key, proposals.c.coder == coder)).scalars())


def _record(connection: Connection, every: Iterable[Proposed]) -> int:
    given = {p.id: p for p in every}
    known: set[str] = set()
    for some in chunks(given):
        known |= set(connection.execute(select(proposals.c.id).where(proposals.c.id.in_(some))).scalars())
    keys, rows = Keys(connection), []
    for name, one in given.items():
        if name in known:
            continue
        of = select(revisions.c.text).join(articles, articles.c.key == revisions.c.article_key)
        of = of.join(statements, statements.c.revision_key == revisions.c.key)
        found = of.where(articles.c.id == one.article, revisions.c.id == one.revision, statements.c.id == one.statement)
        text = connection.execute(found).scalars().first()
        if text is None:
            raise UsageError("no such statement in this article", item=one.statement, hint="give an id such as s1:…, as `onrecord search` shows them")
        for span in (*one.condition, *((one.evidence,) if one.evidence else ())):
            span.check(text)
        version, _ = newest_issue(connection, one.issue)
        rows.append({"key": keys.next(proposals), "issue_key": version} | _row(one))
    if rows:
        connection.execute(insert(proposals), rows)
    return len(rows)


def _row(one: Proposed) -> dict[str, Any]:
    cells: dict[str, Any] = {n: getattr(one, n) for n in ("id", "article", "statement", "words", "holder", "revision", "coder", "prompt", "refused")}
    cells |= {"stance": str(one.stance) if one.stance else None, "act": str(one.act) if one.act else None, "on": stamp(one.on)}
    return cells | {"condition": condition_json(one.condition), "evidence": dumped([one.evidence.start, one.evidence.end]) if one.evidence else None}


def _proposals(
    connection: Connection,
    *,
    issue: str | None = None,
    coder: str | None = None,
    statement: str | None = None,
    name: str | None = None,
    refused: bool = False,
) -> Iterator[Proposed]:
    p = proposals.c
    given = ((issues.c.id, issue), (p.coder, coder), (p.statement, statement), (p.id, name))
    where = [column == value for column, value in given if value is not None] + ([] if refused else [p.stance.is_not(None), p.refused.is_(None)])
    query = select(proposals, issues.c.id.label("issue")).select_from(proposals.join(issues, issues.c.key == p.issue_key)).where(*where)
    rows = connection.execute(query.order_by(p.on, p.key)).mappings().all()
    texts: dict[str, str] = {}
    for some in chunks({r["revision"] for r in rows}):
        texts |= dict(connection.execute(select(revisions.c.id, revisions.c.text).where(revisions.c.id.in_(some))).all())
    yield from (_proposed(row, texts.get(row["revision"], "")) for row in rows)


def _proposed(row: Mapping[Any, Any], text: str) -> Proposed:
    cells: dict[str, Any] = {n: row[n] for n in ("article", "statement", "words", "issue", "holder", "revision", "coder", "prompt", "refused")}
    cells |= {"stance": Stance(row["stance"]) if row["stance"] else None, "act": Act(row["act"]) if row["act"] else None}
    evidence = Span.of(text, *json.loads(row["evidence"])) if row["evidence"] else None
    return Proposed(**cells, on=datetime.fromisoformat(row["on"]), condition=condition_of(row["condition"], text), evidence=evidence)
