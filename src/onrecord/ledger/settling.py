"""What stands of positions, worked out from what machines say and what people say.

What stands of a position: people's stance where any coded it, each coder by their last word; if coders differ, the position is disputed, and counts for no
stance; else the machine's. It counts if its statement is shown, no later machine took its place, somebody is known to hold it, and nobody says that there is
none. All of it is worked out anew for an article whenever anything about it changed, so that the order in which things came makes no difference.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from onrecord.ledger.agenda import issue_ids
from onrecord.ledger.coding import Coding, coded_articles, codings_that_stand
from onrecord.ledger.keys import Keys, chunks
from onrecord.ledger.matching import same_statement, still_says
from onrecord.ledger.packing import stamp
from onrecord.ledger.placing import Held, Holding, Placing, Stands, any_positions, is_held, stands_of
from onrecord.ledger.tables import articles, codings, positions, revisions, statements
from onrecord.ledger.words import tokens
from onrecord.positions import Stance

__all__ = ["settle", "settle_coded"]


def settle_coded(connection: Connection, article_ids: Iterable[str], *, made: str) -> None:
    """Work out what stands in those of some articles that people coded something in."""
    settle(connection, coded_articles(connection, article_ids), made=made)


def settle(connection: Connection, article_ids: Iterable[str], *, made: str | None = None) -> None:
    """Work out what stands of every position in some articles, and which act of every statement.

    Args:
        connection: A writing one.
        article_ids: Which.
        made: The moment to write down for what is new; that of the last coding, if not given.
    """
    wanted = list(dict.fromkeys(article_ids))
    if not wanted or not any_positions(connection):
        return
    issues = issue_ids(connection)
    coded = codings_that_stand(connection, wanted)
    for article in wanted:
        _Settling(connection, article, coded.get(article, []), issues).run(made)


class _Settling:
    """One article."""

    def __init__(self, connection: Connection, article: str, coded: Sequence[Coding], issues: Mapping[int, str]) -> None:
        self._connection, self._article, self._issues = connection, article, issues
        self._coded = [c for c in coded if not c.unsure]
        self._placing = Placing(connection, Keys(connection))
        self._holding = Holding(connection, self._placing)

    def run(self, made: str | None) -> None:
        last = max((c.on for c in self._coded), default=None)
        made = made or (stamp(last) if last else "")
        joined = statements.join(revisions, revisions.c.key == statements.c.revision_key).join(articles, articles.c.key == revisions.c.article_key)
        query = select(statements).select_from(joined).where(articles.c.id == self._article).order_by(statements.c.key)
        by_reading: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in self._connection.execute(query).mappings():
            by_reading[row["reading_key"]].append(dict(row))
        placed: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for some in chunks([r["key"] for rows in by_reading.values() for r in rows]):
            of = select(positions).where(positions.c.statement_key.in_(some), ~positions.c.superseded).order_by(positions.c.key)
            for row in self._connection.execute(of).mappings():
                placed[row["statement_key"]].append(dict(row))
        for rows in by_reading.values():
            votes: dict[int, list[Coding]] = defaultdict(list)
            for coding in self._coded:
                same = same_statement(rows, coding.statement, coding.words) if coding.statement is not None else None
                if same is not None:
                    votes[same["key"]].append(coding)
            for statement in rows:
                self._statement(statement, placed[statement["key"]], votes[statement["key"]], made)
        self._without_words(made)
        self._placing.write()

    # Of statements ------------------------------------------------------------------------------------------------------------------

    def _statement(self, statement: dict[str, Any], rows: list[dict[str, Any]], votes: list[Coding], made: str) -> None:
        by_unit: dict[tuple[str, str | None], list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            by_unit[self._issues[row["issue_key"]], row["holder"]].append(row)
        for coding in votes:
            by_unit.setdefault((coding.issue, coding.holder), [])
        for (issue, holder), of in by_unit.items():
            said = _votes(votes, issue, holder)
            machine = next((r for r in of if r["coder"] is not None), None)
            hand = next((r for r in of if r["coder"] is None), None)
            held = self._holding.of(statement, holder)
            # Where a machine has a row, what people say stands in it; else in a row of their own.
            if machine is not None:
                self._change(machine, statement, held, stands_of(machine["stance"], machine["score"], said))
            alone = stands_of(None, None, said if machine is None else ())
            if hand is not None:
                self._change(hand, statement, held, alone)
            elif machine is None and said:
                row = dict.fromkeys(("stance", "score", "condition", "holder_cells", "coder")) | {"holder": holder}
                self._placing.add(row, statement, issue=self._version(votes, issue), held=held, stands=alone, made=made)
        self._act(statement, votes)

    def _version(self, votes: Sequence[Coding], issue: str) -> int:
        query = select(codings.c.issue_key).where(codings.c.id.in_([c.id for c in votes if c.issue == issue])).order_by(codings.c.key.desc())
        return int(self._connection.execute(query).scalars().first() or 0)

    def _change(self, row: dict[str, Any], statement: Mapping[str, Any], held: Held, stands: Stands) -> None:
        counts = bool(statement["shown"]) and stands.any and (bool(row["reported"]) or row["coding_key"] is not None or is_held(statement))
        new = {"stands": stands.stands, "sure": stands.sure, "by_hand": stands.by_hand, "counts": counts, "actor_key": held[0], "affiliation_key": held[1]}
        if any(row[name] != value for name, value in new.items()):
            # Whom they speak for may be new, too.
            self._placing.write()
            self._connection.execute(update(positions).where(positions.c.key == row["key"]).values(new))

    def _act(self, statement: Mapping[str, Any], votes: Sequence[Coding]) -> None:
        said = {c.by: c.act for c in votes if c.act is not None}
        act, score, *_ = json.loads(statement["entry"]).get("e") or (None, None)
        if len(set(said.values())) == 1:
            act, score = str(next(iter(said.values()))), 1.0
        if (statement["act"], statement["act_score"]) != (act, score):
            self._connection.execute(update(statements).where(statements.c.key == statement["key"]).values(act=act, act_score=score))

    # Without words ------------------------------------------------------------------------------------------------------------------

    def _without_words(self, made: str) -> None:
        units: dict[tuple[Any, ...], list[Coding]] = defaultdict(list)
        for coding in self._coded:
            if coding.statement is None:
                units[coding.issue, coding.holder, coding.day, tuple(tokens(coding.words))].append(coding)
        of = select(positions, codings.c.words.label("told")).join(codings, codings.c.key == positions.c.coding_key)
        rows = [dict(r) for r in self._connection.execute(of.where(codings.c.article == self._article, codings.c.statement.is_(None))).mappings()]
        if not units and not rows:
            return
        now = select(revisions.c.text).join(articles, articles.c.revision_key == revisions.c.key).where(articles.c.id == self._article)
        text = self._connection.execute(now).scalar() or ""
        had = {(self._issues[r["issue_key"]], r["holder"], date.fromisoformat(r["day"]), tuple(tokens(r["told"]))): r for r in rows}
        for unit in [*units, *(u for u in had if u not in units)]:
            votes, row = units.get(unit, []), had.get(unit)
            told = votes[0].words if votes else row["told"] if row else ""
            statement = {"shown": still_says(text, told), "day": unit[2]}
            stands, held = stands_of(None, None, list({c.by: c.stance for c in votes}.values())), self._holding.of({}, unit[1])
            if row is not None:
                self._change(row, statement, held, stands)
                continue
            founder = self._connection.execute(select(codings.c.key, codings.c.issue_key).where(codings.c.id == votes[0].id)).one()
            cells = dict.fromkeys(("stance", "score", "condition", "holder_cells", "coder")) | {"holder": unit[1]}
            self._placing.add(cells, statement, issue=founder.issue_key, held=held, stands=stands, made=made, coding=founder.key)


def _votes(codings_: Sequence[Coding], issue: str, holder: str | None) -> list[Stance | None]:
    """What each coder says of a unit, by their last word. Who says that a statement has no position on an issue says so of every holder."""
    said: dict[str, Stance | None] = {}
    for coding in codings_:
        if coding.issue == issue and coding.holder is None and coding.stance is None and holder is not None:
            said.setdefault(coding.by, None)
    said |= {c.by: c.stance for c in codings_ if c.issue == issue and c.holder == holder}
    return list(said.values())
