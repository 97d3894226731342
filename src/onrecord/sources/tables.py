"""Tables of articles, as news databases export them: CSV, tab-separated, and one JSON object a line."""

from __future__ import annotations

import dataclasses
import html
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

from onrecord.errors import NotFoundError, SourceError, UsageError
from onrecord.sources.columns import Columns, guess_columns, parse_columns
from onrecord.sources.csv_rows import BadRow, Lines, Table
from onrecord.sources.document import Document
from onrecord.sources.packed import Unpacked
from onrecord.sources.table_dates import DateReader

__all__ = ["TABLE_ENDINGS", "Row", "articles_in", "is_table", "rows_in"]

TABLE_ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson")

_PACKED = (".gz", ".zst")
#: Rows that are looked at before the first is given: what day and month are, and which columns there are.
_SAMPLE = 200
_SAMPLE_SIZE = 2**22
#: Bad rows one after another after which the rest is not read.
_HOPELESS = 1000
_DEEPEST = 3
_MARKUP = re.compile(r"<(?:p|br|div)\b[^<>]{0,200}>|</p>", re.IGNORECASE)
_PAGE = re.compile(r"\A\s*(?:<!doctype\s+html|<\?xml[^>]{0,200}\?>\s*<html|<html)\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_CONTROLS = re.compile(r"[\x00-\x1f]+")
_HALVES = re.compile(r"[\ud800-\udfff]")
#: What programs write where there is nothing.
_NOTHING = frozenset(("", "na", "n/a", "nan", "null", "none", "-"))

Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One article of a table."""

    #: What `onrecord.articles.read_articles` reads: JSON Feed with the row's title, outlet, byline, day, address and words; or, where
    #: a row holds a whole page, the page.
    document: Document
    #: None, here and below, for what the row does not say.
    url: str | None
    title: str | None
    #: A date where no hour is given; a datetime without a zone where none is stated.
    published: datetime | date | None
    outlet: str | None
    byline: str | None
    #: The table's name, `#`, and the line on which the row begins, from 1.
    name: str


def is_table(path: str | Path) -> bool:
    """Whether a file is a table, by its name."""
    name = str(path).lower()
    return name.removesuffix(next((p for p in _PACKED if name.endswith(p)), "")).endswith(TABLE_ENDINGS)


def articles_in(path: str | Path, columns: Columns | str | None = None) -> Iterator[Row | SourceError]:
    """Read the articles of a table, row by row.

    Args:
        path: A CSV or tab-separated file whose first line names the columns, or a file with one JSON object a line (`.jsonl`,
            `.ndjson`); gzip and zstd are unpacked. Encoding and delimiter are told by the content.
        columns: Which column holds what, or a string for `parse_columns`; None to tell by their names.

    Yields:
        Rows in the file's order; in the place of a row that cannot be read, or has no text, an error that says its line.

    Raises:
        UsageError: A column that was named is not there.
    """
    name = str(path)
    try:
        with closing(Unpacked(Path(path).open("rb"), name=name)) as stream:
            yield from rows_in(stream, name=name, columns=columns)
    except FileNotFoundError:
        yield NotFoundError("no such file", item=name, hint="check the path")
    except (OSError, ValueError) as error:
        yield SourceError(f"cannot be read: {getattr(error, 'strerror', None) or error}", item=name)


def rows_in(stream: io.RawIOBase | BinaryIO, *, name: str, columns: Columns | str | None = None) -> Iterator[Row | SourceError]:
    """Read the articles of a table from its unpacked bytes; see `articles_in`.

    Args:
        stream: The bytes.
        name: The table's; its ending says whether it is JSON.
        columns: See `articles_in`.

    Yields:
        Rows and errors.

    Raises:
        UsageError: A column that was named is not there.
    """
    named = parse_columns(columns) if isinstance(columns, str) else columns
    bad = 0
    try:
        lines = Lines(io.BufferedReader(cast("io.RawIOBase", stream)))
        header, records = _json_records(lines) if _is_json(name) else _csv_records(lines, named, name)
        plan = _Plan.made(header, records, named, name)
        for record in chain(plan.sample, records):
            unread = isinstance(record, BadRow)
            bad = bad + 1 if unread else 0
            yield SourceError(f"this row cannot be read: {record.what}", item=f"{name}#{record.line}") if isinstance(record, BadRow) else plan.row(record)
            if bad >= _HOPELESS:
                yield SourceError(f"{bad:,} rows one after another cannot be read; the rest of the table is not", item=name, hint="check its form")
                return
        if not plan.sample:
            yield SourceError("this table has no rows", item=name)
    except SourceError as error:
        # The stream's own: it is damaged from here on. Or no column is known.
        yield error


# Records


@dataclass(frozen=True, slots=True)
class _Record:
    #: On which it begins.
    line: int
    cells: Cells
    #: It has fewer fields than there are columns.
    short: bool = False


_Records = Iterator[_Record | BadRow]


def _csv_records(lines: Lines, named: Columns | None, name: str) -> tuple[list[str], _Records]:
    wanted = [n for n in dataclasses.astuple(named) if n] if named else None

    def fit(header: Sequence[str]) -> int:
        try:
            return sum(w in header for w in wanted) if wanted else sum(x is not None for x in dataclasses.astuple(guess_columns(header)))
        except UsageError:
            return 0

    table = Table(lines, fit=fit)
    if table.bad:
        raise SourceError(f"its first line, which should name the columns, cannot be read: {table.bad.what}", item=name, hint="is it a table?")

    def records() -> _Records:
        for row in table.rows():
            if isinstance(row, BadRow):
                yield row
                continue
            line, fields = row
            cells: dict[str, str] = {}
            for column, field in zip(table.header, fields, strict=False):
                cells.setdefault(column, field)
            yield _Record(line, cells, len(fields) < len(table.header))

    return table.header, records()


def _json_records(lines: Lines) -> tuple[None, _Records]:
    def records() -> _Records:
        while True:
            number = lines.begin()
            try:
                line = next(lines).strip("\x1e \t\r\n")
                if not line:
                    continue
                value = json.loads(line, strict=False)
            except StopIteration:
                return
            except BadRow as error:
                yield error
                continue
            except (ValueError, RecursionError) as error:
                yield BadRow(number, f"it is no JSON ({str(error)[:80]}); each line holds one object")
                continue
            for one in value if isinstance(value, list) else [value]:
                yield _Record(number, _flat(one)) if isinstance(one, dict) else BadRow(number, "it is no JSON object")

    return None, records()


def _flat(value: Mapping[str, Any], *, before: str = "", depth: int = 0) -> dict[str, Any]:
    """A JSON object's values, and those of objects in it under names with dots."""
    found: dict[str, Any] = {}
    for key, inner in value.items():
        found.setdefault(before + key, inner)
        if isinstance(inner, dict) and depth < _DEEPEST:
            found.update({k: v for k, v in _flat(inner, before=f"{before}{key}.", depth=depth + 1).items() if k not in found})
    return found


def _is_json(name: str) -> bool:
    low = name.lower()
    return low.removesuffix(next((p for p in _PACKED if low.endswith(p)), "")).endswith((".jsonl", ".ndjson"))


# Rows


class _Plan:
    """How the rows of one table are read."""

    def __init__(self, name: str, columns: Columns, sample: list[_Record | BadRow], *, fixed: bool) -> None:
        self.name = name
        self.columns = columns
        self.sample = sample
        self._fixed = fixed
        self._known: dict[tuple[str, ...], Columns] = {}
        self._dates = DateReader.learned(r.cells.get(self._of(r).published or "") for r in sample if isinstance(r, _Record))

    @classmethod
    def made(cls, header: list[str] | None, records: _Records, named: Columns | None, name: str) -> _Plan:
        """Look at the first rows.

        Raises:
            UsageError: A column that was named is not there.
            SourceError: None was named, and none is known to hold the text.
        """
        sample: list[_Record | BadRow] = []
        size = 0
        for record in records:
            sample.append(record)
            size += sum(len(v) for v in record.cells.values() if isinstance(v, str)) if isinstance(record, _Record) else 0
            if len(sample) >= _SAMPLE or size > _SAMPLE_SIZE:
                break
        there = header if header is not None else list(dict.fromkeys(k for r in sample if isinstance(r, _Record) for k in r.cells))
        if header is None and not there:
            return cls(name, Columns(text="text"), sample, fixed=True)
        if named:
            return cls(name, named.within(there, item=name), sample, fixed=True)
        try:
            return cls(name, guess_columns(there), sample, fixed=header is not None)
        except UsageError as error:
            raise SourceError(error.message, item=name, hint=error.hint) from error

    def _of(self, record: _Record) -> Columns:
        """The columns of one record: lines of JSON need not all have the same."""
        if self._fixed:
            return self.columns
        keys = tuple(record.cells)
        if keys not in self._known:
            try:
                found = guess_columns(keys)
            except UsageError:
                found = self.columns
            if len(self._known) >= _SAMPLE:
                self._known.clear()
            self._known[keys] = found
        return self._known[keys]

    def row(self, record: _Record) -> Row | SourceError:
        columns, cells, name = self._of(record), record.cells, f"{self.name}#{record.line}"
        names = columns.texts(cells)
        text, rich = _joined([_text(cells.get(n)) for n in names]), _text(cells.get(columns.html or ""))
        if record.short and (not (text or rich) or next(reversed(cells)) in (*names, columns.html)):
            return SourceError("this row cannot be read: it ends early, in or before its text", item=name)
        if not (text or rich):
            return SourceError("this row has no text", item=name)
        url = _line(cells.get(columns.url or ""))
        cell = cells.get(columns.published or "")
        row = Row(
            document=Document(b"", name),
            url=url if url and url.lower().startswith(("http://", "https://")) else None,
            title=_line(cells.get(columns.title or "")),
            published=self._dates.read(cell),
            outlet=_line(cells.get(columns.outlet or "")),
            byline=_line(cells.get(columns.byline or "")),
            name=name,
        )
        return dataclasses.replace(row, document=_document(row, text, rich, seconds=DateReader.has_seconds(cell)))


def _document(row: Row, text: str, rich: str, *, seconds: bool) -> Document:
    words = text or rich
    if _PAGE.match(words):
        return Document(words.encode("utf-8"), row.name, url=row.url, media_type="text/html", charset="utf-8")
    markup = not text or bool(_MARKUP.search(text))
    moment = row.published
    item = {
        "id": row.url or row.name,
        "url": row.url,
        "title": row.title,
        "authors": [{"name": row.byline}] if row.byline else [],
        "date_published": moment.isoformat(timespec="auto" if seconds else "minutes") if isinstance(moment, datetime) else moment and moment.isoformat(),
        "content_html" if markup else "content_text": words,
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": row.outlet, "items": [item]}
    return Document(json.dumps(feed).encode("ascii"), row.name, url=row.url, media_type="application/json", charset="utf-8")


def _joined(parts: list[str]) -> str:
    """Parts of a text one under the other; one that the next begins with again is left out."""
    if len(parts) == 1:
        return parts[0]
    plain = [_SPACE.sub(" ", p) for p in parts]
    kept = [p for i, p in enumerate(parts) if p and not any(later.startswith(plain[i]) for later in plain[i + 1 :])]
    return "\n\n".join(kept)


def _text(value: object) -> str:
    """The words of a cell; a list is of paragraphs."""
    if isinstance(value, list):
        return "\n\n".join(filter(None, (_text(v) for v in value if isinstance(v, str))))
    return _sound(value).strip() if isinstance(value, str) else ""


def _line(value: object) -> str | None:
    """A cell of one line, as `onrecord.articles` reads it; None for nothing, and for the words that programs write for it."""
    if isinstance(value, list):
        return _line(", ".join(filter(None, (_line(v) for v in value if not isinstance(v, list)))))
    if isinstance(value, dict):
        return next((found for key in ("name", "title") if isinstance(value.get(key), str) and (found := _line(value[key]))), None)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    line = _SPACE.sub(" ", _CONTROLS.sub(" ", html.unescape(_sound(str(value))))).strip()[:1000]
    return line if line.casefold() not in _NOTHING else None


def _sound(text: str) -> str:
    """Characters without halves of pairs, which JSON can name and no encoding has."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _HALVES.search(text) else text
