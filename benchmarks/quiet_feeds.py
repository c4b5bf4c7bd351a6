"""Many quiet feeds, polled by the real service: memory of the whole process tree, CPU, and punctuality.

    python -m benchmarks.quiet_feeds [--feeds 1000] [--interval 60] [--minutes 3]

Serves the feeds on loopback (50 hosts, honest 304s), runs `rasid run` on them, and prints what the server saw: how long
after the previous poll of the same feed each poll came. Memory is the sum of RSS over the tree, shared pages counted in
every process, and of PSS, which counts them once. Goal: at most 200 MB for 1,000 feeds.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import signal
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import psutil
from aiohttp import web

from monitors.environment import variable_of
from monitors.outlets import NewOutlet, NewSource
from monitors.storage.engine import open_database, parse_url
from monitors.storage.migrating import upgrade
from monitors.storage.outlets import add_outlet

HOSTS = 50
ITEMS = 20


class Feeds:
    """The server; `seen` holds the times of polls by feed."""

    def __init__(self) -> None:
        self.seen: dict[str, list[float]] = defaultdict(list)
        self.unchanged = 0

    async def answer(self, request: web.Request) -> web.Response:
        path = request.path
        self.seen[f"{request.host}{path}"].append(time.monotonic())
        if request.headers.get("If-None-Match") == '"quiet"':
            self.unchanged += 1
            return web.Response(status=304, headers={"ETag": '"quiet"'})
        items = "".join(
            f"<item><title>خبر {number}</title><link>http://{request.host}{path}/{number}</link>"
            f"<guid>http://{request.host}{path}?p={number}</guid><description>نص الخبر</description></item>"
            for number in range(ITEMS)
        )
        text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>هادئ</title>{items}</channel></rss>'
        return web.Response(text=text, content_type="application/rss+xml", headers={"ETag": '"quiet"'})


async def main(feeds: int, interval_s: int, minutes: float) -> None:
    server = Feeds()
    app = web.Application()
    app.router.add_get("/feed/{number}", server.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = 0
    for host in range(1, HOSTS + 1):
        site = web.TCPSite(runner, f"127.0.1.{host}", port)
        await site.start()
        port = port or runner.addresses[0][1]
    with tempfile.TemporaryDirectory() as folder:
        environment = _follow(Path(folder), port, feeds, interval_s)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "monitors", "run", cwd=folder, env=environment
        )
        began, peak = time.monotonic(), 0.0
        try:
            while time.monotonic() - began < minutes * 60:
                await asyncio.sleep(5)
                rss, pss, cpu_s = _measure(process.pid)
                peak = max(peak, rss)
                print(
                    f"{time.monotonic() - began:5.0f} s  RSS {rss:5.0f} MB  PSS {pss:5.0f} MB  CPU {cpu_s:5.1f} s  "
                    f"polls {sum(map(len, server.seen.values()))}",
                    flush=True,
                )
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()
    await runner.cleanup()
    _report(server, feeds, interval_s, peak)


def _follow(folder: Path, port: int, feeds: int, interval_s: int) -> dict[str, str]:
    settings = {
        "storage.url": f"sqlite:///{folder / 'rasid.db'}",
        "crawl.min_interval": str(interval_s),
        "crawl.allow_addresses": "127.0.0.0/8",
        "crawl.ports": str(port),
        "log.level": "warning",
    }
    with open_database(parse_url(settings["storage.url"], base=folder)) as database:
        upgrade(database)
        now = datetime.now(UTC)
        for number in range(feeds):
            home = f"http://127.0.1.{number % HOSTS + 1}:{port}/feed/{number}"
            database.write_now(add_outlet, NewOutlet(f"Outlet {number}", home), [NewSource(home)], now=now)
    return dict(os.environ) | {variable_of(key): value for key, value in settings.items()}


def _measure(pid: int) -> tuple[float, float, float]:
    rss = pss = cpu_s = 0.0
    parent = psutil.Process(pid)
    for process in [parent, *parent.children(recursive=True)]:
        try:
            memory = process.memory_full_info()
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        rss += memory.rss / 1e6
        pss += memory.pss / 1e6
        cpu_s += times.user + times.system
    return rss, pss, cpu_s


def _report(server: Feeds, feeds: int, interval_s: int, peak: float) -> None:
    gaps = sorted(later - earlier for times in server.seen.values() for earlier, later in itertools.pairwise(times))
    print(f"\nfeeds polled      {len(server.seen)} of {feeds}")
    print(f"polls             {sum(map(len, server.seen.values()))}, {server.unchanged} of them 304")
    if gaps:
        print(
            f"between two polls median {gaps[len(gaps) // 2]:.1f} s, p99 {gaps[len(gaps) * 99 // 100]:.1f} s, "
            f"longest {gaps[-1]:.1f} s (interval {interval_s} s)"
        )
    print(f"peak memory       RSS {peak:.0f} MB over the whole tree")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--interval", type=int, default=60)
    parser.add_argument("--minutes", type=float, default=3.0)
    given = parser.parse_args()
    asyncio.run(main(given.feeds, given.interval, given.minutes))
