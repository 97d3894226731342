"""What the tables are made of: their names' rules, and columns for any text, ids, keys and moments, the same on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy.engine import Dialect

__all__ = ["METADATA", "Code", "Words", "escaped", "key_column", "moment_column", "ref_column", "unescaped"]

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = MetaData(naming_convention=_NAMING)


class Words(TypeDecorator[str]):
    """Text of any characters. PostgreSQL holds no NUL, and neither database a lone surrogate; a text with such characters is written otherwise, and marked.

    The mark is a first character U+F8FF. NUL is written as U+E000, a surrogate as U+E001 to U+E800. A text that holds any of those itself is written
    as the list of its characters' codes, after U+E801.
    """

    impl: type[String] = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape."""
        del dialect
        return None if value is None else escaped(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Undo it."""
        del dialect
        return None if value is None else unescaped(value)


class Code(Words):
    """A short text of onrecord's own, such as an id. Any characters can be asked for; ours are ASCII, so nothing is written otherwise.

    Args:
        length: Characters.
    """

    impl = String
    cache_ok = True


_MARK, _LIST = "\uf8ff", "\ue801"
_STRANGE = {0: "\ue000"} | {0xD800 + n: chr(0xE001 + n) for n in range(0x800)}
_BACK = {ord(v): chr(k) for k, v in _STRANGE.items()}


def escaped(text: str) -> str:
    """A text as both databases can hold it."""
    try:
        # Nearly every text passes here.
        text.encode()
        clean = "\0" not in text and not text.startswith(_MARK)
    except UnicodeEncodeError:
        clean = False
    if clean:
        return text
    # What is of the private range already is kept by writing the text as a list of its characters' codes.
    if text.startswith(_LIST) or any(ord(c) in _BACK for c in text):
        return _MARK + _LIST + " ".join(f"{ord(c):x}" for c in text)
    return _MARK + text.translate(_STRANGE)


def unescaped(text: str) -> str:
    """The text that was escaped."""
    if not text.startswith(_MARK):
        return text
    if text.startswith(_MARK + _LIST):
        return "".join(chr(int(code, 16)) for code in text[2:].split())
    return text[1:].translate(_BACK)


def key_column(comment: str = "Number of the row; means nothing outside this ledger.") -> Column[Any]:
    """The column `key`."""
    return Column("key", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False, comment=comment)


def ref_column(name: str, target: str, comment: str, *, nullable: bool = False, index: bool = False) -> Column[Any]:
    """A column that holds the key of a row of another table."""
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), ForeignKey(target), nullable=nullable, index=index, comment=comment)


def moment_column(name: str, comment: str, *, nullable: bool = True) -> Column[Any]:
    """A column that holds a moment."""
    return Column(name, String(32), nullable=nullable, comment=f"{comment} (ISO 8601, UTC)")
