"""Lists of outlets followed through the real client and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from crawler.importing import Fate, Imported, Plan, follow_rows, followed_addresses, plan_import
from crawler.opml.outlines import BadRow, OutletList
from crawler.opml.reading import read_opml
from crawler.scheduling import Pace
from crawler.web.fetching import Fetcher
from crawler.web.session import parsing
from monitors.articles import ArticleState
from monitors.outlet_lists import Row, write_opml
from monitors.outlets import SourceKind
from monitors.storage import tables
from monitors.storage.engine import Database
from monitors.storage.outlet_lists import rows_of
from monitors.storage.outlets import list_outlets, pause_outlet, sources_of
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.site import Site, serve

NOW = datetime(2026, 3, 1, tzinfo=UTC)

Import = Callable[..., list[Imported]]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def follow(reactor: Reactor, sqlite_database: Database, site: Site) -> Import:
    """Follows rows that are made of the site's address, once it stands."""

    def run(
        rows: Callable[[Site], Sequence[Row]], tell: Callable[[Imported], None] = lambda imported: None
    ) -> list[Imported]:
        async def work(fetcher: Fetcher) -> list[Imported]:
            async with serve(site), parsing() as pool:
                return await follow_rows(rows(site), sqlite_database, fetcher, pool, pace=Pace(60), tell=tell)

        return reactor.online(work)

    return run


def a_list(site: Site) -> list[Row]:
    """Six rows of two outlets, one of them a home page, one broken."""
    pieces = site.publish(6)
    feed = site.put_feed("/feed/", pieces)
    news = site.put_news_sitemap("/news.xml", pieces)
    site.put_list("/", pieces, head='<link rel="alternate" type="application/rss+xml" href="/feed/">')
    second = site.put_feed("/second/feed/", [])
    return [
        Row(feed, name="الوادي", homepage=f"{site.url}/", language="ar", country="SY", time_zone="Asia/Damascus"),
        Row(news, SourceKind.SITEMAP, name="الوادي", homepage=f"{site.url}/"),
        Row(f"{site.url}/missing/", name="Missing", line=9),
        Row(second, name="Empty", homepage=f"{site.url}/second/"),
    ]


def test_rows_of_one_outlet_become_its_sources_and_failures_are_said(follow: Import, sqlite_database: Database) -> None:
    heard: list[Imported] = []
    results = follow(a_list, heard.append)
    assert [each.fate for each in results] == [Fate.FOLLOWED, Fate.FOLLOWED, Fate.FAILED, Fate.FAILED]
    assert [each.reason for each in results[2:]] == ["The site answered 404 (Not Found).", "It is empty."]
    assert sorted(each.row.url for each in heard) == sorted(each.row.url for each in results)
    (outlet,) = sqlite_database.read_now(list_outlets)
    assert (outlet.name, outlet.country, outlet.time_zone) == ("الوادي", "SY", "Asia/Damascus")
    kinds = [source.kind for source in sqlite_database.read_now(sources_of, outlet.id)]
    assert sorted(kinds) == [SourceKind.FEED, SourceKind.SITEMAP]


def test_what_two_sources_list_is_recorded_once_and_in_silence(follow: Import, sqlite_database: Database) -> None:
    follow(a_list)
    counted = select(tables.articles.c.state, func.count()).group_by(tables.articles.c.state)
    rows = sqlite_database.read_now(lambda connection: connection.execute(counted).all())
    assert [tuple(row) for row in rows] == [(ArticleState.ARCHIVED, 6)]


def test_an_index_of_sitemaps_is_recorded_by_its_first_poll_which_reads_more_of_it(
    follow: Import, sqlite_database: Database
) -> None:
    def rows(site: Site) -> list[Row]:
        month = site.put_news_sitemap("/sitemap-2026-03.xml", site.publish(5))
        return [Row(site.put_sitemap_index("/index.xml", [month]), SourceKind.SITEMAP)]

    (imported,) = follow(rows)
    assert imported.outlet is not None
    (source,) = sqlite_database.read_now(sources_of, imported.outlet.id)
    assert source.first_polled_at is None


