"""A section's page, or a home page → the articles it links to, told apart from its navigation, in the page's order.

Three kinds of evidence add up: the shape of the address (`shapes`), what the page shows of it (a headline, a time, a
heading around it), and where (menus and footers are against it). What stands in one list is of one kind, so links
share the verdict of their list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import unquote, urljoin

from crawler.documents.addresses import web_address
from crawler.documents.dates import parse_date
from crawler.documents.fields import MAX_LINE, MAX_SUMMARY, link_field
from crawler.documents.spelling import letters
from crawler.entries import MAX_ENTRIES, Entry, Listing, NotAListing
from crawler.listings.cards import Card, read_cards
from crawler.listings.next_pages import next_page
from crawler.listings.pages import page_of
from crawler.listings.shapes import ArticleShape
from crawler.pages.page_tree import PageTree
from crawler.pages.site_rules import SiteRules, is_article
from monitors.text.cleaning import one_line

# Weights in the units of `ArticleShape.score`, set by hand on pages of ours (tests/quality/test_section_links.py).
_OF_ZONE = {"navigation": -3.0, "footer": -3.0, "header": -1.0, "aside": -0.5, "": 0.0}
_OF_LIST = 0.5
_MIN_LIST = 3
_MAX_SHAPE = 4.0
# On some sites sections have addresses as articles have them; in a menu they are sections.
_MAX_SHAPE_IN_MENUS = 1.5
_NO_ARTICLE_RELATIONS = frozenset({"tag", "category", "author", "next", "prev", "home", "alternate", "license"})

_MIN_HEADLINE = 4
_HAS_ZONE = re.compile(r"\d[T ]\d{1,2}:\d\d.*(?:Z|[+-]\d\d:?\d\d)\s*\Z", re.IGNORECASE)


def read_section(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    known: Sequence[str] = (),
    rules: SiteRules | None = None,
) -> Listing:
    """The entries behind a page's article links. Where the site's rules say what those look like, nothing is guessed.

    `published_at` is given only where the page says a time with its zone; a day or a local time would keep the
    article's own page from being asked.
    """
    page = page_of(body, content_type=content_type)
    root = page.root
    base = web_address(url, next((element.get("href") for element in root.iter("base")), None)) or url
    shape = ArticleShape.learned(known, site=url)
    if rules is not None and rules.article_paths:
        cards = read_cards(root, base=base, is_list=lambda address: not is_article(rules, address))
        chosen = [card for card in cards if is_article(rules, card.url)]
    else:
        cards = read_cards(root, base=base, is_list=lambda address: shape.score(address) < -1)
        chosen = articles_among(cards, shape, page=url, known=known)
    if not chosen:
        raise NotAListing(_why_nothing(page, cards))
    entries = [_entry(card, url) for card in chosen[:MAX_ENTRIES]]
    title = next((element.text_content()[:1_000] for element in root.iter("title")), None)
    return Listing(
        title=one_line(title or "") or None,
        homepage=urljoin(url, "/"),
        language=None,
        ttl_s=None,
        entries=tuple(entries),
        older=next_page(root, url=url, base=base),
    )


def articles_among(cards: Sequence[Card], shape: ArticleShape, *, page: str, known: Sequence[str] = ()) -> list[Card]:
    """The cards of articles."""
    ignored = _zones_of_everything(cards, shape)
    own = [_score(card, shape, ignored) for card in cards]
    lists = defaultdict(list)
    for card, score in zip(cards, own, strict=True):
        lists[card.place].append(score)
    means = {place: sum(scores) / len(scores) for place, scores in lists.items() if len(scores) >= _MIN_LIST}
    certain = {_key(address) for address in known}
    itself = {_key(page), _key(urljoin(page, "/"))}
    return [
        card
        for card, score in zip(cards, own, strict=True)
        if _key(card.url) not in itself
        and (_key(card.url) in certain or score + _OF_LIST * means.get(card.place, 0.0) > 0)
    ]


def _why_nothing(page: PageTree, cards: Sequence[Card]) -> str:
    if not cards and page.scripts:
        return "This page is filled in by scripts, so it lists nothing by itself."
    return "This page links to nothing that looks like an article."


def _zones_of_everything(cards: Sequence[Card], shape: ArticleShape) -> set[str]:
    """Zones that hold most articles of the page are none: some sites call all of it a menu or a sidebar."""
    headlines = [card for card in cards if card.headline.words >= _MIN_HEADLINE and shape.fits(card.url)]
    return {
        zone
        for zone in _OF_ZONE
        if zone and sum(zone in card.zones for card in headlines) * 2 > len(headlines) >= 2 * _MIN_LIST
    }


def _score(card: Card, shape: ArticleShape, ignored: set[str]) -> float:
    if card.relations & _NO_ARTICLE_RELATIONS:
        return -5.0
    zone = max(("" if zone in ignored else zone for zone in card.zones), key=_OF_ZONE.__getitem__)
    most = _MAX_SHAPE_IN_MENUS if zone in ("navigation", "footer") else _MAX_SHAPE
    score = max(-_MAX_SHAPE, min(most, shape.score(card.url)))
    words = card.headline.words
    score += 2.0 if words >= 7 else 1.0 if words >= _MIN_HEADLINE else 0.0 if words == 3 else -1.5 if words else -0.5
    score += 1.0 if card.headings and (words >= 3 or not words) else 0.0
    score += 1.5 if card.times else 0.0
    score += 0.5 if card.image else 0.0
    return score + _OF_ZONE[zone]


def _entry(card: Card, url: str) -> Entry:
    title = card.headline.text[:MAX_LINE]
    summary = max((text for text in card.paragraphs if letters(text) != letters(title)), key=len, default="")
    when = next((written for written in card.times if _HAS_ZONE.search(written)), None)
    return Entry(
        guid=None,
        url=card.url,
        title=title,
        summary=summary[:MAX_SUMMARY],
        text=summary,
        author=None,
        published_at=parse_date(when) if when else None,
        image_url=link_field(url, card.image),
        tags=(),
    )


def _key(address: str) -> str:
    return unquote(address).partition("://")[2].partition("#")[0].removeprefix("www.").rstrip("/")
