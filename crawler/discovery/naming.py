"""What the outlet behind a page and its sources is called. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from crawler.discovery.addresses import bare_host, root_of, same_host
from crawler.entries import Listing
from crawler.identity import canonicalise
from crawler.pages.links import PageLinks
from monitors.outlets import NewOutlet, NewSource, SourceKind

_MAX_NAME = 100
_TITLE_END = re.compile(r"\s*[»|–—·:-]\s*(?:rss|feed|الخلاصة|آخر الأخبار|.{0,20}RSS.{0,20})\s*$", re.IGNORECASE)


def outlet_of(url: str, front: PageLinks | None, listings: Iterable[Listing]) -> NewOutlet:
    """The outlet at `url`, as its front page and its sources call it; `front` is None when it could not be read."""
    listings = list(listings)
    homepage = _homepage(url, front, listings)
    said = [front.site_name if front else None, *(each.title for each in listings), front.title if front else None]
    languages = [front.language if front else None, *(each.language for each in listings)]
    return NewOutlet(
        name=next((name for title in said if (name := _name(title))), bare_host(homepage)),
        homepage=canonicalise(homepage),
        language=next(filter(None, languages), None),
    )


def home_of(source: NewSource, listing: Listing) -> str:
    """The home page of a source that was given itself: the one it names, wherever that is, or its site's root."""
    if listing.homepage:
        return listing.homepage
    is_page = source.kind in (SourceKind.CHANNEL, SourceKind.SECTION)
    return source.url if is_page else root_of(source.url)


def _homepage(url: str, front: PageLinks | None, listings: list[Listing]) -> str:
    """The one the front page or a source names, if it is on the same site."""
    said = [*(each.homepage for each in listings), front.homepage if front else None]
    fitting = [address for address in said if address and same_host(address, url)]
    # The shortest: the feed of a section names the section.
    return min(fitting, key=lambda address: len(urlsplit(address).path), default=url)


def _name(title: str | None) -> str:
    return _TITLE_END.sub("", title or "").strip()[:_MAX_NAME]
