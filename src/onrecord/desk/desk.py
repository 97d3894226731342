"""The desk: one object that reads, keeps and finds. `onrecord.open("news.db")` gives one."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from onrecord.actors.judgements import Decision, Judgement, Ruling
from onrecord.actors.roster import Roster
from onrecord.desk import following, rereading, updating
from onrecord.desk.examining import examine
from onrecord.desk.filing import Filed, Map, Tally, file_jobs
from onrecord.desk.gathering import jobs_of, lasting_name
from onrecord.desk.judging import Judging
from onrecord.desk.login import login
from onrecord.desk.preparing import Background
from onrecord.desk.proposing import Proposes
from onrecord.desk.reading import Settings, coder_named, moment, roster_named
from onrecord.desk.reckoning import Reckoning
from onrecord.desk.searching import query
from onrecord.desk.standing import Examining, Standing
from onrecord.desk.suggesting import Suggesting
from onrecord.desk.teaching import Teaching
from onrecord.errors import UsageError
from onrecord.ledger import (
    Actor,
    ArticleHistory,
    ArticleHit,
    Carried,
    Hit,
    Ledger,
    Query,
    Reread,
    Rows,
    Sort,
    Status,
    Told,
)
from onrecord.sources import Document

if TYPE_CHECKING:
    from onrecord.sources.polite import Web

__all__ = ["ActorPage", "Desk", "Filed", "Tally", "open_desk"]

Source = str | bytes | Path | Document


def open_desk(
    ledger: str | os.PathLike[str] | None = None,
    *,
    create: bool = True,
    reader: str | Path | None = None,
    engine: str = "auto",
    map: Map = map,  # noqa: A002 - it takes the place of the builtin
) -> Desk:
    """Open a ledger, and make it if it is not there.

    Args:
        ledger: Path of a SQLite file, or the URL of a PostgreSQL database; None for `ONRECORD_LEDGER`, else the file in your data folder.
        create: Whether to make it if it is not there.
        reader: Name or folder of a model to read with; None for the newest in the package.
        engine: One of `onrecord.models.ENGINES`.
        map: `map`, or one over processes from `onrecord.batch`: how documents are read.

    Returns:
        The desk; close it, or use it in a `with` block.

    Raises:
        SchemaError: What is there is no ledger, or one of another version.
        LedgerError: It cannot be opened.

    Example:
        >>> import onrecord
        >>> desk = onrecord.open("news.db")  # doctest: +SKIP
        >>> desk.add("articles/", "https://example.org/story")  # doctest: +SKIP
        >>> for hit in desk.search("ceasefire", actor="Putin", since="2025-03"):  # doctest: +SKIP
        ...     print(hit.where.day, hit.where.outlet, hit.content)
    """
    settings = Settings(model=None if reader is None else str(reader), engine=engine)
    return Desk(Ledger.open(ledger, create=create), settings, map=map)


@dataclass(frozen=True, slots=True)
class ActorPage:
    """What the ledger holds of an actor."""

    actor: Actor
    #: Statements by outlet, the most first.
    outlets: dict[str, int]
    #: Statements by kind.
    kinds: dict[str, int]
    _ledger: Ledger

    @property
    def name(self) -> str:
        """The actor's name."""
        return self.actor.name

    @property
    def total(self) -> int:
        """How many statements."""
        return self.actor.statements

    def statements(self, *, limit: int | None = None, oldest: bool = False) -> Iterator[Hit]:
        """The actor's statements, the newest first.

        Args:
            limit: How many at most.
            oldest: The oldest first.
        """
        query = Query(actors=(self.actor.id,), sort=Sort.OLDEST if oldest else Sort.DATE)
        return self._ledger.search(query, limit=limit)

    def to_json(self) -> dict[str, Any]:
        """The actor, with statements by outlet and kind."""
        return {**self.actor.to_json(), "outlets": self.outlets, "kinds": self.kinds}


