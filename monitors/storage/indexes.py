"""Indexes that each database has to be told of in words of its own.

Partial ones keep the hot questions (due, pending, undecided) as small as their answers; one serves a query only if the
query spells its condition with literals. Only migrations need to know these indexes, and naming both dialects makes
SQLAlchemy import both (7 MB in every process), so they stand apart from the tables.
"""

from __future__ import annotations

from sqlalchemy import Index, text

from monitors.storage.tables import (
    articles,
    chats,
    crawl_requests,
    deliveries,
    discoveries,
    inbox,
    metadata,
    sources,
    watches,
)

__all__ = ["metadata"]  # the whole schema, tables and indexes

Index(
    "ix_sources_due",
    sources.c.next_poll_at,
    sqlite_where=text("active = 1"),
    postgresql_where=text("active"),
)

Index(
    "ix_articles_pending",
    articles.c.id,
    sqlite_where=text("state = 'pending'"),
    postgresql_where=text("state = 'pending'"),
)

Index(
    "ix_articles_retry",
    articles.c.retry_at,
    sqlite_where=articles.c.retry_at.is_not(None),
    postgresql_where=articles.c.retry_at.is_not(None),
)

Index(
    "ix_articles_unread",
    articles.c.id,
    sqlite_where=text("words_version <> version"),
    postgresql_where=text("words_version <> version"),
)

# By hash on PostgreSQL, for an address may be longer than an entry of its other indexes (2,704 bytes).
Index("ix_articles_url", articles.c.url, postgresql_using="hash")
Index(
    "ix_articles_canonical_url",
    articles.c.canonical_url,
    postgresql_using="hash",
    sqlite_where=text("canonical_url <> url"),
    postgresql_where=text("canonical_url <> url"),
)

Index(
    "uq_watches_standing",
    watches.c.watchlist_id,
    watches.c.query,
    unique=True,
    sqlite_where=text("state = 'active'"),
    postgresql_where=text("state = 'active'"),
)

Index(
    "ix_chats_lane",
    chats.c.transport,
    chats.c.lane_edits,
    chats.c.lane_priority,
    chats.c.lane_at,
    sqlite_where=chats.c.lane_priority.is_not(None),
    postgresql_where=chats.c.lane_priority.is_not(None),
)

_in_flight = text("state = 'sending'")
Index(
    "uq_deliveries_in_flight",
    deliveries.c.chat_id,
    unique=True,
    sqlite_where=_in_flight,
    postgresql_where=_in_flight,
)

_uncertain = text("state = 'uncertain'")
Index(
    "ix_deliveries_uncertain",
    deliveries.c.chat_id,
    deliveries.c.not_before,
    sqlite_where=_uncertain,
    postgresql_where=_uncertain,
)

Index(
    "ix_deliveries_pending",
    deliveries.c.chat_id,
    deliveries.c.priority,
    deliveries.c.id,
    sqlite_where=text("state = 'pending'"),
    postgresql_where=text("state = 'pending'"),
)

_held = text("state = 'held'")
Index(
    "ix_deliveries_held",
    deliveries.c.not_before,
    sqlite_where=_held,
    postgresql_where=_held,
)

_open_crawl = text("state IN ('waiting', 'running')")
Index(
    "ix_crawl_requests_open",
    crawl_requests.c.id,
    sqlite_where=_open_crawl,
    postgresql_where=_open_crawl,
)

_open_look = text("state IN ('waiting', 'following')")
Index(
    "ix_discoveries_open",
    discoveries.c.id,
    sqlite_where=_open_look,
    postgresql_where=_open_look,
)

Index(
    "ix_inbox_unhandled",
    inbox.c.update_id,
    sqlite_where=inbox.c.handled_at.is_(None),
    postgresql_where=inbox.c.handled_at.is_(None),
)
