"""Meduza: its pages are built by scripts from a JSON interface, and that interface lists what is new.

`https://meduza.io/api/v3/search?chrono=news&locale=ru&page=0&per_page=24` answers with `collection`, the addresses in
order, and `documents`, what is known of each. Written from memory of that interface, not compared with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawler.documents.fields import line_field, link_field, tag_fields, text_field
from crawler.entries import MAX_ENTRIES, Entry, Listing, NotAListing
from crawler.sites.spider import SiteSpider

_HOMEPAGE = "https://meduza.io/"
_PAGE = re.compile(r"(?<=[?&]page=)[0-9]{1,6}(?=&|$)")


class Meduza(SiteSpider):
    name = "meduza"
    hosts = ("meduza.io",)

    def lists(self, url: str) -> bool:
        return urlsplit(url).path == "/api/v3/search"

    def listing(self, body: bytes, *, url: str, content_type: str | None) -> Listing:
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            raise NotAListing("This is not JSON, so it is not Meduza's list of articles.") from None
        if not isinstance(answer, dict) or not isinstance(answer.get("documents"), dict):
            raise NotAListing("This JSON is not Meduza's list of articles: it has no documents.")
        return Listing(
            title="Meduza",
            homepage=_HOMEPAGE,
            language=line_field(parse_qs(urlsplit(url).query).get("locale", [""])[0]),
            ttl_s=None,
            entries=tuple(_entries(answer)),
            older=_next_page(url) if answer.get("has_next") is True else None,
        )


def _entries(answer: dict[str, Any]) -> Iterator[Entry]:
    documents = answer["documents"]
    order = answer.get("collection")
    for path in (order if isinstance(order, list) else list(documents))[:MAX_ENTRIES]:
        document = documents.get(path) if isinstance(path, str) else None
        if isinstance(document, dict) and (title := line_field(_text(document, "title"))):
            yield _entry(path, title, document)


def _entry(path: str, title: str, document: dict[str, Any]) -> Entry:
    tag, image = document.get("tag"), document.get("image")
    return Entry(
        guid=line_field(path),
        url=link_field(_HOMEPAGE, path),
        title=title,
        summary=text_field(_text(document, "second_title")),
        text="",
        author=None,
        published_at=_time(document.get("published_at")),
        image_url=link_field(_HOMEPAGE, _text(image, "elarge_url") or _text(image, "large_url")),
        tags=tag_fields(filter(None, [_text(tag, "name")])),
        modified_at=_time(document.get("modified_at")),
    )


def _text(table: object, name: str) -> str | None:
    value = table.get(name) if isinstance(table, dict) else None
    return value if isinstance(value, str) else None


def _time(seconds: object) -> datetime | None:
    """From seconds since 1970."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < 1 << 32:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _next_page(url: str) -> str | None:
    found = _PAGE.search(url)
    return f"{url[: found.start()]}{int(found[0]) + 1}{url[found.end() :]}" if found else None
