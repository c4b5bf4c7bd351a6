"""How long everybody else waits while much that was held back goes out at once.

    python -m benchmarks.telegram.release [--held 5000] [--chats 1 5 1000] [--database sqlite|postgresql]

So many alerts in so many chats are due, in digests. Printed are how many writing transactions release them and how long
the longest of those lasts, in ms (processor time of its thread in brackets), how long the event loop did not turn
meanwhile at most, and how long all of it takes. Goal: nobody waits for more than 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, insert

from benchmarks.telegram.fates import title
from benchmarks.telegram.recording import Reader, readers
from monitors.alerts import Cause, DeliveryKind, DeliveryState, NewDelivery, Verdict
from monitors.articles import ArticleState
from monitors.releasing import Releaser
from monitors.storage.articles import save
from monitors.storage.deliveries import enqueue_all
from monitors.storage.engine import Database
from monitors.storage.migrating import upgrade
from monitors.storage.tables import alerts, matches, stories
from tests.databases import BACKENDS, fresh_database
from tests.rows import a_new_article, an_outlet

P = ParamSpec("P")
T = TypeVar("T")


class Timed(Database):
    """Remembers how long each writing transaction lasted: (seconds, of processor time)."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.writes: list[tuple[float, float]] = []

    def write_now(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        began, spent = time.perf_counter(), time.thread_time()
        try:
            return super().write_now(work, *args, **kwargs)
        finally:
            self.writes.append((time.perf_counter() - began, time.thread_time() - spent))


def hold_back(connection: Connection, held: int, everybody: list[Reader], *, now: datetime) -> None:
    """Rows as `record` makes them, many at once."""
    outlet, _ = an_outlet(connection)
    new = [a_new_article(outlet, number, title=title(number, "فتح الميناء")) for number in range(held)]
    ids = save(connection, new, now=now, state=ArticleState.DECIDED)
    connection.execute(insert(stories), [{"id": number, "created_at": now} for number in ids])
    told = [everybody[place % len(everybody)] for place in range(held)]
    spans = {"title": ((12, 19),)}
    found = [{"article_id": one, "watch_id": of.watch_id, "spans": spans} for one, of in zip(ids, told, strict=True)]
    connection.execute(insert(matches), found)
    alert = {"verdict": Verdict.DIGEST, "reason": Cause.TAKEN, "created_at": now}
    rows = [
        {**alert, "id": number, "article_id": number, "story_id": number, "chat_id": of.chat_id}
        for number, of in zip(ids, told, strict=True)
    ]
    connection.execute(insert(alerts), rows)
    held_back = partial(NewDelivery, state=DeliveryState.HELD, not_before=now - timedelta(minutes=1))
    waiting = [held_back(of.chat_id, DeliveryKind.ALERT, alert_id=one) for one, of in zip(ids, told, strict=True)]
    enqueue_all(connection, waiting, now=now)


async def longest_turn(over: asyncio.Event) -> float:
    """Seconds for which the event loop did not turn."""
    longest = 0.0
    while not over.is_set():
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - began)
    return longest


async def release(database: Timed) -> None:
    over, releaser = asyncio.Event(), Releaser(database)
    turning = asyncio.create_task(longest_turn(over))
    await asyncio.sleep(0.1)
    began = time.perf_counter()
    released = await releaser.tick()
    lasted = time.perf_counter() - began
    over.set()
    longest, spent = max(database.writes)
    print(
        f"{released} released in {len(database.writes)} transactions: {longest * 1e3:.0f} ({spent * 1e3:.0f}) ms at"
        f" most, event loop {await turning * 1e3:.0f} ms, {lasted * 1e3:.0f} ms in all"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held", type=int, default=5_000)
    parser.add_argument("--chats", type=int, nargs="+", default=[1, 5, 1_000])
    parser.add_argument("--database", choices=BACKENDS, default="sqlite")
    given = parser.parse_args()
    for chats in given.chats:
        with (
            tempfile.TemporaryDirectory() as folder,
            fresh_database(given.database, Path(folder)) as url,
            Timed(url) as database,
        ):
            upgrade(database)
            everybody = database.write_now(readers, list(range(1_000, 1_000 + chats)))
            database.write_now(hold_back, given.held, everybody, now=datetime.now(UTC))
            database.writes.clear()
            print(f"{chats} chats: ", end="", flush=True)
            asyncio.run(release(database))


if __name__ == "__main__":
    main()
