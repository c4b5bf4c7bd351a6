"""Places other than the private chat of person 7, and what they are told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from bot.words.buttons import ADD_PLACE
from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage.articles import save
from monitors.storage.chats import find_chat
from monitors.storage.decisions import record_decision
from monitors.storage.inbox import chats_waiting
from monitors.storage.subscriptions import destinations_of, subscriptions_of
from monitors.storage.watches import list_watches
from monitors.storage.watchlists import watchlists_of
from monitors.wakeups import DELIVERIES
from tests.bot.conftest import RunningBot, eventually, pressed
from tests.fakes.telegram_messages import SentMessage
from tests.rows import NOW, a_new_article, an_outlet

CHANNEL, FORUM, GROUP = -1000000000700, -1000000000800, -500


def a_chat(bot: RunningBot, chat_id: int = 7, thread_id: int = 0) -> Chat | None:
    address = ChatAddress(Transport.TELEGRAM, chat_id, thread_id)
    return bot.database.read_now(lambda connection: find_chat(connection, address))


def told_in(bot: RunningBot, chat_id: int = 7) -> list[tuple[int, int]]:
    """(Telegram id, topic) of the chats in which the first watchlist of this chat is told."""

    def read(connection: Connection) -> list[tuple[int, int]]:
        chat = find_chat(connection, ChatAddress(Transport.TELEGRAM, chat_id))
        if chat is None:
            return []
        first = watchlists_of(connection, chat.id)[0]
        ids = {one.chat_id for one in destinations_of(connection, first.id)}
        rows = connection.exec_driver_sql("SELECT id, telegram_chat_id, thread_id FROM chats")
        return [(row[1], row[2]) for row in rows if row[0] in ids]

    return bot.database.read_now(read)


async def newest(bot: RunningBot, after: int, *, more: int = 1) -> list[SentMessage]:
    return (await bot.telegram.wait_for(after + more))[after:]


async def choosing(bot: RunningBot, chat_id: int, *, request_id: int = 2, more: int = 2) -> list[SentMessage]:
    """Everything the bot says when somebody asks for a place and chooses this one."""
    before = len(bot.telegram.sent)
    bot.telegram.press(data=f"v1:{ADD_PLACE}:1")
    (asked,) = await newest(bot, before)
    assert [key.get("request_chat", {}).get("chat_is_channel") for key in asked.keys] == [False, True, None]
    bot.telegram.choose(chat_id, request_id=request_id)
    return await newest(bot, before + 1, more=more)


async def a_topic_that_is_told(bot: RunningBot, thread_id: int = 12) -> Chat:
    """A topic of the forum, which person 7 administers, to which the main list goes."""
    bot.telegram.forum(FORUM, "منتدى")
    bot.telegram.admins.add((FORUM, 7))
    before = len(bot.telegram.sent)
    bot.telegram.say("/places", chat_id=FORUM, thread_id=thread_id)
    await newest(bot, before)
    topic = a_chat(bot, FORUM, thread_id)
    assert topic is not None
    bot.telegram.say(f"/start c_{topic.id}")
    await newest(bot, before + 1)
    await pressed(bot, "＋ Main list")
    return topic


async def rights_changed(bot: RunningBot, chat_id: int) -> None:
    """Telegram says that 7 may do other things in the chat than before."""
    person = {"id": 7, "is_bot": False, "first_name": "سارة"}
    member: dict[str, Any] = {"user": person, "status": "member"}
    bot.telegram.push({"chat_member": {"chat": bot.telegram.chat(chat_id), "from": person, "new_chat_member": member}})
    await eventually(lambda: bot.telegram.unconfirmed == 0)  # which other chats do not wait for
    await eventually(lambda: bot.database.read_now(chats_waiting, limit=1) == [])


async def alert_from_list_of_7(bot: RunningBot, chat: Chat, number: int) -> None:
    """An article that met the watch of the private chat is told in this one."""

    def decide(connection: Connection) -> None:
        outlet, _ = an_outlet(connection)
        (article_id,) = save(connection, [a_new_article(outlet, number, title=f"أسعار النفط {number}")], now=NOW)
        (watch,) = list_watches(connection)
        judgement = Judgement(chat.id, Verdict.NOW, Cause.TAKEN, subscriptions_of(connection, chat.id)[0].id)
        record_decision(connection, article_id, [Match(watch.id, {})], [judgement], now=NOW)

    await bot.database.write(decide)
    bot.context.wakeups.kick(DELIVERIES)


def state_of(bot: RunningBot, chat_id: int, thread_id: int = 0) -> ChatState | None:
    chat = a_chat(bot, chat_id, thread_id)
    return None if chat is None else chat.state
