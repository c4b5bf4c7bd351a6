"""What the headers of its answer say of a listing."""

from __future__ import annotations

from dataclasses import replace

from crawler.documents.link_header import linked
from crawler.entries import Listing


def with_links(listing: Listing, header: str | None, *, url: str) -> Listing:
    """The listing of the document at `url`: a hub in its Link header outranks one in the document itself.

    https://www.w3.org/TR/websub/#discovery
    """
    if header is None:
        return listing
    links = linked(header, url)
    if "hub" not in links or "self" not in links:
        return listing
    return replace(listing, hub=links["hub"], topic=links["self"])
