"""Outlets that print reports, somebody who watches, and what the chat comes to read of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from bot.outbox.outcomes import Refused, Sent
from bot.outbox.settling import settle
from monitors.alerts import AMPLE, Alert, Delivery, DeliveryKind, DeliveryState, Digest, Room
from monitors.articles import Edit
from monitors.chats import Chat, Transport
from monitors.outlets import Outlet
from monitors.roles import RoleContext
from monitors.service import decide_pending
from monitors.settings import Settings
from monitors.storage.articles import save
from monitors.storage.deliveries import claim, say_again
from monitors.storage.edits import save_edits
from monitors.storage.engine import Database
from monitors.storage.joining import join
from monitors.storage.merging import gather
from monitors.storage.subjects import composed_of, out_of_date, subject_of
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from monitors.wakeups import Wakeups
from monitors.watching import StandingWatches
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet

_VOCABULARY = [f"{first}{second}{third}" for first in "بتثجحخدر" for second in "اويسعف" for third in "لمنكقطهز"]


def sentences(seed: int, count: int, words: int = 12) -> list[str]:
    """Sentences that no other seed has."""
    random = Random(seed)
    return [" ".join(random.choices(_VOCABULARY, k=words)) for _ in range(count)]


def report(*parts: Sequence[str], title: str | None = None) -> dict[str, str]:
    """A text of these sentences, under a headline of the words of its first."""
    text = ". ".join(sentence for part in parts for sentence in part)
    return {"title": title or " ".join(parts[0][0].split()[:6]), "text": text}


@dataclass(slots=True)
class Said:
    """A message in the chat. `alert` is what it tells now, None for a digest, whose `titles` it has; `changes` counts
    how often it was changed."""

    delivery_id: int
    alert: Alert | None
    titles: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    silent: bool = False
    marked: bool = False
    changes: int = 0


@dataclass(slots=True)
class Newsroom:
    database: Database
    chat: Chat
    outlets: list[Outlet]
    context: RoleContext
    watches: StandingWatches = field(default_factory=StandingWatches)
    said: list[Said] = field(default_factory=list)
    refuses_changes: bool = False
    claims: int = 0
    printed: int = 0

    async def prints(self, outlet: int, fields: dict[str, str], *, after: timedelta = SECOND, **about: Any) -> int:
        """The outlet of that number prints it, so long after NOW; the article's id, when it is decided."""
        self.printed += 1
        new = a_new_article(self.outlets[outlet], self.printed, **fields, **{"first_seen_at": NOW + after} | about)
        (article_id,) = await self.database.write(save, [new], now=NOW + after)
        await self.decide()
        return article_id

    async def edits(
        self,
        outlet: int,
        article_id: int,
        fields: dict[str, str],
        *,
        after: timedelta = SECOND,
        number: int | None = None,
    ) -> None:
        """It says this instead from then on. `number` as in `a_new_article`."""
        new = a_new_article(self.outlets[outlet], number or article_id, **fields, first_seen_at=NOW + after)
        await self.database.write(save_edits, [Edit(article_id, new)])
        await self.decide()

    async def decide(self) -> None:
        while await decide_pending(self.context, self.watches):
            pass

    def tell(self, accepted: bool = True) -> list[Said]:
        """What waits goes out, one after another; what the chat reads then. Unless it is `accepted`, what is claimed
        stays as it is."""
        while (claimed := self._claim()) is not None:
            for delivery in claimed:
                if not accepted:
                    return self.said
                self.accept(delivery)
        return self.said

    def claimed(self) -> list[Delivery]:
        """What is under way from then on."""
        return self._claim() or []

    def next_ones(self, room: Room) -> list[int | None]:
        """The messages that are changed where there is so much room; None for a new one. They are under way then."""
        return [delivery.message_id for delivery in self._claim(room) or []]

    def _claim(self, room: Room = AMPLE) -> list[Delivery] | None:
        self.claims += 1
        return self.database.write_now(_claim, now=NOW + (60 + self.claims) * SECOND, room=room)

    def say_again(self) -> None:
        """Messages whose articles met more are changed."""
        for message in self.database.read_now(out_of_date, now=datetime.now(UTC)):
            self.database.write_now(say_again, message.delivery_id, DeliveryKind.PROGRESS)

    def accept(self, delivery: Delivery, *, meanwhile: Callable[[], object] = lambda: None) -> None:
        """It becomes a message, and what happens `meanwhile` is done before that is written down."""
        subject = self.database.read_now(subject_of, delivery)
        delivery = composed_of(delivery, subject)
        meanwhile()
        if delivery.told_in is not None and self.refuses_changes:
            self.database.write_now(settle, delivery, Refused("message to edit not found"), now=NOW)
            return
        if delivery.message_id is not None:
            message = self.said[delivery.message_id - 1]
            message.changes += 1
        else:
            message = Said(delivery.id, None, silent=delivery.silent, marked=delivery.repeats > 0)
            self.said.append(message)
        number = delivery.message_id or len(self.said)
        self.database.write_now(settle, delivery, Sent(number), now=NOW)
        if isinstance(subject, Alert):
            message.alert = subject
            message.also = tuple(one.outlet_name for one in subject.also)
            message.titles = (subject.fields["title"],)
        else:
            assert isinstance(subject, Digest)
            items = [item for section in subject.sections for item in section.items]
            message.titles = tuple(item.title for item in items)
            message.also = tuple(one.outlet_name for item in items for one in item.also)

    def states(self) -> list[DeliveryState]:
        states = select(deliveries.c.state).order_by(deliveries.c.id)
        return [
            DeliveryState(one) for one in self.database.read_now(lambda connection: connection.scalars(states).all())
        ]


def _claim(connection: Connection, *, now: datetime, room: Room) -> list[Delivery] | None:
    """What leaves now, which may be nothing yet; None when nothing waits."""
    claimed = claim(connection, Transport.TELEGRAM, now=now, limit=1, room=room)
    return join(connection, gather(connection, claimed, now=NOW)) if claimed else None


def a_newsroom(database: Database, *queries: str) -> Newsroom:
    """Three outlets, and a chat with these watches."""
    outlets = [database.write_now(an_outlet, name)[0] for name in ("one", "two", "three")]
    chat = database.write_now(a_telegram_chat)
    for query in queries:
        database.write_now(add_watch, chat.id, query, now=NOW)
    return Newsroom(database, chat, outlets, RoleContext(Settings(), database, Wakeups(), asyncio.Event()))
