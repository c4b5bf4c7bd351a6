"""What chats ask for, worked on with the real client, real parsing children and real outlets."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import Connection, select

from crawler.demand.working import Worker
from crawler.discovery import discover
from crawler.following import follow
from crawler.polling import Poller
from crawler.scheduling import Pace
from crawler.service import Collector
from crawler.web.fetching import Fetcher
from monitors.articles import ArticleState
from monitors.requests import Crawl, CrawlState, Discovery, DiscoveryKind, DiscoveryState, NewCrawl, Trouble
from monitors.roles import RoleContext
from monitors.settings import LimitSettings, Settings
from monitors.storage import crawls, discoveries
from monitors.storage.engine import Database
from monitors.storage.followers import followers_of
from monitors.storage.outlets import find_outlet, list_outlets
from monitors.storage.tables import articles
from monitors.wakeups import REQUESTS, Wakeups
from tests.crawler.fetching.conftest import Reactor
from tests.fakes import site as sites
from tests.fakes.outlet import Outlet, serve
from tests.rows import a_telegram_chat

PACE = Pace(3600)


@dataclass
class Scene:
    """A worker at work, and the rows it works on."""

    database: Database
    context: RoleContext
    fetcher: Fetcher
    pool: Any

    async def follow(self, url: str) -> int:
        """The outlet's number; what is there now is known."""
        found = await discover(url, self.fetcher, self.pool, with_preview=False)
        outlet, _ = await asyncio.to_thread(follow, self.database, found, now=datetime.now(UTC), pace=PACE)
        return outlet.id

    async def ask(self, outlet_id: int, **wish: Any) -> Crawl:
        def asked(connection: Connection) -> Crawl:
            chat = a_telegram_chat(connection)
            wanted = NewCrawl(outlet_id, chat.id, 7, **wish)
            crawl = crawls.ask(connection, wanted, now=datetime.now(UTC), per_hour=None).crawl
            assert crawl is not None
            return crawl

        crawl = await self.database.write(asked)
        self.context.wakeups.kick(REQUESTS)
        return crawl

    async def ended(self, crawl: Crawl) -> Crawl:
        found = await self.eventually(lambda c: crawls.get_crawl(c, crawl.id), lambda one: not one.state.open)
        assert isinstance(found, Crawl)
        return found

    async def look(self, address: str, kind: DiscoveryKind = DiscoveryKind.ADDRESS) -> Discovery:
        def asked(connection: Connection) -> Discovery:
            chat = a_telegram_chat(connection)
            return discoveries.ask_discovery(
                connection, kind, address, chat_id=chat.id, person_id=7, now=datetime.now(UTC)
            )

        look = await self.database.write(asked)
        self.context.wakeups.kick(REQUESTS)
        return await self.decided(look)

    async def decided(self, look: Discovery) -> Discovery:
        decided: Discovery = await self.eventually(
            lambda c: discoveries.get_discovery(c, look.id), lambda one: not one.state.open
        )
        return decided

    async def eventually(self, read: Callable[[Connection], Any], condition: Callable[[Any], bool]) -> Any:
        async with asyncio.timeout(40):
            while not condition(found := await self.database.read(read)):  # noqa: ASYNC110  # rows ring no bell
                await asyncio.sleep(0.02)
        return found

    def states(self, crawl: Crawl) -> list[tuple[str, str]]:
        query = select(articles.c.title, articles.c.state).where(articles.c.crawl_id == crawl.id)
        return self.database.read_now(lambda c: [(row.title, row.state) for row in c.execute(query)])


Play = Callable[[Callable[[Scene], Awaitable[None]]], None]


@asynccontextmanager
async def at_work(database: Database, fetcher: Fetcher, pool: Any) -> AsyncIterator[Scene]:
    context = RoleContext(Settings(limits=LimitSettings(outlets_per_user=1)), database, Wakeups(), asyncio.Event())
    poller = Poller(database, context.wakeups, fetcher, pool, pace=PACE)
    collector = Collector(context, poller, places=10)
    worker = Worker(context, fetcher, pool, collector.poll_at_once, lambda: PACE)
    working = asyncio.create_task(worker.run())
    try:
        yield Scene(database, context, fetcher, pool)
    finally:
        context.stopping.set()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


