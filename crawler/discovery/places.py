"""Where a site's sources may be: the places it names, and the places where they usually are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

from crawler.discovery.addresses import is_root, root_of
from crawler.listings.shapes import ArticleShape
from crawler.listings.wordpress import collection_url
from crawler.pages.links import COMMON_FEED_PATHS, PageLinks
from monitors.outlets import SourceKind

MAX_FEEDS = 6
MAX_NARROW_FEEDS = 3
MAX_SITEMAPS = 3
MAX_USUAL_FEEDS = 6

_API = "/wp-json/"
_ROUTE = "rest_route=/"
_TERMS = ("categories", "tags")
_USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml")
_NOT_MAIN = re.compile(r"/(?:tag|category|author|section)s?/", re.IGNORECASE)
_NEWS = re.compile(r"news|akhbar|latest", re.IGNORECASE)
# Kinds of sitemaps that list no articles (images beside pages, products, authors …).
_NOT_NEWS = re.compile(r"image|video|product|author|categor|tag|page[-_.]|store|archive", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Guess:
    """Where a source may be. `named` by the site itself; `narrow`: it lists only the section that was pasted."""

    url: str
    kind: SourceKind
    named: bool = True
    narrow: bool = False


def narrow_places(page: PageLinks, url: str, front: PageLinks | None) -> list[Guess]:
    """What lists the pasted section and nothing else; empty for a front page or an article.

    That is what its address says so of, or what the section names and the front page does not.
    """
    if is_root(url) or page is front or is_article(page, url):
        return []
    elsewhere = {feed.url for feed in front.feeds} if front is not None else {feed.url for feed in page.feeds}
    feeds = [feed.url for feed in page.feeds if _is_within(feed.url, url) or feed.url not in elsewhere]
    found = [Guess(feed, SourceKind.FEED, narrow=True) for feed in feeds]
    if page.wordpress_term and page.wordpress_api:
        collection = _collection(page.wordpress_api, [_term(page.wordpress_term)])
        found.insert(0, Guess(collection, SourceKind.WORDPRESS, narrow=True))
        if not feeds:
            found.append(Guess(urljoin(_folder(url), "feed/"), SourceKind.FEED, named=False, narrow=True))
    return _once(found)[:MAX_NARROW_FEEDS]


def named_places(pages: Iterable[PageLinks], sitemaps: Sequence[str]) -> list[Guess]:
    """What the pages and robots.txt name, likeliest first: the REST collection, feeds, news sitemaps."""
    pages = list(pages)
    apis = [page.wordpress_api for page in pages if page.wordpress_api]
    collections = [Guess(_collection(api), SourceKind.WORDPRESS) for api in apis]
    feeds = [Guess(feed.url, SourceKind.FEED) for page in pages for feed in page.feeds]
    feeds.sort(key=lambda guess: bool(_NOT_MAIN.search(guess.url)))  # main feeds before those of sections and tags
    named = [*sitemaps, *(url for page in pages for url in page.sitemaps)]
    return _once([*collections[:1], *_once(feeds)[:MAX_FEEDS], *map(_sitemap, news_first(named)[:MAX_SITEMAPS])])


def usual_feeds(url: str) -> list[Guess]:
    return [Guess(urljoin(url, path), SourceKind.FEED, named=False) for path in COMMON_FEED_PATHS[:MAX_USUAL_FEEDS]]


def usual_sitemaps(url: str) -> list[Guess]:
    return [Guess(urljoin(url, path), SourceKind.SITEMAP, named=False) for path in _USUAL_SITEMAPS]


def news_first(sitemaps: Iterable[str]) -> list[str]:
    """Each once, those of news first, those that list no articles left out."""
    listing = [url for url in dict.fromkeys(sitemaps) if not _NOT_NEWS.search(urlsplit(url).path)]
    return sorted(listing, key=lambda url: not _NEWS.search(urlsplit(url).path))


def is_standing(url: str) -> bool:
    """Whether a child of a sitemap index is where tomorrow's news will be too, and needs no index."""
    path = urlsplit(url).path
    return _NEWS.search(path) is not None and re.search(r"\d", path) is None and not urlsplit(url).query


def is_article(page: PageLinks, url: str) -> bool:
    """By what the page says of itself, or else by the shape of its address."""
    return page.is_article or ArticleShape().fits(url)


def _sitemap(url: str) -> Guess:
    return Guess(url, SourceKind.SITEMAP)


def posts_meant(url: str) -> str:
    """The collection of posts, where the address is within a WordPress REST API; else the address itself."""
    parts = urlsplit(url)
    front, found, _ = f"{parts.path}/".partition(_API)
    if not found and _ROUTE not in parts.query:
        return url
    root = parts._replace(path=front + _API, query="") if found else parts._replace(query=_ROUTE)
    terms = [(name, value) for name, value in parse_qsl(parts.query) if name in _TERMS and value.isdecimal()]
    return _collection(urlunsplit(root), terms)


def _term(url: str) -> tuple[str, str]:
    """The taxonomy and number at the end of the address of a category or tag, which may be in its query."""
    taxonomy, number = url.rstrip("/").split("/")[-2:]
    return taxonomy, number


def _collection(api: str, terms: Sequence[tuple[str, str]] = ()) -> str:
    """https://developer.wordpress.org/rest-api/reference/posts/#arguments"""
    return "&".join([collection_url(api), *(f"{taxonomy}={number}" for taxonomy, number in terms)])


def _is_within(feed: str, url: str) -> bool:
    """Whether a feed's address says that it is that of the section at `url`."""
    one, other = urlsplit(feed), urlsplit(url)
    folder = urlsplit(_folder(url)).path
    return one.netloc == other.netloc and folder not in ("", "/") and one.path.startswith(folder)


def _folder(url: str) -> str:
    parts = urlsplit(url)
    return urljoin(root_of(url), parts.path if parts.path.endswith("/") else f"{parts.path}/")


def _once(guesses: Iterable[Guess]) -> list[Guess]:
    found: dict[str, Guess] = {}
    for guess in guesses:
        known = found.setdefault(guess.url, guess)
        if guess.named and not known.named:
            found[guess.url] = replace(known, named=True)
    return list(found.values())
