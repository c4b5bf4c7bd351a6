"""Every kind of source, several of one outlet, and what else is done with what they say."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import event, select

from crawler.entries import Entry, Listing
from crawler.parsing.pool import ParsingPool
from crawler.polling import PageRetries, Poller, PollReport
from crawler.scheduling import Pace
from crawler.web.fetching import Fetcher
from crawler.web.session import parsing
from monitors.articles import ArticleState, TextOrigin
from monitors.chats import Chat
from monitors.outlets import NewOutlet, NewSource, Source, SourceKind
from monitors.storage import tables
from monitors.storage.copies import kept_page
from monitors.storage.engine import Database
from monitors.storage.followers import add_follower
from monitors.storage.outlets import add_outlet, sources_of
from monitors.wakeups import ARTICLES, DELIVERIES, Wakeups
from tests.crawler.fetching.conftest import Reactor
from tests.rows import a_telegram_chat

PARAGRAPH = "أعلنت بلدية المدينة صباح اليوم أن أعمال تأهيل الرصيف القديم ستبدأ مطلع الشهر القادم وتستمر أربعة أشهر. "


def article_page(title: str, text: str = PARAGRAPH) -> str:
    return (
        f'<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>{title}</title></head><body><article>'
        f"<h1>{title}</h1><p>{text * 3}</p><p>{text * 2}</p></article></body></html>"
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

    def follow(self, *sources: tuple[SourceKind, str]) -> None:
        found = [NewSource(f"{self.site.url}{path}", kind) for kind, path in sources]
        outlet, _ = self.database.write_now(
            add_outlet, NewOutlet("الميناء", f"{self.site.url}/"), found, now=self.now()
        )
        self.outlet_id = outlet.id

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


@pytest.fixture
def play(reactor: Reactor, sqlite_database: Database) -> Play:
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
                    await act(Desk(site, sqlite_database, fetcher, pool))
            finally:
                await runner.cleanup()

        reactor.online(work)

    return run


def news_sitemap(site: Site, *numbers: int) -> str:
    urls = "".join(
        f"<url><loc>{site.url}/news/{number}/</loc><news:news><news:publication><news:name>الميناء</news:name>"
        f"<news:language>ar</news:language></news:publication><news:publication_date>2026-03-0{number}T10:00:00Z"
        f"</news:publication_date><news:title>خبر {number}</news:title></news:news></url>"
        for number in numbers
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    )


def sitemap_index(site: Site, *paths: str) -> str:
    maps = "".join(
        f"<sitemap><loc>{site.url}{path}</loc><lastmod>2026-03-0{number}</lastmod></sitemap>"
        for number, path in enumerate(paths, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"{maps}</sitemapindex>"
    )


def test_a_sitemap_index_is_read_with_its_newest_parts_each_asked_conditionally(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/index.xml"] = sitemap_index(site, "/a.xml", "/b.xml", "/c.xml", "/news.xml")
        site.documents |= {path: news_sitemap(site, 1) for path in ("/a.xml", "/b.xml", "/c.xml", "/news.xml")}
        site.pages(1, 2)
        desk.follow((SourceKind.SITEMAP, "/index.xml"))
        await desk.poll()
        assert desk.titles(ArticleState.ARCHIVED) == ["خبر 1"]
        assert len({path for path, _ in site.asked if path.endswith(".xml")}) == 4  # the index and three of its parts
        assert len(desk.source().parts) == 3
        changed = desk.source().parts[0].url.removeprefix(site.url)
        site.documents[changed] = news_sitemap(site, 1, 2)
        report = await desk.poll()
        assert (report.counts.new, desk.titles()) == (1, ["خبر 2"])
        assert site.statuses_of("/index.xml") == [200, 304]
        assert site.statuses_of(changed) == [200, 200]
        await desk.poll()
        assert site.statuses_of(changed) == [200, 200, 304]

    play(act)


def test_a_part_that_cannot_be_had_costs_only_itself(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/index.xml"] = sitemap_index(site, "/a.xml", "/b.xml")
        site.documents |= {"/a.xml": news_sitemap(site, 1), "/b.xml": news_sitemap(site, 2)}
        site.pages(3, 4)
        desk.follow((SourceKind.SITEMAP, "/index.xml"))
        await desk.poll()
        site.statuses["/a.xml"] = 500
        site.documents["/b.xml"] = news_sitemap(site, 2, 3)
        assert (await desk.poll()).error is None
        assert desk.titles() == ["خبر 3"]
        site.statuses.clear()
        site.documents["/a.xml"] = news_sitemap(site, 1, 4)
        await desk.poll()
        assert desk.titles() == ["خبر 3", "خبر 4"]
        site.statuses |= {"/a.xml": 500, "/b.xml": 500}
        assert (await desk.poll()).error == "The site answered 500 (Internal Server Error)."

    play(act)


def test_a_wordpress_collection_needs_no_pages(play: Play) -> None:
    def posts(desk: Desk, *numbers: int) -> str:
        return json.dumps(
            [
                {
                    "id": number,
                    "date_gmt": f"2026-03-01T10:0{number}:00",
                    "modified_gmt": f"2026-03-01T10:0{number}:00",
                    "guid": {"rendered": f"{desk.site.url}/?p={number}"},
                    "link": f"{desk.site.url}/news/{number}/",
                    "title": {"rendered": f"خبر {number}"},
                    "content": {"rendered": f"<p>{PARAGRAPH * 4}</p>", "protected": False},
                    "excerpt": {"rendered": "<p>ملخص</p>"},
                }
                for number in numbers
            ]
        )

    async def act(desk: Desk) -> None:
        path = "/wp-json/wp/v2/posts"
        desk.site.documents[path] = posts(desk, 1)
        desk.follow((SourceKind.WORDPRESS, path))
        report = await desk.poll()
        assert report.error is None
        desk.site.documents[path] = posts(desk, 2, 1)
        await desk.poll()
        (article,) = desk.articles()
        assert (article.title, article.text_origin, article.text_note) == ("خبر 2", TextOrigin.ENTRY, None)
        assert PARAGRAPH.strip() in article.text
        assert not [asked for asked, _ in desk.site.asked if asked.startswith("/news/")]

    play(act)


def section(desk: Desk, *numbers: int, more: str = "") -> str:
    cards = "".join(
        f'<article><h2><a href="/news/{number}/">تفاصيل الخبر الذي يحمل الرقم {number} في هذه الصفحة</a></h2></article>'
        for number in numbers
    )
    return (
        '<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>محليات</title></head><body>'
        f'<nav><a href="/">الرئيسية</a><a href="/about/">من نحن</a></nav><main>{cards}{more}</main></body></html>'
    )


def test_a_section_page_alerts_on_articles_and_records_other_links_in_silence(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.pages(1, 2, 3, 4, 5)
        site.documents["/news/6/"] = "<!doctype html><html><body><ul><li>جدول</li></ul></body></html>"
        site.documents["/local/"] = section(desk, 1, 2, 3)
        desk.follow((SourceKind.SECTION, "/local/"))
        assert (await desk.poll()).silent
        site.documents["/local/"] = section(desk, 6, 5, 4, 1, 2, 3)
        report = await desk.poll()
        assert report.error is None
        assert sorted(desk.titles()) == ["خبر 4", "خبر 5"]  # by their pages, not by the words of the links
        (silent,) = [each for each in desk.articles(ArticleState.ARCHIVED) if each.url.endswith("/6/")]
        assert silent.text_note == "No article text was found on the page."
        assert report.counts.new == 2

    play(act)


def test_a_section_link_whose_page_was_down_is_decided_when_the_page_is_there(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.pages(1, 2, 3, 4)
        site.documents["/local/"] = section(desk, 1, 2, 3)
        desk.follow((SourceKind.SECTION, "/local/"))
        await desk.poll()
        site.documents["/local/"] = section(desk, 4, 1, 2, 3)
        site.statuses["/news/4/"] = 503
        await desk.poll()
        assert desk.titles() == []
        site.statuses.clear()
        desk.later = timedelta(minutes=6)
        assert await retries(desk).ask_again() == 1
        assert desk.titles() == ["خبر 4"]
        assert await retries(desk).ask_again() == 0

    play(act)


def retries(desk: Desk) -> PageRetries:
    return PageRetries(desk.database, desk.wakeups, desk.fetcher, desk.pool, now=desk.now)


def test_two_sources_of_an_outlet_find_an_article_once(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents |= {"/feed/": rss(site.item(1)), "/sitemap.xml": news_sitemap(site, 1)}
        desk.follow((SourceKind.FEED, "/feed/"), (SourceKind.SITEMAP, "/sitemap.xml"))
        await desk.poll(0)
        await desk.poll(1)
        site.pages(2, 3)
        site.documents |= {"/feed/": rss(site.item(2), site.item(1)), "/sitemap.xml": news_sitemap(site, 1, 2, 3)}
        await desk.poll(1)
        report = await desk.poll(0)
        assert (report.counts.new, report.counts.edited) == (0, 0)
        assert sorted(desk.titles()) == ["خبر 2", "خبر 3"]

    play(act)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_article_is_found_once_though_one_source_links_to_it_through_a_redirect(
    play: Play, order: tuple[int, int]
) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site

        def counted(number: int) -> str:
            date = f"<pubDate>0{number} Mar 2026 10:00:00 GMT</pubDate>"
            return site.item(number).replace("/news/", "/go/").replace("<description>", f"{date}<description>")

        site.documents |= {"/feed/": rss(counted(1)), "/sitemap.xml": news_sitemap(site, 1)}
        desk.follow((SourceKind.FEED, "/feed/"), (SourceKind.SITEMAP, "/sitemap.xml"))
        await desk.poll(0)
        await desk.poll(1)
        site.pages(2, 3)
        site.redirects |= {f"/go/{number}/": (302, f"{site.url}/news/{number}/") for number in (2, 3)}
        site.documents |= {"/feed/": rss(counted(3), counted(2)), "/sitemap.xml": news_sitemap(site, 2, 3)}
        for _ in range(2):
            for source in order:
                await desk.poll(source)
            site.documents["/feed/"] += " "
        assert sorted(desk.titles()) == ["خبر 2", "خبر 3"]

    play(act)


def test_a_page_that_asks_for_consent_makes_no_two_articles_one(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        site.documents["/consent/"] = article_page("نحن نستعمل ملفات الارتباط")
        site.redirects |= {f"/news/{number}/": (302, f"{site.url}/consent/") for number in (2, 3, 4)}
        site.documents["/feed/"] = rss(site.item(3), site.item(2), site.item(1))
        await desk.poll()
        site.documents["/feed/"] = rss(site.item(4, "خبر 3"), site.item(3), site.item(2), site.item(1))
        await desk.poll()
        assert sorted(desk.titles()) == ["خبر 2", "خبر 3", "خبر 3"]

    play(act)


def test_a_document_of_nothing_but_news_is_read_back_to_what_is_known(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.pages(*range(1, 7))
        older = '<atom:link rel="next" href="{}/feed/?paged={}"/>'
        site.documents["/feed/"] = rss(site.item(1), extra=older.format(site.url, 2))
        site.documents["/feed/?paged=2"] = rss(site.item(9))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        assert site.statuses_of("/feed/?paged=2") == []  # never on the first poll
        site.documents["/feed/"] = rss(site.item(6), site.item(5), extra=older.format(site.url, 2))
        site.documents["/feed/?paged=2"] = rss(site.item(4), site.item(3), extra=older.format(site.url, 3))
        site.documents["/feed/?paged=3"] = rss(site.item(2), site.item(1), extra=older.format(site.url, 4))
        await desk.poll()
        assert sorted(desk.titles()) == [f"خبر {number}" for number in range(2, 7)]
        assert site.statuses_of("/feed/?paged=4") == []

    play(act)


def test_a_push_is_taken_once_and_the_poll_after_it_finds_nothing_new(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.pages(2)
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        entry = Entry("post-2", f"{site.url}/news/2/", "خبر 2", "ملخص الخبر رقم 2", "", None, None, None, ())
        pushed = Listing(title=None, homepage=None, language=None, ttl_s=None, entries=(entry,))
        assert (await desk.poller.take_pushed(desk.source(), pushed, desk.now())).silent  # not polled yet
        await desk.poll()
        before = desk.source()
        report = await desk.poller.take_pushed(desk.source(), pushed, desk.now())
        assert report.counts.new == 1
        assert "" in await desk.wakeups.wait(ARTICLES, 1)
        assert desk.source() == before
        assert (await desk.poller.take_pushed(desk.source(), pushed, desk.now())).counts.new == 0
        site.documents["/feed/"] = rss(site.item(2), site.item(1))
        assert (await desk.poll()).counts.new == 0
        assert desk.titles() == ["خبر 2"]

    play(act)


def test_an_edited_article_is_read_again_and_keeps_what_it_said(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        site.pages(2)
        site.documents["/feed/"] = rss(site.item(2), site.item(1))
        await desk.poll()
        site.documents["/news/2/"] = article_page(
            "خبر 2", "ووصل الوفد إلى دمشق مساء اليوم في زيارة تستمر يومين كاملين. "
        )
        site.documents["/feed/"] = rss(site.item(2, "خبر 2 معدّل"), site.item(1, "خبر 1 معدّل"))
        report = await desk.poll()
        assert (report.counts.new, report.counts.edited) == (0, 2)
        second, first = sorted(desk.articles(), key=lambda each: each.url, reverse=True)
        assert (second.title, second.version) == ("خبر 2 معدّل", 2)
        assert "دمشق" in second.text
        # Of what was there before us the page was never read: its whole text is not what the edit added.
        assert (first.title, first.text) == ("خبر 1 معدّل", "ملخص الخبر رقم 1")
        assert site.statuses_of("/news/1/") == []

    play(act)


def test_an_edit_whose_page_is_gone_keeps_the_text(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        site.pages(2)
        site.documents["/feed/"] = rss(site.item(2), site.item(1))
        await desk.poll()
        del site.documents["/news/2/"]
        site.documents["/feed/"] = rss(site.item(2, "خبر 2 معدّل"), site.item(1))
        await desk.poll()
        (article,) = desk.articles()
        assert (article.title, article.text_origin) == ("خبر 2 معدّل", TextOrigin.PAGE)
        assert PARAGRAPH.strip() in article.text

    play(act)


def test_a_page_that_failed_is_asked_for_again_and_then_no_more(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        site.statuses |= {"/news/2/": 502, "/news/3/": 404, "/news/4/": 502}
        site.documents["/feed/"] = rss(site.item(4), site.item(3), site.item(2), site.item(1))
        await desk.poll()
        assert [each.text_origin for each in desk.articles()] == [TextOrigin.ENTRY] * 3
        assert await retries(desk).ask_again() == 0
        del site.statuses["/news/2/"]
        site.pages(2)
        desk.later = timedelta(minutes=6)
        assert await retries(desk).ask_again() == 2  # what is not there will not be there in five minutes
        texts = {each.title: each.text_origin for each in desk.articles()}
        assert texts == {"خبر 2": TextOrigin.PAGE, "خبر 3": TextOrigin.ENTRY, "خبر 4": TextOrigin.ENTRY}
        desk.later = timedelta(minutes=31)
        assert await retries(desk).ask_again() == 1
        desk.later = timedelta(days=1)
        assert await retries(desk).ask_again() == 0

    play(act)


def test_pages_are_kept_as_they_came(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        site.pages(2)
        site.documents["/feed/"] = rss(site.item(2), site.item(1))
        await desk.poll()
        (article,) = desk.articles()
        kept = desk.database.read_now(kept_page, article.id)
        assert kept is not None
        assert kept.body == site.documents["/news/2/"].encode()
        assert kept.url == article.url
        assert kept.content_type == "text/html; charset=utf-8"

    play(act)


def test_a_server_that_hid_something_is_not_believed_any_more(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.lies = True
        site.pages(2, 3)
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        site.documents["/feed/"] = rss(site.item(2), site.item(1))
        await desk.poll()
        assert desk.titles() == []  # it said 304
        desk.change(last_unconditional_at=desk.now() - timedelta(hours=25))
        await desk.poll()
        assert desk.titles() == ["خبر 2"]
        assert desk.source().validators_broken
        site.documents["/feed/"] = rss(site.item(3), site.item(2), site.item(1))
        await desk.poll()
        assert desk.titles() == ["خبر 2", "خبر 3"]
        assert site.statuses_of("/feed/") == [200, 304, 200, 200]

    play(act)


def test_a_permanent_redirect_is_believed_after_days_and_a_temporary_one_never(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/feed/"] = site.documents["/new/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        for status in (302, 301):
            site.redirects["/feed/"] = (status, f"{site.url}/new/")
            for _ in range(5):
                assert desk.source().url == f"{site.url}/feed/"
                site.documents["/new/"] += " "  # another body each time, so that each answer is a 200
                await desk.poll()
                if (moved := desk.source().moved) is not None:
                    desk.change(moved_since=moved.since - timedelta(hours=12))
        assert desk.source().url == f"{site.url}/new/"
        assert desk.source().moved is None
        assert (await desk.poll()).error is None

    play(act)


def test_a_redirect_to_something_else_is_never_believed(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        site.redirects["/feed/"] = (301, f"{site.url}/casino/")
        for number in range(2, 8):
            site.documents["/casino/"] = rss(site.item(number))
            await desk.poll()
            if (moved := desk.source().moved) is not None:
                desk.change(moved_since=moved.since - timedelta(hours=12))
        assert desk.source().url == f"{site.url}/feed/"

    play(act)


def test_followers_are_told_that_one_of_several_sources_is_gone(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents |= {"/feed/": rss(site.item(1)), "/sport/": rss(site.item(2))}
        desk.follow((SourceKind.FEED, "/feed/"), (SourceKind.FEED, "/sport/"))
        chat: Chat = desk.database.write_now(a_telegram_chat)
        desk.database.write_now(add_follower, desk.outlet_id, chat.id, now=desk.now())
        site.statuses |= {"/sport/": 410, "/feed/": 410}
        await desk.poll(1)
        assert "" in await desk.wakeups.wait(DELIVERIES, 1)
        await desk.poll(0)  # the last one: then the outlet is broken, which is told of the outlet
        notices = desk.database.read_now(
            lambda connection: list(connection.scalars(select(tables.deliveries.c.payload)))
        )
        assert notices == [
            {
                "notice": "source_gone",
                "outlet": "الميناء",
                "outlet_id": desk.outlet_id,
                "source": f"{site.url}/sport/",
            }
        ]
        assert not any(desk.source(number).active for number in (0, 1))

    play(act)


def test_a_poll_of_what_has_not_changed_is_one_small_update(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site, statements = desk.site, list[str]()
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        source = desk.source()

        @event.listens_for(desk.database.engine, "before_cursor_execute")
        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            statements.append(statement)

        await desk.poller.poll(source)
        assert site.statuses_of("/feed/") == [200, 304]
        (update,) = [statement for statement in statements if not statement.startswith("BEGIN")]
        assert update.startswith("UPDATE sources SET")

    play(act)


def test_where_pushes_can_be_had_is_what_the_last_document_said(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        links = (
            '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://port.example/feed"/>'
        )
        site.documents["/feed/"] = rss(site.item(1), extra=links)
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        assert (desk.source().hub, desk.source().topic) == ("https://hub.example/", "https://port.example/feed")
        await desk.poll()
        assert desk.source().hub == "https://hub.example/"
        site.documents["/feed/"] = rss(site.item(1))
        await desk.poll()
        assert (desk.source().hub, desk.source().topic) == (None, None)

    play(act)


def test_a_document_that_ends_in_the_middle_is_asked_for_anew(play: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        site.pages(2, 33)
        whole = rss(site.item(2), site.item(33), site.item(1))
        site.documents["/feed/"] = whole[: whole.index("/news/33/") + len("/news/3")]
        await desk.poll()
        assert desk.titles() == ["خبر 2"]
        assert desk.source().validators.etag is None
        site.documents["/feed/"] = whole
        await desk.poll()
        assert desk.titles() == ["خبر 2", "خبر 33"]

    play(act)
