"""Feed bytes → Listing: decoded by our own ladder, read strictly or else tolerantly, cleaned and bounded."""

from __future__ import annotations

import re

from crawler.documents.bombs import Bomb, first_entries
from crawler.documents.dates import parse_date
from crawler.documents.fields import MAX_SUMMARY, MAX_TEXT, line_field, link_field, tag_fields, text_field
from crawler.documents.xml_text import legal_xml, xml_bytes
from crawler.entries import MAX_ENTRIES, Entry, Listing, NotAListing
from crawler.feeds.raw import RawEntry, RawFeed
from crawler.feeds.strict import Doubtful, read_strictly
from crawler.feeds.tolerant import Unreadable, read_tolerantly

MAX_TTL_S = 7 * 24 * 3600

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
        title=line_field(raw.title),
        homepage=link_field(url, raw.homepage),
        language=line_field(raw.language),
        ttl_s=_ttl_s(raw.ttl),
        entries=tuple(_clean_entry(entry, url) for entry in raw.entries[:MAX_ENTRIES]),
    )


def _xml_text(body: bytes, content_type: str | None) -> str:
    try:
        utf8 = xml_bytes(body, content_type=content_type)
    except Bomb as error:
        raise NotAListing(f"This cannot be read safely: {error}.") from error
    return legal_xml(first_entries(utf8, MAX_ENTRIES).decode("utf-8"))


def _refuse_other_formats(text: str) -> None:
    start = text[:1000].lstrip().lower()
    if start.startswith(("<!doctype html", "<html")):
        raise NotAListing("This is a web page, not a feed.")
    if start.startswith(("{", "[")):
        raise NotAListing("This is JSON, not an RSS or Atom feed.")
    if "<" not in text:
        raise NotAListing("This is plain text, not a feed.")


def _clean_entry(raw: RawEntry, url: str) -> Entry:
    summary = text_field(raw.summary)
    text = text_field(raw.content) or summary
    for caption in raw.captions:
        if (words := text_field(caption[:MAX_SUMMARY])) and words not in text:
            text = f"{text}\n\n{words}".lstrip()
    return Entry(
        guid=line_field(raw.guid),
        url=link_field(url, raw.link),
        title=line_field(raw.title) or "",
        summary=summary[:MAX_SUMMARY],
        text=text[:MAX_TEXT],
        author=line_field(raw.author),
        published_at=parse_date(raw.published[:200]) if raw.published else None,
        image_url=link_field(url, raw.image or _first_image(raw)),
        tags=tag_fields(raw.tags),
    )


def _first_image(raw: RawEntry) -> str | None:
    found = _IMAGE_IN_HTML.search(raw.content or raw.summary or "")
    return found[1].replace("&amp;", "&") if found else None


def _ttl_s(minutes: str | None) -> int | None:
    digits = (minutes or "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return min(int(digits) * 60, MAX_TTL_S) or None
