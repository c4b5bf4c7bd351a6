"""The standing watches in memory: loaded when the service starts, and kept current by revision."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from monitors.query.index import QueryIndex
from monitors.query.language.grammar import parse
from monitors.query.plan import Plan, plan_of
from monitors.storage.articles import newest_articles
from monitors.storage.engine import Database
from monitors.storage.watchlists import changes_since
from monitors.text.steps import Steps, finish
from monitors.watchlists import WatchChange

T = TypeVar("T")

logger = logging.getLogger(__name__)

PAGE = 5_000
"""Rows read at a time; a million take about as long as ten thousand a hundred times."""

SLICE_S = 0.005
"""How long the event loop waits at most while watches are taken in."""

SAMPLE = 200
"""Newest articles by which it is judged, before watches are loaded, which words are rare."""

_MOST_REMEMBERED = 100_000


@dataclass(slots=True)
class StandingWatches:
    index: QueryIndex = field(default_factory=QueryIndex)
    revision: int = 0

    async def catch_up(self, database: Database, stopping: asyncio.Event) -> bool:
        """Takes in what changed since `revision`, all watches at first; false when it was asked to stop before.

        The loop has its turn every few milliseconds.
        """
        loading = self.revision == 0
        started = time.monotonic()
        if loading:
            await self._learn(database)
        plans: dict[str, Plan] = {}
        while not stopping.is_set():
            changes = await database.read(changes_since, self.revision, limit=PAGE)
            await taking_turns(self.taking_in(changes, plans))
            if len(changes) < PAGE:
                if loading and self.index:
                    logger.info("%d watches stand after %.1f s", len(self.index), time.monotonic() - started)
                return True
            # What stands is no garbage: looking through a million watches for some would hold the loop for a second.
            gc.freeze()
        return False

    def apply(self, changes: Sequence[WatchChange]) -> None:
        """Takes in all at once what changed since `revision`."""
        finish(self.taking_in(changes, {}))

    def taking_in(self, changes: Sequence[WatchChange], plans: dict[str, Plan]) -> Steps[None]:
        """Takes in changes step by step, remembering in `plans` what their words ask for: many ask the same.

        A watch that no longer parses is left out, loudly.
        """
        turn_ends = time.monotonic() + SLICE_S
        for change in changes:
            try:
                self._take_in(change, plans)
            except Exception as error:  # a QueryError, or a defect of ours: it must not stop the others
                logger.error("watch %d cannot be understood and is skipped: %r", change.watch_id, error)
            self.revision = change.revision
            if time.monotonic() > turn_ends:
                yield
                turn_ends = time.monotonic() + SLICE_S

    def _take_in(self, change: WatchChange, plans: dict[str, Plan]) -> None:
        if change.query is None:
            self.index.remove(change.watch_id)
            return
        plan = plans.get(change.query)
        if plan is None:
            self.index.remove(change.watch_id)  # whatever becomes of the new query, the old one is no longer asked
            plan = plan_of(parse(change.query))
            if len(plans) < _MOST_REMEMBERED:
                plans[change.query] = plan
        self.index.add_plan(change.watch_id, plan)

    async def _learn(self, database: Database) -> None:
        """Which words are rare in the articles of this archive."""
        for article in await database.read(newest_articles, limit=SAMPLE):
            reading = await taking_turns(self.index.reading_steps(article.fields))
            self.index.rarity.learn(reading.keys)


async def taking_turns(steps: Steps[T]) -> T:
    """What the steps come to; between them the loop, which is shared with the bot, may do other work."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        await asyncio.sleep(0)
