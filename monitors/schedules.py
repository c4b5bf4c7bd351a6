"""Upkeep by the clock: few jobs, defined here, in memory. What matters has its due time in a row instead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitors.storage.clock import mend
from monitors.storage.engine import Database
from monitors.storage.inbox import forget_handled

CHECKPOINT_S = 60
INBOX_KEPT = timedelta(days=7)
"""Handled updates serve to recognise repeats, which Telegram offers for 24 hours."""


@asynccontextmanager
async def schedules(database: Database) -> AsyncIterator[None]:
    """Runs the upkeep jobs of the main process for the life of the block."""
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})

    async def mend_clock() -> None:
        await database.write(mend, now=datetime.now(UTC))

    async def forget_updates() -> None:
        await database.write(forget_handled, before=datetime.now(UTC) - INBOX_KEPT)

    scheduler.add_job(database.checkpoint, "interval", seconds=CHECKPOINT_S)
    scheduler.add_job(mend_clock, "interval", minutes=5, next_run_time=datetime.now(UTC))
    scheduler.add_job(forget_updates, "interval", hours=1)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
