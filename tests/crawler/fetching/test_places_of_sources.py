from __future__ import annotations

import pytest

from crawler.discovery.places import Guess, is_standing, named_places, narrow_places, news_first, posts_meant
from crawler.pages.links import FeedLink, PageLinks
from monitors.outlets import SourceKind

HOME = "https://daily.example/"


def page(*feeds: str, api: str | None = None, term: str | None = None, article: bool = False) -> PageLinks:
    links = tuple(FeedLink(feed, None) for feed in feeds)
    return PageLinks(None, "ar", HOME, None, links, is_article=article, wordpress_api=api, wordpress_term=term)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (HOME, []),  # a front page
        (f"{HOME}economy/471001-the-price-of-bread-rises-again.html", []),  # an article, by its address
        (f"{HOME}economy/", [f"{HOME}economy/feed/"]),
        (f"{HOME}economy", [f"{HOME}economy/feed/"]),
        (f"{HOME}eco/", []),  # no prefix of words
    ],
)
def test_a_sections_feeds_are_below_its_address(url: str, found: list[str]) -> None:
    section = page(f"{HOME}feed/", f"{HOME}economy/feed/")
    front = page(f"{HOME}feed/", f"{HOME}economy/feed/")
    assert [guess.url for guess in narrow_places(section, url, front)] == found


def test_an_article_names_no_section() -> None:
    assert narrow_places(page(f"{HOME}x/feed/", article=True), f"{HOME}x/", page()) == []


@pytest.mark.parametrize(
    ("api", "term", "collection"),
    [
        (f"{HOME}wp-json/", f"{HOME}wp-json/wp/v2/categories/12", f"{HOME}wp-json/wp/v2/posts?"),
        (f"{HOME}?rest_route=/", f"{HOME}?rest_route=/wp/v2/tags/7/", f"{HOME}?rest_route=/wp/v2/posts&"),
    ],
)
def test_a_category_of_wordpress_is_a_part_of_its_collection(api: str, term: str, collection: str) -> None:
    guesses = narrow_places(page(api=api, term=term), f"{HOME}economy/", page())
    assert guesses[0].url.startswith(collection)
    assert guesses[0].url.endswith(("&categories=12", "&tags=7"))
    assert guesses[1] == Guess(f"{HOME}economy/feed/", SourceKind.FEED, named=False, narrow=True)


@pytest.mark.parametrize(
    ("url", "start", "end"),
    [
        (f"{HOME}wp-json/", f"{HOME}wp-json/wp/v2/posts?per_page=", "_embed=author,wp:term"),
        (f"{HOME}ar/wp-json/wp/v2/posts/4", f"{HOME}ar/wp-json/wp/v2/posts?per_page=", "_embed=author,wp:term"),
        (f"{HOME}wp-json/wp/v2/posts?categories=5&x=1", f"{HOME}wp-json/wp/v2/posts?", "&categories=5"),
        (f"{HOME}wp-json/wp/v2/posts?categories=5%20OR", f"{HOME}wp-json/wp/v2/posts?", "_embed=author,wp:term"),
        (f"{HOME}?rest_route=/", f"{HOME}?rest_route=/wp/v2/posts&per_page=", "_embed=author,wp:term"),
        (f"{HOME}wp-jsonish/", f"{HOME}wp-jsonish/", "/"),
    ],
)
def test_addresses_within_an_api_mean_its_posts(url: str, start: str, end: str) -> None:
    assert posts_meant(url).startswith(start)
    assert posts_meant(url).endswith(end)


def test_places_come_likeliest_first_and_bounded() -> None:
    front = page(*(f"{HOME}tag/{n}/feed/" for n in range(20)), f"{HOME}feed/", api=f"{HOME}wp-json/")
    sitemaps = [f"{HOME}sitemap-{n}.xml" for n in range(20)] + [f"{HOME}news-sitemap.xml"]
    places = named_places([front, front], sitemaps)
    assert [place.kind for place in places] == [SourceKind.WORDPRESS] + [SourceKind.FEED] * 6 + [SourceKind.SITEMAP] * 3
    assert places[1].url == f"{HOME}feed/"
    assert places[7].url == f"{HOME}news-sitemap.xml"


def test_sitemaps_of_other_things_than_articles_are_left() -> None:
    names = ["image-sitemap.xml", "category-sitemap.xml", "post-sitemap.xml", "sitemap-news.xml", "author-sitemap.xml"]
    assert news_first(f"{HOME}{name}" for name in names) == [f"{HOME}sitemap-news.xml", f"{HOME}post-sitemap.xml"]


@pytest.mark.parametrize(
    ("name", "standing"),
    [("news-sitemap.xml", True), ("news-sitemap2.xml", False), ("post-sitemap.xml", False), ("news.xml?p=1", False)],
)
def test_a_standing_sitemap_holds_tomorrows_news_too(name: str, standing: bool) -> None:
    assert is_standing(f"{HOME}{name}") is standing
