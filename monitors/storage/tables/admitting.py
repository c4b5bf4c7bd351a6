"""Who may use the bot."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from monitors.storage.tables.columns import UtcTime, metadata

people = Table(
    "people",
    metadata,
    # Telegram's number.
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    # The operator who let them in or shut them out, or whose invitation they took.
    Column("by_id", BigInteger),
    # When somebody who is shut out was told so, which is done once.
    Column("answered_at", UtcTime),
)

own_limits = Table(
    "own_limits",
    metadata,
    # Telegram's number, of a person or a group; who has none goes by the settings.
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("size", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("by_id", BigInteger),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token", Text, primary_key=True),
    Column("by_id", BigInteger, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    # How many more people it lets in; None: any number.
    Column("uses_left", Integer),
)
