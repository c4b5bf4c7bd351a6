"""What people ask the crawler to do."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, false, true

from monitors.storage.tables.columns import Id, Json, UtcTime, metadata

crawl_requests = Table(
    "crawl_requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outlet_id", Id, ForeignKey("outlets.id"), nullable=False),
    Column("chat_id", Id, ForeignKey("chats.id")),
    # Who asked, by Telegram's number; None for the shell.
    Column("person_id", BigInteger),
    Column("requested_at", UtcTime, nullable=False),
    # How far back it goes; None for a poll of what is new.
    Column("since", UtcTime),
    # Whether what a back-fill finds may alert.
    Column("alerts", Boolean, nullable=False, server_default=true()),
    Column("state", Text, nullable=False),
    Column("found", Integer, nullable=False, server_default="0"),
    Column("new", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("updated_at", UtcTime),
    Column("error", Text),
    # The message that shows its progress.
    Column("delivery_id", Id),
    Index("ix_crawl_requests_outlet", "outlet_id"),
    Index("ix_crawl_requests_person", "person_id", "requested_at"),
    Index("ix_crawl_requests_updated_at", "updated_at"),
)

discoveries = Table(
    "discoveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", Id, ForeignKey("chats.id"), nullable=False),
    Column("person_id", BigInteger),
    # An address, an entry of the catalogue, or a list of outlets.
    Column("kind", Text, nullable=False),
    # What was pasted, and what was found there.
    Column("address", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("result", Json),
    Column("error", Text),
    Column("requested_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime),
    # What it is followed as, and whether it was not followed before.
    Column("outlet_id", Id, index=True),
    Column("added", Boolean, nullable=False, server_default=false()),
    Column("delivery_id", Id),
    # The chat's watchlist that is to look at it when it is followed.
    Column("watchlist_id", Id),
    Index("ix_discoveries_person", "person_id", "requested_at"),
    Index("ix_discoveries_updated_at", "updated_at"),
)
