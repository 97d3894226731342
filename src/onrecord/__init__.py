"""onrecord reads the news and keeps a ledger of who said what, when, where, through whom, and where they stand.

Example:
    >>> import onrecord
    >>> record = onrecord.read('"We will not sign," the mayor said on Tuesday.')
    >>> [(e.speaker.name, str(e.statement.kind)) for e in record.entries]
    [('the mayor', 'direct')]

`onrecord.open("news.db")` gives a `Desk`, which keeps what it reads in a ledger and finds it again.

The public names are those below; everything else may move. They are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onrecord.actors import ActorType, Candidate, Speaker, Voice
    from onrecord.articles import Article, Condition, Kind, Paragraph, Revision
    from onrecord.desk import ActorPage, Desk, Filed, Outcome, Record, Settings, Tally, read, read_many
    from onrecord.desk import open_desk as open  # noqa: A004 - as `gzip.open` and `shelve.open` are called
    from onrecord.entry import Entry
    from onrecord.errors import (
        ArticleError,
        BusyError,
        FetchError,
        LedgerError,
        MissingExtraError,
        ModelError,
        NotFoundError,
        OnrecordError,
        RefusedError,
        SchemaError,
        SourceError,
        StatementError,
        TryLaterError,
        UsageError,
    )
    from onrecord.ledger import Hit, Ledger, Query
    from onrecord.occasions import Occasion
    from onrecord.reading import Reader
    from onrecord.sources import Document, Item, expand
    from onrecord.statements import Attribution, QuoteKind, Statement
    from onrecord.text import Span

__all__ = [
    "ActorPage",
    "ActorType",
    "Article",
    "ArticleError",
    "Attribution",
    "BusyError",
    "Candidate",
    "Condition",
    "Desk",
    "Document",
    "Entry",
    "FetchError",
    "Filed",
    "Hit",
    "Item",
    "Kind",
    "Ledger",
    "LedgerError",
    "MissingExtraError",
    "ModelError",
    "NotFoundError",
    "Occasion",
    "OnrecordError",
    "Outcome",
    "Paragraph",
    "Query",
    "QuoteKind",
    "Reader",
    "Record",
    "RefusedError",
    "Revision",
    "SchemaError",
    "Settings",
    "SourceError",
    "Span",
    "Speaker",
    "Statement",
    "StatementError",
    "Tally",
    "TryLaterError",
    "UsageError",
    "Voice",
    "expand",
    "open",
    "read",
    "read_many",
]

_ROOMS = {
    "actors": ("ActorType", "Candidate", "Speaker", "Voice"),
    "articles": ("Article", "Condition", "Kind", "Paragraph", "Revision"),
    "desk": ("ActorPage", "Desk", "Filed", "Outcome", "Record", "Settings", "Tally", "read", "read_many"),
    "entry": ("Entry",),
    "ledger": ("Hit", "Ledger", "Query"),
    "occasions": ("Occasion",),
    "reading": ("Reader",),
    "sources": ("Document", "Item", "expand"),
    "statements": ("Attribution", "QuoteKind", "Statement"),
    "text": ("Span",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("onrecord")
    if name == "open":
        from onrecord.desk import open_desk

        return open_desk
    if name in __all__:
        return getattr(import_module(f"onrecord.{_HOME.get(name, 'errors')}"), name)
    raise AttributeError(f"module 'onrecord' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
