"""The outbox and a channel that breaks: every delivery is settled, whatever is raised."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.outbox import delivering, settling
from bot.outbox.delivering import Deliverer
from bot.outbox.outcomes import Outcome, RetryAt, Sent
from bot.outbox.pacing import SEVERAL, TERMINAL, WHOLE_BOT, Bucket, Pacer, Rates, of_telegram
from monitors.alerts import MAX_REPEATS, Alert, Delivery
from monitors.chats import Transport
from monitors.storage.engine import Connection, Database
from monitors.storage.pace import rest_all
from monitors.storage.settlements import recover_in_flight
from monitors.storage.subjects import Subject, subject_of
from monitors.storage.watches import add_watch
from tests.bot.conftest import an_alert, eventually
from tests.rows import NOW, a_telegram_chat, the_console

States = Callable[[], list[tuple[str, str, int]]]


class Radio:
    """A channel that plays what it is told, unless something breaks."""

    at_once = 1

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.open = asyncio.Event()
        self.open.set()
        self.said: list[str] = []
        self.asks_to_wait_s = 0.0
        self.breaks_on_air = 0
        self.breaks_after = 0
        self.free = asyncio.Event()
        self.free.set()

    async def hindrance(self, delivery: Delivery) -> Outcome | None:
        if delivery.repeats:
            await self.free.wait()
        return None

    async def tell(self, delivery: Delivery, subject: Subject) -> Outcome:
        assert isinstance(subject, Alert)
        if self.breaks_on_air:
            self.breaks_on_air -= 1
            raise RuntimeError("a valve blew")
        if self.asks_to_wait_s:
            return RetryAt(self.asks_to_wait_s)
        self.said.append(subject.fields["title"])
        return Sent()

    def heard(self, delivery: Delivery, outcome: Outcome) -> None:
        if self.breaks_after:
            self.breaks_after -= 1
            raise RuntimeError("a meter stuck")


@asynccontextmanager
async def on_air(
    database: Database,
    pacer: Pacer | None = None,
    clock: Callable[[], float] = time.monotonic,
    transport: Transport = Transport.CONSOLE,
) -> AsyncIterator[Radio]:
    radio, stopping = Radio(transport), asyncio.Event()
    deliverer = Deliverer(database, radio, pacer or Pacer(TERMINAL, lambda _: TERMINAL), clock=clock)
    running = asyncio.create_task(deliverer.run(stopping))
    try:
        yield radio
    finally:
        stopping.set()
        await running


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "REPEAT_AFTER", (timedelta(seconds=0.01),))
    monkeypatch.setattr(settling, "_AGAIN_S", 0.01)
    monkeypatch.setattr(delivering, "SWEEP_S", 0.01)


def alerts(database: Database, *titles: str) -> None:
    chat = database.write_now(the_console)
    database.write_now(add_watch, chat.id, "الميناء", now=NOW)
    for number, title in enumerate(titles, start=1):
        database.write_now(an_alert, chat, number, title=title)


async def test_a_turn_that_comes_while_it_is_looked_for_is_not_slept_through(
    sqlite_database: Database, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "SWEEP_S", 10_000.0)
    slow = Rates(lambda: Bucket(rate=10.0, burst=1), lambda: Bucket(rate=10.0, burst=1), reserve=0)
    pacer, looks = Pacer(slow, lambda _: TERMINAL), itertools.count()
    alerts(sqlite_database, "فتح الميناء")
    pacer.spend(1, 0.0, edits=False)
    async with on_air(sqlite_database, pacer, clock=lambda: next(looks) * 0.06):
        await eventually(lambda: states() == [("alert", "sent", 0)])


async def test_what_a_process_was_told_of_its_pace_the_next_one_knows(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everybody(connection: Connection) -> None:
        for number in range(1, SEVERAL + 2):
            chat = a_telegram_chat(connection, -number)
            add_watch(connection, chat.id, "الميناء", now=NOW)
            an_alert(connection, chat, number, title="فتح الميناء")

    sqlite_database.write_now(everybody)
    before = Pacer(WHOLE_BOT, of_telegram)
    async with on_air(sqlite_database, before, transport=Transport.TELEGRAM) as radio:
        radio.asks_to_wait_s = 1000.0
        await eventually(lambda: before.room(time.monotonic()).answers == 0)  # several were asked, so all wait
    after = Pacer(WHOLE_BOT, of_telegram)
    async with on_air(sqlite_database, after, transport=Transport.TELEGRAM) as radio:
        await eventually(lambda: after.next_free_in(time.monotonic()) > 900)
    assert radio.said == []
    sqlite_database.write_now(rest_all, Transport.TELEGRAM, NOW)
    last = Pacer(WHOLE_BOT, lambda _: Rates(lambda: Bucket(0.001, 3), lambda: Bucket(0.001, 3), reserve=1))
    async with on_air(sqlite_database, last, transport=Transport.TELEGRAM) as radio:
        await eventually(lambda: radio.said == ["فتح الميناء"])  # to the one that had not been told anything
        assert len(last.room(time.monotonic()).no_answers) == SEVERAL


async def test_a_channel_that_raises_may_have_spoken(sqlite_database: Database, states: States) -> None:
    async with on_air(sqlite_database) as radio:
        radio.breaks_on_air = 1
        alerts(sqlite_database, "فتح الميناء")
        await eventually(lambda: states() == [("alert", "sent", 1)])


async def test_a_repeat_that_waits_for_its_channel_when_the_process_dies_is_not_spent(
    sqlite_database: Database, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "LAST_WAIT_S", 0.01)
    alerts(sqlite_database, "فتح الميناء")
    for _ in range(MAX_REPEATS + 1):
        async with on_air(sqlite_database) as radio:
            radio.breaks_on_air = 1
            radio.free.clear()
            await eventually(lambda: states() == [("alert", "sending", 1)])
        sqlite_database.write_now(recover_in_flight, Transport.CONSOLE, now=datetime.now(UTC))
        assert states() == [("alert", "pending", 1)]
    async with on_air(sqlite_database) as radio:
        await eventually(lambda: states() == [("alert", "sent", 1)])


async def test_a_channel_that_always_raises_is_given_up(sqlite_database: Database, states: States) -> None:
    async with on_air(sqlite_database) as radio:
        radio.breaks_on_air = 1000
        alerts(sqlite_database, "فتح الميناء")
        await eventually(lambda: [state for _, state, _ in states()] == ["unconfirmed"])


async def test_what_was_said_stays_said_whatever_the_channel_makes_of_it(
    sqlite_database: Database, states: States
) -> None:
    async with on_air(sqlite_database) as radio:
        radio.breaks_after = 1
        alerts(sqlite_database, "فتح الميناء")
        await eventually(lambda: states() == [("alert", "sent", 0)])
        assert radio.said == ["فتح الميناء"]


@pytest.mark.parametrize(("failures", "ends"), [(2, ["sent", "sent"]), (1000, ["undeliverable", "sent"])])
async def test_an_alert_that_cannot_be_read_is_tried_again_and_then_lets_others_pass(
    sqlite_database: Database, states: States, monkeypatch: pytest.MonkeyPatch, failures: int, ends: list[str]
) -> None:
    left = failures

    def unreadable(connection: Connection, delivery: Delivery) -> Subject:
        nonlocal left
        alert = subject_of(connection, delivery)
        assert isinstance(alert, Alert)
        if "فتح" in alert.fields["title"] and left:
            left -= 1
            raise LookupError("no such article")
        return alert

    monkeypatch.setattr(delivering, "subject_of", unreadable)
    alerts(sqlite_database, "فتح الميناء", "غلق الميناء")
    async with on_air(sqlite_database):
        await eventually(lambda: [state for _, state, _ in states()] == ends)
    reasons = sqlite_database.read_now(
        lambda connection: connection.exec_driver_sql("SELECT error FROM deliveries ORDER BY id").scalars().all()
    )
    assert reasons[0] == (None if failures == 2 else "not read: LookupError")


async def test_an_outcome_that_cannot_be_written_is_left_to_the_operator(
    sqlite_database: Database, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    def confused(connection: Connection, delivery: Delivery, outcome: Outcome, **how: Any) -> float:
        if outcome == Sent():
            raise LookupError("no such chat")
        return settling.settle(connection, delivery, outcome, **how)

    monkeypatch.setattr(delivering, "settle", confused)
    alerts(sqlite_database, "فتح الميناء")
    async with on_air(sqlite_database):
        await eventually(lambda: states() == [("alert", "undeliverable", 0)])
    reason = sqlite_database.read_now(
        lambda connection: connection.exec_driver_sql("SELECT error FROM deliveries").scalar()
    )
    assert reason == "Sent(message_id=None), which could not be written: LookupError"
