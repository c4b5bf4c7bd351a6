"""How fast many chats are told at once, and how soon presses are answered meanwhile.

    python -m benchmarks.telegram.fan_out [--chats 500] [--groups 3] [--presses 2] [--telegram URL --control URL]

Without addresses our own fake Bot API answers, and nobody presses. With them any server that speaks the Bot API does;
the control address (`POST /press`, `POST /user_message`, `GET /stats`, `GET /sent`) lets people press and counts the
refusals. Goal: at least 24 alerts and answers a second, no 429, presses answered within a second (p99).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import Connection, func, select

from bot import service
from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.chats import Chat, ChatAddress, Transport
from monitors.roles import RoleContext
from monitors.settings import Settings, TelegramSettings
from monitors.storage.articles import save
from monitors.storage.chats import ensure_chat
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.migrating import upgrade
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from monitors.wakeups import DELIVERIES, Wakeups
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, a_new_article, an_outlet

TOKEN = "123456:TEST-TOKEN"  # of nobody
PERSON = {"id": 7, "first_name": "سارة", "language_code": "ar"}
LONGEST_S = 300.0


def watching(connection: Connection, chats: int, groups: int) -> list[Chat]:
    numbers = [*(1_000 + number for number in range(chats)), *(-1_001_000_000_000 - number for number in range(groups))]
    found = [
        ensure_chat(connection, ChatAddress(Transport.TELEGRAM, number), now=NOW, language="ar") for number in numbers
    ]
    for chat in found:
        add_watch(connection, chat.id, "الميناء", now=NOW)
    return found


def decide(connection: Connection, chats: list[Chat]) -> None:
    """One article that everybody is told of now."""
    outlet, _ = an_outlet(connection)
    (article_id,) = save(connection, [a_new_article(outlet, title="فتح الميناء")], now=NOW)
    found = [Match(number, {"title": ((4, 11),)}) for number in range(1, len(chats) + 1)]
    record_decision(
        connection, article_id, found, [Judgement(chat.id, Verdict.NOW, Cause.TAKEN) for chat in chats], now=NOW
    )


def told(connection: Connection) -> tuple[int, float]:
    """Messages accepted, and in how many seconds."""
    query = select(func.count(), func.min(deliveries.c.claimed_at), func.max(deliveries.c.settled_at))
    count, first, last = connection.execute(
        query.where(deliveries.c.state == "sent", deliveries.c.alert_id.is_not(None))
    ).one()
    return count, (last - first).total_seconds() if count else 0.0


class People:
    """One person presses a button of the newest screen again and again."""

    def __init__(self, control: httpx.AsyncClient, every_s: float) -> None:
        self._control = control
        self._every_s = every_s
        self.latencies: list[float] = []

    async def prepare(self, groups: int) -> None:
        for number in range(groups):
            group = {"id": -1_001_000_000_000 - number, "type": "supergroup", "bot_status": "administrator"}
            await self._post("/chat", {**group, "title": f"G{number}", "announce": False})
        said = await self._post("/user_message", {"user": PERSON, "text": "/start"})
        await self._post("/wait", {"chat_id": 7, "since": said["seq"], "kinds": ["send"], "count": 1, "timeout": 20})

    async def press_on(self) -> None:
        for index in range(10**6):
            button = [[0, 0], [1, 1]][index % 2]
            pressed = await self._post("/press", {"chat_id": 7, "user": PERSON, "index": button, "wait": 5})
            if (latency := (pressed.get("answer") or {}).get("latency")) is not None:
                self.latencies.append(latency)
            await asyncio.sleep(self._every_s)

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict((await self._control.post(path, json=body)).json())

    async def stats(self) -> dict[str, Any]:
        return dict((await self._control.get("/stats")).json())


async def tell(database: Database, base_url: str, token: str, arguments: argparse.Namespace) -> None:
    chats = database.write_now(watching, arguments.chats, arguments.groups)
    settings = Settings(telegram=TelegramSettings(token=SecretStr(token), base_url=base_url))
    context = RoleContext(settings, database, Wakeups(), asyncio.Event())
    role = asyncio.create_task(service.run(context))
    async with contextlib.AsyncExitStack() as stack:
        people = None
        if arguments.control:
            control = await stack.enter_async_context(
                httpx.AsyncClient(base_url=arguments.control, timeout=90, trust_env=False)
            )
            people = People(control, 1 / arguments.presses)
            await people.prepare(arguments.groups)
        database.write_now(decide, chats)
        context.wakeups.kick(DELIVERIES)
        pressing = asyncio.create_task(people.press_on()) if people else None
        began, spent = time.monotonic(), time.process_time()
        while (await database.read(told))[0] < len(chats) and time.monotonic() - began < LONGEST_S:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        spent, lasted = time.process_time() - spent, time.monotonic() - began
        if pressing is not None:
            pressing.cancel()
        count, seconds = database.read_now(told)
        print(f"{count} chats told in {seconds:.1f} s: {(count - 1) / seconds:.1f} a second")
        print(f"processor: {spent / lasted:.0%} of one, {spent / count * 1e3:.1f} ms a message")
        if people is not None:
            await report(people, seconds)
    context.stopping.set()
    await role


async def report(people: People, seconds: float) -> None:
    stats = await people.stats()
    taken = sorted(people.latencies)
    print(
        f"429: {stats['flood']['provoked_429']}; violations: {stats['violations'] or 'none'}; peaks: {stats['peaks']}"
    )
    if taken:
        p99 = taken[min(len(taken) - 1, int(len(taken) * 0.99))]
        print(
            f"{len(taken)} presses ({len(taken) / seconds:.1f}/s): p50 {taken[len(taken) // 2]:.2f} s, p99 {p99:.2f} s"
        )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--groups", type=int, default=3)
    parser.add_argument("--presses", type=float, default=2, help="a second")
    parser.add_argument("--telegram", help="a Bot API server")
    parser.add_argument("--control", help="where its people are controlled")
    parser.add_argument("--token", default=TOKEN)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_database(parse_url("sqlite:///fan_out.db", base=Path(folder))) as database,
    ):
        upgrade(database)
        if arguments.telegram:
            await tell(database, arguments.telegram, arguments.token, arguments)
            return
        async with FakeTelegram() as fake:
            await tell(database, fake.base_url, fake.token, arguments)


if __name__ == "__main__":
    asyncio.run(main())