@pytest.fixture
def play(reactor: Reactor, sqlite_database: Database) -> Play:
    def run(act: Callable[[Scene], Awaitable[None]]) -> None:
        async def work(fetcher: Fetcher) -> None:
            from crawler.web.session import parsing

            async with parsing() as pool, at_work(sqlite_database, fetcher, pool) as scene:
                await act(scene)

        reactor.online(work)

    return run


def test_a_visit_finds_what_is_new_and_ends(play: Play) -> None:
    async def act(scene: Scene) -> None:
        async with serve() as outlet:
            outlet.publish("خبر قديم")
            outlet_id = await scene.follow(outlet.url)
            outlet.publish("خبر جديد")
            outlet.faults["/news/3/"] = {"kind": "status", "status": 404}
            outlet.publish("خبر بلا صفحة")
            ended = await scene.ended(await scene.ask(outlet_id))
            assert (ended.state, ended.found, ended.new, ended.failed) == (CrawlState.FINISHED, 3, 2, 1)
            assert sorted(scene.states(ended)) == [("خبر بلا صفحة", "pending"), ("خبر جديد", "pending")]

    play(act)


def test_a_visit_to_a_site_that_fails_says_so(play: Play) -> None:
    async def act(scene: Scene) -> None:
        async with serve() as outlet:
            outlet.publish("خبر قديم")
            outlet_id = await scene.follow(outlet.url)
            outlet.faults["/feed/"] = {"kind": "status", "status": 500}
            ended = await scene.ended(await scene.ask(outlet_id))
            assert (ended.state, ended.error, ended.failed) == (CrawlState.FAILED, Trouble.NOTHING_THERE, 1)

    play(act)


def test_what_is_withdrawn_is_dropped_with_what_it_saved(play: Play) -> None:
    async def act(scene: Scene) -> None:
        never = asyncio.Event()

        async def hold(request: web.Request) -> None:
            if request.path == "/news/2/":
                await never.wait()

        async with serve(Outlet(watch=hold)) as outlet:
            outlet.publish("خبر قديم")
            outlet_id = await scene.follow(outlet.url)
            outlet.publish("خبر معلّق")
            outlet.publish("خبر جديد")
            crawl = await scene.ask(outlet_id)
            await scene.eventually(lambda c: crawls.get_crawl(c, crawl.id), lambda one: one.new == 1)
            assert f"crawl {crawl.id}" in under_way()
            assert crawl.chat_id is not None
            await scene.database.write(crawls.cancel_crawl, crawl.id, crawl.chat_id, now=datetime.now(UTC))
            scene.context.wakeups.kick(REQUESTS)
            async with asyncio.timeout(20):
                while f"crawl {crawl.id}" in under_way():  # noqa: ASYNC110  # nobody rings when a task ends
                    await asyncio.sleep(0.02)
            ended = await scene.ended(crawl)
            assert (ended.state, ended.new) == (CrawlState.CANCELLED, 1)
            assert [title for title, _ in scene.states(crawl)] == ["خبر جديد"]

    play(act)


def under_way() -> set[str]:
    """The names of the loop's tasks."""
    return {task.get_name() for task in asyncio.all_tasks()}


def test_a_back_fill_reads_the_collection_that_was_not_worth_polling(play: Play) -> None:
    async def act(scene: Scene) -> None:
        site = sites.Site()
        async with sites.serve(site):
            pieces = site.publish(9)
            site.put_posts(pieces)
            site.put_feed("/feed/", pieces[:4])
            head = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
            head += '<link rel="https://api.w.org/" href="/wp-json/">'
            site.put_list("/", pieces[:4], head=head)
            outlet_id = await scene.follow(f"{site.url}/feed/")
            since = datetime.now(UTC) - timedelta(days=7)
            ended = await scene.ended(await scene.ask(outlet_id, since=since, alerts=False))
            assert ended.state is CrawlState.FINISHED
            assert ended.new == 5
            assert {state for _, state in scene.states(ended)} == {ArticleState.ARCHIVED}

    play(act)


