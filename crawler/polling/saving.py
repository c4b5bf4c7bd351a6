"""T1: articles, edits and identities, and what the poll learnt, in one transaction; then the wake-ups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.page_reading import Reading
from crawler.polling.reports import Counts, Progress
from crawler.recognition import Recognised
from monitors.articles import Alias, ArticleState, Edit, NewArticle
from monitors.outlets import Poll
from monitors.storage.articles import save
from monitors.storage.edits import save_edits
from monitors.storage.endings import tell_gone
from monitors.storage.engine import Connection, Database
from monitors.storage.identities import learn_aliases
from monitors.wakeups import ARTICLES, DELIVERIES, Wakeups

CHUNK = 50
"""Articles per transaction at most: the writer is shared."""


@dataclass(frozen=True, slots=True)
class Harvest:
    """What goes into one transaction."""

    articles: Sequence[NewArticle] = ()
    edits: Sequence[Edit] = ()
    aliases: Sequence[Alias] = ()


class Saver:
    """Saves for one outlet. `state` is what new articles begin as, `crawl_id` the crawl on demand that found them."""

    def __init__(
        self,
        database: Database,
        wakeups: Wakeups,
        outlet_id: int,
        *,
        now: Callable[[], datetime],
        progress: Progress | None = None,
        state: ArticleState = ArticleState.PENDING,
        crawl_id: int | None = None,
    ) -> None:
        self._database = database
        self._wakeups = wakeups
        self._outlet_id = outlet_id
        self._now = now
        self._progress = progress or Progress()
        self._state = state
        self._crawl_id = crawl_id

    async def save(self, harvest: Harvest, *, poll: Poll | None = None) -> Counts:
        """How many articles were new, and how many edited, for the world to be told of."""
        now = self._now()

        def save_all(connection: Connection) -> tuple[list[int], list[int], int]:
            saved = save(connection, harvest.articles, now=now, state=self._state, poll=poll, crawl_id=self._crawl_id)
            learn_aliases(connection, self._outlet_id, harvest.aliases)
            edited = save_edits(connection, harvest.edits)
            return saved, edited, tell_gone(connection, poll.source_id, now=now) if poll and poll.gone else 0

        saved, edited, told = await self._database.write(save_all)
        if told:
            self._wakeups.kick(DELIVERIES)
        if edited or (saved and self._state is ArticleState.PENDING):
            self._wakeups.kick(ARTICLES)
        if saved:
            self._progress.saved(saved)
        return Counts(new=len(saved), edited=len(edited))

    async def archive(self, existing: Sequence[NewArticle], recognised: Recognised, poll: Poll | None) -> None:
        """Saves what needs no page, chunk by chunk, the poll with the last."""
        *chunks, last = [existing[start : start + CHUNK] for start in range(0, max(len(existing), 1), CHUNK)]
        for chunk in chunks:
            await self.save(Harvest(chunk))
        await self.save(Harvest(last, aliases=recognised.aliases), poll=poll)

    async def collect(
        self, readings: Sequence[Coroutine[Any, Any, Reading]], *, poll: Poll | None, aliases: Sequence[Alias] = ()
    ) -> Counts:
        """Saves articles as their pages come in, what comes at once in the order of `readings`, and the poll with the
        last of them."""
        places = {asyncio.create_task(reading): place for place, reading in enumerate(readings)}
        pending = set(places)
        ready: list[NewArticle | Edit] = []
        new = failed = edited = 0
        try:
            while pending:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                arrived = [task.result() for task in sorted(done, key=places.__getitem__)]
                ready += [reading.found for reading in arrived]
                failed += sum(not reading.complete for reading in arrived)
                while ready and (pending or len(ready) > CHUNK):
                    saved = await self.save(_harvest(ready[:CHUNK]))
                    new, edited = new + saved.new, edited + saved.edited
                    del ready[:CHUNK]
        finally:
            for task in pending:
                task.cancel()
        if not ready and not aliases and poll is None:
            return Counts(new=new, failed=failed, edited=edited)
        saved = await self.save(_harvest(ready, aliases), poll=poll)
        return Counts(new=new + saved.new, failed=failed, edited=edited + saved.edited)


def _harvest(found: Sequence[NewArticle | Edit], aliases: Sequence[Alias] = ()) -> Harvest:
    return Harvest(
        articles=[each for each in found if isinstance(each, NewArticle)],
        edits=[each for each in found if isinstance(each, Edit)],
        aliases=aliases,
    )
