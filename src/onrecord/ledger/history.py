"""What became of an article, text by text; where a quotation was carried; what two readings of one text make of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from onrecord.articles.article import Article
from onrecord.changes import Change, ChangeKind, compare, counts
from onrecord.entry import Entry
from onrecord.errors import UsageError
from onrecord.ledger.correcting import as_read
from onrecord.ledger.hits import Hit, hits_of
from onrecord.ledger.keys import chunks
from onrecord.ledger.packing import article_of, entry_of
from onrecord.ledger.quoting import witness_of
from onrecord.ledger.tables import articles, outlets, quotations, readings, revisions, sightings, statements
from onrecord.statements.quotations import Witness, reference, variants
from onrecord.text import stable_id

__all__ = [
    "ArticleHistory",
    "Carried",
    "Reread",
    "Text",
    "Variant",
    "article_history",
    "article_named",
    "entries_of_revision",
    "quotation_history",
    "rereadings",
]


@dataclass(frozen=True, slots=True)
class Text:
    """One text of an article, and what it changed."""

    revision: str
    number: int
    #: `found` by the outlet's doing, or `reread`: the same bytes, cut otherwise by a newer onrecord.
    cause: str
    title: str | None
    updated: datetime | None
    #: First and last time that it was seen.
    seen: datetime
    last_seen: datetime
    #: Whether it is the one seen last.
    current: bool
    reader: str | None
    article: Article
    entries: tuple[Entry, ...]
    #: Against the text seen before; empty for the first.
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        """Its metadata, how many statements changed how, and each change but those that changed nothing."""
        shown = [c for c in self.changes if c.kind is not ChangeKind.SAME]
        return {
            "revision": self.revision,
            "number": self.number,
            "cause": self.cause,
            "title": self.title,
            "updated": self.updated.isoformat() if self.updated else None,
            "seen": self.seen.isoformat(),
            "last_seen": self.last_seen.isoformat(),
            "current": self.current,
            "reader": self.reader,
            "statements": len(self.entries),
            "counts": {str(k): n for k, n in counts(self.changes).items() if n},
            "changes": [c.to_json() for c in shown],
        }


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    """An article through its texts."""

    id: str
    source: str
    url: str | None
    outlet: str | None
    #: The wire service that its text seen last names.
    wire: str | None
    texts: tuple[Text, ...]
    #: Addresses of other articles from the same text, with their outlets.
    copies: tuple[tuple[str, str | None], ...]

    def to_json(self) -> dict[str, Any]:
        """As `onrecord article --format json` shows it."""
        return {
            "id": self.id,
            "source": self.source,
            "url": self.url,
            "outlet": self.outlet,
            "wire": self.wire,
            "copies": [{"source": s, "outlet": o} for s, o in self.copies],
            "revisions": [t.to_json() for t in self.texts],
        }


def article_history(connection: Connection, name: str) -> ArticleHistory:
    """What became of an article.

    Args:
        connection: A reading one.
        name: Its address, path or id, or the id of one of its texts.

    Raises:
        UsageError: There is no such article, or more than one.
    """
    row = article_named(connection, name)
    query = select(revisions, func.min(sightings.c.seen).label("first"), func.max(sightings.c.seen).label("last"))
    query = query.outerjoin(sightings, sightings.c.revision_key == revisions.c.key).where(revisions.c.article_key == row.key).group_by(revisions.c.key)
    texts: list[Text] = []
    wire = None
    for found in sorted(connection.execute(query).mappings(), key=lambda r: (r["first"] or r["seen"], r["key"])):
        article = article_of(dict(found), source=row.source, url=row.url)
        reader, entries = entries_of_revision(connection, found, article)
        changes = compare(texts[-1].article, texts[-1].entries, article, entries) if texts else ()
        current = found["key"] == row.revision_key
        wire = found["wire"] if current else wire
        seen = datetime.fromisoformat(found["first"] or found["seen"])
        last = datetime.fromisoformat(found["last"] or found["seen"])
        texts.append(
            Text(found["id"], found["number"], found["cause"], found["title"], article.updated, seen, last, current, reader, article, entries, changes)
        )
    others: list[tuple[str, str | None]] = []
    if row.story is not None:
        asked = select(articles.c.source, outlets.c.name).outerjoin(outlets, outlets.c.key == articles.c.outlet_key)
        asked = asked.where(or_(articles.c.story == row.story, articles.c.key == row.story), articles.c.key != row.key).order_by(articles.c.key)
        others = [(r.source, r.name) for r in connection.execute(asked)]
    return ArticleHistory(row.id, row.source, row.url, row.outlet, wire, tuple(texts), tuple(others))


def entries_of_revision(connection: Connection, revision: Any, article: Article, *, reading: int | None = None) -> tuple[str | None, tuple[Entry, ...]]:  # noqa: ANN401 - a row
    """The reader and the entries of a revision's reading: the one that counts, if none is named."""
    query = select(readings.c.key, readings.c.reader).where(readings.c.revision_key == revision["key"])
    query = query.where(readings.c.key == reading if reading is not None else readings.c.superseded_by.is_(None))
    read = connection.execute(query).first()
    if read is None:
        return None, ()
    s = statements.c
    # The index is on the text.
    of = s.revision_key == revision["key"], s.reading_key == read.key
    rows = connection.execute(select(s.entry, s.kind, s.said_on, s.corrected).where(*of).order_by(s.key))
    text, id_ = article.revision.text, revision["id"]
    return read.reader, tuple(entry_of(r.entry, text=text, revision=id_, **as_read(r), reader=read.reader) for r in rows)


