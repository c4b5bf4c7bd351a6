from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from crawler.page_reading import PAGES_AT_ONCE
from crawler.parsing.pool import ParserKilled, ParsingPool
from crawler.polling import Poller, PollReport, Progress
from crawler.scheduling import Pace
from crawler.web.fetching import Fetcher
from crawler.web.session import parsing
from monitors.articles import ArticleState, TextOrigin
from monitors.outlets import NewOutlet, NewSource, Source
from monitors.storage import tables
from monitors.storage.articles import pending_articles
from monitors.storage.engine import Database
from monitors.storage.outlets import add_outlet, sources_of
from monitors.wakeups import ARTICLES, Wakeups
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.outlet import Outlet, Published, serve
from tests.fakes.parsers import HANGING


class Crash(Exception):
    """The process dies here."""


@dataclass
class Scene:
    """An outlet with three old articles, followed; polls are made by hand."""

    outlet: Outlet
    database: Database
    wakeups: Wakeups
    poller: Poller
    outlet_id: int
    source_id: int

    @property
    def source(self) -> Source:
        (source,) = self.database.read_now(sources_of, self.outlet_id)
        return source

    async def poll(self, **options: Any) -> PollReport:
        return await self.poller.poll(self.source, **options)

    def titles(self, state: ArticleState = ArticleState.PENDING) -> list[str]:
        articles = tables.articles
        query = select(articles.c.title).where(articles.c.state == state).order_by(articles.c.id)
        return self.database.read_now(lambda connection: list(connection.scalars(query)))

    def change(self, **values: Any) -> None:
        self.database.write_now(lambda connection: connection.execute(update(tables.sources).values(**values)))


PARSING_LIMIT_S = 8.0
# lxml is quadratic in the attributes of one tag; the ">" in each of them hides the tag's size.


class Hostile(Outlet):
    """Each of its pages is large and hangs the parser."""

    def page(self, article: Published) -> str:
        return HANGING.decode()


Play = Callable[[Callable[[Scene], Awaitable[None]]], None]


@pytest.fixture
def play(reactor: Reactor, sqlite_database: Database) -> Play:
    """Plays a scene on the reactor, with the real client, real parsing children and a real outlet."""

    def run(act: Callable[[Scene], Awaitable[None]]) -> None:
        async def work(fetcher: Fetcher) -> None:
            async with serve() as outlet, parsing() as pool:
                for number in range(1, 4):
                    outlet.publish(f"خبر قديم {number}")
                await act(follow(outlet, sqlite_database, fetcher, pool))

        reactor.online(work)

    return run


def follow(outlet: Outlet, database: Database, fetcher: Fetcher, pool: ParsingPool) -> Scene:
    now = datetime.now(UTC)
    saved, (source,) = database.write_now(
        add_outlet, NewOutlet("الميناء", f"{outlet.url}/"), [NewSource(f"{outlet.url}/feed/")], now=now
    )
    wakeups = Wakeups()
    poller = Poller(database, wakeups, fetcher, pool, pace=Pace(60))
    return Scene(outlet, database, wakeups, poller, saved.id, source.id)


def test_the_first_poll_records_in_silence_and_asks_for_no_page(play: Play) -> None:
    async def act(scene: Scene) -> None:
        report = await scene.poll()
        assert report.silent
        assert (report.counts.found, report.counts.new) == (3, 0)
        assert scene.titles() == []
        assert len(scene.titles(ArticleState.ARCHIVED)) == 3
        assert [hit.path for hit in scene.outlet.log] == ["/robots.txt", "/feed/"]
        assert scene.source.first_polled_at is not None
        assert scene.source.validators.etag

    play(act)


