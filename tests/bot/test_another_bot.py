"""Another bot takes over: nobody is lost, nothing of the old one's is answered, and what waited is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitors.alerts import DeliveryKind
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage import bots
from monitors.storage.chats import ensure_chat, keep, list_chats
from monitors.storage.deliveries import say_again
from monitors.storage.engine import Database
from monitors.storage.inbox import store_updates
from monitors.storage.subscriptions import subscriptions_of
from tests.bot.conftest import an_alert, eventually, running, settings_for
from tests.bot.test_telling_on_telegram import a_watching_chat
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, unhandled_updates

OLD, NEW = 123456789, 987654321
States = Callable[[], list[tuple[str, str, int]]]


def another_bot(telegram: FakeTelegram, **how: int) -> None:
    telegram.become(token=f"{NEW}:BBanother-token_of_the_fake_bot-01234567", bot_id=NEW, username="new_bot", **how)


def refusals(telegram: FakeTelegram) -> list[tuple[str, str]]:
    """But for the old bot's last poll, which the first one of the new bot ends."""
    return [refusal for refusal in telegram.refused if refusal[0] != "getUpdates"]


def chats_of(database: Database) -> dict[int, ChatState]:
    return {chat.address.chat_id: chat.state for chat in database.read_now(list_chats, Transport.TELEGRAM)}


@pytest.fixture
async def moved(sqlite_database: Database, telegram: FakeTelegram) -> Chat:
    """A chat that was told something by the old bot; now the new one is there, which nobody has started."""
    chat = a_watching_chat(sqlite_database, 7)
    sqlite_database.write_now(an_alert, chat, 1, title="فتح الميناء")
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)
    another_bot(telegram)
    return chat


async def test_who_has_not_started_it_waits_and_is_told_everything_when_they_do(
    sqlite_database: Database, telegram: FakeTelegram, moved: Chat, states: States
) -> None:
    async with running(sqlite_database, telegram, settings_for(telegram)) as bot:
        await telegram.wait_until(lambda: telegram.count("sendChatAction") == 1)
        await eventually(lambda: sqlite_database.read_now(bots.not_tried, limit=9) == [])
        await bot.alert(moved, 2, title="غلق الميناء")
        await bot.alert(moved, 3, title="توسعة الميناء")
        assert states()[1:] == [("alert", "pending", 0)] * 2
        assert chats_of(sqlite_database) == {7: ChatState.WAITING}
        telegram.say("/start m")
        await eventually(lambda: {state for _, state, _ in states()} <= {"sent", "merged"})
    greeting, *_ = (sent for sent in telegram.sent if sent.bot_id == NEW)
    assert "أنت الآن مع البوت الجديد" in greeting.text
    assert {"مراقباتي", "الإعدادات"} <= set(greeting.labels)
    told = "\n".join(sent.text for sent in telegram.sent if sent.bot_id == NEW)
    assert "غلق الميناء" in told
    assert "توسعة الميناء" in told
    assert refusals(telegram) == [("sendChatAction", "Forbidden: bot can't initiate conversation with a user")]
    move = sqlite_database.read_now(bots.last_move)
    assert move is not None
    assert (move.chats, move.waiting) == (1, 0)
    assert sqlite_database.read_now(subscriptions_of, moved.id)


async def test_who_started_it_before_the_change_does_not_wait(
    sqlite_database: Database, telegram: FakeTelegram, moved: Chat
) -> None:
    assert telegram.started is not None
    telegram.started.add(7)
    async with running(sqlite_database, telegram, settings_for(telegram)) as bot:
        await bot.alert(moved, 2, title="غلق الميناء")
        await telegram.wait_for(2)
    assert refusals(telegram) == []


async def test_the_new_bot_does_not_answer_what_the_old_one_heard(
    sqlite_database: Database, telegram: FakeTelegram, moved: Chat
) -> None:
    old = {"update_id": 5, "message": {"message_id": 1, "chat": {"id": 7, "type": "private"}, "from": {"id": 7}}}
    old["message"] |= {"text": "/help"}  # type: ignore[operator]
    sqlite_database.write_now(store_updates, [old], now=NOW)
    sqlite_database.write_now(bots.meet, NEW, now=NOW)
    assert sqlite_database.read_now(unhandled_updates) == []


async def test_numbers_that_the_old_bots_updates_had_are_taken_for_new(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    telegram.say("/start")
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)
    another_bot(telegram, next_update=1000)
    assert telegram.say("/start") == 1000
    async with running(sqlite_database, telegram, settings_for(telegram)):
        await telegram.wait_for(2)


