"""Who is not in: strangers of a private bot, whatever they try; and those who speak in a group without a name.

Each hears one sentence in their language. Nothing is kept of them, nothing revealed, and nothing of others changed.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, func, select

from bot.telegram import asides
from bot.words import buttons
from bot.words.language import voice
from monitors.chats import ChatAddress, Transport
from monitors.storage import people
from monitors.storage.chats import find_chat, keep
from monitors.storage.engine import Database
from monitors.storage.shares import share
from monitors.storage.tables import deliveries, dialogs
from monitors.storage.watches import list_watches
from tests.bot.test_strangers import GROUP, OPERATOR, OWNER, SECRETS, STRANGER, a_chat, belongings, rows_of
from tests.bot.touring.instance import an_instance

PRIVATE = {language: voice(language).say("This bot is private.") for language in ("ar", "en")}
THEIRS, NOBODYS = -600, -700


def said_and_asked(connection: Connection) -> list[int | None]:
    return [connection.scalar(select(func.count()).select_from(table)) for table in (deliveries, dialogs)]


def an_owner_who_is_in(connection: Connection) -> str:
    """The owner is let in, manages a group, and shares a watchlist; the link's argument."""
    rows_of(connection, OWNER)
    people.allow(connection, OWNER, by_id=OPERATOR, now=datetime.now(UTC))
    keep(connection, a_chat(connection, GROUP).id, a_chat(connection, OWNER).id)
    owner = a_chat(connection, OWNER)
    token = share(connection, list_watches(connection, owner.id)[0].watchlist_id, now=datetime.now(UTC))
    return f"w_{token}"


@pytest.mark.parametrize("access", ["invite", "list"])
async def test_a_stranger_hears_one_sentence_whatever_they_try(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, access: str
) -> None:
    instance = await an_instance(sqlite_database, monkeypatch, telegram={"admins": (OPERATOR,), "access": access})
    fake = instance.fake
    link = instance.database.write_now(an_owner_who_is_in)
    await instance.done()
    before = instance.database.read_now(belongings), instance.database.read_now(said_and_asked)
    told = await instance.said("/watch тайна", chat_id=STRANGER, user_id=STRANGER, language_code="en")
    (first,) = told.changed
    assert PRIVATE["en"] in first.text
    assert first.spans("code") == [str(STRANGER)]
    for text in ("/start", f"/start {link}", "hello", "https://x.example/", "/deleteme", "/status"):
        told = await instance.said(text, chat_id=STRANGER, user_id=STRANGER, language_code="en")
        assert told.changed == [], text
    fake.share("watches.txt", "тайна".encode(), chat_id=STRANGER, user_id=STRANGER, language_code="en")
    assert (await instance.done()).changed == []
    fake.choose(GROUP, chat_id=STRANGER)
    (in_arabic,) = (await instance.done()).changed
    assert PRIVATE["ar"] in in_arabic.text
    for action in (buttons.HOME, buttons.LISTS, buttons.SUBSCRIBE, buttons.DELETE_ALL, buttons.STATUS, "?"):
        pressed = await instance.pressed(f"v1:{action}:{link[2:]}", first, user_id=STRANGER, chat_id=STRANGER)
        assert PRIVATE["ar"] in (pressed.notice or ""), action
        assert pressed.changed == []
    (ended,) = (
        await instance.said("/start i_" + "x" * 22, chat_id=STRANGER, user_id=STRANGER, language_code="en")
    ).changed
    assert ended.text.startswith("This invitation has ended")
    fake.promote(THEIRS, "member", user_id=STRANGER)
    (there,) = (await instance.done()).changed
    assert there.chat_id == THEIRS
    assert PRIVATE["ar"] in there.text
    assert fake.left == [THEIRS]
    fake.promote(GROUP, "administrator", user_id=STRANGER)
    assert (await instance.done()).changed == []
    assert fake.left == [THEIRS], "whoever is in brought it there"
    assert (instance.database.read_now(belongings), instance.database.read_now(said_and_asked)) == before
    shown = [one.text for one in fake.sent if one.chat_id not in (OWNER, GROUP)]
    assert not any(secret in text for text in shown for secret in SECRETS)


async def test_many_strangers_at_once_take_no_room_from_those_who_are_in(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = await an_instance(sqlite_database, monkeypatch, telegram={"admins": (OPERATOR,), "access": "list"})
    clock = [0.0]
    instance.handler._asides._clock = lambda: clock[0]
    for person in range(100, 140):
        await instance.said("/start", chat_id=person, user_id=person)
    assert len(instance.fake.sent) == asides.MOST_A_SECOND
    clock[0] = 1.0
    assert len((await instance.said("/start", chat_id=139, user_id=139)).changed) == 1
    assert (await instance.said("/start", chat_id=100, user_id=100)).changed == []
    clock[0] = 60.0  # who presses Start again wants to know whether anything has changed
    assert len((await instance.said("/start", chat_id=100, user_id=100)).changed) == 1
    assert (await instance.said("/start", chat_id=100, user_id=100)).changed == []


async def test_whoever_speaks_without_a_name_may_act_in_their_own_group_alone(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = await an_instance(sqlite_database, monkeypatch, telegram={"admins": (OPERATOR,), "access": "open"})
    fake, only_admins = instance.fake, voice("en").say("Only administrators may do that here.")
    instance.database.write_now(rows_of, GROUP)
    instance.database.write_now(rows_of, NOBODYS)
    await instance.done()

    def watched(chat_id: int) -> list[str]:
        chat = instance.database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, chat_id))
        assert chat is not None
        return [watch.query for watch in instance.database.read_now(list_watches, chat.id)]

    await instance.said("/watch зерно", chat_id=GROUP, as_chat=True)
    assert watched(GROUP) == ["тайна", "зерно"]
    anonymous = {"sender_chat": {"id": GROUP, "type": "group"}}
    linked = {"sender_chat": {"id": -1001000000009, "type": "channel"}, "is_automatic_forward": True}
    as_channel = {"sender_chat": {"id": -1001000000010, "type": "channel"}}
    for chat_id, user_id, how in (
        (NOBODYS, 1087968824, anonymous),  # another group's
        (GROUP, 777000, linked),
        (GROUP, 136817688, as_channel),
    ):
        for text in ("/watch сахар", "/watch remove тайна", "/places"):
            told = await instance.said(text, chat_id=chat_id, user_id=user_id, **how)
            assert [one.text for one in told.changed] in ([], [only_admins]), (chat_id, user_id, text)
    shown = next(one for one in fake.sent if one.chat_id == GROUP)
    for user_id in (1087968824, 777000, 136817688):  # of a press Telegram always says who it is
        pressed = await instance.pressed(f"v1:{buttons.PREVIEWS}:1", shown, user_id=user_id, chat_id=GROUP)
        assert pressed.notice == only_admins
    assert watched(GROUP) == ["тайна", "зерно"]
    assert watched(NOBODYS) == ["тайна"]