def test_what_appears_later_is_saved_with_its_page(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        published = scene.outlet.publish("خبر جديد", ["سطر أول من المتن. " * 10, "سطر ثان من المتن. " * 10])
        report = await scene.poll()
        assert (report.counts.found, report.counts.new, report.counts.failed) == (4, 1, 0)
        (article,) = scene.database.read_now(pending_articles, limit=10)
        assert article.title == "خبر جديد"
        assert article.url == scene.outlet.link(published)
        assert article.text_origin is TextOrigin.PAGE
        assert article.text == "\n\n".join(line.strip() for line in published.paragraphs)
        assert await scene.wakeups.wait(ARTICLES, 0.1)

    play(act)


def test_an_unchanged_feed_costs_one_conditional_request(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        before = scene.source
        report = await scene.poll()
        assert report.error is None
        assert [hit.status for hit in scene.outlet.hits("/feed/")] == [200, 304]
        assert scene.source.last_polled_at != before.last_polled_at
        assert scene.source.next_poll_at > before.last_polled_at  # type: ignore[operator]  # it has been polled
        assert (scene.source.validators, scene.source.body_hash) == (before.validators, before.body_hash)

    play(act)


def test_the_same_body_is_not_parsed_again(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        scene.outlet.feed_headers = {"ETag": "", "Last-Modified": ""}
        scene.change(etag=None, last_modified=None, last_unconditional_at=datetime.now(UTC))
        seen: list[tuple[int, int]] = []

        class Watching(Progress):
            def found(self, entries: int, new: int) -> None:
                seen.append((entries, new))

        await scene.poll(progress=Watching())
        assert [hit.status for hit in scene.outlet.hits("/feed/")] == [200, 200]
        assert seen == [(0, 0)]

    play(act)


def test_once_a_day_the_feed_is_asked_unconditionally(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        scene.change(last_unconditional_at=datetime.now(UTC) - timedelta(hours=25))
        await scene.poll()
        await scene.poll()
        assert [hit.status for hit in scene.outlet.hits("/feed/")] == [200, 200, 304]

    play(act)


def test_a_slow_page_does_not_delay_its_siblings(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        slow = scene.outlet.publish("خبر صفحته بطيئة")
        scene.outlet.publish("خبر صفحته سريعة")
        may_answer = asyncio.Event()

        async def hold(request: Any) -> None:
            if request.path == f"/news/{slow.number}/":
                await may_answer.wait()

        scene.outlet.watch = hold
        poll = asyncio.create_task(scene.poll())
        assert await scene.wakeups.wait(ARTICLES, 20)
        assert scene.titles() == ["خبر صفحته سريعة"]
        assert not poll.done()
        may_answer.set()
        await poll
        assert scene.titles() == ["خبر صفحته سريعة", "خبر صفحته بطيئة"]

    play(act)


@pytest.mark.usefixtures("obedient_children")
def test_a_source_with_huge_and_slow_pages_delays_no_other(reactor: Reactor, sqlite_database: Database) -> None:
    async def act(good: Scene, hostile: Scene) -> None:
        await asyncio.gather(good.poll(), hostile.poll())
        for number in range(hostile.outlet.entries_in_feed):
            hostile.outlet.publish(f"فخ {number}")
        asked, as_many_as_may_be = 0, asyncio.Event()

        async def count(request: Any) -> None:
            nonlocal asked
            asked += request.path.startswith("/news/")
            if asked == PAGES_AT_ONCE:
                as_many_as_may_be.set()

        hostile.outlet.watch = count
        attack = asyncio.create_task(hostile.poll())
        await as_many_as_may_be.wait()
        good.outlet.publish("خبر عاجل")
        async with asyncio.timeout(PARSING_LIMIT_S - 1):
            await good.poll()
        assert good.titles() == ["خبر عاجل"]
        assert asked == PAGES_AT_ONCE  # the others' bodies do not pile up before the parsers
        attack.cancel()
        await asyncio.gather(attack, return_exceptions=True)

    async def work(fetcher: Fetcher) -> None:
        async with serve() as good, serve(Hostile(), host="127.0.0.2") as hostile, parsing() as pool:
            good.publish("خبر قديم")
            await act(*(follow(outlet, sqlite_database, fetcher, pool) for outlet in (good, hostile)))

    reactor.online(work)


def test_after_three_pages_that_kill_their_parser_the_feeds_own_text_serves(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = 0

    async def kill(*arguments: object, **options: object) -> None:
        nonlocal killed
        killed += 1
        raise ParserKilled("Parsing took longer than 8 s.")

    monkeypatch.setattr(ParsingPool, "extract_article", kill)

    async def act(scene: Scene) -> None:
        await scene.poll()
        for number in range(10):
            scene.outlet.publish(f"خبر {number}", summary="هذا ما تقوله الخلاصة")
        assert (await scene.poll()).counts.failed == 10
        assert killed == 3
        assert len([hit for hit in scene.outlet.log if "/news/" in hit.path]) < 10
        articles = scene.database.read_now(pending_articles, limit=20)
        assert {article.text for article in articles} == {"هذا ما تقوله الخلاصة"}
        assert {article.text_note for article in articles} == {
            "Page not read: Parsing took longer than 8 s.",
            "Page not read: Other pages of this source could not be read safely.",
        }

    play(act)


def test_an_article_whose_page_fails_is_saved_with_the_feeds_text_and_says_so(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        lost = scene.outlet.publish("خبر بلا صفحة", summary="هذا ما تقوله الخلاصة")
        scene.outlet.faults[f"/news/{lost.number}/"] = {"kind": "status", "status": 500}
        report = await scene.poll()
        assert (report.counts.new, report.counts.failed) == (1, 1)
        (article,) = scene.database.read_now(pending_articles, limit=10)
        assert (article.text, article.text_origin) == ("هذا ما تقوله الخلاصة", TextOrigin.ENTRY)
        assert article.text_note == "Page not read: The site answered 500 (Internal Server Error)."

    play(act)


def test_a_mistake_of_ours_in_reading_a_page_costs_no_article(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stumble(*arguments: object, **options: object) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(ParsingPool, "extract_article", stumble)

    async def act(scene: Scene) -> None:
        await scene.poll()
        scene.outlet.publish("خبر أول")
        scene.outlet.publish("خبر ثان")
        assert (await scene.poll()).counts.failed == 2
        assert sorted(scene.titles()) == ["خبر أول", "خبر ثان"]

    play(act)


def test_a_crash_between_two_chunks_loses_and_repeats_nothing(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        before = scene.source
        titles = [f"خبر جديد {number}" for number in range(6)]
        for title in titles:
            scene.outlet.publish(title)

        class DyingDuring(Progress):
            def saved(self, article_ids: object) -> None:
                raise Crash

        with pytest.raises(Crash):
            await scene.poll(progress=DyingDuring())
        assert 0 < len(scene.titles()) < 6
        assert replace(scene.source) == before  # nothing learnt: the feed will not answer 304
        await scene.poll()
        await scene.poll()
        assert sorted(scene.titles()) == titles

    play(act)


def test_an_article_is_saved_once_however_it_comes_back(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        scene.outlet.publish("خبر")
        await scene.poll()
        scene.outlet.articles[-1] = replace(scene.outlet.articles[-1], title="خبر معدّل", summary="تغيّر الملخص")
        scene.outlet.articles.reverse()
        report = await scene.poll()
        assert (report.counts.new, report.counts.edited) == (0, 1)
        assert scene.titles() == ["خبر معدّل"]

    play(act)


def test_two_polls_at_once_save_an_article_once(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        scene.outlet.publish("خبر")
        await asyncio.gather(scene.poll(), scene.poll())
        assert scene.titles() == ["خبر"]

    play(act)


def test_a_failure_is_recorded_in_words_with_a_later_attempt(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        scene.outlet.faults["/feed/"] = {"kind": "status", "status": 502}
        for failures in (1, 2, 3):
            await scene.poll()
            source = scene.source
            assert source.failures == failures
            assert source.last_error == "The site answered 502 (Bad Gateway)."
            assert source.last_polled_at is not None
            gap_s = (source.next_poll_at - source.last_polled_at).total_seconds()
            assert 60 * 2 ** (failures - 1) <= gap_s <= 60 * 2 ** (failures - 1) * 1.1
        del scene.outlet.faults["/feed/"]
        await scene.poll()
        assert (scene.source.failures, scene.source.last_error) == (0, None)

    play(act)


def test_a_host_that_wants_patience_does_not_make_its_sources_fail(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        scene.outlet.faults["/feed/"] = {"kind": "status", "status": 429, "headers": {"Retry-After": "600"}}
        await scene.poll()
        refused = scene.source
        assert refused.failures == 1
        for _ in range(5):
            report = await scene.poll()
            assert report.error == "The site asked us to come back later."
        source = scene.source
        assert (source.failures, source.last_error) == (1, refused.last_error)
        assert abs(source.next_poll_at - refused.next_poll_at) < timedelta(seconds=5)
        assert len(scene.outlet.hits("/feed/")) == 2

    play(act)


def test_a_document_that_is_no_feed_is_a_failure_in_words(play: Play) -> None:
    async def act(scene: Scene) -> None:
        scene.change(url=f"{scene.outlet.url}/")
        report = await scene.poll()
        assert report.error == "This is a web page, not a feed."
        assert scene.source.first_polled_at is None

    play(act)


def test_a_source_that_is_gone_is_not_polled_any_more(play: Play) -> None:
    async def act(scene: Scene) -> None:
        scene.outlet.faults["/feed/"] = {"kind": "status", "status": 410}
        await scene.poll()
        assert not scene.source.active

    play(act)


def test_a_killed_parser_is_a_strike(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def kill(*arguments: object, **options: object) -> None:
        raise ParserKilled("Parsing took longer than 8 s.")

    monkeypatch.setattr(ParsingPool, "read_listing", kill)

    async def act(scene: Scene) -> None:
        for strikes in (1, 2, 3):
            await scene.poll()
            assert scene.source.strikes == strikes
        assert scene.source.last_polled_at is not None
        assert scene.source.next_poll_at - scene.source.last_polled_at >= timedelta(days=1)

    play(act)


def test_the_servers_word_decides_when_it_asks_for_more_than_our_interval(play: Play) -> None:
    async def act(scene: Scene) -> None:
        scene.outlet.feed_headers = {"Cache-Control": "max-age=600"}
        for _ in range(2):  # on a 200 and on a 304
            await scene.poll()
            assert scene.source.last_polled_at is not None
            assert scene.source.next_poll_at - scene.source.last_polled_at == timedelta(seconds=600)

    play(act)


def test_a_limit_leaves_the_rest_to_the_next_poll(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll()
        for number in range(5):
            scene.outlet.publish(f"خبر {number}")
        report = await scene.poll(limit=2)
        assert report.counts.new == 2
        assert (await scene.poll()).counts.new == 3
        assert len(scene.titles()) == 5

    play(act)


def test_a_limit_does_not_hold_for_the_silence_of_the_first_poll(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.poll(limit=1)
        await scene.poll()
        assert scene.titles() == []
        assert len(scene.titles(ArticleState.ARCHIVED)) == 3

    play(act)
