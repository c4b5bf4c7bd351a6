"""Documents, read by their site's spider if it has one for them, else by the general readers with the site's rules.

`rules` are a `SiteRules` as JSON, for they come from the process that asks for the document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from crawler.entries import Entry, Listing
from crawler.listings import reading as listings
from crawler.pages import extraction
from crawler.pages.extraction import Page
from crawler.pages.languages import language_of
from crawler.pages.site_rules import SiteRules, read_rules
from crawler.sites.registry import article_spider, listing_spider

Rules = Mapping[str, Any]


def read_listing(
    body: bytes,
    *,
    kind: str,
    url: str,
    content_type: str | None,
    known: Sequence[str] = (),
    rules: Rules | None = None,
) -> Listing:
    """As `listings.reading.read_listing`, with the languages of whole texts. What a spider reads may be of any kind."""
    site = read_rules(rules) if rules else SiteRules()
    spider = listing_spider(url)
    if spider is not None:
        listing = spider.listing(body, url=url, content_type=content_type)
    else:
        listing = listings.read_listing(body, kind=kind, url=url, content_type=content_type, known=known, rules=site)
    entries = map(_whole, listing.entries) if site.entry_text_is_whole else listing.entries
    return replace(listing, entries=tuple(_with_language(entry, listing.language) for entry in entries))


def extract_article(
    html: bytes,
    *,
    url: str,
    content_type: str | None,
    rules: Rules | None = None,
    time_zone: str | None = None,
    seen_at: str | None = None,
    recurring: Sequence[int] = (),
) -> Page:
    """As `extraction.extract_article`; `seen_at` is in ISO 8601, as it comes from another process."""
    spider = article_spider(url)
    if spider is not None:
        return spider.article(html, url=url, content_type=content_type)
    return extraction.extract_article(
        html,
        url=url,
        content_type=content_type,
        rules=read_rules(rules) if rules else None,
        time_zone=time_zone,
        seen_at=datetime.fromisoformat(seen_at) if seen_at else None,
        recurring=frozenset(recurring),
    )


def _whole(entry: Entry) -> Entry:
    return replace(entry, complete=True) if entry.text else entry


def _with_language(entry: Entry, claimed: str | None) -> Entry:
    """Where a page will tell it better, the claim must do: most documents are read for nothing."""
    if not entry.complete:
        return replace(entry, language=claimed)
    return replace(entry, language=language_of(f"{entry.title}\n{entry.text}", hint=claimed))
