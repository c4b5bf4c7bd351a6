"""A Telegram that does whatever it likes, and the process that tells, which may be killed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import chain, repeat

from sqlalchemy import Connection, select

from bot.outbox.outcomes import Barred, Gone, Migrated, NotSent, Outcome, Refused, RetryAt, Sent, Unknown, Vanished
from bot.outbox.settling import settle
from monitors.alerts import AMPLE, MAX_REPEATS, DeliveryKind, DeliveryState, OnUncertain
from monitors.chats import ChatAddress, Transport
from monitors.releasing import GRACE, release_due
from monitors.storage import places, supergroups
from monitors.storage.chats import find_chat
from monitors.storage.deliveries import claim, let_out, say_again
from monitors.storage.joining import join
from monitors.storage.merging import gather
from monitors.storage.queues import is_held_back
from monitors.storage.settlements import give_up_old, recover_in_flight
from monitors.storage.subjects import composed_of, out_of_date, subject_of
from monitors.storage.tables import alerts, chats, deliveries
from monitors.watchlists import UNDO
from tests.monitors.histories.owing import reading_of
from tests.monitors.histories.publishing import Desk
from tests.monitors.histories.things import GROUP, KEPT, OPEN, PERSON, SUPERGROUP, Article, Place, Sending
from tests.rows import a_telegram_chat


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of something that is sent: whether it `arrives`, and what is heard of it, if not the answer."""

    arrives: bool
    outcome: Outcome | None = None


ARRIVES = Fate(True)
UNKNOWN = Fate(True, Unknown("timed out")), Fate(False, Unknown("timed out"))
FATES = (
    ARRIVES,
    *UNKNOWN,
    *(Fate(False, one) for one in (Refused("no"), RetryAt(3), NotSent("no"))),
    *(Fate(False, one) for one in (Barred("no rights", topic=False), Gone("blocked"))),
)


