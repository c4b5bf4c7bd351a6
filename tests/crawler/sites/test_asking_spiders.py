"""Spiders and rules as the service meets them: through the pool, in a child."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.entries import NotAListing
from crawler.pages.extraction import Page, extract_article
from crawler.parsing.pool import ParsingPool
from crawler.sites import reading, registry
from crawler.sites.spider import SiteSpider
from monitors.outlets import SourceKind

MEDUZA = "https://meduza.io/api/v3/search?chrono=news&locale=ru&page=0&per_page=24"
AL_BAATH = "https://newspaper.albaathmedia.sy/c/news/"
SECTION = """<html><head><title>أخبار</title></head><body><main>
<a href="/2026/03/14/ferry/">العبّارة</a> <a href="/?p=41">السوق</a>
<a href="/c/paper/2026/">كل ما نشرته صحيفة البعث هذا العام من مقالات وأخبار</a>
</main></body></html>""".encode()


async def test_a_child_reads_a_list_with_the_spider_of_its_site() -> None:
    body = (Path(__file__).parent / "meduza" / "list.json").read_bytes()
    pool = ParsingPool(workers=1)
    try:
        listing = await pool.read_listing(body, url=MEDUZA, content_type=None, kind=SourceKind.SECTION)
        assert len(listing.entries) == 2
        with pytest.raises(NotAListing, match="not Meduza's list of articles"):
            await pool.read_listing(b"{}", url=MEDUZA, content_type=None, kind=SourceKind.SECTION)
    finally:
        await pool.close()


async def test_a_child_reads_a_page_of_links_by_the_rules_of_its_site() -> None:
    pool = ParsingPool(workers=1)
    try:
        listing = await pool.read_listing(SECTION, url=AL_BAATH, content_type=None, kind=SourceKind.SECTION)
    finally:
        await pool.close()
    home = "https://newspaper.albaathmedia.sy"
    assert [entry.url for entry in listing.entries] == [f"{home}/2026/03/14/ferry/", f"{home}/?p=41"]


async def test_a_child_reads_an_article_by_the_rules_of_its_site() -> None:
    body = (Path(__file__).parent / "al-baath" / "article.html").read_bytes()
    pool = ParsingPool(workers=1)
    try:
        ruled = await pool.extract_article(body, url=f"{AL_BAATH}1", content_type=None)
        general = await pool.extract_article(body, url="https://daily.example/1", content_type=None)
    finally:
        await pool.close()
    assert ruled.authors == ("ليان درويش",)
    assert general.authors == ()
    assert ruled.published_at == datetime(2026, 3, 13, 21, tzinfo=UTC)  # midnight in Damascus


class Harbour(SiteSpider):
    """Reads articles, and no lists."""

    name = "harbour"
    hosts = ("harbour.example",)

    def reads(self, url: str) -> bool:
        return "/news/" in url

    def article(self, body: bytes, *, url: str, content_type: str | None) -> Page:
        return replace(extract_article(b"", url=url, content_type=None), title=body.decode())


def test_a_spider_is_asked_for_the_articles_it_reads_and_for_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "SPIDERS", (Harbour(),))
    page = b"<html><body><h1>Ferry delayed</h1></body></html>"
    own = reading.extract_article(page, url="https://www.harbour.example/news/41", content_type=None)
    assert own.title == page.decode()
    for url in ("https://www.harbour.example/about", "https://other.example/news/41"):
        assert reading.extract_article(page, url=url, content_type=None).title == "Ferry delayed"
    assert registry.listing_spider("https://harbour.example/news/") is None
