"""Buttons that somebody presses who may not: data forged with others' numbers, members of groups, people shut out.

Every action is tried. What belongs to the person whose numbers were forged is the same afterwards, and nobody saw it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.words import buttons
from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.chats import Chat, ChatAddress, Transport
from monitors.requests import DiscoveryKind, NewCrawl
from monitors.storage import crawls, discoveries, people
from monitors.storage.articles import save
from monitors.storage.chats import ensure_chat
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database
from monitors.storage.saved import save_article
from monitors.storage.searches import open_search
from monitors.storage.shares import share
from monitors.storage.subscriptions import mute, subscriptions_of
from monitors.storage.tables import chats, metadata
from monitors.storage.watches import add_watch
from monitors.storage.watchlists import create_watchlist
from monitors.subscriptions import Mute, MuteKind
from tests.bot.touring.instance import Instance, an_instance
from tests.rows import a_new_article, an_outlet

OWNER, STRANGER, OPERATOR = 7, 8, 1
GROUP, CHANNEL = -500, -1001000000009
SECRETS = ("тайна", "Секреты")
"""What the owner watches, and the name of a list."""

_WORDS = {value for name, value in vars(buttons).items() if name.isupper() and isinstance(value, str)}
ACTIONS = sorted(_WORDS - {buttons.VERSION, buttons.APART})
FORGED = ("1", "1:1", "2:1", "1:1:1", "l1", "w1:0")
RUBBISH = ("", "-1", "9" * 18, "9" * 50, "ي" * 20, ":::", "1:x", "x:1", "1e3", "\u0661", "../1", "%s{0}", "🔔" * 12)

OF_THE_BOT = frozenset({"inbox", "deliveries", "dialogs", "marks"})
"""Tables that say what was said, heard and asked."""


@pytest.fixture
async def instance(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Instance:
    return await an_instance(sqlite_database, monkeypatch, telegram={"admins": (OPERATOR,)})


def a_chat(connection: Connection, chat_id: int) -> Chat:
    now = datetime.now(UTC)
    kind = "private" if chat_id > 0 else "channel" if chat_id == CHANNEL else "group"
    return ensure_chat(connection, ChatAddress(Transport.TELEGRAM, chat_id), now=now, language="en", kind=kind)


def rows_of(connection: Connection, chat_id: int) -> None:
    """One of everything that somebody may have; the first of everything has the number 1."""
    now = datetime.now(UTC)
    chat = a_chat(connection, chat_id)
    watch, _ = add_watch(connection, chat.id, "тайна", now=now)
    create_watchlist(connection, chat.id, "Секреты", now=now)
    share(connection, watch.watchlist_id, now=now)
    outlet, _ = an_outlet(connection, "Горизонт")
    (article_id,) = save(connection, [a_new_article(outlet, abs(chat_id), title="Порт")], now=now)
    (taken, *_) = subscriptions_of(connection, chat.id)
    judgement = Judgement(chat.id, Verdict.NOW, Cause.TAKEN, taken.id)
    record_decision(connection, article_id, [Match(watch.id, {"title": ((0, 4),)})], [judgement], now=now)
    save_article(connection, chat.id, article_id, now=now)
    mute(connection, Mute(chat.id, MuteKind.WATCH, watch.id, None), now=now)
    open_search(connection, chat.id, "тайна", now=now)
    crawls.ask(connection, NewCrawl(outlet.id, chat.id, abs(chat_id)), now=now, per_hour=None)
    discoveries.ask_discovery(
        connection, DiscoveryKind.ADDRESS, "https://x.example/", chat_id=chat.id, person_id=abs(chat_id), now=now
    )


def belongings(connection: Connection, but: int | None = None) -> dict[str, list[Any]]:
    """All rows but those that say what was said and heard, and those of the Telegram chat `but`."""
    own = connection.scalar(select(chats.c.id).where(chats.c.telegram_chat_id == but)) if but is not None else None
    found = {}
    for table in metadata.sorted_tables:
        if table.name in OF_THE_BOT:
            continue
        rows = [dict(row) for row in connection.execute(select(table)).mappings()]
        columns = ("id",) if table.name == "chats" else ("chat_id",)
        kept = [row for row in rows if own is None or not any(row.get(column) == own for column in columns)]
        found[table.name] = [{name: one for name, one in row.items() if name not in _CLOCKS} for row in kept]
    return found


_CLOCKS = frozenset({"lane_priority", "lane_edits", "lane_at", "spoken_at", "updated_at", "title", "type"})
"""What telling changes of a chat's row, and what Telegram says of it."""


