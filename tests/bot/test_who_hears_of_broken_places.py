"""A place broke, and whoever set it up cannot be reached: the next in line hears of it, once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from monitors.chats import ChatState
from monitors.storage.chats import keep
from monitors.storage.engine import Database
from monitors.storage.subscriptions import subscribe
from monitors.storage.tables import crawl_requests
from monitors.storage.watches import add_watch
from tests.bot.conftest import RunningBot, eventually, pressed, running, said, settings_for
from tests.bot.placing import a_chat, state_of
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, an_outlet

SARA, OMAR, OPERATOR, GROUP = 7, 8, 42, -500


@pytest.fixture
async def bot(sqlite_database: Database, telegram: FakeTelegram) -> AsyncIterator[RunningBot]:
    """Sara's watchlist is told in a group that she manages; Omar and an operator have started the bot, too."""
    async with running(sqlite_database, telegram, settings_for(telegram, admins=(OPERATOR,))) as role:
        for person in (SARA, OMAR, OPERATOR):
            await said(role, "/start", chat_id=person, user_id=person, language_code="en")
        telegram.admins.add((GROUP, SARA))
        await said(role, "/places", chat_id=GROUP, user_id=SARA, language_code="en")
        sara, group = (number_of(role, chat_id) for chat_id in (SARA, GROUP))
        watch, _ = await role.database.write(add_watch, sara, "نفط", now=NOW)
        await role.database.write(subscribe, group, watchlist_id=watch.watchlist_id, now=NOW)
        await role.database.write(keep, group, sara)
        yield role


def number_of(bot: RunningBot, chat_id: int) -> int:
    chat = a_chat(bot, chat_id)
    assert chat is not None
    return chat.id


async def thrown_out(bot: RunningBot) -> list[tuple[int, str]]:
    """Who hears what when the bot is thrown out of the group."""
    before = len(bot.telegram.sent)
    bot.telegram.promote(GROUP, "kicked", user_id=99)
    await bot.telegram.wait_for(before + 1)
    await said(bot, "/help", chat_id=OMAR, user_id=OMAR)  # nothing more came before this
    return [(sent.chat_id, sent.text) for sent in bot.telegram.sent[before:-1]]


async def test_whoever_watches_something_in_a_topic_hears_that_it_was_closed(bot: RunningBot) -> None:
    bot.telegram.admins.add((GROUP, OMAR))
    await said(bot, "/watch قمح", chat_id=GROUP, user_id=OMAR, thread_id=5)
    before = len(bot.telegram.sent)
    bot.telegram.fail("sendMessage", "refuse", chat_id=GROUP, description="Bad Request: TOPIC_CLOSED")
    bot.telegram.say("/watches", chat_id=GROUP, user_id=OMAR, thread_id=5)
    heard = (await bot.telegram.wait_for(before + 1))[before]
    assert heard.chat_id == OMAR
    assert "cannot be reached" not in heard.text


async def test_operators_hear_when_nobody_who_manages_it_can_be_reached(bot: RunningBot) -> None:
    bot.telegram.promote(SARA, "kicked", user_id=SARA)
    await eventually(lambda: state_of(bot, SARA) is ChatState.UNREACHABLE)
    ((who, text),) = await thrown_out(bot)
    assert who == OPERATOR
    assert "Whoever set it up cannot be reached." in text


async def test_a_notice_that_bounces_is_passed_on(bot: RunningBot) -> None:
    bot.telegram.blocked.add(SARA)
    ((who, text),) = await thrown_out(bot)
    assert who == OPERATOR
    assert text.startswith("❗ I am not in")
    bot.telegram.blocked.clear()
    back = await said(bot, "/help", chat_id=SARA, user_id=SARA)
    assert "I am not in" not in back.text
    assert bot.telegram.sent[-1] is back


async def test_another_administrator_hears_and_manages_it_from_then_on(bot: RunningBot) -> None:
    outlet, _ = await bot.database.write(an_outlet)
    asked = {"outlet_id": outlet.id, "chat_id": number_of(bot, GROUP), "person_id": OMAR, "requested_at": NOW}
    crawl = crawl_requests.insert().values(**asked, state="done")
    await bot.database.write(lambda connection: connection.execute(crawl) and None)
    bot.telegram.blocked.add(SARA)
    ((who, text),) = await thrown_out(bot)
    assert who == OMAR
    assert "from now on you do" in text
    bot.telegram.admins.add((GROUP, OMAR))
    refused = await pressed(bot, "Try again", chat_id=OMAR, user_id=OMAR)
    assert refused == "I am not there any more. Please add me again."
    bot.telegram.standing[GROUP] = "member"
    await pressed(bot, "Try again", chat_id=OMAR, user_id=OMAR)
    await eventually(lambda: state_of(bot, GROUP) is ChatState.ACTIVE)


async def test_whoever_watches_something_in_a_group_hears_that_it_threw_the_bot_out(bot: RunningBot) -> None:
    bot.telegram.admins.add((-600, OMAR))
    await said(bot, "/watch oil", chat_id=-600, user_id=OMAR, language_code="en")
    before = len(bot.telegram.sent)
    bot.telegram.promote(-600, "kicked", user_id=99)
    (notice,) = (await bot.telegram.wait_for(before + 1))[before:]
    assert notice.chat_id == OMAR
    assert notice.text.startswith("❗ I am not in")
    assert notice.labels == ["Try again", "Send nothing there"]
