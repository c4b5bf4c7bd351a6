"""Places that cannot be told any more, and what their keepers hear of that and can do."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot.words.buttons import GENERAL, NO_PLACE, TRY_AGAIN
from monitors.chats import ChatState
from monitors.storage.subscriptions import subscriptions_of
from monitors.storage.tables import deliveries
from tests.bot.conftest import RunningBot, eventually, pressed, said
from tests.bot.placing import (
    CHANNEL,
    FORUM,
    GROUP,
    a_chat,
    a_topic_that_is_told,
    alert_from_list_of_7,
    choosing,
    newest,
    rights_changed,
    state_of,
    told_in,
)


async def test_a_place_that_may_not_be_written_to_is_told_its_keeper_once(sara: RunningBot) -> None:
    sara.telegram.channel(CHANNEL, "أخبار النفط")
    sara.telegram.admins.add((CHANNEL, 7))
    await choosing(sara, CHANNEL)
    lost = {"status": "administrator", "can_post_messages": False}
    sara.telegram.standing[CHANNEL], sara.telegram.members[CHANNEL, sara.telegram.bot_id] = "member", lost
    before = len(sara.telegram.sent)
    channel = a_chat(sara, CHANNEL)
    assert channel is not None
    await alert_from_list_of_7(sara, channel, 1)
    (notice,) = await newest(sara, before)
    assert notice.chat_id == 7
    assert notice.labels == ["Try again", "Send nothing there"]
    assert state_of(sara, CHANNEL) is ChatState.BARRED
    assert await pressed(sara, "Try again") == "I still may not write there."
    sara.telegram.standing[CHANNEL] = "administrator"
    sara.telegram.members.clear()
    await pressed(sara, "Try again")
    (alert,) = await newest(sara, before + 1)
    assert alert.chat_id == CHANNEL
    assert alert.labels == ["Read ↗"]  # readers of a channel change nothing there
    assert state_of(sara, CHANNEL) is ChatState.ACTIVE
    await eventually(lambda: _ends(sara, channel.id) == ["sent"])


async def test_a_topic_that_was_closed_rests_alone_and_goes_to_general(sara: RunningBot) -> None:
    closed, open_one = [await a_topic_that_is_told(sara, number) for number in (12, 13)]
    sara.telegram.topics[FORUM, 12] = "closed"
    before = len(sara.telegram.sent)
    await alert_from_list_of_7(sara, closed, 1)
    (notice,) = await newest(sara, before)
    assert "The topic \u2068منتدى · topic 12\u2069 was closed." in notice.text
    assert "General instead" in notice.labels
    assert state_of(sara, FORUM, 12) is ChatState.BARRED
    assert state_of(sara, FORUM, 13) is ChatState.ACTIVE
    sara.telegram.say(f"/start c_{closed.id}")
    (place,) = await newest(sara, before + 1)
    assert "General instead" in place.labels
    await alert_from_list_of_7(sara, closed, 2)
    await pressed(sara, "General instead")
    assert set(told_in(sara)) == {(7, 0), (FORUM, 0), (FORUM, 13)}
    sara.telegram.topics[FORUM, 13] = "closed"
    await alert_from_list_of_7(sara, open_one, 3)
    await eventually(lambda: state_of(sara, FORUM, 13) is ChatState.BARRED)
    await alert_from_list_of_7(sara, open_one, 4)
    sara.telegram.topics.clear()
    sara.telegram.say("", chat_id=FORUM, thread_id=13, forum_topic_reopened={})
    await eventually(lambda: state_of(sara, FORUM, 13) is ChatState.ACTIVE)
    there = [sent for sent in await newest(sara, before + 2, more=3) if sent.chat_id == FORUM]
    for told, thread_id, first in zip(there, (0, 13), (1, 3), strict=True):  # what waited for long is told together
        assert told.thread_id == thread_id
        assert told.text.index(f"أسعار النفط {first}") < told.text.index(f"أسعار النفط {first + 1}")


async def test_a_topic_that_is_tried_again_is_not_said_to_be_open(sara: RunningBot) -> None:
    topic = await a_topic_that_is_told(sara)
    sara.telegram.topics[FORUM, 12] = "closed"
    before = len(sara.telegram.sent)
    await alert_from_list_of_7(sara, topic, 1)
    (notice,) = await newest(sara, before)
    await pressed(sara, "Try again")
    (again,) = await newest(sara, before + 1)
    assert "If it is still closed, I tell you." in notice.text
    assert "was closed" in again.text
    assert notice.chat_id == again.chat_id == 7


async def test_a_topic_that_is_gone_and_told_nothing_is_no_place_any_more(sara: RunningBot) -> None:
    topic = await a_topic_that_is_told(sara)
    sara.telegram.topics[FORUM, 12] = "deleted"
    before = len(sara.telegram.sent)
    await alert_from_list_of_7(sara, topic, 1)
    await newest(sara, before)
    assert "❗ \u2068منتدى · topic 12\u2069" in (await said(sara, "/places")).text
    await pressed(sara, data=f"v1:{GENERAL}:{topic.id}")
    listed = (await said(sara, "/places")).text
    assert "✅ \u2068منتدى\u2069" in listed
    assert "topic 12" not in listed


async def test_who_administers_a_chat_no_longer_only_takes_away(sara: RunningBot) -> None:
    topic = await a_topic_that_is_told(sara)
    sara.telegram.admins.clear()
    await rights_changed(sara, FORUM)
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
    await eventually(lambda: state_of(sara, GROUP) is ChatState.ACTIVE)
    assert len(sara.telegram.sent) == before + 1
    group = a_chat(sara, GROUP)
    assert group is not None
    assert sara.database.read_now(lambda connection: len(subscriptions_of(connection, group.id))) == 1


async def test_the_times_of_a_place_say_that_the_bot_was_thrown_out(sara: RunningBot) -> None:
    sara.telegram.admins.add((GROUP, 7))
    await choosing(sara, GROUP, request_id=1)
    assert "not there" not in (await said(sara, "/times")).text
    sara.telegram.promote(GROUP, "kicked")
    await eventually(lambda: state_of(sara, GROUP) is ChatState.UNREACHABLE)
    times = await said(sara, "/times")
    assert times.text.count(": ❗ I am not there any more") == 1
    await pressed(sara, next(label for label in times.labels if label.startswith("2. ")))
    await sara.telegram.wait_until(lambda: times.edits == 1)
    assert "❗ I am not there any more" in times.text


def _ends(bot: RunningBot, chat_id: int) -> Sequence[str]:
    """The states of what this chat was to be told."""
    told = select(deliveries.c.state).where(deliveries.c.chat_id == chat_id, deliveries.c.kind == "alert")
    return bot.database.read_now(lambda connection: connection.scalars(told).all())
