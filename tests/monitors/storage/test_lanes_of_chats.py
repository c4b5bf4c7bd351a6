"""Lanes say what deliveries say, whatever happened, and claiming reads nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Connection, Row, event, select

from monitors.alerts import Delivery, DeliveryKind, NewDelivery, OnUncertain, Room
from monitors.chats import ChatAddress, ChatState, Transport
from monitors.schedules import schedules
from monitors.settings import TelegramSettings
from monitors.storage import lanes
from monitors.storage.chats import ensure_chat, find_chat
from monitors.storage.clock import mend
from monitors.storage.deliveries import claim, enqueue, enqueue_all, is_waiting, say_again
from monitors.storage.engine import Database
from monitors.storage.settlements import (
    chat_gone,
    give_up_chat,
    give_up_old,
    put_back,
    recover_in_flight,
    settle_sent,
    settle_uncertain,
    settle_undeliverable,
)
from monitors.storage.supergroups import migrate
from monitors.storage.tables import chats, deliveries
from tests.rows import NOW, SECOND, a_telegram_chat

PLACES = [(7, 0), (8, 0), (-5, 0), (-5, 3)]
ANSWERS, PROGRESS = 0, 3

places = st.sampled_from(PLACES)
kinds = st.sampled_from([kind for kind in DeliveryKind if kind is not DeliveryKind.DIGEST])


def expected_lane(chat: Row[Any], mine: list[Row[Any]]) -> tuple[int, bool, datetime] | None:
    """The rules of `monitors.storage.lanes` in other words: how urgent, whether an edit, from when on."""
    if chat.state != ChatState.ACTIVE or any(row.state == "sending" for row in mine):
        return None
    turn = chat.spoken_at or chat.created_at
    waiting = sorted((row for row in mine if row.state == "pending"), key=lambda row: (row.priority, row.id))
    doubts = sorted((row for row in mine if row.state == "uncertain"), key=lambda row: row.not_before)
    if any(row.priority not in (ANSWERS, PROGRESS) for row in doubts):
        waiting = [row for row in waiting if row.priority in (ANSWERS, PROGRESS)]
    answers = [row for row in waiting if row.priority == ANSWERS]
    due = [row for row in doubts if row.not_before <= turn]
    for head in (*answers, *due, *waiting, *doubts):
        at = head.not_before if head.state == "uncertain" else turn
        return head.priority, head.edits, max(at, chat.rests_until or at)
    return None


def lanes_and_expectations(connection: Connection) -> tuple[list[object], list[object]]:
    rows = connection.execute(select(deliveries)).all()
    found: list[object] = []
    expected: list[object] = []
    for chat in connection.execute(select(chats).order_by(chats.c.id)):
        lane = (chat.lane_priority, chat.lane_edits, chat.lane_at)
        found.append(None if chat.lane_priority is None else lane)
        expected.append(expected_lane(chat, [row for row in rows if row.chat_id == chat.id]))
    return found, expected


def forget_everything(connection: Connection) -> None:
    connection.execute(deliveries.delete())
    connection.execute(chats.delete())


class Outbox(RuleBasedStateMachine):
    """Everything that can happen to deliveries and chats, in any order."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection
        self.now = NOW
        self.sending: dict[int, Delivery] = {}
        self.settled: list[int] = []
        forget_everything(connection)
        self.ids = {place: self.chat(place) for place in PLACES}

    def chat(self, place: tuple[int, int]) -> int:
        address = ChatAddress(Transport.TELEGRAM, *place)
        return ensure_chat(self.connection, address, now=self.now, language="ar").id

    @rule(place=places, kind=kinds, edits=st.booleans())
    def something_is_to_be_said(self, place: tuple[int, int], kind: DeliveryKind, edits: bool) -> None:
        enqueue(self.connection, NewDelivery(self.ids[place], kind, edits=edits), now=self.now)

    @rule(kind=kinds)
    def everybody_is_to_be_told(self, kind: DeliveryKind) -> None:
        enqueue_all(self.connection, [NewDelivery(chat, kind) for chat in self.ids.values()], now=self.now)

    @rule(limit=st.integers(1, 5), messages=st.integers(0, 3), edits=st.integers(0, 3))
    def it_is_claimed(self, limit: int, messages: int, edits: int) -> None:
        room = Room(messages, messages, edits)
        waiting = is_waiting(self.connection, Transport.TELEGRAM, now=self.now, room=room)
        claimed = claim(self.connection, Transport.TELEGRAM, now=self.now, limit=limit, room=room)
        assert waiting or not claimed
        assert sum(not delivery.edits for delivery in claimed) <= messages
        assert sum(delivery.edits for delivery in claimed) <= edits
        assert len({delivery.chat.address.chat_id for delivery in claimed}) == len(claimed) <= limit
        self.sending |= {delivery.id: delivery for delivery in claimed}

    @precondition(lambda self: self.sending)
    @rule(how=st.sampled_from(["sent", "refused", "put back", "asked to wait", "gone", *OnUncertain]))
    def it_is_settled(self, how: str) -> None:
        number, delivery = self.sending.popitem()
        on, later = self.connection, self.now + 5 * SECOND
        match how:
            case "sent":
                settle_sent(on, number, 1, now=self.now)
            case "refused":
                settle_undeliverable(on, number, "no", now=self.now)
            case "put back":
                put_back(on, number, "no")
            case "asked to wait":
                put_back(on, number, "wait", again_at=later)
            case "gone":
                chat_gone(on, number, delivery.chat.address.chat_id, "gone", now=self.now)
            case OnUncertain():
                settle_uncertain(on, number, "?", now=self.now, again_at=later, then=how)
        self.settled.append(number)

    @precondition(lambda self: self.settled)
    @rule(kind=st.sampled_from([DeliveryKind.REPLY, DeliveryKind.PROGRESS]))
    def a_message_is_to_be_changed(self, kind: DeliveryKind) -> None:
        say_again(self.connection, self.settled[-1], kind)

    @rule(seconds=st.integers(-90_000, 100))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * SECOND
        mend(self.connection, now=self.now)

    @rule(place=places)
    def a_chat_is_lost(self, place: tuple[int, int]) -> None:
        give_up_chat(self.connection, place[0], "blocked", now=self.now)

    @rule(place=places)
    def a_chat_returns(self, place: tuple[int, int]) -> None:
        self.ids[place] = self.chat(place)

    @rule()
    def the_old_is_given_up(self) -> None:
        give_up_old(self.connection, before=self.now, now=self.now)

    @rule()
    def a_group_becomes_a_supergroup_and_the_next_one_is_made(self) -> None:
        migrate(self.connection, -5, -1005)
        for place in PLACES[2:]:
            self.ids[place] = self.chat(place)

    @rule(then=st.sampled_from(OnUncertain))
    def the_process_is_killed_and_starts_again(self, then: OnUncertain) -> None:
        self.sending = {}
        recover_in_flight(self.connection, Transport.TELEGRAM, now=self.now, then=then)

    @invariant()
    def lanes_agree_with_deliveries(self) -> None:
        found, expected = lanes_and_expectations(self.connection)
        assert found == expected


