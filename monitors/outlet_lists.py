"""Lists of outlets: followed outlets → OPML 2.0 that other readers import, and that brings everything back when we do.

Feeds are outlines of type "rss", which is all that other readers know. Whatever else is polled has no `xmlUrl`, so that
they pass it over, and its address and kind in attributes of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from monitors.outlets import SourceKind

NAMESPACE = "urn:rasid:opml"
"""Of our own attributes: what readers of feeds cannot follow, and what OPML has no word for."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One source to be followed. `line` is where it stands in the file, 0 for a row that was never in one.

    `kind` is None when only a home page is given, whose sources have to be found. `homepage`, where it is given, says
    which rows are of one outlet.
    """

    url: str
    kind: SourceKind | None = SourceKind.FEED
    name: str | None = None
    homepage: str | None = None
    language: str | None = None
    country: str | None = None
    time_zone: str | None = None
    folders: tuple[str, ...] = ()
    line: int = 0


def write_opml(rows: Iterable[Row], *, title: str, now: datetime) -> bytes:
    """The file; rows keep their order."""
    return "\n".join(_lines(rows, title, now)).encode()


def _lines(rows: Iterable[Row], title: str, now: datetime) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<opml xmlns:rasid="{NAMESPACE}" version="2.0">'
    yield "  <head>"
    yield f"    <title>{escape(_ILLEGAL.sub('', title))}</title>"
    yield f"    <dateCreated>{format_datetime(now)}</dateCreated>"
    yield "  </head>"
    yield "  <body>"
    for row in rows:
        attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in _attributes(row).items())
        yield f"    <outline {attributes}/>"
    yield "  </body>"
    yield "</opml>\n"


def _attributes(row: Row) -> dict[str, str]:
    name = row.name or row.homepage or row.url
    found = {"text": name, "title": name}
    if row.kind is SourceKind.FEED:
        found |= {"type": "rss", "xmlUrl": row.url}
    elif row.kind is None:
        found |= {"type": "link", "url": row.url}
    else:
        found |= {"rasid:url": row.url, "rasid:kind": row.kind}
    said = {
        "htmlUrl": row.homepage,
        "language": row.language,
        "rasid:country": row.country,
        "rasid:timeZone": row.time_zone,
    }
    return {key: _ILLEGAL.sub("", value) for key, value in (found | said).items() if value}
