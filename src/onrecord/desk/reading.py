"""Reading: a document in, a record out. The only place that runs the rooms in order."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from onrecord.articles.article import Article, Condition
from onrecord.errors import OnrecordError, UsageError
from onrecord.sources import Document, Item, from_bytes, from_file, from_text, is_url
from onrecord.statements.statement import Statement

if TYPE_CHECKING:
    from onrecord.actors.judgements import Identity
    from onrecord.actors.roster import Roster
    from onrecord.entry import Entry
    from onrecord.positions import Agenda
    from onrecord.positions.coder import Coder
    from onrecord.reading import Reader, Reading

__all__ = [
    "Outcome",
    "Reads",
    "Record",
    "Settings",
    "agenda_named",
    "coder_named",
    "moment",
    "read",
    "read_document",
    "read_many",
    "reader_named",
    "records_of",
    "roster_named",
]


class Reads(Protocol):
    """Anything that computes a reading of an article; `onrecord.Reader` as a rule."""

    def read(self, article: Article) -> Reading:
        """Read an article."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """What was read out of one article."""

    article: Article
    #: Lines of the ledger, in the order of their content.
    entries: tuple[Entry, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements alone."""
        return tuple(e.statement for e in self.entries)

    def to_json(self) -> dict[str, Any]:
        """`{"article": …, "statements": […]}`, the text included."""
        from onrecord.export import to_json

        return to_json(self.article, self.entries)

    def to_html(self) -> str:
        """A self-contained page with the statements marked in the text."""
        from onrecord.export import to_html

        return to_html(self.article, self.entries)

    def _repr_html_(self) -> str:
        from onrecord.export import to_fragment

        return to_fragment(self.article, self.entries)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to read, the same for every item of one run. Pickles, so that it reaches other processes."""

    url: str | None = None
    published: datetime | date | None = None
    outlet: str | None = None
    #: Name or folder of a model; None for the newest in the package.
    model: str | None = None
    engine: str = "auto"
    threads: int | None = None
    #: File of known actors, YAML or CSV.
    roster: str | None = None
    #: File of judgements on which of them are one.
    judgements: str | None = None
    #: File of the issues to look for positions on, YAML.
    agenda: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: its records, or why there are none."""

    item: Item
    #: One as a rule; several for a JSON Feed.
    records: tuple[Record, ...]
    error: OnrecordError | None = None


def read(
    source: str | bytes | Path | Document,
    *,
    url: str | None = None,
    published: str | date | datetime | None = None,
    outlet: str | None = None,
    reader: Reads | str | Path | None = None,
    roster: Roster | str | Path | None = None,
    agenda: Agenda | str | Path | None = None,
    allow_private: bool = False,
) -> Record:
    """Read one article.

    Args:
        source: The text itself; or a web address (a string of nothing but `http://…` or `https://…`); or a Path to a file; or bytes of
            any form that can be told (HTML, plain text, Markdown, JSON). A string that is plain text keeps its characters, so that
            offsets point into it.
        url: Canonical URL, when you know better than the page.
        published: Day or moment of publication, likewise; a string is read as ISO 8601.
        outlet: Who published it, likewise.
        reader: A loaded `Reader`, or a model's name or folder; None for the newest in the package.
        roster: Actors known from before, or a YAML or CSV file of them; their ids and names are used where exactly one fits.
        agenda: Issues to find positions on, or a YAML file of them.
        allow_private: Fetch addresses inside your own network, too.

    Returns:
        The article and its statements. An article that is not English, or has no text, has none; `record.article.notes` says so.

    Raises:
        SourceError: The document cannot be had.
        ArticleError: It is not text, or JSON without an article.
        ModelError: The model is missing or damaged.
        UsageError: `published` is no moment.

    Example:
        >>> record = onrecord.read('"We will not sign," the mayor said on Tuesday.')
        >>> entry = record.entries[0]
        >>> entry.speaker.name, str(entry.speaker.type), entry.statement.content[0].exact
        ('the mayor', 'person', '"We will not sign,"')
    """
    settings = Settings(url=url, published=moment(published), outlet=outlet)
    chosen: Reads = reader_named(None if reader is None else str(reader)) if reader is None or isinstance(reader, (str, Path)) else reader
    known = roster_named(str(roster)) if isinstance(roster, (str, Path)) else roster
    issues = agenda_named(str(agenda)) if isinstance(agenda, (str, Path)) else agenda
    return read_document(_document(source, allow_private=allow_private), settings, chosen, roster=known, agenda=issues)[0]


def read_document(document: Document, settings: Settings, reader: Reads, *, roster: Roster | None = None, agenda: Agenda | None = None) -> tuple[Record, ...]:
    """Run the rooms over one document; a roster or an agenda that is given goes before the file that the settings name."""
    known = roster_named(settings.roster) if roster is None and settings.roster else roster
    issues = agenda_named(settings.agenda) if agenda is None and settings.agenda else agenda
    identity = _identity(settings.judgements) if settings.judgements else None
    return tuple(Record(a, entries) for a, entries in records_of(document, settings, reader, roster=known, identity=identity, agenda=issues))


