"""Feed bytes → Listing: decoded by our own ladder, read strictly or else tolerantly, cleaned and bounded."""

from __future__ import annotations

import re
from datetime import datetime

from crawler.documents.bombs import (
    Bomb,
    check_nesting,
    check_tags,
    first_entries,
    shortened_texts,
    without_inline_pictures,
)
from crawler.documents.dates import parse_date
from crawler.documents.fields import MAX_SUMMARY, MAX_TEXT, line_field, link_field, tag_fields, text_field
from crawler.documents.xml_text import legal_xml, without_declaration, xml_bytes
from crawler.entries import MAX_ENTRIES, Entry, Listing, NotAListing
from crawler.feeds.elements import Doubtful
from crawler.feeds.json_feed import looks_like_json, read_json
from crawler.feeds.mending import Beyond, with_mended_ampersands
from crawler.feeds.raw import RawEntry, RawFeed
from crawler.feeds.strict import read_strictly
from crawler.feeds.tolerant import Unreadable, read_tolerantly

MAX_TTL_S = 7 * 24 * 3600
# Below, not even a document of nothing but entries, or of inline pictures, costs anything worth to be avoided.
_LARGE = 500_000

_IMAGE_IN_HTML = re.compile(r"""<img\b[^<>]{0,2000}?\bsrc\s*=\s*["']([^"'<>\s]{1,2000})["']""", re.IGNORECASE)


def parse_feed(body: bytes, *, url: str, content_type: str | None) -> Listing:
    """The feed in a response body, entries in document order. NotAListing when there is none."""
    try:
        return read_fast(body, url=url)
    except Doubtful:
        pass
    utf8 = _safe_utf8(body, content_type)
    if looks_like_json(utf8):
        return clean_feed(read_json(utf8, MAX_ENTRIES), url=url)
    text = legal_xml(utf8.decode("utf-8"))
    for mend in (_as_it_is, with_mended_ampersands):
        try:
            return read_fast(mend(text).encode("utf-8"), url=url)
        except (Doubtful, Beyond):
            pass
    _refuse_other_formats(text)
    try:
        check_nesting(text)
        return clean_feed(read_tolerantly(shortened_texts(text, MAX_TEXT)), url=url)
    except Bomb as error:
        raise NotAListing(f"This cannot be read safely: {error}.") from error
    except Unreadable as error:
        raise NotAListing(f"This is not a feed: {error}.") from error


def _as_it_is(text: str) -> str:
    """What is legible and legal now may be all that was wrong."""
    return text


def read_fast(body: bytes, *, url: str) -> Listing:
    """The feed as the fast reader reads it; Doubtful when feedparser might read it differently.

    Most documents are in UTF-8 and well-formed, and libxml2 refuses all others: nothing else needs to look at them.
    """
    document = without_declaration(body)
    try:
        check_tags(document)
    except Bomb as error:
        raise Doubtful(str(error)) from None
    if len(document) > _LARGE:
        document = first_entries(without_inline_pictures(document), MAX_ENTRIES)
    raw = read_strictly(document, MAX_ENTRIES)
    listing = clean_feed(raw, url=url)
    for written, entry in zip(raw.entries, listing.entries, strict=True):
        if entry.url is None:
            raise Doubtful("an entry links to something else than the web")
        if written.published and entry.published_at is None:
            raise Doubtful("an entry's date is unusual")
    return listing


def clean_feed(raw: RawFeed, *, url: str) -> Listing:
    """The feed with plain text, absolute addresses, UTC times and bounded sizes."""
    links = raw.links
    hub = link_field(url, links.get("hub"))
    return Listing(
        title=line_field(raw.title),
        homepage=link_field(url, raw.homepage),
        language=line_field(raw.language),
        ttl_s=_ttl_s(raw.ttl),
        entries=tuple(_clean_entry(entry, url) for entry in raw.entries[:MAX_ENTRIES]),
        older=link_field(url, links.get("prev-archive") or links.get("next")),
        hub=hub,
        topic=link_field(url, links.get("self")) if hub else None,
        cut=raw.cut,
    )


def _safe_utf8(body: bytes, content_type: str | None) -> bytes:
    """The document in UTF-8, cut where it would hurt."""
    try:
        utf8 = xml_bytes(body, content_type=content_type)
    except Bomb as error:
        raise NotAListing(f"This cannot be read safely: {error}.") from error
    if not utf8 or utf8.isspace():
        raise NotAListing("The document is empty.")
    return first_entries(utf8, MAX_ENTRIES)


def _refuse_other_formats(text: str) -> None:
    start = text[:1000].lstrip().lower()
    if start.startswith(("<!doctype html", "<html")):
        raise NotAListing("This is a web page, not a feed.")
    if "<" not in text:
        raise NotAListing("This is plain text, not a feed.")


def _clean_entry(raw: RawEntry, url: str) -> Entry:
    summary = text_field(raw.summary)
    text = text_field(raw.content) or summary
    for caption in raw.captions:
        if (words := text_field(caption[:MAX_SUMMARY])) and words not in text:
            text = f"{text}\n\n{words}".lstrip()
    published_at, modified_at = _time(raw.published), _time(raw.modified)
    return Entry(
        guid=line_field(raw.guid),
        url=link_field(url, raw.link),
        title=line_field(raw.title) or "",
        summary=summary[:MAX_SUMMARY],
        text=text[:MAX_TEXT],
        author=line_field(raw.author),
        published_at=published_at,
        image_url=link_field(url, raw.image or _first_image(raw)),
        tags=tag_fields(raw.tags),
        modified_at=modified_at if modified_at and published_at and modified_at > published_at else None,
    )


def _time(written: str | None) -> datetime | None:
    return parse_date(written[:200]) if written else None


def _first_image(raw: RawEntry) -> str | None:
    found = _IMAGE_IN_HTML.search(raw.content or raw.summary or "")
    return found[1].replace("&amp;", "&") if found else None


def _ttl_s(minutes: str | None) -> int | None:
    digits = (minutes or "").strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return min(int(digits) * 60, MAX_TTL_S) or None
