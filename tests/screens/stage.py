"""Where the story is played: the real bot and the real matcher on one database, at an hour that stands still."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, func, select

from bot.outbox.pacing import TERMINAL
from bot.telegram import acknowledging, side
from monitors import service
from monitors.alerts import DeliveryState
from monitors.articles import DateOrigin, NewArticle, TextOrigin
from monitors.outlets import NewOutlet, NewSource, Outlet, Poll, PollReason
from monitors.settings import LanguageSettings
from monitors.storage import statistics, subjects
from monitors.storage.articles import pending_articles, save
from monitors.storage.disk import Disk
from monitors.storage.engine import open_database
from monitors.storage.migrating import upgrade
from monitors.storage.outlets import add_outlet
from monitors.storage.polls import record_poll
from monitors.storage.tables import deliveries
from monitors.wakeups import ARTICLES, DELIVERIES
from tests.bot.conftest import RunningBot, eventually, running, settings_for
from tests.databases import fresh_database
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_messages import SentMessage
from tests.screens.world import HOUR, NOON, Piece, World

PERSON, FRIEND, OPERATOR = 7, 8, 1
PATIENCE_S = 60.0


class _Stopped(type(datetime)):  # type: ignore[misc]  # times made elsewhere are times, too
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class Clock(datetime, metaclass=_Stopped):
    """Stands in for `datetime`: now is always `at`."""

    at = NOON

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # what others make of it is plain
        return cls.at.astimezone(tz)


def _numbered(numbers: Iterator[int]) -> Callable[[int], str]:
    """Stands in for chance: words as long as those of 16 bytes, none of them twice."""
    return lambda size: f"Kq7VdWn3Ra5Tm2xLc8{next(numbers):04}"


@contextmanager
def stopped() -> Iterator[None]:
    """Time stands still for bot and monitors, what they choose by chance is always the same, and nothing is paced."""
    Clock.at = NOON
    numbers = iter(range(1, 1000))
    with ExitStack() as patches:
        for name, module in list(sys.modules.items()):
            if name.startswith(("bot.", "monitors.")) and getattr(module, "datetime", None) is datetime:
                patches.enter_context(patch.object(module, "datetime", Clock))
        patches.enter_context(patch.object(secrets, "token_urlsafe", _numbered(numbers)))
        patches.enter_context(patch.object(acknowledging, "ACKNOWLEDGED_S", PATIENCE_S))
        patches.enter_context(patch.object(statistics, "disk_of", lambda _: Disk(48_600_000, 76_800_000_000)))
        # What changed when it was said has been said; or it would be said again every second for ever.
        patches.enter_context(patch.object(subjects, "SLACK", timedelta(0)))
        patches.enter_context(patch.object(side, "WHOLE_BOT", TERMINAL))
        patches.enter_context(patch.object(side, "of_telegram", lambda _: TERMINAL))
        yield


class _Patient:
    """No limits: how fast the bot may speak is tested elsewhere."""

    def check(self, chat_id: int, now: float) -> None: ...


@dataclass(slots=True)
class Stage:
    """What is said and shown. `pictures` holds by its name each picture's items, as they are to be seen."""

    bot: RunningBot
    world: World
    outlets: list[Outlet]
    pictures: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    drawings: dict[str, bytes] = field(default_factory=dict)
    seen_at: dict[str, datetime] = field(default_factory=dict)
    _numbers: int = 0

    async def say(self, text: str, *, by: int = PERSON) -> SentMessage:
        """Somebody writes; the bot's answer."""
        return (await self.heard(text, by=by))[0]

    async def heard(
        self, text: str, *, by: int = PERSON, there: int | None = None, thread_id: int = 0, answers: int = 1
    ) -> list[SentMessage]:
        """Somebody writes, in private or `there`; so many answers of the bot."""
        chat_id = by if there is None else there
        before = len(self.sent_to(chat_id))
        self.bot.telegram.say(text, chat_id=chat_id, user_id=by, thread_id=thread_id, language_code=self.world.language)
        return await self.news(before, by=chat_id, more=answers)

    async def news(self, before: int, *, by: int = PERSON, more: int = 1) -> list[SentMessage]:
        """What this chat is sent after so many messages."""
        await self.bot.telegram.wait_until(lambda: len(self.sent_to(by)) >= before + more, timeout_s=PATIENCE_S)
        return self.sent_to(by)[before:]

    async def found(self, query: str) -> list[dict[str, Any]]:
        """What is offered to whoever writes the bot's name and this in another chat."""
        telegram = self.bot.telegram
        number = telegram.ask_inline(query, user_id=PERSON, language_code=self.world.language)
        await telegram.wait_until(lambda: number in telegram.found, timeout_s=PATIENCE_S)
        results: list[dict[str, Any]] = telegram.found[number]["results"]
        return results

    def sent_to(self, chat_id: int) -> list[SentMessage]:
        return [one for one in self.bot.telegram.sent if one.chat_id == chat_id]

    async def press(self, action: str, argument: str | int | None = None, *, by: int = PERSON) -> SentMessage:
        """Somebody presses the newest button of this kind; the message that changed, or came, last."""
        telegram = self.bot.telegram
        wanted = f"v1:{action}:" + ("" if argument is None else f"{argument}:")
        buttons = [button for one in telegram.sent if one.chat_id == by for row in one.buttons for button in row]
        fitting = [data for one in buttons if f"{(data := one.get('callback_data', ''))}:".startswith(wanted)]
        assert fitting, f"there is no button {wanted}"
        edits = {one.message_id: one.edits for one in telegram.sent}
        query = telegram.press(data=fitting[-1], chat_id=by, user_id=by)

        def moved() -> list[SentMessage]:
            return [one for one in telegram.sent if one.chat_id == by and one.edits != edits.get(one.message_id)]

        await telegram.wait_until(lambda: query in telegram.answered and bool(moved()), timeout_s=PATIENCE_S)
        return moved()[-1]

    async def changed(self, message: SentMessage, *, times: int = 1) -> None:
        """Until the message has changed so often."""
        self.bot.context.wakeups.kick(DELIVERIES)
        await self.bot.telegram.wait_until(lambda: message.edits >= times, timeout_s=PATIENCE_S)

    async def told(self) -> None:
        """Until nothing is to be told, or is being told: the fake has a message before its row says so."""
        self.bot.context.wakeups.kick(DELIVERIES)
        await eventually(lambda: not self.bot.database.read_now(_busy), timeout_s=PATIENCE_S)

    def keep(self, name: str, *items: SentMessage | str) -> None:
        """What is seen now is in the picture of this name: the bot's messages, and what people write."""
        for item in items:
            if not isinstance(item, str) and item.content and item.kind == "photo":
                self.drawings[name] = item.content
        self.show(name, *({"person": item} if isinstance(item, str) else _as_seen(item) for item in items))

    def show(self, name: str, *items: dict[str, Any]) -> None:
        self.seen_at[name] = Clock.at
        self.pictures.setdefault(name, []).extend(items)

    async def publish(self, *pieces: Piece, alerts: int) -> list[SentMessage]:
        """News come in; the messages that tell of them."""
        before = len(self.sent_to(PERSON))
        await self.bot.database.write(self.save, pieces)
        self.bot.context.wakeups.kick(ARTICLES)
        return await self.news(before, more=alerts)

    def save(
        self, connection: Connection, pieces: Sequence[Piece], /, *, crawl_id: int | None = None, **changes: Any
    ) -> list[int]:
        """Articles as the crawler saves them; the ids of those that are to be decided."""
        saved = []
        for piece in pieces:
            self._numbers += 1
            outlet = self.outlets[piece.outlet]
            article = _article(outlet, self._numbers, piece, self.world, **changes)
            saved += save(connection, [article], now=Clock.at, crawl_id=crawl_id)
        return saved

    async def decided(self) -> None:
        """Until the matcher has nothing left to do."""
        self.bot.context.wakeups.kick(ARTICLES)
        await eventually(lambda: not self.bot.database.read_now(pending_articles, limit=1), timeout_s=PATIENCE_S)