def records_of(
    document: Document, settings: Settings, reader: Reads, *, roster: Roster | None, identity: Identity | None, agenda: Agenda | None = None
) -> Iterator[tuple[Article, tuple[Entry, ...]]]:
    """The articles of a document, each with its entries; one that is not English, or empty, has none.

    Args:
        document: The document.
        settings: Address, outlet and publication, where the user knows better.
        reader: A loaded reader.
        roster: Actors known from before.
        identity: Judgements of which of them are one.
        agenda: The issues to look for positions on.
    """
    from onrecord.articles import read_articles

    for article in read_articles(document, url=settings.url, published=settings.published, outlet=settings.outlet):
        unread = Condition.NOT_ENGLISH in article.conditions or Condition.EMPTY in article.conditions
        if unread:
            yield article, ()
            continue
        from onrecord.entry import entries_of
        from onrecord.statements import find_statements

        reading = reader.read(article)
        statements = find_statements(article, reading)
        coder = coder_named(settings.engine, settings.threads) if statements else None
        yield article, entries_of(article, reading, statements, roster=roster, identity=identity, coder=coder, agenda=agenda)


def read_many(items: Iterable[Item], settings: Settings | None = None, *, map: Callable[..., Iterable[Outcome]] = map) -> Iterator[Outcome]:  # noqa: A002 - it takes the place of the builtin
    """Read items one by one; a failure is an outcome, and the rest goes on.

    Args:
        items: From `onrecord.sources.expand`.
        settings: How to read.
        map: `map`, a process pool's `map` or `imap`, or anything like it; the work and its arguments pickle.

    Yields:
        One outcome an item, in the order `map` gives them.
    """
    yield from map(functools.partial(_outcome, settings=settings or Settings()), items)


def _outcome(item: Item, *, settings: Settings) -> Outcome:
    try:
        reader = reader_named(settings.model, settings.engine, settings.threads)
        return Outcome(item, read_document(item.load(), settings, reader))
    except OnrecordError as error:
        return Outcome(item, (), error)
    except Exception as error:  # noqa: BLE001 - one strange item must not take the others down; it is reported as what it is
        wrapped = OnrecordError(f"onrecord itself failed: {type(error).__name__}: {error}", item=item.name, hint="please report this, with the document")
        wrapped.__cause__ = error
        return Outcome(item, (), wrapped)


@functools.lru_cache(maxsize=4)
def reader_named(name: str | None = None, engine: str = "auto", threads: int | None = None) -> Reader:
    """A reader, loaded once in a process.

    Raises:
        ModelError: It is missing or damaged.
        UsageError: There is no such engine.
    """
    from onrecord.reading import Reader

    return Reader.load(name, engine=engine, threads=threads)


@functools.lru_cache(maxsize=4)
def coder_named(engine: str = "auto", threads: int | None = None) -> Coder:
    """What codes acts and positions, loaded once in a process.

    Raises:
        ModelError: It is missing or damaged.
        UsageError: There is no such engine.
    """
    from onrecord.positions.coder import Coder

    return Coder.load(engine=engine, threads=threads)


@functools.lru_cache(maxsize=4)
def agenda_named(path: str) -> Agenda:
    """An agenda, read once in a process.

    Raises:
        UsageError: It cannot be read, or an issue of it is wrong; the message says which.
    """
    from onrecord.positions import Agenda

    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the agenda cannot be read: {error}", item=path, hint="give a YAML file in UTF-8 with a list named issues") from error
    return Agenda.from_yaml(text, source=path)


@functools.lru_cache(maxsize=4)
def roster_named(path: str) -> Roster:
    """A roster, read once in a process: CSV if the file's name ends so, else YAML.

    Raises:
        UsageError: It cannot be read, or a line of it is wrong; the message says which.
    """
    from onrecord.actors.roster import Roster

    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the roster cannot be read: {error}", item=path, hint="give a YAML or CSV file in UTF-8") from error
    return Roster.from_csv(text, source=path) if path.lower().endswith(".csv") else Roster.from_yaml(text, source=path)


def _identity(path: str) -> Identity:
    """Read anew for every article: a judgement made meanwhile counts."""
    from onrecord.actors.judgements import Identity, JudgementFile

    return Identity(JudgementFile(Path(path)).read().entries)


def _document(source: str | bytes | Path | Document, *, allow_private: bool) -> Document:
    if isinstance(source, Document):
        return source
    if isinstance(source, bytes):
        return from_bytes(source)
    if isinstance(source, Path):
        return from_file(source)
    if not isinstance(source, str):
        raise UsageError(f"cannot read a {type(source).__name__}", hint="give a str, bytes, a pathlib.Path, or a Document")
    if is_url(source):
        from onrecord.sources import fetch

        return fetch(source, allow_private=allow_private)
    return from_text(source)


def moment(value: str | date | datetime | None) -> datetime | date | None:
    """Read a day or a moment as the caller writes it, ISO 8601 in a string; a day stays a day.

    Raises:
        UsageError: It is none.
    """
    if value is None or isinstance(value, date):
        return value
    with suppress(ValueError):
        return date.fromisoformat(value)
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise UsageError(f"{value!r} is no day or moment", hint="write it as 2026-03-12 or 2026-03-12T10:30:00+01:00") from None
