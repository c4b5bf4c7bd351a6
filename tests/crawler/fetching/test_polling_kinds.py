"""Every kind of source, and several of one outlet."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from monitors.articles import ArticleState, TextOrigin
from monitors.outlets import SourceKind
from tests.crawler.fetching.desk import PARAGRAPH, Desk, Play, Site, article_page, rss


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


def test_a_sitemap_index_is_read_with_its_newest_parts_each_asked_conditionally(at_desk: Play) -> None:
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

    at_desk(act)


def test_a_part_that_cannot_be_had_costs_only_itself(at_desk: Play) -> None:
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

    at_desk(act)


def test_a_wordpress_collection_needs_no_pages(at_desk: Play) -> None:
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
        assert article.language == "ar"
        assert not [asked for asked, _ in desk.site.asked if asked.startswith("/news/")]

    at_desk(act)


def section(desk: Desk, *numbers: int, more: str = "") -> str:
    cards = "".join(
        f'<article><h2><a href="/news/{number}/">تفاصيل الخبر الذي يحمل الرقم {number} في هذه الصفحة</a></h2></article>'
        for number in numbers
    )
    return (
        '<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>محليات</title></head><body>'
        f'<nav><a href="/">الرئيسية</a><a href="/about/">من نحن</a></nav><main>{cards}{more}</main></body></html>'
    )


def test_a_section_page_alerts_on_articles_and_records_other_links_in_silence(at_desk: Play) -> None:
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

    at_desk(act)


def test_a_section_link_whose_page_was_down_is_decided_when_the_page_is_there(at_desk: Play) -> None:
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
        assert await desk.ask_for_pages_again() == 1
        assert desk.titles() == ["خبر 4"]
        assert await desk.ask_for_pages_again() == 0

    at_desk(act)


def test_what_a_section_page_brings_up_again_is_recorded_in_silence(at_desk: Play) -> None:
    """Read most today, published long ago; but what was published while the page could not be had is news."""

    async def act(desk: Desk) -> None:
        site, now = desk.site, desk.now()
        site.pages(1, 2, 3, 7)
        for number, days in ((4, 400), (5, 2), (6, 5)):
            said = f'<meta property="article:published_time" content="{now - timedelta(days=days):%FT%TZ}">'
            site.documents[f"/news/{number}/"] = article_page(f"خبر {number}").replace("<title>", f"{said}<title>")
        site.documents["/local/"] = section(desk, 1, 2, 3)
        desk.follow((SourceKind.SECTION, "/local/"))
        await desk.poll()
        site.documents["/local/"] = section(desk, 4, 5, 7, 1, 2, 3)
        assert (await desk.poll()).counts.new == 2
        assert sorted(desk.titles()) == ["خبر 5", "خبر 7"]
        desk.change(failing_since=now - timedelta(days=4), failures=1)
        site.documents["/local/"] = section(desk, 6, 1, 2, 3)
        await desk.poll()
        assert sorted(desk.titles()) == ["خبر 5", "خبر 6", "خبر 7"]

    at_desk(act)


def test_two_sources_of_an_outlet_find_an_article_once(at_desk: Play) -> None:
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

    at_desk(act)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_article_is_found_once_though_one_source_links_to_it_through_a_redirect(
    at_desk: Play, order: tuple[int, int]
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

    at_desk(act)


def test_a_page_that_asks_for_consent_makes_no_two_articles_one(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        await desk.follow_feed()
        site.documents["/consent/"] = article_page("نحن نستعمل ملفات الارتباط")
        site.redirects |= {f"/news/{number}/": (302, f"{site.url}/consent/") for number in (2, 3, 4)}
        site.documents["/feed/"] = rss(site.item(3), site.item(2), site.item(1))
        await desk.poll()
        site.documents["/feed/"] = rss(site.item(4, "خبر 3"), site.item(3), site.item(2), site.item(1))
        await desk.poll()
        assert sorted(desk.titles()) == ["خبر 2", "خبر 3", "خبر 3"]

    at_desk(act)
