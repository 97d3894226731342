"""The tables, as SQLAlchemy Core knows them. Their comments are what the schema reference in docs/ is made of.

What only one of the two databases has (FTS5 tables, `tsvector` columns, views) is in `fulltext`. Those of positions are in `position_tables`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from onrecord.ledger.access_tables import actions, searches, tokens
from onrecord.ledger.columns import METADATA, Code, Words, escaped, key_column, moment_column, ref_column, unescaped
from onrecord.ledger.figure_tables import horizons, outcomes, quantities
from onrecord.ledger.position_tables import affiliations, codings, examined, issues, positions
from onrecord.ledger.proposal_tables import proposals, suggestions

__all__ = [
    "METADATA",
    "Words",
    "actions",
    "actor_names",
    "actor_words",
    "actors",
    "affiliations",
    "articles",
    "bands",
    "codings",
    "copies",
    "documents",
    "escaped",
    "examined",
    "feeds",
    "horizons",
    "issues",
    "judgements",
    "links",
    "outcomes",
    "outlets",
    "positions",
    "prints",
    "proposals",
    "quantities",
    "quotations",
    "readings",
    "revisions",
    "searches",
    "sightings",
    "statements",
    "suggestions",
    "tokens",
    "unescaped",
]

documents = Table(
    "documents",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`d1:` and a hash of bytes, address or name, and what the user said of them"),
    Column("name", Words, nullable=False, comment="Path, address or row it came from"),
    Column("url", Words, comment="Address after redirects; empty for a file"),
    Column("media_type", Words, comment="Media type, from the headers or the file's ending"),
    Column("charset", Words, comment="Encoding that the headers name"),
    moment_column("fetched", "When it was fetched; empty for a file"),
    Column("headers", Words, comment="Response headers, as JSON"),
    Column("told", Words, comment="What the user said of it (url, outlet, published), as JSON"),
    Column("size", Integer, nullable=False, comment="Bytes, unpacked"),
    Column("content", LargeBinary, comment="The bytes, compressed by Zstandard; empty where the same text had been kept before"),
    moment_column("added", "When it was added", nullable=False),
    comment="Bytes as they were had: a page, a file, a record of an archive.",
)

outlets = Table(
    "outlets",
    METADATA,
    key_column(),
    Column("name", Words, nullable=False, unique=True, comment="As the articles name it, else the host of their address"),
    comment="Who publishes.",
)

articles = Table(
    "articles",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`n1:` and a hash of the canonical address or name"),
    Column("source", Words, nullable=False, comment="Canonical address, or the document's name"),
    Column("url", Words, comment="Canonical address; empty for a file"),
    ref_column("outlet_key", "outlets.key", "Who published it", nullable=True, index=True),
    Column("revision_key", BigInteger().with_variant(Integer, "sqlite"), comment="Revision that was seen last: `revisions.key`"),
    Column(
        "story",
        BigInteger().with_variant(Integer, "sqlite"),
        index=True,
        comment="`articles.key` of the first article from the same text; empty if there is no other",
    ),
    comment="One story of one outlet.",
)

revisions = Table(
    "revisions",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, index=True, comment="`r1:` and a hash of the text"),
    ref_column("article_key", "articles.key", "The article"),
    Column("number", Integer, nullable=False, comment="1 for the first text seen of the article, and so on"),
    Column("cause", String(8), nullable=False, comment="`found`: the outlet's text. `reread`: the same bytes, cut otherwise by a newer onrecord"),
    ref_column("document_key", "documents.key", "The bytes that it was read from", index=True),
    Column("part", Integer, nullable=False, comment="Which article of the document, from 0"),
    Column("title", Words, comment="The headline"),
    Column("byline", Words, comment="Authors as printed"),
    Column("section", Words, comment="Section of the outlet"),
    Column("published", String(40), comment="When it was published, with its own time zone"),
    Column("published_precision", String(8), comment="`second`, `minute` or `day`"),
    Column("updated", String(40), comment="When the outlet says that it was updated"),
    Column("updated_precision", String(8), comment="`second`, `minute` or `day`"),
    Column("outlet", Words, comment="Outlet as this text names it"),
    Column("language", String(16), comment="ISO 639-1 code"),
    Column("language_score", Float, comment="How sure the language is, 0 to 1"),
    Column("conditions", Words, comment="What stands against taking the text as whole, as JSON"),
    Column("notes", Words, comment="The same in sentences, as JSON"),
    Column("paragraphs", Words, nullable=False, comment="Spans and kinds of the paragraphs, as JSON: [start, end, kind]"),
    Column("wire", Words, comment="Wire service that the text names as its source"),
    Column("wire_span", Words, comment="Where it does: [start, end], as JSON"),
    Column("text", Words, nullable=False, comment="The text; offsets count its code points"),
    moment_column("seen", "When it was first seen", nullable=False),
    UniqueConstraint("article_key", "id"),
    comment="One text of an article, as it stood at one moment. Never changed.",
)

sightings = Table(
    "sightings",
    METADATA,
    key_column(),
    ref_column("revision_key", "revisions.key", "The text", index=True),
    ref_column("document_key", "documents.key", "The bytes it was seen in"),
    moment_column("seen", "When", nullable=False),
    UniqueConstraint("document_key", "revision_key"),
    comment="Each time that a text was seen in new bytes.",
)

readings = Table(
    "readings",
    METADATA,
    key_column(),
    ref_column("revision_key", "revisions.key", "What was read"),
    Column("reader", Words, nullable=False, comment="Name and version of the reader"),
    Column("digest", Code(64), nullable=False, comment="Hash of the reader's files and of the version of onrecord"),
    moment_column("made", "When", nullable=False),
    Column("superseded_by", BigInteger().with_variant(Integer, "sqlite"), comment="`readings.key` of the newer reading; empty for the one that counts"),
    UniqueConstraint("revision_key", "digest"),
    comment="A reader's pass over a revision. A newer one supersedes it, and both stay.",
)

actors = Table(
    "actors",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`a1:` and a hash of type and name, or the roster's own"),
    Column("name", Words, nullable=False, comment="Full name"),
    Column("type", Code(16), nullable=False, comment="person, organization, state, group or document"),
    Column("country", Code(2), comment="ISO 3166-1 alpha-2 code"),
    Column("known", Words, comment="What the roster says of the actor, as JSON; empty if it came from an article"),
    Column(
        "joined",
        BigInteger().with_variant(Integer, "sqlite"),
        index=True,
        comment="`actors.key` that this one is known under, by the judgements that stand; empty for its own",
    ),
    comment="Who speaks. Actors without a name are not here: each is of its own statement.",
)

actor_names = Table(
    "actor_names",
    METADATA,
    ref_column("actor_key", "actors.key", "The actor"),
    Column("name", Words, nullable=False, comment="A name or alias"),
    UniqueConstraint("actor_key", "name"),
    comment="Every name of an actor.",
)

actor_words = Table(
    "actor_words",
    METADATA,
    Column("word", String(64), nullable=False, comment="A word of a name, folded"),
    ref_column("actor_key", "actors.key", "The actor"),
    UniqueConstraint("word", "actor_key"),
    comment="Finds actors by a word of a name.",
)

quotations = Table(
    "quotations",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`q1:` and a hash of the two statements that founded it"),
    Column("reference_key", BigInteger().with_variant(Integer, "sqlite"), nullable=False, comment="`statements.key` of the longest witness"),
    Column("first_key", BigInteger().with_variant(Integer, "sqlite"), nullable=False, comment="`statements.key` of the earliest witness"),
    Column("witnesses", Integer, nullable=False, comment="How many statements, of all revisions"),
    Column("joined", BigInteger().with_variant(Integer, "sqlite"), comment="`quotations.key` that this one became a part of"),
    comment="The same words by the same speaker in several places.",
)

statements = Table(
    "statements",
    METADATA,
    key_column("Day of publication (days since 0001-01-01) times 2^24, plus a number: order by it and you order by date."),
    Column("id", Code(32), nullable=False, index=True, comment="`s1:` and a hash of revision and offsets"),
    ref_column("revision_key", "revisions.key", "The text that the offsets point into", index=True),
    ref_column("reading_key", "readings.key", "Who read it"),
    ref_column("outlet_key", "outlets.key", "Who published it", nullable=True),
    ref_column("actor_key", "actors.key", "The speaker as the reader found it; empty if unnamed or unknown", nullable=True),
    ref_column("speaker_key", "actors.key", "The speaker as it stands: a person's judgement, else the reader's", nullable=True),
    Column("speaker", Words, comment="Name or description of the speaker as read; empty if unknown"),
    Column("speaker_type", Code(16), nullable=False, comment="person, organization, state, group, document, unnamed or unknown"),
    Column("country", Code(2), comment="The speaker's country, ISO 3166-1 alpha-2"),
    Column("kind", Code(8), nullable=False, comment="direct, indirect or mixed"),
    Column("content", Words, nullable=False, comment="What was said; parts are joined by ` … `"),
    Column("said_on", String(40), comment="When it was said, EDTF; empty if not stated"),
    Column("score", Float, nullable=False, comment="How sure the reader is of the statement, 0 to 1"),
    Column("act", Code(16), comment="What is done by saying it, as it stands: a person's coding, else the machine's; empty if nobody coded it"),
    Column("act_score", Float, comment="How sure the machine is of the act, 0 to 1; 1 where a person coded it"),
    Column("shown", Boolean, nullable=False, comment="Whether it is of the text seen last and the reading that counts, and not judged wrong"),
    Column("verdict", Code(8), comment="A person's judgement: `right`, `wrong`, or `speaker` if somebody else said it; empty if nobody looked"),
    Column("corrected", Words, comment="What people corrected of it, as it stands (content, cue, source, kind, said_on), as JSON; empty if nothing"),
    Column(
        "quotation_key",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("quotations.key"),
        comment="The quotation it is a witness of; empty if it is the only one",
    ),
    Column("entry", Words, nullable=False, comment="All cells and their offsets, as compact JSON; `onrecord` reads it"),
    comment="Who said what: one attribution in one reading of one revision.",
)
Index("ix_statements_speaker", statements.c.speaker_key, statements.c.shown, statements.c.outlet_key, statements.c.kind)
Index(
    "ix_statements_quotation",
    statements.c.quotation_key,
    sqlite_where=statements.c.quotation_key.is_not(None),
    postgresql_where=statements.c.quotation_key.is_not(None),
)

prints = Table(
    "prints",
    METADATA,
    Column("print", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False, comment="Hash of some words of the content"),
    Column(
        "statement_key",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
        comment="`statements.key`; not declared as a foreign key, since checking it would cost as much as the row",
    ),
    comment="Finds statements that may be the same quotation.",
    sqlite_with_rowid=False,
)

bands = Table(
    "bands",
    METADATA,
    Column(
        "band", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False, comment="Hash of a part of the text's MinHash signature"
    ),
    Column(
        "revision_key",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
        comment="`revisions.key`; not declared as a foreign key, since checking it would cost as much as the row",
    ),
    comment="Finds revisions that may be copies of one text (MinHash LSH).",
    sqlite_with_rowid=False,
)

copies = Table(
    "copies",
    METADATA,
    Column("revision_key", BigInteger().with_variant(Integer, "sqlite"), ForeignKey("revisions.key"), primary_key=True, comment="The later one"),
    Column("other_key", BigInteger().with_variant(Integer, "sqlite"), ForeignKey("revisions.key"), primary_key=True, comment="The one that was there before"),
    Column("score", Float, nullable=False, comment="How alike they are, 0 to 1"),
    Column("method", String(32), nullable=False, comment="Name and version of the comparison"),
    comment="Revisions of different articles that stem from the same text.",
)

judgements = Table(
    "judgements",
    METADATA,
    key_column(),
    Column("id", Code(32), nullable=False, unique=True, comment="`j1:` and a hash of what it says"),
    Column("about", Code(16), nullable=False, comment="`actors`, `statement` or `judgement` (which is taken back)"),
    Column("left", Words, nullable=False, comment="Id of what it is about"),
    Column("right", Words, comment="Id of the other actor, or of the right speaker"),
    Column("verdict", Code(16), nullable=False, comment="same, different, unsure; right, wrong, speaker, corrected; revoked"),
    Column("by", Words, nullable=False, comment="Who decided"),
    moment_column("on", "When", nullable=False),
    Column("note", Words, comment="Why"),
    Column("article", Code(32), index=True, comment="Of a statement: id of its article, so that it is known again in another revision or reading"),
    Column("words", Words, comment="Of a statement: what was said, likewise"),
    Column("value", Words, comment="Of a statement that is corrected: what is right instead, as JSON"),
    comment="Decisions by people and programs. Added, never changed; one that was wrong is revoked by another.",
)

feeds = Table(
    "feeds",
    METADATA,
    key_column(),
    Column("url", Words, nullable=False, unique=True, comment="Address"),
    Column("kind", Code(16), comment="rss, atom, json, sitemap ..."),
    Column("title", Words, comment="As the feed names itself"),
    Column("outlet", Words, comment="Outlet that the user named for its articles"),
    Column("active", Boolean, nullable=False, comment="Whether it is followed"),
    Column("etag", Words, comment="For asking only for what is new"),
    Column("last_modified", Words, comment="Likewise"),
    moment_column("checked", "When it was asked last"),
    moment_column("due", "When to ask again", nullable=False),
    Column("failures", Integer, nullable=False, comment="How often in a row it failed"),
    Column("error", Words, comment="What went wrong the last time"),
    Column("lease", Words, comment="Which run is asking now"),
    moment_column("leased_until", "Until when that run may take"),
    comment="Feeds and sitemaps that are followed.",
)

links = Table(
    "links",
    METADATA,
    key_column(),
    Column("url", Words, nullable=False, unique=True, comment="Canonical address of the article"),
    ref_column("feed_key", "feeds.key", "The feed it was found in", nullable=True, index=True),
    Column("guid", Words, comment="The feed's own id for the entry"),
    Column("state", Code(8), nullable=False, comment="waiting, done, failed or gone"),
    Column("stamp", Words, comment="When the feed says that it was updated; another one asks for the page again"),
    Column("etag", Words, comment="For asking only for what is new"),
    Column("last_modified", Words, comment="Likewise"),
    Column("tries", Integer, nullable=False, comment="How often in a row it failed"),
    moment_column("found", "When it was found", nullable=False),
    moment_column("checked", "When it was fetched last"),
    moment_column("due", "When to fetch it next; empty for never"),
    Column("error", Words, comment="What went wrong the last time"),
    Column("lease", Words, comment="Which run is fetching now"),
    moment_column("leased_until", "Until when that run may take"),
    Index("ix_links_due", "due"),
    comment="Articles that feeds led to, and when to look at them again.",
)
