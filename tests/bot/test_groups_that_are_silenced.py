"""Groups in which the bot may not write: what Telegram says of it is believed, and nothing is tried in vain."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection

from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage.articles import save
from monitors.storage.chats import find_chat, keep
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database
from monitors.storage.subscriptions import subscribe
from monitors.storage.watches import add_watch
from monitors.wakeups import DELIVERIES
from tests.bot.conftest import RunningBot, eventually, pressed, running, said, settings_for
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, a_new_article, an_outlet

SARA, GROUP = 7, -500
MAY_NOT = {"can_send_messages": False}


@pytest.fixture
async def bot(sqlite_database: Database, telegram: FakeTelegram) -> AsyncIterator[RunningBot]:
    """Sara's watchlist is told in a group that she manages."""
    async with running(sqlite_database, telegram, settings_for(telegram)) as role:
        await said(role, "/start", language_code="en")
        telegram.admins.add((GROUP, SARA))
        await said(role, "/places", chat_id=GROUP, language_code="en")
        yield role


async def test_nothing_is_tried_while_telegram_says_that_the_bot_may_not_write(bot: RunningBot) -> None:
    bot.telegram.standing[GROUP] = "restricted"
    await told_that_it_is_silenced(bot)
    refused = len(bot.telegram.refused)
    bot.telegram.promote(GROUP, "restricted", is_member=True, can_send_messages=False)
    await said(bot, "/help")  # later than whatever that led to
    assert len(bot.telegram.refused) == refused
    assert the_chat(bot, GROUP).state is ChatState.BARRED
    before = len(bot.telegram.sent)
    bot.telegram.promote(GROUP, "member")
    assert (await bot.telegram.wait_for(before + 1))[before].chat_id == GROUP


async def test_trying_again_asks_what_all_members_of_a_group_may_do(bot: RunningBot) -> None:
    bot.telegram.chats[GROUP] = {"id": GROUP, "type": "group", "title": "أخبار", "permissions": MAY_NOT}
    await told_that_it_is_silenced(bot)
    assert await pressed(bot, "Try again") == "I still may not write there."
    assert the_chat(bot, GROUP).state is ChatState.BARRED
    bot.telegram.chats[GROUP]["permissions"] = {"can_send_messages": True}
    before = len(bot.telegram.sent)
    await pressed(bot, "Try again")
    await eventually(lambda: any(sent.chat_id == GROUP for sent in bot.telegram.sent[before:]))


async def told_that_it_is_silenced(bot: RunningBot) -> None:
    """An alert finds it out, and whoever manages the group hears of it."""
    before, sara, group = len(bot.telegram.sent), the_chat(bot, SARA), the_chat(bot, GROUP)

    def decide(connection: Connection) -> None:
        watch, _ = add_watch(connection, sara.id, "نفط", now=NOW)
        taken = subscribe(connection, group.id, watchlist_id=watch.watchlist_id, now=NOW)
        keep(connection, group.id, sara.id)
        outlet, _ = an_outlet(connection)
        (article_id,) = save(connection, [a_new_article(outlet, 1, title="أسعار النفط")], now=NOW)
        judgement = Judgement(group.id, Verdict.NOW, Cause.TAKEN, taken.id)
        record_decision(connection, article_id, [Match(watch.id, {})], [judgement], now=NOW)

    await bot.database.write(decide)
    bot.context.wakeups.kick(DELIVERIES)
    heard = (await bot.telegram.wait_for(before + 1))[before]
    assert heard.chat_id == SARA
    assert "I may not write in" in heard.text


def the_chat(bot: RunningBot, chat_id: int) -> Chat:
    chat = bot.database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, chat_id))
    assert chat is not None
    return chat
