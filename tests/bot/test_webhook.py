"""The webhook, over real HTTP: stored before it is answered, and nobody but Telegram is heard."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator
from functools import partial

import aiohttp
import pytest
from pydantic import SecretStr

from bot.telegram import inbox, registering, webhook
from bot.telegram.webhook import KNOWN_BY, MAX_BODY_BYTES
from monitors.settings import Settings, TelegramSettings
from monitors.storage.bots import webhook_secret
from monitors.storage.engine import Database
from monitors.storage.inbox import store_updates
from tests.bot.conftest import RunningBot, eventually, running, settings_for
from tests.fakes.telegram import FakeTelegram

SECRET = "a-secret-of-our-own_0123456789"


@pytest.fixture
def address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def posted(telegram: FakeTelegram, address: str, **changes: object) -> Settings:
    return settings_for(telegram, webhook_url=f"http://{address}/telegram", webhook_listen=address, **changes)


@pytest.fixture
async def bot(sqlite_database: Database, telegram: FakeTelegram, address: str) -> AsyncIterator[RunningBot]:
    settings = posted(telegram, address, webhook_secret=SecretStr(SECRET))
    async with running(sqlite_database, telegram, settings) as role:
        await telegram.wait_until(lambda: bool(telegram.webhook))
        yield role


async def test_what_is_posted_is_answered(bot: RunningBot) -> None:
    bot.telegram.say("/start")
    await bot.telegram.wait_for(1)
    bot.telegram.press("🌐 English")
    await bot.telegram.wait_until(lambda: bool(bot.telegram.answered))
    assert bot.telegram.posted == [200, 200]
    assert "getUpdates" not in dict(bot.telegram.calls)
    assert bot.telegram.webhook["secret_token"] == SECRET


async def test_it_is_answered_only_after_it_is_stored(bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object, **__: object) -> int:
        raise OSError("no space left on device")

    monkeypatch.setattr(inbox, "store_updates", full_disk)
    bot.telegram.say("/start")
    await bot.telegram.wait_until(lambda: bot.telegram.posted.count(503) >= 2)
    assert bot.telegram.unconfirmed == 1
    monkeypatch.setattr(inbox, "store_updates", store_updates)
    await bot.telegram.wait_for(1)
    await bot.telegram.wait_until(lambda: bot.telegram.unconfirmed == 0)


async def test_an_update_posted_twice_has_one_effect(bot: RunningBot, address: str) -> None:
    number = bot.telegram.say("/start")
    await bot.telegram.wait_for(1)
    again = {"update_id": number, "message": {"message_id": 1, "chat": {"id": 7, "type": "private"}, "text": "/start"}}
    assert await post(address, again) == 200
    bot.telegram.say("/help")
    await bot.telegram.wait_for(2)
    assert len(bot.telegram.sent) == 2


@pytest.mark.parametrize("shown", [None, "", "wrong", SECRET[:-1], SECRET + "x", "سر"])
async def test_who_does_not_know_the_secret_learns_nothing(bot: RunningBot, address: str, shown: str | None) -> None:
    headers = {} if shown is None else {KNOWN_BY: shown}
    async with aiohttp.ClientSession() as session:
        for body in (b"{}", b"[", b" " * (MAX_BODY_BYTES + 1)):
            async with session.post(f"http://{address}/telegram", data=io.BytesIO(body), headers=headers) as answer:
                assert (answer.status, await answer.read()) == (403, b"")
        for method, path in (("GET", "/telegram"), ("PUT", "/telegram"), ("POST", "/"), ("GET", "/telegram/x")):
            async with session.request(method, f"http://{address}{path}", headers=headers) as answer:
                assert (answer.status, await answer.read()) == (403, b"")
                assert not answer.headers.keys() & {"Server", "Allow"}


async def test_slow_and_broken_posts_are_ended_and_hold_up_nobody(
    bot: RunningBot, address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(webhook, "PATIENCE_S", 1.0)
    host, port = address.split(":")
    beginning = f"POST /telegram HTTP/1.1\r\nHost: x\r\n{KNOWN_BY}: {SECRET}\r\nContent-Length: 100\r\n\r\n{{"
    slow = [await asyncio.open_connection(host, int(port)) for _ in range(20)]
    for _, writer in slow:
        writer.write(beginning.encode())
    broken, writing = await asyncio.open_connection(host, int(port))
    writing.write(b"POST /telegram HTTP/1.1\r\nContent-Length: -5\r\nX: " + b"x" * 100_000 + b"\r\n\r\n")
    bot.telegram.say("/start")
    await bot.telegram.wait_for(1)
    assert (await broken.read()).startswith(b"HTTP/1.0 400")
    for reader, _ in slow:
        assert (await reader.read()).startswith(b"HTTP/1.1 408")
    for _, writer in (*slow, (broken, writing)):
        writer.close()
    assert caplog.messages == []


async def test_whoever_never_says_what_they_want_is_not_waited_for(
    sqlite_database: Database, telegram: FakeTelegram, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "PATIENCE_S", 0.5)
    host, port = address.split(":")

    async def closed_after(beginning: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(beginning)
        for _ in range(4):  # a header that goes on and on
            await asyncio.sleep(0.1)
            writer.write(b"x" if beginning else b"")
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer

    async with running(sqlite_database, telegram, posted(telegram, address, webhook_secret=SecretStr(SECRET))):
        await telegram.wait_until(lambda: bool(telegram.webhook))
        assert (
            await asyncio.gather(*map(closed_after, (b"", b"POST /x", b"POST /telegram HTTP/1.1\r\nHost: ")))
            == [b""] * 3
        )


async def test_what_is_no_update_is_refused(bot: RunningBot, address: str) -> None:
    for body in ("[", "[]", '"text"', "{}", '{"update_id": "7"}', '{"update_id": true}', "[" * 100_000):
        assert await post(address, body) == 400
    assert await post(address, " " * (MAX_BODY_BYTES + 1)) == 413
    assert await post(address, {"update_id": 1}, path="/elsewhere") == 404


async def test_the_secret_is_made_once_and_told_again_only_when_something_changed(
    sqlite_database: Database, telegram: FakeTelegram, address: str
) -> None:
    for _ in range(2):
        async with running(sqlite_database, telegram, posted(telegram, address)):
            telegram.say("/start")
            await telegram.wait_until(lambda: telegram.unconfirmed == 0)
    assert [name for name, _ in telegram.calls].count("setWebhook") == 1
    assert telegram.webhook["secret_token"] == sqlite_database.write_now(webhook_secret)


async def test_a_changed_secret_is_told(sqlite_database: Database, telegram: FakeTelegram, address: str) -> None:
    for secret in (SECRET, SECRET[::-1]):
        settings = posted(telegram, address, webhook_secret=SecretStr(secret))
        async with running(sqlite_database, telegram, settings):
            await telegram.wait_until(partial(knows, telegram, secret))
        telegram.webhook_set_at -= 1.0
    assert telegram.refused == []


async def test_without_the_setting_the_webhook_is_taken_away_and_nothing_is_lost(
    sqlite_database: Database, telegram: FakeTelegram, address: str
) -> None:
    async with running(sqlite_database, telegram, posted(telegram, address)):
        await telegram.wait_until(lambda: bool(telegram.webhook))
    telegram.say("/start")
    telegram.webhook_set_at -= 1.0  # Telegram takes no second word about webhooks within a second
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)
    assert telegram.webhook == {}
    assert telegram.refused == []


async def test_an_address_that_is_taken_is_reported(
    sqlite_database: Database, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = posted(telegram, f"127.0.0.1:{taken.getsockname()[1]}")
        async with running(sqlite_database, telegram, settings):
            await eventually(lambda: "see telegram.webhook_listen" in caplog.text)
    assert telegram.webhook == {}


async def test_telegrams_own_words_say_why_it_cannot_post(
    sqlite_database: Database, telegram: FakeTelegram, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.webhook_trouble = "Connection refused"
    async with running(sqlite_database, telegram, posted(telegram, address, webhook_secret=SecretStr(SECRET))):
        await eventually(lambda: "could not post an update: Connection refused" in caplog.text)
    assert SECRET not in caplog.text


async def test_another_program_with_the_same_token_is_reported(
    sqlite_database: Database,
    telegram: FakeTelegram,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(registering, "LOOK_S", 0.05)
    async with running(sqlite_database, telegram, posted(telegram, address)):
        await telegram.wait_until(lambda: [name for name, _ in telegram.calls].count("getWebhookInfo") > 1)
        assert "share a token" not in caplog.text
        telegram.webhook, telegram.webhook_set_at = {}, telegram.webhook_set_at - 1.0
        await telegram.wait_until(lambda: bool(telegram.webhook))
    assert caplog.text.count("Two Rasids cannot share a token") == 1


@pytest.mark.parametrize("secret", ["short", "has a blank in it!", "ه" * 20])
def test_a_secret_that_telegram_or_sense_would_refuse_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="16 to 256"):
        TelegramSettings(webhook_secret=SecretStr(secret))


def knows(telegram: FakeTelegram, secret: str) -> bool:
    return telegram.webhook.get("secret_token") == secret


async def post(address: str, body: object, *, path: str = "/telegram") -> int:
    text = body if isinstance(body, str) else json.dumps(body)
    url, headers = f"http://{address}{path}", {KNOWN_BY: SECRET}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(text.encode()), headers=headers) as answer,
    ):
        return answer.status
