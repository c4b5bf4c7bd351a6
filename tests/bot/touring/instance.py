"""The telling role without loops or a network: what somebody does is handled and told before the next thing is done.

The handler, the outbox, the channel and the database are the real ones; calls go straight into our fake Bot API.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from telegram import InputFile
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.outbox.delivering import Deliverer
from bot.outbox.pacing import TERMINAL, Pacer
from bot.outbox.showing import _say_again
from bot.telegram import acknowledging, channel
from bot.telegram.access import Rights
from bot.telegram.channel import TelegramChannel
from bot.telegram.handling import Handler
from bot.telegram.inbox import keep
from bot.telegram.line import Line
from bot.telegram.lookups import Lookups
from bot.telegram.moving import meet
from monitors.roles import RoleContext
from monitors.settings import LimitSettings, Settings
from monitors.storage.engine import Connection, Database
from monitors.storage.subjects import out_of_date
from monitors.wakeups import Wakeups
from tests.bot.conftest import settings_for
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_messages import SentMessage, Upload
from tests.fakes.telegram_rules import Refusal
from tests.rows import unhandled_updates


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of something that somebody did: the notice of a button (None: it was never answered), and the
    messages that are new or have changed, by their place among all that were sent."""

    notice: str | None
    changed: list[SentMessage]


class _NoFlood:
    """Nobody waits between two messages."""

    def check(self, chat_id: int, now: float) -> None:
        pass


@dataclass(slots=True)
class _Wire:
    """In the place of the Bot API's client."""

    fake: FakeTelegram

    async def call(self, method: str, /, **arguments: Any) -> Any:
        given = dict(_given(arguments))
        fault = self.fake._fault_for(method, given)
        self.fake.calls.append((method, given))
        try:
            if fault is not None and fault.refusal is not None:
                raise fault.refusal
            return await self.fake._execute(method, given)
        except Refusal as refusal:
            if fault is None:
                self.fake.refused.append((method, refusal.description))
            kind = Forbidden if refusal.code == 403 else BadRequest
            raise kind(refusal.description.removeprefix("Bad Request: ")) from None

    async def download(self, file_path: str) -> bytes:
        return self.fake.files[file_path]

    def explain(self, error: TelegramError) -> str:
        return str(error)


def _given(arguments: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The arguments as the server reads them: files as uploads, nothing that is None."""
    for name, value in arguments.items():
        if isinstance(value, InputFile):
            yield name, Upload(value.filename or "", b"made")
        elif name == "media":
            entities = [one.to_dict() for one in value.caption_entities or ()]
            about = {"media": "attach://file", "caption": value.caption or "", "caption_entities": entities}
            yield name, about | {"type": value.type}
            yield "file", Upload("", b"made")
        elif value is not None:
            yield name, value


@dataclass(slots=True)
class Instance:
    """`said` and `pressed` are what people do. `now` is when: time stands still unless a test moves it."""

    database: Database
    fake: FakeTelegram
    context: RoleContext
    handler: Handler
    deliverer: Deliverer
    _edits: dict[tuple[int, int], int] = field(default_factory=dict)

    async def said(self, text: str, **how: Any) -> Outcome:
        self.fake.say(text, **how)
        return await self.done()

    async def pressed(self, data: str, message: SentMessage | None, *, user_id: int, chat_id: int) -> Outcome:
        query = self.fake.press(data=data, chat_id=chat_id, user_id=user_id, message=message)
        return await self.done(query)

    async def done(self, query: str = "") -> Outcome:
        """Everything that was done is handled, and everything there is to say is told."""
        await self.handle()
        await self.tell()
        return Outcome(self.fake.answered.get(query), list(self._changed()))

    async def handle(self) -> None:
        """Handles what was done; what there is to say about it waits."""
        updates, self.fake._updates = self.fake._updates, []
        await keep(self.context, self.handler._line.username, updates, self.handler.expect)
        for stored in await self.database.read(unhandled_updates):
            await self.handler._handle(stored)

    async def tell(self) -> None:
        """Sends what waits."""
        while self.database.read_now(_is_anything_pending):
            if not await self.deliverer._start_sends(time.monotonic()):
                return
            await asyncio.wait(list(self.deliverer._sends.values()))

    async def catch_up(self) -> list[SentMessage]:
        """Changes messages that show how something goes on, and are out of date; them."""
        if not (old := await self.database.read(out_of_date, now=datetime.now(UTC))):
            return []
        await self.database.write(_say_again, [one.delivery_id for one in old])
        await self.tell()
        return list(self._changed())

    def _changed(self) -> Iterator[SentMessage]:
        for one in self.fake.sent:
            place = (one.chat_id, one.message_id)
            if self._edits.get(place) != one.edits:
                self._edits[place] = one.edits
                yield one


def _is_anything_pending(connection: Connection) -> bool:
    found = connection.exec_driver_sql("SELECT 1 FROM deliveries WHERE state = 'pending' LIMIT 1").first()
    return found is not None


async def an_instance(database: Database, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Instance:
    """`settings` are those of `Settings` but for Telegram's, which go by `telegram`."""

    async def nothing_is_drawn(*_: Any) -> bytes:
        return b"made"

    async def at_once(_: object, work: Callable[[], object]) -> object:
        return work()

    monkeypatch.setattr(Database, "_run", staticmethod(at_once))  # nobody else is there to be kept waiting
    raw: Any = database.engine.raw_connection()
    raw.driver_connection.execute("PRAGMA synchronous=OFF")  # nor does the machine fail
    raw.close()
    monkeypatch.setattr(channel, "made", nothing_is_drawn)
    monkeypatch.setattr(acknowledging, "ACKNOWLEDGED_S", 60.0)
    fake = FakeTelegram()
    monkeypatch.setattr(fake, "_flood", _NoFlood())
    of_telegram = settings_for(fake, **settings.pop("telegram", {})).telegram
    ample = LimitSettings(crawls_per_hour=10_000, addresses_per_hour=10_000, searches_per_hour=10_000)
    context = RoleContext(
        Settings(telegram=of_telegram, limits=ample, **settings), database, Wakeups(), asyncio.Event()
    )
    wire: Any = _Wire(fake)
    line = Line(wire, partial(meet, context))
    await line._ask_who_we_are()
    line.up.set()
    line.open.set()
    deliverer = Deliverer(database, TelegramChannel(line, database), Pacer(TERMINAL, lambda _: TERMINAL))
    handler = Handler(context, line, Rights(wire), Lookups(database))
    return Instance(database, fake, context, handler, deliverer)
