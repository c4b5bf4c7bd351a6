"""A back-fill: what an outlet published since a day, read from its archives into ours.

Bounded in lists and articles, one list and a few pages at a time: the past can wait. Nothing is kept of how far it is:
taken up again after a crash, it reads the lists anew, and whatever is saved is known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from crawler.articles import listed
from crawler.demand.archives import archives_of, first_address, is_deep, is_within, next_addresses
from crawler.demand.tally import Tally
from crawler.discovery import discover
from crawler.entries import Listing
from crawler.page_reading import PageReader, Reading
from crawler.parsing.pool import ParsingPool
from crawler.polling.asking import Asking, Unreadable
from crawler.polling.saving import Harvest, Saver
from crawler.recognition import recognise
from crawler.web.answers import Fetched
from crawler.web.fetching import Fetcher
from monitors.articles import ArticleState, NewArticle
from monitors.errors import OutletError, UsageError
from monitors.outlets import NewSource, Outlet, Source, SourceKind
from monitors.requests import Trouble
from monitors.storage.engine import Database
from monitors.storage.identities import known_articles
from monitors.storage.outlets import sources_of
from monitors.wakeups import Wakeups

MOST_ARTICLES = 2_000
MOST_LISTS = 50
PAGES_AT_ONCE = 3
LISTS_PAUSE_S = 1.0
"""Between two lists of one outlet, beside what its host asks for."""


@dataclass(slots=True)
class Backfill:
    """One outlet's. With `alerts` what it finds is matched like news, without it only archived."""

    database: Database
    wakeups: Wakeups
    fetcher: Fetcher
    pool: ParsingPool
    since: datetime
    alerts: bool
    tally: Tally
    now: Callable[[], datetime]
    keep_pages: bool = False
    most_articles: int = MOST_ARTICLES
    pause_s: float = LISTS_PAUSE_S
    lists: int = field(default=0, init=False)
    articles: int = field(default=0, init=False)

    async def run(self, outlet: Outlet) -> Trouble | None:
        """Fills in; why nothing could come of it, if nothing could."""
        sources = [source for source in await self.database.read(sources_of, outlet.id) if source.active]
        if not sources:
            return Trouble.NOTHING_THERE
        further = [] if any(is_deep(source.kind) for source in sources) else await self._look_for_archives(outlet)
        for source in archives_of(sources, further):
            await self._walk(source)
        return Trouble.NOTHING_THERE if self.lists == 0 else None

    async def _look_for_archives(self, outlet: Outlet) -> list[NewSource]:
        """What is not polled because it lists nothing new may hold the past."""
        try:
            found = await discover(outlet.homepage, self.fetcher, self.pool, with_preview=False)
        except (UsageError, OutletError):
            return []
        return [each.source for each in found.found if is_deep(each.source.kind) and each.listing is not None]

    async def _walk(self, source: Source) -> None:
        """From the newest list of a source into its past, which ends where two lists in a row are too old."""
        waiting = [first_address(source, self.since)]
        seen = set(waiting)
        too_old = 0
        while waiting and too_old < 2 and self.lists < MOST_LISTS and self.articles < self.most_articles:
            listing = await self._list(source, waiting.pop(0), first=len(seen) == 1)
            if listing is None:
                continue
            await self._take(source, listing)
            following = [address for address in next_addresses(listing, self.since) if address not in seen]
            seen.update(following)
            waiting.extend(following)
            older = bool(listing.entries) and not any(is_within(entry, self.since) for entry in listing.entries)
            too_old = too_old + 1 if older else 0
            await asyncio.sleep(self.pause_s if waiting else 0)

    async def _list(self, source: Source, address: str, *, first: bool) -> Listing | None:
        answer = await self.fetcher.fetch_feed(address)
        asking = Asking(self.database, self.fetcher, self.pool)
        listing = await asking.read(source, answer) if isinstance(answer, Fetched) else None
        if listing is None or isinstance(listing, Unreadable):
            if first or source.kind is not SourceKind.WORDPRESS:  # there, the page after the last one is an error
                self.tally.failed(address)
            return None
        self.lists += 1
        return listing

    async def _take(self, source: Source, listing: Listing) -> None:
        """Saves what the outlet has not shown, of the days that are wanted."""
        now = self.now()
        items = listed([entry for entry in listing.entries if is_within(entry, self.since)], source)
        self.tally.found(len(items), 0)
        asked = {number for item in items for number in item.fingerprints}
        known = await self.database.read(known_articles, source.outlet_id, asked)
        new = recognise(items, known, source, seen_at=now).new[: self.most_articles - self.articles]
        pages = PageReader(
            self.fetcher,
            self.pool,
            source,
            seen_at=now,
            database=self.database,
            keep_pages=self.keep_pages,
            failed=self.tally.failed,
        )
        saver = Saver(
            self.database,
            self.wakeups,
            source.outlet_id,
            now=self.now,
            progress=self.tally,
            state=ArticleState.PENDING if self.alerts else ArticleState.ARCHIVED,
            crawl_id=self.tally.crawl_id,
        )
        for start in range(0, len(new), PAGES_AT_ONCE):
            some = new[start : start + PAGES_AT_ONCE]
            readings = await asyncio.gather(*(pages.new(each) for each in some))
            counts = await saver.save(Harvest([article for each in readings if (article := self._wanted(each))]))
            self.articles += counts.new

    def _wanted(self, reading: Reading) -> NewArticle | None:
        """The article; None for one that turns out to be from before."""
        article = reading.found
        assert isinstance(article, NewArticle)
        return article if article.published_at is None or article.published_at >= self.since else None