def _busy(connection: Connection) -> bool:
    on_their_way = deliveries.c.state.in_([DeliveryState.PENDING, DeliveryState.SENDING])
    return bool(connection.scalar(select(func.count()).select_from(deliveries).where(on_their_way)))


def _article(outlet: Outlet, number: int, piece: Piece, world: World, **changes: Any) -> NewArticle:
    at = Clock.at - piece.hours_ago * HOUR
    url = f"{outlet.homepage}{at:%Y}/{number + 4100}"
    values: dict[str, Any] = {
        "outlet_id": outlet.id,
        "source_id": outlet.id,
        "url": url,
        "canonical_url": url,
        "guid": url,
        "fingerprints": (number * 2, number * 2 + 1),
        "title": piece.title,
        "summary": "",
        "text": piece.text,
        "text_origin": TextOrigin.PAGE,
        "first_seen_at": at,
        "published_at": at - HOUR / 60,
        "published_origin": DateOrigin.ENTRY,
        "language": world.language,
    }
    return NewArticle(**(values | changes))


def _as_seen(message: SentMessage) -> dict[str, Any]:
    """The message as it was accepted, without what no reader sees."""
    seen: dict[str, Any] = {"text": message.text}
    if message.kind != "text":
        seen["kind"] = message.kind
        seen["file"] = message.file_name
    if message.entities:
        seen["entities"] = message.entities
    if message.buttons:
        seen["buttons"] = [
            [one["text"] + (" ↗" if "url" in one and "↗" not in one["text"] else "") for one in row]
            for row in message.buttons
        ]
    if message.keys:
        seen["keys"] = [key if isinstance(key, str) else key["text"] for key in message.keys]
    return seen


