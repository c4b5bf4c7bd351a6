"""What a source lists: its entries, whatever it is – a feed, a sitemap, a collection, a page, a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# Far beyond honest documents (YouTube 15, newspapers 10-300, news sitemaps 1,000), far below what hurts.
MAX_ENTRIES = 2_000


class NotAListing(ValueError):
    """The document is not what its source is said to be; the message says in words what it is instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a source says of one article. All strings are plain clean text; `url` is absolute or None.

    `text` is the fullest text the source has, paragraphs separated by blank lines; `summary` its description.
    Either can be empty. Times are UTC. `complete` says that the text is whole, so that no page needs to be read;
    `language` (ISO 639) is that of such texts; of others, what their document says of itself.
    """

    guid: str | None
    url: str | None
    title: str
    summary: str
    text: str
    author: str | None
    published_at: datetime | None
    image_url: str | None
    tags: tuple[str, ...]
    modified_at: datetime | None = None
    complete: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A source's document, entries in its order.

    `ttl_s` is how long the outlet asks to wait before the next poll (RSS 2.0 `ttl`), at most a week. `more` are
    documents to be read together with this one (the newest children of a sitemap index), `past` those that only hold
    the past (its other children, newest first). `older` is the address that lists older entries, if there is one. `hub`
    and `topic` are where pushes can be had (WebSub). `cut` says that the document ends in the middle, so that there may
    be more to it than we saw.
    """

    title: str | None
    homepage: str | None
    language: str | None
    ttl_s: int | None
    entries: tuple[Entry, ...]
    more: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    older: str | None = None
    hub: str | None = None
    topic: str | None = None
    cut: bool = False
