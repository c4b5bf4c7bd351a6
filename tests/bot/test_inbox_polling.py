"""The inbox: stored before confirmed, whatever happens in between."""

from __future__ import annotations

import asyncio
import time
from unittest.mock import AsyncMock, Mock

import pytest
from pydantic import SecretStr

from bot.telegram import inbox
from bot.telegram.api import BotApi
from bot.telegram.inbox import QUIET_S, Inbox, scrubbed
from bot.telegram.inline import InlineMode
from bot.telegram.line import Line
from bot.telegram.lookups import Lookups
from monitors.chats import ChatState, Transport
from monitors.roles import RoleContext
from monitors.storage.chats import list_chats
from monitors.storage.engine import Database
from monitors.storage.inbox import payload_of, store_updates
from monitors.wakeups import Wakeups
from tests.bot.conftest import RunningBot, eventually, running, settings_for
from tests.fakes.telegram import FakeTelegram


async def test_updates_are_confirmed_only_after_they_are_stored(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried = asyncio.Event()
    real = store_updates

    def full_disk(*_: object, **__: object) -> int:
        bot_loop.call_soon_threadsafe(tried.set)
        raise OSError("no space left on device")

    bot_loop = asyncio.get_running_loop()
    monkeypatch.setattr(inbox, "store_updates", full_disk)
    bot.telegram.say("/start")
    await tried.wait()
    assert bot.telegram.unconfirmed == 1
    monkeypatch.setattr(inbox, "store_updates", real)
    await bot.telegram.wait_for(1)
    await bot.telegram.wait_until(lambda: bot.telegram.unconfirmed == 0)
    assert "could not be stored" in caplog.text


async def test_what_was_written_while_nobody_listened_is_answered_after_a_start(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    telegram.say("/start")
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)
    telegram.say("/help")
    telegram.push({"update_id": 3, "message": {"message_id": 1, "chat": {"id": 7, "type": "private"}}})
    async with running(sqlite_database, telegram):
        await telegram.wait_for(2)
        await telegram.wait_until(lambda: telegram.unconfirmed == 0)
    assert len(telegram.sent) == 2


async def test_blocking_and_unblocking_changes_the_chat(bot: RunningBot) -> None:
    bot.telegram.say("/start")
    await bot.telegram.wait_for(1)
    bot.telegram.block()
    await _until_state(bot, ChatState.UNREACHABLE)
    bot.telegram.unblock()
    await _until_state(bot, ChatState.ACTIVE)


async def test_a_second_reader_of_the_same_bot_is_reported(
    sqlite_database: Database,
    telegram: FakeTelegram,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(inbox, "CONFLICT_S", 0.05)
    telegram.fail("getUpdates", "refuse", times=3, code=409, description="Conflict: terminated by other")
    telegram.say("/start")
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)
    assert caplog.text.count("Another program is reading this bot's messages") == 1


async def test_a_webhook_that_somebody_else_gave_telegram_is_reported_as_such(
    bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    webhook = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
    bot.telegram.fail("getUpdates", "refuse", code=409, description=webhook)
    bot.telegram.say("/start")
    await eventually(lambda: "Another program gave Telegram a webhook for this bot" in caplog.text)
    assert "restart" in caplog.text
    assert "two Rasids" not in caplog.text


async def test_a_token_that_is_refused_is_reported_and_the_role_goes_on(
    sqlite_database: Database, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_for(telegram)
    telegram.token = "another:token"
    async with running(sqlite_database, telegram, settings):
        await eventually(lambda: "does not accept the bot token" in caplog.text)
    secret = settings.telegram.token
    assert secret is not None
    assert secret.get_secret_value() not in caplog.text


async def test_listening_survives_every_kind_of_failure(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox.Inbox.__init__, "__kwdefaults__", {"back_off_s": 0.01, "clock": time.monotonic})
    for how in ("bad_gateway", "reset_before", "garbage_after"):
        telegram.fail("getUpdates", how)
    telegram.fail("getUpdates", "refuse", code=500, description="Internal Server Error")
    telegram.say("/start")
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)


async def test_telegram_says_when_it_may_be_asked_again(sqlite_database: Database, telegram: FakeTelegram) -> None:
    telegram.fail("getUpdates", "refuse", code=429, description="Too Many Requests: retry after 1", retry_after=1)
    telegram.say("/start")
    began = time.monotonic()
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)
    assert 1 <= time.monotonic() - began < 4


async def test_update_numbers_may_start_anew_after_days_of_silence(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.api.LONG_POLL_S", 1)
    now = 0.0
    context = RoleContext(settings_for(telegram), sqlite_database, Wakeups(), asyncio.Event())
    api = BotApi(SecretStr(telegram.token), telegram.base_url)
    line = Line(api, AsyncMock())
    line.up.set()

    def offsets() -> list[int | None]:
        return [arguments.get("offset") for name, arguments in telegram.calls if name == "getUpdates"]

    listening = asyncio.create_task(
        Inbox(context, line, InlineMode(context, line, Lookups(context.database)), Mock(), clock=lambda: now).run()
    )
    telegram.push({"update_id": 900_000, "message": {}})
    await eventually(lambda: offsets() == [None, 900_001, 900_001])
    now = QUIET_S
    await eventually(lambda: offsets()[-1] is None)
    telegram.push({"update_id": 5, "message": {}})
    await eventually(lambda: offsets()[-1] == 6)
    assert [sqlite_database.read_now(payload_of, number) for number in (5, 900_000, 6)] == [{}, {}, None]
    context.stopping.set()
    await listening
    await api.close_connections()


def test_text_that_databases_refuse_is_scrubbed() -> None:
    assert scrubbed({"text": "a\x00b\ud800c", "more": [1, None, {"x": "\udfff"}]}) == {
        "text": "ab?c",
        "more": [1, None, {"x": "?"}],
    }


async def _until_state(bot: RunningBot, state: ChatState) -> None:
    await eventually(lambda: bot.database.read_now(list_chats, Transport.TELEGRAM)[0].state is state)
