"""The requests of people, worked on beside the polls: taken up from rows, withdrawn with them, ended in any case.

What matters is on the rows: a request that was cut off by a stop or a crash is taken up again at the next start, and
one that takes too long is ended. Whoever asked sees the row.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from crawler.demand.backfill import Backfill
from crawler.demand.discovering import Looker
from crawler.demand.importing import Importer
from crawler.demand.tally import Tally
from crawler.demand.visiting import Poll, visit
from crawler.parsing.pool import ParsingPool
from crawler.scheduling import Pace
from crawler.web.fetching import Fetcher
from monitors.requests import Crawl, CrawlState, Discovery, Trouble
from monitors.roles import RoleContext
from monitors.storage.crawls import begin_crawl, end_crawl, end_overdue, open_crawls
from monitors.storage.discoveries import fail_discovery, fail_overdue, open_discoveries, outlets_added_by
from monitors.storage.engine import Connection
from monitors.storage.outlets import find_outlet
from monitors.storage.own_limits import limits_of
from monitors.wakeups import DELIVERIES, REQUESTS, SOURCES

logger = logging.getLogger(__name__)

TICK_S = 1.0
"""How often rows are read and progress is written."""

VISITS_AT_ONCE = 4
BACKFILLS_AT_ONCE = 2
LOOKS_AT_ONCE = 3
"""Fewer than polls, which they must not delay. The fourth who asks waits a little."""

SWEEP = timedelta(minutes=1)
"""How often it is asked what takes too long."""

_NEVER = datetime.min.replace(tzinfo=UTC)

HELD_S = 60.0
"""How long a request rests whose end could not even be written down."""


@dataclass(slots=True)
class _Crawling:
    """A crawl under way."""

    task: asyncio.Task[None]
    tally: Tally


@dataclass(slots=True)
class Worker:
    """Works on whatever chats ask for, until it is time to stop."""

    context: RoleContext
    fetcher: Fetcher
    pool: ParsingPool
    poll: Poll
    pace: Callable[[], Pace]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _crawls: dict[int, _Crawling] = field(default_factory=dict)
    _looks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _held: dict[tuple[str, int], datetime] = field(default_factory=dict)
    _swept_at: datetime = _NEVER

    async def run(self) -> None:
        tools = (self.context.database, self.fetcher, self.pool, self.pace, self.now)
        looker = Looker(*tools, lists=Importer(*tools, self._most))
        try:
            while not self.context.stopping.is_set():
                try:
                    await self._keep_up(looker)
                except Exception:
                    logger.exception("requests cannot be read or written; trying again")
                await self.context.wakeups.wait(REQUESTS, TICK_S)
        finally:
            await self._drop_all()

    def _most(self, connection: Connection, person_id: int | None) -> int | None:
        """How many more outlets the person may add; None: any number, as an operator."""
        settings = self.context.settings
        if person_id is not None and person_id in settings.telegram.admins:
            return None
        limits = limits_of(connection, settings.limits, person_id or 0)
        if limits is None:
            return None
        return max(limits.outlets_per_user - outlets_added_by(connection, person_id), 0)

    async def _keep_up(self, looker: Looker) -> None:
        """Ends what is withdrawn, writes down how far the rest is, and begins what is new."""
        database = self.context.database
        wanted = await database.read(open_crawls)
        looks = await database.read(open_discoveries)
        withdrawn = self._crawls.keys() - {crawl.id for crawl in wanted}
        for crawl_id in withdrawn:
            self._crawls[crawl_id].task.cancel()
        await self._write_down()
        now = self.now()
        if now - self._swept_at > SWEEP:
            self._swept_at = now
            await self._end_overdue()
        self._held = {key: until for key, until in self._held.items() if until > now}
        self._begin_crawls(wanted)
        self._begin_looks(looks, looker)

    def _begin_crawls(self, wanted: list[Crawl]) -> None:
        by_id = {crawl.id: crawl for crawl in wanted}
        under_way = [by_id[crawl_id] for crawl_id in self._crawls if crawl_id in by_id]
        backfills = sum(crawl.since is not None for crawl in under_way)
        visits = len(under_way) - backfills
        for crawl in wanted:
            if crawl.id in self._crawls or ("crawl", crawl.id) in self._held:
                continue
            if crawl.since is not None and backfills < BACKFILLS_AT_ONCE:
                backfills += 1
            elif crawl.since is None and visits < VISITS_AT_ONCE:
                visits += 1
            else:
                continue
            tally = Tally(crawl.id)
            task = asyncio.create_task(self._crawl(crawl, tally), name=f"crawl {crawl.id}")
            self._crawls[crawl.id] = _Crawling(task, tally)
            task.add_done_callback(partial(self._crawl_ended, crawl.id))

    def _crawl_ended(self, crawl_id: int, _: asyncio.Task[None]) -> None:
        del self._crawls[crawl_id]
        self.context.wakeups.kick(REQUESTS)  # there is a place for the next

    def _begin_looks(self, wanted: list[Discovery], looker: Looker) -> None:
        """One of each person at a time."""
        busy = {look.person_id for look in wanted if look.id in self._looks}
        for look in wanted:
            if len(self._looks) >= LOOKS_AT_ONCE:
                return
            if look.id in self._looks or look.person_id in busy or ("look", look.id) in self._held:
                continue
            busy.add(look.person_id)
            task = asyncio.create_task(self._look(look, looker), name=f"discovery {look.id}")
            self._looks[look.id] = task
            task.add_done_callback(partial(self._look_ended, look.id))

    def _look_ended(self, look_id: int, _: asyncio.Task[None]) -> None:
        del self._looks[look_id]
        self.context.wakeups.kick(REQUESTS)

    async def _crawl(self, crawl: Crawl, tally: Tally) -> None:
        """One crawl, from taken up to over. Cancelled, it leaves what it saved and how far it was."""
        database = self.context.database
        ending, trouble = CrawlState.FINISHED, None
        try:
            if not await database.write(begin_crawl, crawl.id, now=self.now()):
                return
            trouble = await self._work(crawl, tally)
            ending = CrawlState.FAILED if trouble is not None else CrawlState.FINISHED
        except asyncio.CancelledError:
            if not self.context.stopping.is_set():
                await self._quietly(database.write(self._end, tally, None, None))
            raise
        except Exception:
            logger.exception("crawl %d of %s failed", crawl.id, crawl.outlet_name)
            ending, trouble = CrawlState.FAILED, Trouble.BROKEN
        if not await self._quietly(database.write(self._end, tally, ending, trouble)):
            self._held["crawl", crawl.id] = self.now() + timedelta(seconds=HELD_S)
        self.context.wakeups.kick(DELIVERIES)

    async def _work(self, crawl: Crawl, tally: Tally) -> Trouble | None:
        database = self.context.database
        if crawl.since is None:
            return await visit(database, self.poll, crawl.outlet_id, tally)
        backfill = Backfill(
            database,
            self.context.wakeups,
            self.fetcher,
            self.pool,
            crawl.since,
            crawl.alerts,
            tally,
            self.now,
            keep_pages=self.context.settings.crawl.keep_pages,
        )
        outlet = await database.read(find_outlet, str(crawl.outlet_id))
        return await backfill.run(outlet)

    def _end(self, connection: Connection, tally: Tally, state: CrawlState | None, trouble: Trouble | None) -> None:
        """The last counts and the end in one transaction; no end (None) for a crawl that was ended by others."""
        now = self.now()
        tally.write(connection, now=now)
        if state is not None:
            end_crawl(connection, tally.crawl_id, state, now=now, error=trouble)

    async def _look(self, look: Discovery, looker: Looker) -> None:
        try:
            await looker.work_on(look)
        except Exception:
            logger.exception("the look at what discovery %d asks for failed", look.id)
            failing = self.context.database.write(fail_discovery, look.id, Trouble.BROKEN, now=self.now())
            if not await self._quietly(failing):
                self._held["look", look.id] = self.now() + timedelta(seconds=HELD_S)
        self.context.wakeups.kick(DELIVERIES)
        self.context.wakeups.kick(SOURCES)

    async def _quietly(self, writing: Coroutine[Any, Any, object]) -> bool:
        """Whether it could be written."""
        try:
            await writing
        except Exception:
            logger.exception("how a request ended cannot be written now")
            return False
        return True

    async def _write_down(self) -> None:
        changed = [each.tally for each in self._crawls.values() if each.tally.changed]
        if not changed:
            return

        def write_all(connection: Connection) -> None:
            now = self.now()
            for tally in changed:
                tally.write(connection, now=now)

        for tally in changed:
            tally.changed = False
        await self.context.database.write(write_all)

    async def _end_overdue(self) -> None:
        def end_all(connection: Connection) -> int:
            now = self.now()
            return end_overdue(connection, now=now) + fail_overdue(connection, now=now)

        if await self.context.database.write(end_all):
            self.context.wakeups.kick(DELIVERIES)

    async def _drop_all(self) -> None:
        """Leaves what is under way to the next start."""
        tasks = [each.task for each in self._crawls.values()] + list(self._looks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
