"""The tolerant reader: feedparser, for every document the fast one doubts."""

from __future__ import annotations

import re
import time
from io import BytesIO
from typing import Any

from crawler.documents.dates import parse_date
from crawler.feeds.raw import RELATIONS, RawEntry, RawFeed

_ENTRY = re.compile(r"<(item|entry)\b[^>]*+>.*?</\1\s*>", re.DOTALL)
_ENTRY_BEGINS = re.compile(r"<(?:\w+:)?(?:item|entry)\b", re.IGNORECASE)
_ENTRY_ENDS = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_FEED_ENDS = re.compile(r"</(?:\w+:)?(?:rss|channel|feed|rdf)\s*>", re.IGNORECASE)
# About a millisecond each.
_MAX_SINGLE = 300


class Unreadable(Exception):
    """Not even feedparser finds a feed in it; the message says why in words."""


def read_tolerantly(text: str) -> RawFeed:
    """The feed in `text` (which carries no XML declaration), however ill-formed."""
    try:
        parsed = _parse(text)
    except Exception as error:
        # Fuzzing finds KeyError, TypeError and others in it, each over one entry: the rest of the outlet's news must
        # not be lost to it.
        parsed = _parse_one_by_one(text)
        if parsed is None:
            raise Unreadable(f"the feed is damaged beyond reading ({type(error).__name__})") from error
    if not parsed.entries and not parsed.version:
        raise Unreadable("the document lists no entries in any known feed format")
    channel = parsed.feed
    cut, within_entry = _is_cut(text)
    return RawFeed(
        title=channel.get("title"),
        homepage=channel.get("link"),
        language=channel.get("language"),
        ttl=channel.get("ttl"),
        links=_other_documents(channel),
        # Of an entry that is cut, the address may be cut too, and would be another article's.
        entries=[_read_entry(entry) for entry in (parsed.entries[:-1] if within_entry else parsed.entries)],
        cut=cut,
    )


def _is_cut(text: str) -> tuple[bool, bool]:
    """Whether the document ends before its feed does, and whether it ends within an entry."""
    last = 0
    for begin in _ENTRY_BEGINS.finditer(text):
        last = begin.start()
    if _FEED_ENDS.search(text, last):
        return False, False
    return True, last > 0 and _ENTRY_ENDS.search(text, last) is None


def _other_documents(channel: Any) -> dict[str, str]:
    """The first address of each relation that matters."""
    found: dict[str, str] = {}
    for link in channel.get("links", ()):
        if link.get("rel") in RELATIONS and link.get("href"):
            found.setdefault(link["rel"], link["href"])
    return found


def _parse(text: str) -> Any:
    import feedparser  # a quarter of a second, which nine feeds in ten never need

    # Never hand feedparser a string or bytes: it would open them as a file name or an address. Without our address it
    # leaves what is relative as it is: guids must not depend on where a feed was found, and links are resolved by us.
    return feedparser.parse(
        BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _parse_one_by_one(text: str) -> Any:
    """The feed without the entries feedparser fails on; None when it fails on all that is left."""
    entries = list(_ENTRY.finditer(text))[:_MAX_SINGLE]
    if not entries:
        return None
    head = text[: entries[0].start()]
    whole = None
    for entry in entries:
        try:
            parsed = _parse(head + entry[0])
        except Exception:  # noqa: S112 - this is the entry to leave out
            continue
        if whole is None:
            whole = parsed
        else:
            whole.entries += parsed.entries
    return whole


def _read_entry(entry: Any) -> RawEntry:
    return RawEntry(
        guid=entry.get("id"),
        link=entry.get("link"),
        title=entry.get("title"),
        published=_published(entry),
        modified=_written(entry, "updated") if "published" in entry else None,
        summary=entry.get("summary"),
        content=_longest([part.get("value") for part in entry.get("content", ())]),
        captions=[caption for caption in [entry.get("media_description")] if caption],
        author=entry.get("author"),
        image=_image(entry),
        tags=[label for tag in entry.get("tags", ()) if (label := tag.get("label") or tag.get("term"))],
    )


def _published(entry: Any) -> str | None:
    for name in ("published", "updated", "created"):
        if written := _written(entry, name):
            return written
    return None


def _written(entry: Any, name: str) -> str | None:
    """The date as written, or as feedparser read it when only feedparser can (Korean, Greek, Hungarian)."""
    written = entry.get(name) if name in entry else None
    if not written:
        return None
    if parse_date(written) is None and (read := entry.get(f"{name}_parsed")):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", read)
    return str(written)


def _longest(values: list[str | None]) -> str | None:
    return max((value for value in values if value), key=len, default=None)


def _image(entry: Any) -> str | None:
    pictures = [picture.get("url") for picture in entry.get("media_thumbnail", ())]
    for media in (*entry.get("media_content", ()), *entry.get("enclosures", ())):
        if media.get("medium") == "image" or str(media.get("type", "")).startswith("image/"):
            pictures.append(media.get("url") or media.get("href"))
    return next((picture for picture in pictures if picture), None)
