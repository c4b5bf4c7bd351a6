"""The demo outlet: a real HTTP server on loopback that answers conditional requests as a good server does."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import web

from crawler.demo.pages import Piece, Site, article, feed, home


class DemoOutlet:
    """Serves what has been published so far, and remembers how it was asked."""

    def __init__(self, name: str, tagline: str) -> None:
        self._name = name
        self._tagline = tagline
        self._pieces: list[Piece] = []
        self._site = Site(name, tagline, "")
        self.polls = 0
        self.polls_unchanged = 0

    @property
    def home_url(self) -> str:
        return f"{self._site.base_url}/"

    def publish(self, title: str, category: str, author: str, paragraphs: list[str]) -> Piece:
        """Puts an article online at this moment."""
        number = 4101 + len(self._pieces)
        now = datetime.now(UTC).replace(microsecond=0)
        piece = Piece(number, title, category, author, tuple(paragraphs), now)
        self._pieces.append(piece)
        return piece

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """Serves on a free port of 127.0.0.1, which is given, for the life of the block."""
        app = web.Application()
        app.router.add_get("/", self._home)
        app.router.add_get("/feed/", self._feed)
        app.router.add_get("/{year}/{month}/{day}/{number}/", self._article)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            listener = web.TCPSite(runner, "127.0.0.1", 0)
            await listener.start()
            port: int = runner.addresses[0][1]
            self._site = Site(self._name, self._tagline, f"http://127.0.0.1:{port}")
            yield port
        finally:
            await runner.cleanup()

    async def _home(self, request: web.Request) -> web.Response:
        return web.Response(text=home(self._site, self._pieces), content_type="text/html")

    async def _feed(self, request: web.Request) -> web.Response:
        body = feed(self._site, self._pieces)
        etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
        self.polls += 1
        if request.headers.get("If-None-Match") == etag:
            self.polls_unchanged += 1
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": etag})

    async def _article(self, request: web.Request) -> web.Response:
        for piece in self._pieces:
            if piece.path == request.path:
                return web.Response(text=article(self._site, piece, self._pieces), content_type="text/html")
        raise web.HTTPNotFound
