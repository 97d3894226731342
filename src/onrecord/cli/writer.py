"""Where records go: one file an input, or standard output, in the form the user asked for."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from rich.console import Console

from onrecord.cli.screen import show
from onrecord.desk import Outcome, Record
from onrecord.errors import UsageError
from onrecord.export import to_csv, to_html, to_jsonl
from onrecord.sources import Item

__all__ = ["Format", "Writer"]

#: Columns of a table that goes to a file or a pipe.
_WIDE = 160


class Format(StrEnum):
    """Forms of output."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"


class Writer:
    """Puts records where the user wants them, as they come.

    Args:
        form: What to write.
        output: A file, a folder (that is there, that ends in a slash, or that several inputs need), or None for standard output.
        items: All inputs: none of them is ever written over.
        several: Whether there may be more than one input.
        min_score: Statements below it are left out.

    Raises:
        UsageError: Form and output do not go together.
    """

    def __init__(self, form: Format, output: str | None, items: Sequence[Item], *, several: bool, min_score: float) -> None:
        self.form = form
        self.min_score = min_score
        self.written = 0
        self._output = Path(output) if output else None
        self._folder = self._output is not None and (several or self._output.is_dir() or (output or "").endswith(("/", os.sep)))
        self._inputs = {Path(i.name).resolve() for i in items if self._output is not None and len(i.name) < _LONGEST}
        self._taken = {i.stem.casefold() for i in items}
        self._array = form is Format.JSON and several
        if form is Format.HTML and several and output is None:
            raise UsageError("several pages do not fit on one standard output", hint="give --output FOLDER")
        if self._folder and self._output is not None and self._output.exists() and not self._output.is_dir():
            raise UsageError("several inputs need a folder, and this is a file", item=output, hint="give --output FOLDER")

    def write(self, outcome: Outcome) -> None:
        """Write what came of one input.

        Raises:
            UsageError: It would go over an input, or several pages on one standard output.
            OSError: The disk or the pipe said no.
        """
        records = [Record(r.article, tuple(e for e in r.entries if e.statement.score >= self.min_score)) for r in outcome.records]
        if self._output is not None:
            for path, text in self._files(outcome.item, records):
                _write(path, text)
        else:
            self._print(outcome.item, records)
        self.written += len(records)

    def close(self) -> None:
        """End what was begun."""
        if self._output is None and self._array:
            sys.stdout.write("]\n" if self.written else "[]\n")
        sys.stdout.flush()

    def _files(self, item: Item, records: Sequence[Record]) -> list[tuple[Path, str]]:
        """One file an input; only pages are one an article."""
        if self.form is not Format.HTML:
            return [(self._path(item, item.stem), self._text(records))]
        out = []
        for number, record in enumerate(records, 1):
            stem, suffix = item.stem, number
            while number > 1 and (stem == item.stem or stem.casefold() in self._taken):
                stem, suffix = f"{item.stem}-{suffix}", suffix + 1
            self._taken.add(stem.casefold())
            out.append((self._path(item, stem), to_html(record.article, record.entries)))
        return out

    def _path(self, item: Item, stem: str) -> Path:
        output = self._output or Path()
        if self._folder:
            path = output / f"{stem}.{'txt' if self.form is Format.TABLE else self.form}"
        else:
            path = output if stem == item.stem else output.with_name(f"{output.stem}{stem.removeprefix(item.stem)}{output.suffix}")
        if path.resolve() in self._inputs:
            raise UsageError("this would be written over an input", item=str(path), hint="give another --output")
        return path

    def _text(self, records: Sequence[Record]) -> str:
        if self.form is Format.TABLE:
            page = io.StringIO()
            for number, record in enumerate(records):
                show(record, Console(file=page, width=_WIDE, color_system=None), first=number == 0)
            return page.getvalue()
        if self.form is Format.CSV:
            return "".join(to_csv(r.article, r.entries, header=n == 0) for n, r in enumerate(records))
        if self.form is Format.JSONL:
            return "".join(to_jsonl(r.entries) for r in records)
        return _json(records[0]) if len(records) == 1 else "[\n" + ",\n".join(_json(r).rstrip("\n") for r in records) + "\n]\n"

    def _print(self, item: Item, records: Sequence[Record]) -> None:
        if self.form is Format.HTML and len(records) > 1:
            raise UsageError(f"holds {len(records)} articles, and pages do not fit on one standard output", item=item.name, hint="give --output FOLDER")
        # A feed alone is several articles, too.
        self._array = self._array or (self.form is Format.JSON and len(records) > 1)
        for number, record in enumerate(records, self.written):
            if self.form is Format.TABLE and sys.stdout.isatty():
                show(record, Console(), first=number == 0)
            elif self.form is Format.TABLE:
                sys.stdout.write(("\n" if number else "") + self._text([record]))
            elif self.form is Format.CSV:
                sys.stdout.write(to_csv(record.article, record.entries, header=number == 0))
            elif self.form is Format.JSONL:
                sys.stdout.write(to_jsonl(record.entries))
            elif self.form is Format.HTML:
                sys.stdout.write(to_html(record.article, record.entries))
            else:
                sys.stdout.write((("[" if number == 0 else ",") + "\n" if self._array else "") + _json(record))


#: Longer names are no files, and pathlib fails on them.
_LONGEST = 4096


def _json(record: Record) -> str:
    return json.dumps(record.to_json(), indent=2, ensure_ascii=any("\ud800" <= c <= "\udfff" for c in record.article.revision.text)) + "\n"


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as stream:
            stream.write(text)
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
