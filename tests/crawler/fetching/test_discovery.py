from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crawler import following
from crawler.articles import Listed, listed
from crawler.discovery import Discovery, discover, possible_addresses
from crawler.following import follow
from crawler.polling import Poller
from crawler.scheduling import Pace
from crawler.web.answers import Fetched, FetchFailed, NotModified
from crawler.web.fetching import Fetcher
from crawler.web.session import parsing
from monitors.articles import ArticleState
from monitors.errors import OutletError, UsageError
from monitors.storage import tables
from monitors.storage.engine import Database
from monitors.storage.outlets import remove_outlet, sources_of
from monitors.wakeups import Wakeups
from tests.crawler.fetching.answers import fetched
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.outlet import NAME, Outlet, serve


@pytest.mark.parametrize(
    ("typed", "tried"),
    [
        ("albaath.example", ["https://albaath.example/", "http://albaath.example/"]),
        ("  https://Example.org/news?x=1#top ", ["https://Example.org/news?x=1"]),
        ("HTTP://example.org", ["http://example.org/"]),
        ("<https://example.org/>", ["https://example.org/"]),
        ("127.0.0.1:8080/feed/", ["https://127.0.0.1:8080/feed/", "http://127.0.0.1:8080/feed/"]),
        ("localhost:99", ["https://localhost:99/", "http://localhost:99/"]),
        ("http://[::1]:8080/", ["http://[::1]:8080/"]),
        ("صحيفة.سوريا", ["https://صحيفة.سوريا/", "http://صحيفة.سوريا/"]),
    ],
)
def test_an_address_is_completed(typed: str, tried: list[str]) -> None:
    assert possible_addresses(typed) == tried


