"""What discovery makes of sites of every make, through the real client."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery import Discovery, Verdict, as_rows, discover
from crawler.web.fetching import Fetcher
from crawler.web.session import parsing
from monitors.errors import OutletError
from monitors.outlets import SourceKind
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.site import NAME, Site, serve


@dataclass
class Look:
    """Discovers what is at a path of a site, once it has been built; `site` is there to be looked at afterwards."""

    reactor: Reactor
    site: Site = field(default_factory=Site)

    def __call__(self, path: str, build: Callable[[Site], object], *, everything: bool = False) -> Discovery:
        async def work(fetcher: Fetcher) -> Discovery:
            async with serve(self.site) as site, parsing() as pool:
                build(site)
                return await discover(f"{site.url}{path}", fetcher, pool, everything=everything)

        return self.reactor.online(work)

    def verdicts(self, found: Discovery) -> dict[str, Verdict]:
        return {each.source.url.removeprefix(self.site.url).partition("?")[0]: each.verdict for each in found.found}


@pytest.fixture
def look(reactor: Reactor) -> Look:
    return Look(reactor)


FEED = '<link rel="alternate" type="application/rss+xml" href="{}">'
API = '<link rel="https://api.w.org/" href="/wp-json/">'


def chosen(look: Look, found: Discovery) -> list[tuple[SourceKind, str]]:
    return [(each.source.kind, each.source.url.removeprefix(look.site.url).partition("?")[0]) for each in found.chosen]


def test_whole_articles_are_preferred_and_what_adds_nothing_is_left_with_its_reason(look: Look) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(20)
        site.put_posts(pieces)
        site.put_feed("/feed/", pieces)
        site.put_robots(site.put_news_sitemap("/news-sitemap.xml", pieces))
        site.put_list("/", pieces, head=API + FEED.format("/feed/"))

    found = look("/", build)
    assert chosen(look, found) == [(SourceKind.WORDPRESS, "/wp-json/wp/v2/posts")]
    assert found.chosen[0].reason == "lists 18 of 18 articles since its oldest; newest 12 minutes ago"
    verdicts = look.verdicts(found)
    assert verdicts.pop("/wp-json/wp/v2/posts") is Verdict.MAIN
    assert verdicts == {
        "/feed/": Verdict.ADDS_NOTHING,
        "/news-sitemap.xml": Verdict.ADDS_NOTHING,
        "/": Verdict.ADDS_NOTHING,
    }
    assert found.outlet.name == NAME


def test_texts_that_are_whole_need_no_page_for_the_preview(look: Look) -> None:
    def build(site: Site) -> None:
        site.put_posts(site.publish(6))
        site.put_list("/", [], head=API)

    found = look("/", build)
    assert [sample.title for sample in found.preview] == [piece.title for piece in look.site.pieces[:5]]
    assert all(sample.characters > 200 and sample.language == "ar" and not sample.note for sample in found.preview)
    assert not any(path.startswith("/local/") for path in look.site.log)


def test_the_preview_reads_pages_and_says_which_could_not_be_had(look: Look) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(6)
        del site.documents[pieces[1].path]
        site.put_feed("/feed/", pieces)
        site.put_list("/", pieces, head=FEED.format("/feed/"))

    found = look("/", build)
    read, failed, *rest = found.preview
    assert (read.characters > 200, read.language, read.note) == (True, "ar", None)
    assert failed.note == "Page not read: The site answered 404 (Not Found)."
    assert 0 < failed.characters < 100
    assert len(rest) == 3


def test_a_news_sitemap_joins_a_feed_that_lists_only_a_part(look: Look) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(50)
        site.put_feed("/feed/", pieces[::5])
        site.put_robots(site.put_news_sitemap("/sitemaps/news.xml", pieces))
        site.put_list("/", pieces[:10], head=FEED.format("/feed/"))

    found = look("/", build)
    assert chosen(look, found) == [(SourceKind.SITEMAP, "/sitemaps/news.xml"), (SourceKind.FEED, "/feed/")]
    assert found.chosen[0].numbers.covered == found.chosen[0].numbers.of


def test_a_feed_that_lists_all_but_reaches_less_far_back_is_enough(look: Look) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(150)
        site.put_feed("/feed/", pieces[:20])
        site.put_robots(site.put_news_sitemap("/sitemaps/news.xml", pieces))
        site.put_list("/", pieces[:10], head=FEED.format("/feed/"))

    found = look("/", build)
    assert chosen(look, found) == [(SourceKind.FEED, "/feed/")]
    assert look.verdicts(found)["/sitemaps/news.xml"] is Verdict.ADDS_NOTHING


@pytest.fixture
def with_categories() -> Callable[..., None]:
    """A site with feeds of its two categories, and perhaps a main one."""

    def build(site: Site, *, main: bool) -> None:
        newest = datetime.now(UTC) - timedelta(minutes=5)
        local, economy = site.publish(10, newest=newest), site.publish(10, section="economy", newest=newest)
        feeds = [site.put_feed("/local/feed/", local), site.put_feed("/economy/feed/", economy)]
        feeds += [site.put_feed("/feed/", site.pieces)] if main else []
        site.put_list("/", [], head="".join(map(FEED.format, feeds)))

    return build


def test_feeds_of_categories_are_joined_where_there_is_no_main_one(
    look: Look, with_categories: Callable[..., None]
) -> None:
    found = look("/", lambda site: with_categories(site, main=False))
    assert chosen(look, found) == [(SourceKind.FEED, "/local/feed/"), (SourceKind.FEED, "/economy/feed/")]


def test_feeds_of_categories_are_left_beside_a_main_one(look: Look, with_categories: Callable[..., None]) -> None:
    found = look("/", lambda site: with_categories(site, main=True))
    assert chosen(look, found) == [(SourceKind.FEED, "/feed/")]
    assert look.verdicts(found)["/economy/feed/"] is Verdict.ADDS_NOTHING


def test_everything_that_works_is_chosen_on_demand(look: Look, with_categories: Callable[..., None]) -> None:
    found = look("/", lambda site: with_categories(site, main=True), everything=True)
    assert len(found.chosen) == 3


def test_the_section_that_was_pasted_is_followed_alone_if_it_has_a_feed(look: Look) -> None:
    def build(site: Site) -> None:
        local, economy = site.publish(10), site.publish(10, section="economy")
        site.put_feed("/feed/", [*local, *economy])
        site.put_feed("/economy/feed/", economy, title=f"{NAME} » اقتصاد")
        head = FEED.format("/feed/") + FEED.format("/economy/feed/")
        site.put_list("/economy/", economy, head=head)
        site.put_list("/", local, head=FEED.format("/feed/"))

    found = look("/economy/", build)
    assert chosen(look, found) == [(SourceKind.FEED, "/economy/feed/")]
    assert (found.outlet.name, found.outlet.homepage) == (NAME, f"{look.site.url}/")


def test_a_feed_that_only_the_section_names_is_the_sections(look: Look) -> None:
    def build(site: Site) -> None:
        local, economy = site.publish(10), site.publish(10, section="economy")
        site.put_feed("/feed/", [*local, *economy])
        site.put_feed("/rss.aspx?id=7", economy)
        site.put_list("/economy/", economy, head=FEED.format("/rss.aspx?id=7") + FEED.format("/feed/"))
        site.put_list("/", local, head=FEED.format("/feed/"))

    assert look("/economy/", build).sources[0].url.endswith("/rss.aspx?id=7")


def test_the_category_that_was_pasted_is_followed_in_the_collection_of_wordpress(look: Look) -> None:
    def build(site: Site) -> None:
        local, economy = site.publish(10), site.publish(10, section="economy")
        site.put_posts([*local, *economy])
        site.put_posts(economy, term="categories=5")
        json_link = '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/categories/5">'
        site.put_list("/economy/", economy, head=API + json_link)
        site.put_list("/", local, head=API)

    found = look("/economy/", build)
    (source,) = found.sources
    assert source.kind is SourceKind.WORDPRESS
    assert source.url.endswith("&categories=5")
    assert {sample.url for sample in found.preview} <= {f"{look.site.url}/economy/{471010 + n}/" for n in range(1, 11)}


def test_a_section_without_a_source_of_its_own_leads_to_the_outlets(look: Look) -> None:
    def build(site: Site) -> None:
        local, economy = site.publish(10), site.publish(10, section="economy")
        site.put_feed("/feed/", [*local, *economy])
        site.put_list("/economy/", economy)
        site.put_list("/", [*local, *economy], head=FEED.format("/feed/"))

    found = look("/economy/", build)
    assert chosen(look, found) == [(SourceKind.FEED, "/feed/")]
    section = f"{look.site.url}/economy/"
    assert found.notes == (f"{section}: This section has no source of its own; all of the outlet is followed.",)


def test_a_site_without_feeds_and_sitemaps_is_followed_by_its_headlines(look: Look) -> None:
    def build(site: Site) -> None:
        site.put_list("/", site.publish(12))

    found = look("/", build)
    assert chosen(look, found) == [(SourceKind.SECTION, "/")]
    assert found.chosen[0].numbers.entries == 12  # the menu and the foot are none
    assert all(sample.characters > 200 for sample in found.preview)


def test_an_article_leads_to_the_sources_of_its_site(look: Look) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(10)
        site.put_feed("/rss/all.xml", pieces)
        site.put_list("/", pieces, head=FEED.format("/rss/all.xml"))

    found = look("/local/471003/", build)
    assert chosen(look, found) == [(SourceKind.FEED, "/rss/all.xml")]
    assert found.outlet.homepage == f"{look.site.url}/"
    assert found.notes == ()


@pytest.mark.parametrize("path", ["/wp-json/", "/wp-json", "/wp-json/wp/v2/posts?per_page=3"])
def test_any_address_within_a_wordpress_api_is_its_posts(look: Look, path: str) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(10)
        site.put_posts(pieces)
        site.put_list("/", pieces)

    found = look(path, build)
    assert chosen(look, found) == [(SourceKind.WORDPRESS, "/wp-json/wp/v2/posts")]
    assert found.outlet.name == NAME


def test_a_sitemap_that_was_pasted_is_followed(look: Look) -> None:
    def build(site: Site) -> None:
        site.put_news_sitemap("/map.xml", site.publish(10))
        site.put_list("/", [])

    found = look("/map.xml", build)
    assert chosen(look, found) == [(SourceKind.SITEMAP, "/map.xml")]
    assert found.outlet.name == NAME


def test_an_index_leads_to_the_standing_sitemap_of_news_in_it(look: Look) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(10)
        news = site.put_news_sitemap("/sitemap-news.xml", pieces)
        site.put_robots(site.put_sitemap_index("/index.xml", [f"{site.url}/sitemap-pages.xml", news]))
        site.put_list("/", [])

    assert chosen(look, look("/", build)) == [(SourceKind.SITEMAP, "/sitemap-news.xml")]


def test_an_index_of_months_is_followed_itself(look: Look) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(10)
        month = site.put_news_sitemap("/sitemap-2026-03.xml", pieces)
        site.put_robots(site.put_sitemap_index("/index.xml", [month]))
        site.put_list("/", [])

    found = look("/", build)
    assert chosen(look, found) == [(SourceKind.SITEMAP, "/index.xml")]
    assert found.chosen[0].numbers.entries == 10


def test_indexes_that_lead_in_circles_end(look: Look) -> None:
    def build(site: Site) -> None:
        first, second = f"{site.url}/a-news-index.xml", f"{site.url}/b-news-index.xml"
        site.put_sitemap_index("/a-news-index.xml", [second, first])
        site.put_sitemap_index("/b-news-index.xml", [first, second])
        site.put_robots(first, second)
        site.put_feed("/feed/", site.publish(5))
        site.put_list("/", [], head=FEED.format("/feed/"))

    assert chosen(look, look("/", build)) == [(SourceKind.FEED, "/feed/")]
    assert len(set(look.site.log)) == len(look.site.log)


def test_a_source_that_rests_since_long_is_left(look: Look) -> None:
    def build(site: Site) -> None:
        old = site.publish(5, newest=datetime.now(UTC) - timedelta(days=60))
        site.put_feed("/feed/", old)
        site.put_robots(site.put_news_sitemap("/news.xml", site.publish(10)))
        site.put_list("/", [], head=FEED.format("/feed/"))

    found = look("/", build)
    assert chosen(look, found) == [(SourceKind.SITEMAP, "/news.xml")]
    assert look.verdicts(found)["/feed/"] is Verdict.STALE
    (stale,) = [each for each in found.found if each.verdict is Verdict.STALE]
    assert stale.reason.startswith("nothing new since 20")


def test_a_feed_of_comments_is_none_whatever_it_is_called(look: Look) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(3)
        items = "".join(f"<item><link>{site.url}{piece.path}#comment-9</link></item>" for piece in pieces)
        site.put("/talk.xml", f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>', "text/xml")
        site.put_feed("/feed/", pieces)
        site.put_list("/", [], head=FEED.format("/talk.xml") + FEED.format("/feed/"))

    found = look("/", build)
    assert chosen(look, found) == [(SourceKind.FEED, "/feed/")]
    (failed,) = [each for each in found.found if each.verdict is Verdict.FAILED]
    assert failed.reason == "It lists comments."


def test_a_site_is_asked_twenty_times_at_most(look: Look) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(40)
        feeds = [f"/c/{name}/feed/" for name in range(40)]
        for number, path in enumerate(feeds):
            site.put_feed(path, [pieces[number]])
        site.put_robots(*(site.put_news_sitemap(f"/news-{n}.xml", pieces[:n]) for n in range(1, 30)))
        for page in ("/local/", "/"):
            site.put_list(page, pieces, head="".join(map(FEED.format, feeds)))

    found = look("/local/", build)
    assert found.chosen
    assert len(found.preview) == 5
    assert len(look.site.log) <= 20
    assert len(set(look.site.log)) == len(look.site.log)  # nothing twice


def test_what_was_found_is_plain_data_for_tables_and_chats(look: Look) -> None:
    def build(site: Site) -> None:
        pieces = site.publish(20)
        site.put_feed("/feed/", pieces)
        site.put_list("/", pieces, head=FEED.format("/feed/") + FEED.format("/gone/feed/"))

    rows = json.loads(json.dumps(as_rows(look("/", build))))
    assert {key: rows[key] for key in ("name", "homepage", "language", "country", "time_zone", "notes")} == {
        "name": NAME,
        "homepage": f"{look.site.url}/",
        "language": "ar",
        "country": None,
        "time_zone": None,
        "notes": [],
    }
    main, *rest = rows["sources"]
    newest = look.site.pieces[0].at.isoformat()
    assert main == {
        "url": f"{look.site.url}/feed/",
        "kind": "feed",
        "chosen": True,
        "verdict": "main",
        "reason": "lists 18 of 18 articles since its oldest; newest 12 minutes ago",
        "entries": 20,
        "titled": 20,
        "dated": 20,
        "with_text": 20,
        "covered": 18,
        "of": 18,
        "adds": 0,
        "newest_at": newest,
    }
    assert {row["verdict"] for row in rest} == {"adds_nothing", "failed"}
    assert set(rows["preview"][0]) == {"title", "url", "published_at", "characters", "language", "note"}
    assert rows["preview"][0]["published_at"] == newest


def test_pages_that_link_to_nothing_are_no_outlet(look: Look) -> None:
    with pytest.raises(OutletError, match="lists no articles that Rasid can follow"):
        look("/", lambda site: site.put_list("/", []))
