"""A source's document, of whatever kind → its entries."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.entries import Listing, NotAListing
from crawler.feeds.reading import parse_feed
from monitors.outlets import SourceKind


def read_listing(body: bytes, *, kind: str, url: str, content_type: str | None, known: Sequence[str] = ()) -> Listing:
    """The entries of a document, in its order. NotAListing when it is not what `kind` (a `SourceKind`) says.

    `known` are addresses of articles of the same outlet: from them a section page's links are told apart.
    """
    if kind == SourceKind.FEED:
        return parse_feed(body, url=url, content_type=content_type)
    raise NotAListing(f"A {kind} cannot be read yet.")
