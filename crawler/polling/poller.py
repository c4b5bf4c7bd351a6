"""The poller: what a source says now becomes rows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler.articles import Listed, article_of, listed, news_since
from crawler.entries import Entry, Listing
from crawler.page_reading import PageReader, adopting
from crawler.parsing.pool import ParsingPool
from crawler.polling import outcomes
from crawler.polling.aside import MANY_ENTRIES, aside
from crawler.polling.asking import Asking, Document, Unchanged, Unreadable
from crawler.polling.reports import Counts, PollReport, Progress
from crawler.polling.saving import Harvest, Saver
from crawler.recognition import NewListed, Recognised, may_be_migration, recognise, without_migrated
from crawler.scheduling import Pace, asks_unconditionally
from crawler.web.answers import FetchFailed
from crawler.web.fetching import Fetcher
from monitors.articles import ArticleState, NewArticle
from monitors.outlets import Poll, Source, Validators
from monitors.storage.engine import Database
from monitors.storage.identities import known_articles
from monitors.wakeups import Wakeups

logger = logging.getLogger(__name__)

MOST_OLDER = 3
"""Pages of older entries that are asked for when a document shows nothing we know: after an outage, or a busy hour."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a source shows: the entries of its document and of older ones, and which of them are new."""

    items: Sequence[Listed]
    recognised: Recognised


