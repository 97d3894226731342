"""A desk to test on: a real ledger, a real web server on this machine, a clock that a test moves, and a reader that needs no model.

Pages are fetched, and cut into articles, by what users have. Only the reading is stood in for: `read_by` takes quotations of one form, and its
results go into the ledger as those of the model do.
"""

import re
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape

import pytest
from invented import READER
from local_server import Server, serve

from onrecord.actors import ActorType, MentionForm, Speaker, Voice
from onrecord.actors.voice import Reason
from onrecord.articles import Article, Condition, Revision, read_articles
from onrecord.desk.desk import Desk
from onrecord.desk.preparing import Job, Prepared, filing_of
from onrecord.desk.reading import moment
from onrecord.entry import Entry
from onrecord.errors import OnrecordError
from onrecord.ledger import Ledger, ReadBy
from onrecord.occasions import Occasion, When, Where
from onrecord.sources.connection import Limits
from onrecord.sources.polite import Web
from onrecord.statements.statement import Attribution, QuoteKind, Statement
from onrecord.text import Span, stable_id

with warnings.catch_warnings():
    # It warns of proxies that it could use, unless a library that silences that was imported in the same test.
    warnings.simplefilter("ignore")
    import trafilatura  # noqa: F401

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
_SAID = re.compile(r"(“([^“”]+),”) ([A-Z]\w+ [A-Z]\w+) (said)\b")


class Clock:
    """The moment, and the seconds of pauses: both pass only when a test, or somebody who waits, says so."""

    def __init__(self):
        self.seconds = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.seconds += seconds

    def later(self, **time: float) -> None:
        self.sleep(timedelta(**time).total_seconds())


def entries_in(article: Article) -> tuple[Entry, ...]:
    """A statement for each `“words,” Given Family said`."""
    if {Condition.EMPTY, Condition.NOT_ENGLISH} & set(article.conditions):
        return ()
    return tuple(_entry(article.revision, m) for m in _SAID.finditer(article.revision.text))


def _entry(revision: Revision, m: re.Match[str]) -> Entry:
    whole, words, source, cue = ((Span.of(revision.text, *m.span(n)),) for n in range(1, 5))
    statement = Statement(revision.id, whole, cue, source, QuoteKind.DIRECT, Attribution.CUE, words, (), "body", 0.9, READER.name)
    who = Speaker(stable_id("a1", "person", m[3]), m[3], ActorType.PERSON, source[0], MentionForm.NAME, 0.9, reasons=(Reason("the name follows the words"),))
    return Entry(statement, Voice(who), Occasion(When(None, None, "the text does not say when"), Where()))


def read_by(
    reader: ReadBy = READER,
    *,
    entries: Callable[[Article], tuple[Entry, ...]] = entries_in,
    cut: Callable[..., tuple[Article, ...]] = read_articles,
    read: list[str] | None = None,
):
    """A `map` that reads without a model.

    Args:
        reader: Who is said to have read.
        entries: What is found in an article.
        cut: What makes articles of a document.
        read: Gets the names of the documents that were read.
    """

    def prepared(job: Job) -> Prepared:
        if read is not None:
            read.append(job.document.url or job.document.name)
        told = job.told
        try:
            articles = cut(job.document, url=told.url, published=moment(told.published), outlet=told.outlet)
            return Prepared(job, filing_of(job, ((a, entries(a)) for a in articles), by=reader))
        except OnrecordError as error:
            return Prepared(job, None, error)

    def mapped(work: Callable, jobs: Iterable) -> Iterator:
        for job in jobs:
            yield prepared(job) if isinstance(job, Job) else work(job)

    return mapped


_FILLER = (
    "The ferry had been late for the third time that week, and people stood in the rain along the whole length of the old pier.",
    "Nobody in the council could say when the new landing would be ready, although the money for it was put aside two years ago.",
    "On the island the shops had begun to run out of flour, and the school sent the younger children home in the afternoon.",
)


def page_of(words: str = "We will mend the landing before the ice comes", *, by: str = "Lena Orsk", title: str = "Ferry late again", head: str = "") -> str:
    """An article as a page: one statement among paragraphs that are its own."""
    own = " ".join(f"The {word} was on the agenda of the council." for word in re.findall(r"\w{4,}", f"{title} {words}"))
    paragraphs = [_FILLER[0], f"“{words},” {by} said after the meeting in the harbour hall.", _FILLER[1], own, _FILLER[2]]
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>'


