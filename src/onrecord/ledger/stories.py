"""Which articles stem from one text, kept up as revisions come in: candidates by LSH bands, then compared word by word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from onrecord.articles.article import Revision
from onrecord.ledger.keys import chunks
from onrecord.ledger.packing import article_of
from onrecord.ledger.tables import articles, bands, copies, revisions

__all__ = ["MOST", "Stories"]

#: Revisions that are kept under one band. What more of them share is a form, or a story that is found by these.
MOST = 64


class Stories:
    """Copies of a ledger's articles while a batch is written.

    Args:
        connection: A writing one.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._bands: defaultdict[int, list[int]] = defaultdict(list)
        #: Of revisions: text that counts, and article.
        self._bodies: dict[int, str] = {}
        self._article: dict[int, int] = {}
        self._story: dict[int, int | None] = {}
        self._changed: dict[int, int] = {}
        self._new_bands: list[dict[str, int]] = []
        self._new_copies: list[dict[str, Any]] = []

    def expect(self, wanted: Iterable[int]) -> None:
        """Look up the bands that are about to come, all at once."""
        for some in chunks({b for b in wanted if b not in self._bands}):
            for b in some:
                self._bands[b] = []
            for b, key in self._connection.execute(select(bands.c.band, bands.c.revision_key).where(bands.c.band.in_(some)).order_by(bands.c.revision_key)):
                self._bands[b].append(key)

    def place(self, revision: Revision, *, key: int, article: int, story: int | None, marks: Iterable[int]) -> None:
        """Find the articles that stem from the same text as a new revision.

        Args:
            revision: Its text.
            key: Its key.
            article: Key of its article.
            story: The story that the article is of, by an earlier revision.
            marks: Its bands.
        """
        from onrecord.articles.duplicates import METHOD, body_of, compare

        marks = tuple(marks)
        self._article[key] = article
        self._story.setdefault(article, story)
        candidates = [k for k in dict.fromkeys(k for b in marks for k in self._bands[b]) if k != key]
        if candidates:
            self._fetch(candidates)
            self._bodies[key] = body_of(revision)
            best: tuple[float, int] | None = None
            for other in candidates:
                if self._article[other] == article:
                    continue
                said = compare(self._bodies[key], self._bodies[other])
                if said.same_source:
                    self._new_copies.append({"revision_key": key, "other_key": other, "score": said.score, "method": METHOD})
                    best = max(best or (said.score, -other), (said.score, -other))
            if best is not None and self._story[article] is None:
                self._follow(article, self._article[-best[1]])
        elif marks:
            self._bodies[key] = body_of(revision)
        for b in marks:
            if len(self._bands[b]) < MOST and key not in self._bands[b]:
                self._bands[b].append(key)
                self._new_bands.append({"band": b, "revision_key": key})

    def story(self, article: int) -> int | None:
        """The story of an article, as it is now."""
        return self._story.get(article)

    def _follow(self, article: int, other: int) -> None:
        story = self._story[other]
        if story is None:
            story = self._story[other] = self._changed[other] = other
        self._story[article] = self._changed[article] = story

    def _fetch(self, wanted: Iterable[int]) -> None:
        from onrecord.articles.duplicates import body_of

        for some in chunks(k for k in wanted if k not in self._bodies):
            query = select(revisions, articles.c.story).join(articles, articles.c.key == revisions.c.article_key).where(revisions.c.key.in_(some))
            for row in self._connection.execute(query).mappings():
                self._bodies[row["key"]] = body_of(article_of(dict(row), source="", url=None).revision)
                self._article[row["key"]] = row["article_key"]
                self._story.setdefault(row["article_key"], row["story"])

    def write(self) -> None:
        """Write bands, copies and stories: after the revisions that they point at."""
        if self._new_bands:
            self._connection.execute(insert(bands), self._new_bands)
        if self._new_copies:
            self._connection.execute(insert(copies), self._new_copies)
        if self._changed:
            change = update(articles).where(articles.c.key == bindparam("k")).values(story=bindparam("s"))
            self._connection.execute(change, [{"k": k, "s": s} for k, s in sorted(self._changed.items())])
        self._new_bands, self._new_copies, self._changed = [], [], {}
