"""What one person has looked up keeps nobody else waiting, and ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.screens import account, watch_lists_sent
from bot.telegram import at_work
from bot.telegram.lookups import AT_ONCE, HOUR_S, Lookups
from monitors.settings import LimitSettings
from monitors.storage.engine import Database
from monitors.storage.watches import list_watches
from monitors.watch_files import read_watches
from tests.bot.conftest import RunningBot, eventually, pressed, running, said, settings_for
from tests.fakes.telegram import FakeTelegram


class Slow:
    """Lookups that work until they are let go."""

    def __init__(self) -> None:
        self.working = 0
        self.go = threading.Event()

    def __call__(self, _: Connection) -> None:
        self.working += 1
        self.go.wait(10)


@contextmanager
def slow() -> Iterator[Slow]:
    work = Slow()
    try:
        yield work
    finally:
        work.go.set()


async def test_of_one_person_one_is_worked_on_and_of_everybody_two(sqlite_database: Database) -> None:
    lookups = Lookups(sqlite_database)
    with slow() as work:
        tasks = [asyncio.create_task(lookups.read(who, work)) for who in (1, 1, 1, 2, 3)]
        await eventually(lambda: work.working == AT_ONCE)
        assert await sqlite_database.read(lambda _: "answered") == "answered"
        assert work.working == AT_ONCE
    await asyncio.gather(*tasks)
    assert work.working == 5


async def test_one_that_nobody_waits_for_keeps_its_place_until_it_is_done(sqlite_database: Database) -> None:
    lookups = Lookups(sqlite_database)
    with slow() as work:
        first = asyncio.create_task(lookups.read(1, work))
        await eventually(lambda: work.working == 1)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        second = asyncio.create_task(lookups.read(1, work))
        await sqlite_database.read(lambda _: None)
        assert work.working == 1
    await second


def test_an_hour_later_there_is_room_again(sqlite_database: Database) -> None:
    now = 0.0
    lookups = Lookups(sqlite_database, clock=lambda: now)
    assert [lookups.take(1, 2) for _ in range(2)] == [None, None]
    now = 600.0
    refused = lookups.take(1, 2)
    assert refused is not None
    assert refused.again_in_s == HOUR_S - 600
    assert lookups.take(2, 2) is None
    now = HOUR_S
    assert lookups.take(1, 2) is None


@pytest.mark.parametrize(
    ("module", "reader", "name", "content"),
    [
        (
            account,
            "read_account",
            "rasid-account.json",
            b'{"rasid": 1, "watchlists": [{"watches": [{"query": "oil"}]}]}',
        ),
        (
            account,
            "restorable",
            "rasid-account.json",
            b'{"rasid": 1, "watchlists": [{"watches": [{"query": "oil"}]}]}',
        ),
        (watch_lists_sent, "read_watches", "oil.txt", b"oil"),
        (watch_lists_sent, "admit", "oil.txt", b"oil"),
    ],
)
async def test_files_are_read_while_others_write(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch, module: object, reader: str, name: str, content: bytes
) -> None:
    read = getattr(module, reader)

    def read_beside(*args: Any, **named: Any) -> Any:
        bot.database.write_now(lambda connection: None)
        return read(*args, **named)

    monkeypatch.setattr(module, reader, read_beside)
    await said(bot, "/start", language_code="en")
    bot.telegram.share(name, content)
    (_, shown) = await bot.telegram.wait_for(2)
    await pressed(bot, shown.labels[0])
    await bot.telegram.wait_until(lambda: shown.edits > 0)
    assert [watch.query for watch in bot.database.read_now(list_watches)] == ["oil"]


async def test_who_had_all_is_told_when_there_is_more(sqlite_database: Database, telegram: FakeTelegram) -> None:
    settings = settings_for(telegram, admins=(42,)).model_copy(update={"limits": LimitSettings(searches_per_hour=1)})
    async with running(sqlite_database, telegram, settings) as bot:
        assert "Nothing found" in (await said(bot, "/search غزة", language_code="en")).text
        told = (await said(bot, "/search غزة")).text
        assert told == "You had 1 lookup in the last hour. The next is possible in 60 minutes."
        assert await pressed(bot, "Week") == told
        assert "Welcome" in (await said(bot, "/start")).text
        for _ in range(3):
            assert "Nothing found" in (await said(bot, "/search غزة", chat_id=42, user_id=42, language_code="en")).text


async def test_who_waits_for_long_sees_that_it_is_worked_on(bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def read_slowly(*args: Any, **named: Any) -> Any:
        go.wait(10)
        return read_watches(*args, **named)

    monkeypatch.setattr(at_work, "SHOWN_AFTER_S", 0.0)
    monkeypatch.setattr(watch_lists_sent, "read_watches", read_slowly)
    bot.telegram.share("oil.txt", b"oil", language_code="en")
    typing = ("sendChatAction", "typing")
    await eventually(lambda: typing in [(method, given.get("action")) for method, given in bot.telegram.calls])
    assert bot.telegram.sent == []
    go.set()
    (shown,) = await bot.telegram.wait_for(1)
    assert "1 watch can be added." in shown.text
