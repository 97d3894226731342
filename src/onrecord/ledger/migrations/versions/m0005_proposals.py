"""Issues that were suggested and refused; positions that language models propose."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "suggestions",
        sa.Column("key", _WHOLE, autoincrement=False, nullable=False, comment="Number of the row; means nothing outside this ledger."),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`u1:` and a hash of label, verdict, who and when"),
        sa.Column("label", sa.Text(), nullable=False, comment="What the suggested issue was called"),
        sa.Column("aliases", sa.Text(), nullable=True, comment="Other words for it, as JSON"),
        sa.Column("statements", sa.Text(), nullable=False, comment="Ids of the statements that it was made of, as JSON"),
        sa.Column("verdict", sa.String(length=8), nullable=False, comment="refused; or open, which takes an earlier one back"),
        sa.Column("by", sa.Text(), nullable=False, comment="Who decided"),
        sa.Column("on", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.Column("note", sa.Text(), nullable=True, comment="Why"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("id", name=op.f("uq_suggestions_id")),
        comment="Issues that were suggested and refused. Added, never changed; a later one of the same label goes before an earlier one.",
    )
    op.create_table(
        "proposals",
        sa.Column("key", _WHOLE, autoincrement=False, nullable=False, comment="Number of the row; means nothing outside this ledger."),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`p1:` and a hash of what was proposed, by what and when"),
        sa.Column("article", sa.String(length=32), nullable=False, comment="Id of the article"),
        sa.Column("statement", sa.String(length=32), nullable=False, comment="Id of the statement"),
        sa.Column("words", sa.Text(), nullable=False, comment="What was said"),
        sa.Column("issue_key", _WHOLE, nullable=False, comment="The version of the issue that it was asked about"),
        sa.Column("holder", sa.Text(), nullable=True, comment="Whose position it is: id of an actor, or the name of one without; empty for the speaker's own"),
        sa.Column(
            "stance",
            sa.String(length=16),
            nullable=True,
            comment="support, oppose, conditional, neutral; empty: no position on this issue, or the answer was refused",
        ),
        sa.Column("act", sa.String(length=16), nullable=True, comment="What is done by saying it; empty if it does not say"),
        sa.Column("condition", sa.Text(), nullable=True, comment="What must hold first: [start, end] in the revision, as JSON"),
        sa.Column("evidence", sa.Text(), nullable=True, comment="The words that show it: [start, end] in the revision, as JSON"),
        sa.Column("revision", sa.String(length=32), nullable=False, comment="Id of the text that the offsets point into"),
        sa.Column("coder", sa.Text(), nullable=False, comment="`llm:MODEL@HOST+VERSION`: what answered, where, and the version of what it was asked"),
        sa.Column("prompt", sa.String(length=32), nullable=False, comment="`h1:` and a hash of all it was asked"),
        sa.Column("on", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.Column("refused", sa.Text(), nullable=True, comment="Why the answer was refused; empty if it holds"),
        sa.ForeignKeyConstraint(["issue_key"], ["issues.key"], name=op.f("fk_proposals_issue_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_proposals")),
        sa.UniqueConstraint("id", name=op.f("uq_proposals_id")),
        comment="Positions that language models propose. They count for nothing: a person who accepts one codes it in their own name.",
    )
    op.create_index(op.f("ix_proposals_issue_key"), "proposals", ["issue_key"], unique=False)
    op.create_index(op.f("ix_proposals_statement"), "proposals", ["statement"], unique=False)
