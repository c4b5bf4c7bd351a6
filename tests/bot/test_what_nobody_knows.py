"""What becomes of an alert of which nobody knows whether it arrived is for the operator to choose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.outbox import settling
from bot.telegram import probing
from monitors.alerts import MAX_REPEATS, OnUncertain
from monitors.chats import Chat, Transport
from monitors.storage.deliveries import claim
from monitors.storage.engine import Database
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from tests.bot.conftest import an_alert, eventually, pressed, running, said, settings_for
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, a_telegram_chat

READER, OPERATOR = 7, 9
MARK = "↻"
States = Callable[[], list[tuple[str, str, int]]]


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "REPEAT_AFTER", (timedelta(seconds=0.02),) * MAX_REPEATS)
    monkeypatch.setattr(probing, "FRESH_S", 0.0)


@pytest.fixture
def chat(sqlite_database: Database) -> Chat:
    chat = sqlite_database.write_now(a_telegram_chat, READER)
    sqlite_database.write_now(add_watch, chat.id, "الميناء", now=NOW)
    return chat


def two_alerts(connection: Connection, chat: Chat) -> None:
    for number in (1, 2):
        an_alert(connection, chat, number, title=f"فتح الميناء {number}")
    connection.execute(deliveries.update().values(created_at=datetime.now(UTC)))  # each is told by itself


def what_the_reader_has(telegram: FakeTelegram) -> list[tuple[bool, str]]:
    """(marked, the number that its title ends in) of each alert."""
    texts = [sent.text.splitlines() for sent in telegram.sent if sent.chat_id == READER]
    return [(lines[0].startswith(MARK), lines[1 + lines[0].startswith(MARK)][-1]) for lines in texts]


async def test_it_is_repeated_with_a_mark_until_that_is_enough(
    sqlite_database: Database, telegram: FakeTelegram, chat: Chat, states: States
) -> None:
    sqlite_database.write_now(two_alerts, chat)
    telegram.fail("sendMessage", "garbage_after", times=MAX_REPEATS + 1, chat_id=READER)
    async with running(sqlite_database, telegram):
        await eventually(lambda: states() == [("alert", "unconfirmed", MAX_REPEATS), ("alert", "sent", 0)])
    assert what_the_reader_has(telegram) == [(False, "1"), *[(True, "1")] * MAX_REPEATS, (False, "2")]


@pytest.mark.parametrize("died", [False, True], ids=["its answer was lost", "its process died"])
@pytest.mark.parametrize(("then", "state"), [(OnUncertain.HOLD, "unconfirmed"), (OnUncertain.ASSUME_SENT, "sent")])
async def test_an_operator_who_wants_no_repeats_has_none(
    sqlite_database: Database,
    telegram: FakeTelegram,
    chat: Chat,
    states: States,
    then: OnUncertain,
    state: str,
    died: bool,
) -> None:
    sqlite_database.write_now(two_alerts, chat)
    if died:
        sqlite_database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=1)
    else:
        telegram.fail("sendMessage", "garbage_after", chat_id=READER)
    arrived = [] if died else [(False, "1")]
    settings = settings_for(telegram, access="open", admins=(OPERATOR,), on_uncertain=then)
    async with running(sqlite_database, telegram, settings) as bot:
        await eventually(lambda: states() == [("alert", state, 0), ("alert", "sent", 0)])
        assert what_the_reader_has(telegram) == [*arrived, (False, "2")]
        shown = await said(bot, "/status", chat_id=OPERATOR, user_id=OPERATOR, language_code="en")
        assert ("Unconfirmed: 1" in shown.text) is (then is OnUncertain.HOLD)
        if then is OnUncertain.HOLD:
            for label in ("Unconfirmed (1)", "1", "Send it again"):
                await pressed(bot, label, chat_id=OPERATOR, user_id=OPERATOR)
            await eventually(lambda: states()[0] == ("alert", "sent", 1))
            assert what_the_reader_has(telegram) == [*arrived, (False, "2"), (True, "1")]
