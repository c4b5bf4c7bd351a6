"""An alert was told when its chat first read it, whatever becomes of a later change of its message."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.outbox.outcomes import NotSent, Outcome, RetryAt, Sent, Vanished
from bot.outbox.settling import settle
from monitors.alerts import DeliveryKind
from monitors.chats import Transport
from monitors.storage.delays import delivery_counts
from monitors.storage.deliveries import claim, say_again
from monitors.storage.engine import Database
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from tests.monitors.holding import an_article
from tests.rows import NOW, SECOND, a_telegram_chat

HOUR = timedelta(hours=1)
BECAME: list[Outcome] = [Sent(1), NotSent("no connection"), RetryAt(5), Vanished("message to edit not found")]


def comes_of(database: Database, outcome: Outcome, *, at: datetime) -> None:
    for delivery in database.write_now(claim, Transport.TELEGRAM, now=at, limit=1):
        database.write_now(settle, delivery, outcome, now=at)


@pytest.mark.parametrize("of_the_change", BECAME, ids=lambda outcome: type(outcome).__name__)
def test_a_change_does_not_count_as_a_delay(database: Database, of_the_change: Outcome) -> None:
    database.write_now(add_watch, database.write_now(a_telegram_chat).id, "النفط", now=NOW)
    database.write_now(an_article, 1, now=NOW)
    comes_of(database, Sent(1), at=NOW + SECOND)
    (told,) = database.read_now(lambda connection: connection.scalars(select(deliveries.c.id)).all())
    database.write_now(say_again, told, DeliveryKind.PROGRESS)
    comes_of(database, of_the_change, at=NOW + HOUR)
    comes_of(database, Sent(2), at=NOW + 2 * HOUR)
    assert database.read_now(delivery_counts).delays_s == [1.0]
