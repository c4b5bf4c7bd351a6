"""Where a source keeps its past, and how far into it to go. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from crawler.entries import Entry, Listing
from monitors.outlets import NewSource, Source, SourceKind

PER_PAGE = 100
"""The most that a WordPress collection gives at once."""

_DEEPEST_FIRST = (
    SourceKind.WORDPRESS,
    SourceKind.SITEMAP,
    SourceKind.CHANNEL,
    SourceKind.FEED,
    SourceKind.SECTION,
)
_DEEP = (SourceKind.WORDPRESS, SourceKind.SITEMAP)


def archives_of(sources: Sequence[Source], found: Iterable[NewSource]) -> list[Source]:
    """The sources that are polled and further ones that were found to hold the past, those that hold most of it first.

    What the further ones list is entered as the first source's: they are not polled, and have no row.
    """
    polled = {source.url for source in sources}
    further = [replace(sources[0], kind=new.kind, url=new.url) for new in found if new.url not in polled]
    return sorted((*sources, *further), key=lambda source: _DEEPEST_FIRST.index(source.kind))


def is_deep(kind: SourceKind) -> bool:
    """Whether a source of this kind may list everything its site ever published."""
    return kind in _DEEP


def first_address(source: Source, since: datetime) -> str:
    """Where to begin: a collection can be asked for a period, everything else is read from its newest end."""
    if source.kind is not SourceKind.WORDPRESS:
        return source.url
    after = since.astimezone(UTC).isoformat(timespec="seconds")
    return _with_query(source.url, {"per_page": str(PER_PAGE), "after": after})


def next_addresses(listing: Listing, since: datetime) -> list[str]:
    """Where the past goes on after this document; nowhere once all it lists is older than `since`."""
    if listing.entries and not any(is_within(entry, since) for entry in listing.entries):
        return []
    return [*listing.more, *listing.past, *([listing.older] if listing.older else [])]


def is_within(entry: Entry, since: datetime) -> bool:
    """Whether it may have been published since then: nothing was published after its last change."""
    known = entry.published_at or entry.modified_at
    return known is None or known >= since


def _with_query(address: str, changes: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | changes
    return parts._replace(query=urlencode(query, safe=",:/", quote_via=quote)).geturl()
