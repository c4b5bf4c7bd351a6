"""Who may change things: what Telegram says about a group's members, and for how long it is believed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr

from bot.telegram import access, handling
from bot.telegram.access import Rights
from bot.telegram.api import BotApi
from bot.updates import Person, Place
from bot.visits import Right
from monitors.storage import inbox
from monitors.storage.engine import Database
from monitors.storage.inbox import chats_waiting
from tests.bot.conftest import eventually, running
from tests.fakes.telegram import FakeTelegram

GROUP = Place(chat_id=-500, thread_id=0, private=False, title="أخبار")
SARA = Person(7, "ar")


@dataclass(slots=True)
class Asking:
    """Somebody who asks for rights, with a clock to turn."""

    telegram: FakeTelegram
    api: BotApi
    now: float = 0.0
    rights: Rights = field(init=False)

    def __post_init__(self) -> None:
        self.rights = Rights(self.api, clock=lambda: self.now)

    @property
    def questions(self) -> int:
        return [method for method, _ in self.telegram.calls].count("getChatMember")


@pytest.fixture
async def asking(telegram: FakeTelegram) -> AsyncIterator[Asking]:
    api = BotApi(SecretStr(telegram.token), telegram.base_url)
    yield Asking(telegram, api)
    await api.close_connections()


async def test_an_answer_is_remembered_for_a_minute(asking: Asking) -> None:
    assert await asking.rights.of(GROUP, SARA) is Right.NO
    asking.telegram.admins.add((-500, 7))
    asking.now = 59.0
    assert await asking.rights.of(GROUP, SARA) is Right.NO
    asking.now = 60.0
    assert await asking.rights.of(GROUP, SARA) is Right.YES
    assert asking.questions == 2


async def test_without_an_answer_telegram_is_asked_again_after_five_seconds(asking: Asking) -> None:
    asking.telegram.admins.add((-500, 7))
    asking.telegram.fail("getChatMember", "bad_gateway")
    assert await asking.rights.of(GROUP, SARA) is Right.UNKNOWN
    asking.now = 4.9
    assert await asking.rights.of(GROUP, SARA) is Right.UNKNOWN
    assert asking.questions == 1
    asking.now = 5.0
    assert await asking.rights.of(GROUP, SARA) is Right.YES


async def test_a_chat_with_more_to_say_than_fits_delays_no_other(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "_ANSWER_S", 60.0)
    monkeypatch.setattr(handling, "RETRY_S", 0.1)
    telegram.fail("getChatMember", "hang_before", times=-1)
    for _ in range(20):
        telegram.say("/watch نفط", chat_id=-500)
    telegram.say("/start", chat_id=8)
    async with running(sqlite_database, telegram):
        (sent,) = await telegram.wait_for(1, timeout_s=5)
    assert sent.chat_id == 8


async def test_where_more_chats_wait_than_are_attended_to_each_has_its_turn(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, "MOST_LANES", 2)
    monkeypatch.setattr(inbox, "NEXT", 2)
    for _ in range(5):
        for chat_id in range(20, 30):
            telegram.say("/start", chat_id=chat_id)
    async with running(sqlite_database, telegram):
        await eventually(lambda: sqlite_database.read_now(chats_waiting, limit=1) == [])
        await eventually(lambda: {message.chat_id for message in telegram.sent} == set(range(20, 30)))