@pytest.mark.parametrize(
    "typed", ["", "news", "two words", "ftp://example.org/", "file:///etc/passwd", "http://", "http://[::1", "a@b.c"]
)
def test_what_is_no_address_is_a_usage_error(typed: str) -> None:
    with pytest.raises(UsageError, match="not a web address"):
        possible_addresses(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "http://editor:s3cret@daily.example/",
        "http://editor:s3cret@",
        "editor:s3cret@daily.example",
        "https://editor:p@s3cret@daily.example/",
        "//editor:s3cret@daily.example/",
        "ftp://editor:s3cret@daily.example/",
        "http://editor:s3/cret@daily.example/",
        "http://editor:[s3cret@daily.example/",
    ],
)
def test_a_password_in_an_address_is_never_repeated(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        possible_addresses(typed)
    assert "cret" not in str(refused.value)


def test_an_at_sign_in_a_path_is_no_password() -> None:
    assert possible_addresses("https://blogs.example/@editor") == ["https://blogs.example/@editor"]


Look = Callable[..., Discovery]


@pytest.fixture
def look(reactor: Reactor) -> Look:
    """Discovers what is at a path of an outlet, once it has been changed."""

    def run(path: str = "", change: Callable[[Outlet], None] = lambda outlet: None) -> Discovery:
        async def work(fetcher: Fetcher) -> Discovery:
            async with serve() as outlet, parsing() as pool:
                for number in range(1, 8):
                    outlet.publish(f"خبر {number}")
                change(outlet)
                return await discover(f"{outlet.url}{path}", fetcher, pool)

        return reactor.online(work)

    return run


def paths(found: Discovery) -> list[str]:
    return [source.url.split("/", 3)[3] for source in found.sources]


def test_a_home_page_leads_to_its_feed_but_not_to_that_of_its_comments(look: Look) -> None:
    found = look()
    assert paths(found) == ["feed/"]
    assert (found.outlet.name, found.outlet.language) == (NAME, "ar")
    assert found.outlet.homepage.endswith("/")


def test_the_preview_shows_the_five_newest(look: Look) -> None:
    assert [entry.title for entry in look().preview] == ["خبر 7", "خبر 6", "خبر 5", "خبر 4", "خبر 3"]


def test_an_address_without_a_scheme_is_tried_with_both(reactor: Reactor) -> None:
    async def work(fetcher: Fetcher) -> None:
        async with serve() as outlet, parsing() as pool:
            outlet.publish("خبر")
            found = await discover(outlet.url.removeprefix("http://"), fetcher, pool)
            assert found.outlet.homepage == f"{outlet.url}/"

    reactor.online(work)


def test_a_feed_leads_to_its_home_page(look: Look) -> None:
    found = look("/feed/")
    assert paths(found) == ["feed/"]
    assert found.outlet.name == NAME


def test_a_feed_whose_home_page_is_down_is_followed_all_the_same(look: Look) -> None:
    def break_home(outlet: Outlet) -> None:
        outlet.faults["/"] = {"kind": "status", "status": 500}

    found = look("/feed/", break_home)
    assert found.outlet.name == NAME
    assert "500" in found.notes[0]


def test_an_article_leads_to_the_outlet(look: Look) -> None:
    found = look("/news/1/")
    assert paths(found) == ["feed/"]
    assert found.outlet.homepage.count("/") == 3


def test_the_usual_places_are_tried_when_no_feed_is_linked(look: Look) -> None:
    def unlink(outlet: Outlet) -> None:
        outlet.home_head = ""

    found = look("", unlink)
    assert paths(found) == ["feed/"]
    (note,) = found.notes
    assert note.endswith("/: No feed is linked there. The feed was found in a usual place of the same site.")
    assert found.outlet.name == NAME


@dataclass
class Promising:
    """The web, but for what the one page that is fetched holds."""

    fetcher: Fetcher
    page: bytes

    async def fetch_page(self, url: str) -> Fetched | FetchFailed:
        return replace(fetched(await self.fetcher.fetch_page(url)), body=self.page)

    async def fetch_feed(self, url: str) -> Fetched | NotModified | FetchFailed:
        return await self.fetcher.fetch_feed(url)

    async def named_sitemaps(self, url: str) -> tuple[str, ...]:
        return await self.fetcher.named_sitemaps(url)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + "图片像素".encode() * 200, "This is an image, not a web page."),
        ("图片像素".encode("utf-16-le") * 200 + bytes(100), "This is binary data, not a web page."),
        (b'{"error": "no such page"}', "This is JSON, not a web page."),
        (b"", "The page is empty."),
        (b"<html lang=zh><title>Log in</title><input type=password></html>", "No feed is linked there."),
    ],
)
def test_an_address_that_is_no_page_says_nothing_about_the_outlet(reactor: Reactor, body: bytes, said: str) -> None:
    async def work(fetcher: Fetcher) -> None:
        async with serve() as outlet, parsing() as pool:
            outlet.publish("خبر")
            found = await discover(f"{outlet.url}/news/1/", Promising(fetcher, body), pool)
            assert paths(found) == ["feed/"]
            assert found.outlet.name == NAME
            assert found.outlet.language != "zh"
            (note,) = found.notes
            assert note == f"{outlet.url}/news/1/: {said} The feed was found in a usual place of the same site."

    reactor.online(work)


def test_a_feed_under_two_addresses_is_found_once(look: Look) -> None:
    def link_twice(outlet: Outlet) -> None:
        outlet.faults["/rss"] = {"kind": "redirect", "to": "/feed/", "status": 302}
        outlet.home_head = "".join(
            f'<link rel="alternate" type="application/rss+xml" href="{path}">'
            for path in ("/feed/", "/feed/?x=1", "/rss")
        )

    assert paths(look("", link_twice)) == ["feed/"]


def test_a_permanent_redirect_gives_the_feeds_new_address_and_a_temporary_one_does_not(look: Look) -> None:
    def move(status: int) -> Callable[[Outlet], None]:
        def change(outlet: Outlet) -> None:
            outlet.faults["/rss"] = {"kind": "redirect", "to": "/feed/", "status": status}
            outlet.home_head = '<link rel="alternate" type="application/rss+xml" href="/rss">'

        return change

    assert paths(look("", move(301))) == ["feed/"]
    assert paths(look("", move(302))) == ["rss"]


