"""The telling role, running for real against our fake Bot API and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection

from bot import service
from bot.telegram import acknowledging, side
from bot.words.buttons import TOLD
from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.chats import Chat
from monitors.query.language.grammar import parse
from monitors.roles import RoleContext
from monitors.settings import Settings, TelegramSettings
from monitors.storage.articles import get_articles, save
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database
from monitors.storage.watches import list_watches
from monitors.wakeups import DELIVERIES, Wakeups
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_messages import SentMessage
from tests.monitors.query.oracle import evaluate
from tests.rows import NOW, a_new_article, an_outlet


@dataclass(slots=True)
class RunningBot:
    """The role on one database, with the people of `telegram` around it."""

    telegram: FakeTelegram
    database: Database
    context: RoleContext

    async def alert(self, chat: Chat, number: int = 1, **article: Any) -> None:
        """An article comes in and is decided for this chat: its first watch met it."""
        await self.database.write(an_alert, chat, number, **article)
        self.context.wakeups.kick(DELIVERIES)


def an_alert(connection: Connection, chat: Chat, number: int = 1, /, **article: Any) -> int:
    """An article that met the chat's watches, decided; the alert's id."""
    outlet, _ = an_outlet(connection)
    (article_id,) = save(connection, [a_new_article(outlet, number, **article)], now=NOW)
    (saved,) = get_articles(connection, [article_id])
    found = [
        Match(watch.id, spans)
        for watch in list_watches(connection, chat.id)
        if (spans := evaluate(parse(watch.query), saved.fields)) is not None
    ]
    judgement = Judgement(chat.id, Verdict.NOW, Cause.TAKEN)
    (alert_id,) = record_decision(connection, article_id, found, [judgement], now=NOW)
    return alert_id


async def said(bot: RunningBot, text: str, **how: Any) -> SentMessage:
    """What the bot answers to a message."""
    before = len(bot.telegram.sent)
    bot.telegram.say(text, **how)
    return (await bot.telegram.wait_for(before + 1))[before]


async def pressed(bot: RunningBot, label: str | None = None, **how: Any) -> str:
    """The notice that a button shows when it is pressed, which is done as soon as it is there."""
    if label is not None:
        await bot.telegram.wait_until(lambda: any(label in sent.labels for sent in bot.telegram.sent))
    query = bot.telegram.press(label, **how)
    await bot.telegram.wait_until(lambda: query in bot.telegram.answered)
    return bot.telegram.answered[query]


async def eventually(condition: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
    """Waits until rows or logs say so: nobody rings when another thread writes them."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def settings_for(telegram: FakeTelegram, **changes: Any) -> Settings:
    return Settings(telegram=TelegramSettings(token=SecretStr(telegram.token), base_url=telegram.base_url, **changes))


@asynccontextmanager
async def running(
    database: Database, telegram: FakeTelegram, settings: Settings | None = None
) -> AsyncIterator[RunningBot]:
    """The role, from its start to its graceful end."""
    context = RoleContext(settings or settings_for(telegram), database, Wakeups(), asyncio.Event())
    role = asyncio.create_task(service.run(context))
    try:
        yield RunningBot(telegram, database, context)
    finally:
        context.stopping.set()
        async with asyncio.timeout(10):
            await role


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


async def already_introduced(*_: object) -> None:
    """Telegram knows its commands from the day before."""


@pytest.fixture
async def bot(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[RunningBot]:
    """The role as it is when it is started again: `running` gives one that introduces itself, in thirty calls.

    Buttons wait for their notices however slow the machine is: what is not answered at all is found out.
    """
    monkeypatch.setattr(side, "introduce", already_introduced)
    monkeypatch.setattr(acknowledging, "ACKNOWLEDGED_S", 60.0)
    async with running(sqlite_database, telegram) as role:
        yield role


@pytest.fixture
async def sara(bot: RunningBot) -> RunningBot:
    """Somebody with a watchlist, on the screen that says where its alerts go."""
    await said(bot, "/watch نفط", language_code="en")
    await pressed(bot, data=f"v1:{TOLD}:1")
    return bot


@pytest.fixture
def states(sqlite_database: Database) -> Callable[[], list[tuple[str, str, int]]]:
    """(kind, state, repeats) of every delivery, in order."""

    def read() -> list[tuple[str, str, int]]:
        return sqlite_database.read_now(
            lambda connection: [
                tuple(row)
                for row in connection.exec_driver_sql("SELECT kind, state, repeats FROM deliveries ORDER BY id")
            ]
        )

    return read
