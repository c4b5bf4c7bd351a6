"""Work on the web that is cancelled, as Ctrl-C does."""

from __future__ import annotations

import asyncio
import gc

import aiohttp
import pytest

from crawler.web.fetching import Fetcher
from crawler.web.session import with_fetcher
from monitors.settings import CrawlSettings, Settings
from tests.crawler.fetching.conftest import Reactor, loopback
from tests.fakes.outlet import serve


def open_connectors() -> set[int]:
    return {id(each) for each in gc.get_objects() if isinstance(each, aiohttp.TCPConnector) and not each.closed}


async def cancelled(*, when_begun: bool) -> tuple[set[int], list[str]]:
    """Cancels work that has read a page and waits; the connectors it leaves open, and what the work noticed."""
    before, begun, noticed = open_connectors(), asyncio.Event(), list[str]()
    async with serve() as outlet:

        async def work(fetcher: Fetcher) -> None:
            await fetcher.fetch_page(f"{outlet.url}/")
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.1)  # what is saved in the end takes a moment
                noticed.append("ended in order")

        settings = Settings(crawl=CrawlSettings(**loopback()))
        task = asyncio.create_task(with_fetcher(settings, work))
        if when_begun:
            await begun.wait()
        else:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    return open_connectors() - before, noticed


def test_cancelled_work_ends_in_order_and_leaves_no_connection_open(reactor: Reactor) -> None:
    assert reactor.run(cancelled(when_begun=True)) == (set(), ["ended in order"])


def test_work_that_is_cancelled_before_it_begins_never_begins(reactor: Reactor) -> None:
    assert reactor.run(cancelled(when_begun=False)) == (set(), [])