def test_lanes_agree_with_deliveries_whatever_happened(sqlite_database: Database) -> None:
    def happen(connection: Connection) -> None:
        once = settings(max_examples=20, stateful_step_count=25, phases=[Phase.generate, Phase.shrink])
        run_state_machine_as_test(lambda: Outbox(connection), settings=once)  # type: ignore[arg-type]  # any maker will do

    sqlite_database.write_now(happen)


@contextmanager
def plans_of(connection: Connection) -> Iterator[list[str]]:
    """The plans of what is asked meanwhile, made afterwards."""
    asked: list[tuple[str, Any]] = []
    plans: list[str] = []

    def listen(*call: Any) -> None:
        asked.append((call[2], call[3]))

    event.listen(connection, "before_cursor_execute", listen)
    yield plans
    event.remove(connection, "before_cursor_execute", listen)
    for statement, parameters in asked:
        plans += [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


def test_claiming_sorts_nothing_and_reads_no_table_as_a_whole(sqlite_database: Database) -> None:
    def fill_and_claim(connection: Connection) -> list[str]:
        for number in (1, 2, 3):
            chat = a_telegram_chat(connection, number)
            for kind in DeliveryKind:
                enqueue(connection, NewDelivery(chat.id, kind), now=NOW)
        with plans_of(connection) as plans:
            first, second, third = claim(connection, Transport.TELEGRAM, now=NOW, limit=9)
            settle_sent(connection, first.id, 1, now=NOW)
            put_back(connection, second.id, "no", again_at=NOW)
            settle_uncertain(connection, third.id, "?", now=NOW, again_at=NOW)
            assert is_waiting(connection, Transport.TELEGRAM, now=NOW)
        return plans

    plans = sqlite_database.write_now(fill_and_claim)
    assert [step for step in plans if "TEMP B-TREE" in step or step in ("SCAN chats", "SCAN deliveries")] == []
    assert any("ix_chats_lane" in step for step in plans)
    assert any("ix_deliveries_pending" in step for step in plans)


def test_a_chat_that_returns_is_found(sqlite_database: Database) -> None:
    chat = sqlite_database.write_now(a_telegram_chat)
    sqlite_database.write_now(give_up_chat, 7, "blocked", now=NOW)
    sqlite_database.write_now(enqueue, NewDelivery(chat.id, DeliveryKind.ALERT), now=NOW)
    assert not sqlite_database.read_now(is_waiting, Transport.TELEGRAM, now=NOW)
    sqlite_database.write_now(a_telegram_chat)
    assert sqlite_database.read_now(is_waiting, Transport.TELEGRAM, now=NOW)
    assert sqlite_database.read_now(find_chat, chat.address) is not None


async def test_a_lane_that_broke_is_found_and_made_again(sqlite_database: Database) -> None:
    def break_lanes(connection: Connection) -> None:
        for number in (1, 2, 3):
            chat = a_telegram_chat(connection, number)
            enqueue(connection, NewDelivery(chat.id, DeliveryKind.ALERT), now=NOW)
        claim(connection, Transport.TELEGRAM, now=NOW, limit=1)  # it has no lane while it is told
        give_up_chat(connection, 2, "blocked", now=NOW)
        connection.execute(chats.update().values(lane_priority=None))

    sqlite_database.write_now(break_lanes)
    assert len(sqlite_database.read_now(lanes.astray)) == 1
    async with schedules(sqlite_database, TelegramSettings(), zone="UTC"):
        async with asyncio.timeout(10):
            while not sqlite_database.read_now(is_waiting, Transport.TELEGRAM, now=datetime.now(UTC)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert sqlite_database.read_now(lanes.astray) == []
