"""The tables of where actors stand: issues, positions, codings by hand, and what was examined for what."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from onrecord.ledger.columns import METADATA, Code, Words, key_column, moment_column, ref_column

__all__ = ["affiliations", "codings", "examined", "issues", "positions"]

_WHOLE = BigInteger().with_variant(Integer, "sqlite")

issues = Table(
    "issues",
    METADATA,
    key_column(),
    Column("id", Code(64), nullable=False, comment="The issue's short name, the same in all versions"),
    Column("number", Integer, nullable=False, comment="1 for the first version, and so on"),
    Column("label", Words, nullable=False, comment="What it is, in a few words"),
    Column("aliases", Words, comment="Other words for it, as JSON"),
    Column("pro", Words, comment="What being for it means"),
    Column("contra", Words, comment="What being against it means"),
    Column("digest", Code(32), nullable=False, comment="`i1:` and a hash of all it says"),
    Column("retired", Boolean, nullable=False, comment="Whether this version says that it is followed no more"),
    Column("by", Words, nullable=False, comment="Who made this version"),
    moment_column("on", "When", nullable=False),
    Column("note", Words, comment="Why"),
    Column("superseded_by", _WHOLE, comment="`issues.key` of the next version; empty for the one that counts"),
    UniqueConstraint("id", "number"),
    comment="What actors take positions on: the agenda. An edit makes another version, and nothing is overwritten.",
)

affiliations = Table(
    "affiliations",
    METADATA,
    key_column(),
    Column("country", Code(2), index=True, comment="ISO 3166-1 alpha-2 code"),
    Column("organization", Words, comment="As the article has it"),
    comment="Whom speakers speak for: every pair of country and organization that occurs.",
)

codings = Table(
    "codings",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`c1:` and a hash of what was coded, how, by whom and when"),
    Column("article", Code(32), nullable=False, index=True, comment="Id of the article, so that the statement is known again in another revision or reading"),
    Column("statement", Code(32), comment="Id of the statement; empty for a position that is shown without words"),
    Column("words", Words, nullable=False, comment="What was said, or what tells of it"),
    ref_column("issue_key", "issues.key", "The version of the issue that the coder had before them", index=True),
    Column("stance", Code(16), comment="support, oppose, conditional, neutral; empty: no position on this issue"),
    Column("unsure", Boolean, nullable=False, comment="Looked at, and left open"),
    Column("act", Code(16), comment="What is done by saying it; empty if not coded"),
    Column("condition", Words, comment="What must hold first: [start, end] in the revision, as JSON"),
    Column("holder", Words, comment="Whose position it is: id of an actor, or the name of one without; empty for the speaker's own"),
    Column("revision", Code(32), comment="Id of the text that the offsets point into"),
    Column("span", Words, comment="Of a position without words: where the text tells of it, [start, end] as JSON"),
    Column("day", String(10), comment="Of a position without words: when it was"),
    Column("by", Words, nullable=False, comment="Who coded"),
    moment_column("on", "When", nullable=False),
    Column("note", Words, comment="Why"),
    Column("blind", Boolean, nullable=False, comment="Whether what the machine and others say was hidden from the coder"),
    Column("revokes", Code(32), comment="Id of the coding that this row takes back; then it says nothing else"),
    comment="What people say of where somebody stands. Added, never changed; a coder's later one goes before the earlier.",
)

positions = Table(
    "positions",
    METADATA,
    key_column("Day of the position (days since 0001-01-01) times 2^24, plus a number: order by it and you order by date."),
    ref_column("statement_key", "statements.key", "The statement that shows it; empty for one without words", nullable=True, index=True),
    ref_column("coding_key", "codings.key", "Of one without words: the coding that founded it", nullable=True, index=True),
    ref_column("issue_key", "issues.key", "The issue, in the version it was coded for"),
    Column("holder", Words, comment="Whose position is reported, if not the speaker's: id of an actor, or the name of one without"),
    ref_column("actor_key", "actors.key", "Who holds it, as it stands; empty for speakers without a name", nullable=True),
    ref_column("affiliation_key", "affiliations.key", "Whom they speak for", nullable=True),
    Column("day", String(10), nullable=False, comment="When it was said if the article says so to the day, else when it was published"),
    Column("stance", Code(16), comment="What the machine says: support, oppose, conditional, neutral; empty if only people say something"),
    Column("score", Float, comment="How sure the machine is, 0 to 1"),
    Column("condition", Words, comment="What must hold first, by the machine: [start, end] of each part, as JSON"),
    Column("holder_cells", Words, comment="Whose position is reported, by the machine: id, name, type, start, end, as JSON"),
    Column("coder", Words, comment="Name and version of the machine's part that coded it"),
    moment_column("made", "When", nullable=False),
    Column("superseded", Boolean, nullable=False, comment="Whether a later coding by a machine took its place"),
    Column("stands", Code(16), comment="The stance that stands: people's where there is one, else the machine's; empty if coders differ, or say there is none"),
    Column("sure", Float, nullable=False, comment="1 where a person coded it, else the machine's score"),
    Column("by_hand", Boolean, nullable=False, comment="Whether a person's coding is what stands"),
    Column("reported", Boolean, nullable=False, comment="Whether somebody else reports it of the holder"),
    Column("counts", Boolean, nullable=False, comment="Whether its statement is shown, nothing took its place, and nobody says that it is none"),
    comment="Where actors stand: a stance on an issue, by the evidence of one statement. A later coding takes the place of an earlier one, and both stay.",
)
#: Everything the matrix needs, in the order it is added up in.
Index(
    "ix_positions_counts",
    *(positions.c[n] for n in ("issue_key", "actor_key", "reported", "affiliation_key", "stands", "key", "sure", "by_hand", "counts")),
    sqlite_where=text("counts"),
    postgresql_where=text("counts"),
)

examined = Table(
    "examined",
    METADATA,
    Column("issue_key", _WHOLE, ForeignKey("issues.key"), primary_key=True, autoincrement=False, comment="The version of the issue"),
    Column("coder", Words, primary_key=True, comment="Name and version of what examined"),
    Column("first", _WHOLE, primary_key=True, autoincrement=False, comment="`readings.key` of the first of some readings in a row"),
    Column("last", _WHOLE, nullable=False, comment="`readings.key` of the last of them"),
    comment="Readings whose every statement was examined for an issue, also where nothing was found.",
)
