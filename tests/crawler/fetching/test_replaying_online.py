"""The replayed histories once more, a short one, through the real client and real parsing children."""

from __future__ import annotations

import random

import pytest
from aiohttp import web

from crawler.web.fetching import Fetcher
from crawler.web.session import parsing
from monitors.storage.engine import Database
from tests.crawler.fetching.conftest import Reactor
from tests.crawler.replay.history import History
from tests.crawler.replay.player import Player
from tests.crawler.replay.test_replaying import begin, replay, show


def test_a_history_over_real_sockets_and_real_parsing_children(
    reactor: Reactor, sqlite_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    history = History(random.Random(5))

    async def answer(request: web.Request) -> web.Response:
        reply = history.answer(request.path, request.headers)
        return web.Response(status=reply.status, body=reply.body, headers=dict(reply.headers))

    async def work(fetcher: Fetcher) -> Player:
        app = web.Application()
        app.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port, *_ = runner.addresses[0]
        history.base = f"http://{host}:{port}"
        try:
            async with parsing() as pool:
                player = await begin(Player.begin(history, sqlite_database, fetcher, pool))
                await replay(player, 40)
                return player
        finally:
            await runner.cleanup()

    show(reactor.online(work), capsys)
