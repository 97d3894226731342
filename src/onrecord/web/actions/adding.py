"""Articles are added, feeds followed, followed no more, and asked. It goes the way the command line goes, past the same guard of fetching, and takes a job.

What a person sends is an address or a text, and never a path: a file of this machine cannot be read from a browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from fastapi import APIRouter
from pydantic import BaseModel, Field

from onrecord.desk import Filed, moment
from onrecord.errors import OnrecordError, UsageError
from onrecord.sources import from_text, is_url
from onrecord.web import links
from onrecord.web.jobs import Job, Line
from onrecord.web.routing import Done, add_action
from onrecord.web.site import Role, Site, Visitor

__all__ = ["add", "lines_of"]

_LONG = 2_000


class Article(BaseModel):
    """An article to add: its address, or its text."""

    address: str = Field("", max_length=_LONG, description="Where it is: http or https.")
    text: str = Field("", max_length=1_000_000, description="Its text, if it is at no address; the headline in the first line.")
    url: str = Field("", max_length=_LONG, description="Of a text: the address it is from.")
    outlet: str = Field("", max_length=200, description="Who published it; empty to go by the page.")
    published: str = Field("", max_length=40, description="Day or moment of publication, ISO 8601; empty to go by the page.")


class Feed(BaseModel):
    """A feed to follow."""

    address: str = Field(max_length=_LONG, description="Of a feed, a sitemap, an OPML list, or a page that leads to a feed.")
    outlet: str = Field("", max_length=200, description="What to call the outlet of its articles; empty to go by the articles.")


class Unfollow(BaseModel):
    """A feed to follow no more."""

    url: str = Field(max_length=_LONG, description="Its address, as the list of feeds has it.")


class Ask(BaseModel):
    """Which feeds are asked."""

    everything: bool = Field(default=True, description="Also those that are not due.")


def add_article(site: Site, visitor: Visitor, given: Article, path: dict[str, str]) -> Done:
    """Read an article, and file who said what. Gives the job that does it."""
    del path
    address, text = given.address.strip(), given.text.replace("\r\n", "\n")
    if bool(address) == bool(text.strip()):
        raise UsageError("an address or a text", hint="give one of them")
    url, outlet, published = (given.url.strip() or None, given.outlet.strip() or None, given.published.strip() or None)
    moment(published)
    for said in (address, url):
        if said and not is_url(said):
            raise UsageError("this is no web address", item=said, hint="it begins with http:// or https:// and has no blanks")
    # An address goes in as such, and a text as a document: neither is ever taken for the name of a file.
    source = address or from_text(text)
    what = f"Read {address}" if address else f"Read the text “{text.strip().splitlines()[0][:60]}”"

    def work() -> Iterator[Line]:
        filed = site.desk.adding(source, url=url, outlet=outlet, published=published, allow_private=site.allow_private, robots=site.robots)
        yield from lines_of(filed)

    job = _start(site, visitor, what, work)
    told = {"url": url, "outlet": outlet, "published": published}
    return Done("begun", f"/jobs/{job.id}", address or "a text", {"job": job.id, **{k: v for k, v in told.items() if v}})


def follow(site: Site, visitor: Visitor, given: Feed, path: dict[str, str]) -> Done:
    """Follow a feed, a sitemap, the feed of a page, or all feeds of a list at an address. Gives the job that does it."""
    del path
    address, outlet = given.address.strip(), given.outlet.strip() or None
    if not is_url(address):
        raise UsageError("this is no web address", item=address or None, hint="it begins with http:// or https:// and has no blanks")

    def work() -> Iterator[Line]:
        for feed in site.desk.follow(address, outlet=outlet, allow_private=site.allow_private, robots=site.robots):
            yield Line(feed.url, f"is followed now ({feed.title or feed.kind or 'a feed'})" if feed.new else "was followed before", to="/add#feeds")

    job = _start(site, visitor, f"Follow {address}", work, reads=False)
    return Done("begun", f"/jobs/{job.id}", address, {"job": job.id})


def unfollow(site: Site, visitor: Visitor, given: Unfollow, path: dict[str, str]) -> Done:
    """Follow a feed no more; what came from it stays. To follow it again takes it back."""
    del visitor, path
    site.desk.unfollow(given.url)
    return Done("unfollowed", "/add", given.url, {"url": given.url})


def ask(site: Site, visitor: Visitor, given: Ask, path: dict[str, str]) -> Done:
    """Ask the feeds that are followed, and read what is new. Gives the job that does it."""
    del path

    def work() -> Iterator[Line]:
        yield from lines_of(site.desk.updating(everything=given.everything, allow_private=site.allow_private, robots=site.robots))

    job = _start(site, visitor, "Ask the feeds", work)
    return Done("begun", f"/jobs/{job.id}", "feeds", {"job": job.id, "everything": given.everything})


def _start(site: Site, visitor: Visitor, what: str, work: Callable[[], Iterable[Line]], *, reads: bool = True) -> Job:
    return site.jobs.start(what, work, by=visitor.name, now=site.now, reads=reads)


def lines_of(filed: Iterable[Filed]) -> Iterator[Line]:
    """What became of documents, a line each."""
    for one in filed:
        if one.error is not None:
            yield _failed(one.name, one.error)
        elif one.added is not None:
            yield Line(one.name, _said(one), to=links.article(one.added.articles[0]) if one.added.articles else None)
        else:
            yield Line(one.name, "has not changed")


def _failed(name: str, error: OnrecordError) -> Line:
    return Line(error.item or name, error.message, error.hint, failed=True)


def _said(filed: Filed) -> str:
    added = filed.added
    assert added is not None  # noqa: S101 - as asked for above
    statements = f"{added.statements:,} {'statement' if added.statements == 1 else 'statements'}"
    if added.known:
        return "is in the ledger already"
    if added.new_articles:
        return f"is filed, with {statements}"
    return f"is another text of an article, with {statements}" if added.new_revisions else "has a text that is in the ledger already"


def add(router: APIRouter) -> None:
    """Give the actions their addresses."""
    add_action(router, "/add/article", Article, add_article, role=Role.ADMIN)
    add_action(router, "/add/feed", Feed, follow, role=Role.ADMIN)
    add_action(router, "/add/unfollow", Unfollow, unfollow, role=Role.ADMIN)
    add_action(router, "/add/update", Ask, ask, role=Role.ADMIN)
