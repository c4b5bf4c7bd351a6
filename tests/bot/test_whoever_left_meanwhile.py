"""Somebody is deleted while something is being sent to them: what became of it is written all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.outbox.outcomes import Outcome, Refused, Sent, Unknown
from bot.outbox.settling import settle
from monitors.alerts import Delivery, DeliveryKind, NewDelivery
from monitors.chats import Transport
from monitors.storage.deliveries import claim, enqueue
from monitors.storage.engine import Database
from monitors.storage.leaving import begin_leaving, leave_on
from tests.rows import NOW, a_telegram_chat

LATER = NOW + timedelta(minutes=2)
SARA = 5


def under_way(connection: Connection) -> Delivery:
    chat = a_telegram_chat(connection, SARA)
    enqueue(connection, NewDelivery(chat.id, DeliveryKind.BROADCAST, {"message": {}}), now=NOW)
    (delivery,) = claim(connection, Transport.TELEGRAM, now=NOW, limit=9)
    return delivery


@pytest.mark.parametrize("outcome", [Sent(41), Refused("Bad Request"), Unknown("timed out")])
def test_it_is_settled_as_if_it_had_been_there(database: Database, outcome: Outcome) -> None:
    delivery = database.write_now(under_way)
    database.write_now(begin_leaving, SARA, now=NOW)
    while database.write_now(leave_on, SARA, now=LATER):
        pass
    assert database.write_now(settle, delivery, outcome, now=LATER) == 0.0
