"""How many alerts a chat is told within an hour, and word of it to a chat that is told the rest together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from math import inf

from sqlalchemy import Connection, func, select

from monitors.alerts import Cause, DeliveryKind, NewDelivery, Verdict
from monitors.chats import Transport
from monitors.own_limits import Size
from monitors.storage.deliveries import enqueue
from monitors.storage.portions import portions
from monitors.storage.subscriptions import was_added
from monitors.storage.tables import alerts, chats, own_limits, subscriptions

HOUR = timedelta(hours=1)
ONCE_IN = timedelta(days=1)
"""A chat hears of it once in so long."""


def full_chats(
    connection: Connection, chat_ids: Collection[int], *, most: int, free: Collection[int], now: datetime
) -> frozenset[int]:
    """Of these chats those that were told as much within the last hour as they may be; never those of operators, by
    their numbers on Telegram, and no terminal. `most` is what is usual."""
    found: set[int] = set()
    for some in portions(sorted(chat_ids)):
        # By what brought them, for which there is an index.
        told = (
            select(subscriptions.c.chat_id, own_limits.c.size, func.count().label("told"))
            .join(alerts, alerts.c.subscription_id == subscriptions.c.id)
            .join(chats, chats.c.id == subscriptions.c.chat_id)
            .outerjoin(own_limits, own_limits.c.user_id == chats.c.telegram_chat_id)
            .where(subscriptions.c.chat_id.in_(some))
            .where(alerts.c.created_at > now - HOUR, alerts.c.verdict == Verdict.NOW, ~was_added())
            .where(chats.c.transport == Transport.TELEGRAM, chats.c.telegram_chat_id.not_in(list(free)))
            .group_by(subscriptions.c.chat_id, own_limits.c.size)
            .having(func.count() >= Size.HALF.of(most))
        )
        found.update(row.chat_id for row in connection.execute(told) if row.told >= (_most(row.size, most) or inf))
    return frozenset(found)


def _most(size: str | None, most: int) -> int | None:
    """How many a chat may be told whose own limits are of this size, if it has any. None: any number."""
    return Size(size or Size.USUAL).of(most)


def say_that_full(connection: Connection, alert_ids: Sequence[int], *, most: int, now: datetime) -> None:
    """Whoever is told one of these alerts later for that hears so, unless they heard it a short while ago."""
    late = (
        select(alerts.c.chat_id, own_limits.c.size)
        .join(chats, chats.c.id == alerts.c.chat_id)
        .outerjoin(own_limits, own_limits.c.user_id == chats.c.telegram_chat_id)
        .where(alerts.c.id.in_(alert_ids), alerts.c.reason == Cause.HOURLY_LIMIT)
    )
    for chat_id, size in connection.execute(late).all():
        before = (
            select(alerts.c.id)
            .join(subscriptions, alerts.c.subscription_id == subscriptions.c.id)
            .where(subscriptions.c.chat_id == chat_id, alerts.c.created_at > now - ONCE_IN)
            .where(alerts.c.reason == Cause.HOURLY_LIMIT, alerts.c.id.not_in(alert_ids))
        )
        if connection.scalar(before.limit(1)) is None:
            payload = {"notice": "many_alerts", "most": _most(size, most)}
            enqueue(connection, NewDelivery(chat_id, DeliveryKind.NOTICE, payload), now=now)
