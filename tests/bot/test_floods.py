"""Somebody sends more than is read: it is bounded, they hear of it once, and others notice nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from monitors.storage import inbox, tables
from monitors.storage.engine import Connection, Database
from tests.bot.conftest import eventually, running, settings_for
from tests.fakes.telegram import FakeTelegram

GROUP = -500


@pytest.fixture(autouse=True)
def little_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_WAITING", 3)


def is_quiet(connection: Connection) -> bool:
    return not inbox.chats_waiting(connection, limit=1)


def notices(telegram: FakeTelegram) -> list[tuple[int, str]]:
    """What was said of floods, and where."""
    return [(message.chat_id, message.text) for message in telegram.sent if "not read" in message.text]


async def test_whoever_floods_hears_once_how_much_was_not_read(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    telegram.say("/start", user_id=8, chat_id=8, language_code="en")
    for _ in range(13):
        telegram.say("/help", language_code="en")
    async with running(sqlite_database, telegram):
        await eventually(lambda: len(notices(telegram)) == 1 and {each.chat_id for each in telegram.sent} == {7, 8})
        telegram.say("/start", user_id=10, chat_id=10, language_code="en")
        telegram.say("/start", language_code="en")
        await eventually(lambda: [each.chat_id for each in telegram.sent if "Welcome" in each.text] == [8, 10, 7])
    assert notices(telegram) == [
        (
            7,
            "Too much was sent here at once, and 10 messages were not read. "
            "Send again what still matters, not all at once.",
        )
    ]
    assert telegram.refused == []


async def test_a_group_has_its_bound_and_what_is_not_said_to_the_bot_waits_for_nothing(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    telegram.admins.add((GROUP, 7))
    for number in range(20):
        telegram.say(f"neighbours' talk {number}", chat_id=GROUP)
    for _ in range(5):
        telegram.say("/help", chat_id=GROUP, language_code="en")
    by = {"id": 7, "language_code": "en"}
    added = {"chat": {"id": GROUP, "type": "group"}, "from": by, "new_chat_member": {"status": "member"}}
    telegram.push({"update_id": 900, "my_chat_member": added})
    async with running(sqlite_database, telegram):
        await eventually(lambda: sqlite_database.read_now(is_quiet) and len(notices(telegram)) == 1)
    ((where, said),) = notices(telegram)
    assert where == GROUP
    assert "2 messages were not read" in said
    kept = sqlite_database.read_now(lambda connection: connection.scalars(select(tables.inbox.c.payload)).all())
    assert "neighbours" not in str(kept)
    assert "new_chat_member" in str(kept)


async def test_strangers_are_told_nothing_of_what_they_flood(sqlite_database: Database, telegram: FakeTelegram) -> None:
    for _ in range(9):
        telegram.say("/help", user_id=9, chat_id=9, language_code="en")
    closed = settings_for(telegram, access="list", admins=[7])
    async with running(sqlite_database, telegram, closed):
        await eventually(lambda: sqlite_database.read_now(is_quiet))
    assert notices(telegram) == []