def said_to(instance: Instance, chat_id: int) -> str:
    """Everything that this chat was told or is to be told."""
    query = (
        "SELECT deliveries.payload FROM deliveries JOIN chats ON chats.id = deliveries.chat_id"
        f" WHERE chats.telegram_chat_id = {chat_id} AND deliveries.kind = 'reply'"
    )
    found = instance.database.read_now(lambda connection: connection.exec_driver_sql(query).scalars().all())
    return "\n".join(str(one).encode().decode("unicode_escape", "replace") for one in found)


async def press_each(
    instance: Instance, arguments: Sequence[str], *, user_id: int, chat_id: int, apart: str = ""
) -> list[str]:
    """Every action with each of the arguments; the notices, and what was never answered is complained of. `apart` as
    in buttons whose screens come as messages of their own."""
    notices = []
    message = next(one for one in instance.fake.sent if one.chat_id == chat_id)
    for action in ACTIONS:
        if action == buttons.DELETE_ALL:  # of the one who presses, and after it nothing would be refused any more
            continue
        pressed = {}
        for argument in arguments:
            data = f"v1:{apart}{action}:{argument}".encode()[: buttons.MAX_BYTES].decode("utf-8", "ignore")
            pressed[instance.fake.press(data=data, chat_id=chat_id, user_id=user_id, message=message)] = data
        await instance.handle()
        for query, data in pressed.items():
            assert query in instance.fake.answered, data
            notices.append(instance.fake.answered[query])
    return notices


@pytest.mark.parametrize(
    ("arguments", "apart"),
    [(FORGED, ""), (FORGED, buttons.APART), (RUBBISH, "")],
    ids=["others' numbers", "others' numbers, apart", "rubbish"],
)
async def test_forged_data_shows_and_changes_nothing_of_others(
    instance: Instance, arguments: Sequence[str], apart: str, caplog: pytest.LogCaptureFixture
) -> None:
    instance.database.write_now(rows_of, OWNER)
    await instance.said("/start", chat_id=STRANGER, user_id=STRANGER, language_code="en")
    before = instance.database.read_now(belongings, STRANGER)
    await press_each(instance, arguments, user_id=STRANGER, chat_id=STRANGER, apart=apart)
    assert instance.database.read_now(belongings, STRANGER) == before
    assert not any(secret in said_to(instance, STRANGER) for secret in SECRETS)
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


@pytest.mark.parametrize("apart", ["", buttons.APART], ids=["", "apart"])
@pytest.mark.parametrize("chat_id", [GROUP, CHANNEL], ids=["group", "channel"])
async def test_who_is_no_administrator_changes_nothing(instance: Instance, chat_id: int, apart: str) -> None:
    instance.fake.channel(CHANNEL, "Канал")
    instance.database.write_now(rows_of, chat_id)
    instance.database.write_now(rows_of, OWNER)
    await instance.tell()
    before, posted = instance.database.read_now(belongings), said_to(instance, CHANNEL)
    await press_each(instance, ("1", "1:1", "3:1"), user_id=STRANGER, chat_id=chat_id, apart=apart)
    assert instance.database.read_now(belongings) == before
    assert said_to(instance, CHANNEL) == posted


async def test_who_is_shut_out_is_told_so_once_and_changes_nothing(instance: Instance) -> None:
    instance.database.write_now(rows_of, STRANGER)
    await instance.tell()
    instance.database.write_now(lambda one: people.block(one, STRANGER, by_id=OPERATOR, now=datetime.now(UTC)))
    told, *_ = await press_each(instance, ("1",), user_id=STRANGER, chat_id=STRANGER)
    assert told
    before = instance.database.read_now(belongings)
    notices = await press_each(instance, ("1", "1:1"), user_id=STRANGER, chat_id=STRANGER)
    assert set(notices) == {""}
    assert instance.database.read_now(belongings) == before
