"""The tables of what is put to people to decide: issues that were suggested, and positions that a language model proposes. Neither counts by itself."""

from __future__ import annotations

from sqlalchemy import Column, Table

from onrecord.ledger.columns import METADATA, Code, Words, key_column, moment_column, ref_column

__all__ = ["proposals", "suggestions"]

suggestions = Table(
    "suggestions",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`u1:` and a hash of label, verdict, who and when"),
    Column("label", Words, nullable=False, comment="What the suggested issue was called"),
    Column("aliases", Words, comment="Other words for it, as JSON"),
    Column("statements", Words, nullable=False, comment="Ids of the statements that it was made of, as JSON"),
    Column("verdict", Code(8), nullable=False, comment="refused; or open, which takes an earlier one back"),
    Column("by", Words, nullable=False, comment="Who decided"),
    moment_column("on", "When", nullable=False),
    Column("note", Words, comment="Why"),
    comment="Issues that were suggested and refused. Added, never changed; a later one of the same label goes before an earlier one.",
)

proposals = Table(
    "proposals",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`p1:` and a hash of what was proposed, by what and when"),
    Column("article", Code(32), nullable=False, comment="Id of the article"),
    Column("statement", Code(32), nullable=False, index=True, comment="Id of the statement"),
    Column("words", Words, nullable=False, comment="What was said"),
    ref_column("issue_key", "issues.key", "The version of the issue that it was asked about", index=True),
    Column("holder", Words, comment="Whose position it is: id of an actor, or the name of one without; empty for the speaker's own"),
    Column("stance", Code(16), comment="support, oppose, conditional, neutral; empty: no position on this issue, or the answer was refused"),
    Column("act", Code(16), comment="What is done by saying it; empty if it does not say"),
    Column("condition", Words, comment="What must hold first: [start, end] in the revision, as JSON"),
    Column("evidence", Words, comment="The words that show it: [start, end] in the revision, as JSON"),
    Column("revision", Code(32), nullable=False, comment="Id of the text that the offsets point into"),
    Column("coder", Words, nullable=False, comment="`llm:MODEL@HOST+VERSION`: what answered, where, and the version of what it was asked"),
    Column("prompt", Code(32), nullable=False, comment="`h1:` and a hash of all it was asked"),
    moment_column("on", "When", nullable=False),
    Column("refused", Words, comment="Why the answer was refused; empty if it holds"),
    comment="Positions that language models propose. They count for nothing: a person who accepts one codes it in their own name.",
)
