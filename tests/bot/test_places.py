"""Watchlists told elsewhere, in channels, groups and topics, by those who may; and what happens when that breaks."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.words.buttons import ADD_PLACE, DESTINATION, GENERAL, NO_PLACE, PLACE, SEND, TOLD, TRY_AGAIN
from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage.articles import save
from monitors.storage.chats import find_chat
from monitors.storage.decisions import record_decision
from monitors.storage.subscriptions import destinations_of, subscriptions_of
from monitors.storage.tables import deliveries
from monitors.storage.watches import list_watches
from monitors.storage.watchlists import create_watchlist, watchlists_of
from monitors.wakeups import DELIVERIES
from tests.bot.conftest import RunningBot, eventually, pressed, said
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


@pytest.fixture
async def sara(bot: RunningBot) -> RunningBot:
    """Somebody with a watchlist, on the screen that says where its alerts go."""
    await said(bot, "/watch نفط", language_code="en")
    await pressed(bot, data=f"v1:{TOLD}:1")
    return bot


async def choosing(bot: RunningBot, chat_id: int, *, request_id: int = 2, more: int = 2) -> list[SentMessage]:
    """Everything the bot says when somebody asks for a place and chooses this one."""
    before = len(bot.telegram.sent)
    bot.telegram.press(data=f"v1:{ADD_PLACE}:1")
    (asked,) = await newest(bot, before)
    assert [key.get("request_chat", {}).get("chat_is_channel") for key in asked.keys] == [False, True, None]
    bot.telegram.choose(chat_id, request_id=request_id)
    return await newest(bot, before + 1, more=more)


async def test_a_watchlist_is_told_in_a_channel_that_was_chosen(sara: RunningBot) -> None:
    sara.telegram.channel(CHANNEL, "أخبار النفط")
    sara.telegram.admins.add((CHANNEL, 7))
    done, shown = await choosing(sara, CHANNEL)
    assert "أخبار النفط" in done.text
    assert "أخبار النفط" in shown.text
    assert set(told_in(sara)) == {(7, 0), (CHANNEL, 0)}
    channel = a_chat(sara, CHANNEL)
    assert channel is not None
    assert channel.type == "channel"
    assert channel.keeper_id == 1


async def test_of_many_lists_each_can_be_told_in_a_place(sara: RunningBot) -> None:
    """More of them than one message can show."""

    def many(connection: Connection) -> None:
        for number in range(2, 101):
            create_watchlist(connection, 1, f"{number}. قائمة المراقبة الطويلة الاسم", now=NOW)

    await sara.database.write(many)
    sara.telegram.channel(CHANNEL, "أخبار النفط")
    sara.telegram.admins.add((CHANNEL, 7))
    _, shown = await choosing(sara, CHANNEL)
    channel = a_chat(sara, CHANNEL)
    assert channel is not None
    await pressed(sara, data=f"v1:{PLACE}:{channel.id}", message=shown)
    await sara.telegram.wait_until(lambda: "✅ Main list" in shown.labels)
    await pressed(sara, "Next", message=shown)
    await sara.telegram.wait_until(lambda: "Previous" in shown.labels)
    before = shown.labels[0]
    await pressed(sara, before, message=shown)
    await sara.telegram.wait_until(lambda: shown.labels[0] == before.replace("＋", "✅"))


async def test_who_does_not_administer_a_chat_cannot_have_anything_told_there(sara: RunningBot) -> None:
    sara.telegram.channel(CHANNEL)
    (refused,) = await choosing(sara, CHANNEL, more=1)
    assert refused.text == "Only administrators may do that there."
    assert told_in(sara) == [(7, 0)]
    assert a_chat(sara, CHANNEL) is None


async def test_nothing_is_told_where_the_bot_may_not_write(sara: RunningBot) -> None:
    sara.telegram.channel(CHANNEL, standing="member")
    sara.telegram.members[CHANNEL, sara.telegram.bot_id] = {"status": "administrator", "can_post_messages": False}
    sara.telegram.admins.add((CHANNEL, 7))
    (refused,) = await choosing(sara, CHANNEL, more=1)
    assert refused.text.startswith("I may not write there.")
    assert told_in(sara) == [(7, 0)]


async def test_other_words_than_a_choice_take_the_buttons_away(sara: RunningBot) -> None:
    before = len(sara.telegram.sent)
    sara.telegram.press(data=f"v1:{ADD_PLACE}:1")
    await newest(sara, before)
    sara.telegram.say("Cancel")
    done, shown = await newest(sara, before + 1, more=2)
    assert done.text == "All right, nothing was changed."
    assert "✅ \u2068Here\u2069" in shown.text


async def test_whoever_adds_the_bot_to_a_group_is_shown_the_way(sara: RunningBot) -> None:
    before = len(sara.telegram.sent)
    sara.telegram.promote(GROUP, "member")
    (hello,) = await newest(sara, before)
    assert hello.chat_id == GROUP
    group = a_chat(sara, GROUP)
    assert group is not None
    url = f"https://t.me/{sara.telegram.username}?start=c_{group.id}"
    assert url in [button.get("url") for row in hello.buttons for button in row]
    sara.telegram.admins.add((GROUP, 7))
    sara.telegram.say(f"/start c_{group.id}", language_code="en")
    (screen,) = await newest(sara, before + 1)
    assert screen.chat_id == 7
    assert screen.text.startswith("What goes to")
    await pressed(sara, "＋ Main list")
    await eventually(lambda: set(told_in(sara)) == {(7, 0), (GROUP, 0)})
    await pressed(sara, "✅ Main list")
    await eventually(lambda: told_in(sara) == [(7, 0)])


async def test_of_a_channel_the_one_who_added_the_bot_hears_in_private(sara: RunningBot) -> None:
    before = len(sara.telegram.sent)
    sara.telegram.channel(CHANNEL, "أخبار")
    sara.telegram.promote(CHANNEL, "administrator", can_post_messages=True)
    (asked,) = await newest(sara, before)
    assert (asked.chat_id, asked.labels) == (7, ["Set up"])


async def test_a_topic_is_a_place_of_its_own(sara: RunningBot) -> None:
    sara.telegram.forum(FORUM, "منتدى")
    sara.telegram.admins.add((FORUM, 7))
    before = len(sara.telegram.sent)
    sara.telegram.say("/places", chat_id=FORUM, thread_id=12, language_code="en")
    (way,) = await newest(sara, before)
    topic = a_chat(sara, FORUM, 12)
    assert topic is not None
    assert (way.chat_id, way.thread_id, way.buttons[0][0]["url"].partition("start=")[2]) == (FORUM, 12, f"c_{topic.id}")
    sara.telegram.say(f"/start c_{topic.id}")
    await newest(sara, before + 1)
    await pressed(sara, "＋ Main list")
    assert (FORUM, 12) in told_in(sara)
    chat = a_chat(sara)
    assert chat is not None


async def test_topics_have_their_names(sara: RunningBot) -> None:
    sara.telegram.forum(FORUM, "منتدى")
    sara.telegram.admins.add((FORUM, 7))
    before = len(sara.telegram.sent)
    made = {"message_id": 12, "chat": {"id": FORUM, "type": "supergroup"}, "forum_topic_created": {"name": "Economy"}}
    for _ in range(2):
        sara.telegram.say("/places", chat_id=FORUM, thread_id=12, language_code="en", reply_to_message=made)
    await sara.telegram.wait_for(before + 1)
    topic = a_chat(sara, FORUM, 12)
    assert topic is not None
    assert topic.topic == "Economy"
    in_topic = {"message_thread_id": 12, "is_topic_message": True, "from": {"id": 7, "is_bot": False}}
    renamed = made | in_topic | {"message_id": 40, "forum_topic_edited": {"name": "Markets"}}
    sara.telegram.push({"message": {key: value for key, value in renamed.items() if key != "forum_topic_created"}})
    sara.telegram.say("/places", chat_id=FORUM, thread_id=12, language_code="en", reply_to_message=made)
    sara.telegram.say(f"/start c_{topic.id}")
    await sara.telegram.wait_until(lambda: "منتدى · Markets" in sara.telegram.sent[-1].text)


async def test_the_bot_added_by_a_link_tells_there_what_is_ones_own(sara: RunningBot) -> None:
    sara.telegram.admins |= {(GROUP, 7), (GROUP, 8)}
    start = f"/start@{sara.telegram.username} d_1"
    await said(sara, "/watch قمح", chat_id=8, user_id=8)
    assert "no such watchlist" in (await said(sara, start, chat_id=GROUP, user_id=8, language_code="en")).text
    assert "no such watchlist" in (await said(sara, start, chat_id=GROUP, as_chat=True)).text
    assert "Only administrators" in (await said(sara, start, chat_id=GROUP, user_id=9)).text
    assert told_in(sara) == [(7, 0)]
    told = await said(sara, start, chat_id=GROUP)
    assert "Main list" not in told.text
    assert set(told_in(sara)) == {(7, 0), (GROUP, 0)}


async def test_strangers_open_no_chat_by_its_number(sara: RunningBot) -> None:
    before = len(sara.telegram.sent)
    sara.telegram.promote(GROUP, "member", user_id=9)
    await newest(sara, before)
    group = a_chat(sara, GROUP)
    assert group is not None
    sara.telegram.say(f"/start c_{group.id}", language_code="en")
    (refused,) = await newest(sara, before + 1)
    assert "Only administrators" in refused.text
    for action, argument in ((PLACE, f"{group.id}"), (SEND, f"{group.id}:1"), (TRY_AGAIN, f"{group.id}")):
        assert await pressed(sara, data=f"v1:{action}:{argument}") != ""
    assert told_in(sara) == [(7, 0)]


async def test_nobody_sees_or_changes_where_others_lists_are_told(sara: RunningBot) -> None:
    await said(sara, "/start", chat_id=8, user_id=8, language_code="en")
    greeting = sara.telegram.sent[-1]
    for action in (TOLD, DESTINATION, ADD_PLACE, "here", "hold", "end", "share", "unshare"):
        await pressed(sara, data=f"v1:{action}:1", chat_id=8, user_id=8)
    assert told_in(sara) == [(7, 0)]
    assert "نفط" not in greeting.text
    assert not any("Here" in sent.text for sent in sara.telegram.sent if sent.chat_id == 8)


async def test_a_place_that_may_not_be_written_to_is_told_its_keeper_once(sara: RunningBot) -> None:
    sara.telegram.channel(CHANNEL, "أخبار النفط")
    sara.telegram.admins.add((CHANNEL, 7))
    await choosing(sara, CHANNEL)
    lost = {"status": "administrator", "can_post_messages": False}
    sara.telegram.standing[CHANNEL], sara.telegram.members[CHANNEL, sara.telegram.bot_id] = "member", lost
    before = len(sara.telegram.sent)
    channel = a_chat(sara, CHANNEL)
    assert channel is not None
    await _alert_from_list_of_7(sara, channel, 1)
    (notice,) = await newest(sara, before)
    assert notice.chat_id == 7
    assert notice.labels == ["Try again", "Send nothing there"]
    assert _state(sara, CHANNEL) is ChatState.BARRED
    assert await pressed(sara, "Try again") == "I still may not write there."
    sara.telegram.standing[CHANNEL] = "administrator"
    sara.telegram.members.clear()
    await pressed(sara, "Try again")
    (alert,) = await newest(sara, before + 1)
    assert alert.chat_id == CHANNEL
    assert alert.labels == ["Read ↗"]  # readers of a channel change nothing there
    assert _state(sara, CHANNEL) is ChatState.ACTIVE
    await eventually(lambda: _ends(sara, channel.id) == ["sent"])


async def test_a_topic_that_was_closed_rests_alone_and_goes_to_general(sara: RunningBot) -> None:
    sara.telegram.forum(FORUM, "منتدى")
    sara.telegram.admins.add((FORUM, 7))
    before = len(sara.telegram.sent)
    for topic in (12, 13):
        sara.telegram.say("/places", chat_id=FORUM, thread_id=topic)
    await newest(sara, before, more=2)
    closed, open_one = a_chat(sara, FORUM, 12), a_chat(sara, FORUM, 13)
    assert closed is not None
    assert open_one is not None
    for chat in (closed, open_one):
        before = len(sara.telegram.sent)
        sara.telegram.say(f"/start c_{chat.id}")
        await newest(sara, before)
        await pressed(sara, "＋ Main list")
    sara.telegram.topics[FORUM, 12] = "closed"
    before = len(sara.telegram.sent)
    await _alert_from_list_of_7(sara, closed, 1)
    (notice,) = await newest(sara, before)
    assert "The topic \u2068منتدى · topic 12\u2069 was closed." in notice.text
    assert "General instead" in notice.labels
    assert _state(sara, FORUM, 12) is ChatState.BARRED
    assert _state(sara, FORUM, 13) is ChatState.ACTIVE
    sara.telegram.say(f"/start c_{closed.id}")
    (place,) = await newest(sara, before + 1)
    assert "General instead" in place.labels
    await _alert_from_list_of_7(sara, closed, 2)
    await pressed(sara, "General instead")
    assert set(told_in(sara)) == {(7, 0), (FORUM, 0), (FORUM, 13)}
    sara.telegram.topics[FORUM, 13] = "closed"
    await _alert_from_list_of_7(sara, open_one, 3)
    await eventually(lambda: _state(sara, FORUM, 13) is ChatState.BARRED)
    await _alert_from_list_of_7(sara, open_one, 4)
    sara.telegram.topics.clear()
    sara.telegram.say("", chat_id=FORUM, thread_id=13, forum_topic_reopened={})
    await eventually(lambda: _state(sara, FORUM, 13) is ChatState.ACTIVE)
    there = [sent for sent in await newest(sara, before + 2, more=3) if sent.chat_id == FORUM]
    for told, thread_id, first in zip(there, (0, 13), (1, 3), strict=True):  # what waited for long is told together
        assert told.thread_id == thread_id
        assert told.text.index(f"أسعار النفط {first}") < told.text.index(f"أسعار النفط {first + 1}")


async def test_a_topic_that_is_tried_again_is_not_said_to_be_open(sara: RunningBot) -> None:
    sara.telegram.forum(FORUM, "منتدى")
    sara.telegram.admins.add((FORUM, 7))
    before = len(sara.telegram.sent)
    sara.telegram.say("/places", chat_id=FORUM, thread_id=12)
    await newest(sara, before)
    topic = a_chat(sara, FORUM, 12)
    assert topic is not None
    place = await said(sara, f"/start c_{topic.id}")
    await pressed(sara, "＋ Main list")
    sara.telegram.topics[FORUM, 12] = "closed"
    before = len(sara.telegram.sent)
    await _alert_from_list_of_7(sara, topic, 1)
    (notice,) = await newest(sara, before)
    await pressed(sara, "Try again")
    (again,) = await newest(sara, before + 1)
    assert "If it is still closed, I tell you." in notice.text
    assert "was closed" in again.text
    assert place.chat_id == again.chat_id == 7


async def test_a_topic_that_is_gone_and_told_nothing_is_no_place_any_more(sara: RunningBot) -> None:
    sara.telegram.forum(FORUM, "منتدى")
    sara.telegram.admins.add((FORUM, 7))
    await said(sara, "/places", chat_id=FORUM, thread_id=12)
    topic = a_chat(sara, FORUM, 12)
    assert topic is not None
    await said(sara, f"/start c_{topic.id}")
    await pressed(sara, "＋ Main list")
    sara.telegram.topics[FORUM, 12] = "deleted"
    before = len(sara.telegram.sent)
    await _alert_from_list_of_7(sara, topic, 1)
    await newest(sara, before)
    assert "❗ \u2068منتدى · topic 12\u2069" in (await said(sara, "/places")).text
    await pressed(sara, data=f"v1:{GENERAL}:{topic.id}")
    listed = (await said(sara, "/places")).text
    assert "✅ \u2068منتدى\u2069" in listed
    assert "topic 12" not in listed


async def test_who_administers_a_chat_no_longer_only_takes_away(sara: RunningBot) -> None:
    sara.telegram.forum(FORUM, "منتدى")
    sara.telegram.admins.add((FORUM, 7))
    before = len(sara.telegram.sent)
    sara.telegram.say("/places", chat_id=FORUM, thread_id=12)
    await newest(sara, before)
    topic = a_chat(sara, FORUM, 12)
    assert topic is not None
    sara.telegram.say(f"/start c_{topic.id}")
    await newest(sara, before + 1)
    await pressed(sara, "＋ Main list")
    sara.telegram.admins.clear()
    await _rights_changed(sara, FORUM)
    for action in (GENERAL, TRY_AGAIN):
        assert "Only administrators" in (await pressed(sara, data=f"v1:{action}:{topic.id}") or "")
    assert (FORUM, 12) in told_in(sara)
    await pressed(sara, data=f"v1:{NO_PLACE}:{topic.id}")
    assert told_in(sara) == [(7, 0)]


async def test_a_keeper_hears_once_that_the_bot_was_thrown_out(sara: RunningBot) -> None:
    sara.telegram.admins.add((GROUP, 7))
    await choosing(sara, GROUP, request_id=1)
    before = len(sara.telegram.sent)
    sara.telegram.promote(GROUP, "kicked")
    sara.telegram.promote(GROUP, "kicked")
    (notice,) = await newest(sara, before)
    assert notice.text.startswith("❗ I am not in")
    sara.telegram.promote(GROUP, "member")
    await eventually(lambda: _state(sara, GROUP) is ChatState.ACTIVE)
    assert len(sara.telegram.sent) == before + 1
    group = a_chat(sara, GROUP)
    assert group is not None
    assert sara.database.read_now(lambda connection: len(subscriptions_of(connection, group.id))) == 1


async def test_the_times_of_a_place_say_that_the_bot_was_thrown_out(sara: RunningBot) -> None:
    sara.telegram.admins.add((GROUP, 7))
    await choosing(sara, GROUP, request_id=1)
    assert "not there" not in (await said(sara, "/times")).text
    sara.telegram.promote(GROUP, "kicked")
    await eventually(lambda: _state(sara, GROUP) is ChatState.UNREACHABLE)
    times = await said(sara, "/times")
    assert times.text.count(": ❗ I am not there any more") == 1
    await pressed(sara, next(label for label in times.labels if label.startswith("2. ")))
    await sara.telegram.wait_until(lambda: times.edits == 1)
    assert "❗ I am not there any more" in times.text


async def test_rights_are_forgotten_when_telegram_says_they_changed(sara: RunningBot) -> None:
    assert "Only administrators" in (await said(sara, "/places", chat_id=GROUP, language_code="en")).text
    sara.telegram.admins.add((GROUP, 7))
    await _rights_changed(sara, GROUP)
    assert "Nobody here sees" in (await said(sara, "/places", chat_id=GROUP)).text


async def _rights_changed(bot: RunningBot, chat_id: int) -> None:
    """Telegram says that 7 may do other things in the chat than before."""
    person = {"id": 7, "is_bot": False, "first_name": "سارة"}
    member: dict[str, Any] = {"user": person, "status": "member"}
    bot.telegram.push({"chat_member": {"chat": bot.telegram.chat(chat_id), "from": person, "new_chat_member": member}})


async def _alert_from_list_of_7(bot: RunningBot, chat: Chat, number: int) -> None:
    """An article that met the watch of the private chat is told in this one."""

    def decide(connection: Connection) -> None:
        outlet, _ = an_outlet(connection)
        (article_id,) = save(connection, [a_new_article(outlet, number, title=f"أسعار النفط {number}")], now=NOW)
        (watch,) = list_watches(connection)
        judgement = Judgement(chat.id, Verdict.NOW, Cause.TAKEN, subscriptions_of(connection, chat.id)[0].id)
        record_decision(connection, article_id, [Match(watch.id, {})], [judgement], now=NOW)

    await bot.database.write(decide)
    bot.context.wakeups.kick(DELIVERIES)


def _state(bot: RunningBot, chat_id: int, thread_id: int = 0) -> ChatState | None:
    chat = a_chat(bot, chat_id, thread_id)
    return None if chat is None else chat.state


def _ends(bot: RunningBot, chat_id: int) -> list[str]:
    """The states of what this chat was to be told."""
    return bot.database.read_now(
        lambda connection: list(
            connection.scalars(
                select(deliveries.c.state).where(deliveries.c.chat_id == chat_id, deliveries.c.kind == "alert")
            )
        )
    )
