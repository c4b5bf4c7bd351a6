"""Many sources polled by the real service at their steady pace: CPU, memory, and how late polls are.

    python -m benchmarks.sources [--sources 10000] [--minutes 5]

The sources have been followed for a while (rows say so, their polls spread over the pace), so that the start is not
what is measured. Of their answers 70 % are "not modified", 25 % a document in which nothing is new, 5 % one with a new
article, whose page is read. Lateness is when a poll's answer was there against when it was due, as the rows tell. Goal
for 10,000 sources at a mean of 10 minutes: ≤ 15 % of a core, ≤ 350 MB, p99 lateness ≤ 5 s.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from aiohttp import web
from sqlalchemy import Connection, select

from crawler.identity import guid_fingerprint, url_fingerprint
from monitors.environment import variable_of
from monitors.outlets import NewOutlet, NewSource, SourceKind
from monitors.storage import tables
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.migrating import upgrade
from monitors.storage.outlets import add_outlet

HOSTS = 250
ITEMS = 20
MEAN_S = 600.0
WARM_UP_S = 20.0
PARAGRAPH = "أعلنت اللجنة أن الأعمال ستبدأ مطلع الشهر القادم وتستمر أربعة أشهر في جميع الأحياء القديمة. "


class Outlets:
    """The server. What it answers depends on its seed alone."""

    def __init__(self) -> None:
        self.answers: Counter[str] = Counter()
        self._random = random.Random(1)
        self._shown: Counter[str] = Counter()

    async def feed(self, request: web.Request) -> web.Response:
        key = f"{request.host}{request.path}"
        chance = self._random.random()
        if chance < 0.7 and request.headers.get("If-None-Match"):
            self.answers["not modified"] += 1
            return web.Response(status=304, headers={"ETag": request.headers["If-None-Match"]})
        if chance >= 0.95:
            self._shown[key] += 1
            self.answers["something new"] += 1
        else:
            self.answers["nothing new"] += 1
        newest = ITEMS + self._shown[key]
        items = "".join(
            f"<item><title>خبر {number}</title><link>http://{key}/{number}</link><guid>http://{key}?p={number}</guid>"
            f"<description>{PARAGRAPH}</description></item>"
            for number in range(newest, newest - ITEMS, -1)
        )
        text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{chance}</title>{items}</channel></rss>'
        return web.Response(text=text, content_type="application/rss+xml", headers={"ETag": f'"{chance}"'})

    async def page(self, request: web.Request) -> web.Response:
        self.answers["pages"] += 1
        body = f"<p>{PARAGRAPH * 4}</p>" * 8
        menu = "<ul>" + "<li><a href='/x'>باب من أبواب الصحيفة</a></li>" * 60 + "</ul>"
        text = (
            f"<html lang='ar'><head><title>خبر</title></head><body>{menu}<article>{body}</article>{menu}</body></html>"
        )
        return web.Response(text=text, content_type="text/html")


async def main(sources: int, minutes: float) -> None:
    server = Outlets()
    app = web.Application()
    app.router.add_get("/feed/{outlet}", server.feed)
    app.router.add_get("/feed/{outlet}/{number}", server.page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = 0
    for host in range(1, HOSTS + 1):
        site = web.TCPSite(runner, f"127.0.2.{host}", port, backlog=500)
        await site.start()
        port = port or runner.addresses[0][1]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'rasid.db'}"
        with open_database(parse_url(url, base=Path(folder))) as database:
            upgrade(database)
            database.write_now(_follow, port, sources)
            await _observe(database, url, port, sources, minutes, server)
    await runner.cleanup()


def _follow(connection: Connection, port: int, count: int) -> None:
    """The sources as they are after some days: known documents, polls spread over the pace."""
    now = datetime.now(UTC)
    chance = random.Random(2)
    for number in range(count):
        home = f"http://127.0.2.{number % HOSTS + 1}:{port}/feed/{number}"
        add_outlet(connection, NewOutlet(f"Outlet {number}", home), [NewSource(home, SourceKind.FEED)], now=now)
    for source_id, outlet_id, home in connection.execute(
        select(tables.sources.c.id, tables.sources.c.outlet_id, tables.sources.c.url)
    ).all():
        items = range(1, ITEMS + 1)
        known = {guid_fingerprint(f"{home}?p={item}") for item in items}
        known |= {url_fingerprint(f"{home}/{item}") for item in items}
        connection.execute(
            tables.fingerprints.insert(), [{"outlet_id": outlet_id, "fingerprint": number} for number in known]
        )
        ahead_s = chance.random() * MEAN_S
        polled_at = now + timedelta(seconds=ahead_s - MEAN_S)
        connection.execute(
            tables.sources.update()
            .where(tables.sources.c.id == source_id)
            .values(
                next_poll_at=now + timedelta(seconds=ahead_s),
                first_polled_at=now - timedelta(days=9),
                last_polled_at=polled_at,
                last_unconditional_at=now - timedelta(hours=chance.random() * 24),
                etag='"before"',
                items_per_day=7.0,
            )
        )


async def _observe(database: Database, url: str, port: int, sources: int, minutes: float, server: Outlets) -> None:
    settings = {
        "storage.url": url,
        "crawl.min_interval": "60",
        "crawl.budget": str(round(sources / MEAN_S * 60)),
        "crawl.allow_addresses": "127.0.0.0/8",
        "crawl.ports": str(port),
        "log.level": "warning",
    }
    environment = dict(os.environ) | {variable_of(key): value for key, value in settings.items()}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "monitors", "run", env=environment)
    late: list[float] = []
    due: dict[int, tuple[datetime, datetime | None]] = {}
    peak = began_cpu_s = 0.0
    began = time.monotonic()
    steady: float | None = None
    try:
        while time.monotonic() - began < minutes * 60 + WARM_UP_S:
            await asyncio.sleep(1)
            rss, pss, cpu_s = _measure(process.pid)
            peak = max(peak, rss)
            if steady is None and time.monotonic() - began >= WARM_UP_S:
                steady, began_cpu_s = time.monotonic(), cpu_s
                server.answers.clear()
                late.clear()
            rows = await database.read(_due)
            late += [
                (polled - due[key][0]).total_seconds()
                for key, (_, polled) in rows.items()
                if polled is not None and key in due and due[key][1] != polled
            ]
            due = rows
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
    assert steady is not None
    seconds = time.monotonic() - steady
    late.sort()
    polls = len(late)
    print(f"{sources:,} sources for {seconds:.0f} s: {polls / seconds:.1f} polls/s, {dict(server.answers)}")
    print(
        f"CPU    {(cpu_s - began_cpu_s) / seconds:.1%} of a core ({(cpu_s - began_cpu_s) / polls * 1000:.1f} ms a poll)"
    )
    print(f"memory RSS {peak:.0f} MB at most over the whole tree, PSS {pss:.0f} MB at the end")
    print(f"late   median {late[polls // 2]:.2f} s, p99 {late[polls * 99 // 100]:.2f} s, longest {late[-1]:.2f} s")


def _due(connection: Connection) -> dict[int, tuple[datetime, datetime | None]]:
    columns = (tables.sources.c.id, tables.sources.c.next_poll_at, tables.sources.c.last_polled_at)
    return {row.id: (row.next_poll_at, row.last_polled_at) for row in connection.execute(select(*columns))}


def _measure(pid: int) -> tuple[float, float, float]:
    """RSS and PSS in MB and CPU seconds over the process tree."""
    rss = pss = cpu_s = 0.0
    parent = psutil.Process(pid)
    for process in [parent, *parent.children(recursive=True)]:
        try:
            memory, times = process.memory_full_info(), process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        rss += memory.rss / 1e6
        pss += memory.pss / 1e6
        cpu_s += times.user + times.system
    return rss, pss, cpu_s


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=5.0)
    given = parser.parse_args()
    asyncio.run(main(given.sources, given.minutes))
