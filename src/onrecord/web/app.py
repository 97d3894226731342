"""The application: pages, actions, files, and what stands before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from onrecord.web import overviews, static_files
from onrecord.web.actions import adding as add_actions
from onrecord.web.actions import coding as coding_actions
from onrecord.web.actions import issues as issue_actions
from onrecord.web.actions import judging as judging_actions
from onrecord.web.actions import keeping
from onrecord.web.actions import merging as merging_actions
from onrecord.web.api_document import tell
from onrecord.web.errors import add_errors
from onrecord.web.kept import Kept
from onrecord.web.pages import (
    actor,
    actors,
    adding,
    api,
    article,
    articles,
    changes,
    citations,
    issue,
    issues,
    log,
    merging,
    network,
    position,
    quotation,
    review,
    search,
    searches,
    signing,
    suggestions,
    today,
    tokens,
)
from onrecord.web.readers import Readers, ReadersFirst, Reading
from onrecord.web.safety.headers import StrictHeaders
from onrecord.web.safety.origins import Origins
from onrecord.web.safety.rate import Buckets, RateLimit
from onrecord.web.safety.visitors import Visitors
from onrecord.web.site import Site

__all__ = ["make_app", "make_pages"]

#: Requests a second that one address may make over time, and at once: for looking, and for changing.
_READS, _WRITES = (100.0, 400.0), (5.0, 60.0)
#: What is worked out before pages ask for it, by whoever makes them.
_BEFOREHAND = (today.beforehand, issues.beforehand, issue.beforehand)
#: Everything with addresses, in the order of the desk.
_MODULES = (
    today,
    issues,
    issue_actions,
    suggestions,
    issue,
    position,
    network,
    citations,
    search,
    searches,
    keeping,
    adding,
    add_actions,
    articles,
    changes,
    article,
    judging_actions,
    actors,
    merging,
    merging_actions,
    actor,
    quotation,
    signing,
    log,
    tokens,
    api,
    review,
    coding_actions,
)


def make_app(site: Site, *, limits: bool = True, processes: int = 0) -> FastAPI:
    """The application over one desk.

    Args:
        site: What is served, to whom.
        limits: Whether one address may ask only so often.
        processes: Processes that make pages beside this one; see `onrecord.web.readers`.
    """
    readers = Readers(Reading.of(site), processes, make_pages, _BEFOREHAND) if processes else None
    app = _made(site, readers)
    if readers:
        app.add_middleware(ReadersFirst, readers=readers)
    # The last added stands first.
    app.add_middleware(Kept, site=site)
    app.add_middleware(Visitors, site=site)
    app.add_middleware(Origins, hosts=site.hosts)
    if limits:
        app.add_middleware(RateLimit, reads=Buckets(*_READS), writes=Buckets(*_WRITES))
    app.add_middleware(StrictHeaders)
    return app


def make_pages(site: Site) -> FastAPI:
    """The same without what stands before it: who asks is known, and nothing is kept."""
    return _made(site, None)


def _made(site: Site, readers: Readers | None) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if readers:
            readers.start()
        overviews.warm(site, *(() if readers else _BEFOREHAND))
        yield
        if readers:
            readers.close()
        site.close()

    app = FastAPI(
        title="onrecord",
        version=version("onrecord"),
        summary="Who said what, when, where, through whom, and where they stand.",
        description="Every page of the desk has a twin here, under the same path and query. Objects are those of the command line's JSON.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.state.site = site
    # Each address stands in the application's own list: a router within it is asked twice.
    for module in _MODULES:
        module.add(app.router)
    static_files.add(app.router)
    add_errors(app)
    tell(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    return app
