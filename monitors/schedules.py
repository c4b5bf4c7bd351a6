"""Upkeep by the clock: few jobs, defined here, in memory. What matters has its due time in a row instead."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitors.indexing import read_archive
from monitors.releasing import Releaser
from monitors.settings import TelegramSettings
from monitors.storage import lanes
from monitors.storage.bots import give_up_waiting
from monitors.storage.broadcasts import is_sending, send_on
from monitors.storage.clock import mend
from monitors.storage.engine import Connection, Database
from monitors.storage.forgetting import forget_answers, forget_requests
from monitors.storage.health import changes_of_health, tell_changes
from monitors.storage.inbox import forget_handled
from monitors.storage.leaving import leave_on, whoever_leaves
from monitors.storage.searches import SEARCHES_KEPT, forget_searches
from monitors.storage.settlements import give_up_old
from monitors.storage.shares import is_any_ended, tell_of_ends
from monitors.storage.stories import WITHIN, forget_gists
from monitors.storage.watchlists import KEPT, forget_deleted

logger = logging.getLogger(__name__)

CHECKPOINT_S = 60
INBOX_KEPT = timedelta(days=7)
"""Handled updates serve to recognise repeats, which Telegram offers for 24 hours."""

WAITED_FOR = timedelta(days=30)
"""For chats that have not come over to a new bot: what is to be told there is kept until then."""

QUEUE_KEPT = timedelta(days=7)
"""What is to be said to a chat that cannot be reached; blocked by mistake, or kicked, it comes back within days."""

REQUESTS_KEPT = timedelta(days=30)
"""Crawls and looks at addresses that are over; their messages have been out of sight for long."""

ANSWERS_KEPT = timedelta(days=7)
"""The words of answers; they serve to find out what went wrong, as what was written does."""

READ_ARCHIVE_S = 5
"""Between two looks for articles that cannot be searched yet; of a large archive some 600 are read in a minute."""

RELEASE_S = 1
"""Between two looks for alerts that were held back and are due."""

LANES_MIN = 5
"""Between two looks for chats that something waits for and that would not be told."""

ENDS_S = 60
"""Between two looks for watchlists that were deleted for good, whose subscribers are told."""

BROADCAST_S = 5
"""Between two portions of what an operator tells everybody: 40 chats a second, more than may be told."""

LEAVING_S = 15
"""Between two looks for people of whom everything is to be deleted."""

HEALTH_AFTER = timedelta(minutes=10)
"""What failed while we were off has had its chance by then."""


KEEPER = "decide"
"""The role whose process keeps the schedules, where roles have processes of their own."""


def keeps_schedules(database: Database, roles: Collection[str]) -> bool:
    """Whether it is for the process of these roles: kept twice, a broadcast would be told twice.

    A file has one process only, whatever its roles, and its write-ahead log must be moved in any case.
    """
    return database.is_sqlite or KEEPER in roles


class Scheduler(AsyncIOScheduler):  # type: ignore[misc]  # it has no types
    """One whose jobs go on in time whatever the clock does. APScheduler lists all times that were missed, also where it
    makes one of them, which after a jump of some months takes a minute; and after one back nothing is due for as long.
    """

    def wakeup(self) -> None:
        now = datetime.now(UTC)
        for job in self.get_jobs():
            if abs(job.next_run_time - now) > job.trigger.interval:
                job.modify(next_run_time=now)
        super().wakeup()


@asynccontextmanager
async def schedules(database: Database, telegram: TelegramSettings, *, zone: str) -> AsyncIterator[None]:
    """Runs the upkeep jobs of the main process for the life of the block. `zone` as in `Releaser`."""
    scheduler = Scheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})

    async def mend_clock() -> None:
        await database.write(mend, now=datetime.now(UTC))

    async def mend_lanes() -> None:
        if astray := await database.read(lanes.astray):
            logger.error("what waits for %d chats would not have been told; it is now", len(astray))
            await database.write(lanes.refresh, astray)

    async def forget_old() -> None:
        await database.write(forget, now=datetime.now(UTC))
        while await database.write(forget_answers, before=datetime.now(UTC) - ANSWERS_KEPT):
            pass
        while await database.write(forget_handled, before=datetime.now(UTC) - INBOX_KEPT):
            pass
        while await database.write(forget_gists, before=datetime.now(UTC) - WITHIN):
            pass

    async def broadcast() -> None:
        if await database.read(is_sending):
            await database.write(send_on, telegram, now=datetime.now(UTC))

    async def judge_health() -> None:
        now = datetime.now(UTC)
        if changes := await database.read(changes_of_health, now=now):
            await database.write(tell_changes, changes, telegram.operators, now=now)

    scheduler.add_job(database.checkpoint, "interval", seconds=CHECKPOINT_S)
    scheduler.add_job(mend_clock, "interval", minutes=5, next_run_time=datetime.now(UTC))
    scheduler.add_job(mend_lanes, "interval", minutes=LANES_MIN, next_run_time=datetime.now(UTC))
    scheduler.add_job(forget_old, "interval", hours=1)
    scheduler.add_job(_tell_of_ends, "interval", seconds=ENDS_S, args=[database])
    scheduler.add_job(broadcast, "interval", seconds=BROADCAST_S)
    scheduler.add_job(_let_leave, "interval", seconds=LEAVING_S, args=[database])
    scheduler.add_job(judge_health, "interval", hours=1, next_run_time=datetime.now(UTC) + HEALTH_AFTER)
    scheduler.add_job(read_archive, "interval", seconds=READ_ARCHIVE_S, args=[database])
    scheduler.add_job(Releaser(database, zone=zone).tick, "interval", seconds=RELEASE_S)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def _tell_of_ends(database: Database) -> None:
    if await database.read(is_any_ended, now=datetime.now(UTC)):
        await database.write(tell_of_ends, now=datetime.now(UTC))


async def _let_leave(database: Database) -> None:
    for user_id in await database.read(whoever_leaves, now=datetime.now(UTC)):
        while await database.write(leave_on, user_id, now=datetime.now(UTC)):
            pass


def forget(connection: Connection, *, now: datetime) -> None:
    """Deletes what would only grow and nobody asks for any more."""
    give_up_old(connection, before=now - QUEUE_KEPT, now=now)
    give_up_waiting(connection, now=now, before=now - WAITED_FOR)
    forget_requests(connection, before=now - REQUESTS_KEPT)
    forget_searches(connection, before=now - SEARCHES_KEPT)
    forget_deleted(connection, before=now - KEPT)
