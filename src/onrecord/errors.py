"""Every error onrecord raises on purpose.

    OnrecordError
    ├── UsageError              the call or the command line is wrong; exit code 2
    │   └── MissingExtraError   an optional library is not installed; says the pip line
    ├── SourceError             a document could not be had
    │   ├── NotFoundError       no such file or page
    │   ├── FetchError          the network said no: status, redirect, time, size
    │   │   └── TryLaterError   it says no for now; says after how many seconds to ask again
    │   └── RefusedError        onrecord said no: private address, robots.txt, scheme
    ├── ArticleError            a document is not something onrecord can read as an article
    ├── ModelError              a model file is missing, damaged or of another kind
    ├── StatementError          a span does not hold the text it claims to
    └── LedgerError             the ledger cannot be opened, read or written
        ├── SchemaError         it is of another version, or something else altogether
        └── BusyError           somebody else is writing to it

Each carries `item`, the path, URL or id it is about, and `hint`, what to do about it; each pickles, so that a failure in
another process arrives whole.
"""

from __future__ import annotations

__all__ = [
    "ArticleError",
    "BusyError",
    "FetchError",
    "LedgerError",
    "MissingExtraError",
    "ModelError",
    "NotFoundError",
    "OnrecordError",
    "RefusedError",
    "SchemaError",
    "SourceError",
    "StatementError",
    "TryLaterError",
    "UsageError",
]


class OnrecordError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: What went wrong, without the item's name.
        item: The path, URL or id it is about.
        hint: What the user can do.
    """

    def __init__(self, message: str, *, item: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.item = item
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.item}: " if self.item else ""
        what = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{what}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.item, self.hint)


def _rebuild(kind: type[OnrecordError], message: str, item: str | None, hint: str | None) -> OnrecordError:
    return kind(message, item=item, hint=hint)


class UsageError(OnrecordError):
    """The call or the command line is wrong."""


class MissingExtraError(UsageError):
    """An optional library is not installed; the message says the pip line."""


class SourceError(OnrecordError):
    """A document could not be had."""


class NotFoundError(SourceError):
    """No such file, folder or page."""


class FetchError(SourceError):
    """The network said no: a status, a redirect loop, too slow, too large."""


class TryLaterError(FetchError):
    """The server is overloaded or asks for patience.

    Args:
        message: What went wrong, without the item's name.
        item: The URL it is about.
        hint: What the user can do.
        retry_after: Seconds after which to ask again; None if the server does not say.
    """

    def __init__(self, message: str, *, item: str | None = None, hint: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, item=item, hint=hint)
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, ...]:
        return _later, (self.message, self.item, self.hint, self.retry_after)


def _later(message: str, item: str | None, hint: str | None, retry_after: float | None) -> TryLaterError:
    return TryLaterError(message, item=item, hint=hint, retry_after=retry_after)


class RefusedError(SourceError):
    """onrecord itself said no: a private address, robots.txt, a scheme that is not http."""


class ArticleError(OnrecordError):
    """A document is not something onrecord can read as an article."""


class ModelError(OnrecordError):
    """A model file is missing, damaged or made for another version."""


class StatementError(OnrecordError):
    """A span does not hold the text it claims to hold."""


class LedgerError(OnrecordError):
    """The ledger cannot be opened, read or written."""


class SchemaError(LedgerError):
    """The ledger was made by another version of onrecord, or is no ledger."""


class BusyError(LedgerError):
    """Somebody else is writing to the ledger, and did not finish in time."""
