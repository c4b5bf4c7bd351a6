"""A page → what it shows of each address of its site: texts, headings, times, pictures, and where on the page.

A card is the largest part of a page that leads to one address only (and perhaps to lists: section, tags, author). What
stands in it, a time or a picture, belongs to that address even if it is outside the link itself. Three passes over
the elements, whatever the page holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler.documents.addresses import MAX_URL
from crawler.documents.fields import link_field
from crawler.documents.sites import site_of
from crawler.listings.headlines import NO_HEADLINE, Headline, headline_of
from monitors.text.cleaning import one_line

# Honest pages have a few thousand elements and a few hundred addresses.
MAX_ELEMENTS = 100_000
MAX_ADDRESSES = 5_000
_MAX_TEXT = 1_000
_MAX_PIECES = 120
_EMPHASIS = frozenset({"b", "strong", "em", "i", "u", "mark", "font", "bdi", "bdo", "wbr"})
# Of a kind, in one card.
_MAX_PARTS = 10

_MANY = -2
_NONE = -1
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ZONE_OF_TAG = {"nav": "navigation", "footer": "footer", "aside": "aside", "header": "header"}
_ZONE_OF_ROLE = {
    "navigation": "navigation",
    "menu": "navigation",
    "menubar": "navigation",
    "contentinfo": "footer",
    "banner": "header",
    "complementary": "aside",
}
_ZONE_OF_CLASS = (
    (
        re.compile(
            r"(?:[a-z0-9]+[-_])*(?:nav|navbar|navigation|menu|submenu|sub-menu|dropdown|breadcrumbs?|pagination|pager|"
            r"tag-?cloud|tags-?links|social|share|languages?|topbar)(?:[-_](?:list|links?|bar|menu|nav|inner|items?))*"
        ),
        "navigation",
    ),
    (re.compile(r"(?:[a-z0-9]+[-_])?footer(?:[-_][a-z0-9]+)?"), "footer"),
    (re.compile(r"(?:[a-z0-9]+[-_])?(?:sidebar|aside|widget-area)(?:[-_][a-z0-9]+)?"), "aside"),
)
_TITLE_CLASS = re.compile(r"(?:^|[-_\s])(?:title|headline|heading|hed)(?:$|[-_\s])", re.IGNORECASE)
_TIME_CLASS = re.compile(r"(?:^|[-_\s])(?:date|time|posted-on|published|timestamp|ago)(?:$|[-_\s])", re.IGNORECASE)
# Links to one article differ in where on the page they are.
_TRACKING = re.compile(r"(?:(?<=&)|^)(?:utm_[a-z]{1,20}|fbclid|gclid|ref_src)=[^&]*&?")
_PICTURE_ATTRIBUTES = ("data-src", "data-lazy-src", "data-original", "src")


@dataclass(slots=True)
class Card:
    """What a page shows of one address. `zones` are those of the links to it, empty for the main part.

    `place` says where the first link stands: equal for the links of one list. `times` are as written.
    """

    url: str
    texts: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    relations: set[str] = field(default_factory=set)
    zones: set[str] = field(default_factory=set)
    image: str | None = None
    place: str = ""
    headline: Headline = NO_HEADLINE


def read_cards(root: HtmlElement, *, base: str, is_list: Callable[[str], bool]) -> list[Card]:
    """A card for each address on the site of `base`, in the order of the page.

    Links for which `is_list` says so (sections, tags) do not keep others from having a card of their own.
    """
    return _Page(root, base, is_list).cards


class _Page:
    def __init__(self, root: HtmlElement, base: str, is_list: Callable[[str], bool]) -> None:
        self.cards: list[Card] = []
        self._base = base
        self._site = site_of(base)
        self._elements: list[HtmlElement] = list(islice(root.iter(etree.Element), MAX_ELEMENTS))
        index = {element: number for number, element in enumerate(self._elements)}
        self._parents = [
            index.get(parent, -1) if (parent := element.getparent()) is not None else -1 for element in self._elements
        ]
        self._zones = self._find_zones()
        self._links = self._find_links()
        counted = [not is_list(card.url) for card in self.cards]
        self._gather(self._find_owners(counted))
        for card in self.cards:
            card.headline = headline_of(card.texts, card.headings)

    def _find_zones(self) -> list[str]:
        zones: list[str] = []
        within: list[bool] = []  # an article, whose header is no page's header
        for element, parent in zip(self._elements, self._parents, strict=True):
            outer, inside = (zones[parent], within[parent]) if parent >= 0 else ("", False)
            own = _zone(element)
            if own == "header" and inside:
                own = ""
            zones.append(outer if outer in ("navigation", "footer") or not own else own)
            within.append(inside or element.tag in ("article", "main", "li"))
        return zones

    def _find_links(self) -> list[int]:
        """For each element the number of the card it links to."""
        numbers: dict[str, int] = {}
        by_href: dict[str, int] = {}
        links = []
        for element in self._elements:
            href = element.get("href", "") if element.tag == "a" else ""
            if href and href not in by_href and len(numbers) < MAX_ADDRESSES:
                by_href[href] = self._number(href, numbers)
            links.append(by_href.get(href, _NONE))
        return links

    def _number(self, href: str, numbers: dict[str, int]) -> int:
        if href.startswith("#") or len(href) > MAX_URL:
            return _NONE
        address = (link_field(self._base, href) or "").partition("#")[0]
        if site_of(address) != self._site:
            return _NONE
        parts = urlsplit(address)
        query = _TRACKING.sub("", parts.query) if "=" in parts.query else parts.query
        key = f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}?{query}"
        if key not in numbers:
            numbers[key] = len(self.cards)
            self.cards.append(Card(address))
        return numbers[key]

    def _find_owners(self, counted: list[bool]) -> list[int]:
        """For each element the number of the card it stands in."""
        alone = [number if number >= 0 and counted[number] else _NONE for number in self._links]
        for place in range(len(alone) - 1, 0, -1):
            number, parent = alone[place], self._parents[place]
            if number != _NONE and parent >= 0 and alone[parent] != number:
                alone[parent] = number if alone[parent] == _NONE else _MANY
        owners: list[int] = []
        for element, number, parent in zip(self._elements, alone, self._parents, strict=True):
            owner = owners[parent] if parent >= 0 else _NONE
            if owner == _NONE and number >= 0 and element.tag not in ("html", "body", "main"):
                owner = number
            owners.append(owner)
        return owners

    def _gather(self, owners: list[int]) -> None:
        for place, element in enumerate(self._elements):
            if self._links[place] >= 0:
                self._take_link(self.cards[self._links[place]], place)
            if owners[place] >= 0:
                _take_part(self.cards[owners[place]], element)

    def _take_link(self, card: Card, place: int) -> None:
        element = self._elements[place]
        text = _text(element) or _description(element)
        if text and len(card.texts) < _MAX_PARTS:
            card.texts.append(text)
        card.zones.add(self._zones[place])
        card.relations.update((element.get("rel") or "").lower().split()[:10])
        card.place = card.place or self._place(place)

    def _place(self, place: int) -> str:
        steps = []
        for _ in range(4):
            place = self._parents[place]
            if place < 0:
                break
            element = self._elements[place]
            steps.append(f"{element.tag}.{(element.get('class') or '').partition(' ')[0]}")
        return " ".join(steps)


def _zone(element: HtmlElement) -> str:
    tag = element.tag
    if tag in ("html", "body", "main", "article"):
        return ""
    zone = _ZONE_OF_TAG.get(tag) or _ZONE_OF_ROLE.get(element.get("role", ""))
    if zone:
        return zone
    names = " ".join(filter(None, (element.get("class"), element.get("id")))).lower()[:300].split()
    return next((zone for pattern, zone in _ZONE_OF_CLASS for name in names if pattern.fullmatch(name)), "")


def _take_part(card: Card, element: HtmlElement) -> None:
    tag = element.tag
    names = element.get("class", "")
    if tag in _HEADINGS or (names and _TITLE_CLASS.search(names[:200])):
        if len(card.headings) < _MAX_PARTS:
            card.headings.append(_text(element))
    elif tag == "time" or (names and _TIME_CLASS.search(names[:200])):
        if len(card.times) < _MAX_PARTS:
            card.times.append((element.get("datetime") or "")[:60])
    elif tag == "p" and len(card.paragraphs) < _MAX_PARTS:
        card.paragraphs.append(_text(element))
    elif tag == "img" and card.image is None:
        found = (element.get(name) for name in _PICTURE_ATTRIBUTES)
        card.image = next((link for link in found if link and not link.startswith("data:")), None)


def _description(element: HtmlElement) -> str:
    """What a link without words says of itself or of its picture."""
    picture = next(element.iter("img"), None)
    said = element.get("title") or element.get("aria-label") or (picture.get("alt") if picture is not None else None)
    return one_line((said or "")[:_MAX_TEXT])


def _text(element: HtmlElement) -> str:
    """The words of an element. Its parts are boxes beside each other, apart from those that only emphasise."""
    if not len(element):
        return one_line((element.text or "")[:_MAX_TEXT])
    pieces = []
    for event, node in islice(etree.iterwalk(element, events=("start", "end")), _MAX_PIECES):
        said = node.text if event == "start" else node.tail if node is not element else None
        pieces.append(f"{'' if node.tag in _EMPHASIS else ' '}{said or ''}")
    return one_line("".join(pieces)[:_MAX_TEXT])
