"""The spiders there are, and which of them an address is for."""

from __future__ import annotations

from crawler.sites.meduza import Meduza
from crawler.sites.spider import SiteSpider

SPIDERS: tuple[SiteSpider, ...] = (Meduza(),)


def listing_spider(url: str) -> SiteSpider | None:
    return next((spider for spider in SPIDERS if spider.serves(url) and spider.lists(url)), None)


def article_spider(url: str) -> SiteSpider | None:
    return next((spider for spider in SPIDERS if spider.serves(url) and spider.reads(url)), None)
