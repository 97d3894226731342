"""One article opened to be read: one of its texts, where its statements stand, its other texts and copies; and the newest articles.

Statements are named here by their keys and places alone, so that a long article costs little; what a page shows of them is fetched then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, text

from onrecord.articles.article import Article
from onrecord.changes import Change, compare
from onrecord.errors import UsageError
from onrecord.ledger.database import Database
from onrecord.ledger.history import article_named, entries_of_revision
from onrecord.ledger.hits import Hit, hits_of
from onrecord.ledger.naming import outlets_like
from onrecord.ledger.packing import article_of
from onrecord.ledger.searching import ArticleHit
from onrecord.ledger.tables import articles, outlets, readings, revisions, sightings, statements
from onrecord.ledger.words import for_fts5, for_tsquery, parse

__all__ = ["Compared", "Copy", "Opened", "Opening", "Place", "TextLine"]


@dataclass(frozen=True, slots=True)
class TextLine:
    """One text of an article, without its words."""

    revision: str
    number: int
    #: `found` by the outlet's doing, or `reread`: the same bytes, cut otherwise by a newer onrecord.
    cause: str
    title: str | None
    #: First and last time that it was seen.
    seen: datetime
    last_seen: datetime
    #: Whether it is the one seen last.
    current: bool

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        moments = {"seen": self.seen.isoformat(), "last_seen": self.last_seen.isoformat()}
        return {"revision": self.revision, "number": self.number, "cause": self.cause, "title": self.title, **moments, "current": self.current}


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article from the same text."""

    id: str
    source: str
    outlet: str | None

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {"id": self.id, "source": self.source, "outlet": self.outlet}


@dataclass(frozen=True, slots=True)
class Place:
    """A statement's key and id, and where its content begins."""

    key: int
    id: str
    start: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An article, opened at one of its texts."""

    id: str
    source: str
    url: str | None
    outlet: str | None
    wire: str | None
    copies: tuple[Copy, ...]
    article: Article
    text: TextLine
    #: All its texts, oldest first.
    texts: tuple[TextLine, ...]
    #: Who read the text; None if nobody did.
    reader: str | None
    #: Statements of that reading, in order of their content.
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts of an article, and what became of its statements."""

    id: str
    source: str
    outlet: str | None
    old: TextLine
    new: TextLine
    texts: tuple[TextLine, ...]
    old_article: Article
    new_article: Article
    changes: tuple[Change, ...]


class Opening:
    """Articles to be read. `Ledger` is one."""

    database: Database

    def open_article(self, name: str, *, revision: str | None = None, statement: str | None = None) -> Opened:
        """Open an article.

        Args:
            name: Its address, path or id.
            revision: Id of the text; None for that of the statement, else the one seen last.
            statement: Id of a statement that is looked for: its text and its reading are opened.

        Raises:
            UsageError: There is no such article, text or statement.
        """
        with self.database.reading() as connection:
            return _open(connection, name, revision, statement)

    def hits(self, keys: list[int]) -> list[Hit]:
        """Statements by their keys, in order."""
        with self.database.reading() as connection:
            return list(hits_of(connection, keys))

    def compare_texts(self, name: str, old: str | None = None, new: str | None = None) -> Compared:
        """Two texts of an article, and what became of its statements.

        Args:
            name: Its address, path or id.
            old: Id of the older text; None for the one before the newer.
            new: Id of the newer text; None for the one seen last.

        Raises:
            UsageError: There is no such article or text.
        """
        with self.database.reading() as connection:
            return _compare(connection, name, old, new)

    def newest_articles(self, words: str = "", outlet: str = "", *, limit: int, offset: int = 0) -> Iterator[ArticleHit]:
        """Articles, those filed last first; without their texts.

        Args:
            words: Words of their text, as for a search.
            outlet: Name of the outlet, or a part of it.
            limit: How many at most.
            offset: How many to pass over first.

        Raises:
            UsageError: No outlet is called so, or the words cannot be looked for.
        """
        with self.database.reading() as connection:
            yield from _newest(connection, words, outlet, limit, offset)


def _open(connection: Connection, name: str, revision: str | None, statement: str | None) -> Opened:
    row = article_named(connection, name)
    reading = None
    if statement is not None:
        revision, reading = _reading_of(connection, row.key, statement, revision)
    texts = _texts(connection, row)
    chosen = _chosen(texts, revision, name) if revision is not None else next((t for t in texts if t.current), texts[-1])
    of = select(revisions).where(revisions.c.article_key == row.key, revisions.c.id == chosen.revision)
    found = connection.execute(of).mappings().one()
    asked = select(readings.c.key, readings.c.reader).where(readings.c.revision_key == found["key"])
    read = connection.execute(asked.where(readings.c.key == reading if reading is not None else readings.c.superseded_by.is_(None))).first()
    places: list[Place] = []
    if read is not None:
        s = statements.c
        query = select(s.key, s.id, s.entry).where(s.revision_key == found["key"], s.reading_key == read.key)
        places = [Place(r.key, r.id, json.loads(r.entry)["c"][0][0]) for r in connection.execute(query)]
    article = article_of(dict(found), source=row.source, url=row.url)
    others = _copies(connection, row)
    ordered = tuple(sorted(places, key=lambda p: (p.start, p.key)))
    return Opened(row.id, row.source, row.url, row.outlet, found["wire"], others, article, chosen, texts, read.reader if read else None, ordered)


