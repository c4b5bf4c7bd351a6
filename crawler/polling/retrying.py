"""Pages that could not be had for a passing reason are asked for again, minutes later, without waiting for a poll.

When is a column of the article, so a restart forgets none. What such a page adds is an edit like any other: chats are
told whose watches meet the page and did not meet the entry's own text.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from crawler.articles import Listed, news_since
from crawler.entries import Entry
from crawler.page_reading import PageReader, next_retry
from crawler.parsing.pool import ParsingPool
from crawler.polling.saving import Harvest, Saver
from crawler.web.fetching import Fetcher
from monitors.articles import Edit, Lacking
from monitors.storage.edits import lacking_pages
from monitors.storage.engine import Database
from monitors.wakeups import Wakeups

logger = logging.getLogger(__name__)

SWEEP_S = 30.0
AT_ONCE = 20
"""Articles looked at in one sweep; of each source a few pages at a time."""


class PageRetries:
    def __init__(
        self,
        database: Database,
        wakeups: Wakeups,
        fetcher: Fetcher,
        pool: ParsingPool,
        *,
        keep_pages: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._wakeups = wakeups
        self._fetcher = fetcher
        self._pool = pool
        self._keep_pages = keep_pages
        self._now = now

    async def run(self) -> None:
        """Asks for what is due, for ever."""
        while True:
            try:
                await self.ask_again()
            except Exception:
                logger.exception("pages cannot be asked for again; they wait")
            await asyncio.sleep(SWEEP_S)

    async def ask_again(self) -> int:
        """Asks for the pages that are due; how many articles were looked at."""
        due = await self._database.read(lacking_pages, now=self._now(), limit=AT_ONCE)
        readers: dict[int, PageReader] = {}
        for lacking in due:
            source = lacking.source
            if source.id not in readers:
                readers[source.id] = PageReader(
                    self._fetcher,
                    self._pool,
                    source,
                    seen_at=self._now(),
                    database=self._database,
                    news_since=news_since(source),
                    keep_pages=self._keep_pages,
                )
        await asyncio.gather(*(self._ask(lacking, readers[lacking.source.id]) for lacking in due))
        return len(due)

    async def _ask(self, lacking: Lacking, reader: PageReader) -> None:
        article, complete = await reader.article(_as_listed(lacking))
        retry_at = None if complete else next_retry(lacking.first_seen_at, self._now())
        saver = Saver(self._database, self._wakeups, lacking.source.outlet_id, now=self._now)
        await saver.save(Harvest(edits=[Edit(lacking.article_id, replace(article, retry_at=retry_at))]))


def _as_listed(lacking: Lacking) -> Listed:
    """The article as its entry told it."""
    entry = Entry(
        guid=lacking.guid,
        url=lacking.url,
        title=lacking.title,
        summary=lacking.summary,
        text=lacking.text,
        author=", ".join(lacking.authors) or None,
        published_at=lacking.published_at,
        image_url=lacking.image_url,
        tags=lacking.tags,
        modified_at=lacking.modified_at,
    )
    return Listed(
        entry=entry,
        url=lacking.url,
        canonical_url=lacking.canonical_url,
        guid_key=None,
        url_key=None,
        title_key=None,
        entry_hash=lacking.entry_hash,
    )
