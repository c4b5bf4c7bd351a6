"""A list of outlets somebody sent: read in a child, shown, and followed row by row."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from crawler.entries import NotAListing
from crawler.importing import Fate, Imported, Plan, follow_rows, followed_addresses, plan_import
from crawler.parsing.pool import ParserKilled, ParsingFailed, ParsingPool
from crawler.scheduling import Pace
from crawler.web.fetching import Fetcher
from monitors.requests import Discovery, DiscoveryState, Trouble
from monitors.storage.discoveries import (
    fail_discovery,
    record_followed,
    record_found,
    record_import,
    record_step,
)
from monitors.storage.engine import Connection, Database
from monitors.storage.followers import add_follower

NAMED = 10
"""Rows that are named before the question; of longer lists the rest is counted."""


@dataclass(slots=True)
class Importer:
    """`most` says how many more outlets a person may add; None for any number."""

    database: Database
    fetcher: Fetcher
    pool: ParsingPool
    pace: Callable[[], Pace]
    now: Callable[[], datetime]
    most: Callable[[Connection, int | None], int | None]

    async def work_on(self, look: Discovery) -> None:
        """Takes one step, and writes down what came of it. Only storage errors are raised."""
        try:
            listed = await self.pool.read_opml(base64.b64decode(look.address))
        except (NotAListing, ParsingFailed, ParserKilled):
            await self.database.write(fail_discovery, look.id, Trouble.UNREADABLE, now=self.now())
            return
        plan = plan_import(listed, await self.database.read(followed_addresses))
        if look.state is DiscoveryState.WAITING:
            await self.database.write(record_found, look.id, _preview(look, plan), now=self.now())
        else:
            await self._follow(look, plan)

    async def _follow(self, look: Discovery, plan: Plan) -> None:
        """Each outlet is the chat's and the person's as soon as it is saved, whatever happens to the rest."""
        rows = plan.rows[: await self.database.read(self.most, look.person_id)]
        shown = look.result or _preview(look, plan)
        # Rows that are known now and were not when the list was shown: a crash cut it off after them.
        followed, failed = max(0, len(plan.known) - shown.get("known", 0)), 0

        def result() -> dict[str, Any]:
            return {**shown, "followed": followed, "failed": failed, "left": len(plan.rows) - len(rows)}

        for start in range(0, len(rows), NAMED):
            some = rows[start : start + NAMED]
            results = await follow_rows(
                some, self.database, self.fetcher, self.pool, pace=self.pace(), claim=partial(_claim, look, self.now())
            )
            failed += sum(each.fate is Fate.FAILED for each in results)
            followed += len(results) - sum(each.fate is Fate.FAILED for each in results)
            await self.database.write(record_step, look.id, result(), now=self.now())
        await self.database.write(
            record_followed, look.id, outlet_id=None, added=False, now=self.now(), result=result()
        )


def _preview(look: Discovery, plan: Plan) -> dict[str, Any]:
    return {
        "file": (look.result or {}).get("file"),
        "rows": len(plan.rows),
        "known": len(plan.known),
        "bad": len(plan.bad),
        "names": [row.name or row.url for row in plan.rows[:NAMED]],
    }


def _claim(look: Discovery, now: datetime, connection: Connection, imported: Imported) -> None:
    if imported.outlet is None:
        return
    add_follower(connection, imported.outlet.id, look.chat_id, now=now)
    if imported.fate is Fate.FOLLOWED:
        record_import(connection, look, imported.row.url, imported.outlet.id, now=now)