def test_a_site_that_lists_no_articles_is_no_outlet(look: Look) -> None:
    def close_feeds(outlet: Outlet) -> None:
        outlet.home_head = ""
        outlet.faults["/feed/"] = {"kind": "status", "status": 404}

    with pytest.raises(OutletError, match="lists no articles"):
        look("", close_feeds)


def test_a_link_that_promises_a_feed_but_gives_a_page_is_not_believed(look: Look) -> None:
    def lie(outlet: Outlet) -> None:
        outlet.home_head = '<link rel="alternate" type="application/rss+xml" href="/news/1/">'

    assert paths(look("", lie)) == ["feed/"]


def test_a_site_that_cannot_be_had_is_one_clear_sentence(look: Look) -> None:
    def down(outlet: Outlet) -> None:
        outlet.faults["/"] = {"kind": "status", "status": 503}

    with pytest.raises(OutletError, match=r"answered 503 \(Service Unavailable\)"):
        look("", down)


def test_what_was_there_is_archived_and_what_appears_between_is_not_lost(
    reactor: Reactor, sqlite_database: Database
) -> None:
    """The service may start long after the outlet was added."""

    def titles(state: ArticleState) -> list[str]:
        articles = tables.articles
        query = select(articles.c.title).where(articles.c.state == state)
        return sqlite_database.read_now(lambda connection: list(connection.scalars(query)))

    async def work(fetcher: Fetcher) -> None:
        async with serve() as outlet, parsing() as pool:
            outlet.publish("خبر قديم")
            now = datetime.now(UTC)
            found = await discover(outlet.url, fetcher, pool)
            saved, _ = follow(sqlite_database, found, now=now, pace=Pace(60))
            assert titles(ArticleState.ARCHIVED) == ["خبر قديم"]
            assert len(outlet.hits("/feed/")) == 1

            outlet.publish("خبر أول")
            follow(sqlite_database, found, now=now, pace=Pace(60))  # added again: still to alert
            poller = Poller(sqlite_database, Wakeups(), fetcher, pool, pace=Pace(60))
            (source,) = sqlite_database.read_now(sources_of, saved.id)
            await poller.poll(source)
            assert titles(ArticleState.PENDING) == ["خبر أول"]

            sqlite_database.write_now(remove_outlet, saved.id)
            outlet.publish("خبر أثناء الغياب")
            again = await discover(outlet.url, fetcher, pool)
            follow(sqlite_database, again, now=now, pace=Pace(60))
            assert titles(ArticleState.ARCHIVED) == ["خبر قديم", "خبر أثناء الغياب"]

    reactor.online(work)


def test_articles_that_several_sources_list_count_for_the_first_alone(look: Look, sqlite_database: Database) -> None:
    """Together they would be expected to publish twice as much, and be called quiet for it."""
    found = look("/feed/")
    (feed,) = found.chosen
    copy = replace(feed, source=replace(feed.source, url=f"{feed.source.url}?copy"))
    outlet, _ = follow(sqlite_database, replace(found, found=(feed, copy)), now=datetime.now(UTC), pace=Pace(60))
    first, second = sqlite_database.read_now(sources_of, outlet.id)
    assert first.rate is not None
    assert second.rate is not None
    assert sum(first.rate.hours) + bool(first.rate.latest) > 0
    assert (sum(second.rate.hours), second.rate.latest) == (0, None)


def test_what_a_feed_holds_is_worked_out_before_the_transaction(
    look: Look, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    write_now = Database.write_now

    def watched_write(*arguments: Any, **options: Any) -> Any:
        steps.append("transaction")
        return write_now(*arguments, **options)

    def watched(*arguments: Any) -> list[Listed]:
        steps.append("listed")
        return listed(*arguments)

    monkeypatch.setattr(following, "listed", watched)
    monkeypatch.setattr(Database, "write_now", watched_write)
    follow(sqlite_database, look("/feed/"), now=datetime.now(UTC), pace=Pace(60))
    assert steps == ["listed", "transaction"]
