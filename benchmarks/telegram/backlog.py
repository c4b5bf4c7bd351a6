"""What claiming costs when little and when much is pending.

    python -m benchmarks.telegram.backlog [--database sqlite|postgresql] [--claims 60] [--starts 3]

An empty database is filled; told is the processor time of this process and the whole time, in ms, of one look and claim
of up to three deliveries. Goal: the same within 1.5 times from 1,000 to 100,000 pending, in few or in many chats. Then
the real `rasid run --roles tell` is started, with one and with 100,000 pending: how long until the first is accepted by
our fake Bot API, and the processor time of the process until then. Goal: 3 s.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.engine import URL

from benchmarks.telegram.servers import server
from bot.words.messages import Message, to_json
from bot.words.text import TextBuilder
from monitors.chats import Transport
from monitors.storage import lanes
from monitors.storage.deliveries import claim, is_waiting
from monitors.storage.engine import Database, open_database
from monitors.storage.migrating import upgrade
from monitors.storage.settlements import settle_sent
from monitors.storage.tables import chats, deliveries
from tests.databases import BACKENDS, fresh_database
from tests.journeys.installation import Installation
from tests.rows import NOW

CASES = [(500, 1_000, False), (500, 100_000, False), (500, 100_000, True), (10_000, 100_000, False)]
"""Chats, pending deliveries, and whether each chat's stand one behind the other."""
_AT_ONCE = 5_000
_WORDS = {"message": to_json(Message(TextBuilder().add("x" * 300).build()))}


def fill(connection: Connection, number_of_chats: int, pending: int, in_blocks: bool) -> float:
    """Seconds that it takes to find out whose turn it is, as at a start after an upgrade."""
    connection.execute(delete(deliveries))
    connection.execute(delete(chats))
    chat: dict[str, Any] = {"transport": "telegram", "thread_id": 0, "language": "ar", "state": "active"}
    chat |= {"created_at": NOW}
    connection.execute(insert(chats), [{**chat, "telegram_chat_id": 1_000 + n} for n in range(number_of_chats)])
    ids = list(connection.scalars(select(chats.c.id).order_by(chats.c.id)))
    alert: dict[str, Any] = {"kind": "notice", "payload": _WORDS, "priority": lanes.ALERTS}
    alert |= {"state": "pending", "created_at": NOW}
    of = [ids[n * len(ids) // pending] if in_blocks else ids[n % len(ids)] for n in range(pending)]
    for start in range(0, pending, _AT_ONCE):
        connection.execute(insert(deliveries), [{**alert, "chat_id": one} for one in of[start : start + _AT_ONCE]])
    began = time.perf_counter()
    lanes.refresh_all(connection, Transport.TELEGRAM)
    return time.perf_counter() - began


def measure(database: Database, claims: int) -> tuple[float, float]:
    """Median ms of one claim: processor and whole."""
    spent, lasted = [], []
    for _ in range(claims):
        cpu, wall = time.thread_time(), time.perf_counter()
        assert database.read_now(is_waiting, Transport.TELEGRAM, now=NOW)
        claimed = database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=3)
        spent.append(time.thread_time() - cpu)
        lasted.append(time.perf_counter() - wall)
        for delivery in claimed:
            database.write_now(settle_sent, delivery.id, 1, now=NOW)
    return statistics.median(spent) * 1e3, statistics.median(lasted) * 1e3


async def start(folder: Path, url: URL) -> tuple[float, float]:
    """Seconds from the start of a process to its first message: of its processor time, and in all."""
    with server() as telegram:
        installation = Installation(folder, url)
        installation.tell(telegram.url, telegram.token)
        began = time.perf_counter()
        async with installation.running("--roles", "tell") as service:
            async with asyncio.timeout(120):
                while not telegram.sent():  # noqa: ASYNC110 - the server tells nobody
                    await asyncio.sleep(0.02)
            lasted, spent = time.perf_counter() - began, psutil.Process(service.process.pid).cpu_times()
            return spent.user + spent.system, lasted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=BACKENDS, default="sqlite")
    parser.add_argument("--claims", type=int, default=60)
    parser.add_argument("--starts", type=int, default=3)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_database(given.database, Path(folder)) as url,
        open_database(url) as database,
    ):
        upgrade(database)
        print("chats   pending  CPU ms  ratio  all ms  all lanes made s")
        first = 0.0
        for number_of_chats, pending, in_blocks in CASES:
            made_s = database.write_now(fill, number_of_chats, pending, in_blocks)
            cpu, wall = measure(database, given.claims)
            first = first or cpu
            blocks = "  (in blocks)" if in_blocks else ""
            print(
                f"{number_of_chats:<7} {pending:<8} {cpu:<7.1f} {cpu / first:<6.2f} {wall:<7.1f} {made_s:.2f}{blocks}"
            )
        print("pending  first message: CPU s, all s")
        for pending in (1, 100_000):
            starts = []
            for _ in range(given.starts):
                database.write_now(fill, 500, pending, False)
                starts.append(asyncio.run(start(Path(folder), url)))
            print(f"{pending:<8} {min(cpu for cpu, _ in starts):.2f}, {min(wall for _, wall in starts):.2f}")


if __name__ == "__main__":
    main()
