"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) → the same raw feed as from XML."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from crawler.entries import NotAListing
from crawler.feeds.raw import RawEntry, RawFeed

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/")


def looks_like_json(utf8: bytes) -> bool:
    return utf8.lstrip()[:1] in (b"{", b"[")


def read_json(utf8: bytes, limit: int) -> RawFeed:
    """At most `limit` entries of the feed. NotAListing when it is other JSON, or none."""
    try:
        feed = json.loads(utf8)
    except (ValueError, RecursionError):
        raise NotAListing("This looks like JSON, but cannot be read as such.") from None
    if not isinstance(feed, dict) or not _VERSION.match(_text(feed, "version") or ""):
        raise NotAListing("This is JSON, but no JSON Feed.")
    if not isinstance(feed.get("items"), list):
        raise NotAListing("This is not a feed: the document has no list of items.")
    return RawFeed(
        title=_escaped(feed, "title"),
        homepage=_text(feed, "home_page_url"),
        language=_text(feed, "language"),
        links=_links(feed),
        entries=[_entry(item) for item in _objects(feed, "items")[:limit]],
    )


def _links(feed: dict[str, Any]) -> dict[str, str]:
    hubs = [hub for hub in _objects(feed, "hubs") if (_text(hub, "type") or "").lower() == "websub"]
    found = {
        "hub": _text(hubs[0], "url") if hubs else None,
        "self": _text(feed, "feed_url"),
        "next": _text(feed, "next_url"),
    }
    return {relation: address for relation, address in found.items() if address}


def _entry(item: dict[str, Any]) -> RawEntry:
    published, modified = _text(item, "date_published"), _text(item, "date_modified")
    return RawEntry(
        guid=_escaped(item, "id"),
        # A blog of links names what it talks about as `external_url`, and its own page, if any, as `url`.
        link=_text(item, "url") or _text(item, "external_url"),
        title=_escaped(item, "title"),
        published=published or modified,
        modified=modified if published else None,
        summary=_escaped(item, "summary"),
        content=_text(item, "content_html") or _escaped(item, "content_text"),
        author=_author(item),
        image=_text(item, "image") or _text(item, "banner_image"),
        tags=[escape(tag) for tag in item["tags"] if isinstance(tag, str)]
        if isinstance(item.get("tags"), list)
        else [],
    )


def _author(item: dict[str, Any]) -> str | None:
    """1.1 has `authors`, 1.0 had `author`."""
    single = item.get("author")
    people = _objects(item, "authors") or ([single] if isinstance(single, dict) else [])
    return next((name for person in people if (name := _escaped(person, "name"))), None)


def _objects(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = holder.get(key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _text(holder: dict[str, Any], key: str) -> str | None:
    """A string, or a number in its place: ids are often numbers, and "reader software should coerce them"."""
    value = holder.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return str(value).strip() or None
    except ValueError:  # a number of thousands of digits
        return None


def _escaped(holder: dict[str, Any], key: str) -> str | None:
    """Plain text as HTML, which is what the cleaning expects."""
    value = _text(holder, key)
    return escape(value, quote=False).replace("\n", "<br>") if value else None
