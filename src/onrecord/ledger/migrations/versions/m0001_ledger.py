"""The first version: documents, articles, revisions, readings, statements, actors, judgements, feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# What only one of the two databases has. `onrecord.ledger.fulltext` says what the facets are for. PostgreSQL makes one word of an address or
# of words with hyphens, unless the signs in them are taken out; letters with loose accents are made one character, or it would cut there.
# A word that is taken out again keeps a phrase from reaching from the title into the text.
SQLITE = (
    """
    ALTER TABLE statements ADD COLUMN facets TEXT GENERATED ALWAYS AS (
      CASE WHEN shown THEN 'now' ELSE 'old' END
      || coalesce(' ' || 'a' || speaker_key, '')
      || coalesce(' ' || 'o' || outlet_key, '')
      || coalesce(' ' || 'k' || kind, '')
      || coalesce(' ' || 't' || speaker_type, '')
      || coalesce(' ' || 'c' || lower(country), '')
      || coalesce(' ' || 's' || CAST(score * 10 AS INTEGER), '')
      || coalesce(' ' || 'p' || CAST(score * 100 AS INTEGER), '')
    ) VIRTUAL
    """,
    """
    CREATE VIRTUAL TABLE statements_fts USING fts5(
      content, speaker, facets, content="statements", content_rowid="key", tokenize="unicode61 remove_diacritics 2 categories 'L* N*'"
    )
    """,
    """
    CREATE TRIGGER statements_fts_changed AFTER UPDATE OF shown, speaker_key ON statements
    WHEN old.shown <> new.shown OR old.speaker_key IS NOT new.speaker_key BEGIN
      INSERT INTO statements_fts(statements_fts, rowid, content, speaker, facets) VALUES ('delete', old.key, old.content, old.speaker,
      CASE WHEN old.shown THEN 'now' ELSE 'old' END
      || coalesce(' ' || 'a' || old.speaker_key, '')
      || coalesce(' ' || 'o' || old.outlet_key, '')
      || coalesce(' ' || 'k' || old.kind, '')
      || coalesce(' ' || 't' || old.speaker_type, '')
      || coalesce(' ' || 'c' || lower(old.country), '')
      || coalesce(' ' || 's' || CAST(old.score * 10 AS INTEGER), '')
      || coalesce(' ' || 'p' || CAST(old.score * 100 AS INTEGER), ''));
      INSERT INTO statements_fts(rowid, content, speaker, facets) VALUES (new.key, new.content, new.speaker,
      CASE WHEN new.shown THEN 'now' ELSE 'old' END
      || coalesce(' ' || 'a' || new.speaker_key, '')
      || coalesce(' ' || 'o' || new.outlet_key, '')
      || coalesce(' ' || 'k' || new.kind, '')
      || coalesce(' ' || 't' || new.speaker_type, '')
      || coalesce(' ' || 'c' || lower(new.country), '')
      || coalesce(' ' || 's' || CAST(new.score * 10 AS INTEGER), '')
      || coalesce(' ' || 'p' || CAST(new.score * 100 AS INTEGER), ''));
    END
    """,
    """
    CREATE VIRTUAL TABLE revisions_fts USING fts5(
      title, text, content="revisions", content_rowid="key", tokenize="unicode61 remove_diacritics 2 categories 'L* N*'"
    )
    """,
)

POSTGRESQL = (
    """
    CREATE EXTENSION IF NOT EXISTS unaccent
    """,
    """
    CREATE TEXT SEARCH CONFIGURATION onrecord (COPY = simple)
    """,
    """
    ALTER TEXT SEARCH CONFIGURATION onrecord ALTER MAPPING FOR word, asciiword, numword WITH unaccent, simple
    """,
    """
    ALTER TABLE statements ADD COLUMN words tsvector GENERATED ALWAYS AS (
      to_tsvector('onrecord', regexp_replace(normalize(content), '[!-/:-@[-`{-~]+', ' ', 'g'))
    ) STORED
    """,
    """
    CREATE INDEX ix_statements_words ON statements USING gin (words)
    """,
    """
    CREATE INDEX ix_statements_shown ON statements (key) WHERE shown
    """,
    """
    ALTER TABLE revisions ADD COLUMN words tsvector GENERATED ALWAYS AS (
      ts_delete(to_tsvector('onrecord', regexp_replace(
        left(normalize(coalesce(title, '') || ' onrecordgap ' || text), 400000), '[!-/:-@[-`{-~]+', ' ', 'g')), 'onrecordgap')
    ) STORED
    """,
    """
    CREATE INDEX ix_revisions_words ON revisions USING gin (words)
    """,
)

VIEWS = (
    """
    CREATE VIEW who_said_what AS
    SELECT s.key, s.id, s.content, coalesce(a.name, s.speaker) AS speaker, s.speaker_type, s.country, s.kind, s.said_on,
      r.published, r.title, n.url, n.source AS article, o.name AS outlet, s.score, s.verdict, g.reader
    FROM statements s
    JOIN revisions r ON r.key = s.revision_key
    JOIN articles n ON n.key = r.article_key
    JOIN readings g ON g.key = s.reading_key
    LEFT JOIN outlets o ON o.key = s.outlet_key
    LEFT JOIN actors a ON a.key = s.speaker_key
    WHERE s.shown
    """,
    """
    CREATE VIEW what_became_of_articles AS
    SELECT n.key, n.source AS article, o.name AS outlet, r.number AS revision, r.cause, r.seen, r.title,
      (r.key = n.revision_key) AS seen_last, length(r.text) AS characters
    FROM articles n JOIN revisions r ON r.article_key = n.key LEFT JOIN outlets o ON o.key = n.outlet_key
    """,
)


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "actors",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`a1:` and a hash of type and name, or the roster's own"),
        sa.Column("name", sa.Text(), nullable=False, comment="Full name"),
        sa.Column("type", sa.String(length=16), nullable=False, comment="person, organization, state, group or document"),
        sa.Column("country", sa.String(length=2), nullable=True, comment="ISO 3166-1 alpha-2 code"),
        sa.Column("known", sa.Text(), nullable=True, comment="What the roster says of the actor, as JSON; empty if it came from an article"),
        sa.Column(
            "joined",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="`actors.key` that this one is known under, by the judgements that stand; empty for its own",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_actors")),
        sa.UniqueConstraint("id", name=op.f("uq_actors_id")),
        comment="Who speaks. Actors without a name are not here: each is of its own statement.",
    )
    op.create_index(op.f("ix_actors_joined"), "actors", ["joined"], unique=False)
    op.create_table(
        "documents",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`d1:` and a hash of bytes, address or name, and what the user said of them"),
        sa.Column("name", sa.Text(), nullable=False, comment="Path, address or row it came from"),
        sa.Column("url", sa.Text(), nullable=True, comment="Address after redirects; empty for a file"),
        sa.Column("media_type", sa.Text(), nullable=True, comment="Media type, from the headers or the file's ending"),
        sa.Column("charset", sa.Text(), nullable=True, comment="Encoding that the headers name"),
        sa.Column("fetched", sa.String(length=32), nullable=True, comment="When it was fetched; empty for a file (ISO 8601, UTC)"),
        sa.Column("headers", sa.Text(), nullable=True, comment="Response headers, as JSON"),
        sa.Column("told", sa.Text(), nullable=True, comment="What the user said of it (url, outlet, published), as JSON"),
        sa.Column("size", sa.Integer(), nullable=False, comment="Bytes, unpacked"),
        sa.Column("content", sa.LargeBinary(), nullable=True, comment="The bytes, compressed by Zstandard; empty where the same text had been kept before"),
        sa.Column("added", sa.String(length=32), nullable=False, comment="When it was added (ISO 8601, UTC)"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_documents")),
        sa.UniqueConstraint("id", name=op.f("uq_documents_id")),
        comment="Bytes as they were had: a page, a file, a record of an archive.",
    )
    op.create_table(
        "feeds",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="Address"),
        sa.Column("kind", sa.String(length=16), nullable=True, comment="rss, atom, json, sitemap ..."),
        sa.Column("title", sa.Text(), nullable=True, comment="As the feed names itself"),
        sa.Column("outlet", sa.Text(), nullable=True, comment="Outlet that the user named for its articles"),
        sa.Column("active", sa.Boolean(), nullable=False, comment="Whether it is followed"),
        sa.Column("etag", sa.Text(), nullable=True, comment="For asking only for what is new"),
        sa.Column("last_modified", sa.Text(), nullable=True, comment="Likewise"),
        sa.Column("checked", sa.String(length=32), nullable=True, comment="When it was asked last (ISO 8601, UTC)"),
        sa.Column("due", sa.String(length=32), nullable=False, comment="When to ask again (ISO 8601, UTC)"),
        sa.Column("failures", sa.Integer(), nullable=False, comment="How often in a row it failed"),
        sa.Column("error", sa.Text(), nullable=True, comment="What went wrong the last time"),
        sa.Column("lease", sa.Text(), nullable=True, comment="Which run is asking now"),
        sa.Column("leased_until", sa.String(length=32), nullable=True, comment="Until when that run may take (ISO 8601, UTC)"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feeds")),
        sa.UniqueConstraint("url", name=op.f("uq_feeds_url")),
        comment="Feeds and sitemaps that are followed.",
    )
    op.create_table(
        "judgements",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`j1:` and a hash of what it says"),
        sa.Column("about", sa.String(length=16), nullable=False, comment="`actors`, `statement` or `judgement` (which is taken back)"),
        sa.Column("left", sa.Text(), nullable=False, comment="Id of what it is about"),
        sa.Column("right", sa.Text(), nullable=True, comment="Id of the other actor, or of the right speaker"),
        sa.Column("verdict", sa.String(length=16), nullable=False, comment="same, different, unsure; right, wrong, speaker; revoked"),
        sa.Column("by", sa.Text(), nullable=False, comment="Who decided"),
        sa.Column("on", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.Column("note", sa.Text(), nullable=True, comment="Why"),
        sa.Column(
            "article",
            sa.String(length=32),
            nullable=True,
            comment="Of a statement: id of its article, so that it is known again in another revision or reading",
        ),
        sa.Column("words", sa.Text(), nullable=True, comment="Of a statement: what was said, likewise"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_judgements")),
        sa.UniqueConstraint("id", name=op.f("uq_judgements_id")),
        comment="Decisions by people and programs. Added, never changed; one that was wrong is revoked by another.",
    )
    op.create_index(op.f("ix_judgements_article"), "judgements", ["article"], unique=False)
    op.create_table(
        "outlets",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="As the articles name it, else the host of their address"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outlets")),
        sa.UniqueConstraint("name", name=op.f("uq_outlets_name")),
        comment="Who publishes.",
    )
    op.create_table(
        "actor_names",
        sa.Column("actor_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The actor"),
        sa.Column("name", sa.Text(), nullable=False, comment="A name or alias"),
        sa.ForeignKeyConstraint(["actor_key"], ["actors.key"], name=op.f("fk_actor_names_actor_key")),
        sa.UniqueConstraint("actor_key", "name", name=op.f("uq_actor_names_actor_key_name")),
        comment="Every name of an actor.",
    )
    op.create_table(
        "actor_words",
        sa.Column("word", sa.String(length=64), nullable=False, comment="A word of a name, folded"),
        sa.Column("actor_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The actor"),
        sa.ForeignKeyConstraint(["actor_key"], ["actors.key"], name=op.f("fk_actor_words_actor_key")),
        sa.UniqueConstraint("word", "actor_key", name=op.f("uq_actor_words_word_actor_key")),
        comment="Finds actors by a word of a name.",
    )
    op.create_table(
        "articles",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`n1:` and a hash of the canonical address or name"),
        sa.Column("source", sa.Text(), nullable=False, comment="Canonical address, or the document's name"),
        sa.Column("url", sa.Text(), nullable=True, comment="Canonical address; empty for a file"),
        sa.Column("outlet_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Who published it"),
        sa.Column("revision_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Revision that was seen last: `revisions.key`"),
        sa.Column(
            "story",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="`articles.key` of the first article from the same text; empty if there is no other",
        ),
        sa.ForeignKeyConstraint(["outlet_key"], ["outlets.key"], name=op.f("fk_articles_outlet_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_articles")),
        sa.UniqueConstraint("id", name=op.f("uq_articles_id")),
        comment="One story of one outlet.",
    )
    op.create_index(op.f("ix_articles_outlet_key"), "articles", ["outlet_key"], unique=False)
    op.create_index(op.f("ix_articles_story"), "articles", ["story"], unique=False)
    op.create_table(
        "links",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="Canonical address of the article"),
        sa.Column("feed_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="The feed it was found in"),
        sa.Column("guid", sa.Text(), nullable=True, comment="The feed's own id for the entry"),
        sa.Column("state", sa.String(length=8), nullable=False, comment="waiting, done, failed or gone"),
        sa.Column("stamp", sa.Text(), nullable=True, comment="When the feed says that it was updated; another one asks for the page again"),
        sa.Column("etag", sa.Text(), nullable=True, comment="For asking only for what is new"),
        sa.Column("last_modified", sa.Text(), nullable=True, comment="Likewise"),
        sa.Column("tries", sa.Integer(), nullable=False, comment="How often in a row it failed"),
        sa.Column("found", sa.String(length=32), nullable=False, comment="When it was found (ISO 8601, UTC)"),
        sa.Column("checked", sa.String(length=32), nullable=True, comment="When it was fetched last (ISO 8601, UTC)"),
        sa.Column("due", sa.String(length=32), nullable=True, comment="When to fetch it next; empty for never (ISO 8601, UTC)"),
        sa.Column("error", sa.Text(), nullable=True, comment="What went wrong the last time"),
        sa.Column("lease", sa.Text(), nullable=True, comment="Which run is fetching now"),
        sa.Column("leased_until", sa.String(length=32), nullable=True, comment="Until when that run may take (ISO 8601, UTC)"),
        sa.ForeignKeyConstraint(["feed_key"], ["feeds.key"], name=op.f("fk_links_feed_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_links")),
        sa.UniqueConstraint("url", name=op.f("uq_links_url")),
        comment="Articles that feeds led to, and when to look at them again.",
    )
    op.create_index("ix_links_due", "links", ["due"], unique=False)
    op.create_index(op.f("ix_links_feed_key"), "links", ["feed_key"], unique=False)
    op.create_table(
        "revisions",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`r1:` and a hash of the text"),
        sa.Column("article_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The article"),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for the first text seen of the article, and so on"),
        sa.Column(
            "cause", sa.String(length=8), nullable=False, comment="`found`: the outlet's text. `reread`: the same bytes, cut otherwise by a newer onrecord"
        ),
        sa.Column("document_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The bytes that it was read from"),
        sa.Column("part", sa.Integer(), nullable=False, comment="Which article of the document, from 0"),
        sa.Column("title", sa.Text(), nullable=True, comment="The headline"),
        sa.Column("byline", sa.Text(), nullable=True, comment="Authors as printed"),
        sa.Column("section", sa.Text(), nullable=True, comment="Section of the outlet"),
        sa.Column("published", sa.String(length=40), nullable=True, comment="When it was published, with its own time zone"),
        sa.Column("published_precision", sa.String(length=8), nullable=True, comment="`second`, `minute` or `day`"),
        sa.Column("updated", sa.String(length=40), nullable=True, comment="When the outlet says that it was updated"),
        sa.Column("updated_precision", sa.String(length=8), nullable=True, comment="`second`, `minute` or `day`"),
        sa.Column("outlet", sa.Text(), nullable=True, comment="Outlet as this text names it"),
        sa.Column("language", sa.String(length=16), nullable=True, comment="ISO 639-1 code"),
        sa.Column("language_score", sa.Float(), nullable=True, comment="How sure the language is, 0 to 1"),
        sa.Column("conditions", sa.Text(), nullable=True, comment="What stands against taking the text as whole, as JSON"),
        sa.Column("notes", sa.Text(), nullable=True, comment="The same in sentences, as JSON"),
        sa.Column("paragraphs", sa.Text(), nullable=False, comment="Spans and kinds of the paragraphs, as JSON: [start, end, kind]"),
        sa.Column("wire", sa.Text(), nullable=True, comment="Wire service that the text names as its source"),
        sa.Column("wire_span", sa.Text(), nullable=True, comment="Where it does: [start, end], as JSON"),
        sa.Column("text", sa.Text(), nullable=False, comment="The text; offsets count its code points"),
        sa.Column("seen", sa.String(length=32), nullable=False, comment="When it was first seen (ISO 8601, UTC)"),
        sa.ForeignKeyConstraint(["article_key"], ["articles.key"], name=op.f("fk_revisions_article_key")),
        sa.ForeignKeyConstraint(["document_key"], ["documents.key"], name=op.f("fk_revisions_document_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_revisions")),
        sa.UniqueConstraint("article_key", "id", name=op.f("uq_revisions_article_key_id")),
        comment="One text of an article, as it stood at one moment. Never changed.",
    )
    op.create_index(op.f("ix_revisions_document_key"), "revisions", ["document_key"], unique=False)
    op.create_index(op.f("ix_revisions_id"), "revisions", ["id"], unique=False)
    op.create_table(
        "bands",
        sa.Column(
            "band",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Hash of a part of the text's MinHash signature",
        ),
        sa.Column(
            "revision_key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="`revisions.key`; not declared as a foreign key, since checking it would cost as much as the row",
        ),
        sa.PrimaryKeyConstraint("band", "revision_key", name=op.f("pk_bands")),
        comment="Finds revisions that may be copies of one text (MinHash LSH).",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "copies",
        sa.Column("revision_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The later one"),
        sa.Column("other_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The one that was there before"),
        sa.Column("score", sa.Float(), nullable=False, comment="How alike they are, 0 to 1"),
        sa.Column("method", sa.String(length=32), nullable=False, comment="Name and version of the comparison"),
        sa.ForeignKeyConstraint(["other_key"], ["revisions.key"], name=op.f("fk_copies_other_key")),
        sa.ForeignKeyConstraint(["revision_key"], ["revisions.key"], name=op.f("fk_copies_revision_key")),
        sa.PrimaryKeyConstraint("revision_key", "other_key", name=op.f("pk_copies")),
        comment="Revisions of different articles that stem from the same text.",
    )
    op.create_table(
        "readings",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("revision_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="What was read"),
        sa.Column("reader", sa.Text(), nullable=False, comment="Name and version of the reader"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="Hash of the reader's files and of the version of onrecord"),
        sa.Column("made", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.Column(
            "superseded_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="`readings.key` of the newer reading; empty for the one that counts",
        ),
        sa.ForeignKeyConstraint(["revision_key"], ["revisions.key"], name=op.f("fk_readings_revision_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_readings")),
        sa.UniqueConstraint("revision_key", "digest", name=op.f("uq_readings_revision_key_digest")),
        comment="A reader's pass over a revision. A newer one supersedes it, and both stay.",
    )
    op.create_table(
        "sightings",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Number of the row; means nothing outside this ledger.",
        ),
        sa.Column("revision_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The text"),
        sa.Column("document_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The bytes it was seen in"),
        sa.Column("seen", sa.String(length=32), nullable=False, comment="When (ISO 8601, UTC)"),
        sa.ForeignKeyConstraint(["document_key"], ["documents.key"], name=op.f("fk_sightings_document_key")),
        sa.ForeignKeyConstraint(["revision_key"], ["revisions.key"], name=op.f("fk_sightings_revision_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sightings")),
        sa.UniqueConstraint("document_key", "revision_key", name=op.f("uq_sightings_document_key_revision_key")),
        comment="Each time that a text was seen in new bytes.",
    )
    op.create_index(op.f("ix_sightings_revision_key"), "sightings", ["revision_key"], unique=False)
    op.create_table(
        "statements",
        sa.Column(
            "key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="Day of publication (days since 0001-01-01) times 2^24, plus a number: order by it and you order by date.",
        ),
        sa.Column("id", sa.String(length=32), nullable=False, comment="`s1:` and a hash of revision and offsets"),
        sa.Column("revision_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="The text that the offsets point into"),
        sa.Column("reading_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, comment="Who read it"),
        sa.Column("outlet_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True, comment="Who published it"),
        sa.Column(
            "actor_key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The speaker as the reader found it; empty if unnamed or unknown",
        ),
        sa.Column(
            "speaker_key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The speaker as it stands: a person's judgement, else the reader's",
        ),
        sa.Column("speaker", sa.Text(), nullable=True, comment="Name or description of the speaker as read; empty if unknown"),
        sa.Column("speaker_type", sa.String(length=16), nullable=False, comment="person, organization, state, group, document, unnamed or unknown"),
        sa.Column("country", sa.String(length=2), nullable=True, comment="The speaker's country, ISO 3166-1 alpha-2"),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="direct, indirect or mixed"),
        sa.Column("content", sa.Text(), nullable=False, comment="What was said; parts are joined by ` … `"),
        sa.Column("said_on", sa.String(length=40), nullable=True, comment="When it was said, EDTF; empty if not stated"),
        sa.Column("score", sa.Float(), nullable=False, comment="How sure the reader is of the statement, 0 to 1"),
        sa.Column("shown", sa.Boolean(), nullable=False, comment="Whether it is of the text seen last and the reading that counts, and not judged wrong"),
        sa.Column(
            "verdict",
            sa.String(length=8),
            nullable=True,
            comment="A person's judgement: `right`, `wrong`, or `speaker` if somebody else said it; empty if nobody looked",
        ),
        sa.Column("entry", sa.Text(), nullable=False, comment="All cells and their offsets, as compact JSON; `onrecord` reads it"),
        sa.ForeignKeyConstraint(["actor_key"], ["actors.key"], name=op.f("fk_statements_actor_key")),
        sa.ForeignKeyConstraint(["outlet_key"], ["outlets.key"], name=op.f("fk_statements_outlet_key")),
        sa.ForeignKeyConstraint(["reading_key"], ["readings.key"], name=op.f("fk_statements_reading_key")),
        sa.ForeignKeyConstraint(["revision_key"], ["revisions.key"], name=op.f("fk_statements_revision_key")),
        sa.ForeignKeyConstraint(["speaker_key"], ["actors.key"], name=op.f("fk_statements_speaker_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_statements")),
        comment="Who said what: one attribution in one reading of one revision.",
    )
    op.create_index(op.f("ix_statements_id"), "statements", ["id"], unique=False)
    op.create_index(op.f("ix_statements_revision_key"), "statements", ["revision_key"], unique=False)
    op.create_index("ix_statements_speaker", "statements", ["speaker_key", "shown", "outlet_key", "kind"], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.text(statement.replace(":", "\\:")))
    for statement in VIEWS:
        op.execute(statement)
