"""Feed bytes → Listing: decoded by our own ladder, read strictly or else tolerantly, cleaned and bounded."""

from __future__ import annotations

import re

from crawler.documents.addresses import MAX_URL, web_address
from crawler.documents.bombs import Bomb, check_tags, first_entries, without_inline_pictures
from crawler.documents.dates import parse_date
from crawler.documents.decoding import charset_of, declared_by_xml, decode
from crawler.documents.fragments import line_of, text_of
from crawler.entries import Entry, Listing, NotAListing
from crawler.feeds.raw import RawEntry, RawFeed
from crawler.feeds.strict import Doubtful, read_strictly
from crawler.feeds.tolerant import Unreadable, read_tolerantly

# Far beyond honest feeds (YouTube 15, newspapers 10-300), far below what hurts.
MAX_ENTRIES = 2_000
MAX_LINE = 1_000
MAX_SUMMARY = 10_000
MAX_TEXT = 200_000
MAX_TAGS = 50
MAX_TTL_S = 7 * 24 * 3600

_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,500}\?>\s*")
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# The same characters by number; strict parsers refuse them, feedparser makes lone surrogates of some.
_ILLEGAL_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])"
    r"|0*(?:[0-8]|1[124-9]|2\d|3[01]|5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));",
    re.IGNORECASE,
)
_IMAGE_IN_HTML = re.compile(r"""<img\b[^<>]{0,2000}?\bsrc\s*=\s*["']([^"'<>\s]{1,2000})["']""", re.IGNORECASE)


def parse_feed(body: bytes, *, url: str, content_type: str | None) -> Listing:
    """The feed in a response body, entries in document order. NotAListing when there is none."""
    return clean_feed(read_feed(body, url=url, content_type=content_type), url=url)


def read_feed(body: bytes, *, url: str, content_type: str | None) -> RawFeed:
    """The feed as written; `parse_feed` without the cleaning."""
    text = _xml_text(body, content_type)
    if not text.strip():
        raise NotAListing("The document is empty.")
    try:
        return read_strictly(text, url=url)
    except Doubtful:
        _refuse_other_formats(text)
    try:
        return read_tolerantly(text)
    except Unreadable as error:
        raise NotAListing(f"This is not a feed: {error}.") from error


def clean_feed(raw: RawFeed, *, url: str) -> Listing:
    """The feed with plain text, absolute addresses, UTC times and bounded sizes."""
    return Listing(
        title=_line(raw.title),
        homepage=_link(url, raw.homepage),
        language=_line(raw.language),
        ttl_s=_ttl_s(raw.ttl),
        entries=tuple(_clean_entry(entry, url) for entry in raw.entries[:MAX_ENTRIES]),
    )


def _xml_text(body: bytes, content_type: str | None) -> str:
    decoded = decode(body, declared=declared_by_xml(body), http_charset=charset_of(content_type))
    utf8 = decoded.text.encode("utf-8", "replace")
    try:
        utf8 = without_inline_pictures(utf8)
        check_tags(utf8)
    except Bomb as error:
        raise NotAListing(f"This cannot be read safely: {error}.") from error
    text = first_entries(utf8, MAX_ENTRIES).decode("utf-8")
    return _ILLEGAL_REFERENCE.sub("", _ILLEGAL_IN_XML.sub("", _DECLARATION.sub("", text)))


def _refuse_other_formats(text: str) -> None:
    start = text[:1000].lstrip().lower()
    if start.startswith(("<!doctype html", "<html")):
        raise NotAListing("This is a web page, not a feed.")
    if start.startswith(("{", "[")):
        raise NotAListing("This is JSON, not an RSS or Atom feed.")
    if "<" not in text:
        raise NotAListing("This is plain text, not a feed.")


def _clean_entry(raw: RawEntry, url: str) -> Entry:
    summary = text_of((raw.summary or "")[:MAX_TEXT])
    text = text_of((raw.content or "")[:MAX_TEXT]) or summary
    for caption in raw.captions:
        if (words := text_of(caption[:MAX_SUMMARY])) and words not in text:
            text = f"{text}\n\n{words}".lstrip()
    return Entry(
        guid=_line(raw.guid),
        url=_link(url, raw.link),
        title=_line(raw.title) or "",
        summary=summary[:MAX_SUMMARY],
        text=text[:MAX_TEXT],
        author=_line(raw.author),
        published_at=parse_date(raw.published[:200]) if raw.published else None,
        image_url=_link(url, raw.image or _first_image(raw)),
        tags=tuple(dict.fromkeys(filter(None, (line_of(tag[:1000])[:200] for tag in raw.tags[:MAX_TAGS])))),
    )


def _line(fragment: str | None) -> str | None:
    return line_of(fragment[: 4 * MAX_LINE])[:MAX_LINE] or None if fragment else None


def _first_image(raw: RawEntry) -> str | None:
    found = _IMAGE_IN_HTML.search(raw.content or raw.summary or "")
    return found[1].replace("&amp;", "&") if found else None


def _link(base: str, link: str | None) -> str | None:
    # Links are text in XML, but some generators escape them once more (`&amp;#038;`).
    return web_address(base, line_of(link)) if link and len(link) <= MAX_URL else None


def _ttl_s(minutes: str | None) -> int | None:
    digits = (minutes or "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return min(int(digits) * 60, MAX_TTL_S) or None
