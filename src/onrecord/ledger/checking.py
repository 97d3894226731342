"""Looks a ledger over: what must always hold, and where it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import Connection, false, func, select, text
from sqlalchemy.exc import DatabaseError

from onrecord.errors import OnrecordError
from onrecord.ledger.correcting import Correction
from onrecord.ledger.filing import document_id, document_of
from onrecord.ledger.hits import hits_of
from onrecord.ledger.keys import chunks
from onrecord.ledger.packing import article_of
from onrecord.ledger.tables import actors, articles, documents, issues, judgements, positions, quotations, readings, revisions, statements
from onrecord.ledger.texts import texts_of

__all__ = ["faults"]


def faults(connection: Connection, *, thorough: bool = True) -> Iterator[str]:
    """Everything that is wrong with a ledger, a sentence each; nothing for a sound one.

    Args:
        connection: A reading one.
        thorough: Also read every document, text and statement: ids are hashes of what they name, and every span holds its words.
    """
    try:
        yield from _rows(connection)
        if thorough:
            yield from _words(connection)
            yield from _bytes(connection)
    except DatabaseError as error:
        # What was found so far is said, and that the rest cannot be looked at.
        if "malformed" not in str(error.orig):
            raise
        yield f"the file is damaged, and cannot be read to its end: {error.orig}"


def _rows(connection: Connection) -> Iterator[str]:
    """What is wrong between rows."""
    if connection.dialect.name == "sqlite":
        for (said,) in connection.execute(text("PRAGMA integrity_check(20)")):
            if said != "ok":
                yield f"the file is damaged: {said}"
        for row in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"a row of {row[0]} points at none of {row[2]}"
        for table, count in (("statements_fts", statements), ("revisions_fts", revisions)):
            rows, indexed = (
                connection.execute(select(func.count()).select_from(count)).scalar(),
                connection.execute(text(f"SELECT count(*) FROM {table}_docsize")).scalar(),  # noqa: S608 - names of our own
            )
            if rows != indexed:
                yield f"{table} holds {indexed} of {rows} rows; INSERT INTO {table}({table}) VALUES('rebuild') mends it"
    lost = select(articles.c.source).outerjoin(revisions, revisions.c.key == articles.c.revision_key).where(revisions.c.key.is_(None))
    yield from (f"{source}: an article without a text" for source in connection.execute(lost).scalars())
    twice = select(readings.c.revision_key).where(readings.c.superseded_by.is_(None)).group_by(readings.c.revision_key).having(func.count() > 1)
    yield from (f"revision {key}: two readings count" for key in connection.execute(twice).scalars())
    wrong = (
        select(statements.c.key)
        .join(readings, readings.c.key == statements.c.reading_key)
        .join(revisions, revisions.c.key == statements.c.revision_key)
        .join(articles, articles.c.key == revisions.c.article_key)
        .where(
            statements.c.shown,
            (readings.c.superseded_by.is_not(None)) | (articles.c.revision_key != revisions.c.key) | (func.coalesce(statements.c.verdict, "") == "wrong"),
        )
    )
    yield from (f"statement {key} is shown, and should not be" for key in connection.execute(wrong).scalars())
    counted = (
        select(statements.c.quotation_key, func.count().label("n"))
        .where(statements.c.quotation_key.is_not(None))
        .group_by(statements.c.quotation_key)
        .subquery()
    )
    miscounted = (
        select(quotations.c.id).outerjoin(counted, counted.c.quotation_key == quotations.c.key).where(quotations.c.witnesses != func.coalesce(counted.c.n, 0))
    )
    yield from (f"{id_}: its witnesses are miscounted" for id_ in connection.execute(miscounted).scalars())
    yield from _standing(connection)
    yield from _corrected(connection)
    nowhere = select(actors.c.id).where(actors.c.joined.is_not(None), actors.c.joined.not_in(select(actors.c.key)))
    yield from (f"{id_}: joined with an actor that is not there" for id_ in connection.execute(nowhere).scalars())


def _standing(connection: Connection) -> Iterator[str]:
    """What is wrong with positions and issues."""
    p = positions.c
    hidden = select(p.key).outerjoin(statements, statements.c.key == p.statement_key)
    wrong = p.superseded | (p.coding_key.is_(None) & ~func.coalesce(statements.c.shown, false())) | (p.stands.is_(None) & ~p.by_hand)
    yield from (f"position {key} counts, and should not" for key in connection.execute(hidden.where(p.counts, wrong)).scalars())
    twice = select(issues.c.id).where(issues.c.superseded_by.is_(None)).group_by(issues.c.id).having(func.count() > 1)
    yield from (f"issue {name}: two versions count" for name in connection.execute(twice).scalars())


def _corrected(connection: Connection) -> Iterator[str]:
    """What is wrong with corrections: each is one, its words stand in its text, and what stands of it is what the columns show."""
    asked = select(judgements.c.id, judgements.c.verdict, judgements.c.value, judgements.c.left)
    rows = connection.execute(asked.where((judgements.c.verdict == "corrected") | judgements.c.value.is_not(None))).all()
    known = texts_of(connection, {name for r in rows if (name := _revision_of(r.value))})
    for row in rows:
        try:
            value = json.loads(row.value)
            Correction.of(value, known[value["revision"]])
        except (OnrecordError, ValueError, LookupError, TypeError) as error:
            yield f"{row.id}: the correction cannot be made sense of: {type(error).__name__}: {error}"
        if row.verdict != "corrected":
            yield f"{row.id}: a correction with the verdict {row.verdict}"
    s = statements.c
    for row in connection.execute(select(s.key, s.kind, s.said_on, s.corrected).where(s.corrected.is_not(None))):
        try:
            cells = json.loads(row.corrected)
            if any(n in cells and cells[n] != getattr(row, n) for n in ("kind", "said_on")):
                yield f"statement {row.key}: its kind or its day is not the one that stands"
        except (ValueError, TypeError) as error:
            yield f"statement {row.key}: what was corrected cannot be made sense of: {error}"


def _revision_of(value: str | None) -> str | None:
    try:
        return str(json.loads(value or "{}").get("revision"))
    except (ValueError, AttributeError):
        return None


def _words(connection: Connection) -> Iterator[str]:
    for row in connection.execution_options(yield_per=200).execute(select(revisions)).mappings():
        try:
            if article_of(dict(row), source="", url=None).revision.id != row["id"]:
                yield f"{row['id']}: the text is not the one that this id names"
        except (OnrecordError, ValueError, LookupError, TypeError) as error:
            yield f"{row['id']}: the text cannot be made sense of: {type(error).__name__}: {error}"
    keys = list(connection.execute(select(statements.c.key).order_by(statements.c.key)).scalars())
    for some in chunks(keys, 200):
        filed = {r.key: r for r in connection.execute(select(statements.c.key, statements.c.id, statements.c.content).where(statements.c.key.in_(some)))}
        try:
            for hit in hits_of(connection, some):
                if hit.content != filed[hit.key].content:
                    yield f"{hit.id}: the content is not what stands in the text"
                if hit.id != filed[hit.key].id:
                    yield f"{filed[hit.key].id}: its offsets are not the ones that this id names"
        except (OnrecordError, ValueError, LookupError, TypeError) as error:
            yield f"statements {some[0]} to {some[-1]}: {error}"


def _bytes(connection: Connection) -> Iterator[str]:
    keys = list(connection.execute(select(documents.c.key).where(documents.c.content.is_not(None)).order_by(documents.c.key)).scalars())
    for some in chunks(keys, 20):
        for row in connection.execute(select(documents).where(documents.c.key.in_(some)).order_by(documents.c.key)).mappings():
            try:
                if document_id(*document_of(dict(row))) != row["id"]:
                    yield f"{row['id']}: the bytes, or what was said of them, are not the ones that this id names"
            except (OnrecordError, ValueError, LookupError, TypeError) as error:
                yield f"{row['id']}: the document cannot be made sense of: {error}"
