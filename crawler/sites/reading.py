"""Documents, read by their site's spider if it has one for them, else by the general readers."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.entries import Listing
from crawler.listings import reading as listings
from crawler.pages import extraction
from crawler.pages.extraction import Page
from crawler.sites.registry import article_spider, listing_spider


def read_listing(body: bytes, *, kind: str, url: str, content_type: str | None, known: Sequence[str] = ()) -> Listing:
    """As `listings.reading.read_listing`. What a spider reads may be of any kind."""
    spider = listing_spider(url)
    if spider is not None:
        return spider.listing(body, url=url, content_type=content_type)
    return listings.read_listing(body, kind=kind, url=url, content_type=content_type, known=known)


def extract_article(html: bytes, *, url: str, content_type: str | None) -> Page:
    """As `extraction.extract_article`."""
    spider = article_spider(url)
    if spider is not None:
        return spider.article(html, url=url, content_type=content_type)
    return extraction.extract_article(html, url=url, content_type=content_type)
