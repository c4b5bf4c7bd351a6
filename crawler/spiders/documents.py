"""`scrapy crawl article -a url=…` and `scrapy crawl feed -a url=…`: one document, read as the service reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from scrapy import Spider

from crawler.parsing.pool import ParsingPool
from crawler.web.answers import Fetched, FetchFailed
from crawler.web.fetching import Fetcher
from crawler.web.session import fetcher, parsing


class _DocumentSpider(Spider):
    """Fetches one address and yields what it holds."""

    def __init__(self, url: str | None = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        if not url:
            raise ValueError(f"which address? scrapy crawl {self.name} -a url=https://…")
        self.url = url

    async def start(self) -> AsyncIterator[Any]:
        web = fetcher(self.settings["RASID_SETTINGS"], self.crawler.engine.download_async)
        async with parsing() as pool:
            answer = await self.fetch(web)
            if isinstance(answer, Fetched):
                for item in await self.read(answer, pool):
                    yield item
            else:
                self.logger.error("%s: %s", self.url, answer.reason)

    async def fetch(self, web: Fetcher) -> Fetched | FetchFailed:
        return await web.fetch_page(self.url)

    async def read(self, answer: Fetched, pool: ParsingPool) -> list[dict[str, Any]]:
        raise NotImplementedError


class ArticleSpider(_DocumentSpider):
    """A page → its article."""

    name = "article"

    async def read(self, answer: Fetched, pool: ParsingPool) -> list[dict[str, Any]]:
        page = await pool.extract_article(answer.body, url=answer.url, content_type=answer.content_type)
        return [{"url": answer.url, **asdict(page)}]


class FeedSpider(_DocumentSpider):
    """A feed → its entries."""

    name = "feed"

    async def fetch(self, web: Fetcher) -> Fetched | FetchFailed:
        answer = await web.fetch_feed(self.url)
        assert isinstance(answer, Fetched | FetchFailed)  # an unconditional request is never "not modified"
        return answer

    async def read(self, answer: Fetched, pool: ParsingPool) -> list[dict[str, Any]]:
        feed = await pool.read_listing(answer.body, url=answer.url, content_type=answer.content_type)
        return [asdict(entry) for entry in feed.entries]