class Poller:
    """`pace` is the one in force; the service replaces it as the sources change."""

    def __init__(
        self,
        database: Database,
        wakeups: Wakeups,
        fetcher: Fetcher,
        pool: ParsingPool,
        *,
        pace: Pace,
        keep_pages: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._wakeups = wakeups
        self._fetcher = fetcher
        self._pool = pool
        self._asking = Asking(database, fetcher, pool)
        self._keep_pages = keep_pages
        self.pace = pace
        self._now = now

    async def poll(
        self,
        source: Source,
        *,
        progress: Progress | None = None,
        limit: int | None = None,
        crawl_id: int | None = None,
    ) -> PollReport:
        """Polls and saves. Whatever the web does ends up on the source's row; only storage errors are raised.

        With a `limit`, at most so many new articles are taken, and the rest is left to the next poll. `crawl_id` is the
        crawl on demand this poll belongs to. Cancelling it loses nothing: what is saved is saved, the rest is left to
        the next poll.
        """
        daily = asks_unconditionally(source.last_unconditional_at, self._now())
        unconditional = daily or source.validators_broken or source.validators == Validators()
        visit = _Visit(source, self._saver(source, progress, crawl_id), progress or Progress(), unconditional)
        answer = await self._asking.ask(source, unconditional=unconditional)
        if isinstance(answer, Document):
            return await self._take(visit, answer, limit)
        if isinstance(answer, Unchanged):
            return await self._unchanged(visit, answer)
        if isinstance(answer, FetchFailed) and answer.postponed:
            await visit.saver.save(Harvest(), poll=outcomes.postponed(source, answer, now=self._now()))
            return PollReport(Counts(failed=1), error=answer.reason)
        return await self._fail(source, answer)

    async def take_pushed(self, source: Source, listing: Listing, received_at: datetime) -> PollReport:
        """Saves what is new in a document that was pushed to us, whole or in part; `counts.new` says how much.

        Pushes come before the poll that would have shown the same, and after it; either way an article is new once.
        Until its first poll, what a source shows is not known to be new, so a push is left to that poll.
        """
        if source.first_polled_at is None:
            return PollReport(Counts(), silent=True)
        visit = _Visit(source, self._saver(source, None, None), Progress(), unconditional=False)
        items = await _listed(listing.entries, source)
        recognised = await self._recognise(source, items, received_at)
        return PollReport(await self._collect(visit, _Shown(items, recognised), received_at, None))

    async def record_failure(self, source: Source, reason: str) -> PollReport:
        """Puts a failure that is not the web's on the source's row."""
        return await self._fail(source, Unreadable(reason))

    async def _take(self, visit: _Visit, document: Document, limit: int | None) -> PollReport:
        """Saves what is new in a document."""
        source, seen_at = visit.source, document.answer.fetched_at
        first = source.first_polled_at is None
        shown = await self._show(source, document, first=first)
        new = shown.recognised.new
        taken = new if limit is None or first else new[:limit]  # the rest of a first poll would alert later
        visit.progress.found(len(shown.items), len(taken))
        brought = outcomes.Yield(
            appeared=[each.item.entry.published_at for each in taken],
            new=bool(taken),
            known=shown.recognised.known > 0,
            whole=len(taken) == len(new),
        )
        poll = outcomes.success(source, document, brought, unconditional=visit.unconditional, pace=self.pace)
        taken_only = _Shown(shown.items, replace(shown.recognised, new=taken))
        if first:
            await self._archive(visit, taken_only, seen_at, poll)
            return PollReport(Counts(found=len(shown.items)), silent=True)
        return PollReport(await self._collect(visit, taken_only, seen_at, poll))

    async def _show(self, source: Source, document: Document, *, first: bool) -> _Shown:
        """The document's entries, and older ones while nothing we know is among them."""
        entries, older = document.listing.entries, document.listing.older
        items = await _listed(entries, source)
        recognised = await self._recognise(source, items, document.answer.fetched_at)
        for _ in range(MOST_OLDER):
            if first or older is None or recognised.known or not recognised.new:
                break
            page = await self._asking.older(source, older)
            if page is None:
                break
            entries, older = (*entries, *page.entries), page.older
            items = await _listed(entries, source)
            recognised = await self._recognise(source, items, document.answer.fetched_at)
        return _Shown(items, recognised)

    async def _recognise(self, source: Source, items: Sequence[Listed], seen_at: datetime) -> Recognised:
        asked = {number for item in items for number in item.fingerprints}
        known = await self._database.read(known_articles, source.outlet_id, asked)
        recognised = recognise(items, known, source, seen_at=seen_at)
        if not may_be_migration(recognised):
            return recognised
        titles = {new.item.title_key for new in recognised.new if new.item.title_key is not None}
        by_title = await self._database.read(known_articles, source.outlet_id, titles)
        return without_migrated(recognised, by_title, seen_at=seen_at)

    async def _archive(self, visit: _Visit, shown: _Shown, seen_at: datetime, poll: Poll) -> None:
        """Records what was there before us, in silence and without asking for pages."""
        new = shown.recognised.new
        existing = await aside(len(new) > MANY_ENTRIES, _as_they_stand, new, visit.source, seen_at)
        saver = self._saver(visit.source, None, None, state=ArticleState.ARCHIVED)
        await saver.archive(existing, shown.recognised, poll)

    async def _collect(self, visit: _Visit, shown: _Shown, seen_at: datetime, poll: Poll | None) -> Counts:
        pages = PageReader(
            self._fetcher,
            self._pool,
            visit.source,
            seen_at=seen_at,
            database=self._database,
            news_since=news_since(visit.source),
            keep_pages=self._keep_pages,
            failed=visit.progress.failed,
        )
        readings = [
            *(pages.new(new) for new in _oldest_first(shown.recognised.new)),
            *(pages.again(edited) for edited in shown.recognised.edited),
        ]
        counts = await visit.saver.collect(readings, poll=poll, aliases=shown.recognised.aliases)
        return replace(counts, found=len(shown.items))

    async def _unchanged(self, visit: _Visit, answer: Unchanged) -> PollReport:
        visit.progress.found(0, 0)
        poll = outcomes.unchanged(visit.source, answer, unconditional=visit.unconditional, pace=self.pace)
        await visit.saver.save(Harvest(), poll=poll)
        return PollReport(Counts())

    async def _fail(self, source: Source, problem: FetchFailed | Unreadable) -> PollReport:
        logger.info("%s: %s", source.url, problem.reason)
        poll = outcomes.failure(source, problem, now=self._now(), pace=self.pace)
        await self._saver(source, None, None).save(Harvest(), poll=poll)
        return PollReport(Counts(failed=1), error=problem.reason)

    def _saver(
        self,
        source: Source,
        progress: Progress | None,
        crawl_id: int | None,
        *,
        state: ArticleState = ArticleState.PENDING,
    ) -> Saver:
        return Saver(
            self._database,
            self._wakeups,
            source.outlet_id,
            now=self._now,
            progress=progress,
            state=state,
            crawl_id=crawl_id,
        )


@dataclass(frozen=True, slots=True)
class _Visit:
    """A poll under way."""

    source: Source
    saver: Saver
    progress: Progress
    unconditional: bool


async def _listed(entries: Sequence[Entry], source: Source) -> list[Listed]:
    return await aside(len(entries) > MANY_ENTRIES, listed, entries, source)


def _oldest_first(found: Sequence[NewListed]) -> list[NewListed]:
    """As they are to be told; documents list the newest first, more or less."""
    backwards = list(reversed(found))
    if any(each.item.entry.published_at is None for each in found):
        return backwards
    return sorted(backwards, key=_published_at)


def _published_at(found: NewListed) -> datetime:
    assert found.item.entry.published_at is not None
    return found.item.entry.published_at


def _as_they_stand(found: Sequence[NewListed], source: Source, seen_at: datetime) -> list[NewArticle]:
    """The articles as their entries alone tell them."""
    return [adopting(article_of(new.item, source, seen_at=seen_at), new) for new in found]
