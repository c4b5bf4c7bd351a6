"""Broadcasts as rows. One goes out at a time, in portions, in the order of the chats' ids, behind everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from monitors.alerts import DeliveryKind, DeliveryState, NewDelivery
from monitors.broadcasts import Broadcast, BroadcastState
from monitors.chats import ChatState, Transport
from monitors.people import Access, PersonState
from monitors.settings import TelegramSettings
from monitors.storage import lanes
from monitors.storage.deliveries import enqueue_all
from monitors.storage.doors import access_of
from monitors.storage.tables import broadcasts, chats, deliveries, people

PORTION = 200
"""Chats whose deliveries are made at once, once no more than as many wait."""


def draft_broadcast(connection: Connection, person_id: int, message: Mapping[str, Any], *, now: datetime) -> Broadcast:
    """Nobody is told anything yet."""
    made = connection.execute(
        broadcasts.insert().values(
            person_id=person_id, message=dict(message), state=BroadcastState.DRAFT, created_at=now
        )
    ).inserted_primary_key
    assert made is not None
    return Broadcast(int(made[0]), person_id, message, BroadcastState.DRAFT, now, None)


def find_broadcast(connection: Connection, broadcast_id: int) -> Broadcast | None:
    row = connection.execute(select(broadcasts).where(broadcasts.c.id == broadcast_id)).one_or_none()
    return None if row is None else _broadcast(row)


def latest_broadcast(connection: Connection) -> Broadcast | None:
    """The last one that was ordered to be sent."""
    begun = select(broadcasts).where(broadcasts.c.begun_at.is_not(None))
    newest = begun.order_by(broadcasts.c.begun_at.desc(), broadcasts.c.id.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return None if row is None else _broadcast(row)


def count_audience(connection: Connection, telegram: TelegramSettings) -> int:
    """How many chats a broadcast would go to: private ones that can be reached, of people who may use the bot."""
    return _count(connection, _audience(connection, telegram))


def _count(connection: Connection, audience: Select[Any]) -> int:
    return connection.scalar(select(func.count()).select_from(audience.subquery())) or 0


def begin_broadcast(connection: Connection, broadcast_id: int, *, now: datetime) -> bool:
    """False when it was begun before, or another one is still being sent."""
    sending = select(broadcasts.c.id).where(broadcasts.c.state == BroadcastState.SENDING)
    begun = connection.execute(
        update(broadcasts)
        .where(broadcasts.c.id == broadcast_id, broadcasts.c.state == BroadcastState.DRAFT, ~sending.exists())
        .values(state=BroadcastState.SENDING, begun_at=now)
    )
    return begun.rowcount > 0


def stop_broadcast(connection: Connection, broadcast_id: int, *, now: datetime) -> bool:
    """Whoever has not been told is not told any more. False for one that is no longer on its way."""
    found = find_broadcast(connection, broadcast_id)
    latest = latest_broadcast(connection)
    if found is None or latest is None or latest.id != found.id or found.state is BroadcastState.STOPPED:
        return False
    connection.execute(update(broadcasts).where(broadcasts.c.id == found.id).values(state=BroadcastState.STOPPED))
    dropped = connection.scalars(
        update(deliveries)
        .where(deliveries.c.kind == DeliveryKind.BROADCAST, deliveries.c.state == DeliveryState.PENDING)
        .values(state=DeliveryState.DROPPED, settled_at=now)
        .returning(deliveries.c.chat_id)
    )
    lanes.refresh(connection, dropped.all())
    return True


def is_sending(connection: Connection) -> bool:
    sending = select(broadcasts.c.id).where(broadcasts.c.state == BroadcastState.SENDING)
    return connection.execute(sending).first() is not None


def send_on(connection: Connection, telegram: TelegramSettings, *, now: datetime) -> int:
    """Makes the next portion of what is being sent; how many deliveries that are."""
    row = connection.execute(select(broadcasts).where(broadcasts.c.state == BroadcastState.SENDING)).one_or_none()
    if row is None or _waiting(connection) > PORTION:
        return 0
    audience = _audience(connection, telegram).where(chats.c.id > row.reached)
    portion = list(connection.scalars(audience.order_by(chats.c.id).limit(PORTION)))
    payload = {"message": row.message}
    enqueue_all(connection, [NewDelivery(chat_id, DeliveryKind.BROADCAST, payload) for chat_id in portion], now=now)
    changed = {"reached": portion[-1]} if portion else {"state": BroadcastState.SENT}
    connection.execute(update(broadcasts).where(broadcasts.c.id == row.id).values(**changed))
    return len(portion)


def results_of(connection: Connection, broadcast: Broadcast, telegram: TelegramSettings) -> Counter[DeliveryState]:
    """How many deliveries of a broadcast are in which state. Those that are yet to be made count as pending."""
    later = select(func.min(broadcasts.c.begun_at)).where(broadcasts.c.begun_at > broadcast.begun_at)
    until = connection.scalar(later)
    mine = select(deliveries.c.state, func.count().label("n")).where(
        deliveries.c.kind == DeliveryKind.BROADCAST, deliveries.c.created_at >= broadcast.begun_at
    )
    if until is not None:
        mine = mine.where(deliveries.c.created_at < until)
    found = Counter({DeliveryState(row.state): row.n for row in connection.execute(mine.group_by(deliveries.c.state))})
    if broadcast.state is BroadcastState.SENDING:
        reached = select(broadcasts.c.reached).where(broadcasts.c.id == broadcast.id).scalar_subquery()
        found[DeliveryState.PENDING] += _count(connection, _audience(connection, telegram).where(chats.c.id > reached))
    return found


def _waiting(connection: Connection) -> int:
    pending = select(func.count()).where(
        deliveries.c.kind == DeliveryKind.BROADCAST, deliveries.c.state == DeliveryState.PENDING
    )
    return connection.scalar(pending) or 0


def _audience(connection: Connection, telegram: TelegramSettings) -> Select[Any]:
    found = select(chats.c.id).where(
        chats.c.transport == Transport.TELEGRAM, chats.c.telegram_chat_id > 0, chats.c.state == ChatState.ACTIVE
    )
    if access_of(connection, telegram) is Access.OPEN:
        return found
    allowed = select(people.c.user_id).where(people.c.state == PersonState.ALLOWED)
    return found.where(chats.c.telegram_chat_id.in_(allowed) | chats.c.telegram_chat_id.in_(telegram.admins))


def _broadcast(row: Row[Any]) -> Broadcast:
    return Broadcast(row.id, row.person_id, row.message, BroadcastState(row.state), row.created_at, row.begun_at)
