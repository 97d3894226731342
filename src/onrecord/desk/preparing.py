"""One document made ready for the ledger: read, its copies' bands and quotations' prints computed. Runs in any process."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from onrecord.articles.article import Article
from onrecord.desk.reading import Settings, coder_named, moment, reader_named, records_of
from onrecord.errors import OnrecordError
from onrecord.ledger import Filing, Part, ReadBy, Told
from onrecord.sources import Document
from onrecord.sources.addresses import canonical
from onrecord.sources.document import OWN_TEXT
from onrecord.statements.quotations import Witness, prints
from onrecord.text import stable_id

if TYPE_CHECKING:
    from onrecord.actors.judgements import Identity
    from onrecord.actors.roster import Roster
    from onrecord.entry import Entry
    from onrecord.positions import Agenda

__all__ = ["Background", "Job", "Prepared", "filing_of", "prepare", "reader_of"]


#: What documents are called that have no name.
_NAMELESS = (OWN_TEXT, "<bytes>", "<stdin>")


@dataclass(frozen=True, slots=True)
class Job:
    """A document to read, and what the user says of it."""

    document: Document
    told: Told = field(default_factory=Told)
    #: Read it although it is known.
    again: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document, read; or why it was not."""

    job: Job
    filing: Filing | None
    error: OnrecordError | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """What documents of one run are read with. It goes to other processes as bytes that each opens once."""

    settings: Settings
    history: bytes = b""

    @classmethod
    def of(cls, settings: Settings, roster: Roster | None, identity: Identity | None, agenda: Agenda | None = None) -> Background:
        """Pack what the ledger knows."""
        return cls(settings, pickle.dumps((roster, identity, agenda)))

    def known(self) -> tuple[Roster | None, Identity | None, Agenda | None]:
        """Known actors, which of them are one, and the issues to look for."""
        return _opened(self.history) if self.history else (None, None, None)


@functools.lru_cache(maxsize=2)
def _opened(history: bytes) -> tuple[Roster | None, Identity | None, Agenda | None]:
    opened: tuple[Roster | None, Identity | None, Agenda | None] = pickle.loads(history)  # noqa: S301 - packed by this very run
    return opened


def reader_of(settings: Settings) -> ReadBy:
    """Name of the reader that the settings mean, and the digest of it and of what codes acts.

    Raises:
        ModelError: One is missing or damaged.
    """
    reader, coder = reader_named(settings.model, settings.engine, settings.threads), coder_named(settings.engine, settings.threads)
    return ReadBy(reader.name, stable_id("m1", reader.digest, coder.digest))


def prepare(job: Job, *, background: Background) -> Prepared:
    """Read a document; a failure travels as a value."""
    settings = background.settings
    try:
        reader = reader_named(settings.model, settings.engine, settings.threads)
        roster, identity, agenda = background.known()
        told = replace(settings, url=job.told.url, outlet=job.told.outlet, published=_published(job.told))
        read = records_of(job.document, told, reader, roster=roster, identity=identity, agenda=agenda)
        coder = coder_named(settings.engine, settings.threads)
        examined = tuple((issue.digest, coder.name) for issue in agenda or ())
        return Prepared(job, filing_of(job, read, by=reader_of(settings), examined=examined))
    except OnrecordError as error:
        return Prepared(job, None, error)
    except Exception as error:  # noqa: BLE001 - one strange document must not take the others down; it is reported as what it is
        wrapped = OnrecordError(
            f"onrecord itself failed: {type(error).__name__}: {error}", item=job.document.name, hint="please report this, with the document"
        )
        return Prepared(job, None, wrapped)


def filing_of(job: Job, read: Iterable[tuple[Article, tuple[Entry, ...]]], *, by: ReadBy, examined: tuple[tuple[str, str], ...] = ()) -> Filing:
    """What is filed of a document.

    Args:
        job: The document, and what was said of it.
        read: Its articles, each with its entries.
        by: Who read them.
        examined: Digest of each issue that they were examined for, and what examined them.
    """
    every = list(read)
    parts = [_part(article, entries, job, number=n if len(every) > 1 else None) for n, (article, entries) in enumerate(every)]
    return Filing(job.document, tuple(parts), by, job.told, job.again, examined)


def _published(told: Told) -> date | datetime | None:
    return moment(told.published)


def _part(article: Article, entries: tuple[Entry, ...], job: Job, *, number: int | None) -> Part:
    from onrecord.articles.duplicates import bands, body_of, signature
    from onrecord.articles.wire import wire_of

    article = _addressed(article, job, number)
    signed = signature(body_of(article.revision))
    wire = wire_of(article)
    marks = tuple(prints(_witness(e)) for e in entries)
    return Part(
        article,
        entries,
        bands(signed) if signed else (),
        marks,
        wire=wire.name if wire else None,
        wire_span=wire.span if wire else None,
    )


def _addressed(article: Article, job: Job, number: int | None) -> Article:
    """The article under the one form of its address.

    A page that was fetched is not believed when it says that its address is its site's front page, or is on another site: a reprint names the
    original so, and would become a text of the other outlet's article.

    Without an address it goes by the document's name, and where many documents are called so, by its bytes, too; and by its place in the
    document, if that holds several.
    """
    said, document = article.url, job.document
    fetched = document.url if number is None and job.told.url is None else None
    if said and fetched and ((_is_front(said) and not _is_front(fetched)) or not _one_site(said, fetched)):
        said = fetched
    if not said:
        name = article.source if article.source not in _NAMELESS else f"{article.source} {blake2b(document.content, digest_size=6).hexdigest()}"
        return replace(article, source=name if number is None else f"{name}#{number + 1}")
    address = canonical(said)
    return replace(article, url=address, source=address)


def _one_site(one: str, other: str) -> bool:
    """Whether two addresses are of one site: `www.lantern.example` and `amp.lantern.example` are."""
    from courlan import extract_domain

    sites = extract_domain(one), extract_domain(other)
    if None not in sites:
        return bool(sites[0] == sites[1])
    hosts = [(urlsplit(canonical(u)).hostname or "").removeprefix("www.") for u in (one, other)]
    return hosts[0] == hosts[1] or any(a.endswith(f".{b}") for a, b in (hosts, hosts[::-1]))


def _is_front(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path.strip("/") == "" and not parts.query


def _witness(entry: Entry) -> Witness:
    from onrecord.ledger.quoting import witness_of

    return witness_of(0, entry, moment=None, outlet=None)
