"""What a site's spider is: pure functions of a document, asked before the general readers are."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from crawler.entries import Listing
from crawler.pages.extraction import Page


class SiteSpider:
    """Reads the documents of one site that it says it reads, and leaves all others to the general readers.

    A subclass stands in a module of this package, is listed in `crawler.sites.registry`, and has its saved documents
    with what they give in tests/crawler/sites/NAME/. It does no I/O and keeps no state: it runs in a parsing child,
    which may be killed at any time. NotAListing says in words why a document cannot be read.
    """

    name: ClassVar[str]
    """What it is called, as its module is."""
    hosts: ClassVar[tuple[str, ...]]
    """The site's hosts without `www.`."""

    def serves(self, url: str) -> bool:
        try:
            return (urlsplit(url).hostname or "").removeprefix("www.") in self.hosts
        except ValueError:
            return False

    def lists(self, url: str) -> bool:
        """Whether the document at this address of the site is a listing that `listing` reads."""
        return False

    def listing(self, body: bytes, *, url: str, content_type: str | None) -> Listing:
        raise NotImplementedError

    def reads(self, url: str) -> bool:
        """Whether the document at this address of the site is an article that `article` reads."""
        return False

    def article(self, body: bytes, *, url: str, content_type: str | None) -> Page:
        raise NotImplementedError
