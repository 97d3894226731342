"""Quotations: the same words in several places are grouped."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

VIEWS = (
    """
    DROP VIEW who_said_what
    """,
    """
    CREATE VIEW who_said_what AS
    SELECT s.key, s.id, s.content, coalesce(a.name, s.speaker) AS speaker, s.speaker_type, s.country, s.kind, s.said_on,
      r.published, r.title, n.url, n.source AS article, o.name AS outlet, s.score, s.verdict, q.id AS quotation, g.reader
    FROM statements s
    JOIN revisions r ON r.key = s.revision_key
    JOIN articles n ON n.key = r.article_key
    JOIN readings g ON g.key = s.reading_key
    LEFT JOIN outlets o ON o.key = s.outlet_key
    LEFT JOIN actors a ON a.key = s.speaker_key
    LEFT JOIN quotations q ON q.key = s.quotation_key
    WHERE s.shown
    """,
    """
    CREATE VIEW who_carried_it AS
    SELECT q.id AS quotation, s.key, s.content, coalesce(a.name, s.speaker) AS speaker, o.name AS outlet, r.published, r.seen, n.source AS article,
      (s.key = q.first_key) AS first, (s.key = q.reference_key) AS longest
    FROM quotations q
    JOIN statements s ON s.quotation_key = q.key
    JOIN revisions r ON r.key = s.revision_key
    JOIN articles n ON n.key = r.article_key
    LEFT JOIN outlets o ON o.key = s.outlet_key
    LEFT JOIN actors a ON a.key = s.speaker_key
    """,
)


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "quotations",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`q1:` and a hash of the two statements that founded it"),
        sa.Column("reference_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="`statements.key` of the longest witness"),
        sa.Column("first_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="`statements.key` of the earliest witness"),
        sa.Column("witnesses", sa.Integer(), nullable=False, comment="How many statements, of all revisions"),
        sa.Column("joined", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="`quotations.key` that this one became a part of"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_quotations")),
        sa.UniqueConstraint("id", name=op.f("uq_quotations_id")),
        comment="The same words by the same speaker in several places.",
    )
    op.create_table(
        "prints",
        sa.Column(
            "print", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False, comment="Hash of some words of the content"
        ),
        sa.Column(
            "statement_key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="`statements.key`; not declared as a foreign key, since checking it would cost as much as the row",
        ),
        sa.PrimaryKeyConstraint("print", "statement_key", name=op.f("pk_prints")),
        comment="Finds statements that may be the same quotation.",
        sqlite_with_rowid=False,
    )
    whole = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(f"ALTER TABLE statements ADD COLUMN quotation_key {whole} REFERENCES quotations (key)")
    if whole == "BIGINT":
        op.execute("COMMENT ON COLUMN statements.quotation_key IS 'The quotation it is a witness of; empty if it is the only one'")
    op.create_index(
        "ix_statements_quotation",
        "statements",
        ["quotation_key"],
        unique=False,
        sqlite_where=sa.text("quotation_key IS NOT NULL"),
        postgresql_where=sa.text("quotation_key IS NOT NULL"),
    )
    for statement in VIEWS:
        op.execute(statement)
