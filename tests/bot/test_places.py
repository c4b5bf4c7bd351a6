"""Watchlists told elsewhere, in channels, groups and topics, by those who may."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.words.buttons import ADD_PLACE, DESTINATION, PLACE, SEND, TOLD, TRY_AGAIN
from monitors.storage.watchlists import create_watchlist
from tests.bot.conftest import RunningBot, eventually, pressed, said
from tests.bot.placing import CHANNEL, FORUM, GROUP, a_chat, choosing, newest, rights_changed, told_in
from tests.rows import NOW


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


async def test_rights_are_forgotten_when_telegram_says_they_changed(sara: RunningBot) -> None:
    assert "إلا المشرفون" in (await said(sara, "/places", chat_id=GROUP)).text
    sara.telegram.admins.add((GROUP, 7))
    await rights_changed(sara, GROUP)
    assert "لا أحد هنا يرى قوائمك" in (await said(sara, "/places", chat_id=GROUP)).text
