"""The crawl role: due sources → polls, in a process of its own.

What a poll does is in `crawler.polling`; here is which, when, and that the loop never dies. No state that matters is
kept: what is due is a column, and a poll cut off by a stop or a crash is simply still due.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.demand.tally import Tally
from crawler.demand.working import Worker
from crawler.entries import Listing
from crawler.outlets.mirroring import mirror_catalogue
from crawler.parsing.pool import ParsingPool
from crawler.polling import PageRetries, Poller, PollReport
from crawler.scheduling import Pace, pace_of
from crawler.web.fetching import Fetcher
from crawler.web.reactor import run_in_reactor
from monitors.outlets import Source
from monitors.roles import RoleContext, role_context
from monitors.settings import CrawlSettings, Settings
from monitors.storage.engine import Connection
from monitors.storage.hubs import count_first_by_poll
from monitors.storage.outlets import sources_of
from monitors.storage.polls import due_sources, standings
from monitors.wakeups import SOURCES

logger = logging.getLogger(__name__)

SWEEP_S = 1.0
"""How far ahead the loop looks; also how long a lost wake-up can delay a poll."""

SHORTEST_LOOK_S = 0.1
"""Of thousands of sources one is due every few milliseconds; they are started together."""

POLLS_PER_PLACE = 2
"""Polls under way for each allowed exchange, for some wait for a host's turn or the parser.

