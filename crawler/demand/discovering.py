"""A look at an address that somebody pasted, and following what was found there."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from crawler.demand.importing import Importer
from crawler.discovery import Discovery, as_rows, discover
from crawler.following import already_following, follow_from_loop
from crawler.parsing.pool import ParsingPool
from crawler.scheduling import Pace
from crawler.web.fetching import Fetcher
from monitors.errors import OutletError, UsageError
from monitors.outlets import Outlet
from monitors.requests import Discovery as Look
from monitors.requests import DiscoveryKind, DiscoveryState, Trouble
from monitors.storage.discoveries import fail_discovery, record_followed, record_found
from monitors.storage.engine import Connection, Database
from monitors.storage.followers import add_follower
from monitors.storage.outlets import find_outlet

logger = logging.getLogger(__name__)

REMEMBERED = 8
"""Discoveries kept until the person says yes, so that nothing is asked for twice. They hold whole documents."""


@dataclass(slots=True)
class Looker:
    """Looks at addresses and follows what is there. `pace` gives the one in force."""

    database: Database
    fetcher: Fetcher
    pool: ParsingPool
    pace: Callable[[], Pace]
    now: Callable[[], datetime]
    lists: Importer
    _remembered: OrderedDict[int, Discovery] = field(default_factory=OrderedDict)

    async def work_on(self, look: Look) -> None:
        """Takes one step, and writes down what came of it. Only storage errors are raised."""
        try:
            if look.kind is DiscoveryKind.OPML:
                await self.lists.work_on(look)
            elif look.state is DiscoveryState.WAITING:
                await self._look(look)
            else:
                await self._follow(look)
        except UsageError:
            await self._fail(look, Trouble.NO_ADDRESS)
        except OutletError:
            await self._fail(look, Trouble.NOTHING_THERE)

    async def _look(self, look: Look) -> None:
        found = await discover(look.address, self.fetcher, self.pool)
        known = await self.database.read(already_following, found)
        result = as_rows(found) | {"followed_as": known.id if known is not None else None}
        if await self.database.write(record_found, look.id, result, now=self.now()):
            self._remembered[look.id] = found
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)

    async def _follow(self, look: Look) -> None:
        found = self._remembered.pop(look.id, None)
        if found is None:
            found = await discover(look.address, self.fetcher, self.pool, with_preview=False)

        def claim(connection: Connection, outlet: Outlet) -> None:
            _settle(connection, look, outlet.id, True, self.now())

        known = await self.database.read(_known, found)
        if known is None:
            await follow_from_loop(self.database, found, now=self.now(), pace=self.pace(), claim=claim)
        else:
            await self.database.write(_settle, look, known.id, False, self.now())

    async def _fail(self, look: Look, trouble: Trouble) -> None:
        await self.database.write(fail_discovery, look.id, trouble, now=self.now())


def _known(connection: Connection, found: Discovery) -> Outlet | None:
    """The outlet for which all or some of these sources are polled already."""
    if (outlet := already_following(connection, found)) is not None:
        return outlet
    for source in found.sources:
        try:
            return find_outlet(connection, source.url)
        except UsageError:
            continue
    return None


def _settle(connection: Connection, look: Look, outlet_id: int, added: bool, now: datetime) -> None:
    add_follower(connection, outlet_id, look.chat_id, now=now)
    record_followed(connection, look.id, outlet_id=outlet_id, added=added, now=now)
