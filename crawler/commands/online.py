"""One command's visit to the web: reactor, parsing children, fetcher; ended in order by Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

from crawler.parsing.pool import ParsingPool
from crawler.web.fetching import Fetcher
from crawler.web.reactor import run_in_reactor
from monitors.settings import Settings

T = TypeVar("T")


def run_online(settings: Settings, work: Callable[[Fetcher, ParsingPool], Awaitable[T]]) -> T:
    """Does the work with a fetcher and a parser; what it returns or raises. Once per process."""
    logging.basicConfig(level=logging.ERROR)  # what a person has to know, the command itself says

    async def visit() -> T:
        from crawler.web.session import (  # imports Scrapy's engine, which wants the reactor installed
            parsing,
            with_fetcher,
        )

        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, _cancel_once, task)
        async with parsing() as pool:
            return await with_fetcher(settings, lambda fetcher: work(fetcher, pool))

    try:
        return run_in_reactor(visit)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _cancel_once(task: asyncio.Task[object]) -> None:
    """People press Ctrl-C again while what was begun is being ended in order: that must not be cut short."""
    if not task.cancelling():
        task.cancel()