def article_named(connection: Connection, name: str) -> Row[Any]:
    """The article of an address, a path or an id, or of the id of one of its texts.

    Raises:
        UsageError: There is no such article, or more than one.
    """
    query = select(articles, outlets.c.name.label("outlet")).outerjoin(outlets, outlets.c.key == articles.c.outlet_key)
    if name.startswith("r1:"):
        ways: list[ColumnElement[bool]] = [articles.c.key.in_(select(revisions.c.article_key).where(revisions.c.id == name))]
    else:
        from onrecord.sources.addresses import canonical

        # Ids have an index, so they come first; what an address led to in the end is looked for last, through all articles.
        ways = [articles.c.id.in_([name, stable_id("n1", name)]), articles.c.url == name, articles.c.id == stable_id("n1", canonical(name))]
    found: Sequence[Row[Any]] = ()
    for way in ways:
        found = found or connection.execute(query.where(way).order_by(articles.c.key)).all()
    if not found:
        raise UsageError("no such article in the ledger", item=name, hint="give its address, path or id; `onrecord search --articles` finds them")
    if len(found) > 1:
        raise UsageError(f"{len(found)} articles have this text", item=name, hint=f"give one of their addresses: {'; '.join(r.source for r in found[:8])}")
    return found[0]


# Quotations -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Variant:
    """One wording of a quotation, and who carried it, the earliest first."""

    words: str
    witnesses: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Texts that carried a quotation and are copies of one story."""

    #: The wire service that one of them names as its source.
    wire: str | None
    #: Ids of the articles.
    articles: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Both."""
        return {"wire": self.wire, "articles": list(self.articles)}


