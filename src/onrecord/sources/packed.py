"""Packed files as streams: gzip and zstd, member by member, never more unpacked at a time than a piece.

A gzip or zstd file is a row of members (zstd calls them frames). Archives put one record into each, so that a reader can begin
at any of them: after damage, reading goes on with the next.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import Any, BinaryIO, Protocol

from onrecord.errors import SourceError

__all__ = ["PIECE", "DamageError", "Members", "Unpacked", "packing_of"]

#: Largest piece, in bytes, that is read from a file; unpacked gzip comes in pieces of this size at most.
PIECE = 65536
#: Bytes of zstd that are unpacked at a time. Four bytes can stand for 128 KiB, so that a piece is at most 16 MiB.
_ZSTD_STEP = 512
_ZSTD_READ = 8192
#: Largest zstd window, as its own command line has it (`zstd -d` without --long).
_WINDOW = 2**27
#: Largest dictionary of a WARC, unpacked, in bytes; those in use are about one MiB.
_DICTIONARY = 16 * 2**20
_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
#: Heads of members (RFC 1952: flags, four bytes of time, what the compressor did, the system; RFC 8878).
_GZIP_HEAD = re.compile(re.escape(_GZIP) + rb"[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL)
_ZSTD_HEAD = re.compile(re.escape(_ZSTD))
#: Heads in one file that are looked into after damage.
_TRIES = 200_000
#: Magic of the skippable frame that holds a dictionary (IIPC, WARC-zstd 1.0), and of all skippable frames (RFC 8878).
_DICTIONARY_FRAME = 0x184D2A5D
_SKIPPABLE = 0x184D2A50
_FRAME_HEAD = 8
#: Longest head of a zstd frame (RFC 8878), in bytes.
_FRAME_HEAD_MOST = 18
#: Bytes of a member that are looked at to see how its content begins: a name and a block's code tables fit.
_PROBE = 4096


class DamageError(Exception):
    """A member cannot be unpacked.

    Args:
        what: What is wrong.
        offset: Where the member begins, in bytes of the file.
    """

    def __init__(self, what: str, offset: int) -> None:
        super().__init__(what)
        self.what = what
        self.offset = offset


def packing_of(head: bytes) -> str:
    """What the first bytes of a file, four or more, say it is packed with: "gzip", "zstd" or "plain"."""
    if head.startswith(_GZIP):
        return "gzip"
    skippable = len(head) >= len(_ZSTD) and int.from_bytes(head[:4], "little") & 0xFFFFFFF0 == _SKIPPABLE
    return "zstd" if head.startswith(_ZSTD) or skippable else "plain"


class _Unpacker(Protocol):
    eof: bool

    def unpack(self, raw: bytes) -> tuple[bytes, bytes]:
        """Unpacked bytes, and what of the packed ones is left for the next call. Raises ValueError where they are damaged."""


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self.eof = False

    def unpack(self, raw: bytes) -> tuple[bytes, bytes]:
        try:
            data = self._inner.decompress(raw, PIECE)
        except zlib.error as error:
            raise ValueError(str(error)) from error
        self.eof = self._inner.eof
        return data, self._inner.unused_data if self.eof else self._inner.unconsumed_tail


class _Zstd:
    def __init__(self, dictionary: Any) -> None:  # noqa: ANN401 - zstandard has no types
        import zstandard

        self._inner = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=_WINDOW).decompressobj()
        self.eof = False

    def unpack(self, raw: bytes) -> tuple[bytes, bytes]:
        import zstandard

        step, rest = raw[:_ZSTD_STEP], raw[_ZSTD_STEP:]
        try:
            data = self._inner.decompress(step) if step else b""
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from error
        self.eof = self._inner.eof
        return data, self._inner.unused_data + rest if self.eof else rest


class Members:
    """The members of a file one after another; a file that is not packed is one member.

    Args:
        file: Opened for reading, and seekable if `resync` is to be called.

    Raises:
        OSError: It cannot be read.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        #: Read, and not yet unpacked.
        self._raw = file.read(_FRAME_HEAD)
        #: Offset in the file of what follows it.
        self._read_to = len(self._raw)
        self.packing = packing_of(self._raw)
        #: Where the member begins, in bytes of the file.
        self.offset = 0
        self._dictionary: Any = None
        self._tries = _TRIES
        self._unpacker: _Unpacker | None = None

    def following(self) -> bool:
        """Go to the next member; False at the end of the file.

        Raises:
            DamageError: There is something else than a member.
        """
        if self.packing == "plain":
            started, self._unpacker = self._unpacker is not None, _Plain()
            return not started and self._fill(1)
        self._unpacker = None
        while True:
            while self._fill(1) and not self._raw.strip(b"\0"):
                # Tapes pad with zeros, and so do some writers.
                self._raw = b""
            self._raw = self._raw.lstrip(b"\0")
            self._fill(_FRAME_HEAD)
            self.offset = self._read_to - len(self._raw)
            if not self._raw:
                return False
            if self.packing == "gzip" or not self._skipped():
                break
        self._unpacker = self._opened()
        return True

    def piece(self) -> bytes:
        """The next unpacked bytes of the member, or none at its end.

        Raises:
            DamageError: It cannot be unpacked, or the file ends inside it.
        """
        unpacker = self._unpacker
        while unpacker is not None and not unpacker.eof:
            ended = not self._fill(1)
            try:
                data, self._raw = unpacker.unpack(self._raw)
            except ValueError as error:
                raise DamageError(f"the {self.packing} is damaged: {error}", self.offset) from error
            if data:
                return data
            if ended and not unpacker.eof:
                if self.packing == "plain":
                    break
                raise DamageError(f"the file ends inside the {self.packing}", self.offset)
        return b""

    def resync(self, begin: bytes) -> bool:
        """After damage, go to the next member whose content begins in a certain way (any, if it is zstd); False if there is none."""
        self._unpacker = None
        if self.packing == "plain":
            return False
        head = _GZIP_HEAD if self.packing == "gzip" else _ZSTD_HEAD
        self._file.seek(self.offset + 1)
        self._raw, self._read_to = b"", self.offset + 1
        while True:
            full = self._fill(_PROBE + PIECE)
            for found in head.finditer(self._raw):
                self._tries -= 1
                if self._tries < 0:
                    return False
                # What stands at the end is looked at again with what follows it.
                if full and found.start() > PIECE:
                    break
                if self._begins(self._raw[found.start() : found.start() + _PROBE], begin):
                    self._raw = self._raw[found.start() :]
                    self.offset = self._read_to - len(self._raw)
                    self._unpacker = self._opened()
                    return True
            if not full:
                return False
            self._raw = self._raw[PIECE + 1 :]

    def _begins(self, raw: bytes, begin: bytes) -> bool:
        if self.packing == "zstd":
            import zstandard

            # A block can be longer than what is looked at; the magic and a sound head after it do.
            try:
                return bool(zstandard.frame_header_size(raw[:_FRAME_HEAD_MOST]))
            except zstandard.ZstdError:
                return False
        try:
            return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(raw, len(begin)) == begin
        except zlib.error:
            return False

    def _opened(self) -> _Unpacker:
        return _Gzip() if self.packing == "gzip" else _Zstd(self._dictionary)

    def _fill(self, size: int) -> bool:
        """Have so many packed bytes at hand, or all that are left; False if there are fewer."""
        while len(self._raw) < size:
            more = self._file.read(PIECE if self.packing != "zstd" else _ZSTD_READ)
            self._read_to += len(more)
            self._raw += more
            if not more:
                return False
        return True

    def _skipped(self) -> bool:
        """Go over a skippable frame of zstd, if here is one; a dictionary is kept."""
        if len(self._raw) < _FRAME_HEAD or packing_of(self._raw) != "zstd" or self._raw.startswith(_ZSTD):
            return False
        magic, size = (int.from_bytes(self._raw[i : i + 4], "little") for i in (0, 4))
        end = self.offset + _FRAME_HEAD + size
        if magic == _DICTIONARY_FRAME and self.offset == 0:
            if size > _DICTIONARY or not self._fill(_FRAME_HEAD + size):
                raise DamageError("its dictionary is damaged", self.offset)
            self._dictionary = self._dictionary_of(self._raw[_FRAME_HEAD : _FRAME_HEAD + size])
        while left := end - (self._read_to - len(self._raw)):
            if not self._fill(1):
                break
            self._raw = self._raw[left:]
        return True

    def _dictionary_of(self, data: bytes) -> Any:  # noqa: ANN401 - zstandard has no types
        import zstandard

        try:
            if data.startswith(_ZSTD):
                unpacker, found = _Zstd(None), bytearray()
                while data and not unpacker.eof and len(found) <= _DICTIONARY:
                    piece, data = unpacker.unpack(data)
                    found += piece
                if not unpacker.eof:
                    raise ValueError("it ends early")  # noqa: TRY301 - one place says what is damaged
                data = bytes(found)
            dictionary = zstandard.ZstdCompressionDict(data, dict_type=zstandard.DICT_TYPE_FULLDICT)
            zstandard.ZstdDecompressor(dict_data=dictionary).decompressobj()
        except (zstandard.ZstdError, ValueError) as error:
            raise DamageError(f"its dictionary is damaged: {error}", self.offset) from error
        return dictionary


class _Plain:
    eof = False

    def unpack(self, raw: bytes) -> tuple[bytes, bytes]:
        return raw, b""


class Unpacked(io.RawIOBase):
    """A file's unpacked bytes as one stream, for `io.BufferedReader`.

    Args:
        file: Opened for reading; it is closed with the stream.
        name: To call it in errors.

    Raises:
        SourceError: While it is read: it is damaged.
    """

    def __init__(self, file: BinaryIO, *, name: str) -> None:
        super().__init__()
        self._file = file
        self._name = name
        self._members = Members(file)
        self._left = b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, into: Any) -> int:  # noqa: ANN401 - a writable buffer
        """Put the next bytes into a buffer; 0 at the end."""
        try:
            while not self._left:
                self._left = self._members.piece()
                if not self._left and not self._members.following():
                    return 0
        except DamageError as error:
            raise SourceError(f"{error.what} (at byte {error.offset:,})", item=self._name, hint="get the file anew") from error
        size = min(len(into), len(self._left))
        into[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def close(self) -> None:
        """Close the file, too."""
        self._file.close()
        super().close()
