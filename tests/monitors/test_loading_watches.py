from __future__ import annotations

import asyncio
import logging

import pytest

from monitors import watching
from monitors.chats import Transport
from monitors.roles import RoleContext
from monitors.service import decide_pending
from monitors.settings import Settings
from monitors.storage.articles import save
from monitors.storage.deliveries import claim
from monitors.storage.engine import Database
from monitors.storage.watches import add_watch, add_watches
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches
from monitors.watchlists import NewWatch
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet, remove_watch


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PAGE", 10)
    monkeypatch.setattr(watching, "SLICE_S", 0.0)


def watch_all(database: Database, queries: list[str], chat: int = 7) -> list[int]:
    holder = database.write_now(a_telegram_chat, chat)
    added = database.write_now(add_watches, holder.id, [NewWatch(query) for query in queries], now=NOW)
    return [watch.id for watch in added.watches]


def met(watches: StandingWatches, text: str) -> list[int]:
    return [match.watch_id for match in watches.lanes.first.match({"text": text})]


@pytest.mark.usefixtures("small_pages")
async def test_all_watches_stand_after_many_pages_and_the_loop_turns_meanwhile(database: Database) -> None:
    ids = watch_all(database, [f"خبر{number}" for number in range(95)])
    turns = 0

    async def other_work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(other_work())
    watches = StandingWatches()
    assert await watches.catch_up(database, asyncio.Event())
    other.cancel()
    assert len(watches.lanes) == 95
    assert met(watches, "خبر0 خبر94") == [ids[0], ids[94]]
    assert turns >= 95


@pytest.mark.usefixtures("small_pages")
async def test_the_log_says_how_many_watches_are_loaded_while_articles_wait(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_TOLD_EVERY_S", -1.0)
    watch_all(database, [f"خبر{number}" for number in range(25)])
    with caplog.at_level(logging.INFO, logger="monitors.watching"):
        await StandingWatches().catch_up(database, asyncio.Event())
    assert [record.getMessage().partition(" after")[0] for record in caplog.records] == [
        "loading watches: 10 of 25; articles wait until all stand",
        "loading watches: 20 of 25; articles wait until all stand",
        "25 watches stand",
    ]


@pytest.mark.usefixtures("small_pages")
async def test_catching_up_again_takes_in_what_changed_since(database: Database) -> None:
    watch_all(database, [f"خبر{number}" for number in range(25)])
    watches = StandingWatches()
    await watches.catch_up(database, asyncio.Event())
    chat = database.write_now(a_telegram_chat)
    database.write_now(remove_watch, chat.id, "خبر3", now=NOW)
    added, _ = database.write_now(add_watch, chat.id, "بغداد", now=NOW)
    assert await watches.catch_up(database, asyncio.Event())
    assert met(watches, "خبر3 بغداد") == [added.id]


@pytest.mark.usefixtures("small_pages")
async def test_loading_ends_soon_when_the_service_is_to_stop_and_no_article_is_decided(database: Database) -> None:
    watch_all(database, [f"خبر{number}" for number in range(25)])
    outlet, _ = database.write_now(an_outlet)
    database.write_now(save, [a_new_article(outlet, title="خبر24")], now=NOW)
    context = RoleContext(Settings(), database, Wakeups(), asyncio.Event())
    context.stopping.set()
    watches = StandingWatches()
    assert await decide_pending(context, watches) == 0
    assert len(watches.lanes) < 25
    context.stopping.clear()
    assert await decide_pending(context, watches) == 1
    assert len(database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)) == 1


async def test_people_who_ask_the_same_are_told_each(database: Database) -> None:
    for chat in (1, 2, 3):
        watch_all(database, ["بغداد"], chat)
    outlet, _ = database.write_now(an_outlet)
    database.write_now(save, [a_new_article(outlet, title="أمطار في بغداد")], now=NOW)
    await decide_pending(RoleContext(Settings(), database, Wakeups(), asyncio.Event()), StandingWatches())
    told = database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9)
    assert sorted(delivery.chat.address.chat_id for delivery in told) == [1, 2, 3]


async def test_words_of_the_archive_are_known_before_watches_are_hung(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    for number in range(20):
        database.write_now(save, [a_new_article(outlet, number, title="القيارة", text=f"خبر {number}")], now=NOW)
    watches = StandingWatches()
    await watches.catch_up(database, asyncio.Event())
    assert watches.lanes.first.rarity("القيارة") > watches.lanes.first.rarity("كوكبنا")
