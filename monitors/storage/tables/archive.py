"""What was collected: articles, what is kept of them, and the stories they tell."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from monitors.storage.tables.columns import Id, Json, UtcTime, metadata

# Each is begun by an article that somebody is told of; what mutes it mutes those that tell it again.
stories = Table(
    "stories",
    metadata,
    Column("id", Id, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
)

# What an article that somebody is told of tells again: articles of other outlets that said the same before, each in the
# version that was compared.
retellings = Table(
    "retellings",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("told_id", Id, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("told_version", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What of such articles is compared (monitors/stories.py), by the day (UTC, of the epoch) on which they were seen: what
# is compared and what is forgotten lies together.
gists = Table(
    "gists",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("article_id", Id, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("outlet_id", Id, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("published_at", UtcTime),
    Column("gist", LargeBinary, nullable=False),
)

# A sample of their runs of words, by which those are found that are worth comparing.
story_runs = Table(
    "story_runs",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("run", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outlet_id", Id, ForeignKey("outlets.id"), nullable=False),
    Column("source_id", Id, ForeignKey("sources.id")),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text, nullable=False),
    Column("guid", Text),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_origin", Text, nullable=False),
    Column("text_note", Text),
    Column("authors", Json, nullable=False, server_default="[]"),
    Column("published_at", UtcTime),
    Column("published_origin", Text),
    Column("published_confidence", Text),
    Column("modified_at", UtcTime),
    Column("language", Text),
    Column("image_url", Text),
    Column("section", Text),
    Column("tags", Json, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("saved_at", UtcTime, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("decided_at", UtcTime),
    Column("story_id", Id, ForeignKey("stories.id"), index=True),
    # Its text has versions: the present one, and the last one that was matched (0: none).
    Column("version", Integer, nullable=False, server_default="1"),
    Column("judged_version", Integer, nullable=False, server_default="0"),
    # When the present one was first seen; None for the first.
    Column("edited_at", UtcTime),
    # What its entry said of it, by which an edit is seen.
    Column("entry_hash", BigInteger),
    # How many identities it has been given since it was saved.
    Column("aliases", Integer, nullable=False, server_default="0"),
    # When its page, which could not be had, is asked for again.
    Column("retry_at", UtcTime),
    # The crawl on demand that found it; no constraint, for SQLite cannot add one.
    Column("crawl_id", Id, index=True),
    # The version whose words can be searched (0: none), and where they are kept (words.py).
    Column("words_version", Integer, nullable=False, server_default="0"),
    Column("words_place", BigInteger),
    Index("ix_articles_outlet_seen", "outlet_id", "first_seen_at"),
    Index("ix_articles_source_seen", "source_id", "first_seen_at"),
)

versions = Table(
    "versions",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)

page_copies = Table(
    "page_copies",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
    Column("content_type", Text),
    Column("fetched_at", UtcTime, nullable=False),
    # The page's bytes as they came, compressed (zlib).
    Column("body", LargeBinary, nullable=False),
)

# What stands where in the articles of the words' index (words.py, query/outline.py), by their places there.
outlines = Table(
    "outlines",
    metadata,
    Column("place", Id, primary_key=True, autoincrement=False),
    Column("outline", LargeBinary, nullable=False),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("outlet_id", Id, ForeignKey("outlets.id"), primary_key=True),
    Column("fingerprint", BigInteger, primary_key=True, autoincrement=False),
    # Whose it is; no constraint, for identities outlive their articles.
    Column("article_id", Id),
    sqlite_with_rowid=False,
)

# Articles that are decided but for the watches that are asked after all others.
owed = Table(
    "owed",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    # The last version those watches were asked of (0: none), and up to which it is owed.
    Column("judged_version", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)
