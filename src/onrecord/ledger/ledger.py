"""The ledger: one object over one database. It files, finds, and tells what became of things; it reads nothing itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import func, select, text

from onrecord.actors.judgements import Decision, Identity
from onrecord.actors.known_actor import KnownActor
from onrecord.actors.roster import Roster
from onrecord.errors import UsageError
from onrecord.ledger import checking, following, history, judged, judging, naming, schema, searching, writer
from onrecord.ledger.access import Keeping
from onrecord.ledger.asking import Rows, ask
from onrecord.ledger.database import PATIENCE, Database, default_ledger
from onrecord.ledger.filing import Added, Filing, Told, document_of
from onrecord.ledger.glancing import Glancing
from onrecord.ledger.hits import Hit, hits_of
from onrecord.ledger.keys import chunks
from onrecord.ledger.naming import Actor
from onrecord.ledger.opening import Opening
from onrecord.ledger.positioning import Positioning
from onrecord.ledger.proposing import Proposing
from onrecord.ledger.reckoning import Reckoning
from onrecord.ledger.said import Said, said_of
from onrecord.ledger.searching import ArticleHit, Query
from onrecord.ledger.tables import METADATA, actors, articles, documents, outlets, quotations, readings, revisions, sightings, statements
from onrecord.ledger.texts import texts_of
from onrecord.sources.document import Document

__all__ = ["Ledger", "Rows", "Status"]

#: Rows of a search that are fetched at a time.
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Status:
    """How much a ledger holds."""

    ledger: str
    schema: str
    counts: dict[str, int]
    #: Outlets with their shown statements, the most first.
    outlets: tuple[tuple[str, int], ...]
    #: Readers with how many texts they have read that count.
    readers: tuple[tuple[str, int], ...]
    first: str | None
    last: str | None
    feeds: tuple[following.Followed, ...]
    #: Links by state.
    links: dict[str, int]
    #: Bytes of the file; None for a server.
    size: int | None

    def to_json(self) -> dict[str, Any]:
        """As `onrecord status --format json` shows it."""
        fed = [
            {"url": f.url, "title": f.title, "active": f.active, "checked": f.checked, "due": f.due, "failures": f.failures, "error": f.error}
            for f in self.feeds
        ]
        return {
            "ledger": self.ledger,
            "schema": self.schema,
            "size": self.size,
            **self.counts,
            "first": self.first,
            "last": self.last,
            "by_outlet": dict(self.outlets),
            "by_reader": dict(self.readers),
            "feeds": fed,
            "links": self.links,
        }


class Ledger(Positioning, Proposing, Reckoning, Keeping, Glancing, Opening):
    """A ledger.

    Args:
        where: Path of a SQLite file, or a database URL; None for `ONRECORD_LEDGER`, else the file in the user's data folder.
        patience: Seconds that a writer waits for another.
    """

    def __init__(self, where: str | os.PathLike[str] | None = None, *, patience: float = PATIENCE) -> None:
        self.database = Database(where or os.environ.get("ONRECORD_LEDGER") or default_ledger(), patience=patience)

    @classmethod
    def open(cls, where: str | os.PathLike[str] | None = None, *, create: bool = False, patience: float = PATIENCE) -> Self:
        """Open a ledger.

        Args:
            where: As for the class.
            create: Make it if it is not there.
            patience: Seconds that a writer waits for another.

        Raises:
            SchemaError: There is none, or it is of another version.
            LedgerError: It cannot be opened.
        """
        ledger = cls(where, patience=patience)
        try:
            (schema.create if create else schema.check)(ledger.database)
        except BaseException:
            ledger.close()
            raise
        return ledger

    @property
    def name(self) -> str:
        """What people see of it: the path, or the URL without its password."""
        return self.database.shown

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # Filing -------------------------------------------------------------------------------------------------------------------------

    def write(self, batch: Iterable[Filing], *, now: datetime | None = None) -> list[Added]:
        """File documents, all or none.

        Raises:
            BusyError: Somebody else writes and does not stop.
            LedgerError: The database says no; nothing was filed.
        """
        with self.database.writing() as connection:
            return writer.write(connection, batch, now or datetime.now(UTC))

    def known(self, document_ids: Iterable[str]) -> set[str]:
        """Which documents are in the ledger already."""
        with self.database.reading() as connection:
            return {i for some in chunks(document_ids) for i in connection.execute(select(documents.c.id).where(documents.c.id.in_(some))).scalars()}

    # Finding ------------------------------------------------------------------------------------------------------------------------

    def search(self, query: Query, *, limit: int | None = None, offset: int = 0) -> Iterator[Hit]:
        """Statements that match, in order. They are fetched as they are taken, and all see one state of the ledger.

        Raises:
            UsageError: The query names nobody, or cannot be meant.
        """
        with self.database.reading() as connection:
            keys = searching.search_statements(connection, query, limit=limit, offset=offset)
            page: list[int] = []
            for key in keys:
                page.append(key)
                if len(page) == _PAGE:
                    yield from hits_of(connection, page)
                    page = []
            yield from hits_of(connection, page)

    def count(self, query: Query) -> int:
        """How many statements match.

        Raises:
            UsageError: As `search`.
        """
        with self.database.reading() as connection:
            return searching.count_statements(connection, query)

    def search_articles(self, query: Query, *, limit: int | None = None, offset: int = 0) -> Iterator[ArticleHit]:
        """Articles whose text matches, in order.

        Raises:
            UsageError: As `search`.
        """
        with self.database.reading() as connection:
            yield from searching.search_articles(connection, query, limit=limit, offset=offset)

    def count_articles(self, query: Query) -> int:
        """How many articles match.

        Raises:
            UsageError: As `search`.
        """
        with self.database.reading() as connection:
            return searching.count_articles(connection, query)

    def statement(self, name: str) -> list[Hit]:
        """The statement of an id: one, or one for each article with the very same text; shown ones first.

        Raises:
            UsageError: There is none.
        """
        with self.database.reading() as connection:
            keys = (
                connection.execute(select(statements.c.key).where(statements.c.id == name).order_by(statements.c.shown.desc(), statements.c.key))
                .scalars()
                .all()
            )
            if not keys:
                raise UsageError("no such statement", item=name, hint="give an id such as s1:…, as `onrecord search` shows them")
            return list(hits_of(connection, keys))

    def actors(self, name: str) -> list[Actor]:
        """Actors of a name, a part of one, or an id; who said most comes first."""
        with self.database.reading() as connection:
            return naming.actors_like(connection, name)

    def actor(self, name: str) -> Actor:
        """The one actor of a name or an id.

        Raises:
            UsageError: There is none, or more than one.
        """
        with self.database.reading() as connection:
            return naming.one_actor(connection, name)

    def most_said(self, *, limit: int = 20) -> list[Actor]:
        """Those who said most."""
        with self.database.reading() as connection:
            return naming.most_said(connection, limit=limit)

    def said_by(self, actor: Actor) -> Said:
        """Shown statements of an actor by outlet, by kind and by day."""
        with self.database.reading() as connection:
            return said_of(connection, actor)

    # What became of it --------------------------------------------------------------------------------------------------------------

    def article(self, name: str) -> history.ArticleHistory:
        """What became of an article.

        Raises:
            UsageError: There is none of this address or id.
        """
        with self.database.reading() as connection:
            return history.article_history(connection, name)

    def quotation(self, name: str, *, everything: bool = False) -> history.Carried:
        """Who carried a quotation.

        Raises:
            UsageError: There is none of this id.
        """
        with self.database.reading() as connection:
            return history.quotation_history(connection, name, everything=everything)

    def status(self) -> Status:
        """How much the ledger holds."""
        with self.database.reading() as connection:
            counts = {
                t.name: int(connection.execute(select(func.count()).select_from(t)).scalar() or 0) for t in (documents, articles, revisions, readings, actors)
            }
            named = func.coalesce(outlets.c.name, "unknown").label("name")
            shown = select(named, func.count().label("n")).select_from(statements.outerjoin(outlets, outlets.c.key == statements.c.outlet_key))
            shown = shown.where(statements.c.shown)
            by_outlet = connection.execute(shown.group_by(named).order_by(text("n DESC"), named)).all()
            counts["statements"] = int(connection.execute(select(func.count()).select_from(statements).where(statements.c.shown)).scalar() or 0)
            counts["quotations"] = int(connection.execute(select(func.count()).select_from(quotations).where(quotations.c.joined.is_(None))).scalar() or 0)
            by_reader = select(readings.c.reader, func.count().label("n")).where(readings.c.superseded_by.is_(None)).group_by(readings.c.reader)
            readers = connection.execute(by_reader.order_by(text("n DESC"), readings.c.reader)).all()
            first, last = connection.execute(select(func.min(sightings.c.seen), func.max(sightings.c.seen))).one()
            fed, waiting = following.followed(connection), following.waiting(connection)
        path = self.database.path
        size = sum(p.stat().st_size for end in ("", "-wal") if (p := Path(f"{path}{end}")).exists()) if path else None
        return Status(
            self.name,
            schema.NEWEST,
            counts,
            tuple((r[0], r[1]) for r in by_outlet),
            tuple((r[0], r[1]) for r in readers),
            first,
            last,
            tuple(fed),
            waiting,
            size,
        )

    # Roster and judgements ----------------------------------------------------------------------------------------------------------

    def add_roster(self, known: Iterable[KnownActor]) -> tuple[int, int]:
        """File what a roster says of actors: how many were new, and how many changed."""
        with self.database.writing() as connection:
            done = naming.add_roster(connection, known)
            judging.settle_actors(connection)
            return done

    def roster(self) -> Roster | None:
        """The actors that a user made known, to read articles with; None if there are none."""
        with self.database.reading() as connection:
            return naming.known_actors(connection)

    def identity(self) -> Identity:
        """Which actors are one, by the judgements that stand."""
        with self.database.reading() as connection:
            return judging.identity_of(connection)

    def decisions(self) -> list[Decision]:
        """Everything decided about actors, oldest first."""
        with self.database.reading() as connection:
            return judging.decisions(connection)

    def judge(self, entries: Iterable[Decision]) -> int:
        """Add judgements about actors, and follow them: how many were new."""
        with self.database.writing() as connection:
            new = judging.record(connection, entries)
            judging.settle_actors(connection)
            return new

    def judge_statement(self, judgement: judging.StatementJudgement) -> None:
        """Add a judgement of a statement, and follow it.

        Raises:
            UsageError: The right speaker is not in the ledger.
        """
        with self.database.writing() as connection:
            judging.judge_statement(connection, judgement)

    def judgements_of(self, hits: Iterable[Hit]) -> dict[int, list[judged.Judged]]:
        """All that people said of statements, what was taken back, too, oldest first: by key of the statement."""
        with self.database.reading() as connection:
            return judged.judgements_of(connection, hits)

    def texts(self, names: Iterable[str]) -> dict[str, str]:
        """Texts by id of the revision; those that are not there are left out."""
        with self.database.reading() as connection:
            return texts_of(connection, names)

    def take_back(self, judgement: str, *, by: str, note: str | None = None) -> None:
        """Take a judgement back.

        Raises:
            UsageError: There is none of this id.
        """
        with self.database.writing() as connection:
            judging.take_back(connection, judgement, by=by, on=datetime.now(UTC), note=note)

    # Reading anew -------------------------------------------------------------------------------------------------------------------

    def unread(self, digest: str) -> tuple[int, Iterator[tuple[Document, Told]]]:
        """Documents with a text that a reader has not read yet: how many, and each with what was said of it, in the order of filing.

        Args:
            digest: The reader's.
        """
        read = select(readings.c.revision_key).where(readings.c.digest == digest)
        behind = select(revisions.c.document_key).where(revisions.c.key.not_in(read), revisions.c.cause == "found")
        # A text whose bytes, read anew, gave another one, was read: its document has a text of this reader.
        newer = select(sightings.c.document_key).where(sightings.c.revision_key.in_(read))
        where = documents.c.key.in_(behind), documents.c.key.not_in(newer), documents.c.content.is_not(None)
        with self.database.reading() as connection:
            keys = list(connection.execute(select(documents.c.key).where(*where).order_by(documents.c.key)).scalars())
        return len(keys), self._documents(keys)

    def _documents(self, keys: Sequence[int]) -> Iterator[tuple[Document, Told]]:
        for some in chunks(keys, 20):
            with self.database.reading() as connection:
                rows = connection.execute(select(documents).where(documents.c.key.in_(some)).order_by(documents.c.key)).mappings().all()
            yield from (document_of(dict(row)) for row in rows)

    def rereadings(self) -> Iterator[history.Reread]:
        """What the newest reading of each text changed against the one before it."""
        with self.database.reading() as connection:
            yield from history.rereadings(connection)

    # Keeping it sound ---------------------------------------------------------------------------------------------------------------

    def check(self, *, thorough: bool = True) -> list[str]:
        """Everything that is wrong with the ledger, a sentence each."""
        with self.database.reading() as connection:
            return list(checking.faults(connection, thorough=thorough))

    def back_up(self, target: str | Path) -> None:
        """Copy a SQLite ledger into a file of its own while others may go on writing.

        Raises:
            UsageError: It is on a server, or the target is there already.
        """
        schema.back_up(self.database, Path(target))

    def sql(self, query: str, *, limit: int | None = None) -> Rows:
        """Ask the database in SQL; nothing can be changed.

        Raises:
            UsageError: It is no query, or the database does not understand it.
            LedgerError: The database cannot answer.
        """
        return ask(self.database, query, limit=limit)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, in order: for comparing two ledgers."""
        with self.database.reading() as connection:
            return {t.name: sorted((tuple(r) for r in connection.execute(select(t))), key=repr) for t in METADATA.sorted_tables}
