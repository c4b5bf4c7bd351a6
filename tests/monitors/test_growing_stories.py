"""What a chat was told grows: one message about a story, whoever else tells it and whatever else it comes to meet."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, select, update

from monitors.alerts import Cause, DeliveryState, Judgement, Match, Verdict
from monitors.chats import Chat, Transport
from monitors.storage.alerts import get_alert
from monitors.storage.articles import save
from monitors.storage.decisions import record_decision
from monitors.storage.deliveries import claim
from monitors.storage.engine import Database
from monitors.storage.settlements import settle_sent
from monitors.storage.subjects import out_of_date
from monitors.storage.tables import alerts, articles, deliveries
from monitors.storage.watches import add_watch
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet

SOON, LATER, AT_NIGHT = NOW + 60 * SECOND, NOW + 120 * SECOND, NOW + 36_000 * SECOND


@pytest.fixture
def chat(database: Database) -> Chat:
    chat = database.write_now(a_telegram_chat)
    database.write_now(add_watch, chat.id, "النفط", now=NOW)
    return chat


def told_by(connection: Connection, outlet_name: str, judgements: Sequence[Judgement], /) -> list[int]:
    """Another outlet tells the story; the alerts to be told."""
    outlet, _ = an_outlet(connection, outlet_name)
    (article_id,) = save(connection, [a_new_article(outlet, title="النفط")], now=NOW)
    first = connection.scalar(select(articles.c.story_id).where(articles.c.story_id.is_not(None)))
    connection.execute(update(articles).where(articles.c.id == article_id).values(story_id=first))
    return record_decision(connection, article_id, [Match(1, {"title": ((0, 5),)})], judgements, now=SOON)


def now(chat: Chat) -> list[Judgement]:
    return [Judgement(chat.id, Verdict.NOW, Cause.TAKEN, 1)]


def told(database: Database) -> list[int]:
    """What waits goes out, as message 77."""
    claimed = database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    for delivery in claimed:
        database.write_now(settle_sent, delivery.id, 77, now=NOW)
    return [delivery.id for delivery in claimed]


def state(database: Database) -> DeliveryState:
    return DeliveryState(database.read_now(lambda connection: connection.scalars(select(deliveries.c.state)).one()))


def test_another_outlet_is_added_to_the_message_instead_of_a_second_one(database: Database, chat: Chat) -> None:
    (alert_id,) = database.write_now(told_by, "one", now(chat))
    assert told(database) == [1]
    assert database.write_now(told_by, "two", now(chat)) == []
    assert [one.outlet_name for one in database.read_now(get_alert, alert_id).also] == ["two"]
    assert [message.delivery_id for message in database.read_now(out_of_date, now=LATER)] == [1]
    assert told(database) == []


def test_what_is_still_to_be_told_says_it_at_once(database: Database, chat: Chat) -> None:
    (alert_id,) = database.write_now(told_by, "one", now(chat))
    database.write_now(told_by, "two", now(chat))
    assert len(database.read_now(get_alert, alert_id).also) == 1
    assert database.read_now(out_of_date, now=LATER) == []


def test_what_was_told_in_a_digest_stays_as_it_is(database: Database, chat: Chat) -> None:
    database.write_now(told_by, "one", now(chat))
    database.write_now(lambda connection: connection.execute(update(deliveries).values(state="merged", told_in=9)))
    database.write_now(told_by, "two", now(chat))
    assert database.read_now(out_of_date, now=LATER) == []
    assert state(database) is DeliveryState.MERGED


def test_what_was_dropped_is_told_when_somebody_wants_to_hear_of_it(database: Database, chat: Chat) -> None:
    (alert_id,) = database.write_now(told_by, "one", [Judgement(chat.id, Verdict.DROPPED, Cause.WATCH_MUTED, 1)])
    assert state(database) is DeliveryState.DROPPED
    assert database.write_now(told_by, "two", now(chat)) == [alert_id]
    assert state(database) is DeliveryState.PENDING
    reasons = database.read_now(lambda connection: connection.scalars(select(alerts.c.reason)).all())
    assert reasons == [Cause.TAKEN]


def test_what_waits_for_a_digest_is_told_when_somebody_wants_it_at_once(database: Database, chat: Chat) -> None:
    held = [Judgement(chat.id, Verdict.DIGEST, Cause.TAKEN, 1, due_at=AT_NIGHT)]
    (alert_id,) = database.write_now(told_by, "one", held)
    assert database.write_now(told_by, "two", held) == []
    assert database.write_now(told_by, "three", now(chat)) == [alert_id]
    assert state(database) is DeliveryState.PENDING


def test_nothing_is_added_for_whoever_muted_the_story(database: Database, chat: Chat) -> None:
    (alert_id,) = database.write_now(told_by, "one", now(chat))
    database.write_now(told_by, "two", [Judgement(chat.id, Verdict.DROPPED, Cause.STORY_MUTED, 1)])
    assert database.read_now(get_alert, alert_id).also == ()
