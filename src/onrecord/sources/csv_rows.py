"""Rows of CSV files as people and databases write them: any delimiter, any encoding, and damage that costs one row."""

from __future__ import annotations

import codecs
import csv
import io
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO, Any, AnyStr

__all__ = ["LONGEST", "BadRow", "Lines", "Table", "encoding_of"]

#: Longest row, in characters.
LONGEST = 16 * 2**20
_DELIMITERS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEP_LINE = re.compile(r"\A\"?sep=(.)\"?\r?\n?\Z", re.IGNORECASE)
_LONE_RETURN = re.compile(r"(?<=\r)(?!\n)")
#: Quotation marks inside a field that are escaped by a backslash, in a table that does not double them.
_BACKSLASHED = re.compile(r'[^\\]\\"')
_SAMPLE = 20
#: Lines of a row gone wrong at which a new row is looked for, and lines read in one file while looking.
_RESTARTS, _LOOKED = 200, 2_000_000
_HALF = 2
_lock = threading.Lock()


class BadRow(Exception):  # noqa: N818 - it is a row, and travels to where it becomes an error with the file's name
    """A row that cannot be read.

    Args:
        line: The line on which it begins, from 1.
        what: What is wrong.
    """

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


def encoding_of(head: bytes) -> str | None:
    """The encoding that the first bytes of a file show by a byte order mark or by their zeros: UTF-16 or UTF-32; None for all others."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return None if encoding == "utf-8" else encoding
    sample = head[: len(head) // 2 * 2][:4096]
    zeros = [sample[i::2].count(0) * _HALF for i in (0, 1)]
    if sample and max(zeros) > len(sample) // 4 * 3 // _HALF and min(zeros) * 10 < max(zeros):
        return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    return None


class Lines:
    """The lines of a file with their ends, as characters, numbered from 1.

    UTF-8 is read line by line, and a line that is none is read as Windows-1252: tables are put together from several sources.

    Args:
        stream: Its bytes.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        #: Number of the line that was given last.
        self.number = 0
        #: Lines since `begin`.
        self.taken: list[str] = []
        #: Whether the end was met since `begin`.
        self.ended = False
        self._room = LONGEST
        self._again: deque[str] = deque()
        encoding = encoding_of(stream.peek(4096)[:4096])
        self._next: Callable[[], str]
        if encoding is None:
            self._next = lambda: _decoded(_whole(stream, b"\n"))
        else:
            text = io.TextIOWrapper(stream, encoding, errors="replace", newline="\n")
            self._next = lambda: _whole(text, "\n")

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while not self._again:
            raw = self._next()
            if not raw:
                self.ended = True
                raise StopIteration
            line = raw.removeprefix("\ufeff").replace("\0", "") if self.number == 0 else raw.replace("\0", "")
            # Old files end lines with a carriage return alone; inside a line that ends otherwise it does the same.
            self._again.extend(part for part in (_LONE_RETURN.split(line) if "\r" in line[:-2] else [line]) if part)
        line = self._again.popleft()
        self.number += 1
        self.taken.append(line)
        self._room -= len(line)
        if self._room < 0 or len(line) > LONGEST:
            raise BadRow(self.number - len(self.taken) + 1, f"longer than {LONGEST // 2**20:,} million characters")
        return line

    def begin(self) -> int:
        """Begin a row; gives the number of its first line."""
        self.taken = []
        self.ended = False
        self._room = LONGEST
        return self.number + 1

    def again(self, count: int) -> None:
        """Give the last so many lines again."""
        self._again.extendleft(reversed(self.taken[len(self.taken) - count :]))
        self.number -= count
        self.taken = self.taken[: len(self.taken) - count]

    def sample(self, count: int) -> list[str]:
        """The next lines, without going over them."""
        self.begin()
        try:
            found = list(islice(self, count))
        except BadRow:
            found = list(self.taken[:-1])
        self.again(len(self.taken))
        self.begin()
        return found


def _whole(stream: IO[AnyStr], end: AnyStr) -> AnyStr:
    """One line; of one that is too long just so much that this can be seen."""
    line = rest = stream.readline(LONGEST + 2)
    while len(rest) >= LONGEST + 2 and not rest.endswith(end):
        rest = stream.readline(LONGEST + 2)
    return line


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


