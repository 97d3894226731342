"""What the front page of a desk shows at a glance: how much there is, what is new, what changed. Bounded, however large the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from onrecord.changes import ChangeKind, compare, counts
from onrecord.ledger import following
from onrecord.ledger.database import Database
from onrecord.ledger.histogram import FiledByDay, Histogram, filed_by_day, histogram_of
from onrecord.ledger.history import entries_of_revision
from onrecord.ledger.packing import article_of
from onrecord.ledger.searching import Query
from onrecord.ledger.tables import articles, outlets, revisions

__all__ = ["Changed", "Extent", "Glancing"]

#: Texts, the newest, among which those are looked for that changed an article.
_LOOKED_AT = 2_000
#: Outlets whose names are listed.
_OUTLETS = 300


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a ledger holds, as the highest keys tell it. Statements are all that were filed: those of texts that were replaced, too."""

    statements: int
    articles: int
    outlets: int
    #: Of each day of publication.
    by_day: FiledByDay

    def to_json(self) -> dict[str, Any]:
        """The numbers, and the first and the last day."""
        first, last = self.by_day.first, self.by_day.last
        return {
            "statements": self.statements,
            "articles": self.articles,
            "outlets": self.outlets,
            "first": first.isoformat() if first else None,
            "last": last.isoformat() if last else None,
        }


@dataclass(frozen=True, slots=True)
class Changed:
    """A new text of an article that was there, and what it changed."""

    article: str
    #: The new text.
    revision: str
    number: int
    title: str | None
    outlet: str | None
    source: str
    #: When it was first seen.
    seen: datetime
    #: How many statements changed how, against the text before; those that did not change are left out.
    changes: Mapping[ChangeKind, int]

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        return {
            "article": self.article,
            "revision": self.revision,
            "number": self.number,
            "title": self.title,
            "outlet": self.outlet,
            "source": self.source,
            "seen": self.seen.isoformat(),
            "changes": {str(k): n for k, n in self.changes.items()},
        }


class Glancing:
    """What a desk shows at a glance. `Ledger` is one."""

    database: Database

    def extent(self) -> Extent:
        """How much there is."""
        with self.database.reading() as connection:
            by_day = filed_by_day(connection)
            stories, papers = (int(connection.execute(select(func.max(t.c.key))).scalar() or 0) for t in (articles, outlets))
            return Extent(by_day.total, stories, papers, by_day)

    def histogram(self, query: Query, filed: FiledByDay | None = None) -> Histogram:
        """When the statements that match were published.

        Args:
            query: What to look for.
            filed: `Extent.by_day` of this state of the ledger, if it is at hand.

        Raises:
            UsageError: As `search`.
        """
        with self.database.reading() as connection:
            return histogram_of(connection, query, filed)

    def changed(self, *, limit: int) -> list[Changed]:
        """Articles whose text changed, the newest first, among the newest texts; those that only another onrecord cut otherwise are left out.

        Args:
            limit: How many at most.
        """
        with self.database.reading() as connection:
            r = revisions.c
            last = connection.execute(select(func.max(r.key))).scalar() or 0
            where = r.key > last - _LOOKED_AT, r.number > 1, r.cause == "found"
            keys = connection.execute(select(r.key).where(*where).order_by(r.key.desc()).limit(limit)).scalars().all()
            return [c for k in keys if (c := _changed(connection, k)) is not None]

    def feeds(self) -> list[following.Followed]:
        """Feeds that are, or were, followed, in the order in which they were followed first."""
        with self.database.reading() as connection:
            return following.followed(connection)

    def outlet_names(self) -> list[str]:
        """Names of outlets by the alphabet; those known longest, if they are very many."""
        with self.database.reading() as connection:
            names = connection.execute(select(outlets.c.name).order_by(outlets.c.key).limit(_OUTLETS)).scalars()
            return sorted(names, key=str.casefold)


def _changed(connection: Connection, key: int) -> Changed | None:
    """What a text changed against the one before it."""
    columns = articles.c.id.label("article"), articles.c.source, articles.c.url, outlets.c.name.label("paper")
    joined = revisions.join(articles, articles.c.key == revisions.c.article_key).outerjoin(outlets, outlets.c.key == articles.c.outlet_key)
    row = connection.execute(select(revisions, *columns).select_from(joined).where(revisions.c.key == key)).mappings().one()
    of_article = revisions.c.article_key == row["article_key"], revisions.c.number < row["number"]
    old = connection.execute(select(revisions).where(*of_article).order_by(revisions.c.number.desc()).limit(1)).mappings().first()
    if old is None:
        return None
    both = [(r, article_of(dict(r), source=row["source"], url=row["url"])) for r in (old, row)]
    (before, said), (after, says) = ((a, entries_of_revision(connection, r, a)[1]) for r, a in both)
    found: dict[ChangeKind, int] = {k: n for k, n in counts(compare(before, said, after, says)).items() if n and k is not ChangeKind.SAME}
    seen = datetime.fromisoformat(row["seen"])
    return Changed(row["article"], row["id"], row["number"], row["title"], row["paper"], row["source"], seen, found)
