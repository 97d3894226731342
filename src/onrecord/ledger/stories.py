"""Which articles stem from one text, kept up as revisions come in: candidates by LSH bands, then compared word by word."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from onrecord.articles.article import Revision
from onrecord.ledger.bulk import insert_pairs, pairs_of
from onrecord.ledger.keys import chunks
from onrecord.ledger.packing import article_of
from onrecord.ledger.tables import articles, bands, copies, revisions

__all__ = ["MOST", "Stories"]

#: Revisions that are kept under one band. What more of them share is a form, or a story that is found by these.
MOST = 64
#: Revisions that a new one is compared with word by word: those that share most bands with it.
_COMPARED = 6


class Stories:
    """Copies of a ledger's articles while a batch is written.

    Args:
        connection: A writing one.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._bands: defaultdict[int, list[int]] = defaultdict(list)
        #: Of revisions: text that counts, and article.
        self._texts: dict[int, Revision] = {}
        self._bodies: dict[int, str] = {}
        self._article: dict[int, int] = {}
        self._story: dict[int, int | None] = {}
        self._changed: dict[int, int] = {}
        self._new_bands: list[tuple[int, int]] = []
        self._new_copies: list[dict[str, Any]] = []

    def expect(self, wanted: Iterable[int]) -> None:
        """Look up the bands that are about to come, all at once."""
        new = [b for b in dict.fromkeys(wanted) if b not in self._bands]
        for b in new:
            self._bands[b] = []
        for b, key in pairs_of(self._connection, bands, by="band", get="revision_key", values=new):
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
        from onrecord.articles.duplicates import METHOD, compare

        marks = tuple(dict.fromkeys(marks))
        self._article[key] = article
        self._story.setdefault(article, story)
        self._texts[key] = revision
        shared = Counter(itertools.chain.from_iterable(self._bands[b] for b in marks))
        if shared:
            nearest = sorted(shared, key=lambda k: (-shared[k], k))[: 2 * _COMPARED]
            self._fetch(nearest)
            for other in [k for k in nearest if self._article[k] != article][:_COMPARED]:
                one, two = self._body(key), self._body(other)
                said = None if one == two else compare(one, two)
                if said is None or said.same_source:
                    self._new_copies.append({"revision_key": key, "other_key": other, "score": said.score if said else 1.0, "method": METHOD})
                    if self._story[article] is None:
                        self._follow(article, self._article[other])
                    # The others of that story are known by it.
                    break
        for b in marks:
            if len(self._bands[b]) < MOST:
                self._bands[b].append(key)
                self._new_bands.append((b, key))

    def _body(self, key: int) -> str:
        from onrecord.articles.duplicates import body_of

        if key not in self._bodies:
            self._bodies[key] = body_of(self._texts[key])
        return self._bodies[key]

    def _follow(self, article: int, other: int) -> None:
        story = self._story[other]
        if story is None:
            story = self._story[other] = self._changed[other] = other
        self._story[article] = self._changed[article] = story

    def _fetch(self, wanted: Iterable[int]) -> None:
        for some in chunks(k for k in wanted if k not in self._texts):
            query = select(revisions, articles.c.story).join(articles, articles.c.key == revisions.c.article_key).where(revisions.c.key.in_(some))
            for row in self._connection.execute(query).mappings():
                self._texts[row["key"]] = article_of(dict(row), source="", url=None).revision
                self._article[row["key"]] = row["article_key"]
                self._story.setdefault(row["article_key"], row["story"])

    def write(self) -> None:
        """Write bands, copies and stories: after the revisions that they point at."""
        insert_pairs(self._connection, bands, self._new_bands)
        if self._new_copies:
            self._connection.execute(insert(copies), self._new_copies)
        if self._changed:
            change = update(articles).where(articles.c.key == bindparam("k")).values(story=bindparam("s"))
            self._connection.execute(change, [{"k": k, "s": s} for k, s in sorted(self._changed.items())])
        self._new_bands, self._new_copies, self._changed = [], [], {}
