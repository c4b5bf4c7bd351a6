"""Whom the bot talks to: open, by invitation, by the operators' list; and whom it does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitors.chats import ChatAddress, Transport
from monitors.people import Admission, start_argument
from monitors.settings import TelegramSettings
from monitors.storage.chats import find_chat
from monitors.storage.engine import Database
from monitors.storage.leaving import begin_leaving
from monitors.storage.people import (
    admission,
    allow,
    block,
    forget_person,
    invite,
    open_invitations,
    revoke_invitation,
    take_invitation,
)
from tests.bot.conftest import RunningBot, pressed, running, said, settings_for
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW

OPERATOR, SARA, GROUP = 7, 66, -500


@pytest.mark.parametrize(
    ("access", "known", "expected"),
    [
        ("open", None, Admission.LET_IN),
        ("open", block, Admission.BLOCKED),
        ("invite", None, Admission.STRANGER),
        ("invite", allow, Admission.LET_IN),
        ("list", None, Admission.STRANGER),
        ("list", allow, Admission.LET_IN),
        ("list", block, Admission.BLOCKED),
    ],
)
def test_who_is_let_in(database: Database, access: str, known: object, expected: Admission) -> None:
    telegram = TelegramSettings(access=access, admins=(OPERATOR,))  # type: ignore[arg-type]  # checked by pydantic
    with database.engine.begin() as connection:
        if callable(known):
            known(connection, SARA, by_id=OPERATOR, now=NOW)
        assert admission(connection, telegram, user_id=SARA, chat_id=SARA) is expected
        assert admission(connection, telegram, user_id=OPERATOR, chat_id=SARA) is Admission.LET_IN


def test_an_invitation_lets_in_as_many_as_it_says_and_not_after_its_time(database: Database) -> None:
    with database.engine.begin() as connection:
        made = invite(connection, OPERATOR, now=NOW, expires_at=NOW + timedelta(days=1), uses=2)
        late = NOW + timedelta(days=1)
        assert not take_invitation(connection, made.token, 1, now=late)
        assert take_invitation(connection, made.token, 1, now=NOW)
        assert take_invitation(connection, made.token, 2, now=NOW)
        assert not take_invitation(connection, made.token, 3, now=NOW)
        assert open_invitations(connection, now=NOW) == []
        anybody = invite(connection, OPERATOR, now=NOW, uses=None)
        assert take_invitation(connection, anybody.token, 3, now=NOW)
        assert revoke_invitation(connection, anybody.token)
        assert not take_invitation(connection, anybody.token, 4, now=NOW)


async def test_a_link_lets_a_stranger_in_once(sqlite_database: Database, telegram: FakeTelegram) -> None:
    made = sqlite_database.write_now(invite, OPERATOR, now=NOW)
    async with running(sqlite_database, telegram, settings_for(telegram, access="invite", admins=(OPERATOR,))) as bot:
        assert "private" in (await said(bot, "/start", chat_id=SARA, user_id=SARA, language_code="en")).text
        link = f"/start {start_argument(made.token)}"
        assert "Welcome" in (await said(bot, link, chat_id=SARA, user_id=SARA, language_code="en")).text
        late = (await said(bot, link, chat_id=67, user_id=67, language_code="en")).text
        assert late.startswith("This invitation has ended, or others have used it.")
        assert "67" in late
        assert "Welcome" in (await said(bot, "/start", chat_id=SARA, user_id=SARA)).text


async def test_somebody_shut_out_is_told_so_once_and_then_nothing(bot: RunningBot) -> None:
    await said(bot, "/watch خبر", chat_id=SARA, user_id=SARA, language_code="en")
    await said(bot, "/start", chat_id=SARA, user_id=SARA)
    await bot.database.write(block, SARA, by_id=OPERATOR, now=NOW)
    told = await said(bot, "/watch", chat_id=SARA, user_id=SARA, language_code="en")
    assert told.text == "The operator of this bot does not let you use it any more."
    bot.telegram.say("/watch", chat_id=SARA, user_id=SARA)
    assert await pressed(bot, data="v1:help:", chat_id=SARA, user_id=SARA) == ""
    chat = bot.database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, SARA))
    assert chat is not None
    await bot.alert(chat)
    await said(bot, "/start", chat_id=8, user_id=8)
    assert [sent.chat_id for sent in bot.telegram.sent[3:]] == [8]


async def test_whoever_has_everything_deleted_is_not_shown_as_shut_out(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    sqlite_database.write_now(begin_leaving, SARA, now=NOW)
    async with running(sqlite_database, telegram, settings_for(telegram, admins=(OPERATOR,))) as bot:
        shown = await said(bot, "/users", chat_id=OPERATOR, user_id=OPERATOR, language_code="en")
        assert f"🗑 {SARA}" in shown.labels


async def test_with_a_list_no_invitation_lets_anybody_in_and_an_operator_does(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    made = sqlite_database.write_now(invite, OPERATOR, now=NOW)
    async with running(sqlite_database, telegram, settings_for(telegram, access="list", admins=(OPERATOR,))) as bot:
        link = f"/start {start_argument(made.token)}"
        assert "invitation has ended" in (await said(bot, link, chat_id=SARA, user_id=SARA, language_code="en")).text
        shown = await said(bot, "/users", chat_id=OPERATOR, user_id=OPERATOR, language_code="en")
        assert "Access is by list" in shown.text
        await pressed(bot, "By number", chat_id=OPERATOR, user_id=OPERATOR)
        await telegram.wait_for(3)
        await said(bot, str(SARA), chat_id=OPERATOR, user_id=OPERATOR)
        await pressed(bot, "Let in", chat_id=OPERATOR, user_id=OPERATOR)
        assert "Welcome" in (await said(bot, "/start", chat_id=SARA, user_id=SARA, language_code="en")).text
        await pressed(bot, "Shut out", chat_id=OPERATOR, user_id=OPERATOR)
        await pressed(bot, "People", chat_id=OPERATOR, user_id=OPERATOR)
        await pressed(bot, "Only those shut out", chat_id=OPERATOR, user_id=OPERATOR)
        await telegram.wait_until(lambda: "⛔ سارة" in telegram.sent[3].labels)


async def test_who_is_let_in_again_hears_again(bot: RunningBot) -> None:
    await said(bot, "/start", chat_id=SARA, user_id=SARA, language_code="en")
    await bot.database.write(block, SARA, by_id=OPERATOR, now=NOW)
    assert await bot.database.write(forget_person, SARA, bot.context.settings.telegram)
    assert "Welcome" in (await said(bot, "/start", chat_id=SARA, user_id=SARA)).text


async def test_the_bot_leaves_groups_to_which_strangers_or_shut_out_people_add_it(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    sqlite_database.write_now(block, 67, by_id=OPERATOR, now=NOW)
    async with running(sqlite_database, telegram, settings_for(telegram, access="invite", admins=(OPERATOR,))):
        telegram.promote(GROUP, "member", user_id=SARA)
        telegram.promote(-501, "member", user_id=67)
        await telegram.wait_until(lambda: sorted(telegram.left) == [-501, GROUP])
    assert [sent.chat_id for sent in telegram.sent] == [GROUP], "a stranger hears why, there"
