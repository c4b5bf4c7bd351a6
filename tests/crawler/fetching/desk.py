"""A desk at which a small site is polled by hand, for tests of what polls do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import select

from crawler.parsing.pool import ParsingPool
from crawler.polling import PageRetries, Poller, PollReport
from crawler.scheduling import Pace
from crawler.web.fetching import Fetcher
from crawler.web.session import parsing
from monitors.articles import ArticleState
from monitors.outlets import NewOutlet, NewSource, Source, SourceKind
from monitors.storage import tables
from monitors.storage.engine import Database
from monitors.storage.outlets import add_outlet, sources_of
from monitors.wakeups import Wakeups

PARAGRAPH = "أعلنت بلدية المدينة صباح اليوم أن أعمال تأهيل الرصيف القديم ستبدأ مطلع الشهر القادم وتستمر أربعة أشهر. "


def article_page(title: str, text: str = PARAGRAPH, *, more: str = "") -> str:
    return (
        f'<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>{title}</title></head><body><article>'
        f"<h1>{title}</h1><p>{text * 3}</p><p>{text * 2}</p>{more}</article></body></html>"
    )


def rss(*items: str, extra: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>الميناء</title><link>/</link><description/>{extra}{''.join(items)}</channel></rss>"
    )


@dataclass
class Site:
    """Documents by path; each has an ETag that stands for its bytes, unless `lies`."""

    url: str = ""
    documents: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, tuple[int, str]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    lies: bool = False

    def item(self, number: int, title: str | None = None) -> str:
        return (
            f"<item><title>{title or f'خبر {number}'}</title><link>{self.url}/news/{number}/</link>"
            f'<guid isPermaLink="false">post-{number}</guid><description>ملخص الخبر رقم {number}</description></item>'
        )

    def pages(self, *numbers: int) -> None:
        self.documents |= {f"/news/{number}/": article_page(f"خبر {number}") for number in numbers}

    async def answer(self, request: web.Request) -> web.Response:
        response = self._response(request)
        self.asked.append((request.path_qs, response.status))
        return response

    def _response(self, request: web.Request) -> web.Response:
        if (status := self.statuses.get(request.path_qs)) is not None:
            return web.Response(status=status)
        if (redirect := self.redirects.get(request.path_qs)) is not None:
            return web.Response(status=redirect[0], headers={"Location": redirect[1]})
        body = self.documents.get(request.path_qs)
        if body is None:
            return web.Response(status=404)
        etag = '"always"' if self.lies else f'"{hash(body)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        kind = "text/html" if body.startswith("<!doctype html") else "application/xml"
        return web.Response(text=body, content_type=kind, headers={"ETag": etag})

    def statuses_of(self, path: str) -> list[int]:
        return [status for asked, status in self.asked if asked == path]


@dataclass
class Desk:
    """An outlet with sources of given kinds, polled by hand at a time of our choice."""

    site: Site
    database: Database
    fetcher: Fetcher
    pool: ParsingPool
    wakeups: Wakeups = field(default_factory=Wakeups)
    later: timedelta = timedelta()
    outlet_id: int = 0

    def __post_init__(self) -> None:
        self.poller = Poller(
            self.database, self.wakeups, self.fetcher, self.pool, pace=Pace(60), keep_pages=True, now=self.now
        )

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def follow(self, *sources: tuple[SourceKind, str], time_zone: str | None = None) -> None:
        found = [NewSource(f"{self.site.url}{path}", kind) for kind, path in sources]
        outlet, _ = self.database.write_now(
            add_outlet, NewOutlet("الميناء", f"{self.site.url}/", time_zone=time_zone), found, now=self.now()
        )
        self.outlet_id = outlet.id

    async def follow_feed(self, *, time_zone: str | None = None) -> None:
        """A feed that lists article 1, after its first poll."""
        self.site.documents["/feed/"] = rss(self.site.item(1))
        self.follow((SourceKind.FEED, "/feed/"), time_zone=time_zone)
        await self.poll()

    async def publish(self, *numbers: int) -> PollReport:
        """The feed lists these articles, whose pages are there, and is polled."""
        self.site.pages(*(number for number in numbers if f"/news/{number}/" not in self.site.documents))
        self.site.documents["/feed/"] = rss(*map(self.site.item, numbers))
        return await self.poll()

    async def ask_for_pages_again(self) -> int:
        retries = PageRetries(self.database, self.wakeups, self.fetcher, self.pool, now=self.now)
        return await retries.ask_again()

    def source(self, number: int = 0) -> Source:
        return self.database.read_now(sources_of, self.outlet_id)[number]

    async def poll(self, number: int = 0) -> PollReport:
        return await self.poller.poll(self.source(number))

    def articles(self, state: ArticleState = ArticleState.PENDING) -> list[Any]:
        query = select(tables.articles).where(tables.articles.c.state == state).order_by(tables.articles.c.id)
        return self.database.read_now(lambda connection: list(connection.execute(query)))

    def titles(self, state: ArticleState = ArticleState.PENDING) -> list[str]:
        return [article.title for article in self.articles(state)]

    def change(self, **values: Any) -> None:
        self.database.write_now(lambda connection: connection.execute(tables.sources.update().values(**values)))


Play = Callable[[Callable[[Desk], Awaitable[None]]], None]


def at_a_desk(online: Callable[[Callable[[Fetcher], Awaitable[None]]], None], database: Database) -> Play:
    """Plays an act at a desk with a site of its own."""

    def run(act: Callable[[Desk], Awaitable[None]]) -> None:
        async def work(fetcher: Fetcher) -> None:
            site, app = Site(), web.Application()
            app.router.add_get("/{path:.*}", site.answer)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", 0).start()
                site.url = "http://{}:{}".format(*runner.addresses[0])
                async with parsing() as pool:
                    await act(Desk(site, database, fetcher, pool))
            finally:
                await runner.cleanup()

        online(work)

    return run
