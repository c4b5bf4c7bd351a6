"""An article is edited in one process while another takes what waits of it: neither waits for the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from monitors.alerts import Cause, DeliveryKind, DeliveryState, Judgement, NewDelivery, Verdict
from monitors.chats import Transport
from monitors.releasing import change_rules, release_due
from monitors.storage import lanes
from monitors.storage.deliveries import claim, enqueue
from monitors.storage.engine import Database
from monitors.storage.growing import grow
from monitors.storage.held import held_of
from monitors.storage.merging import gather
from monitors.storage.subjects import out_of_date
from monitors.storage.subscriptions import subscriptions_of
from monitors.storage.tables import alerts, deliveries, retellings
from monitors.storage.watches import add_watch, set_state
from monitors.subscriptions import Mode, Rules
from monitors.watchlists import WatchState
from tests.monitors.holding import an_article
from tests.newsroom import a_newsroom, report, sentences
from tests.rows import NOW, SECOND, a_telegram_chat


async def test_what_waits_is_told_together(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file has one writer")
    newsroom = a_newsroom(database, "بغداد")
    for number in range(5):
        await newsroom.prints(0, report(["بغداد", *sentences(number, 15)]))
    told = {newsroom.chat.id: Judgement(newsroom.chat.id, Verdict.NOW, Cause.TAKEN)}
    with database.engine.begin() as deciding, database.engine.begin() as telling:
        grow(deciding, 1, told, now=NOW)
        telling.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
        claimed = claim(telling, Transport.TELEGRAM, now=NOW + 60 * SECOND, limit=1)
        (digest,) = gather(telling, claimed, now=NOW)
    assert digest.kind is DeliveryKind.DIGEST


async def test_a_message_that_is_made_meanwhile_is_changed_then(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file has one writer")
    newsroom = a_newsroom(database, "بغداد", "النفط")
    await newsroom.prints(0, report(["بغداد", *sentences(1, 15)]))
    told = {newsroom.chat.id: Judgement(newsroom.chat.id, Verdict.NOW, Cause.TAKEN)}
    with database.engine.begin() as deciding:
        grow(deciding, 1, told, now=NOW)
        (delivery,) = newsroom.claimed()
        newsroom.accept(delivery, meanwhile=deciding.commit)
    assert [one.delivery_id for one in database.read_now(out_of_date, now=NOW)] == [delivery.id]


async def test_what_a_change_lets_go_may_grow_before_it_touches_their_lane(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file has one writer")
    newsroom, text = a_newsroom(database, "بغداد", "النفط", "الموصل"), sentences(1, 15)
    for outlet in (0, 1):
        await newsroom.prints(outlet, report(["بغداد النفط", *text]))
        newsroom.tell()
    await newsroom.edits(0, 1, report(["بغداد الموصل", *text]), after=60 * SECOND)
    await newsroom.prints(2, report(["بغداد", *text]), after=61 * SECOND)
    told_again = {"article_id": 3, "version": 1, "told_id": 1, "told_version": 2}
    database.write_now(lambda connection: connection.execute(retellings.insert().values(told_again)))
    while not (changes := newsroom.claimed()):
        pass
    with database.engine.begin() as deciding, ThreadPoolExecutor(1) as telling:
        deciding.execute(select(alerts.c.id).where(alerts.c.article_id == 2).with_for_update(key_share=True))
        settled = telling.submit(newsroom.accept, *changes)
        with pytest.raises(TimeoutError):
            settled.result(0.3)
        deciding.exec_driver_sql("SET LOCAL lock_timeout = '400ms'")
        lanes.refresh(deciding, [newsroom.chat.id])
        deciding.commit()
        settled.result(9)
    assert newsroom.states() == [DeliveryState.SENT, DeliveryState.HELD, DeliveryState.MERGED]


def test_a_lane_that_another_process_makes_is_left_to_it(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file has one writer")
    mine, others = (database.write_now(a_telegram_chat, number).id for number in (7, 8))
    for chat_id in (mine, others):
        database.write_now(enqueue, NewDelivery(chat_id, DeliveryKind.NOTICE, {}), now=NOW)
    with database.engine.begin() as deciding, database.engine.begin() as telling:
        lanes.refresh(deciding, [others])
        telling.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
        assert [one.chat.id for one in claim(telling, Transport.TELEGRAM, now=NOW, limit=9)] == [mine]
    assert [one.chat.id for one in database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)] == [others]


def test_rules_that_change_wait_for_an_article_that_grows_before_they_touch_what_it_needs(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file has one writer")
    chat = database.write_now(a_telegram_chat)
    database.write_now(add_watch, chat.id, "النفط", now=NOW)
    (subscription,) = database.read_now(subscriptions_of, chat.id)
    daily = Rules(Mode.DAILY, digest_at=18 * 60)
    database.write_now(change_rules, subscription, daily, zone="UTC", now=NOW)
    database.write_now(an_article, 1, now=NOW)
    (held,) = database.read_now(held_of, subscription.id, now=NOW)
    with database.engine.begin() as deciding, ThreadPoolExecutor(1) as telling:
        deciding.execute(select(alerts.c.id).with_for_update(key_share=True))
        changed = telling.submit(database.write_now, change_rules, subscription, Rules(), zone="UTC", now=NOW)
        with pytest.raises(TimeoutError):
            changed.result(0.3)
        deciding.execute(update(deliveries).where(deliveries.c.id == held.delivery_id).values(silent=True))
        deciding.commit()
        changed.result(9)


def test_what_is_released_waits_for_an_article_that_grows_before_it_touches_what_that_needs(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("a file has one writer")
    chat = database.write_now(a_telegram_chat)
    watch, _ = database.write_now(add_watch, chat.id, "النفط", now=NOW)
    (subscription,) = database.read_now(subscriptions_of, chat.id)
    daily = Rules(Mode.DAILY, digest_at=18 * 60)
    database.write_now(change_rules, subscription, daily, zone="UTC", now=NOW)
    database.write_now(an_article, 1, now=NOW)
    (held,) = database.read_now(held_of, subscription.id, now=NOW)
    database.write_now(set_state, watch, WatchState.PAUSED, now=NOW)
    with database.engine.begin() as deciding, ThreadPoolExecutor(1) as telling:
        deciding.execute(select(alerts.c.id).with_for_update(key_share=True))
        released = telling.submit(database.write_now, release_due, zone="UTC", now=NOW + 7 * 3600 * SECOND)
        with pytest.raises(TimeoutError):
            released.result(0.3)
        deciding.execute(update(deliveries).where(deliveries.c.id == held.delivery_id).values(silent=True))
        deciding.commit()
        assert released.result(9) == 1
