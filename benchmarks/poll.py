"""What a poll costs: our client beside bare aiohttp and default Scrapy doing the same requests, in one run.

    python -m benchmarks.poll [--polls 20000] [--hosts 2000] [--rounds 1]

A server in a process of its own answers on as many loopback addresses as there are hosts, each poll on a connection of
its own, as it is when an outlet is polled every few minutes: 70 % "not modified", 30 % a gzipped feed of 25 kB. Every
client runs in a process of its own and counts its CPU, user and system, after one poll of each host that is not
counted (robots.txt, names, imports). `rasid` is the client of the service with everything it does for a request:
address guard, robots rules, host gates, limits, decompression. Goal: at most 2.5 times the CPU of bare aiohttp, and
half of default Scrapy's.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

NOT_MODIFIED_SHARE = 0.7
CONCURRENCY = 100
ETAG = '"the same"'


def addresses(hosts: int, polls: int, port: int) -> Iterator[str]:
    """The addresses polled, in order: every host once, then again; 7 of 10 polls find nothing new."""
    for number in range(polls):
        host, turn = number % hosts, number // hosts
        quiet = (host * 7 + turn * 3) % 10 < NOT_MODIFIED_SHARE * 10
        address = f"127.{1 + host // 62_500}.{host // 250 % 250}.{1 + host % 250}"
        yield f"http://{address}:{port}/{'quiet' if quiet else 'new'}"


def serve(port: multiprocessing.Queue[int]) -> None:
    """The outlets. One loop, no framework: it must not be what limits the clients."""
    items = "".join(
        f"<item><title>خبر رقم {number} من بلدة بعيدة</title><link>https://outlet.example/news/{number}</link>"
        f"<guid>https://outlet.example/?p={number}</guid>"
        f"<pubDate>Fri, 20 Mar 2026 {number % 24:02}:10:00 GMT</pubDate><description>"
        f"{'تفاصيل الخبر كما وردت من المراسلين في المدينة والريف. ' * (4 + number % 5)}</description></item>"
        for number in range(40)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>صحيفة</title>{items}</channel></rss>'.encode()
    packed = gzip.compress(feed)
    quiet = f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\nConnection: close\r\n\r\n".encode()
    absent = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    new = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Encoding: gzip\r\nETag: {ETAG}\r\n"
        f"Content-Length: {len(packed)}\r\nConnection: close\r\n\r\n"
    ).encode() + packed

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line, *_ = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
            writer.write(quiet if b"/quiet" in line else new if b"/new" in line else absent)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def forever() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1000)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    import uvloop

    uvloop.run(forever())


class Meter:
    """CPU seconds of this process (and of ended children), and its memory, between two moments."""

    def __init__(self) -> None:
        self.began_cpu_s = self._cpu_s()
        self.began = time.perf_counter()
        self.rss_mb = self._rss_mb()

    def report(self, polls: int, **more: object) -> None:
        """One JSON line: CPU in ms per poll, wall seconds, resident memory at the beginning and at the end in MB."""
        cpu_ms = (self._cpu_s() - self.began_cpu_s) / polls * 1000
        seconds = time.perf_counter() - self.began
        print(json.dumps({"cpu_ms": cpu_ms, "s": seconds, "rss": [self.rss_mb, self._rss_mb()], **more}), flush=True)

    @staticmethod
    def _cpu_s() -> float:
        own = resource.getrusage(resource.RUSAGE_SELF)
        return own.ru_utime + own.ru_stime

    @staticmethod
    def _rss_mb() -> float:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def all_of(urls: list[str], ask: Callable[[str], Awaitable[object]]) -> None:
    """Asks for every address, so many at once."""
    waiting = iter(urls)

    async def work() -> None:
        for url in waiting:
            await ask(url)

    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))


def with_aiohttp(hosts: int, polls: int, port: int) -> None:
    """Bare aiohttp on uvloop: connect, ask, read, decompress, nothing else."""
    import aiohttp
    import uvloop

    async def main() -> None:
        connector = aiohttp.TCPConnector(limit=CONCURRENCY)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:

            async def ask(url: str) -> None:
                async with session.get(url, headers={"If-None-Match": ETAG}) as answer:
                    await answer.read()
                    assert answer.status in (200, 304)

            await all_of(list(addresses(hosts, hosts, port)), ask)
            meter = Meter()
            await all_of(list(addresses(hosts, polls, port)), ask)
            meter.report(polls)

    uvloop.run(main())


def with_rasid(hosts: int, polls: int, port: int) -> None:
    """The client of the service."""
    from crawler.web.reactor import run_in_reactor
    from monitors.outlets import Validators
    from monitors.settings import CrawlSettings, Settings

    settings = Settings(crawl=CrawlSettings(allow_addresses=("127.0.0.0/8",), ports=(port,), concurrency=CONCURRENCY))

    async def main() -> None:
        from crawler.web.answers import Fetched, NotModified
        from crawler.web.fetching import Fetcher
        from crawler.web.session import with_fetcher

        async def work(fetcher: Fetcher) -> None:
            async def ask(url: str) -> None:
                answer = await fetcher.fetch_feed(url, validators=Validators(ETAG))
                assert isinstance(answer, Fetched | NotModified), answer

            await all_of(list(addresses(hosts, hosts, port)), ask)
            meter = Meter()
            await all_of(list(addresses(hosts, polls, port)), ask)
            meter.report(polls)

        await with_fetcher(settings, work)

    run_in_reactor(main)


def with_scrapy(hosts: int, polls: int, port: int) -> None:
    """A Scrapy spider as people write it, default settings."""
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess
    from scrapy.http import Response

    class Polls(Spider):
        name = "polls"
        handle_httpstatus_list = (304,)
        custom_settings: dict[str, Any] = {"CONCURRENT_REQUESTS": CONCURRENCY, "LOG_LEVEL": "WARNING"}  # noqa: RUF012
        meter: Meter
        seen = 0

        async def start(self) -> AsyncIterator[Any]:
            for url in [*addresses(hosts, hosts, port), *addresses(hosts, polls, port)]:
                yield Request(url, headers={"If-None-Match": ETAG}, dont_filter=True)

        def parse(self, response: Response, **_: Any) -> None:
            self.seen += 1
            if self.seen == hosts:
                self.meter = Meter()
            if self.seen == hosts + polls:
                self.meter.report(polls)

    process = CrawlerProcess()
    process.crawl(Polls)
    process.start()


CLIENTS = {"aiohttp": with_aiohttp, "rasid": with_rasid, "scrapy": with_scrapy}


def compare(polls: int, hosts: int, rounds: int) -> None:
    queue: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(queue,), daemon=True)
    server.start()
    port = queue.get(timeout=10)
    print(f"{polls:,} polls of {hosts:,} hosts, {NOT_MODIFIED_SHARE:.0%} not modified, a connection each")
    costs: dict[str, list[float]] = {name: [] for name in CLIENTS}
    for _ in range(rounds):
        for name in CLIENTS:
            command = [sys.executable, "-m", "benchmarks.poll", "--client", name, "--port", str(port)]
            command += ["--polls", str(polls), "--hosts", str(hosts)]
            told = json.loads(
                subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
            )
            costs[name].append(told["cpu_ms"])
            before, after = told["rss"]
            print(
                f"  {name:8} {told['cpu_ms']:6.3f} ms CPU per poll   {polls / told['s']:6.0f} polls/s   "
                f"RSS {before:.0f} → {after:.0f} MB",
                flush=True,
            )
    server.terminate()
    ours, bare, default = (sorted(costs[name])[rounds // 2] for name in ("rasid", "aiohttp", "scrapy"))
    print(f"rasid / aiohttp {ours / bare:.2f} (goal ≤ 2.5)   rasid / scrapy {ours / default:.2f} (goal ≤ 0.5)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polls", type=int, default=20_000)
    parser.add_argument("--hosts", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--client", choices=CLIENTS)
    parser.add_argument("--port", type=int)
    given = parser.parse_args()
    if given.client:
        CLIENTS[given.client](given.hosts, given.polls, given.port)
    else:
        compare(given.polls, given.hosts, given.rounds)
