"""A group that becomes a supergroup while something is being sent to it: that goes along, whatever came of it."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, Row, select

from bot.outbox.outcomes import Barred, Gone, Halted, NotReady, NotSent, Outcome, Refused, RetryAt, Sent, Unknown
from bot.outbox.settling import settle
from monitors.alerts import Delivery, DeliveryKind, DeliveryState, NewDelivery
from monitors.chats import Transport
from monitors.storage.deliveries import claim, enqueue
from monitors.storage.engine import Database
from monitors.storage.settlements import recover_in_flight
from monitors.storage.supergroups import migrate
from monitors.storage.tables import chats, deliveries
from tests.rows import NOW, SECOND, a_telegram_chat

GROUP, SUPERGROUP = -5, -1005

SURELY_NOT = [
    RetryAt(3),
    Gone("Forbidden: the group chat was deleted"),
    Barred("Bad Request: not enough rights", topic=False),
    Refused("Bad Request: group chat was upgraded"),
    NotSent("no connection"),
    Halted("Unauthorized"),
]


def under_way(connection: Connection, *, met_before: bool) -> Delivery:
    """What is being sent to the group when it moves. `met_before`: its supergroup has a row of its own by then."""
    chat = a_telegram_chat(connection, GROUP)
    if met_before:
        a_telegram_chat(connection, SUPERGROUP)
    enqueue(connection, NewDelivery(chat.id, DeliveryKind.BROADCAST, {"message": {}}), now=NOW)
    (delivery,) = claim(connection, Transport.TELEGRAM, now=NOW, limit=9)
    migrate(connection, GROUP, SUPERGROUP)
    return delivery


def where_it_is(connection: Connection) -> Row[int, str, int | None]:
    there = select(chats.c.telegram_chat_id, deliveries.c.state, deliveries.c.message_id)
    return connection.execute(there.join(deliveries, deliveries.c.chat_id == chats.c.id)).one()


def next_one(connection: Connection) -> tuple[int, bool]:
    """To which chat it goes next, and whether with a mark."""
    (delivery,) = claim(connection, Transport.TELEGRAM, now=NOW + 60 * SECOND, limit=9)
    return delivery.chat.address.chat_id, delivery.repeats > 0


@pytest.mark.parametrize("met_before", [True, False])
@pytest.mark.parametrize("outcome", SURELY_NOT, ids=lambda outcome: type(outcome).__name__)
def test_what_was_not_accepted_is_told_in_the_supergroup(
    database: Database, outcome: Outcome, met_before: bool
) -> None:
    delivery = database.write_now(under_way, met_before=met_before)
    database.write_now(settle, delivery, outcome, now=NOW)
    assert database.write_now(next_one) == (SUPERGROUP, False)


@pytest.mark.parametrize("met_before", [True, False])
def test_what_may_have_arrived_is_told_there_with_a_mark(database: Database, met_before: bool) -> None:
    delivery = database.write_now(under_way, met_before=met_before)
    database.write_now(settle, delivery, Unknown("timed out"), now=NOW)
    assert database.write_now(next_one) == (SUPERGROUP, True)


@pytest.mark.parametrize("met_before", [True, False])
def test_what_was_accepted_is_told_once_and_its_number_forgotten(database: Database, met_before: bool) -> None:
    delivery = database.write_now(under_way, met_before=met_before)
    database.write_now(settle, delivery, Sent(41), now=NOW)
    found = database.read_now(where_it_is)
    assert (found.state, found.message_id) == (DeliveryState.SENT, None)


@pytest.mark.parametrize("met_before", [True, False])
async def test_what_was_still_being_made_is_told_there(database: Database, met_before: bool) -> None:
    delivery = await database.write(under_way, met_before=met_before)
    made: asyncio.Task[bytes | None] = asyncio.create_task(asyncio.sleep(0, None))
    await database.write(settle, delivery, NotReady(made), now=NOW)
    assert await database.write(next_one) == (SUPERGROUP, False)


@pytest.mark.parametrize("met_before", [True, False])
def test_what_a_killed_process_was_sending_is_told_there_with_a_mark(database: Database, met_before: bool) -> None:
    database.write_now(under_way, met_before=met_before)
    database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW)
    assert database.write_now(next_one) == (SUPERGROUP, True)
