"""The tables of a desk that people share: their tokens, what each did, and the searches they keep."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table

from onrecord.ledger.columns import METADATA, Code, Words, key_column, moment_column

__all__ = ["actions", "searches", "tokens"]

tokens = Table(
    "tokens",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`t1:` and a hash"),
    Column("name", Words, nullable=False, comment="Whose it is: the name that judgements and codings carry"),
    Column("role", Code(8), nullable=False, comment="reader, coder or admin"),
    Column("hash", Code(64), nullable=False, unique=True, comment="SHA-256 of the token, which itself is nowhere: it has 256 random bits"),
    Column("by", Words, nullable=False, comment="Who gave it"),
    moment_column("on", "When", nullable=False),
    moment_column("revoked", "Since when it opens nothing; empty while it does"),
    comment="Who is let into a desk that is served to others.",
)

actions = Table(
    "actions",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`x1:` and a hash"),
    Column("action", Words, nullable=False, comment="What was done"),
    Column("item", Words, nullable=False, comment="To what: an id, an address"),
    Column("details", Words, comment="With which values, as JSON"),
    Column("by", Words, nullable=False, comment="Who did it"),
    moment_column("on", "When", nullable=False),
    comment="What was done in the browser. Added, never changed.",
)

searches = Table(
    "searches",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, comment="`w1:` and a hash of the question"),
    Column("name", Words, nullable=False, comment="What the search is called"),
    Column("query", Words, nullable=False, comment="Its question, as in the address of the search page"),
    Column("active", Boolean, nullable=False, comment="Whether it is kept; a later row of the same id goes before an earlier one"),
    Column("by", Words, nullable=False, comment="Who keeps it"),
    moment_column("on", "When", nullable=False),
    comment="Searches that people keep, each with a feed.",
)
Index("ix_searches_id", searches.c.id)
