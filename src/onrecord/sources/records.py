"""The bytes of a web archive, record by record, with a way on after damage."""

from __future__ import annotations

import os
import re
from typing import BinaryIO

from onrecord.sources.packed import DamageError, Members

__all__ = ["BEGIN", "RecordStream"]

#: How every record begins.
BEGIN = b"WARC/"
_LINE = re.compile(rb"WARC/\d\.\d{1,2}[ \t]*\r?\n")
_NEXT = re.compile(rb"\n(?=WARC/\d\.\d{1,2}[ \t]*\r?\n)")
#: Longest match of `_NEXT` and what it looks at, so that one over two pieces is found.
_REACH = 64
_BLANK = re.compile(rb"[ \t\r\n]*")
_DIGITS = re.compile(r"[0-9]{1,15}")
#: Largest head of a record, in bytes, and longest line in it.
_HEAD = 2**18
#: Bytes of one file that are looked through a second time, for records inside one whose length is wrong.
_AGAIN = 2**28


class RecordStream:
    """The unpacked bytes of an archive, to be read record by record: `next_record`, `head`, `take` or `skip`, `close_record`.

    Where a member of a packed file begins with a record, the one before ends: no record runs over such a place.

    Args:
        file: Opened for reading, and seekable.

    Raises:
        OSError: It cannot be read.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._members = Members(file)
        self._size = os.fstat(file.fileno()).st_size if self._members.packing == "plain" else None
        self._buffer = b""
        self._at = 0
        #: The member that is named as the record's place, and where in what it unpacks to the buffer begins.
        self._member = 0
        self._base = 0
        #: The first piece of a member that begins a record, or the damage found in its place, until `next_record` goes over.
        self._held: bytes | DamageError | None = None
        #: Nothing more can be had from the member.
        self._broken = False
        self._ended = False
        self._allowance = 0
        self._again = _AGAIN
        #: Where the record begins, as documents are named.
        self.place = "0"

    def next_record(self) -> bool:
        """Go to the next record; False at the end of the file.

        Raises:
            DamageError: Something else is there.
        """
        self._blank()
        if not self._left():
            if self._held is None:
                return False
            self._cross()
        self.place = self._here()
        if not _LINE.match(self._line()):
            raise self._damage("no record begins where one should")
        return True

    def head(self) -> tuple[dict[str, str], int]:
        """Read a record's head.

        Returns:
            Its headers, with lower-case names, and the length of its block in bytes.

        Raises:
            DamageError: It has none, or does not say how long the record is.
        """
        from warcio.recordloader import ArcWarcRecordLoader
        from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

        self._allowance = _HEAD
        try:
            found = StatusAndHeadersParser(ArcWarcRecordLoader.WARC_TYPES).parse(self)
        except (EOFError, StatusAndHeadersParserException) as error:
            raise self._damage("its head is of a version that is not known") from error
        headers = {name.strip().lower(): value for name, value in found.headers}
        length = headers.get("content-length", "").strip()
        if not _DIGITS.fullmatch(length):
            raise self._damage("its head does not say how long it is")
        if self._size is not None and self._base + self._at + int(length) > self._size:
            raise self._damage("the file ends inside it, or its length is wrong")
        return headers, int(length)

    def readline(self) -> bytes:
        """One line, for the parser of heads.

        Raises:
            DamageError: The head is too large.
        """
        line = self._line()
        self._at += len(line)
        self._allowance -= len(line)
        if self._allowance < 0:
            raise self._damage(f"its head is larger than {_HEAD // 2**10} KiB")
        return line

    def take(self, size: int, *, begun: bytes = b"") -> bytes:
        """Read a record's block, or its beginning.

        Args:
            size: Bytes to have in the end.
            begun: What was taken of it before.

        Raises:
            DamageError: The record is shorter than it says.
        """
        parts, missing = [begun], size - len(begun)
        while missing > 0 and (self._left() or self._more()):
            piece = self._buffer[self._at : self._at + missing]
            self._at += len(piece)
            missing -= len(piece)
            parts.append(piece)
        block = b"".join(parts)
        if missing > 0:
            self._look_again(block)
            raise self._damage("it is shorter than it says")
        return block

    def skip(self, size: int) -> None:
        """Pass over the rest of a block, of so many bytes.

        Raises:
            DamageError: The record is shorter than it says.
        """
        while size > 0:
            if not self._left() and not self._more():
                raise self._damage("it is shorter than it says")
            step = min(size, self._left())
            self._at += step
            size -= step

    def close_record(self, block: bytes) -> None:
        """Check that a record ends where its block does: with empty lines, and then another record or the file's end.

        Args:
            block: The record's, as far as it was taken.

        Raises:
            DamageError: It does not, so that its length is wrong, or its bytes are not those that were packed.
        """
        self._blank()
        if self._left() and not _LINE.match(self._line()):
            self._look_again(block)
            raise self._damage("its length is wrong: no record begins after it")

    def resync(self) -> None:
        """After damage, go to the next place where a record begins, or to the end."""
        while True:
            if self._broken or isinstance(self._held, DamageError):
                self._to_member()
                return
            try:
                self._to_line()
            except DamageError:
                continue
            return

    def _to_member(self) -> None:
        self._drop()
        self._held, self._broken = None, False
        self._ended = not self._members.resync(BEGIN)
        if not self._ended:
            try:
                self._held = self._first_piece()
            except DamageError as error:
                self._held = error

    def _to_line(self) -> None:
        if _LINE.match(self._line()):
            return
        while True:
            if found := _NEXT.search(self._buffer, self._at):
                self._at = found.end()
                return
            self._at = max(self._at, len(self._buffer) - _REACH)
            if not self._more():
                self._drop()
                return

    def _look_again(self, block: bytes) -> None:
        """Put back what follows the first record inside a block, if there is one: its own length is wrong."""
        found = _NEXT.search(block) if len(block) <= self._again else None
        if found:
            self._again -= len(block)
            rest = block[found.end() :]
            self._buffer = rest + self._buffer[self._at :]
            self._base += self._at - len(rest)
            self._at = 0

    def _cross(self) -> None:
        held, self._held = self._held, None
        if isinstance(held, DamageError):
            self._broken = True
            self.place = str(held.offset)
            raise held
        self._buffer, self._at = held or b"", 0
        self._member, self._base = self._members.offset, 0

    def _more(self) -> bool:
        """Have more of the record's bytes; False where a member that begins a record follows, or nothing."""
        while self._held is None and not self._ended and not self._broken:
            try:
                piece = self._members.piece()
            except DamageError:
                self._broken = True
                raise
            if not piece:
                try:
                    if not self._members.following():
                        self._ended = True
                        break
                    piece = self._first_piece()
                except DamageError as error:
                    self._held = error
                    break
                if piece.startswith(BEGIN):
                    self._held = piece
                    break
            if piece:
                self._buffer = self._buffer[self._at :] + piece
                self._base += self._at
                self._at = 0
                return True
        return False

    def _first_piece(self) -> bytes:
        first = b""
        while len(first) < len(BEGIN) and (piece := self._members.piece()):
            first += piece
        return first

    def _left(self) -> int:
        return len(self._buffer) - self._at

    def _drop(self) -> None:
        self._base += len(self._buffer)
        self._buffer, self._at = b"", 0

    def _blank(self) -> None:
        while True:
            found = _BLANK.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._left() or not self._more():
                return

    def _line(self) -> bytes:
        """The line that comes next, without going over it; a longer one than a head may be is cut."""
        looked = self._at
        while (end := self._buffer.find(b"\n", looked)) < 0 and self._left() <= _HEAD:
            seen = self._left()
            if not self._more():
                break
            looked = self._at + seen
        end = len(self._buffer) if end < 0 else end + 1
        return self._buffer[self._at : min(end, self._at + _HEAD + 1)]

    def _here(self) -> str:
        inside = self._base + self._at
        if self._members.packing == "plain":
            return str(inside)
        return f"{self._member}+{inside}" if inside else str(self._member)

    def _damage(self, what: str) -> DamageError:
        return DamageError(what, self._member)
