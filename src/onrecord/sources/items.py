"""What a user names on the command line, one item after another, each with a name for its output."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from onrecord.errors import NotFoundError
from onrecord.sources.document import Document
from onrecord.sources.files import ENDINGS, PACKED, from_file, from_stdin

__all__ = ["BUNDLES", "Item", "expand", "is_url"]

#: Endings of files that hold many documents; `.gz` or `.zst` after any of them but the last is fine.
BUNDLES = (".warc", ".csv", ".tsv", ".jsonl", ".ndjson", ".zip")

_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One file, page or stream to read; nothing is opened before `load`."""

    #: A path, a URL or `-`.
    name: str
    #: Name for output files: a relative path without an ending, different for every item of one call.
    stem: str
    allow_private: bool = False
    robots: bool = True
    #: Which column of a table holds what, as `text=Body,title=Headline`; None to tell by their names.
    columns: str | None = None

    def load(self) -> Document:
        """Get the document; of what holds many, see `onrecord.sources.bundles.documents_of`.

        Raises:
            SourceError: It cannot be had.
        """
        if self.name == "-":
            return from_stdin()
        if is_url(self.name):
            from onrecord.sources.web import fetch

            return fetch(self.name, allow_private=self.allow_private, robots=self.robots)
        if os.path.isdir(self.name):  # noqa: PTH112 - see expand
            raise _no_articles(self.name)
        return from_file(self.name)


def is_url(text: str) -> bool:
    """Whether a string is a web address and nothing else."""
    return text.lower().startswith(("http://", "https://")) and not any(c.isspace() for c in text)


def expand(
    arguments: Sequence[str],
    *,
    allow_private: bool = False,
    robots: bool = True,
    skip: Path | None = None,
    bundles: bool = False,
    columns: str | None = None,
) -> list[Item]:
    """Turn files, folders, URLs and `-` into items, in order; a folder gives its article files, sorted, at any depth.

    Args:
        arguments: What the user named.
        allow_private: Fetch addresses inside one's own network, too.
        robots: Ask robots.txt first.
        skip: A folder inside a folder that is not looked into: where the output goes.
        bundles: Take a folder's archives, tables and zip files, too (`BUNDLES`).
        columns: For the tables among them, see `Item`.

    Raises:
        NotFoundError: The one folder that was named holds no article files. With other arguments beside it, it fails when it is
            loaded, as a file that is not there does, so that the rest goes on.
    """
    endings = (*ENDINGS, *BUNDLES) if bundles else tuple(ENDINGS)
    found: list[tuple[str, str]] = []
    for argument in arguments:
        if argument == "-":
            found.append(("-", "stdin"))
        elif is_url(argument):
            found.append((argument, _stem_of_url(argument)))
        elif os.path.isdir(argument):  # noqa: PTH112 - pathlib raises where a name is too long to exist
            inside = _folder(Path(argument), skip, endings)
            if not inside and len(arguments) == 1:
                raise _no_articles(argument, endings)
            found.extend(inside or [(argument, _stem(Path(Path(argument).name), endings))])
        else:
            found.append((argument, _stem(Path(Path(argument).name), endings)))
    taken: set[str] = set()
    items = []
    for name, stem in found:
        free, number = stem, 1
        while free.casefold() in taken:
            number += 1
            free = f"{stem}-{number}"
        taken.add(free.casefold())
        items.append(Item(name, free, allow_private, robots, columns))
    return items


def _no_articles(folder: str, endings: Sequence[str] = tuple(ENDINGS)) -> NotFoundError:
    return NotFoundError("no articles in this folder", item=folder, hint=f"files that end in {' '.join(endings)} are read, also with {' or '.join(PACKED)}")


def _folder(folder: Path, skip: Path | None, endings: Sequence[str]) -> list[tuple[str, str]]:
    left_out = skip.resolve() if skip is not None else None
    inside = [p for p in folder.rglob("*") if not any(part.startswith(".") for part in p.relative_to(folder).parts)]
    files = sorted(p for p in inside if _unpacked(p).suffix.lower() in endings and p.is_file())
    if left_out is not None and left_out != folder.resolve():
        files = [p for p in files if left_out not in p.resolve().parents]
    return [(str(p), _stem(p.relative_to(folder), endings)) for p in files]


def _unpacked(path: Path) -> Path:
    return path.with_suffix("") if path.suffix.lower() in PACKED else path


def _stem(path: Path, endings: Sequence[str]) -> str:
    bare = _unpacked(path)
    bare = bare.with_suffix("") if bare.suffix.lower() in endings else bare
    return "/".join(_safe(part) for part in bare.parts) or "article"


def _stem_of_url(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        # It fails when it is fetched, and says why.
        return "article"
    last = unquote(parts.path).rstrip("/").rsplit("/", 1)[-1]
    return _stem(Path(_safe(last or parts.netloc)), tuple(ENDINGS))


def _safe(part: str) -> str:
    return _UNSAFE.sub("-", part).strip(".-")[:_LONGEST] or "article"