def test_a_back_fill_takes_nothing_from_before_the_day(play: Play) -> None:
    async def act(scene: Scene) -> None:
        site = sites.Site()
        async with sites.serve(site):
            new = site.publish(3)
            site.put_feed("/feed/", new)
            outlet_id = await scene.follow(f"{site.url}/feed/")
            old = site.publish(4, newest=datetime.now(UTC) - timedelta(days=20))
            recent = site.publish(2, newest=datetime.now(UTC) - timedelta(days=2))
            site.put_news_sitemap("/sitemap.xml", [*recent, *old])
            site.put_robots(f"{site.url}/sitemap.xml")
            site.put_list("/", new)
            since = datetime.now(UTC) - timedelta(days=7)
            ended = await scene.ended(await scene.ask(outlet_id, since=since, alerts=True))
            assert {title for title, _ in scene.states(ended)} == {piece.title for piece in recent}
            assert {state for _, state in scene.states(ended)} == {ArticleState.PENDING}

    play(act)


def test_an_address_is_shown_and_followed_for_the_chat(play: Play) -> None:
    async def act(scene: Scene) -> None:
        async with serve() as outlet:
            for number in range(7):
                outlet.publish(f"خبر {number}")
            look = await scene.look(outlet.url)
            assert look.state is DiscoveryState.FOUND
            assert look.result is not None
            assert len(look.result["preview"]) == 5
            assert scene.database.read_now(list_outlets) == []
            await scene.database.write(discoveries.accept, look.id, look.chat_id, now=datetime.now(UTC))
            scene.context.wakeups.kick(REQUESTS)
            followed = await scene.decided(look)
            assert followed.state is DiscoveryState.FOLLOWED
            assert followed.added
            saved = scene.database.read_now(find_outlet, str(followed.outlet_id))
            assert scene.database.read_now(followers_of, saved.id) == [look.chat_id]
            again = await scene.look(outlet.url)
            assert again.result is not None
            assert again.result["followed_as"] == saved.id

    play(act)


@pytest.mark.parametrize(
    ("address", "trouble"),
    [
        ("http://10.1.2.3/", Trouble.NOTHING_THERE),
        ("http://127.0.0.1:1/", Trouble.NOTHING_THERE),
        ("not an address at all", Trouble.NO_ADDRESS),
    ],
)
def test_an_address_that_leads_nowhere_has_one_word_for_it(play: Play, address: str, trouble: Trouble) -> None:
    async def act(scene: Scene) -> None:
        look = await scene.look(address)
        assert (look.state, look.error) == (DiscoveryState.FAILED, trouble)

    play(act)


def test_a_list_of_outlets_is_followed_as_far_as_the_person_may(play: Play) -> None:
    async def act(scene: Scene) -> None:
        async with serve() as first, serve() as second:
            for outlet in (first, second):
                outlet.publish("خبر")
            rows = "".join(f'<outline type="rss" xmlUrl="{one.url}/feed/"/>' for one in (first, second))
            opml = f'<opml version="2.0"><body>{rows}</body></opml>'.encode()
            look = await scene.look(base64.b64encode(opml).decode(), DiscoveryKind.OPML)
            assert look.result is not None
            assert (look.result["rows"], look.result["known"]) == (2, 0)
            await scene.database.write(discoveries.accept, look.id, look.chat_id, now=datetime.now(UTC))
            scene.context.wakeups.kick(REQUESTS)
            done = await scene.decided(look)
            assert done.state is DiscoveryState.FOLLOWED
            assert done.result is not None
            assert (done.result["followed"], done.result["failed"], done.result["left"]) == (1, 0, 1)
            assert scene.database.read_now(discoveries.outlets_added_by, 7) == 1
            (followed,) = scene.database.read_now(list_outlets)
            assert scene.database.read_now(followers_of, followed.id) == [look.chat_id]

    play(act)


def test_what_is_no_list_is_said_to_be_none(play: Play) -> None:
    async def act(scene: Scene) -> None:
        look = await scene.look(base64.b64encode(b"<html>").decode(), DiscoveryKind.OPML)
        assert (look.state, look.error) == (DiscoveryState.FAILED, Trouble.UNREADABLE)

    play(act)
