"""Chats that cannot be told anything any more, whose keepers hear of it once, and that come back.

Why a chat was barred stays with it until something has been told there again (`proven`): so its keeper is not told
twice of one trouble, however often it is tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from monitors.alerts import DeliveryKind, DeliveryState, NewDelivery
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage import lanes
from monitors.storage.chats import chat_of
from monitors.storage.deliveries import enqueue
from monitors.storage.keepers import hearers_of
from monitors.storage.settlements import settle_undeliverable
from monitors.storage.subscriptions import subscriptions_of
from monitors.storage.tables import chats, deliveries

KEPT = timedelta(days=7)
"""How long what could not be told waits for a chat to come back."""


def bar(
    connection: Connection,
    delivery_id: int,
    chat: Chat,
    reason: str,
    *,
    topic: bool,
    operators: Sequence[ChatAddress] = (),
    now: datetime,
) -> None:
    """T3: the bot may not write there, neither in the rest of the chat unless it is only the `topic`.

    What was to be told is undeliverable, and is told after all when the chat is back within a week (`mend`).
    """
    settle_undeliverable(connection, delivery_id, reason, now=now)
    there = chats.c.id == chat.id if topic else _everywhere(chat.address.chat_id)
    affected = _chats(connection, there, ChatState.ACTIVE)
    trouble = _topic_trouble(reason) if topic else "rights"
    _tell_keepers(connection, affected, trouble, operators, now=now)
    connection.execute(
        update(chats)
        .where(there, chats.c.state == ChatState.ACTIVE)
        .values(state=ChatState.BARRED, state_reason=reason, lane_priority=None)
    )
    connection.execute(
        update(deliveries)
        .where(deliveries.c.chat_id.in_([one.id for one in affected]), deliveries.c.state == DeliveryState.PENDING)
        .values(state=DeliveryState.UNDELIVERABLE, settled_at=now, error=reason)
    )


def tell_of_leaving(
    connection: Connection, telegram_chat_id: int, *, operators: Sequence[ChatAddress] = (), now: datetime
) -> None:
    """The keepers of a chat hear that the bot is not there any more. To be said before the chat is given up."""
    affected = _chats(connection, _everywhere(telegram_chat_id), ChatState.ACTIVE)
    _tell_keepers(connection, affected, "gone", operators, now=now)


def pass_on(
    connection: Connection, telegram_chat_id: int, *, operators: Sequence[ChatAddress] = (), now: datetime
) -> None:
    """Somebody cannot be reached who has yet to hear of such a chat: the next in line hears of it instead. To be said
    after they are given up."""
    waiting = connection.execute(
        select(deliveries.c.id, deliveries.c.payload)
        .join(chats, deliveries.c.chat_id == chats.c.id)
        .where(_everywhere(telegram_chat_id), deliveries.c.kind == DeliveryKind.NOTICE)
        .where(deliveries.c.state == DeliveryState.PENDING)
        .order_by(deliveries.c.id)
    ).all()
    for row in waiting:
        if row.payload.get("notice") == "place_broken":
            place = _chats(connection, chats.c.id == row.payload["chat"])
            _tell_keepers(connection, place, row.payload["trouble"], operators, again=True, now=now)
            told = update(deliveries).where(deliveries.c.id == row.id)
            connection.execute(told.values(state=DeliveryState.DROPPED, settled_at=now, error="passed on"))


def proven(connection: Connection, chat: Chat) -> None:
    """Something was told there: what was wrong is over."""
    if chat.state_reason is not None:
        connection.execute(update(chats).where(chats.c.id == chat.id).values(state_reason=None))


def mend(connection: Connection, telegram_chat_id: int, *, now: datetime, only: int | None = None) -> int:
    """The chat, or only this row of it, is told again, what it missed first; how many deliveries that are.

    Topics that were barred alone stay so unless they are named.
    """
    there = _everywhere(telegram_chat_id) if only is None else chats.c.id == only
    barred = [
        chat
        for chat in _chats(connection, there, ChatState.BARRED, ChatState.UNREACHABLE)
        if only is not None or not chat.topic_shut
    ]
    revived = 0
    for chat in barred:
        if chat.state is ChatState.BARRED:
            revived += connection.execute(
                update(deliveries)
                .where(deliveries.c.chat_id == chat.id, deliveries.c.state == DeliveryState.UNDELIVERABLE)
                .where(deliveries.c.error == chat.state_reason, deliveries.c.settled_at > now - KEPT)
                .where(deliveries.c.kind.in_([DeliveryKind.ALERT, DeliveryKind.DIGEST]))
                .values(state=DeliveryState.PENDING, settled_at=None, error=None, attempts=0)
            ).rowcount
    connection.execute(
        update(chats)
        .where(chats.c.id.in_([chat.id for chat in barred]))
        .values(state=ChatState.ACTIVE, state_reason=None)
    )
    lanes.refresh(connection, [chat.id for chat in barred])
    return revived


def _tell_keepers(
    connection: Connection,
    affected: Sequence[Chat],
    trouble: str,
    operators: Sequence[ChatAddress],
    *,
    again: bool = False,
    now: datetime,
) -> None:
    """Each of them once, of the first chat; of one whose trouble they know only `again`."""
    told: set[int] = set()
    for chat in affected:
        if (chat.state_reason is not None and not again) or not subscriptions_of(connection, chat.id):
            continue
        hearers = hearers_of(connection, chat, operators, left=trouble == "gone")
        payload: dict[str, Any] = {"notice": "place_broken", "trouble": trouble, "chat": chat.id}
        payload |= {"title": chat.title or str(chat.address.chat_id), "thread": chat.address.thread_id}
        payload |= {"topic": chat.topic}
        payload |= {"instead": hearers.instead, "operators": hearers.operators}
        for hearer in hearers.chats:
            if hearer not in told:
                told.add(hearer)
                enqueue(connection, NewDelivery(hearer, DeliveryKind.NOTICE, payload), now=now)


def _topic_trouble(reason: str) -> str:
    return "topic_closed" if "topic_closed" in reason.lower() else "topic_deleted"


def _everywhere(telegram_chat_id: int) -> ColumnElement[bool]:
    return (chats.c.transport == Transport.TELEGRAM) & (chats.c.telegram_chat_id == telegram_chat_id)


def _chats(connection: Connection, there: ColumnElement[bool], *states: ChatState) -> list[Chat]:
    """In one of these states; in any without."""
    wanted = [chats.c.state.in_(states)] if states else []
    rows = connection.execute(select(chats).where(there, *wanted).order_by(chats.c.id))
    return [chat_of(row) for row in rows]
