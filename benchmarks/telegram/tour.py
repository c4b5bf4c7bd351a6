"""Somebody goes through every screen of the bot and presses every button, against a strict Bot API server.

    python -m benchmarks.telegram.tour --telegram URL --control URL [--language ar] [--minutes 10]

The walker is that of tests/bot/touring, which does the same in one process for each change; here the service runs as it
does for people, and what is measured is what they wait for: the time until a pressed button is answered. One press at
a time, each after the last has shown what came of it, so that the bot's own pace in a chat is not what is measured.
Goals: every press is answered within a second, nothing is refused, no violation.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import Connection, select

from bot import service
from monitors.chats import ChatAddress, Transport
from monitors.roles import RoleContext
from monitors.settings import LimitSettings, Settings, TelegramSettings
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.migrating import upgrade
from monitors.storage.tables import deliveries
from monitors.wakeups import DELIVERIES, Wakeups
from tests.bot.touring.instance import Outcome
from tests.bot.touring.scenery import CHANNEL, CLOSED_TOPIC, FORUM, GROUP, PERSON, STRANGE_GROUP, crawl_on, rows, tell
from tests.bot.touring.script import answers, things_to_say
from tests.bot.touring.walker import Record, Walker, actions
from tests.fakes.telegram_messages import SentMessage

TOKEN = "123456:TEST-TOKEN"  # of nobody
MAX_LABEL = 20
ANSWERED_S, SAID_S, SHOWN_S, SETTLED_S = 5.0, 10.0, 2.0, 0.3


@dataclass(slots=True)
class Phone:
    """The person's phone in their private chat with the bot, behind the server's control address."""

    control: httpx.AsyncClient
    user: dict[str, Any]
    latencies: list[tuple[float, str]] = field(default_factory=list)
    _known: dict[int, SentMessage] = field(default_factory=dict)
    _seq: int = 0

    @property
    def messages(self) -> list[SentMessage]:
        return list(self._known.values())

    async def say(self, text: str) -> Outcome:
        return await self._send(text=text)

    async def choose(self, chosen: int, *, channel: bool) -> Outcome:
        return await self._send(chat_shared={"request_id": 2 if channel else 1, "chat_id": chosen, "title": "Чат"})

    async def press(self, data: str, message: SentMessage) -> Outcome:
        where = {"chat_id": message.chat_id, "message_id": message.message_id, "user": self.user}
        pressed = await self.post("/press", {**where, "data": data, "force": True, "wait": ANSWERED_S})
        answer = pressed.get("answer")
        if answer is not None:
            self.latencies.append((answer["latency"], data))
        return Outcome(None if answer is None else answer.get("text") or "", await self.changed())

    async def share(self, name: str, content: bytes) -> Outcome:
        encoded = base64.b64encode(content).decode()
        return await self._send(document={"filename": name, "mime": "text/plain", "base64": encoded})

    async def _send(self, **what: Any) -> Outcome:
        await self.post("/user_message", {"user": self.user, **what})
        return Outcome(None, await self.changed(SAID_S))

    async def changed(self, within_s: float = SHOWN_S) -> list[SentMessage]:
        """What the bot has sent and edited since this was asked last."""
        wanted = {"chat_id": self.user["id"], "since": self._seq, "kinds": ["send", "edit"]}
        told = await self.post("/wait", {**wanted, "count": 1, "timeout": within_s, "settle": SETTLED_S})
        self._seq = told["seq"]
        ids = {event["message_id"] for event in told["result"]}
        if not ids:
            return []
        view = (await self.control.get("/view", params={"chat_id": self.user["id"], "limit": 10_000})).json()
        return [self._keep(one) for one in view["messages"] if one["message_id"] in ids]

    def _keep(self, shown: dict[str, Any]) -> SentMessage:
        markup = dict(shown.get("reply_markup") or {})
        buttons = markup.pop("inline_keyboard", [])
        known = self._known.get(shown["message_id"])
        if known is None:
            known = SentMessage(shown["chat_id"], shown["message_id"], shown["text"], shown["entities"], buttons)
            known.markup = markup
            self._known[known.message_id] = known
        else:
            known.text, known.entities, known.buttons = shown["text"], shown["entities"], buttons
            known.edits += 1
        return known

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict((await self.control.post(path, json=body)).raise_for_status().json())


async def gather_people(phone: Phone) -> None:
    """The chats around the person, of which they administer most."""
    mine = [{"user": phone.user, "status": "administrator"}]
    for chat in (
        {"id": GROUP, "type": "group", "title": "Группа", "members": mine},
        {"id": STRANGE_GROUP, "type": "group", "title": "Чужие"},
        {"id": CHANNEL, "type": "channel", "title": "Канал", "members": mine},
        {
            "id": FORUM,
            "type": "supergroup",
            "title": "Форум",
            "members": mine,
            "is_forum": True,
            "topics": [{"name": "Тема", "thread_id": CLOSED_TOPIC, "closed": True}],
        },
    ):
        await phone.post("/chat", {"bot_status": "administrator", "announce": False, **chat})
    await phone.post("/chat", {"id": PERSON, "type": "private", "announce": False})


async def tell_before(context: RoleContext) -> None:
    """Alerts of all sorts, told: a single one, a digest of more than a page, one in a group."""
    for chat_id, topic, count in ((PERSON, 0, 1), (PERSON, 0, 31), (GROUP, 0, 1)):
        await context.database.write(tell, ChatAddress(Transport.TELEGRAM, chat_id, topic), count)
        context.wakeups.kick(DELIVERIES)
        async with asyncio.timeout(60):
            while await context.database.read(_is_on_its_way):  # noqa: ASYNC110
                await asyncio.sleep(0.2)


def _is_on_its_way(connection: Connection) -> bool:
    waiting = select(deliveries.c.id).where(deliveries.c.state.in_(("pending", "sending"))).limit(1)
    return connection.execute(waiting).first() is not None


def look(shown: SentMessage | str) -> list[str]:
    """Labels of ours that are cut off; other people's words are Cyrillic."""
    if isinstance(shown, str):
        return []
    labels = [button["text"] for row in shown.buttons for button in row]
    return [f"long label {one!r}" for one in labels if len(one) > MAX_LABEL and not _is_foreign(one)]


