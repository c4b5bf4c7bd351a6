"""A source's document, of whatever kind → its entries."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.entries import Listing, NotAListing
from crawler.feeds.reading import parse_feed
from crawler.listings.channels import read_channel
from crawler.listings.sections import read_section
from crawler.listings.sitemaps import read_sitemap
from crawler.listings.wordpress import read_collection
from crawler.pages.site_rules import SiteRules
from monitors.outlets import SourceKind


def read_listing(
    body: bytes,
    *,
    kind: str,
    url: str,
    content_type: str | None,
    known: Sequence[str] = (),
    rules: SiteRules | None = None,
) -> Listing:
    """The entries of a document, in its order. NotAListing when it is not what `kind` (a `SourceKind`) says.

    `known` are addresses of articles of the same outlet: from them a section page's links, and the addresses in a plain
    sitemap, are told apart. `rules` are what is known of the site for sure.
    """
    match kind:
        case SourceKind.FEED:
            return parse_feed(body, url=url, content_type=content_type)
        case SourceKind.SITEMAP:
            return read_sitemap(body, url=url, content_type=content_type, known=known)
        case SourceKind.WORDPRESS:
            return read_collection(body, url=url, content_type=content_type)
        case SourceKind.SECTION:
            return read_section(body, url=url, content_type=content_type, known=known, rules=rules)
        case SourceKind.CHANNEL:
            return read_channel(body, url=url, content_type=content_type)
    raise NotAListing(f"There is no kind of source called {kind}.")
