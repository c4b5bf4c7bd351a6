"""A page of a section → the address of the page with older articles."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from crawler.documents.fields import link_field
from crawler.documents.sites import same_site
from crawler.documents.spelling import fold

_NEXT_WORDS = re.compile(
    r"(?:الصفحه )?التاليه?|(?:(?:ال)?(?:مقالات|مشاركات|مواضيع|اخبار) )?(?:ال)?اقدم|"
    r"next(?: page)?|older(?: posts| articles| stories)?|page suivante|suivante?|plus ancien(?:s|nes)?"
)
_SIGNS = re.compile(r"[\s<>«»‹›→←⟩⟨|:.…]+")
_NUMBER = re.compile(r"(/page/|[?&](?:page|paged|p|pg|start|offset)=)(\d{1,6})(?=[/&#?]|$)")
_COUNTS_ARTICLES = re.compile(r"[?&](?:start|offset)=")
# From the first page, which has no number, to 2; Drupal's second page is 1.
_MAX_STEP = 2
_MAX_LINKS = 20_000
_MAX_HREF = 2_000


def next_page(root: HtmlElement, *, url: str, base: str) -> str | None:
    """The next page by its relation, by its words (in Arabic, English, French) or by its number; on the same site."""
    links = list(islice(root.iter("a", "link"), _MAX_LINKS))
    for fits in (_is_declared, _is_called_next):
        for link in links:
            if fits(link) and (address := _address(link, url, base)):
                return address
    return _numbered(links, url, base)


def _address(link: HtmlElement, url: str, base: str) -> str | None:
    address = (link_field(base, link.get("href")) or "").partition("#")[0]
    return address if same_site(address, url) and address.rstrip("/") != url.rstrip("/") else None


def _is_declared(link: HtmlElement) -> bool:
    return "next" in link.get("rel", "").lower().split()[:10] and bool(link.get("href"))


def _is_called_next(link: HtmlElement) -> bool:
    if link.tag != "a" or not link.get("href"):
        return False
    shown = " ".join(islice(link.itertext(), 5))[:100] or link.get("title", "")[:100]
    words = _SIGNS.sub(" ", fold(shown)).strip()
    return _NEXT_WORDS.fullmatch(words) is not None


def _numbered(links: list[HtmlElement], url: str, base: str) -> str | None:
    """The link to this page's address with the next number, or, where numbers count articles, with the next larger."""
    current = _NUMBER.search(url)
    here = (url[: current.start()] if current else url.split("?")[0]).rstrip("/")
    found: dict[int, str] = {}
    for link in links:
        href = (link.get("href") or "")[:_MAX_HREF]
        if link.tag != "a" or not _NUMBER.search(href):
            continue
        address = _address(link, url, base)
        number = _NUMBER.search(address) if address else None
        if address and number and address.startswith(here):
            found.setdefault(int(number[2]), address)
    page = int(current[2]) if current else 0
    after = min((number for number in found if number > page), default=None)
    if after is None or (after - page > _MAX_STEP and not _COUNTS_ARTICLES.search(found[after])):
        return None
    return found[after]
