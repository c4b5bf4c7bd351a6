"""Alerts on their way to Telegram: whatever the Bot API answers, nothing is lost and repeats are marked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.outbox import settling
from bot.telegram import api, line, probing
from bot.waiting import pause
from monitors.alerts import MAX_REPEATS, DeliveryState
from monitors.chats import Chat, ChatState, Transport
from monitors.storage.chats import list_chats
from monitors.storage.engine import Database
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from tests.bot.conftest import RunningBot, an_alert, eventually, running
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, a_telegram_chat

MARK = "↻ قد يكون مكررًا"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same waits, a hundred times shorter."""
    monkeypatch.setattr(settling, "REPEAT_AFTER", (timedelta(seconds=0.05),) + (timedelta(seconds=0.1),) * 4)
    monkeypatch.setattr(settling, "_MARGIN_S", 0.05)
    monkeypatch.setattr(probing, "FRESH_S", 0.0)
    monkeypatch.setattr(api, "ANSWER_S", 0.5)


@pytest.fixture
def chat(sqlite_database: Database) -> Chat:
    return a_watching_chat(sqlite_database)


def a_watching_chat(database: Database, chat_id: int = 7) -> Chat:
    chat = database.write_now(a_telegram_chat, chat_id)
    database.write_now(add_watch, chat.id, "الميناء", now=NOW)
    return chat


async def until(states: Callable[[], list[tuple[str, str, int]]], *expected: str) -> None:
    """Waits until the deliveries are in these states."""
    await eventually(lambda: [state for _, state, _ in states()] == list(expected))


States = Callable[[], list[tuple[str, str, int]]]


async def test_an_alert_arrives_with_its_match_marked(bot: RunningBot, chat: Chat, states: States) -> None:
    await bot.alert(chat, title="إعادة فتح الميناء صباحًا", text="قال المدير إن العمل بالميناء عاد اليوم.")
    (sent,) = await bot.telegram.wait_for(1)
    assert sent.spans("underline") == ["الميناء"]
    assert "بالميناء" in sent.spans("bold")
    assert sent.labels == ["اكتم ساعة", "اقرأ ↗", "⋯ خيارات", "المزيد مثله"]
    assert sent.preview["show_above_text"] is True
    await until(states, "sent")


@pytest.mark.parametrize("how", ["hang_after", "reset_after", "bad_gateway_after", "garbage_after"])
async def test_a_lost_answer_leads_to_one_marked_repeat(bot: RunningBot, chat: Chat, states: States, how: str) -> None:
    bot.telegram.fail("sendMessage", how)
    await bot.alert(chat, title="فتح الميناء")
    first, second = await bot.telegram.wait_for(2)
    assert not first.text.startswith(MARK)
    assert second.text == f"{MARK}\n{first.text}"
    await until(states, "sent")
    assert states() == [("alert", "sent", 1)]


async def test_what_surely_was_not_sent_is_sent_again_without_a_mark(
    sqlite_database: Database, chat: Chat, states: States, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "SEVERAL", 1)
    async with running(sqlite_database, telegram) as bot:
        bot.telegram.say("/start")
        await telegram.wait_for(1)
        await telegram.__aexit__(None, None, None)
        await bot.alert(chat, title="فتح الميناء")
        await until(states, "sent", "pending")
        revived = FakeTelegram(port=int(telegram.base_url.rpartition(":")[2]))
        async with revived:
            (sent,) = await revived.wait_for(1)
            assert MARK not in sent.text
            await until(states, "sent", "sent")


async def test_flood_control_rests_its_lane_only(bot: RunningBot, chat: Chat, states: States) -> None:
    other = a_watching_chat(bot.database, 8)
    bot.telegram.fail(
        "sendMessage", "refuse", chat_id=7, code=429, description="Too Many Requests: retry after 1", retry_after=1
    )
    began = time.monotonic()
    await bot.alert(chat, 1, title="فتح الميناء")
    await bot.alert(other, 2, title="غلق الميناء")
    await bot.telegram.wait_until(lambda: any(sent.chat_id == 8 for sent in bot.telegram.sent))
    assert [sent.chat_id for sent in bot.telegram.sent] == [8]
    await bot.telegram.wait_for(2)
    assert time.monotonic() - began >= 1
    assert [name for name, _ in bot.telegram.calls].count("sendMessage") == 3
    await until(states, "sent", "sent")
    assert [repeats for _, _, repeats in states()] == [0, 0]