class Site:
    """An outlet's site, as a test sets it up."""

    def __init__(self, server: Server, clock: Clock):
        self.server, self.clock = server, clock
        server.clock = clock
        self.url = server.url

    def at(self, path: str) -> str:
        return self.url + path

    def article(self, path: str, words: str | None = None, **more) -> str:
        """Put an article there; its address."""
        web = {k: more.pop(k) for k in ("etag", "last_modified", "headers", "content_type", "status") if k in more}
        self.server.page(path, page_of(words or f"We will speak of {path.strip('/')} again in the spring", **more), **web)
        return self.at(path)

    def feed(self, path: str, *links: str | tuple[str, str], title: str = "The Pier", etag: str | None = None, **more) -> str:
        """Put an RSS feed there, of links, or of links with further elements; its address."""
        pairs = [(link, "") if isinstance(link, str) else link for link in links]
        items = "".join(f"<item>{f'<link>{escape(link)}</link>' if link else ''}{rest or f'<title>On {escape(link)}</title>'}</item>" for link, rest in pairs)
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title><link>{self.url}</link>{items}</channel></rss>'
        self.server.page(path, body, content_type="application/rss+xml", etag=etag, **more)
        return self.at(path)

    def atom(self, path: str, *entries: tuple[str, str]) -> str:
        """Put an Atom feed there, of links and moments of update; its address."""
        items = "".join(f'<entry><id>{u}</id><title>On {u}</title><link href="{u}"/><updated>{at}</updated></entry>' for u, at in entries)
        body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>The Pier</title><id>x</id><updated>2026-03-02T00:00:00Z</updated>{items}</feed>'
        self.server.page(path, body, content_type="application/atom+xml")
        return self.at(path)

    def sitemap(self, path: str, *links: str, index: bool = False, **more) -> str:
        """Put a sitemap there, or an index of sitemaps; its address."""
        outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
        body = "".join(f"<{inner}><loc>{link}</loc></{inner}>" for link in links)
        self.server.page(path, f'<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</{outer}>', content_type="application/xml", **more)
        return self.at(path)

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return self.server.paths.count(path)


class Newsroom:
    """A desk with all that is around it."""

    def __init__(self, where: str, clock: Clock):
        self.where, self.clock = where, clock
        self.ledger = Ledger.open(where, create=True)
        #: What was read, by address or name, in order.
        self.read: list[str] = []
        self.web = partial(Web, Limits(seconds=20.0), per_host_seconds=0.0, clock=clock, sleep=clock.sleep, now=clock.now)
        self.desk = self.another()

    def another(self, **more) -> Desk:
        """Another desk over the same ledger, as another run has one: it knows nothing of hosts."""
        more = {"map": read_by(read=self.read), "now": self.clock.now, "web": self._web} | more
        return Desk(self.ledger, **more)

    def _web(self, **asked) -> Web:
        # Looked up when it is wanted: a test may put another there.
        return self.web(**asked)

    def follow(self, source: str, **more):
        return self.desk.follow(source, allow_private=True, **more)

    def update(self, **more):
        return self.desk.update(allow_private=True, **more)

    def updated(self, **more):
        """An update by a run of its own."""
        return self.another().update(allow_private=True, **more)

    def rows(self, query: str) -> list[tuple]:
        return list(self.ledger.sql(query).rows)

    def link(self, url: str) -> dict[str, object]:
        found = self.ledger.sql(f"SELECT * FROM links WHERE url = '{url}'")
        return dict(zip(found.columns, found.rows[0], strict=True))

    def feed(self, url: str) -> dict[str, object]:
        found = self.ledger.sql(f"SELECT * FROM feeds WHERE url = '{url}'")
        return dict(zip(found.columns, found.rows[0], strict=True))

    def said(self) -> set[str]:
        return {hit.content for hit in self.desk.search()}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(clock: Clock) -> Iterator[Site]:
    """An outlet's site on this machine, with nothing on it yet."""
    with serve() as server:
        yield Site(server, clock)


@pytest.fixture
def other_site(clock: Clock) -> Iterator[Site]:
    """Another outlet's."""
    with serve() as server:
        yield Site(server, clock)


@pytest.fixture(name="stand_in")
def _stand_in() -> Callable[..., Callable]:
    """Makes maps that read without a model, see `read_by`."""
    return read_by


@pytest.fixture(name="entries_in")
def _entries_in() -> Callable[[Article], tuple[Entry, ...]]:
    """What the stand-in finds in an article."""
    return entries_in


@pytest.fixture
def article_page() -> Callable[..., str]:
    """Writes an article as a page, see `page_of`."""
    return page_of


@pytest.fixture
def room(tmp_path, clock: Clock) -> Iterator[Newsroom]:
    """A desk over an empty SQLite ledger."""
    made = Newsroom(str(tmp_path / "ledger.db"), clock)
    yield made
    assert made.ledger.check() == []
    assert not [t for t in threading.enumerate() if t.name.startswith("onrecord")]
    made.desk.close()


@pytest.fixture
def room_over_both(where: str, clock: Clock) -> Iterator[Newsroom]:
    """A desk over an empty ledger, on each kind of database in turn."""
    made = Newsroom(where, clock)
    yield made
    assert made.ledger.check() == []
    made.desk.close()
