"""What Telegram shows before anybody writes: set in each language, and only when it differs."""

from __future__ import annotations

from bot.screens.welcome import FOR_ADMINISTRATORS, FOR_MEMBERS, MENU, OPERATOR_MENU
from monitors.storage.engine import Database
from tests.bot.conftest import running, settings_for
from tests.fakes.telegram import FakeTelegram


async def test_commands_and_descriptions_are_set_once_in_each_language(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    async with running(sqlite_database, telegram):
        await telegram.wait_until(lambda: ("MyShortDescription", "en") in telegram.profile)
    for code, word in (("", "أخبار"), ("ar", "أخبار"), ("en", "news")):
        assert [one["command"] for one in telegram.profile["MyCommands", code]] == list(MENU)
        for scope, wanted in (("all_group_chats", FOR_MEMBERS), ("all_chat_administrators", FOR_ADMINISTRATORS)):
            shown = telegram.profile[f"MyCommands {scope}", code]
            assert [one["command"] for one in shown] == list(wanted)
        assert word in telegram.profile["MyShortDescription", code]["short_description"]
        assert 1 <= len(telegram.profile["MyDescription", code]["description"]) <= 512
    telegram.calls.clear()
    async with running(sqlite_database, telegram):
        await telegram.wait_until(lambda: [name for name, _ in telegram.calls].count("getMyShortDescription") == 3)
    assert not any(name.startswith("setMy") for name, _ in telegram.calls)


async def test_operators_are_shown_their_commands(sqlite_database: Database, telegram: FakeTelegram) -> None:
    async with running(sqlite_database, telegram, settings_for(telegram, admins=[7])):
        await telegram.wait_until(lambda: ("MyCommands chat", "en") in telegram.profile)
    for code in ("", "ar", "en"):
        shown = [one["command"] for one in telegram.profile["MyCommands chat", code]]
        assert shown == [*MENU, *OPERATOR_MENU]


async def test_operators_who_begin_later_are_shown_their_commands_then(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    async with running(sqlite_database, telegram, settings_for(telegram, admins=[7])):
        await telegram.wait_until(lambda: ("MyCommands chat", "en") in telegram.profile)
        telegram.profile.clear()  # they had not written yet, and Telegram refused
        telegram.say("/start")
        await telegram.wait_until(lambda: ("MyCommands chat", "en") in telegram.profile)
        telegram.profile.clear()
        telegram.say("/start", user_id=8, chat_id=8)
        await telegram.wait_for(2)
    assert telegram.profile == {}


async def test_the_bot_works_where_it_cannot_be_introduced(sqlite_database: Database, telegram: FakeTelegram) -> None:
    telegram.fail("getMyCommands", "refuse", code=429, description="Too Many Requests: retry after 9", retry_after=9)
    telegram.say("/start")
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)
