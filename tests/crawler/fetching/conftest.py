"""A reactor for the whole test process: Twisted's runs once, so it runs in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from crawler.web.fetching import Fetcher
from crawler.web.reactor import run_in_reactor
from monitors.settings import CrawlSettings, Settings
from monitors.storage.engine import Database
from tests.crawler.fetching.desk import Play, at_a_desk

T = TypeVar("T")


@dataclass(frozen=True)
class Reactor:
    loop: asyncio.AbstractEventLoop

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Does the work on the reactor's loop while the test waits."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=100)

    def online(self, work: Callable[[Fetcher], Awaitable[T]], **crawl: Any) -> T:
        """Does the work with a fetcher that may go to loopback, unless `crawl` says otherwise."""
        from crawler.web.session import with_fetcher

        settings = Settings(crawl=CrawlSettings(**loopback() | crawl))
        return self.run(with_fetcher(settings, work))


def loopback() -> dict[str, Any]:
    return {"allow_addresses": ("127.0.0.0/8",), "ports": tuple(range(1024, 65536))}


@pytest.fixture(scope="session")
def reactor() -> Iterator[Reactor]:
    started: list[Reactor] = []
    ready = threading.Event()
    stop = asyncio.Event()

    async def live() -> None:
        started.append(Reactor(asyncio.get_running_loop()))
        ready.set()
        await stop.wait()

    thread = threading.Thread(target=lambda: run_in_reactor(live), name="reactor")
    thread.start()
    assert ready.wait(20)
    yield started[0]
    started[0].loop.call_soon_threadsafe(stop.set)
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def at_desk(reactor: Reactor, sqlite_database: Database) -> Play:
    return at_a_desk(reactor.online, sqlite_database)
