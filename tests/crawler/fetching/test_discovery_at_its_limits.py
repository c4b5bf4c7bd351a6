"""Discovery without a network: sites that never answer, names of the catalogue, channels, what nobody may learn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import Discovery, discover, meaning_of
from crawler.discovery.places import posts_meant
from crawler.discovery.preview import LATE
from crawler.entries import Listing
from crawler.listings.reading import read_listing
from crawler.pages.extraction import Page, extract_article
from crawler.pages.links import PageLinks, find_feed_links
from crawler.web.answers import UNREACHABLE, Fetched, FetchFailed, NotModified
from monitors.errors import OutletError, RasidError, UsageError
from monitors.outlets import NewSource, SourceKind
from tests.crawler.listings.channel_pages import channel, message, text
from tests.fakes.site import Site

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOME = "https://daily.example/"


@dataclass
class Shelf:
    """A web of documents; those in `silent` never come, and whatever is not there cannot be reached."""

    documents: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    sitemaps: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch_page(self, url: str) -> Fetched | FetchFailed:
        self.asked.append(url)
        if url in self.silent:
            await asyncio.Event().wait()
        body = self.documents.get(url)
        return FetchFailed(url, UNREACHABLE) if body is None else Fetched(url, url, self.headers, body.encode(), NOW)

    async def fetch_feed(self, url: str) -> Fetched | NotModified | FetchFailed:
        return await self.fetch_page(url)

    async def named_sitemaps(self, url: str) -> tuple[str, ...]:
        return self.sitemaps


class Reader:
    """The parsers, in this process: our own documents do it no harm."""

    async def read_listing(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,
        kind: SourceKind = SourceKind.FEED,
        known: Sequence[str] = (),
    ) -> Listing:
        return read_listing(body, kind=kind, url=url, content_type=content_type, known=known)

    async def find_feed_links(self, html: bytes, *, url: str, content_type: str | None) -> PageLinks:
        return find_feed_links(html, url=url, content_type=content_type)

    async def extract_article(self, html: bytes, *, url: str, content_type: str | None) -> Page:
        return extract_article(html, url=url, content_type=content_type)


def a_daily(home: str = HOME, *, articles: int = 8) -> Shelf:
    """A site with a feed, linked from its front page."""
    site = Site(url=home.rstrip("/"))
    pieces = site.publish(articles, newest=NOW)
    site.put_feed("/feed/", pieces)
    site.put_list("/", pieces, head='<link rel="alternate" type="application/rss+xml" href="/feed/">')
    return Shelf({f"{site.url}{path}": body for path, (_, body) in site.documents.items()})


def look(address: str, shelf: Shelf, *, search_s: float = 60, preview_s: float = 60, **options: object) -> Discovery:
    async def run() -> Discovery:
        return await discover(
            address,
            shelf,
            Reader(),
            now=NOW,
            search_s=search_s,
            preview_s=preview_s,
            **options,  # type: ignore[arg-type]
        )

    return asyncio.run(run())


def test_what_was_found_in_time_is_judged() -> None:
    shelf = a_daily()
    shelf.sitemaps = (f"{HOME}news.xml",)
    shelf.silent = {f"{HOME}news.xml"}
    found = look(HOME, shelf, search_s=5)
    assert [source.url for source in found.sources] == [f"{HOME}feed/"]
    assert found.notes == ("The site answers slowly: what was found within 5 seconds is shown.",)
    assert len(found.preview) == 5


def test_a_page_that_never_comes_is_said_in_the_preview() -> None:
    shelf = a_daily()
    shelf.silent = {f"{HOME}local/471001/"}
    late, *others = look(HOME, shelf, preview_s=5).preview
    assert (late.note, late.characters > 0) == (LATE, True)
    assert all(sample.note is None for sample in others)


def test_silence_is_told_like_a_closed_door() -> None:
    """How long somebody waits must not tell which ports of a private host are open."""
    with pytest.raises(OutletError) as silent:
        look("http://10.0.0.1/", Shelf(silent={"http://10.0.0.1/"}), search_s=0.01)
    with pytest.raises(OutletError) as refused:
        look("http://10.0.0.1/", Shelf())
    assert str(silent.value) == str(refused.value)


def test_a_source_that_cannot_be_reached_is_told_without_a_reason() -> None:
    shelf = a_daily()
    shelf.sitemaps = ("http://10.0.0.1:22/news.xml",)
    found = look(HOME, shelf)
    (failed,) = [each for each in found.found if "10.0.0.1" in each.source.url]
    assert failed.reason == UNREACHABLE


@pytest.mark.parametrize("typed", ["al-baath", "Al-Baath", "البعث", "جريدة البعث"])
def test_names_of_the_catalogue_are_addresses(typed: str) -> None:
    home = "https://newspaper.albaathmedia.sy/"
    found = look(typed, a_daily(home))
    assert found.outlet.homepage == home
    outlet = found.outlet
    assert (outlet.name, outlet.country, outlet.time_zone, outlet.language) == ("البعث", "SY", "Asia/Damascus", "ar")


def test_an_address_of_a_site_in_the_catalogue_gets_its_names_and_another_does_not() -> None:
    assert look("https://sana.sy/", a_daily("https://sana.sy/")).outlet.name == "وكالة سانا"
    assert look(HOME, a_daily()).outlet.country is None


def test_two_outlets_of_one_host_stay_two() -> None:
    english, arabic = "https://www.bbc.com/", "https://www.bbc.com/arabic"
    shelf = a_daily(english)
    shelf.documents[arabic] = (
        '<link rel="alternate" type="application/rss+xml" href="https://feeds.example/arabic.xml">'
    )
    shelf.documents["https://feeds.example/arabic.xml"] = shelf.documents[f"{english}feed/"]
    found = look(arabic, shelf)
    assert found.outlet.homepage == arabic
    assert (found.outlet.language, found.outlet.country) == ("ar", "GB")
    assert [source.url for source in found.sources] == ["https://feeds.example/arabic.xml"]


def test_a_wordpress_api_that_only_a_header_names_is_found() -> None:
    site = Site(url=HOME.rstrip("/"))
    site.put_posts(site.publish(8, newest=NOW))
    (posts,) = [body for path, (_, body) in site.documents.items() if path.startswith("/wp-json/")]
    shelf = a_daily()
    shelf.headers = {"link": f'<{HOME}wp-json/>; rel="https://api.w.org/"'}
    shelf.documents[posts_meant(f"{HOME}wp-json/")] = posts
    assert [source.kind for source in look(HOME, shelf).sources] == [SourceKind.WORDPRESS]


def test_a_robots_txt_full_of_nonsense_does_no_harm() -> None:
    shelf = a_daily()
    shelf.sitemaps = ("http://[", "news.xml", "javascript:x", "ftp://daily.example/news.xml", "", "\0" * 9, "x" * 9_000)
    found = look(HOME, shelf)
    assert [source.url for source in found.sources] == [f"{HOME}feed/"]
    assert f"{HOME}news.xml" in shelf.asked


@given(st.text(max_size=60) | st.from_regex(r"(https?://)?[a-z.@:\[\]/?#=%-]{0,40}", fullmatch=True))
def test_whatever_is_typed_is_understood_or_refused_in_words(typed: str) -> None:
    with suppress(RasidError):
        meant = meaning_of(typed)
        assert meant.channel or meant.addresses
        assert all(map(posts_meant, meant.addresses))


def test_sources_that_the_catalogue_knows_are_tried() -> None:
    shelf = a_daily()
    shelf.documents[f"{HOME}hidden.xml"] = shelf.documents.pop(f"{HOME}feed/")
    found = look(HOME, shelf, hints=[NewSource(f"{HOME}hidden.xml")])
    assert [source.url for source in found.sources] == [f"{HOME}hidden.xml"]


@pytest.mark.parametrize("typed", ["@wadidaily", "t.me/wadidaily", "https://t.me/s/wadidaily"])
def test_a_channel_is_followed_by_its_public_page(typed: str) -> None:
    messages = [message(number, text(f"افتتاح القناة رقم {number} بعد أعمال صيانة طويلة")) for number in (1, 2, 3)]
    shelf = Shelf({"https://t.me/s/wadidaily": channel(*messages).decode()})
    found = look(typed, shelf)
    assert found.sources == [NewSource("https://t.me/s/wadidaily", SourceKind.CHANNEL)]
    assert found.outlet.homepage == "https://t.me/s/wadidaily"
    assert len(found.preview) == 3
    assert shelf.asked == ["https://t.me/s/wadidaily"]


def test_a_channel_that_shows_nothing_in_public_is_said_to_be_closed() -> None:
    with pytest.raises(OutletError, match=r"t\.me/s/wadidaily: .*") as refused:
        look("@wadidaily", Shelf({"https://t.me/s/wadidaily": "<html><body>nothing</body></html>"}))
    assert refused.value.hint == "Only public channels with a preview on the web can be read."


def test_a_feed_on_another_host_leads_to_the_home_page_it_names() -> None:
    shelf = a_daily()
    shelf.documents["https://feeds.example/daily"] = shelf.documents[f"{HOME}feed/"]
    found = look("https://feeds.example/daily", shelf)
    assert found.outlet.homepage == HOME
    assert found.outlet.name == "وكالة الوادي"


def test_what_is_neither_a_name_nor_an_address_is_told_so() -> None:
    with pytest.raises(UsageError, match="“the daily nothing” is not a web address, and no outlet of the catalogue"):
        meaning_of("the daily nothing")


@pytest.mark.parametrize("typed", ["editor:s3cret@daily.example", "http://editor:s3cret@daily.example/", "s3cret@x"])
def test_secrets_in_what_was_typed_are_not_repeated(typed: str) -> None:
    with pytest.raises(RasidError) as refused:
        meaning_of(typed)
    assert "s3cret" not in str(refused.value)
