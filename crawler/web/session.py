"""A Scrapy crawler that lives as long as a piece of work needs the web."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings as ScrapySettings

from crawler.parsing.pool import ParsingPool
from crawler.web.fetching import Download, Fetcher
from crawler.web.spider import RasidSpider
from monitors.settings import Settings

T = TypeVar("T")


async def with_fetcher(settings: Settings, work: Callable[[Fetcher], Awaitable[T]]) -> T:
    """Does the work with a fetcher of its own; what it returns or raises. Inside `run_in_reactor` only.

    To cancel this cancels the work alone: Scrapy's engine, which would leave its connections open, ends as it always
    does, when there is nothing more to do.
    """
    runner = AsyncCrawlerRunner(scrapy_settings(settings))
    outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    working: asyncio.Future[T] | None = None

    async def serve(download: Download) -> None:
        nonlocal working
        if outcome.cancelled():
            return
        working = asyncio.ensure_future(work(fetcher(settings, download)))
        await asyncio.wait([working])
        if working.cancelled():
            outcome.cancel()
        elif error := working.exception():  # whatever it is, Scrapy must not see it: its engine would never end
            outcome.set_exception(error)
        else:
            outcome.set_result(working.result())

    engine = runner.crawl(RasidSpider, work=serve)
    while not engine.done():
        try:
            await asyncio.shield(engine)
        except asyncio.CancelledError:
            if working is None:
                outcome.cancel()
            else:
                working.cancel()
    return outcome.result()


@asynccontextmanager
async def parsing() -> AsyncIterator[ParsingPool]:
    """Parsing children for as long as they are needed."""
    pool = ParsingPool()
    try:
        yield pool
    finally:
        await pool.close()


def fetcher(settings: Settings, download: Download) -> Fetcher:
    """The client as the operator wants it."""
    crawl = settings.crawl
    return Fetcher(download, concurrency=crawl.concurrency, obey_robots=crawl.obey_robots)


def scrapy_settings(settings: Settings) -> ScrapySettings:
    """Our Scrapy settings with these of the operator, as `scrapy.cfg` gives them to Scrapy's own commands."""
    chosen = ScrapySettings()
    chosen.setmodule("crawler.settings", priority="project")
    chosen.set("RASID_SETTINGS", settings, priority="cmdline")
    return chosen
