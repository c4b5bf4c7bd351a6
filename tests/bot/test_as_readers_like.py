"""From recorded articles to messages by every kind of rules, over a weekend on which the clocks are changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from monitors import merging
from monitors.chats import Chat
from monitors.finding import find
from monitors.outlets import Outlet
from monitors.recording import record
from monitors.releasing import GRACE, change_rules, release_due
from monitors.storage.articles import pending_articles, save
from monitors.storage.chats import set_zone
from monitors.storage.subscriptions import subscribe, subscriptions_of
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from monitors.subscriptions import Mode, Rules
from monitors.wakeups import DELIVERIES
from monitors.watching import StandingWatches
from tests.bot.conftest import RunningBot, eventually
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet

BERLIN = ZoneInfo("Europe/Berlin")
"""On Sunday 2026-03-29 two o'clock is followed by three."""

HOURLY, DAILY, QUIET, LIMITED, WHOLE = 7, 8, 9, 10, 11
RULES = {
    HOURLY: Rules(Mode.HOURLY),
    DAILY: Rules(Mode.DAILY, digest_at=8 * 60),
    QUIET: Rules(quiet_from=22 * 60, quiet_to=7 * 60),
    LIMITED: Rules(daily_limit=2, digest_at=8 * 60),
    WHOLE: Rules(),
}
PUBLISHED = {
    "28 20:15": "Oil 1",
    "28 20:40": "Oil 2",
    "28 23:30": "Oil 3",
    "29 03:30": "Oil 4",
    "29 09:15": "Oil 5",
    "29 09:20": "Weather 6",
}
TOLD = {
    HOURLY: ["28 21:00: 1 2", "29 00:00: 3", "29 04:00: 4", "29 10:00: 5"],
    DAILY: ["29 08:00: 1 2 3 4", "30 08:00: 5"],
    QUIET: ["28 20:15: 1", "28 20:40: 2", "29 07:00: 3", "29 07:00: 4", "29 09:15: 5"],
    LIMITED: ["28 20:15: 1", "28 20:40: 2", "29 03:30: 4", "29 08:00: 3", "29 09:15: 5"],
    WHOLE: ["28 20:15: 1", "28 20:40: 2", "28 23:30: 3", "29 03:30: 4", "29 09:15: 5", "29 09:20: 6"],
}
"""Day and hour in Berlin, and the numbers in one message."""


def readers(connection: Connection) -> Outlet:
    outlet, _ = an_outlet(connection)
    for number, rules in RULES.items():
        chat: Chat = a_telegram_chat(connection, number, language="en")
        set_zone(connection, chat.id, BERLIN.key)
        if number == WHOLE:
            subscribe(connection, chat.id, outlet_id=outlet.id, now=NOW)
        else:
            add_watch(connection, chat.id, "oil", now=NOW)
        (taken,) = subscriptions_of(connection, chat.id)
        change_rules(connection, taken, rules, zone="UTC", now=NOW)
    return outlet


async def publish(bot: RunningBot, outlet: Outlet, title: str, now: datetime) -> None:
    new = a_new_article(outlet, int(title[-1]), title=title, text="", first_seen_at=now)
    await bot.database.write(save, [new], now=now)
    (article,) = await bot.database.read(pending_articles, limit=9)
    watches = StandingWatches()
    assert await watches.catch_up(bot.database, bot.context.stopping)
    findings = await find(article, (), watches.lanes.first)
    await bot.database.write(record, article, findings, zone="UTC", now=now)


def is_silent(connection: Connection) -> bool:
    waiting = select(deliveries.c.id).where(deliveries.c.state.in_(["pending", "sending"]))
    return connection.execute(waiting).first() is None


def moments() -> list[datetime]:
    """Every full hour, and when something is published."""
    began, ends = (datetime(2026, 3, day, hour, tzinfo=BERLIN).astimezone(UTC) for day, hour in ((28, 20), (30, 9)))
    published = [datetime.strptime(f"2026-03-{at}", "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN) for at in PUBLISHED]
    hours = [began + timedelta(hours=hour) for hour in range(round((ends - began) / timedelta(hours=1)))]
    return sorted([*hours, *(at.astimezone(UTC) for at in published)])


async def test_everybody_is_told_as_they_like(bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "LONG", timedelta(days=10_000))  # our clock and the outbox's are far apart
    outlet = bot.database.write_now(readers)
    told: dict[int, list[str]] = {number: [] for number in RULES}
    for now in moments():
        before, local = len(bot.telegram.sent), f"{now.astimezone(BERLIN):%d %H:%M}"
        if (title := PUBLISHED.get(local)) is not None:
            await publish(bot, outlet, title, now)
        await bot.database.write(release_due, now=now + GRACE)
        bot.context.wakeups.kick(DELIVERIES)
        await eventually(lambda: bot.database.read_now(is_silent))
        for sent in bot.telegram.sent[before:]:
            told[sent.chat_id].append(f"{local}: {' '.join(re.findall('(?:Oil|Weather) ([0-9])', sent.text))}")
    assert told == TOLD
