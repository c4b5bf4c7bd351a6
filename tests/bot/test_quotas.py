"""What one person may have, as the operator says, and what is said when it is reached."""

from __future__ import annotations

from typing import Any

from bot.words.buttons import NAME_PERSON, RESIZE, SEND
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
            assert [bool(toast and "may go to no more" in toast) for toast in refused] == [False, person == 7]
        shown = await said(bot, "/settings", chat_id=7, user_id=7)
        assert "Watchlists: 1 of 1" in shown.text


async def test_an_operator_gives_one_person_other_limits_which_count_at_once_and_after_a_restart(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    settings = limited(telegram, admins=(9,), watches_per_chat=2, searches_per_hour=2, crawls_per_hour=0)
    reader = {"chat_id": 7, "user_id": 7, "language_code": "en"}
    operator = {"chat_id": 9, "user_id": 9, "language_code": "en"}

    async def person_is(size: str, *lines: str) -> str:
        await pressed(bot, data=f"v1:{RESIZE}:{size}:7", chat_id=9, user_id=9)
        before = len(telegram.sent)
        await pressed(bot, data=f"v1:{NAME_PERSON}:", chat_id=9, user_id=9)
        await telegram.wait_for(before + 1)
        shown = (await said(bot, "7", **operator)).text
        assert not set(lines) - set(shown.splitlines()), shown
        return shown

    async with running(sqlite_database, telegram, settings) as bot:
        await said(bot, "/watch oil", **reader)
        await said(bot, "/search oil", **reader)
        await said(bot, "/users", **operator)
        usual = await person_is("usual", "Watches: 1 of 2", "Searches in the last hour: 2 of 2")
        assert "May have as much as is usual." in usual
        await person_is("half", "Watches: 1 of 1", "Searches in the last hour: 2 of 1", "Watchlists: 1 of 50")
        assert "You had 1 lookup" in (await said(bot, "/search oil", **reader)).text
        people = await said(bot, "/users", **operator)
        assert "⚖️ سارة" in people.labels
    async with running(sqlite_database, telegram, settings) as bot:
        shown = await said(bot, "/settings", **reader)
        assert "Watches: 1 of 1" in shown.text
        assert "Visits in the last hour: 0 of 0" in shown.text
        await person_is("double", "Watches: 1 of 4")
        boundless = await person_is("boundless", "Watches: 1", "Visits in the last hour: 0")
        assert "May have any number." in boundless
        assert "operators" not in " ".join((await said(bot, "/settings", **reader)).labels), "that makes nobody one"
        for argument in ("huge:7", "half:", "half:9", ":7"):
            assert "older version" in await pressed(bot, data=f"v1:{RESIZE}:{argument}", chat_id=9, user_id=9)


def _groups(connection: Any) -> list[Any]:
    return list(connection.exec_driver_sql("SELECT id FROM chats WHERE telegram_chat_id < 0 ORDER BY id"))


async def test_another_language_is_no_look_into_the_archive(sqlite_database: Database, telegram: FakeTelegram) -> None:
    async with running(sqlite_database, telegram, limited(telegram, searches_per_hour=5)) as bot:
        settings = await said(bot, "/settings", language_code="en")
        await pressed(bot, "🌐 العربية")
        await telegram.wait_until(lambda: "🌐 English" in settings.labels)
        await pressed(bot, "🌐 English")
        await telegram.wait_until(lambda: "🌐 العربية" in settings.labels)
        assert "Searches in the last hour: 0 of 5" in settings.text
        await said(bot, "/search dam", language_code="en")
        await said(bot, "/settings", language_code="en")
        assert "Searches in the last hour: 1 of 5" in telegram.sent[-1].text
