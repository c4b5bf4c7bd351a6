"""The pages of one poll: a few at a time, so that no source can take the memory and the parsers from all others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from crawler.articles import Listed, article_of, names_an_article
from crawler.identity import url_fingerprint
from crawler.pages.extraction import Page
from crawler.pages.recurring import recurring_lines
from crawler.parsing.pool import ParserKilled, ParsingFailed, ParsingPool
from crawler.recognition import Edited, NewListed
from crawler.web.answers import UNREACHABLE, Fetched, FetchFailed
from crawler.web.fetching import Fetcher
from monitors.articles import Edit, NewArticle, PageCopy
from monitors.outlets import Source
from monitors.storage.articles import recent_page_texts
from monitors.storage.engine import Connection, Database
from monitors.storage.outlets import time_zone_of

logger = logging.getLogger(__name__)

PAGES_AT_ONCE = 4
"""From asking for a page until it is parsed. A body may have 8 MB, and a feed may list two thousand pages."""

KILLS_BORNE = 3
"""After so many pages that hang or crash their parser, a poll asks for no more: each takes the quick place for half a
second of CPU and then the slow one for 5, or for 30 s of wall time if it hangs without working."""

RETRIES = (timedelta(minutes=5), timedelta(minutes=30))
"""How long after an article was first seen its page is asked for again, if it could not be had for a passing reason."""

RECENT_TEXTS = 20
"""Articles of a source whose texts tell which lines come back. With a prototype, on one set of labelled pages, that
raised F1 from .945 to .952."""
LONGEST_TEXT = 20_000
"""Characters of each that are looked at, so that no outlet makes this take longer than 75 ms; honest ones take 12."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one entry's page; `complete` is False when the page could not be read."""

    found: NewArticle | Edit
    complete: bool


@dataclass(frozen=True, slots=True)
class _Read:
    answer: Fetched
    page: Page


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of a source's pages before one is read: the outlet's time zone (IANA), and lines that come back.

    Texts are remembered without those lines, so a line that comes for good is seen in about three articles of twenty.
    """

    time_zone: str | None = None
    recurring: frozenset[int] = frozenset()


class PageReader:
    """Reads the pages of one poll, at most one of them in a parser: whoever shares the pool comes between two.

    Without a `database` nothing is known of the source's habits. What a section page links to is news if it was
    published or changed after `news_since`. `failed` is told the address of each page that could not be read.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        pool: ParsingPool,
        source: Source,
        *,
        seen_at: datetime,
        database: Database | None = None,
        news_since: datetime | None = None,
        keep_pages: bool = False,
        failed: Callable[[str], None] = lambda url: None,
    ) -> None:
        self._fetcher = fetcher
        self._pool = pool
        self._source = source
        self._seen_at = seen_at
        self._database = database
        self._habits: Habits | None = None
        self._news_since = news_since
        self._keep_pages = keep_pages
        self._failed = failed
        self._places = asyncio.Semaphore(PAGES_AT_ONCE)
        self._parsing = asyncio.Lock()
        self._kills = 0

    async def new(self, new: NewListed) -> Reading:
        """A new article."""
        article, complete = await self.article(new.item)
        return Reading(adopting(article, new), complete)

    async def again(self, edited: Edited) -> Reading:
        """A known article whose entry says something else now."""
        if edited.reads_page:
            article, complete = await self.article(edited.item)
        else:
            article, complete = self._from_entry(edited.item, None), True
        modified_at = article.modified_at or self._seen_at
        return Reading(Edit(edited.known.id, replace(article, modified_at=modified_at)), complete)

    async def article(self, item: Listed) -> tuple[NewArticle, bool]:
        """The article, and whether its page could be read. Never fails: the entry's own text serves if need be."""
        if item.entry.complete:
            return self._from_entry(item, None), True
        if item.url is None:
            return self._from_entry(item, "The feed names no page of its own."), True
        try:
            async with self._places:
                answer = await self._page(item.url)
            if isinstance(answer, _Read):
                return self._from_page(item, answer), True
            reason, passing = answer.reason, _is_passing(answer)
        except (ParserKilled, ParsingFailed) as error:
            reason, passing = str(error), isinstance(error, ParserKilled)
        except Exception:  # a mistake of ours must not cost the article, nor those listed beside it
            logger.exception("the page %s could not be read", item.url)
            reason, passing = "", False
        self._failed(item.url)
        article = self._from_entry(item, f"Page not read: {reason}" if reason else "Page not read; see Rasid's log.")
        retry_at = next_retry(self._seen_at, self._seen_at) if passing else None
        return replace(article, retry_at=retry_at), False

    async def _page(self, url: str) -> _Read | FetchFailed:
        self._refuse_after_kills()
        answer = await self._fetcher.fetch_page(url)
        if isinstance(answer, FetchFailed):
            return answer
        async with self._parsing:
            self._refuse_after_kills()
            try:
                habits = await self._known_habits()
                page = await self._pool.extract_article(
                    answer.body,
                    url=answer.url,
                    content_type=answer.content_type,
                    time_zone=habits.time_zone,
                    seen_at=self._seen_at,
                    recurring=habits.recurring,
                )
            except ParserKilled:
                self._kills += 1
                raise
        return _Read(answer, page)

    async def _known_habits(self) -> Habits:
        """Asked for once, when there is a page to be read."""
        if self._habits is None:
            self._habits = await self._database.read(habits_of, self._source) if self._database else Habits()
        return self._habits

    def _refuse_after_kills(self) -> None:
        if self._kills >= KILLS_BORNE:
            raise ParsingFailed("Other pages of this source could not be read safely.")

    def _from_page(self, item: Listed, read: _Read) -> NewArticle:
        article = article_of(item, self._source, seen_at=self._seen_at, page=read.page, news_since=self._news_since)
        article = replace(article, page_keys=_redirected(item, read.answer))
        if not self._keep_pages:
            return article
        answer = read.answer
        return replace(article, page=PageCopy(answer.url, answer.content_type, answer.fetched_at, answer.body))

    def _from_entry(self, item: Listed, note: str | None) -> NewArticle:
        return article_of(item, self._source, seen_at=self._seen_at, note=note)


def habits_of(connection: Connection, source: Source) -> Habits:
    texts = recent_page_texts(connection, source.id, limit=RECENT_TEXTS, longest=LONGEST_TEXT)
    return Habits(time_zone_of(connection, source.outlet_id), recurring_lines(texts))


def _redirected(item: Listed, answer: Fetched) -> tuple[int, ...]:
    """The address a page is really at: one source links to it through a counter, another one directly."""
    key = url_fingerprint(answer.url)
    return (key,) if key not in item.fingerprints and names_an_article(answer.url) else ()


def adopting(article: NewArticle, new: NewListed) -> NewArticle:
    """The article with the identities it takes over, which therefore do not tell whether it is new."""
    own = tuple(number for number in article.fingerprints if number not in new.adopted)
    return replace(article, fingerprints=own, adopted=new.adopted)


def next_retry(first_seen_at: datetime, now: datetime) -> datetime | None:
    """When a page that could not be had is asked for again; None when it has been asked for often enough."""
    return next((first_seen_at + wait for wait in RETRIES if first_seen_at + wait > now), None)


def _is_passing(failure: FetchFailed) -> bool:
    """Whether the page may well be there in a few minutes."""
    if failure.status is None:
        return failure.postponed or failure.reason == UNREACHABLE
    return failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR or failure.status == HTTPStatus.TOO_MANY_REQUESTS
