"""Figures and dates of statements as fields; what became of predictions and promises."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "quantities",
        sa.Column("statement_key", _WHOLE, autoincrement=False, nullable=False, comment="The statement that says it"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="0 for the first of the statement, and so on"),
        sa.Column(
            "unit",
            sa.Text(),
            nullable=True,
            comment="What is counted, in lower case but for currencies: `GBP`, `percent`, `people`; empty if the text does not say",
        ),
        sa.Column("low", sa.Float(), nullable=False, comment="The least value, or the one that is named; `entry` has it exactly"),
        sa.Column("high", sa.Float(), nullable=False, comment="The greatest, likewise: the same as `low` but for a range"),
        sa.Column("bound", sa.String(length=8), nullable=False, comment="exact, about, at least (open above), at most (open below), between"),
        sa.Column("start", sa.Integer(), nullable=False, comment="Where its words begin in the text"),
        sa.Column("end", sa.Integer(), nullable=False, comment="Where they end"),
        sa.ForeignKeyConstraint(["statement_key"], ["statements.key"], name=op.f("fk_quantities_statement_key")),
        sa.PrimaryKeyConstraint("statement_key", "number", name=op.f("pk_quantities")),
        comment="Figures in statements.",
    )
    op.create_index("ix_quantities_unit", "quantities", ["unit", "high", "low"], unique=False)
    op.create_table(
        "horizons",
        sa.Column("statement_key", _WHOLE, autoincrement=False, nullable=False, comment="The statement that says it"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="0 for the first of the statement, and so on"),
        sa.Column("relation", sa.String(length=16), nullable=False, comment="by, before, within, until, after, in, from, not before"),
        sa.Column("edtf", sa.String(length=40), nullable=True, comment="The date or interval that the words name; empty if they hang on an event"),
        sa.Column("due", sa.String(length=10), nullable=True, comment="The last day to wait for: on the next one it can be checked; empty without a date"),
        sa.Column("ahead", sa.Boolean(), nullable=False, comment="Whether the statement speaks of what will be"),
        sa.Column("start", sa.Integer(), nullable=False, comment="Where its words begin in the text"),
        sa.Column("end", sa.Integer(), nullable=False, comment="Where they end"),
        sa.ForeignKeyConstraint(["statement_key"], ["statements.key"], name=op.f("fk_horizons_statement_key")),
        sa.PrimaryKeyConstraint("statement_key", "number", name=op.f("pk_horizons")),
        comment="Dates that statements look to.",
    )
    op.create_index(op.f("ix_horizons_due"), "horizons", ["due"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("key", _WHOLE, autoincrement=False, nullable=False, comment="Number of the row; means nothing outside this ledger."),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`o1:` and a hash of statement, horizon, verdict, who and when"),
        sa.Column(
            "article", sa.String(length=32), nullable=False, comment="Id of the article, so that the statement is known again in another revision or reading"
        ),
        sa.Column("statement", sa.String(length=32), nullable=False, comment="Id of the statement"),
        sa.Column("words", sa.Text(), nullable=False, comment="What was said, likewise"),
        sa.Column("horizon", sa.String(length=40), nullable=True, comment="The date it is about, EDTF; empty for all dates of the statement"),
        sa.Column("verdict", sa.String(length=8), nullable=False, comment="kept, broken, unclear; or open, which takes an earlier one back"),
        sa.Column("by", sa.Text(), nullable=False, comment="Who looked"),
        sa.Column("on", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.Column("note", sa.Text(), nullable=True, comment="What they found"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("id", name=op.f("uq_outcomes_id")),
        comment="What people say became of predictions and promises. Added, never changed; a later one goes before an earlier one.",
    )
    op.create_index(op.f("ix_outcomes_article"), "outcomes", ["article"], unique=False)
