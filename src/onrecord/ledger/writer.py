"""Writing: documents with what was read out of them, many in one transaction, each as if it came alone.

What is new is added; what is known is left. The order of documents decides the keys, never where one transaction ends and the next begins: a run
that was killed and taken up again leaves the same rows as one that was not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, Table, func, select, update

from onrecord.actors import ActorType
from onrecord.actors.countries import lookup
from onrecord.entry import Entry
from onrecord.ledger.bulk import insert_rows
from onrecord.ledger.coding import coded_articles
from onrecord.ledger.examining import mark_examined
from onrecord.ledger.figure_tables import horizons, quantities
from onrecord.ledger.figures import horizon_rows, quantity_rows
from onrecord.ledger.filing import Added, Filing, Part, document_row
from onrecord.ledger.fulltext import index_rows
from onrecord.ledger.judging import carry_over, decisions, settle_actors, standing, texts_corrected
from onrecord.ledger.keys import Keys, chunks
from onrecord.ledger.packing import article_row, day_of, dumped, stamp
from onrecord.ledger.placing import NAMELESS, Held, Placing
from onrecord.ledger.quoting import Quoting, is_long, witness_of
from onrecord.ledger.settling import settle
from onrecord.ledger.stories import Stories
from onrecord.ledger.tables import actor_names, actor_words, actors, articles, documents, outlets, readings, revisions, sightings, statements
from onrecord.ledger.words import name_words
from onrecord.positions import Holder

__all__ = ["write"]


def write(connection: Connection, batch: Iterable[Filing], now: datetime) -> list[Added]:
    """File documents in their order.

    Args:
        connection: From `Database.writing`.
        batch: What to file; some tens at a time are written fastest.
        now: The moment to write down.

    Returns:
        What each changed.

    Raises:
        StatementError: A statement does not hold the words of its text; nothing of the batch may be kept.
    """
    return _Writing(connection, list(batch), now).run()


class _Writing:
    def __init__(self, connection: Connection, batch: list[Filing], now: datetime) -> None:
        self._connection, self._batch, self._now, self._stamp = connection, batch, now, stamp(now)
        self._keys = Keys(connection)
        self._quoting, self._stories = Quoting(connection, self._keys), Stories(connection)
        self._placing = Placing(connection, self._keys)
        self._examined: list[tuple[str, str, int]] = []
        self._pending: dict[Table, list[dict[str, Any]]] = {}
        parts = [p for f in batch for p in f.parts]
        self._ids = [f.id for f in batch]
        self._documents = _known(connection, documents, "id", set(self._ids), "key")
        self._articles: dict[str, dict[str, Any]] = {
            id_: row._asdict()
            for id_, row in _known(connection, articles, "id", {p.article.id for p in parts}, "key", "revision_key", "story", "outlet_key").items()
        }
        self._outlets = {n: r.key for n, r in _known(connection, outlets, "name", {_outlet(p) or "" for p in parts}, "key").items()}
        self._revisions = {
            (r.article_key, r.id): r.key
            for some in chunks([a["key"] for a in self._articles.values()])
            for r in connection.execute(select(revisions.c.article_key, revisions.c.id, revisions.c.key).where(revisions.c.article_key.in_(some)))
        }
        named = {e.speaker.id for p in parts for e in p.entries if e.speaker.id and e.speaker.type not in NAMELESS}
        named |= {p.holder.id for part in parts for e in part.entries for p in e.positions if p.holder and p.holder.id}
        known_actors = _known(connection, actors, "id", named, "key", "country")
        self._actors = {i: r.key for i, r in known_actors.items()}
        self._countries: dict[str, str | None] = {i: r.country for i, r in known_actors.items()}
        self._names: dict[int, set[str]] = defaultdict(set)
        for some in chunks(self._actors.values()):
            for r in connection.execute(select(actor_names).where(actor_names.c.actor_key.in_(some))):
                self._names[r.actor_key].add(r.name)
        self._new_actors: set[str] = set()
        self._judged = standing(connection, self._articles)
        #: Articles in which what stands of positions has to be worked out anew.
        self._unsettled = dict.fromkeys((*coded_articles(connection, self._articles), *self._judged))
        self._stories.expect(b for p in parts for b in p.bands)
        self._quoting.expect((is_long(e.statement.kind, marks), marks) for p in parts for e, marks in zip(p.entries, p.prints, strict=False))

    def run(self) -> list[Added]:
        added = [self._file(id_, f) for id_, f in zip(self._ids, self._batch, strict=True)]
        self._flush()
        if self._new_actors and self._new_actors & {i for d in decisions(self._connection) for i in (getattr(d, "left", ""), getattr(d, "right", ""))}:
            settle_actors(self._connection)
        mark_examined(self._connection, self._examined)
        settle(self._connection, self._unsettled, made=self._stamp)
        return added

    def _add(self, table: Table, row: dict[str, Any]) -> None:
        self._pending.setdefault(table, []).append(row)

    def _flush(self) -> None:
        """Write what waits, in the order in which rows point at each other."""
        for table in (documents, outlets, articles, revisions, sightings, readings, actors, actor_names, actor_words):
            self._insert(table)
        self._quoting.write_quotations(self._pending.get(statements, []))
        self._insert(statements)
        self._insert(quantities)
        self._insert(horizons)
        self._placing.write()
        self._quoting.write_prints()
        self._stories.write()

    def _insert(self, table: Table) -> None:
        rows = self._pending.pop(table, [])
        insert_rows(self._connection, table, rows)
        if rows and table in (revisions, statements):
            index_rows(self._connection, table, (row["key"] for row in rows))

    # Documents, articles, revisions -------------------------------------------------------------------------------------------------

    def _file(self, id_: str, filing: Filing) -> Added:
        name = filing.document.name
        known = self._documents.get(id_)
        if known is not None and not filing.again:
            return Added(id_, name, known=True)
        key = known.key if known is not None else self._keys.next(documents)
        added = Added(id_, name, known=known is not None)
        fresh = known is None
        if fresh:
            row = document_row(filing, self._stamp) | {"key": key}
            self._add(documents, row)
        for number, part in enumerate(filing.parts):
            added = self._part(part, added, filing=filing, document=key, number=number)
        if fresh:
            self._documents[id_] = _Key(key)
            if not added.new_revisions and filing.parts:
                # All of its text was known: the bytes would only repeat it.
                row["content"] = None
        return added

    def _part(self, part: Part, added: Added, *, filing: Filing, document: int, number: int) -> Added:
        article = self._articles.get(part.article.id)
        new_article = article is None
        if article is None:
            article = self._new_article(part)
        seen = filing.document.fetched or self._now
        key = self._revisions.get((article["key"], part.article.revision.id))
        new_revision = key is None
        if key is None:
            key = self._new_revision(part, article, filing=filing, document=document, number=number, seen=seen)
        if new_revision or not filing.again:
            self._add(sightings, {"key": self._keys.next(sightings), "revision_key": key, "document_key": document, "seen": stamp(seen)})
        if article["revision_key"] != key and (self._takes_over(article, document) if filing.again else self._later(article, seen)):
            self._turn(article, key)
        made = self._read(part, article, filing=filing, revision=key, new=new_revision, seen=seen)
        return replace(
            added,
            articles=(*added.articles, part.article.id),
            new_articles=added.new_articles + new_article,
            new_revisions=added.new_revisions + new_revision,
            readings=added.readings + (made is not None),
            statements=added.statements + (made or 0),
        )

    def _new_article(self, part: Part) -> dict[str, Any]:
        name = _outlet(part)
        if name and name not in self._outlets:
            self._outlets[name] = self._keys.next(outlets)
            self._add(outlets, {"key": self._outlets[name], "name": name})
        a = part.article
        row = {
            "key": self._keys.next(articles),
            "id": a.id,
            "source": a.source,
            "url": a.url,
            "outlet_key": self._outlets.get(name or ""),
            "revision_key": None,
            "story": None,
        }
        self._articles[a.id] = row
        self._add(articles, row)
        return row

    def _new_revision(self, part: Part, article: dict[str, Any], *, filing: Filing, document: int, number: int, seen: datetime) -> int:
        key = self._keys.next(revisions)
        count = sum(1 for a, _ in self._revisions if a == article["key"]) if article["revision_key"] is not None else 0
        self._revisions[article["key"], part.article.revision.id] = key
        row = article_row(part.article) | {
            "key": key,
            "article_key": article["key"],
            "number": count + 1,
            "cause": "reread" if filing.again else "found",
            "document_key": document,
            "part": number,
            "wire": part.wire,
            "wire_span": dumped([part.wire_span.start, part.wire_span.end]) if part.wire_span else None,
            "seen": stamp(seen),
        }
        self._add(revisions, row)
        self._stories.place(part.article.revision, key=key, article=article["key"], story=article["story"], marks=part.bands)
        return key

    def _later(self, article: dict[str, Any], seen: datetime) -> bool:
        """Whether this text was seen after the one that was seen last: archives are not read in the order of time."""
        if article["revision_key"] is None:
            return True
        self._flush()
        last = self._connection.execute(select(func.max(sightings.c.seen)).where(sightings.c.revision_key == article["revision_key"])).scalar()
        return last is None or stamp(seen) >= last

    def _takes_over(self, article: dict[str, Any], document: int) -> bool:
        """Whether the text seen last was read from this document: only then does another reading of the document take its place."""
        query = select(sightings.c.key).where(sightings.c.revision_key == article["revision_key"], sightings.c.document_key == document)
        return self._connection.execute(query).first() is not None

    def _turn(self, article: dict[str, Any], key: int) -> None:
        """Another text is the one seen last: its statements are shown, and those of the one before no more."""
        before = article["revision_key"]
        article["revision_key"] = key
        if before is None:
            return
        self._unsettled[article["id"]] = None
        self._flush()
        self._connection.execute(update(articles).where(articles.c.key == article["key"]).values(revision_key=key))
        self._connection.execute(update(statements).where(statements.c.revision_key == before, statements.c.shown).values(shown=False))
        counts = select(readings.c.key).where(readings.c.revision_key == key, readings.c.superseded_by.is_(None))
        back = update(statements).where(statements.c.reading_key.in_(counts.scalar_subquery()), func.coalesce(statements.c.verdict, "") != "wrong")
        self._connection.execute(back.values(shown=True))

    # Readings, statements -----------------------------------------------------------------------------------------------------------

    def _read(self, part: Part, article: dict[str, Any], *, filing: Filing, revision: int, new: bool, seen: datetime) -> int | None:
        """Statements written; None if this reader had read the text before."""
        if not new:
            self._flush()
            earlier = self._connection.execute(
                select(readings.c.key, readings.c.digest, readings.c.superseded_by).where(readings.c.revision_key == revision)
            ).all()
            if any(r.digest == filing.reader.digest for r in earlier) or (earlier and not filing.again):
                return None
        key = self._keys.next(readings)
        by = {"reader": filing.reader.name, "digest": filing.reader.digest, "made": self._stamp, "superseded_by": None}
        self._add(readings, {"key": key, "revision_key": revision} | by)
        if not new:
            self._flush()
            older = readings.c.revision_key == revision, readings.c.superseded_by.is_(None), readings.c.key != key
            self._connection.execute(update(statements).where(statements.c.revision_key == revision, statements.c.shown).values(shown=False))
            self._connection.execute(update(readings).where(*older).values(superseded_by=key))
            self._unsettled[article["id"]] = None
        self._examined += [(digest, coder, key) for digest, coder in filing.examined]
        shown = article["revision_key"] == revision
        day = day_of(part.article, seen)
        rows: list[dict[str, Any]] = []
        for entry, row in zip(part.entries, part.rows, strict=True):
            entry.statement.check(part.article.revision.text)
            actor = self._actor(entry)
            place = {"key": self._keys.next_of_day(statements, day), "revision_key": revision, "reading_key": key, "outlet_key": article["outlet_key"]}
            rows.append(row | place | {"actor_key": actor, "speaker_key": actor, "shown": shown, "verdict": None, "corrected": None, "quotation_key": None})
        if part.article.id in self._judged:
            judged = self._judged[part.article.id]
            text, texts = part.article.revision, texts_corrected(self._connection, judged)
            carry_over(rows, judged, self._speakers(judged), revision=text.id, text=text.text, texts=texts)
        for row in rows:
            self._add(statements, row)
        for entry, row in zip(part.entries, rows, strict=True):
            self._place(entry, row, part.article.revision.text)
        for entry, row, marks in zip(part.entries, rows, part.prints or ((),) * len(rows), strict=True):
            if marks:
                witness = witness_of(row["key"], entry, moment=part.article.published or seen, outlet=part.article.outlet)
                self._quoting.place(witness, f"{part.article.id} {row['id']}", marks)
        return len(rows)

    def _place(self, entry: Entry, row: dict[str, Any], text: str) -> None:
        """The positions that a statement shows, its figures, and the dates that it looks to."""
        for table, figures in ((quantities, quantity_rows), (horizons, horizon_rows)):
            for figure in figures(entry, row["key"]):
                self._add(table, figure)
        speaker = entry.speaker
        for position in entry.positions:
            position.check(text)
            if position.holder is None:
                organization = speaker.organization.exact if speaker.organization else None
                held = row["speaker_key"], self._placing.affiliation(speaker.country, organization)
            else:
                held = self._holder(position.holder)
            self._placing.place(position, row, held=held, made=self._stamp)

    def _holder(self, holder: Holder) -> Held:
        if holder.id is None:
            return None, None
        state = lookup(holder.name) if holder.type == ActorType.STATE else None
        key = self._named(holder.id, holder.name, holder.type, state.code if state else None)
        return key, None if key is None else self._placing.affiliation(self._countries[holder.id], None)

    def _actor(self, entry: Entry) -> int | None:
        speaker = entry.speaker
        return self._named(speaker.id, speaker.name, speaker.type, speaker.country)

    def _named(self, id_: str | None, name: str | None, type_: str, country: str | None) -> int | None:
        """The key of an actor with a name, who is added if new; None for one without."""
        if id_ is None or name is None or type_ in NAMELESS:
            return None
        key = self._actors.get(id_)
        if key is None:
            key = self._actors[id_] = self._keys.next(actors)
            self._countries[id_] = country
            self._new_actors.add(id_)
            self._add(actors, {"key": key, "id": id_, "name": name, "type": str(type_), "country": country, "known": None, "joined": None})
        names = self._names[key]
        if name not in names:
            words = {w for n in names for w in name_words(n)}
            names.add(name)
            self._add(actor_names, {"actor_key": key, "name": name})
            for word in sorted(name_words(name) - words):
                self._add(actor_words, {"word": word, "actor_key": key})
        return key

    def _speakers(self, judged: Sequence[Row[Any]]) -> dict[str, int]:
        wanted = [j.right for j in judged if j.right]
        return dict(self._connection.execute(select(actors.c.id, actors.c.key).where(actors.c.id.in_(wanted))).all())


class _Key:
    """Stands for the row of a document of this very batch."""

    def __init__(self, key: int) -> None:
        self.key = key


def _known(connection: Connection, table: Table, column: str, values: Iterable[str], *columns: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for some in chunks(values):
        query = select(table.c[column], *(table.c[c] for c in columns)).where(table.c[column].in_(some))
        for row in connection.execute(query):
            found[row[0]] = row
    return found


def _outlet(part: Part) -> str | None:
    """What the outlet is called: as the article names it, else by the host of its address."""
    if part.article.outlet:
        return part.article.outlet
    try:
        host = urlsplit(part.article.url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None
