"""The tables of figures, of dates that statements look to, and of what became of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table

from onrecord.ledger.columns import METADATA, Code, Words, key_column, moment_column

__all__ = ["horizons", "outcomes", "quantities"]

_WHOLE = BigInteger().with_variant(Integer, "sqlite")


def _statement() -> Column[int]:
    return Column("statement_key", _WHOLE, ForeignKey("statements.key"), primary_key=True, autoincrement=False, comment="The statement that says it")


quantities = Table(
    "quantities",
    METADATA,
    _statement(),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="0 for the first of the statement, and so on"),
    Column("unit", Words, comment="What is counted, in lower case but for currencies: `GBP`, `percent`, `people`; empty if the text does not say"),
    Column("low", Float, nullable=False, comment="The least value, or the one that is named; `entry` has it exactly"),
    Column("high", Float, nullable=False, comment="The greatest, likewise: the same as `low` but for a range"),
    Column("bound", Code(8), nullable=False, comment="exact, about, at least (open above), at most (open below), between"),
    Column("start", Integer, nullable=False, comment="Where its words begin in the text"),
    Column("end", Integer, nullable=False, comment="Where they end"),
    comment="Figures in statements.",
)
Index("ix_quantities_unit", quantities.c.unit, quantities.c.high, quantities.c.low)

horizons = Table(
    "horizons",
    METADATA,
    _statement(),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="0 for the first of the statement, and so on"),
    Column("relation", Code(16), nullable=False, comment="by, before, within, until, after, in, from, not before"),
    Column("edtf", String(40), comment="The date or interval that the words name; empty if they hang on an event"),
    Column("due", String(10), index=True, comment="The last day to wait for: on the next one it can be checked; empty without a date"),
    Column("ahead", Boolean, nullable=False, comment="Whether the statement speaks of what will be"),
    Column("start", Integer, nullable=False, comment="Where its words begin in the text"),
    Column("end", Integer, nullable=False, comment="Where they end"),
    comment="Dates that statements look to.",
)

outcomes = Table(
    "outcomes",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`o1:` and a hash of statement, horizon, verdict, who and when"),
    Column("article", Code(32), nullable=False, index=True, comment="Id of the article, so that the statement is known again in another revision or reading"),
    Column("statement", Code(32), nullable=False, comment="Id of the statement"),
    Column("words", Words, nullable=False, comment="What was said, likewise"),
    Column("horizon", String(40), comment="The date it is about, EDTF; empty for all dates of the statement"),
    Column("verdict", Code(8), nullable=False, comment="kept, broken, unclear; or open, which takes an earlier one back"),
    Column("by", Words, nullable=False, comment="Who looked"),
    moment_column("on", "When", nullable=False),
    Column("note", Words, comment="What they found"),
    comment="What people say became of predictions and promises. Added, never changed; a later one goes before an earlier one.",
)
