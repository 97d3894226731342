"""What runs side by side over one ledger: readers who look while others write, and rounds of following the news."""

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from invented import READER
from kill_work import DONE, NOW, OPENING, RESTING, WRITING, Mark
from local_server import Server

from onrecord.articles import read_articles
from onrecord.desk import Desk
from onrecord.desk.preparing import Job, Prepared, filing_of
from onrecord.errors import OnrecordError
from onrecord.ledger import Ledger, Query
from onrecord.ledger.following import Found, follow, put_links
from onrecord.sources.polite import Web

__all__ = ["asked", "looking", "made", "news_site", "room", "updated"]


def made(mark: Mark, where: str) -> bool:
    """Make a ledger; whether it was not there."""
    from onrecord.ledger.schema import create

    with Ledger(where) as ledger:
        mark(OPENING)
        return create(ledger.database)


def looking(mark: Mark, where: str, source: str, batches: list[int], folder: str) -> int:
    """Search while others write, until told to stop; how many states of the ledger were seen. A state with half a document is an error.

    Args:
        mark: Marks a step.
        where: The ledger.
        source: The documents that are being filed, in their order.
        batches: How many there are after each transaction.
        folder: Where a file `go` says that it is time to stop.
    """
    filings = pickle.loads(Path(source).read_bytes())  # noqa: S301 - written by the test
    whole = {f.parts[0].article.revision.id: len(f.parts[0].entries) for f in filings}
    states = set()
    with Ledger.open(where) as ledger:
        while not (Path(folder) / "go").exists():
            mark(RESTING)
            found = Counter(hit.where.revision for hit in ledger.search(Query(everything=True)))
            halves = {revision: n for revision, n in found.items() if n != whole[revision]}
            assert not halves, halves
            status = ledger.status().counts
            assert status["documents"] in batches, status
            assert status["documents"] == status["readings"], status
            states.add(status["documents"])
            # An article that is found has a history, however much was filed since.
            for hit in ledger.search(Query("the", everything=True), limit=1):
                assert ledger.article(hit.where.article).texts
    return len(states)


# Rounds -----------------------------------------------------------------------------------------------------------------------------


def _articles(_: Callable[..., object], jobs: Iterable[object]) -> Iterator[object]:
    """A `map` that reads no statements: these tests are about pages, and a model would only make them slow."""
    for job in jobs:
        if not isinstance(job, Job):
            yield job
            continue
        try:
            yield Prepared(job, filing_of(job, ((a, ()) for a in read_articles(job.document)), by=READER))
        except OnrecordError as error:
            yield Prepared(job, None, error)


def room(where: str, now: datetime = NOW) -> Desk:
    """A desk that follows the news on this machine, and waits for no host."""
    return Desk(Ledger.open(where, create=True), map=_articles, now=lambda: now, web=partial(Web, per_host_seconds=0.0))


def updated(mark: Mark, where: str, later: float = 0.0) -> tuple[list[str], list[str]]:
    """One round: the pages that it filed, and the errors.

    Args:
        mark: Marks a step.
        where: The ledger.
        later: Seconds after the tests' moment.
    """
    filed, errors = [], []
    with room(where, NOW + timedelta(seconds=later)) as desk:
        mark(RESTING)
        for page in desk.updating(allow_private=True):
            mark(WRITING)
            (errors if page.error else filed).append(str(page.error) if page.error else page.name)
    mark(DONE)
    return filed, errors


def news_site(server: Server, where: str, *, feeds: int, pages: int, listed: bool) -> list[str]:
    """Articles on a site, and feeds of them that are followed; their addresses.

    Args:
        server: The site.
        where: The ledger.
        feeds: How many feeds.
        pages: How many pages in each.
        listed: Whether they have been found in the feeds already.
    """
    every = []
    with room(where) as desk, desk.ledger.database.writing() as connection:
        for f in range(feeds):
            urls = [f"{server.url}/{f}/{p}" for p in range(pages)]
            items = "".join(f"<item><title>Item {u}</title><link>{u}</link></item>" for u in urls)
            server.page(
                f"/feed-{f}", f"<rss version='2.0'><channel><title>Feed {f}</title>{items}</channel></rss>", content_type="application/rss+xml", etag=f'"{f}"'
            )
            for p, url in enumerate(urls):
                server.page(url.removeprefix(server.url), _page(f, p))
            follow(connection, f"{server.url}/feed-{f}", now=NOW if not listed else NOW + timedelta(days=2))
            if listed:
                put_links(connection, [Found(u) for u in urls], feed=None, now=NOW)
            every += urls
    return every


def _page(feed: int, page: int) -> str:
    told = " ".join(f"The council of harbour {feed}-{page} met in room {n} and spoke of the landing for the ferry until the evening." for n in range(4))
    return f"<html lang='en'><title>Landing {feed}-{page}</title><article><h1>Landing {feed}-{page}</h1><p>{told}</p><p>{told[::-1][:80]}</p></article></html>"


def asked(server: Server, urls: Iterable[str]) -> dict[str, int]:
    """How often each page was asked for."""
    paths = Counter(server.paths)
    return {url: paths[url.removeprefix(server.url)] for url in urls}
