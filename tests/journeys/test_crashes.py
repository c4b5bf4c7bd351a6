"""kill -9 of the real service at random moments, against a local outlet and a fake Bot API: nothing lost, nothing
repeated outside recorded ambiguities."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select, text

from monitors.chats import Transport
from monitors.storage.chats import list_chats
from monitors.storage.engine import Database
from monitors.storage.statistics import read_status
from monitors.storage.tables import deliveries
from tests.fakes.outlet import Outlet, serve
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.journeys.installation import Installation

KILLS = 50
LONGEST_LIFE_S = 2.0
"""After the start: long enough to poll, decide and send; kills fall anywhere in it."""

SETTLE_S = 180.0
"""A chat takes one message a second, and several may still wait after the last kill."""

MARK = "↻"


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
        for person in (7, 8):
            assert (await rasid.rasid("watch", "add", "القيارة", "--chat", str(person))).code == 0
        published: list[str] = []
        asked = 0
        for _ in range(KILLS):
            async with rasid.running() as service:
                for _ in range(chance.randint(0, 1)):
                    published.append(publish_match(outlet, len(published)))
                    outlet.publish(f"خبر لا يعني أحداً {len(published)}")
                if chance.random() < 0.3:
                    telegram.say(f"/watch add كلمة{asked}", chat_id=9, user_id=9)
                    asked += 1
                if chance.random() < 0.7:  # the others are killed somewhere in their start
                    await service.started()
                await asyncio.sleep(chance.uniform(0, LONGEST_LIFE_S))
                published.append(publish_match(outlet, len(published)))
                await asyncio.sleep(chance.uniform(0, 0.5))
                await service.kill()
        async with rasid.running() as service:
            await service.started()
            with rasid.database() as database:
                await until_idle(database, articles=len(outlet.articles))
                check(database, telegram, published, asked)
            assert await service.stop() == 0


def publish_match(outlet: Outlet, number: int) -> str:
    title = f"القيارة، الخبر رقم {number} فقط"
    outlet.publish(title)
    return title


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


def check(database: Database, telegram: FakeTelegram, published: list[str], asked: int) -> None:
    for person in (7, 8):
        told = [sent for sent in telegram.sent if sent.chat_id == person]
        plain = Counter(title for title in published for sent in told if title in sent.text and MARK not in sent.text)
        copies = Counter(title for title in published for sent in told if title in sent.text)
        assert [title for title in published if not copies[title]] == [], "lost"
        assert [title for title in plain if plain[title] > 1] == [], "repeated without a mark"
        assert max(copies.values()) <= 6
        assert not [sent for sent in told if "لا يعني" in sent.text or "قبل أن يأتي" in sent.text]
    repeats = database.read_now(lambda connection: connection.scalars(select(deliveries.c.repeats)).all())
    marked = sum(MARK in sent.text for sent in telegram.sent)
    assert marked <= sum(repeats), "a mark without a recorded ambiguity"
    answers = [sent for sent in telegram.sent if sent.chat_id == 9 and MARK not in sent.text]
    assert len(answers) <= asked
    assert len(database.read_now(list_chats, Transport.TELEGRAM)) == (3 if asked else 2)
    assert database.read_now(lambda connection: connection.scalar(text("PRAGMA quick_check"))) == "ok"
    print(f"{len(published)} matching articles, {sum(repeats)} recorded ambiguities, {marked} marked copies")  # noqa: T201
