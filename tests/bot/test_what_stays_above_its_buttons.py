"""What the bot told stays: a button under it that leads to a screen brings that as a message of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.words.buttons import ABOUT, DECLINE, FOLLOW, comes_apart, read
from bot.words.discoveries import compose_discovery
from bot.words.language import voice
from monitors.alerts import DeliveryKind, NewDelivery
from monitors.chats import ChatAddress, Transport
from monitors.requests import Discovery, DiscoveryKind, DiscoveryState
from monitors.storage.chats import find_chat
from monitors.storage.deliveries import enqueue
from monitors.wakeups import DELIVERIES
from tests.bot.conftest import RunningBot, pressed, said
from tests.bot.test_documents import sent
from tests.fakes.telegram_messages import SentMessage
from tests.rows import NOW, an_outlet


async def press_all(bot: RunningBot, told: SentMessage, person: int = 7) -> list[SentMessage]:
    """What its buttons bring below it, but for those of languages; it is as it was itself."""
    text, first = told.text, len(bot.telegram.sent)
    for label in [label for label in told.labels if "🌐" not in label]:
        before = len(bot.telegram.sent)
        data = next(button["callback_data"] for row in told.buttons for button in row if button["text"] == label)
        await pressed(bot, data=data, message=told, chat_id=person, user_id=person)
        await bot.telegram.wait_for(before + 1)
    assert (told.text, told.edits) == (text, 0)
    return bot.telegram.sent[first:]


async def test_the_article_of_a_first_watch_stays(bot: RunningBot) -> None:
    await bot.database.write(an_outlet)
    await said(bot, "/start", language_code="en")
    kept = await said(bot, "wheat")
    assert kept.text.startswith("✅")
    brought = [one.text for one in await press_all(bot, kept)]
    assert len(brought) == len(kept.labels) - 1
    assert any("Alerts come at once." in text for text in brought)


async def test_what_typed_watches_brought_stays(bot: RunningBot) -> None:
    kept = await said(bot, "/watch add wheat\nbarley", language_code="en")
    assert len(await press_all(bot, kept)) == len(kept.labels)


async def test_a_notice_of_many_alerts_stays(bot: RunningBot) -> None:
    await said(bot, "/watch oil", language_code="en")
    chat = bot.database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, 7))
    assert chat is not None
    notice = NewDelivery(chat.id, DeliveryKind.NOTICE, {"notice": "many_alerts", "most": 500})
    await bot.database.write(enqueue, notice, now=NOW)
    bot.context.wakeups.kick(DELIVERIES)
    (told,) = (await bot.telegram.wait_for(2))[1:]
    (times,) = await press_all(bot, told)
    assert times.text.startswith("When and how alerts come")


async def test_what_became_of_a_file_of_watches_stays(bot: RunningBot) -> None:
    told = await sent(bot, "words.txt", "oil\nAND OR AND\n", language_code="en")
    await pressed(bot, told.labels[0])
    await bot.telegram.wait_until(lambda: told.edits == 1)
    told.edits = 0
    assert told.text == "1 watch was added."
    assert len(await press_all(bot, told)) == 2
    again = await sent(bot, "words.txt", "oil\nAND OR AND\n")
    assert "AND OR AND" in again.text
    assert len(await press_all(bot, again)) == 1


async def test_what_an_account_s_file_brought_and_could_not_bring_stays(bot: RunningBot) -> None:
    await said(bot, "/watch oil", language_code="en")
    exported = await said(bot, "/export")
    told = await sent(bot, "rasid-account.json", exported.content, chat_id=9, user_id=9, language_code="en")
    await pressed(bot, "Add", chat_id=9, user_id=9)
    await bot.telegram.wait_until(lambda: told.edits == 1)
    told.edits = 0
    assert told.text.startswith("✅ Added:")
    assert len(await press_all(bot, told, 9)) == 2
    again = await sent(bot, "rasid-account.json", exported.content, chat_id=9, user_id=9)
    assert len(await press_all(bot, again, 9)) == 1


FOUND = Discovery(
    id=1,
    chat_id=1,
    person_id=7,
    kind=DiscoveryKind.ADDRESS,
    address="https://a.example/",
    state=DiscoveryState.FOLLOWED,
    result={"name": "A"},
    error=None,
    requested_at=NOW,
    updated_at=NOW,
    outlet_id=1,
    added=True,
    delivery_id=1,
)


@pytest.mark.parametrize(
    "look",
    [
        FOUND,
        replace(FOUND, watchlist_id=3),
        replace(FOUND, state=DiscoveryState.FAILED),
        replace(FOUND, state=DiscoveryState.CANCELLED),
        replace(FOUND, kind=DiscoveryKind.OPML),
        replace(FOUND, kind=DiscoveryKind.OPML, state=DiscoveryState.FOUND),
    ],
)
def test_what_was_found_at_an_address_stays(look: Discovery) -> None:
    carried = [one.data or "" for row in compose_discovery(look, voice("en")).keyboard for one in row]
    leading = [data for data in carried if (read(data) or ("",))[0] not in (ABOUT, FOLLOW, DECLINE)]
    assert leading
    assert all(comes_apart(data) for data in leading)
