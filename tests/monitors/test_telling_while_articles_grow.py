"""An article is edited in one process while another takes what waits of it: neither waits for the other."""

from __future__ import annotations

import pytest

from monitors.alerts import Cause, DeliveryKind, Judgement, NewDelivery, Verdict
from monitors.chats import Transport
from monitors.storage import lanes
from monitors.storage.deliveries import claim, enqueue
from monitors.storage.engine import Database
from monitors.storage.growing import grow
from monitors.storage.merging import gather
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
