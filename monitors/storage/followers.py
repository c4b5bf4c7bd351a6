"""Which chats follow which outlets: who is told how an outlet fares, and whose list it stands on.

Every watch is matched against every outlet. Following is about the outlet itself: a chat that follows one is told when
it falls silent, and an outlet that only chats brought here is kept as long as one of them follows it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from monitors.storage.tables import followers
from monitors.storage.upserts import insert


def add_follower(connection: Connection, outlet_id: int, chat_id: int, *, now: datetime) -> bool:
    """False if the chat followed it before."""
    added = connection.scalar(
        insert(connection, followers)
        .values(outlet_id=outlet_id, chat_id=chat_id, since=now)
        .on_conflict_do_nothing()
        .returning(followers.c.chat_id)
    )
    return added is not None


def drop_follower(connection: Connection, outlet_id: int, chat_id: int) -> bool:
    """False if the chat did not follow it."""
    dropped = connection.execute(
        delete(followers).where(followers.c.outlet_id == outlet_id, followers.c.chat_id == chat_id)
    )
    return dropped.rowcount > 0


def followers_of(connection: Connection, outlet_id: int) -> list[int]:
    """The chats that follow the outlet."""
    return list(
        connection.scalars(
            select(followers.c.chat_id).where(followers.c.outlet_id == outlet_id).order_by(followers.c.chat_id)
        )
    )


def followed_by(connection: Connection, chat_id: int) -> frozenset[int]:
    """The outlets that the chat follows."""
    return frozenset(connection.scalars(select(followers.c.outlet_id).where(followers.c.chat_id == chat_id)))
