"""The outbox emptied: claim, send, settle, for many chats at once, one message of each at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

from bot.outbox.outcomes import NotReady, NotSent, Outcome, Refused, Unknown
from bot.outbox.pacing import Pacer
from bot.outbox.settling import settle
from bot.waiting import pause
from monitors.alerts import Delivery, OnUncertain, Room
from monitors.chats import ChatAddress, Transport
from monitors.storage import pace
from monitors.storage.deliveries import claim, is_waiting, let_out
from monitors.storage.engine import Connection, Database
from monitors.storage.joining import join
from monitors.storage.merging import gather
from monitors.storage.queues import is_held_back
from monitors.storage.settlements import take_up
from monitors.storage.subjects import Subject, composed_of, subject_of

logger = logging.getLogger(__name__)

MAX_IN_FLIGHT = 100
"""Chats spoken to at once. At 25 a second and a tenth of a second each, three would do; the rest are for slow ones."""
SWEEP_S = 1.0
READS = 5
"""How often an alert that cannot be read is tried before it is listed for the operator: a busy database recovers,
and rows that are not there do not."""
SETTLES = 4
"""After how many failures to write an outcome its words are written instead, if that can be."""
REMEMBERED = timedelta(minutes=1)
"""Of how long the pacer has to know: the longest time in which Telegram counts messages."""
LAST_WAIT_S = 5.0
"""How long sends in flight are waited for when it is time to stop."""


class Channel(Protocol):
    """A way of telling people: Telegram, or the terminal."""

    transport: Transport

    @property
    def open(self) -> asyncio.Event:
        """Set while it is worth speaking."""
        ...

    @property
    def at_once(self) -> int:
        """To how many chats, at most."""
        ...

    async def hindrance(self, delivery: Delivery) -> Outcome | None:
        """What keeps the delivery from being taken, found out without telling it; None when nothing seems to."""
        ...

    async def tell(self, delivery: Delivery, subject: Subject) -> Outcome:
        """One attempt; `subject` is what the delivery is about, as it is now."""
        ...

    def heard(self, delivery: Delivery, outcome: Outcome) -> None:
        """What became of it, so that an outage is noticed."""
        ...


class Deliverer:
    """Delivers one channel's part of the outbox. `bell` is set when there may be something to say."""

    def __init__(
        self,
        database: Database,
        channel: Channel,
        pacer: Pacer,
        *,
        on_uncertain: OnUncertain = OnUncertain.RESEND_MARKED,
        operators: Sequence[ChatAddress] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bell = asyncio.Event()
        self._database = database
        self._channel = channel
        self._pacer = pacer
        self._on_uncertain = on_uncertain
        self._operators = operators
        self._clock = clock
        self._sends: dict[int, asyncio.Task[None]] = {}
        self._unread: Counter[int] = Counter()
        self._set_aside: set[asyncio.Task[None]] = set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Delivers until `stopping`; then waits a little for sends in flight and leaves the rest as rows."""
        paced = False
        try:
            while not stopping.is_set():
                paced = paced or await self._try_to_resume_pace()
                if not self._channel.open.is_set():
                    await pause(stopping, None, until=self._channel.open)
                    continue
                self.bell.clear()
                looked = self._clock()
                if not await self._try_to_start_sends(looked):
                    wait_s = looked + self._pacer.next_free_in(looked) - self._clock()
                    await pause(stopping, min(SWEEP_S, max(wait_s, 0.005)), until=self.bell)
        finally:
            await self._finish()

    async def _try_to_resume_pace(self) -> bool:
        """Whether it is known how fast the process before this one spoke; until then nothing is said."""
        try:
            await self._resume_pace()
        except Exception:
            logger.exception("what was said a moment ago cannot be read; it is tried again")
            await asyncio.sleep(SWEEP_S)
            return False
        return True

    async def _resume_pace(self) -> None:
        transport, wall, now = self._channel.transport, datetime.now(UTC), self._clock()
        told = await self._database.read(pace.told_since, transport, wall - REMEMBERED)
        for chat_id, at in told.items():
            self._pacer.remember(chat_id, now - (wall - at).total_seconds(), now)
        until = await self._database.read(pace.all_rest_until, transport)
        if until is not None and until > wall:
            self._pacer.rest_all((until - wall).total_seconds(), now)

    async def _try_to_start_sends(self, now: float) -> int:
        try:
            return await self._start_sends(now)
        except Exception:
            logger.exception("nothing could be claimed; it is tried again")
            return 0

    async def _start_sends(self, now: float) -> int:
        """Claims what may be said now, and begins to say it."""
        limit = min(MAX_IN_FLIGHT, self._channel.at_once) - len(self._sends)
        room, wall = self._pacer.room(now), datetime.now(UTC)
        if limit <= 0 or not room.any:
            return 0
        wanted = await self._database.read(_wanted, self._channel.transport, now=wall, room=room)
        if wanted is None:
            return 0  # the crawl needs the writer more often than there is something to say
        claimed = await self._database.write(_claim, self._channel.transport, now=wall, limit=limit, room=wanted)
        for delivery in claimed:
            self._pacer.spend(delivery.chat.address.chat_id, self._clock(), edits=delivery.edits)
            task = asyncio.create_task(self._send(delivery), name=f"delivery {delivery.id}")
            self._sends[delivery.id] = task
            task.add_done_callback(partial(self._ended, delivery.id))
        return len(claimed)

    async def _send(self, delivery: Delivery) -> None:
        """One delivery, from claimed to settled, whatever is raised in between: `sending` blocks its lane."""
        delivery, outcome = await self._tell(delivery)
        try:
            self._channel.heard(delivery, outcome)
        except Exception:
            logger.exception("what became of delivery %d confused its channel", delivery.id)
        rest_s = await self._settle(delivery, outcome)
        if isinstance(outcome, NotReady):
            task = asyncio.create_task(self._take_up(delivery.id, outcome.made), name=f"delivery {delivery.id} aside")
            self._set_aside.add(task)
            task.add_done_callback(self._set_aside.discard)
        if rest_s and self._pacer.rest(delivery.chat.address.chat_id, rest_s, self._clock()):
            logger.warning("Telegram asked several chats to wait; everything waits %d s", rest_s)
            until = datetime.now(UTC) + timedelta(seconds=rest_s)
            await self._database.write(pace.rest_all, self._channel.transport, until)

    async def _take_up(self, delivery_id: int, made: asyncio.Task[bytes | None]) -> None:
        """Lets a delivery that was set aside go on when what belongs to it is made."""
        await made
        while True:
            try:
                await self._database.write(take_up, delivery_id)
            except Exception:
                logger.exception("delivery %d cannot go on; trying again", delivery_id)
                await asyncio.sleep(SWEEP_S)
            else:
                return self.bell.set()

    async def _tell(self, delivery: Delivery) -> tuple[Delivery, Outcome]:
        """The delivery, with what its message names, and what became of it."""
        try:
            subject = await self._subject_of(delivery)
            hindered = await self._hindrance(delivery)
        except Exception as error:
            return delivery, self._not_read(delivery, error)
        delivery = composed_of(delivery, subject)
        if hindered is not None:
            return delivery, hindered
        try:
            return delivery, await self._channel.tell(delivery, subject)
        except Exception as error:
            logger.exception("delivery %d broke its channel", delivery.id)
            return delivery, Unknown(f"the channel broke: {type(error).__name__}")

    async def _subject_of(self, delivery: Delivery) -> Subject:
        if delivery.alert_id is None and "message" in delivery.payload:  # the words are there, most answers are such
            return None
        subject = await self._database.read(subject_of, delivery)
        self._unread.pop(delivery.id, None)
        return subject

    async def _hindrance(self, delivery: Delivery) -> Outcome | None:
        """What keeps the delivery from leaving; when nothing does, a repeat is let out, and counts."""
        hindered = await self._channel.hindrance(delivery)
        if hindered is None and delivery.repeats and not delivery.edits:
            await self._database.write(let_out, delivery.id)
        return hindered

    def _not_read(self, delivery: Delivery, error: Exception) -> Outcome:
        logger.error("delivery %d could not be read", delivery.id, exc_info=error)
        reason = f"not read: {type(error).__name__}"
        self._unread[delivery.id] += 1
        if self._unread[delivery.id] < READS:
            return NotSent(reason)
        del self._unread[delivery.id]
        return Refused(reason)

    async def _settle(self, delivery: Delivery, outcome: Outcome) -> float:
        """Settles until it is written: an outcome that is forgotten is a possible repeat.

        One that still cannot be written when another can is left to the operator, in words.
        """
        tries = 0
        while True:
            tries += 1
            try:
                return await self._write(delivery, outcome)
            except Exception as error:
                logger.exception("the outcome of delivery %d could not be written; trying again", delivery.id)
                instead = Refused(f"{outcome}, which could not be written: {type(error).__name__}")
            if tries >= SETTLES:
                with contextlib.suppress(Exception):  # it is the database, not the outcome
                    return await self._write(delivery, instead)
            await asyncio.sleep(min(0.2 * 2 ** min(tries - 1, 6), 10.0))

    async def _write(self, delivery: Delivery, outcome: Outcome) -> float:
        now = datetime.now(UTC)
        written = partial(settle, on_uncertain=self._on_uncertain, operators=self._operators)
        return await self._database.write(written, delivery, outcome, now=now)

    def _ended(self, delivery_id: int, _: asyncio.Task[None]) -> None:
        del self._sends[delivery_id]
        self.bell.set()

    async def _finish(self) -> None:
        for aside in self._set_aside:
            aside.cancel()  # with it what is being made; the next start makes it anew
        if self._set_aside:
            await asyncio.wait(self._set_aside)
        if not self._sends:
            return
        _, late = await asyncio.wait(list(self._sends.values()), timeout=LAST_WAIT_S)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
            logger.warning("%d messages were still on their way; the next start continues there", len(late))


def _claim(connection: Connection, transport: Transport, *, now: datetime, limit: int, room: Room) -> list[Delivery]:
    """What is said next: many alerts that wait for one chat are one message; what it was told is added to that."""
    claimed = claim(connection, transport, now=now, limit=limit, room=room)
    return join(connection, gather(connection, claimed, now=now))


def _wanted(connection: Connection, transport: Transport, *, now: datetime, room: Room) -> Room | None:
    """The room, for answers alone while an operator holds back everything else; None when nothing waits for it."""
    if is_held_back(connection):
        room = replace(room, others=0)
    return room if is_waiting(connection, transport, now=now, room=room) else None
