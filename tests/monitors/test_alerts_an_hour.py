"""A chat is told so many alerts one by one within an hour; the rest comes together, and it hears so once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.words.language import LANGUAGES, voice
from bot.words.notices import compose_notice
from monitors.alerts import Cause, DeliveryKind, DeliveryState
from monitors.own_limits import Size
from monitors.releasing import release_due
from monitors.roles import RoleContext
from monitors.service import decide_pending
from monitors.settings import LimitSettings, Settings, TelegramSettings
from monitors.storage.articles import save
from monitors.storage.engine import Database
from monitors.storage.own_limits import set_size
from monitors.storage.tables import alerts, deliveries
from monitors.storage.watches import add_watch
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet

READER, OPERATOR = 7, 9


async def test_whoever_may_have_more_or_less_is_told_more_or_less(database: Database) -> None:
    context = RoleContext(Settings(limits=LimitSettings(alerts_per_hour=2)), database, Wakeups(), asyncio.Event())
    sizes = {READER: Size.HALF, 8: Size.USUAL, 10: Size.DOUBLE, 11: Size.BOUNDLESS}
    chats = {number: database.write_now(a_telegram_chat, number) for number in sizes}
    for number, size in sizes.items():
        database.write_now(set_size, number, size, by_id=OPERATOR, now=NOW)
        database.write_now(add_watch, chats[number].id, "نفط", now=NOW)
    outlet, _ = database.write_now(an_outlet)
    watches = StandingWatches()
    for number in range(1, 7):
        database.write_now(save, [a_new_article(outlet, number, title=f"نفط {number}")], now=NOW)
        assert await decide_pending(context, watches) == 1
    pending = (DeliveryKind.ALERT.value, DeliveryState.PENDING.value)
    assert [told(database, chats[number].id).count(pending) for number in sizes] == [1, 2, 4, 6]
    notices = (
        select(deliveries.c.payload).where(deliveries.c.kind == DeliveryKind.NOTICE).order_by(deliveries.c.chat_id)
    )
    most = database.read_now(lambda connection: [row["most"] for row in connection.scalars(notices)])
    assert most == [1, 2, 4]


def told(database: Database, chat_id: int) -> list[tuple[str, str]]:
    """(kind, state) of what the chat is told, in order."""
    mine = (
        select(deliveries.c.kind, deliveries.c.state).where(deliveries.c.chat_id == chat_id).order_by(deliveries.c.id)
    )
    return database.read_now(lambda connection: [tuple(row) for row in connection.execute(mine)])


async def test_above_the_limit_alerts_wait_for_one_message_and_nothing_is_lost(database: Database) -> None:
    limits, telegram = LimitSettings(alerts_per_hour=2), TelegramSettings(admins=(OPERATOR,))
    context = RoleContext(Settings(limits=limits, telegram=telegram), database, Wakeups(), asyncio.Event())
    chats = [database.write_now(a_telegram_chat, number) for number in (READER, OPERATOR)]
    for chat in chats:
        database.write_now(add_watch, chat.id, "نفط", now=NOW)
    outlet, _ = database.write_now(an_outlet)
    watches = StandingWatches()
    for number in range(1, 6):
        database.write_now(save, [a_new_article(outlet, number, title=f"نفط {number}")], now=NOW)
        assert await decide_pending(context, watches) == 1
    alert, notice = DeliveryKind.ALERT.value, DeliveryKind.NOTICE.value
    pending, held = (alert, DeliveryState.PENDING.value), (alert, DeliveryState.HELD.value)
    reader, operator = chats
    assert told(database, operator.id) == [pending] * 5
    assert told(database, reader.id) == [pending, pending, held, (notice, DeliveryState.PENDING.value), held, held]
    why = database.read_now(
        lambda connection: connection.scalars(select(alerts.c.reason).where(alerts.c.chat_id == reader.id)).all()
    )
    assert list(why) == [Cause.TAKEN] * 2 + [Cause.HOURLY_LIMIT] * 3
    later = datetime.now(UTC) + timedelta(hours=1, seconds=10)
    assert database.write_now(release_due, now=later) == 3
    states = [state for _, state in told(database, reader.id)]
    assert states.count(DeliveryState.MERGED) == 3
    assert told(database, reader.id)[-1] == (DeliveryKind.DIGEST.value, DeliveryState.PENDING.value)
    for language in LANGUAGES:
        assert "2" in compose_notice({"notice": "many_alerts", "most": 12}, voice(language)).body.text
