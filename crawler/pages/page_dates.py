"""When a page says its article was published and changed, where it says so, and how far that can be relied on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from lxml.html import HtmlElement

from crawler.documents.dates import date_in_url, parse_written, read_written
from crawler.documents.relative_dates import read_relative
from crawler.documents.spelling import letters
from crawler.documents.timestamps import WrittenDate
from crawler.pages.blocks import Block
from crawler.pages.metadata import Metadata
from crawler.pages.page_tree import PageTree
from crawler.pages.site_rules import Calendar
from crawler.pages.structured_data import StructuredData
from monitors.articles import DateConfidence, DateOrigin

_META_NAMES = (
    *("article:published_time", "og:article:published_time", "article:published", "og:published_time"),
    *("datepublished", "publishdate", "publish_date", "publish-date", "pubdate", "published_at", "publication_date"),
    *("dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created"),
    *("parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "date"),
)
_META_MODIFIED = (
    *("article:modified_time", "og:article:modified_time", "og:updated_time", "article:modified", "datemodified"),
    *("dcterms.modified", "dc.date.modified", "last-modified", "lastmod", "updated_time"),
)
# Around the title: mastheads carry today's date above it, related headlines theirs below.
_LINES_AFTER, _LINES_BEFORE, _LONGEST_LINE = 15, 4, 150
# htmldate is quadratic in elements: 40,000 take it 6 s.
_MOST_TAGS = 8_000
# Further ahead than any confusion of time zones explains.
_FUTURE = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """`at` is UTC; days without a time are midnight in the outlet's zone."""

    at: datetime
    origin: DateOrigin
    confidence: DateConfidence


@dataclass(frozen=True, slots=True)
class DateHints:
    """What is known before the page is read.

    `seen_at` (UTC): when it was fetched; without it, "yesterday" says nothing, and nothing is in the future.
    `zone` is for times without an offset. `day_first` and `calendar` are those of `SiteRules`.
    """

    seen_at: datetime | None = None
    zone: tzinfo = UTC
    day_first: bool | None = None
    calendar: Calendar | None = None

    def read_timestamp(self, text: str) -> WrittenDate | None:
        return parse_written(text, zone=self.zone)

    def read(self, text: str) -> WrittenDate | None:
        """A line of words or figures, absolute or relative."""
        figures = self.calendar.value if self.calendar not in (None, Calendar.GREGORIAN) else None
        found = read_written(text, zone=self.zone, day_first=self.day_first, figures=figures)
        if found is None and self.seen_at is not None:
            found = read_relative(text, now=self.seen_at, zone=self.zone)
        return found


def published(
    page: PageTree, metadata: Metadata, data: StructuredData, blocks: Sequence[Block], hints: DateHints, *, title: str
) -> FoundDate | None:
    """The time of publication from the most trustworthy place that has one.

    A day alone gets its time from the next place that names the same day. What lies in the future is no publication:
    up to 15 hours ahead the zone was wrong, and it counts as the moment the page was seen; beyond, the next place is
    asked.
    """
    machine = _credible(_for_machines(page.root, metadata, data, hints.zone), hints)
    first = next(machine, None)
    if first is None:
        return _from_words(page, metadata, blocks, hints, title)
    origin, found = first
    if found.has_time:
        return _judged(found, origin, hints)
    finer = next((other for _, other in machine if other.has_time and _same_day(other, found)), None)
    finer = finer or next((other for other in _beside_title(blocks, title, hints) if _is_finer(other, found)), None)
    return replace(_judged(finer or found, origin, hints), confidence=DateConfidence.MEDIUM)


def modified(
    metadata: Metadata, data: StructuredData, root: HtmlElement, hints: DateHints, *, since: FoundDate | None
) -> FoundDate | None:
    """The last change the page declares; None when it is none, not after the publication or in the future."""
    written = [(DateOrigin.STRUCTURED, data.modified)]
    written += [(DateOrigin.META, metadata.meta.get(name)) for name in _META_MODIFIED]
    written += [(DateOrigin.MARKUP, value) for value in _marked_as(root, "datemodified")]
    for origin, text in written:
        found = parse_written(text, zone=hints.zone) if text else None
        if found is None or (hints.seen_at is not None and found.at > hints.seen_at):
            continue
        return _judged(found, origin, hints) if since is None or found.at > since.at else None
    return None


def _for_machines(
    root: HtmlElement, metadata: Metadata, data: StructuredData, zone: tzinfo
) -> Iterator[tuple[DateOrigin, WrittenDate]]:
    written: Iterable[tuple[DateOrigin, str | None]] = (
        (DateOrigin.STRUCTURED, data.published),
        *((DateOrigin.META, metadata.meta.get(name)) for name in _META_NAMES),
        *((DateOrigin.MARKUP, text) for text in _marked(root)),
    )
    for origin, text in written:
        if text and (found := parse_written(text, zone=zone)):
            yield origin, found


