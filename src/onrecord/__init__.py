"""onrecord reads the news and keeps a ledger of who said what, when, where, through whom, and where they stand.

Example:
    >>> import onrecord
    >>> record = onrecord.read('"We will not sign," the mayor said on Tuesday.')
    >>> [(e.speaker.name, str(e.statement.kind)) for e in record.entries]
    [('the mayor', 'direct')]

The public names are those below; everything else may move. They are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onrecord.actors import ActorType, Candidate, Speaker, Voice
    from onrecord.articles import Article, Condition, Kind, Paragraph, Revision
    from onrecord.desk import Outcome, Record, Settings, read, read_many
    from onrecord.entry import Entry
    from onrecord.errors import (
        ArticleError,
        FetchError,
        MissingExtraError,
        ModelError,
        NotFoundError,
        OnrecordError,
        RefusedError,
        SourceError,
        StatementError,
        UsageError,
    )
    from onrecord.occasions import Occasion
    from onrecord.reading import Reader
    from onrecord.sources import Document, Item, expand
    from onrecord.statements import Attribution, QuoteKind, Statement
    from onrecord.text import Span

__all__ = [
    "ActorType",
    "Article",
    "ArticleError",
    "Attribution",
    "Candidate",
    "Condition",
    "Document",
    "Entry",
    "FetchError",
    "Item",
    "Kind",
    "MissingExtraError",
    "ModelError",
    "NotFoundError",
    "Occasion",
    "OnrecordError",
    "Outcome",
    "Paragraph",
    "QuoteKind",
    "Reader",
    "Record",
    "RefusedError",
    "Revision",
    "Settings",
    "SourceError",
    "Span",
    "Speaker",
    "Statement",
    "StatementError",
    "UsageError",
    "Voice",
    "expand",
    "read",
    "read_many",
]

_ROOMS = {
    "actors": ("ActorType", "Candidate", "Speaker", "Voice"),
    "articles": ("Article", "Condition", "Kind", "Paragraph", "Revision"),
    "desk": ("Outcome", "Record", "Settings", "read", "read_many"),
    "entry": ("Entry",),
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
    if name in __all__:
        return getattr(import_module(f"onrecord.{_HOME.get(name, 'errors')}"), name)
    raise AttributeError(f"module 'onrecord' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
