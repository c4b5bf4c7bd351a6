"""The first screen: how to begin for newcomers, and how things stand for whoever is told anything."""

from __future__ import annotations

import pytest

from bot.words.buttons import SUBSCRIBE
from monitors.chats import ChatAddress, Transport
from monitors.storage.chats import find_chat
from monitors.storage.engine import Connection
from monitors.storage.shares import share
from monitors.storage.subscriptions import subscribe
from monitors.storage.watches import add_watch
from tests.bot.conftest import RunningBot, pressed, said
from tests.rows import NOW, a_telegram_chat, an_outlet

GROUP = -500


def a_shared_list(connection: Connection) -> str:
    """Somebody else's; its token."""
    watch, _ = add_watch(connection, a_telegram_chat(connection, 9).id, "oil", now=NOW)
    return share(connection, watch.watchlist_id, now=NOW)


def a_whole_outlet(connection: Connection) -> None:
    outlet, _ = an_outlet(connection)
    chat = find_chat(connection, ChatAddress(Transport.TELEGRAM, 7))
    assert chat is not None
    subscribe(connection, chat.id, outlet_id=outlet.id, now=NOW)


@pytest.mark.parametrize("word", ["/start", "/start m"])
async def test_a_newcomer_is_told_how_to_begin(bot: RunningBot, word: str) -> None:
    assert (await said(bot, word, language_code="en")).text.startswith("Welcome!")
    await pressed(bot, data="v0:old")
    assert (await bot.telegram.wait_for(2))[1].text.startswith("Welcome!")


async def test_an_old_button_shows_how_things_stand_to_whoever_has_a_watch(bot: RunningBot) -> None:
    await said(bot, "/watch oil", language_code="en")
    assert await pressed(bot, data="v0:old") == "This button is from an older version."
    assert "🔔 1 watch ·" in (await bot.telegram.wait_for(2))[1].text


async def test_whoever_takes_a_list_of_somebody_else_is_no_newcomer(bot: RunningBot) -> None:
    token = await bot.database.write(a_shared_list)
    shown = await said(bot, f"/start w_{token}", language_code="en")
    await pressed(bot, data=f"v1:{SUBSCRIBE}:{token}", message=shown)
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    home = await said(bot, "/start")
    assert home.text.splitlines()[1:3] == ["📰 0 outlets are followed", "📥 1 watchlist of others comes here"]
    assert {"My watches", "Settings"} <= set(home.labels)
    await pressed(bot, data="v0:old")
    assert (await bot.telegram.wait_for(3))[2].text == home.text


async def test_whoever_takes_all_of_an_outlet_is_no_newcomer(bot: RunningBot) -> None:
    await said(bot, "/settings", language_code="en")
    await bot.database.write(a_whole_outlet)
    assert "📰 1 outlet is followed" in (await said(bot, "/start")).text


async def test_a_group_that_takes_a_list_is_no_newcomer_in_another_language(bot: RunningBot) -> None:
    bot.telegram.admins.add((GROUP, 7))
    token = await bot.database.write(a_shared_list)
    shown = await said(bot, f"/start w_{token}", chat_id=GROUP, language_code="en")
    await pressed(bot, data=f"v1:{SUBSCRIBE}:{token}", chat_id=GROUP, message=shown)
    home = await said(bot, "/start", chat_id=GROUP)
    await pressed(bot, "🌐 العربية", chat_id=GROUP)
    await bot.telegram.wait_until(lambda: home.edits == 1)
    assert "📥 تصل إلى هنا قائمة واحدة للآخرين" in home.text


async def test_a_group_to_which_somebody_sends_a_list_of_theirs_is_no_newcomer(sara: RunningBot) -> None:
    sara.telegram.admins.add((GROUP, 7))
    assert (await said(sara, "/start", chat_id=GROUP, language_code="en")).text.startswith("Welcome!")
    await said(sara, f"/start@{sara.telegram.username} d_1", chat_id=GROUP)
    home = await said(sara, "/start", chat_id=GROUP, user_id=9)
    assert home.text.splitlines()[1:3] == ["📰 0 outlets are followed", "📥 1 watchlist of others comes here"]
    assert "نفط" not in home.text
