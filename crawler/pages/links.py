"""A page somebody pasted → the sources its head and its links name, and what the site calls itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.documents.addresses import web_address
from crawler.documents.bombs import Bomb
from crawler.documents.fragments import line_of
from crawler.documents.spelling import fold, letters
from crawler.pages.languages import language_of
from crawler.pages.metadata import Metadata, read_metadata
from crawler.pages.other_documents import NotAPage
from crawler.pages.page_tree import build_tree
from crawler.pages.structured_data import StructuredData, read_structured_data
from crawler.pages.titles import without_outlet

# Where feeds are when no page names them, commonest first (WordPress, Drupal, Blogger, hand-made).
COMMON_FEED_PATHS = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/feeds/posts/default",
    "/index.xml",
    "/rss/",
    "/ar/feed/",
    "/?feed=rss2",
)
MAX_FEEDS = 50
MAX_SITEMAPS = 10

_FEED_TYPES = re.compile(
    r"application/(?:rss|atom|rdf)\+xml|application/feed\+json|application/x-rss\+xml|(?:application|text)/xml",
    re.IGNORECASE,
)
_FEED_ADDRESS = re.compile(
    r"/(?:feed|rss|atom)/?$|[/.](?:rss|atom)(?:2|\.xml|\.php|\.aspx)?$|/feeds?/|/(?:rss|feed|atom)\.xml|/feed\.json$"
)
_COMMENTS_ADDRESS = re.compile(r"/comments/(?:feed|default)|feed=comments|/feed/comments")
_COMMENTS_TITLE = re.compile(r"تعليق|\bcomments?\b|commentaires|kommentare|comentarios")
_WORDPRESS = re.compile(rb"/wp-content/|/wp-json/|api\.w\.org")
_WORDPRESS_API = "https://api.w.org/"
_WORDPRESS_POST = re.compile(r"/wp/v2/posts/\d+/?$")
_WORDPRESS_TERM = re.compile(r"/wp/v2/(?:categories|tags)/\d+/?$")


@dataclass(frozen=True, slots=True)
class FeedLink:
    """`title` is what the page calls the feed."""

    url: str
    title: str | None


@dataclass(frozen=True, slots=True)
class PageLinks:
    """`feeds` in the order of the page, declared ones before mentioned ones; feeds of comments are left out.

    `homepage` is the site's front page, `site_name` what the outlet calls itself. `is_article` says that the page is
    one article and no list of them. `wordpress_api` is the root of the site's REST API; `wordpress_term` the category
    or tag there that the page shows. `problem` says in words why the document is no page that can be read; then it
    says nothing else.
    """

    title: str | None
    language: str | None
    homepage: str
    site_name: str | None
    feeds: tuple[FeedLink, ...]
    problem: str | None = None
    is_article: bool = False
    wordpress_api: str | None = None
    wordpress_term: str | None = None
    sitemaps: tuple[str, ...] = ()


def find_feed_links(html: bytes, *, url: str, content_type: str | None) -> PageLinks:
    """What the page says about the feeds of its site. Never fails; a page that cannot be read names none."""
    try:
        tree = build_tree(html, content_type=content_type)
    except Bomb as error:
        return _no_links(url, f"The page cannot be read safely: {error}.")
    except NotAPage as error:
        return _no_links(url, str(error))
    if tree is None:
        return _no_links(url, "The page is empty.")
    data = read_structured_data(tree.json_ld)
    metadata = read_metadata(tree.root, data, url=url)
    base = web_address(url, next((element.get("href") for element in tree.root.iter("base")), None)) or url
    homepage = _homepage(metadata, base)
    found = [*_declared(tree.root, base), *_mentioned(tree.root, base)]
    if _WORDPRESS.search(html):
        found.append(FeedLink(urljoin(homepage, "feed/"), None))
    feeds: dict[str, FeedLink] = {}
    for feed in found:
        feeds.setdefault(feed.url, feed)
    words = " ".join(line_of(text) for text in tree.root.itertext() if len(text) > 20)[:4_000]
    return PageLinks(
        title=metadata.document_title,
        language=language_of(words, hint=metadata.html_language),
        homepage=homepage,
        site_name=_site_name(metadata),
        feeds=tuple(feeds.values())[:MAX_FEEDS],
        is_article=_is_article(metadata, data, tree.root, base),
        wordpress_api=next(_related(tree.root, base, _WORDPRESS_API), None),
        wordpress_term=next(filter(_WORDPRESS_TERM.search, _json_alternates(tree.root, base)), None),
        sitemaps=tuple(dict.fromkeys(_related(tree.root, base, "sitemap")))[:MAX_SITEMAPS],
    )


def _no_links(url: str, problem: str) -> PageLinks:
    return PageLinks(None, None, urljoin(url, "/"), None, (), problem)


def _declared(root: HtmlElement, base: str) -> Iterator[FeedLink]:
    """`<link rel=alternate>` (https://blog.whatwg.org/feed-autodiscovery)."""
    for link in root.iter("link"):
        relations = link.get("rel", "").lower().split()
        if "alternate" not in relations and "feed" not in relations:
            continue
        address = web_address(base, link.get("href"))
        title = line_of(link.get("title", "")) or None
        if address and _FEED_TYPES.match(link.get("type", "").strip()) and not _is_comments(address, title):
            yield FeedLink(address, title)


def _mentioned(root: HtmlElement, base: str) -> Iterator[FeedLink]:
    """Links a reader could click whose address looks like a feed's, on this site or a feed service."""
    for link in root.iter("a"):
        href = link.get("href", "")
        if not _FEED_ADDRESS.search(href.partition("?")[0]) and "feeds.feedburner.com" not in href:
            continue
        address = web_address(base, href)
        if address and _is_near(address, base) and not _is_comments(address, None):
            yield FeedLink(address, line_of(link.text_content())[:200] or None)


def _is_near(address: str, base: str) -> bool:
    host, ours = urlsplit(address).hostname or "", (urlsplit(base).hostname or "").removeprefix("www.")
    return host == ours or host.endswith((f".{ours}", "feedburner.com"))


def _is_comments(address: str, title: str | None) -> bool:
    return _COMMENTS_ADDRESS.search(address) is not None or bool(title and _COMMENTS_TITLE.search(fold(title)))


def _related(root: HtmlElement, base: str, relation: str) -> Iterator[str]:
    for link in root.iter("link"):
        if relation in link.get("rel", "").split() and (address := web_address(base, link.get("href"))):
            yield address


def _json_alternates(root: HtmlElement, base: str) -> Iterator[str]:
    """Where WordPress has, as JSON, what the page shows (https://developer.wordpress.org/rest-api/)."""
    for link in root.iter("link"):
        is_json = "alternate" in link.get("rel", "").split() and link.get("type", "").strip() == "application/json"
        if is_json and (address := web_address(base, link.get("href"))):
            yield address


def _is_article(page: Metadata, data: StructuredData, root: HtmlElement, base: str) -> bool:
    """By what the page says of its publication; `og:type` alone is no evidence, for themes call archives articles."""
    if urlsplit(page.url).path in ("", "/"):
        return False
    said = page.first("article:published_time", "article:modified_time") or (data.headline and data.published)
    return bool(said) or any(map(_WORDPRESS_POST.search, _json_alternates(root, base)))


def _homepage(page: Metadata, base: str) -> str:
    home = page.links.get("home")
    return home if home and urlsplit(home).hostname == urlsplit(base).hostname else urljoin(base, "/")


def _site_name(page: Metadata) -> str | None:
    """The name the site declares; else the document title's part that names it."""
    if page.site_names:
        return page.site_names[0]
    title = page.document_title
    if title is None:
        return None
    if urlsplit(page.url).path in ("", "/"):
        return re.split(r"\s+[|–—-]\s+|\s*[|«»]\s*", title)[0].strip() or title
    shorter = without_outlet(title, set(), guess=True)
    return title[len(shorter) :].strip(" |–—-«»:") or None if letters(shorter) != letters(title) else title
