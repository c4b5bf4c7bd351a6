"""Everything about hubs, running beside the polls, where the operator has given a public address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from crawler.hubs.callbacks import PATH, Callbacks
from crawler.hubs.receiving import Receiver, Take
from crawler.hubs.subscribing import Subscriber
from crawler.parsing.pool import ParsingPool
from crawler.web.fetching import Fetcher
from monitors.settings import WebSettings
from monitors.storage.engine import Database

logger = logging.getLogger(__name__)

_KEEPALIVE_S = 15.0


@asynccontextmanager
async def listening(settings: WebSettings, database: Database, receiver: Receiver) -> AsyncIterator[int]:
    """The server for hubs; its port. Raises OSError when the address is taken or not ours."""
    runner = web.AppRunner(
        Callbacks(database, receiver).application(),
        access_log=None,
        handle_signals=False,
        auto_decompress=False,
        keepalive_timeout=_KEEPALIVE_S,
    )
    await runner.setup()
    try:
        host, port = settings.listen_address
        await web.TCPSite(runner, host, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def serve_hubs(
    settings: WebSettings, database: Database, fetcher: Fetcher, pool: ParsingPool, take: Take
) -> None:
    """Asks hubs and receives what they push, until cancelled. Does nothing without a public address."""
    if settings.public_url is None:
        return
    public_url = settings.public_url
    receiver = Receiver(database, pool, take)
    try:
        async with listening(settings, database, receiver), asyncio.TaskGroup() as group:
            subscriber = Subscriber(database, fetcher, lambda token: f"{public_url}{PATH}{token}")
            group.create_task(subscriber.run())
            group.create_task(receiver.run())
    except OSError as error:
        logger.error(
            "hubs cannot reach us, so everything is polled only: %s cannot be listened on (%s); see web.listen",
            settings.listen,
            error.strerror,
        )
