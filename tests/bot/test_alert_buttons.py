"""The buttons under an alert: what they do, in place, and what they refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from monitors.chats import Chat, ChatAddress, Transport
from monitors.storage.chats import ensure_chat, find_chat
from monitors.storage.saved import saved_in
from monitors.storage.subscriptions import mutes_of
from monitors.storage.watches import add_watch
from monitors.subscriptions import Mute, MuteKind
from tests.bot.conftest import RunningBot, pressed, said
from tests.fakes.telegram_messages import SentMessage
from tests.rows import NOW, a_telegram_chat

GROUP = -500


async def told(
    bot: RunningBot, *queries: str, chat_id: int = 7, title: str = "فتح الميناء اليوم", text: str = "نص"
) -> SentMessage:
    """An alert as it arrives in an English chat that watches these."""

    def watching(connection: Connection) -> Chat:
        chat = a_telegram_chat(connection, chat_id, language="en")
        for query in queries or ("ميناء",):
            add_watch(connection, chat.id, query, now=NOW)
        return chat

    chat = bot.database.write_now(watching)
    before = len(bot.telegram.sent)
    await bot.alert(chat, title=title, text=text)
    return (await bot.telegram.wait_for(before + 1))[before]


def muted(bot: RunningBot, chat_id: int = 7) -> list[Mute]:
    def read(connection: Connection) -> list[Mute]:
        chat = find_chat(connection, ChatAddress(Transport.TELEGRAM, chat_id))
        assert chat is not None
        return mutes_of(connection, [chat.id], now=datetime.now(UTC))

    return bot.database.read_now(read)


async def changed(bot: RunningBot, message: SentMessage, label: str, *, user_id: int = 7) -> str:
    """The notice of a button under the message, once the message has changed."""
    edits = message.edits
    notice = await pressed(bot, label, chat_id=message.chat_id, user_id=user_id)
    await bot.telegram.wait_until(lambda: message.edits > edits)
    return notice


async def test_everything_is_muted_for_an_hour_and_told_again(bot: RunningBot) -> None:
    alert = await told(bot)
    text = alert.text
    notice = await changed(bot, alert, "Mute 1 h")
    assert notice.startswith("🔇 Everything is muted until ")
    assert notice in alert.text
    (mute,) = muted(bot)
    assert (mute.kind, mute.target_id) == (MuteKind.EVERYTHING, None)
    assert mute.until is not None
    assert timedelta(minutes=59) < mute.until - datetime.now(UTC) <= timedelta(hours=1)
    assert await changed(bot, alert, "Undo") == "Not muted any more."
    assert muted(bot) == []
    assert alert.text == text


async def test_the_menu_takes_the_place_of_the_buttons_and_gives_it_back(bot: RunningBot) -> None:
    alert = await told(bot)
    first = alert.labels
    await changed(bot, alert, "⋯ Options")
    assert alert.labels == [
        *("Mute today", "Mute this story", "Mute this outlet", "Mute this word"),
        *("Not relevant", "Save", "Why this?", "Back"),
    ]
    await changed(bot, alert, "Back")
    assert alert.labels == first
    assert len(bot.telegram.sent) == 1


async def test_a_story_an_outlet_and_a_word_can_be_muted(bot: RunningBot) -> None:
    alert = await told(bot)
    for label, kind in (
        ("Mute this story", MuteKind.STORY),
        ("Mute this outlet", MuteKind.OUTLET),
        ("Mute this word", MuteKind.WATCH),
    ):
        await changed(bot, alert, "⋯ Options")
        await changed(bot, alert, label)
        assert muted(bot)[-1].kind is kind
        assert muted(bot)[-1].until is None
    listed = await said(bot, "/mute")
    assert [line.partition(" ")[2] for line in listed.text.splitlines()[1:]] == [
        "the story \u2068فتح الميناء اليوم\u2069",
        "the outlet \u2068صحيفة الأفق\u2069",
        "the watch \u2068ميناء\u2069",
    ]
    await changed(bot, listed, "Unmute 2")
    assert [mute.kind for mute in muted(bot)] == [MuteKind.STORY, MuteKind.WATCH]
    await changed(bot, listed, "Mute today")
    assert muted(bot)[-1].kind is MuteKind.EVERYTHING


async def test_the_watches_say_that_they_are_muted_and_lead_to_where_they_are_heard_again(bot: RunningBot) -> None:
    alert = await told(bot, "ميناء", "سفينة")
    await changed(bot, alert, "⋯ Options")
    await changed(bot, alert, "Mute this word")
    listed = await said(bot, "/watches")
    assert "1. 🔇 muted: ميناء" in plain(listed)
    assert "2. سفينة" in plain(listed)
    await changed(bot, listed, "1 · ميناء")
    assert "🔇 This word is muted until you undo it." in listed.text
    await changed(bot, listed, "🔇 Muted")
    await changed(bot, listed, "Unmute 1")
    await changed(bot, listed, "Mute 1 h")
    everything = await said(bot, "/watches")
    assert "🔇 Everything is muted until" in everything.text
    assert "muted:" not in everything.text
    await changed(bot, everything, "2 · سفينة")
    assert "🔇 Everything is muted until" in everything.text
    await changed(bot, everything, "🔇 Muted")
    await changed(bot, everything, "Unmute 1")
    assert "🔇" not in (await said(bot, "/watches")).text


def plain(message: SentMessage) -> str:
    """Without the marks that keep directions apart."""
    return message.text.translate(dict.fromkeys(map(ord, "\u2068\u2069\u200e\u200f")))


async def test_of_several_words_the_one_to_be_muted_is_chosen(bot: RunningBot) -> None:
    alert = await told(bot, "ميناء", "اليوم")
    await changed(bot, alert, "⋯ Options")
    await changed(bot, alert, "Mute this word")
    assert alert.labels == ["🔇 ميناء", "🔇 اليوم", "Back"]
    assert muted(bot) == []
    await changed(bot, alert, "🔇 اليوم")
    assert [mute.kind for mute in muted(bot)] == [MuteKind.WATCH]


async def test_an_article_is_saved_listed_and_let_go(bot: RunningBot) -> None:
    alert = await told(bot)
    await changed(bot, alert, "⋯ Options")
    assert await changed(bot, alert, "Save") == "Saved: you find it with /saved."
    assert "Unsave" in alert.labels
    listed = await said(bot, "/saved")
    assert listed.text.startswith("1 saved article")
    assert listed.spans("text_link") == ["فتح الميناء اليوم"]
    await changed(bot, listed, "Remove 1")
    assert listed.text.startswith("Nothing is saved here yet.")
    assert bot.database.read_now(saved_in, 1, limit=10) == ([], 0)


async def test_in_a_group_only_administrators_mute_and_save(bot: RunningBot) -> None:
    bot.telegram.admins.add((GROUP, 8))
    alert = await told(bot, chat_id=GROUP)
    text, labels = alert.text, alert.labels
    number = next(
        button["callback_data"].split(":")[2] for row in alert.buttons for button in row if "callback_data" in button
    )
    for action in (f"mute:{number}:hour", f"keep:{number}", f"unmute:{number}:hour", f"alert:{number}", "hear:1"):
        notice = await pressed(bot, data=f"v1:{action}", chat_id=GROUP, user_id=9)
        assert notice == "Only administrators may do that here."
    assert await pressed(bot, "⋯ Options", chat_id=GROUP, user_id=9) == "🔔 ميناء: الميناء"
    assert (alert.text, alert.labels, len(bot.telegram.sent)) == (text, labels, 1)
    assert muted(bot, GROUP) == []
    await changed(bot, alert, "Mute 1 h", user_id=8)
    assert len(muted(bot, GROUP)) == 1


async def test_nobody_reaches_the_alerts_of_another_chat(bot: RunningBot) -> None:
    await told(bot)
    bot.database.write_now(
        lambda connection: ensure_chat(connection, ChatAddress(Transport.TELEGRAM, 8), now=NOW, language="en")
    )
    await said(bot, "/start", chat_id=8, user_id=8)
    for action in ("mute:1:hour", "keep:1", "menu:1", "open:1", "alert:1", "unmute:1:hour", "mute:1:watch:1"):
        notice = await pressed(bot, data=f"v1:{action}", chat_id=8, user_id=8)
        assert notice == "This button is from an older version."
    assert muted(bot) == muted(bot, 8) == []


async def test_forged_choices_change_nothing(bot: RunningBot) -> None:
    await told(bot)
    for what in ("watch:999", "forever", "", "watch:", "hour:hour"):
        notice = await pressed(bot, data=f"v1:mute:1:{what}")
        assert notice == "This button is from an older version."
    assert muted(bot) == []


async def test_an_old_button_is_answered_with_the_first_screen(bot: RunningBot) -> None:
    await told(bot)
    assert await pressed(bot, data="v0:gone:1") == "This button is from an older version."
    (_, fresh) = await bot.telegram.wait_for(2)
    assert "🔔 1 watch ·" in fresh.text


async def test_a_button_pressed_twice_at_once_is_one_edit(bot: RunningBot) -> None:
    alert = await told(bot)
    queries = [bot.telegram.press("⋯ Options"), bot.telegram.press("⋯ Options"), bot.telegram.press("⋯ Options")]
    await bot.telegram.wait_until(lambda: all(query in bot.telegram.answered for query in queries))
    await bot.telegram.wait_until(lambda: alert.edits == 1)
    await said(bot, "/mute")
    assert bot.telegram.refused == []
    assert alert.edits == 1
