"""Positions: the agenda, where actors stand on it, what people code by hand; the act of a statement."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

COMMENTS = (
    ("act", "What is done by saying it, as it stands: a person''s coding, else the machine''s; empty if nobody coded it"),
    ("act_score", "How sure the machine is of the act, 0 to 1; 1 where a person coded it"),
)
# A search is narrowed by the act, too (`onrecord.ledger.fulltext`). No row has one yet, so what is indexed already stays as it is.
_FACETS = """
      CASE WHEN {0}shown THEN 'now' ELSE 'old' END
      || coalesce(' ' || 'a' || {0}speaker_key, '')
      || coalesce(' ' || 'o' || {0}outlet_key, '')
      || coalesce(' ' || 'k' || {0}kind, '')
      || coalesce(' ' || 't' || {0}speaker_type, '')
      || coalesce(' ' || 'c' || lower({0}country), '')
      || coalesce(' ' || 's' || CAST({0}score * 10 AS INTEGER), '')
      || coalesce(' ' || 'p' || CAST({0}score * 100 AS INTEGER), '')
      || coalesce(' ' || 'd' || replace({0}act, ' ', ''), '')
"""
SQLITE = (
    "DROP TRIGGER statements_fts_changed",
    "ALTER TABLE statements DROP COLUMN facets",
    f"ALTER TABLE statements ADD COLUMN facets TEXT GENERATED ALWAYS AS ({_FACETS.format('')}) VIRTUAL",
    f"""
    CREATE TRIGGER statements_fts_changed AFTER UPDATE OF shown, speaker_key, act ON statements
    WHEN old.shown <> new.shown OR old.speaker_key IS NOT new.speaker_key OR old.act IS NOT new.act BEGIN
      INSERT INTO statements_fts(statements_fts, rowid, content, speaker, facets) VALUES ('delete', old.key, old.content, old.speaker,
      {_FACETS.format("old.")});
      INSERT INTO statements_fts(rowid, content, speaker, facets) VALUES (new.key, new.content, new.speaker,
      {_FACETS.format("new.")});
    END
    """,  # noqa: S608 - names are our own
)
VIEW = """
CREATE VIEW where_they_stand AS
SELECT p.key, p.day, i.id AS issue, coalesce(a.name, s.speaker) AS actor, f.country, f.organization, p.stands, p.sure, p.by_hand, p.reported,
  p.stands IS NULL AS disputed, s.id AS statement, coalesce(s.content, c.words) AS words
