"""Followed outlets → OPML 2.0 that other readers import, and that brings everything back when we do.

Feeds are outlines of type "rss", which is all that other readers know. Whatever else is polled has no `xmlUrl`, so that
they pass it over, and its address and kind in attributes of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from crawler.opml.outlines import NAMESPACE, Row
from monitors.outlets import SourceKind

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write_opml(rows: Iterable[Row], *, title: str, now: datetime) -> bytes:
    """The file; rows keep their order."""
    root = etree.Element("opml", version="2.0", nsmap={"rasid": NAMESPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    for row in rows:
        etree.SubElement(body, "outline", _attributes(row))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _attributes(row: Row) -> dict[str, str]:
    name = row.name or row.homepage or row.url
    found = {"text": name, "title": name}
    if row.kind is SourceKind.FEED:
        found |= {"type": "rss", "xmlUrl": row.url}
    elif row.kind is None:
        found |= {"type": "link", "url": row.url}
    else:
        found |= {f"{{{NAMESPACE}}}url": row.url, f"{{{NAMESPACE}}}kind": row.kind}
    said = {
        "htmlUrl": row.homepage,
        "language": row.language,
        f"{{{NAMESPACE}}}country": row.country,
        f"{{{NAMESPACE}}}timeZone": row.time_zone,
    }
    return {key: _ILLEGAL.sub("", value) for key, value in (found | said).items() if value}
