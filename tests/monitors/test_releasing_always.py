"""Whatever happens in whatever order, each alert is told once or dropped by a rule, and a day has one digest."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from monitors.alerts import DeliveryKind
from monitors.chats import Chat, Transport
from monitors.local_time import at_minute
from monitors.releasing import GRACE, change_rules, follow_zone, release_due
from monitors.storage.chats import set_zone
from monitors.storage.deliveries import claim
from monitors.storage.engine import Database
from monitors.storage.settlements import settle_sent
from monitors.storage.subscriptions import mute, set_subscription_state, subscriptions_of, unmute, unsubscribe
from monitors.storage.tables import alerts, articles, deliveries
from monitors.storage.watches import add_watch, list_watches
from monitors.subscriptions import Mode, Mute, MuteKind, Rules, Subscription, SubscriptionState
from tests.monitors.holding import ZONE, an_article
from tests.rows import NOW, a_telegram_chat

HOUR = timedelta(hours=1)
numbers = count(1)


class PowerCut(Exception):
    """The process is gone before its transaction is committed."""


class World:
    """A chat with one watch, its clock, and what it was told."""

    def __init__(self, database: Database, zone: str = ZONE, now: datetime = NOW) -> None:
        self.database, self.zone, self.now = database, zone, now
        self.chat: Chat = database.write_now(a_telegram_chat, next(numbers))
        database.write_now(add_watch, self.chat.id, "النفط", now=NOW)
        self.alerts: list[int] = []
        self.told: Counter[int] = Counter()
        self.messages: list[tuple[datetime, DeliveryKind]] = []

    @property
    def subscription(self) -> Subscription | None:
        return next(iter(self.database.read_now(subscriptions_of, self.chat.id)), None)

    def publish(self) -> None:
        write = self.database.write_now
        self.alerts += write(an_article, next(numbers), now=self.now, zone=self.zone, chat_id=self.chat.id)

    def rule(self, rules: Rules) -> None:
        if (mine := self.subscription) is not None:
            self.database.write_now(change_rules, mine, rules, zone=self.zone, now=self.now)

    def release(self) -> None:
        self.database.write_now(release_due, now=self.now + GRACE)

    def release_and_crash(self) -> None:
        def until_the_power_is_cut(connection: Connection) -> None:
            release_due(connection, now=self.now + GRACE)
            raise PowerCut

        with pytest.raises(PowerCut):
            self.database.write_now(until_the_power_is_cut)

    def tell(self) -> None:
        """All that waits is sent, one by one."""
        while claimed := self.database.write_now(claim, Transport.TELEGRAM, now=self.now, limit=9):
            for delivery in claimed:
                self.messages.append((self.now, delivery.kind))
                self.told.update(self.database.read_now(parts, delivery.id, delivery.alert_id))
                self.database.write_now(settle_sent, delivery.id, 1, now=self.now)

    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def move(self, zone: str) -> None:
        self.database.write_now(set_zone, self.chat.id, zone)
        self.database.write_now(follow_zone, self.chat.id, zone=zone, now=self.now)

    def mute(self, kind: MuteKind, hours: int | None) -> None:
        """For so many hours, or for good."""
        until = None if hours is None else self.now + hours * HOUR
        self.database.write_now(mute, Mute(self.chat.id, kind, self._target(kind), until), now=self.now)

    def unmute(self, kind: MuteKind) -> None:
        self.database.write_now(unmute, self.chat.id, kind, self._target(kind))

    def _target(self, kind: MuteKind) -> int | None:
        """The newest story, or what all articles are of."""
        return self.database.read_now(targets, self.chat.id).get(kind)

    def change(self, state: SubscriptionState) -> None:
        if (mine := self.subscription) is not None:
            self.database.write_now(set_subscription_state, mine.id, state, now=self.now)

    def end(self) -> None:
        if (mine := self.subscription) is not None:
            self.database.write_now(unsubscribe, mine.id)


def parts(connection: Connection, delivery_id: int, alert_id: int | None) -> list[int]:
    if alert_id is not None:
        return [alert_id]
    return list(connection.scalars(select(deliveries.c.alert_id).where(deliveries.c.told_in == delivery_id)))


def targets(connection: Connection, chat_id: int) -> dict[MuteKind, int]:
    watch, *_ = list_watches(connection, chat_id)
    newest = select(alerts.c.story_id).where(alerts.c.chat_id == chat_id).order_by(alerts.c.id.desc())
    return {
        MuteKind.WATCH: watch.id,
        MuteKind.OUTLET: connection.scalar(select(articles.c.outlet_id).limit(1)) or 0,
        MuteKind.STORY: connection.scalar(newest.limit(1)) or 0,
    }


def states(connection: Connection, alert_ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = connection.execute(
        select(alerts.c.id, deliveries.c.state, alerts.c.verdict)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .where(alerts.c.id.in_(alert_ids))
    )
    return {row.id: (row.state, row.verdict) for row in rows}


minutes = st.integers(0, 23).map(lambda hour: hour * 60)
rules = st.builds(
    Rules,
    mode=st.sampled_from(Mode),
    digest_at=minutes,
    quiet_from=st.none() | minutes,
    quiet_to=st.none() | minutes,
    daily_limit=st.sampled_from([None, 1, 3]),
)
steps = st.one_of(
    st.sampled_from([("publish",), ("publish",), ("release",), ("release_and_crash",), ("tell",)]),
    st.tuples(st.just("wait"), st.integers(1, 30 * 60)),
    st.tuples(st.just("rule"), rules),
    st.tuples(st.just("move"), st.sampled_from(["Asia/Kathmandu", "America/New_York", "Pacific/Apia"])),
    st.tuples(st.just("mute"), st.sampled_from(MuteKind), st.none() | st.integers(1, 48)),
    st.tuples(st.just("unmute"), st.sampled_from(MuteKind)),
    st.sampled_from([("end",), *(("change", state) for state in SubscriptionState)]),
)
"""Methods of the world, and what they are given."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(happened=st.lists(steps, max_size=30))
def test_each_alert_is_told_once_or_dropped_by_a_rule(
    sqlite_database: Database, happened: list[tuple[Any, ...]]
) -> None:
    world = World(sqlite_database)
    for step in happened:
        getattr(world, step[0])(*step[1:])
    world.now += timedelta(days=3)
    world.change(SubscriptionState.ACTIVE)
    world.release()
    world.tell()
    ended = sqlite_database.read_now(states, world.alerts)
    assert ended.keys() == set(world.alerts)
    for alert_id, (state, verdict) in ended.items():
        if state == "dropped":
            assert (world.told[alert_id], verdict) == (0, "dropped")
        else:
            assert (world.told[alert_id], state in ("sent", "merged")) == (1, True)


