"""One part of the telling role meets what nobody thought of; the others, and in the end it too, go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot import service, waiting
from bot.outbox import delivering
from bot.telegram import handling, reacting, webhook
from bot.telegram.api import BotApi
from monitors.errors import DatabaseAway
from monitors.storage import bots
from monitors.storage import inbox as stored_inbox
from monitors.storage.engine import Database
from tests.bot.conftest import eventually, running, settings_for
from tests.fakes.telegram import FakeTelegram


def odd_answers(monkeypatch: pytest.MonkeyPatch, method: str, answer: object, times: int) -> list[str]:
    """What a proxy or a new version might say to the first calls of a method; every method called."""
    called: list[str] = []
    call = BotApi.call

    async def odd(self: BotApi, name: str, /, **arguments: Any) -> Any:
        called.append(name)
        if name == method and called.count(name) <= times:
            return answer
        return await call(self, name, **arguments)

    monkeypatch.setattr(BotApi, "call", odd)
    return called


def failing_first(
    work: Callable[..., Any], kind: type[Exception] = RuntimeError, became: list[str] | None = None
) -> Callable[..., Any]:
    """The same, which fails twice before it works; what `became` of the first calls."""
    failures = iter([kind("the disk is on fire"), kind("still")])

    def fails(*arguments: Any, **named: Any) -> Any:
        for error in failures:
            if became is not None:
                became.append("failed")
            raise error
        if became is not None and became[-1] == "failed":
            became.append("worked")
        return work(*arguments, **named)

    return fails


async def answered(database: Database, telegram: FakeTelegram) -> None:
    async with running(database, telegram):
        telegram.say("/start")
        await telegram.wait_for(1)


async def test_a_bot_whose_own_name_telegram_tells_in_an_odd_way_is_asked_again(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = odd_answers(monkeypatch, "getMe", True, times=1)
    await answered(sqlite_database, telegram)
    assert called.count("getMe") == 2


async def test_a_bot_that_cannot_introduce_itself_works(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    odd_answers(monkeypatch, "getMyDescription", True, times=100)
    await answered(sqlite_database, telegram)
    assert "the bot could not be introduced" in caplog.text


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (delivering, "is_waiting"),
        (delivering, "claim"),
        (delivering, "settle"),
        (stored_inbox, "chats_waiting"),
        (stored_inbox, "next_updates"),
    ],
)
async def test_a_database_that_fails_is_asked_again(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, where: object, what: str
) -> None:
    monkeypatch.setattr(handling, "RETRY_S", 0.05)
    monkeypatch.setattr(where, what, failing_first(getattr(where, what)))
    await answered(sqlite_database, telegram)


@pytest.mark.parametrize(
    ("where", "what"),
    [(service, "recover_in_flight"), (service, "access_of"), (bots, "not_tried"), (webhook, "webhook_secret")],
)
async def test_a_start_waits_for_a_database_that_is_away(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, where: object, what: str
) -> None:
    monkeypatch.setattr(waiting, "AWAY_S", 0.05)
    failures: list[str] = []
    fails = failing_first(getattr(where, what), DatabaseAway, failures)
    monkeypatch.setattr(where, what, fails)
    posted = {"webhook_url": "http://127.0.0.1/telegram", "webhook_listen": "127.0.0.1:0"}
    async with running(sqlite_database, telegram, settings_for(telegram, **(posted if where is webhook else {}))):
        await eventually(lambda: failures == ["failed", "failed", "worked"])


async def test_an_update_that_can_neither_be_handled_nor_given_up_waits(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, "RETRY_S", 0.05)
    monkeypatch.setattr(handling, "handle", failing_first(reacting.handle))
    monkeypatch.setattr(handling, "give_up", failing_first(reacting.give_up))
    await answered(sqlite_database, telegram)
    assert "أهلًا" in telegram.sent[0].text


@pytest.mark.parametrize("where", ["handle", "look_for"])
async def test_an_update_waits_for_a_database_that_is_away(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(handling, "RETRY_S", 0.05)
    monkeypatch.setattr(handling, where, failing_first(getattr(handling, where), DatabaseAway))
    await answered(sqlite_database, telegram)
    assert "أهلًا" in telegram.sent[0].text


@pytest.mark.parametrize("error", [DatabaseAway, RuntimeError])
async def test_what_was_done_and_not_heard_of_is_not_done_again(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    monkeypatch.setattr(handling, "RETRY_S", 0.05)
    write, unheard = Database.write, iter([error("the connection was cut after the commit")])

    async def cut(self: Database, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        done = await write(self, work, *arguments, **named)
        if work is reacting.handle:
            for loss in unheard:
                raise loss
        return done

    monkeypatch.setattr(Database, "write", cut)
    async with running(sqlite_database, telegram):
        telegram.say("سوريا")
        telegram.say("/help")
        await telegram.wait_for(2)
    first, second = telegram.sent
    assert "سوريا" in first.text
    assert "سوريا" not in second.text
