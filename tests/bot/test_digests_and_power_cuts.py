"""A digest of several pages, while the process is killed at every step of telling it and of turning its pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.engine import URL

from bot import service
from bot.outbox import delivering
from bot.telegram import probing, side
from bot.words import digests
from monitors.roles import RoleContext
from monitors.storage import settlements
from monitors.storage.engine import Database
from monitors.storage.merging import Together, merge
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from monitors.wakeups import Wakeups
from tests.bot.conftest import already_introduced, an_alert, settings_for
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, a_telegram_chat

P = ParamSpec("P")
T = TypeVar("T")
BEFORE, AFTER = False, True
MARK = "↻"


class Mortal(Database):
    """Its process is gone before, or after, that work has been committed for the first time."""

    def __init__(self, url: URL, work: str, *, committed: bool) -> None:
        super().__init__(url)
        self.gone = asyncio.Event()
        self._last, self._committed = work, committed

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        is_last = getattr(work, "func", work).__name__ == self._last
        if not self.gone.is_set() and not (is_last and not self._committed):
            done = await super().write(work, *args, **kwargs)
            if not is_last:
                return done
        self.gone.set()
        return await asyncio.Future()  # nothing happens in a process that is gone


async def live(url: URL, telegram: FakeTelegram, last: str, *, committed: bool = BEFORE) -> None:
    """The service runs until it is killed there."""
    with Mortal(url, last, committed=committed) as database:
        role = asyncio.create_task(
            service.run(RoleContext(settings_for(telegram), database, Wakeups(), asyncio.Event()))
        )
        async with asyncio.timeout(20):
            await database.gone.wait()
        role.cancel()
        await asyncio.wait({role})
        await asyncio.sleep(0)  # what it had begun ends with it


def a_digest(connection: Connection, alerts: int) -> None:
    chat = a_telegram_chat(connection)
    add_watch(connection, chat.id, "الميناء", now=NOW)
    for number in range(1, alerts + 1):
        an_alert(connection, chat, number, title=f"فتح الميناء {number}")
    merge(connection, [Together(chat.id, list(connection.scalars(select(deliveries.c.id))))], now=NOW)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side, "introduce", already_introduced)
    monkeypatch.setattr(settlements, "REPEAT_AFTER", (timedelta(seconds=0.02),) * 5)
    monkeypatch.setattr(probing, "FRESH_S", 0.0)
    monkeypatch.setattr(delivering, "LAST_WAIT_S", 0.0)
    monkeypatch.setattr(delivering, "SWEEP_S", 0.05)
    monkeypatch.setattr(delivering, "REMEMBERED", timedelta())
    monkeypatch.setattr(digests, "PAGE_ITEMS", 2)


def told(text: str) -> tuple[bool, str]:
    """Whether a page is marked, and the alerts that it tells."""
    return MARK in text, "".join(re.findall(r"الميناء (\d)", text))


async def test_a_digest_goes_on_at_its_page(sqlite_database: Database, telegram: FakeTelegram) -> None:
    killed = partial(live, sqlite_database.url, telegram)
    sqlite_database.write_now(a_digest, 5)
    await killed("settle")
    await killed("_claim", committed=AFTER)
    await killed("settle", committed=AFTER)
    first, second = telegram.sent
    assert (told(first.text), told(second.text)) == ((False, "12"), (True, "12"))
    telegram.press("التالي")
    await killed("store_updates")
    await killed("store_updates", committed=AFTER)
    await killed("handle")
    await killed("handle", committed=AFTER)
    await killed("_claim", committed=AFTER)
    assert told(second.text) == (True, "12")
    await killed("settle")
    assert told(second.text) == (True, "34")
    await killed("settle", committed=AFTER)
    telegram.press("التالي")
    await killed("settle", committed=AFTER)
    assert (told(first.text), told(second.text)) == ((False, "12"), (True, "5"))
    assert len(telegram.sent) == 2
