"""The service keeps its poller's pace."""

from __future__ import annotations

import asyncio
from typing import Any

from crawler import service
from crawler.scheduling import Pace
from monitors.outlets import NewOutlet, NewSource
from monitors.roles import RoleContext
from monitors.settings import CrawlSettings, Settings
from monitors.storage.engine import Connection, Database
from monitors.storage.outlets import add_outlet
from monitors.wakeups import Wakeups
from tests.rows import NOW


class Paced:
    """A poller that says when it gets a pace."""

    def __init__(self) -> None:
        self.paces: asyncio.Queue[Pace] = asyncio.Queue()

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "pace":
            self.paces.put_nowait(value)
        else:
            super().__setattr__(name, value)


async def test_a_service_that_starts_derives_its_pace_from_the_sources_there_are(sqlite_database: Database) -> None:
    def follow(connection: Connection) -> None:
        for number in range(50):
            home = f"https://{number}.example/"
            add_outlet(connection, NewOutlet(f"Outlet {number}", home), [NewSource(home)], now=NOW)

    sqlite_database.write_now(follow)
    settings = Settings(crawl=CrawlSettings(budget=1))
    poller: Any = Paced()
    context = RoleContext(settings, sqlite_database, Wakeups(), asyncio.Event())
    keeping = asyncio.create_task(service._keep_pace(context, poller))
    pace = await poller.paces.get()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert pace.interval_s == 300
    assert pace.theta > 0