@dataclass(frozen=True, slots=True)
class Carried:
    """A quotation: the same words by the same speaker, wherever they were carried."""

    #: `q1:…`; the statement's own id if it is the only witness.
    id: str
    #: The longest witness.
    reference: Hit
    #: The earliest.
    first: Hit
    #: All of them, the earliest first.
    witnesses: tuple[Hit, ...]
    #: Its wordings, the most carried first.
    variants: tuple[Variant, ...]
    #: Which of the texts are copies of each other, or name a wire service; the story with most texts first.
    stories: tuple[Story, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As `onrecord quotation --format json` shows it."""
        return {
            "id": self.id,
            "total": len(self.witnesses),
            "outlets": sorted({w.where.outlet for w in self.witnesses if w.where.outlet}),
            "first": self.first.to_json(),
            "reference": self.reference.id,
            "variants": [{"words": v.words, "witnesses": [w.id for w in v.witnesses]} for v in self.variants],
            "stories": [s.to_json() for s in self.stories],
            "statements": [w.to_json() for w in self.witnesses],
        }


def quotation_history(connection: Connection, name: str, *, everything: bool = False) -> Carried:
    """Who carried a quotation.

    Args:
        connection: A reading one.
        name: Id of the quotation, or of a statement that is a witness of it.
        everything: Also witnesses in texts that were replaced; readings that were superseded never count.

    Raises:
        UsageError: There is no such quotation or statement.
    """
    key, own = _quotation(connection, name)
    chosen = [statements.c.quotation_key == key] if key is not None else [statements.c.id == own]
    joined = statements.join(readings, readings.c.key == statements.c.reading_key)
    query = select(statements.c.key).select_from(joined).where(*chosen, readings.c.superseded_by.is_(None))
    keys = list(connection.execute(query if everything else query.where(statements.c.shown)).scalars())
    if not keys:
        keys = list(connection.execute(query).scalars())
    hits = sorted(hits_of(connection, keys), key=lambda h: (_moment(h), h.key))
    if not hits:
        raise UsageError("no witness of it is left", item=name, hint="--all shows those of earlier texts")
    by_key = {h.key: h for h in hits}
    seen = {h.key: _witness(h) for h in hits}
    wordings = tuple(
        Variant(v.content, tuple(sorted((by_key[int(w.key)] for w in v.witnesses), key=lambda h: (_moment(h), h.key)))) for v in variants(list(seen.values()))
    )
    id_ = connection.execute(select(quotations.c.id).where(quotations.c.key == key)).scalar() if key is not None else None
    longest = by_key[int(reference(list(seen.values())).key)]
    return Carried(id_ or hits[0].id, longest, hits[0], tuple(hits), wordings, _stories(connection, hits))


def _stories(connection: Connection, hits: Sequence[Hit]) -> tuple[Story, ...]:
    """The stories that several of some texts tell, or that a wire service told; texts in the order of their statements."""
    found: dict[str, tuple[int, str | None]] = {}
    columns = articles.c.id, func.coalesce(articles.c.story, articles.c.key).label("story"), revisions.c.wire
    query = select(*columns).select_from(articles.outerjoin(revisions, revisions.c.key == articles.c.revision_key))
    for some in chunks({h.where.article for h in hits}):
        found |= {r.id: (r.story, r.wire) for r in connection.execute(query.where(articles.c.id.in_(some)))}
    texts: dict[int, dict[str, str | None]] = {}
    for hit in hits:
        if hit.where.article in found:
            story, wire = found[hit.where.article]
            texts.setdefault(story, {}).setdefault(hit.where.article, wire)
    told = [Story(next((w for w in of.values() if w), None), tuple(of)) for of in texts.values()]
    return tuple(sorted((s for s in told if len(s.articles) > 1 or s.wire), key=lambda s: -len(s.articles)))


def _quotation(connection: Connection, name: str) -> tuple[int | None, str | None]:
    if name.startswith("q1:"):
        row = connection.execute(select(quotations).where(quotations.c.id == name)).first()
        while row is not None and row.joined is not None:
            row = connection.execute(select(quotations).where(quotations.c.key == row.joined)).first()
        if row is not None:
            return row.key, None
    else:
        rows = connection.execute(select(statements.c.quotation_key).where(statements.c.id == name).order_by(statements.c.key)).all()
        if rows:
            return next((r.quotation_key for r in rows if r.quotation_key is not None), None), name
    raise UsageError("no such quotation or statement", item=name, hint="give an id such as q1:… or s1:…, as `onrecord search` shows them")


def _witness(hit: Hit) -> Witness:
    return witness_of(hit.key, hit.entry, moment=hit.where.published or hit.where.seen, outlet=hit.where.outlet)


def _moment(hit: Hit) -> datetime:
    from datetime import UTC

    moment = hit.where.published or hit.where.seen
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# Readings ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reread:
    """One text, as an older and as a newer reader read it."""

    revision: str
    source: str
    old_reader: str
    new_reader: str
    changes: tuple[Change, ...]

    def to_json(self) -> dict[str, Any]:
        """As `onrecord reread --compare --format json` shows it."""
        return {
            "revision": self.revision,
            "source": self.source,
            "old_reader": self.old_reader,
            "new_reader": self.new_reader,
            "counts": {str(k): n for k, n in counts(self.changes).items() if n},
            "changes": [c.to_json() for c in self.changes if c.kind is not ChangeKind.SAME],
        }


def rereadings(connection: Connection) -> Iterator[Reread]:
    """What the newest reading of each text changed against the one before it, text by text."""
    newer = readings.alias("newer")
    joined = readings.join(newer, newer.c.key == readings.c.superseded_by).join(revisions, revisions.c.key == readings.c.revision_key)
    joined = joined.join(articles, articles.c.key == revisions.c.article_key)
    columns = (readings.c.key.label("old"), newer.c.key.label("new"), revisions.c.key.label("revision_key"), articles.c.source, articles.c.url)
    for pair in connection.execute(select(*columns).select_from(joined).where(newer.c.superseded_by.is_(None)).order_by(revisions.c.key)).all():
        row = connection.execute(select(revisions).where(revisions.c.key == pair.revision_key)).mappings().one()
        article = article_of(dict(row), source=pair.source, url=pair.url)
        old_reader, old = entries_of_revision(connection, row, article, reading=pair.old)
        new_reader, new = entries_of_revision(connection, row, article, reading=pair.new)
        yield Reread(row["id"], pair.source, old_reader or "", new_reader or "", compare(article, old, article, new))