FROM positions p
JOIN issues i ON i.key = p.issue_key
LEFT JOIN actors a ON a.key = p.actor_key
LEFT JOIN affiliations f ON f.key = p.affiliation_key
LEFT JOIN statements s ON s.key = p.statement_key
LEFT JOIN codings c ON c.key = p.coding_key
WHERE p.counts
"""


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "affiliations",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("country", sa.String(length=2), nullable=True, comment="ISO 3166-1 alpha-2 code"),
        sa.Column("organization", sa.Text(), nullable=True, comment="As the article has it"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_affiliations")),
        comment="Whom speakers speak for: every pair of country and organization that occurs.",
    )
    op.create_index(op.f("ix_affiliations_country"), "affiliations", ["country"], unique=False)
    op.create_table(
        "issues",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("id", sa.String(length=64), nullable=False, comment="The issue's short name, the same in all versions"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for the first version, and so on"),
        sa.Column("label", sa.Text(), nullable=False, comment="What it is, in a few words"),
        sa.Column("aliases", sa.Text(), nullable=True, comment="Other words for it, as JSON"),
        sa.Column("pro", sa.Text(), nullable=True, comment="What being for it means"),
        sa.Column("contra", sa.Text(), nullable=True, comment="What being against it means"),
        sa.Column("digest", sa.String(length=32), nullable=False, comment="`i1:` and a hash of all it says"),
        sa.Column("retired", sa.Boolean(), nullable=False, comment="Whether this version says that it is followed no more"),
        sa.Column("by", sa.Text(), nullable=False, comment="Who made this version"),
        sa.Column("on", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.Column("note", sa.Text(), nullable=True, comment="Why"),
        sa.Column(
            "superseded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="`issues.key` of the next version; empty for the one that counts",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_issues")),
        sa.UniqueConstraint("id", "number", name=op.f("uq_issues_id_number")),
        comment="What actors take positions on: the agenda. An edit makes another version, and nothing is overwritten.",
    )
    op.create_table(
        "codings",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`c1:` and a hash of what was coded, how, by whom and when"),
        sa.Column(
            "article", sa.String(length=32), nullable=False, comment="Id of the article, so that the statement is known again in another revision or reading"
        ),
        sa.Column("statement", sa.String(length=32), nullable=True, comment="Id of the statement; empty for a position that is shown without words"),
        sa.Column("words", sa.Text(), nullable=False, comment="What was said, or what tells of it"),
        sa.Column(
            "issue_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The version of the issue that the coder had before them"
        ),
        sa.Column("stance", sa.String(length=16), nullable=True, comment="support, oppose, conditional, neutral; empty: no position on this issue"),
        sa.Column("unsure", sa.Boolean(), nullable=False, comment="Looked at, and left open"),
        sa.Column("act", sa.String(length=16), nullable=True, comment="What is done by saying it; empty if not coded"),
        sa.Column("condition", sa.Text(), nullable=True, comment="What must hold first: [start, end] in the revision, as JSON"),
        sa.Column("holder", sa.Text(), nullable=True, comment="Whose position it is: id of an actor, or the name of one without; empty for the speaker's own"),
        sa.Column("revision", sa.String(length=32), nullable=True, comment="Id of the text that the offsets point into"),
        sa.Column("span", sa.Text(), nullable=True, comment="Of a position without words: where the text tells of it, [start, end] as JSON"),
        sa.Column("day", sa.String(length=10), nullable=True, comment="Of a position without words: when it was"),
        sa.Column("by", sa.Text(), nullable=False, comment="Who coded"),
        sa.Column("on", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.Column("note", sa.Text(), nullable=True, comment="Why"),
        sa.Column("blind", sa.Boolean(), nullable=False, comment="Whether what the machine and others say was hidden from the coder"),
        sa.Column("revokes", sa.String(length=32), nullable=True, comment="Id of the coding that this row takes back; then it says nothing else"),
        sa.ForeignKeyConstraint(["issue_key"], ["issues.key"], name=op.f("fk_codings_issue_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_codings")),
        sa.UniqueConstraint("id", name=op.f("uq_codings_id")),
        comment="What people say of where somebody stands. Added, never changed; a coder's later one goes before the earlier.",
    )
    op.create_index(op.f("ix_codings_article"), "codings", ["article"], unique=False)
    op.create_index(op.f("ix_codings_issue_key"), "codings", ["issue_key"], unique=False)
    op.create_table(
        "examined",
        sa.Column("issue_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False, comment="The version of the issue"),
        sa.Column("coder", sa.Text(), nullable=False, comment="Name and version of what examined"),
        sa.Column(
            "first",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="`readings.key` of the first of some readings in a row",
        ),
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="`readings.key` of the last of them"),
        sa.ForeignKeyConstraint(["issue_key"], ["issues.key"], name=op.f("fk_examined_issue_key")),
        sa.PrimaryKeyConstraint("issue_key", "coder", "first", name=op.f("pk_examined")),
        comment="Readings whose every statement was examined for an issue, also where nothing was found.",
    )
    op.create_table(
        "positions",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Day of the position (days since 0001-01-01) times 2^24, plus a number: order by it and you order by date.",
        ),
        sa.Column(
            "statement_key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The statement that shows it; empty for one without words",
        ),
        sa.Column(
            "coding_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Of one without words: the coding that founded it"
        ),
        sa.Column("issue_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The issue, in the version it was coded for"),
        sa.Column("holder", sa.Text(), nullable=True, comment="Whose position is reported, if not the speaker's: id of an actor, or the name of one without"),
        sa.Column(
            "actor_key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Who holds it, as it stands; empty for speakers without a name",
        ),
        sa.Column("affiliation_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Whom they speak for"),
        sa.Column("day", sa.String(length=10), nullable=False, comment="When it was said if the article says so to the day, else when it was published"),
        sa.Column(
            "stance",
            sa.String(length=16),
            nullable=True,
            comment="What the machine says: support, oppose, conditional, neutral; empty if only people say something",
        ),
        sa.Column("score", sa.Float(), nullable=True, comment="How sure the machine is, 0 to 1"),
        sa.Column("condition", sa.Text(), nullable=True, comment="What must hold first, by the machine: [start, end] of each part, as JSON"),
        sa.Column("holder_cells", sa.Text(), nullable=True, comment="Whose position is reported, by the machine: id, name, type, start, end, as JSON"),
        sa.Column("coder", sa.Text(), nullable=True, comment="Name and version of the machine's part that coded it"),
        sa.Column("made", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.Column("superseded", sa.Boolean(), nullable=False, comment="Whether a later coding by a machine took its place"),
        sa.Column(
            "stands",
            sa.String(length=16),
            nullable=True,
            comment="The stance that stands: people's where there is one, else the machine's; empty if coders differ, or say there is none",
        ),
        sa.Column("sure", sa.Float(), nullable=False, comment="1 where a person coded it, else the machine's score"),
        sa.Column("by_hand", sa.Boolean(), nullable=False, comment="Whether a person's coding is what stands"),
        sa.Column("reported", sa.Boolean(), nullable=False, comment="Whether somebody else reports it of the holder"),
        sa.Column("counts", sa.Boolean(), nullable=False, comment="Whether its statement is shown, nothing took its place, and nobody says that it is none"),
        sa.ForeignKeyConstraint(["actor_key"], ["actors.key"], name=op.f("fk_positions_actor_key")),
        sa.ForeignKeyConstraint(["affiliation_key"], ["affiliations.key"], name=op.f("fk_positions_affiliation_key")),
        sa.ForeignKeyConstraint(["coding_key"], ["codings.key"], name=op.f("fk_positions_coding_key")),
        sa.ForeignKeyConstraint(["issue_key"], ["issues.key"], name=op.f("fk_positions_issue_key")),
        sa.ForeignKeyConstraint(["statement_key"], ["statements.key"], name=op.f("fk_positions_statement_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_positions")),
        comment="Where actors stand: a stance on an issue, by the evidence of one statement. A later coding takes the place of an earlier one, and both stay.",
    )
    op.create_index(op.f("ix_positions_coding_key"), "positions", ["coding_key"], unique=False)
    op.create_index(
        "ix_positions_counts",
        "positions",
        ["issue_key", "actor_key", "reported", "affiliation_key", "stands", "key", "sure", "by_hand", "counts"],
        unique=False,
        sqlite_where=sa.text("counts"),
        postgresql_where=sa.text("counts"),
    )
    op.create_index(op.f("ix_positions_statement_key"), "positions", ["statement_key"], unique=False)
    op.execute("ALTER TABLE statements ADD COLUMN act VARCHAR(16)")
    op.execute("ALTER TABLE statements ADD COLUMN act_score FLOAT")
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(statement)
    else:
        for name, comment in COMMENTS:
            op.execute(f"COMMENT ON COLUMN statements.{name} IS '{comment}'")
    op.execute(VIEW)
