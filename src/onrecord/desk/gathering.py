"""What a user names, as documents to read: files, folders, archives, tables, web addresses, documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from onrecord.desk.preparing import Job
from onrecord.errors import SourceError, UsageError
from onrecord.ledger import Told
from onrecord.sources import Document, expand, from_bytes, from_text, is_url

__all__ = ["jobs_of"]


def jobs_of(
    sources: Sequence[str | bytes | Path | Document], told: Told, *, columns: str | None = None, allow_private: bool = False, robots: bool = True
) -> Iterator[Job | SourceError]:
    """Documents one after another; of what cannot be had, why.

    Web addresses come last, several hosts at a time, each asked politely.

    Args:
        sources: What the user named.
        told: What the user said of them.
        columns: Which columns of a table hold what.
        allow_private: Fetch addresses inside one's own network, too.
        robots: Ask robots.txt first and obey.

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
        yield from _fetched(addresses, told, allow_private=allow_private, robots=robots)


def _named(name: str, told: Told, columns: str | None) -> Iterator[Job | SourceError]:
    from onrecord.sources.bundles import documents_of

    try:
        items = expand([name], bundles=True)
    except SourceError as error:
        yield error
        return
    for item in items:
        # One file, one name, wherever it was named from: else it would be another article.
        lasting = item if item.name == "-" else replace(item, name=str(Path(item.name).absolute()), columns=columns)
        for found in documents_of(lasting):
            yield found if isinstance(found, SourceError) else Job(found, told)


def _fetched(addresses: Sequence[str], told: Told, *, allow_private: bool, robots: bool) -> Iterator[Job | SourceError]:
    from onrecord.sources.polite import Request, Web

    for answer in Web(allow_private=allow_private, robots=robots).get_many(Request(a) for a in addresses):
        if answer.document is not None:
            yield Job(answer.document, told)
        elif answer.error is not None:
            error = answer.error
            yield error if isinstance(error, SourceError) else SourceError(error.message, item=error.item, hint=error.hint)
