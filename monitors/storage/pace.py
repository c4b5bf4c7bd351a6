"""What a process that speaks must know of the one before it: limits go on counting when a process ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitors.chats import Transport
from monitors.storage.marks import mark_of, set_mark
from monitors.storage.tables import chats


def told_since(connection: Connection, transport: Transport, since: datetime) -> Mapping[int, datetime]:
    """When each Telegram chat that was told anything since then was told the last thing."""
    rows = connection.execute(
        select(chats.c.telegram_chat_id, func.max(chats.c.spoken_at).label("spoken_at"))
        .where(chats.c.transport == transport, chats.c.spoken_at >= since)
        .group_by(chats.c.telegram_chat_id)
    )
    return {row.telegram_chat_id: row.spoken_at for row in rows}


def rest_all(connection: Connection, transport: Transport, until: datetime) -> None:
    """Nobody is told anything there until then."""
    set_mark(connection, _mark(transport), until.isoformat())


def all_rest_until(connection: Connection, transport: Transport) -> datetime | None:
    value = mark_of(connection, _mark(transport))
    return None if value is None else datetime.fromisoformat(value)


def _mark(transport: Transport) -> str:
    return f"{transport}.rests_until"
