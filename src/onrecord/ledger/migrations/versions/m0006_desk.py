"""What a desk that people share keeps: tokens, what was done, saved searches; and what people correct in a statement."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "tokens",
        sa.Column("key", _WHOLE, autoincrement=False, nullable=False, comment="Number of the row; means nothing outside this ledger."),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`t1:` and a hash"),
        sa.Column("name", sa.Text(), nullable=False, comment="Whose it is: the name that judgements and codings carry"),
        sa.Column("role", sa.String(length=8), nullable=False, comment="reader, coder or admin"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of the token, which itself is nowhere: it has 256 random bits"),
        sa.Column("by", sa.Text(), nullable=False, comment="Who gave it"),
        sa.Column("on", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.Column("revoked", sa.String(length=32), nullable=True, comment="Since when it opens nothing; empty while it does (ISO 8601, UTC)"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_tokens_hash")),
        sa.UniqueConstraint("id", name=op.f("uq_tokens_id")),
        comment="Who is let into a desk that is served to others.",
    )
    op.create_table(
        "actions",
        sa.Column("key", _WHOLE, autoincrement=False, nullable=False, comment="Number of the row; means nothing outside this ledger."),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`x1:` and a hash"),
        sa.Column("action", sa.Text(), nullable=False, comment="What was done"),
        sa.Column("item", sa.Text(), nullable=False, comment="To what: an id, an address"),
        sa.Column("details", sa.Text(), nullable=True, comment="With which values, as JSON"),
        sa.Column("by", sa.Text(), nullable=False, comment="Who did it"),
        sa.Column("on", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_actions")),
        sa.UniqueConstraint("id", name=op.f("uq_actions_id")),
        comment="What was done in the browser. Added, never changed.",
    )
    op.create_table(
        "searches",
        sa.Column("key", _WHOLE, autoincrement=False, nullable=False, comment="Number of the row; means nothing outside this ledger."),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`w1:` and a hash of the question"),
        sa.Column("name", sa.Text(), nullable=False, comment="What the search is called"),
        sa.Column("query", sa.Text(), nullable=False, comment="Its question, as in the address of the search page"),
        sa.Column("active", sa.Boolean(), nullable=False, comment="Whether it is kept; a later row of the same id goes before an earlier one"),
        sa.Column("by", sa.Text(), nullable=False, comment="Who keeps it"),
        sa.Column("on", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_searches")),
        comment="Searches that people keep, each with a feed.",
    )
    op.create_index("ix_searches_id", "searches", ["id"], unique=False)
    op.add_column("judgements", sa.Column("value", sa.Text(), nullable=True, comment="Of a statement that is corrected: what is right instead, as JSON"))
    corrected = "What people corrected of it, as it stands (content, cue, source, kind, said_on), as JSON; empty if nothing"
    op.add_column("statements", sa.Column("corrected", sa.Text(), nullable=True, comment=corrected))
    if op.get_context().dialect.name == "postgresql":
        op.execute("COMMENT ON COLUMN judgements.verdict IS 'same, different, unsure; right, wrong, speaker, corrected; revoked'")
