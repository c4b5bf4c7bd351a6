"""A visit to an outlet somebody asked for: every source polled once, now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from crawler.demand.tally import Tally
from crawler.polling import PollReport
from monitors.outlets import Source
from monitors.requests import Trouble
from monitors.storage.engine import Database
from monitors.storage.outlets import sources_of

Poll = Callable[[Source, Tally], Awaitable[PollReport]]
"""Polls a source as soon as nobody else does, for the crawl of the tally."""

SOURCES_AT_ONCE = 4


async def visit(database: Database, poll: Poll, outlet_id: int, tally: Tally) -> Trouble | None:
    """Polls all sources of the outlet; why nothing could come of it, if nothing could."""
    sources = [source for source in await database.read(sources_of, outlet_id) if source.active]
    if not sources:
        return Trouble.NOTHING_THERE
    places = asyncio.Semaphore(SOURCES_AT_ONCE)

    async def poll_one(source: Source) -> bool:
        async with places:
            report = await poll(source, tally)
        if report.error is not None:
            tally.failed(source.url)
        return report.error is None

    async with asyncio.TaskGroup() as polls:
        visits = [polls.create_task(poll_one(source)) for source in sources]
    return None if any(each.result() for each in visits) else Trouble.NOTHING_THERE
