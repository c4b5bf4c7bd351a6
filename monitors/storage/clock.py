"""What a clock that was set back leaves behind: times in a future that will not come for long.

After a jump of a day forward and back, sources were not polled and chats not told anything for a day. A row whose past
lies in the future, or whose waiting is longer than anything we ever wait, is due now.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, literal, or_, update

from monitors.storage import lanes
from monitors.storage.tables import chats, deliveries, sources

SLACK = timedelta(minutes=1)
LONGEST_REST = timedelta(days=1)
"""Far above any flood wait Telegram is known to ask for."""
LONGEST_UNCERTAINTY = timedelta(hours=1)
LONGEST_HOLD = timedelta(days=3)
"""Far above a day until a digest and a night of quiet hours."""

_HELD = literal("held", literal_execute=True)
"""Spelled out: a partial index is used for literals only."""


def mend(connection: Connection, *, now: datetime) -> int:
    """Makes due what waits because of such a jump; how many rows that was."""
    polls = (
        update(sources)
        .where(sources.c.active, sources.c.last_polled_at > now + SLACK)
        .values(next_poll_at=now, last_polled_at=now)
    )
    rests = (
        update(chats)
        .where(or_(chats.c.rests_until > now + LONGEST_REST, now + SLACK < lanes.TURN))
        .values(rests_until=None, spoken_at=now)
        .returning(chats.c.id)
    )
    doubts = (
        update(deliveries)
        .where(deliveries.c.state == lanes.UNCERTAIN, deliveries.c.not_before > now + LONGEST_UNCERTAINTY)
        .values(not_before=now)
        .returning(deliveries.c.chat_id)
    )
    held = (
        update(deliveries)
        .where(deliveries.c.state == _HELD, deliveries.c.not_before.is_not(None))
        .where(or_(deliveries.c.not_before > now + LONGEST_HOLD, deliveries.c.created_at > now + SLACK))
        .values(not_before=now, created_at=now)
    )
    mended = [*connection.scalars(rests), *connection.scalars(doubts)]
    lanes.refresh(connection, mended)
    return connection.execute(polls).rowcount + connection.execute(held).rowcount + len(mended)
