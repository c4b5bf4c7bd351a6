"""Where a source keeps its past, and how far into it to go. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.entries import Entry, Listing
from monitors.outlets import Source, SourceKind

PER_PAGE = 100
"""The most that a WordPress collection gives at once."""

_SLACK = timedelta(days=1)
"""WordPress compares with its site's local time."""

_DEEPEST_FIRST = (
    SourceKind.WORDPRESS,
    SourceKind.SITEMAP,
    SourceKind.CHANNEL,
    SourceKind.FEED,
    SourceKind.SECTION,
)


def by_depth(sources: Sequence[Source]) -> list[Source]:
    """Those whose archives are complete before those that forget."""
    return sorted((source for source in sources if source.active), key=lambda one: _DEEPEST_FIRST.index(one.kind))


def first_address(source: Source, since: datetime) -> str:
    """Where to begin: a collection can be asked for a period, everything else is read from its newest end."""
    if source.kind is not SourceKind.WORDPRESS:
        return source.url
    after = (since - _SLACK).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    wanted = {"per_page": str(PER_PAGE), "page": "1", "after": after, "orderby": "date", "order": "desc"}
    return _with_query(source.url, wanted)


def next_addresses(source: Source, address: str, listing: Listing, since: datetime) -> list[str]:
    """Where the past goes on after this document; nowhere once all it lists is older than `since`."""
    following = list(listing.more)
    if listing.entries and not any(is_within(entry, since) for entry in listing.entries):
        return following
    if source.kind is SourceKind.WORDPRESS:
        if len(listing.entries) >= PER_PAGE // 2:  # some of a page may not be articles
            following.append(_with_query(address, {"page": str(_page_of(address) + 1)}))
    elif listing.older:
        following.append(listing.older)
    return following


def is_within(entry: Entry, since: datetime) -> bool:
    """Whether it may have been published since then: nothing was published after its last change."""
    known = entry.published_at or entry.modified_at
    return known is None or known >= since


def _page_of(address: str) -> int:
    page = dict(parse_qsl(urlsplit(address).query)).get("page", "1")
    return int(page) if page.isdecimal() and len(page) < 6 else 1


def _with_query(address: str, changes: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | changes
    return urlunsplit(parts._replace(query=urlencode(query)))
