"""Which bot speaks for us: its number is remembered, so that another one in its place is noticed.

Another bot (a new token, from another @BotFather conversation) numbers its updates and messages anew and may write to
nobody who has not started it. So what the old one heard and showed ends with it, and every chat waits, with all it
takes and all that is to be told there, until it has come over.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from monitors.alerts import DeliveryKind, DeliveryState
from monitors.chats import ChatState, Transport
from monitors.storage import lanes
from monitors.storage.marks import mark_of, set_mark
from monitors.storage.message_ids import forget_messages
from monitors.storage.tables import chats, deliveries, dialogs, inbox

_BOT = "telegram.bot"
_MOVE = "telegram.move"
_KNOWN_BY = "telegram.webhook_secret"
_REGISTERED = "telegram.webhook"

_ON_TELEGRAM = chats.c.transport == Transport.TELEGRAM
_WAITS = (_ON_TELEGRAM, chats.c.state == ChatState.WAITING)
_OPEN = [DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.UNCERTAIN]
_OF_THE_MOMENT = [DeliveryKind.REPLY, DeliveryKind.PROGRESS]


@dataclass(frozen=True, slots=True)
class Move:
    """To another bot. `chats` had to come over, `waiting` of them still have; topics count as chats."""

    since: datetime
    chats: int
    waiting: int


def meet(connection: Connection, bot_id: int, *, now: datetime) -> Move | None:
    """Remembers who we are, before anything is heard or told; the move that begins if we were another bot."""
    known = mark_of(connection, _BOT)
    if known == str(bot_id):
        return None
    set_mark(connection, _BOT, str(bot_id))
    if known is None:
        return None
    _end_what_was_shown(connection, now=now)
    set_mark(connection, _KNOWN_BY, None)
    set_mark(connection, _REGISTERED, None)
    moving = connection.execute(
        update(chats)
        .where(_ON_TELEGRAM, chats.c.state.in_([ChatState.ACTIVE, ChatState.WAITING]))
        .values(state=ChatState.WAITING, state_reason=None, rests_until=None, lane_priority=None)
    ).rowcount
    set_mark(connection, _MOVE, json.dumps({"since": now.isoformat(), "chats": moving}))
    return Move(now, moving, moving)


def last_move(connection: Connection) -> Move | None:
    """How far the move to this bot has come; None when there was none."""
    known = mark_of(connection, _MOVE)
    if known is None:
        return None
    move = json.loads(known)
    waiting = connection.scalar(select(func.count()).select_from(chats).where(*_WAITS)) or 0
    return Move(datetime.fromisoformat(move["since"]), move["chats"], waiting)


def not_tried(connection: Connection, *, limit: int) -> list[int]:
    """Telegram's numbers of chats that have not been asked whether they know this bot already."""
    ids = select(chats.c.telegram_chat_id).where(*_WAITS, chats.c.state_reason.is_(None))
    return list(connection.scalars(ids.distinct().order_by(chats.c.telegram_chat_id).limit(limit)))


def does_not_know_us(connection: Connection, telegram_chat_id: int, reason: str) -> None:
    """The chat waits until it shows up by itself."""
    here = update(chats).where(*_WAITS, chats.c.telegram_chat_id == telegram_chat_id)
    connection.execute(here.values(state_reason=reason))


def come_over(connection: Connection, telegram_chat_id: int) -> bool:
    """The chat, with all its topics, knows this bot: it is told what waited. False when it did not wait."""
    here = update(chats).where(*_WAITS, chats.c.telegram_chat_id == telegram_chat_id)
    back = connection.scalars(here.values(state=ChatState.ACTIVE, state_reason=None).returning(chats.c.id)).all()
    lanes.refresh(connection, back)
    return bool(back)


def give_up_waiting(connection: Connection, *, now: datetime, before: datetime) -> int:
    """When the move began before then: who has not come over is not waited for any longer. Their settings stay."""
    move = last_move(connection)
    if move is None or move.since >= before or not move.waiting:
        return 0
    waiting = select(chats.c.id).where(*_WAITS)
    for state, ending in (
        (DeliveryState.HELD, DeliveryState.UNDELIVERABLE),
        (DeliveryState.PENDING, DeliveryState.UNDELIVERABLE),
        (DeliveryState.UNCERTAIN, DeliveryState.UNCONFIRMED),
    ):
        mine = update(deliveries).where(deliveries.c.chat_id.in_(waiting), deliveries.c.state == state)
        connection.execute(mine.values(state=ending, settled_at=now, error="it has not come over to the new bot"))
    connection.execute(update(chats).where(*_WAITS).values(state=ChatState.UNREACHABLE))
    return move.waiting


def webhook_secret(connection: Connection) -> str:
    """The secret of this bot's webhook, made when it is first asked for."""
    known = mark_of(connection, _KNOWN_BY)
    if known is None:
        known = secrets.token_urlsafe(32)
        set_mark(connection, _KNOWN_BY, known)
    return known


def registered_webhook(connection: Connection) -> str | None:
    """What Telegram was last told about the webhook, as `set_registered_webhook` has it."""
    return mark_of(connection, _REGISTERED)


def set_registered_webhook(connection: Connection, told: str | None) -> None:
    set_mark(connection, _REGISTERED, told)


def _end_what_was_shown(connection: Connection, *, now: datetime) -> None:
    """What the old bot heard is not answered by the new one, and its messages cannot be changed any more."""
    there = deliveries.c.chat_id.in_(select(chats.c.id).where(_ON_TELEGRAM))
    connection.execute(delete(inbox))
    connection.execute(delete(dialogs))
    connection.execute(
        update(deliveries)
        .where(there, deliveries.c.state.in_(_OPEN), deliveries.c.kind.in_(_OF_THE_MOMENT))
        .values(state=DeliveryState.DROPPED, settled_at=now, error="it belonged to the bot before")
    )
    forget_messages(connection, there)