def _reading_of(connection: Connection, article: int, statement: str, revision: str | None) -> tuple[str, int]:
    """The text and the reading that a statement is of; the one that counts, if there are several."""
    s = statements.c
    joined = statements.join(revisions, revisions.c.key == s.revision_key).join(readings, readings.c.key == s.reading_key)
    query = select(revisions.c.id.label("revision"), s.reading_key).select_from(joined).where(s.id == statement, revisions.c.article_key == article)
    query = query.where(revisions.c.id == revision) if revision is not None else query
    row = connection.execute(query.order_by(readings.c.superseded_by.is_not(None), s.key)).first()
    if row is None:
        raise UsageError("no such statement in this article", item=statement, hint="it may be of another text of the article")
    return str(row.revision), int(row.reading_key)


def _texts(connection: Connection, row: Row[Any]) -> tuple[TextLine, ...]:
    r = revisions.c
    query = select(r.key, r.id, r.number, r.cause, r.title, r.seen, func.min(sightings.c.seen).label("first"), func.max(sightings.c.seen).label("last"))
    query = query.outerjoin(sightings, sightings.c.revision_key == r.key).where(r.article_key == row.key).group_by(r.key)
    found = sorted(connection.execute(query), key=lambda t: (t.first or t.seen, t.key))
    return tuple(
        TextLine(
            t.id, t.number, t.cause, t.title, datetime.fromisoformat(t.first or t.seen), datetime.fromisoformat(t.last or t.seen), t.key == row.revision_key
        )
        for t in found
    )


def _chosen(texts: tuple[TextLine, ...], revision: str, name: str) -> TextLine:
    found = next((t for t in texts if t.revision == revision), None)
    if found is None:
        raise UsageError("the article has no such text", item=name, hint=f"its texts are {', '.join(t.revision for t in texts[:8])}")
    return found


def _copies(connection: Connection, row: Row[Any]) -> tuple[Copy, ...]:
    if row.story is None:
        return ()
    asked = select(articles.c.id, articles.c.source, outlets.c.name).outerjoin(outlets, outlets.c.key == articles.c.outlet_key)
    asked = asked.where(or_(articles.c.story == row.story, articles.c.key == row.story), articles.c.key != row.key).order_by(articles.c.key).limit(100)
    return tuple(Copy(r.id, r.source, r.name) for r in connection.execute(asked))


def _compare(connection: Connection, name: str, old: str | None, new: str | None) -> Compared:
    row = article_named(connection, name)
    texts = _texts(connection, row)
    newer = _chosen(texts, new, name) if new is not None else next((t for t in texts if t.current), texts[-1])
    before = [t for t in texts if t.number != newer.number and (t.seen, t.number) <= (newer.seen, newer.number)]
    older = _chosen(texts, old, name) if old is not None else before[-1] if before else newer
    found = []
    for line in (older, newer):
        at = connection.execute(select(revisions).where(revisions.c.article_key == row.key, revisions.c.id == line.revision)).mappings().one()
        article = article_of(dict(at), source=row.source, url=row.url)
        found.append((article, entries_of_revision(connection, at, article)[1]))
    (old_article, old_entries), (new_article, new_entries) = found
    changes = compare(old_article, old_entries, new_article, new_entries) if older is not newer else ()
    return Compared(row.id, row.source, row.outlet, older, newer, texts, old_article, new_article, changes)


def _newest(connection: Connection, words: str, outlet: str, limit: int, offset: int) -> Iterator[ArticleHit]:
    r, a = revisions.c, articles.c
    terms = parse(words)
    where: list[Any] = []
    table: Any = articles.join(revisions, r.key == a.revision_key)
    order: Any = a.key.desc()
    values: dict[str, Any] = {}
    if terms:
        # By the text's key, full text gives the newest without looking at the others.
        sqlite = connection.dialect.name == "sqlite"
        values = {"words": for_fts5(terms, "title text") if sqlite else for_tsquery(terms)}
        where.append(text("revisions_fts MATCH :words" if sqlite else "revisions.words @@ to_tsquery('onrecord', :words)"))
        table = revisions.join(articles, (a.key == r.article_key) & (a.revision_key == r.key))
        table = table.join(text("revisions_fts"), text("revisions_fts.rowid = revisions.key")) if sqlite else table
        order = text("revisions_fts.rowid DESC") if sqlite else r.key.desc()
    if outlet.strip():
        papers = outlets_like(connection, outlet)
        if not papers:
            raise UsageError("no outlet in the ledger is called so", item=outlet, hint="a word of its name is enough")
        where.append(a.outlet_key.in_(papers))
    counted = select(func.count()).where(statements.c.revision_key == r.key, statements.c.shown).scalar_subquery()
    columns = (r.key, a.id, r.id.label("revision"), a.source, a.url, outlets.c.name.label("outlet"), r.title, r.published, r.seen)
    asked = select(*columns, counted.label("statements"))
    asked = asked.select_from(table.outerjoin(outlets, outlets.c.key == a.outlet_key)).where(*where).order_by(order).limit(limit).offset(offset or None)
    for row in connection.execute(asked, values):
        moments = (datetime.fromisoformat(row.published) if row.published else None, datetime.fromisoformat(row.seen))
        yield ArticleHit(row.key, row.id, row.revision, row.source, row.url, row.outlet, row.title, *moments, "", row.statements)