class Desk(Standing, Judging, Suggesting, Proposes, Reckoning, Teaching):
    """Reads, keeps and finds.

    Args:
        ledger: Where everything is kept.
        settings: What articles are read with.
        map: How documents are read: `map`, or one over processes.
        now: Gives the moment to write down.
        web: Gives what pages are fetched with, for `allow_private` and `robots`. Each is kept as long as the desk, with what it knows of hosts.
    """

    def __init__(
        self,
        ledger: Ledger,
        settings: Settings | None = None,
        *,
        map: Map = map,  # noqa: A002 - it takes the place of the builtin
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        web: Callable[..., Web] = following.web,
    ) -> None:
        self.ledger = ledger
        self._settings = settings or Settings()
        self._map, self._now = map, now
        self._web_of = functools.cache(lambda allow_private, robots: web(allow_private=allow_private, robots=robots))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the ledger."""
        self.ledger.close()

    # Adding -------------------------------------------------------------------------------------------------------------------------

    def add(
        self,
        *sources: Source,
        url: str | None = None,
        outlet: str | None = None,
        published: str | date | datetime | None = None,
        columns: str | None = None,
        allow_private: bool = False,
        robots: bool = True,
    ) -> Tally:
        """Read documents and file them. What is in the ledger already is left as it is.

        Args:
            sources: Paths of files and folders, web addresses, archives (WARC, zip), tables (CSV, JSON lines), `Document`s; a string that is
                none of these is the text of an article itself if it has more than one line.
            url: Canonical address, when you know better than the page.
            outlet: Who published it, likewise.
            published: Day or moment of publication, likewise; a string is read as ISO 8601.
            columns: Which columns of a table hold what, such as `text=Body,title=Headline`; None to go by their names.
            allow_private: Fetch addresses inside your own network, too.
            robots: Ask robots.txt first and obey.

        Returns:
            What it changed, with the errors of what could not be read.

        Raises:
            UsageError: `published` is no moment.
            LedgerError: The ledger cannot be written.
        """
        return _counted(self.adding(*sources, url=url, outlet=outlet, published=published, columns=columns, allow_private=allow_private, robots=robots))

    def adding(
        self,
        *sources: Source,
        url: str | None = None,
        outlet: str | None = None,
        published: str | date | datetime | None = None,
        columns: str | None = None,
        allow_private: bool = False,
        robots: bool = True,
    ) -> Iterator[Filed]:
        """As `add`, one result or error a document, each after it has been filed: to show progress, or to stop at any time."""
        on = moment(published)
        told = Told(url, outlet, on.isoformat() if on else None)
        jobs = jobs_of(sources, told, columns=columns, web=lambda: self._web_of(allow_private, robots))
        return self._taught(file_jobs(self.ledger, jobs, self._background(), map=self._map, now=self._now))

    def _background(self) -> Background:
        """What the ledger knows of actors goes before a file that the settings name."""
        roster = self.ledger.roster()
        if roster is None and self._settings.roster:
            roster = roster_named(self._settings.roster)
        return Background.of(self._settings, roster, self.ledger.identity(), self.ledger.agenda())

    # Following ----------------------------------------------------------------------------------------------------------------------

    def follow(self, source: str | Path, *, outlet: str | None = None, allow_private: bool = False, robots: bool = True) -> list[following.Follow]:
        """Follow a feed, a sitemap, the feed of a page, or all feeds of an OPML list.

        Args:
            source: Address, or path or address of an OPML file.
            outlet: What to call the outlet of its articles; None to go by the articles.
            allow_private: Fetch addresses inside your own network, too.
            robots: Ask robots.txt first and obey.

        Returns:
            The feeds that are followed now.

        Raises:
            SourceError: It cannot be had, or nothing to follow is there.
        """
        return following.follow(self.ledger, str(source), outlet=outlet, now=self._now, web=self._web_of(allow_private, robots))

    def unfollow(self, url: str) -> None:
        """Follow a feed no more; what came from it stays.

        Raises:
            UsageError: It is not followed.
        """
        following.unfollow(self.ledger, url)

    def update(self, *, everything: bool = False, every: timedelta = following.EVERY, allow_private: bool = False, robots: bool = True) -> Tally:
        """Ask the feeds that are due, and read what is new or may have changed.

        Args:
            everything: Also feeds that are not due yet.
            every: How often a feed is asked.
            allow_private: Fetch addresses inside your own network, too.
            robots: Ask robots.txt first and obey.

        Returns:
            What it changed, with the errors of feeds and pages.
        """
        return _counted(self.updating(everything=everything, every=every, allow_private=allow_private, robots=robots))

    def updating(self, *, everything: bool = False, every: timedelta = following.EVERY, allow_private: bool = False, robots: bool = True) -> Iterator[Filed]:
        """As `update`, one result or error a page or feed, as they come."""
        web = self._web_of(allow_private, robots)
        return self._taught(updating.updating(self.ledger, self._background, web=web, map=self._map, now=self._now, everything=everything, every=every))

    # Finding ------------------------------------------------------------------------------------------------------------------------

    def search(self, words: str = "", *, limit: int | None = None, offset: int = 0, **filters: Any) -> Iterator[Hit]:  # noqa: ANN401 - see `query`
        """Statements that match, the newest first, fetched as they are taken.

        Args:
            words: What was said: words, `"a phrase"`, `this OR that`, `-without`, `begin*`.
            limit: How many at most.
            offset: How many to pass over first.
            filters: As for `query`.

        Raises:
            UsageError: The query names nobody, or cannot be meant.
        """
        return self.ledger.search(query(words, **filters), limit=limit, offset=offset)

    def search_articles(self, words: str = "", *, limit: int | None = None, offset: int = 0, **filters: Any) -> Iterator[ArticleHit]:  # noqa: ANN401 - see `query`
        """Articles whose text matches, the newest first.

        Raises:
            UsageError: As `search`.
        """
        return self.ledger.search_articles(query(words, **filters), limit=limit, offset=offset)

    def count(self, words: str = "", **filters: Any) -> int:  # noqa: ANN401 - see `query`
        """How many statements match.

        Raises:
            UsageError: As `search`.
        """
        return self.ledger.count(query(words, **filters))

    def actor(self, name: str) -> ActorPage:
        """What the ledger holds of an actor.

        Args:
            name: A name, a part of one that only one actor has, or an id.

        Raises:
            UsageError: Nobody is called so, or several are: then they are named, and none is chosen.
        """
        actor = self.ledger.actor(name)
        said = self.ledger.said_by(actor)
        return ActorPage(actor, said.outlets, said.kinds, self.ledger)

    def article(self, name: str) -> ArticleHistory:
        """What became of an article, revision by revision.

        Args:
            name: Its address, path or id.

        Raises:
            UsageError: There is none.
        """
        return self.ledger.article(lasting_name(name) if "://" not in name and os.path.exists(name) else name)  # noqa: PTH110 - a name too long must not raise here

    def quotation(self, name: str, *, everything: bool = False) -> Carried:
        """Every outlet that carried a quotation, and its wordings.

        Args:
            name: Id of the quotation, or of one of its statements.
            everything: Also witnesses in texts that were replaced.

        Raises:
            UsageError: There is none.
        """
        return self.ledger.quotation(name, everything=everything)

    def statement(self, name: str) -> list[Hit]:
        """The statement of an id; several where articles have the very same text.

        Raises:
            UsageError: There is none.
        """
        return self.ledger.statement(name)

    def status(self) -> Status:
        """How much the ledger holds."""
        return self.ledger.status()

    def sql(self, query: str, *, limit: int | None = None) -> Rows:
        """Ask the database in SQL; nothing can be changed.

        Raises:
            UsageError: It is no query.
            LedgerError: The database does not understand it.
        """
        return self.ledger.sql(query, limit=limit)

    # Judging ------------------------------------------------------------------------------------------------------------------------

    def add_roster(self, roster: Roster | str | Path) -> tuple[int, int]:
        """Make actors known: from now on articles are read with them.

        Args:
            roster: A roster, or a YAML or CSV file of one.

        Returns:
            How many were new, and how many changed.

        Raises:
            UsageError: The file cannot be read; says the line.
        """
        return self.ledger.add_roster(roster if isinstance(roster, Roster) else roster_named(str(roster)))

    def merge(self, keep: str, *others: str, by: str | None = None, note: str | None = None) -> Actor:
        """Decide that actors are one.

        Args:
            keep: Name or id of the one that they are known under.
            others: Names or ids of the others.
            by: Who decides; None for the login.
            note: Why.

        Returns:
            The actor, as it is now.

        Raises:
            UsageError: A name means nobody, or several; or a judgement that stands keeps them apart.
        """
        first = self.ledger.actor(keep)
        identity = self.ledger.identity()
        entries: list[Decision] = []
        for other in others:
            second = self.ledger.actor(other)
            against = identity.forbids(first.id, second.id)
            if against is not None:
                raise UsageError(f"{against.by} decided that they are not one", item=other, hint=f"`onrecord actors undo {against.id}` takes that back")
            if second.id != first.id:
                entries.append(Judgement(first.id, second.id, Ruling.SAME, login(by), self._now(), note))
        self.ledger.judge(entries)
        return self.ledger.actor(first.id)

    def split(self, one: str, other: str, *, by: str | None = None, note: str | None = None) -> None:
        """Decide that two actors are not one, whatever joined them.

        Args:
            one: Id of an actor.
            other: Id of the other.
            by: Who decides; None for the login.
            note: Why.

        Raises:
            UsageError: There is no such actor.
        """
        for name in (one, other):
            self.ledger.actor(name)
        self.ledger.judge([Judgement(one, other, Ruling.DIFFERENT, login(by), self._now(), note)])

    # Reading anew -------------------------------------------------------------------------------------------------------------------

    def reread(self) -> Tally:
        """Read everything again that this desk's reader has not read; the older readings stay, superseded."""
        return _counted(self.rereading()[1])

    def rereading(self) -> tuple[int, Iterator[Filed]]:
        """As `reread`: how many documents there are to read, and one result or error each. It may be stopped, and goes on where it was."""
        return rereading.rereading(self.ledger, self._background(), map=self._map, now=self._now)

    def rereadings(self) -> Iterator[Reread]:
        """What the newest reading of each text changed against the one before it."""
        return self.ledger.rereadings()

    def examine(self, issue_ids: Sequence[str] | None = None) -> Iterator[Examining]:
        """Look for positions on issues in what the ledger held before they were added. It may be stopped, and goes on where it was.

        Args:
            issue_ids: Ids of issues; None for all of the agenda.

        Yields:
            How far it is.

        Raises:
            UsageError: There is no such issue.
        """
        agenda = self.ledger.agenda()
        wanted = [i for i in agenda if issue_ids is None or i.id in issue_ids]
        unknown = sorted(set(issue_ids or ()) - {i.id for i in wanted})
        if unknown:
            raise UsageError("no such issue on the agenda", item=", ".join(unknown), hint="see `onrecord issue list`")
        yield from examine(self.ledger, coder_named(self._settings.engine, self._settings.threads), wanted, rivals=list(agenda))


def _counted(results: Iterator[Filed]) -> Tally:
    """Take all; whatever happens meanwhile, what runs behind them is ended before this returns, and lets go of what it holds."""
    tally = Tally()
    try:
        for filed in results:
            tally.count(filed)
    finally:
        if isinstance(results, Generator):
            results.close()
    return tally