def test_running_an_import_again_asks_only_for_what_is_missing(
    follow: Import, sqlite_database: Database, site: Site
) -> None:
    follow(a_list)
    listed = OutletList(None, tuple(a_list(site)))
    again = plan_import(listed, sqlite_database.read_now(followed_addresses))
    assert [row.name for row in again.rows] == ["Missing", "Empty"]
    assert len(again.known) == 2


def test_an_import_that_is_cut_off_leaves_what_is_saved(
    reactor: Reactor, sqlite_database: Database, site: Site
) -> None:
    async def work(fetcher: Fetcher) -> None:
        async with serve(site), parsing() as pool:
            rows = a_list(site)[:2]
            site.silent = {"/news.xml"}
            first = asyncio.Event()
            running = asyncio.create_task(
                follow_rows(rows, sqlite_database, fetcher, pool, pace=Pace(60), tell=lambda _: first.set())
            )
            await first.wait()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            site.silent = set()
            rest = plan_import(OutletList(None, tuple(rows)), sqlite_database.read_now(followed_addresses))
            assert list(rest.rows) == rows[1:]
            (second,) = await follow_rows(rest.rows, sqlite_database, fetcher, pool, pace=Pace(60))
            assert second.fate is Fate.FOLLOWED
            assert site.log.count("/feed/") == 1

    reactor.online(work)


def test_a_home_page_is_looked_at_for_its_sources(follow: Import, site: Site) -> None:
    def rows(site: Site) -> list[Row]:
        a_list(site)
        return [Row(f"{site.url}/", None, name="بالاسم")]

    (imported,) = follow(rows)
    assert imported.outlet is not None
    assert imported.outlet.name == "بالاسم"


def test_what_leads_to_a_followed_source_is_known_whatever_it_is_called(
    reactor: Reactor, sqlite_database: Database, site: Site
) -> None:
    async def work(fetcher: Fetcher) -> list[Fate]:
        async with serve(site), parsing() as pool:
            feed = a_list(site)[0]
            rows = [feed, Row(f"{site.url}/", None), Row(feed.url, name="Other", homepage=f"{site.url}/other/")]
            return [
                imported.fate
                for row in rows
                for imported in await follow_rows([row], sqlite_database, fetcher, pool, pace=Pace(60))
            ]

    assert reactor.online(work) == [Fate.FOLLOWED, Fate.KNOWN, Fate.KNOWN]
    assert len(sqlite_database.read_now(list_outlets)) == 1


def test_what_is_exported_comes_back(follow: Import, sqlite_database: Database) -> None:
    follow(a_list)
    rows = sqlite_database.read_now(rows_of)
    assert len(rows) == 2
    read = read_opml(write_opml(rows, title="Rasid", now=NOW)).rows
    assert [(row.url, row.kind, row.name, row.homepage, row.country) for row in read] == [
        (row.url, row.kind, row.name, row.homepage, row.country) for row in rows
    ]
    plan = plan_import(OutletList(None, read), sqlite_database.read_now(followed_addresses))
    assert plan.rows == ()


def test_paused_outlets_are_exported_too(follow: Import, sqlite_database: Database) -> None:
    follow(a_list)
    (outlet,) = sqlite_database.read_now(list_outlets)
    sqlite_database.write_now(pause_outlet, outlet.id)
    assert len(sqlite_database.read_now(rows_of)) == 2


def test_a_plan_keeps_what_cannot_be_followed() -> None:
    bad = BadRow(3, "x", "It has no address.")
    plan = plan_import(
        OutletList(None, (Row("https://a.example/feed?utm_source=x"),), (bad,)), {"https://a.example/feed"}
    )
    assert plan == Plan((), (Row("https://a.example/feed?utm_source=x"),), (bad,))