ZONES_AND_CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2027, 3, 14)),
    ("America/New_York", date(2026, 11, 1)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
]
"""Where clocks are changed, and on which day: an hour is missing, or comes twice; half an hour at Lord Howe."""


def next_due(connection: Connection) -> datetime | None:
    due: datetime | None = connection.scalar(
        select(func.min(deliveries.c.not_before)).where(deliveries.c.state == "held")
    )
    return due


@pytest.mark.parametrize(("zone", "day"), ZONES_AND_CHANGES)
@pytest.mark.parametrize("minute", [0, 2 * 60 + 30])
def test_a_local_day_has_one_digest_whatever_the_clocks_do(
    sqlite_database: Database, zone: str, day: date, minute: int
) -> None:
    there = ZoneInfo(zone)
    world = World(sqlite_database, zone, at_minute(day - timedelta(days=2), 12 * 60, there))
    world.rule(Rules(Mode.DAILY, digest_at=minute))
    ends = world.now + timedelta(days=4)
    while world.now < ends:
        for _ in range(2):
            world.publish()
        arrives = world.now + 2 * HOUR
        while (due := sqlite_database.read_now(next_due)) is not None and due <= arrives:
            world.now = max(world.now, due)
            world.release()
            world.tell()
        world.now = arrives
    days = Counter(at.astimezone(there).date() for at, _ in world.messages)
    assert {kind for _, kind in world.messages} == {DeliveryKind.DIGEST}
    assert set(days.values()) == {1}
    assert days.keys() >= {day - timedelta(days=1), day, day + timedelta(days=1)}
