"""What people have looked up – searches, back-tests, explanations – bounded: it takes up to a second or two each time.

Two are worked on at once, so that readers are left for everything else; of one person one at a time; and a person may
have so many an hour.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakValueDictionary

from monitors.storage.engine import Connection, Database

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 2
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class TooMany:
    """A person has had all that one may have in an hour; there is room for another one in so many seconds."""

    most: int
    again_in_s: float


class Lookups:
    """All that are worked on, and what each person had within the last hour; a restart forgets that."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._room = asyncio.Semaphore(AT_ONCE)
        self._lanes: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._had: dict[int, deque[float]] = {}

    def take(self, person_id: int, most: int | None) -> TooMany | None:
        """Counts one more; unless it is one too many."""
        now = self._clock()
        self._had = {who: had for who, had in self._had.items() if had[-1] > now - HOUR_S}
        had = self._had.get(person_id, deque())
        while had and had[0] <= now - HOUR_S:
            had.popleft()
        if most is not None and len(had) >= most:
            return TooMany(most, had[0] + HOUR_S - now if had else HOUR_S)
        had.append(now)
        self._had[person_id] = had
        return None

    def had(self, person_id: int) -> int:
        """How many a person had within the last hour; asked from any thread."""
        since = self._clock() - HOUR_S
        return sum(at > since for at in list(self._had.get(person_id, ())))

    async def read(
        self, person_id: int, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What it finds. Cancelled while it works, it keeps its place until it is done: a thread cannot be stopped."""
        lane = self._lanes.setdefault(person_id, asyncio.Lock())
        await lane.acquire()
        try:
            await self._room.acquire()
        except BaseException:
            lane.release()
            raise
        working = asyncio.ensure_future(self._database.read(work, *args, **kwargs))
        working.add_done_callback(partial(self._done, lane))
        return await asyncio.shield(working)

    def _done(self, lane: asyncio.Lock, _: asyncio.Future[T]) -> None:
        self._room.release()
        lane.release()
