"""What claiming costs when little and when much is pending.

    python -m benchmarks.telegram.backlog [--url postgresql://user:password@host/database] [--claims 60]

An empty database is filled (SQLite in a temporary folder, or the one given, which must be empty); told is the processor
time of this process and the whole time, in ms, of one look and claim of up to three deliveries. Goal: the same within
1.5 times from 1,000 to 100,000 pending, in few or in many chats.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from monitors.chats import Transport
from monitors.storage import lanes
from monitors.storage.deliveries import claim, is_waiting, settle_sent
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.migrating import upgrade
from monitors.storage.tables import chats, deliveries
from tests.rows import NOW

CASES = [(500, 1_000, False), (500, 100_000, False), (500, 100_000, True), (10_000, 100_000, False)]
"""Chats, pending deliveries, and whether each chat's stand one behind the other."""
_AT_ONCE = 5_000


def fill(connection: Connection, number_of_chats: int, pending: int, in_blocks: bool) -> float:
    """Seconds that it takes to find out whose turn it is, as at a start after an upgrade."""
    connection.execute(delete(deliveries))
    connection.execute(delete(chats))
    chat: dict[str, Any] = {"transport": "telegram", "thread_id": 0, "language": "ar", "state": "active"}
    chat |= {"created_at": NOW}
    connection.execute(insert(chats), [{**chat, "telegram_chat_id": 1_000 + n} for n in range(number_of_chats)])
    ids = list(connection.scalars(select(chats.c.id).order_by(chats.c.id)))
    alert: dict[str, Any] = {"kind": "notice", "payload": {"text": "x" * 300}, "priority": lanes.ALERTS}
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="sqlite:///backlog.db")
    parser.add_argument("--claims", type=int, default=60)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_database(parse_url(arguments.url, base=Path(folder))) as database,
    ):
        upgrade(database)
        print("chats   pending  CPU ms  all ms  start s")
        for number_of_chats, pending, in_blocks in CASES:
            start_s = database.write_now(fill, number_of_chats, pending, in_blocks)
            cpu, wall = measure(database, arguments.claims)
            blocks = "  (in blocks)" if in_blocks else ""
            print(f"{number_of_chats:<7} {pending:<8} {cpu:<7.1f} {wall:<7.1f} {start_s:.2f}{blocks}")


if __name__ == "__main__":
    main()