def _marked(root: HtmlElement) -> Iterator[str]:
    """Machine-readable times in the page's elements, those named as its own before any other."""
    yield from _marked_as(root, "datepublished")
    times = [element for element in root.iter("time") if element.get("datetime")]
    times = [element for element in times if not _is_of_change(element)]
    times.sort(key=lambda element: "published" not in element.get("class", "") and "pubdate" not in element.attrib)
    yield from (element.get("datetime") for element in times[:1])


def _is_of_change(element: HtmlElement) -> bool:
    name = f"{element.get('class', '')} {element.get('itemprop', '')}".lower()
    return "published" not in name and ("updated" in name or "modified" in name)


def _marked_as(root: HtmlElement, name: str) -> Iterator[str]:
    for element in root.iter("time", "span", "meta", "div", "abbr", "p"):
        if name in element.get("itemprop", "").lower():
            yield from filter(None, (element.get("content"), element.get("datetime"), element.text))


def _credible(
    dates: Iterable[tuple[DateOrigin, WrittenDate]], hints: DateHints
) -> Iterator[tuple[DateOrigin, WrittenDate]]:
    return ((origin, date) for origin, date in dates if hints.seen_at is None or date.at <= hints.seen_at + _FUTURE)


def _judged(found: WrittenDate, origin: DateOrigin, hints: DateHints) -> FoundDate:
    """Structured timestamps equalled the truth to the minute in 244 of 246 labelled pages; words are another matter."""
    if hints.seen_at is not None and found.at > hints.seen_at:
        return FoundDate(hints.seen_at, origin, DateConfidence.LOW)
    if origin is DateOrigin.TEXT or not found.certain:
        return FoundDate(found.at, origin, DateConfidence.LOW)
    # Some systems write the day as midnight, UTC.
    exact = found.has_time and found.has_zone and found.at.time() != datetime.min.time()
    return FoundDate(found.at, origin, DateConfidence.HIGH if exact else DateConfidence.MEDIUM)


def _same_day(one: WrittenDate, other: WrittenDate) -> bool:
    return abs(one.at - other.at) <= timedelta(days=1)


def _is_finer(other: WrittenDate, day: WrittenDate) -> bool:
    return other.has_time and other.certain and timedelta(0) <= other.at - day.at < timedelta(days=1)


def _from_words(
    page: PageTree, metadata: Metadata, blocks: Sequence[Block], hints: DateHints, title: str
) -> FoundDate | None:
    """The date in words beside the title unless the address names another day, the address's, or htmldate's guess."""
    in_url = date_in_url(metadata.url)
    words = ((DateOrigin.TEXT, found) for found in _beside_title(blocks, title, hints))
    for origin, found in _credible(words, hints):
        if in_url is None:
            return _judged(found, origin, hints)
        if abs(found.at - in_url) <= timedelta(days=1):
            agreed = DateConfidence.MEDIUM if found.certain else DateConfidence.LOW
            return replace(_judged(found, origin, hints), confidence=agreed)
    if in_url is not None:
        return FoundDate(in_url, DateOrigin.TEXT, DateConfidence.MEDIUM)
    return _by_htmldate(page, metadata.url, hints) if page.html.count(b"<") <= _MOST_TAGS else None


def _beside_title(blocks: Sequence[Block], title: str, hints: DateHints) -> Iterator[WrittenDate]:
    key = letters(title)
    place = next((index for index, block in enumerate(blocks) if key and letters(block.text) == key), None)
    if place is None:
        near = list(blocks[:60])
    else:
        near = [*blocks[place + 1 : place + 1 + _LINES_AFTER], *reversed(blocks[max(place - _LINES_BEFORE, 0) : place])]
    for block in near:
        if len(block.text) <= _LONGEST_LINE and not _is_footer(block.text) and (found := hints.read(block.text)):
            yield found


def _is_footer(line: str) -> bool:
    return "©" in line or "حقوق" in line or "copyright" in line.lower()


def _by_htmldate(page: PageTree, url: str, hints: DateHints) -> FoundDate | None:
    from htmldate import find_date  # a fifth of a second, and most pages say when they were published

    found = find_date(page.root, extensive_search=True, original_date=True, url=url)
    date = parse_written(found, zone=hints.zone) if found else None
    # It makes the 1 January of any lone year, as in «© 2016».
    if (
        found is None
        or date is None
        or found.endswith("-01-01")
        or (hints.seen_at is not None and date.at > hints.seen_at)
    ):
        return None
    return FoundDate(date.at, DateOrigin.TEXT, DateConfidence.LOW)
