"""Chats that cannot be told anything any more, whose keepers hear of it once, and that come back.

Why a chat was barred stays with it until something has been told there again (`proven`): so its keeper is not told
twice of one trouble, however often it is tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from monitors.alerts import DeliveryKind, DeliveryState, NewDelivery
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage import lanes
from monitors.storage.chats import chat_of
from monitors.storage.deliveries import enqueue
from monitors.storage.keepers import hearers_of
from monitors.storage.settlements import give_up_answers, put_back
from monitors.storage.subscriptions import hand_over, subscriptions_of
from monitors.storage.supergroups import move_deliveries
from monitors.storage.tables import alerts, chats, deliveries


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

    What was to be told waits there, with what is found meanwhile, until the chat is back (`mend`).
    """
    put_back(connection, delivery_id, reason)
    there = chats.c.id == chat.id if topic else _everywhere(chat.address.chat_id)
    affected = _chats(connection, there, ChatState.ACTIVE)
    trouble = _topic_trouble(reason) if topic else "rights"
    _tell_keepers(connection, affected, trouble, operators, now=now)
    connection.execute(
        update(chats)
        .where(there, chats.c.state == ChatState.ACTIVE)
        .values(state=ChatState.BARRED, state_reason=reason, lane_priority=None)
    )
    give_up_answers(connection, there & (chats.c.state == ChatState.BARRED), reason, now=now)


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


def mend(connection: Connection, telegram_chat_id: int, *, only: int | None = None) -> None:
    """The chat, or only this row of it, is told again, what it missed first.

    Topics that were barred alone stay so unless they are named.
    """
    there = _everywhere(telegram_chat_id) if only is None else chats.c.id == only
    barred = [
        chat
        for chat in _chats(connection, there, ChatState.BARRED, ChatState.UNREACHABLE)
        if only is not None or not chat.topic_shut
    ]
    connection.execute(
        update(chats)
        .where(chats.c.id.in_([chat.id for chat in barred]))
        .values(state=ChatState.ACTIVE, state_reason=None)
    )
    lanes.refresh(connection, [chat.id for chat in barred])


def move(connection: Connection, topic_id: int, general_id: int) -> None:
    """What the topic takes, its group's General takes from then on, by the same rules, and is told what waits for the
    topic, except of stories that it was told itself."""
    hand_over(connection, topic_id, general_id)
    move_deliveries(connection, topic_id, general_id)
    known = select(alerts.c.story_id).where(alerts.c.chat_id == general_id)
    came = select(deliveries.c.alert_id).where(deliveries.c.chat_id == general_id, deliveries.c.alert_id.is_not(None))
    moved = alerts.c.chat_id == topic_id, alerts.c.id.in_(came)
    twice = select(alerts.c.id).where(*moved, alerts.c.story_id.in_(known))
    waiting = deliveries.c.state.in_([DeliveryState.HELD, DeliveryState.PENDING])
    again = update(deliveries).where(deliveries.c.chat_id == general_id, deliveries.c.alert_id.in_(twice), waiting)
    connection.execute(again.values(state=DeliveryState.DROPPED, not_before=None, error="told there already"))
    connection.execute(update(alerts).where(*moved, alerts.c.story_id.not_in(known)).values(chat_id=general_id))
    lanes.refresh(connection, [topic_id, general_id])


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
