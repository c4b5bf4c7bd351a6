"""The tables.

Times are UTC (`UtcTime` refuses naive ones). Large texts live in `articles` only. Partial indexes: `indexes.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An instant. Stored as timestamptz on PostgreSQL and as sortable ISO text in UTC on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive time cannot be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON document: jsonb on PostgreSQL, whose dialect is imported only there."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB())
        return dialect.type_descriptor(JSON())


Id = BigInteger().with_variant(Integer, "sqlite")

outlets = Table(
    "outlets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("homepage", Text, nullable=False, unique=True),
    Column("language", Text),
    Column("country", Text),
    Column("time_zone", Text),
    Column("state", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outlet_id", Id, ForeignKey("outlets.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False, unique=True),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("next_poll_at", UtcTime, nullable=False),
    Column("first_polled_at", UtcTime),
    Column("last_polled_at", UtcTime),
    Column("last_unconditional_at", UtcTime),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("strikes", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    # Polled at all: its outlet is active and the server has not said "gone".
    Column("active", Boolean, nullable=False),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("outlet_id", Id, ForeignKey("outlets.id"), primary_key=True),
    Column("fingerprint", BigInteger, primary_key=True, autoincrement=False),
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
    Column("author", Text),
    Column("published_at", UtcTime),
    Column("published_origin", Text),
    Column("language", Text),
    Column("image_url", Text),
    Column("tags", Json, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", UtcTime),
    Column("story_id", Id, ForeignKey("stories.id"), index=True),
    Index("ix_articles_outlet_seen", "outlet_id", "first_seen_at"),
    Index("ix_articles_source_seen", "source_id", "first_seen_at"),
)

chats = Table(
    "chats",
    metadata,
    Column("id", Id, primary_key=True),
    Column("transport", Text, nullable=False),
    Column("telegram_chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("title", Text),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_reason", Text),
    Column("created_at", UtcTime, nullable=False),
    # Until when this chat's lane rests: flood control, or a failure to be tried again.
    Column("rests_until", UtcTime),
    UniqueConstraint("transport", "telegram_chat_id", "thread_id"),
)

watchlists = Table(
    "watchlists",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("chat_id", "name"),
)

watches = Table(
    "watches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("watchlist_id", Id, ForeignKey("watchlists.id"), nullable=False, index=True),
    Column("query", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # Grows with every change of any watch, without gaps or disorder: what the index of watches reads on from.
    Column("revision", BigInteger, nullable=False, unique=True),
)

revisions = Table(
    "revisions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Id, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
)

matches = Table(
    "matches",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id"), primary_key=True),
    Column("watch_id", Id, ForeignKey("watches.id"), primary_key=True),
    Column("spans", Json, nullable=False),
    Index("ix_matches_watch", "watch_id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    Column("story_id", Id, ForeignKey("stories.id"), nullable=False),
    Column("article_id", Id, ForeignKey("articles.id"), nullable=False, index=True),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("chat_id", "story_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("alert_id", Id, ForeignKey("alerts.id"), unique=True),
    Column("payload", Json, nullable=False),
    # 0 goes first: answers to people before alerts; within one priority, first in first out.
    Column("priority", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("repeats", Integer, nullable=False, server_default="0"),
    # When an uncertain delivery is repeated.
    Column("not_before", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("claimed_at", UtcTime),
    Column("settled_at", UtcTime),
    Column("message_id", BigInteger),
    Column("error", Text),
    Index("ix_deliveries_chat", "chat_id", "state"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", Json, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("handled_at", UtcTime),
    Column("error", Text),
)

crawl_requests = Table(
    "crawl_requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outlet_id", Id, ForeignKey("outlets.id"), nullable=False),
    Column("chat_id", Id, ForeignKey("chats.id")),
    Column("requested_at", UtcTime, nullable=False),
    Column("finished", Boolean, nullable=False, server_default=false()),
    Column("found", Integer, nullable=False, server_default="0"),
    Column("new", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    Index("ix_crawl_requests_outlet", "outlet_id"),
)
