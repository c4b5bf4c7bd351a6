"""The standing watches in memory: loaded when the service starts, and kept current by revision.

Which chats are late (lanes.py) is a row, written before their watches move, so that nothing is lost when the service
ends in between.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from monitors.lanes import Lanes
from monitors.limiting import asked_of
from monitors.query.plan import Plan, plan_of
from monitors.storage.articles import newest_articles
from monitors.storage.engine import Database
from monitors.storage.owed import is_owed, late_chats, make_late, make_punctual
from monitors.storage.presence import Loading, say_loading
from monitors.storage.presence import loading as how_far
from monitors.storage.revisions import changes_since, count_standing, standing_watches
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

_MOST_REMEMBERED = 250_000  # some 100 bytes each, while watches are loaded

_TOLD_EVERY_S = 10.0

_Saying: TypeAlias = tuple[str, str | None]
_Asked: TypeAlias = tuple[Plan, float]
"""What words ask for, and what that costs."""


@dataclass(slots=True)
class StandingWatches:
    lanes: Lanes = field(default_factory=Lanes)
    revision: int = 0

    async def catch_up(self, database: Database, stopping: asyncio.Event) -> bool:
        """Takes in what changed since `revision`, all watches at first; false when it was asked to stop before.

        The loop has its turn every few milliseconds.
        """
        loading, in_all = self.revision == 0, 0
        started = told = time.monotonic()
        if loading:
            await self._learn(database)
            in_all = await database.read(count_standing)
            self.lanes.late_chats = await database.read(late_chats)
        asked: dict[_Saying, _Asked] = {}
        while not stopping.is_set():
            changes = await database.read(changes_since, self.revision, limit=PAGE)
            await taking_turns(self.taking_in(changes, asked))
            if len(changes) < PAGE:
                if loading:
                    self.lanes.doubt_light_ones()
                await self._move(database)
                if loading and await database.read(how_far) is not None:
                    await database.write(say_loading, None)
                if loading and self.lanes:
                    logger.info("%d watches stand after %.1f s", len(self.lanes), time.monotonic() - started)
                return True
            await self._move(database)
            if loading:
                progress = Loading(len(self.lanes), in_all)
                await database.write(say_loading, progress)
                if time.monotonic() > told + _TOLD_EVERY_S:
                    told = time.monotonic()
                    logger.info("loading watches: %d of %d; articles wait until all stand", progress.loaded, in_all)
            # What stands is no garbage: looking through a million watches for some would hold the loop for a second.
            gc.freeze()
        return False

    def apply(self, changes: Sequence[WatchChange]) -> None:
        """Takes in all at once what changed since `revision`; no chat becomes late by it, or ceases to be."""
        finish(self.taking_in(changes, {}))

    def taking_in(self, changes: Sequence[WatchChange], asked: dict[_Saying, _Asked]) -> Steps[None]:
        """Takes in changes step by step, remembering in `asked` what their words ask for: many ask the same.

        A watch that no longer parses is left out, loudly.
        """
        turn_ends = time.monotonic() + SLICE_S
        for change in changes:
            try:
                self._take_in(change, asked)
            except Exception as error:  # a QueryError, or a defect of ours: it must not stop the others
                logger.error("watch %d cannot be understood and is skipped: %r", change.watch_id, error)
            self.revision = change.revision
            if time.monotonic() > turn_ends:
                yield
                turn_ends = time.monotonic() + SLICE_S

    def _take_in(self, change: WatchChange, asked: dict[_Saying, _Asked]) -> None:
        if change.query is None:
            self.lanes.remove(change.watch_id, change.chat_id)
            return
        saying = change.query, change.excluding
        known = asked.get(saying)
        if known is not None:
            self.lanes.put(change.watch_id, change.chat_id, *known)
            return
        try:
            plan = plan_of(asked_of(*saying))
        except Exception:
            self.lanes.remove(change.watch_id, change.chat_id)  # the old query is no longer asked in any case
            raise
        cost = self.lanes.put(change.watch_id, change.chat_id, plan)
        if len(asked) < _MOST_REMEMBERED:
            asked[saying] = plan, cost

    async def _move(self, database: Database) -> None:
        """Moves chats that have become too heavy, or light again."""
        doubtful = set(self.lanes.doubtful)
        if not doubtful.isdisjoint(self.lanes.late_chats) and await database.read(is_owed):
            doubtful -= self.lanes.late_chats  # they stay for now, whatever they weigh
        for chat in doubtful:
            watches = await database.read(standing_watches, chat)
            late = await taking_turns(self.lanes.weighing(chat, watches))
            if late != (chat in self.lanes.late_chats):
                if not await database.write(make_late if late else make_punctual, chat):
                    continue  # it has to stay until nothing is owed
                await taking_turns(self.lanes.moving(chat, watches, late=late))
            self.lanes.doubtful.discard(chat)

    async def _learn(self, database: Database) -> None:
        """Which words are rare in the articles of this archive."""
        for article in await database.read(newest_articles, limit=SAMPLE):
            reading = await taking_turns(self.lanes.first.reading_steps(article.fields))
            self.lanes.first.rarity.learn(reading.keys)


async def taking_turns(steps: Steps[T]) -> T:
    """What the steps come to; between them the loop, which is shared with the bot, may do other work."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        await asyncio.sleep(0)
