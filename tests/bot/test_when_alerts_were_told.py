"""An alert was told when its chat first read it, whatever becomes of a later change of its message; and what it tells
later has arrived later."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.outbox.outcomes import NotSent, Outcome, RetryAt, Sent, Unknown, Vanished
from bot.outbox.settling import settle
from monitors.alerts import DeliveryKind, OnUncertain
from monitors.chats import Transport
from monitors.storage.delays import delivery_counts
from monitors.storage.deliveries import claim, say_again
from monitors.storage.engine import Database
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from tests.monitors.holding import an_article
from tests.newsroom import a_newsroom, report, sentences
from tests.rows import NOW, SECOND, a_telegram_chat

HOUR = timedelta(hours=1)
BECAME: list[Outcome] = [Sent(1), NotSent("no connection"), RetryAt(5), Vanished("message to edit not found")]


def comes_of(
    database: Database, outcome: Outcome, *, at: datetime, then: OnUncertain = OnUncertain.RESEND_MARKED
) -> None:
    for delivery in database.write_now(claim, Transport.TELEGRAM, now=at, limit=1):
        database.write_now(settle, delivery, outcome, now=at, on_uncertain=then)


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


@pytest.mark.parametrize("then", [OnUncertain.RESEND_MARKED, OnUncertain.ASSUME_SENT])
def test_nor_does_what_may_have_arrived_in_the_place_of_a_message_that_is_gone(
    database: Database, then: OnUncertain
) -> None:
    database.write_now(add_watch, database.write_now(a_telegram_chat).id, "النفط", now=NOW)
    database.write_now(an_article, 1, now=NOW)
    comes_of(database, Sent(1), at=NOW + SECOND)
    (told,) = database.read_now(lambda connection: connection.scalars(select(deliveries.c.id)).all())
    database.write_now(say_again, told, DeliveryKind.PROGRESS)
    comes_of(database, Vanished("message to edit not found"), at=NOW + HOUR)
    comes_of(database, Unknown("timed out"), at=NOW + HOUR, then=then)
    comes_of(database, Sent(2), at=NOW + 2 * HOUR)
    assert database.read_now(delivery_counts).delays_s == [1.0]


async def test_what_is_told_again_had_arrived_when_its_article_was_edited(database: Database) -> None:
    newsroom = a_newsroom(database, "بغداد", "النفط")
    for number in range(5):
        await newsroom.prints(0, report(["بغداد", *sentences(number, 15)]))
    (digest,) = newsroom.claimed()
    assert digest.kind is DeliveryKind.DIGEST
    database.write_now(settle, digest, Sent(1), now=NOW + SECOND)
    await newsroom.edits(0, 1, report(["بغداد النفط", *sentences(0, 15)]), after=3 * HOUR)
    (alert,) = newsroom.claimed()
    database.write_now(settle, alert, Sent(2), now=NOW + 3 * HOUR + SECOND)
    assert max(database.read_now(delivery_counts).delays_s) <= 1.0
