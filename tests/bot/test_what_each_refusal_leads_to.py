"""Every way in which the Bot API refuses to send, all the way: what becomes of what was to be said, of the place, and
who is told of it, once. Its texts are those of `test_every_refusal.py`, which says what we make of each.
"""

from __future__ import annotations

from pydantic import SecretStr
from sqlalchemy import Connection, select, update

from bot.outbox.outcomes import Outcome
from bot.outbox.settling import settle
from bot.telegram.api import BotApi
from bot.telegram.sending import attempt
from monitors.alerts import DeliveryKind, DeliveryState, NewDelivery
from monitors.chats import ChatAddress, ChatState, Transport
from monitors.storage.chats import ensure_chat, keep
from monitors.storage.deliveries import claim, enqueue
from monitors.storage.engine import Database
from monitors.storage.subscriptions import subscribe
from monitors.storage.tables import chats, deliveries
from monitors.storage.watches import add_watch
from tests.bot.test_every_refusal import TABLE, TOPIC, a_message
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, a_telegram_chat

SARA = 7

_WAITS = (DeliveryState.PENDING, DeliveryState.PENDING)
_REFUSED = (DeliveryState.UNDELIVERABLE, DeliveryState.UNDELIVERABLE)

LEADS_TO: dict[str, tuple[tuple[DeliveryState, DeliveryState], ChatState, str | None]] = {
    "Gone": (_WAITS, ChatState.UNREACHABLE, "gone"),
    "Barred": (_WAITS, ChatState.BARRED, "rights"),
    "Migrated": ((DeliveryState.SENT, DeliveryState.PENDING), ChatState.ACTIVE, None),
    "Refused": (_REFUSED, ChatState.ACTIVE, None),
    "RetryAt": (_WAITS, ChatState.ACTIVE, None),
    "Halted": (_WAITS, ChatState.ACTIVE, None),
    "NotSent": (_WAITS, ChatState.ACTIVE, None),
    "Unknown": ((DeliveryState.UNCERTAIN, DeliveryState.PENDING), ChatState.ACTIVE, None),
}
"""By what we make of a text, after two turns of the place's lane: the delivery that was refused and the one behind it;
the place; and the trouble of which whoever manages it is told. Of what is wrong with the bot as a whole (401, 404, 409)
the log tells, and of what was refused for itself `/status`."""


def a_place(connection: Connection, chat_id: int, thread_id: int) -> int:
    """Where a watchlist of Sara's is told, and two things wait, in a topic if there is one; its id."""
    address = ChatAddress(Transport.TELEGRAM, chat_id, thread_id)
    place = ensure_chat(connection, address, now=NOW, language="en", title="Markets", kind="supergroup")
    sara = a_telegram_chat(connection, SARA)
    keep(connection, place.id, sara.id)
    watch, _ = add_watch(connection, sara.id, "oil", now=NOW)
    subscribe(connection, place.id, watchlist_id=watch.watchlist_id, now=NOW)
    for number in range(2):
        enqueue(connection, NewDelivery(place.id, DeliveryKind.BROADCAST, {"message": {}, "n": number}), now=NOW)
    return place.id


def found(connection: Connection, place_id: int) -> tuple[list[DeliveryState], ChatState, str | None, int]:
    """States of both, the state, reason and Telegram number of the place."""
    mine = select(deliveries.c.state).where(deliveries.c.chat_id == place_id).order_by(deliveries.c.id)
    chat = connection.execute(select(chats).where(chats.c.id == place_id)).one()
    states = [DeliveryState(state) for state in connection.scalars(mine)]
    return states, ChatState(chat.state), chat.state_reason, chat.telegram_chat_id


def told(connection: Connection) -> list[str]:
    """The troubles that Sara is told of, taken from what waits for her."""
    rows = connection.execute(
        update(deliveries)
        .where(deliveries.c.kind == DeliveryKind.NOTICE, deliveries.c.state != DeliveryState.SENT)
        .values(state=DeliveryState.SENT)
        .returning(deliveries.c.payload)
    )
    return [row.payload["trouble"] for row in rows]


async def test_each_text_is_met_by_the_delivery_the_place_and_whoever_manages_it(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    api = BotApi(SecretStr(telegram.token), telegram.base_url)
    wrong = []
    for number, (code, text, parameters, kind) in enumerate(TABLE, 1):
        topic = any(text.endswith(one) for one in TOPIC)
        place = ChatAddress(Transport.TELEGRAM, -1000 - number, 3 if topic else 0)
        place_id = sqlite_database.write_now(a_place, place.chat_id, place.thread_id)
        telegram.fail(
            "sendMessage", "refuse", times=-1, chat_id=place.chat_id, code=code, description=text, **parameters
        )
        for _ in range(2):
            await _one_attempt(sqlite_database, api, place_id)
        states, state, reason, chat_id = sqlite_database.read_now(found, place_id)
        (first, second), expected, trouble = LEADS_TO[kind.__name__]
        if topic:
            trouble = "topic_closed" if "CLOSED" in text else "topic_deleted"
        heard = sqlite_database.write_now(told)
        moved = parameters.get("migrate_to_chat_id", place.chat_id)
        if (states, state, chat_id, heard) != ([first, second], expected, moved, [trouble] if trouble else []):
            wrong.append((text, states, state, chat_id, heard))
        assert (reason is None) == (expected is ChatState.ACTIVE)
    await api.close_connections()
    assert wrong == []


async def _one_attempt(database: Database, api: BotApi, place_id: int) -> Outcome | None:
    """The lane's next delivery, if it is its turn; everybody else's lane is left alone."""
    for delivery in database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=100):
        if delivery.chat.id == place_id:
            outcome = await attempt(api, delivery.chat.address, a_message())
            database.write_now(settle, delivery, outcome, now=NOW)
            return outcome
    return None
