"""One poll of one source: fetch → parse → new entries → pages → articles → save.

Articles are saved as their pages come in (T1), so a slow page delays no other; what the poll learnt about the source
(validators, body hash, next due time) is written with the last of them. A crash in between polls again, and the
fingerprints know what is saved already.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler.articles import Listed, article_of, listed
from crawler.entries import Listing, NotAListing
from crawler.page_reading import PageReader
from crawler.parsing.pool import ParserKilled, ParsingFailed, ParsingPool
from crawler.scheduling import (
    Pace,
    ServerWord,
    after_closure,
    after_failure,
    after_success,
    asks_unconditionally,
    freshness_s,
)
from crawler.web.fetching import Fetched, Fetcher, FetchFailed, NotModified
from monitors.articles import ArticleState, NewArticle
from monitors.outlets import Poll, PollReason, Source, Validators
from monitors.rates import RateEstimate, learn
from monitors.storage.articles import known_fingerprints, save
from monitors.storage.crawls import CrawlCounts, count_poll
from monitors.storage.engine import Connection, Database
from monitors.wakeups import ARTICLES, DELIVERIES, Wakeups

logger = logging.getLogger(__name__)

CHUNK = 50
"""Articles per transaction at most: the writer is shared."""


class Progress:
    """Whoever wants to see a poll happen overrides these."""

    def found(self, entries: int, new: int) -> None:
        """The document has been read."""

    def saved(self, article_ids: Sequence[int]) -> None:
        """These articles are in the database."""


@dataclass(frozen=True, slots=True)
class PollReport:
    """`error` is in words; None when the poll worked. `silent` says that it only recorded what was there."""

    counts: CrawlCounts
    error: str | None = None
    silent: bool = False


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
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._wakeups = wakeups
        self._fetcher = fetcher
        self._pool = pool
        self.pace = pace
        self._now = now

    async def poll(self, source: Source, *, progress: Progress | None = None, limit: int | None = None) -> PollReport:
        """Polls and saves. Whatever the web does ends up on the source's row; only storage errors are raised.

        With a `limit`, at most so many new articles are taken, and the rest is left to the next poll.
        """
        unconditional = asks_unconditionally(source.last_unconditional_at, self._now())
        validators = Validators() if unconditional else source.validators
        answer = await self._fetcher.fetch_feed(source.url, validators=validators)
        if isinstance(answer, FetchFailed) and answer.postponed:
            return await self._postpone(source, answer)
        if isinstance(answer, FetchFailed):
            return await self.record_failure(source, answer.reason, answer=answer)
        visit = _Visit(source, answer, progress or Progress(), unconditional=validators == Validators())
        if isinstance(answer, NotModified):
            return await self._unchanged(visit, None)
        body_hash = hash_of(answer.body)
        if body_hash == source.body_hash:
            return await self._unchanged(visit, answer.validators)
        try:
            feed = await self._pool.read_listing(answer.body, url=answer.url, content_type=answer.content_type)
        except ParserKilled as error:
            return await self.record_failure(source, f"The document could not be read safely: {error}", strike=True)
        except (ParsingFailed, NotAListing) as error:
            return await self.record_failure(source, str(error))
        return await self._take(visit, feed, answer, body_hash, limit)

    async def _take(
        self, visit: _Visit, feed: Listing, answer: Fetched, body_hash: str, limit: int | None
    ) -> PollReport:
        """Saves what is new in a document."""
        source = visit.source
        items = listed(feed.entries, source)
        new, moved = await self._unknown(source, items)
        first = source.first_polled_at is None
        taken = new if limit is None or first else new[:limit]  # the rest of a first poll would alert later
        visit.progress.found(len(items), len(taken))
        shown = [item.entry.published_at for item in (items if first else taken)]
        poll = self._success(
            visit,
            rate=learn(source.rate, shown, now=answer.fetched_at),
            ttl_s=feed.ttl_s or 0.0,
            new_at=answer.fetched_at if taken else None,
            validators=answer.validators if len(taken) == len(new) else None,
            body_hash=body_hash if len(taken) == len(new) else None,
        )
        known = [article_of(item, source, seen_at=answer.fetched_at) for item in moved]
        if first:
            existing = [article_of(item, source, seen_at=answer.fetched_at) for item in taken]
            return await self._archive(source, existing + known, poll, found=len(items))
        return PollReport(await self._collect(visit, taken, known, poll, found=len(items)))

    async def _unknown(self, source: Source, items: Sequence[Listed]) -> tuple[list[Listed], list[Listed]]:
        """What the outlet has never shown, and what it has shown under one of its identities only."""
        asked = {number for item in items for number in item.fingerprints}
        known = await self._database.read(known_fingerprints, source.outlet_id, asked)
        new = [item for item in items if known.isdisjoint(item.fingerprints)]
        half = [item for item in items if 0 < len(known.intersection(item.fingerprints)) < len(item.fingerprints)]
        return new, half

    async def _archive(self, source: Source, existing: Sequence[NewArticle], poll: Poll, *, found: int) -> PollReport:
        """Records what was there before us, in silence and without asking for pages."""
        *chunks, last = _chunks(existing)
        for chunk in chunks:
            await self._save(source, chunk, state=ArticleState.ARCHIVED)
        counts = CrawlCounts(found=found)
        await self._save(source, last, state=ArticleState.ARCHIVED, poll=poll, counts=counts)
        return PollReport(counts, silent=True)

    async def _collect(
        self, visit: _Visit, items: Sequence[Listed], known: Sequence[NewArticle], poll: Poll, *, found: int
    ) -> CrawlCounts:
        """Saves new articles as their pages come in, whichever comes first."""
        pages = PageReader(self._fetcher, self._pool, visit.source, seen_at=visit.answer.fetched_at)
        pending = {asyncio.create_task(pages.article(item)) for item in items}
        ready = list(known)
        new = failed = 0
        try:
            while pending:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                arrived = [task.result() for task in done]
                ready += [article for article, _ in arrived]
                failed += sum(not complete for _, complete in arrived)
                while ready and (pending or len(ready) > CHUNK):
                    new += await self._save(visit.source, ready[:CHUNK], progress=visit.progress)
                    del ready[:CHUNK]
        finally:
            for task in pending:
                task.cancel()
        counts = CrawlCounts(found=found, new=new, failed=failed)
        new += await self._save(visit.source, ready, poll=poll, counts=counts, progress=visit.progress)
        return replace(counts, new=new)

    async def _unchanged(self, visit: _Visit, validators: Validators | None) -> PollReport:
        visit.progress.found(0, 0)
        rate = learn(visit.source.rate, (), now=visit.answer.fetched_at) if visit.source.rate is not None else None
        poll = self._success(visit, rate=rate, ttl_s=None, validators=validators, body_hash=None)
        await self._save(visit.source, (), poll=poll, counts=CrawlCounts())
        return PollReport(CrawlCounts())

    def _success(
        self,
        visit: _Visit,
        *,
        rate: RateEstimate | None,
        ttl_s: float | None,
        validators: Validators | None,
        body_hash: str | None,
        new_at: datetime | None = None,
    ) -> Poll:
        source, answer = visit.source, visit.answer
        document_ttl_s = ttl_s if ttl_s is not None else source.ttl_s  # an unchanged one says what it said before
        word = ServerWord(freshness_s(answer.headers, answer.fetched_at), document_ttl_s or 0.0, answer.crawl_delay_s)
        due = after_success(source, now=answer.fetched_at, word=word, pace=self.pace, rate=rate)
        return Poll(
            source_id=source.id,
            polled_at=answer.fetched_at,
            next_poll_at=due.at,
            reason=due.reason,
            validators=validators,
            body_hash=body_hash,
            unconditional=visit.unconditional,
            rate=rate if rate is not source.rate else None,
            ttl_s=ttl_s,
            new_at=new_at,
        )

    async def _postpone(self, source: Source, answer: FetchFailed) -> PollReport:
        """The source is due again when its host may be asked again. It has not failed, so it does not back off."""
        now = self._now()
        due = after_closure(now, answer.retry_after_s)
        poll = Poll(source_id=source.id, polled_at=now, next_poll_at=due.at, reason=due.reason, postponed=True)
        counts = CrawlCounts(failed=1)
        await self._save(source, (), poll=poll, counts=counts)
        return PollReport(counts, error=answer.reason)

    async def record_failure(
        self, source: Source, reason: str, *, answer: FetchFailed | None = None, strike: bool = False
    ) -> PollReport:
        """Puts the failure and the next attempt on the source's row."""
        logger.info("%s: %s", source.url, reason)
        now = self._now()
        retry_after_s = answer.retry_after_s if answer is not None else None
        due = after_failure(source, now=now, pace=self.pace, retry_after_s=retry_after_s, strike=strike)
        gone = answer is not None and answer.gone
        poll = Poll(
            source_id=source.id,
            polled_at=now,
            next_poll_at=due.at,
            reason=PollReason.GONE if gone else due.reason,
            succeeded=False,
            error=reason,
            strike=strike,
            gone=gone,
        )
        counts = CrawlCounts(failed=1)
        await self._save(source, (), poll=poll, counts=counts)
        return PollReport(counts, error=reason)

    async def _save(
        self,
        source: Source,
        found: Sequence[NewArticle],
        *,
        state: ArticleState = ArticleState.PENDING,
        poll: Poll | None = None,
        counts: CrawlCounts | None = None,
        progress: Progress | None = None,
    ) -> int:
        """T1, then the wake-ups. `counts` are the poll's so far. How many articles were new."""
        now = self._now()
        alerting = state is ArticleState.PENDING

        def save_all(connection: Connection) -> tuple[list[int], int]:
            saved = save(connection, found, now=now, state=state, poll=poll)
            if counts is None:
                return saved, 0
            final = replace(counts, new=counts.new + len(saved) * alerting)
            return saved, count_poll(connection, source.outlet_id, final, now=now)

        saved, crawls_ended = await self._database.write(save_all)
        if saved and alerting:
            self._wakeups.kick(ARTICLES)
        if crawls_ended:
            self._wakeups.kick(DELIVERIES)
        if saved and progress is not None:
            progress.saved(saved)
        return len(saved)


@dataclass(frozen=True, slots=True)
class _Visit:
    """A poll under way, once the server has answered."""

    source: Source
    answer: Fetched | NotModified
    progress: Progress
    unconditional: bool


def hash_of(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _chunks(found: Sequence[NewArticle]) -> list[Sequence[NewArticle]]:
    """At least one, possibly empty: the last carries what the poll learnt."""
    return [found[start : start + CHUNK] for start in range(0, max(len(found), 1), CHUNK)]
