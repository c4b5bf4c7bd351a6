"""What one person may have, as the operator says, and what is said when it is reached."""

from __future__ import annotations

from typing import Any

from bot.words.buttons import SEND
from monitors.settings import LimitSettings, Settings
from monitors.storage.engine import Database
from tests.bot.conftest import pressed, running, said, settings_for
from tests.fakes.telegram import FakeTelegram

GROUP, OTHER = -500, -600


def limited(telegram: FakeTelegram, *, admins: tuple[int, ...] = (), **limits: int) -> Settings:
    given: dict[str, Any] = limits
    return settings_for(telegram, admins=admins).model_copy(update={"limits": LimitSettings(**given)})


async def test_watchlists_and_their_places_are_limited_but_for_operators(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    settings = limited(telegram, admins=(9,), watchlists_per_chat=1, destinations_per_watchlist=2)
    telegram.admins |= {(chat_id, person) for chat_id in (GROUP, OTHER) for person in (7, 9)}
    async with running(sqlite_database, telegram, settings) as bot:
        for number, person in enumerate((7, 9)):
            who = {"chat_id": person, "user_id": person, "language_code": "en"}
            await said(bot, "/watch oil", **who)
            before = len(telegram.sent)
            await pressed(bot, data="v1:wln:", chat_id=person, user_id=person)
            await telegram.wait_for(before + 1)
            told = await said(bot, "Security", **who)
            assert ("no room for another list" in told.text) == (person == 7)
            for place in (GROUP, OTHER):
                telegram.promote(place, "member", user_id=66)
            await telegram.wait_until(lambda: sum(one.chat_id == OTHER for one in telegram.sent) > 0)
            ids = [row[0] for row in sqlite_database.read_now(_groups)]
            first = 1 if number == 0 else 2
            refused = [
                await pressed(bot, data=f"v1:{SEND}:{chat}:{first}", chat_id=person, user_id=person) for chat in ids
            ]
            assert [bool(toast and "may not be in more" in toast) for toast in refused] == [False, person == 7]
        shown = await said(bot, "/settings", chat_id=7, user_id=7)
        assert "Watchlists: 1 of 1" in shown.text


def _groups(connection: Any) -> list[Any]:
    return list(connection.exec_driver_sql("SELECT id FROM chats WHERE telegram_chat_id < 0 ORDER BY id"))
