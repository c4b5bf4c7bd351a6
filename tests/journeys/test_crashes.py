"""kill -9 of the real service at random moments, against a local outlet and a fake Bot API: nothing lost, nothing
repeated outside recorded ambiguities."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select, text

from benchmarks.telegram.fates import Told, fates, title
from monitors.chats import Transport
from monitors.storage.chats import list_chats
from monitors.storage.engine import Database
from monitors.storage.statistics import read_status
from monitors.storage.tables import deliveries
from tests.fakes.outlet import serve
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.journeys.installation import Installation

KILLS = 50
LONGEST_LIFE_S = 0.8
"""After Telegram was reached: long enough to poll, decide and send; kills fall anywhere in it."""

SETTLE_S = 180.0
"""A chat takes one message a second, and several may still wait after the last kill."""

PEOPLE = (7, 8)
MATCHING = "عودة أهالي القيارة"


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_fifty_kills_lose_nothing_and_repeat_nothing_unmarked(rasid: Installation) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201  # shown when the test fails
    chance = random.Random(seed)
    async with serve() as outlet, FakeTelegram() as telegram:
        outlet.entries_in_feed = 1000  # what leaves the feed while nobody looks cannot be found by anybody
        rasid.allow(outlet.url)
        rasid.tell(telegram.base_url, TOKEN)
        outlet.publish("القيارة قبل أن يأتي أحد")
        assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        for person in PEOPLE:
            assert (await rasid.rasid("watch", "add", "القيارة", "--chat", str(person))).code == 0
        published = asked = 0
        for _ in range(KILLS):
            async with rasid.running() as service:
                for _ in range(chance.choice((0, 0, 1, 1, 6))):  # six are told together, or some of them
                    outlet.publish(title(published := published + 1, MATCHING))
                if chance.random() < 0.3:
                    outlet.publish(f"خبر لا يعني أحداً {published}")
                if chance.random() < 0.3:
                    telegram.say(f"/watch add كلمة{asked}", chat_id=9, user_id=9)
                    asked += 1
                if chance.random() < 0.7:  # the others are killed somewhere in their start
                    await service.wrote("connected as")
                await asyncio.sleep(chance.uniform(0, LONGEST_LIFE_S))
                outlet.publish(title(published := published + 1, MATCHING))
                await asyncio.sleep(chance.uniform(0, 0.3))
                await service.kill()
        async with rasid.running() as service:
            await service.started()
            with rasid.database() as database:
                await until_idle(database, articles=len(outlet.articles))
                check(database, telegram, published, asked)
            assert await service.stop() == 0


async def until_idle(database: Database, *, articles: int) -> None:
    deadline = time.monotonic() + SETTLE_S
    while True:
        status = await database.read(read_status, now=datetime.now(UTC))
        waiting = await database.read(unsaid)
        if sum(status.articles.values()) >= articles and status.is_idle and not waiting:
            return
        assert time.monotonic() < deadline, f"of {articles} articles: {status}; {waiting} deliveries wait"
        await asyncio.sleep(0.2)


def unsaid(connection: Connection) -> int:
    """Deliveries of any kind that are still on their way."""
    waiting = select(deliveries.c.id).where(deliveries.c.state.in_(["pending", "sending", "uncertain"]))
    return len(connection.execute(waiting).all())


def check(database: Database, telegram: FakeTelegram, published: int, asked: int) -> None:
    alerts = [(person, number) for person in PEOPLE for number in range(1, published + 1)]
    told = [Told(sent.chat_id, sent.text) for sent in telegram.sent]
    found = fates([message for message in told if message.chat_id in PEOPLE])
    assert found.lost(alerts) == []
    assert found.repeated_unmarked == []
    assert found.most_copies <= 6
    assert found.together, "nothing was told together"
    assert not [message for message in told if "لا يعني" in message.text or "قبل أن يأتي" in message.text]
    repeats = database.read_now(lambda connection: connection.scalars(select(deliveries.c.repeats)).all())
    marked = sum(message.marked for message in told)
    assert marked <= sum(repeats), "a mark without a recorded ambiguity"
    assert sum(message.chat_id == 9 and not message.marked for message in told) <= asked
    assert len(database.read_now(list_chats, Transport.TELEGRAM)) == (3 if asked else 2)
    assert database.read_now(lambda connection: connection.scalar(text("PRAGMA quick_check"))) == "ok"
    print(f"{published} matching articles, {sum(repeats)} recorded ambiguities, {marked} marked copies")  # noqa: T201