@pytest.mark.parametrize(
    "reason",
    [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot was kicked from the supergroup chat",
        "Bad Request: chat not found",
    ],
)
async def test_a_chat_that_is_gone_is_left_alone(bot: RunningBot, chat: Chat, states: States, reason: str) -> None:
    bot.telegram.fail(
        "sendMessage", "refuse", code=403 if reason.startswith("F") else 400, description=reason, times=-1
    )
    await bot.database.write(an_alert, chat, 1, title="فتح الميناء")
    await bot.alert(chat, 2, title="غلق الميناء")
    await eventually(lambda: bot.database.read_now(list_chats)[-1].state is ChatState.UNREACHABLE)
    assert "sent" not in [state for _, state, _ in states()]
    assert [name for name, _ in bot.telegram.calls].count("sendMessage") == 1
    bot.telegram.heal()
    bot.telegram.say("/start")
    await eventually(lambda: any("الميناء" in sent.text for sent in bot.telegram.sent))


async def test_a_migrated_group_is_told_under_its_new_number(bot: RunningBot, states: States) -> None:
    chat = a_watching_chat(bot.database, -500)
    bot.telegram.fail(
        "sendMessage",
        "refuse",
        chat_id=-500,
        times=-1,
        description="Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=-1000000000500,
    )
    await bot.alert(chat, title="فتح الميناء")
    (sent,) = await bot.telegram.wait_for(1)
    assert sent.chat_id == -1000000000500
    assert MARK not in sent.text
    await until(states, "sent")


async def test_a_message_refused_for_itself_blocks_nobody(bot: RunningBot, chat: Chat, states: States) -> None:
    bot.telegram.fail("sendMessage", "refuse", description="Bad Request: message is too long")
    await bot.alert(chat, 1, title="فتح الميناء")
    await until(states, "undeliverable")
    await bot.alert(chat, 2, title="غلق الميناء")
    await bot.telegram.wait_for(1)
    await until(states, "undeliverable", "sent")


