"""What chats are told."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, false

from monitors.storage.tables.columns import Id, Json, UtcTime, metadata

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
    # When what it tells had arrived: from there its delay counts.
    Column("seen_at", UtcTime),
    # Which of the chat's subscriptions brought it; no constraint, for subscriptions end.
    Column("subscription_id", Id),
    # When its article, edited, met more than it tells, for the last time, and how often it did.
    Column("grown_at", UtcTime),
    Column("growths", Integer, nullable=False, server_default="0"),
    UniqueConstraint("chat_id", "story_id"),
    Index("ix_alerts_subscription", "subscription_id", "created_at"),
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
    # When an uncertain delivery is repeated, and a held one is due or was released; until when a dropped one is muted.
    Column("not_before", UtcTime),
    # The delivery that tells this one with others: a digest, or, of one that edits, an alert that says the same.
    Column("told_in", Id, index=True),
    # Without a sound.
    Column("silent", Boolean, nullable=False, server_default=false()),
    # It changes a message, and sends none.
    Column("edits", Boolean, nullable=False, server_default=false()),
    # Of one that is being sent: a repeat that has not been let out yet, and so cannot have left.
    Column("withheld", Boolean, nullable=False, server_default=false()),
    # When it came: was judged, of an alert for the last time.
    Column("created_at", UtcTime, nullable=False),
    Column("claimed_at", UtcTime),
    Column("settled_at", UtcTime),
    Column("message_id", BigInteger),
    # How many of its alert's growths the message says.
    Column("growths", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Index("ix_deliveries_chat", "chat_id", "state"),
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    # The words, as the bot says them (JSON of a message).
    Column("message", Json, nullable=False),
    Column("state", Text, nullable=False),
    # It goes to chats in the order of their ids; the last one it has been enqueued for.
    Column("reached", Id, nullable=False, server_default="0"),
    Column("created_at", UtcTime, nullable=False),
    # When it was ordered to be sent.
    Column("begun_at", UtcTime),
)
