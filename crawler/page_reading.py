"""The pages of one poll: a few at a time, so that no source can take the memory and the parsers from all others."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from crawler.articles import Listed, article_of
from crawler.parsing.pool import ParserKilled, ParsingFailed, ParsingPool
from crawler.web.fetching import Fetcher, FetchFailed
from monitors.articles import NewArticle
from monitors.outlets import Source

logger = logging.getLogger(__name__)

PAGES_AT_ONCE = 4
"""From asking for a page until it is parsed. A body may have 8 MB, and a feed may list two thousand pages."""

KILLS_BORNE = 3
"""After so many pages that hang or crash their parser, a poll asks for no more: each takes it for up to 8 s."""


class PageReader:
    """Reads the pages of one poll, at most one of them in a parser: whoever shares the pool comes between two."""

    def __init__(self, fetcher: Fetcher, pool: ParsingPool, source: Source, *, seen_at: datetime) -> None:
        self._fetcher = fetcher
        self._pool = pool
        self._source = source
        self._seen_at = seen_at
        self._places = asyncio.Semaphore(PAGES_AT_ONCE)
        self._parsing = asyncio.Lock()
        self._kills = 0

    async def article(self, item: Listed) -> tuple[NewArticle, bool]:
        """The article, and whether its page could be read. Never fails: the entry's own text serves if need be."""
        if item.url is None:
            return self._from_entry(item, "The feed names no page."), True
        try:
            async with self._places:
                return await self._from_page(item, item.url)
        except (ParserKilled, ParsingFailed) as error:
            return self._from_entry(item, f"Page not read: {error}"), False
        except Exception:  # a mistake of ours must not cost the article, nor those listed beside it
            logger.exception("the page %s could not be read", item.url)
            return self._from_entry(item, "Page not read; see Rasid's log."), False

    async def _from_page(self, item: Listed, url: str) -> tuple[NewArticle, bool]:
        self._refuse_after_kills()
        answer = await self._fetcher.fetch_page(url)
        if isinstance(answer, FetchFailed):
            return self._from_entry(item, f"Page not read: {answer.reason}"), False
        async with self._parsing:
            self._refuse_after_kills()
            try:
                page = await self._pool.extract_article(answer.body, url=answer.url, content_type=answer.content_type)
            except ParserKilled:
                self._kills += 1
                raise
        return article_of(item, self._source, seen_at=self._seen_at, page=page), True

    def _refuse_after_kills(self) -> None:
        if self._kills >= KILLS_BORNE:
            raise ParsingFailed("Other pages of this source could not be read safely.")

    def _from_entry(self, item: Listed, note: str) -> NewArticle:
        return article_of(item, self._source, seen_at=self._seen_at, note=note)