async def test_entities_that_cannot_be_parsed_are_left_out_once(
    bot: RunningBot, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    bot.telegram.fail("sendMessage", "refuse", description="Bad Request: can't parse entities: byte offset 5")
    await bot.alert(chat, title="فتح الميناء")
    (sent,) = await bot.telegram.wait_for(1)
    assert "الميناء" in sent.text
    assert sent.entities == []
    assert "is said without its entities, which Telegram cannot read" in caplog.text


@pytest.mark.parametrize(
    "refusal",
    [
        "BUTTON_DATA_INVALID",
        "reply markup is too long",
        "inline keyboard button URL 'http://a' is invalid: Wrong HTTP URL",
    ],
)
async def test_buttons_that_are_refused_are_left_out(
    bot: RunningBot, chat: Chat, caplog: pytest.LogCaptureFixture, refusal: str
) -> None:
    bot.telegram.fail("sendMessage", "refuse", description=f"Bad Request: {refusal}")
    await bot.alert(chat, title="فتح الميناء")
    (sent,) = await bot.telegram.wait_for(1)
    assert "الميناء" in sent.text
    assert (sent.labels, sent.entities != []) == ([], True)
    assert "is said without its buttons, which Telegram refuses" in caplog.text


async def test_an_edit_of_a_message_that_is_gone_becomes_a_new_one(bot: RunningBot) -> None:
    bot.telegram.say("/start")
    await bot.telegram.wait_for(1)
    bot.telegram.fail("editMessageText", "refuse", description="Bad Request: message to edit not found")
    bot.telegram.press("🌐 English")
    _, english = await bot.telegram.wait_for(2)
    assert english.text.startswith("Welcome!")


async def test_a_message_in_the_place_of_one_that_is_gone_may_have_arrived_and_is_marked(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "REPEAT_AFTER", [timedelta()] * MAX_REPEATS)
    bot.telegram.say("/start")
    await bot.telegram.wait_for(1)
    bot.telegram.fail("editMessageText", "refuse", description="Bad Request: message to edit not found")
    bot.telegram.fail("sendMessage", "reset_after")
    bot.telegram.press("🌐 English")
    _, first, copy = await bot.telegram.wait_for(3)
    assert "↻" not in first.text
    assert "↻" in copy.text


async def test_a_lost_answer_to_an_edit_is_repeated_without_a_mark(bot: RunningBot, states: States) -> None:
    bot.telegram.say("/start")
    (greeting,) = await bot.telegram.wait_for(1)
    bot.telegram.fail("editMessageText", "reset_after")
    bot.telegram.press("🌐 English")
    await until(states, "sent", "sent")
    assert greeting.text.startswith("Welcome!")
    assert len(bot.telegram.sent) == 1


async def test_one_chat_that_hangs_delays_no_other(
    sqlite_database: Database,
    telegram: FakeTelegram,
    chat: Chat,
    states: States,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api, "ANSWER_S", 30.0)
    monkeypatch.setattr("bot.outbox.delivering.LAST_WAIT_S", 0.1)
    other = a_watching_chat(sqlite_database, 8)
    async with running(sqlite_database, telegram) as bot:
        bot.telegram.fail("sendMessage", "hang_before", chat_id=7, times=-1)
        await bot.alert(chat, 1, title="فتح الميناء")
        await bot.telegram.wait_until(lambda: "sendMessage" in dict(bot.telegram.calls))
        await bot.alert(other, 2, title="غلق الميناء")
        (sent,) = await bot.telegram.wait_for(1)
        assert sent.chat_id == 8
        await until(states, "sending", "sent")


def tried(telegram: FakeTelegram) -> Counter[int]:
    """How often a message was tried, by chat; what the bot writes to itself reaches nobody."""
    chats = [arguments["chat_id"] for method, arguments in telegram.calls if method == "sendMessage"]
    return Counter(chat_id for chat_id in chats if chat_id != telegram.bot_id)


async def test_in_an_outage_few_deliveries_become_uncertain(
    sqlite_database: Database, telegram: FakeTelegram, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats = [a_watching_chat(sqlite_database, 100 + number) for number in range(20)]
    telegram.say("/start")
    async with running(sqlite_database, telegram) as bot:
        await telegram.wait_for(1)
        telegram.fail("*", "bad_gateway", times=-1)
        for number, chat in enumerate(chats):
            await bot.alert(chat, number, title="فتح الميناء")
        await eventually(lambda: "uncertain" in {state for _, state, _ in states()})
        await pause(bot.context.stopping, 0.3)
        assert sum(repeats + (state != "pending") for _, state, repeats in states()) <= 8
        telegram.heal()
        await telegram.wait_for(21)
    told = [sent.chat_id for sent in telegram.sent]
    assert set(told) >= {100 + number for number in range(20)}


async def test_while_only_messages_fail_one_at_a_time_is_tried(
    sqlite_database: Database, telegram: FakeTelegram, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line.Line.__init__, "__kwdefaults__", {"back_off_s": 0.02, "refused_s": 300.0})
    monkeypatch.setattr(line, "MAX_BACK_OFF_S", 0.02)
    monkeypatch.setattr(settling, "_AGAIN_S", 0.02)
    chats = [a_watching_chat(sqlite_database, 100 + number) for number in range(40)]
    telegram.fail("sendMessage", "bad_gateway", times=-1)
    for number, chat in enumerate(chats):
        await sqlite_database.write(an_alert, chat, number, title="فتح الميناء")
    async with running(sqlite_database, telegram) as bot:
        await telegram.wait_until(lambda: telegram.count("getMe") > 20)  # which answers, and stands before every try
        assert "pending" in {state for _, state, _ in states()}
        assert {*tried(telegram).values()} == {1}
        telegram.say("/help", chat_id=7)  # people are listened to meanwhile
        await telegram.wait_until(lambda: telegram.unconfirmed == 0)
        telegram.heal()
        await telegram.wait_for(41, timeout_s=30)
        await eventually(lambda: {state for _, state, _ in states()} == {"sent"})
    assert len([sent for sent in telegram.sent if MARK in sent.text]) == len([one for one in states() if one[2]])
    assert {repeats for _, _, repeats in states()} == {0, 1}
    assert bot.telegram.refused == []


@pytest.mark.parametrize("how", ["bad_gateway", "bad_gateway_after"])
async def test_however_long_an_outage_is_it_uses_up_no_repeats(
    bot: RunningBot, chat: Chat, states: States, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(settling, "_AGAIN_S", 0.02)
    monkeypatch.setattr(settling, "_LONGEST_AGAIN_S", 0.02)
    bot.telegram.fail("sendMessage", how, times=-1)  # getMe answers all the time, and "typing…" would be taken
    await bot.alert(chat, 1, title="فتح الميناء")
    await bot.telegram.wait_until(lambda: bot.telegram.count("sendMessage") > 3)
    assert tried(bot.telegram) == {7: 1}
    bot.telegram.heal()
    await eventually(lambda: states() == [("alert", "sent", 1)])
    assert [MARK in sent.text for sent in bot.telegram.sent] == [False] * (how != "bad_gateway") + [True]


async def test_what_a_dead_process_was_sending_is_repeated_with_a_mark(
    sqlite_database: Database, telegram: FakeTelegram, chat: Chat, states: States
) -> None:
    from monitors.storage.deliveries import claim

    sqlite_database.write_now(an_alert, chat, 1, title="فتح الميناء")
    sqlite_database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=1)
    assert states() == [("alert", DeliveryState.SENDING, 0)]
    async with running(sqlite_database, telegram):
        (sent,) = await telegram.wait_for(1)
    assert sent.text.startswith(MARK)
    assert states() == [("alert", "sent", 1)]


async def test_order_within_a_chat_is_kept_and_answers_go_first(
    sqlite_database: Database, telegram: FakeTelegram, chat: Chat
) -> None:
    def enqueue_three(connection: Connection) -> None:
        for number in range(1, 4):
            an_alert(connection, chat, number, title=f"فتح الميناء {number}")
        connection.execute(deliveries.update().values(created_at=datetime.now(UTC)))  # nothing has waited for long

    sqlite_database.write_now(enqueue_three)
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)
        telegram.say("/start")
        await telegram.wait_for(4)
    order = [sent.text for sent in telegram.sent]
    alerts = [text for text in order if "الميناء" in text]
    assert [text.splitlines()[1][-1] for text in alerts] == ["1", "2", "3"]
    assert telegram.refused == []


async def test_what_has_grown_behind_an_alert_is_told_in_one_message(
    sqlite_database: Database, telegram: FakeTelegram, chat: Chat, states: States
) -> None:
    for number in range(1, 6):
        sqlite_database.write_now(an_alert, chat, number, title=f"فتح الميناء {number}")
    async with running(sqlite_database, telegram):
        (digest,) = await telegram.wait_for(1)
        await until(states, *["merged"] * 5, "sent")
    places = [digest.text.index(f"فتح الميناء {number}") for number in range(1, 6)]
    assert places == sorted(places)


@pytest.mark.parametrize("repeats", [0, 1])
async def test_a_digest_that_is_refused_is_told_alert_by_alert(
    sqlite_database: Database, telegram: FakeTelegram, chat: Chat, states: States, repeats: int
) -> None:
    for number in range(1, 5):
        sqlite_database.write_now(an_alert, chat, number, title=f"فتح الميناء {number}")
    if repeats:
        telegram.fail("sendMessage", "reset_before")
    telegram.fail("sendMessage", "refuse", chat_id=7, description="Bad Request: message is too long")
    async with running(sqlite_database, telegram):
        await telegram.wait_for(4)
        await until(states, *["sent"] * 4, "dropped")
    assert [sent.text.splitlines()[bool(repeats) + 1][-1] for sent in telegram.sent] == ["1", "2", "3", "4"]
    assert [MARK in sent.text for sent in telegram.sent] == [bool(repeats)] * 4


async def test_many_chats_are_told_fast_and_within_limits(sqlite_database: Database, telegram: FakeTelegram) -> None:
    for number in range(60):
        sqlite_database.write_now(an_alert, a_watching_chat(sqlite_database, 100 + number), number, title="الميناء")
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)
        began = time.monotonic()
        await telegram.wait_for(60)
        assert time.monotonic() - began < 30  # 59 at 25 a second are 2.4 s, one a second 59; the machine may be busy
    assert telegram.refused == []


async def test_a_stop_leaves_what_is_on_its_way_to_the_next_start(
    sqlite_database: Database,
    telegram: FakeTelegram,
    chat: Chat,
    states: States,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.outbox.delivering.LAST_WAIT_S", 0.1)
    telegram.fail("sendMessage", "hang_after")
    sqlite_database.write_now(an_alert, chat, 1, title="فتح الميناء")
    async with running(sqlite_database, telegram):
        await telegram.wait_for(1)
    assert states() == [("alert", "sending", 0)]
    async with running(sqlite_database, telegram):
        await telegram.wait_for(2)
    assert states() == [("alert", "sent", 1)]
