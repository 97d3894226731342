"""What a user names, as documents to read: files, folders, archives, tables, web addresses, documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.desk.preparing import Job
from onrecord.errors import SourceError, UsageError
from onrecord.ledger import Told
from onrecord.sources import Document, expand, from_bytes, from_text, is_url

if TYPE_CHECKING:
    from onrecord.sources.polite import Web

__all__ = ["jobs_of", "lasting_name"]


def jobs_of(sources: Sequence[str | bytes | Path | Document], told: Told, *, columns: str | None = None, web: Callable[[], Web]) -> Iterator[Job | SourceError]:
    """Documents one after another; of what cannot be had, why.

    Web addresses come last, several hosts at a time, each asked politely.

    Args:
        sources: What the user named.
        told: What the user said of them.
        columns: Which columns of a table hold what.
        web: Gives what web addresses are fetched with; asked only if there are any.

    Raises:
        UsageError: Something named is of no kind that can be read.
    """
    addresses: list[str] = []
    for source in sources:
        if isinstance(source, Document):
            yield Job(source, told)
        elif isinstance(source, bytes):
            yield Job(from_bytes(source), told)
        elif isinstance(source, str) and is_url(source):
            addresses.append(source)
        elif isinstance(source, str) and "\n" in source:
            yield Job(from_text(source), told)
        elif isinstance(source, (str, Path)):
            yield from _named(str(source), told, columns)
        else:
            raise UsageError(f"cannot read a {type(source).__name__}", hint="give a path, a web address, bytes or a Document")
    if addresses:
        yield from _fetched(addresses, told, web())


def _named(name: str, told: Told, columns: str | None) -> Iterator[Job | SourceError]:
    from onrecord.sources.bundles import documents_of

    try:
        items = expand([name], bundles=True)
    except SourceError as error:
        yield error
        return
    for item in items:
        # One file, one name, wherever it was named from: else it would be another article.
        lasting = replace(item, name=item.name if item.name == "-" else lasting_name(item.name), columns=columns)
        for found in documents_of(lasting):
            yield found if isinstance(found, SourceError) else Job(found, told)


def lasting_name(path: str) -> str:
    """The one name of a file, from wherever and through whatever links it is named; the path itself if there can be no such file."""
    try:
        return str(Path(path).resolve())
    except (OSError, ValueError, RuntimeError):
        return path


def _fetched(addresses: Sequence[str], told: Told, web: Web) -> Iterator[Job | SourceError]:
    from onrecord.sources.polite import Request

    for answer in web.get_many(Request(a) for a in addresses):
        if answer.document is not None:
            yield Job(answer.document, told)
        elif answer.error is not None:
            error = answer.error
            yield error if isinstance(error, SourceError) else SourceError(error.message, item=error.item, hint=error.hint)