def _open(connection: Connection, world: World) -> list[Outlet]:
    """The outlets that are followed, each with a feed that was read some minutes ago."""
    opened = []
    for name, host, country in world.outlets:
        home = f"https://{host}/"
        outlet, (source, *_) = add_outlet(
            connection,
            NewOutlet(name, home, language=world.language, country=country, time_zone=world.zone),
            [NewSource(f"{home}feed/")],
            now=NOON - 2000 * HOUR,
        )
        opened.append(outlet)
        polled = Poll(source.id, NOON - HOUR / 20, NOON + HOUR / 30, reason=PollReason.RATE)
        record_poll(connection, polled)
    return opened


@asynccontextmanager
async def stage(world: World, folder: Path) -> AsyncIterator[Stage]:
    """The stage with its archive in place, and the curtain up."""
    with stopped(), fresh_database("sqlite", folder) as url, open_database(url) as database:
        upgrade(database)
        outlets = database.write_now(_open, world)
        async with FakeTelegram() as telegram:
            telegram._flood = _Patient()  # type: ignore[assignment]
            spoken = LanguageSettings.model_validate({"default": world.language, "time_zone": world.zone})
            settings = settings_for(telegram, admins=(OPERATOR,)).model_copy(update={"language": spoken})
            async with running(database, telegram, settings) as bot:
                matcher = asyncio.create_task(service.run(bot.context))
                played = Stage(bot, world, outlets)
                await database.write(played.save, sorted(world.archive, key=lambda one: -one.hours_ago))
                await played.decided()
                yield played
                bot.context.stopping.set()
                bot.context.wakeups.kick(ARTICLES)
                await matcher


def now() -> datetime:
    return Clock.at


def move_to(at: datetime) -> None:
    Clock.at = at.astimezone(UTC)