class Table:
    """A table of comma-separated values, or values separated by a semicolon, a tab or a bar.

    Args:
        lines: Its lines, from the first.
        fit: How well the columns suit; of the delimiters the one with the best header is taken.
    """

    def __init__(self, lines: Lines, *, fit: Callable[[Sequence[str]], int]) -> None:
        self._lines = lines
        self._looked = _LOOKED
        sample = lines.sample(_SAMPLE)
        said = _SEP_LINE.match(sample[0]) if sample else None
        if said:
            next(lines)
            sample = sample[1:]
        whole = "".join(sample)
        escaped = '""' not in re.sub(r'(?<=[,;\t|\n])""(?=[,;\t|\r\n])', "", whole) and _BACKSLASHED.search(whole)
        self._options: dict[str, Any] = {"doublequote": not escaped, "escapechar": "\\" if escaped else None}
        self._options["delimiter"] = said[1] if said else max(_DELIMITERS, key=lambda d: self._suits(sample, d, fit))
        #: The names of the columns.
        self.header: list[str] = []
        #: The line that should name them, if it cannot be read.
        self.bad: BadRow | None = None
        first = next(self._raw(), None)
        if isinstance(first, BadRow):
            self.bad = first
        elif first:
            self.header = [name.strip() for name in first[1]]

    def rows(self) -> Iterator[tuple[int, list[str]] | BadRow]:
        """The rows below the header, each with the number of the line on which it begins; lines without anything are passed over.

        A row may have fewer fields than there are columns.
        """
        count = len(self.header)
        for row in self._raw():
            if isinstance(row, BadRow):
                yield row
                continue
            line, fields = row
            more = [f for f in fields[count:] if f.strip()]
            if len(fields) == count or (len(fields) > count and not more):
                yield line, fields[:count]
            elif not self._restart() and not more:
                yield line, fields
            else:
                yield BadRow(line, f"{len(fields)} fields, where the first line names {count} columns")

    def _raw(self) -> Iterator[tuple[int, list[str]] | BadRow]:
        reader = csv.reader(self._lines, **self._options)
        while True:
            line = self._lines.begin()
            try:
                with _large_fields():
                    fields = next(reader)
            except StopIteration:
                return
            except (csv.Error, BadRow) as error:
                # A reader that failed keeps half a row.
                reader = csv.reader(self._lines, **self._options)
                several = len(self._lines.taken) > 1
                self._restart()
                yield BadRow(line, f"{error}; perhaps a quotation mark is never closed" if several else str(error))
                continue
            if self._lines.ended:
                # Only quotation marks that are still open make a reader look for more.
                self._restart()
                reader = csv.reader(self._lines, **self._options)
                yield BadRow(line, "the file ends inside it, or a quotation mark is never closed")
            elif any(f.strip() for f in fields):
                yield line, fields

    def _restart(self) -> bool:
        """After a row gone wrong, begin at the first of its lines, but for the first, from which on a row has as many fields as it should."""
        taken = self._lines.taken
        for at in range(1, min(len(taken), _RESTARTS)):
            if self._looked <= 0:
                break
            # One line more than there is: it is read only where quotation marks are still open.
            reader = csv.reader(chain(islice(taken, at, None), ["\n"]), **self._options)
            try:
                with _large_fields():
                    fields = next(reader, [])
            except csv.Error:
                continue
            self._looked -= reader.line_num
            if len(fields) == len(self.header) and at + reader.line_num <= len(taken):
                self._lines.again(len(taken) - at)
                return True
        return False

    def _suits(self, sample: Sequence[str], delimiter: str, fit: Callable[[Sequence[str]], int]) -> tuple[int, float, int]:
        try:
            with _large_fields():
                rows = [r for r in csv.reader(sample, **{**self._options, "delimiter": delimiter}) if r]
        except csv.Error:
            return 0, 0.0, 0
        if not rows:
            return 0, 0.0, 0
        return fit(rows[0]), sum(len(r) == len(rows[0]) for r in rows) / len(rows), len(rows[0])


@contextmanager
def _large_fields() -> Iterator[None]:
    """Let fields be as long as rows may be; the limit is the whole program's, so that it is put back at once."""
    with _lock:
        before = csv.field_size_limit(LONGEST + 2)
        try:
            yield
        finally:
            csv.field_size_limit(before)
