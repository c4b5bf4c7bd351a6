"""The one long-lived spider: politeness state lives in a Scrapy crawler, so there is one for the whole service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

Download = Callable[[Request], Awaitable[Response]]
"""One exchange through Scrapy's downloader: no redirects, no retries."""


class RasidSpider(Spider):
    """Lives as long as `work`, which is given the engine's download function and feeds it from the schedule."""

    name = "rasid"

    def __init__(self, work: Callable[[Download], Awaitable[None]] | None = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        if work is None:
            raise ValueError("this spider is fed by the schedule; start it with: rasid run")
        self._work = work

    async def start(self) -> AsyncIterator[Any]:
        await self._work(self.crawler.engine.download_async)
        return
        yield  # makes this the generator Scrapy wants
