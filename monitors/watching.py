"""The standing watches in memory: loaded when the service starts, and kept current by revision.

Others come first. Watches that would keep everybody waiting are asked of an article after all others, in an index of
their own: every expression that no word leads to, and all watches of a chat that together burden each article with
more than ALLOWANCE. Which chats are late is a row, so that nothing is lost when the service ends in between.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isinf
from typing import TypeVar

from monitors.query.index import QueryIndex
from monitors.query.language.grammar import parse
from monitors.query.plan import Plan, plan_of
from monitors.storage.articles import newest_articles
from monitors.storage.engine import Database
from monitors.storage.owed import is_owed, late_chats, make_late, make_punctual
from monitors.storage.watchlists import changes_since, standing_watches
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

ALLOWANCE = 40.0
"""What the watches of one chat may cost all others, in expected µs of an article (query/costs.py): a tenth of what it
takes among 10,000 watches. A thousand watches like those of others come to 30."""

PUNCTUAL = 0.8 * ALLOWANCE
"""From which on a late chat is late no more: not for one watch that comes and goes."""

_MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What words ask for, and what that costs."""

    plan: Plan
    cost: float


@dataclass(slots=True)
class StandingWatches:
    """`index` has the watches that are asked first, `late` those that are asked after them."""

    index: QueryIndex = field(default_factory=QueryIndex)
    late: QueryIndex = field(init=False)
    revision: int = 0
    _late_chats: set[int] = field(default_factory=set)
    _burdens: dict[int, float] = field(default_factory=dict)  # of chats, at most: what they gave up is still in it
    _to_weigh: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.late = QueryIndex(self.index.rarity)

    async def catch_up(self, database: Database, stopping: asyncio.Event) -> bool:
        """Takes in what changed since `revision`, all watches at first; false when it was asked to stop before.

        The loop has its turn every few milliseconds.
        """
        loading = self.revision == 0
        started = time.monotonic()
        if loading:
            await self._learn(database)
            self._late_chats = await database.read(late_chats)
        asked: dict[str, Asked] = {}
        while not stopping.is_set():
            changes = await database.read(changes_since, self.revision, limit=PAGE)
            await taking_turns(self.taking_in(changes, asked))
            if len(changes) < PAGE:
                if loading:
                    self._to_weigh |= {c for c in self._late_chats if self._burdens.get(c, 0.0) <= PUNCTUAL}
                await self._weigh(database)
                if loading and (self.index or self.late):
                    count, taken = len(self.index) + len(self.late), time.monotonic() - started
                    logger.info("%d watches stand after %.1f s", count, taken)
                return True
            await self._weigh(database)
            # What stands is no garbage: looking through a million watches for some would hold the loop for a second.
            gc.freeze()
        return False

    def apply(self, changes: Sequence[WatchChange]) -> None:
        """Takes in all at once what changed since `revision`; no chat becomes late by it, or ceases to be."""
        finish(self.taking_in(changes, {}))

    def taking_in(self, changes: Sequence[WatchChange], asked: dict[str, Asked]) -> Steps[None]:
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

    def _take_in(self, change: WatchChange, asked: dict[str, Asked]) -> None:
        watch, chat = change.watch_id, change.chat_id
        if chat in self._late_chats and self._lane_of(watch) is not None:
            self._to_weigh.add(chat)  # it gives something up
        if change.query is None:
            self._remove(watch)
            return
        known = asked.get(change.query)
        if known is None:
            self._remove(watch)  # whatever becomes of the new query, the old one is no longer asked
            plan = plan_of(parse(change.query))
            self.index.add_plan(watch, plan)
            known = Asked(plan, self.index.cost(watch))
            if len(asked) < _MOST_REMEMBERED:
                asked[change.query] = known
        is_late = chat in self._late_chats
        self._put(watch, known.plan, late=is_late or isinf(known.cost))
        if not isinf(known.cost):
            burden = self._burdens[chat] = self._burdens.get(chat, 0.0) + known.cost
            if burden > ALLOWANCE and not is_late:
                self._to_weigh.add(chat)

    def _put(self, watch: int, plan: Plan, *, late: bool) -> None:
        lane, other = (self.late, self.index) if late else (self.index, self.late)
        other.remove(watch)
        lane.add_plan(watch, plan)

    def _remove(self, watch: int) -> None:
        self.index.remove(watch)
        self.late.remove(watch)

    async def _weigh(self, database: Database) -> None:
        """Moves chats that have become too heavy, or light again."""
        to_weigh = self._to_weigh - self._late_chats
        if len(to_weigh) < len(self._to_weigh) and not await database.read(is_owed):
            to_weigh = set(self._to_weigh)
        for chat in to_weigh:
            watches = await database.read(standing_watches, chat)
            burden = await taking_turns(self._weighing(watches))
            if chat not in self._late_chats and burden > ALLOWANCE:
                await database.write(make_late, chat)
                self._late_chats.add(chat)
                await taking_turns(self._moving(watches, late=True))
            elif chat in self._late_chats and burden <= PUNCTUAL and await database.write(make_punctual, chat):
                self._late_chats.remove(chat)
                await taking_turns(self._moving(watches, late=False))
            self._burdens[chat] = burden
            self._to_weigh.remove(chat)

    def _weighing(self, watches: Iterable[int]) -> Steps[float]:
        """What the watches cost all others that need not be late in any case."""
        burden, turn_ends = 0.0, time.monotonic() + SLICE_S
        for watch in watches:
            if (lane := self._lane_of(watch)) is not None and not isinf(cost := lane.cost(watch)):
                burden += cost
            if time.monotonic() > turn_ends:
                yield
                turn_ends = time.monotonic() + SLICE_S
        return burden

    def _moving(self, watches: Iterable[int], *, late: bool) -> Steps[None]:
        turn_ends = time.monotonic() + SLICE_S
        for watch in watches:
            if (lane := self._lane_of(watch)) is not None:
                self._put(watch, lane.plan(watch), late=late or isinf(lane.cost(watch)))
            if time.monotonic() > turn_ends:
                yield
                turn_ends = time.monotonic() + SLICE_S

    def _lane_of(self, watch: int) -> QueryIndex | None:
        """None for a watch that has yet to be taken in, or that is not understood."""
        return next((lane for lane in (self.index, self.late) if watch in lane), None)

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
