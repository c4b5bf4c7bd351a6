"""Pictures and documents: made when their message is sent, uploaded once, and never a reason to be silent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.makers import making
from bot.telegram import channel
from bot.words.language import voice
from bot.words.messages import CAPTION, Attachment, Form, Message, from_json, to_json, unaccompanied
from bot.words.text import RichText, TextBuilder
from crawler.opml.reading import read_opml
from monitors.alerts import DeliveryKind, NewDelivery
from monitors.chats import Chat
from monitors.storage.chats import list_chats
from monitors.storage.deliveries import enqueue
from monitors.storage.engine import Database
from monitors.wakeups import DELIVERIES
from tests.bot.conftest import RunningBot, eventually, pressed, running, said
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, an_outlet

States = Callable[[], list[tuple[str, str, int]]]

PICTURE = Attachment(Form.PICTURE, "mentions.png", "squares", {"side": 3})


async def squares(database: Database, chat: Chat, of: Mapping[str, Any]) -> bytes:
    if of["side"] < 0:
        raise ValueError("a square has sides")
    return bytes(of["side"] ** 2)


@pytest.fixture(autouse=True)
def _makers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_MAKERS", {**making._MAKERS, "squares": squares})


async def tell(bot: RunningBot, *messages: Message) -> None:
    """A chat is told, one after the other."""
    (chat, *_) = await bot.database.read(list_chats)
    for message in messages:
        reply = NewDelivery(chat.id, DeliveryKind.REPLY, {"message": to_json(message)})
        await bot.database.write(enqueue, reply, now=NOW)
    bot.context.wakeups.kick(DELIVERIES)


def test_an_attachment_waits_as_words_about_what_it_is_of() -> None:
    message = Message(RichText("9"), attachment=PICTURE)
    assert from_json(to_json(message)) == message
    old = {name: value for name, value in to_json(message).items() if name != "attachment"}
    assert from_json(old) == Message(RichText("9"))


async def test_a_picture_is_sent_with_its_caption_and_changes_in_place(bot: RunningBot) -> None:
    await said(bot, "/help")
    caption = TextBuilder().add("9", "bold").build(CAPTION)
    await tell(bot, Message(caption, attachment=PICTURE))
    sent = (await bot.telegram.wait_for(2))[-1]
    assert (sent.kind, sent.content, sent.text, sent.spans("bold")) == ("photo", bytes(9), "9", ["9"])
    larger = Attachment(Form.PICTURE, "mentions.png", "squares", {"side": 4})
    await tell(bot, Message(RichText("16"), attachment=larger, edits=sent.message_id))
    await bot.telegram.wait_until(lambda: sent.edits == 1)
    assert (sent.content, sent.text) == (bytes(16), "16")
    assert bot.telegram.refused == []


async def test_what_cannot_be_made_is_said_and_holds_nothing_up(bot: RunningBot) -> None:
    await said(bot, "/help")
    impossible = Attachment(Form.PICTURE, "mentions.png", "squares", {"side": -1})
    unknown = Attachment(Form.DOCUMENT, "a.txt", "nobody", {})
    await tell(
        bot,
        Message(RichText("9"), attachment=impossible),
        Message(RichText("one file"), attachment=unknown),
        Message(RichText("after them")),
    )
    *_, picture, document, after = await bot.telegram.wait_for(4)
    note = voice("ar").say("❗ What belongs here could not be made. Please try again.")
    assert picture.text.startswith("9\n")
    assert [note in one.text for one in (picture, document, after)] == [True, True, False]
    assert {one.kind for one in (picture, document, after)} == {"text"}


async def test_a_picture_that_takes_long_lets_answers_pass_and_survives_a_restart(
    sqlite_database: Database, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, states: States
) -> None:
    monkeypatch.setattr(channel, "MOMENT_S", 0.01)
    drawn, begun = asyncio.Event(), 0

    async def slowly(database: Database, chat: Chat, of: Mapping[str, Any]) -> bytes:
        nonlocal begun
        begun += 1
        await drawn.wait()
        return await squares(database, chat, of)

    monkeypatch.setattr(making, "_MAKERS", {"squares": slowly})
    async with running(sqlite_database, telegram) as bot:
        await said(bot, "/help")
        await tell(bot, Message(RichText("9"), attachment=PICTURE), Message(RichText("after it")))
        assert (await telegram.wait_for(2))[-1].text == "after it"
    async with running(sqlite_database, telegram) as bot:
        await telegram.wait_until(lambda: begun == 2)
        assert await said(bot, "/help")
        drawn.set()
        picture = (await telegram.wait_for(4))[-1]
        await eventually(lambda: {state for _, state, _ in states()} == {"sent"})
    assert (picture.content, picture.text) == (bytes(9), "9")


async def test_a_picture_stays_when_a_newer_one_cannot_be_made(bot: RunningBot) -> None:
    await said(bot, "/help")
    await tell(bot, Message(RichText("9"), attachment=PICTURE))
    sent = (await bot.telegram.wait_for(2))[-1]
    impossible = Attachment(Form.PICTURE, "mentions.png", "squares", {"side": -1})
    await tell(bot, Message(RichText("-1"), attachment=impossible, edits=sent.message_id))
    await bot.telegram.wait_until(lambda: sent.edits == 1)
    assert sent.content == bytes(9)
    assert unaccompanied(Message(RichText("-1")), voice("ar")).body.text == sent.text
    assert bot.telegram.refused == []


async def test_a_lost_answer_to_an_upload_repeats_it_with_a_mark_within_the_limit(bot: RunningBot) -> None:
    await said(bot, "/help")
    bot.telegram.fail("sendPhoto", "garbage_after")
    caption = TextBuilder().add("كلمة " * 400).build(CAPTION)
    await tell(bot, Message(caption, attachment=PICTURE))
    first, second = (await bot.telegram.wait_for(3, timeout_s=30))[1:]
    assert first.kind == second.kind == "photo"
    assert second.text.startswith("↻")
    assert len(second.text) <= 1024


async def test_the_outlets_can_be_taken_along_as_a_list_other_readers_know(bot: RunningBot) -> None:
    await bot.database.write(an_outlet)
    await said(bot, "/outlets")
    await pressed(bot, "تصدير")
    document = (await bot.telegram.wait_for(2))[-1]
    assert (document.kind, document.file_name) == ("document", "rasid-outlets.opml")
    assert len(read_opml(document.content).rows) == 1
