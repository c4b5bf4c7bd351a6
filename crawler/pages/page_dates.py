"""When a page says it was published, and how trustworthy the place is where it says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml.html import HtmlElement

from crawler.documents.dates import date_in_url, parse_date, read_date
from crawler.documents.spelling import letters
from crawler.pages.blocks import Block
from crawler.pages.metadata import Metadata
from crawler.pages.page_tree import PageTree
from crawler.pages.structured_data import StructuredData
from monitors.articles import DateOrigin

_META_NAMES = (
    *("article:published_time", "og:article:published_time", "article:published", "og:published_time"),
    *("datepublished", "publishdate", "publish_date", "publish-date", "pubdate", "published_at", "publication_date"),
    *("dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created"),
    *("parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "date"),
)
# Around the title: mastheads carry today's date above it, related headlines theirs below.
_LINES_AFTER, _LINES_BEFORE, _LONGEST_LINE = 15, 4, 150


@dataclass(frozen=True, slots=True)
class FoundDate:
    at: datetime
    origin: DateOrigin


def published(
    page: PageTree, metadata: Metadata, data: StructuredData, blocks: Sequence[Block], *, title: str
) -> FoundDate | None:
    """The time of publication from the most trustworthy place that has one; days without a time are midnight UTC."""
    if data.published and (at := parse_date(data.published)):
        return FoundDate(at, DateOrigin.STRUCTURED)
    for name in _META_NAMES:
        if (written := metadata.meta.get(name)) and (at := parse_date(written)):
            return FoundDate(at, DateOrigin.META)
    for written in _marked(page.root):
        if at := parse_date(written):
            return FoundDate(at, DateOrigin.MARKUP)
    at = _written(blocks, title, metadata.url) or _by_htmldate(page, metadata.url)
    return FoundDate(at, DateOrigin.TEXT) if at else None


def _marked(root: HtmlElement) -> Iterator[str]:
    """Machine-readable times in the page's elements, those named as its own before any other."""
    for element in root.iter("time", "span", "meta", "div", "abbr", "p"):
        if "datepublished" in element.get("itemprop", "").lower():
            yield from filter(None, (element.get("content"), element.get("datetime"), element.text))
    times = [element for element in root.iter("time") if element.get("datetime")]
    times.sort(key=lambda element: "published" not in element.get("class", "") and "pubdate" not in element.attrib)
    yield from (element.get("datetime") for element in times[:1])


def _written(blocks: Sequence[Block], title: str, url: str) -> datetime | None:
    """The date in words beside the title, unless the address names another day."""
    in_url = date_in_url(url)
    key = letters(title)
    place = next((index for index, block in enumerate(blocks) if key and letters(block.text) == key), None)
    if place is None:
        near = list(blocks[:60])
    else:
        near = [*blocks[place + 1 : place + 1 + _LINES_AFTER], *reversed(blocks[max(place - _LINES_BEFORE, 0) : place])]
    for block in near:
        if len(block.text) > _LONGEST_LINE or _is_footer(block.text):
            continue
        at = read_date(block.text)
        if at and (in_url is None or abs((at - in_url).days) <= 1):
            return at
    return in_url


def _is_footer(line: str) -> bool:
    return "©" in line or "حقوق" in line or "copyright" in line.lower()


def _by_htmldate(page: PageTree, url: str) -> datetime | None:
    from htmldate import find_date  # a fifth of a second, and most pages say when they were published

    found = find_date(page.root, extensive_search=True, original_date=True, url=url)
    at = parse_date(found) if found else None
    # It makes the 1 January of any lone year, as in «© 2016».
    if at is None or (at.month, at.day) == (1, 1) or at > datetime.now(UTC):
        return None
    return at