class World(Desk):
    """All of it. `moved` when the group has become a supergroup on Telegram; `then` is what the operator chose for what
    nobody knows of."""

    def __init__(self, connection: Connection, runner: asyncio.Runner) -> None:
        super().__init__(connection, runner)
        self.moved = False
        self.then = OnUncertain.RESEND_MARKED
        self.in_flight: list[Sending] = []

    # -- what goes out ----------------------------------------------------------------------------------------------

    def release(self) -> None:
        while release_due(self.connection, now=self.now + GRACE):
            pass
        rows = self.connection.execute(
            select(alerts.c.article_id, chats.c.telegram_chat_id)
            .join(deliveries, deliveries.c.alert_id == alerts.c.id)
            .join(chats, deliveries.c.chat_id == chats.c.id)
            .where(deliveries.c.state == DeliveryState.DROPPED)
        )
        dropped = {(row.article_id, row.telegram_chat_id) for row in rows}
        for place in self.places:
            for article_id, watch in list(place.reader.owed):
                article = next(one for one in self.articles if one.id == article_id)
                if (article_id, place.telegram_id) in dropped and self.is_unwanted(place, article, watch):
                    del place.reader.owed[article_id, watch]

    def is_unwanted(self, place: Place, article: Article, watch: int | None) -> bool:
        """Whether what is held back of it may be dropped now."""
        return self.is_muted(place, article, watch) or self.is_gone(place, article, watch)

    def is_gone(self, place: Place, article: Article, watch: int | None) -> bool:
        if watch is None:
            taken = place.outlets.get(article.outlet)
            return taken is None or (not taken and article.decided_at < self.now - KEPT)
        slot = next((slot for slot in self.slots if slot.watch.id == watch), None)
        if slot is None or slot.list_id not in place.lists:
            return True
        removed = [at for at in (slot.removed_at, self.lists[slot.list_id].removed_at) if at is not None]
        stands = self.stands(slot) and place.lists[slot.list_id]
        return any(at <= self.now - UNDO for at in removed) or (not stands and article.decided_at < self.now - KEPT)

    def keep_shown(self) -> None:
        for message in out_of_date(self.connection, now=self.now):
            say_again(self.connection, message.delivery_id, DeliveryKind.PROGRESS)

    def begin(self, *, let_out_at_once: bool = True) -> bool:
        """Claims what is next, and makes it a message; whether anything was."""
        room = replace(AMPLE, others=0) if is_held_back(self.connection) else AMPLE
        claimed = claim(self.connection, Transport.TELEGRAM, now=self.now, limit=1, room=room)
        for delivery in join(self.connection, gather(self.connection, claimed, now=self.now)):
            self.at += 1
            subject = subject_of(self.connection, delivery)
            delivery = composed_of(delivery, subject)
            reading = reading_of(subject, self.article_at, at=self.at, repeats=delivery.repeats)
            place = self.places[delivery.chat.address.chat_id == PERSON]
            sending = Sending(delivery, place, reading, let_out_at_once)
            if delivery.message_id is not None:
                there = place.messages[delivery.chat.address.chat_id, delivery.message_id]
                assert reading is not None
                assert there is None or there.own == reading.own, "another message is changed"
                if reading.own is not None:
                    place.reader.stood[reading.own] = self.looking_at(place)
            if let_out_at_once:
                self._let_out(sending)
            self.in_flight.append(sending)
        return bool(claimed)

    def _let_out(self, sending: Sending) -> None:
        if sending.delivery.repeats and not sending.delivery.edits:
            let_out(self.connection, sending.delivery.id)
        sending.is_let_out = True

    def articles_of(self, sending: Sending) -> list[Article]:
        told = sending.reading.all if sending.reading is not None else frozenset()
        return [one for one in self.articles if one.id in told]

    def arrives(self, sending: Sending) -> Outcome:
        """What Telegram answers to what it takes."""
        delivery, place = sending.delivery, sending.place
        there = delivery.chat.address.chat_id
        if self.moved and there == GROUP:
            return Migrated(SUPERGROUP)
        number, new = delivery.message_id, delivery.message_id is None
        if number is not None and place.messages[there, number] is None:
            return Vanished("message to edit not found")
        if new:
            place.said += 1
            number = place.said
        assert number is not None
        self.at += 1
        if sending.reading is not None:
            before = None if new else place.messages[there, number]
            place.messages[there, number] = sending.reading
            place.reader.reads(sending.reading, instead_of=before)
        return Sent(number)

    def settle(self, sending: Sending, outcome: Outcome) -> None:
        if not sending.is_let_out:
            self._let_out(sending)
        self.in_flight.remove(sending)
        settle(self.connection, sending.delivery, outcome, now=self.now, on_uncertain=self.then)
        self._look_where_the_group_is()
        if isinstance(outcome, Gone):
            sending.place.lost = True
        if isinstance(outcome, Refused | Unknown):
            self._forgive(sending, outcome)

    def _forgive(self, sending: Sending, outcome: Refused | Unknown) -> None:
        """What is listed for the operator is told no more by itself."""
        delivery = sending.delivery
        if sending.reading is None:
            return
        if isinstance(outcome, Refused):
            given_up = delivery.told_in is None and delivery.kind is not DeliveryKind.DIGEST
        elif delivery.edits:
            given_up = delivery.attempts >= 2 and (
                delivery.told_in is None or self.then is not OnUncertain.RESEND_MARKED
            )
        else:
            given_up = self.then is not OnUncertain.RESEND_MARKED or delivery.repeats >= MAX_REPEATS
        if given_up and delivery.told_in is None and not delivery.edits:
            sending.place.reader.is_listed(self._told_by(sending))
        elif given_up:
            sending.place.reader.forgives(self._told_by(sending))

    def _told_by(self, sending: Sending) -> set[int]:
        if sending.delivery.told_in is None:
            assert sending.reading is not None
            return set(sending.reading.alone)
        mine = select(alerts.c.article_id).join(deliveries, deliveries.c.alert_id == alerts.c.id)
        return set(self.connection.scalars(mine.where(deliveries.c.id == sending.delivery.id)))

    def kill(self, arrived: Callable[[], bool], then: OnUncertain) -> None:
        for sending in self.in_flight:
            repeats = sending.delivery.repeats and not sending.delivery.edits
            if (sending.is_let_out or not repeats) and arrived():
                self.arrives(sending)
            self.then = then
            if not sending.delivery.edits and (sending.is_let_out or not repeats):
                self._forgive(sending, Unknown("killed"))
        self.in_flight.clear()
        self.then = then
        recover_in_flight(self.connection, Transport.TELEGRAM, now=self.now, then=then)
        self._look_where_the_group_is()

    def deliver(self, fates: Iterable[Fate] = ()) -> None:
        """What is to be told now is, as far as these first ones do not meet with something else."""
        following = chain(fates, repeat(ARRIVES))
        for _ in range(200):
            for sending in list(self.in_flight):
                self.meets(sending, next(following))
            if not self.begin():
                return
        raise AssertionError("it never ends")

    def meets(self, sending: Sending, fate: Fate) -> None:
        answer = self.arrives(sending) if fate.arrives else None
        outcome = fate.outcome or answer
        assert outcome is not None
        self.settle(sending, outcome)

    def return_to(self, place: Place) -> None:
        """The chat is there again."""
        if place.lost:
            a_telegram_chat(self.connection, place.telegram_id)
        places.mend(self.connection, place.telegram_id)
        place.lost = False

    def give_up_old(self) -> None:
        for place in self.places:
            state = self.connection.scalar(select(chats.c.state).where(chats.c.id == self.chat_id(place)))
            if state != "active":
                place.reader.forgives([one.id for one in self.articles])
        give_up_old(self.connection, before=self.now, now=self.now)

    def becomes_a_supergroup(self, *, with_a_row: bool, heard: bool) -> None:
        self.moved = True
        if with_a_row:
            a_telegram_chat(self.connection, SUPERGROUP)
        if heard:
            supergroups.migrate(self.connection, GROUP, SUPERGROUP)
            self._look_where_the_group_is()

    def _look_where_the_group_is(self) -> None:
        old = find_chat(self.connection, ChatAddress(Transport.TELEGRAM, GROUP))
        if self.moved and (old is None or (old.state_reason or "").startswith("migrated")):
            self.places[0].telegram_id = SUPERGROUP

    def open_ones(self) -> list[tuple[int, str]]:
        states = select(deliveries.c.id, deliveries.c.state).where(deliveries.c.state.in_(OPEN))
        return [(row.id, row.state) for row in self.connection.execute(states)]