A thousand new sources at once: 4 need 10 MB more than 2, and are no sooner done."""

PACE_S = 600.0
"""How long a pace is in force. Rates are learnt over days, and a new source is polled by its own estimate at once."""

HELD_S = 60.0
"""How long a source rests whose poll could not even be recorded (the database is full or gone)."""


def main(settings: Settings, link: socket.socket | None) -> int:
    """The child process: collects until it is asked to stop or its parent is gone."""
    return run_in_reactor(lambda: _serve(settings, link))


async def _serve(settings: Settings, link: socket.socket | None) -> int:
    from crawler.web.session import parsing, with_fetcher  # imports Scrapy's engine, which wants the reactor installed

    async with role_context(settings, link) as context, parsing() as pool:
        await _mirror_catalogue(context)
        await with_fetcher(settings, lambda fetcher: collect(context, fetcher, pool))
    return 0


async def _mirror_catalogue(context: RoleContext) -> None:
    try:
        await asyncio.to_thread(mirror_catalogue, context.database)
    except Exception:  # without it the bot finds fewer outlets by name; collecting goes on
        logger.exception("the catalogue cannot be brought into the database")


async def collect(context: RoleContext, fetcher: Fetcher, pool: ParsingPool) -> None:
    """Polls whatever is due until stopping; polls under way are then dropped, and stay due."""
    crawl = context.settings.crawl
    poller = Poller(
        context.database,
        context.wakeups,
        fetcher,
        pool,
        pace=Pace(crawl.min_interval),
        keep_pages=crawl.keep_pages,
    )
    pacing = asyncio.create_task(_keep_pace(context, poller), name="pace")
    collector = Collector(context, poller, places=crawl.concurrency * POLLS_PER_PLACE)
    worker = Worker(context, fetcher, pool, collector.poll_at_once, lambda: poller.pace)
    working = asyncio.create_task(worker.run(), name="requests")
    retries = PageRetries(context.database, context.wakeups, fetcher, pool, keep_pages=crawl.keep_pages)
    retrying = asyncio.create_task(retries.run(), name="pages asked for again")
    hubs = asyncio.create_task(_serve_hubs(context, fetcher, pool, collector), name="hubs")
    try:
        while not context.stopping.is_set():
            delay_s = await collector.start_due()
            await context.wakeups.wait(SOURCES, delay_s)
    finally:
        for task in (pacing, working, retrying, hubs):
            task.cancel()
        await asyncio.gather(pacing, working, retrying, hubs, return_exceptions=True)
        await collector.drop_all()


async def _serve_hubs(context: RoleContext, fetcher: Fetcher, pool: ParsingPool, collector: Collector) -> None:
    """Pushes, where the operator has given a public address; the server for them is loaded only then."""
    if context.settings.web.public_url is None:
        return
    from crawler.hubs.serving import serve_hubs

    try:
        await serve_hubs(context.settings.web, context.database, fetcher, pool, collector.take_pushed)
    except Exception:  # collecting goes on by polls alone
        logger.exception("pushes from hubs have ended; everything is polled")


async def _keep_pace(context: RoleContext, poller: Poller) -> None:
    """Derives the pace of all sources from their rows, again and again. Without one, all are polled at their floors."""
    while True:
        try:
            poller.pace = await context.database.read(read_pace, context.settings.crawl, now=datetime.now(UTC))
        except Exception:
            logger.exception("the pace cannot be derived from the sources; the last one stays in force")
        await asyncio.sleep(PACE_S)


def read_pace(connection: Connection, crawl: CrawlSettings, *, now: datetime) -> Pace:
    return pace_of(standings(connection), budget_per_min=crawl.budget, interval_s=crawl.min_interval, now=now)


class Collector:
    """The polls under way: never two of one source."""

    def __init__(
        self,
        context: RoleContext,
        poller: Poller,
        *,
        places: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._context = context
        self._poller = poller
        self._places = places
        self._now = now
        self._under_way: dict[int, asyncio.Task[Any]] = {}
        self._held: dict[int, datetime] = {}

    async def start_due(self) -> float:
        """Starts a poll for each due source; in how many seconds to look again (0.1 to 1)."""
        busy = set(self._under_way)  # before reading: a poll that ends meanwhile leaves a row that looks due
        now = self._now()
        horizon = now + timedelta(seconds=SWEEP_S)
        try:
            coming = await self._context.database.read(
                due_sources, now=horizon, limit=self._places + len(self._held) + 1
            )
        except Exception:
            logger.exception("due sources cannot be read; trying again")
            return SWEEP_S
        self._held = {source_id: until for source_id, until in self._held.items() if until > now}
        nearest = horizon
        for source in coming:
            taken = source.id in busy or source.id in self._under_way
            if taken or source.id in self._held or len(self._under_way) >= self._places:
                continue
            if source.next_poll_at <= now:
                self._start(source)
            else:
                nearest = min(nearest, source.next_poll_at)
        return max(SHORTEST_LOOK_S, (nearest - self._now()).total_seconds())

    async def poll_at_once(self, source: Source, tally: Tally) -> PollReport:
        """A poll somebody asked for, as soon as no other of the source is under way. Raises storage errors only."""
        return await self._in_turn(source, lambda: self._poll_as_it_is_now(source, tally))

    async def take_pushed(self, source: Source, listing: Listing, received_at: datetime) -> PollReport:
        """What a hub has pushed, as soon as no poll of the source is under way. Raises storage errors only."""
        return await self._in_turn(source, lambda: self._poller.take_pushed(source, listing, received_at))

    async def _in_turn(self, source: Source, work: Callable[[], Coroutine[Any, Any, PollReport]]) -> PollReport:
        while (earlier := self._under_way.get(source.id)) is not None:
            await asyncio.wait((earlier,))
        task = asyncio.create_task(work(), name=f"{source.url}, out of turn")
        self._under_way[source.id] = task
        task.add_done_callback(lambda _: self._under_way.pop(source.id, None))
        return await task

    async def _poll_as_it_is_now(self, source: Source, tally: Tally) -> PollReport:
        """The poll that was waited for has left other validators on the row."""
        now = await self._context.database.read(sources_of, source.outlet_id)
        fresh = next((each for each in now if each.id == source.id), source)
        report = await self._poller.poll(fresh, progress=tally, crawl_id=tally.crawl_id)
        await self._count(fresh, report)
        return report

    async def _count(self, source: Source, report: PollReport) -> None:
        """What a hub might have told us of first."""
        if source.hub is not None and report.counts.new:
            await self._context.database.write(count_first_by_poll, source.id, report.counts.new)

    @property
    def under_way(self) -> list[asyncio.Task[Any]]:
        return list(self._under_way.values())

    async def drop_all(self) -> None:
        tasks = self.under_way
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, source: Source) -> None:
        task = asyncio.create_task(self._poll(source), name=f"poll {source.url}")
        self._under_way[source.id] = task
        task.add_done_callback(lambda _: self._under_way.pop(source.id, None))

    async def _poll(self, source: Source) -> None:
        try:
            await self._count(source, await self._poller.poll(source))
        except Exception as error:
            logger.exception("the poll of %s failed", source.url)
            await self._record_or_hold(source, f"Rasid itself failed here ({type(error).__name__}); see the log.")

    async def _record_or_hold(self, source: Source, reason: str) -> None:
        try:
            await self._poller.record_failure(source, reason)
        except Exception:
            logger.exception("%s rests for a minute: its poll cannot be recorded", source.url)
            self._held[source.id] = self._now() + timedelta(seconds=HELD_S)
