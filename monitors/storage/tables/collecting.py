"""What is collected: outlets, their sources, and who follows them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, Table, Text, false, true

from monitors.storage.tables.columns import Id, Json, UtcTime, metadata

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
    Column("health", Text, nullable=False, server_default="ok"),
    Column("health_since", UtcTime),
    # Whether its followers have been told of the present health.
    Column("health_told", Boolean, nullable=False, server_default=true()),
)

followers = Table(
    "followers",
    metadata,
    Column("outlet_id", Id, ForeignKey("outlets.id"), primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), primary_key=True, index=True),
    Column("since", UtcTime, nullable=False),
    sqlite_with_rowid=False,
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
    # Why it is due when it is.
    Column("poll_reason", Text),
    Column("last_new_at", UtcTime),
    # Since when it has failed, poll after poll.
    Column("failing_since", UtcTime),
    # For how long its document says of itself that it holds.
    Column("ttl_s", Float),
    # How long its server asked to be left alone at its last answer, all its ways of asking taken together.
    Column("asked_s", Float),
    # What it publishes: a daily rate and its profile over the hours; the rate once more, for sums over all sources.
    Column("rate", Json),
    Column("items_per_day", Float),
    # The server says "not modified" although something is new, so it is asked without validators.
    Column("validators_broken", Boolean, nullable=False, server_default=false()),
    # Where a permanent redirect has been leading, since when, and how often it was seen.
    Column("moved_to", Text),
    Column("moved_since", UtcTime),
    Column("moved_times", Integer, nullable=False, server_default="0"),
    # Where pushes can be had, as its document last said (WebSub).
    Column("hub", Text),
    Column("topic", Text),
    # The further documents it consists of (a sitemap index), with the validators of each.
    Column("parts", Json),
)

hub_subscriptions = Table(
    "hub_subscriptions",
    metadata,
    Column("source_id", Id, ForeignKey("sources.id"), primary_key=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    # The unguessable end of our callback address, and what the hub signs with.
    Column("token", Text, nullable=False, unique=True),
    Column("secret", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("verified_at", UtcTime),
    Column("lease_until", UtcTime),
    # When to ask (again).
    Column("next_ask_at", UtcTime, nullable=False, index=True),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("last_push_at", UtcTime),
    # Which way showed an article first.
    Column("first_by_push", Integer, nullable=False, server_default="0"),
    Column("first_by_poll", Integer, nullable=False, server_default="0"),
)

catalogue = Table(
    "catalogue",
    metadata,
    Column("key", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_ar", Text, nullable=False),
    Column("homepage", Text, nullable=False),
    Column("host", Text, nullable=False, index=True),
    Column("country", Text, nullable=False),
    Column("leaning", Text),
    Column("language", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
    # Its names as they are searched: folded, lower case.
    Column("words", Text, nullable=False),
)
