"""A news site of any make on loopback, document by document: feeds, sitemaps, a WordPress API, sections, articles."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

from aiohttp import web

NAME = "وكالة الوادي"
GAP = timedelta(minutes=10)
PARAGRAPH = (
    "أكد مدير المشروع أن العمل في القناة الجديدة يسير وفق الخطة، وأن المرحلة الأولى ستنتهي قبل بداية الصيف إذا بقي "
    "الطقس مناسباً، مضيفاً أن الأهالي سيلمسون الفرق منذ الأسابيع الأولى."
)


@dataclass(frozen=True, slots=True)
class Piece:
    """An article. `path` is its address on the site."""

    number: int
    title: str
    path: str
    at: datetime


@dataclass(slots=True)
class Site:
    """`documents` by path, with the query if it matters: content type and body. What is not there is a 404.

    `pieces` are newest first, ten minutes apart, and have their pages.
    """

    url: str = ""
    pieces: list[Piece] = field(default_factory=list)
    documents: dict[str, tuple[str, str]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)
    """Paths that are never answered."""

    def publish(self, count: int, *, section: str = "local", newest: datetime | None = None) -> list[Piece]:
        newest = newest or datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=12)
        first = len(self.pieces) + 1
        added = [
            Piece(
                n,
                f"افتتاح القناة رقم {n} في الوادي",
                f"/{section}/{471000 + n}/",
                newest - timedelta(minutes=10 * index),
            )
            for index, n in enumerate(range(first, first + count))
        ]
        self.pieces = sorted([*self.pieces, *added], key=lambda piece: piece.at, reverse=True)
        for piece in added:
            self.put(piece.path, self.article(piece))
        return added

    def put(self, path: str, body: str, content_type: str = "text/html") -> str:
        self.documents[path] = (content_type, body)
        return f"{self.url}{path}"

    def put_feed(self, path: str, pieces: Iterable[Piece], *, title: str = NAME) -> str:
        items = "".join(
            f"<item><title>{escape(piece.title)}</title><link>{self.url}{piece.path}</link>"
            f"<pubDate>{format_datetime(piece.at)}</pubDate><description>{PARAGRAPH[:90]}</description></item>"
            for piece in pieces
        )
        body = f'<rss version="2.0"><channel><title>{title}</title><link>{self.url}/</link>{items}</channel></rss>'
        return self.put(path, body, "application/rss+xml")

    def put_news_sitemap(self, path: str, pieces: Iterable[Piece]) -> str:
        urls = "".join(
            f"<url><loc>{self.url}{piece.path}</loc><news:news><news:title>{escape(piece.title)}</news:title>"
            f"<news:publication_date>{piece.at.isoformat()}</news:publication_date></news:news></url>"
            for piece in pieces
        )
        spaces = (
            'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        )
        return self.put(path, f"<urlset {spaces}>{urls}</urlset>", "application/xml")

    def put_sitemap_index(self, path: str, children: Iterable[str]) -> str:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        maps = "".join(f"<sitemap><loc>{url}</loc><lastmod>{now}</lastmod></sitemap>" for url in children)
        body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'
        return self.put(path, body, "application/xml")

    def put_posts(self, pieces: Iterable[Piece], *, root: str = "/wp-json/", term: str = "") -> None:
        """The REST collection; `term` is "categories=5" for that of a category."""
        posts: list[dict[str, Any]] = [
            {
                "id": piece.number,
                "link": f"{self.url}{piece.path}",
                "guid": {"rendered": f"{self.url}/?p={piece.number}"},
                "date_gmt": piece.at.replace(tzinfo=None).isoformat(),
                "title": {"rendered": piece.title},
                "excerpt": {"rendered": f"<p>{PARAGRAPH[:90]}</p>"},
                "content": {"rendered": f"<p>{PARAGRAPH}</p><p>{PARAGRAPH[:150]}.</p>"},
            }
            for piece in pieces
        ]
        key = f"{root}wp/v2/posts" + (f"?{term}" if term else "")
        self.put(key, json.dumps(posts), "application/json")

    def put_robots(self, *sitemaps: str) -> None:
        self.put("/robots.txt", "User-agent: *\n" + "".join(f"Sitemap: {url}\n" for url in sitemaps), "text/plain")

    def put_list(self, path: str, pieces: Iterable[Piece], *, head: str = "") -> str:
        """A front page or section: menu, headlines, foot."""
        menu = "".join(f'<li><a href="/{name}/">{label}</a></li>' for name, label in MENU)
        links = "".join(
            f'<div class="card"><h3><a href="{piece.path}">{escape(piece.title)}</a></h3></div>' for piece in pieces
        )
        return self.put(
            path,
            f'<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{NAME}</title>'
            f'<meta property="og:site_name" content="{NAME}">{head}</head><body><nav><ul>{menu}</ul></nav>'
            f"<main>{links}</main><footer><a href='/contact-us/'>اتصل بنا</a><a href='/privacy/'>الخصوصية</a></footer>"
            "</body></html>",
        )

    def article(self, piece: Piece, *, head: str = "") -> str:
        return (
            f'<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>{escape(piece.title)} – {NAME}</title>'
            f'<meta property="og:site_name" content="{NAME}">'
            f'<meta property="article:published_time" content="{piece.at.isoformat()}">{head}</head><body><article>'
            f"<h1>{escape(piece.title)}</h1><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></article></body></html>"
        )

    async def _answer(self, request: web.Request) -> web.Response:
        self.log.append(request.path_qs)
        if request.path in self.silent:
            await asyncio.Event().wait()
        found = self.documents.get(request.path_qs)
        if found is None:
            found = self._narrowed(request) or self.documents.get(request.path)
        if found is None:
            return web.Response(status=404, text="لا توجد صفحة")
        return web.Response(text=found[1], content_type=found[0])

    def _narrowed(self, request: web.Request) -> tuple[str, str] | None:
        """The collection of a category, whatever else is asked of it."""
        terms = [f"{name}={request.query[name]}" for name in ("categories", "tags") if name in request.query]
        return self.documents.get(f"{request.path}?{terms[0]}") if terms else None


MENU = (("", "الرئيسية"), ("local", "محليات"), ("economy", "اقتصاد"), ("sport", "رياضة"))


@asynccontextmanager
async def serve(site: Site) -> AsyncIterator[Site]:
    """The site answering on loopback, on a free port; documents may name `site.url` from then on."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site._answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = runner.addresses[0]
    site.url = f"http://{address[0]}:{address[1]}"
    try:
        yield site
    finally:
        await runner.cleanup()
