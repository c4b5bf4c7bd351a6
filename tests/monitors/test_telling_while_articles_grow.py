"""An article is edited in one process while another takes what waits of it: neither waits for the other."""

from __future__ import annotations

import pytest

from monitors.alerts import Cause, DeliveryKind, Judgement, Verdict
from monitors.chats import Transport
from monitors.storage.deliveries import claim
from monitors.storage.engine import Database
from monitors.storage.growing import grow
from monitors.storage.merging import gather
from tests.newsroom import a_newsroom, report, sentences
from tests.rows import NOW, SECOND


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
