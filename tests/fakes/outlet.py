"""A small Arabic daily on loopback, in the manner of a WordPress site, with faults to order.

Served: a home page linking its feed, `/feed/` (RSS with ETag, Last-Modified and honest 304s), `/comments/feed/`,
`/news/N/` (article pages with menu, share buttons, related headlines and comments), `/robots.txt`.

Controlled: `POST /control/publish` {"title", "paragraphs"?, "summary"?}, `POST /control/fault` {"path", "kind", …} or
{"path", "kind": null}, `GET /control/log`. From a test in the same loop, call the methods instead.
Run alone: `python -m tests.fakes.outlet --port N`.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

from aiohttp import web

NAME = "صحيفة الميناء"

PARAGRAPHS = (
    "أعلنت بلدية المدينة صباح اليوم أن أعمال تأهيل الرصيف القديم ستبدأ مطلع الشهر القادم وتستمر أربعة أشهر، على أن "
    "يبقى السوق المجاور مفتوحاً أمام الزوار طوال هذه المدة.",
    "وقال المهندس المشرف على المشروع إن الورشات ستعمل على مرحلتين، تشمل الأولى الإنارة وشبكات الصرف، وتشمل الثانية "
    "رصف الممرات وزراعة الأشجار على طول الكورنيش.",
    "ورحب أصحاب المحال بالخطة، لكنهم طالبوا بتنظيم دخول الشاحنات في ساعات الصباح الأولى حتى لا تتعطل حركة البيع.",
)


@dataclass(frozen=True, slots=True)
class Published:
    number: int
    title: str
    paragraphs: tuple[str, ...]
    summary: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """A request as the site saw it."""

    method: str
    path: str
    headers: dict[str, str]
    status: int
    at: float


@dataclass(slots=True)
class Outlet:
    """`archived` says that its feed has pages with older entries.

    `faults` by path: {"kind": "status", "status": 500} · {"kind": "slow", "seconds": 3} · {"kind": "drip"} ·
    {"kind": "redirect", "to": URL, "status": 302} · {"kind": "bomb"} · {"kind": "empty"}, with optional "headers".
    """

    url: str = ""
    articles: list[Published] = field(default_factory=list)
    faults: dict[str, dict[str, Any]] = field(default_factory=dict)
    log: list[Hit] = field(default_factory=list)
    robots: str | None = None
    feed_headers: dict[str, str] = field(default_factory=dict)
    entries_in_feed: int = 20
    archived: bool = False
    home_head: str = (
        f'<link rel="alternate" type="application/rss+xml" title="{NAME} » تعليقات" href="/comments/feed/">'
        f'<link rel="alternate" type="application/rss+xml" title="{NAME} » الخلاصة" href="/feed/">'
    )
    watch: Callable[[web.Request], Awaitable[None]] | None = None
    """Called at the beginning of each request, before it is answered."""

    _begun: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0) - timedelta(days=1))

    def publish(self, title: str, paragraphs: Sequence[str] = PARAGRAPHS, *, summary: str | None = None) -> Published:
        number = len(self.articles) + 1
        at = self._begun + timedelta(seconds=number)
        article = Published(number, title, tuple(paragraphs), summary or paragraphs[0][:120], at)
        self.articles.append(article)
        return article

    def link(self, article: Published) -> str:
        return f"{self.url}/news/{article.number}/"

    def hits(self, path: str) -> list[Hit]:
        return [hit for hit in self.log if hit.path == path]

    def feed(self, page: int = 1) -> bytes:
        """A page of the feed, newest first; each names the next one if it is `archived`."""
        last = len(self.articles) - (page - 1) * self.entries_in_feed
        shown = self.articles[max(last - self.entries_in_feed, 0) : max(last, 0)]
        following = f'<atom:link rel="next" href="{self.url}/feed/?paged={page + 1}"/>'
        older = following if self.archived and last > self.entries_in_feed else ""
        items = "".join(
            f"<item><title>{escape(article.title)}</title><link>{self.link(article)}</link>"
            f'<guid isPermaLink="false">{self.url}/?p={article.number}</guid>'
            f"<pubDate>{format_datetime(article.at)}</pubDate>"
            f"<description>{escape(article.summary)}</description></item>"
            for article in reversed(shown)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
            f"<title>{NAME}</title><link>{self.url}/</link><description>يومية محلية</description>"
            f"<language>ar</language>{older}{items}</channel></rss>"
        ).encode()

    def page(self, article: Published) -> str:
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
        others = "".join(
            f'<li><a href="{self.link(other)}">{escape(other.title)}</a></li>'
            for other in self.articles[-6:]
            if other is not article
        )
        return (
            f'<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{escape(article.title)} – '
            f'{NAME}</title><link rel="canonical" href="{self.link(article)}">'
            f'<meta property="og:site_name" content="{NAME}"><meta property="og:title" '
            f'content="{escape(article.title)}"></head><body><nav><a href="/">الرئيسية</a><a href="/local/">محليات</a>'
            f'<a href="/sport/">رياضة</a></nav><article><h1 class="entry-title">{escape(article.title)}</h1>'
            f'<div class="share"><a href="#">شارك</a><a href="#">تغريدة</a></div>'
            f'<div class="entry-content">{body}</div></article><aside><h3>اقرأ أيضاً</h3><ul>{others}</ul></aside>'
            f'<section id="comments"><h3>التعليقات</h3><p>شكراً على التغطية</p></section></body></html>'
        )

    def home(self) -> str:
        links = "".join(f'<li><a href="{self.link(a)}">{escape(a.title)}</a></li>' for a in self.articles[-10:])
        return (
            f'<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{NAME} – الرئيسية</title>'
            f'<meta property="og:site_name" content="{NAME}">'
            f"{self.home_head}</head><body><ul>{links}</ul></body></html>"
        )

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._logged])
        app.router.add_get("/", self._home)
        app.router.add_get("/feed/", self._feed)
        app.router.add_get("/comments/feed/", self._comments)
        app.router.add_get("/news/{number}/", self._page)
        app.router.add_get("/robots.txt", self._robots)
        app.router.add_post("/control/publish", self._control_publish)
        app.router.add_post("/control/fault", self._control_fault)
        app.router.add_get("/control/log", self._control_log)
        return app

    @web.middleware
    async def _logged(self, request: web.Request, handler: Any) -> web.StreamResponse:
        at = asyncio.get_running_loop().time()
        if self.watch is not None:
            await self.watch(request)
        fault = self.faults.get(request.path)
        status = 0
        try:
            response = await (self._misbehave(request, fault) if fault else handler(request))
            status = response.status
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            self.log.append(Hit(request.method, request.path, dict(request.headers), status, at))
        return response

    async def _misbehave(self, request: web.Request, fault: dict[str, Any]) -> web.StreamResponse:
        headers = fault.get("headers", {})
        match fault["kind"]:
            case "status":
                return web.Response(status=fault["status"], headers=headers)
            case "redirect":
                return web.Response(status=fault.get("status", 302), headers={"Location": fault["to"], **headers})
            case "slow":
                await asyncio.sleep(fault.get("seconds", 3))
                return web.Response(text="late", headers=headers)
            case "bomb":
                body = gzip.compress(bytes(64 * 1024 * 1024), 9)
                return web.Response(body=body, headers={"Content-Encoding": "gzip", **headers})
            case "empty":
                return web.Response(text="", headers=headers)
            case "drip":
                stream = web.StreamResponse(headers=headers)
                await stream.prepare(request)
                while True:
                    await stream.write(b" ")
                    await asyncio.sleep(0.5)
            case kind:
                raise ValueError(f"unknown fault: {kind}")

    async def _home(self, request: web.Request) -> web.Response:
        return web.Response(text=self.home(), content_type="text/html")

    async def _feed(self, request: web.Request) -> web.Response:
        body = self.feed(int(request.query.get("paged", "1")))
        etag = f'"{hashlib.md5(body).hexdigest()}"'
        newest = self.articles[-1].at if self.articles else self._begun
        headers = {"ETag": etag, "Last-Modified": format_datetime(newest, usegmt=True), **self.feed_headers}
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type="application/rss+xml", headers=headers)

    async def _comments(self, request: web.Request) -> web.Response:
        body = (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>تعليقات</title>'
            f"<link>{self.url}/</link><description/><item><title>تعليق</title><link>{self.url}/news/1/#comment-1</link>"
            "</item></channel></rss>"
        )
        return web.Response(text=body, content_type="application/rss+xml")

    async def _page(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        if not number.isdecimal() or not 0 < int(number) <= len(self.articles):
            return web.Response(status=404, text="لا توجد صفحة")
        return web.Response(text=self.page(self.articles[int(number) - 1]), content_type="text/html")

    async def _robots(self, request: web.Request) -> web.Response:
        if self.robots is None:
            return web.Response(status=404)
        return web.Response(text=self.robots)

    async def _control_publish(self, request: web.Request) -> web.Response:
        order = await request.json()
        article = self.publish(order["title"], order.get("paragraphs", PARAGRAPHS), summary=order.get("summary"))
        return web.json_response({"number": article.number, "url": self.link(article)})

    async def _control_fault(self, request: web.Request) -> web.Response:
        order = await request.json()
        path = order.pop("path")
        if order.get("kind") is None:
            self.faults.pop(path, None)
        else:
            self.faults[path] = order
        return web.json_response({})

    async def _control_log(self, request: web.Request) -> web.Response:
        hits = [{"method": h.method, "path": h.path, "headers": h.headers, "status": h.status} for h in self.log]
        return web.json_response(hits)


@asynccontextmanager
async def serve(
    outlet: Outlet | None = None, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Outlet]:
    """The outlet answering on loopback, on a free port unless one is given."""
    outlet = outlet or Outlet()
    runner = web.AppRunner(outlet.app(), access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, host, port, ssl_context=tls)
    await site.start()
    address = runner.addresses[0]
    outlet.url = f"{'https' if tls else 'http'}://{address[0]}:{address[1]}"
    try:
        yield outlet
    finally:
        await runner.cleanup()


async def _main(port: int, articles: int) -> None:
    outlet = Outlet()
    for number in range(articles):
        outlet.publish(f"خبر سابق رقم {number + 1}")
    async with serve(outlet, port=port):
        print(outlet.url, flush=True)  # noqa: T201  # tells the caller the port
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A small Arabic daily on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--articles", type=int, default=3, help="published before anybody looks")
    arguments = parser.parse_args()
    asyncio.run(_main(arguments.port, arguments.articles))