def _is_foreign(text: str) -> bool:
    return any("\u0400" <= letter <= "\u04ff" for letter in text)


async def walk(database: Database, given: argparse.Namespace) -> bool:
    token = database.write_now(rows, given.language)
    ample = LimitSettings(crawls_per_hour=10_000, addresses_per_hour=10_000, searches_per_hour=10_000)
    settings = Settings(telegram=TelegramSettings(token=SecretStr(given.token), base_url=given.telegram), limits=ample)
    context = RoleContext(settings, database, Wakeups(), asyncio.Event())
    async with httpx.AsyncClient(base_url=given.control, timeout=90, trust_env=False) as control:
        phone = Phone(control, {"id": PERSON, "first_name": "Сара", "language_code": given.language})
        await gather_people(phone)
        role = asyncio.create_task(service.run(context))
        await phone.say("/start")
        await tell_before(context)
        await phone.changed()

        async def behind() -> None:
            await crawl_on(database)

        walker = Walker(phone, given.language, answers(phone), look, behind, Record())
        began = time.monotonic()
        try:
            async with asyncio.timeout(given.minutes * 60):
                await walker.walk(things_to_say(phone, f"/start w_{token}"))
                await walker.leave()
        except TimeoutError:
            print(f"not finished after {given.minutes} minutes")
        print(f"{walker.steps} presses in {time.monotonic() - began:.0f} s, in {given.language}")
        stats = (await control.get("/stats")).json()
    context.stopping.set()
    await role
    return report(phone, walker, stats)


def report(phone: Phone, walker: Walker, stats: dict[str, Any]) -> bool:
    """What people waited for and what went wrong; whether nothing did."""
    taken = sorted(phone.latencies)
    p99 = taken[min(len(taken) - 1, int(len(taken) * 0.99))]
    print(f"answered: p50 {taken[len(taken) // 2][0]:.3f} s, p99 {p99[0]:.3f} s, at most {taken[-1][0]:.3f} s")
    print("slowest:", ", ".join(f"{seconds:.2f} s {data}" for seconds, data in taken[-3:]))
    pressed = {kind.action for kind in walker.record.tried}
    seen = {kind.action for kind in walker.record.seen}
    print(f"kinds of buttons: {len(walker.record.seen)} met, {len(walker.record.tried)} pressed")
    print(f"actions: {len(seen)} of {len(actions())} met; met and not pressed: {sorted(seen - pressed)}")
    for problem, times in Counter(walker.problems).most_common():
        print(f"  problem ({times}): {problem}")
    unanswered, floods = stats["callbacks"]["unanswered"], stats["flood"]["provoked_429"]
    print(f"unanswered: {len(unanswered)}; 429: {floods}; violations: {stats['violations'] or 'none'}")
    print(f"status codes: {stats['status_codes']}")
    return not (walker.problems or unanswered or stats["violations"]) and taken[-1][0] < 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--telegram", required=True, help="a Bot API server")
    parser.add_argument("--control", required=True, help="where its people are controlled")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--language", default="ar")
    parser.add_argument("--minutes", type=float, default=10, help="at most")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_database(parse_url("sqlite:///tour.db", base=Path(folder))) as database,
    ):
        upgrade(database)
        raise SystemExit(0 if asyncio.run(walk(database, given)) else 1)


if __name__ == "__main__":
    main()
