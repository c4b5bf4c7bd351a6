"""What is looked for, for whom, and what was found."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, true

from monitors.storage.tables.columns import Id, Json, UtcTime, metadata

watchlists = Table(
    "watchlists",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # What an article must not meet (a query), and the outlets (ids) and languages (codes) it must be of; None: any.
    Column("excluding", Text),
    Column("outlets", Json),
    Column("languages", Json),
    # Its watches find nothing from then until it is resumed.
    Column("paused_at", UtcTime),
    # From when until when it was paused (monitors/pauses.py); of watches and subscriptions, too.
    Column("pauses", Json),
    # When it was deleted; it can be had back for a while.
    Column("removed_at", UtcTime),
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
    # When it was last paused, resumed, changed or removed; None: never.
    Column("state_since", UtcTime),
    Column("pauses", Json),
    # Grows with every change of any watch, without gaps or disorder: what the index of watches reads on from.
    Column("revision", BigInteger, nullable=False, unique=True),
)

matches = Table(
    "matches",
    metadata,
    Column("article_id", Id, ForeignKey("articles.id"), primary_key=True),
    Column("watch_id", Id, ForeignKey("watches.id"), primary_key=True),
    Column("spans", Json, nullable=False),
    # The version of the article the spans point into.
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_matches_watch", "watch_id"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    # One of the two: what the chat is told of.
    Column("watchlist_id", Id, ForeignKey("watchlists.id"), index=True),
    Column("outlet_id", Id, ForeignKey("outlets.id")),
    # Sent there by the watchlist's owner; others subscribed themselves.
    Column("owned", Boolean, nullable=False, server_default=true()),
    Column("state", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("pauses", Json),
    # The rules (monitors/subscriptions.py); times of day are minutes after midnight in the chat's zone.
    Column("mode", Text, nullable=False),
    Column("digest_at", Integer, nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("daily_limit", Integer),
    UniqueConstraint("chat_id", "watchlist_id"),
    UniqueConstraint("outlet_id", "chat_id"),
)

mutes = Table(
    "mutes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    # Of a story, an outlet or a watch.
    Column("target_id", Id),
    # None: for good.
    Column("until", UtcTime),
    Column("since", UtcTime, nullable=False),
)

shares = Table(
    "shares",
    metadata,
    # The unguessable part of the link.
    Column("token", Text, primary_key=True),
    Column("watchlist_id", Id, ForeignKey("watchlists.id"), nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
)