async def test_messages_of_the_old_bot_are_not_changed(
    sqlite_database: Database, telegram: FakeTelegram, moved: Chat, states: States
) -> None:
    assert sqlite_database.write_now(say_again, 1, DeliveryKind.PROGRESS)  # it was about to be
    sqlite_database.write_now(bots.meet, NEW, now=NOW)
    assert states() == [("alert", "sent", 0)]
    with sqlite_database.engine.connect() as connection:
        assert set(connection.exec_driver_sql("SELECT message_id FROM deliveries").scalars()) == {None}


def test_the_same_bot_with_another_token_changes_nothing(database: Database) -> None:
    chat = a_watching_chat(database, 7)
    for _ in range(2):
        assert database.write_now(bots.meet, OLD, now=NOW) is None
    assert chats_of(database) == {chat.address.chat_id: ChatState.ACTIVE}
    assert database.read_now(bots.last_move) is None


def test_a_chat_comes_over_with_all_its_topics(database: Database) -> None:
    for thread in (0, 5):
        address = ChatAddress(Transport.TELEGRAM, -100500, thread)
        database.write_now(ensure_chat, address, now=NOW, language="ar")
    database.write_now(bots.meet, OLD, now=NOW)
    move = database.write_now(bots.meet, NEW, now=NOW)
    assert move is not None
    assert move.waiting == 2
    database.write_now(ensure_chat, address, now=NOW, language="ar")
    assert chats_of(database) == {-100500: ChatState.WAITING}
    assert database.write_now(bots.come_over, -100500)
    assert chats_of(database) == {-100500: ChatState.ACTIVE}


def test_the_secret_of_the_webhook_does_not_move(database: Database) -> None:
    database.write_now(bots.meet, OLD, now=NOW)
    old = database.write_now(bots.webhook_secret)
    assert database.write_now(bots.webhook_secret) == old
    database.write_now(bots.meet, NEW, now=NOW)
    assert database.write_now(bots.webhook_secret) != old


def test_who_does_not_come_is_waited_for_a_month(database: Database) -> None:
    chat = a_watching_chat(database, 7)
    database.write_now(bots.meet, OLD, now=NOW)
    database.write_now(bots.meet, NEW, now=NOW)
    database.write_now(an_alert, chat, 1, title="فتح الميناء")
    later = NOW + timedelta(days=30, seconds=1)
    assert database.write_now(bots.give_up_waiting, now=NOW, before=NOW) == 0
    assert database.write_now(bots.give_up_waiting, now=later, before=later - timedelta(days=30)) == 1
    assert chats_of(database) == {7: ChatState.UNREACHABLE}
    assert database.write_now(bots.give_up_waiting, now=later, before=later) == 0


async def test_operators_see_how_many_have_not_come(
    sqlite_database: Database, telegram: FakeTelegram, moved: Chat
) -> None:
    settings = settings_for(telegram, admins=(42,))
    async with running(sqlite_database, telegram, settings) as bot:
        telegram.say("/operate", chat_id=42, user_id=42, language_code="en")
        await telegram.wait_until(lambda: any(sent.chat_id == 42 for sent in telegram.sent))
        assert "1 chat has not come over to this bot yet." in telegram.sent[-1].text
        assert bot.telegram.started == {42}


@pytest.mark.parametrize(
    ("code", "description", "trouble"),
    [
        (403, "Forbidden: bot is not a member", "لم أعد موجودًا هناك"),
        (400, "Bad Request: not enough rights to send text messages to the chat", "لا يُسمح لي بالكتابة هناك"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "لا يُسمح لي بالكتابة هناك"),
    ],
)
async def test_a_group_that_the_new_bot_cannot_write_in_is_marked_until_it_can(
    sqlite_database: Database, telegram: FakeTelegram, moved: Chat, code: int, description: str, trouble: str
) -> None:
    group = sqlite_database.write_now(
        ensure_chat, ChatAddress(Transport.TELEGRAM, -500), now=NOW, language="en", title="Newsroom"
    )
    sqlite_database.write_now(keep, group.id, moved.id)
    telegram.admins.add((-500, 7))
    telegram.fail("sendChatAction", "refuse", chat_id=-500, code=code, description=description)
    async with running(sqlite_database, telegram, settings_for(telegram)):
        await eventually(lambda: sqlite_database.read_now(bots.not_tried, limit=9) == [])
        telegram.say("/places")
        await telegram.wait_until(lambda: "Newsroom" in telegram.sent[-1].text)
        places = telegram.sent[-1]
        assert "❗ \u2068Newsroom" in places.text
        telegram.press("Newsroom")
        await telegram.wait_until(lambda: places.edits == 1)
        assert f"❗ {trouble}" in places.text
        telegram.press("حاول مجددًا")
        await eventually(lambda: chats_of(sqlite_database)[-500] is ChatState.ACTIVE)
