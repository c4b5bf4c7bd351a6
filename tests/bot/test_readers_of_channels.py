"""Readers of a channel turn the pages of a digest, and nothing else: whatever they press, nothing is posted there."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from bot import routing
from bot.telegram import acknowledging
from bot.visits import Answer
from bot.words.buttons import DIGEST_ALERTS, DIGEST_PAGE, HELP, HOME, OPEN_ALERT, TIMES, WATCHES
from monitors.alerts import DeliveryKind, NewDelivery
from monitors.chats import Chat, ChatAddress, Transport
from monitors.releasing import GRACE, release_due
from monitors.storage.chats import ensure_chat, get_chats, keep
from monitors.storage.deliveries import enqueue
from monitors.storage.inbox import chats_waiting
from monitors.storage.subscriptions import set_rules, subscribe, subscriptions_of, unsubscribe
from monitors.storage.watches import add_watch
from monitors.storage.watchlists import watchlists_of
from monitors.subscriptions import Mode, Rules
from monitors.wakeups import DELIVERIES
from tests.bot.conftest import RunningBot, eventually, pressed
from tests.fakes.telegram_messages import SentMessage
from tests.monitors.holding import an_article
from tests.rows import NOW, a_telegram_chat

CHANNEL, OWNER, READER = -1001000000009, 7, 66


def a_channel(connection: Connection) -> Chat:
    """What its owner watches comes there, once a day."""
    owner = a_telegram_chat(connection, OWNER)
    add_watch(connection, owner.id, "النفط", now=NOW)
    (mine,) = subscriptions_of(connection, owner.id)
    unsubscribe(connection, mine.id)
    address = ChatAddress(Transport.TELEGRAM, CHANNEL)
    channel = ensure_chat(connection, address, now=NOW, language="en", title="Oil", kind="channel")
    keep(connection, channel.id, owner.id)
    there = subscribe(connection, channel.id, watchlist_id=watchlists_of(connection, owner.id)[0].id, now=NOW)
    set_rules(connection, there.id, Rules(Mode.HOURLY))
    return channel


@pytest.fixture
def channel(bot: RunningBot) -> Chat:
    bot.telegram.channel(CHANNEL, "Oil")
    return bot.database.write_now(a_channel)


@pytest.fixture
async def digest(bot: RunningBot, channel: Chat) -> SentMessage:
    """One of two pages, posted there."""
    for number in range(40):
        bot.database.write_now(an_article, number + 1, now=NOW)
    bot.database.write_now(release_due, zone="UTC", now=NOW.replace(hour=NOW.hour + 1) + GRACE)
    bot.context.wakeups.kick(DELIVERIES)
    (posted,) = await bot.telegram.wait_for(1)
    return posted


async def test_word_of_many_alerts_has_no_buttons_there(bot: RunningBot, channel: Chat) -> None:
    notice = NewDelivery(channel.id, DeliveryKind.NOTICE, {"notice": "many_alerts", "most": 500})
    await bot.database.write(enqueue, notice, now=NOW)
    bot.context.wakeups.kick(DELIVERIES)
    (told,) = await bot.telegram.wait_for(1)
    assert told.text.startswith("🗞 500 alerts")
    assert told.labels == []


async def test_readers_turn_the_pages_of_a_digest(bot: RunningBot, digest: SentMessage) -> None:
    assert digest.labels == ["Next"]
    await pressed(bot, "Next", chat_id=CHANNEL, user_id=READER)
    await bot.telegram.wait_until(lambda: digest.edits == 1)
    assert digest.labels == ["Previous"]


async def test_nothing_else_that_they_press_posts_or_changes_anything(bot: RunningBot, digest: SentMessage) -> None:
    (page,) = (one["callback_data"].removeprefix("v1:") for row in digest.buttons for one in row)
    assert page.startswith(f"{DIGEST_PAGE}:")
    numbers = page.replace(DIGEST_PAGE, DIGEST_ALERTS)
    screens = [f"{TIMES}:0", f"{WATCHES}:0", f"{HOME}:", f"{HELP}:", f"{OPEN_ALERT}:1", numbers]
    for data in [*(f"v1:{one}" for one in screens), *(f"v1:+{one}" for one in screens), f"v1:+{page}"]:
        notice = await pressed(bot, data=data, chat_id=CHANNEL, user_id=READER, message=digest)
        assert notice == "This button is from an older version.", data
    await bot.alert(bot.database.read_now(get_chats, [1])[1], 50)
    assert (await bot.telegram.wait_for(2))[1].chat_id == OWNER
    assert (len(bot.telegram.sent), digest.edits, digest.labels) == (2, 0, ["Next"])


async def test_what_no_notice_can_show_any_more_is_not_posted_there(
    bot: RunningBot, digest: SentMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acknowledging, "ACKNOWLEDGED_S", 0.0)
    await pressed(bot, data=f"v1:{TIMES}:0", chat_id=CHANNEL, user_id=READER, message=digest)
    await eventually(lambda: bot.database.read_now(chats_waiting, limit=9) == [])
    await bot.alert(bot.database.read_now(get_chats, [1])[1], 50)
    assert (await bot.telegram.wait_for(2))[1].chat_id == OWNER


async def test_of_a_press_that_fails_only_its_reader_hears(
    bot: RunningBot, digest: SentMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Answer:
        raise ZeroDivisionError

    monkeypatch.setitem(routing._PRESSES, DIGEST_PAGE, fails)
    assert "Sorry, that went wrong" in await pressed(bot, "Next", chat_id=CHANNEL, user_id=READER)
    await bot.alert(bot.database.read_now(get_chats, [1])[1], 50)
    assert (await bot.telegram.wait_for(2))[1].chat_id == OWNER
