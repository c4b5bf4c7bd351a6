"""Indexes that each database has to be told of in words of its own.

Partial ones keep the hot questions (due, pending, undecided) as small as their answers; one serves a query only if the
query spells its condition with literals. Only migrations need to know these indexes, and naming both dialects makes
SQLAlchemy import both (7 MB in every process), so they stand apart from the tables.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Index, TextClause, text

from monitors.storage.tables import (
    alerts,
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


def _partial(
    name: str, *columns: Column[Any], where: str | ColumnElement[bool], unique: bool = False, **given: Any
) -> None:
    """An index of the rows of which this is true."""
    condition: ColumnElement[bool] | TextClause = text(where) if isinstance(where, str) else where
    Index(name, *columns, unique=unique, **{"sqlite_where": condition, "postgresql_where": condition, **given})


_partial("ix_sources_due", sources.c.next_poll_at, where="active = 1", postgresql_where=text("active"))

_partial("ix_articles_pending", articles.c.id, where="state = 'pending'")
_partial("ix_articles_retry", articles.c.retry_at, where=articles.c.retry_at.is_not(None))
_partial("ix_articles_unread", articles.c.id, where="words_version <> version")
# By hash on PostgreSQL, for an address may be longer than an entry of its other indexes (2,704 bytes).
Index("ix_articles_url", articles.c.url, postgresql_using="hash")
_partial("ix_articles_canonical_url", articles.c.canonical_url, where="canonical_url <> url", postgresql_using="hash")

_partial("ix_alerts_grown", alerts.c.grown_at, where=alerts.c.grown_at.is_not(None))

_partial("uq_watches_standing", watches.c.watchlist_id, watches.c.query, where="state = 'active'", unique=True)

_partial(
    "ix_chats_lane",
    chats.c.transport,
    chats.c.lane_edits,
    chats.c.lane_priority,
    chats.c.lane_at,
    where=chats.c.lane_priority.is_not(None),
)

_partial("uq_deliveries_in_flight", deliveries.c.chat_id, where="state = 'sending'", unique=True)
_partial("ix_deliveries_uncertain", deliveries.c.chat_id, deliveries.c.not_before, where="state = 'uncertain'")
_partial(
    "ix_deliveries_pending", deliveries.c.chat_id, deliveries.c.priority, deliveries.c.id, where="state = 'pending'"
)
_partial("ix_deliveries_held", deliveries.c.not_before, where="state = 'held'")

_partial("ix_crawl_requests_open", crawl_requests.c.id, where="state IN ('waiting', 'running')")
_partial("ix_discoveries_open", discoveries.c.id, where="state IN ('waiting', 'following')")
_partial("ix_inbox_unhandled", inbox.c.chat_id, inbox.c.update_id, where=inbox.c.handled_at.is_(None))
