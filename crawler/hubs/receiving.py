"""Pushes that have come and were answered: read in the parsing children, and handed on like a poll's document."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from crawler.entries import Listing, NotAListing
from crawler.parsing.pool import ParserKilled, ParsingFailed, ParsingPool
from crawler.polling import PollReport
from monitors.outlets import Source, SourceKind
from monitors.storage.engine import Database
from monitors.storage.hubs import record_push
from monitors.storage.outlets import get_sources

logger = logging.getLogger(__name__)

MOST_WAITING = 16
"""Pushes that are kept in memory; a hub is asked to come again when there are more."""
AT_ONCE = 2

Take = Callable[[Source, Listing, datetime], Awaitable[PollReport]]
"""What saves the new entries of a document that was pushed."""


@dataclass(frozen=True, slots=True)
class Push:
    """A push whose signature was right."""

    source_id: int
    topic: str
    body: bytes
    content_type: str | None
    received_at: datetime


class Receiver:
    """Takes pushes one after the other, without keeping a hub waiting."""

    def __init__(self, database: Database, pool: ParsingPool, take: Take) -> None:
        self._database = database
        self._pool = pool
        self._take = take
        self._waiting: asyncio.Queue[Push] = asyncio.Queue(MOST_WAITING)

    def accept(self, push: Push) -> bool:
        """Whether there is room for it."""
        try:
            self._waiting.put_nowait(push)
        except asyncio.QueueFull:
            return False
        return True

    async def run(self) -> None:
        """Until cancelled. What is cut off is found by the next poll."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._work())

    async def settled(self) -> None:
        """Waits until everything that was accepted is handled."""
        await self._waiting.join()

    async def _work(self) -> None:
        while True:
            push = await self._waiting.get()
            try:
                await self._handle(push)
            except Exception:
                logger.exception("a push of %s was lost; the next poll finds what it held", push.topic)
            finally:
                self._waiting.task_done()

    async def _handle(self, push: Push) -> None:
        source = (await self._database.read(get_sources, [push.source_id])).get(push.source_id)
        if source is None or not source.active:
            return
        try:
            listing = await self._pool.read_listing(
                push.body, url=push.topic, content_type=push.content_type, kind=SourceKind.FEED
            )
        except (NotAListing, ParsingFailed, ParserKilled) as error:
            logger.info("a push of %s cannot be read: %s", push.topic, error)
            return
        report = await self._take(source, listing, push.received_at)
        await self._database.write(record_push, source.id, now=push.received_at, first=report.counts.new)
