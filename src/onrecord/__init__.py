"""onrecord reads the news and keeps a ledger of who said what, when, where, through whom, and where they stand.

Example:
    >>> import onrecord
    >>> record = onrecord.read('"We will not sign," the mayor said on Tuesday.')
    >>> [(s.speaker, str(s.kind)) for s in record.statements]
    [('the mayor', 'direct')]

The public names are those below; everything else may move. They are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onrecord.articles import Article, Condition, Kind, Paragraph, Revision
    from onrecord.desk import Outcome, Record, Settings, read, read_many
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
    from onrecord.reading import Reader
    from onrecord.sources import Document, Item, expand
    from onrecord.statements import Attribution, QuoteKind, Statement
    from onrecord.text import Span

__all__ = [
    "Article",
    "ArticleError",
    "Attribution",
    "Condition",
    "Document",
    "FetchError",
    "Item",
    "Kind",
    "MissingExtraError",
    "ModelError",
    "NotFoundError",
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
    "Statement",
    "StatementError",
    "UsageError",
    "expand",
    "read",
    "read_many",
]

_ROOMS = {
    "articles": ("Article", "Condition", "Kind", "Paragraph", "Revision"),
    "desk": ("Outcome", "Record", "Settings", "read", "read_many"),
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
