"""How often it is tried whether Telegram takes messages again."""

from __future__ import annotations

import asyncio
import time
from unittest.mock import AsyncMock

import pytest
from telegram.error import InvalidToken, NetworkError

from bot.telegram import inbox, line, noting
from bot.telegram.line import SEVERAL, Line
from monitors.errors import DatabaseAway
from monitors.storage.engine import Database
from monitors.storage.presence import Trouble, trouble_since
from tests.bot.conftest import eventually, running
from tests.fakes.telegram import FakeTelegram


async def test_a_database_that_is_away_is_not_taken_for_telegram(caplog: pytest.LogCaptureFixture) -> None:
    telegram, stopping = AsyncMock(), asyncio.Event()
    telegram.call.return_value = {"id": 1}
    away = DatabaseAway("The database does not answer: no route to host.")
    tried = Line(telegram, AsyncMock(side_effect=[away, None]), back_off_s=0.01)
    keeping = asyncio.create_task(tried.keep_up(stopping))
    await tried.up.wait()
    stopping.set()
    await keeping
    assert "The database does not answer" in caplog.text
    assert "Telegram cannot be reached" not in caplog.text


@pytest.mark.parametrize(
    ("risked", "expected"),
    [
        (False, [1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30]),
        (True, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]),
    ],
)
async def test_tries_that_may_have_arrived_are_rarer(
    monkeypatch: pytest.MonkeyPatch, risked: bool, expected: list[float]
) -> None:
    telegram, waits = AsyncMock(), []
    telegram.call.return_value = {"id": 1}
    tried = Line(telegram, AsyncMock())

    async def pause(stopping: asyncio.Event, seconds: float | None, *, until: asyncio.Event | None = None) -> bool:
        if seconds is not None:
            waits.append(seconds)
            return False
        for chat_id in range(SEVERAL):  # what is sent while it is open
            tried.failed(chat_id, risked=risked)
        return len(waits) == len(expected)

    monkeypatch.setattr(line, "pause", pause)
    await tried.keep_up(asyncio.Event())
    assert waits == expected
    assert tried.trouble is Trouble.DEAF
    tried.worked()
    assert not tried.on_trial
    assert tried.trouble is None


@pytest.mark.parametrize("wrong", [InvalidToken(), NetworkError("no route to host")], ids=type)
async def test_once_telegram_answers_again_it_is_only_said_that_it_takes_no_messages(wrong: Exception) -> None:
    telegram, stopping = AsyncMock(), asyncio.Event()
    telegram.call.side_effect = [{"id": 1}, wrong, {"id": 1}]
    telegram.explain = str
    tried = Line(telegram, AsyncMock(), back_off_s=0.01, refused_s=0.01)
    keeping = asyncio.create_task(tried.keep_up(stopping))
    await tried.open.wait()
    for chat_id in range(SEVERAL):
        tried.failed(chat_id, risked=False)
    await eventually(lambda: telegram.call.call_count == 3 and tried.open.is_set())
    stopping.set()
    await keeping
    assert tried.on_trial
    assert tried.trouble is Trouble.DEAF


async def test_a_token_that_is_refused_is_written_down_until_one_is_accepted(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noting, "NOTED_S", 0.01)

    telegram.fail("getMe", "refuse", code=401, description="Unauthorized")
    async with running(sqlite_database, telegram):
        await eventually(lambda: (sqlite_database.read_now(trouble_since) or [None])[0] is Trouble.UNAUTHORIZED)
    async with running(sqlite_database, telegram):
        await eventually(lambda: sqlite_database.read_now(trouble_since) is None)


async def test_it_is_written_down_while_another_program_reads_the_bots_messages(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noting, "NOTED_S", 0.01)
    monkeypatch.setattr(line, "SHARED_S", 0.5)
    telegram.fail("getUpdates", "refuse", code=409, description="Conflict: terminated by other getUpdates request")
    monkeypatch.setattr("bot.telegram.inbox.CONFLICT_S", 0.05)
    async with running(sqlite_database, telegram):
        await eventually(lambda: (sqlite_database.read_now(trouble_since) or [None])[0] is Trouble.SHARED)
        await eventually(lambda: sqlite_database.read_now(trouble_since) is None)


async def test_an_outage_is_noticed_though_there_is_nothing_to_tell(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noting, "NOTED_S", 0.01)
    monkeypatch.setattr(inbox.Inbox.__init__, "__kwdefaults__", {"back_off_s": 0.01, "clock": time.monotonic})
    async with running(sqlite_database, telegram):
        telegram.say("/start")
        await telegram.wait_for(1)
        telegram.fail("getUpdates", "bad_gateway", times=inbox.DOUBTED)
        telegram.fail("getMe", "bad_gateway")
        telegram.say("/help")  # ends the poll that waits
        await eventually(lambda: (sqlite_database.read_now(trouble_since) or [None])[0] is Trouble.AWAY)
        await telegram.wait_for(2)
        await eventually(lambda: sqlite_database.read_now(trouble_since) is None)
